#!/usr/bin/env python3
"""POP3 on an installed machine: what was delivered is read from the remote host, by processes that have no more rights than they need."""
import contextlib
import os
import poplib
import pwd
import signal
import stat
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, PATIENCE, Lines, connect, processes, run, wait_until  # noqa: E402
from pop3_box import CHECKER, PASSWORD, USER  # noqa: E402
from scenario import main  # noqa: E402
from secured import install, put  # noqa: E402
from tls import client_context, make_pair  # noqa: E402

AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.example.org", authority=AUTHORITY)


class Client(poplib.POP3):
    """On the remote host."""

    def _create_socket(self, timeout):
        return connect(self.port, self.host)

    def log_in(self, password=PASSWORD):
        self.user(USER)
        self.pass_(password)


def client_of(port=110):
    return Client("192.0.2.1", port, PATIENCE)


@contextlib.contextmanager
def listening(*options, front=(), port=110, checker=f"/home/{USER}/checker"):
    program = [*front, "qmail-popup", "mx.example.org", checker, "qmail-pop3d", "Maildir"]
    server = subprocess.Popen(["tcpserver", "-v", "-RHl0", *options, "0", str(port), *program], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        log = Lines(server.stderr)
        log.wait("tcpserver: status: 0/")
        yield log
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)


def with_a_message(machine):
    install(machine)
    checker = machine.add_user(USER) / "checker"
    checker.write_text(CHECKER)
    checker.chmod(0o755)
    put("servercert.pem", PAIR.both)
    machine.start()
    run("qmail-inject", "-f", "joe@example.org", stdin=f"To: {USER}@example.org\nSubject: hello\n\n.first line\n".encode())
    wait_until(lambda: machine.maildir(USER))
    # What has come in this very second is left for the next session.
    for message in (Path("/home") / USER / "Maildir/new").iterdir():
        os.utime(message, (1_000_000_000, 1_000_000_000))


def uids(program):
    """Real and effective, of the one process of this name."""
    [pid] = processes(f"^(/var/qmail/bin/)?{program} ")
    return [line.split()[1:3] for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("Uid:")][0]


def pop3_reads_what_was_delivered(machine):
    """The session is the user's, and so is what becomes of the message."""
    with_a_message(machine)
    with listening():
        client = client_of()
        client.log_in()
        lines = client.retr(1)[1]
        assert lines[0] == b"Return-Path: <joe@example.org>" and lines[-2:] == [b".first line", b""], lines
        assert uids("qmail-pop3d") == [str(pwd.getpwnam(USER).pw_uid)] * 2
        assert uids("qmail-popup") == ["0", "0"]
        client.quit()
        wait_until(lambda: not machine.maildir(USER))
        [message] = (Path("/home") / USER / "Maildir/cur").iterdir()
        assert message.name.endswith(":2,") and message.owner() == USER
        client = client_of()
        client.log_in()
        client.dele(1)
        client.quit()
        wait_until(lambda: not message.exists())


def refused(password):
    """What a client hears who logs in with it; empty: it is let in."""
    client = client_of()
    try:
        client.log_in(password)
    except poplib.error_proto as error:
        return error.args[0].decode()
    client.quit()
    return ""


def pop3_for_users_of_the_system(machine):
    """checkpassword knows their passwords, and who may not log in."""
    with_a_message(machine)
    run("chpasswd", stdin=f"{USER}:{PASSWORD}\n".encode())
    with listening(checker="checkpassword") as log:
        client = client_of()
        client.log_in()
        assert client.stat()[0] == 1 and uids("qmail-pop3d") == [str(pwd.getpwnam(USER).pw_uid)] * 2
        [pid] = processes("^qmail-pop3d ")
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        for name, value in (("USER", USER), ("HOME", f"/home/{USER}"), ("SHELL", "/bin/sh")):
            assert f"{name}={value}".encode() in environment, environment
        [groups] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("Groups:")]
        assert groups.split() == ["Groups:", str(pwd.getpwnam(USER).pw_gid)], groups
        client.quit()
        assert refused("it is wrong") == "-ERR authorization failed"
        assert refused(PASSWORD) == ""
        run("usermod", "-L", USER)
        assert refused(PASSWORD) == "-ERR authorization failed"
        run("usermod", "-U", "-e", "2001-01-01", USER)
        assert refused(PASSWORD) == "-ERR authorization failed"
        log.wait(f"^checkpassword: refused: {USER}: .*expired")
        run("usermod", "-e", "", USER)
        run("chage", "-d", "2001-01-01", "-M", "30", USER)
        assert refused(PASSWORD) == "-ERR authorization failed"
        run("chage", "-M", "-1", USER)
        assert refused(PASSWORD) == ""
        assert not [line for line in log.lines if PASSWORD in line or "it is wrong" in line], log.lines


