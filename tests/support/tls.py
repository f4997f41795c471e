"""Certificates, and the TLS programs at work: for tests of them."""
import contextlib
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from tcp_peer import read_all

PATIENCE = 20
USERS = ["alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails", "qmailt"]


def openssl(*arguments, **more):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=PATIENCE, **more).stdout


class Pair:
    """A certificate and its key, as PEM."""

    def __init__(self, certificate, key):
        self.certificate, self.key = certificate, key

    @property
    def both(self):
        return self.certificate + self.key


def make_pair(name, *names, authority=None, subject=None, days=30, purpose=None):
    """For the DNS `names` (default: its own), signed by `authority` or by itself."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        key, request, certificate, extensions = at / "key", at / "request", at / "certificate", at / "extensions"
        openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", key)
        openssl("req", "-new", "-key", key, "-subj", subject or f"/O=Test/CN={name}", "-out", request)
        lines = ["subjectAltName=" + ",".join(f"DNS:{one}" for one in names or (name,))]
        lines += [f"extendedKeyUsage={purpose}"] if purpose else []
        lines += ["basicConstraints=critical,CA:true"] if authority is None else []
        extensions.write_text("\n".join(lines) + "\n")
        signer = ["-signkey", key]
        if authority:
            (at / "ca").write_text(authority.both)
            signer = ["-CA", at / "ca", "-CAkey", at / "ca", "-CAcreateserial", "-CAserial", at / "serial"]
        openssl("x509", "-req", "-in", request, "-out", certificate, "-days", days, "-extfile", extensions, *signer)
        return Pair(certificate.read_text(), key.read_text())


def fingerprint(pair):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(pair.certificate)
        file.flush()
        return openssl("x509", "-in", file.name, "-noout", "-fingerprint", "-sha256").decode().strip().partition("=")[2]


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"still waiting: {what}"
        time.sleep(0.01)


def children_of(pid):
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


class Home:
    """A home of its own, with what the programs that stay and serve others need."""

    def __init__(self, test_bin):
        self.bin = Path(test_bin)
        self.folder = tempfile.TemporaryDirectory(prefix="tls.")
        self.path = Path(self.folder.name)
        for name in ("control/servercerts", "users", "run/tls", "run/auth"):
            (self.path / name).mkdir(parents=True)
        for name in ("run/tls", "run/auth"):
            (self.path / name).chmod(0o755)
        (self.path / "bin").symlink_to(self.bin)
        (self.path / "users/ids").write_text("".join(f"{user}:{os.getuid()}:{os.getgid()}\n" for user in USERS))
        self.environment = {"PATH": f"{self.bin}:/usr/bin:/bin", "QMAIL_TEST_HOME": str(self.path)}
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in self.running:
            program.stop()
        self.folder.cleanup()

    def control(self, name, text):
        """Written as an administrator would: replaced by a rename."""
        path = self.path / "control" / name
        new = path.with_name(path.name + ".new")
        new.write_text(text)
        new.chmod(0o600)
        new.rename(path)

    def remove(self, name):
        (self.path / "control" / name).unlink()

    def start(self, program, *arguments):
        """ucspi-tlsd, ucspi-tlsc or qmail-authd, once it is ready."""
        resident = Resident(self, program, *arguments)
        self.running.append(resident)
        resident.wait_for("status: ready")
        return resident

    def serve(self, *program, options=(), tcpserver=()):
        """tcpserver with tlsserve in front of a program."""
        listener = Listener(self, tcpserver, ["tlsserve", *options, *program])
        self.running.append(listener)
        return listener


class Resident:
    def __init__(self, home, program, *arguments):
        self.process = subprocess.Popen([home.bin / program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, env=home.environment, text=True)
        self.lines = []
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._collect, daemon=True)
        self.thread.start()

    def _collect(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def wait_for(self, text, count=1):
        with self.changed:
            def found():
                return [line for line in self.lines if text in line]
            done = self.changed.wait_for(lambda: len(found()) >= count or not self.thread.is_alive(), PATIENCE)
            assert done and len(found()) >= count, f"no {text!r} in {self.lines}"
            return found()[count - 1]

    def hang_up(self):
        self.process.send_signal(signal.SIGHUP)

    def acceptors(self):
        return children_of(self.process.pid)

    def sessions(self):
        return [session for acceptor in self.acceptors() for session in children_of(acceptor)]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            for pid in [*self.sessions(), *self.acceptors(), self.process.pid]:
                os.kill(pid, signal.SIGKILL)
            raise
        self.thread.join(PATIENCE)
        return code


class Listener:
    def __init__(self, home, options, program):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [home.bin / "tcpserver", "-HRl0", "-c1000", "-b1000", *options, "-1", "127.0.0.1", "0", *program], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=self.log, env=home.environment, text=True)
        self.port = int(self.process.stdout.readline())

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), PATIENCE)

    def secure(self, name="mx.example", context=None, **more):
        context = context or client_context()
        return context.wrap_socket(self.connect(), server_hostname=name, suppress_ragged_eofs=False, **more)

    def programs(self):
        """The processes that serve clients; tcpserver has others, which start them."""
        own = Path(f"/proc/{self.process.pid}/exe").readlink()
        found = []
        for pid in children_of(self.process.pid):
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/exe").readlink() != own:
                    found.append(pid)
        return found

    def logged(self):
        # The place in the file is the programs' too: to seek would make them write over what is there.
        return os.pread(self.log.fileno(), 1 << 22, 0).decode()

    def wait_for(self, text):
        wait_until(lambda: text in self.logged(), text)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(PATIENCE)


def client_context(minimum=ssl.TLSVersion.TLSv1_2, maximum=None, authority=None, pair=None):
    """A client that believes whoever it meets, unless told an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = authority is not None
    context.verify_mode = ssl.CERT_REQUIRED if authority else ssl.CERT_NONE
    context.minimum_version = minimum
    if maximum:
        context.maximum_version = maximum
    if authority:
        context.load_verify_locations(cadata=authority.certificate)
    if pair:
        load(context, pair)
    return context


