#!/usr/bin/env python3
"""serve.py TEST-BIN TEST: one test of tcpserver, with real connections on loopback."""
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.argv[1])
SKIPPED = 77
PATIENCE = 20
STARTERS = 1  # while there is never more than one program to be started


class Server:
    """A tcpserver on a free port; what it wrote to standard error is in .log once it was stopped."""

    def __init__(self, *args, program=("env",), host="127.0.0.1", env=None, **more):
        command = [BIN / "tcpserver", *args, "-1", host, "0", *program]
        self.process = subprocess.Popen(
            command, text=True, env={"PATH": f"{BIN}:/usr/bin:/bin", **(env or {})},
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
        )
        self.port = int(self.process.stdout.readline())
        self.log = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        self.log = self.process.communicate(timeout=PATIENCE)[1]

    def connect(self, host="127.0.0.1"):
        return socket.create_connection((host, self.port), timeout=PATIENCE)

    def visit(self, host="127.0.0.1"):
        """What a client is sent, and its own port."""
        with self.connect(host) as client:
            return read(client), client.getsockname()[1]

    def lines(self):
        """The log with process numbers as PID."""
        return re.sub(r"\b(pid|end|ok|deny) \d+", r"\1 PID", self.log).splitlines()


def read(client):
    text = b""
    try:
        while block := client.recv(65536):
            text += block
    except ConnectionResetError:
        pass  # the program ended without reading what we sent
    return text.decode()


def variables(text):
    return dict(line.split("=", 1) for line in text.splitlines())


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"still waiting: {what}"
        time.sleep(0.01)


def expect(actual, expected):
    assert actual == expected, f"\n  expected {expected!r}\n  got      {actual!r}"


def compile_rules(folder, text):
    cdb = Path(folder) / "rules.cdb"
    subprocess.run([BIN / "tcprules", cdb, f"{cdb}.tmp"], input=text, text=True, check=True)
    return str(cdb)


def test_environment_is_that_of_tcp_environ():
    stale = {"TCPREMOTEHOST": "stale", "TCPREMOTEINFO": "stale", "KEPT": "yes"}
    with Server("-HRlmx.example", env=stale) as server:
        text, port = server.visit()
    seen = variables(text)
    seen.pop("PATH")
    expect(seen, {
        "KEPT": "yes", "PROTO": "TCP", "TCPLOCALHOST": "mx.example", "TCPLOCALIP": "127.0.0.1",
        "TCPLOCALPORT": str(server.port), "TCPREMOTEIP": "127.0.0.1", "TCPREMOTEPORT": str(port),
    })


def test_status_lines():
    with Server("-vHRlmx.example", program=("sh", "-c", "exit 3")) as server:
        _, port = server.visit()
        # The next number is told once the first program was seen to end.
        wait_until(lambda: not children_of(server.process.pid), "the program's end")
        time.sleep(0.1)
    expect(server.lines(), [
        "tcpserver: status: 0/40",
        "tcpserver: status: 1/40",
        "tcpserver: pid PID from 127.0.0.1",
        f"tcpserver: ok PID mx.example:127.0.0.1:{server.port} :127.0.0.1::{port}",
        "tcpserver: end PID status 768",
        "tcpserver: status: 0/40",
    ])


