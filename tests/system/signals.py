#!/usr/bin/env python3
"""What the running system does when it is told something by a signal: qmail-send(8), qmail-run(8)."""
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, PATIENCE, run, run_as, wait_for_port, wait_until  # noqa: E402
from scenario import main  # noqa: E402


def prepared(machine):
    machine.install()
    home = machine.add_user("me")
    machine.start_dns()
    return home


def send(recipient):
    run_as("me", "/var/qmail/bin/sendmail", recipient, stdin=b"Subject: hello\n\n")


def send_until(machine, recipient, pattern):
    """Mail until one is handled so: the signal passes through qmail-run, and nothing tells when it has arrived."""
    for _ in range(100):
        mark = machine.log.mark()
        send(recipient)
        if machine.log.wait(r"starting delivery \d+: msg \d+ to (.*)", after=mark)[1] == pattern:
            return
    raise AssertionError(f"never: {pattern}")


def signals_hup_rereads_locals(machine):
    """A domain added to control/locals counts after HUP, and not before."""
    prepared(machine)
    machine.start()
    send("me@new.example")
    machine.log.wait(r"starting delivery 1: msg \d+ to remote me@new\.example")
    machine.control("locals", "mx.example.org", "new.example")
    send("me@new.example")
    machine.log.wait(r"to remote me@new\.example", count=2)
    mark = machine.log.mark()
    run("pkill", "-HUP", "-x", "qmail-send")
    send("me@new.example")
    machine.log.wait(r"to local me@new\.example", after=mark)
    machine.log.wait(r"success: did_1\+0\+0/", after=mark)
    assert any(b"Delivered-To: me@new.example\n" in message for message in machine.maildir("me"))


def signals_hup_rereads_virtualdomains(machine):
    """qmail-run passes HUP on; a virtual domain is added, and taken away again."""
    home = prepared(machine)
    (home / ".qmail-default").write_text("./Maildir/\n")
    machine.start()
    machine.control("virtualdomains", "virtual.example:me-virtual")
    machine.daemon.send_signal(signal.SIGHUP)
    send_until(machine, "joe@virtual.example", "local me-virtual-joe@virtual.example")
    (HOME / "control/virtualdomains").unlink()
    machine.daemon.send_signal(signal.SIGHUP)
    send_until(machine, "joe@virtual.example", "remote joe@virtual.example")


def signals_alrm_retries(machine):
    """qmail-run passes ALRM on: what waits is tried at once."""
    home = prepared(machine)
    (home / ".qmail").write_text("|exit 111\n")
    machine.start()
    send("me")
    machine.log.wait(r"delivery 1: deferral: ")
    (home / ".qmail").unlink()
    machine.daemon.send_signal(signal.SIGALRM)
    machine.log.wait(r"delivery 2: success: ")
    assert len(machine.maildir("me")) == 1


def signals_term_waits_for_deliveries(machine):
    """TERM: the delivery that runs is finished, none is started, and what came meanwhile waits for the next start."""
    home = prepared(machine)
    os.mkfifo(home / "go")
    (home / "go").chmod(0o666)
    (home / ".qmail").write_text("|read word < go; echo $word\n./Maildir/\n")
    machine.start("send")
    send("me")
    with (home / "go").open("w") as go:  # opens once the command reads
        machine.daemon.terminate()
        run("pkill", "-TERM", "-x", "qmail-send")
        send("postmaster")
        go.write("done\n")
    assert machine.daemon.wait(PATIENCE) == 0
    machine.log.thread.join(PATIENCE)
    text = "\n".join(machine.log.lines)
    assert "delivery 1: success: done/did_1+0+1/" in text and "starting delivery 2" not in text
    assert machine.log.lines[-1].endswith("status: exiting")
    assert len(machine.maildir("me")) == 1
    machine.start("send")
    machine.log.wait(r"end msg")
    assert len(machine.maildir("alias")) == 1


def signals_term_ends_everything(machine):
    """TERM to qmail-run, with a session open that says nothing more: the client leaves, all ends, exit code 0."""
    prepared(machine)
    machine.start()
    with machine.smtp() as client:
        client.helo()
        machine.daemon.terminate()
        assert client.mail("joe@remote.example")[0] == 250
    assert machine.stop() == 0
    assert machine.log.lines[-1].endswith("status: exiting")
    wait_until(lambda: run("pgrep", "--runstates", "R,S,D", "qmail|tcpserver", check=False).stdout == b"")


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def signals_first_process(machine):
    """qmail-run as a container's first process: reaps the orphans that deliveries leave, and stops cleanly on TERM."""
    home = prepared(machine)
    os.mkfifo(home / "go")
    (home / ".qmail").write_text("|sh -c 'read word < go' </dev/null >/dev/null 2>&1 &\n")
    machine.start(inside=("unshare", "--pid", "--fork", "--mount-proc"))
    (first,) = children(machine.daemon.pid)
    wait_for_port(25)
    daemons = set(children(first))
    send("me")
    machine.log.wait(r"end msg")
    wait_until(lambda: len(set(children(first)) - daemons) == 1)
    (home / "go").write_text("end\n")
    wait_until(lambda: set(children(first)) == daemons)
    os.kill(first, signal.SIGTERM)
    assert machine.daemon.wait(PATIENCE) == 0
    machine.log.thread.join(PATIENCE)
    assert machine.log.lines[-1].endswith("status: exiting")


if __name__ == "__main__":
    main(globals())
