#!/usr/bin/env python3
"""Each numbered step of TEST.deliver and TEST.receive has a system test of that number, and the reverse."""
import re

from documents import run


def check(root):
    for kind in ("deliver", "receive"):
        guide = root / f"docs/install/TEST.{kind}.md"
        steps = {int(n) for n in re.findall(r"^(\d+)\. ", guide.read_text(), re.M)}
        tests = set()
        for path in (root / "tests/system").glob("*.py"):
            tests |= {int(n) for n in re.findall(rf"^def {kind}_(\d+)\(", path.read_text(), re.M)}
        for number in sorted(steps - tests):
            yield f"{guide.relative_to(root)}: step {number} has no test {kind}_{number}"
        for number in sorted(tests - steps):
            yield f"{guide.relative_to(root)}: no step {number}, but a test {kind}_{number}"


run(check)
