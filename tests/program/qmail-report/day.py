#!/usr/bin/env python3
"""day.py TEST-BIN TEST: the log of a made-up day through qmail-report; its figures are computed here from what was made up, not from the log."""
import json
import os
import stat
import subprocess
import sys
import tempfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
import mail_day  # noqa: E402
from mail_day import TICK  # noqa: E402

BIN = Path(sys.argv[1])
ELEMENTS = set("html head meta title style body h1 h2 p footer table tr th td svg rect text line".split())
ATTRIBUTES = set("lang charset http-equiv content name class viewbox role aria-label x y width height x1 y1 x2 y2".split())


def report(log, *args, folder="/"):
    done = subprocess.run([BIN / "qmail-report", *args], input=log.encode("latin-1"), stdout=subprocess.PIPE, cwd=folder, timeout=50,
                          env={"QMAIL_TEST_HOME": "/nowhere", "TZ": "UTC"})
    assert done.returncode == 0, done.returncode
    return done.stdout.decode()


def equal(what, expected, actual):
    assert expected == actual, f"{what}: {expected!r} expected, {actual!r} told"


def close(what, expected, actual, part=1e-6):
    assert abs(expected - actual) <= part * max(1, abs(expected)), f"{what}: {expected} expected, {actual} told"


def seconds(deliveries):
    return sum(d.end - d.start for d in deliveries) / TICK


def check_table(what, rows, key, expected):
    """`expected`: what is counted, by its name."""
    told = {row[key]: row["count"] for row in rows}
    for name, count in told.items():
        equal(f"{what} {name}", expected[name], count)
    least = min(told.values())
    equal(f"the number of {what}", min(100, len(expected)), len(told))
    assert all(count <= least for name, count in expected.items() if name not in told), what


