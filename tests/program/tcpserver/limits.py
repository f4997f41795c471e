#!/usr/bin/env python3
"""limits.py TEST-BIN TEST: one test of what tcpserver allows one client, on loopback."""
import contextlib
import socket
import sys
import tempfile

from serve import Server, compile_rules, expect, read

HOLD = ("sh", "-c", "echo served; read word")
OTHER = "127.0.0.2"


def visit(server, source="127.0.0.1", host="127.0.0.1"):
    """A connection and what the server first says on it; empty if it is closed."""
    client = socket.create_connection((host, server.port), 20, source_address=(source, 0))
    try:
        return client, client.recv(100).decode()
    except ConnectionResetError:
        return client, ""


def go(client):
    """Ends the program, and waits for that."""
    client.sendall(b"go\n")
    read(client)
    client.close()


def denials(server):
    return [line.rpartition(" ")[2] for line in server.lines() if "deny" in line]


def served(server, *sources):
    """Connections from each of `sources`, all held at the same time: which of them were served."""
    with contextlib.ExitStack() as held:
        said = []
        for source in sources:
            client, text = visit(server, source)
            held.enter_context(client)
            said.append(text)
    return [text == "served\n" for text in said]


def test_at_most_n_connections_of_an_address():
    with Server("-vHRl0", "-C2", program=HOLD) as server:
        first, second = visit(server)[0], visit(server)[0]
        expect(visit(server)[1], "")
        expect(visit(server, OTHER)[1], "served\n")
        go(first)
        # Its end may be heard of a moment later.
        while visit(server)[1] != "served\n":
            pass
        second.close()
    lines = server.lines()
    refused = next(number for number, line in enumerate(lines) if "deny" in line)
    assert lines[refused].startswith(f"tcpserver: deny PID 0:127.0.0.1:{server.port} :127.0.0.1::"), lines
    expect(lines[refused - 1:refused + 2:2], ["tcpserver: status: 3/40", "tcpserver: status: 2/40"])
    assert "tcpserver: deny 0 " in server.log and lines[refused].endswith(" MAXCONNIP:2"), server.log


def test_whoever_meets_a_limit_may_be_told_so():
    with Server("-HRl0", "-C0:421 not now") as server:
        expect(server.visit()[0], "421 not now\r\n")
        with server.connect() as client:  # what it says first does not cost it the answer
            client.sendall(b"x" * 10000)
            expect(read(client), "421 not now\r\n")
    with Server("-HRl0", "-C0", env={"DIEMSG": "421 later"}) as server:
        expect(server.visit()[0], "421 later\r\n")
    with Server("-HRl0", "-C0") as server:
        expect(server.visit()[0], "")
    expect(server.log, "")


def test_at_most_n_connections_of_a_network():
    with Server("-vHRl0", "--network-limit", "2", program=HOLD) as server:
        expect(served(server, "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.1.1"), [True, True, False, True])
    expect(denials(server), ["MAXCONNC:2"])


def test_of_ipv6_a_64_counts_as_an_address():
    with Server("-vHRl0", "-C1", "--proxy=127.0.0.1", program=HOLD) as server, contextlib.ExitStack() as held:
        said = []
        for source in ("2001:db8:0:1::1", "2001:db8:0:1:9::9", "2001:db8:0:2::1"):
            client = held.enter_context(server.connect())
            client.sendall(f"PROXY TCP6 {source} ::1 1 2\r\n".encode())
            said.append(client.recv(100))
    expect(said, [b"served\n", b"", b"served\n"])


def test_so_many_connections_in_a_while():
    with Server("-vHRl0", "--rate-limit=3/3600", program=("echo", "served")) as server:
        expect([server.visit()[0] for _ in range(5)], ["served\n"] * 3 + [""] * 2)
        expect(visit(server, OTHER)[1], "served\n")
    expect(denials(server), ["RATE:3/3600"] * 2)


def test_rules_set_limits():
    with tempfile.TemporaryDirectory() as folder:
        cdb = compile_rules(folder, '127.0.0.1:allow,MAXCONNIP="1",DIEMSG="421 one"\n'
                                    '127.0.0.2:allow\n127.0.0.3:allow,MAXCONNIP="many"\n:allow,MAXCONNC="3"\n')
        with Server("-vHRl0", "-x", cdb, program=HOLD) as server:
            held = visit(server)[0]
            expect(visit(server)[1], "421 one\r\n")
            expect(served(server, "127.0.0.2", "127.0.0.2"), [True, True])
            expect(visit(server, "127.0.0.3")[1], "")
            held.close()
    expect(denials(server), ["MAXCONNIP:1", "MAXCONNIP:many"])


def test_the_environment_sets_limits_where_rules_do_not():
    with tempfile.TemporaryDirectory() as folder:
        cdb = compile_rules(folder, '127.0.0.2:allow,MAXCONNIP="2"\n')
        with Server("-vHRl0", "-x", cdb, program=HOLD, env={"MAXCONNIP": "1"}) as server:
            expect(served(server, "127.0.0.1", "127.0.0.1"), [True, False])
            expect(served(server, "127.0.0.2", "127.0.0.2"), [True, True])


def test_rules_do_not_raise_what_options_say():
    with tempfile.TemporaryDirectory() as folder:
        cdb = compile_rules(folder, ':allow,MAXCONNIP="9"\n')
        with Server("-vHRl0", "-C1", "-x", cdb, program=HOLD) as server:
            expect(served(server, "127.0.0.1", "127.0.0.1"), [True, False])


def test_the_load_is_a_limit():
    """A load of nothing at all is not to be had: the test runs."""
    with tempfile.TemporaryDirectory() as folder:
        cdb = compile_rules(folder, '127.0.0.1:allow,MAXLOAD="none"\n127.0.0.2:allow,MAXLOAD="1000000"\n')
        with Server("-vHRl0", "-x", cdb, program=("echo", "served")) as server:
            text = server.visit()[0]
            expect(visit(server, OTHER)[1], "served\n")
    # A machine that has just been started may still say 0.00.
    assert text == "served\n" or denials(server)[0].startswith("LOAD:"), server.log


def test_a_refused_client_costs_no_process():
    with Server("-vHRl0", "-C0") as server:
        for _ in range(100):
            expect(server.visit()[0], "")
    expect(server.log.count("tcpserver: deny 0 "), 100)
    assert " pid " not in server.log and " end " not in server.log, server.log


if __name__ == "__main__":
    globals()[sys.argv[2]]()
