"""A home with qmail-smtpd in front of a queue that keeps what it is given in files: for tests of SMTP with TLS."""
import smtplib
import socket

from tls import PATIENCE, Home, Listener, client_context, make_pair

NAME = "mx.example"
AUTHORITY = make_pair("authority.example")
PAIR = make_pair(NAME, authority=AUTHORITY)
QUEUE = """#!/bin/sh
file=$(mktemp "${0%/*}/messages/XXXXXX")
cat >"$file"
cat <&1 >"$file.envelope"
"""


class SmtpBox(Home):
    """Takes mail for example.org; has a certificate, and its TLS process unless `tls` says otherwise."""

    def __init__(self, test_bin, tls=True):
        super().__init__(test_bin)
        self.tls = tls

    def __enter__(self):
        super().__enter__()
        for name, text in (("me", NAME + "\n"), ("rcpthosts", "example.org\n"), ("servercert.pem", PAIR.both), ("ca", AUTHORITY.certificate)):
            self.control(name, text)
        (self.path / "messages").mkdir()
        queue = self.path / "queue-program"
        queue.write_text(QUEUE)
        queue.chmod(0o755)
        self.environment["QMAILQUEUE"] = str(queue)
        if self.tls:
            self.resident = self.start("ucspi-tlsd")
        return self

    def listen(self, front=(), **environment):
        """tcpserver with qmail-smtpd, behind `front`: then it is started for each connection."""
        self.environment.update(environment)
        listener = Listener(self, (), [*front, "qmail-smtpd"])
        self.running.append(listener)
        return listener

    def messages(self):
        """What the queue has got: (message, envelope), the oldest first."""
        files = sorted((file for file in (self.path / "messages").iterdir() if file.suffix == ".envelope"), key=lambda file: file.stat().st_mtime_ns)
        return [(file.with_suffix("").read_bytes(), file.read_bytes()) for file in files]


class Client(smtplib.SMTP):
    """Asks for the certificate of NAME, wherever that is, and verifies it."""

    def __init__(self, listener, name=NAME):
        self.asks_for = name
        super().__init__("127.0.0.1", listener.port, "client.example", PATIENCE)

    def secure(self, context=None):
        """STARTTLS and nothing else: smtplib's own would forget our EHLO for us."""
        code, text = self.docmd("STARTTLS")
        assert (code, text) == (220, b"ready for tls"), (code, text)
        self.wrap(context)

    def wrap(self, context=None):
        self.sock = (context or client_context(authority=AUTHORITY)).wrap_socket(self.sock, server_hostname=self.asks_for)
        self.file = None


def hear(connection, end):
    """What comes, up to and with `end`."""
    told = b""
    while not told.endswith(end):
        block = connection.recv(1)
        assert block, told
        told += block
    return told


def hear_all(connection):
    told = b""
    try:
        while block := connection.recv(4096):
            told += block
    except (ConnectionResetError, socket.timeout):
        pass
    return told
