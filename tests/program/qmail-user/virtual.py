#!/usr/bin/env python3
"""virtual.py TEST-BIN TEST: one test of virtual users, with a domain owner that only the programs under test see."""
import base64
import hashlib
import hmac
import os
import pty
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

BIN = Path(sys.argv[1]).resolve()
PATIENCE = 50
CANNOT_RUN_HERE = 77
OWNER, UID = "pop", 54321
PASSWORD = "Correct-Horse-7"
SHOW = 'echo "$USER $HOME $(pwd) $(id -u)"'
# A mount namespace of its own, in which /etc/passwd is another; then descriptor 3, and the user to be.
INSIDE = """mount --bind "$PASSWD" /etc/passwd || exit 77
[ -z "$CLAIM" ] || exec 3<"$CLAIM"
exec "$@"
"""


class Machine:
    """A home with control files, and the domain owner's."""

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="virtual."))
        self.root.chmod(0o755)
        self.home = self.root / "home"
        (self.home / "control").mkdir(parents=True)
        (self.home / "bin").symlink_to(BIN)
        (self.home / "etc").mkdir()
        self.pop = self.root / OWNER
        self.pop.mkdir(0o755)
        os.chown(self.pop, UID, UID)
        self.control("virtualdomains", "example.org:pop\nshop.example:pop-shop\nplain.example:\n")
        self.control("locals", "here.example\n")
        passwd = Path("/etc/passwd").read_text() + f"{OWNER}:x:{UID}:{UID}::{self.pop}:/bin/sh\n"
        (self.root / "passwd").write_text(passwd)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.root)

    def control(self, name, text):
        (self.home / "control" / name).write_text(text)

    def command(self, words, owner):
        become = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups"] if owner else []
        inside = ["unshare", "--mount", "--propagation", "private", "sh", "-c", INSIDE, "sh"]
        return [*inside, *become, BIN / words[0], *words[1:]]

    def environment(self, claim, more):
        return {"PATH": f"{BIN}:/usr/bin:/bin:/usr/sbin:/sbin", "QMAIL_TEST_HOME": str(self.home), "HOME": str(self.pop),
                "PASSWD": str(self.root / "passwd"), "CLAIM": claim, **more}

    def run(self, *words, owner=False, stdin="", code=0, claim="", **more):
        done = subprocess.run(self.command(words, owner), input=stdin.encode(), capture_output=True, cwd=self.root,
                              env=self.environment(claim, more), timeout=PATIENCE)
        if done.returncode == CANNOT_RUN_HERE and code != CANNOT_RUN_HERE:
            sys.exit(CANNOT_RUN_HERE)
        assert done.returncode == code, (words, done)
        self.errors = done.stderr.decode()
        assert PASSWORD not in self.errors, self.errors
        return done.stdout.decode()

    def login(self, login, proof=PASSWORD, challenge="<1.2@mx.example.org>", code=0, **more):
        """What a session finds out about itself."""
        claim = self.root / "claim"
        claim.write_bytes("\0".join([login, proof, challenge, ""]).encode())
        claim.chmod(0o644)
        return self.run("checkvida", "sh", "-c", SHOW, claim=str(claim), code=code, **more)

    def add(self, name, *options, password=PASSWORD):
        (self.pop / name).mkdir(exist_ok=True)
        os.chown(self.pop / name, UID, UID)
        self.run("qmail-user", "add", "--virtual", OWNER, *options, name, stdin=password + "\n")

    def session(self, name):
        home = self.pop / name
        return f"{OWNER} {home} {home} {UID}\n"

    @property
    def cdb(self):
        return self.pop / ".vida/users.cdb"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_three_commands():
    with Machine() as machine:
        machine.run("vida-passwd", "-a", "-u", "joe", owner=True, stdin=PASSWORD + "\n")
        machine.run("vida-assign", "-a", "-u", "joe", owner=True)
        machine.run("vida-maildirmake", "joe", "Maildir", owner=True)
        assert (machine.pop / ".qmail-joe").read_text() == "./joe/Maildir/\n"
        assert sorted(path.name for path in (machine.pop / "joe/Maildir").iterdir()) == ["cur", "new", "tmp"]
        assert machine.login("joe@example.org") == machine.session("joe")
        machine.run("vida-passwd", "-u", "joe", owner=True, stdin="another\n")
        machine.login("joe@example.org", code=1)
        assert machine.login("joe@example.org", "another") == machine.session("joe")
        machine.run("vida-passwd", "-d", "-u", "joe", owner=True)
        machine.run("vida-assign", "-d", "-u", "joe", owner=True)
        machine.login("joe@example.org", "another", code=1)
        assert not (machine.pop / ".qmail-joe").exists()


