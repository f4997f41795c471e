#!/usr/bin/env python3
"""People without an account on an installed machine: what is sent to them arrives, and they fetch it by POP3."""
import os
import poplib
import pwd
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, run, run_as, wait_until  # noqa: E402
from pop3 import client_of, listening, uids  # noqa: E402
from scenario import main  # noqa: E402

PASSWORD = "Correct-Horse-7"
OWNER = "pop"


def log_in(login, password=PASSWORD):
    client = client_of()
    client.user(login)
    client.pass_(password)
    return client


def refuses(login, password):
    try:
        log_in(login, password)
    except poplib.error_proto as error:
        return error.args[0] == b"-ERR authorization failed"
    return False


def send(recipient, maildir):
    run("qmail-inject", "-f", "ann@example.org", stdin=f"To: {recipient}\nSubject: hello\n\nfor joe\n".encode())
    wait_until(lambda: any((maildir / "new").iterdir()))
    # What has come in this very second is left for the next session.
    for message in (maildir / "new").iterdir():
        os.utime(message, (1_000_000_000, 1_000_000_000))


def read_only_message(client):
    assert b"for joe" in client.retr(1)[1]


def accounts_virtual_user(machine):
    """The three commands of a domain owner are all it takes; removed, nobody is let in."""
    machine.install()
    home = machine.add_user(OWNER, maildir=False)
    machine.control("virtualdomains", f"virtual.example:{OWNER}")
    machine.start()
    run_as(OWNER, HOME / "bin/vida-passwd", "-a", "-u", "joe", stdin=PASSWORD.encode())
    run_as(OWNER, HOME / "bin/vida-assign", "-a", "-u", "joe")
    run_as(OWNER, HOME / "bin/vida-maildirmake", "joe", "Maildir")
    send("joe@virtual.example", home / "joe/Maildir")
    with listening(checker="checkvida") as log:
        client = log_in("joe@virtual.example")
        read_only_message(client)
        assert uids("qmail-pop3d") == [str(pwd.getpwnam(OWNER).pw_uid)] * 2
        client.quit()
        assert refuses("joe@virtual.example", "it is wrong") and refuses("ann@virtual.example", PASSWORD)
        assert refuses("joe@example.org", PASSWORD) and refuses("root", PASSWORD)
        run_as(OWNER, HOME / "bin/vida-passwd", "-d", "-u", "joe")
        assert refuses("joe@virtual.example", PASSWORD)
        assert not [line for line in log.lines if PASSWORD in line], log.lines


def accounts_apop(machine):
    """A virtual user whose password is kept need not say it."""
    machine.install()
    machine.add_user(OWNER, maildir=False)
    machine.control("virtualdomains", f"virtual.example:{OWNER}")
    run_as(OWNER, HOME / "bin/vida-maildirmake", "joe", "Maildir")
    run("qmail-user", "add", "--virtual", OWNER, "--secret", "joe", stdin=PASSWORD.encode())
    with listening(checker="checkvida"):
        client = client_of()
        client.apop("joe@virtual.example", PASSWORD)
        assert client.stat() == (0, 0)
        client.quit()


def accounts_poppasswd(machine):
    """A login of /etc/poppasswd has the mailbox that its line says, and another password than the system's."""
    machine.install()
    home = machine.add_user("vmail")
    machine.start()
    run("addpopuser", "--user", "vmail", "--home", str(home), "joe@example.org", stdin=PASSWORD.encode())
    assert Path("/etc/poppasswd").stat().st_mode & 0o7777 == 0o600
    run("chpasswd", stdin=b"vmail:another-one\n")
    send("vmail@example.org", home / "Maildir")
    with listening(checker="checklocalpwd") as log:
        client = log_in("joe@example.org")
        read_only_message(client)
        assert uids("qmail-pop3d") == [str(pwd.getpwnam("vmail").pw_uid)] * 2
        client.quit()
        for login, password in (("joe@example.org", "another-one"), ("vmail", "another-one"), ("vmail", PASSWORD)):
            assert refuses(login, password)
        run("poppasswd_change", "joe@example.org", "a new one")
        assert refuses("joe@example.org", PASSWORD)
        log_in("joe@example.org", "a new one").quit()
        run("rmpopuser", "joe@example.org")
        assert refuses("joe@example.org", "a new one")
        assert not [line for line in log.lines if PASSWORD in line], log.lines


def accounts_poppasswd_from_passwd(machine):
    """poppasswd_basic gives the users of the machine, none of whom can log in yet."""
    machine.install()
    machine.add_user("joe")
    lines = subprocess.run(["poppasswd_basic"], capture_output=True, check=True, text=True).stdout
    assert "joe:!none!:joe:/home/joe\n" in lines and "root:" not in lines, lines
    Path("/etc/poppasswd").write_text(lines)
    with listening(checker="checklocalpwd"):
        assert refuses("joe", "!none!")
        run("qmail-user", "passwd", "joe", stdin=PASSWORD.encode())
        log_in("joe").quit()


if __name__ == "__main__":
    main(globals())
