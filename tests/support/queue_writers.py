"""Several kinds of qmail-queue that write into one queue at the same time."""
import collections
import re
import subprocess
import threading

from machine import run
from mail import numbers_of, text_of

RECIPIENT = "me@example.org"
OURS = ["/var/qmail/bin/qmail-inject", "-f", "sender@example.org", RECIPIENT]
RESIDENT = OURS
CLASSIC = ["env", "QMAILQUEUE=/var/qmail/bin/qmail-queue", *OURS]
AT_ONCE = 4  # of each kind


def write(commands, numbers):
    """Has the messages sent by each command in turn, all commands at once."""
    failed = []

    def send(command, mine):
        for number in mine:
            done = subprocess.run(command, input=text_of(number), capture_output=True)
            if done.returncode != 0:
                failed.append(done)

    step = len(commands) * AT_ONCE
    threads = [threading.Thread(target=send, args=(commands[first % len(commands)], numbers[first::step]))
               for first in range(step)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed[:3]


def check_numbers(lines):
    """No number is given to a message while another has it."""
    taken = set()
    for line in lines:
        found = re.search(r"(new|end) msg (\d+)$", line)
        if found and found[1] == "new":
            assert found[2] not in taken, f"{found[2]} was used twice"
            taken.add(found[2])
        elif found:
            taken.discard(found[2])


def check_kinds(lines):
    """The resident one's qp is above every process id."""
    is_resident = {int(found[1]) > 4194304 for found in (re.search(r"info msg .* qp (\d+) ", line) for line in lines) if found}
    assert is_resident == {False, True}, is_resident


def write_together(machine, commands, count):
    """Half of it while messages are delivered; half while none is, so that no number comes again."""
    write(commands, range(1, count // 2 + 1))
    machine.drain()
    check_numbers(machine.log.lines)
    check_kinds(machine.log.lines)
    assert machine.stop() == 0
    machine.control("concurrencylocal", "0")
    machine.start()
    write(commands, range(count // 2 + 1, count + 1))
    machine.log.wait("new msg", count=count - count // 2)
    listed = re.findall(r"#(\d+) ", machine.queue())
    assert len(set(listed)) == len(listed) == count - count // 2, len(listed)
    assert machine.stop() == 0
    machine.control("concurrencylocal", "20")
    machine.start()
    machine.drain()
    found = numbers_of(machine.maildir("me"))
    assert found == collections.Counter(range(1, count + 1)), count - len(found)
    assert not machine.states() and b"messages in queue: 0\n" in run("qmail-qstat").stdout
    print(f"writers: {count} messages, {len(commands)} kinds of qmail-queue")
