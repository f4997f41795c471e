#!/usr/bin/env python3
"""kill -9 while twenty sessions send: all that was acknowledged arrives, whole; only what was running is repeated."""
import os
import random
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import processes, wait_for_port  # noqa: E402
from mail import Load, Sink, numbers_of  # noqa: E402
from scenario import main  # noqa: E402

LONG = os.environ.get("QMAIL_LONG") == "1"
ROUNDS = 120 if LONG else 9
CONCURRENCY = 20  # of each channel
LOCAL, REMOTE = "me@example.org", "joe@remote.example"


def recipients(number):
    """Each third message has one of each channel."""
    return ([LOCAL], [REMOTE], [LOCAL, REMOTE])[number % 3]


def running(machine):
    machine.install()
    machine.add_user("me")
    machine.control("concurrencylocal", str(CONCURRENCY))
    machine.control("concurrencyremote", str(CONCURRENCY))
    machine.control("concurrencyincoming", "100")
    machine.control("smtproutes", ":[192.0.2.25]")
    sink = Sink()
    machine.start()
    wait_for_port(25)
    return sink


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def pid_of(name):
    """Of the one that can be killed by this name."""
    if name == "qmail-send":
        (pid,) = processes(r"^qmail-send")
        return pid
    queues = processes(r"^qmail-queue --resident")
    (mover,) = [pid for pid in queues if parent_of(pid) in queues]
    return mover if name == "mover" else parent_of(mover)


def wait_for_restart(machine, mark):
    """qmail-run is asked not to wait longer than a second."""
    machine.log.wait(r"qmail-send (crashed|ended)", after=mark)
    for _ in range(100):
        machine.daemon.send_signal(signal.SIGHUP)
        if any("status: local 0/" in line for line in machine.log.since(mark)):
            return
        time.sleep(0.1)
    raise AssertionError("qmail-send is not started again")


def check(machine, load, sink, kills):
    here, there = numbers_of(machine.maildir("me")), numbers_of(sink.of(REMOTE))
    for address, found in ((LOCAL, here), (REMOTE, there)):
        lost = {number for number in load.acknowledged if address in recipients(number)} - set(found)
        assert not lost, f"acknowledged, and not at {address}: {sorted(lost)[:20]}"
        assert all(address in recipients(number) for number in found)
    repeats = [sum(found.values()) - len(found) for found in (here, there)]
    print(f"killed.acknowledged {len(load.acknowledged)} of {load.sent}; {kills} kills; repeats {repeats}; {dict(load.problems)}")
    assert len(load.acknowledged) > 20 * kills, load.problems
    assert max(repeats) <= CONCURRENCY * kills, repeats
    assert set(machine.states().values()) <= {"S2"}, machine.states()
    assert not list(Path("/var/qmail/queue/log/damaged").iterdir())


def wait_for_work(machine):
    """Some moment at which deliveries are made."""
    machine.log.wait(r"starting delivery", count=random.randrange(1, 50), after=machine.log.mark())


def killed_one_by_one(machine):
    """qmail-send, the resident qmail-queue or its mover, again and again; qmail-run starts them again."""
    sink = running(machine)
    load = Load(recipients, pause=0.02)
    for round in range(ROUNDS):
        wait_for_work(machine)
        mark = machine.log.mark()
        name = ("qmail-send", "qmail-queue", "mover")[round % 3]
        os.kill(pid_of(name), signal.SIGKILL)
        if name != "mover":
            wait_for_restart(machine, mark)
    load.finish()
    machine.drain()
    check(machine, load, sink, ROUNDS)


def killed_all(machine):
    """Everything at once, again and again; then it is started as a machine would after a crash."""
    sink = running(machine)
    load = Load(recipients, pause=0.02)
    for _ in range(ROUNDS):
        wait_for_work(machine)
        machine.kill()
        machine.start()
    load.finish()
    machine.drain()
    check(machine, load, sink, ROUNDS)


if __name__ == "__main__":
    main(globals())
