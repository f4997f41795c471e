#!/usr/bin/env python3
"""Each program that is built has a manual page; each page of a program has the headings that belong to one."""
from documents import page_of, pages, programs, run, sections

NEEDED = ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS")


def check(root):
    for name, folder in programs(root).items():
        if page_of(root, name) is None:
            yield f"{folder.relative_to(root)}: {name} has no page in docs/man/man1 or man8"
    for name, path in pages(root).items():
        text = path.read_text()
        found = sections(text)
        # A format (sections 5 and 7) and qmail-command(8), which is other people's program, have their own headings.
        wanted = NEEDED if name[-1] in "18" else ("NAME", "DESCRIPTION")
        for heading in wanted:
            if heading not in found:
                yield f"{path.relative_to(root)}: no section {heading}"
        for heading, body in found.items():
            if not body.strip():
                yield f"{path.relative_to(root)}: section {heading} is empty"
        if not text.startswith(f".TH {name[:-2]} {name[-1]} "):
            yield f"{path.relative_to(root)}: the first line is not .TH {name[:-2]} {name[-1]}"
        if path.parent.name != "man" + name[-1]:
            yield f"{path.relative_to(root)}: wrong folder"


run(check)
