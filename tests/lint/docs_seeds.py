#!/usr/bin/env python3
"""docs/install/SEEDS.md: it has every row once, and each page with its program, and each test, that it names is there."""
import re

from documents import pages, run

TABLE = "docs/install/SEEDS.md"
ROWS = 113
STATES = ("here", "otherwise", "to come", "not here")
COMMANDS = "qmail-command.8"  # a page about other people's programs
OWN_PAGES = re.compile(r"`([\w.@-]+)\((\d)\)`")
TESTS = re.compile(r"`((?:unit|program|system|crash)\.[\w.@-]+)`")


def rows(text):
    """Of each line of a table: the numbers it is about, and its other cells."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        numbers = re.fullmatch(r"(\d+)(?:, (\d+)| to (\d+))?", cells[0])
        if line.startswith("|") and numbers:
            first, second, last = (int(number) if number else 0 for number in numbers.groups())
            yield range(first, (second or last or first) + 1), cells[1:]


def installed(root):
    """The names in /var/qmail/bin."""
    return set(re.findall(r"^bin/([^:]+):", (root / "installer/hier/hier.manifest").read_text(), re.M))


def has_test(root, name):
    """A folder of unit tests or cases, one case, a crash test, a scenario of a system test; those of a feature stand in its folder."""
    kind, _, rest = name.partition(".")
    features = root / "patches-integrated"
    if kind == "unit":
        return any([*(root / "tests/unit" / rest).glob("*_test.cpp"), *(features / rest).glob("*_test.cpp")])
    if kind == "crash":
        return (root / f"tests/crash/{rest.replace('.', '_')}_crash.cpp").exists()
    first, _, second = rest.partition(".")
    feature, _, case = second.partition(".")
    if kind == "program" and (features / feature / "cases").is_dir() and feature:
        return any((features / feature / "cases").rglob(f"{case or '*'}.case"))
    if kind == "program":
        return any((root / "tests/program" / first).glob(f"{second or '*'}.case")) or not second and any(
            (root / "tests/program" / first).glob("*.py"))
    scripts = [root / f"tests/system/{first}.py", *features.glob(f"*/system/{first}.py")]
    scenario = f"\ndef {first}_{second.replace('-', '_')}(machine):"
    return any(scenario in script.read_text() for script in scripts if script.exists())


def check(root):
    text = (root / TABLE).read_text()
    known, programs = pages(root), installed(root)
    seen = []
    for numbers, cells in rows(text):
        where = f"{TABLE}: row {numbers[0]}"
        seen += numbers
        if len(cells) != 4 or cells[3] not in STATES:
            yield f"{where}: it has no state that is one of {', '.join(STATES)}"
            continue
        _, documents, tests, state = cells
        for name, section in OWN_PAGES.findall(documents):
            if f"{name}.{section}" not in known:
                yield f"{where}: there is no page {name}({section})"
            elif section in "18" and name not in programs and f"{name}.{section}" != COMMANDS:
                yield f"{where}: there is no program {name}"
        for name in TESTS.findall(tests):
            if not has_test(root, name):
                yield f"{where}: there is no test {name}"
        if state == "here" and not (documents and (TESTS.search(tests) or "](" in documents)):
            yield f"{where}: nothing shows that it is here"
    for number in sorted(set(range(1, ROWS + 1)) - set(seen)):
        yield f"{TABLE}: row {number} is missing"
    for number in sorted({number for number in seen if seen.count(number) > 1}):
        yield f"{TABLE}: row {number} is there twice"


run(check)
