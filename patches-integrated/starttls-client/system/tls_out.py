#!/usr/bin/env python3
"""Mail that leaves an installed machine over TLS (control/tlspolicy), to servers of others."""
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "tests/support"))
from machine import ANSWERS, run, wait_until  # noqa: E402
from peers import start_exim, start_postfix  # noqa: E402
from scenario import main  # noqa: E402
from tls import make_pair  # noqa: E402

AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.remote.example", authority=AUTHORITY)
POSTFIX_LOG = Path("/var/log/postfix.log")
SUCCESS = r"delivery \d+: success: 192\.0\.2\.25_accepted_message\./Remote_host_said:_250_2\.0\.0_Ok:_queued_as_\w+/"
SECURED = SUCCESS + r"Connection:_secured_with_TLSv1\.3_TLS_\w+,_certificate_"


def running(machine, *policies):
    machine.place()
    ANSWERS.write_text(json.dumps({**json.loads(ANSWERS.read_text()), "tls": True}))
    run("qmail-install", "--answers", str(ANSWERS), "--yes")
    machine.add_user("me")
    machine.start_dns()
    machine.control("tlspolicy", *policies)
    machine.control("serverca.pem", AUTHORITY.certificate.rstrip("\n"))
    machine.start()
    machine.log.wait("ucspi-tlsc: status: ready")


def start_postfix_with_tls(machine, level):
    pair = Path("/etc/mx.pem")
    pair.write_text(PAIR.key + PAIR.certificate)
    start_postfix(machine, f"smtpd_tls_chain_files = {pair}", "smtpd_tls_loglevel = 1", f"smtpd_tls_security_level = {level}")


def send():
    run("sendmail", "-f", "me@example.org", "joe@remote.example", stdin=b"Subject: away\n\nhi\n")


def tls_out_to_postfix(machine):
    """A policy for nobody in particular: TLS as the server has it. Messages share connections, as without TLS."""
    running(machine)
    start_postfix_with_tls(machine, "encrypt")
    # Not as long as control files are so young that the next edit might not show.
    for sent in range(1, 101):
        send()
        machine.log.wait(SECURED + "not_verified/", count=sent)
        wait_until(lambda count=sent: POSTFIX_LOG.read_text().count("message-id=") == count)  # it is written after the answer
        if POSTFIX_LOG.read_text().count("TLS connection established from") < sent:
            return
    raise AssertionError(POSTFIX_LOG.read_text())


def tls_out_to_whom_is_who_he_says(machine):
    """The exchanger's certificate is for its name; the one of another name is not taken, and nothing goes to it."""
    running(machine, "remote.example:verify")
    start_postfix_with_tls(machine, "may")
    send()
    machine.log.wait(SECURED + r"verified_for_mx\.remote\.example/")
    machine.control("tlspolicy", "remote.example:verify:other.example")
    send()
    machine.log.wait(r"deferral: Connected_to_192\.0\.2\.25_but_it_was_not_secured:_TLS_handshake_failed:_hostname_mismatch\._\(#4\.7\.5\)/")
    assert POSTFIX_LOG.read_text().count("message-id=") <= 1


def tls_out_to_exim(machine):
    """Another server with another TLS library."""
    running(machine, ":verify")
    log = start_exim(machine, PAIR)
    send()
    machine.log.wait(r"success: 192\.0\.2\.25_accepted_message\./Remote_host_said:_250_OK_id=[^/]+/Connection:_secured_with_TLSv1\.3_TLS_\w+,"
                     r"_certificate_verified_for_mx\.remote\.example/")
    wait_until(lambda: re.search(r"<= me@example\.org .* P=esmtps X=TLS1\.3", log.read_text()))


def tls_out_where_there_is_none(machine):
    """A server without TLS: one policy sends in clear, the other waits."""
    running(machine)
    start_postfix(machine)
    send()
    machine.log.wait(SUCCESS + "Connection:_not_secured:_the_server_offers_no_STARTTLS/")
    machine.control("tlspolicy", ".example:encrypt")
    send()
    machine.log.wait(r"deferral: Connected_to_192\.0\.2\.25_but_the_server_offers_no_STARTTLS,_and_control/tlspolicy_wants_TLS\._\(#4\.7\.5\)/")


if __name__ == "__main__":
    main(globals())
