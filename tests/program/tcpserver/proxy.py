#!/usr/bin/env python3
"""proxy.py TEST-BIN TEST: one test of tcpserver behind a proxy, on loopback."""
import struct
import sys
import tempfile
import time

from serve import Server, compile_rules, expect, read, variables

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
LISTED = ("-vHRl0", "--proxy=127.0.0.1,2001:db8::/32")
HEADER_SECONDS = 5


def version_2(source=b"\xc0\0\2\1", target=b"\xc0\0\2\x09", ports=(4242, 25), command=0x21, family=0x11, extra=b""):
    block = source + target + struct.pack("!2H", *ports) + extra
    return SIGNATURE + struct.pack("!2BH", command, family, len(block)) + block


def answer(server, sent, hangs_up=False):
    with server.connect() as client:
        client.sendall(sent)
        if hangs_up:
            client.shutdown(1)
        return read(client)


def ends(text):
    seen = variables(text)
    return [seen.get(name) for name in ("TCPREMOTEIP", "TCPREMOTEPORT", "TCPLOCALIP", "TCPLOCALPORT", "PROTO")]


def test_both_versions_name_the_client():
    with Server(*LISTED) as server:
        expect(ends(answer(server, b"PROXY TCP4 192.0.2.1 192.0.2.9 4242 25\r\n")),
               ["192.0.2.1", "4242", "192.0.2.9", "25", "TCP"])
        expect(ends(answer(server, b"PROXY TCP6 2001:db8::1 2001:db8::9 4242 25\r\n")),
               ["2001:db8::1", "4242", "2001:db8::9", "25", "TCP"])
        expect(ends(answer(server, version_2(extra=b"\4\0\3abc"))), ["192.0.2.1", "4242", "192.0.2.9", "25", "TCP"])
    assert "ok" in server.log and "0:192.0.2.9:25 :192.0.2.1::4242" in server.log, server.log
    assert "from 192.0.2.1\n" in server.log and "127.0.0.1" not in server.log, server.log


def test_a_proxy_that_names_nobody_is_the_client():
    with Server(*LISTED) as server:
        for header in (b"PROXY UNKNOWN\r\n", version_2(command=0x20), SIGNATURE + b"\x20\0\0\0"):
            expect(ends(answer(server, header))[0], "127.0.0.1")


def test_the_program_reads_what_follows_the_header():
    with Server(*LISTED, program=("head", "-n1")) as server:
        for header in (b"PROXY UNKNOWN\r\n", version_2()):
            expect(answer(server, header + b"hello\nmore"), "hello\n")
            with server.connect() as client:
                for byte in header + b"hello\n":
                    client.sendall(bytes([byte]))
                expect(read(client), "hello\n")


def test_rules_and_limits_see_the_client():
    with tempfile.TemporaryDirectory() as folder:
        cdb = compile_rules(folder, '192.0.2.1:allow,SEEN="yes"\n192.0.2.2:deny\n')
        with Server(*LISTED, "-C0", "-x", cdb) as server:
            expect(answer(server, b"PROXY TCP4 192.0.2.1 192.0.2.9 1 25\r\n"), "")
        assert ":192.0.2.1::1 MAXCONNIP:0" in server.log, server.log
        with Server(*LISTED, "-x", cdb) as server:
            expect(variables(answer(server, b"PROXY TCP4 192.0.2.1 192.0.2.9 1 25\r\n"))["SEEN"], "yes")
            expect(answer(server, b"PROXY TCP4 192.0.2.2 192.0.2.9 1 25\r\n"), "")


def test_a_lying_header_drops_the_connection_and_says_so():
    warning = "tcpserver: warning: dropping connection, unable to read PROXY header from 127.0.0.1: "
    lies = [b"EHLO x\r\n", b"PROXY TCP4 ::1 ::1 1 2\r\n", b"PROXY TCP4 1.2.3.4 1.2.3.4 1 70000\r\n", b"PROXY " + b"x" * 200,
            version_2(family=0x12), version_2(command=0x31), SIGNATURE + b"\x21\x11\xff\xff" + b"x" * 5000]
    with Server("-HRl0", "--proxy=127.0.0.0/8") as server:
        for lie in lies:
            expect(answer(server, lie), "")
        for beginning in (b"", b"PROXY TCP4 1.2.3.4", SIGNATURE):
            expect(answer(server, beginning, hangs_up=True), "")
        assert ends(answer(server, version_2()))[0] == "192.0.2.1"
    expect(server.lines(), [warning + "not a PROXY header"] * len(lies) + [warning + "connection closed"] * 3)


def test_a_header_from_elsewhere_is_the_clients_own_data():
    with Server("-HRl0", "--proxy=127.0.0.2,2001:db8::/32", program=("sh", "-c", "echo $TCPREMOTEIP; head -n1")) as server:
        expect(answer(server, b"PROXY TCP4 192.0.2.1 192.0.2.9 1 25\r\n"),
               "127.0.0.1\nPROXY TCP4 192.0.2.1 192.0.2.9 1 25\r\n")


def test_a_slow_header_is_not_waited_for_longer_than_its_time():
    """One byte now and then does not prolong it, and delays nobody."""
    with Server("-HRl0", "--proxy=127.0.0.1", program=("echo", "served")) as server:
        begin = time.monotonic()
        with server.connect() as slow:
            slow.settimeout(1)
            for byte in b"PROXY TCP4 192.0.2.1 192.0.2.9 4242 25\r\n":
                slow.sendall(bytes([byte]))
                moment = time.monotonic()
                expect(answer(server, version_2()), "served\n")
                assert time.monotonic() - moment < 3
                try:
                    expect(slow.recv(1), b"")
                    break
                except TimeoutError:
                    continue
        taken = time.monotonic() - begin
    assert HEADER_SECONDS - 1 < taken < HEADER_SECONDS + 3, taken
    assert server.log.endswith(": timed out\n"), server.log


if __name__ == "__main__":
    globals()[sys.argv[2]]()
