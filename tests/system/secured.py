#!/usr/bin/env python3
"""TLS on a whole machine: who its processes are, what they can reach, and who may ask them. ucspi-tlsd(8)."""
import contextlib
import json
import os
import pwd
import re
import signal
import smtplib
import socket
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import ANSWERS, HOME, PATIENCE, Lines, connect, processes, run, run_remote, wait_until  # noqa: E402
from sandbox import remote_network  # noqa: E402
from scenario import main  # noqa: E402
from tls import Server, children_of, client_context, hand_over, make_pair, server_context  # noqa: E402

SMTPS = 465
SMTPD = ("-v", "-R", "-H", "-l", "mx.example.org", "-X", "-x", str(HOME / "control/tcp.smtp.cdb"))
AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.example.org", authority=AUTHORITY)


def install(machine, tls=True):
    machine.place()
    ANSWERS.write_text(json.dumps({**json.loads(ANSWERS.read_text()), "tls": tls}))
    run("qmail-install", "--answers", str(ANSWERS), "--yes")


def put(name, text, mode=0o600):
    path = HOME / "control" / name
    path.write_text(text)
    path.chmod(mode)


@contextlib.contextmanager
def resident(program, ready="status: ready"):
    process = subprocess.Popen([program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    log = Lines(process.stdout)
    try:
        log.wait(ready)
        yield process, log
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


@contextlib.contextmanager
def listening(port, *program, user="qmaild"):
    ids = pwd.getpwnam(user)
    server = subprocess.Popen(["tcpserver", *SMTPD, "-u", str(ids.pw_uid), "-g", str(ids.pw_gid), "0", str(port), *program], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
    try:
        log = Lines(server.stderr)
        log.wait("tcpserver: status: 0/")
        yield log
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)


def status(pid):
    return dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)


def expect_confined(pid, filters):
    """A process of qmailt: its ids and no others, no way to more, nothing of it to be seen, and no file open."""
    user = pwd.getpwnam("qmailt")
    facts = status(pid)
    assert facts["Name"] == "ucspi-tlsd"
    assert facts["Uid"].split() == [str(user.pw_uid)] * 4, facts["Uid"]
    assert facts["Gid"].split() == [str(user.pw_gid)] * 4 and facts["Groups"].split() == [str(user.pw_gid)], facts["Groups"]
    assert facts["CapEff"] == facts["CapPrm"] == "0" * 16
    assert facts["NoNewPrivs"] == "1" and facts["Seccomp"] == "2" and facts["Seccomp_filters"] == str(filters)
    expect_hidden(pid)
    opened = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    assert all(re.match(r"socket:|pipe:|/dev/null$", name) for name in opened), opened
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert environment == b"LD_BIND_NOW=1\0", environment


def expect_hidden(pid):
    """Not even its own user looks into it."""
    assert os.stat(f"/proc/{pid}/environ").st_uid == 0
    for name in ("maps", "mem", "environ"):
        assert as_user("qmailt", "head", "-c", "1", f"/proc/{pid}/{name}").returncode != 0


def as_user(user, *command):
    ids = pwd.getpwnam(user)
    return run("setpriv", f"--reuid={ids.pw_uid}", f"--regid={ids.pw_gid}", "--clear-groups", *command, check=False)


def secured_processes_are_confined(machine):
    """The parent is root's and hidden; the others are qmailt's, in a sandbox, and cannot read the key's file."""
    install(machine)
    put("servercert.pem", PAIR.both)
    with resident("ucspi-tlsd") as (parent, _), listening(SMTPS, "tlsserve", "cat"):
        [acceptor] = children_of(parent.pid)
        with client_context(authority=AUTHORITY).wrap_socket(connect(SMTPS), server_hostname="mx.example.org") as client:
            client.sendall(b"hello\n")
            assert client.recv(100) == b"hello\n"
            [session] = children_of(acceptor)
            expect_confined(acceptor, 1)
            expect_confined(session, 2)
            assert status(parent.pid)["Uid"].split() == ["0"] * 4
            expect_hidden(parent.pid)
        assert not [name for name in (os.readlink(link) for link in Path(f"/proc/{parent.pid}/fd").iterdir()) if "cert" in name]
    for user in ("qmailt", "qmaild", "nobody"):
        assert as_user(user, "cat", str(HOME / "control/servercert.pem")).returncode != 0, user
    assert not processes("ucspi-tls")


ASK = """
import socket, sys
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asker:
    asker.connect(sys.argv[1])
    asker.send(b"nonsense")
    assert asker.recv(100).startswith(b"refused")
"""


def secured_sockets_are_their_users(machine):
    """A server's keys work for root and qmaild alone: anybody else could be taken for this machine."""
    install(machine)
    put("servercert.pem", PAIR.both)
    with resident("ucspi-tlsd"), resident("ucspi-tlsc"):
        for name, friend in (("server", "qmaild"), ("client", "qmailr")):
            path = str(HOME / "run/tls" / name)
            for user in ("root", "alias", "qmaild", "qmaill", "qmailp", "qmailq", "qmailr", "qmails", "qmailt", "nobody"):
                done = as_user(user, sys.executable, "-c", ASK, path)
                assert (done.returncode == 0) == (user in ("root", friend)), (name, user, done)
            assert os.stat(path).st_mode & 0o777 == 0o600


def secured_socket_of_somebody_else_is_not_trusted(machine):
    """qmailq can put a folder of its own in the place of run/tls, but nobody hands it a connection."""
    install(machine)
    script = """
import os, socket, sys
run = sys.argv[1]
os.rename(run + "/tls", run + "/old")
os.mkdir(run + "/tls")
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(run + "/tls/server")
os.chmod(run + "/tls/server", 0o666)
listener.listen()
print("listening", flush=True)
listener.accept()[0].recv(100)
"""
    ids = pwd.getpwnam("qmailq")
    liar = subprocess.Popen(["setpriv", f"--reuid={ids.pw_uid}", f"--regid={ids.pw_gid}", "--clear-groups", sys.executable, "-c", script, str(HOME / "run")],
                            stdout=subprocess.PIPE)
    assert liar.stdout.readline() == b"listening\n"
    done = run("tlsserve", "echo", "plain text", check=False)
    assert done.returncode == 111 and b"run/tls/server: it is not root's" in done.stderr and done.stdout == b"", done
    # Nor does the real one begin in a folder that it does not own.
    put("servercert.pem", PAIR.both)
    done = run("ucspi-tlsd", check=False)
    assert done.returncode == 100 and b"others may write to it" in done.stderr, done
    liar.kill()
    liar.wait()


def secured_smtp_from_the_first_byte(machine):
    """Port 465: real clients on the remote host send mail through tlsserve and qmail-smtpd; it arrives."""
    install(machine)
    put("servercert.pem", PAIR.both)
    put("ca.pem", AUTHORITY.certificate, 0o644)
    machine.add_user("me")
    machine.start("send")
    with resident("ucspi-tlsd"), listening(SMTPS, "tlsserve", "qmail-smtpd") as log:
        class Client(smtplib.SMTP_SSL):
            def _get_socket(self, host, port, timeout):
                return self.context.wrap_socket(connect(port, host), server_hostname="mx.example.org")
        with Client("192.0.2.1", SMTPS, "client.example", timeout=PATIENCE, context=client_context(authority=AUTHORITY)) as smtp:
            smtp.sendmail("a@remote.example", "me@example.org", "Subject: one\n\nfrom Python\n")
        message = Path("/root/message")
        message.write_bytes(b"Subject: two\r\n\r\nfrom curl\r\n")
        run_remote("curl", "-sS", "--cacert", str(HOME / "control/ca.pem"), "--resolve", f"mx.example.org:{SMTPS}:192.0.2.1", "--mail-from", "b@remote.example",
                   "--mail-rcpt", "me@example.org", "--upload-file", str(message), f"smtps://mx.example.org:{SMTPS}")
        wait_until(lambda: len(machine.maildir("me")) == 2)
        text = b"".join(machine.maildir("me"))
        assert b"from Python" in text and b"from curl" in text
        # Plain text on this port is nobody's greeting, and the log says what was wrong with it.
        with connect(SMTPS) as plain:
            plain.sendall(b"EHLO client.example\r\n")
            with contextlib.suppress(ConnectionResetError):
                assert b"220" not in plain.recv(100)
        log.wait("tlsserve: fatal: TLS handshake failed: wrong version number")


def secured_connections_to_others(machine):
    """ucspi-tlsc, resident, as qmailr asks it: a server on the remote host, verified by its name."""
    install(machine)
    put("serverca.pem", AUTHORITY.certificate, 0o644)
    with resident("ucspi-tlsc") as (parent, _):
        for name, word in (("mx.example.org", "secured"), ("other.example", "unverified")):
            with remote_network():
                server = Server(server_context(PAIR), b"220 hello\r\n", address="192.0.2.25")
            connection = socket.create_connection(("192.0.2.25", server.port), PATIENCE)
            said, facts, plain = hand_over(HOME, "client", connection, name=name, verify="name")
            assert said == word, facts
            with plain:
                assert plain.recv(100) == (b"220 hello\r\n" if word == "secured" else b"")
        [acceptor] = children_of(parent.pid)
        assert status(acceptor)["Uid"].split()[0] == str(pwd.getpwnam("qmailt").pw_uid)


def secured_by_qmail_run(machine):
    """qmail-run starts ucspi-tlsc where there is qmailt, ucspi-tlsd once there is a certificate, and stops both."""
    install(machine)
    machine.start()
    machine.log.wait("ucspi-tlsc: status: ready")
    assert not processes("^ucspi-tlsd|bin/ucspi-tlsd")
    put("servercert.pem", PAIR.both)
    machine.daemon.send_signal(signal.SIGHUP)
    machine.log.wait("ucspi-tlsd: status: ready")
    put("servercert.pem", make_pair("new.example.org").both)
    machine.daemon.send_signal(signal.SIGHUP)
    machine.log.wait("ucspi-tlsd: status: new certificates are in use")
    assert machine.stop() == 0
    assert not processes("ucspi-tls")


def secured_only_where_it_is_asked_for(machine):
    """Without the answer and without a certificate there is no user qmailt; with one of them there is; uninstalled there is none."""
    install(machine, tls=False)
    names = {user.pw_name for user in pwd.getpwall()}
    assert "qmaild" in names and "qmailt" not in names and "qmailt" not in (HOME / "users/ids").read_text()
    put("servercert.pem", PAIR.both)
    done = run("ucspi-tlsd", check=False)
    assert done.returncode == 111 and b'unable to find user qmailt in /var/qmail/users/ids: let qmail-install, with the answer "tls": true, make it' in done.stderr
    run("qmail-install", "--answers", str(ANSWERS), "--yes")
    assert pwd.getpwnam("qmailt").pw_gid == pwd.getpwnam("qmaild").pw_gid and "qmailt:" in (HOME / "users/ids").read_text()
    with resident("ucspi-tlsd"):
        pass
    run("instcheck")
    run("qmail-install", "uninstall", "--yes")
    assert "qmailt" not in {user.pw_name for user in pwd.getpwall()}
    assert (HOME / "control/servercert.pem").exists()


def secured_with_a_parent_upgraded_in_its_work(machine):
    """The program's file is replaced while it runs: new certificates are still taken, by the program that was started."""
    install(machine)
    put("servercert.pem", PAIR.both)
    with resident("ucspi-tlsd") as (parent, log):
        program = HOME / "bin/ucspi-tlsd"
        program.unlink()
        program.write_text("not a program\n")
        put("servercert.pem", make_pair("new.example.org").both)
        parent.send_signal(signal.SIGHUP)
        log.wait("status: new certificates are in use")


if __name__ == "__main__":
    main(globals())
