"""Lines of results, and what tables and plots are made of: medians, ranges, ratios."""
import json
import statistics
from dataclasses import dataclass

from .catalogue import SCENARIOS

OURS = "qmailkit"


@dataclass(frozen=True)
class Figure:
    median: float
    low: float
    high: float


def read(lines):
    """(what was measured where, the measurements); ValueError for what is not a result."""
    about, results = {}, []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise ValueError(f"line {number} is not JSON: {error}") from None
        if not isinstance(entry, dict):
            raise ValueError(f"line {number} is not an object")
        if "about" in entry:
            about = entry["about"]
        elif entry.get("scenario") in SCENARIOS and "peer" in entry:
            results.append(entry)
        else:
            raise ValueError(f"line {number} names no scenario and peer")
    return about, results


def is_sound(result):
    """Nothing failed, nothing was lost, nothing was left in the queue."""
    return not (result.get("failed") or result.get("lost") or result.get("queued"))


def peers_of(results):
    """In the order they were run, ours first."""
    seen = list(dict.fromkeys(result["peer"] for result in results))
    return sorted(seen, key=lambda peer: peer != OURS)


def figure(results, peer, scenario, key):
    """Over all rounds that were sound; none if there is no such round."""
    values = [r[key] for r in results
              if r["peer"] == peer and r["scenario"] == scenario and is_sound(r) and r.get(key) is not None]
    return Figure(statistics.median(values), min(values), max(values)) if values else None


def advantage(ours, others, metric):
    """How many times better than the best of the others: above 1 is better, whichever way the metric counts."""
    others = [other.median for other in others if other]
    if not ours or not others:
        return None
    best = max(others) if metric.more_is_better else min(others)
    above, below = (ours.median, best) if metric.more_is_better else (best, ours.median)
    return above / below if below else None


def unsound(results):
    """A sentence for each round that counts for nothing, with the reason."""
    for r in results:
        if not is_sound(r):
            why = r.get("failed") or f"{r.get('lost', 0)} lost, {r.get('queued', 0)} left in the queue"
            yield f"{r['peer']} {r['scenario']} round {r.get('round', '?')}: {why}"


def short(value):
    """Three figures are as many as a noisy machine can tell apart."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"
