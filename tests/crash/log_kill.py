#!/usr/bin/env python3
"""log_kill.py TEST-BIN: kill the resident qmail-queue, again and again, while messages pour in.

This script is qmail-send to it, and everybody who submits. Some messages it says are over, some it has moved into
the layout, most it leaves alone. After each kill -9 the next resident must tell of every message that was accepted and is not
over, whole, and of none that it had said was over and had been told is written; and no two messages have one number.
QMAIL_LONG=1 kills a hundred times.
"""
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

KILLS = 100 if os.environ.get("QMAIL_LONG") == "1" else 12
SUBMITTERS = 8
USERS = ["alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails"]
NEW, EARLIER, LIVE, WRITTEN, SYNCED, BODY, PLACED, DRAINED = range(8)
OUTCOME, ENDED, PLACE, MOVED, GET, DRAIN = range(6)


def make_home(home):
    for folder in ("pid", "intd", "todo", "bounce", "lock", "log/segment", "log/spare", "log/damaged"):
        (home / "queue" / folder).mkdir(parents=True)
    for folder in ("mess", "info", "local", "remote"):
        for remainder in range(23):
            (home / "queue" / folder / str(remainder)).mkdir(parents=True)
    os.mkfifo(home / "queue/lock/trigger")
    (home / "run").mkdir()
    (home / "users").mkdir()
    (home / "users/ids").write_text("".join(f"{user}:{os.getuid()}:{os.getgid()}\n" for user in USERS))


def body_of(token):
    return b"Subject: " + token + b"\n\n" + (token + b"\n") * (50 + hash(token) % 400)


class Story:
    """What everybody was told, over all residents."""

    def __init__(self):
        self.lock = threading.Lock()
        self.accepted, self.over, self.surely_over = set(), set(), set()
        self.moved = {}
        self.problems = []
        self.count = 0

    def next_token(self):
        with self.lock:
            self.count += 1
            return b"t%08d" % self.count


class Sender(threading.Thread):
    """qmail-send's end of one resident's life."""

    def __init__(self, story, home, link):
        super().__init__(daemon=True)
        self.story, self.home, self.link = story, home, link
        self.live, self.whole, self.pending = {}, {}, {}
        self.ending = {}  # serial of an order that ends a message -> its number, until the order is written
        self.is_live = threading.Event()
        self.serial = 0

    def order(self, kind, number):
        self.serial += 1
        self.link.send(struct.pack("<BQQ", kind, self.serial, number))
        return self.serial

    def run(self):
        try:
            while True:
                packet, descriptors, _, _ = socket.recv_fds(self.link, 1 << 17, 1)
                if not packet:
                    return
                self.take(packet, descriptors)
        except OSError:
            return

    def take(self, packet, descriptors):
        kind, rest = packet[0], packet[1:]
        if kind == NEW:
            number, _, _, _, _, replayed = struct.unpack_from("<QqQIQB", rest)
            token = rest[struct.calcsize("<QqQIQB"):].split(b"\0")[0][1:].split(b"@")[0]
            if number in self.live:
                self.story.problems.append(f"number {number} twice")
            if number in self.ending.values():
                self.story.problems.append(f"number {number} again before its message's end was told to be written")
            self.live[number] = token
            if replayed:
                self.order(GET, number)
            else:
                self.deal_with(number, token)
        elif kind == LIVE:
            self.is_live.set()
        elif kind == BODY:
            number = struct.unpack("<Q", rest)[0]
            self.whole[number] = os.pread(descriptors[0], 1 << 20, 0) if descriptors else b""
        elif kind in (WRITTEN, SYNCED):
            serial = struct.unpack("<Q", rest)[0]
            self.ending = {s: number for s, number in self.ending.items() if s > serial}
            for done in [s for s in self.pending if s <= serial]:
                with self.story.lock:
                    self.story.surely_over.add(self.pending.pop(done))
        elif kind == PLACED:
            self.placed(*struct.unpack("<QI", rest))
        for descriptor in descriptors:
            os.close(descriptor)

    def deal_with(self, number, token):
        chance = random.random()
        if chance < 0.6:
            with self.story.lock:
                self.story.over.add(token)
            del self.live[number]
            serial = self.order(ENDED, number)
            self.pending[serial], self.ending[serial] = token, number
        elif chance < 0.7:
            self.order(PLACE, number)

    def placed(self, number, error):
        token = self.live.get(number)
        mess = self.home / f"queue/mess/{number % 23}/{number}"
        if error or token is None:
            self.story.problems.append(f"placing failed: {error}")
            return
        if not mess.read_bytes().endswith(body_of(token)) or mess.stat().st_ino != number:
            self.story.problems.append(f"{mess} is not the message")
        (self.home / f"queue/info/{number % 23}/{number}").write_bytes(b"F\0")
        with self.story.lock:
            self.story.over.add(token)
            self.story.moved[number] = token
        del self.live[number]
        self.pending[self.order(MOVED, number)] = token


