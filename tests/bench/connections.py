#!/usr/bin/env python3
"""connections.py TEST-BIN TOOLS EMPTY FOLDER: connections a second, our tcpserver and that of ucspi-tcp in turn.

FOLDER is where Debian's package is kept, unpacked. Prints "name value unit"; what it finds is told and not judged, for
other work on the machine moves it. The processor time is that of the server and all below it. Ends with 77 if the package
cannot be had.
"""
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

BIN, TOOLS, EMPTY, FOLDER = map(Path, sys.argv[1:5])
GET_PEER = Path(__file__).parents[1] / "support/get-peer"
ROUNDS = int(os.environ.get("QMAIL_BENCH_ROUNDS", "5"))
AT_A_TIME = 10
SKIPPED = 77
TICK = os.sysconf("SC_CLK_TCK")
# name: connections a round, the program, what a client says, tcpserver's options
SCENARIOS = {
    "trivial": (1000, str(EMPTY), "", ("-HRl0",)),
    "trivial-logged": (1000, str(EMPTY), "", ("-vHRl0",)),
    "smtpd": (1000, str(BIN / "qmail-smtpd"), "QUIT", ("-vHRlmx.example",)),
}


def family_of(pid):
    """A process and all below it."""
    found = [pid]
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            found += family_of(int(child))
    return found


def processor_seconds(pid):
    """Of the family, and of those members that have ended."""
    total = 0
    for member in family_of(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{member}/stat").read_text().rpartition(") ")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / TICK


def measure(server, home, count, program, text, options):
    """Connections a second, and microseconds of processor time for each."""
    with open(home / "log", "wb") as log:
        process = subprocess.Popen(
            [server, *options, "-1", "-c40", "127.0.0.1", "0", program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=log, env={"PATH": "/usr/bin:/bin", "QMAIL_TEST_HOME": str(home)})
        port = process.stdout.readline().decode().strip()
        visit = [TOOLS / "bench_visit", "127.0.0.1", port]
        subprocess.run([*visit, "20", "5", *([text] if text else [])], check=True, capture_output=True)
        before = processor_seconds(process.pid)
        done = subprocess.run([*visit, str(count), str(AT_A_TIME), *([text] if text else [])], check=True, capture_output=True)
        used = processor_seconds(process.pid) - before
        process.terminate()
        process.communicate()
    seconds, answered = done.stdout.split()
    if text and int(answered) != count:
        raise SystemExit(f"only {answered.decode()} of {count} were answered")
    return count / float(seconds), used / count * 1e6


def make_home(folder):
    home = Path(folder)
    for name in ("control", "queue"):
        (home / name).mkdir()
    (home / "bin").symlink_to(BIN)
    for name in ("me", "rcpthosts"):
        (home / "control" / name).write_text("mx.example\n")
    return home


def main():
    if subprocess.run([GET_PEER, "ucspi-tcp", FOLDER]).returncode != 0:
        sys.exit(SKIPPED)
    servers = {"ours": BIN / "tcpserver", "ucspi-tcp": FOLDER / "usr/bin/tcpserver"}
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(folder)
        for name, scenario in SCENARIOS.items():
            found = {who: [] for who in servers}
            for _ in range(ROUNDS):
                for who, server in servers.items():
                    found[who].append(measure(server, home, *scenario))
            middle = {who: [statistics.median(column) for column in zip(*rounds)] for who, rounds in found.items()}
            for who, (rate, used) in middle.items():
                print(f"connections.{name}.{who} {rate:.0f} a second, {used:.0f} us of processor time each")
            ratios = sorted(ours[0] / theirs[0] for ours, theirs in zip(*found.values()))
            used = middle["ucspi-tcp"][1] / max(middle["ours"][1], 1)
            print(f"connections.{name}.ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f}), "
                  f"of processor time {used:.2f}", flush=True)


main()
