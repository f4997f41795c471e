"""The scenarios: what each one measures, in which figures. How they are run is in scenarios.py."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    key: str  # in a line of results
    label: str  # in tables and plots
    more_is_better: bool = False
    is_compared: bool = True  # else it tells of the machine, not of a server


@dataclass(frozen=True)
class Scenario:
    name: str
    work: str
    metrics: tuple
    full: int  # how many messages (S3: recipients) a full run takes


RATE = Metric("rate", "messages/s", more_is_better=True)
CPU = Metric("cpu_ms", "CPU ms per message")
LAST = Metric("seconds", "s to the last")
PSS = Metric("pss_mb", "MB of memory (PSS)")

SCENARIOS = {s.name: s for s in (
    Scenario("S5", "memory of all processes, freshly started", (PSS,), 0),
    Scenario("S1a", "20 sessions at a time, one message a connection, to one local Maildir", (RATE, CPU), 2000),
    Scenario("S1b", "the same, connections reused", (RATE, CPU), 2000),
    Scenario("S1c", "as S1a, spread over 20 users", (RATE, CPU), 2000),
    Scenario("S2", "as S1a, relayed to one SMTP server", (RATE, CPU), 2000),
    Scenario("S2b", "relayed, connections reused", (RATE, CPU), 2000),
    Scenario("S3", "one message, 500 recipients in 500 domains, replies 100 ms late, 100 deliveries at once",
             (LAST, Metric("cpu_s", "CPU s")), 500),
    Scenario("S3w", "the same, 500 deliveries at once", (LAST, Metric("cpu_s", "CPU s")), 500),
    Scenario("S3b", "as S3, all 500 recipients in one domain", (LAST, Metric("cpu_s", "CPU s")), 500),
    Scenario("S4", "one message at a time through the sendmail command to a Maildir",
             (Metric("p50", "ms, median"), Metric("disk_p50", "ms, median, the disk alone", is_compared=False),
              Metric("p99", "ms, 99 of 100"), Metric("disk_p99", "ms, 99 of 100, the disk alone", is_compared=False), CPU), 200),
    Scenario("S5L", "memory of all processes, right after S1a's load", (PSS,), 2000),
    Scenario("S6", "messages to a destination that refuses connections, then a kill and a restart",
             (Metric("first", "messages/s, first tenth", more_is_better=True),
              Metric("last", "messages/s, last tenth", more_is_better=True),
              Metric("restart", "s from start to a local delivery")), 20000),
)}


def choose(words):
    """The scenarios that `words` name, in the order they are run; "all" names every one. ValueError for a word that is none."""
    unknown = [word for word in words if word != "all" and word not in SCENARIOS]
    if unknown:
        raise ValueError(f"no such scenario: {', '.join(unknown)} (run --list)")
    return [s for s in SCENARIOS.values() if "all" in words or s.name in words]
