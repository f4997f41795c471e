#!/usr/bin/env python3
"""follow.py TEST-BIN TEST: one test of fastforward with what makes its databases and lists, in a home of its own."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.argv[1]).resolve()
PATIENCE = 30
QUEUE = """#!/bin/sh
cat >queued
tr '\\000' '!' <&1 >envelope
"""


def run(program, *args, stdin=b"", code=0, **env):
    """Its standard output; in `run.errors` what it said."""
    Path("input").write_bytes(stdin)
    env = {"PATH": f"{BIN}:/usr/bin:/bin", "QMAIL_TEST_HOME": os.getcwd(), "QMAILQUEUE": "./queue-it", **env}
    with open("input", "rb") as source:
        done = subprocess.run([BIN / program, *args], stdin=source, capture_output=True, env=env, timeout=PATIENCE)
    assert done.returncode == code, done
    run.errors = done.stderr.decode()
    return done.stdout


def expect(actual, wanted):
    assert actual == wanted, f"got:\n{actual}\nwanted:\n{wanted}"


def make_database(table):
    run("setforward", "data.cdb", "data.tmp", stdin=table.encode())


def forward(*options, message=b"Subject: x\n", **more):
    run("fastforward", *options, "data.cdb", stdin=message, **more)
    return run.errors


def envelope():
    return Path("envelope").read_text()


def test_aliases_from_table_to_queue():
    Path("etc").mkdir()
    Path("control/me").write_text("mx.example.org\n")
    # The last line has no newline, and counts.
    Path("etc/aliases").write_text('root: ann,\n "Bob B"@x.example\nstaff: :include:staff\nowner-staff: ann\nweather: "|cat >ran"')
    Path("staff").write_text("carl\n:include:./more.bin\n")
    Path("more").write_text("dora@y.example, carl\n")
    run("newaliases")
    expect(oct(Path("etc/aliases.cdb").stat().st_mode & 0o7777), "0o644")
    expect(run("printforward", stdin=Path("etc/aliases.cdb").read_bytes()).decode(),
           "root@:\n, &Bob\\ B@x.example\n, &ann@mx.example.org\n;\nstaff@:\n, ./staff.bin\n;\nstaff@: ?owner-staff@mx.example.org;\n"
           "owner-staff@:\n, &ann@mx.example.org\n;\nweather@:\n, !cat\\ >ran\n;\n")
    os.rename("etc/aliases.cdb", "data.cdb")
    for name in ("staff", "more"):
        run("newinclude", name)
    expect(run("printmaillist", stdin=Path("staff.bin").read_bytes()), b"&carl@mx.example.org\n./more.bin\n")
    forward("-d", DEFAULT="Staff", HOST="mx.example.org", SENDER="s@r.example", DTLINE="Delivered-To: staff\n")
    expect(envelope(), "Fowner-staff@mx.example.org!Tcarl@mx.example.org!Tdora@y.example!!")
    expect(Path("queued").read_text(), "Delivered-To: staff\nSubject: x\n")
    forward("-d", EXT="weather", HOST="mx.example.org", UFLINE="u\n", RPLINE="r\n", DTLINE="d\n")
    expect(Path("ran").read_text(), "u\nr\nd\nSubject: x\n")
    # What is printed can be read again.
    run("setforward", "again.cdb", "again.tmp", stdin=run("printforward", stdin=Path("data.cdb").read_bytes()))
    expect(Path("again.cdb").read_bytes(), Path("data.cdb").read_bytes())


def test_unknown_recipient_bounces_or_passes_through():
    make_database("a@x: b@r;")
    expect(forward(RECIPIENT="c@x", code=100), "Sorry, no mailbox here by that name. (#5.1.1)\n")
    expect(forward("-p", RECIPIENT="c@x"), "")
    expect(forward("-p", "-P", RECIPIENT="c@x", code=100), "Sorry, no mailbox here by that name. (#5.1.1)\n")
    forward("-p", RECIPIENT="a@x", code=99)
    expect(envelope(), "Foriginal envelope sender!Tb@r!!")


def test_dry_run_says_what_would_be_done():
    make_database("a@x: b@r, c@r, |touch\\ ran, ?o@x; nothing@: a\\\x1b@r; p@: |x;")
    expect(forward("-n", RECIPIENT="a@x", SENDER="s"), "run |touch ran\nfrom <o@x>\nto <b@r>\nto <c@r>\n")
    expect(forward("-np", RECIPIENT="nothing@x", SENDER="", code=99), "from <>\nto <a_@r>\n")
    expect(forward("-n", RECIPIENT="p@x"), "run |x\nno forwarding\n")
    assert not Path("ran").exists() and not Path("envelope").exists()
    forward("-n", "-N", RECIPIENT="a@x")
    assert Path("ran").exists() and Path("envelope").exists()


def test_bounces_keep_their_null_sender():
    make_database("l@x: b@r, ?o@x;")
    for sender in ("", "#@[]"):
        forward(RECIPIENT="l@x", SENDER=sender)
        expect(envelope(), f"F{sender}!Tb@r!!")


def test_which_variables_are_missing():
    make_database("a@x: b@r;")
    expect(forward(code=100), "fastforward: fatal: $RECIPIENT must be set\n")
    expect(forward("-d", RECIPIENT="a@x", code=100), "fastforward: fatal: $DEFAULT or $EXT must be set\n")
    expect(forward("-d", EXT="a", code=100), "fastforward: fatal: $HOST must be set\n")
    forward("-d", "-D", RECIPIENT="a@x")


def test_loops_end():
    make_database("a@x: b@x, a@x, ./l.bin; b@x: a@x; far@x: end@r;")
    run("setmaillist", "l.bin", "l.tmp", stdin=b"./l.bin\nb@x\nfar@x\n")
    forward(RECIPIENT="a@x")
    expect(envelope(), "Foriginal envelope sender!Tend@r!!")


def refused_list():
    """What is said of a list that cannot be used; the program beside it has not run, and nothing is queued."""
    said = forward(RECIPIENT="a@x", code=111)
    assert not Path("ran").exists() and not Path("envelope").exists()
    return said


def test_lists_that_cannot_be_used_defer_before_anything_is_done():
    make_database("a@x: |touch\\ ran, b@r, ./l;")
    expect(refused_list(), "fastforward: fatal: unable to read ./l: file does not exist\n")
    Path("l").mkdir()
    expect(refused_list(), "fastforward: fatal: unable to read ./l: is a directory\n")
    Path("l").rmdir()
    for device in ("/dev/zero", "/dev/tty"):
        Path("l").symlink_to(device)
        assert refused_list().startswith("fastforward: fatal: unable to read ./l: ")
        Path("l").unlink()
    os.mkfifo("l")
    expect(refused_list(), "fastforward: fatal: unable to read ./l: not a regular file\n")
    Path("l").unlink()
    Path("l").write_bytes(b"&c@r\0")
    Path("l").chmod(0o640)
    expect(refused_list(), "fastforward: fatal: ./l is not world-readable\n")
    with open("l", "wb") as huge:
        huge.truncate(1 << 40)
    Path("l").chmod(0o644)
    expect(refused_list(), "fastforward: fatal: unable to read ./l: file too big\n")


def test_half_a_database_defers():
    make_database("".join(f"u{n}@x: v{n}@r;" for n in range(100)))
    whole = Path("data.cdb").read_bytes()
    for size in (0, 1, 2047, 2048, len(whole) // 2, len(whole) - 1):
        Path("data.cdb").write_bytes(whole[:size])
        expect(forward(RECIPIENT="u1@x", code=111), "fastforward: fatal: unable to read data.cdb: cut short or no cdb; build it again\n")
    Path("data.cdb").unlink()
    Path("data.cdb").mkdir()
    expect(forward(RECIPIENT="u1@x", code=111), "fastforward: fatal: unable to read data.cdb: is a directory\n")


def test_programs_decide():
    for ends, code in ((0, 0), (1, 111), (64, 100), (65, 100), (70, 100), (76, 100), (77, 100), (78, 100), (99, 111), (100, 100), (112, 100)):
        make_database(f"a@x: |exit\\ {ends}, b@r;")
        expect(forward(RECIPIENT="a@x", code=code).startswith("fastforward: qp "), code == 0)
    Path("envelope").unlink()
    make_database("a@x: |kill\\ $$, b@r;")
    expect(forward(RECIPIENT="a@x", code=111), "fastforward: fatal: child crashed in |kill $$\n")
    make_database("a@x: |cat\\ >one, !cat\\ >two, b@r;")
    forward(RECIPIENT="a@x", message=b"m" * 100000, UFLINE="u", RPLINE="r", DTLINE="d")
    expect([len(Path(name).read_bytes()) for name in ("one", "two", "queued")], [100000, 100003, 100001])


def test_queue_decides():
    make_database("a@x: b@r;")
    for ends, code in ((31, 100), (51, 111)):
        Path("queue-it").write_text(f"#!/bin/sh\nexit {ends}\n")
        assert forward(RECIPIENT="a@x", code=code).startswith("fastforward: fatal: ")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="fastforward.") as folder:
        os.chdir(folder)
        Path("control").mkdir()
        Path("queue-it").write_text(QUEUE)
        Path("queue-it").chmod(0o755)
        globals()[sys.argv[2]]()
