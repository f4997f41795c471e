#!/usr/bin/env python3
"""The control files and variables that code reads are those the manual pages describe, and the reverse."""
import json
import re

from documents import pages, plain, run, sections, sources

READ = re.compile(r'\b(?:line|line_or_me|number|timeout|lines|lines_or_me|bytes|has)\(\s*"([a-z][\w.-]*)"')
VARIABLE = re.compile(r'\b(?:find|get|number|require)\(\s*"([A-Z][A-Z0-9_]*)"')
# Read by the tests' twins of the programs only.
FOR_TESTS = {"QMAIL_TEST_HOME"}


def described(root):
    """The control files with an entry in qmail-control(5), each with the feature whose mark it ends with, or None."""
    files = sections(pages(root)["qmail-control.5"].read_text())["FILES"]
    entries = re.split(r"^\.TP\n\.I ([\w.-]+)$", files, flags=re.M)[1:]
    mark = re.compile(r'^\.\\" of ([\w-]+)$', re.M)
    return {name: found[1] if (found := mark.search(text)) else None for name, text in zip(entries[::2], entries[1::2])}


def read_by(root, feature):
    """The control files of a feature; None if its folder is not there: what is written of them does no harm."""
    description = root / f"patches-integrated/{feature}/feature.json"
    return json.loads(description.read_text())["control"] if description.exists() else None


def mentions(code, name):
    """True if a string literal of the code is this name, or that of the cdb made from it: settings may be read
    through a table."""
    return re.search(rf'["/]{re.escape(name)}(\.cdb)?"', code)


def check(root):
    known = described(root)
    words = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", " ".join(plain(p.read_text()) for p in pages(root).values())))
    all_code = ""
    for path, text in sources(root):
        # qmail-showctl names every file, so that it does counts for nothing.
        all_code += text if "/qmail-showctl/" not in path else ""
        for name in READ.findall(text):
            if name not in known:
                yield f"{path}: reads control/{name}, which qmail-control(5) does not describe"
        for name in VARIABLE.findall(text):
            if name not in words and name not in FOR_TESTS:
                yield f"{path}: reads ${name}, which no page names"
    for name in sorted(known):
        files = read_by(root, known[name]) if known[name] else []
        if files is None:
            continue
        if known[name] and name not in files:
            yield f"qmail-control(5): control/{name} is not of {known[name]}, by its feature.json"
        if not mentions(all_code, name):
            yield f"qmail-control(5): nothing reads control/{name}"


run(check)
