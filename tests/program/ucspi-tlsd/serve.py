#!/usr/bin/env python3
"""serve.py TEST-BIN TEST: one test of ucspi-tlsd behind tcpserver and tlsserve, with real clients on loopback."""
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from tls import (Home, PATIENCE, client_context, make_pair, openssl, read_all, variables,  # noqa: E402
                 wait_until)

BIN = sys.argv[1]
ENV = ("env",)
ECHO = ("cat",)


def serving(home, *program, options=(), tcpserver=(), pair=None):
    home.control("servercert.pem", (pair or make_pair("mx.example")).both)
    return home.start("ucspi-tlsd"), home.serve(*program, options=options, tcpserver=tcpserver)


def test_environment_is_that_of_tls_environ():
    with Home(BIN) as home:
        home.environment["SSL_CLIENT_S_DN"] = "stale"
        _, listener = serving(home, *ENV)
        with listener.secure() as client:
            seen = variables(read_all(client))
            cipher, protocol, bits = client.cipher()
    facts = {name: value for name, value in seen.items() if name.startswith("SSL_")}
    assert facts.pop("SSL_PROTOCOL") == protocol == "TLSv1.3"
    assert facts.pop("SSL_CIPHER") == cipher
    assert facts.pop("SSL_CIPHER_USEKEYSIZE") == facts.pop("SSL_CIPHER_ALGKEYSIZE") == str(bits)
    assert len(facts.pop("SSL_SESSION_ID")) == 64
    assert facts.pop("SSL_VERSION_LIBRARY").startswith("OpenSSL 3")
    for name in ("SSL_SERVER_V_START", "SSL_SERVER_V_END"):
        assert facts.pop(name).endswith(" GMT")
    assert len(facts.pop("SSL_SERVER_M_SERIAL")) >= 16
    expected = {
        "SSL_CIPHER_EXPORT": "false", "SSL_SESSION_RESUMED": "Initial", "SSL_VERSION_INTERFACE": "qmailkit",
        "SSL_TLS_SNI": "mx.example", "SSL_CLIENT_VERIFY": "NONE", "SSL_SERVER_M_VERSION": "3",
        "SSL_SERVER_A_SIG": "ecdsa-with-SHA256", "SSL_SERVER_A_KEY": "id-ecPublicKey",
        "SSL_SERVER_S_DN": "/O=Test/CN=mx.example", "SSL_SERVER_S_DN_O": "Test", "SSL_SERVER_S_DN_CN": "mx.example",
        "SSL_SERVER_I_DN": "/O=Test/CN=mx.example", "SSL_SERVER_I_DN_O": "Test", "SSL_SERVER_I_DN_CN": "mx.example",
    }
    assert facts == expected, facts
    assert seen["PROTO"] == "TCP" and seen["SSLREMOTEIP"] == seen["TCPREMOTEIP"] == "127.0.0.1"
    assert seen["SSLREMOTEPORT"] == seen["TCPREMOTEPORT"] and seen["SSLLOCALPORT"] == seen["TCPLOCALPORT"]


def test_certificates_are_told_with_s():
    authority = make_pair("authority.example")
    pair = make_pair("mx.example", authority=authority)
    pair.certificate += authority.certificate
    with Home(BIN) as home:
        _, listener = serving(home, *ENV, options=("-s",), pair=pair)
        with listener.secure() as client:
            text = read_all(client).decode()
    own, chain = pair.certificate.split("-----END CERTIFICATE-----\n")[:2]
    assert f"SSL_SERVER_CERT={own}" in text and f"SSL_SERVER_CERT_CHAIN_0={chain}" in text


def test_protocols_from_1_2_on_and_nothing_older():
    with Home(BIN) as home:
        _, listener = serving(home, *ENV)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with listener.secure(context=client_context(version, version)) as client:
                assert variables(read_all(client))["SSL_PROTOCOL"] == client.version()
        for option in ("-tls1", "-tls1_1"):
            done = subprocess.run(["openssl", "s_client", "-cipher", "ALL:@SECLEVEL=0", option, "-connect", f"127.0.0.1:{listener.port}"],
                                  input=b"", capture_output=True, timeout=PATIENCE)
            assert done.returncode != 0 and b"Cipher is (NONE)" in done.stdout, done
        listener.wait_for("tlsserve: fatal: TLS handshake failed: unsupported protocol")