def proof_of(keys, password, signed):
    iterations, salt = keys[:2]
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(hashlib.sha256(key).digest(), signed.encode(), "sha256")
    return base64.b64encode(bytes(a ^ b for a, b in zip(key, signature))).decode()


def salt_of(machine, login, code=0):
    claim = machine.root / "claim"
    claim.write_bytes(f"{login}\0\0\0".encode())
    return machine.run("checkvida", "--salt", claim=str(claim), code=code)


def test_scram():
    """What SCRAM needs is kept of each password; it proves that somebody knows it, and nothing without it."""
    with Machine() as machine:
        machine.add("joe")
        [keys] = re.findall(rb"{SCRAM-SHA-256}([0-9]+),([^,]+),([^,]{44}),([A-Za-z0-9+/]{43}=)", machine.cdb.read_bytes())
        keys = [key.decode() for key in keys]
        assert salt_of(machine, "joe@example.org") == ",".join(keys[:2])
        signed = "n=joe@example.org,r=abc,r=abcdef,s=...,c=biws,r=abcdef"
        show = 'echo "$USER $SCRAM_SERVER_FINAL"'

        def final(proof, code=0):
            claim = machine.root / "claim"
            claim.write_bytes("\0".join(["joe@example.org", proof, signed, ""]).encode())
            return machine.run("checkvida", "sh", "-c", show, claim=str(claim), code=code)

        signature = base64.b64encode(hmac.digest(base64.b64decode(keys[3]), signed.encode(), "sha256")).decode()
        assert final(proof_of(keys, PASSWORD, signed)) == f"{OWNER} v={signature}\n"
        final(proof_of(keys, "wrong", signed), code=1)
        # Who knows the password may still say it.
        assert final(PASSWORD) == f"{OWNER} \n"
        for login in ("ann@example.org", "joe@elsewhere.example", "root"):
            salt_of(machine, login, code=1)
        # An older record has none.
        old = machine.cdb.read_bytes()
        machine.run("qmail-user", "passwd", "--virtual", OWNER, "joe", stdin="another\n")
        assert machine.cdb.read_bytes().count(b"{SCRAM-SHA-256}") == 1 and machine.cdb.read_bytes() != old
        final(proof_of(keys, PASSWORD, signed), code=1)


def test_who_is_in_charge():
    with Machine() as machine:
        for name in ("joe", "shop-joe"):
            machine.add(name)
        for login in ("joe@example.org", "joe%example.org", "JOE@Example.ORG"):
            assert machine.login(login) == machine.session("joe")
        assert machine.login("joe@shop.example") == machine.session("shop-joe")
        assert machine.login("joe", DOMAINOWNER=OWNER) == machine.session("joe")
        assert machine.login("joe@anywhere.example", DOMAINOWNER=OWNER) == machine.session("joe")
        assert machine.login("joe+example.org", DOMAINDELIMITERS="+") == machine.session("joe")
        for login in ("joe", "joe@elsewhere.example", "joe@here.example", "joe@plain.example", "ann@example.org", "@example.org"):
            machine.login(login, code=1)
        machine.login("joe+example.org", code=1)


def test_the_owner_himself():
    with Machine() as machine:
        machine.run("vida-passwd", owner=True, stdin=PASSWORD + "\n")
        for login in (OWNER, OWNER + "@here.example"):
            assert machine.login(login) == machine.session("")
        machine.run("vida-passwd", owner=True, stdin="another\n")
        machine.login(OWNER, code=1)


def test_password_as_argument():
    with Machine() as machine:
        machine.run("vida-passwd", "-p", PASSWORD, owner=True)
        assert "warning: everybody on this machine can see arguments" in machine.errors
        machine.login(OWNER)


def test_wrong_password():
    with Machine() as machine:
        machine.add("joe")
        for proof in ("", PASSWORD + "x", PASSWORD[:-1], "!"):
            machine.login("joe@example.org", proof, code=1)


