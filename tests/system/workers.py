#!/usr/bin/env python3
"""Local deliveries by workers: who they are, what commands find, and what happens when one is lost. qmail-lspawn(8)."""
import os
import pwd
import shutil
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, run, wait_until  # noqa: E402
from scenario import main  # noqa: E402
from users import deliver, prepared, write_dot_qmail  # noqa: E402

WHO = '|echo "$PPID $(grep -E "^(Uid|Gid|Groups):" /proc/$PPID/status | tr -s "\\t \\n" " ")" >> who\n'


def residents(program):
    """The pids of "PROGRAM --resident", the zygote and its workers."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if command[0].endswith(program.encode()) and b"--resident" in command:
            found.append(int(folder.name))
    return found


def zygote():
    return next(pid for pid in residents("qmail-local") if os.stat(f"/proc/{pid}").st_uid == 0)


def lines(home, name="who"):
    return (home / name).read_text().splitlines()


def workers_belong_to_one_user(machine):
    """A worker has its user's ids and no other, serves that user again, and nobody else."""
    me, you = prepared(machine), machine.add_user("you")
    machine.start()
    for home in (me, you):
        write_dot_qmail(home, ".qmail", WHO)
    for user in ("me", "you", "me", "you"):
        deliver(machine, user)
    for user, home in (("me", me), ("you", you)):
        first, second = lines(home)
        assert first == second
        ids = pwd.getpwnam(user)
        _, *facts = first.split()
        assert facts == ["Uid:", *[str(ids.pw_uid)] * 4, "Gid:", *[str(ids.pw_gid)] * 4, "Groups:", str(ids.pw_gid)], first
    assert lines(me)[0].split()[0] != lines(you)[0].split()[0]


def workers_leave_when_idle(machine):
    """Two seconds after the last delivery no process of the user is left."""
    home = prepared(machine)
    machine.start()
    write_dot_qmail(home, ".qmail", WHO)
    deliver(machine, "me")
    worker = int(lines(home)[0].split()[0])
    assert worker in residents("qmail-local")
    wait_until(lambda: worker not in residents("qmail-local"))
    deliver(machine, "me")
    assert int(lines(home)[1].split()[0]) != worker


def workers_give_commands_the_classic_surroundings(machine):
    """Descriptors, environment, folder, umask and signals of a command are the same under a worker, in its first
    delivery and in a later one, as under a qmail-local started for the delivery."""
    home = prepared(machine)
    helper = HOME / "look"
    helper.write_text("""#!/bin/sh
ls -l /proc/self/fd | sed -e '1d; s/.*:.. //; s/\\[[0-9]*\\]//; s,/proc/[0-9]*,/proc,; s,/memfd:.*,message,; s,/.*/mess/.*,message,' | grep -v pipe:$ > "$1"
ls /proc/self/fd | wc -l >> "$1"
env | grep -v -e ^UFLINE -e ^From >> "$1"
pwd >> "$1"; umask >> "$1"; ulimit -a >> "$1"
grep -E '^(Sig(Blk|Ign|Cgt)|NoNewPrivs|Uid|Gid|Groups)' /proc/self/status >> "$1"
""")
    helper.chmod(0o755)
    machine.start()
    for name in ("first", "later"):
        write_dot_qmail(home, ".qmail", f"|{helper} {name}\n")
        deliver(machine, "me")
    local = HOME / "bin/qmail-local"
    local.rename(HOME / "bin/qmail-local.real")
    local.write_text('#!/bin/sh\n[ "$1" != --resident ] && exec /var/qmail/bin/qmail-local.real "$@"\n')
    local.chmod(0o755)
    write_dot_qmail(home, ".qmail", f"|{helper} classic\n")
    deliver(machine, "me")

    def seen(name):
        # What the shell in between adds is not ours.
        return [line for line in lines(home, name) if not line.startswith(("_=", "OLDPWD=", "PWD=", "SHLVL="))]

    assert seen("first") == seen("classic"), (seen("first"), seen("classic"))
    assert seen("later") == seen("classic"), (seen("later"), seen("classic"))