def test_report_tells_of_a_day():
    day = mail_day.Day(2000, seed=6)
    told = json.loads(report(day.log("iso"), "--json"))
    deliveries, messages = day.deliveries(), day.done()
    good = [d for d in deliveries if d.result == "k"]
    equal("first", min(m.birth for m in messages) // TICK, told["first"])
    equal("last", max(m.end for m in messages) // TICK, told["last"])
    equal("lines", {"read": sum(1 for _ in day.texts()), "not_understood": 0, "passed_over": 0}, told["lines"])
    equal("messages", [len(messages), len(messages), 0, sum(m.size for m in messages)],
          [told["messages"][key] for key in ("queued", "done", "unfinished", "done_bytes")])
    close("time in queue", sum(m.end - m.birth for m in messages) / TICK, told["messages"]["seconds_in_queue"])
    for name, result in (("successes", "k"), ("failures", "d"), ("deferrals", "z")):
        equal(name, sum(d.result == result for d in deliveries), told["deliveries"][name])
        equal(f"{name} over time", told["deliveries"][name], sum(b[name] for b in told["volume"]["bins"]))
    close("time of deliveries", seconds(deliveries), told["deliveries"]["seconds"])
    equal("messages over time", len(messages), sum(b["messages"] for b in told["volume"]["bins"]))
    delays = sorted((d.end - d.message.birth) / TICK for d in good)
    for percent in (50, 90, 95, 99):
        exact = delays[-(-len(delays) * percent // 100) - 1]
        actual = told["delays"][f"seconds_within_{percent}"]
        assert exact <= actual <= exact * 65 / 64 + 1e-5, (percent, exact, actual)
    close("slowest", delays[-1], told["delays"]["slowest_seconds"])
    equal("up to a second", sum(d <= 1 for d in delays), sum(b["count"] for b in told["delays"]["distribution"][:4]))
    hosts = Counter()
    for d in deliveries:
        if d.channel == "remote":
            hosts[d.recipient.split("@")[1].lower()] += d.end - d.start
    for row in told["hosts"]["rows"]:
        close(row["host"], hosts.pop(row["host"]) / TICK, row["seconds"])
    assert not hosts, hosts
    check_table("senders", told["senders"]["rows"], "sender", Counter(f"<{m.sender.lower()}>" for m in messages))
    equal("failures by reason", Counter(d.reason for d in deliveries if d.result == "d").most_common(1)[0][1],
          told["failure_reasons"]["rows"][0]["count"])
    equal("warnings", sum(kind == "trouble" for _, kind, _ in day.lines), told["warnings"])


def test_every_bin_has_what_happened_in_it():
    day = mail_day.Day(500, seed=7)
    volume = json.loads(report(day.log(), "--json"))["volume"]
    width = volume["width_seconds"]
    assert len(volume["bins"]) <= 200
    for b in volume["bins"]:
        equal("alignment", 0, b["start"] % width)
        for name, result in (("successes", "k"), ("failures", "d"), ("deferrals", "z")):
            equal(f"{name} of {b['start']}", sum(d.result == result and b["start"] <= d.end // TICK < b["start"] + width
                                                 for d in day.deliveries()), b[name])


def test_more_senders_than_are_kept():
    def log():
        for i in range(60000):
            sender = f"often{i % 20}@x.example" if i % 4 == 0 else f"once{i}@x.example"
            yield f"17000{i:05}.5 info msg 9: bytes 100 from <{sender}> qp 1 uid 1\n"

    senders = json.loads(report("".join(log()), "--json"))["senders"]
    excess = senders["count_too_large_by_at_most"]
    assert 0 < excess <= 60000 / 8192, excess
    # Those of which every 80th line is: five of the twenty, each with 3000.
    for row in senders["rows"][:5]:
        assert row["sender"].startswith("<often") and 3000 <= row["count"] <= 3000 + excess, row
    assert senders["rows"][5]["count"] <= 1 + excess, senders["rows"][5]


class Page(HTMLParser):
    """The texts of a page that has nothing in it but what such a page may have."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.open, self.bars = [], [], 0
        self.feed(page)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attributes} <= ATTRIBUTES, attributes
        self.bars += tag == "rect"
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag):
        equal("the end of an element", self.open.pop(), tag)

    def handle_data(self, data):
        self.texts.append(data)


def page_of(log):
    with tempfile.TemporaryDirectory() as folder:
        equal("the output", "", report(log, "--html", "report.html", folder=folder))
        equal("the files", ["report.html"], os.listdir(folder))
        return (Path(folder) / "report.html").read_text("ascii")


def test_page_has_charts_and_tables():
    day = mail_day.Day(500, seed=8)
    page = Page(page_of(day.log("tai64n")))
    assert page.bars > 100, page.bars
    for text in ("Mail report", "Failures by reason", "Slowest hosts: where deliveries spent the most time", "Top senders", "host3.example"):
        assert text in page.texts, text


def test_page_is_nobodys_but_the_servers():
    hostile = "<script>alert('x')</script>"
    log = (f"1700000000.5 info msg 53: bytes 246 from <{hostile}> qp 20345 uid 666\n"
           '1700000000.6 starting delivery 2: msg 53 to remote a@"><img/src="http://evil.example/"onerror="x\n'
           "1700000001.5 delivery 2: failure: </title></svg></style><iframe>&lt;\x1b[2J\xff&#60;b&#62;/\n"
           "1700000002.5 alert: <b>oh</b> <!-- --> ]]>\n")
    page = page_of(log)
    texts = Page(page).texts
    assert f"<{hostile}>" in texts, texts
    assert 'alert: <b>oh</b> <!-- --> ]]>' in texts, texts
    assert '"><img/src="http://evil.example/"onerror="x' in texts, texts
    assert all(" " <= c <= "~" or c == "\n" for c in page)
    assert "default-src 'none'" in page


def test_page_keeps_its_mode():
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page"
        report("", "--html", "page", folder=folder)
        equal("the mode of a new page", 0o600, stat.S_IMODE(file.stat().st_mode))
        file.chmod(0o644)
        report("", "--html", "page", folder=folder)
        equal("the mode of an old page", 0o644, stat.S_IMODE(file.stat().st_mode))


if __name__ == "__main__":
    globals()[sys.argv[2]]()
