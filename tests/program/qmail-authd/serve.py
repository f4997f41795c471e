#!/usr/bin/env python3
"""serve.py TEST-BIN TEST: one test of qmail-authd, with checkers that do as they are told."""
import os
import poplib
import re
import select
import socket
import stat
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from memory import writable_memory  # noqa: E402
from pop3_box import NOBODY, PASSWORD, USER, Mailbox  # noqa: E402
from tls import PATIENCE, Home, children_of, wait_until  # noqa: E402

BIN = sys.argv[1]
UID, GID = (NOBODY["user"], NOBODY["group"]) if NOBODY else (os.getuid(), os.getgid())


class Asker:
    """Of one question."""

    def __init__(self, home, packet):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.socket.settimeout(2 * PATIENCE)
        self.socket.connect(str(home.path / "run/auth/check"))
        if packet is not None:
            self.socket.sendall(packet)

    def answer(self):
        return self.socket.recv(65536)

    def has_answer(self):
        return bool(select.select([self.socket], [], [], 0)[0])


def question(login=USER, password=PASSWORD, address="192.0.2.1", more=""):
    return "\0".join([address, login, password, "<1.2@host>", more]).encode("latin-1")


def ask(home, packet):
    return Asker(home, packet).answer()


def write_checker(home, text):
    """The program of control/checkpassword, a script of the shell."""
    path = home.path / "checker"
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    home.control("checkpassword", f"{path}  one\ttwo \n")


def said(text):
    """A user as qmail-authd tells it: (uid, gid, directory, variables)."""
    assert text[:1] == b"y", text
    uid, gid, directory, *variables = text[1:].decode().split("\0")
    assert variables.pop() == "", text
    return int(uid), int(gid), directory, dict(variable.split("=", 1) for variable in variables)


def test_yes_and_no():
    with Mailbox(BIN) as box:
        box.control("checkpassword", f"{box.checker}\n")
        authd = box.start("qmail-authd")
        assert stat.S_IMODE((box.path / "run/auth/check").lstat().st_mode) == 0o600
        uid, gid, directory, variables = said(ask(box, question()))
        assert (uid, gid, directory) == (UID, GID, str(box.user_home)), (uid, gid, directory)
        assert not {"PATH", "TCPREMOTEIP", "QMAIL_TEST_HOME"} & variables.keys(), variables
        before = time.monotonic()
        assert ask(box, question(password="wrong")) == b"n"
        assert time.monotonic() - before > 0.9
        authd.wait_for(f"qmail-authd: accepted: {USER} from 192.0.2.1 as uid {UID}")
        authd.wait_for(f"qmail-authd: refused: {USER} from 192.0.2.1 (1 failure, told after 1 second)")
        # Failures keep nobody out.
        before = time.monotonic()
        assert said(ask(box, question()))[0] == UID
        assert ask(box, question(password="wrong")) == b"n"
        authd.wait_for("(2 failures, told after 2 seconds)")
        assert not [line for line in authd.lines if PASSWORD in line or "wrong" in line], authd.lines


def test_other_ends():
    """Whatever a program does that is neither yes nor no: nobody is let in, and nothing is held against him."""
    with Home(BIN) as home:
        write_checker(home, "exit 0")
        authd = home.start("qmail-authd")
        checker = home.path / "checker"
        for text, why in {
            "exit 0": "ended with exit code 0, but has not run the program in its arguments",
            "echo yes; exit 0": "ended with exit code 0, but has not run the program in its arguments",
            "exit 2": "ended with exit code 2",
            "exit 111": "ended with exit code 111",
            "kill -9 $$": "was ended by signal 9",
        }.items():
            write_checker(home, text)
            assert ask(home, question()) == b"l", text
            authd.wait_for(f"qmail-authd: warning: unable to check the password of {USER} from 192.0.2.1: {checker} {why}")
        home.control("checkpassword", "true\n")
        assert ask(home, question()) == b"l"
        authd.wait_for("true ended with exit code 0, but")
        home.control("checkpassword", "/nowhere/checker\n")
        assert ask(home, question()) == b"l"
        authd.wait_for("unable to run /nowhere/checker: file does not exist")
        home.remove("checkpassword")
        assert ask(home, question()) == b"l"
        authd.wait_for("control/checkpassword is missing or empty")
        write_checker(home, "exit 1")
        assert ask(home, question()) == b"n"
        authd.wait_for("(1 failure, told after 1 second)")


