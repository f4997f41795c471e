#!/usr/bin/env python3
"""logs.py TEST-BIN TEST: one test of multilog's logs: when files end, what is kept, what signals and a full disk do."""
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.argv[1])
PATIENCE = 50  # seconds; for events that may be late
LINE = b"%099d\n"


def start(*actions, **more):
    return subprocess.Popen([BIN / "multilog", *actions], bufsize=0, stderr=subprocess.PIPE,
                            **{"stdin": subprocess.PIPE, **more})


def run(*actions, stdin=b""):
    done = subprocess.run([BIN / "multilog", *actions], input=stdin, capture_output=True, timeout=PATIENCE)
    expect((done.returncode, done.stderr), (0, b""))


def expect(actual, expected):
    assert actual == expected, f"\n  expected {expected!r}\n  got      {actual!r}"


def lines(first, count):
    return b"".join(LINE % number for number in range(first, first + count))


def old_files(folder="log"):
    return sorted(Path(folder).glob("@*"))


def everything(folder="log"):
    return b"".join(path.read_bytes() for path in [*old_files(folder), Path(folder, "current")])


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def wait_for_line(process, pattern):
    """Of its standard error."""
    for line in process.stderr:
        if re.search(pattern, line):
            return line
    raise AssertionError(f"no {pattern}")


def wait_until(condition):
    """For what only the disk shows: until it is so, or the test's time is over."""
    while not condition():
        os.sched_yield()


def test_a_full_file_ends_with_a_line():
    run("s4096", "n100", "./log", stdin=lines(0, 200))
    for path in old_files():
        assert re.fullmatch(r"@[0-9a-f]{24}\.s", path.name), path
        assert 4096 - 2000 <= path.stat().st_size <= 4096, path.stat().st_size
        assert path.read_bytes().endswith(b"\n")
    assert len(old_files()) >= 5
    expect(everything(), lines(0, 200))


def test_a_line_longer_than_a_file_is_divided():
    text = b"x" * 10000 + b"\nshort\n"
    run("s4096", "./log", stdin=text)
    expect([path.stat().st_size for path in old_files()][:2], [4096, 4096])
    expect(everything(), text)


def test_a_line_goes_whole_to_each_log():
    text = b"begin" + bytes(range(32, 127)) * 20 + b"\0\xff end\n"
    run("-*", "+begin*", "./log", stdin=text)
    expect(everything(), text)


def test_the_smallest_size_is_4096():
    for size in ("s1", "s", "sx", "s4095"):
        run(size, f"./{size}", stdin=lines(0, 100))
        assert max(path.stat().st_size for path in old_files(size)) > 2000


def test_the_oldest_goes():
    run("s4096", "n3", "./log", stdin=lines(0, 400))
    expect(len(old_files()), 2)
    expect(everything(), lines(0, 400)[-len(everything()):])
    run("n1", "s4096", "./log", stdin=lines(400, 400))
    expect(len(old_files()), 1)


def test_other_names_stay():
    Path("log").mkdir()
    for name in ("@short", "@" + "4" * 23, "mine"):
        Path("log", name).touch()
    run("s4096", "n2", "./log", stdin=lines(0, 400))
    expect(sorted(path.name for path in Path("log").iterdir() if path.stat().st_size == 0),
           sorted(["@short", "@" + "4" * 23, "mine", "lock", "state"]))


def test_modes_tell_what_is_whole():
    with start("s4096", "./log") as process:
        process.stdin.write(lines(0, 60))
        wait_until(lambda: Path("log/current").exists() and old_files())
        expect(mode("log/current"), 0o644)
        process.stdin.close()
        process.wait(PATIENCE)
    expect((mode("log"), mode("log/current"), mode("log/lock")), (0o700, 0o744, 0o600))
    expect({mode(path) for path in old_files()}, {0o744})


def test_a_killed_one_leaves_what_it_wrote():
    with start("./log") as process:
        process.stdin.write(b"first\nsecond\n")
        wait_until(lambda: Path("log/current").exists() and Path("log/current").stat().st_size == 13)
        process.kill()
    run("./log", stdin=b"third\n")
    expect([path.name[-2:] for path in old_files()], [".u"])
    expect(everything(), b"first\nsecond\nthird\n")


def test_a_second_writer_is_refused():
    with start("./log") as process:
        process.stdin.write(b"first\n")
        wait_until(lambda: Path("log/current").exists() and Path("log/current").stat().st_size)
        done = subprocess.run([BIN / "multilog", "./log"], input=b"other\n", capture_output=True, timeout=PATIENCE)
        expect(done.returncode, 111)
        expect(done.stderr, b"multilog: fatal: unable to lock directory ./log: temporary failure\n")
        process.stdin.close()
    expect(everything(), b"first\n")


def test_alrm_begins_a_new_file():
    with start("./log", "./empty", "-never") as process:
        process.stdin.write(b"first\n")
        wait_until(lambda: Path("log/current").exists() and Path("log/current").stat().st_size)
        process.send_signal(signal.SIGALRM)
        wait_until(old_files)
        process.stdin.write(b"second\n")
        process.stdin.close()
        expect(process.wait(PATIENCE), 0)
    expect([path.read_bytes() for path in old_files()], [b"first\n"])
    expect(Path("log/current").read_bytes(), b"second\n")


def test_alrm_leaves_what_is_empty():
    with start("-*", "./log", "+*", "./other") as process:
        process.stdin.write(b"first\n")
        wait_until(lambda: Path("other/current").exists() and Path("other/current").stat().st_size)
        process.send_signal(signal.SIGALRM)
        wait_until(lambda: old_files("other"))
        process.stdin.close()
    expect(old_files(), [])


