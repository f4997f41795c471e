#!/usr/bin/env python3
"""day.py TEST-BIN TEST: the log of a made-up day through matchup and the z programs. What they print is computed here from what was made up, not
from the log."""
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
import mail_day  # noqa: E402
from mail_day import TICK, decimal  # noqa: E402

BIN = Path(sys.argv[1])


def run(program, data, *args, **more):
    environment = {"QMAIL_TEST_HOME": "/nowhere", "TZ": "UTC"}
    done = subprocess.run([BIN / program, *args], input=data.encode(), stdout=subprocess.PIPE, env=environment, timeout=50, **more)
    assert done.returncode == 0, (program, done.returncode)
    return done.stdout.decode()


def matchup(log):
    """What it prints, and what it writes to descriptor 5."""
    with tempfile.TemporaryFile() as pending:
        def place():
            os.dup2(pending.fileno(), 5)

        out = run("matchup", log, pass_fds=[5], preexec_fn=place)
        pending.seek(0)
        return out, pending.read().decode()


def seconds(ticks):
    return ticks / TICK


def number(value):
    return str(int(value)) if value == int(value) else f"{value:.6g}"


def expect(what, expected, actual):
    if expected == actual:
        return
    for line, (wanted, got) in enumerate(zip(expected.splitlines(), actual.splitlines()), 1):
        assert wanted == got, f"{what}, line {line}:\n  expected {wanted!r}\n  printed  {got!r}"
    raise AssertionError(f"{what}: {len(expected.splitlines())} lines expected, {len(actual.splitlines())} printed")