def test_challenge():
    with Machine() as machine:
        machine.add("joe", "--secret")
        machine.add("ann")
        challenge = "<1896.697170952@mx.example.org>"
        digest = hashlib.md5((challenge + PASSWORD).encode()).hexdigest()
        keyed = hmac.new(PASSWORD.encode(), challenge.encode(), "md5").hexdigest()
        for response in (digest, keyed):
            assert machine.login("joe@example.org", response, challenge, ALLOWPLAIN="0") == machine.session("joe")
            machine.login("joe@example.org", response, "<another>", code=1)
            machine.login("ann@example.org", response, challenge, code=1)
        machine.login("joe@example.org", ALLOWPLAIN="0", code=1)
        assert machine.login("joe@example.org") == machine.session("joe")
        assert machine.run("qmail-user", "list", "--virtual", OWNER).splitlines()[1].endswith("/joe\tsecret")
        machine.run("vida-passwd", "-a", "-s", "-u", "eve", owner=True, stdin=PASSWORD + "\n")
        assert machine.run("qmail-user", "list", "--virtual", OWNER).splitlines()[1].endswith("/eve\tsecret")
        machine.run("vida-passwd", "-d", "-u", "eve", owner=True)
        # A new password that is not to be kept takes the old one away.
        machine.run("qmail-user", "passwd", "--virtual", OWNER, "joe", stdin=PASSWORD + "\n")
        machine.login("joe@example.org", digest, challenge, code=1)
        assert PASSWORD.encode() not in machine.cdb.read_bytes()


def test_only_hashes_are_kept():
    with Machine() as machine:
        machine.add("joe")
        assert PASSWORD.encode() not in machine.cdb.read_bytes()
        exported = machine.run("qmail-user", "export", "--virtual", OWNER)
        assert re.fullmatch(rf"joe:\$y\$[^:]+:pop:{machine.pop}/joe\n", exported), exported


def test_root_becomes_the_owner():
    with Machine() as machine:
        machine.add("joe")
        for path in (machine.cdb.parent, machine.cdb, machine.cdb.with_suffix(".cdb.lock")):
            assert path.stat().st_uid == UID, path
        assert [mode(machine.cdb.parent), mode(machine.cdb)] == [0o700, 0o600]


def test_home_that_leads_elsewhere():
    with Machine() as machine:
        secret = machine.root / "secret"
        secret.write_text("for root\n")
        secret.chmod(0o600)
        machine.cdb.parent.mkdir()
        machine.cdb.symlink_to(secret)
        os.chown(machine.cdb.parent, UID, UID)
        machine.login("joe@example.org", code=111)
        assert "access denied" in machine.errors, machine.errors
        machine.run("qmail-user", "list", "--virtual", OWNER, code=111)
        for home in ("../joe", "/etc", "joe/../../x"):
            machine.run("qmail-user", "add", "--virtual", OWNER, "--home", home, "ann", stdin="x\n", code=111)


def test_homes_outside():
    with Machine() as machine:
        for home in ("../joe", "/etc", "joe/../../x", "a//b"):
            machine.run("qmail-user", "add", "--virtual", OWNER, "--home", home, "ann", stdin="x\n", code=100)
            assert "unable to take ann" in machine.errors, machine.errors
        assert not machine.cdb.exists()


def test_damaged_file():
    with Machine() as machine:
        machine.add("joe")
        whole = machine.cdb.read_bytes()
        for damage in (whole[:2047], whole[:-1], b"x" * 5000, b"\xff" * 2048):
            machine.cdb.write_bytes(damage)
            machine.login("joe@example.org", code=111)
            assert "it is damaged" in machine.errors, machine.errors
            machine.run("qmail-user", "passwd", "--virtual", OWNER, "joe", stdin="x\n", code=100)
            assert machine.cdb.read_bytes() == damage


def test_blocked_uid():
    with Machine() as machine:
        machine.add("joe")
        machine.control("blockuid", f"{UID}\n")
        machine.login("joe@example.org", code=1)
        machine.control("blockuid", f"{UID - 1}\n")
        assert machine.login("joe@example.org") == machine.session("joe")


def test_names_with_domains():
    with Machine() as machine:
        machine.run("qmail-user", "add", "--virtual", OWNER, "joe@example.org", stdin="x\n", code=100)
        assert "a virtual user has a name without its domain" in machine.errors, machine.errors