def test_term_ends_at_the_end_of_the_line():
    read, write = os.pipe()
    with start("./log", stdin=read) as process:
        os.write(write, b"first\nsec")
        wait_until(lambda: Path("log/current").exists() and Path("log/current").stat().st_size)
        process.send_signal(signal.SIGTERM)
        os.write(write, b"ond\nthird\n")
        expect(process.wait(PATIENCE), 0)
    expect(Path("log/current").read_bytes(), b"first\nsecond\n")
    expect(mode("log/current"), 0o744)
    os.close(write)
    expect(os.read(read, 100), b"third\n")


def test_term_between_lines_ends_it():
    with start("./log") as process:
        process.stdin.write(b"first\n")
        wait_until(lambda: Path("log/current").exists() and Path("log/current").stat().st_size)
        process.send_signal(signal.SIGTERM)
        expect(process.wait(PATIENCE), 0)
    expect(Path("log/current").read_bytes(), b"first\n")


def test_term_comes_through_a_flood():
    with subprocess.Popen(["yes", "line"], stdout=subprocess.PIPE) as flood:
        with start("n2", "./log", stdin=flood.stdout) as process:
            wait_until(lambda: Path("log/current").exists() and old_files())
            process.send_signal(signal.SIGTERM)
            expect(process.wait(PATIENCE), 0)
        flood.kill()
    assert Path("log/current").read_bytes().replace(b"line\n", b"") == b""


def test_a_full_disk_loses_nothing():
    # Nearer to a full disk than this no test comes without one of its own: no file may have more than 1000 bytes.
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))

    with start("./log", preexec_fn=limit) as process:
        process.stdin.write(lines(0, 20))
        process.stdin.close()
        expect(wait_for_line(process, b"pausing"),
               b"multilog: warning: unable to write to ./log/current, pausing: file too big\n")
        expect(Path("log/current").stat().st_size, 1000)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        expect(process.wait(PATIENCE), 0)
    expect(everything(), lines(0, 20))


def test_a_processor_makes_the_old_files():
    run("s4096", "n100", "!tr 0-9 a-j; read last <&4; echo $((last + 1)) >&5", "./log", stdin=lines(0, 200))
    files = len(old_files())
    assert files >= 5
    expect(Path("log/state").read_bytes(), b"%d\n" % files)
    whole = everything().replace(Path("log/current").read_bytes(), b"")
    expect(whole.translate(bytes.maketrans(b"abcdefghij", b"0123456789")), lines(0, 200)[: len(whole)])
    expect({(path.name[-2:], mode(path)) for path in old_files()}, {(".s", 0o744)})
    expect([Path("log", name).exists() for name in ("previous", "processed", "newstate")], [False] * 3)


def test_a_processor_that_fails_runs_again():
    processor = "!if mkdir once; then echo half; echo half >&5; exit 1; fi; cat"
    with start("s4096", processor, "./log") as process:
        process.stdin.write(lines(0, 45))
        expect(wait_for_line(process, b"pausing"), b"multilog: warning: processor failed in ./log, pausing\n")
        process.stdin.close()
        expect(process.wait(PATIENCE), 0)
    expect(everything(), lines(0, 45))
    expect(Path("log/state").read_bytes(), b"")


def test_a_processor_that_crashes_runs_again():
    with start("s4096", "!if mkdir once; then kill -9 $$; fi; cat", "./log") as process:
        process.stdin.write(lines(0, 45))
        expect(wait_for_line(process, b"pausing"), b"multilog: warning: processor crashed in ./log, pausing\n")
        process.stdin.close()
        expect(process.wait(PATIENCE), 0)
    expect(everything(), lines(0, 45))


def test_a_processor_gets_default_signals():
    report = "!grep -E '^Sig(Blk|Ign)' /proc/self/status >&5; cat"
    run("s4096", report, "./log", stdin=lines(0, 45))
    for line in Path("log/state").read_text().splitlines():
        expect(int(line.split()[1], 16) & (1 << signal.SIGTERM - 1 | 1 << signal.SIGALRM - 1 | 1 << signal.SIGPIPE - 1), 0)


def test_a_status_file_has_the_last_line():
    run("-*", "+STAT*", "=status", stdin=b"STAT 1\nother\n" + b"STAT" + b"x" * 2000 + b"\n")
    expect(Path("status").read_bytes(), b"STAT" + b"x" * 996 + b"\n")
    run("=status", stdin=b"short\n")
    expect(Path("status").read_bytes(), b"short" + b"\n" * 996)


def test_input_that_cannot_be_read_is_told():
    with start("./log", stdin=os.open("/", os.O_RDONLY)) as process:
        expect(process.stderr.read(), b"multilog: fatal: unable to read standard input: is a directory\n")
        expect(process.wait(PATIENCE), 111)
    expect(mode("log/current"), 0o744)


def test_memory_is_bounded():
    with start("n2", "s16777215", "./log") as process:
        process.stdin.write(b"x" * 100000)
        peak = Path(f"/proc/{process.pid}/status")
        before = int(re.search(r"VmHWM:\s+(\d+)", peak.read_text())[1])
        for _ in range(200):
            process.stdin.write(b"x\0" * 50000)
        grown = int(re.search(r"VmHWM:\s+(\d+)", peak.read_text())[1]) - before
        process.stdin.close()
    assert grown < 1024, f"{grown} KB more"


def main():
    with tempfile.TemporaryDirectory(prefix="multilog.") as folder:
        os.chdir(folder)
        globals()[sys.argv[2]]()


if __name__ == "__main__":
    main()
