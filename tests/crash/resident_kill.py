#!/usr/bin/env python3
"""resident_kill.py TEST-BIN: kill the resident qmail-queue, or its mover, at every system call that counts.

strace delivers SIGKILL on entry to the first, second, third ... of a call, while clients submit messages and a
qmail-send played here ends some and has others moved. Then it is started again, without strace. Every message that
was accepted and not ended must be in the log or in the layout, once and whole; so must one whose answer was lost,
or not at all. After that the same with kills at random moments. What is acknowledged and what is found is compared
by the messages' bodies, of which no two are equal. QMAIL_LONG=1 leaves no call out.
"""
import os
import random
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from resident import *  # noqa: E402,F403

CALLS = ["accept4", "recvfrom", "pwritev", "fdatasync", "fsync", "sendto", "sendmsg", "recvmsg", "memfd_create", "linkat",
         "unlinkat", "openat", "write"]
CLIENTS, MESSAGES = 3, 8
LONG = os.environ.get("QMAIL_LONG") == "1"
ROUNDS = 100 if LONG else 6
# In memory where that is possible: what a kill leaves does not depend on the filesystem.
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Trial:
    """A resident that is killed at some point, and what became of the messages."""

    def __init__(self, test_bin, home):
        self.test_bin, self.home = test_bin, home
        self.accepted, self.tried, self.ended, self.found = set(), set(), set(), []
        self.pool = 0

    def client(self, resident):
        while resident.process.poll() is None and self.pool < CLIENTS * MESSAGES:
            self.pool += 1
            body = b"message %d %d\n" % (self.pool, random.getrandbits(64))
            self.tried.add(body)
            answer = submit(self.home, body)
            if answer and answer[0] == 0:
                self.accepted.add(body)

    def serve(self, resident):
        """qmail-send: a third of all messages end, a third moves."""
        handled = set()
        try:
            while resident.take(0.1) is not None:
                for number, message in list(resident.messages.items()):
                    if message.qp in handled:
                        continue
                    handled.add(message.qp)
                    body = (message.body or b"").partition(b"-0000\n")[2]
                    if len(handled) % 3 == 0 and body:
                        self.ended.add(body)
                        resident.order(ENDED, number)
                    elif len(handled) % 3 == 1:
                        resident.order(PLACE, number)
        except OSError:
            pass

    def run(self, wrapper=(), until=None):
        """True if it was killed before all was done."""
        resident = Resident(self.home, self.test_bin, wrapper)
        end = time.monotonic() + 10
        while not (self.home / "run/queue").exists() and resident.process.poll() is None and time.monotonic() < end:
            resident.take(0.05)
        workers = [threading.Thread(target=self.client, args=(resident,)) for _ in range(CLIENTS)]
        send = threading.Thread(target=self.serve, args=(resident,))
        for worker in [*workers, send]:
            worker.start()
        if until:
            until(resident)
        for worker in workers:
            worker.join(30)
        time.sleep(0.1)
        killed = resident.process.poll() is not None
        if not killed:
            resident.link.shutdown(socket.SHUT_RDWR)
        send.join(10)
        resident.close()
        return killed

    def check(self):
        resident = Resident(self.home, self.test_bin)
        resident.wait(lambda: LIVE in resident.told, 60)
        bodies = []
        for number in list(resident.messages):
            resident.order(GET, number)
            resident.wait(lambda: resident.messages[number].body is not None)
            bodies.append(resident.messages[number].body)
        for number in map(int, os.listdir(self.home / "queue/todo")):
            bodies.append((self.home / mess_name(number)).read_bytes())
        resident.close()
        bodies = [body.partition(b"-0000\n")[2] for body in bodies]
        if len(set(bodies)) != len(bodies):
            self.found.append("a message is there twice")
        if lost := self.accepted - self.ended - set(bodies):
            self.found.append(f"{len(lost)} accepted messages are lost")
        if strange := set(bodies) - self.tried:
            self.found.append(f"{len(strange)} messages are not as they were sent")


def trial(test_bin, what, *arguments, **kw):
    with tempfile.TemporaryDirectory(prefix="resident.", dir=SCRATCH, ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        make_home(home, test_bin)
        one = Trial(test_bin, home)
        killed = one.run(*arguments, **kw)
        one.check()
        return killed, [f"{what}: {problem}" for problem in one.found]


def every_call(test_bin):
    """Of each call the first, second, fourth ...; or every one."""
    found, kills = [], 0
    for call in CALLS:
        when, killed = 1, True
        while killed and when < 400:
            wrapper = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                       f"inject={call}:signal=KILL:when={when}"]
            killed, problems = trial(test_bin, f"killed at {call} {when}", wrapper)
            found += problems
            kills += killed
            when += 1 if LONG else when
    return found, kills


def at_random(test_bin):
    found = []
    for number in range(ROUNDS):
        def until(resident):
            time.sleep(random.random() * 0.2)
            if number % 3 == 0:
                try:
                    os.kill(resident.mover(), 9)
                except (OSError, IndexError):
                    pass
            else:
                resident.process.kill()
        found += trial(test_bin, f"killed at random, round {number}", until=until)[1]
    return found


def main():
    test_bin = sys.argv[1]
    found, kills = every_call(test_bin)
    found += at_random(test_bin)
    if kills < 20:
        found.append(f"only {kills} kills: strace does not do its work here")
    print(*found, f"killed {kills} times at a call, {ROUNDS} times at random", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
