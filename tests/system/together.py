#!/usr/bin/env python3
"""The server that people used to patch together: logins over TLS by virtual users, lists of patterns, valid recipients, limits, and a
filter in the place of qmail-queue. Each does its job beside all the others."""
import sys
from pathlib import Path

FOLDERS = Path(__file__).resolve().parents[2] / "patches-integrated"
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, run, run_as  # noqa: E402
from scenario import main  # noqa: E402
from tls import client_context  # noqa: E402

NEEDED = ("bad-lists", "message-size", "recipient-limit", "smtp-auth", "starttls", "valid-recipients")
FILTER = """#!/bin/sh
umask 077
message=$(mktemp) || exit 53
cat >"$message"
if grep -q EICAR "$message"; then rm "$message"; echo "Dno viruses here (#5.7.1)" >&6; exit 82; fi
exec 3<"$message"; rm "$message"
exec /var/qmail/bin/qmail-queue <&3
"""
MESSAGE = "From: joe@virtual.example\r\nTo: me@example.org\r\nSubject: hello\r\n\r\n%s\r\n"


def put_filter(machine):
    program = Path("/usr/local/bin/no-viruses")
    program.write_text(FILTER)
    program.chmod(0o755)
    rules = HOME / "control/tcp.smtp"
    machine.control("tcp.smtp", f':allow,QMAILQUEUE="{program}"')
    run("tcprules", f"{rules}.cdb", f"{rules}.tmp", stdin=rules.read_bytes())


def refused(client, sender, recipient):
    """The codes of MAIL and RCPT."""
    codes = client.mail(sender)[0], client.rcpt(recipient)[0]
    client.rset()
    return codes


def expect_checks(client):
    """What is refused of a client, whoever it is."""
    assert client.ehlo("localhost")[0] == 250 and refused(client, "a@far.example", "me@example.org") == (250, 553)
    assert client.ehlo("client.example")[0] == 250
    assert refused(client, "bulk7@far.example", "me@example.org") == (250, 553)
    assert refused(client, "a@far.example", "root@example.org") == (250, 553)
    assert client.mail("a@far.example", ["SIZE=1000000"])[0] == 552
    assert client.mail("a@far.example")[0] == 250
    assert [client.rcpt("me@example.org")[0] for _ in range(4)] == [250, 250, 250, 452]
    client.rset()


def together_all_in_one_server(machine):
    if not all((FOLDERS / name / "feature.json").exists() for name in NEEDED):
        return
    sys.path.insert(0, str(FOLDERS / "smtp-auth/system"))
    from logins import LOGIN, OWNER, PASSWORD, running
    running(machine, badpatterns="badmailfrom", badmailfrom="^bulk[0-9]+@", badhelo="^localhost$", badmailto="^root@",
            rcpthosts="example.org\nvirtual.example", validrcpttosystem="", maxrcpt="3", announcesize="1", databytes="100000")
    put_filter(machine)
    with machine.smtp() as client:
        client.starttls(context=client_context())
        expect_checks(client)
        assert refused(client, "a@far.example", "nobody-there@example.org")[1] in (550, 553)
        # A virtual user is there as soon as his mailbox is.
        assert refused(client, "a@far.example", LOGIN)[1] in (550, 553)
        run_as(OWNER, HOME / "bin/vida-assign", "-a", "-u", "joe")
        assert refused(client, "a@far.example", LOGIN) == (250, 250)
        assert refused(client, LOGIN, "far@far.example") == (250, 553)
        client.login(LOGIN, PASSWORD)
        assert refused(client, LOGIN, "far@far.example") == (250, 250)
        expect_checks(client)
        assert client.mail(LOGIN)[0] == 250 and client.rcpt("me@example.org")[0] == 250
        assert client.data(MESSAGE % "EICAR") == (554, b"no viruses here (#5.7.1)")
        client.sendmail(LOGIN, "me@example.org", MESSAGE % "good news")
    machine.log.wait("end msg")
    [message] = machine.maildir("me")
    assert b"with ESMTPSA" in message and b"good news" in message, message


if __name__ == "__main__":
    main(globals())
