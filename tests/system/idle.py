#!/usr/bin/env python3
"""What the machine costs when nothing happens."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import run, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402

LIMIT_KB = 5000


def pss_kb(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # the session that saw whether the port is open has ended meanwhile
    for line in lines:
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def idle_memory(machine):
    """All processes of the running system together stay under 5 MB."""
    machine.install()
    machine.start()
    wait_for_port(25)
    rows = run("ps", "-eo", "pid=,comm=").stdout.decode().split("\n")
    ours = [row.split() for row in rows if "qmail" in row or "tcpserver" in row or "splogger" in row]
    sizes = {f"{name} ({pid})": pss_kb(pid) for pid, name in ours}
    for name, size in sizes.items():
        print(f"{name} {size} kB")
    print(f"idle.pss {sum(sizes.values())} kB")
    assert len(sizes) >= 6 and sum(sizes.values()) < LIMIT_KB, sizes


if __name__ == "__main__":
    main(globals())
