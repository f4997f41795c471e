#!/usr/bin/env python3
"""qmail-install on a whole machine: what it makes is right, and what it takes back leaves no trace."""
import fcntl
import grp
import hashlib
import os
import pwd
import re
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import ANSWERS, HOME, run, run_as  # noqa: E402
from scenario import main  # noqa: E402

MANIFEST = Path(__file__).parents[2] / "installer/hier/hier.manifest"
ACCOUNT_FILES = [Path("/etc") / name for name in ("passwd", "group", "shadow")]
SYSTEM = ("/etc", "/usr", "/var")
JOURNALS = "/var/lib/qmailkit"  # what --roll-back needs; it stays, as documented
INSTALL = ("qmail-install", "--answers", str(ANSWERS), "--yes")


def listing(*folders, times=False):
    """Everything below `folders`, a line each: type, mode, owner, size, link target, and time of change if asked for.

    Not the journals, and not the copies (/etc/passwd-) that every tool for accounts makes of what was there last.
    """
    found = run("find", *folders, "(", "-path", JOURNALS, "-o", "-regex", "/etc/[a-z]*-", ")", "-prune", "-o",
                "-printf", "%p %M %U:%G %l" + (" %t" if times else ""),
                "(", "-type", "f", "-printf", " %s", "-o", "-true", ")", "-printf", "\\n")
    return set(found.stdout.decode().splitlines())


def contents(paths):
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def expect_same(before, after):
    assert before == after, {"gone": sorted(before - after)[:20], "new": sorted(after - before)[:20]}


def machine_state():
    return listing(*SYSTEM), contents(ACCOUNT_FILES)


def expect_machine(state):
    """The machine is as it was, but for the journals."""
    names, accounts = machine_state()
    expect_same(state[0], names)
    assert state[1] == accounts


def nothing_to_do(command=INSTALL):
    return run(*command).stdout.endswith(b"nothing to do\n")


def refuse(code, *command, **kw):
    done = run(*command, check=False, **kw)
    assert done.returncode == code, done
    return (done.stdout + done.stderr).decode()


def install_twice(machine):
    """A second run has nothing to do; what was changed by hand is named by instcheck and put right by a third."""
    machine.install()
    assert nothing_to_do()
    run("instcheck")
    (HOME / "bin/qmail-queue").chmod(0o755)
    (HOME / "queue/lock/trigger").unlink()
    complaints = refuse(100, "instcheck")
    assert ".../bin/qmail-queue has wrong permissions\n" in complaints and "/queue/lock/trigger does not exist\n" in complaints
    run(*INSTALL)
    assert run("instcheck").stderr == b""


def manifest_objects():
    for line in MANIFEST.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, kind, owner, group, mode, flags = line.split(":", 5)
        numbers = [""] + ([f"/{n}" for n in range(23)] if "split" in flags.split(",") else [])
        for number in numbers:
            yield Path(os.path.normpath(HOME / (name + number))), kind, owner, group, int(mode, 8)


def install_owners_and_modes(machine):
    """Every object of the manifest has its type, owner, group and mode, and nothing else is setuid."""
    machine.install()
    types = {"d": stat.S_ISDIR, "f": stat.S_ISREG, "p": stat.S_ISFIFO, "l": stat.S_ISLNK}
    setuid = set()
    for path, kind, owner, group, mode in manifest_objects():
        status = path.lstat()
        assert types[kind](status.st_mode), path
        if kind == "l":
            continue
        found = (pwd.getpwuid(status.st_uid).pw_name, grp.getgrgid(status.st_gid).gr_name, stat.S_IMODE(status.st_mode))
        assert found == (owner, group, mode), (path, found)
    for path in HOME.rglob("*"):
        if stat.S_ISREG(path.lstat().st_mode) and path.lstat().st_mode & (stat.S_ISUID | stat.S_ISGID):
            setuid.add(path.name)
    assert setuid == {"qmail-queue"}
    assert [line.split(":")[0] for line in (HOME / "users/ids").read_text().splitlines()] == [
        "alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails"]


