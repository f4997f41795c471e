#!/usr/bin/env python3
"""Mailing lists on a running machine: of addresses, with qlist, with mlmmj, a whole list manager, and the way to Mailman."""
import contextlib
import re
import sys
import textwrap
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, run, run_as, wait_for_port, wait_until  # noqa: E402
from mail import Sink  # noqa: E402
from scenario import main  # noqa: E402

JOE = "joe@remote.example"
MLMMJ = Path("/var/spool/mlmmj")
TEAM = MLMMJ / "team"


def running(machine, *users):
    for user in users:
        machine.add_user(user)
    machine.start_dns()
    machine.start()
    wait_for_port(25)
    return Sink()


def write_to(machine, recipient, text="", sender=JOE):
    """From the remote host."""
    with machine.smtp() as client:
        client.sendmail(sender, [recipient], f"From: {sender}\r\nTo: {recipient}\r\n{text}\r\n")


def arrived(sink, recipient, number, pattern):
    """The number-th message there, once it is there: what the pattern finds in it."""
    wait_until(lambda: len(sink.of(recipient)) >= number)
    message = sink.of(recipient)[number - 1].decode().replace("\r\n", "\n")
    found = re.search(pattern, message, re.M)
    assert found, message
    return found


# -- addresses in a file -------------------------------------------------


def refuse_gone(recipient):
    return "550 no such user" if recipient.startswith("gone@") else "250 ok"


def maillists_verp(machine):
    """What ezmlm builds on: a list that is a link, a sender for each of its recipients, and bounces that a command takes: one of
    ours for all that failed, and one of another host for the recipient whose sender it is to."""
    machine.install()
    sink = running(machine, "me", "ann")
    sink.answer = refuse_gone
    run_as("me", "mkdir", "SOS")
    run_as("me", "tee", "SOS/editor", stdin=f"&ann@example.org\n&{JOE}\n&gone@remote.example\n&gone@example.org\n".encode())
    run_as("me", "ln", "-s", "SOS/editor", ".qmail-sos")
    run_as("me", "touch", ".qmail-sos-owner")
    run_as("me", "tee", ".qmail-sos-owner-default", stdin=b'|(echo "<$DEFAULT>"; cat) >>bounced\n')
    write_to(machine, "me-sos@example.org", "Subject: hello\r\n")
    arrived(sink, JOE, 1, r"^Subject: hello$")
    machine.log.wait(r"end msg", count=3)
    assert machine.maildir("ann")[0].startswith(b"Return-Path: <me-sos-owner-ann=example.org@example.org>\n")
    bounced = Path("/home/me/bounced")
    text = bounced.read_text()
    assert text.startswith("<>\n") and "\n<gone@remote.example>:\n" in text and "\n<gone@example.org>:\n" in text, text
    write_to(machine, "me-sos-owner-joe=remote.example@example.org", "Subject: failed\r\n", sender="")
    wait_until(lambda: "<joe=remote.example>\n" in bounced.read_text())


# -- qlist ---------------------------------------------------------------


def with_qlist(machine, options=""):
    """As the page says, by the user."""
    machine.install()
    sink = running(machine, "me", "ann")
    for name in (".qmail-ifweb", ".qmail-ifweb-owner"):
        run_as("me", "touch", name)
    run_as("me", "tee", ".qmail-ifweb-request", stdin=f"| qlist2 {options} ifweb example.org\n".encode())
    return sink


def subscribers():
    return Path("/home/me/.qmail-ifweb").read_text()


def maillists_qlist(machine):
    """Somebody subscribes, gets what is posted, and unsubscribes; each time his word is needed."""
    sink = with_qlist(machine)
    write_to(machine, "me-ifweb-request@example.org")
    subject = arrived(sink, JOE, 1, r"^Subject: (confirm subscribe .*)$")[1]
    assert subscribers() == ""
    write_to(machine, "me-ifweb-request@example.org", f"Subject: Re: {subject}\r\n")
    arrived(sink, JOE, 2, r"^joe@remote\.example is a subscriber now\.$")
    assert subscribers() == f"&{JOE}\n"
    machine.log.wait(r"end msg", count=4)
    # The owner was told, and then reads what is posted as a subscriber does.
    (told,) = machine.maildir("me")
    assert b"\njoe@remote.example is a subscriber now.\n" in told
    write_to(machine, "me-ifweb@example.org", "Subject: hello all\r\n", sender="ann@elsewhere.example")
    arrived(sink, JOE, 3, r"^Subject: hello all$")
    machine.log.wait(r"from <me-ifweb-owner@example\.org>")
    write_to(machine, "me-ifweb-request@example.org", "\r\nunsubscribe\r\n")
    subject = arrived(sink, JOE, 4, r"^Subject: (confirm unsubscribe .*)$")[1]
    write_to(machine, "me-ifweb-request@example.org", f"\r\n{subject}\r\n")
    arrived(sink, JOE, 5, r"^joe@remote\.example is no subscriber any more\.$")
    assert subscribers() == ""


def maillists_qlist_immediately(machine):
    """With -i nobody is asked, as in the beginning."""
    sink = with_qlist(machine, "-i")
    write_to(machine, "me-ifweb-request@example.org")
    arrived(sink, JOE, 1, r"^\* joe@remote\.example is a subscriber now\.$")
    assert subscribers() == f"&{JOE}\n"


