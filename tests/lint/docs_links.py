#!/usr/bin/env python3
"""Relative links in .md files lead somewhere; pages that manual pages refer to are there."""
import os
import re
import subprocess

from documents import pages, run

# Pages of the system, not ours.
FOREIGN = {"syslog.3", "flock.2", "asctime.3", "wait.2", "passwd.5", "echo.1", "systemd.service.5", "systemd.socket.5", "fsync.2",
           "inetd.8", "crypt.5", "pam.d.5", "pam_unix.8", "shadow.5", "true.1"}


def markdown(root):
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "*.md"], capture_output=True, text=True)
    files = [root / line for line in listed.stdout.splitlines()] or root.glob("**/*.md")
    return [path for path in files if path.exists()]


def is_of_a_deleted_feature(root, target):
    """Its folder may be deleted, and what leads there stays."""
    found = re.match(r"patches-integrated/([\w-]+)/", os.path.relpath(target, root))
    return found and not (root / found[0]).exists()


def check(root):
    for path in markdown(root):
        text = re.sub(r"^```.*?^```", "", path.read_text(), flags=re.M | re.S)
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" in target or target.startswith("mailto:") or (path.parent / target).exists():
                continue
            if not is_of_a_deleted_feature(root, path.parent / target):
                yield f"{path.relative_to(root)}: no such file: {target}"
    known = pages(root)
    for name, path in known.items():
        text = path.read_text().replace("\\-", "-").replace("\\fR", "")
        for page, section in re.findall(r"^\.BR ([\w.@-]+) \((\d)\)", text, re.M):
            if f"{page}.{section}" not in known and f"{page}.{section}" not in FOREIGN:
                yield f"{path.relative_to(root)}: refers to {page}({section}), which is not there"


run(check)
