#!/usr/bin/env python3
"""serve.py TEST-BIN TEST: one test of POP3 behind tcpserver, with real clients on loopback."""
import contextlib
import os
import poplib
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from pop3_box import PASSWORD, USER, Mailbox  # noqa: E402
from tls import PATIENCE, wait_until  # noqa: E402

BIN = sys.argv[1]
ONE, TWO = b"Subject: one\n\n.first\n", b"Subject: two\n\nsecond\n"
LOGIN = f"USER {USER}\r\nPASS {PASSWORD}\r\n".encode()


def run(*command, **more):
    done = subprocess.run([*map(str, command)], capture_output=True, timeout=3 * PATIENCE, **more)
    assert done.returncode == 0, done
    return done.stdout


def client_of(listener, login=True):
    client = poplib.POP3("127.0.0.1", listener.port, PATIENCE)
    if login:
        client.user(USER)
        client.pass_(PASSWORD)
    return client


def expect_error(call, *args, text):
    try:
        raise AssertionError(call(*args))
    except poplib.error_proto as error:
        assert text in str(error), error


def converse(listener, text):
    """Everything is said at once; all that comes back until the server closes."""
    with listener.connect() as client:
        client.sendall(text)
        return client.makefile("rb").read()


@contextlib.contextmanager
def two_messages():
    with Mailbox(BIN) as box:
        box.add(ONE)
        box.add(TWO)
        yield box


def test_python():
    with two_messages() as box:
        client = client_of(box.listen())
        assert client.stat() == (2, len(ONE) + len(TWO))
        assert client.capa().keys() == {"TOP", "UIDL", "USER", "PIPELINING"}
        assert client.retr(1)[1] == [b"Subject: one", b"", b".first", b""]
        assert client.top(2, 0)[1] == [b"Subject: two", b"", b""]
        assert client.uidl()[1] == [b"1 1.M1P2Q3.host", b"2 2.M1P2Q3.host"]
        client.dele(1)
        client.rset()
        client.dele(2)
        client.quit()
        wait_until(lambda: box.names("cur") == ["1.M1P2Q3.host:2,"] and box.names("new") == [], "the end of the session")


def test_apop():
    with two_messages() as box:
        client = client_of(box.listen(), login=False)
        client.apop(USER, PASSWORD)
        assert client.stat()[0] == 2
        client.quit()


def test_wrong_password():
    with two_messages() as box:
        client = client_of(box.listen(), login=False)
        client.user(USER)
        expect_error(client.pass_, "guess", text="authorization failed")
        client.close()


def test_curl():
    with two_messages() as box:
        port = box.listen().port
        account = f"{USER}:{PASSWORD}"
        assert run("curl", "-sS", "-u", account, f"pop3://127.0.0.1:{port}/").split(b"\r\n")[:2] == [b"1 21", b"2 21"]
        assert run("curl", "-sS", "-u", account, f"pop3://127.0.0.1:{port}/1") == b"Subject: one\r\n\r\n.first\r\n\r\n"
        run("curl", "-sS", "-u", account, "-l", "-X", "DELE", f"pop3://127.0.0.1:{port}/1")
        wait_until(lambda: box.names("cur") == ["2.M1P2Q3.host:2,"], "the end of the session")


def test_mpop():
    with two_messages() as box:
        config = box.user_home / "mpoprc"
        config.write_text(f"account default\nhost 127.0.0.1\nport {box.listen().port}\nuser {USER}\npassword \"{PASSWORD}\"\nauth user\ntls off\n"
                          f"pipelining on\nuidls_file {box.user_home}/uidls\ndelivery mbox {box.user_home}/mbox\nreceived_header off\nkeep on\n")
        config.chmod(0o600)
        for _ in range(2):  # what was kept is not fetched again
            run("mpop", "-C", config)
            text = (box.user_home / "mbox").read_bytes()
            assert text.count(b"Subject: one\n\n.first\n") == text.count(b"Subject: two\n\nsecond\n") == 1, text
        assert len(box.names("cur")) == 2
        run("mpop", "-C", config, "--keep=off")
        assert not box.names("cur")


def test_fetchmail():
    with two_messages() as box:
        config = box.user_home / "fetchmailrc"
        port = box.listen().port
        for protocol, keep in (("pop3", "keep"), ("apop", "nokeep")):
            config.write_text(f'poll 127.0.0.1 port {port} protocol {protocol} uidl user "{USER}" password "{PASSWORD}" {keep} fetchall sslproto ""\n'
                              f'mda "cat >>{box.user_home}/{protocol}"\n')
            config.chmod(0o600)
            run("fetchmail", "-f", config, "--nosyslog", "--pidfile", box.user_home / "pid",
                env={**os.environ, "FETCHMAILHOME": str(box.user_home), "HOME": str(box.user_home)})
            text = (box.user_home / protocol).read_bytes()
            assert b"\n.first\n" in text and b"\nsecond\n" in text, text
        assert box.names("new") == box.names("cur") == []


