#!/usr/bin/env python3
"""strace_kill.py TEST-BIN CLASSIFY-QUEUE: kill the real qmail-queue at every system call that changes the disk.

strace delivers SIGKILL on entry to the first, second, third ... openat, write, fsync, link and unlink, until the
program comes to its end; once with files that have no name until they are complete, once without. Whatever the
moment, every message is in a legal state, one that is queued is whole, and one that was accepted is queued.
Then the same with a call that fails: qmail-queue refuses with one of its exit codes and queues nothing.
"""
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

CALLS = ["openat", "write", "fsync", "linkat", "unlinkat"]
ERRORS = {"openat": "EMFILE", "write": "ENOSPC", "fsync": "EIO", "linkat": "ENOSPC", "unlinkat": "EIO"}
USERS = ["alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails"]
MESSAGE = b"Subject: killed\n\n" + b"x" * 200000 + b"\n"
ENVELOPE = b"Fme@here.example\0Tyou@there.example\0\0"
# Exit codes that keep the message with its sender, 61 to 66 and 53, 54; 111 is what it says without users/ids.
REFUSALS = {53, 54, 61, 62, 63, 64, 65, 66, 111}
# In memory where that is possible: what a kill leaves does not depend on the filesystem.
SCRATCH = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# Without this probe's success qmail-queue gives its files a name before it fills them.
WAYS = {"unnamed": [], "named": ["-e", "inject=faccessat2:error=ENOENT"]}


def make_home(home):
    for folder in ("pid", "intd", "todo", "bounce", "lock"):
        (home / "queue" / folder).mkdir(parents=True)
    for folder in ("mess", "info", "local", "remote"):
        for remainder in range(23):
            (home / "queue" / folder / str(remainder)).mkdir(parents=True)
    (home / "users").mkdir()
    (home / "users/ids").write_text("".join(f"{user}:4000000:4000000\n" for user in USERS))
    (home / "message").write_bytes(MESSAGE)
    (home / "envelope").write_bytes(ENVELOPE)


class Run:
    """One qmail-queue under strace, in a home of its own, and what it left there."""

    def __init__(self, tools, way, injection):
        self.found = []
        with tempfile.TemporaryDirectory(prefix="strace.", dir=SCRATCH) as folder:
            home = Path(folder)
            make_home(home)
            self.code = self.queue_message(home, tools[0], [*WAYS[way], "-e", injection])
            self.queued = self.look(home, tools[1])
        if self.code == 0 and self.queued != 1:
            self.found.append(f"accepted, but {self.queued} queued")

    @staticmethod
    def queue_message(home, test_bin, options):
        command = ["strace", "-f", "-o", "/dev/null", "-e", "trace=" + ",".join([*CALLS, "faccessat2"]), *options,
                   f"{test_bin}/qmail-queue"]
        # Descriptor 1 is one that qmail-queue reads.
        with open(home / "message", "rb") as message, open(home / "envelope", "rb") as envelope:
            return subprocess.run(command, stdin=message, stdout=envelope, timeout=20,
                                  env={"PATH": "/usr/bin:/bin", "QMAIL_TEST_HOME": str(home)}).returncode

    def look(self, home, classify_queue):
        """How many messages are queued; what is wrong with any goes to `found`."""
        told = subprocess.run([classify_queue, str(home)], capture_output=True, text=True, timeout=20)
        if told.returncode != 0:
            self.found.append("illegal state: " + told.stdout + told.stderr)
        numbers = [line.split()[0] for line in told.stdout.splitlines() if line.endswith(" S4")]
        for number in numbers:
            mess = (home / "queue/mess" / str(int(number) % 23) / number).read_bytes()
            todo = (home / "queue/todo" / number).read_bytes()
            if not mess.startswith(b"Received: (qmail ") or not mess.endswith(b"\n" + MESSAGE):
                self.found.append("the message is not whole")
            if not todo.endswith(b"\0" + ENVELOPE[:-1]):
                self.found.append("the envelope is not whole")
        return len(numbers)


def every_call(tools, way, call):
    """Kills at, then fails, the first, second ... `call`, until there is none left to reach."""
    found, kills = [], 0
    for when in range(1, 100):
        run = Run(tools, way, f"inject={call}:signal=KILL:when={when}")
        found += [f"{way}: killed at {call} {when}: {what}" for what in run.found]
        if run.code == 0:
            break
        if run.code != -signal.SIGKILL:
            found.append(f"{way}: killed at {call} {when}: exit code {run.code}")
            break
        kills += 1
        run = Run(tools, way, f"inject={call}:error={ERRORS[call]}:when={when}")
        found += [f"{way}: {call} {when} fails: {what}" for what in run.found]
        if run.code != 0 and (run.code not in REFUSALS or run.queued):
            found.append(f"{way}: {call} {when} fails: exit code {run.code}, {run.queued} queued")
    return found, kills


def main():
    tools = sys.argv[1:3]
    found, kills = [], 0
    for way in WAYS:
        for call in CALLS:
            found_here, kills_here = every_call(tools, way, call)
            found += found_here
            kills += kills_here
    # Each way makes, writes, syncs and names two files at least.
    if kills < 16:
        found.append(f"only {kills} kills: strace does not do its work here")
    print(*found, f"killed {kills} times", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
