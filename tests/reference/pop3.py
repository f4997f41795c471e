#!/usr/bin/env python3
"""pop3.py TEST-BIN ROOT: qmail-popup and qmail-pop3d against stock's, on random sessions and maildirs: replies, exit code, what the
checking program is given, what becomes of the maildir."""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NOBODY = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
LINES = ["", ".", "..", ".x", "Subject: x", "From you", "\r", "a\rb", "\0", "\xff", "x" * 3000, " ", "."]
NUMBERS = ["", "0", "1", "2", "3", "4", "9", "01", "1x", "x", "-1", " 2", "2 ", "1 0", "2 1", "1 2", "3 100", "1 x", "2  1", "1\0 1", "+1"]
VERBS = ["STAT", "LIST", "UIDL", "DELE", "RETR", "TOP", "RSET", "LAST", "NOOP", "list", "Top", "XTND", "", "USER", "LIST\0x"]
LOGINS = ["USER me", "USER", "user a b ", "USER  x", "USER x\0y", "NOOP", "XX", "", "APOP", "APOP x", "APOP ", "pass", "STAT", "RETR 1", "USER \xe9"]
LAST = ["PASS secret", "PASS a b ", "PASS  x", "PASS \xe9\0z", "APOP me 0123", "apop me ", "APOP  a b c", "QUIT", "quit now", ""]
CHECKERS = {"yes": "exit 0", "no": "exit 1", "later": "exit 111", "crash": "kill -9 $$", "talk": "echo hello"}


def run(program, args, stdin, cwd, **more):
    done = subprocess.run([program, *args], input=stdin, capture_output=True, cwd=cwd, timeout=60, **more)
    return done.returncode, re.sub(rb"<\d+\.\d+@", b"<PID.TIME@", done.stdout)


def session(chance, verbs, count):
    requests = [f"{chance.choice(verbs)} {chance.choice(NUMBERS)}".rstrip(" ") for _ in range(chance.randint(0, count))]
    requests += ["QUIT"] if chance.random() < 0.8 else []
    return "".join(request + chance.choice(["\r\n", "\r\n", "\n"]) for request in requests).encode("latin-1")


def fill(chance, maildir):
    for part in ("new", "cur", "tmp"):
        (maildir / part).mkdir(parents=True)
    for number in range(chance.randint(0, 4)):
        part = chance.choice(["new", "cur"])
        name = chance.choice(["%d.M1P2Q3.host", "%d", "%d.x:2,S", "%d:1", ".%d", "%d:2,"]) % number
        text = "\n".join(chance.choices(LINES, k=chance.randint(0, 12))) + chance.choice(["", "\n"])
        path = maildir / part / name
        path.write_bytes(text.encode("latin-1"))
        # Times that differ: for equal ones stock's order is whatever its heap makes of them.
        os.utime(path, (1_000_000_000 - number, 1_000_000_000 - number))


def own(folder):
    if NOBODY:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY["user"], NOBODY["group"])


def contents(maildir):
    return {str(path.relative_to(maildir)): path.read_bytes() for path in sorted(maildir.rglob("*")) if path.is_file()}


def compare_maildirs(chance, ours, stock, folder):
    first, second = folder / "ours", folder / "stock"
    fill(chance, first)
    shutil.copytree(first, second, copy_function=shutil.copy2)
    stdin = session(chance, VERBS, 12)
    seen = []
    for program, maildir in ((ours, first), (stock, second)):
        own(maildir)
        seen.append((run(program / "qmail-pop3d", [str(maildir)], stdin, folder, **NOBODY), contents(maildir)))
        shutil.rmtree(maildir)
    return seen, stdin


def compare_logins(chance, ours, stock, folder):
    stdin = "".join(line + chance.choice(["\r\n", "\n"]) for line in [*chance.choices(LOGINS, k=chance.randint(0, 6)), chance.choice(LAST)])
    checker = folder / "checker"
    checker.write_text(f'#!/bin/sh\ncat <&3 >given\n{chance.choice(list(CHECKERS.values()))}\n')
    checker.chmod(0o755)
    args = chance.choice([["mx.example", str(checker)], ["mx.example", str(checker), "x"], [], ["mx.example"]])
    seen = []
    for program in (ours, stock):
        given = folder / "given"
        given.unlink(missing_ok=True)
        told = run(program / "qmail-popup", args, stdin.encode("latin-1"), folder)
        asked = re.sub(rb"<\d+\.\d+@", b"<PID.TIME@", given.read_bytes()) if given.exists() else None
        seen.append((told, asked))
    return seen, stdin


def main():
    ours, stock = Path(sys.argv[1]).resolve(), Path(sys.argv[2]) / "var/qmail/bin"
    count = 0
    with tempfile.TemporaryDirectory(prefix="reference.") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for seed in range(400):
            for compare in (compare_maildirs, compare_logins):
                (first, second), stdin = compare(random.Random(seed), ours, stock, folder)
                count += 1
                if first != second:
                    sys.exit(f"{compare.__name__} {seed} {stdin!r}\n  stock {second}\n  ours  {first}")
    print(f"{count} compared, none differs")


if __name__ == "__main__":
    main()