def test_mutt():
    """On a terminal: one message is read and another deleted."""
    with two_messages() as box:
        config, read = box.user_home / "muttrc", box.user_home / "read"
        config.write_text(f'set pop_user="{USER}" pop_pass="{PASSWORD}" pop_authenticators="user" ssl_starttls=no ssl_force_tls=no\n'
                          'set delete=yes quit=yes wait_key=no auto_tag=no sort=mailbox-order\n'
                          f"push '1<enter><pipe-message>cat >{read}<enter>2<enter><delete-message><quit>'\n")
        mutt = f"mutt -n -F {config} -f pop://127.0.0.1:{box.listen().port}/"
        run("script", "-q", "-e", "-c", mutt, "/dev/null", stdin=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(box.user_home), "TERM": "xterm"})
        assert b"Subject: one\n" in read.read_bytes() and b"\n.first\n" in read.read_bytes(), read.read_bytes()
        wait_until(lambda: box.names("new") == [] and len(box.names("cur")) == 1, "the end of the session")


def test_mailx():
    with two_messages() as box:
        account = f"pop3://{USER}:{quote(PASSWORD)}@127.0.0.1:{box.listen().port}"
        text = run("s-nail", "-n", "-S", "v15-compat", "-f", account, input=b"type 1\ndelete 2\nquit\n",
                   env={**os.environ, "HOME": str(box.user_home)})
        assert b"\n.first\n" in text, text
        wait_until(lambda: box.names("new") == [] and len(box.names("cur")) == 1, "the end of the session")


def test_a_whole_session_at_once():
    with two_messages() as box:
        told = converse(box.listen(), b"CAPA\r\nNOOP\r\n" + LOGIN + b"STAT\r\nTOP 2 1\r\nDELE 1\r\nQUIT\r\n")
        assert told.endswith(b"\r\n+OK \r\n+OK \r\n+OK \r\n+OK 2 42\r\n+OK \r\nSubject: two\r\n\r\nsecond\r\n\r\n.\r\n+OK \r\n+OK \r\n"), told


def test_refusal_is_heard_whatever_was_sent_behind_it():
    with two_messages() as box:
        listener = box.listen()
        for _ in range(20):
            told = converse(listener, f"USER {USER}\r\nPASS x\r\n".encode() + 500 * b"RETR 1\r\n")
            assert told.endswith(b"-ERR authorization failed\r\n"), told


def test_two_sessions_at_once():
    """What one has removed or moved is an error in the other, which goes on, and nothing else is touched."""
    with two_messages() as box:
        box.add(b"third\n", part="cur")
        listener = box.listen()
        first, second = client_of(listener), client_of(listener)
        first.dele(1)
        first.quit()
        wait_until(lambda: len(box.names("cur")) == 2, "the end of the session")
        assert second.stat()[0] == 3
        for message in (1, 2):
            expect_error(second.retr, message, text="unable to open that message")
            expect_error(second.top, message, 0, text="unable to open that message")
        assert second.retr(3)[1] == [b"third", b""]
        second.dele(1)
        second.dele(3)
        expect_error(second.quit, text="unable to unlink all deleted messages")
        wait_until(lambda: box.names("cur") == ["2.M1P2Q3.host:2,"], "the end of the session")


def test_a_client_that_is_gone_has_changed_nothing():
    with two_messages() as box:
        listener = box.listen()
        client = client_of(listener)
        client.dele(1)
        client.close()
        wait_until(lambda: not listener.programs(), "the end of the session")
        assert len(box.names("new")) == 2 and not box.names("cur")


def test_hostile_names():
    """Whatever a file is called: one line for each in UIDL, no two alike, and the same when the message has moved."""
    names = ["a\r\n.\r\n+OK b", "\x1b[2J", "a b", "\udcff\udc80", "x" * 255, ":2,S", "a:0d:0a", "\x7f", "-ERR", "a\tb", "%s%n", "1\r\n"]
    with Mailbox(BIN) as box:
        for name in names:
            box.add(b"x\n", name)
        listener = box.listen()
        client = client_of(listener)
        ids = [line.split(b" ", 1)[1] for line in client.uidl()[1]]
        assert len(ids) == len(set(ids)) == len(names), ids
        assert all(re.fullmatch(rb"[!-~]+", one) for one in ids), ids
        assert ids[4] == b"x" * 255 and ids[6] == b"a" and ids[0] == b"a:0d:0a.:0d:0a+OK:20b", ids
        client.dele(4)
        for message in (1, 3, 5, 12):
            assert client.retr(message)[1] == [b"x", b""]
        client.quit()
        # The longest name has no room for a suffix.
        wait_until(lambda: box.names("new") == ["x" * 255], "the end of the session")
        client = client_of(listener)
        assert [line.split(b" ", 1)[1] for line in client.uidl()[1]] == ids[:3] + ids[4:]
        client.quit()


if __name__ == "__main__":
    globals()[sys.argv[2]]()
