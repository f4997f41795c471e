#!/usr/bin/env python3
"""removable.py SOURCE BUILD FEATURE: without its folder, the tree configures, and the feature's programs link from what is built.

A copy of the tree without the folder is configured; the list of features that CMake writes for each program is compiled anew, and the
program linked as in BUILD, with that list and without the feature's library. With QMAIL_LONG=1 everything is built and no lint complains."""
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE, BUILD, NAME = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
PATIENCE = 3000 if os.environ.get("QMAIL_LONG") == "1" else 240
LINTS = sorted(path for path in (SOURCE / "tests/lint").glob("*.py") if path.name != "documents.py")


def run(*command, cwd=None):
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, f"{shlex.join(map(str, command))}:\n{done.stdout}{done.stderr}"
    return done.stdout


def copy_without_feature(tree):
    """Not by links: what looks for all files of a tree does not follow them."""
    left_out = {str(SOURCE): {".git", "build"}, str(SOURCE / "patches-integrated"): {NAME}}
    shutil.copytree(SOURCE, tree, ignore=lambda folder, _: left_out.get(folder, ()))


def commands(build, target):
    return [line for line in run("ninja", "-C", build, "-t", "commands", target).splitlines() if " -o " in line]


def list_of_features(words, program):
    """Of the objects that a program is linked from, the only one of its own target."""
    return next(word for word in words if f"/CMakeFiles/{program}.dir/" in word and word.endswith(".o"))


def link_without_feature(without, program):
    """As `program` was linked in BUILD, but for the list, which is compiled in `without`, and the feature's library."""
    link = shlex.split(commands(BUILD, program)[-1])
    anew = list_of_features(shlex.split(commands(without, program)[-1]), program)
    run("ninja", "-C", without, anew)
    old = list_of_features(link, program)
    words = [str(without / anew) if word == old else word for word in link if not word.endswith(f"/libfeature.{NAME}.a")]
    words[words.index("-o") + 1] = str(without / "linked")
    run("sh", "-c", " ".join(word if word in ("&&", "||", ":") else shlex.quote(word) for word in words), cwd=BUILD)


def main():
    feature = json.loads((SOURCE / f"patches-integrated/{NAME}/feature.json").read_text())
    with tempfile.TemporaryDirectory(prefix="without.") as folder:
        tree, without = Path(folder) / "tree", Path(folder) / "build"
        copy_without_feature(tree)
        run("cmake", "-S", tree, "-B", without, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DQMAILKIT_TESTS=OFF")
        written = "".join(path.read_text() for path in without.rglob("features/*_features.cpp"))
        assert "configure_" + NAME.replace("-", "_") not in written
        if os.environ.get("QMAIL_LONG") == "1":
            run("ninja", "-C", without, "-j1")
            for lint in LINTS:
                run(sys.executable, lint, tree)
        else:
            for program in feature["programs"]:
                link_without_feature(without, program)


main()
