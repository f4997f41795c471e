#!/usr/bin/env python3
"""Other people's programs as clients and as peers: what they send arrives, what we send they take."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import run, run_as, run_remote, wait_for_port, wait_until  # noqa: E402
from peers import start_postfix  # noqa: E402
from scenario import main  # noqa: E402

MESSAGE = b"From: joe@remote.example\r\nTo: me@example.org\r\nSubject: hello\r\n\r\n.a line that starts with a dot\r\nlast line\r\n"


def running(machine):
    machine.install()
    machine.add_user("me")
    machine.start_dns()
    machine.start()
    wait_for_port(25)


def expect_one(machine, *parts):
    machine.log.wait(r"end msg")
    (message,) = machine.maildir("me")
    for part in parts:
        assert part in message, (part, message)


def clients_swaks(machine):
    running(machine)
    run_remote("swaks", "--server", "192.0.2.1", "--from", "joe@remote.example", "--to", "me@example.org", "--pipeline",
        "--header", "Subject: from swaks", "--body", ".dot\nlast")
    expect_one(machine, b"Subject: from swaks\n", b"\n.dot\nlast")


def clients_msmtp(machine):
    running(machine)
    run_remote("msmtp", "--host=192.0.2.1", "--from=joe@remote.example", "--tls=off", "--auth=off", "me@example.org",
        stdin=MESSAGE.replace(b"\r\n", b"\n"))
    expect_one(machine, b"\n.a line that starts with a dot\nlast line\n")


def clients_curl(machine):
    running(machine)
    run_remote("curl", "-sS", "smtp://192.0.2.1", "--mail-from", "joe@remote.example", "--mail-rcpt", "me@example.org",
        "--upload-file", "-", stdin=MESSAGE)
    expect_one(machine, b"\n.a line that starts with a dot\nlast line\n")


def clients_smtplib(machine):
    running(machine)
    with machine.smtp() as client:
        client.sendmail("joe@remote.example", ["me@example.org"], MESSAGE)
    expect_one(machine, b"\n.a line that starts with a dot\nlast line\n")


def clients_sendmail_t(machine):
    """`sendmail -t` takes the recipients from the header and drops Bcc."""
    running(machine)
    run("sendmail", "-t", stdin=b"To: me@example.org\nBcc: postmaster\nSubject: by sendmail\n\nhi\n")
    machine.log.wait(r"end msg")
    (message,) = machine.maildir("me")
    assert b"Bcc" not in message
    assert len(machine.maildir("alias")) == 1


def queue_confined(message):
    """The code of a qmail-queue that `me` runs in a sandbox without new privileges."""
    confined = ["setpriv", "--reuid=me", "--regid=me", "--init-groups", "--no-new-privs", "/var/qmail/bin/qmail-queue"]
    with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as read_too:
        read.write(b"Subject: confined\n\n" + message)
        read_too.write(b"Fme@example.org\0Tme@example.org\0\0")
        for file in (read, read_too):
            file.seek(0)
        return subprocess.run(confined, stdin=read, stdout=read_too, cwd="/").returncode


def clients_without_new_privileges(machine):
    """Where setuid does nothing qmail-queue is a client of the resident one, for messages of any size."""
    running(machine)
    assert Path("/var/qmail/bin/qmail-queue").stat().st_mode & 0o4000
    wait_until(Path("/var/qmail/run/queue").exists)
    for number, message in enumerate((b"small", b"large\n" * 100_000), 1):
        assert queue_confined(message) == 0
        machine.log.wait(r"end msg", count=number)
    run_as("me", "setpriv", "--no-new-privs", "/var/qmail/bin/qmail-inject", "me", stdin=b"\n" + b"large\n" * 100_000)
    machine.log.wait(r"end msg", count=3)
    assert len(machine.maildir("me")) == 3
    uid = run("id", "-u", "me").stdout.strip()
    assert all(b"invoked by uid " + uid in text for text in machine.maildir("me"))


def clients_without_new_privileges_or_a_queue(machine):
    """And without the resident one it refuses for now."""
    running(machine)
    machine.stop()
    assert 50 < queue_confined(b"small") < 100
    done = run_as("me", "setpriv", "--no-new-privs", "/var/qmail/bin/qmail-inject", "me", stdin=b"\n", check=False)
    assert done.returncode == 111, done
    assert not [name for folder in ("todo", "mess", "pid", "intd") for _, _, names in os.walk(f"/var/qmail/queue/{folder}")
                for name in names]


def clients_postfix_sends(machine):
    """Postfix hands us a message from its own queue."""
    running(machine)
    start_postfix(machine)
    run_remote("/usr/sbin/smtp-source", "-f", "joe@remote.example", "-t", "me@example.org", "-m", "3", "192.0.2.25:25")
    machine.log.wait(r"end msg", count=3)
    messages = machine.maildir("me")
    assert len(messages) == 3 and all(b"(HELO mx.remote.example)" in message or b"from mx.remote.example" in message for message in messages)


def clients_postfix_receives(machine):
    """Postfix takes what we send to its domain, and its bounce for an unknown user comes back."""
    running(machine)
    start_postfix(machine)
    run("sendmail", "-f", "me@example.org", "joe@remote.example", stdin=b"Subject: to postfix\n\nhi\n")
    machine.log.wait(r"delivery 1: success: 192\.0\.2\.25_accepted_message\./Remote_host_said:_250_2\.0\.0_Ok:_queued")


def clients_smtp_source_load(machine):
    """Twenty sessions at once, five hundred messages: every one is in the Maildir."""
    running(machine)
    machine.place_peer("postfix")
    run_remote("/usr/sbin/smtp-source", "-s", "20", "-m", "500", "-l", "4096", "-f", "joe@remote.example", "-t", "me@example.org", "192.0.2.1:25")
    machine.log.wait(r"end msg", count=500)
    assert len(machine.maildir("me")) == 500
    assert "messages in queue: 0\n" in run("qmail-qstat").stdout.decode()


if __name__ == "__main__":
    main(globals())
