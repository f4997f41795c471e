#!/usr/bin/env python3
"""daemontools' multilog, tai64n and tai64nlocal, and ours, on the same inputs: the same files, named alike, and the same modes."""
import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from beside import Comparison, texts
from scenario import main

LABEL = re.compile(rb"@4[0-9a-f]{23}")
SCRIPTS = (
    ["./log"], ["t", "./log"], ["s4096", "./log"], ["s4096", "n3", "./log"], ["t", "s5000", "n2", "./log"], ["s0", "./log"],
    ["-*", "+*a*", "./log"], ["t", "-* x*", "s4096", "./log", "+*", "./log2"], ["-a*", "+*bc", "e", "=status", "./log"], ["e"],
    ["s4096", "!cat", "./log"], ["s4096", "n4", "!wc -c; cat <&4 >&5; echo . >&5", "./log"], ["t", "=status", "e"],
    ["s4096", "./log", "s8192", "./log2"], ["s6000", "-**", "./log"], ["-", "./log"], ["+", "-a", "./log"],
)


def anonymous(text):
    """Without what depends on the moment."""
    return LABEL.sub(b"@", text)


def tree(folder):
    """Every file with its mode and what is in it; old files by their order."""
    for number, path in enumerate(sorted(folder.rglob("*"))):
        name = path.relative_to(folder).as_posix()
        if path.is_file():
            yield number, re.sub("@4[0-9a-f]{23}", "@", name), path.stat().st_mode, anonymous(path.read_bytes())


def long_texts():
    chance = random.Random(7)
    yield b"".join(b"%d %s\n" % (n, b"x" * chance.randint(0, 120)) for n in range(600))
    yield b"".join(b"a" * chance.choice((0, 1, 400, 511, 512, 513, 600, 999, 1000, 1001, 1500)) + b"\n" for _ in range(60))
    yield b"z" * 30000
    yield b"z" * 20000 + b"\nabc\n" * 500


def fresh():
    folder = Path("/tmp/logs")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def keep(folder, script, text):
    """From a file, so that the pieces are the same each time."""
    Path("/tmp/input").write_bytes(text)
    with open("/tmp/input", "rb") as source:
        done = subprocess.run([f"{folder}/multilog", *script], stdin=source, capture_output=True, cwd="/tmp/logs", timeout=60)
    return done.returncode, done.stdout, anonymous(done.stderr)


def logs_of_the_same_lines(machine):
    with Comparison(machine, "daemontools") as both:
        for script in SCRIPTS:
            for text in (*long_texts(), *texts(5, 25)):
                def observe(folder):
                    root = fresh()
                    return keep(folder, script, text), list(tree(root))

                both.each((script, text[:100]), observe)


def logs_that_are_gone_on_with(machine):
    """What one leaves, the other takes up."""
    before = {
        "whole": {"current": (b"first\n", 0o744), "state": (b"", 0o644)},
        "cut": {"current": (b"fir", 0o644)},
        "large": {"current": (b"x" * 5000, 0o744), "state": (b"", 0o644)},
        "full": {"current": (b"x\n" * 2048, 0o744), "state": (b"old", 0o644)},
        "renamed": {"previous": (b"first\n", 0o744), "current": (b"", 0o600)},
        "processing": {"previous": (b"first\n", 0o744), "processed": (b"FI", 0o644), "newstate": (b"n", 0o644), "state": (b"o", 0o644)},
        "processed": {"previous": (b"first\n", 0o744), "processed": (b"FIRST\n", 0o744), "newstate": (b"n", 0o644)},
        "many": {f"@4000000037c219bf2ef02e{n:02x}.s": (b"%d\n" % n, 0o744) for n in range(12)} | {"current": (b"", 0o644)},
        "odd names": {"@400000": (b"", 0o644), "@4000000037c219bf2ef02e94.s.gz": (b"", 0o644), "current": (b"cut", 0o644)},
    }
    with Comparison(machine, "daemontools") as both:
        for name, files in before.items():
            for script in (["./log"], ["s4096", "n3", "./log"], ["s4096", "n3", "!cat; echo more >&5", "./log"]):
                def observe(folder):
                    log = fresh() / "log"
                    log.mkdir()
                    for file, (text, mode) in files.items():
                        (log / file).write_bytes(text)
                        (log / file).chmod(mode)
                    return keep(folder, script, b"second\n" * 1000), list(tree(log))

                both.each((name, script), observe)


def logs_that_cannot_be(machine):
    with Comparison(machine, "daemontools") as both:
        for script in (["./no/log"], ["/etc/passwd"], ["=no/status"], ["=/"], ["./log", "./log"]):
            def observe(folder):
                fresh()
                return keep(folder, script, b"first\n")

            both.each(script, observe)


def logs_and_signals(machine):
    with Comparison(machine, "daemontools") as both:
        for text, signals in ((b"first\n", [signal.SIGTERM]), (b"first\nsec", [signal.SIGTERM]), (b"first\n", [signal.SIGALRM]),
                              (b"first\nsec", [signal.SIGALRM, signal.SIGTERM]), (b"", [signal.SIGALRM]), (b"sec", [signal.SIGTERM])):
            both.each((text, signals), lambda folder: signalled(folder, text, signals))


def signalled(folder, text, signals):
    """A line is in the log when it is whole."""
    root = fresh()
    current = root / "log/current"
    written = text.rfind(b"\n") + 1
    read, write = os.pipe()
    process = subprocess.Popen([f"{folder}/multilog", "./log"], stdin=read, cwd=root)
    try:
        os.write(write, text)
        until(lambda: current.exists() and current.stat().st_size == written and sleeps(process))
        for number in signals:
            before = wakings(process)
            process.send_signal(number)
            until(lambda: process.poll() is not None or (wakings(process) > before and sleeps(process)))
        # If TERM came between two lines, nobody reads this.
        os.write(write, b"ond\nthird\n")
        os.close(write)
        code = process.wait(60)
    finally:
        process.kill()
    left = os.read(read, 100)
    os.close(read)
    return code, left, list(tree(root))


def wakings(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M)[1])


def sleeps(process):
    """True if it waits in poll(2) or read(2)."""
    return Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "S"


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def logs_with_times(machine):
    with Comparison(machine, "daemontools") as both:
        for text in (*long_texts(), *texts(6, 100)):
            both.runs("tai64n", stdin=text, change=anonymous)
        chance = random.Random(8)
        for zone in ("UTC", "PST8PDT,M4.1.0,M10.5.0", "Europe/Berlin"):
            labels = b"".join(b"@40000000%08x%08x line\n" % (chance.getrandbits(32), chance.randrange(10**9)) for _ in range(200))
            for text in (labels, labels[:-5], b"plain\n" + labels, *texts(9, 50)):
                both.runs("tai64nlocal", stdin=text, env={"TZ": zone})


if __name__ == "__main__":
    main(globals())
