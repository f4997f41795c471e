#!/usr/bin/env python3
"""tcpclient and tcp-env on a real network: names, both families, identity servers, name servers that are silent."""
import ipaddress
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import ZONES  # noqa: E402
from sandbox import remote_network  # noqa: E402
from scenario import main  # noqa: E402
from tcp_peer import PATIENCE, Server  # noqa: E402

HERE, THERE = "192.0.2.1", "192.0.2.25"
HERE6, THERE6 = "2001:db8::1", "2001:db8::25"
LONGEST_NAME = 3  # seconds for each name that tells who somebody is


def start_names(machine):
    def pointer(address, name):
        return ipaddress.ip_address(address).reverse_pointer + f". IN PTR {name}.\n"

    zone6 = ipaddress.ip_address(THERE6).reverse_pointer
    machine.place()
    machine.start_dns({
        **ZONES,
        "remote.example": ZONES["remote.example"] + f"twice IN A 192.0.2.26\ntwice IN AAAA {THERE6}\n",
        "2.0.192.in-addr.arpa": pointer(THERE, "MX.Remote.Example") + pointer(HERE, "mx.example.org"),
        zone6[zone6.index("8.b.d.0"):]: pointer(THERE6, "mx6.remote.example"),
    })


def variables(text):
    return {name: value for name, value in (line.split("=", 1) for line in text.decode().splitlines()) if name.startswith(("TCP", "PROTO"))}


def env(*arguments):
    """What tcp-env says of standard input."""
    return ("env", "TCPREMOTEINFO=stale", "TCPREMOTEHOST=stale", "TCPLOCALHOST=stale", "tcp-env", *arguments, "env")


def connected(address, source, family=None):
    """Our end of a connection from the remote host."""
    wide = family or (socket.AF_INET6 if ":" in address else socket.AF_INET)
    with socket.create_server(("", 0), family=wide, dualstack_ipv6=wide == socket.AF_INET6) as listener:
        with remote_network():
            client = socket.create_connection((address, listener.getsockname()[1]), PATIENCE, source_address=(source, 0))
        return listener.accept()[0], client


def described(*arguments, address=HERE, source=THERE, family=None, **more):
    end, client = connected(address, source, family)
    with end, client:
        ports = {"TCPLOCALPORT": str(end.getsockname()[1]), "TCPREMOTEPORT": str(end.getpeername()[1])}
        done = subprocess.run(env(*arguments), stdin=end, capture_output=True, timeout=60, **more)
    assert (done.returncode, done.stderr) == (0, b""), done
    seen = variables(done.stdout)
    assert ports.items() <= seen.items(), seen
    return {name: value for name, value in seen.items() if not name.endswith("PORT")}


FOUR = {"PROTO": "TCP", "TCPLOCALIP": HERE, "TCPLOCALHOST": "mx.example.org", "TCPREMOTEIP": THERE, "TCPREMOTEHOST": "mx.remote.example"}


def expect(actual, expected):
    assert actual == expected, f"\n  expected {expected!r}\n  got      {actual!r}"


def connections_tcp_env(machine):
    """Both families, an IPv4 client on an IPv6 socket, hosts without a name; what was in the environment before is gone."""
    start_names(machine)
    expect(described(), FOUR)
    expect(described("-R"), FOUR)
    expect(described(family=socket.AF_INET6), FOUR)
    without = {name: value for name, value in FOUR.items() if name != "TCPREMOTEHOST"}
    expect(described(source="192.0.2.53"), {**without, "TCPREMOTEIP": "192.0.2.53"})
    expect(described(address=HERE6, source=THERE6),
           {"PROTO": "TCP", "TCPLOCALIP": HERE6, "TCPREMOTEIP": THERE6, "TCPREMOTEHOST": "mx6.remote.example"})


