"""A stock qmail in the sandbox, in its own root, on the queue, settings and homes of the machine under test."""
import os
import shutil
import subprocess
from pathlib import Path

from machine import HOME, Lines, run

ROOT = os.environ.get("QMAILKIT_REFERENCE", "")
USERS = ("alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails")
GROUPS = ("qmail", "nofiles")


def share_accounts():
    """Before the installation: what is stock's belongs to the numbers that it was built with."""
    for file, names in (("passwd", USERS), ("group", GROUPS)):
        lines = [line for line in Path(ROOT, "etc", file).read_text().splitlines(True) if line.split(":")[0] in names]
        with open(f"/etc/{file}", "a") as accounts:
            accounts.writelines(lines)
    with open("/etc/shadow", "a") as shadow:
        shadow.writelines(f"{user}:*:1::::::\n" for user in USERS)


def share_files():
    """After the users were made."""
    for folder in ("queue", "control", "alias"):
        run("mount", "--bind", str(HOME / folder), f"{ROOT}{HOME}/{folder}")
    for folder in ("/home", "/run", "/dev"):
        run("mount", "--bind", folder, ROOT + folder)
    for file in ("passwd", "group"):
        shutil.copy(f"/etc/{file}", f"{ROOT}/etc/{file}")


def command(*words, environment=()):
    return ["chroot", ROOT, "env", "-i", "PATH=/var/qmail/bin:/usr/bin:/bin", *environment, *words]


def start(machine):
    """In place of our own: machine.stop() ends it."""
    machine.daemon = subprocess.Popen(command("qmail-start", "./Maildir/"), stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    machine.log = Lines(machine.daemon.stdout)
    machine.log.wait(r"status: local 0/")


def start_listener(machine):
    ids = [line.split(":")[2:4] for line in Path("/etc/passwd").read_text().splitlines() if line.startswith("qmaild:")][0]
    machine.helpers.append(subprocess.Popen(
        command("tcpserver", "-RHl0", "-c100", f"-u{ids[0]}", f"-g{ids[1]}", "0", "25", "/var/qmail/bin/qmail-smtpd",
                environment=["RELAYCLIENT="]), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