def test_an_old_protocol_can_be_allowed():
    with Home(BIN) as home:
        home.control("tlsserverprotocol", "TLSv1\n")
        home.control("tlsserverciphers", "ALL:@SECLEVEL=0\n")
        _, listener = serving(home, *ENV)
        done = subprocess.run(["openssl", "s_client", "-quiet", "-ign_eof", "-cipher", "ALL:@SECLEVEL=0", "-tls1", "-connect",
                               f"127.0.0.1:{listener.port}"], input=b"", capture_output=True, timeout=PATIENCE)
        assert b"SSL_PROTOCOL=TLSv1\n" in done.stdout, done


def test_ciphers_are_modern_and_can_be_chosen():
    with Home(BIN) as home:
        _, listener = serving(home, *ENV)
        weak = client_context(maximum=ssl.TLSVersion.TLSv1_2)
        weak.set_ciphers("AES128-SHA:AES256-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0")
        try:
            listener.secure(context=weak)
            raise AssertionError("a weak cipher was agreed on")
        except ssl.SSLError:
            pass
        listener.wait_for("no shared cipher")
        home.control("tlsserverciphers", "ECDHE-ECDSA-CHACHA20-POLY1305:TLS_CHACHA20_POLY1305_SHA256\n")
        resident = home.running[0]
        resident.hang_up()
        resident.wait_for("new certificates are in use")
        for maximum in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with listener.secure(context=client_context(maximum=maximum)) as client:
                assert "CHACHA20" in client.cipher()[0], client.cipher()


def test_each_name_gets_its_certificate():
    with Home(BIN) as home:
        home.control("servercerts/one.pem", make_pair("one.example", "one.example", "uno.example").both)
        wild = make_pair("wild.example", "*.wild.example")
        home.control("servercerts/wild.pem", wild.certificate)
        home.control("servercerts/wild.key", wild.key)
        _, listener = serving(home, *ENV)
        for asked, found in (("one.example", "one.example"), ("UNO.example", "one.example"), ("a.wild.example", "wild.example"),
                             ("a.b.wild.example", "mx.example"), ("wild.example", "mx.example"), ("other.example", "mx.example"),
                             (None, "mx.example")):
            with listener.secure(name=asked) as client:
                assert variables(read_all(client))["SSL_SERVER_S_DN_CN"] == found, asked


def test_a_client_can_verify_the_certificate():
    authority = make_pair("authority.example")
    with Home(BIN) as home:
        _, listener = serving(home, *ENV, pair=make_pair("mx.example", authority=authority))
        with listener.secure(context=client_context(authority=authority)) as client:
            assert variables(read_all(client))["SSL_SERVER_I_DN_CN"] == "authority.example"


def test_a_session_is_resumed_in_another_process():
    with Home(BIN) as home:
        _, listener = serving(home, *ENV)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = client_context(version, version)
            with listener.secure(context=context) as client:
                assert variables(read_all(client))["SSL_SESSION_RESUMED"] == "Initial"
                session = client.session
            with listener.secure(context=context, session=session) as client:
                assert variables(read_all(client))["SSL_SESSION_RESUMED"] == "Resumed"
                assert client.session_reused


def test_client_certificates_are_asked_for_and_required():
    authority = make_pair("authority.example")
    known = make_pair("alice", authority=authority, subject="/C=DE/O=Example/OU=Post/CN=alice/emailAddress=alice@example.org")
    stranger = make_pair("mallory")
    with Home(BIN) as home:
        home.control("clientca.pem", authority.certificate)
        _, asking = serving(home, *ENV, options=("-a", "-s"))
        requiring = home.serve(*ENV, options=("-r",))
        with asking.secure() as client:
            assert variables(read_all(client))["SSL_CLIENT_VERIFY"] == "NONE"
        for listener in (asking, requiring):
            with listener.secure(context=client_context(pair=known)) as client:
                seen = variables(read_all(client))
                assert seen["SSL_CLIENT_VERIFY"] == "SUCCESS"
                assert seen["SSL_CLIENT_S_DN"] == "/C=DE/O=Example/OU=Post/CN=alice/emailAddress=alice@example.org"
                assert seen["SSL_CLIENT_S_DN_CN"] == "alice" and seen["SSL_CLIENT_S_DN_Email"] == "alice@example.org"
                assert seen["SSL_CLIENT_I_DN_CN"] == "authority.example"
                assert ("SSL_CLIENT_CERT" in seen) == (listener is asking)
            for context in (client_context(pair=stranger), *([client_context()] if listener is requiring else [])):
                assert is_refused(listener, context)
        requiring.wait_for("peer did not return a certificate")
        requiring.wait_for("self-signed certificate")