def connections_tcp_env_identity(machine):
    """-r asks, -t bounds it, and nobody is asked otherwise."""
    start_names(machine)
    asked = []

    def talk(connection):
        asked.append(connection.recv(100))
        connection.sendall(b"1 , 2 : USERID : UNIX : joe\r\n")

    with remote_network():
        identity = Server(talk, THERE, 113)
    with identity:
        expect(described("-r"), {**FOUR, "TCPREMOTEINFO": "joe"})
        expect(described("-rt5"), {**FOUR, "TCPREMOTEINFO": "joe"})
        assert len(asked) == 2 and b" , " in asked[0], asked
        expect(described(), FOUR)
        expect(described("-rR"), FOUR)
        assert len(asked) == 2, asked
    silence = threading.Event()
    with remote_network():
        identity = Server(lambda _: silence.wait(PATIENCE), THERE, 113)
    with identity:
        begin = time.monotonic()
        expect(described("-r", "-t1"), FOUR)
        assert time.monotonic() - begin < PATIENCE / 2
        silence.set()


def connections_tcp_env_without_name_servers(machine):
    """A name server that is silent delays nobody longer than 3 seconds a name."""
    machine.place()
    with remote_network():
        silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        silent.bind(("192.0.2.53", 53))
    with silent:
        begin = time.monotonic()
        expect(described(), {**FOUR, "TCPLOCALHOST": "softdnserror", "TCPREMOTEHOST": "softdnserror"})
        assert time.monotonic() - begin < 3 * LONGEST_NAME
        with remote_network():
            server = Server(lambda _: None, THERE, 2525)
        with server:
            begin = time.monotonic()
            done = subprocess.run(["tcpclient", "-R", THERE, "2525", "env"], capture_output=True, timeout=60)
            assert time.monotonic() - begin < 3 * LONGEST_NAME
        assert "TCPREMOTEHOST" not in variables(done.stdout) and done.returncode == 0, done


def connections_tcp_env_under_inetd(machine):
    """Standard error is the client then: it hears of no failure."""
    machine.place()
    end, client = connected(HERE, THERE)
    with client:
        with end:
            done = subprocess.run(["tcp-env", "/nonexistent"], stdin=end, stdout=end, stderr=end, timeout=60, env={**os.environ, "PROTO": "TCP"})
        assert (done.returncode, client.recv(100)) == (111, b""), done


def connections_tcpclient(machine):
    """Names of either family, in turn, and completed from resolv.conf."""
    start_names(machine)
    with open("/etc/resolv.conf", "a") as resolv:
        resolv.write("search example.org remote.example\n")

    def client(*words):
        done = subprocess.run(["tcpclient", "-R", *words, "env"], capture_output=True, timeout=60)
        seen = variables(done.stdout)
        return seen.get("TCPREMOTEIP"), seen.get("TCPREMOTEHOST"), done.stderr, done.returncode

    with remote_network():
        four, six = Server(lambda _: None, THERE, 2525), Server(lambda _: None, THERE6, 2525)
    refused = b"tcpclient: unable to connect to 192.0.2.26 port 2525: connection refused\n"
    with four, six:
        expect(client("mx.remote.example", "2525"), (THERE, "mx.remote.example", b"", 0))
        expect(client("MX6.remote.example.", "2525"), (THERE6, "mx6.remote.example", b"", 0))
        expect(client("mx6", "2525"), (THERE6, "mx6.remote.example", b"", 0))
        expect(client("twice", "2525"), (THERE6, "mx6.remote.example", refused, 0))
        expect(client("-6", "twice", "2525"), (THERE6, "mx6.remote.example", b"", 0))
        expect(client("-4", "twice", "2525"), (None, None, refused, 111))
        expect(client("-i", HERE6, "twice", "2525"), (THERE6, "mx6.remote.example", b"", 0))
        expect(client("-4", "mx6", "2525")[2:], (b"tcpclient: fatal: no IP address for mx6\n", 111))
        expect(client("no.remote.example.", "2525")[2:], (b"tcpclient: fatal: no IP address for no.remote.example.\n", 111))
    # nsd is the last helper that was started.
    machine.helpers[-1].kill()
    machine.helpers[-1].wait()
    expect(client("twice.", "2525")[2:], (b"tcpclient: fatal: temporarily unable to figure out IP address for twice.\n", 111))


if __name__ == "__main__":
    main(globals())
