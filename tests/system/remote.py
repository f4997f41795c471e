#!/usr/bin/env python3
"""Mail that leaves: one connection for many messages, one transaction for many recipients (qmail-remote(8))."""
import contextlib
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import run, wait_until  # noqa: E402
from peers import start_postfix  # noqa: E402
from sandbox import remote_network  # noqa: E402
from scenario import main  # noqa: E402

STARTS = "execve,execveat,fork,vfork,clone,clone3"


class Server:
    """An SMTP server on the remote host that remembers what it was told, connection by connection."""

    def __init__(self, answer_rcpt=lambda line: b"250 ok\r\n", messages_each=None):
        self.answer_rcpt = answer_rcpt
        self.messages_each = messages_each
        self.connections = []
        with remote_network():
            self.listener = socket.create_server(("192.0.2.25", 25), backlog=100)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            heard = []
            self.connections.append(heard)
            threading.Thread(target=self.serve, args=(connection, heard), daemon=True).start()

    def serve(self, connection, heard):
        # The client goes as soon as it has said QUIT.
        with contextlib.suppress(OSError), connection, connection.makefile("rwb") as stream:
            def say(text):
                stream.write(text)
                stream.flush()

            say(b"220 mx.remote.example\r\n")
            for line in stream:
                verb = line[:4].upper()
                heard.append(line.rstrip(b"\r\n").decode())
                if verb == b"EHLO":
                    say(b"250-mx.remote.example\r\n250 PIPELINING\r\n")
                elif verb == b"RCPT":
                    say(self.answer_rcpt(line))
                elif verb == b"DATA":
                    say(b"354 go\r\n")
                    while stream.readline() != b".\r\n":
                        pass
                    say(b"250 taken\r\n")
                    if heard.count("DATA") == self.messages_each:
                        return
                else:
                    say(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    def count(self, verb):
        return sum(line.startswith(verb) for heard in self.connections for line in heard)


def running(machine, **control):
    machine.install()
    machine.add_user("me")
    machine.start_dns()
    for name, value in control.items():
        machine.control(name, value)
    machine.start()


def send(*recipients):
    run("sendmail", "-f", "me@example.org", *recipients, stdin=b"Subject: away\n\nhi\n")


class Sender:
    """Sends message after message, each when the one before is away."""

    def __init__(self, machine):
        self.machine = machine
        self.sent = 0

    def send(self, count=1):
        for _ in range(count):
            self.sent += 1
            send(f"joe{self.sent}@remote.example")
            self.machine.log.wait(r"end msg", count=self.sent)

    def warm_up(self, server):
        """Until a message finds a connection: not as long as control files are so young that the next edit might not show."""
        for _ in range(100):
            before = len(server.connections)
            self.send()
            if len(server.connections) == before:
                return
        raise AssertionError(server.connections)


class Trace:
    """The process starts of everything of ours that runs now, until it ends."""

    def __init__(self, path):
        self.path = Path(path)
        names = {entry.name: (entry / "comm").read_text() for entry in Path("/proc").iterdir() if entry.name.isdigit()}
        ours = [pid for pid, name in names.items() if name.startswith("qmail-")]
        pids = [word for pid in ours for word in ("-p", pid)]
        self.process = subprocess.Popen(["strace", "-f", "-o", path, "-e", f"trace={STARTS}", *pids], stderr=subprocess.PIPE, text=True)
        for _ in ours:
            assert "attached" in self.process.stderr.readline()

    def finish(self):
        self.process.terminate()
        self.process.communicate()
        return [line for line in self.path.read_text().splitlines() if "(" in line]


def remote_keeps_its_connection(machine):
    """Message after message takes the connection of the last, and nothing is started for it."""
    server = Server()
    running(machine, keepremote="60")
    sender = Sender(machine)
    sender.warm_up(server)
    trace, connections = Trace("/tmp/trace"), len(server.connections)
    sender.send(10)
    started = trace.finish()
    assert not started, started
    assert len(server.connections) == connections and server.count("MAIL") == sender.sent, server.connections
    assert not [line for line in machine.log.lines if "deferral" in line]


def remote_connects_anew(machine):
    """The server hangs up after every second message: nobody notices."""
    server = Server(messages_each=2)
    running(machine, keepremote="60")
    sender = Sender(machine)
    sender.warm_up(server)
    connections = len(server.connections)
    sender.send(8)
    assert server.count("MAIL") == sender.sent and len(server.connections) == connections + 4, server.connections
    assert not [line for line in machine.log.lines if "deferral" in line or "failure" in line]


def remote_keeps_nothing(machine):
    """keepremote 0: a connection for every message, as ever."""
    server = Server()
    running(machine, keepremote="0")
    Sender(machine).send(4)
    wait_until(lambda: server.count("QUIT") == 4)  # nobody waits for it
    assert len(server.connections) == 4, server.connections


def remote_hundred_recipients(machine):
    """One transaction, and to each recipient his own answer."""
    def answer(line):
        number = int(re.search(rb"joe(\d+)@", line)[1])
        return {0: b"550 nobody\r\n", 1: b"450 busy\r\n"}.get(number % 10, b"250 ok\r\n")

    server = Server(answer)
    running(machine, rcptspermessage="100")
    send(*(f"joe{number}@remote.example" for number in range(100)))
    machine.log.wait(r"delivery \d+: success: 192\.0\.2\.25_accepted_message\./Remote_host_said:_250_taken", count=80)
    machine.log.wait(r"delivery \d+: failure: 192\.0\.2\.25_does_not_like_recipient\./Remote_host_said:_550_nobody", count=10)
    machine.log.wait(r"delivery \d+: deferral: 192\.0\.2\.25_does_not_like_recipient\./Remote_host_said:_450_busy", count=10)
    assert server.count("DATA") == 1 and server.count("RCPT") == 100, server.connections


def remote_postfix(machine):
    """Twenty messages to Postfix, over fewer connections; every one is there."""
    running(machine, concurrencyremote="2")
    start_postfix(machine)
    for _ in range(20):
        send("joe@remote.example")
    machine.log.wait(r"end msg", count=20)
    log = Path("/var/log/postfix.log")
    wait_until(lambda: log.read_text().count("message-id=") == 20)  # it is written after the answer
    assert log.read_text().count(": connect from") <= 4, log.read_text()


if __name__ == "__main__":
    main(globals())
