#!/usr/bin/env python3
"""A stopped queue is a stock queue: after TERM, and after kill -9 with `qmail-qctl settle`."""
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, run, wait_for_port  # noqa: E402
from mixture import AT_ONCE, OPEN, Mixture, log_is_empty  # noqa: E402
from scenario import main  # noqa: E402

LONG = os.environ.get("QMAIL_LONG") == "1"
MESSAGES = 1600 if LONG else 400
ROUNDS = 20 if LONG else 4


def filled_later(machine):
    machine.install()
    mixture = Mixture(machine, ROUNDS * MESSAGES)
    mixture.prepare()
    return mixture


def filled(machine):
    machine.install()
    mixture = Mixture(machine, MESSAGES)
    mixture.prepare()
    machine.start()
    mixture.fill()
    return mixture


def check_stopped(machine, mixture, most_repeats, legal=("S4", "S5")):
    illegal = {number: state for number, state in machine.states().items() if state not in legal}
    assert not illegal, illegal
    assert log_is_empty()
    mixture.check_waiting(most_repeats)
    run("instcheck")


def check_next_start(machine, mixture, most_repeats):
    mixture.open_all()
    machine.start()
    machine.drain()
    mixture.check_end(most_repeats)
    assert not [line for line in machine.log.lines if "alert:" in line]


def stopped_by_term(machine):
    """Deliveries that run end; all else is in the layout, as it was; nothing is made twice."""
    mixture = filled(machine)
    threading.Timer(1, OPEN.touch).start()
    assert machine.stop() == 0
    check_stopped(machine, mixture, 0)
    check_next_start(machine, mixture, 0)


def stopped_by_kill(machine):
    """What was in the log moves into the layout by qmail-qctl; only what was running is made twice."""
    mixture = filled(machine)
    machine.kill()
    assert not log_is_empty(), "nothing to settle"
    assert run("qmail-qctl", "settle").stderr == b""
    check_stopped(machine, mixture, AT_ONCE)
    check_next_start(machine, mixture, AT_ONCE)


def stopped_in_the_midst(machine):
    """TERM as soon as the last message is accepted, when nothing has come to rest."""
    mixture = filled_later(machine)
    for _ in range(ROUNDS):
        machine.start()
        wait_for_port(25)
        mixture.send(MESSAGES // 4)
        assert machine.stop() == 0
        check_stopped(machine, mixture, 0)
    check_next_start(machine, mixture, 0)


def stopped_by_kill_in_the_midst(machine):
    """The same with kill -9, after which qmail-qctl is killed too, and has to do it in the end."""
    mixture = filled_later(machine)
    for round in range(1, ROUNDS + 1):
        machine.start()
        wait_for_port(25)
        mixture.send(MESSAGES // 4)
        machine.kill()
        for _ in range(3):
            settling = subprocess.Popen(["qmail-qctl", "settle"])
            time.sleep(random.uniform(0, 0.05))
            machine.kill()
            settling.wait()
        run("qmail-qctl", "settle")
        # What was just being removed is a file still, and no more than that.
        check_stopped(machine, mixture, AT_ONCE * round, legal=("S2", "S4", "S5"))
    check_next_start(machine, mixture, AT_ONCE * ROUNDS)


def stopped_with_a_queue_that_takes_nothing(machine):
    """If the log cannot be emptied, qmail-qctl says so, uninstall refuses, and no message is lost."""
    mixture = filled(machine)
    machine.kill()
    folders = sorted((HOME / "queue/info").iterdir())
    for folder in folders:
        shutil.chown(folder, "root")
    done = run("qmail-qctl", "settle", check=False)
    assert done.returncode == 111 and b" messages are still in the queue log\n" in done.stderr, done
    done = run("qmail-install", "uninstall", "--keep-queue", "--yes", check=False)
    assert done.returncode == 2 and b"qmail-qctl settle" in done.stderr + done.stdout, done
    for folder in folders:
        shutil.chown(folder, "qmails")
    run("qmail-qctl", "settle")
    check_stopped(machine, mixture, AT_ONCE)
    told = run("qmail-install", "uninstall", "--keep-queue", "--yes").stdout
    assert b"is kept" in told, told


if __name__ == "__main__":
    main(globals())
