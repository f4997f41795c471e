"""The other end of a connection on loopback: a server that does with each client what a test says."""
import socket
import struct
import threading

PATIENCE = 20


class Server:
    """Serves one client after the other with talk(connection); a context manager. What talk() raises, leaving raises."""

    def __init__(self, talk, address="127.0.0.1", port=0):
        self.talk = talk
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.listener = socket.create_server((address, port), family=family)
        self.port = self.listener.getsockname()[1]
        self.clients = []
        self.changed = threading.Condition()
        self.error = None
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self):
        while True:
            try:
                connection, client = self.listener.accept()
            except OSError:
                return
            with self.changed:
                self.clients.append(client[:2])
                self.changed.notify_all()
            connection.settimeout(PATIENCE)
            with connection:
                try:
                    self.talk(connection)
                except Exception as error:  # told by __exit__, in the test's own thread
                    self.error = error

    def heard(self, count):
        """The clients, once there are so many: one that is connected may not have been taken in yet."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.clients) >= count, PATIENCE), self.clients
            return list(self.clients)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(PATIENCE)
        if self.error and kind is None:
            raise self.error


def read_all(connection):
    text = b""
    while block := connection.recv(65536):
        text += block
    return text


def reset(connection):
    """Ends the connection with a RST instead of a FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Silence:
    """A port that answers nothing: its queue is full, so the system drops whoever comes."""

    def __init__(self, address="127.0.0.1"):
        self.listener = socket.create_server((address, 0), backlog=0)
        self.port = self.listener.getsockname()[1]
        self.waiting = []

    def __enter__(self):
        # The system may let in more than the backlog says.
        while True:
            client = socket.socket()
            client.settimeout(0.5)
            self.waiting.append(client)
            try:
                client.connect(self.listener.getsockname())
            except TimeoutError:
                return self

    def __exit__(self, *_):
        for client in self.waiting:
            client.close()
        self.listener.close()
