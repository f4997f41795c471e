"""What a process has in its memory, for secrets that must not be there. proc(5)."""
import sys
from pathlib import Path


def writable_memory(pid):
    """Its pieces. A test whose process a sanitizer watches, with more memory than can be looked through, is skipped."""
    with open(f"/proc/{pid}/mem", "rb") as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            where, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(number, 16) for number in where.split("-"))
            if end - start > 1 << 30:
                sys.exit(77)
            memory.seek(start)
            yield memory.read(end - start)