def maillists_qlist_and_programs(machine):
    """Who is away answers no question, and so confirms nothing; the bounce of a question is the end of it."""
    with_qlist(machine)
    Path("/home/ann/.qmail").write_text("|qmail-vacation -j\n./Maildir/\n")
    write_to(machine, "me-ifweb-request@example.org", "Reply-To: ann@example.org\r\n")
    machine.log.wait(r"qmail-vacation:_no_answer:_the_sender_is_empty/")
    assert b"\nSubject: confirm subscribe " in machine.maildir("ann")[0]
    write_to(machine, "me-ifweb-request@example.org", "Reply-To: nobody@example.org\r\n")
    machine.log.wait(r"failure: Sorry,_no_mailbox_here_by_that_name")
    machine.drain()
    assert subscribers() == ""
    assert machine.maildir("me") == [] and machine.maildir("alias")[0].count(b"nobody@example.org") > 0


# -- mlmmj ---------------------------------------------------------------


def with_mlmmj(machine):
    """As docs/tutorial/list-mlmmj.md says."""
    machine.install()
    machine.place_peer("mlmmj")
    run("useradd", "--system", "--home-dir", str(MLMMJ), "--shell", "/usr/sbin/nologin", "mlmmj")
    MLMMJ.mkdir(exist_ok=True)
    run("mlmmj-make-ml", "-L", "team", "-c", "mlmmj", stdin=b"lists.example.org\nme@example.org\nen\ny\n")
    (TEAM / "control/delimiter").write_text("-\n")
    line = f"|/usr/bin/mlmmj-receive -L {TEAM}\n"
    (MLMMJ / ".qmail-team").write_text(line)
    (MLMMJ / ".qmail-team-default").write_text(line)
    run("chown", "-R", "mlmmj:", str(MLMMJ))
    with (HOME / "control/rcpthosts").open("a") as file:
        file.write("lists.example.org\n")
    machine.control("virtualdomains", "lists.example.org:mlmmj")
    return running(machine, "me")


def members():
    return run("/usr/bin/mlmmj-list", "-L", str(TEAM)).stdout.decode().split()


def maillists_mlmmj(machine):
    """Subscription with confirmation, a post, and the way out, all by mail."""
    sink = with_mlmmj(machine)
    write_to(machine, "team-subscribe@lists.example.org")
    confirm = arrived(sink, JOE, 1, r"team-confsub-[^@\s]+@lists\.example\.org")[0]
    assert members() == []
    write_to(machine, confirm)
    arrived(sink, JOE, 2, r"^Subject: \S*Welcome")
    assert members() == [JOE]
    write_to(machine, "team@lists.example.org", "Subject: hello team\r\n", sender="ann@elsewhere.example")
    arrived(sink, JOE, 3, r"^Subject: hello team$")
    # Each subscriber's copy has a sender that names him.
    machine.log.wait(r"from <team-bounces-1-joe=remote\.example@lists\.example\.org>")
    write_to(machine, "team-unsubscribe@lists.example.org")
    confirm = arrived(sink, JOE, 4, r"team-confunsub-[^@\s]+@lists\.example\.org")[0]
    write_to(machine, confirm)
    arrived(sink, JOE, 5, r"^Subject: \S*Goodbye")
    assert members() == []


def maillists_mlmmj_bounces(machine):
    """The bounce of a copy tells mlmmj whose it was: of one that we refuse ourselves, and of one that another host refuses."""
    sink = with_mlmmj(machine)
    sink.answer = refuse_gone
    for address in (JOE, "gone@remote.example", "gone@example.org"):
        run("setpriv", "--reuid=mlmmj", "--regid=mlmmj", "--clear-groups", "/usr/bin/mlmmj-sub", "-L", str(TEAM), "-a", address)
    write_to(machine, "team@lists.example.org", "Subject: hello team\r\n")
    arrived(sink, JOE, 1, r"^Subject: hello team$")
    for address in ("gone=remote.example", "gone=example.org"):
        record = TEAM / "bounce" / address
        wait_until(lambda: record.exists() and record.read_text())
        assert re.match(r"1:\d+ #", record.read_text()), record.read_text()
    assert not (TEAM / "bounce/joe=remote.example").exists()


# -- Mailman 3 -----------------------------------------------------------


def maillists_mailman(machine):
    """The program of docs/tutorial/list-mailman.md gives each message to Mailman, for which something else stands here, with the
    address that it was sent to, and has it wait or bounce as the answer says."""
    machine.install()
    page = (Path(__file__).parents[2] / "docs/tutorial/list-mailman.md").read_text()
    program = Path("/usr/local/bin/to-mailman")
    program.write_text(textwrap.dedent(re.search(r" *```python\n(.*?)```", page, re.S)[1]))
    program.chmod(0o755)
    (HOME / "alias/.qmail-mailman-default").write_text(f"|{program}\n")
    with (HOME / "control/rcpthosts").open("a") as file:
        file.write("lists.example.org\n")
    machine.control("virtualdomains", "lists.example.org:alias-mailman")
    running(machine)
    write_to(machine, "Team-join@lists.example.org", "Subject: hello\r\n\r\n.dot\r\n")
    machine.log.wait(r"deferral: no_answer_from_Mailman:")
    answers = {"nobody@lists.example.org": "550 no such list", "busy@lists.example.org": "451 not now"}
    mailman = Sink(lambda recipient: answers.get(recipient, "250 ok"), "127.0.0.1", 8024, contextlib.nullcontext)
    machine.drain()
    (message,) = mailman.of("Team-join@lists.example.org")
    assert b"\r\nSubject: hello\r\n\r\n.dot\r\n" in message
    write_to(machine, "busy@lists.example.org")
    machine.log.wait(r"deferral: not_now/")
    write_to(machine, "nobody@lists.example.org")
    machine.log.wait(r"failure: no_such_list/")


if __name__ == "__main__":
    main(globals())
