#!/usr/bin/env python3
"""Very many messages, recipients and deliveries. Each scenario prints its figures as "name value unit"."""
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, Lines, run, wait_until  # noqa: E402
from scenario import main  # noqa: E402
from waiting_queue import fill_queue  # noqa: E402

LONG = os.environ.get("QMAIL_LONG") == "1"
MESSAGES = 1_000_000 if LONG else 20_000
RECIPIENTS = 100_000 if LONG else 10_000
DELIVERIES = 2_000 if LONG else 200
SINK = "192.0.2.25"
NOBODY = "192.0.2.26"  # no port is open there: connections are refused


def figure(name, value, unit):
    print(f"scale.{name} {value:.3f} {unit}" if isinstance(value, float) else f"scale.{name} {value} {unit}", flush=True)


def prepared(machine, deliveries=100, route=SINK):
    machine.install()
    machine.add_user("me")
    machine.control("concurrencyremote", str(deliveries))
    machine.control("smtproutes", f":[{route}]")


# -- a queue as an earlier qmail-send left it ----------------------------------------------------------------
def make_disk():
    """Room for a million messages, each three small files, on a file system of its own."""
    build = os.environ["QMAIL_BUILD"]
    run("mount", "-o", "remount,bind,rw", build)
    image = Path(build, "scale.img")
    os.mknod("/dev/loop-control", 0o20600, os.makedev(10, 237))
    for number in range(8):
        os.mknod(f"/dev/loop{number}", 0o60600, os.makedev(7, number))
    run("truncate", "-s", "16G", str(image))
    run("mkfs.ext4", "-q", "-b", "1024", "-N", str(4 * MESSAGES), str(image))
    os.mkdir("/disk")
    run("mount", "-o", "loop,noatime", str(image), "/disk")
    image.unlink()
    run("cp", "-a", str(HOME / "queue"), "/disk/queue")
    run("mount", "--bind", "/disk/queue", str(HOME / "queue"))


# -- qmail-send, observed ----------------------------------------------------------------------------------
def pid_of_send(machine):
    found = []

    def is_there():
        found[:] = [entry.name for entry in Path("/proc").iterdir()
                    if entry.name.isdigit() and comm(entry) == "qmail-send"]
        return found

    wait_until(is_there)
    return int(found[0])


def comm(process):
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return ""


