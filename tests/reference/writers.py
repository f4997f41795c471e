#!/usr/bin/env python3
"""The resident qmail-queue, a classic one of ours and a stock one write at the same time."""
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
import queue_writers as kinds  # noqa: E402
import stock  # noqa: E402
from scenario import main  # noqa: E402

MESSAGES = 10_000 if os.environ.get("QMAIL_LONG") == "1" else 1_000


def writers_together(machine):
    """No number is used twice, and every message is delivered once."""
    stock.share_accounts()
    machine.install()
    machine.add_user("me")
    stock.share_files()
    machine.start()
    kinds.write_together(machine, [kinds.RESIDENT, kinds.CLASSIC, stock.command(*kinds.OURS)], MESSAGES)


if __name__ == "__main__":
    main(globals())