def install_privileges(machine):
    """Each daemon runs with one uid, one gid and no further group; root's are those that must be."""
    machine.install()
    machine.start()
    machine.log.wait(r"tcpserver: status: 0/")
    found = {}
    for process in Path("/proc").glob("[0-9]*/status"):
        fields = dict(re.findall(r"^(Name|Uid|Gid|Groups):\t(.*)$", process.read_text(), re.M))
        if re.match(r"qmail-|tcpserver", fields["Name"]):
            uids, gids = set(fields["Uid"].split()), set(fields["Gid"].split())
            assert len(uids) == len(gids) == 1, fields
            user, group = pwd.getpwuid(int(*uids)).pw_name, grp.getgrgid(int(*gids)).gr_name
            assert user == "root" or set(fields["Groups"].split()) <= gids, fields
            found.setdefault(fields["Name"], set()).add((user, group))
    assert found == {
        "qmail-run": {("root", "root"), ("qmaill", "nofiles")}, "qmail-send": {("qmails", "qmail")},
        "qmail-lspawn": {("root", "qmail")}, "qmail-rspawn": {("qmailr", "qmail")},
        "qmail-clean": {("qmailq", "qmail")}, "qmail-queue": {("qmailq", "qmail")},
        "tcpserver": {("qmaild", "nofiles")},
    }, found


def install_uninstall(machine):
    """After mail has gone through, uninstall leaves the machine as it was before the files were placed."""
    machine.add_user("me", maildir=False)
    Path("/usr/bin/mailq").write_text("#!/bin/sh\n# somebody else's\n")
    # A folder that others use too stays.
    Path("/usr/lib/pam.d").mkdir(exist_ok=True)
    Path("/usr/lib/pam.d/other").write_text("auth required pam_deny.so\n")
    before = machine_state()
    assert "P21" in machine.install().stdout.decode()
    run_as("me", "/var/qmail/bin/maildirmake", "Maildir")
    machine.start()
    run("sendmail", "me", stdin=b"Subject: hello\n\n")
    machine.log.wait(r"end msg")
    assert "qmail-send is running" in refuse(2, "qmail-install", "uninstall", "--yes")
    assert machine.stop() == 0
    run("qmail-install", "uninstall", "--yes")
    expect_machine(before)
    assert not HOME.exists()


def install_uninstall_keeps_settings(machine):
    """A control file that somebody changed, or made, survives uninstall and is named."""
    machine.install()
    machine.control("me", "other.example.org")
    machine.control("badmailfrom", "@spam.example")
    told = run("qmail-install", "uninstall", "--yes").stdout.decode()
    kept = {str(path) for path in HOME.rglob("*")}
    assert kept == {str(HOME / name) for name in ("control", "control/me", "control/badmailfrom")}, kept
    assert "control/me is kept: it was changed" in told and "control/badmailfrom is kept: the installer did not" in told


def install_uninstall_with_mail(machine):
    """Mail in the queue: uninstall refuses and says so; with --keep-queue it is there for the next installation."""
    machine.install()
    machine.add_user("me")
    run_as("me", "sendmail", "me", stdin=b"Subject: wait for me\n\n")
    before = machine_state()
    assert "there are 1 messages in the queue" in refuse(2, "qmail-install", "uninstall", "--yes")
    expect_machine(before)
    told = run("qmail-install", "uninstall", "--keep-queue", "--yes").stdout.decode()
    assert "the queue with 1 messages is kept" in told
    assert [path.name for path in HOME.iterdir()] == ["queue"] and pwd.getpwnam("qmailq")
    machine.install()
    machine.start()
    machine.log.wait(r"end msg")
    assert b"Subject: wait for me" in machine.maildir("me")[0]


