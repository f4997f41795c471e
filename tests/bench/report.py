#!/usr/bin/env python3
"""report.py TEST-BIN FOLDER [MEGABYTES]: how long matchup and qmail-report take for a gigabyte of log, and how much memory. Prints "name value unit".

The log is that of a made-up day, again and again with other senders. Fails if qmail-report takes more than 30 s of processor time for a gigabyte, or
more than 200 MB of memory.
"""
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import mail_day  # noqa: E402

GIGABYTE = 1e9
MOST_SECONDS, MOST_MEGABYTES = 30, 200


def write_log(path, size):
    day = mail_day.Day(5000).log("splogger")
    copies = 0
    with open(path, "wb") as file:
        while file.tell() < size:
            file.write(day.replace("@Example", f"@Copy{copies}.Example").encode())
            copies += 1


def peak_of(pid):
    """Bytes that the process has had at most, which its parent cannot ask later: rusage has the parent's own in it."""
    with open(f"/proc/{pid}/status") as status:
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read())
    return int(found[1]) * 1024 if found else 0


def measure(program, log):
    """Wall and processor seconds, and megabytes at most."""
    start = time.monotonic()
    with open("/dev/null", "wb") as nowhere:
        # Descriptor 5 is matchup's.
        process = subprocess.Popen(["sh", "-c", 'exec "$0" <"$1" 5>/dev/null', program, log], stdout=nowhere,
                                   env={"QMAIL_TEST_HOME": "/nowhere", "PATH": "/usr/bin:/bin"})
    peak, ended = 0, 0
    while ended == 0:
        peak = max(peak, peak_of(process.pid))
        time.sleep(0.02)
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, (program, process.returncode)
    return time.monotonic() - start, used.ru_utime + used.ru_stime, peak / 1e6


def main(test_bin, folder, megabytes="64"):
    with tempfile.NamedTemporaryFile(dir=folder, prefix="report.") as file:
        write_log(file.name, int(megabytes) * 1e6)
        size = os.stat(file.name).st_size
        too_much = False
        for program in ("matchup", "qmail-report"):
            wall, processor, memory = measure(f"{test_bin}/{program}", file.name)
            print(f"{program}_wall {wall / size * GIGABYTE:.2f} s/GB")
            print(f"{program}_processor {processor / size * GIGABYTE:.2f} s/GB")
            print(f"{program}_memory {memory:.1f} MB")
            too_much |= program == "qmail-report" and (processor / size * GIGABYTE > MOST_SECONDS or memory > MOST_MEGABYTES)
    return 1 if too_much else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
