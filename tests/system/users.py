#!/usr/bin/env python3
"""Whose mail it is, and with whose rights it is delivered: qmail-users(5), qmail-getpw(8), dot-qmail(5)."""
import pwd
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, run, run_as, wait_until  # noqa: E402
from scenario import main  # noqa: E402

SHELL_MAKES = {"PWD", "OLDPWD", "SHLVL", "_"}


def prepared(machine):
    machine.install()
    home = machine.add_user("me")
    machine.start_dns()
    (HOME / "alias/.qmail-default").write_text("./Maildir/\n")
    return home


def deliver(machine, recipient, outcome=r"success: ", sender="joe@remote.example"):
    """A message to `recipient`, until its delivery has the outcome."""
    mark = machine.log.mark()
    run("sendmail", "-f", sender, recipient, stdin=b"Subject: hello\n\n")
    machine.log.wait(outcome, after=mark)


def write_dot_qmail(home, name, text):
    """As its owner would."""
    path = home / name
    path.write_text(text)
    shutil.chown(path, home.stat().st_uid, home.stat().st_gid)


def users_assignments(machine):
    """qmail-pw2u and qmail-newu: from then on users/cdb decides, even about a user the system no longer knows."""
    home = prepared(machine)
    machine.start()
    (HOME / "users/assign").write_bytes(run("qmail-pw2u", stdin=run("getent", "passwd").stdout).stdout)
    run("qmail-newu")
    run("userdel", "me")
    deliver(machine, "me")
    deliver(machine, "ME@Example.ORG")
    assert len(machine.maildir("me")) == 2
    assert all(path.stat().st_uid == home.stat().st_uid for path in (home / "Maildir/new").iterdir())
    deliver(machine, "nobodyhere")
    assert len(machine.maildir("alias")) == 1
    (HOME / "users/cdb").unlink()
    deliver(machine, "me")
    assert len(machine.maildir("me")) == 2 and len(machine.maildir("alias")) == 2


def users_wildcard(machine):
    """A line for all addresses with one beginning: what follows goes on after the dash, with its case."""
    home = prepared(machine)
    machine.start()
    account = pwd.getpwnam("me")
    alias = pwd.getpwnam("alias")
    (HOME / "users/assign").write_text(
        f"+sales-:me:{account.pw_uid}:{account.pw_gid}:{home}:-:shop-:\n"
        f"=sales-boss:alias:{alias.pw_uid}:{alias.pw_gid}:/var/qmail/alias:-:boss:\n.\n")
    run("qmail-newu")
    write_dot_qmail(home, ".qmail-shop-default", '|echo "$LOCAL $EXT $EXT2 $DEFAULT" >> seen\n')
    deliver(machine, "Sales-North-East@example.org")
    deliver(machine, "sales-boss@example.org")
    assert (home / "seen").read_text() == "Sales-North-East shop-North-East North-East North-East\n"
    assert len(machine.maildir("alias")) == 1


def users_foreign_home(machine):
    """A user whose home belongs to somebody else is no user: alias gets the mail. A change counts within seconds."""
    home = prepared(machine)
    machine.start()
    shutil.chown(home, "root")
    deliver(machine, "me")
    assert machine.maildir("me") == [] and b"Delivered-To: me@mx.example.org\n" in machine.maildir("alias")[0]
    shutil.chown(home, "me")

    def arrives():
        deliver(machine, "me")
        return len(machine.maildir("me")) == 1

    wait_until(arrives)


def users_case(machine):
    """Case does not matter in a user's name, nor in the name of a .qmail file; the log and the message keep it."""
    home = prepared(machine)
    machine.start()
    write_dot_qmail(home, ".qmail-list", "./Maildir/\n")
    deliver(machine, "ME@example.org")
    deliver(machine, "Me-LIST@example.org")
    assert [b"Delivered-To: ME@" in message or b"Delivered-To: Me-LIST@" in message for message in machine.maildir("me")] == [True, True]


def users_extensions(machine):
    """The longest name counts; default stands for the rest; without any file the address bounces; a dot is a colon."""
    home = prepared(machine)
    machine.start()
    for name in ("default", "a-default", "a-b", "x:y"):
        write_dot_qmail(home, f".qmail-{name}", f'|echo "{name} ${{DEFAULT-none}}" >> seen\n')
    for extension in ("q", "a-q-r", "a-b", "a-b-c", "x.y"):
        deliver(machine, f"me-{extension}")
    assert (home / "seen").read_text().splitlines() == [
        "default q", "a-default q-r", "a-b none", "a-default b-c", "x:y none"]
    (home / ".qmail-default").unlink()
    deliver(machine, "me-q", r"failure: Sorry,_no_mailbox_here_by_that_name\._\(#5\.1\.1\)/")