def memory_kb(pid):
    return int(re.search(r"VmRSS:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def wait_until_idle(pid):
    """Seconds of CPU it had used when it stopped using any. Nothing announces that the queue has been read."""
    used = -1
    while True:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        now = int(fields[11]) + int(fields[12])
        if now == used:
            return used / os.sysconf("SC_CLK_TCK")
        used = now
        time.sleep(0.5)


def seconds_to_deliver(machine, cause):
    """From `cause()` to the log's line about the success of the next local delivery."""
    mark, start = machine.log.mark() if machine.daemon else 0, time.monotonic()
    cause()
    first = machine.log.wait(r"starting delivery (\d+): msg \d+ to local", after=mark)
    machine.log.wait(rf"delivery {first[1]}: success", after=mark)
    return time.monotonic() - start


def submit_local():
    run("sendmail", "me@example.org", stdin=b"Subject: new\n\nHello.\n")


def scale_waiting(machine):
    """A queue full of messages that wait: a new one is delivered at once after the start."""
    prepared(machine, route=NOBODY)
    machine.start()
    empty_kb = memory_kb(pid_of_send(machine))
    machine.stop()
    if LONG:
        make_disk()
    start = time.monotonic()
    fill_queue(MESSAGES, time.time() + 86400)
    figure("waiting.messages", MESSAGES, "messages")
    figure("waiting.fill", time.monotonic() - start, "s")
    submit_local()
    first = seconds_to_deliver(machine, machine.start)
    figure("waiting.first_delivery", first, "s")
    latest = max(seconds_to_deliver(machine, submit_local) for _ in range(20))
    figure("waiting.slowest_delivery_while_reading", latest, "s")
    pid = pid_of_send(machine)
    figure("waiting.reading", wait_until_idle(pid), "s CPU")
    per_message = (memory_kb(pid) - empty_kb) * 1024 / MESSAGES
    figure("waiting.memory", per_message, "bytes/message")
    start = time.monotonic()
    assert machine.stop() == 0
    figure("waiting.stop", time.monotonic() - start, "s")
    assert first < 2, first
    assert latest < 2, latest
    # 16 in a table that doubles, and while it does there are two.
    assert per_message < 64, per_message


def scale_retries(machine):
    """All of a large queue is tried again, at a destination that refuses: new mail does not wait for that."""
    prepared(machine, route=NOBODY)
    fill_queue(20_000, time.time() - 1)
    machine.start()
    submit_local()
    times = sorted(seconds_to_deliver(machine, submit_local) for _ in range(50))
    figure("retries.delivery_p50", times[25], "s")
    figure("retries.delivery_max", times[-1], "s")
    tried = sum(": deferral: " in line for line in machine.log.since(0))
    figure("retries.tried_meanwhile", tried, "messages")
    machine.stop()
    assert tried > 0
    assert times[-1] < 5, times


# -- remote deliveries ----------------------------------------------------------------------------------------
class Sink:
    """tests/bench/tools/sink on the remote host."""

    def __init__(self, machine, delay_ms, expect):
        tool = Path(os.environ["QMAIL_BUILD"]) / "tests/bench/tools/bench_sink"
        options = ["--port", "25", "--delay", str(delay_ms), "--expect", str(expect)]
        self.process = machine.helper(str(tool), *options, stdout=subprocess.PIPE, text=True)
        self.lines = Lines(self.process.stdout)
        self.lines.wait("ready")

    def stop(self):
        self.process.terminate()
        return json.loads(self.lines.wait('^{"connections.*')[0])


def submit(recipients):
    """As qmail-queue's caller gives them: no command line holds so many."""
    envelope = b"Fme@mx.example.org\0" + b"".join(b"T" + name.encode() + b"\0" for name in recipients) + b"\0"
    message, addresses = os.pipe(), os.pipe()
    child = subprocess.Popen([str(HOME / "bin/qmail-queue")], stdin=message[0], stdout=addresses[0], user="me")
    for fd in (message[0], addresses[0]):
        os.close(fd)
    for (_, fd), text in ((message, b"Subject: list\n\nHello.\n"), (addresses, envelope)):
        with open(fd, "wb") as stream:
            stream.write(text)
    assert child.wait() == 0


def deliver_all(machine, name, recipients, delay_ms):
    """One message to all of them; returns what the sink counted."""
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    sink = Sink(machine, delay_ms, len(recipients))
    machine.start()
    pid = pid_of_send(machine)
    start = time.monotonic()
    submit(recipients)
    patience = start + 60 + len(recipients) / 50
    while not any("end msg" in line for line in machine.log.since(0)):
        assert time.monotonic() < patience, sink.stop()
        machine.log.quiet(1)
    seconds = time.monotonic() - start
    counts = sink.stop()
    figure(f"{name}.recipients", len(recipients), "recipients")
    figure(f"{name}.time", seconds, "s")
    figure(f"{name}.transactions", counts["messages"], "transactions")
    figure(f"{name}.memory", memory_kb(pid), "KB")
    assert counts["distinct"] == len(recipients), counts
    assert counts["most_per_recipient"] == 1, counts
    return counts


def scale_recipients(machine):
    """One message with very many recipients, in a hundred domains."""
    prepared(machine)
    deliver_all(machine, "recipients", [f"user{n}@domain{n % 100}.example" for n in range(RECIPIENTS)], 0)


def scale_deliveries(machine):
    """Very many deliveries at the same time, to a slow destination."""
    prepared(machine, deliveries=DELIVERIES)
    counts = deliver_all(machine, "deliveries", [f"joe@domain{n}.example" for n in range(2 * DELIVERIES)], 1000)
    most = max(int(m[1]) for m in (re.search(r"remote (\d+)/", line) for line in machine.log.since(0)) if m)
    figure("deliveries.at_once", most, "deliveries")
    figure("deliveries.connections_at_once", counts["peak"], "connections")
    assert most == DELIVERIES, most


if __name__ == "__main__":
    main(globals())