def test_what_a_checker_finds():
    """Descriptors 0 to 3 and no other; its own arguments, then the program that reports; the login on 3 alone."""
    with Home(BIN) as home:
        write_checker(home, f"""cd {home.path}
cat <&3 >given
{{ printf '%s\\n' "$@"; pwd -P; readlink /proc/$$/fd/0; ls /proc/$$/fd; tr '\\0' '\\n' </proc/$$/environ; }} >found
shift 2
exec "$@"
""")
        authd = home.start("qmail-authd")
        assert said(ask(home, question(more="more\0")))[0] == os.getuid()
        assert (home.path / "given").read_bytes() == f"{USER}\0{PASSWORD}\0<1.2@host>\0more\0".encode()
        found = (home.path / "found").read_text().splitlines()
        assert found[:4] == ["one", "two", f"{home.path}/bin/qmail-authd", "report"], found
        assert found[4:6] == [str(home.path.resolve()), "/dev/null"], found
        # From 10 on they are the shell's own.
        assert [number for number in found[6:] if number.isdigit() and int(number) < 10] == ["0", "1", "2", "3"], found
        assert "TCPREMOTEIP=192.0.2.1" in found and not [line for line in found if PASSWORD in line], found
        assert said(ask(home, question(address="")))[0] == os.getuid()
        assert "TCPREMOTEIP" not in (home.path / "found").read_text()
        authd.wait_for(f"accepted: {USER} from an unknown address")


def test_nonsense():
    """Whoever sends what is no question gets no yes, and others are served as before."""
    with Mailbox(BIN) as box:
        box.control("checkpassword", f"{box.checker}\n")
        authd = box.start("qmail-authd")
        silent = Asker(box, None)
        for packet in (b"x", b"\0", b"192.0.2.1", b"192.0.2.1\0joe\0", b"192.0.2.1\0joe\0secret", b"here\0joe\0secret\0", b"\xff" * 500,
                       b"192.0.2.1\0" + b"x" * 60000, b"192.0.2.1\0joe\0" + b"x" * 508 + b"\0"):
            assert ask(box, packet) == b"l", packet
        authd.wait_for("qmail-authd: warning: a question makes no sense, and is answered with try again later", 9)
        Asker(box, None).socket.close()
        assert ask(box, question("a\nb%s \x1b[2J\xff from 192.0.2.9", "x")) == b"n"
        authd.wait_for("qmail-authd: refused: a/b_s__[2J__from_192.0.2.9 from 192.0.2.1 (1 failure")
        assert said(ask(box, question()))[0] == UID
        silent.socket.close()


def test_salts():
    """Only checkvida is asked how a password was salted; whoever has no salt is given one, always the same."""
    def salt(login):
        return ask(home, "\0".join(["salt", "192.0.2.1", login, "", "", ""]).encode())

    with Home(BIN) as home:
        write_checker(home, f"touch {home.path}/asked; exit 1")
        authd = home.start("qmail-authd")
        assert salt("joe") == b"n" and not (home.path / "asked").exists()
        authd.stop()
        checker = home.path / "checkvida"
        checker.write_text("""#!/bin/sh
[ "$*" = --salt ] || exit 100
login=$(cat <&3 | tr '\\0' ' ')
[ "$login" != 'late   ' ] || exit 111
[ "$login" = 'joe   ' ] || exit 1
printf 5000,c2FsdA==
""")
        checker.chmod(0o755)
        home.control("checkpassword", f"{checker}\n")
        authd = home.start("qmail-authd")
        assert salt("joe") == b"s5000,c2FsdA=="
        assert salt("late") == b"l"
        made_up = salt("ann")
        assert re.fullmatch(rb"s[0-9]{4,},[A-Za-z0-9+/]{22}==", made_up), made_up
        assert salt("ann") == salt("ANN") == made_up != salt("bob")
        authd.stop()
        authd = home.start("qmail-authd")
        assert salt("ann") == made_up
        # That was no try to log in.
        write_checker(home, "exit 1")
        assert ask(home, question("ann")) == b"n"
        authd.wait_for("refused: ann from 192.0.2.1 (1 failure, told after 1 second)")
        # And a salt is no place for a password.
        assert ask(home, b"salt\x00192.0.2.1\0ann\0password\0\0") == b"l"


