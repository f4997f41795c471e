#!/usr/bin/env python3
"""trouble.py TEST-BIN TEST: one test of tcpserver when something runs out, or is not what it should be."""
import contextlib
import os
import random
import resource
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path

from mail_server import CHAIN, CLEAN, LET_IN, SERVED, Mail, own_folder
from serve import SKIPPED, Server, children_of, compile_rules, expect, read, variables, wait_until

PROXIED = ("-HRl0", "--proxy=127.0.0.1")


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_without_descriptors_clients_wait_and_nothing_spins():
    with Server(*PROXIED, "-c100", program=("echo", "served")) as server:
        pid = server.process.pid
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (20, 20))
        # Each holds a descriptor until its header has come.
        clients = [server.connect() for _ in range(30)]
        wait_until(lambda: descriptors(pid) == 20, "the last descriptor to be taken")
        begin = processor_seconds(pid)
        time.sleep(1)
        assert processor_seconds(pid) - begin < 0.1, processor_seconds(pid) - begin
        for client in clients:
            client.sendall(b"PROXY UNKNOWN\r\n")
        for client in clients:
            expect(read(client), "served\n")
    expect(server.log, "")


def test_without_processes_the_connection_is_dropped_and_said_so():
    if os.geteuid() != 0:
        sys.exit(SKIPPED)
    # The limit counts all processes of a user, and this one has no others: tcpserver, its starter, one program.
    limit = lambda: resource.setrlimit(resource.RLIMIT_NPROC, (3, 3))  # noqa: E731
    # A sanitizer that looks for leaks at the end wants a process for it.
    no_leaks = {"ASAN_OPTIONS": "detect_leaks=0"}
    with Server("-HRl0", "-u41234", program=("sh", "-c", "echo served; read word"), env=no_leaks, preexec_fn=limit) as server:
        with server.connect() as client:
            expect(client.recv(100), b"served\n")
            for _ in range(3):
                expect(server.visit()[0], "")
        wait_until(lambda: not children_of(server.process.pid), "the program's end")
        with server.connect() as client:
            expect(client.recv(100), b"served\n")
    expect(server.lines(), ["tcpserver: warning: dropping connection, unable to fork: temporary failure"] * 3)


def test_rules_that_are_damaged_in_every_way_drop_connections_and_not_the_server():
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        cdb = Path(compile_rules(folder, "".join(f'127.0.0.{n}:allow,A="{n}"\n' for n in range(1, 50)) + ":deny\n"))
        whole = cdb.read_bytes()
        with Server("-HRl0", "-x", str(cdb), program=("echo", "served")) as server:
            for turn in range(200):
                damaged = bytearray(whole[: chance.randrange(len(whole))] if turn % 2 else whole)
                for _ in range(chance.randint(1, 20) if damaged else 0):
                    damaged[chance.randrange(len(damaged))] = chance.choice([0, 1, 127, 255])
                # In place, as an administrator should not.
                cdb.write_bytes(damaged)
                assert server.visit()[0] in ("served\n", "")
            cdb.write_bytes(whole)
            expect(server.visit()[0], "served\n")
            expect(server.process.poll(), None)


def test_rules_cut_short_while_they_are_used():
    with tempfile.TemporaryDirectory() as folder:
        cdb = Path(compile_rules(folder, "127.0.0.1:allow\n"))
        whole = cdb.read_bytes()
        with Server("-HRl0", "-x", str(cdb), program=("echo", "served")) as server:
            expect(server.visit()[0], "served\n")
            os.truncate(cdb, 0)
            expect(server.visit()[0], "")
            cdb.write_bytes(whole)
            expect(server.visit()[0], "served\n")


def test_clients_that_never_say_anything_are_held_and_others_are_served():
    with Server("-HRl0", "-c200", program=("head", "-n1")) as server:
        silent = [server.connect() for _ in range(100)]
        begin = time.monotonic()
        with server.connect() as client:
            client.sendall(b"hello\n")
            expect(read(client), "hello\n")
        assert time.monotonic() - begin < 3
        for client in silent:
            client.close()


def test_clients_that_leave_at_once():
    with Server(*PROXIED, "-C1000", "-Bhello", program=("echo", "served")) as server:
        for turn in range(200):
            client = server.connect()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # RST
            if turn % 2:
                client.sendall(b"PROXY UNKNOWN\r\n")
            client.close()
        with server.connect() as client:
            client.sendall(b"PROXY UNKNOWN\r\n")
            expect(read(client), "helloserved\n")
        wait_until(lambda: not children_of(server.process.pid), "no programs")
        starters = descriptors(server.process.pid) - len({"in", "out", "err", "listener", "null", "watch"})
        assert 1 <= starters <= os.cpu_count(), starters


