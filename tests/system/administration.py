#!/usr/bin/env python3
"""qmail-qctl on a queue that is in use: what it is told to change changes, and nothing else."""
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, processes, run, wait_until  # noqa: E402
from mail import numbers_of, text_of  # noqa: E402
from scenario import main  # noqa: E402
from waiting_queue import fill_queue  # noqa: E402

LONG = os.environ.get("QMAIL_LONG") == "1"
WAITING = 50_000 if LONG else 4_000
DISK_MEGABYTES = 2000 if LONG else 400
SESSIONS = 20
INJECTED = 1_000 if LONG else 200
INJECT = ["/var/qmail/bin/qmail-inject", "-f", "sender@example.org", "me@example.org"]


def timed(*arguments):
    start, used = time.monotonic(), cpu_seconds()
    told = run("qmail-qctl", *arguments).stdout.decode()
    print(f"administration.{arguments[0]} {time.monotonic() - start:.3f} s {cpu_seconds() - used:.3f} s CPU", flush=True)
    return told


def cpu_seconds():
    """Of all children that have ended: the sessions that ended meanwhile are among them."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def numbers(*selectors):
    return {int(line) for line in timed("list", "--numbers", *selectors).split()}


def result(*arguments):
    """What was done; the rest must be nothing."""
    told = json.loads(timed(arguments[0], "--json", *arguments[1:]))
    done = told.pop("done")
    assert told.pop("operation") == arguments[0] and not any(told.values()), told
    return done


def start_injecting():
    """Twenty sessions, which deliver to the user; a function that waits for their end."""
    failed = []

    def inject(mine):
        for number in mine:
            if subprocess.run(INJECT, input=text_of(number), capture_output=True).returncode != 0:
                failed.append(number)

    threads = [threading.Thread(target=inject, args=(range(1 + first, INJECTED + 1, SESSIONS),))
               for first in range(SESSIONS)]
    for thread in threads:
        thread.start()

    def end():
        for thread in threads:
            thread.join()
        assert not failed, failed

    return end


def prepared(machine, count, megabytes=0):
    """A queue of messages that wait: every other one is from spam@mx.example.org."""
    machine.install()
    machine.add_user("me")
    if megabytes:
        machine.put_queue_on_a_disk(megabytes, "-i", "4096")
    return fill_queue(count, time.time() + 86400,
                      senders=[b"spam@mx.example.org", b"me@mx.example.org"])


def is_left(waiting):
    """The layout has these messages, whole, and none that waits besides."""
    return numbers("--domain", "dead.example") == waiting


def administration_beside_deliveries(machine):
    """Half of a large queue is deleted while twenty sessions inject and deliver: nothing else is lost."""
    # As servers have it, for the figures: an overlay doubles what each file costs.
    made = prepared(machine, WAITING, DISK_MEGABYTES)
    spam, ham = set(made[0::2]), set(made[1::2])
    machine.start()
    end_injecting = start_injecting()
    assert len(timed("list", "--domain", "dead.example").splitlines()) == 2 * WAITING
    stats = json.loads(timed("stats", "--json", "--domain", "dead.example"))
    assert stats["messages"] == stats["remote"] == WAITING, stats
    assert numbers("--sender", "spam@*") == spam
    assert numbers("--header", "/^subject: waiting/") >= spam | ham
    assert result("hold", "--sender", "me@mx.*") == len(ham)
    assert result("delete", "--sender", "spam@*") == len(spam)
    assert numbers("--sender", "spam@*", "--domain", "dead.example") == set()
    assert result("release", "--sender", "me@mx.*") == len(ham)
    end_injecting()
    wait_until(lambda: len(machine.maildir("me")) >= INJECTED)
    assert numbers_of(machine.maildir("me")) == {number: 1 for number in range(1, INJECTED + 1)}
    assert is_left(ham)
    assert machine.stop() == 0
    states = {number: state for number, state in machine.states().items() if number in spam | ham}
    assert {number for number, state in states.items() if state == "S5"} >= ham, states
    assert not [line for line in machine.log.lines if "alert:" in line or "trouble" in line]
    run("instcheck")


def administration_of_a_stopped_queue(machine):
    """Where no qmail-send runs qmail-qctl does it, as its user; the next qmail-send goes on from there."""
    made = prepared(machine, 60)
    machine.start()
    machine.stop()
    deleted, bounced, held = made[0::6], made[1::6], made[2::6]
    assert result("delete", *map(str, deleted)) == len(deleted)
    assert result("bounce", "--reason", "Gone away", *map(str, bounced)) == len(bounced)
    assert result("hold", *map(str, held)) == len(held)
    for number in bounced:
        file = HOME / f"queue/bounce/{number}"
        assert file.owner() == "qmails" and b"bounced by the administrator: Gone away\n" in file.read_bytes()
    run("instcheck")
    machine.start()
    for number in bounced:
        machine.log.wait(rf"bounce msg {number} qp \d+")
        machine.log.wait(rf"end msg {number}$")
    assert is_left(set(made) - set(deleted) - set(bounced))
    mark = machine.log.mark()
    assert result("bounce", *map(str, held)) == len(held)
    for number in held:
        machine.log.wait(rf"admin: bounce msg {number}$", after=mark)
        machine.log.wait(rf"end msg {number}$", after=mark)
    assert machine.stop() == 0


def administration_after_a_crash(machine):
    """What a crash has left in the queue log is settled before it is changed."""
    machine.install()
    machine.add_user("me", maildir=False)
    Path("/home/me/.qmail").write_text("|sleep 3600\n")
    machine.start()
    for number in range(1, 6):
        run(*INJECT, stdin=text_of(number))
    machine.log.wait(r"starting delivery 5: ")
    machine.kill()
    wait_until(lambda: not processes())
    assert len(numbers()) == 5
    assert result("delete", "--sender", "sender@example.org") == 5
    assert numbers() == set() and machine.states() == {}


def administration_by_others(machine):
    """Nobody but root gets at the orders."""
    machine.install()
    machine.add_user("me")
    machine.start()
    folder, socket = HOME / "queue/admin", HOME / "queue/admin/socket"
    assert folder.owner() == socket.owner() == "qmails" and folder.stat().st_mode & 0o777 == 0o700
    assert run("setpriv", "--reuid=me", "--clear-groups", "/var/qmail/bin/qmail-qctl", "list", check=False).returncode != 0
    machine.stop()
    assert not socket.exists()


if __name__ == "__main__":
    main(globals())
