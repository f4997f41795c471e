#!/usr/bin/env python3
"""defaults_test.py TEST-BIN TEST: one test of what TLS refuses and accepts where nobody has said anything else, as scanners of servers look at it, behind
STARTTLS and from the first byte. Its hellos are made by hand: what a TLS library of today knows no more, an attacker still does."""
import os
import ssl
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests/support"))
from smtp_box import NAME, PATIENCE, SmtpBox, hear  # noqa: E402
from tls import client_context, openssl  # noqa: E402

BIN = sys.argv[1]
SSL_2, SSL_3, TLS_1_0, TLS_1_1, TLS_1_2 = 0x0002, 0x0300, 0x0301, 0x0302, 0x0303
ALERT, HANDSHAKE = 21, 22
HANDSHAKE_FAILURE, PROTOCOL_VERSION, INAPPROPRIATE_FALLBACK = 40, 70, 86
GOOD = {0xC02F: "ECDHE-RSA-AES128-GCM-SHA256", 0xC030: "ECDHE-RSA-AES256-GCM-SHA384", 0xCCA8: "ECDHE-RSA-CHACHA20-POLY1305"}
WEAK = {
    "RC4": (0x0004, 0x0005, 0xC011), "3DES": (0x000A, 0x0016, 0xC012), "DES, IDEA, SEED, Camellia": (0x0009, 0x0007, 0x0096, 0x0041, 0x0084, 0xC076),
    "no encryption": (0x0001, 0x0002, 0x003B, 0xC010), "export": (0x0003, 0x0006, 0x0008, 0x0014), "nobody proves who he is": (0x0018, 0x0034, 0x003A, 0x006C, 0x00A6, 0xC015, 0xC018),
    "CBC": (0xC013, 0xC014, 0xC027, 0xC028, 0x0033, 0x0039, 0x0067), "no forward secrecy": (0x002F, 0x0035, 0x003C, 0x003D, 0x009C, 0x009D, 0xC09C),
    "parameters of Diffie and Hellman": (0x009E, 0x009F, 0xCCAA),
}
FALLBACK = 0x5600
DEFLATE = 1


def block(size, data):
    return len(data).to_bytes(size, "big") + data


def extension(number, data):
    return struct.pack(">H", number) + block(2, data)


def hello(version, ciphers, compressions=(0,)):
    extensions = b"".join((
        extension(0, block(2, b"\0" + block(2, NAME.encode()))), extension(10, block(2, struct.pack(">3H", 29, 23, 24))), extension(11, block(1, b"\0")),
        extension(13, block(2, struct.pack(">7H", 0x0804, 0x0805, 0x0401, 0x0501, 0x0403, 0x0201, 0x0203)))))
    body = struct.pack(">H", version) + os.urandom(32) + block(1, b"") + block(2, struct.pack(f">{len(ciphers)}H", *ciphers)) + block(1, bytes(compressions))
    body += block(2, extensions) if version > SSL_3 else b""
    return struct.pack(">BH", HANDSHAKE, min(version, TLS_1_0)) + block(2, b"\1" + block(3, body))


def hello_of_ssl_2():
    ciphers = bytes.fromhex("010080 0700c0 030080 060040 020080")
    body = struct.pack(">BHHHH", 1, SSL_2, len(ciphers), 0, 16) + ciphers + os.urandom(16)
    return struct.pack(">H", 0x8000 | len(body)) + body


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            return data
        data += more
    return data


class Hello:
    """What a server agrees on."""

    def __init__(self, body):
        self.version = struct.unpack(">H", body[4:6])[0]
        rest = body[38:]
        rest = rest[1 + rest[0]:]
        self.cipher, self.compression = struct.unpack(">HB", rest[:3])


def answer(connection, greeting):
    """A Hello, the number of the alert, or None if the connection just ends."""
    with connection:
        connection.sendall(greeting)
        try:
            header = exactly(connection, 5)
            data = exactly(connection, struct.unpack(">H", header[3:])[0]) if len(header) == 5 else b""
        except ConnectionResetError:
            return None
    if not data:
        return None
    return Hello(data) if header[0] == HANDSHAKE else data[1]


