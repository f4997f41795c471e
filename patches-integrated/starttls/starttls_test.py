#!/usr/bin/env python3
"""starttls_test.py TEST-BIN TEST: one test of STARTTLS, by way of ucspi-tlsd, with real clients on loopback."""
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/support"))
from smtp_box import AUTHORITY, NAME, Client, SmtpBox, hear, hear_all  # noqa: E402
from tls import PATIENCE, client_context, make_pair, openssl, wait_until  # noqa: E402

BIN = sys.argv[1]
MESSAGE = "Subject: one\r\n\r\nfirst\r\n"
# Started once, it serves one connection after the other; behind another program it is started for each.
FRONT_ENDS = ((), ("env",))


def test_python_over_both_front_ends():
    for front in FRONT_ENDS:
        with SmtpBox(BIN) as box:
            listener = box.listen(front)
            # What the one before had secured is not secured for the next.
            for number in range(1, 4):
                with Client(listener) as client:
                    client.ehlo()
                    assert client.has_extn("starttls")
                    client.secure()
                    client.ehlo()
                    assert not client.has_extn("starttls") and client.has_extn("pipelining")
                    client.sendmail("a@b.example", "me@example.org", MESSAGE)
                assert len(box.messages()) == number
            message, envelope = box.messages()[-1]
            assert re.match(rb"Received: from unknown \(HELO client\.example\) \(127\.0\.0\.1\)\n"
                            rb"  by \S+ with ESMTPS \(TLSv1\.3 TLS_AES_\S+\); ", message), message
            assert envelope == b"Fa@b.example\0Tme@example.org\0\0"
            listener.wait_for(f"qmail-smtpd: secured 127.0.0.1 TLSv1.3 TLS_AES_256_GCM_SHA384 {NAME}\n")


def test_nothing_sent_before_the_handshake_is_a_command():
    for front in FRONT_ENDS:
        with SmtpBox(BIN) as box:
            with box.listen(front).connect() as plain:
                plain.sendall(b"EHLO x\r\nSTARTTLS\r\nMAIL FROM:<injected@b.example>\r\nRCPT TO:<me@example.org>\r\nDATA\r\ninjected\r\n.\r\n")
                told = hear(plain, b"220 ready for tls\r\n")
                assert b"250 ok" not in told
                with client_context(authority=AUTHORITY).wrap_socket(plain, server_hostname=NAME) as secured:
                    # Neither is there an answer to any of it, nor a message that was begun.
                    secured.sendall(b"RCPT TO:<me@example.org>\r\nQUIT\r\n")
                    assert hear_all(secured) == b"503 MAIL first (#5.5.1)\r\n221 mx.example\r\n"
            assert box.messages() == []