def users_virtual_domain(machine):
    """A virtual domain belongs to a user; the command sees the address as it was written."""
    home = prepared(machine)
    machine.control("virtualdomains", "virtual.example:me-shop", "one@single.example:me")
    write_dot_qmail(home, ".qmail-shop-default", '|echo "$RECIPIENT $LOCAL $HOST $EXT $DEFAULT" >> seen\n')
    write_dot_qmail(home, ".qmail-one", '|echo "$RECIPIENT" >> seen\n')
    machine.start()
    deliver(machine, "Info@Virtual.Example")
    deliver(machine, "one@single.example")
    assert (home / "seen").read_text().splitlines() == [
        "me-shop-Info@Virtual.Example me-shop-Info Virtual.Example shop-Info Info", "me-one@single.example"]


def users_command_environment(machine):
    """A command gets the documented variables and nothing else, in the user's home, with his uid and his own gid alone."""
    home = prepared(machine)
    run("groupadd", "team")
    run("usermod", "-a", "-G", "team", "me")
    write_dot_qmail(home, ".qmail-x-default",
                    "|env -0 > env\n|id -un > id; id -gn >> id; id -Gn >> id; pwd >> id; umask >> id; cat > input\n")
    machine.start()
    deliver(machine, "me-X-y-z@mx.example.org", sender="it's $(me)@remote.example")
    found = dict(item.split("=", 1) for item in (home / "env").read_text().split("\0") if item)
    lines = {name: found.pop(name) for name in ("DTLINE", "RPLINE", "UFLINE")}
    assert lines["DTLINE"] == "Delivered-To: me-X-y-z@mx.example.org\n"
    assert lines["RPLINE"].startswith("Return-Path: <") and lines["RPLINE"].endswith("@remote.example>\n")
    assert lines["UFLINE"].startswith("From it's-$(me)@remote.example ") and lines["UFLINE"].endswith("\n")
    path = found.pop("PATH")
    assert path.startswith("/var/qmail/bin:")
    for name in SHELL_MAKES:
        found.pop(name, None)
    sender = "it's $(me)@remote.example"
    assert found == {
        "SENDER": sender, "NEWSENDER": sender, "RECIPIENT": "me-X-y-z@mx.example.org", "USER": "me", "HOME": "/home/me",
        "LOCAL": "me-X-y-z", "HOST": "mx.example.org", "HOST2": "mx.example", "HOST3": "mx",
        "HOST4": "mx", "EXT": "X-y-z", "EXT2": "y-z", "EXT3": "z", "EXT4": "", "DEFAULT": "y-z",
    }, found
    user, group, groups, folder, mask = (home / "id").read_text().splitlines()
    assert (user, group, folder, mask) == ("me", "me", "/home/me", "0077") and groups == "me"
    assert b"Subject: hello\n" in (home / "input").read_bytes() and not (home / "input").read_bytes().startswith(b"Return-Path")


def users_setuid_helper(machine):
    """A setuid program called from a .qmail file runs with its owner's rights: nothing of ours takes them away."""
    home = prepared(machine)
    helper = home / "helper"
    shutil.copy("/usr/bin/id", helper)
    shutil.chown(helper, "games")
    helper.chmod(0o4755)
    write_dot_qmail(home, ".qmail", "|./helper -un > who; grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status > state\n")
    machine.start()
    deliver(machine, "me")
    assert (home / "who").read_text() == "games\n"
    assert (home / "state").read_text() == "NoNewPrivs:\t0\nSeccomp:\t0\n"


def users_sticky_home(machine):
    """A sticky home: its user is editing; the mail waits. A writable one: it waits too."""
    home = prepared(machine)
    machine.start()
    home.chmod(0o1755)
    deliver(machine, "me", r"deferral: Home_directory_is_sticky:_user_is_editing_his_\.qmail_file\._\(#4\.2\.1\)/")
    home.chmod(0o777)
    run("pkill", "-ALRM", "-x", "qmail-send")
    machine.log.wait(r"deferral: Uh-oh:_home_directory_is_writable\._\(#4\.7\.0\)/")
    assert machine.maildir("me") == []
    home.chmod(0o755)
    mark = machine.log.mark()
    run("pkill", "-ALRM", "-x", "qmail-send")
    machine.log.wait(r"end msg", after=mark)
    assert len(machine.maildir("me")) == 1


if __name__ == "__main__":
    main(globals())
