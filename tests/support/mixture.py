"""A queue with mail in every state, and what must become of all of it, whoever delivers it in the end."""
import collections
import os
import re
from pathlib import Path

from machine import HOME, run, run_as, wait_for_port
from mail import Load, Sink, numbers_of

CONCURRENCY = 10  # of each channel
AT_ONCE = 2 * CONCURRENCY
SENDER = "me-bounces@example.org"
FAIL = ["me-bad@example.org", "refused@remote.example"]
MAILDIRS = ["good", "later", "slow", "bounces"]
OPEN = Path("/run/open")  # until it is there, slow deliveries run


def many(domain, count):
    return [f"user{number}@{domain}" for number in range(count)]


GOOD, BAD, LATER, SLOW = (f"me-{name}@example.org" for name in ("good", "bad", "later", "slow"))
KINDS = [
    [GOOD],
    [LATER],
    [GOOD, BAD, LATER],
    ["joe@remote.example", "joe@dead.example"],
    [GOOD, *many("remote.example", 20), *many("dead.example", 10), LATER],
    ["refused@remote.example", LATER],
    [*many("dead.example", 110), LATER],  # too many for the log
    [BAD],
]
SLOW_KINDS = [[SLOW], [SLOW, GOOD, "joe@dead.example"], [GOOD], [BAD, SLOW, "joe@remote.example"]]