def install_dry_run(machine):
    """--dry-run shows the plan and touches nothing, not even a time; nor does a plan that is not confirmed."""
    machine.place()
    before = listing(*SYSTEM, times=True)
    for arguments in (("--dry-run",), ("plan",), ("--dry-run", "--yes")):
        shown = run("qmail-install", "--answers", str(ANSWERS), *arguments).stdout.decode()
        assert "add user qmaild" in shown and "/var/qmail/control/rcpthosts" in shown, shown
    assert "--yes" in refuse(1, "qmail-install", "--answers", str(ANSWERS))
    expect_same(before, listing(*SYSTEM, times=True))


def install_other_root(machine):
    """--root works below that directory alone, with its own accounts; uninstall leaves it as it was."""
    image = Path("/srv/image")
    (image / "etc").mkdir(parents=True)
    for path in ACCOUNT_FILES:
        line = next(line for line in path.read_text().splitlines(True) if line.startswith("root:"))
        (image / "etc" / path.name).write_text(line + ("web:x:999:999::/:/bin/false\n" if path.name == "passwd" else ""))
    for folder in ("usr/lib/systemd/system", "usr/sbin", "usr/bin", "var/lib"):
        (image / folder).mkdir(parents=True)
    for folder in image.rglob("*"):
        if folder.is_dir():
            folder.chmod(0o755)
    accounts = [image / "etc" / path.name for path in ACCOUNT_FILES]
    before = listing(image), contents(accounts)
    machine.place(image)
    program = Path("/root/qmail-install")
    shutil.copy(image / "var/qmail/bin/qmail-install", program)
    outside = listing(*SYSTEM, times=True)
    install = (str(program), "--root", str(image), "--answers", str(ANSWERS), "--yes")
    run(*install)
    run(str(image / "var/qmail/bin/instcheck"), "--root", str(image))
    users = dict(line.split(":")[:3:2] for line in (image / "etc/passwd").read_text().splitlines())
    assert (image / "var/qmail/bin/qmail-queue").stat().st_uid == int(users["qmailq"]) != 999
    assert (image / "var/qmail/control/locals").read_text() == "mx.example.org\nlocalhost\nexample.org\n"
    assert os.readlink(image / "usr/sbin/sendmail") == "/var/qmail/bin/sendmail"
    assert nothing_to_do(install)
    run(str(program), "--root", str(image), "uninstall", "--yes")
    expect_same(outside, listing(*SYSTEM, times=True))
    shutil.rmtree(image / JOURNALS.lstrip("/"))
    expect_same(before[0], listing(image))
    assert contents(accounts) == before[1]


def disturbed(fault):
    """qmail-install, with a fault in strace's words."""
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", f"trace={fault.split(':')[0]}", "-e", f"inject={fault}", *INSTALL],
                          capture_output=True)


def kill_at_line(number):
    """When it is about to sync line `number` of its journal."""
    done = disturbed(f"fdatasync:signal=KILL:when={number}")
    assert done.returncode in (-9, 137), done


def pending():
    (line,) = [line for line in run("qmail-install", "--list").stdout.decode().splitlines() if line.endswith("interrupted")]
    return line.split()[0]


def install_killed_then_rolled_back(machine):
    """kill -9 on the way, early, midway and late: --roll-back restores the machine, each time."""
    machine.place()
    before = machine_state()
    for number in (20, 250, 540):
        kill_at_line(number)
        assert "was interrupted" in refuse(8, *INSTALL)
        run("qmail-install", "--roll-back", pending())
        expect_machine(before)


def install_killed_then_resumed(machine):
    """kill -9 on the way: --resume goes on, as often as it takes, and the result is whole."""
    machine.place()
    kill_at_line(300)
    assert pending()
    run("qmail-install", "--resume")
    assert run("instcheck").stderr == b""
    assert nothing_to_do()
    machine.add_user("me")
    machine.start()
    run("sendmail", "me", stdin=b"Subject: hello\n\n")
    machine.log.wait(r"end msg")