def is_refused(listener, context, **more):
    """True if a client gets nothing from the program. In TLS 1.3 a client learns of it with its first read."""
    try:
        with listener.secure(context=context, **more) as client:
            return read_all(client) == b""
    except (ssl.SSLError, ConnectionResetError):
        return True


def test_a_session_without_a_certificate_is_not_resumed_where_one_is_required():
    authority = make_pair("authority.example")
    with Home(BIN) as home:
        home.control("clientca.pem", authority.certificate)
        _, asking = serving(home, *ENV, options=("-a",))
        requiring = home.serve(*ENV, options=("-r",))
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = client_context(version, version)
            with asking.secure(context=context) as client:
                read_all(client)
                session = client.session
            assert is_refused(requiring, context, session=session)


def test_client_certificates_need_an_authority():
    with Home(BIN) as home:
        _, listener = serving(home, *ENV, options=("-r",))
        with listener.connect() as client:
            assert client.recv(1) == b""
        listener.wait_for("tlsserve: fatal: control/clientca.pem is missing, so no certificate can be verified")


def test_a_handshake_has_its_time():
    with Home(BIN) as home:
        resident, listener = serving(home, *ENV, options=("-w", "1"))
        with listener.connect() as client:
            assert client.recv(1) == b""
        listener.wait_for("tlsserve: fatal: TLS handshake failed: timed out")
        wait_until(lambda: not resident.sessions(), "the session's end")


def test_a_client_that_goes_away_in_its_handshake_leaves_nothing():
    with Home(BIN) as home:
        resident, listener = serving(home, *ENV)
        client = listener.connect()
        client.send(b"\x16\x03\x01")
        wait_until(resident.sessions, "the session")
        client.close()
        wait_until(lambda: not resident.sessions(), "the session's end")
        listener.wait_for("tlsserve: fatal: TLS handshake failed:")


def test_a_program_that_goes_away_in_its_handshake_leaves_nothing():
    with Home(BIN) as home:
        resident, listener = serving(home, *ENV)
        with listener.connect():
            wait_until(resident.sessions, "the session")
            for pid in listener.programs():
                os.kill(pid, signal.SIGKILL)
            wait_until(lambda: not resident.sessions(), "the session's end")


def test_garbage_is_not_a_greeting():
    chance = random.Random(1)
    garbage = [b"EHLO client.example\r\n", b"GET / HTTP/1.0\r\n\r\n", b"\0" * 100, b"\x80\x2e\x01\x03\x01", b"\x16\x03\x01\xff\xff" + b"\0" * 70000]
    garbage += [chance.randbytes(chance.randrange(1, 2000)) for _ in range(30)]
    garbage += [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(505) for _ in range(30)]
    with Home(BIN) as home:
        resident, listener = serving(home, *ENV)
        for bytes_ in garbage:
            with listener.connect() as client:
                try:
                    client.sendall(bytes_)
                    client.shutdown(socket.SHUT_WR)
                    answer = read_all(client)
                    assert b"PATH=" not in answer and len(answer) < 5000
                except (ConnectionResetError, BrokenPipeError, OSError):
                    pass
        with listener.secure() as client:
            assert variables(read_all(client))["SSL_PROTOCOL"] == "TLSv1.3"
        assert not [line for line in resident.lines if "signal" in line], resident.lines


def test_what_a_program_writes_last_arrives():
    """It writes a lot, does not read what it is sent, and ends at once; the client reads late."""
    size = 3_000_000
    with Home(BIN) as home:
        _, listener = serving(home, "sh", "-c", f"head -c {size} /dev/zero")
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with listener.secure(context=client_context(version, version)) as client:
                client.sendall(b"never read\n" * 100)
                time.sleep(0.2)
                # Ended by a close_notify, or this would be an error.
                assert len(read_all(client)) == size


