"""A tcpserver in front of qmail-smtpd, for tests."""
import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

import serve
from serve import BIN, Server, children_of, read, wait_until

OPTIONS = ("-v", "-HRlmx.example")
ME = "mx.example"
CHAIN = ("rblsmtpd", "qmail-smtpd")
LET_IN = {"RBLSMTPD": ""}
REFUSED = {"RBLSMTPD": "-go away"}
CLEAN = ("HELO x", "QUIT")
MAIL = ("EHLO x", "MAIL FROM:<a@b>", f"RCPT TO:<c@{ME}>", "RSET", "QUIT")
SERVED = ["220 mx.example ESMTP", "250 mx.example", "221 mx.example"]


class Mail(Server):
    """tcpserver with qmail-smtpd beside it, in a home of its own."""

    def __init__(self, *options, program=None, folder=None, env=None, **more):
        self.connections = 0
        self.home = Path(tempfile.mkdtemp(prefix="residents."))
        folder = folder or BIN
        for name in ("control", "queue"):
            (self.home / name).mkdir()
        (self.home / "bin").symlink_to(BIN)
        self.control("me", ME)
        self.control("rcpthosts", ME)
        serve.BIN = folder
        # A file, for a log that nobody reads meanwhile must not stop the server.
        self.log_file = tempfile.TemporaryFile("w+")
        super().__init__(*OPTIONS, *options, program=program or (folder / "qmail-smtpd",),
                         env={"QMAIL_TEST_HOME": str(self.home), **(env or {})}, stderr=self.log_file, **more)
        serve.BIN = BIN

    def __exit__(self, *args):
        super().__exit__(*args)
        self.log_file.seek(0)
        self.log = self.log_file.read()
        shutil.rmtree(self.home)

    def control(self, name, text):
        (self.home / "control" / name).write_text(text + "\n")

    def session(self, *requests):
        """The replies to a whole session, once the server knows that it is over."""
        replies = self.overlapping_session(*requests)
        self.settle()
        return replies

    def connect(self, *args):
        self.connections += 1
        return super().connect(*args)

    def settle(self):
        """Waits until the server has told the end of every session."""
        wait_until(lambda: self.log_now().count("tcpserver: end ") == self.connections, "the end of all sessions")

    def log_now(self):
        return os.pread(self.log_file.fileno(), os.fstat(self.log_file.fileno()).st_size, 0).decode()

    def overlapping_session(self, *requests):
        with self.connect() as client:
            client.sendall("".join(f"{line}\r\n" for line in requests).encode())
            return read(client).splitlines()

    def rcpt_code(self, recipient):
        return self.session("HELO x", "MAIL FROM:<>", f"RCPT TO:<{recipient}>", "QUIT")[3][:3]

    def zygotes(self, program=""):
        return [pid for pid in children_of(self.process.pid) if f"{program}\0--resident".encode() in command_of(pid)]

    def workers(self, program=""):
        return [worker for zygote in self.zygotes(program) for worker in children_of(zygote)]

    def pids(self):
        return re.findall(r"tcpserver: ok (\d+) ", self.log)

    def ends(self):
        return re.findall(r"tcpserver: end (\d+) status (\d+)", self.log or self.log_now())


def command_of(pid):
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@contextlib.contextmanager
def own_folder():
    """One with programs of its own, to be replaced."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for program in ("tcpserver", "qmail-smtpd", "rblsmtpd"):
            shutil.copy(BIN / program, folder)
        yield folder
