#!/usr/bin/env python3
"""qmail-remote against stock's, with a server that knows no extension: reports, exit code, and what the server hears."""
import itertools
import random
import socket
import threading

from reference import run

GOOD = ["220 hi\r\n", "250 me\r\n", "250 s\r\n", "250 r\r\n", "354 go\r\n", "250 ok 1\r\n"]
REPLIES = [
    "", "2", "22", "220", "220\n", "220-a\r\n220 b\r\n", "220-a\r\n", "250 x\r\n", "299 x\r\n", "300 x\r\n", "399\r\n", "400 x\r\n", "421 x\r\n",
    "450-a\r\n450-b\r\n450 c\r\n", "499\n", "500 x\r\n", "550 \0\r\n", "550-x\n 550 y\r\n", "999 x\r\n", "abc\r\n", "\r\n", " 250\r\n", "-20 x\r\n",
    "250" + "x" * 6000 + "\r\n", "\xff\xfe\xfd x\r\n",
]
ADDRESSES = ["", "a", "a@b", "a b@c", "@c", "a@b@c", '"a"@c', "a\\@c", "\xe4@c", "a..b@c", ".a@c", "a@", "a@[192.0.2.1]", "a,b@c", "(a)@c"]
MESSAGES = ["", "\n", "a\n", ".\n", "..\n.\n", "a\r\n", "\r\n", ".a\n.b\n", "a", "a\nb", "\0\n", "x" * 5000 + "\n"]
# A CR elsewhere is stock's way to be smuggled through: ours sends none. qmail-remote(8).
PIECES = ["\n", "\r\n", ".", "a", "b c", "\n.", "\r\n.\r\n", "\n\n"]


class Server:
    """Says the first of `script`, then one more for each line it hears, after a 354 for each message, and hangs up; EHLO is refused."""

    def __init__(self, script):
        self.script = [reply.encode("latin-1") for reply in script]
        self.heard = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        self.listener.settimeout(20)
        try:
            connection, _ = self.listener.accept()
        except TimeoutError:
            return
        with connection, connection.makefile("rb") as stream:
            connection.settimeout(20)
            try:
                self.converse(connection, stream)
            except OSError:
                pass

    def converse(self, connection, stream):
        for number, reply in enumerate(self.script, 1):
            connection.sendall(reply)
            if number == len(self.script):
                break
            line = stream.readline()
            if line[:4] == b"EHLO":
                connection.sendall(b"502 what?\r\n")
                line = stream.readline()
            self.heard += line
            while reply[:3] == b"354" and line not in (b".\r\n", b""):
                line = stream.readline()
                self.heard += line
        connection.shutdown(socket.SHUT_WR)
        self.heard += stream.read()

    def finish(self):
        self.thread.join()
        self.listener.close()
        return self.heard


def send(pair, script, sender="s@a", recipients=("r@b",), message="Subject: x\n\nbody\n"):
    seen = []
    args = [text.encode("latin-1") for text in ("host.example", sender, *recipients)]
    for home, started in ((pair.stock, pair.run_stock), (pair.ours, pair.run_ours)):
        server = Server(script)
        routes = f":127.0.0.1:{server.port}\n".encode()
        pair.clear(home, {"me": b"me.example\n", "smtproutes": routes, "timeoutremote": b"2\n"}, {})
        program = "/var/qmail/bin/qmail-remote" if home == pair.stock else "qmail-remote"
        done = started(program, args, message.encode("latin-1"), {})
        seen.append((done.returncode, done.stdout, server.finish()))
    pair.compare((script, sender, recipients, message), *seen)


def test_replies(pair):
    for step, reply in itertools.product(range(len(GOOD)), REPLIES):
        is_whole = reply.endswith("\n") and reply.rsplit("\n", 2)[-2][3:4] != "-"
        send(pair, [*GOOD[:step], reply] + (GOOD[step + 1:] if is_whole else []))


def test_addresses(pair):
    for address in ADDRESSES:
        send(pair, GOOD, sender=address)
        send(pair, GOOD, recipients=[address])
    chance = random.Random(1)
    for _ in range(60):
        recipients = chance.choices(ADDRESSES, k=chance.randint(1, 6))
        answers = chance.choices(["250 ok\r\n", "250 ok\r\n", "450 no\r\n", "550 no\r\n"], k=len(recipients))
        send(pair, [*GOOD[:3], *answers, *GOOD[4:]], recipients=recipients)


def test_messages(pair):
    chance = random.Random(2)
    for message in MESSAGES + ["".join(chance.choices(PIECES, k=chance.randint(1, 20))) + "\n" for _ in range(100)]:
        send(pair, GOOD, message=message)


def test(pair):
    for part in (test_replies, test_addresses, test_messages):
        part(pair)


run(test)
