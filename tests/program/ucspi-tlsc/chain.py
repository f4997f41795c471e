#!/usr/bin/env python3
"""chain.py TEST-BIN TEST: one test of ucspi-tlsc between a connection on descriptors 6 and 7 and a program."""
import os
import socket
import ssl
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from tls import Home, PATIENCE, Server, fingerprint, make_pair, server_context, variables  # noqa: E402

BIN = Path(sys.argv[1])
SAY_ENV = ("sh", "-c", "env >&7")


def run(server, *arguments, stdin=b""):
    """ucspi-tlsc as tcpclient would run it."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        fd = os.dup(connection.fileno())
        try:
            done = subprocess.run(["sh", "-c", f'exec "$@" 6<&{fd} 7>&{fd}', "sh", BIN / "ucspi-tlsc", *map(str, arguments)], pass_fds=[fd], input=stdin,
                                  capture_output=True, timeout=PATIENCE, env={"PATH": "/usr/bin:/bin", "SSL_CIPHER": "stale", "KEPT": "yes"})
        finally:
            os.close(fd)
    server.join(PATIENCE)
    return done


AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.example", "mx.example", "*.wild.example", authority=AUTHORITY)


def with_authority(*arguments, authority=AUTHORITY, pair=PAIR, program=SAY_ENV):
    with Home(BIN) as home:
        home.control("ca", authority.certificate)
        server = Server(server_context(pair))
        return server, run(server, "-a", home.path / "control/ca", *arguments, *program)


def test_name_and_authority_are_verified():
    for name in ("mx.example", "MX.example", "a.wild.example"):
        server, done = with_authority("-n", name)
        assert done.returncode == 0, done
        facts = variables(server.heard)
        assert facts["SSL_PROTOCOL"] == "TLSv1.3" and facts["SSL_SERVER_S_DN_CN"] == "mx.example" and facts["KEPT"] == "yes"
        assert facts["SSL_CIPHER"] != "stale"
        assert server.asked == name


def test_another_name_is_refused():
    for name in ("other.example", "example", "a.b.wild.example", "wild.example"):
        server, done = with_authority("-n", name)
        assert done.returncode == 100 and done.stderr == b"ucspi-tlsc: fatal: TLS handshake failed: hostname mismatch\n", done
        assert server.heard == b""


def test_a_common_name_is_no_name():
    pair = make_pair("mx.example", "other.example", authority=AUTHORITY)
    _, done = with_authority("-n", "mx.example", pair=pair)
    assert done.returncode == 100 and b"hostname mismatch" in done.stderr, done


def test_an_unknown_authority_is_refused():
    _, done = with_authority("-n", "mx.example", authority=make_pair("stranger.example"))
    assert done.returncode == 100 and b"unable to get local issuer certificate" in done.stderr, done
    _, done = with_authority("-v", "ca", authority=make_pair("stranger.example"))
    assert done.returncode == 100, done


def test_an_expired_certificate_is_refused():
    _, done = with_authority("-n", "mx.example", pair=make_pair("mx.example", authority=AUTHORITY, days=-1))
    assert done.returncode == 100 and b"certificate has expired" in done.stderr, done


def test_the_authority_alone_can_be_verified():
    server, done = with_authority("-v", "ca", "-n", "other.example")
    assert done.returncode == 0 and server.asked == "other.example", done


def test_nothing_need_be_verified():
    server, done = with_authority("-v", "none", pair=make_pair("stranger.example"))
    assert done.returncode == 0 and server.asked is None, done


def test_a_fingerprint_can_be_verified():
    digits = fingerprint(PAIR)
    for text in (digits, digits.lower().replace(":", ""), "00" * 32 + "," + digits):
        server, done = with_authority("-f", text)
        assert done.returncode == 0, done
    server, done = with_authority("-f", "00" * 32)
    assert done.returncode == 100, done
    assert done.stderr.decode() == f"ucspi-tlsc: fatal: the certificate's SHA-256 fingerprint is {digits.lower().replace(':', '')}\n"
    assert server.heard == b""


def test_an_address_is_verified_and_not_asked_for():
    server, done = with_authority("-n", "127.0.0.1")
    assert done.returncode == 100 and b"IP address mismatch" in done.stderr and server.asked is None, done


def test_our_certificate_is_shown():
    ours = make_pair("client.example", authority=AUTHORITY)
    with Home(BIN) as home:
        home.control("own", ours.both)
        server = Server(server_context(PAIR, AUTHORITY))
        done = run(server, "-v", "none", "-k", home.path / "control/own", *SAY_ENV)
        assert done.returncode == 0, done
        assert (("commonName", "client.example"),) in server.client_certificate["subject"]


def test_what_a_program_says_and_hears():
    server = Server(server_context(PAIR), answer=b"x" * 500000)
    done = run(server, "-v", "none", "sh", "-c", "cat >&7 && head -c 500000 <&6", stdin=b"y" * 500000)
    assert done.stdout == b"x" * 500000 and server.heard == b"y" * 500000, (len(done.stdout), len(server.heard), server.problem)


def test_an_end_without_goodbye_is_told():
    server = Server(server_context(PAIR), answer=b"half a", goodbye=False)
    done = run(server, "-v", "none", "-n", "mx.example", "sh", "-c", "cat <&6")
    assert done.stdout == b"half a", done
    assert done.stderr == b"ucspi-tlsc: warning: the server went away without a close_notify: what it sent may have been cut short\n", done


def test_the_program_finds_no_child_and_its_own_descriptors():
    server = Server(server_context(PAIR))
    done = run(server, "-v", "none", "sh", "-c", "echo children: $(cat /proc/$$/task/$$/children); ls /proc/$$/fd | tr '\\n' ' '")
    # The shell's command substitution is the one child it has.
    lines = done.stdout.decode().splitlines()
    assert len(lines[0].split()) <= 2 and lines[1].split()[:3] == ["0", "1", "2"] and {"6", "7"} <= set(lines[1].split()), lines


def test_a_server_that_says_nothing_has_its_time():
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as connection:
        fd = connection.fileno()
        done = subprocess.run(["sh", "-c", f'exec "$@" 6<&{fd} 7>&{fd}', "sh", BIN / "ucspi-tlsc", "-w", "1", "-v", "none", "true"],
                              pass_fds=[fd], capture_output=True, timeout=PATIENCE)
        assert done.returncode == 111 and done.stderr == b"ucspi-tlsc: fatal: TLS handshake failed: timed out\n", done


def test_a_server_that_talks_plain_text_is_told():
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as connection:
        other, _ = listener.accept()
        other.sendall(b"220 mx.example ESMTP\r\n")
        fd = connection.fileno()
        done = subprocess.run(["sh", "-c", f'exec "$@" 6<&{fd} 7>&{fd}', "sh", BIN / "ucspi-tlsc", "-v", "none", "true"],
                              pass_fds=[fd], capture_output=True, timeout=PATIENCE)
        assert done.returncode == 111 and b"wrong version number" in done.stderr, done


def test_an_old_server_is_refused():
    context = server_context(PAIR)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    done = run(Server(context), "-v", "none", *SAY_ENV)
    assert done.returncode == 111 and b"TLS handshake failed" in done.stderr, done


if __name__ == "__main__":
    globals()[sys.argv[2]]()