def workers_do_not_wait_for_each_other(machine):
    """A slow command does not hold up the same user's other mail."""
    home = prepared(machine)
    write_dot_qmail(home, ".qmail-slow", "|while ! test -e go; do sleep 0.1; done\n")
    machine.start()
    mark = machine.log.mark()
    run("sendmail", "-f", "joe@remote.example", "me-slow", stdin=b"\n")
    machine.log.wait(r"starting delivery \d+: .*me-slow", after=mark)
    for _ in range(3):
        deliver(machine, "me")
    assert len(machine.maildir("me")) == 3
    (home / "go").touch()
    machine.log.wait(r"success: ", count=4, after=mark)


def workers_that_crash_defer(machine):
    """A worker killed during a delivery: the message waits, as when qmail-local crashed; the next delivery is well."""
    home = prepared(machine)
    machine.start()
    write_dot_qmail(home, ".qmail", "|kill -KILL $PPID\n")
    deliver(machine, "me", r"deferral: qmail-local_crashed\./")
    write_dot_qmail(home, ".qmail", "./Maildir/\n")
    deliver(machine, "me")
    assert len(machine.maildir("me")) == 1


def workers_outlive_their_zygote(machine):
    """Without the resident qmail-local, or with one that has just died, mail is delivered all the same."""
    home = prepared(machine)
    write_dot_qmail(home, ".qmail-slow", "|while ! test -e go; do sleep 0.1; done\n")
    machine.start()
    mark = machine.log.mark()
    run("sendmail", "-f", "joe@remote.example", "me-slow", stdin=b"\n")
    wait_until(lambda: len(residents("qmail-local")) == 2)
    os.kill(zygote(), signal.SIGKILL)
    deliver(machine, "me")
    (home / "go").touch()
    machine.log.wait(r"success: ", count=2, after=mark)
    local = HOME / "bin/qmail-local"
    local.rename(HOME / "bin/away")
    deliver(machine, "me", r"failure: Unable_to_run_qmail-local\./")
    (HOME / "bin/away").rename(local)
    deliver(machine, "me")
    assert len(machine.maildir("me")) == 2


def workers_change_with_the_program(machine):
    """After an upgrade the next delivery is made by the new qmail-local."""
    home = prepared(machine)
    machine.start()
    write_dot_qmail(home, ".qmail", "|echo $PPID > worker; cat gate\n")
    gate = home / "gate"
    os.mkfifo(gate, 0o644)
    local = HOME / "bin/qmail-local"
    for upgrade in (False, True):
        if upgrade:
            shutil.copy(local, HOME / "bin/new")
            (HOME / "bin/new").rename(local)
        mark = machine.log.mark()
        run("sendmail", "me", stdin=b"\n")
        with gate.open("wb"):  # the command has opened it, and waits for its end
            assert os.path.samefile(f"/proc/{lines(home, 'worker')[0]}/exe", local)
        machine.log.wait(r"success: ", after=mark)
    os.kill(zygote(), 0)


def workers_users_from_a_lost_getpw(machine):
    """A resident qmail-getpw that is killed, or answers nothing, holds up no mail; a new user is known at once, a
    changed one within seconds."""
    prepared(machine)
    machine.start()
    deliver(machine, "me")
    (getpw,) = residents("qmail-getpw")
    assert os.stat(f"/proc/{getpw}").st_uid == pwd.getpwnam("qmailp").pw_uid
    os.kill(getpw, signal.SIGSTOP)
    deliver(machine, "me")
    os.kill(getpw, signal.SIGKILL)
    deliver(machine, "me")
    machine.add_user("newcomer")
    deliver(machine, "newcomer")
    assert len(machine.maildir("me")) == 3 and len(machine.maildir("newcomer")) == 1


if __name__ == "__main__":
    main(globals())