def install_stopped_by_hand(machine):
    """Control-C: it stops after a whole step with exit code 8, and says how to go on; a second one at a time is refused."""
    machine.place()
    done = disturbed("fdatasync:signal=INT:when=300")
    assert done.returncode == 8 and b"--resume" in done.stdout, done
    with open(JOURNALS + "/lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another qmail-install is at work" in refuse(10, "qmail-install", "--resume")
    run("qmail-install", "--resume")
    assert nothing_to_do()


def install_failing_step(machine):
    """The disk fails in the middle: what was done is taken back at once, with exit code 4; then it can be done again."""
    machine.place()
    before = machine_state()
    done = disturbed("fchmod:error=EIO:when=40")
    assert done.returncode == 4 and b"unable to set mode of /var/qmail/" in done.stdout + done.stderr, done.stdout[-600:]
    expect_machine(before)
    run(*INSTALL)
    assert run("instcheck").stderr == b""


def install_existing_users(machine):
    """Users that exist keep their numbers, and the files get those; uninstall leaves these users alone."""
    run("groupadd", "-g", "7100", "qmail")
    run("groupadd", "-g", "7101", "nofiles")
    for number, name in enumerate(("alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails")):
        group = "qmail" if name in ("qmailq", "qmailr", "qmails") else "nofiles"
        home = "/var/qmail/alias" if name == "alias" else "/var/qmail"
        run("useradd", "-M", "-u", str(7200 + number), "-g", group, "-d", home, "-s", "/usr/sbin/nologin", name)
    before = contents(ACCOUNT_FILES)
    machine.install()
    assert contents(ACCOUNT_FILES) == before
    assert (HOME / "users/ids").read_text() == (
        "alias:7200:7101\nqmaild:7201:7101\nqmaill:7202:7101\nqmailp:7203:7101\n"
        "qmailq:7204:7100\nqmailr:7205:7100\nqmails:7206:7100\n")
    run("instcheck")
    machine.add_user("me")
    machine.start()
    run_as("me", "sendmail", "me", stdin=b"Subject: hello\n\n")
    machine.log.wait(r"end msg")
    machine.stop()
    after = contents(ACCOUNT_FILES)
    run("qmail-install", "uninstall", "--yes")
    assert contents(ACCOUNT_FILES) == after


def install_wrong_group(machine):
    """A user of ours in another group is named, with the command that helps; nothing is changed."""
    run("useradd", "-M", "-g", "users", "qmailr")
    machine.place()
    before = machine_state()
    assert "usermod -g qmail qmailr" in refuse(2, *INSTALL)
    expect_machine(before)


def install_unknown_answer(machine):
    """A key that is not known is refused, before anything is looked at."""
    machine.place()
    before = machine_state()
    ANSWERS.write_text('{"hostnam": "mx.example.org"}')
    assert '"hostnam" is not a known answer' in refuse(9, *INSTALL)
    expect_machine(before)


def install_busy_port(machine):
    """Somebody else on port 25: exit code 2, and the process is named."""
    machine.place()
    before = machine_state()
    with socket.create_server(("127.0.0.1", 25)):
        told = refuse(2, *INSTALL)
    program = os.readlink("/proc/self/exe")
    assert f"port 25 is taken: 127.0.0.1 is used by process {os.getpid()}, {program}" in told, told
    expect_machine(before)


def install_japanese(machine):
    """LANG=ja_JP.UTF-8: the plan and the result are told in Japanese."""
    machine.place()
    told = run(*INSTALL, env={**os.environ, "LANG": "ja_JP.UTF-8"}).stdout.decode()
    assert "qmailkit のインストール: " in told and "qmailkit をインストールしました" in told, told
    assert run(*INSTALL, env={**os.environ, "LANG": "ja_JP.UTF-8"}).stdout.decode().endswith("\nすることはありません\n")


if __name__ == "__main__":
    main(globals())
