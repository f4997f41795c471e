"""The resident qmail-queue between its clients and a qmail-send that a test plays. docs/internals/queue.md."""
import os
import select
import socket
import struct
import subprocess
import time
from pathlib import Path

USERS = ["alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails"]
NEW, EARLIER, LIVE, WRITTEN, SYNCED, BODY, PLACED, DRAINED = range(8)
OUTCOME, ENDED, PLACE, MOVED, GET, DRAIN = range(6)
ENVELOPE = b"Fme@here.example\0Tyou@there.example\0"


def make_home(home, test_bin):
    for folder in ("pid", "intd", "todo", "bounce", "lock", "log/segment", "log/spare", "log/damaged"):
        (home / "queue" / folder).mkdir(parents=True)
    for folder in ("mess", "info", "local", "remote"):
        for remainder in range(23):
            (home / "queue" / folder / str(remainder)).mkdir(parents=True)
    (home / "queue/lock/logmutex").touch()
    os.mkfifo(home / "queue/lock/trigger")
    for folder in ("run", "users", "control"):
        (home / folder).mkdir()
    (home / "users/ids").write_text("".join(f"{user}:{os.getuid()}:{os.getgid()}\n" for user in USERS))
    (home / "control/me").write_text("here.example\n")
    (home / "bin").symlink_to(test_bin)


def mess_name(number):
    return f"queue/mess/{number % 23}/{number}"


def submit(home, message, envelope=ENVELOPE + b"\0"):
    """What a client gets: (code, qp); (74, 0) if the connection is lost, None if nobody listens."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(home / "run/queue"))
        except OSError:
            return None
        answer = b""
        try:
            chunk = struct.pack("<I", len(message)) + message if message else b""
            client.sendall(chunk + bytes(4) + envelope)
            while piece := client.recv(100):
                answer += piece
        except OSError:
            pass
        return (answer[0], int(answer[1:])) if answer.endswith(b"\n") else (74, 0)


class Message:
    def __init__(self, packet, body):
        self.id, self.birth, self.qp, self.uid, self.size, self.replayed = struct.unpack_from("<QqQIQ?", packet, 1)
        self.envelope = packet[1 + struct.calcsize("<QqQIQ?"):]
        self.body = body
        self.earlier = []


class Resident:
    """One run of `qmail-queue --resident`, and the other end of its descriptor 0."""

    def __init__(self, home, test_bin, wrapper=()):
        self.home, self.serial = home, 0
        self.messages, self.placed, self.told = {}, {}, []
        self.written = self.synced = 0
        self.link, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.log = open(home / "log", "ab")
        self.process = subprocess.Popen([*wrapper, f"{test_bin}/qmail-queue", "--resident"], stdin=other,
                                        stdout=self.log, stderr=self.log,
                                        env={"PATH": "/usr/bin:/bin", "QMAIL_TEST_HOME": str(home)})
        other.close()

    def order(self, kind, number=0, *, index=0, how=b"K", text=b""):
        self.serial += 1
        packet = struct.pack("<BQ", kind, self.serial)
        if kind != DRAIN:
            packet += struct.pack("<Q", number)
        if kind == OUTCOME:
            packet += struct.pack("<I", index) + how + text
        self.link.send(packet)
        return self.serial

    def take(self, seconds=0.0):
        """Takes one packet, waiting for it at most so long; False if there was none, None at the end."""
        if not select.select([self.link], [], [], seconds)[0]:
            return False
        try:
            packet, fds, _, _ = socket.recv_fds(self.link, 1 << 18, 4)
        except ConnectionError:
            return None
        if not packet:
            return None
        body = None
        for fd in fds:
            body = os.pread(fd, 1 << 20, 0)
            os.close(fd)
        self.understand(packet, body)
        return True

    def understand(self, packet, body):
        kind = packet[0]
        self.told.append(kind)
        if kind == NEW:
            message = Message(packet, body)
            self.messages[message.id] = message
        elif kind == EARLIER:
            number, index = struct.unpack_from("<QI", packet, 1)
            self.messages[number].earlier.append((index, packet[13:14], packet[14:]))
        elif kind == WRITTEN:
            self.written, = struct.unpack_from("<Q", packet, 1)
        elif kind == SYNCED:
            self.synced, = struct.unpack_from("<Q", packet, 1)
        elif kind == BODY:
            self.messages[struct.unpack_from("<Q", packet, 1)[0]].body = body
        elif kind == PLACED:
            number, error = struct.unpack_from("<QI", packet, 1)
            self.placed[number] = error

    def wait(self, condition, seconds=20):
        """Takes packets until condition() is true."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"nothing more after {self.told[-5:]}; log: {self.log_text()}"
            if self.take(0.05) is None:
                assert condition(), f"the end came first; log: {self.log_text()}"

    def wait_for_socket(self):
        self.wait(lambda: (self.home / "run/queue").exists() and submit_ready(self.home))

    def log_text(self):
        return (self.home / "log").read_text()

    def mover(self):
        """Its pid."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def kill(self):
        self.process.kill()
        self.close()

    def close(self):
        """The end of qmail-send, as qmail-queue sees it; its exit code."""
        self.link.close()
        self.log.close()
        return self.process.wait(30)


def submit_ready(home):
    """Somebody listens."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(home / "run/queue")) == 0
