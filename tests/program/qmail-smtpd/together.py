#!/usr/bin/env python3
"""together.py TEST-BIN TEST: the features of qmail-smtpd in one server: each must do with the others what it does alone."""
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.argv[1]).resolve()
FOLDERS = Path(__file__).resolve().parents[3] / "patches-integrated"
CANNOT_RUN_HERE = 77
PATIENCE = 50
# What a client of good will says, whatever is configured.
GOOD = [("MAIL FROM:<joe@example.com>", 250), ("RCPT TO:<joe@mx.example.org>", 250), ("RSET", 250)]
# Each feature's control files, and a conversation that meets it, up to where it has spoken.
FEATURES = {
    "greet-delay": ({"greetdelay": "1"}, []),
    "message-size": ({"announcesize": "1", "databytes": "1000"}, [("MAIL FROM:<joe@example.com> SIZE=1001", 552)]),
    "bad-lists": (
        {"badpatterns": "badmailfrom", "badmailfrom": "^bulk[0-9]+@", "badhelo": "^localhost$", "badmailto": "^root@"},
        [("EHLO localhost", 250), ("MAIL FROM:<joe@example.com>", 250), ("RCPT TO:<joe@mx.example.org>", 553),
         ("EHLO client.example", 250), ("MAIL FROM:<bulk7@example.com>", 250), ("RCPT TO:<joe@mx.example.org>", 553),
         ("MAIL FROM:<joe@example.com>", 250), ("RCPT TO:<root@mx.example.org>", 553), ("RSET", 250)],
    ),
    "recipient-limit": (
        {"maxrcpt": "2"},
        [("MAIL FROM:<joe@example.com>", 250)] + 2 * [("RCPT TO:<joe@mx.example.org>", 250)]
        + [("RCPT TO:<joe@mx.example.org>", 452), ("RSET", 250)],
    ),
    "valid-recipients": (
        {"validrcptto": "joe@mx.example.org\nroot@mx.example.org\n/^sales\\+/", "brtlimit": "3"},
        [("MAIL FROM:<joe@example.com>", 250), ("RCPT TO:<jim@mx.example.org>", 553),
         ("RCPT TO:<sales+x@mx.example.org>", 250), ("RSET", 250)],
    ),
    "tarpit": ({"tarpitcount": "50"}, []),
    # It ends the session, so it comes last.
    "sender-checks": ({"rejectnullsenders": "1"}, [("MAIL FROM:<>", 421)]),
}


# "joe" with the password "secret".
LOGIN = ("AUTH PLAIN AGpvZQBzZWNyZXQ=", 235)
CHECKER = """#!/bin/sh
claim=$(tr '\\0' '|' <&3)
[ "$claim" = 'joe|secret||' ] || exit 1
exec "$@"
"""


def built_in():
    """A feature's folder may have been deleted."""
    return {json.loads(path.read_text())["name"] for path in FOLDERS.glob("*/feature.json")}


def present():
    return [name for name in FEATURES if name in built_in()]


def files_of(names):
    files = {"me": "mx.example.org", "rcpthosts": "mx.example.org"}
    for name in names:
        files |= FEATURES[name][0]
    return files


def replies(text):
    """The code of each reply."""
    return [int(line[:3]) for line in text.splitlines() if line[3:4] == " "]


def talk(files, said, ends_early=False):
    """One session with these control files, and a checker for logins: what is said, each with the code it must get."""
    with tempfile.TemporaryDirectory(prefix="together.") as home:
        control, checker = Path(home, "control"), Path(home, "checker")
        control.mkdir()
        Path(home, "bin").symlink_to(BIN)
        for name, text in files.items():
            (control / name).write_text(text + "\n")
        checker.write_text(CHECKER)
        checker.chmod(0o755)
        run = subprocess.run([BIN / "qmail-smtpd", checker, "/bin/true"],
                             input="".join(line + "\r\n" for line, _ in said).encode(),
                             capture_output=True, timeout=PATIENCE, check=False,
                             env={"PATH": os.environ["PATH"], "QMAIL_TEST_HOME": home, "TCPREMOTEIP": "127.0.0.1"})
    assert run.returncode == (1 if ends_early else 0), run
    got, wanted = replies(run.stdout.decode()), [220] + [code for _, code in said]
    assert got == wanted, list(zip(["(greeting)"] + [line for line, _ in said], wanted, got))


def converse(names):
    """A session in which each of these is met, and then a client of good will."""
    said = [("EHLO client.example", 250)] + GOOD
    for name in names:
        said += FEATURES[name][1]
    ends_early = said[-1][1] == 421
    if not ends_early:
        said += GOOD + [("QUIT", 221)]
    talk(files_of(names), said, ends_early)


def test_each_alone():
    for name in present():
        converse([name])


def test_every_pair():
    for pair in itertools.combinations(present(), 2):
        converse(pair)


def test_all_in_one_server():
    if len(present()) < 2:
        sys.exit(CANNOT_RUN_HERE)
    converse(present())


def test_a_login_among_them():
    """The patches that a server of 2004 had together: logins, bad lists with patterns, valid recipients."""
    needed = ["bad-lists", "valid-recipients"]
    if not {*needed, "smtp-auth"} <= built_in():
        sys.exit(CANNOT_RUN_HERE)
    far, near = "RCPT TO:<far@far.example>", "RCPT TO:<jim@mx.example.org>"
    joe, bulk = ("MAIL FROM:<joe@mx.example.org>", 250), ("MAIL FROM:<bulk7@example.com>", 250)
    talk(files_of(needed), [
        ("EHLO client.example", 250), joe, (far, 553), (near, 553), ("RSET", 250), LOGIN,
        bulk, (far, 553), joe, (far, 250), (near, 250), ("RCPT TO:<root@mx.example.org>", 553), ("QUIT", 221)])


def test_what_is_not_there_costs_nothing():
    """Where none is configured, features cost no look for any of their files: all names are read at once."""
    strace = shutil.which("strace")
    if not strace:
        sys.exit(CANNOT_RUN_HERE)
    there = files_of([])
    with tempfile.TemporaryDirectory(prefix="together.") as home:
        Path(home, "control").mkdir()
        for name, text in there.items():
            Path(home, "control", name).write_text(text + "\n")
        run = subprocess.run([strace, "-y", "-e", "trace=openat,newfstatat", BIN / "qmail-smtpd"], input=b"QUIT\r\n",
                             capture_output=True, timeout=PATIENCE, check=False,
                             # A sanitizer cannot look for leaks in a process that is traced.
                             env={"PATH": os.environ["PATH"], "QMAIL_TEST_HOME": home, "ASAN_OPTIONS": "detect_leaks=0"})
    assert run.stdout.startswith(b"220 "), run
    looked_for = re.findall(r'<\S+/control>, "([^"/]+)"', run.stderr.decode())
    assert set(there) <= set(looked_for), looked_for
    absent = set(looked_for) - set(there) - {"."}
    # The one that shows that names are missing, and what is asked for as a name only.
    assert len(absent) <= 3, absent


if __name__ == "__main__":
    globals()[sys.argv[2]]()
