#!/usr/bin/env python3
"""qmail-check: finds nothing wrong with what qmail-install made, and what is broken afterwards."""
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, run  # noqa: E402
from scenario import main  # noqa: E402


def findings():
    """Exit code, and the names of what was found."""
    done = run("qmail-check", "--json", check=False)
    return done.returncode, sorted(json.loads(line)["id"] for line in done.stdout.splitlines())


def check_new_installation(machine):
    machine.install()
    done = run("qmail-check", check=False)
    assert (done.returncode, done.stdout) == (0, b"nothing is wrong\n"), done


def check_finds_what_is_broken(machine):
    machine.install()
    control = HOME / "control"
    (control / "databytse").write_text("1000\n")
    assert findings() == (1, ["C14"])
    (control / "databytse").rename(control / "databytes")
    assert findings() == (0, [])
    os.chmod(HOME / "bin/qmail-queue", 0o755)
    (control / "timeoutsmtpd").write_text("soon\n")
    assert findings() == (2, ["C01", "C13"])


def check_finds_bad_expressions(machine):
    """What the programs would leave out."""
    if not (Path(__file__).parents[2] / "patches-integrated/bad-lists").exists():
        return
    machine.install()
    (HOME / "control/badhelo").write_text("^localhost$\n(unclosed\n")
    assert findings() == (2, ["C21"])
    # On a new machine this list holds expressions too.
    (HOME / "control/badhelo").unlink()
    (HOME / "control/badmailfrom").write_text("[z-a]\n")
    assert findings() == (2, ["C21"])


def check_speaks_to_people(machine):
    machine.install()
    (HOME / "control/timeoutsmtpd").write_text("soon\n")
    line = run("qmail-check", check=False).stdout.decode()
    assert line.startswith(f"error C13: {HOME}/control/timeoutsmtpd: \"soon\" does not begin with a digit"), line
    line = run("qmail-check", check=False, env={**os.environ, "LC_ALL": "ja_JP.UTF-8"}).stdout.decode()
    assert "数字で始まらない" in line, line


if __name__ == "__main__":
    main(globals())
