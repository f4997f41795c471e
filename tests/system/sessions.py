#!/usr/bin/env python3
"""Very many SMTP sessions at once, and what they take."""
import os
import resource
import socket
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import PATIENCE, run, wait_for_port, wait_until  # noqa: E402
from scenario import main  # noqa: E402

SESSIONS = 10_000 if os.environ.get("QMAIL_LONG") == "1" else 1_000
SPARE_FILES = 200


def memory_kb(pid):
    """What would be free without it: its own pages and its share of others, and what the kernel keeps for it."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    rollup = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    kernel_stack = 16
    return int(rollup["Pss"].split()[0]), int(status["VmPTE"].split()[0]) + kernel_stack


def workers():
    return run("pgrep", "-x", "qmail-smtpd", check=False).stdout.decode().split()


def sessions_many(machine):
    """They are greeted, wait, are answered, and leave; no process is left but those that wait for more."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = min(SESSIONS, hard - SPARE_FILES)
    # tcpserver starts with the usual limit and asks for what it needs.
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
    machine.install()
    machine.control("concurrencyincoming", str(count))
    machine.start()
    wait_for_port(25)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    begin = time.monotonic()
    clients = []
    for _ in range(count):
        clients.append(socket.create_connection(("127.0.0.1", 25), PATIENCE))
        assert clients[-1].recv(200).startswith(b"220 ")
    print(f"sessions.open {count} in {time.monotonic() - begin:.1f} s")
    machine.log.wait(f"tcpserver: status: {count}/{count}")
    sizes = [memory_kb(pid) for pid in workers()]
    assert len(sizes) > count
    user, kernel = (sum(column) for column in zip(*sizes))
    print(f"sessions.memory {user} kB of their own, {kernel} kB of the kernel's; "
          f"{(user + kernel) / count:.0f} kB a session")
    for request, reply in ((b"EHLO x\r\n", b"250-"), (b"QUIT\r\n", b"221 ")):
        begin = time.monotonic()
        for client in clients:
            client.sendall(request)
        for client in clients:
            assert client.recv(200).startswith(reply)
        print(f"sessions.{request[:4].decode().lower()} {count} in {time.monotonic() - begin:.1f} s")
    machine.log.wait("tcpserver: status: 0/", after=machine.log.mark() - 10)
    wait_until(lambda: len(workers()) <= 1)


if __name__ == "__main__":
    main(globals())
