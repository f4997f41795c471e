#!/usr/bin/env python3
"""qmail-install preflight: what it says about this machine, and what others say about it; nothing is changed."""
import contextlib
import json
import os
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import ANSWERS, remote_network, run, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402
from tcp_peer import Server  # noqa: E402

DNS_SERVER = Path(__file__).parents[1] / "support/dns_server.py"
RIGHT = """
mx.example.org A 192.0.2.1
1.2.0.192.in-addr.arpa PTR mx.example.org
example.org MX 10 mx.example.org
example.org TXT v=spf1 mx -all
gmail.com MX 5 mx.remote.example
outlook.com MX 5 mx.remote.example
yahoo.com MX 5 mx.remote.example
mx.remote.example A 192.0.2.25
"""


@contextlib.contextmanager
def name_server(machine, zone):
    Path("/run/zone").write_text(zone)
    server = machine.helper(sys.executable, str(DNS_SERVER), "192.0.2.53", "53", "/run/zone")
    wait_for_port(53, "192.0.2.53")
    yield
    server.kill()
    server.wait()


@contextlib.contextmanager
def remote_mail_server():
    with remote_network():
        server = Server(lambda connection: connection.sendall(b"220 mx.remote.example ESMTP\r\n"), "192.0.2.25", 25)
    with server:
        yield


def preflight():
    """Exit code, and the ids of what was found about the outside; the machine's clock and disk are its own."""
    done = run("qmail-install", "preflight", "--answers", str(ANSWERS), "--json", check=False)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    ids = [event["id"] for event in events if event["event"] == "finding"]
    return done.returncode, [one for one in ids if one not in ("P04", "P05")]


def preflight_of_a_host_that_is_right(machine):
    machine.place()
    with name_server(machine, RIGHT), remote_mail_server():
        assert preflight() == (0, [])


def preflight_of_a_host_that_others_will_not_like(machine):
    machine.place()
    wrong = RIGHT.replace("PTR mx.example.org", "PTR host-2-1.provider.example").replace("v=spf1", "v=none")
    with name_server(machine, wrong):
        # Nobody greets: mail cannot leave.
        assert preflight() == (0, ["P12", "P13", "P31", "P21"])


def preflight_names_who_has_the_port(machine):
    machine.place()
    with name_server(machine, RIGHT), remote_mail_server(), socket.create_server(("192.0.2.1", 25)):
        code, ids = preflight()
        assert code == 2 and ids == ["P20"], (code, ids)
        text = run("qmail-install", "preflight", "--answers", str(ANSWERS), check=False).stdout.decode()
        assert f"process {os.getpid()}" in text and "python" in text, text


if __name__ == "__main__":
    main(globals())