class Mixture:
    """Sends the first `count` messages, of which most are tried; then a quarter as many, of which most are not."""

    def __init__(self, machine, count):
        self.machine, self.count = machine, count
        self.loads = []

    def recipients(self, number):
        if number <= self.count:
            return KINDS[number % len(KINDS)]
        return SLOW_KINDS[number % len(SLOW_KINDS)]

    def prepare(self):
        machine = self.machine
        self.home = machine.add_user("me", maildir=False)
        for name in MAILDIRS:
            run_as("me", "/var/qmail/bin/maildirmake", f"Maildir-{name}")
            (self.home / f".qmail-{name}").write_text(f"./Maildir-{name}/\n")
        (self.home / ".qmail-bad").write_text("|echo no; exit 100\n")
        (self.home / ".qmail-later").write_text("|exit 111\n")
        (self.home / ".qmail-slow").write_text(f"|while ! test -e {OPEN}; do sleep 0.1; done\n./Maildir-slow/\n")
        machine.control("concurrencylocal", str(CONCURRENCY))
        machine.control("concurrencyremote", str(CONCURRENCY))
        machine.control("smtproutes", ":[192.0.2.25]", "dead.example:[192.0.2.26]")
        self.sink = Sink(lambda recipient: "550 no" if recipient in FAIL else "250 ok")

    def fill(self):
        """In the end there are deliveries that run, more that wait for them, and messages that are being moved."""
        machine = self.machine
        wait_for_port(25)
        self.send(self.count)
        self.send(self.count // 4)
        machine.log.wait(rf"status: local {CONCURRENCY}/{CONCURRENCY} ")

    @property
    def numbers(self):
        return sorted(number for load in self.loads for number in load.acknowledged)

    def send(self, count):
        self.loads.append(Load(self.recipients, limit=count, sender=SENDER, first=len(self.numbers)))
        self.loads[-1].finish()
        assert len(self.loads[-1].acknowledged) == count, self.loads[-1].problems

    # -- where each recipient's copy is ------------------------------------------------------------------------
    def arrived(self):
        """(number, recipient): how often."""
        found = collections.Counter()
        for name in ("good", "later", "slow"):
            for number, times in numbers_of(self.machine.maildir("me", f"Maildir-{name}")).items():
                found[number, f"me-{name}@example.org"] = times
        for recipients, message in list(self.sink.accepted):
            for number in numbers_of([message]):
                found.update((number, recipient) for recipient in recipients)
        return found

    def bounced(self):
        """number: how often."""
        found = collections.Counter()
        for message in self.machine.maildir("me", "Maildir-bounces"):
            found.update({int(re.search(rb"^Subject: mail (\d+)$", message, re.M)[1]): 1})
        return found

    def waiting(self):
        """(number, recipient) of what the stock layout has yet to deliver; the queue log is not looked at."""
        found, numbers = set(), {}
        for path in (HOME / "queue/mess").glob("*/*"):
            subject = re.search(rb"^Subject: mail (\d+)$", path.read_bytes(), re.M)
            if b"failure notice" not in path.read_bytes():
                numbers[int(path.name)] = int(subject[1])
        for ident, state in self.machine.states().items():
            if ident in numbers:
                found.update((numbers[ident], recipient) for recipient in to_do(ident, state))
        return found

    def check_waiting(self, most_repeats):
        """Of every recipient the copy has arrived, was refused, or waits; both after `most_repeats` transactions."""
        waiting, arrived = self.waiting(), set(self.arrived())
        wanted = {(number, recipient) for number in self.numbers for recipient in self.recipients(number)}
        missing = {pair for pair in wanted - waiting - arrived if pair[1] not in FAIL}
        assert not missing, f"neither arrived nor waiting: {sorted(missing)[:10]}"
        assert not waiting - wanted, f"nobody sent that: {sorted(waiting - wanted)[:10]}"
        both = collections.Counter(waiting & arrived)
        assert transactions(both) <= most_repeats, f"arrived and waiting: {sorted(both)[:10]}"

    # -- the end ---------------------------------------------------------------------------------------------
    def open_all(self):
        """From now on everything can be delivered that ever can."""
        OPEN.touch()
        (self.home / ".qmail-later").write_text("./Maildir-later/\n")
        self.machine.control("smtproutes", ":[192.0.2.25]")
        (HOME / "queue/lock/tcpto").write_bytes(b"\0" * 1024)

    def check_end(self, most_repeats):
        arrived, bounced = self.arrived(), self.bounced()
        wanted = {(number, recipient) for number in self.numbers for recipient in self.recipients(number)}
        arriving = {pair for pair in wanted if pair[1] not in FAIL}
        assert set(arrived) == arriving, (sorted(arriving - set(arrived))[:10], sorted(set(arrived) - arriving)[:10])
        failing = {number for number, recipient in wanted if recipient in FAIL}
        assert set(bounced) == failing, (sorted(failing - set(bounced))[:10], sorted(set(bounced) - failing)[:10])
        repeats = transactions(arrived - collections.Counter(arriving)), bounced.total() - len(failing)
        print(f"mixture: {len(self.numbers)} messages, {len(arriving)} copies, {len(failing)} bounces; repeats {repeats}")
        assert sum(repeats) <= most_repeats, repeats


def transactions(copies):
    """How many there were at least. Remote recipients in one domain share one."""
    found = collections.Counter()
    for (number, recipient), times in copies.items():
        domain = recipient.partition("@")[2]
        name = (number, recipient if domain == "example.org" else domain)
        found[name] = max(found[name], times)
    return found.total()


def to_do(ident, state):
    """The recipients whom a message of the layout has yet to reach."""
    if state == "S4":
        records = (HOME / f"queue/todo/{ident}").read_bytes()
    elif state == "S5":
        lists = [HOME / f"queue/{channel}/{ident % 23}/{ident}" for channel in ("local", "remote")]
        records = b"".join(path.read_bytes() for path in lists if path.exists())
    else:
        records = b""
    return [record[1:].decode() for record in records.split(b"\0") if record[:1] == b"T"]


def log_is_empty():
    """What the queue log holds is seen only by who looks into it: without it qmail-qread says the same."""
    with_log = run("qmail-qread").stdout
    os.rename(HOME / "queue/log", HOME / "queue/log.away")
    try:
        return run("qmail-qread").stdout == with_log
    finally:
        os.rename(HOME / "queue/log.away", HOME / "queue/log")