def pop3_by_authd(machine):
    """qmail-authd checks passwords once it is asked for; without it qmail-popup runs the checker, as ever."""
    with_a_message(machine)
    run("chpasswd", stdin=f"{USER}:{PASSWORD}\n".encode())
    machine.control("checkpassword", "checkpassword")
    machine.daemon.send_signal(signal.SIGHUP)
    machine.log.wait("qmail-authd: status: ready")
    check = HOME / "run/auth/check"
    assert (check.owner(), stat.S_IMODE(check.lstat().st_mode)) == ("qmaild", 0o600)
    uid = pwd.getpwnam(USER).pw_uid
    with listening(checker="checkpassword") as log:
        client = client_of()
        client.log_in()
        assert client.stat()[0] == 1 and uids("qmail-pop3d") == [str(uid)] * 2
        client.quit()
        machine.log.wait(f"qmail-authd: accepted: {USER} from 192.0.2.25 as uid {uid}")
        assert refused("it is wrong") == "-ERR authorization failed"
        machine.log.wait(rf"qmail-authd: refused: {USER} from 192.0.2.25 \(1 failure, told after 1 second\)")
        run("usermod", "-e", "2001-01-01", USER)
        assert refused(PASSWORD) == "-ERR authorization failed"
        machine.log.wait(f"checkpassword: refused: {USER}: .*expired")
        run("usermod", "-e", "", USER)
        [authd] = processes("^/var/qmail/bin/qmail-authd")
        os.kill(authd, signal.SIGKILL)
        assert refused(PASSWORD) == ""
        machine.log.wait("qmail-authd: status: ready", 2)
        assert refused(PASSWORD) == ""
        machine.log.wait(f"qmail-authd: accepted: {USER}", 2)
        assert not [line for line in machine.log.lines + log.lines if PASSWORD in line or "it is wrong" in line]
    may_ask = [sys.executable, "-c", f"import socket; socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect('{check}')"]
    run("setpriv", "--reuid=qmaild", "--clear-groups", *may_ask)
    assert b"PermissionError" in run("setpriv", "--reuid=qmailr", "--clear-groups", *may_ask, check=False).stderr


def pop3_by_apop(machine):
    """Who has a password in /etc/poppasswd needs not say it, whether or not qmail-authd is asked."""
    with_a_message(machine)
    passwords = Path("/etc/poppasswd")
    passwords.touch(0o400)
    passwords.write_text(f"{USER}:{PASSWORD}\nstranger:{PASSWORD}\n")
    uid = pwd.getpwnam(USER).pw_uid
    with listening(checker="cmd5checkpw"):
        for _ in range(2):
            client = client_of()
            client.apop(USER, PASSWORD)
            assert client.stat()[0] == 1 and uids("qmail-pop3d") == [str(uid)] * 2
            client.quit()
            try:
                raise AssertionError(client_of().apop(USER, "it is wrong"))
            except poplib.error_proto as error:
                assert error.args[0] == b"-ERR authorization failed", error
            # Somebody who is no user of the system has no mailbox, and no rights.
            try:
                raise AssertionError(client_of().apop("stranger", PASSWORD))
            except poplib.error_proto as error:
                assert error.args[0] == b"-ERR this user has no $HOME/Maildir", error
            machine.control("checkpassword", "cmd5checkpw")
            machine.daemon.send_signal(signal.SIGHUP)
            machine.log.wait("qmail-authd: status: ready")
        machine.log.wait(f"qmail-authd: accepted: stranger from 192.0.2.25 as uid {pwd.getpwnam('qmaild').pw_uid}")


def pop3_with_tls(machine):
    """STLS for those who may ask for it; port 995 from the first byte."""
    with_a_message(machine)
    machine.log.wait("ucspi-tlsd: status: ready")
    context = client_context(authority=AUTHORITY)
    with listening():
        client = client_of()
        assert "STLS" in client.capa()
        client._shortcmd("STLS")
        client.sock = context.wrap_socket(client.sock, server_hostname="mx.example.org")
        client.file = client.sock.makefile("rb")
        client.log_in()
        assert client.stat()[0] == 1 and uids("qmail-pop3d") == [str(pwd.getpwnam(USER).pw_uid)] * 2
        client.quit()
    with listening(front=["tlsserve"], port=995):
        with context.wrap_socket(connect(995), server_hostname="mx.example.org") as client:
            client.sendall(f"USER {USER}\r\nPASS {PASSWORD}\r\nSTAT\r\nQUIT\r\n".encode())
            assert client.makefile("rb").read().count(b"+OK ") == 5
    nobody = pwd.getpwnam("nobody")
    with listening("-u", str(nobody.pw_uid), "-g", str(nobody.pw_gid)):
        client = client_of()
        assert "STLS" not in client.capa()
        client.quit()
    assert (HOME / "run/tls/server").exists()


if __name__ == "__main__":
    main(globals())
