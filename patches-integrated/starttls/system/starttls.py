#!/usr/bin/env python3
"""STARTTLS on a whole machine: other mail servers send us their mail by it, and who may do what is as it should be."""
import json
import re
import signal
import smtplib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "tests/support"))
from machine import ANSWERS, HOME, PATIENCE, run, run_as, run_remote, wait_for_port  # noqa: E402
from peers import send_by_exim, start_postfix  # noqa: E402
from sandbox import remote_network  # noqa: E402
from scenario import main  # noqa: E402
from tls import client_context, make_pair  # noqa: E402

AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.example.org", authority=AUTHORITY)
MESSAGE = b"From: joe@remote.example\nTo: me@example.org\nSubject: hello\n\nhi\n"


def put(name, text, mode):
    path = HOME / "control" / name
    path.touch(mode=mode)
    path.write_text(text)


def running(machine, certificate=True):
    machine.place()
    ANSWERS.write_text(json.dumps({**json.loads(ANSWERS.read_text()), "tls": True}))
    run("qmail-install", "--answers", str(ANSWERS), "--yes")
    machine.add_user("me")
    put("ca.pem", AUTHORITY.certificate, 0o644)
    machine.start_dns()
    if certificate:
        put("servercert.pem", PAIR.both, 0o600)
    machine.start()
    if certificate:
        machine.log.wait("ucspi-tlsd: status: ready")
    wait_for_port(25)


def expect_one_secured(machine):
    machine.log.wait(r"qmail-smtpd: secured (192\.0\.2\.25|2001:db8::25) TLSv1\.3 ")
    machine.log.wait("end msg")
    [message] = machine.maildir("me")
    assert b"\n  by mx.example.org with ESMTPS (TLSv1.3 " in message, message


def starttls_postfix_sends(machine):
    """Postfix, which takes no server that cannot prove its name."""
    running(machine)
    start_postfix(machine, "smtp_tls_security_level = verify", f"smtp_tls_CAfile = {HOME}/control/ca.pem", "smtp_tls_loglevel = 1")
    run_remote("/usr/sbin/smtp-source", "-f", "joe@remote.example", "-t", "me@example.org", "192.0.2.25:25")
    expect_one_secured(machine)
    # It goes by either family.
    assert re.search(r"Verified TLS connection established to mx\.example\.org\[\S+\]:25", Path("/var/log/postfix.log").read_text())


def starttls_exim_sends(machine):
    """Exim, with another TLS library."""
    running(machine)
    log = send_by_exim(machine, "joe@remote.example", "me@example.org", MESSAGE, "hosts_require_tls = *", f"tls_verify_certificates = {HOME}/control/ca.pem",
                       "tls_verify_hosts = *", "tls_verify_cert_hostnames = *")
    assert " CV=yes " in log, log
    expect_one_secured(machine)


def starttls_swaks_and_openssl(machine):
    running(machine)
    run_remote("swaks", "--server", "192.0.2.1", "--tls", "--tls-verify", "--tls-ca-path", str(HOME / "control/ca.pem"), "--tls-sni", "mx.example.org",
               "--from", "joe@remote.example", "--to", "me@example.org")
    expect_one_secured(machine)
    told = run_remote("openssl", "s_client", "-starttls", "smtp", "-connect", "192.0.2.1:25", "-CAfile", str(HOME / "control/ca.pem"), "-verify_return_error",
                      "-verify_hostname", "mx.example.org", stdin=b"QUIT\n").stdout
    assert b"Verify return code: 0 (ok)" in told, told


def smtp():
    with remote_network():
        return smtplib.SMTP("192.0.2.1", 25, "client.example", PATIENCE)


def starttls_begins_with_a_certificate(machine):
    """Not before there is one, without a restart, and whose key nobody who talks to clients can read."""
    running(machine, certificate=False)
    with smtp() as client:
        client.ehlo()
        assert not client.has_extn("starttls") and client.docmd("STARTTLS")[0] == 502
    put("servercert.pem", PAIR.both, 0o600)
    machine.daemon.send_signal(signal.SIGHUP)
    machine.log.wait("ucspi-tlsd: status: ready")
    with smtp() as client:
        client.starttls(context=client_context())
        client.sendmail("joe@remote.example", "me@example.org", MESSAGE.decode())
    expect_one_secured(machine)
    assert run_as("me", "cat", str(HOME / "control/servercert.pem"), check=False).returncode != 0


def starttls_forced_for_some(machine):
    """FORCETLS in the rules of tcpserver."""
    running(machine)
    put("tcp.smtp", '192.0.2.26:allow\n:allow,FORCETLS="1"\n', 0o644)
    run("tcprules", str(HOME / "control/tcp.smtp.cdb"), str(HOME / "control/tcp.smtp.tmp"), stdin=(HOME / "control/tcp.smtp").read_bytes())
    with machine.smtp(source="192.0.2.26") as client:
        assert client.mail("joe@remote.example")[0] == 250
    with machine.smtp(source="192.0.2.25") as client:
        assert client.mail("joe@remote.example") == (530, b"Must issue a STARTTLS command first (#5.7.0)")


if __name__ == "__main__":
    main(globals())
