#!/usr/bin/env python3
"""docs/install/TEST.receive.md, step by step: receive_N is its step N."""
import re
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import PATIENCE, run_as, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402


def running(machine):
    machine.install()
    machine.add_user("me")
    machine.start_dns()
    machine.start()
    wait_for_port(25)


def receive_1(machine):
    """An SMTP dialogue by hand, with the addresses as loosely written as the old books have them."""
    running(machine)
    with socket.create_connection(("127.0.0.1", 25), PATIENCE) as connection:
        stream = connection.makefile("rw", newline="")

        def say(line, expected):
            stream.write(line + "\r\n")
            stream.flush()
            reply = stream.readline().rstrip()
            assert re.fullmatch(expected, reply), (line, reply)

        assert stream.readline().rstrip() == "220 mx.example.org ESMTP"
        say("helo dude", "250 mx.example.org")
        say("mail <me@mx.example.org>", "250 ok")
        say("rcpt <me@mx.example.org>", "250 ok")
        say("data", "354 go ahead")
        say("Subject: testing\r\n\r\nThis is a test.\r\n.", r"250 ok \d+ qp \d+")
        say("quit", "221 mx.example.org")
        assert stream.read() == ""
    machine.log.wait(r"end msg")
    (message,) = machine.maildir("me")
    assert b"Received: from localhost (HELO dude) (127.0.0.1)\n  by mx.example.org with SMTP; " in message.replace(b"unknown", b"localhost"), message


def receive_2(machine):
    """Remote to local, over IPv4 and over IPv6."""
    running(machine)
    for number, address in enumerate(("192.0.2.1", "2001:db8::1"), 1):
        with machine.smtp(address) as client:
            client.sendmail("joe@remote.example", ["me@example.org"], b"Subject: hello\r\n\r\nhi\r\n")
        machine.log.wait(r"end msg", count=number)
    assert len(machine.maildir("me")) == 2


def receive_3(machine):
    """Remote to an unknown user: the bounce travels back to the remote sender."""
    running(machine)
    sink = machine.start_sink("192.0.2.25:25")
    with machine.smtp() as client:
        client.sendmail("joe@remote.example", ["nobodyhere@example.org"], b"Subject: hello\r\n\r\nhi\r\n")
    machine.log.wait(r"end msg", count=2)
    (bounce,) = list(sink.iterdir())
    assert b"<nobodyhere@example.org>:" in bounce.read_bytes()


def receive_4(machine):
    """A mail reader that calls sendmail: local and remote."""
    running(machine)
    sink = machine.start_sink("192.0.2.25:25")
    for number, recipient in enumerate(("me", "joe@remote.example"), 1):
        run_as("me", "s-nail", "-:/", "-S", "mta=/usr/sbin/sendmail", "-s", "from a mail reader", recipient, stdin=b"hello\n")
        machine.log.wait(r"end msg", count=number)
    (message,) = machine.maildir("me")
    assert b"Subject: from a mail reader" in message
    assert len(list(sink.iterdir())) == 1


def receive_5(machine):
    """Remote to PoStMaStEr."""
    running(machine)
    with machine.smtp() as client:
        client.sendmail("joe@remote.example", ["PoStMaStEr@mx.example.org"], b"Subject: hello\r\n\r\nhi\r\n")
    machine.log.wait(r"end msg")
    assert len(machine.maildir("alias")) == 1


if __name__ == "__main__":
    main(globals())
