#!/usr/bin/env python3
"""inetd.py TEST-BIN TEST: one test of tcp-env and what it runs, started as inetd does: the connection is descriptors 0, 1 and 2.

Of names nothing is expected: they are those of the machine's name server, if it has one."""
import contextlib
import poplib
import re
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from pop3_box import PASSWORD, USER, Mailbox  # noqa: E402
from tcp_peer import PATIENCE, read_all  # noqa: E402

BIN = Path(sys.argv[1])
QUEUE = """#!/bin/sh
cat >"$QUEUE_TMP/message"
cat <&1 >"$QUEUE_TMP/envelope"
"""


class Inetd:
    """Starts the program for one client after the other; a context manager."""

    def __init__(self, *program, address="127.0.0.1", error=None, env=None):
        self.program, self.error, self.codes = program, error, []
        self.env = {"PATH": f"{BIN}:/usr/bin:/bin", "QMAIL_TEST_HOME": "/", "TCPREMOTEHOST": "stale", "TCPREMOTEINFO": "stale", **(env or {})}
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.create_server((address, 0), family=family, dualstack_ipv6=address == "::")
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with connection:
                    program = subprocess.Popen([BIN / "tcp-env", *self.program], stdin=connection, stdout=connection,
                                               stderr=self.error or connection, env=self.env)
                self.codes.append(program.wait(PATIENCE))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(2 * PATIENCE)
        assert not self.thread.is_alive()

    def talk(self, address="127.0.0.1"):
        """What the client hears until the end, and its port."""
        with socket.create_connection((address, self.port), PATIENCE) as client:
            port = client.getsockname()[1]
            return read_all(client).decode(), port


def described(listening, connecting, remote):
    with Inetd("-R", "env", address=listening) as inetd:
        text, port = inetd.talk(connecting)
    seen = dict(line.split("=", 1) for line in text.splitlines())
    expected = {"PROTO": "TCP", "TCPLOCALIP": remote, "TCPLOCALPORT": str(inetd.port), "TCPREMOTEIP": remote, "TCPREMOTEPORT": str(port)}
    assert expected.items() <= seen.items(), seen
    assert seen.get("TCPREMOTEHOST") != "stale" and "TCPREMOTEINFO" not in seen, seen
    assert inetd.codes == [0]


def test_environment_is_that_of_the_connection():
    described("127.0.0.1", "127.0.0.1", "127.0.0.1")


def test_environment_of_both_families_at_one_socket():
    if not socket.has_dualstack_ipv6():
        sys.exit(77)
    described("::", "::1", "::1")
    described("::", "127.0.0.1", "127.0.0.1")


def test_the_program_has_the_connection_and_nothing_else():
    script = "import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1], [os.path.sameopenfile(0, n) for n in (1, 2)], flush=True); input()"
    with Inetd(sys.executable, "-c", script) as inetd, socket.create_connection(("127.0.0.1", inetd.port), PATIENCE) as client:
        assert client.makefile("rb").readline() == b"[0, 1, 2] [True, True]\n"
        client.sendall(b"\n")
    assert inetd.codes == [0]


def test_the_exit_code_is_the_programs():
    with Inetd("sh", "-c", "exit 7") as inetd:
        assert inetd.talk()[0] == ""
    assert inetd.codes == [7]


def test_a_client_hears_of_no_failure():
    with Inetd("/nonexistent") as inetd:
        assert inetd.talk()[0] == ""
    assert inetd.codes == [111]


def test_a_failure_is_told_where_the_client_is_not():
    with tempfile.TemporaryFile() as log:
        with Inetd("/nonexistent", error=log) as inetd:
            assert inetd.talk()[0] == ""
        log.seek(0)
        assert log.read() == b"tcp-env: fatal: unable to run /nonexistent: file does not exist\n"
    assert inetd.codes == [111]


def test_mail():
    """A whole message, from a real client to qmail-smtpd."""
    with tempfile.TemporaryDirectory(prefix="inetd.") as name:
        home = Path(name)
        (home / "control").mkdir()
        for control in ("me", "rcpthosts"):
            (home / "control" / control).write_text("mx.example\n")
        queue = home / "queue-it"
        queue.write_text(QUEUE)
        queue.chmod(0o755)
        env = {"QMAIL_TEST_HOME": name, "QMAILQUEUE": str(queue), "QUEUE_TMP": name}
        with Inetd("-R", BIN / "qmail-smtpd", env=env) as inetd, smtplib.SMTP("127.0.0.1", inetd.port, "client.example", PATIENCE) as client:
            client.sendmail("joe@x.example", ["me@mx.example"], "Subject: x\n\nbody\n")
        assert inetd.codes == [0]
        assert (home / "envelope").read_bytes() == b"Fjoe@x.example\0Tme@mx.example\0\0"
        assert re.match(rb"Received: from .*\(127\.0\.0\.1\)\n  by ", (home / "message").read_bytes())


def test_pop3():
    """A whole session, from a real client to qmail-pop3d."""
    with Mailbox(BIN) as box:
        box.add(b"Subject: x\n\nbody\n")
        program = ("-R", "qmail-popup", "mx.example", box.checker, BIN / "qmail-pop3d", "Maildir")
        with Inetd(*program, env=box.environment) as inetd:
            client = poplib.POP3("127.0.0.1", inetd.port, PATIENCE)
            client.user(USER)
            client.pass_(PASSWORD)
            assert client.retr(1)[1] == [b"Subject: x", b"", b"body", b""]
            client.dele(1)
            client.quit()
        assert box.names("new") == box.names("cur") == []


if __name__ == "__main__":
    globals()[sys.argv[2]]()
