"""A throw-away copy of this machine for one system test.

enter() moves the calling script into mount, PID, network, UTS and IPC namespaces of its own, over an overlay of
the host's root that lives in memory: whatever the test installs, creates or breaks is gone when it ends.
Inside, the machine under test is mx.example.org; a wire leads to a second network namespace, `remote`, where its
peers run. Nothing else is connected.

  here    192.0.2.1   2001:db8::1    mx.example.org
  remote  192.0.2.25  2001:db8::25   mx.remote.example
          192.0.2.26                 another host
          192.0.2.53                 the name server
"""
import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

INSIDE = "QMAIL_SANDBOX"
REMOTE = "/run/netns/remote"
HERE = ["192.0.2.1/24", "2001:db8::1/64"]
THERE = ["192.0.2.25/24", "192.0.2.26/24", "192.0.2.53/24", "2001:db8::25/64"]
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


def enter():
    """Returns inside the sandbox; the process that called it waits outside and ends with the test's exit code."""
    if os.environ.get(INSIDE):
        return
    if os.geteuid() != 0:
        sys.exit("system tests need root, for their namespaces: run them with sudo")
    command = ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "--"]
    with tempfile.TemporaryDirectory(prefix="sandbox.") as folder:
        done = subprocess.run(
            command + [sys.executable, os.path.abspath(__file__), folder, *map(os.path.abspath, sys.argv[:1]), *sys.argv[1:]],
            env={**os.environ, INSIDE: "1"},
        )
    sys.exit(done.returncode)


def run(*command, **kw):
    return subprocess.run(command, check=True, **kw)


def make_root(folder):
    """An overlay of / mounted at the returned path, with its own /proc, /sys, /dev and /run."""
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "tmpfs", folder)
    upper, work, root = (Path(folder) / name for name in ("upper", "work", "root"))
    for path in (upper, work, root):
        path.mkdir()
        path.chmod(0o755)
    run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={upper},workdir={work}", str(root))
    run("mount", "-t", "proc", "proc", f"{root}/proc")
    run("mount", "-t", "sysfs", "-o", "ro", "sys", f"{root}/sys")
    for name in ("dev", "run", "tmp"):
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", f"{root}/{name}")
    (root / "tmp").chmod(0o1777)
    for name, numbers in DEVICES.items():
        os.mknod(root / "dev" / name, 0o20666, os.makedev(*numbers))
        (root / "dev" / name).chmod(0o666)
    (root / "dev/fd").symlink_to("/proc/self/fd")
    for name in ("pts", "shm"):
        (root / "dev" / name).mkdir()
    (root / "dev/shm").chmod(0o1777)
    return root


def start_network():
    run("ip", "netns", "add", "remote")
    run("ip", "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns", "remote")
    for prefix, addresses in ((["ip"], HERE), (["ip", "-n", "remote"], THERE)):
        for address in addresses:
            run(*prefix, "address", "add", address, "dev", "wire", *(["nodad"] if ":" in address else []))
        for link in ("lo", "wire"):
            run(*prefix, "link", "set", link, "up")
    run("hostname", "mx.example.org")
    Path("/etc/hostname").write_text("mx.example.org\n")
    Path("/etc/hosts").write_text("127.0.0.1 localhost\n192.0.2.1 mx.example.org mx\n")
    resolv = Path("/etc/resolv.conf")
    resolv.unlink(missing_ok=True)
    resolv.write_text("nameserver 192.0.2.53\n")


@contextlib.contextmanager
def remote_network():
    """Sockets that this thread makes inside are the remote host's."""
    libc = ctypes.CDLL(None, use_errno=True)

    def move_to(namespace):
        if libc.setns(namespace.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")

    with open("/proc/thread-self/ns/net") as here, open(REMOTE) as there:
        move_to(there)
        try:
            yield
        finally:
            move_to(here)


def leave_nothing_of_the_host():
    """A mail system that the host happens to have must not help, or hinder, the one under test."""
    for path in ("/var/qmail", "/var/lib/qmailkit"):
        shutil.rmtree(path, ignore_errors=True)
    for file, names in (
        ("/etc/passwd", ("alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails", "qmailt")),
        ("/etc/shadow", ("alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails", "qmailt")),
        ("/etc/group", ("qmail", "nofiles")),
    ):
        path = Path(file)
        if path.exists():
            kept = [line for line in path.read_text().splitlines(True) if line.split(":")[0] not in names]
            path.write_text("".join(kept))


def main():
    folder, script, *arguments = sys.argv[1:]
    root = make_root(folder)
    # The overlay shows only the host's root file system; the sources and the build may be on another.
    for path in (str(Path(__file__).parents[2]), os.environ.get("QMAIL_BUILD", "/")):
        if path != "/":
            target = root / path.lstrip("/")
            target.mkdir(parents=True, exist_ok=True)
            run("mount", "--bind", "-o", "ro", path, str(target))
    os.chroot(root)
    os.chdir("/")
    start_network()
    leave_nothing_of_the_host()
    os.environ["PATH"] = "/var/qmail/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    os.environ["HOME"] = "/root"
    for name in ("QMAILQUEUE", "QMAILINJECT", "RELAYCLIENT", "USER", "LOGNAME"):
        os.environ.pop(name, None)
    # A process of its own, so that the first of this PID namespace does nothing but wait.
    done = subprocess.run([sys.executable, script, *arguments])
    sys.exit(done.returncode if done.returncode >= 0 else 1)


if __name__ == "__main__":
    main()
