#!/usr/bin/env python3
"""No open relay, ever by accident (RELIABILITY promise: qmail-smtpd(8), qmail-run(8))."""
import smtplib
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, PATIENCE, connect, run, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402


def prepared(machine):
    machine.install()
    machine.add_user("me")
    machine.start_dns()


def refused(machine, recipient):
    with machine.smtp() as client:
        client.helo()
        client.mail("joe@remote.example")
        code, text = client.rcpt(recipient)
    return code == 553 and text == b"sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"


def relay_third_party(machine):
    """A stranger may write to us, and through us to nobody, however the address is dressed up."""
    prepared(machine)
    machine.start()
    wait_for_port(25)
    for recipient in ("joe@remote.example", "joe%remote.example@elsewhere.example", "@mx.example.org:joe@remote.example",
                      '"joe@remote.example"@elsewhere.example', "joe@[192.0.2.25]", "joe@example.org.evil.example"):
        assert refused(machine, f"<{recipient}>"), recipient
    for recipient in ("me@example.org", "me@EXAMPLE.org", "postmaster@mx.example.org"):
        assert not refused(machine, f"<{recipient}>"), recipient


def relay_own_network(machine):
    """This machine itself may relay; that is what the installed rules say, and only they."""
    prepared(machine)
    machine.start()
    wait_for_port(25)
    with smtplib.SMTP("127.0.0.1", 25, "client.example", PATIENCE) as client:
        client.helo()
        client.mail("me@example.org")
        assert client.rcpt("joe@remote.example")[0] == 250


def relay_empty_rcpthosts(machine):
    """An empty file is legal, and refuses every recipient that has a host."""
    prepared(machine)
    machine.control("rcpthosts")
    machine.start()
    wait_for_port(25)
    assert refused(machine, "<me@example.org>")


def relay_missing_rcpthosts(machine):
    """Without the file no listener opens, the log names it, and mail from this machine still flows."""
    prepared(machine)
    (HOME / "control/rcpthosts").unlink()
    machine.start()
    machine.log.wait(r"control/rcpthosts")
    run("sendmail", "me", stdin=b"Subject: still sending\n\n")
    machine.log.wait(r"end msg")
    with socket.socket() as probe:
        probe.settimeout(PATIENCE)
        assert probe.connect_ex(("192.0.2.1", 25)) != 0


def relay_file_removed_later(machine):
    """The file goes while the listener is open: every connection gets 421."""
    prepared(machine)
    machine.start()
    wait_for_port(25)
    (HOME / "control/rcpthosts").unlink()
    with connect() as connection:
        stream = connection.makefile("rb")
        line = stream.readline()
        assert line.startswith(b"421 ") and b"(#4.3.5)" in line, line
        assert stream.read() == b""


if __name__ == "__main__":
    main(globals())
