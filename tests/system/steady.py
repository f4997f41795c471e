#!/usr/bin/env python3
"""What a message costs once everything runs: system calls, counted by strace in every process of the system."""
import collections
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import PATIENCE, run, wait_for_port, wait_until  # noqa: E402
from scenario import main  # noqa: E402

TOOLS = Path(os.environ.get("QMAIL_BUILD", "/")) / "tests/bench/tools"
TRACE = Path("/tmp/trace")
MESSAGES = 200
SESSIONS = 5
# Workers retire, by control/sessionsperprocess after a hundred sessions: a fork then is no fork per message.
MOST_FORKS = MESSAGES // 10

FORKS = {"fork", "vfork", "clone", "clone3"}
STARTS = {"execve", "execveat"}
SYNCS = {"fsync", "fdatasync", "syncfs", "sync", "sync_file_range", "msync"}
NAMES = {"creat", "unlink", "unlinkat", "rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat",
         "mkdir", "mkdirat", "rmdir", "mknod", "mknodat"}


def descendants(pid):
    found = [pid]
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += descendants(int(child))
    return found


def is_traced(pid):
    try:
        return "TracerPid:\t0\n" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True  # it ended meanwhile


def changes_a_name(name, line):
    return name in NAMES or (name in ("open", "openat", "openat2") and re.search(r"O_CREAT|O_TMPFILE", line) is not None)


class Trace:
    """System calls of all processes below `pid`, children that they make included, while the block runs."""

    def __init__(self, pid):
        self.pid = pid
        self.calls = collections.Counter()
        self.starts = collections.Counter()  # programs
        self.names = []  # calls that make or remove one, but in a home

    def __enter__(self):
        processes = descendants(self.pid)
        arguments = [word for pid in processes for word in ("-p", str(pid))]
        self.strace = subprocess.Popen(["strace", "-f", "-y", "-qq", "-s", "64", "-o", str(TRACE), *arguments],
                                       stdin=subprocess.DEVNULL)
        wait_until(lambda: all(map(is_traced, processes)))
        return self

    def __exit__(self, *_):
        self.strace.send_signal(signal.SIGINT)
        self.strace.wait(PATIENCE)
        for line in TRACE.read_text(errors="replace").splitlines():
            found = re.match(r"\d+ +(\w+)\(", line)
            if not found:
                continue
            self.calls[found[1]] += 1
            if found[1] in STARTS:
                self.starts[line.partition("(")[2].partition(",")[0]] += 1
            if changes_a_name(found[1], line) and "/home/" not in line:
                self.names.append(line)

    def of(self, names):
        return sum(self.calls[name] for name in names)

    def tell(self, title):
        print(f"{title}.calls {self.calls.total() / MESSAGES:.1f} system calls a message")
        print(f"{title}.syncs {self.of(SYNCS) / MESSAGES:.2f} syncs a message")
        print(f"{title}.forks {self.of(FORKS)} for {MESSAGES} messages")
        print(f"{title}.most " + ", ".join(f"{name} {count / MESSAGES:.1f}" for name, count in self.calls.most_common(12)))


def deliver(machine, recipient, count):
    """Through SMTP, until the log has seen the end of all."""
    mark = machine.log.mark()
    sent = run(TOOLS / "bench_load", "--messages", str(count), "--sessions", str(SESSIONS), "me@example.org", recipient,
               "127.0.0.1", "25")
    assert json.loads(sent.stdout)["accepted"] == count, sent.stdout
    machine.log.wait("end msg", count=count, after=mark)


def check(machine, title, recipient):
    deliver(machine, recipient, 2 * MESSAGES)
    with Trace(machine.daemon.pid) as trace:
        deliver(machine, recipient, MESSAGES)
    trace.tell(title)
    assert not trace.starts, f"programs started: {dict(trace.starts)}"
    assert trace.of(FORKS) <= MOST_FORKS, f"{trace.of(FORKS)} forks"
    assert not trace.names, "\n".join(["names made or removed:", *trace.names[:20]])


def prepared(machine):
    machine.install()
    machine.add_user("me")
    machine.control("defaultdelivery", "./Maildir/")


def steady_local(machine):
    """A local delivery starts no program, forks nothing, and makes no name but the one in the Maildir."""
    prepared(machine)
    machine.start()
    wait_for_port(25)
    check(machine, "local", "me@example.org")


def steady_remote(machine):
    """So does a remote one, and makes no name at all."""
    prepared(machine)
    machine.control("smtproutes", ":192.0.2.25:25")
    machine.helper(TOOLS / "bench_sink", "--port", "25")
    wait_for_port(25, "192.0.2.25")
    machine.start()
    wait_for_port(25)
    check(machine, "remote", "joe@remote.example")


if __name__ == "__main__":
    main(globals())
