"""Users with maildirs, a program that checks their passwords, and servers in front of it: for tests of POP3."""
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tls import Home, Listener

NOBODY = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
USER, PASSWORD = "me", "it is secret"

# In the place of checkpassword: one user, who owns the folder it is in; what it found in its environment is kept there.
CHECKER = f"""#!{sys.executable}
import hashlib, json, os, sys
user, password, timestamp = os.fdopen(3, "rb").read().decode("latin-1").split("\\0")[:3]
home = os.path.dirname(os.path.abspath(__file__))
secret = {PASSWORD!r}
if user != {USER!r} or password not in (secret, hashlib.md5((timestamp + secret).encode()).hexdigest()):
    sys.exit(1)
owner = os.stat(home)
os.chdir(home)
if os.getuid() == 0:
    os.setgroups([]), os.setgid(owner.st_gid), os.setuid(owner.st_uid)
with open("environment", "w") as file:
    json.dump(dict(os.environ), file)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Mailbox(Home):
    """One user's, with whatever serves it."""

    def __enter__(self):
        # The user runs a program below it.
        self.path.chmod(0o755)
        self.user_home = Path(tempfile.mkdtemp(prefix="pop3."))
        self.user_home.chmod(0o755)
        self.maildir = self.user_home / "Maildir"
        for part in ("tmp", "new", "cur"):
            (self.maildir / part).mkdir(parents=True)
        self.checker = self.user_home / "checker"
        self.checker.write_text(CHECKER)
        self.checker.chmod(0o755)
        self.number = 0
        self.own()
        return super().__enter__()

    def __exit__(self, *more):
        super().__exit__(*more)
        shutil.rmtree(self.user_home)

    def own(self):
        if NOBODY:
            for path in [self.user_home, *self.user_home.rglob("*")]:
                os.chown(path, NOBODY["user"], NOBODY["group"])

    def add(self, text, name=None, part="new"):
        """Older than this second, and younger than all before."""
        self.number += 1
        path = self.maildir / part / (name or f"{self.number}.M1P2Q3.host")
        path.write_bytes(text)
        os.utime(path, (1_000_000_000 + self.number,) * 2)
        if NOBODY:
            os.chown(path, NOBODY["user"], NOBODY["group"])

    def names(self, part):
        return sorted(os.listdir(self.maildir / part))

    def listen(self, front=(), session=None):
        """tcpserver with qmail-popup, behind `front`."""
        session = session or [self.bin / "qmail-pop3d", "Maildir"]
        listener = Listener(self, (), [*front, "qmail-popup", "mx.example", self.checker, *session])
        self.running.append(listener)
        return listener
