"""An SMTP server that does what a test says about STARTTLS and AUTH, and remembers what it was told."""
import contextlib

from tcp_peer import Server


class SmtpServer(Server):
    """`offers(secured)`: what EHLO gets. `talk_auth(line, ask)`: the reply to AUTH, where ask(text) gets the client's next line.
    .sessions: for each connection, what it was told, as (secured, line)."""

    def __init__(self, context=None, offers=None, starttls=b"220 go\r\n", implicit=False, talk_auth=None, port=0, address="127.0.0.1"):
        super().__init__(self.serve_client, address, port)
        self.context, self.starttls, self.implicit, self.talk_auth = context, starttls, implicit, talk_auth
        self.offers = offers or (lambda secured: ["STARTTLS"] if context and not secured else [])
        self.sessions = []
        self.messages = []

    def serve_client(self, connection):
        heard = []
        self.sessions.append(heard)
        # A client that does not trust the server just goes.
        with contextlib.suppress(OSError):
            if self.implicit:
                connection = self.context.wrap_socket(connection, server_side=True)
            self.hold(connection, self.implicit, heard, b"220 mx.example\r\n")

    def hold(self, connection, secured, heard, greeting=b""):
        with connection, connection.makefile("rwb") as stream:
            def say(text):
                stream.write(text)
                stream.flush()

            def ask(text):
                say(b"334 " + text + b"\r\n")
                return stream.readline().rstrip(b"\r\n")

            say(greeting)
            for line in stream:
                heard.append((secured, line.rstrip(b"\r\n").decode()))
                verb = line.split()[0].upper() if line.split() else b""
                if verb == b"EHLO":
                    words = ["mx.example", *self.offers(secured)]
                    say("".join(f"250{' ' if word is words[-1] else '-'}{word}\r\n" for word in words).encode())
                elif verb == b"STARTTLS":
                    say(self.starttls)
                    if self.starttls.startswith(b"220") and self.context:
                        return self.hold(self.context.wrap_socket(connection, server_side=True), True, heard)
                    if self.starttls.startswith(b"220"):
                        return say(b"no TLS here\r\n")
                elif verb == b"AUTH":
                    say(self.talk_auth(line.rstrip(b"\r\n").decode(), ask))
                elif verb == b"DATA":
                    say(b"354 go\r\n")
                    self.messages.append(b"".join(iter(stream.readline, b".\r\n")))
                    say(b"250 taken\r\n")
                elif verb == b"QUIT":
                    return say(b"221 bye\r\n")
                else:
                    say(b"250 ok\r\n")
        return None

    def told(self, verb, session=-1):
        """The lines of a session that begin so, as (secured, line)."""
        return [(secured, line) for secured, line in self.sessions[session] if line.startswith(verb)]