def test_what_comes_in_place_of_a_handshake_ends_the_session():
    with SmtpBox(BIN) as box:
        listener = box.listen()
        with listener.connect() as plain:
            plain.sendall(b"STARTTLS\r\n")
            hear(plain, b"220 ready for tls\r\n")
            plain.sendall(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<me@example.org>\r\n")
            assert b"250" not in hear_all(plain)
        listener.wait_for("qmail-smtpd: fatal: no TLS with 127.0.0.1: TLS handshake failed: ")


def test_a_client_that_breaks_it_off_leaves_nothing():
    with SmtpBox(BIN) as box:
        listener = box.listen(("env",))
        with listener.connect() as plain:
            plain.sendall(b"STARTTLS\r\n")
            hear(plain, b"220 ready for tls\r\n")
        listener.wait_for("qmail-smtpd: fatal: no TLS with 127.0.0.1: ")
        wait_until(lambda: not listener.programs() and not box.resident.sessions(), "the end of the session")


def test_what_was_said_before_is_forgotten():
    with SmtpBox(BIN) as box:
        with Client(box.listen()) as client:
            client.ehlo("before.example")
            assert client.mail("before@b.example")[0] == 250
            assert client.rcpt("before@example.org")[0] == 250
            client.secure()
            assert client.docmd("RCPT TO:<me@example.org>")[0] == 503
            assert client.docmd("DATA")[0] == 503
            assert client.docmd("MAIL FROM:<after@b.example>")[0] == 250
            assert client.docmd("RCPT TO:<me@example.org>")[0] == 250
            assert client.data(MESSAGE)[0] == 250
        [(message, envelope)] = box.messages()
        assert b"before" not in message and envelope == b"Fafter@b.example\0Tme@example.org\0\0"


def test_no_second_time():
    with SmtpBox(BIN) as box:
        with Client(box.listen()) as client:
            client.secure()
            assert client.docmd("STARTTLS") == (503, b"TLS is in use already (#5.5.1)")
            client.sendmail("a@b.example", "me@example.org", MESSAGE)
        assert len(box.messages()) == 1


def test_from_the_first_byte_there_is_no_second_time_either():
    with SmtpBox(BIN) as box:
        listener = box.listen(("tlsserve",))
        client = Client.__new__(Client)
        client.asks_for = NAME
        client._get_socket = lambda *_: client_context(authority=AUTHORITY).wrap_socket(listener.connect(), server_hostname=NAME)
        client.__init__(listener)
        with client:
            client.ehlo()
            assert not client.has_extn("starttls")
            assert client.docmd("STARTTLS")[0] == 503
            client.sendmail("a@b.example", "me@example.org", MESSAGE)
        [(message, _)] = box.messages()
        assert b" with ESMTPS (TLSv1.3 " in message
        listener.wait_for(f"qmail-smtpd: secured 127.0.0.1 TLSv1.3 TLS_AES_256_GCM_SHA384 {NAME}\n")


def test_when_the_tls_process_is_away_the_session_goes_on():
    with SmtpBox(BIN) as box:
        listener = box.listen()
        with Client(listener) as client:
            client.ehlo()
            assert client.has_extn("starttls")
            assert box.resident.stop() == 0
            assert client.docmd("STARTTLS") == (454, b"TLS not available (#4.3.0)")
            client.ehlo()
            assert not client.has_extn("starttls")
            client.sendmail("a@b.example", "me@example.org", MESSAGE)
        [(message, _)] = box.messages()
        assert b" with SMTP; " in message
        listener.wait_for("qmail-smtpd: warning: no TLS for 127.0.0.1: unable to connect to ")


def test_when_the_tls_process_has_enough_to_do_one_waits():
    with SmtpBox(BIN, tls=False) as box:
        box.start("ucspi-tlsd", "-c", "1")
        listener = box.listen()
        with Client(listener) as second:
            with Client(listener) as first:
                first.secure()
                second.putcmd("STARTTLS")
                assert second.getreply()[0] == 220
                first.sendmail("a@b.example", "me@example.org", MESSAGE)
            second.wrap()
            second.sendmail("a@b.example", "me@example.org", MESSAGE)
        assert len(box.messages()) == 2


def test_forced():
    with SmtpBox(BIN) as box:
        with Client(box.listen(FORCETLS="1")) as client:
            client.ehlo()
            assert client.docmd("MAIL FROM:<a@b.example>") == (530, b"Must issue a STARTTLS command first (#5.7.0)")
            client.secure()
            client.sendmail("a@b.example", "me@example.org", MESSAGE)
        assert len(box.messages()) == 1


def test_each_name_gets_its_certificate():
    other = make_pair("other.example", authority=AUTHORITY)
    with SmtpBox(BIN, tls=False) as box:
        box.control("servercerts/other.pem", other.both)
        box.start("ucspi-tlsd")
        listener = box.listen()
        for name in ("other.example", NAME):
            with Client(listener, name) as client:
                client.secure()
                assert client.noop()[0] == 250
            listener.wait_for(f"qmail-smtpd: secured 127.0.0.1 TLSv1.3 TLS_AES_256_GCM_SHA384 {name}\n")


def run(*command, stdin=b""):
    return subprocess.run([str(word) for word in command], input=stdin, check=True, capture_output=True, timeout=3 * PATIENCE).stdout


def test_openssl():
    with SmtpBox(BIN) as box:
        requests = b"MAIL FROM:<a@b.example>\r\nrcpt TO:<me@example.org>\r\nDATA\r\n" + MESSAGE.encode() + b".\r\nQUIT\r\n"
        openssl("s_client", "-quiet", "-ign_eof", "-starttls", "smtp", "-verify_return_error", "-CAfile", box.path / "control/ca", "-verify_hostname", NAME,
                "-connect", f"127.0.0.1:{box.listen().port}", input=requests)
        assert len(box.messages()) == 1


def test_curl():
    with SmtpBox(BIN) as box:
        port = box.listen().port
        run("curl", "-sS", "--ssl-reqd", "--cacert", box.path / "control/ca", "--resolve", f"{NAME}:{port}:127.0.0.1", "--mail-from", "a@b.example",
            "--mail-rcpt", "me@example.org", "--upload-file", "-", f"smtp://{NAME}:{port}", stdin=MESSAGE.encode())
        assert b" with ESMTPS " in box.messages()[0][0]


def test_swaks():
    with SmtpBox(BIN) as box:
        run("swaks", "--server", "127.0.0.1", "--port", box.listen().port, "--tls", "--tls-sni", NAME, "--from", "a@b.example", "--to", "me@example.org")
        assert b" with ESMTPS " in box.messages()[0][0]


def test_msmtp():
    with SmtpBox(BIN) as box:
        run("msmtp", "--host=127.0.0.1", f"--port={box.listen().port}", f"--tls-host-override={NAME}", "--tls=on", "--tls-starttls=on",
            f"--tls-trust-file={box.path}/control/ca", "--from=a@b.example", "--auth=off", "me@example.org", stdin=MESSAGE.encode())
        assert b" with ESMTPS " in box.messages()[0][0]


if __name__ == "__main__":
    globals()[sys.argv[2]]()
