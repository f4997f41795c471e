#!/usr/bin/env python3
"""Very many SMTP sessions at once, and what they take."""
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import PATIENCE, Lines, run, wait_for_port, wait_until  # noqa: E402
from scenario import main  # noqa: E402

SESSIONS = 10_000 if os.environ.get("QMAIL_LONG") == "1" else 1_000
SPARE_FILES = 200
PORT = 2525
NEW_SESSIONS = 50
# What tcpserver needs once, for those that are being looked up and started together, and then for each that runs.
AT_ONCE_KB = 2048
SESSION_KB = 0.25
# For a new session while all the others wait; half of them at least, for this machine has other things to do too.
SERVED_WITHIN_MS = 10


def memory_kb(pid):
    """What would be free without it: its own pages and its share of others, and what the kernel keeps for it."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    rollup = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    kernel_stack = 16
    return int(rollup["Pss"].split()[0]), int(status["VmPTE"].split()[0]) + kernel_stack


def written_kb(pid):
    """What it has written to and nobody shares: how many others run the same libraries does not change it."""
    rollup = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    return int(rollup["Private_Dirty"].split()[0])


def workers(name="qmail-smtpd"):
    return run("pgrep", "-x", name, check=False).stdout.decode().split()


def told_memory(name, count, pids):
    user, kernel = (sum(column) for column in zip(*(memory_kb(pid) for pid in pids)))
    print(f"{name}.memory {user} kB of their own, {kernel} kB of the kernel's; {(user + kernel) / count:.0f} kB a session")


def new_ones_are_served_at_once(name, port, greeting, farewell):
    """Sessions one after the other, beside those that wait."""
    times = []
    for _ in range(NEW_SESSIONS):
        begin = time.monotonic()
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.sendall(greeting)
            assert client.recv(200)
            times.append((time.monotonic() - begin) * 1000)
            client.sendall(farewell)
            client.shutdown(socket.SHUT_WR)
            while client.recv(200):
                pass
    print(f"{name}.new median {statistics.median(times):.2f} ms, worst {max(times):.2f} ms")
    assert statistics.median(times) < SERVED_WITHIN_MS, times


def room_for(sessions):
    """How many there can be at once, and the limit of open files."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # tcpserver starts with the usual limit and asks for what it needs.
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
    return min(sessions, hard - SPARE_FILES), hard


def sessions_many(machine):
    """They are greeted, wait, are answered, and leave; no process is left but those that wait for more."""
    count, hard = room_for(SESSIONS)
    limit = count + SPARE_FILES // 2
    machine.install()
    machine.control("concurrencyincoming", str(limit))
    machine.start()
    wait_for_port(25)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    begin = time.monotonic()
    clients = []
    for _ in range(count):
        clients.append(socket.create_connection(("127.0.0.1", 25), PATIENCE))
        assert clients[-1].recv(200).startswith(b"220 ")
    print(f"sessions.open {count} in {time.monotonic() - begin:.1f} s")
    machine.log.wait(f"tcpserver: status: {count}/{limit}")
    pids = workers()
    assert len(pids) > count
    told_memory("sessions", count, pids)
    new_ones_are_served_at_once("sessions", 25, b"", b"QUIT\r\n")
    for request, reply in ((b"EHLO x\r\n", b"250-"), (b"QUIT\r\n", b"221 ")):
        begin = time.monotonic()
        for client in clients:
            client.sendall(request)
        for client in clients:
            assert client.recv(200).startswith(reply)
        print(f"sessions.{request[:4].decode().lower()} {count} in {time.monotonic() - begin:.1f} s")
    machine.log.wait("tcpserver: status: 0/", after=machine.log.mark() - 10)
    wait_until(lambda: len(workers()) <= 1)


def sessions_of_another_program(machine):
    """The same with a program that is executed for each: what they take is that program's, and tcpserver's share is small."""
    count, hard = room_for(SESSIONS)
    limit = count + SPARE_FILES // 2
    machine.install()
    server = subprocess.Popen(["tcpserver", "-vHRl0", f"-c{limit}", "-b1000", "127.0.0.1", str(PORT), "cat"],
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    log = Lines(server.stderr)
    log.wait("status: 0/")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    before = written_kb(server.pid)
    begin = time.monotonic()
    clients = [socket.create_connection(("127.0.0.1", PORT), PATIENCE) for _ in range(count)]
    log.wait(f"tcpserver: status: {count}/{limit}")
    print(f"foreign.open {count} in {time.monotonic() - begin:.1f} s")
    told_memory("foreign", count, workers("cat"))
    grown = written_kb(server.pid) - before
    print(f"foreign.server {grown} kB of tcpserver, {grown / count:.2f} kB a session")
    assert grown < AT_ONCE_KB + count * SESSION_KB
    new_ones_are_served_at_once("foreign", PORT, b"hello", b"")
    for client in clients:
        client.close()
    log.wait("tcpserver: status: 0/", count=2)
    server.send_signal(signal.SIGTERM)
    assert server.wait(PATIENCE) == 0


if __name__ == "__main__":
    main(globals())