def rsa_pair():
    """Ciphers come with kinds of keys: most of the old ones with this."""
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = Path(folder) / "key", Path(folder) / "certificate"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", 30, "-subj", f"/CN={NAME}")
        return certificate.read_text() + key.read_text()


def ways_in():
    """For each way to TLS: how a connection is made with which the handshake begins, and its port and what s_client needs to know."""
    with SmtpBox(BIN, tls=False) as box:
        box.control("servercert.pem", rsa_pair())
        box.start("ucspi-tlsd")
        late, early = box.listen(), box.listen(("tlsserve",))

        def start_tls():
            connection = late.connect()
            connection.sendall(b"EHLO c.example\r\nSTARTTLS\r\n")
            hear(connection, b"220 ready for tls\r\n")
            return connection

        yield start_tls, late.port, ["-starttls", "smtp"]
        yield early.connect, early.port, []


def test_modern_ciphers_are_accepted():
    for connect, _, _ in ways_in():
        for cipher, name in GOOD.items():
            agreed = answer(connect(), hello(TLS_1_2, [cipher]))
            assert isinstance(agreed, Hello) and (agreed.version, agreed.cipher) == (TLS_1_2, cipher), (name, agreed)


def test_weak_ciphers_are_refused():
    for connect, _, _ in ways_in():
        for kind, ciphers in WEAK.items():
            assert answer(connect(), hello(TLS_1_2, ciphers)) == HANDSHAKE_FAILURE, kind


def test_the_server_does_not_follow_a_weak_preference():
    for connect, _, _ in ways_in():
        agreed = answer(connect(), hello(TLS_1_2, [*(cipher for ciphers in WEAK.values() for cipher in ciphers), *GOOD]))
        assert isinstance(agreed, Hello) and agreed.cipher in GOOD, agreed


def test_old_protocols_are_refused():
    for connect, _, _ in ways_in():
        everything = [*(cipher for ciphers in WEAK.values() for cipher in ciphers), *GOOD]
        for version in (TLS_1_0, TLS_1_1):
            assert answer(connect(), hello(version, everything)) == PROTOCOL_VERSION, hex(version)
        # The library does not even say so to those.
        for greeting in (hello(SSL_3, everything), hello_of_ssl_2()):
            assert not isinstance(answer(connect(), greeting), Hello)


def test_nobody_is_led_back_to_an_older_protocol():
    for connect, _, _ in ways_in():
        assert answer(connect(), hello(TLS_1_2, [*GOOD, FALLBACK])) == INAPPROPRIATE_FALLBACK


def test_compression_is_off():
    for connect, _, _ in ways_in():
        agreed = answer(connect(), hello(TLS_1_2, GOOD, [DEFLATE, 0]))
        assert isinstance(agreed, Hello) and agreed.compression == 0, agreed


def test_new_protocols_are_accepted_and_sessions_resumed():
    for connect, _, _ in ways_in():
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context, session = client_context(version, version), None
            for is_again in (False, True):
                with context.wrap_socket(connect(), server_hostname=NAME, session=session) as client:
                    # A ticket of TLS 1.3 comes with the first answer behind the handshake.
                    client.sendall(b"QUIT\r\n")
                    while client.recv(1000):
                        pass
                    assert client.session_reused == is_again, version
                    session = client.session


def test_renegotiation_is_refused():
    for _, port, more in ways_in():
        client = subprocess.Popen(["openssl", "s_client", *more, "-tls1_2", "-connect", f"127.0.0.1:{port}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT)
        # What stands at the beginning of a line is its command.
        client.stdin.write(b"R\n")
        client.stdin.flush()
        told = b""
        while b"no renegotiation" not in told:
            line = client.stdout.readline()
            assert line, told
            told += line
        client.stdin.close()
        client.stdout.close()
        client.wait(PATIENCE)
        assert b"Secure Renegotiation IS supported" in told and b"RENEGOTIATING" in told, told


if __name__ == "__main__":
    globals()[sys.argv[2]]()
