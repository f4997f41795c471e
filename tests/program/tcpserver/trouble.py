#!/usr/bin/env python3
"""trouble.py TEST-BIN TEST: one test of tcpserver when something runs out, or is not what it should be."""
import os
import random
import resource
import socket
import sys
import tempfile
import time
from pathlib import Path

from serve import SKIPPED, Server, children_of, compile_rules, expect, read, wait_until

PROXIED = ("-HRl0", "--proxy=127.0.0.1")


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_without_descriptors_clients_wait_and_nothing_spins():
    with Server(*PROXIED, "-c100", program=("echo", "served")) as server:
        pid = server.process.pid
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (20, 20))
        # Each holds a descriptor until its header has come.
        clients = [server.connect() for _ in range(30)]
        wait_until(lambda: descriptors(pid) == 20, "the last descriptor to be taken")
        begin = processor_seconds(pid)
        time.sleep(1)
        assert processor_seconds(pid) - begin < 0.1, processor_seconds(pid) - begin
        for client in clients:
            client.sendall(b"PROXY UNKNOWN\r\n")
        for client in clients:
            expect(read(client), "served\n")
    expect(server.log, "")


def test_without_processes_the_connection_is_dropped_and_said_so():
    if os.geteuid() != 0:
        sys.exit(SKIPPED)
    # The limit counts all processes of a user, and this one has no others.
    limit = lambda: resource.setrlimit(resource.RLIMIT_NPROC, (2, 2))  # noqa: E731
    # A sanitizer that looks for leaks at the end wants a process for it.
    no_leaks = {"ASAN_OPTIONS": "detect_leaks=0"}
    with Server("-HRl0", "-u41234", program=("sh", "-c", "echo served; read word"), env=no_leaks, preexec_fn=limit) as server:
        with server.connect() as client:
            expect(client.recv(100), b"served\n")
            for _ in range(3):
                expect(server.visit()[0], "")
        wait_until(lambda: not children_of(server.process.pid), "the program's end")
        with server.connect() as client:
            expect(client.recv(100), b"served\n")
    expect(server.lines(), ["tcpserver: warning: dropping connection, unable to fork: temporary failure"] * 3)


def test_rules_that_are_damaged_in_every_way_drop_connections_and_not_the_server():
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        cdb = Path(compile_rules(folder, "".join(f'127.0.0.{n}:allow,A="{n}"\n' for n in range(1, 50)) + ":deny\n"))
        whole = cdb.read_bytes()
        with Server("-HRl0", "-x", str(cdb), program=("echo", "served")) as server:
            for turn in range(200):
                damaged = bytearray(whole[: chance.randrange(len(whole))] if turn % 2 else whole)
                for _ in range(chance.randint(1, 20) if damaged else 0):
                    damaged[chance.randrange(len(damaged))] = chance.choice([0, 1, 127, 255])
                # In place, as an administrator should not.
                cdb.write_bytes(damaged)
                assert server.visit()[0] in ("served\n", "")
            cdb.write_bytes(whole)
            expect(server.visit()[0], "served\n")
            expect(server.process.poll(), None)


def test_rules_cut_short_while_they_are_used():
    with tempfile.TemporaryDirectory() as folder:
        cdb = Path(compile_rules(folder, "127.0.0.1:allow\n"))
        whole = cdb.read_bytes()
        with Server("-HRl0", "-x", str(cdb), program=("echo", "served")) as server:
            expect(server.visit()[0], "served\n")
            os.truncate(cdb, 0)
            expect(server.visit()[0], "")
            cdb.write_bytes(whole)
            expect(server.visit()[0], "served\n")


def test_clients_that_never_say_anything_are_held_and_others_are_served():
    with Server("-HRl0", "-c200", program=("head", "-n1")) as server:
        silent = [server.connect() for _ in range(100)]
        begin = time.monotonic()
        with server.connect() as client:
            client.sendall(b"hello\n")
            expect(read(client), "hello\n")
        assert time.monotonic() - begin < 1
        for client in silent:
            client.close()


def test_clients_that_leave_at_once():
    with Server(*PROXIED, "-C1000", "-Bhello", program=("echo", "served")) as server:
        for turn in range(200):
            client = server.connect()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # RST
            if turn % 2:
                client.sendall(b"PROXY UNKNOWN\r\n")
            client.close()
        with server.connect() as client:
            client.sendall(b"PROXY UNKNOWN\r\n")
            expect(read(client), "helloserved\n")
        wait_until(lambda: not children_of(server.process.pid), "no programs")
        expect(descriptors(server.process.pid), len({"in", "out", "err", "listener", "null", "watch"}))


if __name__ == "__main__":
    globals()[sys.argv[2]]()
