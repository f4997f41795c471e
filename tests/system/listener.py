#!/usr/bin/env python3
"""tcpserver as root on a real network: identity, names, rules and limits."""
import contextlib
import ipaddress
import os
import re
import select
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, PATIENCE, Lines, ZONES, connect, run, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402

PORT = 2525


def ids(user):
    """(uid, gid) of one of the seven."""
    for line in (HOME / "users/ids").read_text().splitlines():
        name, uid, gid = line.split(":")
        if name == user:
            return uid, gid
    raise AssertionError(user)


@contextlib.contextmanager
def serving(*arguments, options=(), **kw):
    """tcpserver on PORT with `options` and the program `arguments`; gives its log."""
    server = subprocess.Popen(["tcpserver", "-v", "-R", *options, "0", str(PORT), *arguments], stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, **kw)
    log = Lines(server.stderr)
    try:
        log.wait(r"tcpserver: status: 0/")
        yield log
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0


def visit(**kw):
    """All that the program says to a client on the remote host."""
    with connect(PORT, **kw) as connection:
        return connection.makefile("r", errors="replace").read()


def listener_identity(machine):
    """-u and -g: uid and gid are qmaild's, and root's further groups are gone."""
    machine.install()
    uid, gid = ids("qmaild")
    script = "grep -E '^(Uid|Gid|Groups):' /proc/self/status"
    with serving("sh", "-c", script, options=("-H", "-l0", "-u", uid, "-g", gid), extra_groups=[4, 27]):
        said = {line.split()[0]: set(line.split()[1:]) for line in visit().splitlines()}
    assert said["Uid:"] == {uid} and said["Gid:"] == {gid} and said["Groups:"] <= {gid}, said


def listener_runs_smtpd_as_qmaild(machine):
    """The installed listener: a session's qmail-smtpd is qmaild, and nothing more."""
    machine.install()
    machine.start()
    with machine.smtp() as client:
        assert client.helo()[0] == 250
        pid = machine.log.wait(r"tcpserver: pid (\d+) from 192\.0\.2\.25")[1]
        status = Path(f"/proc/{pid}/status").read_text()
    uid, gid = ids("qmaild")
    assert "Name:\tqmail-smtpd\n" in status
    assert f"Uid:\t{uid}\t{uid}\t{uid}\t{uid}\n" in status and f"Gid:\t{gid}\t{gid}\t{gid}\t{gid}\n" in status
    assert set(re.search(r"Groups:\t(.*)", status)[1].split()) <= {gid}


def names(machine):
    """A name server with reverse zones: .25 and ::25 say the truth, .26 lies, .53 has no name."""
    v6 = ipaddress.ip_address("2001:db8::25").reverse_pointer
    host, zone = v6[: v6.index("8.b.d.0")].rstrip("."), v6[v6.index("8.b.d.0"):]
    machine.start_dns({
        **ZONES,
        "2.0.192.in-addr.arpa": "25 IN PTR MX.remote.example.\n26 IN PTR mx.remote.example.\n1 IN PTR mx.example.org.\n",
        zone: f"{host} IN PTR mx6.remote.example.\n",
    })


def remote_host(**kw):
    found = re.search(r"^TCPREMOTEHOST=(.*)$", visit(**kw), re.M)
    return found and found[1]


def listener_remote_host(machine):
    """-h: the client's name from DNS, in lower case, over IPv4 and IPv6; unset without one."""
    machine.install()
    names(machine)
    with serving("env", env={**os.environ, "TCPREMOTEHOST": "left.over.example"}) as log:
        assert remote_host() == "mx.remote.example"
        assert remote_host(address="2001:db8::1") == "mx6.remote.example"
        assert remote_host(source="192.0.2.26") == "mx.remote.example"
        assert remote_host(source="192.0.2.53") is None
        log.wait(r"ok \d+ mx\.example\.org:192\.0\.2\.1:2525 mx\.remote\.example:192\.0\.2\.25::\d+")
    with serving("env", options=("-H",), env={**os.environ, "TCPREMOTEHOST": "left.over.example"}):
        assert remote_host() is None


def listener_paranoid(machine):
    """-p: a name that does not lead back to the client's address is not believed."""
    machine.install()
    names(machine)
    with serving("env", options=("-p",)):
        assert remote_host() == "mx.remote.example"
        assert remote_host(address="2001:db8::1") == "mx6.remote.example"
        assert remote_host(source="192.0.2.26") is None


def rcpt_code(machine, source):
    with machine.smtp(source=source) as client:
        client.helo()
        client.mail("joe@remote.example")
        return client.rcpt("somebody@third.example")[0]


def listener_rules_change_while_running(machine):
    """tcp.smtp is edited and compiled: it counts for the next connection, without a restart."""
    machine.install()
    machine.start()
    assert rcpt_code(machine, "192.0.2.25") == 553
    rules = (HOME / "control/tcp.smtp").read_text()
    added = '192.0.2.25:allow,RELAYCLIENT=""\n192.0.2.53:deny\n'
    compiled = (str(HOME / "control/tcp.smtp.cdb"), str(HOME / "control/tcp.smtp.tmp"))
    run("tcprules", *compiled, stdin=(added + rules).encode())
    assert rcpt_code(machine, "192.0.2.25") == 250
    assert rcpt_code(machine, "192.0.2.26") == 553
    with connect(source="192.0.2.53") as connection:
        assert connection.recv(100) == b""
    machine.log.wait(r"tcpserver: deny \d+ .*:192\.0\.2\.53:")
    run("tcprules", *compiled, stdin=rules.encode())
    assert rcpt_code(machine, "192.0.2.25") == 553


def listener_limit_queues(machine):
    """-c 2: nobody is refused, but only two are served at a time, and each one's turn comes."""
    machine.install()
    with serving("sh", "-c", "echo hello; read word", options=("-H", "-l0", "-c2")) as log:
        waiting = [connect(PORT) for _ in range(6)]
        log.wait(r"status: 2/2")
        while waiting:
            served, _, _ = select.select(waiting, [], [], PATIENCE)
            assert 1 <= len(served) <= 2
            assert served[0].recv(6) == b"hello\n"
            waiting.remove(served[0])
            served[0].close()
    counts = [int(found[1]) for found in (re.search(r"status: (\d+)/2", line) for line in log.lines) if found]
    assert max(counts) == 2 and sum("tcpserver: ok" in line for line in log.lines) == 6


def listener_forty_sessions(machine):
    """As installed, forty sessions at a time; the next client is greeted when one of them has left."""
    machine.install()
    machine.start()
    wait_for_port(25)
    machine.log.wait(r"status: 0/40", count=2)
    served = [connect() for _ in range(40)]
    for connection in served:
        assert connection.recv(100).startswith(b"220 ")
    machine.log.wait(r"status: 40/40")
    with connect() as late:
        assert select.select([late], [], [], 0)[0] == []
        served[0].sendall(b"QUIT\r\n")
        assert late.recv(100).startswith(b"220 ")
    for connection in served:
        connection.close()
    assert not any(re.search(r"status: 4[1-9]/", line) for line in machine.log.lines)


def listener_sessions_by_control_file(machine):
    """control/concurrencyincoming sets how many."""
    machine.install()
    machine.control("concurrencyincoming", "3")
    machine.start()
    machine.log.wait(r"tcpserver: status: 0/3")


if __name__ == "__main__":
    main(globals())
