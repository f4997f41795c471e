"""Programs of other packages, ucspi-tcp if nothing else is said, and ours on the same inputs: same output, exit code, environment, bytes on the wire.

Both see the same machine: a sandbox with a name server and a remote host. Ours are in /var/qmail/bin, the others in /usr/bin.
"""
import contextlib
import random
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import ZONES  # noqa: E402
from sandbox import remote_network  # noqa: E402
from tcp_peer import Server  # noqa: E402

OURS, ORIGINAL = "/var/qmail/bin", "/usr/bin"
REMOTE = "192.0.2.25"
PORT = 2525
NAMES = {
    "2.0.192.in-addr.arpa": "25 IN PTR MX.remote.example.\n26 IN PTR mx.remote.example.\n1 IN PTR mx.example.org.\n",
    "0.0.127.in-addr.arpa": "1 IN PTR localhost.example.\n",
}
NODELAY = """
import fcntl, os, socket
end = socket.socket(fileno=int(os.environ["FD"]))
print(end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), bool(fcntl.fcntl(end.fileno(), fcntl.F_GETFL) & os.O_NONBLOCK))
"""


class Comparison:
    """Runs each program twice and collects what differs; leaving it fails if anything does."""

    def __init__(self, machine, *packages):
        machine.place()
        for package in packages or ("ucspi-tcp",):
            machine.place_peer(package)
        self.compared = 0
        self.differences = []

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            print(f"{self.compared} compared, {len(self.differences)} differ")
            assert self.compared and not self.differences, "\n".join(["", *self.differences[:20]])

    def compare(self, what, original, ours):
        self.compared += 1
        if original != ours:
            self.differences.append(f"{what!r:.300}\n  original {original!r:.1000}\n  ours     {ours!r:.1000}")

    def each(self, what, observe):
        """observe(folder) for the programs of both folders."""
        self.compare(what, observe(ORIGINAL), observe(OURS))

    def runs(self, program, *args, stdin=b"", env=None, change=lambda text: text, **more):
        """The same exit code, and the same output and errors but for what change() takes away."""
        def observe(folder):
            done = run(folder, program, *args, stdin=stdin, env=env, **more)
            return done.returncode, change(done.stdout), change(done.stderr)

        self.each((program, args, stdin[:200], env), observe)


def run(folder, program, *args, stdin=b"", env=None, **more):
    env = {"PATH": "/usr/bin:/bin", **(env or {})}
    more = {"capture_output": True, **more} if "stdout" not in more else {"stderr": subprocess.PIPE, **more}
    return subprocess.run([f"{folder}/{program}", *map(str, args)], input=stdin, env=env, timeout=60, cwd="/", **more)


def complaints(text):
    """The lines, in order, without what only ours says: its further options, and which value was wrong; without what only the original
    says: why the name servers gave no answer."""
    text = text.replace(b"[ -46", b"[ -")
    text = re.sub(rb"(temporarily unable to figure out IP address for [^:\n]*)(: .*)?", rb"\1", text)
    return sorted(line for line in text.splitlines() if b"illegal value of option" not in line)


@contextlib.contextmanager
def remote_server(talk, port=PORT, address=REMOTE):
    with remote_network():
        server = Server(talk, address, port)
    with server:
        yield server


def stable(environment, chosen=b"TCPLOCALPORT"):
    """A printed environment in order, without the port that the system chose; what is not known may be empty or not there."""
    lines = re.sub(chosen + rb"=\d+", chosen + b"=N", environment).splitlines()
    return sorted(line for line in lines if line not in (b"TCPREMOTEINFO=", b"TCPREMOTEHOST="))


@contextlib.contextmanager
def remote_ident(answer):
    def talk(connection):
        asked = connection.makefile("rb").readline()
        assert re.fullmatch(rb"\d+ , \d+\r\n", asked), asked
        connection.sendall(asked.strip() + answer)

    with remote_server(talk, 113) as server:
        yield server


def start_names(machine):
    zones = {**ZONES, **NAMES}
    zones["remote.example"] += "several IN A 192.0.2.25\nseveral IN A 192.0.2.26\n"
    machine.start_dns(zones)


PIECES = [b"a", b"bc", b"\n", b"\r\n", b"\r", b"\0", b"\xff", b"\n\n", b"\r\r\n", b"x" * 255, b"y" * 300]


def texts(seed, count, most=4096):
    chance = random.Random(seed)
    yield from (b"", b"\n", b"\r", b"a", b"\r\n" * 300, b"x" * 256 + b"\n", b"x" * 255 + b"\r\n")
    for _ in range(count):
        yield b"".join(chance.choices(PIECES, k=chance.randint(1, 40)))[:most]