def columns(headings, rows):
    """The table with its last column to the left."""
    rows = [headings.split(), *[list(row) for row in rows]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "".join("  ".join(cell.rjust(width) for cell, width in zip(row[:-1], widths)) + "  " + row[-1] + "\n" for row in rows)


def table_of(printed):
    """What is printed behind the explanation."""
    return printed.split("\n\n")[-1]


def records(day):
    """The lines of matchup, in the order of the log."""
    for _, kind, thing in day.lines:
        if kind == "trouble":
            yield f"{decimal(thing.birth)} warning: trouble injecting bounce message, will try later\n"
        elif kind == "end":
            m = thing.message
            yield (f"d {thing.result} {decimal(m.birth)} {decimal(thing.start)} {decimal(thing.end)} {m.size} <{m.sender.lower()}> "
                   f"{thing.channel}.{thing.recipient.lower()} {m.qp} {m.uid} {thing.reason}\n")
        elif kind == "done":
            count = {result: sum(d.result == result for d in thing.deliveries) for result in "kdz"}
            yield (f"m {decimal(thing.birth)} {decimal(thing.end)} {thing.size} {count['k']} {count['d']} {count['z']} "
                   f"<{thing.sender.lower()}> {thing.qp} {thing.uid}\n")


def overall(day):
    deliveries, messages = day.deliveries(), day.done()
    good = [d for d in deliveries if d.result == "k"]
    bad = [d for d in deliveries if d.result == "d"]
    xdelay = seconds(sum(d.end - d.start for d in deliveries))
    ddelay = seconds(sum(d.end - d.message.birth for d in good))
    span = seconds(max(m.end for m in messages) - min(m.birth for m in messages))
    return f"""Completed messages: {len(messages)}
Recipients for completed messages: {len(good) + len(bad)}
Total delivery attempts for completed messages: {len(deliveries)}
Average delivery attempts per completed message: {number(len(deliveries) / len(messages))}
Bytes in completed messages: {sum(m.size for m in messages)}
Bytes weighted by success: {sum(d.message.size for d in good)}
Average message qtime (s): {number(seconds(sum(m.end - m.birth for m in messages)) / len(messages))}

Total delivery attempts: {len(deliveries)}
  success: {len(good)}
  failure: {len(bad)}
  deferral: {len(deliveries) - len(good) - len(bad)}
Total ddelay (s): {ddelay:.6f}
Average ddelay per success (s): {ddelay / len(good):.6f}
Total xdelay (s): {xdelay:.6f}
Average xdelay per delivery attempt (s): {xdelay / len(deliveries):.6f}
Time span (days): {number(span / 86400)}
Average concurrency: {number(xdelay / span)}
"""


def distribution(day):
    delays = sorted(float(f"{seconds(d.end - d.message.birth):.6g}") for d in day.deliveries() if d.result == "k")
    by_percent = defaultdict(list)
    for delay in sorted(set(delays)):
        by_percent[sum(d <= delay for d in delays) * 100 // len(delays)].append(delay)
    rows, seen = [], []
    for percent in range(101):
        seen += by_percent[percent]
        if percent >= 10 and by_percent[percent]:
            rows.append((f"{min(by_percent[percent]):.2f}", f"{sum(seen) / len(seen):.2f}", str(percent)))
    return columns("doneby avg pct", rows)


def sorted_from(rows, column):
    """As sort -k does in the C locale."""
    return sorted(rows, key=lambda row: (" ".join(row[column:]), " ".join(row)))


def reasons(day, result):
    found = defaultdict(list)
    for delivery in day.deliveries():
        if delivery.result == result:
            found[delivery.reason].append(seconds(delivery.end - delivery.start))
    rows = [(str(len(times)), f"{sum(times):.2f}", reason) for reason, times in found.items()]
    return columns("del xdelay reason", sorted_from(rows, 1)).replace("_", " ")


def by_recipient(day, name):
    found = defaultdict(list)
    for delivery in day.deliveries():
        found[name(f"{delivery.channel}.{delivery.recipient.lower()}")].append(delivery)
    for key, deliveries in found.items():
        yield (str(sum(d.message.size for d in deliveries if d.result == "k")), str(sum(d.result != "z" for d in deliveries)),
               str(len(deliveries)), f"{seconds(sum(d.end - d.start for d in deliveries)):.2f}", key)


def by_sender(day, name):
    found = defaultdict(list)
    for message in day.done():
        found[name(message)].append(message)
    rows = []
    for key, messages in found.items():
        deliveries = [d for m in messages for d in m.deliveries]
        good, final = [d for d in deliveries if d.result == "k"], [d for d in deliveries if d.result != "z"]
        rows.append((str(len(messages)), str(sum(m.size for m in messages)), str(sum(d.message.size for d in good)),
                     str(sum(d.message.size for d in final)), str(len(final)), str(len(deliveries)),
                     f"{seconds(sum(d.end - d.start for d in deliveries)):.6f}", key))
    return sorted(rows, key=lambda row: (float(row[6]), " ".join(row)))


def sendmail_log(day):
    words = {"k": "Sent", "d": "Failed", "z": "Deferred"}
    for line in records(day):
        w = line.split()
        if w[0] == "d":
            ddelay, xdelay = float(w[4]) - float(w[2]), float(w[4]) - float(w[3])
            yield f"{w[4]} qp {w[8]}: to={w[7]}, uid={w[9]}, ddelay={ddelay:.6f}, xdelay={xdelay:.6f}, stat={words[w[1]]} ({w[10]})\n"
        elif w[0] == "m":
            qtime = float(w[2]) - float(w[1])
            yield f"{w[2]} qp {w[8]}: from={w[7]}, uid={w[9]}, size={w[3]}, nrcpts={int(w[4]) + int(w[5])}, deferrals={w[6]}, qtime={qtime:.6f}\n"
        else:
            yield line


def test_matchup_tells_of_a_day():
    day = mail_day.Day(1500)
    out, pending = matchup(day.log())
    expect("matchup", "".join(records(day)), out)
    assert pending == "", pending


def test_every_form_of_time_tells_the_same():
    day = mail_day.Day(300, seed=2)
    plain, _ = matchup(day.log())
    for form in mail_day.FORMS:
        out, pending = matchup(day.log(form))
        # TAI64N has nine decimals.
        expect(form, plain, re.sub(r"(\.\d{6})000\b", r"\1", out))
        assert pending == "", (form, pending)


def pieces_of(log, form, count):
    """A logger begins a new file anywhere, the journal with an entry."""
    size = len(log) // count + 1
    while log:
        end = log.find("\n\n", size) + 2 if form == "export" else size
        end = end if end > 1 else len(log)
        yield log[:end]
        log = log[end:]


def test_a_day_in_pieces_is_the_same_day():
    day = mail_day.Day(300, seed=3)
    for form in ("decimal", "tai64n", "export", "iso"):
        log = day.log(form)
        whole, _ = matchup(log)
        for count in (2, 7, 40):
            out, pending = "", ""
            for piece in pieces_of(log, form, count):
                new, pending = matchup(pending + piece)
                out += new
            expect(f"{form} in {count} pieces", whole, out)


def test_the_z_programs_tell_of_a_day():
    day = mail_day.Day(1500, seed=4)
    out, _ = matchup(day.log("splogger"))
    expect("zoverall", overall(day), run("zoverall", out).split("mailer is.\n\n")[1])
    expect("zddist", distribution(day), table_of(run("zddist", out)))
    for program, result in (("zsuccesses", "k"), ("zfailures", "d"), ("zdeferrals", "z")):
        expect(program, reasons(day, result), table_of(run(program, out)))
    recipients = list(by_recipient(day, lambda name: name))
    expect("zrecipients", columns("sbytes mess tries xdelay recipient", sorted_from(recipients, 3)), table_of(run("zrecipients", out)))
    hosts = list(by_recipient(day, lambda name: name.split("@")[-1]))
    expect("zrhosts", columns("sbytes mess tries xdelay host", sorted_from(hosts, 3)), table_of(run("zrhosts", out)))
    speeds = [(f"{float(r[3]) / int(r[2]):.2f}", r[2], r[4]) for r in recipients]
    speeds.sort(key=lambda row: (float(row[0]), " ".join(row)))
    expect("zrxdelay", columns("avg tries recipient", speeds), table_of(run("zrxdelay", out)))
    senders = by_sender(day, lambda m: f"{m.uid}/<{m.sender.lower()}>")
    expect("zsenders", columns("mess bytes sbytes rbytes recips tries xdelay sender", senders), table_of(run("zsenders", out)))
    uids = by_sender(day, lambda m: str(m.uid))
    expect("zsuids", columns("mess bytes sbytes rbytes recips tries xdelay uid", uids), table_of(run("zsuids", out)))
    expect("zsendmail", "".join(sendmail_log(day)), run("zsendmail", out))


def test_the_x_programs_select_from_a_day():
    day = mail_day.Day(300, seed=5)
    out, _ = matchup(day.log())
    lines = list(records(day))
    message = day.messages[7]
    for program, name, word in (("xqp", str(message.qp), lambda w: w[8]), ("xsender", "ann3@example3.org", lambda w: w[7 if w[0] == "m" else 6]),
                                ("xrecipient", "remote.her3@host3.example", lambda w: w[7] if w[0] == "d" else "")):
        wanted = f"<{name}>" if program == "xsender" else name
        expected = [line for line in lines if line[0] in "dm" and word(line.split()) == wanted]
        assert expected
        expect(program, "".join(expected), run(program, out, name))


if __name__ == "__main__":
    globals()[sys.argv[2]]()
