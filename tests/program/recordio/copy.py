#!/usr/bin/env python3
"""copy.py TEST-BIN TEST: one test of recordio and fixcrio, which stand between a program and its input and output."""
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from tcp_peer import PATIENCE, Server, reset  # noqa: E402

BIN = Path(sys.argv[1])
PIECE = 256
MEGABYTE = 1 << 20
# A sanitizer would keep what was freed.
FRUGAL = {**os.environ, "ASAN_OPTIONS": "quarantine_size_mb=0:thread_local_quarantine_size_kb=0"}


def start(*command, **more):
    return subprocess.Popen([BIN / command[0], *command[1:]], bufsize=0,
                            **{"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more})


def run(*command, stdin=b"", **more):
    done = subprocess.run([BIN / command[0], *command[1:]], input=stdin, capture_output=True, timeout=PATIENCE, **more)
    return done.stdout, done.stderr, done.returncode


def expect(actual, expected):
    assert actual == expected, f"\n  expected {expected!r}\n  got      {actual!r}"


def lines_of(direction, log):
    """What a log shows of one direction, without the process number."""
    return re.findall(rb"^\d+ " + direction + rb" ([^\n]*\n)", log, re.M)


def most_memory(pid):
    """In kilobytes, so far."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def expect_bounded(process, pid):
    """Whatever comes as one line without end to `process` costs `pid` no memory."""
    process.stdin.write(b"x\0" * MEGABYTE)
    before = most_memory(pid)
    for _ in range(20):
        process.stdin.write(b"x\0" * (MEGABYTE // 2))
    grown = most_memory(pid) - before
    process.stdin.close()
    assert grown < 1024, f"{grown} KB more"


def copier_of(process):
    """The child that copies: the first that there was."""
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]


def test_recordio_shows_lines_and_what_is_none():
    with start("recordio", "cat") as process:
        for piece in (b"a\n", b"b", b"c\n\nd", b"\0\xff\r\n"):
            process.stdin.write(piece)
            expect(process.stdout.read(100), piece)
        process.stdin.close()
        log = process.stderr.read()
        number = str(process.pid).encode()
    shown = [b"a \n", b"b+\n", b"c \n", b" \n", b"d+\n", b"\0\xff\r \n", b"[EOF]\n"]
    expect((lines_of(b"<", log), lines_of(b">", log)), (shown, shown))
    expect(log.splitlines()[0], number + b" < a ")


def test_recordio_shows_long_lines_in_pieces():
    log = run("recordio", "sh", "-c", "cat >/dev/null", stdin=b"x" * (2 * PIECE + 1) + b"\n" * PIECE)[1]
    expect(lines_of(b"<", log), [b"x" * PIECE + b"+\n"] * 2 + [b"x \n"] + [b" \n"] * (PIECE - 1) + [b"[EOF]\n"])


def endless_line(program):
    with start(program, "sh", "-c", "echo ready; cat >/dev/null; echo done", stderr=subprocess.DEVNULL, env=FRUGAL) as process:
        expect(process.stdout.read(10).strip(), b"ready")
        expect_bounded(process, copier_of(process))
        expect(process.stdout.read().strip(), b"done")


def test_recordio_has_an_endless_line_go_through():
    endless_line("recordio")


def test_fixcrio_has_an_endless_line_go_through():
    endless_line("fixcrio")


def test_fixcrio_fixes_both_ways():
    program = ("sh", "-c", "od -An -c; printf 'a\\nb\\r\\n\\r\\r\\n\\0c\\r'")
    stdout, _, code = run("fixcrio", *program, stdin=b"a\nb\r\n\n\0\r")
    expect((stdout.split(b"\r\n", 1)[0].split(), code), ([b"a", b"\\r", b"\\n", b"b", b"\\r", b"\\n", b"\\r", b"\\n", b"\\0", b"\\r"], 0))
    expect(stdout.split(b"\r\n", 1)[1], b"a\r\nb\r\n\r\r\n\0c\r")


def test_fixcrio_knows_a_cr_at_the_end_of_a_piece():
    with start("fixcrio", "cat") as process:
        for piece in (b"a\r", b"\nb", b"\n"):
            process.stdin.write(piece)
            expect(process.stdout.read(100), piece if piece != b"\n" else b"\r\n")
        process.stdin.close()
        expect(process.stdout.read(), b"")


def test_much_goes_both_ways_at_once():
    text = b"0123456789\n" * 200000
    for program, copy in (("recordio", text), ("fixcrio", text.replace(b"\n", b"\r\n"))):
        expect((run(program, "cat", stdin=text)[0] == copy), True)


def test_a_program_that_closes_its_input_goes_on_writing():
    script = "exec <&-; sleep 0.2; echo still here; sleep 0.1; echo and here"
    for program, end in (("recordio", b"\n"), ("fixcrio", b"\r\n")):
        stdout, _, code = run(program, "sh", "-c", script, stdin=b"x" * MEGABYTE)
        expect((stdout, code), (b"still here" + end + b"and here" + end, 0))


def test_the_last_words_of_a_program_arrive_though_its_input_goes_on():
    for program in ("recordio", "fixcrio"):
        with start(program, "sh", "-c", "echo 221 bye", stderr=subprocess.DEVNULL) as process:
            try:
                process.stdin.write(b"x" * MEGABYTE)
            except BrokenPipeError:
                pass
            expect(process.stdout.read().strip(), b"221 bye")
            process.stdin.close()


def test_a_program_nobody_reads_any_more_gets_sigpipe():
    for program in ("recordio", "fixcrio"):
        with start(program, "yes", stderr=subprocess.DEVNULL) as process:
            process.stdout.read(10)
            process.stdout.close()
            expect(process.wait(PATIENCE), -13)


def test_a_connection_that_is_reset_is_the_end_of_the_input():
    for program in ("recordio", "fixcrio"):
        with Server(reset) as server, socket.create_connection(("127.0.0.1", server.port)) as client:
            with start(program, "sh", "-c", "cat; echo over", stdin=client) as process:
                stdout, log = process.communicate(timeout=PATIENCE)
        expect((stdout.strip(), process.returncode), (b"over", 0))
        if program == "recordio":
            expect(lines_of(b"<", log), [b"[EOF]\n"])


def test_recordio_goes_on_without_a_log():
    with open("/dev/full", "wb") as full:
        expect(subprocess.run([BIN / "recordio", "cat"], input=b"a\n", stdout=subprocess.PIPE, stderr=full, timeout=PATIENCE).stdout, b"a\n")
    expect(subprocess.run([BIN / "recordio", "cat"], input=b"a\n", stdout=subprocess.PIPE, preexec_fn=lambda: os.close(2),
                          timeout=PATIENCE).stdout, b"a\n")


def processor_time(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]


def test_a_silent_program_costs_no_time():
    for program in ("recordio", "fixcrio"):
        with start(program, "cat") as process:
            process.stdin.write(b"a\n")
            process.stdout.read(10)
            used = processor_time(copier_of(process))
            time.sleep(0.3)
            expect(processor_time(copier_of(process)), used)
            process.stdin.close()


def test_a_full_disk_ends_the_filters():
    for program in ("addcr", "delcr"):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([BIN / program], input=b"a\n", stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE)
        expect((done.stderr, done.returncode), (f"{program}: fatal: unable to write output: out of disk space\n".encode(), 111))


def test_input_that_cannot_be_read_ends_the_filters():
    for program in ("addcr", "delcr"):
        folder = os.open("/", os.O_RDONLY)
        done = subprocess.run([BIN / program], stdin=folder, capture_output=True, timeout=PATIENCE)
        os.close(folder)
        expect((done.stdout, done.stderr, done.returncode), (b"", f"{program}: fatal: unable to read input: is a directory\n".encode(), 111))


def test_the_filters_answer_at_once_and_take_endless_lines():
    for program in ("addcr", "delcr"):
        with start(program) as process:
            process.stdin.write(b"a")
            expect(process.stdout.read(10), b"a")
        with open("/dev/null", "wb") as nothing, start(program, stdout=nothing, env=FRUGAL) as process:
            expect_bounded(process, process.pid)


if __name__ == "__main__":
    globals()[sys.argv[2]]()
