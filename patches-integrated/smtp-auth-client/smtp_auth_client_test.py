#!/usr/bin/env python3
"""smtp_auth_client_test.py TEST-BIN TEST: qmail-remote logs in at a server on loopback, by each mechanism."""
import base64
import hashlib
import hmac
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/support"))
from smtp_peer import SmtpServer  # noqa: E402

BIN = Path(sys.argv[1])
PATIENCE = 60
USER, PASSWORD = "joe,=@a.example", "pass:word|with bars"
SENT = "r\0K127.0.0.1 accepted message.\nRemote host said: 250 taken\n"
YES, NO = b"235 welcome\r\n", b"535 not you\r\n"


def send(server, authsenders=None, smtproutes=None, sender="joe@a.example", mode=0o640):
    with tempfile.TemporaryDirectory() as folder:
        control = Path(folder) / "control"
        control.mkdir()
        (control / "me").write_text("me.example\n")
        for name, text in (("authsenders", authsenders), ("smtproutes", smtproutes)):
            if text is not None:
                (control / name).write_text(text.replace("PORT", str(server.port)) + "\n")
                (control / name).chmod(mode)
        done = subprocess.run([BIN / "qmail-remote", "b.example", sender, "you@b.example"], input=b"Subject: x\n\nhi\n", capture_output=True,
                              timeout=PATIENCE, env={"PATH": "/usr/bin:/bin", "QMAIL_TEST_HOME": folder})
    assert done.returncode == 0 and done.stderr == b"", done
    assert PASSWORD.encode() not in done.stdout, done
    return done.stdout.decode().removesuffix("\0")


LINE = f"joe@a.example:[127.0.0.1]:PORT|{USER}|{PASSWORD}"


def decoded(text):
    return base64.b64decode(text, validate=True)


def plain(line, _):
    return YES if decoded(line.split()[2]) == f"\0{USER}\0{PASSWORD}".encode() else NO


def login(_, ask):
    return YES if (decoded(ask(b"VXNlcm5hbWU6")), decoded(ask(b"UGFzc3dvcmQ6"))) == (USER.encode(), PASSWORD.encode()) else NO


def cram_md5(_, ask):
    challenge = b"<1.2@mx.example>"
    digest = hmac.new(PASSWORD.encode(), challenge, "md5").hexdigest()
    return YES if decoded(ask(base64.b64encode(challenge))) == f"{USER} {digest}".encode() else NO


def scram_sha_256(line, ask, password=PASSWORD, iterations=4096):
    """RFC 5802, the server's side."""
    first = decoded(line.split()[2]).decode()
    assert first.startswith("n,,n=joe=2C=3D@a.example,r="), first
    bare = first[3:]
    nonce = bare.partition(",r=")[2] + "theserver"
    salt = b"salt of the earth"
    server_first = f"r={nonce},s={base64.b64encode(salt).decode()},i={iterations}"
    final = decoded(ask(base64.b64encode(server_first.encode()))).decode()
    without_proof, _, proof = final.rpartition(",p=")
    assert without_proof == f"c=biws,r={nonce}", final
    text = ",".join((bare, server_first, without_proof)).encode()
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    signature = hmac.digest(stored_key, text, "sha256")
    shown = bytes(a ^ b for a, b in zip(decoded(proof), signature, strict=True))
    if password == PASSWORD and hashlib.sha256(shown).digest() != stored_key:
        return NO
    server_signature = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), text, "sha256")
    return YES if ask(base64.b64encode(b"v=" + base64.b64encode(server_signature))) == b"" else b"501 off\r\n"


def offering(words, talk):
    return SmtpServer(offers=lambda _: [f"AUTH {words}"], talk_auth=talk)


def test_every_mechanism():
    for words, talk, name in (("PLAIN", plain, "PLAIN"), ("LOGIN", login, "LOGIN"), ("LOGIN PLAIN CRAM-MD5", cram_md5, "CRAM-MD5"),
                              ("PLAIN CRAM-MD5 SCRAM-SHA-256", scram_sha_256, "SCRAM-SHA-256")):
        with offering(words, talk) as server:
            assert send(server, LINE) == SENT, name
        [(_, line)] = server.told("AUTH")
        assert line.split()[1] == name and len(server.messages) == 1


def test_a_server_that_does_not_know_the_password_gets_no_message():
    with offering("SCRAM-SHA-256", lambda line, ask: scram_sha_256(line, ask, password="another")) as server:
        assert send(server, LINE) == ("ZConnected to 127.0.0.1 but the server does not know the password (AUTH SCRAM-SHA-256): "
                                      "it is not who we think. (#4.7.0)\n")
    assert not server.told("MAIL")


def test_a_rejected_login_waits():
    for reply in (b"535 5.7.8 not you\r\n", b"454 4.7.0 later\r\n"):
        with offering("PLAIN", lambda *_, reply=reply: reply) as server:
            said = reply.decode().rstrip("\r\n")
            assert send(server, LINE) == f"ZConnected to 127.0.0.1 but authentication was rejected (AUTH PLAIN).\nRemote host said: {said}\n"
        assert not server.told("MAIL")


def test_who_has_no_line_does_not_log_in():
    with offering("PLAIN", plain) as server:
        assert send(server, LINE, ":[127.0.0.1]:PORT", sender="jim@a.example") == SENT
        assert send(server, f"{LINE}\n@a.example:[127.0.0.1]:PORT|{USER}|{PASSWORD}", sender="jim@a.example") == SENT
    assert not server.told("AUTH", 0) and server.told("AUTH", 1)


def test_a_login_in_smtproutes():
    with offering("PLAIN", plain) as server:
        assert send(server, smtproutes=f".example:[127.0.0.1]:PORT|{USER}|{PASSWORD}") == SENT
    assert server.told("AUTH")


def test_files_that_everybody_can_read_are_not_used():
    with offering("PLAIN", plain) as server:
        assert send(server, LINE, mode=0o644) == (
            "Zcontrol/authsenders holds passwords, and everybody can read it: take that away (chmod o=). (#4.3.5)\n")
    assert not server.sessions


if __name__ == "__main__":
    globals()[sys.argv[2]]()