def test_imports():
    with Machine() as machine:
        machine.add("joe", "--secret")
        # What only root may read is read before root is given up.
        listed = machine.root / "list"
        listed.write_text(f"ann:abdqmmqJeSFpk:pop:{machine.pop}/ann\n")
        listed.chmod(0o600)
        (machine.pop / "ann").mkdir()
        os.chown(machine.pop / "ann", UID, UID)
        machine.run("qmail-user", "import", "--virtual", OWNER, str(listed))
        assert machine.login("ann@example.org", "somepassword") == machine.session("ann")
        machine.run("qmail-user", "import", "--user", OWNER, str(machine.cdb))
        lines = (machine.home / "etc/poppasswd").read_text().splitlines()
        assert lines[0] == f"ann:abdqmmqJeSFpk:pop:{machine.pop}/ann", lines
        assert lines[1].startswith("joe:$y$") and lines[1].endswith(f":pop:{machine.pop}/joe"), lines
        listed.write_text("eve:x:someone:/home/someone\n")
        machine.run("qmail-user", "import", "--from", "poppasswd", "--virtual", OWNER, str(listed), code=100)
        assert "its system user is not pop" in machine.errors, machine.errors


def test_many_at_once():
    with Machine() as machine:
        names = [f"user{number}" for number in range(8)]
        words = ["qmail-user", "add", "--virtual", OWNER]
        running = [subprocess.Popen(machine.command([*words, name], False), stdin=subprocess.PIPE, cwd=machine.root,
                                    env=machine.environment("", {})) for name in names]
        for one in running:
            one.communicate(b"x\n", timeout=PATIENCE)
        codes = {one.returncode for one in running}
        if codes == {CANNOT_RUN_HERE}:
            sys.exit(CANNOT_RUN_HERE)
        assert codes == {0}, codes
        listed = machine.run("qmail-user", "list", "--virtual", OWNER)
        assert [line.split("\t")[0] for line in listed.splitlines()] == names, listed


def on_a_terminal(machine, answers):
    """Exit code and all that the terminal shows."""
    child, terminal = pty.fork()
    if child == 0:
        command = machine.command(["qmail-user", "add", "--virtual", OWNER, "joe"], False)
        os.execvpe(command[0], [str(word) for word in command], machine.environment("", {}))
    shown = b""
    waiting = [b"New password of joe: ", b"Once more: "]
    try:
        while piece := os.read(terminal, 1000):
            shown += piece
            # The echo is off before a prompt's answer is read, but after the prompt: an answer that comes too early
            # would be thrown away with the switch.
            if waiting and shown.endswith(waiting[0]):
                waiting.pop(0)
                wait_for_silence(terminal)
                os.write(terminal, answers.pop(0).encode() + b"\n")
    except OSError:
        pass  # the end, on Linux
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


def wait_for_silence(terminal):
    end = time.monotonic() + PATIENCE
    while termios.tcgetattr(terminal)[3] & termios.ECHO:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_terminal():
    with Machine() as machine:
        code, shown = on_a_terminal(machine, [PASSWORD, PASSWORD])
        if code == CANNOT_RUN_HERE:
            sys.exit(CANNOT_RUN_HERE)
        assert code == 0, shown
        assert PASSWORD not in shown and "Once more" in shown, shown
        (machine.pop / "joe").mkdir()
        assert machine.login("joe@example.org") == machine.session("joe")


def test_terminal_with_two_answers():
    with Machine() as machine:
        code, shown = on_a_terminal(machine, [PASSWORD, "another"])
        if code == CANNOT_RUN_HERE:
            sys.exit(CANNOT_RUN_HERE)
        assert code == 100 and "the two passwords differ; nothing is changed" in shown, shown
        assert not machine.cdb.exists()


def test_no_other_program_gets_a_password_as_argument():
    if not shutil.which("strace"):
        sys.exit(CANNOT_RUN_HERE)
    with Machine() as machine:
        (machine.home / "etc/poppasswd").write_text(f"joe:!none!:{OWNER}:/home/joe\n")
        log = machine.root / "log"
        command = ["strace", "-f", "-s", "500", "-o", log, "-e", "trace=execve", BIN / "poppasswd_change", "joe", PASSWORD]
        # A sanitizer cannot look for leaks in a process that is traced.
        environment = machine.environment("", {"ASAN_OPTIONS": "detect_leaks=0"})
        done = subprocess.run(command, capture_output=True, env=environment, timeout=PATIENCE)
        if b"ptrace" in done.stderr:
            sys.exit(CANNOT_RUN_HERE)
        assert done.returncode == 0, done
        started = [line for line in log.read_text().splitlines() if "execve(" in line]
        assert len(started) >= 2, started
        assert [PASSWORD in line for line in started] == [True] + [False] * (len(started) - 1), started


if os.getuid() != 0:
    sys.exit(CANNOT_RUN_HERE)
globals()[sys.argv[2]]()
