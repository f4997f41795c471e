"""Messages that can be told apart: sent by many at once, and looked for where they were to arrive."""
import collections
import re
import smtplib
import socket
import threading

from machine import PATIENCE, remote_network


def body_of(number):
    return f"this is message {number}\n" * (1 + number * 37 % 150) + f"end of {number}\n"


def text_of(number):
    return f"Subject: mail {number}\n\n{body_of(number)}".encode()


def number_of(message):
    """None if it is no message of ours, but a bounce of one, say. One that is not whole is an error."""
    message = message.replace(b"\r\n", b"\n")
    head, _, body = message.partition(b"\n\n")
    found = re.search(rb"^Subject: mail (\d+)$", head, re.M)
    if not found:
        return None
    assert body.decode() == body_of(int(found[1])), f"not whole: {message!r}"
    return int(found[1])


def numbers_of(messages):
    """How often each is there."""
    return collections.Counter(number for number in map(number_of, messages) if number is not None)


class Load:
    """Sessions that send to the recipients that recipients(number) names, each pausing between its messages."""

    def __init__(self, recipients, sessions=20, limit=None, pause=0.0, sender="sender@example.org", first=0):
        self.recipients, self.limit, self.pause, self.sender = recipients, limit, pause, sender
        self.lock = threading.Lock()
        self.sent, self.first = 0, first
        self.acknowledged = set()
        self.problems = collections.Counter()
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(sessions)]
        for thread in self.threads:
            thread.start()

    def finish(self):
        """Waits for the end if there is a limit; else this is the end."""
        if self.limit is None:
            self.is_over.set()
        for thread in self.threads:
            thread.join(10 * PATIENCE)
            assert not thread.is_alive()

    def _next(self):
        with self.lock:
            if self.is_over.is_set() or self.sent == self.limit:
                return None
            self.sent += 1
            return self.first + self.sent

    def _run(self):
        number = self._next()
        while number:
            try:
                with smtplib.SMTP("127.0.0.1", 25, "client.example", PATIENCE) as client:
                    while number:
                        client.sendmail(self.sender, self.recipients(number), text_of(number).replace(b"\n", b"\r\n"))
                        with self.lock:
                            self.acknowledged.add(number)
                        self.is_over.wait(self.pause)
                        number = self._next()
            except (smtplib.SMTPException, OSError) as problem:
                # What was under way was not acknowledged; nobody can know what became of it.
                self.problems[repr(problem)[:100]] += 1
                self.is_over.wait(0.02)
                number = self._next()


class Sink:
    """A mail server on the remote host, or in another `network`, that keeps what it accepts; answer(recipient) is what it says to
    one. With one recipient at a time it is an LMTP server, too."""

    def __init__(self, answer=lambda recipient: "250 ok", address="192.0.2.25", port=25, network=remote_network):
        self.answer = answer
        self.accepted = []  # recipients, message
        with network():
            self.listener = socket.create_server((address, port), backlog=1000)
        threading.Thread(target=self._serve, daemon=True).start()

    def of(self, recipient):
        return [message for recipients, message in list(self.accepted) if recipient in recipients]

    def _serve(self):
        while True:
            connection = self.listener.accept()[0]
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection):
        try:
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 sink\r\n")
                recipients = []
                while line := lines.readline():
                    reply = self._reply(line.decode().rstrip("\r\n"), recipients)
                    connection.sendall(reply.encode() + b"\r\n")
                    if reply.startswith("354"):
                        self._take(connection, lines, recipients)
        except OSError:
            pass

    def _reply(self, line, recipients):
        verb = line[:4].upper()
        if verb in ("MAIL", "RSET"):
            recipients.clear()
        if verb == "RCPT":
            recipient = line.partition("<")[2].partition(">")[0]
            reply = self.answer(recipient)
            if reply[0] == "2":
                recipients.append(recipient)
            return reply
        return {"DATA": "354 go", "QUIT": "221 bye"}.get(verb, "250 ok")

    def _take(self, connection, lines, recipients):
        message = b""
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return
            message += line[1:] if line.startswith(b".") else line
        self.accepted.append((list(recipients), message))
        recipients.clear()
        connection.sendall(b"250 ok\r\n")
