"""The machine under test, from inside its sandbox: installed, started, observed and stopped."""
import json
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import threading
import time
from pathlib import Path

from sandbox import REMOTE, remote_network

HOME = Path("/var/qmail")
ANSWERS = Path("/root/answers.json")
PATIENCE = 30  # seconds; nothing here waits for time to pass, only for events that may be late
MUCH_PATIENCE = 8 * PATIENCE  # for all that is in a queue

ZONES = {
    "example.org": """
@ IN MX 10 mx
@ IN A 192.0.2.1
mx IN A 192.0.2.1
mx IN AAAA 2001:db8::1
""",
    "remote.example": """
@ IN MX 10 mx
mx IN A 192.0.2.25
v6 IN MX 10 mx6
mx6 IN AAAA 2001:db8::25
null IN MX 0 .
both IN MX 10 dead
both IN MX 20 mx
dead IN A 192.0.2.26
""",
}


class Lines:
    """The lines a process writes, collected as they come; wait() for one that matches."""

    def __init__(self, stream):
        self.lines = []
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._collect, args=(stream,), daemon=True)
        self.thread.start()

    def _collect(self, stream):
        for line in stream:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def wait(self, pattern, count=1, after=0):
        """The first matches of `pattern` in lines from number `after` on, once there are `count` of them."""
        deadline = time.monotonic() + PATIENCE
        with self.changed:
            while True:
                found = [m for m in (re.search(pattern, line) for line in self.lines[after:]) if m]
                if len(found) >= count:
                    return found[count - 1]
                if not self.changed.wait(deadline - time.monotonic()):
                    raise AssertionError(f"no line matches {pattern!r} in:\n" + "\n".join(self.lines[after:]))

    def quiet(self, seconds):
        """True if no line comes for so long."""
        with self.changed:
            return not self.changed.wait(seconds)

    def mark(self):
        with self.changed:
            return len(self.lines)

    def since(self, mark):
        with self.changed:
            return self.lines[mark:]


def run(*command, stdin=b"", check=True, **kw):
    done = subprocess.run(command, input=stdin, capture_output=True, **kw)
    if check and done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout!r} {done.stderr!r}")
    return done


def run_as(user, *command, **kw):
    """As a login of `user` would, without a password or a terminal."""
    home = Path("~" + user).expanduser()
    return run("setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *command, cwd=home,
               env={"PATH": os.environ["PATH"], "HOME": str(home), "USER": user, "LOGNAME": user}, **kw)


def run_remote(*command, **kw):
    """On the remote host."""
    return run("nsenter", f"--net={REMOTE}", *command, **kw)


def connect(port=25, address="192.0.2.1", source=None):
    """From the remote host to here."""
    with remote_network():
        return socket.create_connection((address, port), PATIENCE, source_address=(source, 0) if source else None)


def wait_for_port(port, address="127.0.0.1"):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection((address, port), timeout=PATIENCE).close()
        except ConnectionRefusedError:
            # The one thing without an event to wait for: somebody else's listener.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def wait_until(condition, patience=PATIENCE):
    """For a state of the kernel that nothing announces: a process that is gone."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, condition
        time.sleep(0.02)


def processes(command=""):
    """Of the mail system: the pids of those whose command line matches. One that is ending still has its locks."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            name, _, state = (folder / "stat").read_text().partition("(")[2].rpartition(") ")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if re.match(r"qmail-|tcpserver|ucspi-tls|tlsserve", name) and state[0] not in "ZX" and re.search(command, line):
            found.append(int(folder.name))
    return found


def make_loop_devices():
    """For disks that are files."""
    for number in range(8):
        os.mknod(f"/dev/loop{number}", 0o60600, os.makedev(7, number))
    os.mknod("/dev/loop-control", 0o20600, os.makedev(10, 237))


