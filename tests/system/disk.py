#!/usr/bin/env python3
"""The queue's disk in trouble, with the queue's log in use: a temporary refusal or the way through the layout, a line
in the log that says why, nothing acknowledged lost, and all is well again, without a restart, when the disk is.
"""
import os
import re
import smtplib
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, PATIENCE, run, run_as, wait_for_port, wait_until  # noqa: E402
from scenario import main  # noqa: E402

QUEUE = HOME / "queue"
LISTENING = HOME / "run/queue"


def installed(machine, megabytes=0, *options):
    """Installed, and the queue, if it is to have a size, on an ext4 of its own."""
    machine.install()
    home = machine.add_user("me")
    if megabytes:
        machine.put_queue_on_a_disk(megabytes, *options)
    return home


def started(machine):
    machine.start()
    wait_for_port(25)
    wait_until(lambda: LISTENING.exists())


class Sender:
    """Sends numbered messages, and knows which were acknowledged."""

    def __init__(self, recipient="me@example.org", size=200):
        self.recipient, self.size = recipient, size
        self.acknowledged, self.refused, self.count = [], [], 0

    def send(self, count=1):
        """The last reply code."""
        code = 0
        with smtplib.SMTP("127.0.0.1", 25, "client.example", PATIENCE) as client:
            for _ in range(count):
                self.count += 1
                body = b"Subject: number %d\r\n\r\n" % self.count + b"x" * 70 * (self.size // 70) + b"\r\n"
                try:
                    client.sendmail("joe@remote.example", [self.recipient], body)
                    self.acknowledged.append(self.count)
                    code = 250
                except smtplib.SMTPDataError as error:
                    assert 400 <= error.smtp_code < 500, error
                    self.refused.append(error.smtp_error)
                    code = error.smtp_code
        return code

    def wait_until_taken(self):
        wait_until(lambda: self.send() == 250)


def check_delivered(machine, sender):
    """Everything acknowledged is, or will be when all that waits is tried again; nothing refused."""
    numbers = []

    def all_there():
        numbers[:] = [int(re.search(rb"^Subject: number (\d+)", text, re.M)[1]) for text in machine.maildir("me")]
        if set(sender.acknowledged) <= set(numbers):
            return True
        run("pkill", "-ALRM", "-x", "qmail-send", check=False)
        return False

    wait_until(all_there)
    assert set(numbers) == set(sender.acknowledged), (numbers, sender.acknowledged)


def fill(path, leave):
    """Until the disk has about `leave` bytes."""
    disk = os.statvfs(path.parent)
    with open(path, "wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, disk.f_bavail * disk.f_frsize - leave)


def disk_stuck_delivery(machine):
    """One message that is not over does not let the log grow until the disk is full: it moves."""
    home = installed(machine, 260)
    (home / ".qmail-stuck").write_text("|sleep 1000\n")
    started(machine)
    stuck, others = Sender("me-stuck@example.org"), Sender(size=200_000)
    stuck.send()
    machine.log.wait(r"starting delivery 1:")
    begun = time.monotonic()
    try:
        while not [name for _, _, names in os.walk(QUEUE / "info") for name in names]:
            assert others.send(10) == 250, others.refused
            others_in_layout = list((QUEUE / "todo").iterdir())
            assert not others_in_layout, "the log has no room"
            for path in (home / "Maildir/new").iterdir():
                path.unlink()
            assert time.monotonic() < begun + 50, "it moves because it is old"
        others.send(300)
        assert not others.refused and len(list((QUEUE / "log/segment").iterdir())) < 9
    finally:
        run("pkill", "-x", "sleep", check=False)


def disk_full(machine):
    """Below its reserve the disk takes no message; above it, all goes on."""
    installed(machine, 260)
    started(machine)
    sender = Sender()
    assert sender.send(20) == 250
    filler = QUEUE / "filler"
    for leave in (40 << 20, 100 << 10):
        fill(filler, leave)
        wait_until(lambda: sender.send() == 451)
        assert b"qq write error or disk full (#4.3.0)" in sender.refused[-1], sender.refused
        done = run_as("me", "/var/qmail/bin/qmail-inject", "me", stdin=b"\n", check=False)
        assert done.returncode == 111 and b"write error or disk full" in done.stderr, done
        filler.unlink()
        sender.wait_until_taken()
    check_delivered(machine, sender)


def disk_full_before_the_log(machine):
    """No room even for the log's first segment: with room, it is made."""
    installed(machine, 200)
    filler = QUEUE / "filler"
    fill(filler, 1 << 20)
    started(machine)
    sender = Sender()
    assert sender.send() == 451
    filler.unlink()
    sender.wait_until_taken()
    check_delivered(machine, sender)
    wait_until(lambda: list((QUEUE / "log/segment").glob("[0-9]*")))


def disk_no_inodes(machine):
    """No inode is free: what has a number already is delivered, what has none is refused."""
    installed(machine, 260, "-N", "1200")
    started(machine)
    sender = Sender()
    assert sender.send(20) == 250
    filler = QUEUE / "filler"
    filler.mkdir()
    try:
        for number in range(1200):
            (filler / str(number)).touch()
    except OSError:
        pass
    home = Path("/home/me")
    (home / ".qmail").write_text("|exit 111\n")  # numbers are not given back
    wait_until(lambda: sender.send(20) == 451)
    run("rm", "-r", str(filler))
    (home / ".qmail").unlink()
    sender.wait_until_taken()
    check_delivered(machine, sender)


def disk_log_elsewhere(machine):
    """The log's folder on another filesystem: an alert and the layout, until that is over."""
    installed(machine)
    run("cp", "-a", str(QUEUE / "log"), "/root/log")
    run("mount", "-t", "tmpfs", "tmpfs", str(QUEUE / "log"))
    run("cp", "-a", "/root/log/.", str(QUEUE / "log"))
    machine.start()
    wait_for_port(25)
    machine.log.wait(r"alert: messages do not go through the queue's log: unable to use queue/log/segment: ")
    sender = Sender()
    assert sender.send(3) == 250
    run("umount", str(QUEUE / "log"))
    machine.log.wait(r"warning: messages go through the queue's log again")
    assert sender.send(3) == 250
    check_delivered(machine, sender)


def disk_read_only_log(machine):
    """The log's folder is read-only."""
    home = installed(machine)
    started(machine)
    (home / ".qmail").write_text("|sleep 1000\n")
    sender = Sender()
    assert sender.send(3) == 250
    wait_until(lambda: run("pgrep", "-c", "-x", "sleep", check=False).stdout == b"3\n")
    (home / ".qmail").unlink()
    run("mount", "--bind", str(QUEUE / "log"), str(QUEUE / "log"))
    run("mount", "-o", "remount,bind,ro", str(QUEUE / "log"))
    mark = machine.log.mark()
    run("pkill", "-KILL", "-x", "qmail-send")
    run("pkill", "-x", "sleep", check=False)
    machine.log.wait(r"alert: messages do not go through the queue's log: unable to open ", after=mark)
    assert sender.send(3) == 250
    run("umount", str(QUEUE / "log"))
    check_delivered(machine, sender)


def resident():
    """Its pid: the one with a child, its mover."""
    for pid in run("pgrep", "-x", "qmail-queue").stdout.split():
        if run("pgrep", "-P", pid.decode(), check=False).returncode == 0:
            return pid.decode()
    raise AssertionError("there is none")


def disk_sync_fails(machine):
    """Each sync of the log fails for a while: temporary refusals; then it goes on in another segment."""
    home = installed(machine)
    started(machine)
    sender = Sender()
    assert sender.send(20) == 250
    (home / ".qmail").write_text("|exit 111\n")
    tracer = subprocess.Popen(["strace", "-o", "/root/trace", "-p", resident(), "-e", "trace=fdatasync", "-e",
                               "inject=fdatasync:error=EIO"], stderr=subprocess.PIPE, text=True)
    tracer.stderr.readline()
    assert sender.send() == 451
    machine.log.wait(r"alert: unable to sync log/segment/\d+: (input/output error|Input/output error)")
    assert sender.send(5) in (250, 451)
    tracer.terminate()
    tracer.wait()
    machine.log.wait(r"alert: live messages of log/segment/\d+ written anew into log/segment/\d+")
    sender.wait_until_taken()
    (home / ".qmail").unlink()
    check_delivered(machine, sender)


if __name__ == "__main__":
    main(globals())
