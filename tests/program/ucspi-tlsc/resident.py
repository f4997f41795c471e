#!/usr/bin/env python3
"""resident.py TEST-BIN TEST: one test of ucspi-tlsc where it is resident, asked as qmail-remote would ask it."""
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from tls import Home, PATIENCE, Server, fingerprint, hand_over, make_pair, server_context, wait_until  # noqa: E402

BIN = sys.argv[1]
AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.example", authority=AUTHORITY)


def ask(home, server, **entries):
    connection = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
    return hand_over(home.path, "client", connection, **entries)


def test_connections_are_secured():
    with Home(BIN) as home:
        home.control("serverca.pem", AUTHORITY.certificate)
        resident = home.start("ucspi-tlsc")
        for verify in ("none", "ca", "name"):
            server = Server(server_context(PAIR), answer=b"250 hello\r\n")
            word, facts, plain = ask(home, server, name="mx.example", VERIFY=verify)
            assert word == "secured" and facts["SSL_PROTOCOL"] == "TLSv1.3" and facts["SSL_SERVER_S_DN_CN"] == "mx.example"
            assert not [name for name in facts if name.startswith("SSL_CLIENT")]
            with plain:
                plain.sendall(b"EHLO\r\n")
                assert plain.recv(100) == b"250 hello\r\n"
            server.join(PATIENCE)
            assert server.heard == b"EHLO\r\n" and server.asked == "mx.example" and server.problem is None
        wait_until(lambda: not resident.sessions(), "the sessions' end")


def test_whom_we_do_not_want_is_refused():
    with Home(BIN) as home:
        home.control("serverca.pem", AUTHORITY.certificate)
        home.start("ucspi-tlsc")
        stranger = make_pair("mx.example")
        for pair, entries, why in ((PAIR, {"name": "other.example", "verify": "name"}, "hostname mismatch"),
                                   (stranger, {"name": "mx.example", "verify": "name"}, "self-signed certificate"),
                                   (stranger, {"verify": "ca"}, "self-signed certificate"),
                                   (PAIR, {"verify": "sha256", "sha256": "ab" * 32}, "SHA-256 fingerprint is")):
            server = Server(server_context(pair))
            word, entries, plain = ask(home, server, **entries)
            assert word == "unverified" and why in entries["why"], (word, entries)
            assert plain.recv(1) == b""
            server.join(PATIENCE)
            assert server.heard == b""


def test_a_fingerprint_needs_no_authority():
    with Home(BIN) as home:
        home.start("ucspi-tlsc")
        pair = make_pair("mx.example", days=-1)
        word, _, plain = ask(home, Server(server_context(pair)), verify="sha256", sha256=fingerprint(pair))
        assert word == "secured"
        plain.close()


def test_our_certificate_is_shown():
    with Home(BIN) as home:
        home.control("serverca.pem", AUTHORITY.certificate)
        ours = make_pair("client.example", authority=AUTHORITY)
        home.control("clientcert.pem", ours.certificate)
        home.control("clientkey.pem", ours.key)
        home.start("ucspi-tlsc")
        server = Server(server_context(PAIR, AUTHORITY))
        word, _, plain = ask(home, server, name="mx.example", verify="name")
        assert word == "secured"
        plain.close()
        server.join(PATIENCE)
        assert (("commonName", "client.example"),) in server.client_certificate["subject"]


def test_the_system_has_authorities():
    """Without control/serverca.pem it is those of the system that count, and ours is none of them."""
    with Home(BIN) as home:
        home.start("ucspi-tlsc")
        word, entries, _ = ask(home, Server(server_context(PAIR)), name="mx.example", verify="name")
        without_any = "control/serverca.pem is missing, so no certificate can be verified"
        assert (word == "unverified" and entries["why"].endswith("unable to get local issuer certificate")
                or word == "refused" and without_any in entries["why"]), (word, entries)


def test_new_authorities_count_from_the_next_connection():
    with Home(BIN) as home:
        home.control("serverca.pem", make_pair("other.example").certificate)
        resident = home.start("ucspi-tlsc")
        word, _, _ = ask(home, Server(server_context(PAIR)), name="mx.example", verify="name")
        assert word == "unverified"
        home.control("serverca.pem", AUTHORITY.certificate)
        resident.hang_up()
        resident.wait_for("status: new certificates are in use")
        word, _, plain = ask(home, Server(server_context(PAIR)), name="mx.example", verify="name")
        assert word == "secured"
        plain.close()


if __name__ == "__main__":
    globals()[sys.argv[2]]()