def test_what_a_client_writes_last_arrives():
    size = 3_000_000
    with Home(BIN) as home:
        _, listener = serving(home, "sh", "-c", f"sleep 0.3; wc -c > {home.path}/count")
        with listener.secure() as client:
            client.sendall(bytes(size))
            client.unwrap()
        wait_until(lambda: (home.path / "count").exists() and (home.path / "count").read_text().strip() == str(size), "all of it")


def test_a_connection_half_closed_by_the_client():
    """Its end reaches the program as an end of file, and what the program says behind that still arrives."""
    with Home(BIN) as home:
        _, listener = serving(home, "sh", "-c", "wc -c; sleep 0.2; echo later")
        for say_goodbye in (True, False):
            client = Engine(listener.connect())
            client.shake_hands()
            client.write(b"x" * 100000)
            if say_goodbye:
                client.say_goodbye()
            client.socket.shutdown(socket.SHUT_WR)
            assert client.read_all().split() == [b"100000", b"later"], say_goodbye


def test_a_connection_half_closed_by_the_program():
    """The client hears of the end at once, and what it says afterwards still reaches the program."""
    script = "echo first; exec >&-; exec 1<&-; exec python3 -c '\nimport socket\ns=socket.socket(fileno=0)\ns.shutdown(socket.SHUT_WR)\ntext=b\"\"\nwhile True:\n  b=s.recv(65536)\n  if not b: break\n  text+=b\nopen(\"@/heard\",\"wb\").write(text)\n'"
    with Home(BIN) as home:
        _, listener = serving(home, "sh", "-c", script.replace("@", str(home.path)))
        client = Engine(listener.connect())
        client.shake_hands()
        assert client.read_all() == b"first\n"
        client.write(b"second" * 10000)
        client.say_goodbye()
        client.socket.close()
        wait_until(lambda: (home.path / "heard").exists() and (home.path / "heard").read_bytes() == b"second" * 10000, "all of it")


class Engine:
    """A client whose TLS and TCP can be ended one without the other."""

    def __init__(self, connection):
        self.socket = connection
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = client_context().wrap_bio(self.incoming, self.outgoing, server_hostname="mx.example")

    def flush(self):
        if data := self.outgoing.read():
            self.socket.sendall(data)

    def more(self):
        self.flush()
        data = self.socket.recv(65536)
        self.incoming.write(data) if data else self.incoming.write_eof()

    def shake_hands(self):
        while True:
            try:
                self.tls.do_handshake()
                return self.flush()
            except ssl.SSLWantReadError:
                self.more()

    def write(self, data):
        self.tls.write(data)
        self.flush()

    def say_goodbye(self):
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            pass  # there was unread data before the other's goodbye
        self.flush()

    def read_all(self):
        text = b""
        while True:
            try:
                block = self.tls.read(65536)
                if not block:
                    return text
                text += block
            except ssl.SSLWantReadError:
                self.more()
            except ssl.SSLZeroReturnError:
                return text


def test_much_data_both_ways_at_once():
    data = random.Random(2).randbytes(5_000_000)
    with Home(BIN) as home:
        _, listener = serving(home, *ECHO)
        with listener.secure() as client:
            def send():
                for at in range(0, len(data), 10007):
                    client.sendall(data[at:at + 10007])
            sender = threading.Thread(target=send)
            sender.start()
            heard = b""
            while len(heard) < len(data):
                heard += client.recv(65536)
            sender.join()
            assert heard == data


def private_memory(pid):
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(("Private_Clean", "Private_Dirty")))


def test_a_program_that_does_not_read_holds_its_client_up():
    """What waits in between is bounded."""
    with Home(BIN) as home:
        resident, listener = serving(home, "sh", "-c", "read -r word; exec sleep 60")
        with listener.secure() as client:
            client.sendall(b"begin\n")
            client.settimeout(1)
            sent = 0
            try:
                while sent < 200_000_000:
                    sent += client.send(bytes(65536))
                raise AssertionError("nobody held it up")
            except TimeoutError:
                pass
            [session] = resident.sessions()
            assert sent < 20_000_000
            assert private_memory(session) < 3000, private_memory(session)
        for pid in listener.programs():
            os.kill(pid, signal.SIGKILL)


