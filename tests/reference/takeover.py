#!/usr/bin/env python3
"""A stock qmail goes on where ours was stopped, and ours where a stock one was: nothing is lost, nothing doubled."""
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import stock  # noqa: E402
from machine import run  # noqa: E402
from mixture import AT_ONCE, OPEN, Mixture, log_is_empty  # noqa: E402
from scenario import main  # noqa: E402

MESSAGES = 800  # and 200 that are not tried


def prepared(machine):
    stock.share_accounts()
    machine.install()
    mixture = Mixture(machine, MESSAGES)
    mixture.prepare()
    stock.share_files()
    return mixture


def stop(machine):
    threading.Timer(1, OPEN.touch).start()
    assert machine.stop() == 0


def deliver_rest(machine, mixture, most_repeats):
    mixture.open_all()
    machine.drain()
    mixture.check_end(most_repeats)
    assert not machine.states()


def takeover_of_ours(machine):
    mixture = prepared(machine)
    machine.start()
    mixture.fill()
    stop(machine)
    mixture.check_waiting(0)
    stock.start(machine)
    deliver_rest(machine, mixture, 0)


def takeover_of_ours_killed(machine):
    mixture = prepared(machine)
    machine.start()
    mixture.fill()
    machine.kill()
    assert not log_is_empty()
    run("qmail-qctl", "settle")
    mixture.check_waiting(AT_ONCE)
    stock.start(machine)
    mixture.open_all()
    machine.drain()
    mixture.check_end(AT_ONCE)


def takeover_of_stock(machine):
    mixture = prepared(machine)
    stock.start(machine)
    stock.start_listener(machine)
    mixture.fill()
    machine.helpers.pop().kill()
    stop(machine)
    mixture.check_waiting(0)
    machine.start()
    deliver_rest(machine, mixture, 0)


if __name__ == "__main__":
    main(globals())
