#!/usr/bin/env python3
"""QMTP and QMQP between machines: our servers and client among themselves, and Postfix's."""
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from clients import running  # noqa: E402
from machine import HOME, connect, run, run_remote, wait_for_port, wait_until  # noqa: E402
from peers import start_postfix  # noqa: E402
from sandbox import remote_network  # noqa: E402
from scenario import main  # noqa: E402

QMTP, QMQP = 209, 628


def listen(machine, port, program, **environment):
    """A listener of ours for anybody."""
    uid, gid = (run("id", flag, "qmaild").stdout.decode().strip() for flag in ("-u", "-g"))
    machine.helpers.append(subprocess.Popen(
        ["/var/qmail/bin/tcpserver", "-RHl", "mx.example.org", "-u", uid, "-g", gid, "0", str(port), f"/var/qmail/bin/{program}"],
        env={"PATH": "/var/qmail/bin:/usr/bin:/bin", **environment}, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    wait_for_port(port)


def netstring(text):
    return b"%d:%s," % (len(text), text)


def everything(connection):
    connection.shutdown(socket.SHUT_WR)
    with connection.makefile("rb") as answers:
        return answers.read()


def qmtp_takes_messages(machine):
    """Two messages over one connection, for somebody here and for somebody elsewhere."""
    running(machine)
    listen(machine, QMTP, "qmail-qmtpd")
    connection = connect(QMTP)
    for body in (b"\nSubject: one\n\n", b"\rSubject: two\r\n\r\n"):
        connection.sendall(netstring(body) + netstring(b"joe@remote.example") + netstring(netstring(b"me@example.org") + netstring(b"x@elsewhere.example")))
    answers = everything(connection)
    good = rb"\d+:Kok \d+ qp \d+,"
    bad = rb"66:Dsorry, that domain isn't in my list of allowed rcpthosts \(#5\.7\.1\),"
    assert re.fullmatch((good + bad) * 2, answers), answers
    machine.log.wait(r"end msg", count=2)
    messages = machine.maildir("me")
    assert len(messages) == 2 and all(b"by mx.example.org with QMTP; " in text and b"\r" not in text for text in messages), messages


def qmtp_takes_a_large_message(machine):
    """In memory it is never whole."""
    running(machine)
    listen(machine, QMTP, "qmail-qmtpd")
    size = 64 << 20
    connection = connect(QMTP)
    connection.sendall(b"%d:\n" % (size + 1))
    piece = b"x" * 1023 + b"\n"
    peak = 0
    for _ in range(size // len(piece)):
        connection.sendall(piece)
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if "Name:\tqmail-qmtpd" in text:
            peak = max(peak, int(re.search(r"VmHWM:\s+(\d+)", text)[1]))
    assert 0 < peak < 20000, peak
    connection.sendall(b"," + netstring(b"joe@remote.example") + netstring(netstring(b"me@example.org")))
    assert b":Kok " in everything(connection)
    machine.log.wait(r"end msg")
    assert len(machine.maildir("me")[0]) > size


def qmtp_postfix_source(machine):
    """Postfix's qmqp-source, several sessions at a time."""
    running(machine)
    machine.place_peer("postfix")
    listen(machine, QMQP, "qmail-qmqpd")
    run_remote("/usr/sbin/qmqp-source", "-s", "5", "-m", "100", "-l", "4096", "-f", "joe@remote.example", "-t", "me@example.org", f"192.0.2.1:{QMQP}")
    machine.log.wait(r"end msg", count=100)
    messages = machine.maildir("me")
    assert len(messages) == 100 and all(b"by mx.example.org with QMQP; " in text for text in messages)


def qmtp_postfix_queue(machine):
    """A host without a queue of its own: what its programs queue goes to a real Postfix, whose user gets it."""
    running(machine)
    start_postfix(machine)
    wait_for_port(QMQP, "192.0.2.25")
    machine.stop()
    machine.control("qmqpservers", "192.0.2.99", "192.0.2.25")
    body = b"Subject: by QMQP\n\n.\nFrom here\n"
    run("env", "QMAILQUEUE=bin/qmail-qmqpc", "/var/qmail/bin/qmail-inject", "-f", "me@example.org", "joe@remote.example", stdin=body)
    # mini-qmail: the client in place of qmail-queue.
    queue = HOME / "bin/qmail-queue"
    queue.unlink()
    queue.symlink_to("qmail-qmqpc")
    run("sendmail", "-f", "me@example.org", "joe@remote.example", stdin=body)
    wait_until(lambda: len(machine.maildir("joe")) == 2)
    assert all(b"with QMQP" in text and b"Return-Path: <me@example.org>" in text and b"\n\n.\nFrom here\n" in text for text in machine.maildir("joe"))


def queue_by_qmqp():
    """The exit code of qmail-qmqpc for one small message, and what it said."""
    Path("/tmp/envelope").write_bytes(b"Fs@x\0Ta@y\0Tb@y\0\0")
    done = subprocess.run(["sh", "-c", "exec /var/qmail/bin/qmail-qmqpc 1</tmp/envelope"], input=b"hello\n", stderr=subprocess.PIPE, timeout=100)
    return done.returncode, done.stderr.decode()


class Server:
    """On the remote host: answers with the same bytes whatever it is sent, and keeps that."""

    def __init__(self, answer):
        self.answer, self.received = answer, []
        with remote_network():
            self.listener = socket.create_server(("192.0.2.25", QMQP))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:  # the test is over
                return
            with connection:
                self.received.append(connection.recv(1 << 16))
                connection.sendall(self.answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def qmtp_client_codes(machine):
    """What the server says, or why there is none, becomes the exit code that qmail-queue would have."""
    machine.install()
    machine.control("qmqpservers", "192.0.2.25")
    assert queue_by_qmqp() == (73, "qmail-qmqpc: fatal: unable to connect to 192.0.2.25: connection refused\n")
    for answer, code in ((b"3:Kok,", 0), (b"5:Zlate,", 71), (b"3:Dno,", 31), (b"K", 0), (b"", 74), (b"9" * 2000, 74)):
        with Server(answer) as server:
            got = queue_by_qmqp()
            assert got[0] == code, (answer, got)
            assert server.received == [b"27:6:hello\n,3:s@x,3:a@y,3:b@y,,"], server.received
    machine.control("qmqpservers", "192.0.2.99 ", "2001:db8::99", "nobody", "192.0.2.25")
    with Server(b"3:Kok,"):
        assert queue_by_qmqp()[0] == 0


if __name__ == "__main__":
    main(globals())