def server_context(pair, client_authority=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    load(context, pair)
    if client_authority:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=client_authority.certificate)
    return context


class Server(threading.Thread):
    """Serves one client; .heard and .client_certificate tell what it got."""

    def __init__(self, context, answer=b"", goodbye=True, address="127.0.0.1"):
        super().__init__(daemon=True)
        self.context, self.answer, self.goodbye = context, answer, goodbye
        self.listener = socket.create_server((address, 0))
        self.port = self.listener.getsockname()[1]
        self.heard, self.asked, self.client_certificate, self.problem = b"", None, None, None
        context.sni_callback = lambda _connection, name, _context: setattr(self, "asked", name)
        self.start()

    def run(self):
        try:
            plain, _ = self.listener.accept()
            plain.settimeout(PATIENCE)
            with self.context.wrap_socket(plain, server_side=True) as connection:
                self.client_certificate = connection.getpeercert()
                connection.sendall(self.answer)
                if self.goodbye:
                    self.heard = read_all(connection)
                else:
                    os.close(connection.detach())
        except OSError as problem:
            self.problem = problem
        self.listener.close()


def load(context, pair):
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(pair.both)
        file.flush()
        context.load_cert_chain(file.name)


def variables(text):
    """Of what env(1) says; values with more than one line lose all but the first."""
    return dict(line.split("=", 1) for line in text.decode().splitlines() if "=" in line)


def hand_over(home_path, role, connection, **entries):
    """What core/tls/handover does: (the word of the answer, its entries, the plain end)."""
    ours, theirs = socket.socketpair()
    ours.settimeout(PATIENCE)
    packet = b"".join(part.encode() + b"\0" for part in [role, "seconds=10", *(f"{name}={value}" for name, value in entries.items())])
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as control, theirs:
        control.settimeout(PATIENCE)
        control.connect(str(Path(home_path) / "run/tls" / role))
        socket.send_fds(control, [packet], [connection.fileno(), connection.fileno(), theirs.fileno()])
        word, *facts = control.recv(65536).decode().rstrip("\0").split("\0")
    connection.close()
    return word, dict(fact.split("=", 1) for fact in facts), ours