def starters_of(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_starter_that_was_killed_is_replaced():
    with Server("-HRl0", program=("echo", "served")) as server:
        for _ in range(5):
            expect(server.visit()[0], "served\n")
            wait_until(lambda: not children_of(server.process.pid), "the program's end")
            (starter,) = starters_of(server.process.pid)
            os.kill(int(starter), signal.SIGKILL)
            wait_until(lambda: not starters_of(server.process.pid), "the starter's end")
    expect(server.log, "")


def test_starters_leave_with_their_server():
    with Server("-HRl0", "--drain", program=("cat",)) as server:
        with server.connect() as client:
            client.sendall(b"hello")
            expect(client.recv(5), b"hello")
            (starter,) = set(starters_of(server.process.pid)) - set(children_of(server.process.pid))
        server.process.terminate()
        expect(server.process.wait(20), 0)
        wait_until(lambda: not Path(f"/proc/{starter}").exists(), "the starter's end")


def test_many_programs_that_end_at_once_are_all_told():
    """A program's end may be heard of before its start."""
    with tempfile.TemporaryFile("w+") as log:
        with Server("-vHRl0", "-c40", program=("true",), stderr=log) as server:
            for _ in range(20):
                clients = [server.connect() for _ in range(40)]
                for client in clients:
                    read(client)
                    client.close()
            wait_until(lambda: os.pread(log.fileno(), 1 << 22, 0).count(b"tcpserver: end ") == 800, "800 ends")
        log.seek(0)
        lines = log.read().splitlines()
    told = {}
    for line in lines:
        word, pid = line.split()[1:3]
        if word in ("pid", "ok", "end"):
            told.setdefault(pid, []).append(word)
    assert len(told) > 100 and all(words[:3] == ["pid", "ok", "end"] for words in told.values()), told
    expect(lines[-1], "tcpserver: status: 0/40")


def test_asked_the_server_ends_when_the_last_answer_has_come():
    """Until then the connection counts, and nothing is said of a process."""
    for hang_up in (False, True):
        with Mail(program=CHAIN, env=LET_IN) as server:
            server.session(*CLEAN)
            wait_until(lambda: len(server.workers("rblsmtpd")) == 1, "the end of the one before")
            (worker,) = server.workers("rblsmtpd")
            os.kill(int(worker), signal.SIGSTOP)
            with server.connect() as client:
                wait_until(lambda: server.log_now().count("status: 1/40") == 2, "the client")
                server.process.send_signal(signal.SIGHUP if hang_up else signal.SIGTERM)
                time.sleep(0.2)
                expect((server.process.poll(), server.log_now().count("pid")), (None, 1))
                os.kill(int(worker), signal.SIGCONT)
                expect(client.recv(100), b"220 mx.example ESMTP\r\n")
                client.sendall(b"QUIT\r\n")
                expect(read(client), "221 mx.example\r\n")
            if hang_up:
                expect(server.session(*CLEAN), SERVED)
                wait_until(lambda: [len(server.zygotes(name)) for name in CHAIN] == [1, 1], "the old ones to go")
                assert worker not in server.workers()
            else:
                expect(server.process.wait(20), 0)


def test_asked_a_process_that_dies_or_is_silent_keeps_no_client():
    with Mail(program=CHAIN, env=LET_IN) as server:
        for number, seconds in ((signal.SIGKILL, 0), (signal.SIGSEGV, 0), (None, 15)):
            server.session(*CLEAN)
            wait_until(lambda: len(server.workers("rblsmtpd")) == 1, "the end of the one before")
            (worker,) = server.workers("rblsmtpd")
            os.kill(int(worker), signal.SIGSTOP)
            with server.connect() as client:
                begin = time.monotonic()
                wait_until(lambda: " 1/40" in server.log_now().splitlines()[-1], "the client")
                if number:
                    os.kill(int(worker), number)
                    # One that was killed may be gone already.
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(worker), signal.SIGCONT)
                expect(client.recv(100), b"220 mx.example ESMTP\r\n")
                assert seconds <= time.monotonic() - begin < seconds + 5, time.monotonic() - begin
                client.sendall(b"QUIT\r\n")
                expect(read(client), "221 mx.example\r\n")
            server.settle()
        os.kill(int(worker), signal.SIGCONT)
        expect(server.session(*CLEAN), SERVED)
        wait_until(lambda: worker not in server.workers("rblsmtpd"), "the end of the one that was given up")
    expect({status for _, status in server.ends()}, {"0"})
    # Three of them were executed.
    assert len(set(server.pids())) >= 4, server.pids()


ODD = """#!{python}
import os, socket, struct, sys
if sys.argv[1:] != ["--resident"]:
    os.environ["EXECUTED"] = ""
    os.execvp(sys.argv[2], sys.argv[2:])
master = socket.socket(fileno=0)
master.send(struct.pack("=IiQ", 0, 1, os.stat(sys.argv[0]).st_ino))
while True:
    packet, fds, _, _ = socket.recv_fds(master, 100, 1)
    if not packet:
        break
    pid = os.fork()
    if pid == 0:
        worker = socket.socket(fileno=fds[0])
        while worker.recv(1 << 17):
            worker.send(struct.pack("=iI", 0, 0) + {answer!r})
        os._exit(0)
    os.close(fds[0])
    master.send(struct.pack("=Ii", 1, pid) + packet[:8])
"""


def test_asked_what_makes_no_sense_is_no_answer():
    answers = {b"2\0": None, b"2\0A=b=c\0B=\0": None, b"1\0": None, b"": "", b"run": "", b"3\0": "", b"-1\0": "", b"2\0A": "",
               b"2\0=b\0": "", b"99999999999999999999\0": ""}
    for answer, executed in answers.items():
        with own_folder() as folder:
            (folder / "rblsmtpd").write_text(ODD.format(python=sys.executable, answer=answer))
            command = (folder / "rblsmtpd", "env", "env") if answer.startswith(b"1") else (folder / "rblsmtpd", "-x", "env")
            with Mail(folder=folder, program=command) as server:
                for _ in range(2):
                    with server.connect() as client:
                        seen = variables(read(client))
                    expect((seen.get("EXECUTED"), seen["PROTO"]), (executed, "TCP"))
                expect((seen.get("A"), seen.get("B")), ("b=c", "") if b"A=b" in answer else (None, None))


if __name__ == "__main__":
    globals()[sys.argv[2]]()
