#!/usr/bin/env python3
"""Where the log goes: files that rotate (multilog(8)), and its twin in JSON (qmail-log(5))."""
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import PATIENCE, run, wait_until  # noqa: E402
from remote import Server  # noqa: E402
from scenario import main  # noqa: E402

BIN = "/var/qmail/bin"
MAIL = b"From: me@example.org\nTo: joe@remote.example\nMessage-ID: <1.followed@example.org>\nSubject: \xff\xfe \x01\n\nhi\n"


def placed(machine):
    machine.install()
    machine.add_user("me")
    machine.start_dns()


def folder_for_logs(name):
    folder = Path("/var/log") / name
    folder.mkdir()
    shutil.chown(folder, "qmaill")
    return folder


def lines_of(folder):
    files = [*sorted(folder.glob("@*")), folder / "current"]
    return [line for path in files if path.exists() for line in path.read_text().splitlines()]


def send(message=MAIL, *recipients):
    run("sendmail", "-f", "me@example.org", *(recipients or ["joe@remote.example"]), stdin=message)


def logs_follow_one_message(machine):
    """The twin has one id for all of a message's life: refused for now, moved, over a restart, and taken at last."""
    placed(machine)
    twin = folder_for_logs("twin")
    machine.control("jsonlog", f"multilog s1000000 n5 {twin}")
    answers = [b"450 4.2.0 busy\r\n", b"250 ok\r\n"]
    Server(lambda line: answers[0] if len(answers) == 1 else answers.pop(0))
    machine.start("send")
    send()
    machine.log.wait(r"delivery 1: deferral: 192\.0\.2\.25_does_not_like_recipient\./Remote_host_said:_450_4\.2\.0_busy/")
    machine.stop()
    machine.start("send")
    machine.drain()
    machine.log.wait(r"end msg")
    machine.stop()

    told = [json.loads(line) for line in lines_of(twin)]
    about = [line for line in told if "id" in line]
    assert len({line["id"] for line in about}) == 1, about
    assert [line["event"] for line in about] == ["new", "info", "starting", "delivery", "starting", "delivery", "end"], about
    info, (first, last) = about[1], [line for line in about if line["event"] == "delivery"]
    assert info["message_id"] == "<1.followed@example.org>" and info["sender"] == "me@example.org" and info["bytes"] > len(MAIL), info
    assert (first["result"], first["host"], first["answer"]) == ("deferral", "192.0.2.25", "450 4.2.0 busy"), first
    assert (last["result"], last["host"], last["answer"]) == ("success", "192.0.2.25", "250 taken"), last
    assert first["recipient"] == last["recipient"] == "joe@remote.example" and first["sender"] == "me@example.org", first
    assert [line["text"] for line in told if line["event"] == "status"][-1] == "status: exiting"
    times = [line["time"] for line in told]
    assert times == sorted(times) and times[0].endswith("Z"), times


def logs_without_a_twin_program(machine):
    """A program that is not there, or that ends, costs its lines and a warning, and no mail."""
    placed(machine)
    for count, (program, warning) in enumerate((
        ("/nonexistent/logger", r"^\S+ warning: no JSON log: unable to start /nonexistent/logger: file does not exist"),
        ("true", r"^\S+ warning: nobody reads the JSON log any more"),
    ), 1):
        machine.control("jsonlog", program)
        machine.start("send")
        send(MAIL, "me@example.org")
        machine.log.wait(r"end msg")
        send(MAIL, "me@example.org")
        machine.log.wait(r"end msg", count=2)
        machine.log.wait(warning)
        machine.stop()
        assert len(machine.maildir("me")) == 2 * count


def logs_with_a_twin_program_that_hangs(machine):
    """Nothing waits for a reader that takes nothing."""
    placed(machine)
    stuck = Path("/usr/local/bin/stuck")
    # Until qmail-send is gone.
    stuck.write_text("#!/bin/sh\nwhile [ -d /proc/$PPID ]; do sleep 0.1; done\n")
    stuck.chmod(0o755)
    machine.control("jsonlog", str(stuck))
    machine.start("send")
    for count in range(1, 4):
        send(MAIL, "me@example.org")
        machine.log.wait(r"end msg", count=count)
    assert machine.stop() == 0
    assert len(machine.maildir("me")) == 3


def logs_in_files(machine):
    """multilog as the logger of qmail-start: the files are whole, and every reader of logs reads them."""
    placed(machine)
    folder = folder_for_logs("qmail")
    daemon = subprocess.Popen([f"{BIN}/qmail-start", "./Maildir/", "multilog", "t", "s4096", "n50", folder],
                              env={"PATH": f"{BIN}:/usr/bin:/bin"}, stdin=subprocess.DEVNULL)
    wait_until(lambda: (folder / "current").exists() and "status:" in (folder / "current").read_text())
    count = 40
    for _ in range(count):
        send(MAIL, "me@example.org")
    wait_until(lambda: sum("end msg" in line for line in lines_of(folder)) == count)
    os.kill(daemon.pid, signal.SIGTERM)
    assert daemon.wait(PATIENCE) == 0
    current = folder / "current"
    wait_until(lambda: stat.S_IMODE(current.stat().st_mode) == 0o744)
    old = sorted(folder.glob("@*"))
    assert old and {(path.suffix, stat.S_IMODE(path.stat().st_mode)) for path in old} == {(".s", 0o744)}
    log = "".join(line + "\n" for line in lines_of(folder)).encode()
    assert log.endswith(b"status: exiting\n")
    report = json.loads(run("qmail-report", "--json", *old, current).stdout)
    assert report["messages"]["done"] == count, report
    assert run("sh", "-c", "matchup 5>/dev/null", stdin=log).stdout.count(b"d k ") == count
    shown = run("tai64nlocal", stdin=log).stdout
    assert b"@4" not in shown and shown.count(b"\n") == log.count(b"\n")


def logs_on_a_full_disk(machine):
    """multilog waits, says so, and loses nothing."""
    machine.place()
    small = Path("/var/log/small")
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=128k", "small", small], check=True)
    filler = small / "filler"
    lines = b"".join(b"%099d\n" % number for number in range(500))
    with subprocess.Popen([f"{BIN}/multilog", "s16384", "n50", small / "log"], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(lines[:100])
        process.stdin.flush()
        wait_until(lambda: (small / "log/current").exists() and (small / "log/current").stat().st_size == 100)
        filler.write_bytes(b"x" * 100 * 1024)
        process.stdin.write(lines[100:])
        process.stdin.close()
        told = process.stderr.readline()
        assert told.startswith(b"multilog: warning: unable to ") and told.endswith(b", pausing: out of disk space\n"), told
        filler.unlink()
        assert process.wait(PATIENCE) == 0
    assert b"".join(path.read_bytes() for path in [*sorted((small / "log").glob("@*.s")), small / "log/current"]) == lines


if __name__ == "__main__":
    main(globals())
