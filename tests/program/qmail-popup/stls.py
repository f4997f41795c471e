#!/usr/bin/env python3
"""stls.py TEST-BIN TEST: one test of POP3 with TLS, begun by STLS or before everything, with real clients on loopback."""
import json
import os
import poplib
import re
import ssl
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from pop3_box import PASSWORD, USER, Mailbox  # noqa: E402
from tls import PATIENCE, client_context, make_pair, openssl, wait_until  # noqa: E402

BIN = sys.argv[1]
MESSAGE = b"Subject: one\n\nfirst\n"
AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.example", authority=AUTHORITY)


class Secured(Mailbox):
    """With one message and a TLS process."""

    def __enter__(self):
        super().__enter__()
        self.add(MESSAGE)
        self.control("servercert.pem", PAIR.both)
        self.control("ca", AUTHORITY.certificate)
        self.start("ucspi-tlsd")
        return self


class NamedClient(poplib.POP3):
    """Asks for the certificate of mx.example, wherever that is."""

    def stls(self):
        self._shortcmd("STLS")
        self.sock = client_context(authority=AUTHORITY).wrap_socket(self.sock, server_hostname="mx.example")
        self.file = self.sock.makefile("rb")


def login(client):
    client.user(USER)
    client.pass_(PASSWORD)
    assert client.retr(1)[1] == [b"Subject: one", b"", b"first", b""]
    client.quit()


def test_python():
    with Secured(BIN) as box:
        box.environment["SSL_CLIENT_S_DN"] = "stale"
        client = NamedClient("127.0.0.1", box.listen().port, PATIENCE)
        assert "STLS" in client.capa()
        client.stls()
        assert client.capa().keys() == {"TOP", "UIDL", "USER", "PIPELINING"}
        login(client)
        wait_until(lambda: box.names("cur"), "the end of the session")
        seen = json.loads((box.user_home / "environment").read_text())
        assert seen["SSL_PROTOCOL"] == "TLSv1.3" and "SSL_CLIENT_S_DN" not in seen and seen["PROTO"] == "TCP"


def test_no_second_time():
    with Secured(BIN) as box:
        client = NamedClient("127.0.0.1", box.listen().port, PATIENCE)
        client.stls()
        try:
            client._shortcmd("STLS")
        except poplib.error_proto as error:
            assert "authorization first" in str(error)
        login(client)


def test_clients():
    with Secured(BIN) as box:
        port = box.listen().port
        ca = box.path / "control/ca"
        text = subprocess.run(["curl", "-sS", "--ssl-reqd", "--cacert", ca, "--resolve", f"mx.example:{port}:127.0.0.1", "-u", f"{USER}:{PASSWORD}",
                               f"pop3://mx.example:{port}/1"], check=True, capture_output=True, timeout=PATIENCE).stdout
        assert text == MESSAGE.replace(b"\n", b"\r\n") + b"\r\n", text
        for program, config, arguments in (
            ("mpop", f"account default\nhost 127.0.0.1\nport {port}\nuser {USER}\npassword \"{PASSWORD}\"\nauth user\ntls on\ntls_starttls on\n"
                     f"tls_certcheck off\nuidls_file {box.user_home}/uidls\ndelivery mbox {box.user_home}/mpop\nkeep on\n", ["-C"]),
            ("fetchmail", f'poll 127.0.0.1 port {port} protocol pop3 user "{USER}" password "{PASSWORD}" keep fetchall sslproto "TLS1.2+" '
                          f'no sslcertck\nmda "cat >>{box.user_home}/fetchmail"\n', ["--nosyslog", "--pidfile", box.user_home / "pid", "-f"]),
        ):
            file = box.user_home / (program + "rc")
            file.write_text(config)
            file.chmod(0o600)
            done = subprocess.run([program, *arguments, file], capture_output=True, timeout=3 * PATIENCE,
                                  env={**os.environ, "FETCHMAILHOME": str(box.user_home), "HOME": str(box.user_home)})
            assert done.returncode == 0 and b"\nfirst\n" in (box.user_home / program).read_bytes(), done
            seen = json.loads((box.user_home / "environment").read_text())
            assert seen["SSL_PROTOCOL"].startswith("TLSv1."), program


def test_openssl():
    with Secured(BIN) as box:
        text = openssl("s_client", "-quiet", "-ign_eof", "-starttls", "pop3", "-verify_return_error", "-CAfile", box.path / "control/ca", "-verify_hostname",
                       "mx.example", "-connect", f"127.0.0.1:{box.listen().port}", input=f"USER {USER}\r\nPASS {PASSWORD}\r\nSTAT\r\nQUIT\r\n".encode())
        assert text.endswith(f"+OK \r\n+OK \r\n+OK 1 {len(MESSAGE)}\r\n+OK \r\n".encode()), text


def test_what_was_sent_before_tls_is_no_command():
    """Neither in the same packet as STLS nor before it."""
    with Secured(BIN) as box:
        listener = box.listen()
        with listener.connect() as client:
            client.sendall(f"STLS\r\nUSER {USER}\r\nPASS {PASSWORD}\r\nSTAT\r\n".encode())
            told = b""
            try:
                while block := client.recv(1000):
                    told += block
            except ConnectionResetError:
                pass
        assert re.fullmatch(rb"\+OK <[^\r]+>\r\n\+OK begin TLS negotiation\r\n", told[:told.find(b"tion\r\n") + 6]) and b"+OK \r\n" not in told, told
        listener.wait_for("qmail-popup: fatal: TLS handshake failed")
        client = NamedClient("127.0.0.1", listener.port, PATIENCE)
        client.user(USER)
        client.stls()
        try:
            raise AssertionError(client.pass_(PASSWORD))
        except poplib.error_proto as error:
            assert "USER first" in str(error)
        login(client)


def test_not_by_somebody_who_breaks_it_off():
    with Secured(BIN) as box:
        listener = box.listen()
        client = poplib.POP3("127.0.0.1", listener.port, PATIENCE)
        client._shortcmd("STLS")
        client.close()
        listener.wait_for("qmail-popup: fatal: ")
        wait_until(lambda: not listener.programs(), "the end of the session")


def test_with_an_argument_it_is_no_command():
    with Secured(BIN) as box:
        client = poplib.POP3("127.0.0.1", box.listen().port, PATIENCE)
        try:
            raise AssertionError(client._shortcmd("STLS now"))
        except poplib.error_proto as error:
            assert "syntax error" in str(error)
        client.quit()


def test_from_the_first_byte():
    """POP3S: what TLS began for needs no STLS."""
    with Secured(BIN) as box:
        listener = box.listen(front=["tlsserve"])
        client = poplib.POP3_SSL("127.0.0.1", listener.port, timeout=PATIENCE, context=client_context())
        assert isinstance(client.sock, ssl.SSLSocket) and "STLS" not in client.capa()
        login(client)
        text = subprocess.run(["curl", "-sS", "--cacert", box.path / "control/ca", "--resolve", f"mx.example:{listener.port}:127.0.0.1", "-u",
                               f"{USER}:{PASSWORD}", f"pop3s://mx.example:{listener.port}/1"], check=True, capture_output=True, timeout=PATIENCE).stdout
        assert b"\r\nfirst\r\n" in text, text


if __name__ == "__main__":
    globals()[sys.argv[2]]()