def test_limits():
    """Ten tries of an address or at a login, twenty programs: the rest is told to come later, or waits."""
    with Home(BIN) as home:
        os.mkfifo(home.path / "gate")
        gate = os.open(home.path / "gate", os.O_RDWR)
        write_checker(home, f"""cat <&3 >/dev/null
echo >>{home.path}/begun
read line <{home.path}/gate
exit 111
""")
        begun = home.path / "begun"
        authd = home.start("qmail-authd")

        def count():
            return begun.stat().st_size if begun.exists() else 0

        waiting = [Asker(home, question(f"user{number}", address=f"2001:db8::{number}")) for number in range(10)]
        wait_until(lambda: count() == 10, "ten programs")
        # Of the same /64.
        assert ask(home, question("user99", address="2001:db8::ffff:1")) == b"l"
        authd.wait_for("user99 from 2001:db8::ffff:1: there are too many from that address at a time")
        waiting += [Asker(home, question("joe", address=f"192.0.2.{number}")) for number in range(10)]
        wait_until(lambda: count() == 20, "twenty programs")
        assert ask(home, question("joe", address="192.0.2.99")) == b"l"
        authd.wait_for("joe from 192.0.2.99: there are too many for that login at a time")
        late = Asker(home, question("ann", address="192.0.2.100"))
        # It has been taken in once a later one has its answer.
        assert ask(home, b"nonsense") == b"l"
        assert len(children_of(authd.process.pid)) == 20 and count() == 20 and not late.has_answer()
        os.write(gate, b"\n" * 20)
        wait_until(lambda: count() == 21, "the last one")
        os.write(gate, b"\n")
        assert [asker.answer() for asker in [*waiting, late]] == [b"l"] * 21
        os.close(gate)


def test_end():
    with Home(BIN) as home:
        write_checker(home, f"cat <&3 >{home.path}/given\nexec sleep 1000")
        authd = home.start("qmail-authd")
        asker = Asker(home, question())
        wait_until(lambda: (home.path / "given").exists(), "the checker")
        [checker] = children_of(authd.process.pid)
        authd.process.terminate()
        assert authd.process.wait(PATIENCE) == 0
        assert asker.answer() == b""
        os.kill(checker, 9)
        # The next one takes the name over.
        write_checker(home, "exit 111")
        home.start("qmail-authd")
        assert ask(home, question()) == b"l"


def test_memory():
    """A password that was checked is nowhere in the memory."""
    if os.getuid() != 0:
        sys.exit(77)
    with Home(BIN) as home:
        write_checker(home, "cat <&3 >/dev/null; exit 111")
        authd = home.start("qmail-authd")
        secret = "correct horse battery staple"
        for _ in range(3):
            assert ask(home, question(password=secret)) == b"l"
        assert all(secret.encode() not in piece for piece in writable_memory(authd.process.pid))


def log_in(listener, password=PASSWORD):
    client = poplib.POP3("127.0.0.1", listener.port, 2 * PATIENCE)
    client.user(USER)
    client.pass_(password)
    return client


def refusal(listener, password=PASSWORD):
    try:
        log_in(listener, password)
    except poplib.error_proto as error:
        return error.args[0].decode()
    raise AssertionError("it was let in")


def test_popup():
    """qmail-popup has it checked there where the words are the same, and runs the checker where nobody is there."""
    with Mailbox(BIN) as box:
        box.add(b"Subject: one\n\nhello\n")
        listener = box.listen()
        log_in(listener).quit()
        box.control("checkpassword", f"{box.checker}\n")
        authd = box.start("qmail-authd")
        client = log_in(listener)
        assert client.stat()[0] == 1
        client.quit()
        authd.wait_for(f"accepted: {USER} from 127.0.0.1 as uid {UID}")
        assert refusal(listener, "wrong") == "-ERR authorization failed"
        authd.wait_for(f"refused: {USER} from 127.0.0.1 (1 failure, told after 1 second)")
        lines = len(authd.lines)
        box.control("checkpassword", "another\n")
        log_in(listener).quit()
        assert len(authd.lines) == lines, authd.lines
        box.control("checkpassword", f"{box.checker}\n")
        box.checker.chmod(0o644)
        assert refusal(listener) == "-ERR unable to check passwords now, try again later"
        box.checker.chmod(0o755)
        authd.stop()
        log_in(listener).quit()
        assert refusal(listener, "wrong") == "-ERR authorization failed"


def test_popup_as_the_checker_would():
    """What is behind the checker runs where, as whom and with what the checker would have run it."""
    with Mailbox(BIN) as box:
        session = box.user_home / "session"
        session.write_text("#!/bin/sh\n{ pwd -P; id -u; id -g; ls /proc/$$/fd; echo \"$TCPREMOTEIP $PROTO $EXTRA $USER\"; } >seen.$SEEN\necho '+OK '\n")
        session.chmod(0o755)
        box.checker.write_text(box.checker.read_text().replace('with open("environment"', 'os.environ.update(EXTRA="more", USER=user)\nwith open("environment"'))
        box.environment["SEEN"] = "classic"
        listener = box.listen(session=[session])
        log_in(listener).close()
        box.environment["SEEN"] = "authd"
        box.control("checkpassword", f"{box.checker}\n")
        box.start("qmail-authd")
        listener = box.listen(session=[session])
        log_in(listener).close()
        seen = {name: (box.user_home / f"seen.{name}").read_text() for name in ("classic", "authd")}
        assert seen["classic"] == seen["authd"] and "127.0.0.1 TCP more me" in seen["authd"], seen


if __name__ == "__main__":
    globals()[sys.argv[2]]()
