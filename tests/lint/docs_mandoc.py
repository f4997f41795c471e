#!/usr/bin/env python3
"""Every manual page passes mandoc and groff without a warning, as far as they are there."""
import shutil
import subprocess

from documents import pages, run

# Pages carry no date: what changed when is in the history.
ACCEPTED = "missing date"


def complaints(command, path):
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, errors="replace")
    output = done.stdout + done.stderr if command[0] == "mandoc" else done.stderr
    return [line for line in output.splitlines() if ACCEPTED not in line]


def check(root):
    commands = [["mandoc", "-T", "lint", "-W", "warning"], ["groff", "-man", "-Tutf8", "-ww"]]
    for command in commands:
        if shutil.which(command[0]):
            for path in pages(root).values():
                yield from complaints(command, path)


run(check)
