#!/usr/bin/env python3
"""docs/install/TEST.deliver.md, step by step: deliver_N is its step N."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import run, run_as  # noqa: E402
from scenario import main  # noqa: E402


def running(machine):
    machine.install()
    home = machine.add_user("me")
    machine.start_dns()
    machine.start()
    return home


def inject(*arguments, message=b"", user="me"):
    return run_as(user, "/var/qmail/bin/qmail-inject", *arguments, stdin=message)


def deliver_1(machine):
    """The daemons run, each as its own user."""
    running(machine)
    ps = run("ps", "-eo", "user=,comm=").stdout.decode().split()
    owners = dict(zip(ps[1::2], ps[0::2]))
    for program, user in (("qmail-send", "qmails"), ("qmail-lspawn", "root"), ("qmail-rspawn", "qmailr"),
                          ("qmail-clean", "qmailq"), ("qmail-queue", "qmailq"), ("tcpserver", "qmaild")):
        assert owners.get(program) == user, (program, owners)
    assert machine.stop() == 0


def deliver_2(machine):
    """Local to local: the message arrives, and the log tells its journey in five lines."""
    running(machine)
    inject(message=b"to: me\n")
    machine.log.wait(r"end msg")
    number = machine.log.wait(r"new msg (\d+)")[1]
    text = "\n".join(machine.log.lines)
    for pattern in (rf"info msg {number}: bytes \d+ from <me@mx.example.org> qp \d+ uid \d+",
                    rf"starting delivery 1: msg {number} to local me@mx.example.org",
                    r"status: local 1/\d+ remote 0/\d+", r"delivery 1: success: did_1\+0\+0/",
                    rf"end msg {number}"):
        assert re.search(pattern, text), (pattern, text)
    (message,) = machine.maildir("me")
    assert message.startswith(b"Return-Path: <me@mx.example.org>\nDelivered-To: me@mx.example.org\nReceived: (qmail "), message


def deliver_3(machine):
    """An unknown local user: the bounce comes back."""
    running(machine)
    inject(message=b"to: nonexistent\n")
    machine.log.wait(r"end msg", count=2)
    machine.log.wait(r"failure: Sorry,_no_mailbox_here_by_that_name\._\(#5\.1\.1\)/")
    machine.log.wait(r"bounce msg \d+ qp \d+")
    machine.log.wait(r"from <> qp")
    (bounce,) = machine.maildir("me")
    assert b"Hi. This is the qmail-send program at mx.example.org." in bounce
    assert b"<nonexistent@mx.example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n" in bounce


def deliver_4(machine):
    """Local to remote: through MX, through smtproutes, over IPv4 and over IPv6."""
    running(machine)
    sink = machine.start_sink("192.0.2.25:25")
    machine.start_sink("inet:[2001:db8::25]:25")
    machine.start_sink("192.0.2.26:2525")
    for number, (recipient, route) in enumerate((
        ("joe@remote.example", None), ("joe@v6.remote.example", None), ("joe@both.remote.example", None),
        ("joe@routed.example", "routed.example:192.0.2.26:2525"), ("joe@routed.example", ":[2001:db8::25]:25"),
    ), 1):
        if route:
            machine.control("smtproutes", route)
        inject(message=f"to: {recipient}\nsubject: message {number}\n\nbody\n".encode())
        machine.log.wait(r"end msg", count=number)
        machine.log.wait(rf"delivery {number}: success: (192\.0\.2\.2[56]|2001:db8::25)_accepted_message\./Remote_host_said:_250_")
    assert sum(b"subject: message" in path.read_bytes() for path in sink.iterdir()) == 5


def deliver_5(machine):
    """postmaster, in any case."""
    running(machine)
    inject(message=b"to: POSTmaster\n")
    machine.log.wait(r"end msg")
    (message,) = machine.maildir("alias")
    assert b"to: POSTmaster@mx.example.org\n" in message.lower().replace(b"postmaster", b"POSTmaster")


def deliver_6(machine):
    """root's mail, like postmaster's, has a place to go."""
    running(machine)
    inject(message=b"to: root\n")
    inject(message=b"to: mailer-daemon\n")
    machine.log.wait(r"end msg", count=2)
    assert len(machine.maildir("alias")) == 2


def deliver_7(machine):
    """A double bounce reaches postmaster."""
    running(machine)
    inject("-f", "nonexistent", message=b"To: unknownuser\nSubject: testing\n\nThis is a test. This is only a test.\n")
    machine.log.wait(r"end msg", count=3)
    machine.log.wait(r"from <#@\[\]> qp")
    (message,) = machine.maildir("alias")
    assert b"Subject: failure notice" in message and b"unknownuser@mx.example.org" in message


def deliver_8(machine):
    """A dot-qmail extension runs a command with the user's groups."""
    home = running(machine)
    (home / ".qmail-groups").write_text("|groups >> MYGROUPS; exit 0\n")
    inject("me-groups", message=b"")
    machine.log.wait(r"delivery 1: success: did_0\+0\+1/")
    assert (home / "MYGROUPS").read_text().split() == ["me"]


if __name__ == "__main__":
    main(globals())
