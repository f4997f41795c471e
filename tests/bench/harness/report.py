"""The table of docs/performance.md."""
from .catalogue import SCENARIOS
from .figures import OURS, advantage, figure, peers_of, short, unsound

BEGIN = "<!-- made by tests/bench/plot: do not edit from here -->\n"
END = "<!-- to here -->\n"


def cell(value):
    if not value:
        return "-"
    if value.low == value.high:
        return short(value.median)
    return f"{short(value.median)} ({short(value.low)}-{short(value.high)})"


def rows(results, peers):
    for scenario in SCENARIOS.values():
        for metric in scenario.metrics:
            found = {peer: figure(results, peer, scenario.name, metric.key) for peer in peers}
            if not any(found.values()):
                continue
            ratio = metric.is_compared and advantage(found.get(OURS), [found[p] for p in peers if p != OURS], metric)
            last = f"**{short(ratio)}x**" if ratio else "-"
            yield [scenario.name, metric.label, *(cell(found[p]) for p in peers), last]


def table(results):
    peers = peers_of(results)
    head = ["scenario", "", *peers, "ours : best other"]
    lines = [head, ["---"] * len(head), *rows(results, peers)]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def measured(about, results):
    """Where and how the figures came about."""
    rounds = max((r.get("round", 1) for r in results), default=0)
    share = max((r.get("others", 0) for r in results), default=0)
    text = f"{about.get('date', 'No date')}: {rounds} interleaved round{'s' if rounds != 1 else ''}, `{about.get('command', '')}`; "
    text += f"{about.get('cpus', '?')} CPUs ({about.get('cpu', 'unknown')}), Linux {about.get('kernel', '?')}, "
    text += f"{about.get('file_system', '?')}. Others took at most {share:.0%} of the machine meanwhile.\n"
    for peer, version in about.get("versions", {}).items():
        text += f"- {peer}: {version}\n"
    bad = list(unsound(results))
    text += "\nNo message was lost in any round.\n" if not bad else "\nRounds that count for nothing:\n" + "".join(f"- {b}\n" for b in bad)
    return text


def section(about, results, pictures):
    """What stands between BEGIN and END."""
    if not results:
        return f"{BEGIN}\nNone of this version yet.\n\n{END}"
    seen = {r["scenario"] for r in results}
    works = "".join(f"- {s.name}: {s.work}\n" for s in SCENARIOS.values() if s.name in seen)
    shown = "".join(f"![{scenario}: {label}]({path})\n" for scenario, label, path in pictures)
    return f"{BEGIN}\n{measured(about, results)}\n{table(results)}\n{works}\n{shown}\n{END}"


def insert(page, text):
    """`page` with `text` in place of the section; ValueError if it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no place for the figures")
    return before + text + after