def test_five_hundred_at_once():
    """They all shake hands at the same time, and all are served while they all are there."""
    count = 500
    with Home(BIN) as home:
        resident, listener = serving(home, *ECHO)
        clients = [listener.connect() for _ in range(count)]
        context = client_context()
        secured, failed = [], []

        def shake(one):
            try:
                secured.append(context.wrap_socket(one, server_hostname="mx.example"))
            except OSError as problem:
                failed.append(problem)
        threads = [threading.Thread(target=shake, args=(one,)) for one in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(2 * PATIENCE)
        assert len(secured) == count and not failed, (len(secured), failed[:3])
        assert len(resident.sessions()) == count
        for number, one in enumerate(secured):
            one.sendall(b"%d\n" % number)
        for number, one in enumerate(secured):
            assert one.recv(100) == b"%d\n" % number
            one.close()


def test_more_than_the_limit_wait_their_turn():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        resident = home.start("ucspi-tlsd", "-c", "2")
        listener = home.serve(*ECHO)
        first, second = listener.secure(), listener.secure()
        late = []
        thread = threading.Thread(target=lambda: late.append(listener.secure()))
        thread.start()
        wait_until(lambda: len(listener.programs()) == 3, "the third")
        time.sleep(0.3)
        assert not late and len(resident.sessions()) == 2
        first.close()
        thread.join(PATIENCE)
        assert late and len(resident.sessions()) == 2
        second.close()
        late[0].close()


def test_nobody_is_served_without_the_resident():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        listener = home.serve(*ENV)
        with listener.connect() as client:
            assert client.recv(1) == b""
        listener.wait_for(f"tlsserve: fatal: unable to connect to {home.path}/run/tls/server: file does not exist")


def test_requests_that_make_no_sense_are_refused():
    with Home(BIN) as home:
        resident, listener = serving(home, *ENV)
        path = str(home.path / "run/tls/server")
        for packet, passed, answer in ((b"nonsense", [], b"refused\0"), (b"server\0seconds=60\0", [], b"refused\0"),
                                       (b"server\0seconds=60\0", [0, 0], b"refused\0"), (b"client\0seconds=60\0", [0, 0, 0], b"refused\0"),
                                       (b"server\0seconds=0\0", [0, 0, 0], b"refused\0"), (b"", [], b"")):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asker:
                asker.settimeout(PATIENCE)
                asker.connect(path)
                if packet:
                    socket.send_fds(asker, [packet], passed)
                else:
                    asker.shutdown(socket.SHUT_WR)
                assert asker.recv(65536).startswith(answer), packet
        wait_until(lambda: not resident.sessions(), "the sessions' end")
        with listener.secure() as client:
            assert b"SSL_PROTOCOL" in read_all(client)


def test_curl_and_s_client_get_along():
    with Home(BIN) as home:
        authority = make_pair("authority.example")
        home.control("ca", authority.certificate)
        answer = r"printf 'HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n'"
        _, listener = serving(home, "sh", "-c", f"read -r line; {answer}", pair=make_pair("mx.example", authority=authority))
        if shutil.which("curl"):
            done = subprocess.run(["curl", "-sS", "--noproxy", "*", "--cacert", home.path / "control/ca", "--resolve", f"mx.example:{listener.port}:127.0.0.1",
                                   f"https://mx.example:{listener.port}/"], capture_output=True, timeout=PATIENCE)
            assert done.stdout == b"hello\n", done
        for protocol in ("-tls1_2", "-tls1_3"):
            text = openssl("s_client", "-quiet", "-ign_eof", "-verify_return_error", "-CAfile", home.path / "control/ca", "-servername", "mx.example",
                           "-verify_hostname", "mx.example", protocol, "-connect", f"127.0.0.1:{listener.port}", input=b"\n")
            assert text.endswith(b"hello\n"), text


def test_memory_of_an_idle_session_is_small():
    with Home(BIN) as home:
        resident, listener = serving(home, *ECHO)
        clients = [listener.secure() for _ in range(10)]
        for client in clients:
            client.sendall(bytes(100_000))
            left = 100_000
            while left:
                left -= len(client.recv(65536))
        sizes = sorted(private_memory(pid) for pid in resident.sessions())
        print(f"memory.tls-session {sizes[5]} KB")
        assert sizes[5] < 1500, sizes
        for client in clients:
            client.close()


if __name__ == "__main__":
    globals()[sys.argv[2]]()
