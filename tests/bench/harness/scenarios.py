"""How each scenario is run. A runner gets a Cell whose server runs, and how many messages; it returns figures.

The clock starts just before the first connection, or the start of the submission command, and stops when the last
message is seen at its destination. Then everything is counted at the destination: `lost` is what is missing.
"""
import os
import time

from . import site

PATIENCE = 180  # seconds for all messages of a scenario
DELAY_MS = 100
SESSIONS = 20


def figures(cell, messages, begin, end, cpu_before, arrived):
    """What most scenarios tell."""
    cpu = cell.idle_cpu(cpu_before)
    result = {"messages": messages, "lost": messages - arrived, "queued": cell.queued(), "cpu_s": round(cpu, 3),
              "cpu_ms": round(cpu * 1000 / messages, 3)}
    if end:
        result["seconds"] = round(end - begin, 3)
        result["rate"] = round(messages / (end - begin), 1)
    else:
        result["failed"] = f"{arrived} of {messages} arrived in {PATIENCE} s"
    return result


def to_maildirs(cell, messages, users=1, reuse=False):
    cell.root.empty_maildirs()
    os.sync()
    watch = cell.watch(messages, range(users), PATIENCE)
    before, begin = cell.server.cpu_seconds(), time.monotonic()
    options = ["--sessions", SESSIONS, "--spread", users, *(["--reuse"] if reuse else [])]
    load = cell.send(messages, f"u%@{site.LOCAL}", *options)
    accepted = load.take(PATIENCE) or {}
    seen = watch.take(PATIENCE + 10) or {}
    for tool in (load, watch):
        tool.end(1)
    arrived = sum(len(os.listdir(cell.root.maildir(user))) for user in range(users))
    end = seen.get("last") if seen.get("count", 0) >= messages else None
    return {**figures(cell, messages, begin, end, before, arrived), **outcome_of(accepted)}


def outcome_of(accepted):
    """What the load generator saw; nothing if it did not come to its end."""
    if not accepted:
        return {"failed": f"the load did not end in {PATIENCE} s"}
    return {key: accepted.get(key, 0) for key in ("accepted", "refused", "repeated")} | {"connections_lost": accepted.get("lost", 0)}


def to_sink(cell, messages, reuse=False):
    sink = cell.sink(messages)
    before, begin = cell.server.cpu_seconds(), time.monotonic()
    load = cell.send(messages, f"r@{site.ONE}", "--sessions", SESSIONS, *(["--reuse"] if reuse else []))
    accepted = load.take(PATIENCE) or {}
    done = sink.take(PATIENCE) or {}
    load.end(1)
    return {**figures_at_sink(cell, messages, begin, done, before, sink), **outcome_of(accepted)}


def figures_at_sink(cell, wanted, begin, done, before, sink):
    cpu = cell.idle_cpu(before)
    left = cell.queued()
    totals = sink.stop()
    result = {"messages": wanted, "lost": wanted - totals.get("recipients", 0), "queued": left, "cpu_s": round(cpu, 3),
              "cpu_ms": round(cpu * 1000 / wanted, 3), "connections": totals.get("connections"), "peak": totals.get("peak")}
    if "done" not in done:
        return result | {"failed": f"{totals.get('recipients', 0)} of {wanted} arrived in {PATIENCE} s"}
    seconds = done["done"] - begin
    return result | {"seconds": round(seconds, 3), "rate": round(wanted / seconds, 1)}


def list_mail(cell, recipients, domains=None):
    domains = domains or site.DOMAINS
    sink = cell.sink(recipients, DELAY_MS)
    before, begin = cell.server.cpu_seconds(), time.monotonic()
    submission = cell.submit([f"r{i}@{domains[i % len(domains)]}" for i in range(recipients)])
    done = sink.take(PATIENCE) or {}
    submission.end(PATIENCE)
    result = figures_at_sink(cell, recipients, begin, done, before, sink)
    del result["cpu_ms"]
    return result


def one_at_a_time(cell, messages):
    cell.root.empty_maildirs()
    os.sync()
    before = cell.server.cpu_seconds()
    submission = cell.submit([f"u0@{site.LOCAL}"], "--times", messages, "--folder", "/home/u0/Maildir/new")
    times = submission.take(PATIENCE) or {}
    submission.end(1)
    cpu = cell.idle_cpu(before)
    arrived = len(os.listdir(cell.root.maildir(0)))
    kept = {key: round(times[key], 3) for key in ("p50", "p90", "p99", "exit_p50", "exit_p99") if key in times}
    result = {"messages": messages, "lost": messages - arrived, "queued": cell.queued(), "cpu_ms": round(cpu * 1000 / messages, 3), **kept}
    return result | disk_alone(cell, messages)


def disk_alone(cell, messages):
    """The same with a program that only syncs what has to be synced."""
    folder = "/home/u1/Maildir/new"
    submission = cell.submit_by(["/bench/bench_deliver", "/home/u1/log", folder], "--times", messages, "--folder", folder)
    times = submission.take(PATIENCE) or {}
    submission.end(1)
    return {f"disk_{key}": round(times[key], 3) for key in ("p50", "p99") if key in times}


def memory(cell, _):
    cell.idle_cpu(0)
    time.sleep(1)
    found = list(cell.processes())
    return {"pss_mb": round(sum(size for _, size in found) / 1024, 2), "processes": len(found)}


def memory_after_load(cell, messages):
    loaded = to_maildirs(cell, messages)
    return memory(cell, 0) | {key: loaded[key] for key in ("lost", "queued")}


def dead_destination(cell, messages):
    """Nobody listens where these go; the server is killed with all of them queued, and started again."""
    load = cell.send(messages, f"x@{site.ONE}", "--sessions", SESSIONS, "--reuse")
    accepted = load.take(PATIENCE * 10) or {}
    load.end(1)
    tenths = [round(rate, 1) for rate in accepted.get("tenths", [])]
    if len(tenths) < 10:
        return {"failed": f"{accepted.get('accepted', 0)} of {messages} accepted"}
    queued = cell.peer.queued(cell.root)
    cell.stop()
    os.sync()
    cell.root.empty_maildirs()
    watch = cell.watch(1, [0], PATIENCE)
    begin, greeted = cell.start()
    submission = cell.submit([f"u0@{site.LOCAL}"])
    seen = watch.take(PATIENCE + 10) or {}
    for tool in (submission, watch):
        tool.end(PATIENCE)
    result = {"messages": messages, "tenths": tenths, "first": tenths[0], "last": tenths[-1], "waiting": queued,
              "lost": messages - accepted["accepted"], "greeting": round(greeted - begin, 3)}
    if not seen.get("count"):
        return result | {"failed": "no local delivery after the restart"}
    return result | {"restart": round(seen["last"] - begin, 3)}


RUNNERS = {
    "S5": memory,
    "S1a": to_maildirs,
    "S1b": lambda cell, n: to_maildirs(cell, n, reuse=True),
    "S1c": lambda cell, n: to_maildirs(cell, n, users=site.USERS),
    "S2": to_sink,
    "S2b": lambda cell, n: to_sink(cell, n, reuse=True),
    "S3": list_mail,
    "S3w": list_mail,
    "S3b": lambda cell, n: list_mail(cell, n, [site.ONE]),
    "S4": one_at_a_time,
    "S5L": memory_after_load,
    "S6": dead_destination,
}
AT_ONCE = {"S3w": 500}  # remote deliveries, where it is not 100
SPOILS = ("S6",)  # leaves a queue behind
