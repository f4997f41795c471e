#!/usr/bin/env python3
"""What sendmail's users know, on a running machine: /etc/aliases, .forward, vacation, a mailbox with a quota."""
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, run, run_as, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402


def running(machine):
    machine.install()
    machine.add_user("me")
    machine.start()
    wait_for_port(25)


def send(*recipients, sender="me@example.org", text="Subject: hello\n\nhi\n"):
    run("sendmail", "-f", sender, *recipients, stdin=text.encode())


def aliases_of_sendmail(machine):
    """An alias, a list with an owner, a program and a loop; and an address that is none bounces."""
    running(machine)
    machine.add_user("ann")
    Path("/etc/aliases").write_text("info: me, ann\nteam: :include:/etc/team\nowner-team: me\nfax: \"|cat >/tmp/fax\"\nround: about, me\nabout: round\n")
    Path("/etc/team").write_text("ann\n")
    (HOME / "alias/.qmail-default").write_text("|fastforward -d /etc/aliases.cdb\n")
    Path("/tmp").chmod(0o1777)
    run("newaliases")
    run("/var/qmail/bin/newinclude", "/etc/team")
    send("info@example.org")
    machine.log.wait(r"end msg", count=2)
    assert len(machine.maildir("me")) == 1 and len(machine.maildir("ann")) == 1
    send("Team@example.org")
    machine.log.wait(r"end msg", count=4)
    assert any(text.startswith(b"Return-Path: <owner-team@mx.example.org>\n") for text in machine.maildir("ann"))
    send("fax@example.org")
    machine.log.wait(r"end msg", count=5)
    assert re.match(rb"From me@example.org [^\n]*\nReturn-Path: <me@example.org>\nDelivered-To: fax@example.org\n", Path("/tmp/fax").read_bytes())
    send("round@example.org")
    # Aliases for every host are followed through the queue, where Delivered-To finds the loop: after one round, for the
    # host was another one at first.
    machine.log.wait(r"delivery \d+: failure: This_message_is_looping")
    machine.drain()
    assert len(machine.maildir("me")) == 4
    send("nobody@example.org")
    machine.log.wait(r"delivery \d+: failure: Sorry,_no_mailbox_here_by_that_name\._\(#5\.1\.1\)/")


def aliases_of_a_missing_list(machine):
    """Mail for a list that is not there waits; it is not lost."""
    running(machine)
    Path("/etc/aliases").write_text("team: :include:/etc/team\n")
    (HOME / "alias/.qmail-default").write_text("|fastforward -d /etc/aliases.cdb\n")
    run("newaliases")
    send("team@example.org")
    machine.log.wait(r"delivery \d+: deferral: fastforward:_fatal:_unable_to_read_/etc/team\.bin:_file_does_not_exist/")
    Path("/etc/team").write_text("me\n")
    run("/var/qmail/bin/newinclude", "/etc/team")
    machine.drain()
    assert len(machine.maildir("me")) == 1


def aliases_dot_forward(machine):
    """.forward for everybody, as the first line of the default delivery; who has none gets his mail."""
    machine.install()
    for name in ("me", "ann"):
        machine.add_user(name)
    (HOME / "control/defaultdelivery").write_text("|dot-forward .forward\n./Maildir/\n")
    Path("/home/ann/.forward").write_text('\\ann, me, "|cat >got"\n')
    machine.start()
    wait_for_port(25)
    send("ann@example.org")
    machine.log.wait(r"end msg", count=2)
    assert len(machine.maildir("ann")) == 1 and len(machine.maildir("me")) == 1
    assert b"Delivered-To: ann@example.org\n" in Path("/home/ann/got").read_bytes()


def aliases_vacation(machine):
    """One answer, with the null sender, to a person; none to the answer itself."""
    running(machine)
    machine.add_user("ann")
    for name in ("me", "ann"):
        Path(f"/home/{name}/.qmail").write_text("|qmail-vacation\n./Maildir/\n")
    for _ in range(2):
        send("ann@example.org", text="To: ann@example.org\nSubject: hello\n\n")
        machine.log.wait(r"no_answer:_the_sender_is_empty/")
    machine.drain()
    assert len(machine.maildir("ann")) == 2
    (answer,) = machine.maildir("me")
    assert answer.startswith(b"Return-Path: <>\n") and b"\nAuto-Submitted: auto-replied\n" in answer and b"\nSubject: Auto: hello\n" in answer
    assert machine.log.wait(r"no_answer:_the_sender_has_had_one/")


def aliases_quota(machine):
    """A mailbox that is full bounces, and takes mail again when its owner has thrown some away."""
    running(machine)
    machine.add_user("ann")
    Path("/home/ann/.qmail").write_text("|preline -f deliverquota ./Maildir 2C\n")
    for number in range(1, 3):
        send("ann@example.org")
        machine.log.wait(r"end msg", count=number)
    send("ann@example.org")
    machine.log.wait(r"delivery \d+: failure: Sorry,_the_mailbox_is_full\._\(#5\.2\.2\)/")
    assert all(text.startswith(b"Return-Path: <me@example.org>\nDelivered-To: ann@example.org\n") for text in machine.maildir("ann"))
    # A reader that knows of quotas makes room.
    run_as("ann", "sh", "-c", "rm Maildir/new/*; echo '-1 -2' >>Maildir/maildirsize")
    machine.drain()
    send("ann@example.org")
    machine.drain()
    assert len(machine.maildir("ann")) == 1


if __name__ == "__main__":
    main(globals())
