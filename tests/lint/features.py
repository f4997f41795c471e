#!/usr/bin/env python3
"""The folders of patches-integrated are as its README says: each has its description and its page, says what it reads, and stands in the index."""
import json
import re

from documents import programs, run, sources

KINDS = ("hook", "program", "absorbed")
KEYS = {"name": str, "kind": str, "programs": list, "control": list, "environment": list, "supersedes": list}
HEADINGS = ["Supersedes", "Programs", "Control files", "Environment", "SMTP", "What turns it on", "Differences from the patch", "Tests"]
READ = re.compile(r'\bcontrol(?:\(\))?\.(?:line|line_or_me|number|timeout|lines|lines_or_me|bytes|map)\(\s*"([a-z][\w.-]*)"')
VARIABLE = re.compile(r'\benvironment(?:\(\))?\.(?:find|get|number|require)\(\s*"([A-Z][A-Z0-9_]*)"')


def described(folder):
    """feature.json, and what is wrong with it."""
    try:
        feature = json.loads((folder / "feature.json").read_text())
    except (OSError, ValueError) as why:
        return None, [f"feature.json: {why}"]
    problems = [f"feature.json: no {key}" for key, kind in KEYS.items() if not isinstance(feature.get(key), kind)]
    if feature.get("name") != folder.name:
        problems.append("feature.json: the name is not the folder's")
    if feature.get("kind") not in KINDS:
        problems.append("feature.json: the kind is none of " + ", ".join(KINDS))
    if (feature.get("kind") == "hook") != isinstance(feature.get("order"), int):
        problems.append("feature.json: order is for hooks, and each has one")
    if not feature.get("supersedes"):
        problems.append("feature.json: supersedes is empty")
    return feature, problems


def page_problems(folder):
    page = folder / "README.md"
    if not page.exists():
        return ["has no README.md"]
    text = page.read_text()
    problems = []
    if not text.startswith(f"# {folder.name}: "):
        problems.append(f"README.md does not begin with '# {folder.name}: ' and what it is")
    found = [heading for heading in re.findall(r"^([A-Z][A-Za-z ]+):", text, re.M) if heading in HEADINGS]
    if found != HEADINGS:
        problems.append("README.md: the headings are not " + ", ".join(HEADINGS) + ", in this order")
    return problems


def reading_problems(root, folder, feature):
    """What its code reads is said, and what is said is read, by itself or by what it uses of core."""
    code = "".join(text for path, text in sources(root, [f"patches-integrated/{folder.name}"]))
    used = code + "".join(text for path, text in sources(root, ["core"]) if not path.startswith("core/programs/"))
    for key, pattern in (("control", READ), ("environment", VARIABLE)):
        for name in sorted(set(pattern.findall(code)) - set(feature[key])):
            yield f"reads {name}, which is not in {key} of feature.json"
        for name in feature[key]:
            if f'"{name}"' not in used:
                yield f"nothing reads {name}, which is in {key} of feature.json"


def holding_problems(folder, kind):
    """A hook has code and unit tests; others have no code, but something that proves them."""
    code = [path for path in [*folder.glob("*.cpp"), *folder.glob("*.h")] if not path.name.endswith("_test.cpp")]
    units = list(folder.glob("*_test.cpp"))
    proofs = [*folder.rglob("*.case"), *folder.glob("*_test.*"), *folder.glob("system/*.py")]
    if kind == "hook" and not (code and units):
        yield "a hook has code, and a *_test.cpp"
    if kind != "hook" and code:
        yield "what is no hook has no code here"
    if not proofs and "tests/" not in (folder / "README.md").read_text():
        yield "has no cases, and its README.md names no other tests"


def check(root):
    index = (root / "patches-integrated/README.md").read_text()
    known = set(programs(root))
    orders, admitting = {}, []
    for folder in sorted(path for path in (root / "patches-integrated").iterdir() if path.is_dir()):
        feature, problems = described(folder)
        problems += page_problems(folder)
        if not problems:
            problems += [f"feature.json: there is no program {name}" for name in feature["programs"] if name not in known]
            problems += reading_problems(root, folder, feature) if feature["kind"] == "hook" else []
            problems += holding_problems(folder, feature["kind"])
            if feature["kind"] == "hook":
                other = orders.setdefault(feature["order"], folder.name)
                problems += [f"its order is that of {other}"] if other != folder.name else []
        if feature and feature.get("admits"):
            admitting.append(folder.name)
            problems += [f"admits clients, as {admitting[0]} does: there is to be one such feature"] if len(admitting) > 1 else []
        if f"`{folder.name}`" not in index:
            problems.append("does not stand in the index, patches-integrated/README.md")
        for problem in problems:
            yield f"patches-integrated/{folder.name}: {problem}"


run(check)
