#!/usr/bin/env python3
"""limits.py TEST-BIN TEST: one test of POP3 with much in the maildir, of how long it waits, and of what it forgets."""
import contextlib
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from pop3_box import NOBODY, PASSWORD, USER, Mailbox  # noqa: E402
from tls import children_of  # noqa: E402

BIN = sys.argv[1]
MEGABYTE = 1 << 20
PATIENCE = 200
SKIPPED = 77
LOGIN = f"USER {USER}\r\nPASS {PASSWORD}\r\n".encode()


class Session:
    """qmail-pop3d on two pipes."""

    def __init__(self, box, front=()):
        self.process = subprocess.Popen([*front, box.bin / "qmail-pop3d", "Maildir"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=box.user_home,
                                        env=box.environment, **NOBODY)
        assert self.line() == b"+OK \r\n"

    def line(self):
        return self.process.stdout.readline()

    def ask(self, request):
        self.process.stdin.write(request + b"\r\n")
        self.process.stdin.flush()
        return self.line()

    def rest(self):
        """The lines up to the dot."""
        lines = 0
        while self.line() != b".\r\n":
            lines += 1
        return lines

    def most_memory(self):
        return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())[1]) * 1024

    def quit(self):
        assert self.ask(b"QUIT") == b"+OK \r\n"
        assert self.process.wait(PATIENCE) == 0


def test_a_hundred_thousand_messages():
    count = 100_000
    with Mailbox(BIN) as box:
        for number in range(count):
            path = box.maildir / "new" / f"1700000000.M262144P1635Q{number}.relay.example"
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            os.utime(path, (1_000_000_000, 1_000_000_000 + number))
        box.own()
        session = Session(box)
        assert session.ask(b"STAT") == b"+OK %d 0\r\n" % count
        for command in (b"LIST", b"UIDL"):
            assert session.ask(command) == b"+OK \r\n" and session.rest() == count
        assert session.ask(b"UIDL 77777") == b"+OK 77777 1700000000.M262144P1635Q77776.relay.example\r\n"
        # No more at once than the pipes hold.
        for first in range(1, count, 1000):
            session.process.stdin.write(b"".join(b"DELE %d\r\n" % number for number in range(first, first + 1000, 2)))
            session.process.stdin.flush()
            for _ in range(500):
                assert session.line() == b"+OK \r\n"
        assert session.ask(b"LAST") == b"+OK %d\r\n" % (count - 1)
        print(f"memory.pop3d-100000 {session.most_memory() // 1024} KB")
        assert session.most_memory() < 64 * MEGABYTE
        session.quit()
        assert len(box.names("cur")) == count // 2 and not box.names("new")


def test_a_message_of_four_gigabytes():
    """One line of it, in fact; its size is told, all of it comes, and memory does not grow."""
    size = (1 << 32) + 12345
    with Mailbox(BIN) as box:
        box.add(b"Subject: large\n\n")
        path = box.maildir / "new/1.M1P2Q3.host"
        os.truncate(path, size)
        os.utime(path, (1_000_000_000, 1_000_000_000))
        session = Session(box)
        assert session.ask(b"LIST 1") == b"+OK 1 %d\r\n" % size
        assert session.ask(b"TOP 1 0") == b"+OK \r\n" and session.rest() == 3
        assert session.ask(b"RETR 1") == b"+OK \r\n"
        assert session.line() == b"Subject: large\r\n" and session.line() == b"\r\n"
        left = size - len(b"Subject: large\n\n")
        while left:
            left -= len(session.process.stdout.read(min(left, MEGABYTE)))
        assert session.line() == b"\r\n" and session.rest() == 1
        assert session.most_memory() < 16 * MEGABYTE
        session.quit()


def test_it_waits_for_twenty_minutes():
    """What it asks the system for when it waits."""
    with Mailbox(BIN) as box:
        trace = box.user_home / "trace"
        session = Session(box, front=["strace", "-o", trace, "-e", "trace=poll,ppoll"])
        session.ask(b"NOOP")
        session.quit()
        assert "1200000) = 1" in trace.read_text() or "{tv_sec=1200" in trace.read_text(), trace.read_text()


def test_a_client_that_takes_nothing_is_gone_some_day():
    """The same for what it writes."""
    with Mailbox(BIN) as box:
        box.add(bytes(MEGABYTE))
        trace = box.user_home / "trace"
        session = Session(box, front=["strace", "-o", trace, "-e", "trace=poll,ppoll"])
        session.process.stdin.write(b"RETR 1\r\n")
        session.process.stdin.flush()
        while "POLLOUT" not in (trace.read_text() if trace.exists() else ""):
            assert session.process.poll() is None
        waits = re.findall(r"POLLOUT.*?(1200000|tv_sec=1200)", trace.read_text())
        assert waits, trace.read_text()
        session.process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            session.process.stdin.close()
        assert session.process.wait(PATIENCE) == 0


def test_no_password_stays_in_memory():
    with Mailbox(BIN) as box:
        listener = box.listen()
        for login in (LOGIN, b"NOOP\r\n" + LOGIN):
            with listener.connect() as client:
                lines = client.makefile("rb")
                client.sendall(login + b"STAT\r\n")
                while not lines.readline().startswith(b"+OK 0 "):
                    pass
                [popup] = listener.programs()
                assert children_of(popup)
                try:
                    memory = memory_of(popup)
                except PermissionError:
                    sys.exit(SKIPPED)
                assert b"mx.example" in memory and PASSWORD.encode() not in memory


def memory_of(pid):
    """All that it can write to."""
    found = b""
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            start, end, rights = re.match(r"(\w+)-(\w+) (\S+)", line).groups()
            size = int(end, 16) - int(start, 16)
            if not rights.startswith("rw") or size > 1 << 28:
                continue
            memory.seek(int(start, 16))
            found += memory.read(size)
    return found


if __name__ == "__main__":
    globals()[sys.argv[2]]()
