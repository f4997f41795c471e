#!/usr/bin/env python3
"""smtp_auth_test.py TEST-BIN TEST: one test of AUTH, with clients, checkers and qmail-authd at work."""
import base64
import hashlib
import hmac
import os
import smtplib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/support"))
from memory import writable_memory  # noqa: E402
from tls import PATIENCE, Home, Listener  # noqa: E402

BIN = sys.argv[1]
USER, PASSWORD = "joe@example.org", "correct horse battery"
SALT, ITERATIONS = b"0123456789abcdef", 4096

# In the place of checkvida, and of cmd5checkpw: it knows one user, and how to check every proof.
CHECKER = f"""#!{sys.executable}
import base64, hashlib, hmac, os, sys
login, proof, challenge = os.fdopen(3, "rb").read().split(b"\\0")[:3]
secret = {PASSWORD!r}.encode()
salted = hashlib.pbkdf2_hmac("sha256", secret, {SALT!r}, {ITERATIONS})
if login != {USER!r}.encode():
    sys.exit(1)
if sys.argv[1:] == ["--salt"]:
    print("{ITERATIONS}," + base64.b64encode({SALT!r}).decode(), end="")
    sys.exit(0)
key = hmac.digest(salted, b"Client Key", "sha256")
signature = hmac.digest(hashlib.sha256(key).digest(), challenge, "sha256")
scram = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature)))
if challenge and proof == scram:
    server = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), challenge, "sha256")
    os.environ["SCRAM_SERVER_FINAL"] = "v=" + base64.b64encode(server).decode()
elif proof != secret and not (challenge and proof.decode() == hmac.new(secret, challenge, "md5").hexdigest()):
    sys.exit(1)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class House(Home):
    """A home whose qmail-smtpd, behind tcpserver, has its passwords checked."""

    def __init__(self, smtpauth="+cram", checker="checkvida"):
        super().__init__(BIN)
        self.checker = self.path / checker
        self.checker.write_text(CHECKER)
        self.checker.chmod(0o755)
        self.control("me", "mx.example.org\n")
        self.control("rcpthosts", "mx.example.org\n")
        self.environment["SMTPAUTH"] = smtpauth

    def ask_authd(self):
        self.control("checkpassword", f"{self.checker}\n")
        return self.start("qmail-authd")

    def listen(self, *arguments, front=()):
        listener = Listener(self, (), [*front, "qmail-smtpd", *arguments])
        self.running.append(listener)
        return listener


def client_of(listener):
    client = smtplib.SMTP("127.0.0.1", listener.port, "client.example", timeout=2 * PATIENCE)
    client.ehlo()
    return client


def may_relay(client):
    return client.docmd("MAIL", "FROM:<a@example.org>")[0] == 250 and client.docmd("RCPT", "TO:<far@far.example>")[0] == 250


def decoded(reply):
    assert reply[0] == 334, reply
    return base64.b64decode(reply[1])


def encoded(text):
    return base64.b64encode(text).decode()


def scram(client, login=USER, password=PASSWORD, header="n,,", first_header=None, spoil=""):
    """The last reply of a whole exchange, and whether the server has signed."""
    bare = f"n={login.replace('=', '=3D').replace(',', '=2C')},r=fyko+d2lbbFgONRv9qkxdawL"
    reply = client.docmd("AUTH", "SCRAM-SHA-256 " + encoded(((first_header or header) + bare).encode()))
    if reply[0] != 334:
        return reply, False
    server_first = decoded(reply).decode()
    nonce, salt, iterations = (part[2:] for part in server_first.split(","))
    assert nonce.startswith("fyko+d2lbbFgONRv9qkxdawL") and len(nonce) > 40, nonce
    without_proof = f"c={encoded(header.encode())},r={nonce}{spoil}"
    signed = ",".join((bare, server_first, without_proof)).encode()
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(salt), int(iterations))
    key = hmac.digest(salted, b"Client Key", "sha256")
    signature = hmac.digest(hashlib.sha256(key).digest(), signed, "sha256")
    proof = encoded(bytes(a ^ b for a, b in zip(key, signature)))
    reply = client.docmd(encoded(f"{without_proof},p={proof}".encode()))
    if reply[0] != 334:
        return reply, False
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    has_signed = decoded(reply).decode() == "v=" + encoded(hmac.digest(server_key, signed, "sha256"))
    return client.docmd(""), has_signed


def log_in(client, mechanism, password=PASSWORD):
    client.user, client.password = USER, password
    method = {"PLAIN": client.auth_plain, "LOGIN": client.auth_login, "CRAM-MD5": client.auth_cram_md5}[mechanism]
    return client.auth(mechanism, method)


def expect_every_mechanism(listener, names, logged):
    for name in names:
        client = client_of(listener)
        assert client.esmtp_features["auth"].split()[-len(names):] == names, client.esmtp_features
        assert not may_relay(client)
        client.rset()
        if name == "SCRAM-SHA-256":
            reply, has_signed = scram(client)
            assert reply[0] == 235 and has_signed, reply
        else:
            assert log_in(client, name)[0] == 235
        assert may_relay(client)
        client.quit()
        logged(f"qmail-smtpd: accepted: {USER} from 127.0.0.1 ({name})")


def test_a_checker_of_the_session():
    """Each front end, with the arguments of either patch."""
    with House() as house:
        for arguments in ([house.checker, "/bin/true"], ["mx.example.org", house.checker, "/bin/true"]):
            for front in ((), ("env",)):
                listener = house.listen(*arguments, front=front)
                expect_every_mechanism(listener, ["CRAM-MD5", "PLAIN", "LOGIN"], listener.wait_for)
                listener.stop()


def test_authd():
    """All four, with no argument at all."""
    with House("+cram+scram") as house:
        authd = house.ask_authd()
        for front in ((), ("env",)):
            listener = house.listen(front=front)
            expect_every_mechanism(listener, ["SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"], listener.wait_for)
        authd.wait_for(f"qmail-authd: accepted: {USER} from 127.0.0.1", 8)
        assert not [line for line in authd.lines if PASSWORD in line], authd.lines
        assert PASSWORD not in listener.logged()


def test_authd_for_the_checker_in_the_arguments():
    """It is asked if it runs the same program; when it is gone, the session runs that."""
    with House() as house:
        authd = house.ask_authd()
        listener = house.listen(house.checker, "/bin/true")
        client = client_of(listener)
        assert log_in(client, "PLAIN")[0] == 235
        authd.wait_for(f"accepted: {USER}")
        authd.stop()
        client = client_of(listener)
        assert log_in(client, "PLAIN")[0] == 235


def refusal(exchange):
    try:
        reply = exchange()
    except smtplib.SMTPAuthenticationError as error:
        reply = (error.smtp_code, error.smtp_error)
    return (reply[0][0] if isinstance(reply[0], tuple) else reply[0])


def test_guessers_are_slowed():
    """A second, then two; qmail-authd remembers it beyond the session, and five in vain end that."""
    with House("+cram+scram") as house:
        authd = house.ask_authd()
        listener = house.listen()
        client = client_of(listener)
        before = time.monotonic()
        assert refusal(lambda: log_in(client, "PLAIN", "wrong")) == 535
        assert refusal(lambda: scram(client, password="wrong")) == 535
        assert time.monotonic() - before > 2.5
        authd.wait_for("(2 failures, told after 2 seconds)")
        # The door is not closed to who knows the password.
        assert log_in(client_of(listener), "PLAIN")[0] == 235
        for _ in range(2):
            assert client.docmd("AUTH", "PLAIN !")[0] == 501
        assert client.docmd("AUTH", "PLAIN !")[0] == 421
        listener.wait_for(f"qmail-smtpd: refused: {USER} from 127.0.0.1 (SCRAM-SHA-256)")


def test_guessers_of_a_session_are_slowed():
    """Without qmail-authd, too, and those who do not wait for an answer wait as long."""
    with House("") as house:
        listener = house.listen(house.checker, "/bin/true")
        with listener.connect() as line:
            wrong = b"AUTH PLAIN " + base64.b64encode(f"\0{USER}\0wrong".encode()) + b"\r\n"
            before = time.monotonic()
            line.sendall(wrong * 2 + b"AUTH PLAIN !\r\n" * 3 + b"NOOP\r\n")
            replies = [reply[:3] for reply in line.makefile("rb").read().splitlines()]
            assert replies == [b"220", b"535", b"535", b"501", b"501", b"421"], replies
            assert time.monotonic() - before > 2.9
        log = listener.logged()
        assert log.count(f"qmail-smtpd: refused: {USER} from 127.0.0.1 (PLAIN)") == 2 and "wrong" not in log, log


def test_scram_messages():
    """What is not exactly right lets nobody in."""
    with House("scram") as house:
        house.ask_authd()
        listener = house.listen()
        client = client_of(listener)
        assert client.esmtp_features["auth"].split()[-1] == "SCRAM-SHA-256"
        assert client.docmd("AUTH", "PLAIN " + encoded(f"\0{USER}\0{PASSWORD}".encode()))[0] == 504
        # Nobody can be told from somebody by the salt.
        for login in (USER, "ann@example.org", "a=b,c"):
            first = decoded(client.docmd("AUTH", "SCRAM-SHA-256 " + encoded(f"n,,n={login.replace('=', '=3D').replace(',', '=2C')},r=abc".encode())))
            _, salt, iterations = first.decode().split(",")
            assert len(base64.b64decode(salt[2:])) == 16 and int(iterations[2:]) >= 4096, first
            assert client.docmd("*")[0] == 501
        client = client_of(listener)
        assert scram(client, login="ann@example.org")[0][0] == 535
        # Another header or nonce than before; somebody else's name; channel binding, which there is not.
        assert scram(client, first_header="y,,")[0][0] == 535
        assert scram(client, spoil="x")[0][0] == 535
        assert scram(client, header="n,a=ann,")[0][0] == 535
        client = client_of(listener)
        assert scram(client, header="p=tls-unique,,")[0][0] == 501
        assert client.docmd("AUTH", "SCRAM-SHA-256 " + encoded(b"n,,n=joe,r=" + b"x" * 500))[0] == 501
        reply, has_signed = scram(client, header="y,,")
        assert reply[0] == 235 and has_signed
        client = client_of(listener)
        assert scram(client, header=f"n,a={USER},")[0][0] == 235


def test_scram_only_where_it_works():
    """Another checker than checkvida has no salts, and a session alone has none either."""
    with House("+scram", checker="another") as house:
        house.ask_authd()
        client = client_of(house.listen())
        assert client.esmtp_features["auth"].split()[-2:] == ["PLAIN", "LOGIN"]
        assert scram(client)[0][0] == 504
    with House("+scram") as house:
        client = client_of(house.listen(house.checker, "/bin/true"))
        assert client.esmtp_features["auth"].split()[-2:] == ["PLAIN", "LOGIN"]


def test_memory():
    """A password that was checked is nowhere in the memory of the session."""
    if os.getuid() != 0:
        sys.exit(77)
    with House("") as house:
        house.ask_authd()
        for arguments in ([], [house.checker, "/bin/true"]):
            # Of its own process: what it has said of its name is there to be found, so the right one is looked at.
            listener = house.listen(*arguments, front=("env",))
            client = client_of(listener)
            assert log_in(client, "LOGIN")[0] == 235
            [pid] = listener.programs()
            memory = b"".join(writable_memory(pid))
            assert USER.encode() in memory
            assert PASSWORD.encode() not in memory and encoded(PASSWORD.encode()).encode() not in memory
            client.quit()
            listener.stop()


if __name__ == "__main__":
    globals()[sys.argv[2]]()