def children_of(pid):
    """But for those that are tcpserver itself: they start programs, or look up names."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for child in children if program_of(child) != BIN.resolve() / "tcpserver"]


def program_of(pid):
    try:
        return Path(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return None  # it has ended and waits to be seen so


def test_a_program_that_cannot_be_run_drops_the_connection():
    for options in ("-HRl0", "-HR"):
        with Server(options, program=("/nonexistent",)) as server:
            expect(server.visit()[0], "")
        expect(server.lines(), ["tcpserver: warning: dropping connection, unable to run /nonexistent: "
                                "file does not exist"])


def test_rules_allow_deny_and_set_variables():
    with tempfile.TemporaryDirectory() as folder:
        cdb = compile_rules(folder, '127.0.0.1:allow,RELAYCLIENT="",TCPREMOTEHOST="by.rule"\n:deny\n')
        for options in ("-vHRl0", "-vHR"):
            with Server(options, "-x", cdb) as server:
                seen = variables(server.visit()[0])
                expect((seen["RELAYCLIENT"], seen["TCPREMOTEHOST"]), ("", "by.rule"))
                compile_rules(folder, "127.:deny\n")  # counts from the next connection
                text, port = server.visit()
                expect(text, "")
                wait_until(lambda: not children_of(server.process.pid), "the child's end")
                time.sleep(0.1)
            local = "0" if options == "-vHRl0" else ""
            expect(server.lines()[-4:], [
                "tcpserver: pid PID from 127.0.0.1",
                f"tcpserver: deny PID {local}:127.0.0.1:{server.port} :127.0.0.1::{port}",
                "tcpserver: end PID status 25600",
                "tcpserver: status: 0/40",
            ])
            compile_rules(folder, '127.0.0.1:allow,RELAYCLIENT="",TCPREMOTEHOST="by.rule"\n:deny\n')


def test_without_its_rules_file_it_drops_connections_unless_x():
    with Server("-HRl0", "-x", "/nonexistent") as server:
        expect(server.visit()[0], "")
    expect(server.lines(), ["tcpserver: warning: dropping connection, unable to read /nonexistent: "
                            "file does not exist"])
    with Server("-HRl0", "-X", "-x", "/nonexistent") as server:
        assert "PROTO" in variables(server.visit()[0])


def test_a_damaged_rules_file_drops_the_connection_and_not_the_server():
    with tempfile.TemporaryDirectory() as folder:
        cdb = Path(folder) / "rules.cdb"
        for damage in ("", "not a cdb"):
            cdb.write_text(damage)
            with Server("-HRl0", "-X", "-x", str(cdb)) as server:
                expect(server.visit()[0], "")
                expect(server.visit()[0], "")
                assert server.process.poll() is None
            assert "dropping connection, unable to read" in server.log, server.log


def test_tcprulescheck_tells_what_tcpserver_does():
    with tempfile.TemporaryDirectory() as folder:
        cdb = compile_rules(folder, '10.0-1.:allow,A="1",B="2"\n=.evil.example:deny\n')
        for env, answer in (
            ({"TCPREMOTEIP": "10.1.9.9"}, "rule 10.1.:\nset environment variable A=1\n"
                                          "set environment variable B=2\nallow connection\n"),
            ({"TCPREMOTEHOST": "x.evil.example"}, "rule =.evil.example:\ndeny connection\n"),
            ({}, "default:\nallow connection\n"),
        ):
            expect(subprocess.run([BIN / "tcprulescheck", cdb], env=env, capture_output=True, text=True).stdout, answer)


def test_no_more_than_c_programs_run_at_once():
    with Server("-vHRl0", "-c2", program=("cat",)) as server:
        first, second, third = (server.connect() for _ in range(3))
        wait_until(lambda: len(children_of(server.process.pid)) == 2, "two programs")
        third.sendall(b"hello")
        time.sleep(0.3)
        expect(len(children_of(server.process.pid)), 2)
        first.close()
        third.settimeout(PATIENCE)
        expect(third.recv(5), b"hello")
        second.close()
        third.close()
        wait_until(lambda: not children_of(server.process.pid), "no programs")
    assert "3/2" not in server.log and "2/2" in server.log, server.log


def test_the_banner_comes_first():
    with Server("-HRl0", "-B", "220 wait\r\n", program=("echo", "done")) as server:
        expect(server.visit()[0], "220 wait\r\ndone\n")


def test_ipv6_and_ipv4_on_one_socket():
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        sys.exit(SKIPPED)
    for host in ("0", "::"):
        with Server("-vHRl0", host=host) as server:
            six = variables(server.visit("::1")[0])
            four = variables(server.visit("127.0.0.1")[0])
        expect((six["TCPREMOTEIP"], six["TCPLOCALIP"], six["PROTO"]), ("::1", "::1", "TCP"))
        expect((four["TCPREMOTEIP"], four["TCPLOCALIP"]), ("127.0.0.1", "127.0.0.1"))
        assert f":[::1]:{server.port}" in server.log and "from ::1" in server.log, server.log
    with Server("-HRl0", host="::1") as server:
        expect(variables(server.visit("::1")[0])["TCPLOCALIP"], "::1")


def test_term_ends_the_server_and_not_its_programs():
    with Server("-HRl0", program=("cat",)) as server:
        with server.connect() as client:
            client.sendall(b"one")
            expect(client.recv(3), b"one")
            server.process.send_signal(signal.SIGTERM)
            expect(server.process.wait(PATIENCE), 0)
            client.sendall(b"two")
            expect(client.recv(3), b"two")


def test_the_program_starts_with_clean_descriptors_and_signals():
    script = "ls /proc/self/fd | tr '\\n' ' '; grep -E '^Sig(Blk|Ign):' /proc/self/status"
    for options in ("-HRl0", "-HR"):
        with Server(options, program=("bash", "-c", script)) as server:
            text = server.visit()[0]
        # 3 is the folder that ls itself reads; the signals from 32 on are the C library's own.
        descriptors, blocked, ignored = re.fullmatch(r"([0-9 ]*) SigBlk:\s(\w+)\nSigIgn:\s(\w+)\n", text).groups()
        expect((descriptors, int(blocked, 16), int(ignored, 16) & 0x7FFFFFFF), ("0 1 2 3", 0, 0))


def test_it_does_not_matter_that_descriptors_were_closed_before():
    def close_some():
        os.close(0)
        os.close(2)

    for options in ("-HRl0", "-HR"):
        with Server(options, preexec_fn=close_some) as server:
            for _ in range(3):
                assert "PROTO" in variables(server.visit()[0])


def test_ident_gives_the_remote_info():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", 113))
    except OSError:
        sys.exit(SKIPPED)  # not root, or somebody else answers there
    listener.listen()
    with Server("-rHl0") as server, server.connect() as client:
        question = f"{client.getsockname()[1]} , {server.port}\r\n"
        asked, _ = listener.accept()
        # Servers of other tests may ask here too.
        while asked.recv(100).decode() != question:
            asked.close()
            asked, _ = listener.accept()
        asked.sendall(b"x , y : USERID : UNIX : j")
        asked.sendall(b"oe\r\n")
        expect(variables(read(client))["TCPREMOTEINFO"], "joe")


def test_ident_answers_are_bounded_in_time():
    """Port 113 of loopback is closed or silent here: the connection must be served either way."""
    with Server("-rHl0", "-t1") as server:
        begin = time.monotonic()
        seen = variables(server.visit()[0])
    assert "TCPREMOTEINFO" not in seen and time.monotonic() - begin < 5


def test_a_thousand_connections_leave_nothing_behind():
    with Server("-HRl0", program=("true",)) as server:
        for _ in range(1000):
            server.visit()
        wait_until(lambda: not children_of(server.process.pid), "no programs")
        expect(len(os.listdir(f"/proc/{server.process.pid}/fd")), len({"in", "out", "err", "listener", "null", "watch"}) + STARTERS)


if __name__ == "__main__":
    globals()[sys.argv[2]]()