def submit_for_ever(story, home, stop):
    while not stop.is_set():
        token = story.next_token()
        body = body_of(token)
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(home / "run/queue"))
                connection.sendall(struct.pack("<I", len(body)) + body + struct.pack("<I", 0) +
                                   b"F" + token + b"@here.example\0Tyou@there.example\0\0")
                answer = connection.recv(64)
        except OSError:
            time.sleep(0.01)
            continue
        if answer[:1] == b"\0" and answer.endswith(b"\n"):
            with story.lock:
                story.accepted.add(token)


def start(test_bin, home):
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment = {"QMAIL_TEST_HOME": str(home)}
    process = subprocess.Popen([f"{test_bin}/qmail-queue", "--resident"], stdin=its, stderr=subprocess.PIPE,
                               env=environment)
    its.close()
    return process, ours


def classic(home):
    """What was handed over to a classic qmail-queue: it is in todo."""
    return {name.read_bytes().split(b"\0F")[1].split(b"@")[0] for name in (home / "queue/todo").iterdir()}


def check(story, home, sender):
    if not sender.is_live.wait(20):
        return ["the next resident did not start"]
    deadline = time.time() + 20
    expected = dict(sender.live)
    while any(number not in sender.whole for number in expected) and time.time() < deadline:
        time.sleep(0.01)
    problems = []
    found = set()
    for number, token in expected.items():
        if token in found:
            problems.append(f"{token} is there twice")
        found.add(token)
        if not sender.whole.get(number, b"").endswith(body_of(token)):
            problems.append(f"{token} is not whole")
        if number in story.moved and story.moved[number] != token:
            problems.append(f"{token} has the number of a moved message")
    with story.lock:
        missing = story.accepted - story.over - found - classic(home)
        back = found & story.surely_over
    return problems + [f"{token} is lost" for token in missing] + [f"{token} came back" for token in back]


def live_once(test_bin, story, home, seconds):
    process, link = start(test_bin, home)
    sender = Sender(story, home, link)
    sender.start()
    story.problems += check(story, home, sender)
    # What has info belongs to the layout.
    for number, token in list(sender.live.items()):
        if story.moved.get(number) == token or random.random() < 0.3:
            with story.lock:
                story.over.add(token)
            del sender.live[number]
            sender.pending[sender.order(MOVED if number in story.moved else ENDED, number)] = token
    stop = threading.Event()
    submitters = [threading.Thread(target=submit_for_ever, args=(story, home, stop)) for _ in range(SUBMITTERS)]
    for submitter in submitters:
        submitter.start()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    stop.set()
    for submitter in submitters:
        submitter.join()
    sender.join(5)
    alerts = process.stderr.read().decode()
    if "damaged" in alerts:
        story.problems.append(alerts)


def main(test_bin):
    story = Story()
    with tempfile.TemporaryDirectory(prefix="log-kill.") as folder:
        home = Path(folder)
        make_home(home)
        for _ in range(KILLS):
            live_once(test_bin, story, home, random.uniform(0.2, 1.0))
            if story.problems:
                break
        spares = {name.name for name in (home / "queue/log/spare").iterdir()}
    print(f"{KILLS} kills, {len(story.accepted)} messages accepted, {len(story.surely_over)} over, "
          f"{len(story.moved)} moved, {len(spares)} spares")
    print("\n".join(story.problems[:20]) or "0 lost, 0 partial")
    return 1 if story.problems or not story.accepted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
