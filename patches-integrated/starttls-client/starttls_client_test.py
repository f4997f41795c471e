#!/usr/bin/env python3
"""starttls_client_test.py TEST-BIN TEST: qmail-remote, ucspi-tlsc and a server, on loopback."""
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/support"))
from smtp_peer import SmtpServer  # noqa: E402
from tls import PATIENCE, Home, fingerprint, make_pair, server_context  # noqa: E402

BIN = Path(sys.argv[1])
AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.example", authority=AUTHORITY)
STOCK = "r\0K127.0.0.1 accepted message.\nRemote host said: 250 taken\n"


def send(server, *policies, tls=True, port=None, present=True):
    """All that qmail-remote prints for one message."""
    with Home(BIN) as home:
        home.control("me", "me.example\n")
        home.control("smtproutes", f":[127.0.0.1]:{port or server.port}\n")
        home.control("serverca.pem", AUTHORITY.certificate)
        if present:
            home.control("tlspolicy", "".join(line + "\n" for line in policies))
        if tls:
            home.start("ucspi-tlsc")
        done = subprocess.run([BIN / "qmail-remote", "b.example", "me@a.example", "you@b.example"], input=b"Subject: x\n\nhi\n",
                              capture_output=True, timeout=PATIENCE * 3, env=home.environment)
    assert done.returncode == 0 and done.stderr == b"", done
    return done.stdout.decode().removesuffix("\0")


def with_tls(**more):
    return SmtpServer(server_context(PAIR), **more)


def test_without_its_file_nothing_changes():
    with with_tls() as server:
        assert send(server, present=False) == STOCK
    assert [line.split()[0] for _, line in server.sessions[0]] == ["EHLO", "MAIL", "RCPT", "DATA", "QUIT"]


def test_an_empty_file_means_tls_where_the_server_has_it():
    with with_tls() as server:
        said = send(server)
    start = STOCK + "Connection: secured with TLSv1.3 TLS_"
    assert said.startswith(start) and said.endswith(", certificate not verified\n") and said.count("\n") == 3, said
    assert [(secured, line.split()[0]) for secured, line in server.sessions[0]] == [
        (False, "EHLO"), (False, "STARTTLS"), (True, "EHLO"), (True, "MAIL"), (True, "RCPT"), (True, "DATA"), (True, "QUIT")]
    assert server.messages == [b"Subject: x\r\n\r\nhi\r\n"]


def test_a_server_without_tls_gets_it_in_clear():
    with SmtpServer() as server:
        assert send(server) == STOCK + "Connection: not secured: the server offers no STARTTLS\n"


def test_a_failed_handshake_takes_another_connection():
    with SmtpServer(offers=lambda _: ["STARTTLS"]) as server:
        said = send(server)
    assert said.startswith(STOCK + "Connection: not secured: TLS handshake failed: "), said
    assert len(server.sessions) == 2 and not server.told("STARTTLS") and len(server.messages) == 1, server.sessions


def test_nothing_goes_in_clear_that_must_not():
    for policy in ("encrypt", "verify", "fingerprint:" + "ab" * 32):
        with SmtpServer() as server:
            assert send(server, f":{policy}") == (
                "ZConnected to 127.0.0.1 but the server offers no STARTTLS, and control/tlspolicy wants TLS. (#4.7.5)\n")
        assert not server.told("MAIL")
        with SmtpServer(offers=lambda _: ["STARTTLS"]) as server:
            said = send(server, f":{policy}")
        assert said.startswith("ZConnected to 127.0.0.1 but it was not secured: TLS handshake failed: "), said
        assert len(server.sessions) == 1 and not server.told("MAIL"), server.sessions
        with SmtpServer(offers=lambda _: ["STARTTLS"], starttls=b"454 later\r\n") as server:
            assert send(server, f":{policy}") == (
                "ZConnected to 127.0.0.1 but STARTTLS was refused.\nRemote host said: 454 later\n")
        assert not server.told("MAIL")


def test_without_the_tls_process_only_what_must_waits():
    with with_tls() as server:
        assert send(server, tls=False) == STOCK + "Connection: not secured: ucspi-tlsc is not running here\n"
        assert send(server, ":encrypt", tls=False) == (
            "ZConnected to 127.0.0.1 but ucspi-tlsc is not running here, and control/tlspolicy wants TLS. (#4.7.5)\n")
    assert not server.told("STARTTLS", 0) + server.told("STARTTLS", 1)


def test_the_name_is_verified():
    with with_tls() as server:
        said = send(server, "[127.0.0.1]:verify:mx.example")
        assert said.endswith(", certificate verified for mx.example\n"), said
        assert send(server, "[127.0.0.1]:verify:other.example") == (
            "ZConnected to 127.0.0.1 but it was not secured: TLS handshake failed: hostname mismatch. (#4.7.5)\n")
        said = send(server, ":verify")
        assert said.startswith("ZConnected to 127.0.0.1 but it was not secured: "), said
    assert len(server.messages) == 1


def test_the_fingerprint_is_verified():
    with with_tls() as server:
        said = send(server, ":fingerprint:" + fingerprint(PAIR))
        assert said.endswith(", certificate known by its fingerprint\n"), said
        said = send(server, ":fingerprint:" + fingerprint(AUTHORITY))
        assert said.startswith("ZConnected to 127.0.0.1 but it was not secured: "), said
    assert len(server.messages) == 1


def test_what_is_said_before_the_handshake_counts_for_nothing():
    """What somebody in between puts behind the answer to STARTTLS is no answer to what is said over TLS."""
    with with_tls(starttls=b"220 go\r\n250-mx.example\r\n250 PIPELINING\r\n250 injected\r\n") as server:
        said = send(server)
    assert said.startswith(STOCK), said
    assert len(server.told("EHLO")) == 2 and len(server.messages) == 1


def test_tls_from_the_first_byte():
    try:
        server = with_tls(implicit=True, port=465)
    except OSError:
        sys.exit(77)  # the port is not ours to take
    with server:
        said = send(server)
    assert said.startswith(STOCK + "Connection: secured with TLSv1.3"), said
    assert not server.told("STARTTLS")


def test_a_line_that_makes_no_sense_is_named():
    with with_tls() as server:
        assert send(server, ":encript") == "ZUnable to make sense of the line :encript in control/tlspolicy. (#4.3.5)\n"
    assert not server.told("EHLO")


if __name__ == "__main__":
    globals()[sys.argv[2]]()
