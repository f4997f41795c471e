#!/usr/bin/env python3
"""What goes through ucspi-tcp's filters and go-betweens, and through ours."""
import re
import subprocess
from pathlib import Path

from beside import Comparison, texts
from scenario import main


def filters_of_line_ends(machine):
    with Comparison(machine) as both:
        for program in ("addcr", "delcr"):
            for text in texts(1, 150):
                both.runs(program, stdin=text)
            both.runs(program, stdin=b"".join(texts(2, 500)))


def recorded(text):
    """The log of recordio, sorted by direction, without process numbers."""
    return [re.findall(rb"^\d+ " + way + rb" ([^\n]*\n)", text, re.M) for way in (b"<", b">")]


def filters_around_a_program(machine):
    with Comparison(machine) as both:
        for text in texts(3, 60):
            Path("/tmp/text").write_bytes(text)
            for program in ("fixcrio", "recordio"):
                # From a file, and from one write(2): so that the pieces are the same each time.
                for command in (("sh", "-c", "cat >/dev/null"), ("cat", "/tmp/text"), ("sh", "-c", "od -An -c; exit 5")):
                    def observe(folder):
                        # The original drops output when a program ends before it has read its input: cat is given none.
                        with open("/dev/null" if command[0] == "cat" else "/tmp/text", "rb") as source:
                            done = subprocess.run([f"{folder}/{program}", *command], stdin=source, capture_output=True, timeout=60)
                        log = recorded(done.stderr)
                        # od writes as it likes.
                        return done.returncode, done.stdout, log[:1] if "od" in command[-1] else log

                    both.each((program, command, text), observe)
        for program in ("fixcrio", "recordio"):
            both.runs(program)
            both.runs(program, "/nonexistent", change=lambda log: re.sub(rb"\d+ [<>] \[EOF\]\n", b"", log))
            both.runs(program, "sh", "-c", "exit 7", change=lambda log: b"")
            both.runs(program, "sh", "-c", "kill $$", change=lambda log: b"")


def filters_argv0(machine):
    with Comparison(machine) as both:
        both.runs("argv0")
        both.runs("argv0", "sh")
        both.runs("argv0", "/nonexistent", "a")
        both.runs("argv0", "nonexistent", "a")
        both.runs("argv0", "/etc/passwd", "a")
        both.runs("argv0", "/", "a")
        for path in (None, "/bin", "/nonexistent:/bin", "/nonexistent"):
            both.runs("argv0", "sh", "another", "-c", "tr '\\0' ' ' </proc/$$/cmdline; exit 3", "x y", env=path and {"PATH": path})


if __name__ == "__main__":
    main(globals())
