"""What every mail server of a benchmark finds in its root: users, host names, no DNS. And how a root is worked on."""
import os
import shutil
import subprocess
from pathlib import Path

NAME = "mx.bench.test"
LOCAL = "local.test"  # mail for it is delivered here
ONE = "one.test"  # relayed, like every other domain, to the sink
DOMAINS = [f"d{i}.test" for i in range(1, 501)]  # each at an address of its own
SINK_PORT = 2525
USERS = 20
FIRST_UID = 3000
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


def address_of(index):
    """The loopback address of list domain number `index`, from 0."""
    return f"127.1.{index // 250}.{index % 250 + 1}"


def routes():
    """(domain, address) of every list domain."""
    return [(domain, address_of(i)) for i, domain in enumerate(DOMAINS)]


class Root:
    """The root directory of one mail server."""

    def __init__(self, path):
        self.path = Path(path)

    def at(self, name):
        return self.path / name.lstrip("/")

    def write(self, name, text, mode=0o644):
        path = self.at(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def run(self, *command, **kw):
        """A command inside, with a /proc and PIDs of its own; returns what it prints; what it complains of is shown only if it fails."""
        script = f'hostname {NAME} && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
        done = subprocess.run(
            ["unshare", "--mount", "--uts", "--pid", "--fork", "--kill-child", "sh", "-c", script, str(self.path), *command],
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            env={**os.environ, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}, **kw)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def count(self, *folders, pattern="*"):
        """Files below the folders whose name matches."""
        return sum(1 for folder in folders for path in self.at(folder).rglob(pattern) if path.is_file())

    def maildir(self, user):
        return self.at(f"home/u{user}/Maildir/new")

    def empty_maildirs(self):
        for path in self.at("home").glob("u*/Maildir/*/*"):
            path.unlink()


def add_line(path, line):
    text = path.read_text() if path.exists() else ""
    path.write_text(text + line + "\n")


def prepare(root, tools):
    """Users u0..., their Maildirs, names, and the tools that run inside."""
    for folder in ("bench", "proc", "sys", "dev", "tmp", "home", "etc", "run", "var/log"):
        root.at(folder).mkdir(parents=True, exist_ok=True)
    root.at("tmp").chmod(0o1777)
    for name, numbers in DEVICES.items():
        path = root.at(f"dev/{name}")
        if not path.is_char_device():
            os.mknod(path, 0o20666, os.makedev(*numbers))
            path.chmod(0o666)
    for tool in ("bench_init", "bench_submit", "bench_deliver"):
        shutil.copy2(tools / tool, root.at("bench") / tool)
    add_line(root.at("etc/group"), f"bench:x:{FIRST_UID}:")
    for user in range(USERS):
        add_user(root, user)
    hosts = [f"127.0.0.1 localhost {NAME}", *(f"{address} {domain}" for domain, address in routes())]
    root.write("etc/hosts", "".join(line + "\n" for line in hosts))
    # Nothing listens there: a resolver that is asked after all gives up at once.
    root.write("etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    root.write("etc/hostname", NAME + "\n")
    root.write("etc/mailname", NAME + "\n")


def add_user(root, user):
    name, uid = f"u{user}", FIRST_UID + user
    add_line(root.at("etc/passwd"), f"{name}:x:{uid}:{FIRST_UID}:bench:/home/{name}:/bin/sh")
    home = root.at(f"home/{name}")
    for folder in ("Maildir", "Maildir/tmp", "Maildir/new", "Maildir/cur"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    for path in (home, *home.rglob("*")):
        os.chown(path, uid, FIRST_UID)
        path.chmod(0o755 if path == home else 0o700)