class Machine:
    def __init__(self):
        self.daemon = None
        self.log = None
        self.helpers = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        for helper in self.helpers:
            helper.kill()
            helper.wait()

    # -- setting up ---------------------------------------------------------
    def place(self, root="/"):
        """Puts the staged build where qmail-install looks for it, and answers into ANSWERS."""
        shutil.copytree(Path(os.environ["QMAIL_BUILD"]) / "stage", root, symlinks=True, dirs_exist_ok=True)
        ANSWERS.write_text(json.dumps({"role": "internet", "hostname": "mx.example.org", "domains": ["example.org"]}))

    def install(self):
        """Places the staged build and lets qmail-install do the rest."""
        self.place()
        return run("qmail-install", "--answers", str(ANSWERS), "--yes")

    def add_user(self, name, maildir=True):
        run("useradd", "-m", "-U", "-s", "/bin/sh", name)
        home = Path("/home") / name
        home.chmod(0o755)
        if maildir:
            run_as(name, "/var/qmail/bin/maildirmake", "Maildir")
        return home

    def control(self, name, *lines):
        (HOME / "control" / name).write_text("".join(line + "\n" for line in lines))

    def start_dns(self, zones=None):
        folder = Path("/run/dns")
        folder.mkdir()
        config = ["server:", "  ip-address: 192.0.2.53", "  username: root", '  zonesdir: "/run/dns"', '  database: ""',
                  '  pidfile: ""', '  zonelistfile: "/run/dns/zones"', '  xfrdfile: "/run/dns/xfrd"', "  server-count: 1",
                  "remote-control:", "  control-enable: no"]
        for name, text in (zones or ZONES).items():
            (folder / name).write_text(f"$ORIGIN {name}.\n$TTL 60\n@ IN SOA ns hostmaster 1 60 60 60 60\n@ IN NS ns\nns IN A 192.0.2.53\n{text}")
            config += ["zone:", f"  name: {name}", f"  zonefile: {name}"]
        (folder / "nsd.conf").write_text("\n".join(config) + "\n")
        self.helper("nsd", "-d", "-c", str(folder / "nsd.conf"))
        wait_for_port(53, "192.0.2.53")

    def helper(self, *command, **kw):
        """A peer on the remote host that lives until the test ends."""
        process = subprocess.Popen(["nsenter", f"--net={REMOTE}", *command], stdin=subprocess.DEVNULL, **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **kw})
        self.helpers.append(process)
        return process

    def place_peer(self, package):
        """Lays a mail server of the distribution over the sandbox, but for the commands that are the machine's own."""
        shutil.copytree(Path(os.environ["QMAIL_BUILD"]) / "peers" / package, "/", symlinks=True, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("sendmail", "mailq", "newaliases", ".complete"))

    def start_sink(self, address="192.0.2.25:25", *options):
        """Postfix's smtp-sink: keeps what it accepts in /run/sink, one file a message."""
        if not Path("/usr/sbin/smtp-sink").exists():
            self.place_peer("postfix")
        folder = Path("/run/sink")
        folder.mkdir(exist_ok=True)
        shutil.chown(folder, "nobody")
        self.helper("smtp-sink", "-u", "nobody", "-d", f"{folder}/%M.", *options, address, "100")
        host, _, port = address.rpartition(":")
        wait_for_port(int(port), host.replace("inet:", "").strip("[]"))
        return folder

    # -- running -------------------------------------------------------------
    def put_queue_on_a_disk(self, megabytes, *options):
        """The installed one, on an ext4 of its own made with these options of mkfs."""
        make_loop_devices()
        run("truncate", "-s", f"{megabytes}M", "/disk.img")
        run("mkfs.ext4", "-q", *options, "/disk.img")
        os.mkdir("/disk")
        run("mount", "-o", "loop", "/disk.img", "/disk")
        run("cp", "-a", str(HOME / "queue"), "/disk/queue")
        run("mount", "--bind", "/disk/queue", str(HOME / "queue"))

    def start(self, *arguments, inside=()):
        """qmail-run with `arguments`, run by the command `inside` if there is one."""
        self.daemon = subprocess.Popen(
            [*inside, "/var/qmail/bin/qmail-run", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace",
        )
        self.log = Lines(self.daemon.stdout)
        self.log.wait(r"status: local 0/")

    def stop(self):
        """TERM, and the exit code; None if it was not running."""
        if not self.daemon:
            return None
        self.daemon.terminate()
        code = self.daemon.wait(MUCH_PATIENCE)
        self.log.thread.join(PATIENCE)
        self.daemon = None
        return code

    def kill(self):
        """All of the mail system at once, as a crash of the machine would, but for what is in memory of the disk."""
        while pids := processes():
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if self.daemon:
                self.daemon.wait(PATIENCE)
        self.daemon = None

    # -- observing -------------------------------------------------------------
    def smtp(self, address="192.0.2.1", source=None):
        """A session from the remote host."""
        wait_for_port(25)
        with remote_network():
            return smtplib.SMTP(address, 25, "client.example", PATIENCE, source_address=(source, 0) if source else None)

    def maildir(self, user, name="Maildir"):
        """The messages in a Maildir's new/, as bytes."""
        home = HOME / "alias" if user == "alias" else Path("/home") / user
        folder = home / name / "new"
        return [path.read_bytes() for path in sorted(folder.iterdir())] if folder.exists() else []

    def queue(self):
        return run("qmail-qread").stdout.decode()

    def drain(self):
        """Has everything in the queue tried, again and again, until it is empty."""
        def is_empty():
            for pid in processes(r"^qmail-send"):
                os.kill(pid, signal.SIGALRM)
            time.sleep(0.1)
            # A message that was being removed when something was killed may be a file still, but nothing more.
            return self.queue() == "" and b"messages in queue but not yet preprocessed: 0\n" in run("qmail-qstat").stdout

        wait_until(is_empty, MUCH_PATIENCE)

    def states(self):
        """Of every message in the layout: {457: "S4"}. An illegal one is an error."""
        told = run(Path(os.environ["QMAIL_BUILD"]) / "tests/crash/classify-queue", str(HOME)).stdout.decode()
        return {int(number): state for number, state in map(str.split, told.splitlines())}
