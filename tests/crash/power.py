#!/usr/bin/env python3
"""Power cuts. The queue and a Maildir lie on a file system of their own, an image on a copying xfs. Under load the
image is cloned at once, as the power would have left it (what the kernel had not yet written is not in it; what a
drive's own cache may lose is not modelled). Each clone is mounted, its journal replayed, the system started on it:
every message that had been acknowledged before the cut must be there, whole.
"""
import os
import re
import smtplib
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, PATIENCE, make_loop_devices, run, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402

CUTS = 200 if os.environ.get("QMAIL_LONG") == "1" else 20
SESSIONS = 20
IMAGE = Path("/power/mail.img")
MAILDIR = Path("/home/me/Maildir")
BODY = b"".join(b"%04d a line of the body\r\n" % i for i in range(120))


def make_disk(kind):
    make_loop_devices()
    run("truncate", "-s", "2G", "/xfs.img")
    run("mkfs.xfs", "-q", "-m", "reflink=1", "/xfs.img")
    os.mkdir("/power")
    run("mount", "-o", "loop", "/xfs.img", "/power")
    run("truncate", "-s", "512M", str(IMAGE))
    run(f"mkfs.{kind}", "-q", str(IMAGE))


def mount_disk(image, kind):
    os.makedirs("/disk", exist_ok=True)
    # An xfs knows its clones by their UUID and would not have two at once.
    run("mount", "-o", "loop,nouuid" if kind == "xfs" else "loop", str(image), "/disk")
    for name, place in (("queue", HOME / "queue"), ("Maildir", MAILDIR)):
        if not Path("/disk", name).exists():
            run("cp", "-a", str(place), f"/disk/{name}")
            run("sync")
        run("mount", "--bind", f"/disk/{name}", str(place))


def unmount_disk():
    for place in (HOME / "queue", MAILDIR, "/disk"):
        run("umount", str(place))


class Load:
    """Sessions that send numbered messages and note which were acknowledged."""

    def __init__(self, sessions):
        self.acknowledged, self.sent, self.lock, self.stopping = [], 0, threading.Lock(), False
        self.progress = threading.Condition(self.lock)
        self.threads = [threading.Thread(target=self._session) for _ in range(sessions)]
        for thread in self.threads:
            thread.start()

    def send_one(self):
        with self.lock:
            self.sent += 1
            name = f"message-{self.sent}-end"
        with smtplib.SMTP("127.0.0.1", 25, "client.example", PATIENCE) as client:
            client.sendmail("joe@remote.example", ["me@example.org"], f"Subject: {name}\r\n\r\n".encode() + BODY)
            with self.lock:
                self.acknowledged.append(name)
                self.progress.notify_all()

    def _session(self):
        while not self.stopping:
            try:
                self.send_one()
            except (smtplib.SMTPException, OSError):
                if not self.stopping:
                    raise

    def wait_for(self, count):
        with self.lock:
            assert self.progress.wait_for(lambda: len(self.acknowledged) >= count, PATIENCE), len(self.acknowledged)

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()


def cut(number, load):
    """A clone of the disk as it is now, and what had been acknowledged before."""
    with load.lock:
        acknowledged = list(load.acknowledged)
    clone = Path(f"/power/cut-{number}.img")
    run("cp", "--reflink=always", str(IMAGE), str(clone))
    return clone, acknowledged


def delivered():
    """How often each message is in the Maildir; every one must be whole."""
    counts = {}
    for path in (MAILDIR / "new").iterdir():
        text = path.read_bytes()
        name = re.search(rb"^Subject: (message-\d+-end)$", text, re.M)
        assert name and text.endswith(BODY.replace(b"\r\n", b"\n")), f"{path} is not whole"
        counts[name[1].decode()] = counts.get(name[1].decode(), 0) + 1
    return counts


def waiting():
    """What is still to be delivered. A mess file alone is a message that was being written at the cut."""
    new = list((HOME / "queue/todo").iterdir())
    return new + run(str(HOME / "bin/qmail-qread")).stdout.splitlines()


def drain(machine):
    """Runs the system until its queue is empty. Removing the last file is no event, so it is asked for."""
    machine.start()
    end = time.monotonic() + PATIENCE
    while left := waiting():
        assert time.monotonic() < end, left
        machine.log.quiet(0.1)
    machine.stop()


def survive(machine, clone, kind, acknowledged):
    """Boots from the clone: returns the acknowledged messages that are lost and those there more than once."""
    mount_disk(clone, kind)
    drain(machine)
    counts = delivered()
    unmount_disk()
    clone.unlink()
    return [name for name in acknowledged if name not in counts], [n for n, count in counts.items() if count > 1]


def cuts_under_load(machine, kind):
    machine.install()
    machine.add_user("me")
    make_disk(kind)
    mount_disk(IMAGE, kind)
    machine.start()
    wait_for_port(25)
    load = Load(SESSIONS)
    clones = []
    for number in range(CUTS):
        load.wait_for(len(load.acknowledged) + 7)
        clones.append(cut(number, load))
    load.stop()
    machine.stop()
    unmount_disk()
    lost, twice, checked = [], 0, 0
    for clone, acknowledged in clones:
        missing, repeated = survive(machine, clone, kind, acknowledged)
        lost += missing
        twice += len(repeated)
        checked += len(acknowledged)
    print(f"power.{kind}.cuts {CUTS} cuts\npower.{kind}.acknowledged {checked} messages\n"
          f"power.{kind}.lost {len(lost)} messages\npower.{kind}.twice {twice} messages")
    assert checked > 0 and not lost, lost
    # A delivery whose record was cut off may be repeated: at most those that ran at the cut, of which the
    # sessions can have started more than there are sessions.
    running = int((HOME / "control/concurrencylocal").read_text())
    assert twice <= CUTS * running, twice


def power_ext4(machine):
    cuts_under_load(machine, "ext4")


def power_xfs(machine):
    cuts_under_load(machine, "xfs")


if __name__ == "__main__":
    main(globals())
