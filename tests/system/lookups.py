#!/usr/bin/env python3
"""tcpserver and those it asks about a client: name servers and identity servers that are slow, silent, or gone."""
import contextlib
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, PATIENCE, Lines, connect, remote_network, wait_for_port, wait_until  # noqa: E402
from scenario import main  # noqa: E402

DNS_SERVER = Path(__file__).parents[1] / "support/dns_server.py"
PORT = 2525
BUDGET = 3
# What a busy machine may add to a time that is bounded.
SLACK = 2

POINTERS = """
25.2.0.192.in-addr.arpa PTR MX.remote.example
26.2.0.192.in-addr.arpa PTR other.remote.example
1.2.0.192.in-addr.arpa PTR mx.example.org
mx.remote.example A 192.0.2.25
"""
SILENT_25 = POINTERS.replace("25.2.0.192.in-addr.arpa PTR MX.remote.example", "25.2.0.192.in-addr.arpa IGNORE")


@contextlib.contextmanager
def name_server(machine, zone):
    Path("/run/zone").write_text(zone)
    server = machine.helper(sys.executable, str(DNS_SERVER), "192.0.2.53", "53", "/run/zone")
    wait_for_port(53, "192.0.2.53")
    yield server
    server.kill()
    server.wait()


@contextlib.contextmanager
def serving(*options, program=("env",), tcpserver="tcpserver"):
    server = subprocess.Popen([tcpserver, "-v", *options, "192.0.2.1", str(PORT), *program], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
    log = Lines(server.stderr)
    try:
        log.wait(r"tcpserver: status: 0/")
        yield server, log
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0


def visit(source="192.0.2.25"):
    """The variables of a client from there, and how long it waited for them."""
    begin = time.monotonic()
    with connect(PORT, source=source) as connection:
        text = connection.makefile().read()
    seen = dict(line.split("=", 1) for line in text.splitlines())
    return seen, time.monotonic() - begin


def name(source="192.0.2.25"):
    return visit(source)[0].get("TCPREMOTEHOST")


def lookups_slow_names_delay_nobody_else(machine):
    """A client whose name servers are silent is served without a name when 3 seconds are over; others at once."""
    machine.install()
    with name_server(machine, SILENT_25), serving() as (_, log):
        begin = time.monotonic()
        with connect(PORT, source="192.0.2.25") as slow:
            log.wait(r"status: 1/40")
            for _ in range(5):
                seen, taken = visit("192.0.2.26")
                assert seen["TCPREMOTEHOST"] == "other.remote.example" and taken < 1, (seen, taken)
            assert time.monotonic() - begin < BUDGET
            text = slow.makefile().read()
        assert BUDGET - 0.5 < time.monotonic() - begin < BUDGET + SLACK
        assert "TCPREMOTEIP=192.0.2.25\n" in text and "TCPREMOTEHOST" not in text, text


def lookups_a_silent_name_server_is_not_asked_every_time(machine):
    """After one failure the same address is served at once for a while."""
    machine.install()
    with name_server(machine, SILENT_25), serving():
        assert visit()[1] > BUDGET - 0.5
        # There was no time left to ask for this host's name; now it is found.
        seen, taken = visit()
        assert seen["TCPLOCALHOST"] == "mx.example.org" and "TCPREMOTEHOST" not in seen and taken < 1, (seen, taken)


def lookups_many_wait_at_once(machine):
    """All places full of clients with silent name servers: each is served when its own time is over."""
    machine.install()
    with name_server(machine, SILENT_25), serving(program=("echo", "served")):
        begin = time.monotonic()
        clients = [connect(PORT, source="192.0.2.25") for _ in range(40)]
        for client in clients:
            with client:
                assert client.makefile().read() == "served\n"
        assert time.monotonic() - begin < BUDGET + SLACK


def lookups_names_are_kept_as_long_as_they_may_be(machine):
    """Without its name server a name is known until its time is over, and then no more."""
    machine.install()
    zone = POINTERS + "25.2.0.192.in-addr.arpa TTL 3\n"
    with serving():
        with name_server(machine, zone):
            begin = time.monotonic()
            assert name() == "mx.remote.example" and name("192.0.2.26") == "other.remote.example"
        assert name() == "mx.remote.example"
        wait_until(lambda: name() is None)
        assert time.monotonic() - begin >= 2  # whole seconds are counted, and never one too many
        assert name("192.0.2.26") == "other.remote.example"


def lookups_a_no_is_kept_and_forgotten_with_hup(machine):
    """That there is no name counts as long as the zone says; HUP has everything looked up anew."""
    machine.install()
    with serving() as (server, log):
        with name_server(machine, "2.0.192.in-addr.arpa SOA 3600\n2.0.192.in-addr.arpa TTL 3600\n"):
            assert name() is None
        with name_server(machine, POINTERS):
            assert name() is None
            server.send_signal(signal.SIGHUP)
            wait_until(lambda: name() == "mx.remote.example")


def lookups_paranoid_is_within_the_same_time(machine):
    """-p: a name that leads back is believed; one whose addresses do not come in time is not."""
    machine.install()
    with name_server(machine, POINTERS + "other.remote.example IGNORE\n"), serving("-p"):
        assert name() == "mx.remote.example"
        seen, taken = visit("192.0.2.26")
        assert "TCPREMOTEHOST" not in seen and taken < BUDGET + SLACK, (seen, taken)


def lookups_rules_see_the_name(machine):
    """A rule by name counts, and a session that is refused by it has its number in the log."""
    machine.install()
    cdb = "/run/rules.cdb"
    subprocess.run([HOME / "bin/tcprules", cdb, cdb + ".tmp"], input="=.remote.example:deny\n", text=True, check=True)
    with name_server(machine, POINTERS), serving("-x", cdb) as (_, log):
        assert visit()[0] == {}
        pid = log.wait(r"deny (\d+) mx\.example\.org:192\.0\.2\.1:2525 mx\.remote\.example:192\.0\.2\.25::\d+")[1]
        log.wait(rf"end {pid} status 25600")


def lookups_residents_serve_clients_with_names(machine):
    """With reverse DNS on, sessions of qmail-smtpd share a process, and know the name."""
    machine.install()
    with name_server(machine, POINTERS):
        with serving("-c5", program=(str(HOME / "bin/qmail-smtpd"),), tcpserver=str(HOME / "bin/tcpserver")) as (_, log):
            for done in range(3):
                with connect(PORT) as client:
                    client.sendall(b"QUIT\r\n")
                    assert client.makefile().read().startswith("220 ")
                # A process that has not said that it is done is given no other client.
                log.wait(r"end \d+ status 0", count=done + 1)
            served = [re.search(r"ok (\d+) \S+ (\S+?):", line) for line in log.lines]
    served = [found.groups() for found in served if found]
    assert len(served) == 3 and len(set(served)) == 1 and served[0][1] == "mx.remote.example", served


def lookups_a_slow_identity_server_delays_nobody_else(machine):
    """-r: the client's own machine is asked, no longer than -t says; another client does not notice."""
    machine.install()
    with remote_network():
        silent = socket.create_server(("192.0.2.25", 113))
    with silent, serving("-r", "-H", "-l0", "-t2") as (_, log):
        begin = time.monotonic()
        with connect(PORT, source="192.0.2.25") as slow:
            log.wait(r"status: 1/40")
            seen, taken = visit("192.0.2.26")  # where nobody listens
            assert "TCPREMOTEINFO" not in seen and taken < 1, (seen, taken)
            text = slow.makefile().read()
        assert "PROTO=TCP" in text and "TCPREMOTEINFO" not in text, text
        assert time.monotonic() - begin < BUDGET + 2 + SLACK
        # Nobody is asked unless -r says so.
    with remote_network():
        other = socket.create_server(("192.0.2.26", 113))
    with other, serving("-H", "-l0"):
        visit("192.0.2.26")
        other.setblocking(False)
        try:
            other.accept()
            raise AssertionError("it asked")
        except BlockingIOError:
            pass


if __name__ == "__main__":
    main(globals())
