#!/usr/bin/env python3
"""Tracked files speak of the project only: no path of somebody's workplace, no registry's host."""
import re
import subprocess

from documents import run

# Written in parts, so that this file passes its own check.
FOREIGN = re.compile(
    "|".join(["/" + "work/", "helper " + "session",
              "registry" + r"\.npmjs", "pypi" + r"\.org", "crates" + r"\.io", "proxy" + r"\.golang"]), re.I)


def check(root):
    listed = subprocess.run(["git", "-C", str(root), "ls-files"], capture_output=True, text=True).stdout
    for name in listed.splitlines():
        path = root / name
        if not path.is_file() or path.is_symlink():
            continue
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            found = FOREIGN.search(line)
            if found:
                yield f"{name}:{number}: {found[0]}"


run(check)
