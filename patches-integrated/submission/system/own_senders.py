#!/usr/bin/env python3
"""Submission on a whole machine: the ports that qmail-run opens, and what who has logged in there may send."""
import re
import signal
import smtplib
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[3] / folder) for folder in ("tests/support", "tests/system")]
from machine import HOME, PATIENCE, connect, run, wait_for_port, wait_until  # noqa: E402
from pop3_box import CHECKER, PASSWORD, USER  # noqa: E402
from scenario import main  # noqa: E402
from secured import install, put  # noqa: E402
from tls import client_context, make_pair  # noqa: E402

MESSAGE = f"From: {USER}\r\nTo: joe@remote.example\r\nSubject: hello\r\n\r\nhi\r\n"


class Client(smtplib.SMTP):
    """On the remote host."""

    def _get_socket(self, host, port, timeout):
        connection = connect(port, host)
        return client_context().wrap_socket(connection, server_hostname="mx.example.org") if port == 465 else connection


def client_of(port):
    return Client("192.0.2.1", port, "client.example", PATIENCE)


def open_the_ports(machine):
    """True if clients can log in: without the feature that lets them there is nothing to try."""
    install(machine)
    checker = machine.add_user(USER) / "checker"
    checker.write_text(CHECKER)
    checker.chmod(0o755)
    put("servercert.pem", make_pair("mx.example.org").both)
    machine.control("checkpassword", str(checker))
    machine.control("concurrencysubmission", "5")
    put("tcp.submission", ':allow,SMTPAUTH=""\n', 0o644)
    run("tcprules", str(HOME / "control/tcp.submission.cdb"), str(HOME / "control/tcp.submission.tmp"), stdin=(HOME / "control/tcp.submission").read_bytes())
    machine.start()
    machine.log.wait("ucspi-tlsd: status: ready")
    machine.log.wait("qmail-authd: status: ready")
    for port in (25, 465, 587):
        wait_for_port(port)
    with client_of(465) as client:
        client.ehlo()
        return client.has_extn("auth")


def own_senders_log_in_first(machine):
    open_the_ports(machine)
    for port in (587, 465):
        with client_of(port) as client:
            client.ehlo()
            assert client.mail(f"{USER}@example.org") == (530, b"Authentication required (#5.7.0)"), port
    # Mail from outside is another matter.
    with client_of(25) as client:
        client.ehlo()
        assert client.mail("joe@remote.example")[0] == 250 and client.rcpt(f"{USER}@example.org")[0] == 250
        assert client.rcpt("joe@remote.example")[0] == 553


def own_senders_send(machine):
    if not open_the_ports(machine):
        return
    for number, port in enumerate((465, 587), 1):
        with client_of(port) as client:
            client.ehlo()
            if port == 587 and not client.has_extn("starttls"):
                continue
            if port == 587:
                client.starttls(context=client_context())
            client.login(USER, PASSWORD)
            assert client.mail("boss@example.org") == (553, b"sorry, that sender is not yours (#5.7.1)")
            assert client.mail(f"{USER}-list@example.org")[0] == 250
            assert client.rcpt("joe@remote.example")[0] == 250
            client.rset()
            client.sendmail(f"{USER}@example.org", f"{USER}@example.org", MESSAGE)
        machine.log.wait(f"qmail-smtpd: warning: {USER} may not send as boss@example.org: allow it in control/submissionsenders", count=number)
        wait_until(lambda: len(machine.maildir(USER)) == number)
    for message in machine.maildir(USER):
        assert re.search(rb"\n  by mx\.example\.org with ESMTPSA \(TLSv1\.3 \S+\); ", message), message
        assert re.search(rb"\nDate: .* -0000\nMessage-ID: <\S+@\S+>\nFrom: me@\S*example\.org\nTo: joe@remote\.example\n", message), message


def own_senders_may_be_others_where_the_file_says_so(machine):
    """At once, also in residents that have served before."""
    if not open_the_ports(machine):
        return
    for allowed in (False, True):
        with client_of(465) as client:
            client.login(USER, PASSWORD)
            assert client.mail("boss@example.org")[0] == (250 if allowed else 553)
            client.rset()
        machine.control("submissionsenders", f"{USER}:boss@example.org")


def own_senders_ports_close(machine):
    """Without the file the ports are closed as they always were, and a running system opens them on HUP."""
    install(machine)
    machine.start()
    wait_for_port(25)
    for port in (587, 465):
        try:
            connect(port).close()
            raise AssertionError(port)
        except ConnectionRefusedError:
            pass
    machine.control("concurrencysubmission", "5")
    machine.daemon.send_signal(signal.SIGHUP)
    wait_for_port(587)


if __name__ == "__main__":
    main(globals())
