#!/usr/bin/env python3
"""residents.py TEST-BIN TEST: one test of tcpserver with qmail-smtpd and rblsmtpd as residents, on loopback."""
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mail_server import CHAIN, CLEAN, LET_IN, MAIL, ME, REFUSED, SERVED, Mail, command_of, own_folder
from serve import BIN, SKIPPED, children_of, compile_rules, expect, read, variables, wait_until

# Control files that were written just now are read every time.
CLOCK_TELLS_THEM_APART = 2.1


def expect_lines_of_a_session(server):
    """At the beginning of the log, as stock writes them."""
    first = server.lines()[:6]
    expect(first, [
        "tcpserver: status: 0/40",
        "tcpserver: status: 1/40",
        "tcpserver: pid PID from 127.0.0.1",
        first[3],
        "tcpserver: end PID status 0",
        "tcpserver: status: 0/40",
    ])


def test_resident_sessions_share_a_process():
    with Mail() as server:
        for _ in range(5):
            expect(server.session(*CLEAN), SERVED)
        expect(len(server.zygotes()), 1)
        expect(len(children_of(server.process.pid)), 1)
    expect(len(set(server.pids())), 1)
    expect(server.ends(), [(pid, "0") for pid in server.pids()])
    expect_lines_of_a_session(server)


def test_resident_numbers_are_those_of_an_executed_program():
    """The same sessions, with qmail-smtpd executed from another folder: replies and log agree."""
    dialogues = [CLEAN, ("XYZZY", "QUIT"), ("MAIL FROM:<>", "RCPT TO:<a@elsewhere.example>"), (),
                 ("EHLO x", "MAIL FROM:<a@b>", f"RCPT TO:<c@{ME}>", "RSET", "QUIT")]
    seen = []
    with tempfile.TemporaryDirectory() as folder:
        program = Path(shutil.copy(BIN / "qmail-smtpd", folder))
        for path in (BIN / "qmail-smtpd", program):
            with Mail(program=(path,)) as server:
                replies = []
                for dialogue in dialogues:
                    with server.connect() as client:
                        client.sendall("".join(f"{line}\r\n" for line in dialogue).encode())
                        client.shutdown(1)
                        replies.append(read(client))
                    server.settle()
            log = re.sub(r":\d+( |$)", r":PORT\1", "\n".join(server.lines()), flags=re.M)
            seen.append((replies, re.sub(r"127.0.0.1:\d+", "127.0.0.1:PORT", log)))
    expect(seen[0], seen[1])


def test_resident_an_edit_counts_from_the_next_session():
    with Mail() as server:
        expect(server.rcpt_code("a@new.example"), "553")
        for _ in range(3):
            server.control("rcpthosts", "new.example")
            expect(server.rcpt_code("a@new.example"), "250")
            # As long as the file before, and within the same tick of the clock.
            server.control("rcpthosts", "old.example")
            expect(server.rcpt_code("a@new.example"), "553")
            expect(server.rcpt_code("a@old.example"), "250")
        (server.home / "control/rcpthosts").unlink()
        expect(server.session("QUIT"), ["421 this host is not set up to receive mail (#4.3.5)"])
        (server.home / "control").rename(server.home / "before")
        expect(server.session("QUIT"), ["421 unable to read controls (#4.3.0)"])
        shutil.copytree(server.home / "before", server.home / "control")
        server.control("rcpthosts", "third.example")
        expect(server.rcpt_code("a@third.example"), "250")


def test_resident_more_rcpthosts_are_looked_at_again():
    def add(server, host):
        server.control("morercpthosts", host)
        subprocess.run([BIN / "qmail-newmrh"], env={"QMAIL_TEST_HOME": str(server.home)}, check=True)

    with Mail() as server:
        expect(server.rcpt_code("a@more.example"), "553")
        add(server, "more.example")
        expect(server.rcpt_code("a@more.example"), "250")
        add(server, "less.example")
        expect(server.rcpt_code("a@more.example"), "553")


def test_resident_a_session_that_was_not_clean_ends_its_process():
    unclean = {
        "unknown command": ("XYZZY", "QUIT"),
        "refusal": ("MAIL FROM:<>", "RCPT TO:<a@elsewhere.example>", "QUIT"),
        "wrong order": ("DATA", "QUIT"),
        "too long": ("X" * 20000, "QUIT"),
        "address too long": (f"MAIL FROM:<{'x' * 1000}>", "QUIT"),
    }
    for what, requests in unclean.items():
        with Mail() as server:
            for dialogue in (CLEAN, requests, CLEAN, CLEAN):
                server.session(*dialogue)
        first, second, third, fourth = server.pids()
        assert first == second != third == fourth, what


def test_resident_a_lost_client_and_one_that_is_too_slow_end_their_process():
    with Mail() as server:
        server.session(*CLEAN)
        with server.connect() as client:
            client.recv(100)
        server.settle()
        server.session(*CLEAN)
        server.control("timeoutsmtpd", "1")
        expect(server.session()[-1], "451 timeout (#4.4.2)")
        server.session(*CLEAN)
    first, lost, after, slow, last = server.pids()
    assert first == lost != after == slow != last
    expect([status for _, status in server.ends()], ["0", "256", "0", "256", "0"])


def test_resident_sessions_per_process():
    for number, processes in (("1", 6), ("0", 6), ("3", 2)):
        with Mail() as server:
            server.control("sessionsperprocess", number)
            for _ in range(6):
                server.session(*CLEAN)
        expect(len(set(server.pids())), processes)


def test_resident_what_one_client_may_another_may_not():
    with tempfile.TemporaryDirectory() as folder:
        rules = compile_rules(folder, '127.0.0.1:allow,RELAYCLIENT="",DATABYTES="5"\n')
        with Mail("-x", rules) as server:
            expect(server.rcpt_code("a@elsewhere.example"), "250")
            compile_rules(folder, ":allow\n")
            expect(server.rcpt_code("a@elsewhere.example"), "553")
            compile_rules(folder, "127.:deny\n")
            expect(server.session("QUIT"), [])
            compile_rules(folder, ":allow\n")
            expect(server.session(*CLEAN)[0], "220 mx.example ESMTP")
    assert "tcpserver: deny" in server.log


def test_resident_a_crash_is_told_and_the_server_goes_on():
    with Mail() as server:
        with server.connect() as client:
            client.recv(100)
            worker = children_of(server.zygotes()[0])[0]
            os.kill(int(worker), signal.SIGKILL)
            expect(read(client), "")
        server.settle()
        server.session(*CLEAN)
        with server.connect() as client:
            client.recv(100)
            os.kill(int(server.zygotes()[0]), signal.SIGKILL)
            client.sendall(b"QUIT\r\n")
            expect(read(client), "221 mx.example\r\n")
        server.settle()
        server.session(*CLEAN)
    assert server.ends()[0] == (worker, "9")
    expect([status for _, status in server.ends()[1:]], ["0", "0", "0"])
    expect(server.log.count("status: 0/40"), 5)


def test_resident_idle_processes_leave_with_their_server():
    with Mail() as server:
        clients = [server.connect() for _ in range(5)]
        for client in clients:
            client.recv(100)
        zygote = server.zygotes()[0]
        workers = children_of(zygote)
        for client in clients[1:]:
            client.sendall(b"QUIT\r\n")
            read(client)
        server.process.terminate()
        server.process.wait()
        wait_until(lambda: sum(bool(command_of(pid)) for pid in [zygote, *workers]) == 1, "all but one to leave")
        clients[0].sendall(b"QUIT\r\n")
        expect(read(clients[0]), "221 mx.example\r\n")
        wait_until(lambda: not any(command_of(pid) for pid in workers), "the last one to leave")


def test_resident_no_more_than_c_sessions():
    with Mail("-c2") as server:
        clients = [server.connect() for _ in range(4)]
        for _ in range(2):
            for client in clients[:2]:
                assert client.recv(100).startswith(b"220 ")
            for client in clients[:2]:
                client.sendall(b"QUIT\r\n")
                read(client)
            clients = clients[2:]
    assert "status: 2/2" in server.log and "status: 3/2" not in server.log


def test_resident_path_and_links_lead_to_it():
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "smtp-server").symlink_to(BIN / "qmail-smtpd")
        for program in ("qmail-smtpd", f"{folder}/smtp-server"):
            with Mail(program=(program,)) as server:
                server.session(*CLEAN)
                expect(len(server.zygotes()), 1)
    with Mail(program=("env", "qmail-smtpd")) as server:
        server.session(*CLEAN)
        expect(server.zygotes(), [])


def calls_of_sessions(server, traced):
    """The system calls of tcpserver and its residents in fifty sessions."""
    if not shutil.which("strace"):
        sys.exit(SKIPPED)
    time.sleep(CLOCK_TELLS_THEM_APART)
    server.session(*CLEAN)
    pids = [server.process.pid, *server.zygotes(), *server.workers()]
    with tempfile.NamedTemporaryFile() as trace:
        strace = subprocess.Popen(["strace", "-f", "-e", f"trace={traced}", "-o", trace.name,
                                   *(word for pid in pids for word in ("-p", str(pid)))], stderr=subprocess.PIPE)
        for _ in pids:
            strace.stderr.readline()
        for _ in range(50):
            server.session(*CLEAN)
        strace.send_signal(signal.SIGINT)
        strace.communicate()
        return set(re.findall(r"^\d+ +(\w+)\(", Path(trace.name).read_text(), re.M))


def test_resident_steady_state_starts_nothing():
    """Neither tcpserver nor a worker forks or executes anything for a session."""
    with Mail() as server:
        # wait4: whether a job left a child behind.
        expect(calls_of_sessions(server, "process,openat") - {"wait4"}, set())


def test_asked_a_client_that_is_let_in_costs_no_start():
    for program in (CHAIN, ("rblsmtpd", "-b", *CHAIN)):
        with Mail(program=program, env=LET_IN) as server:
            expect(server.session(*CLEAN), SERVED)
            expect(calls_of_sessions(server, "process") - {"wait4"}, set())
            for name in CHAIN:
                expect((name, len(server.zygotes(name)), len(server.workers(name))), (name, 1, 1))
            expect(set(server.workers("qmail-smtpd")), {pid for pid, _ in server.ends()})
        expect(len(set(server.pids())), 1)
        expect_lines_of_a_session(server)


def test_asked_a_client_that_is_refused_costs_no_start():
    with Mail(program=CHAIN, env=REFUSED) as server:
        expect(server.session(*MAIL), ["220 rblsmtpd.local"] + ["250 rblsmtpd.local"] * 2 + ["553 go away", "250 rblsmtpd.local",
                                                                                         "221 rblsmtpd.local"])
        expect(calls_of_sessions(server, "process") - {"wait4"}, set())
        expect(server.zygotes("qmail-smtpd"), [])
    (pid,) = set(server.pids())
    expect(set(re.findall(r"rblsmtpd: .*", server.log)), {f"rblsmtpd: 127.0.0.1 pid {pid}: 553 go away"})
    expect({status for _, status in server.ends()}, {"0"})


def test_asked_what_is_seen_is_that_of_an_executed_program():
    """The same sessions, with rblsmtpd executed from another folder: replies and log agree."""
    options = ([], ["-t0"], ["-t1"], ["-x"])
    for env in ({"RBLSMTPD": "go away"}, REFUSED, LET_IN, {"RBLSMTPD": "-"}, {"RBLSMTPD": "--\tx" + 300 * "x"}):
        seen = []
        with tempfile.TemporaryDirectory() as folder:
            for path in (BIN / "rblsmtpd", Path(shutil.copy(BIN / "rblsmtpd", folder))):
                for words in options if env == REFUSED else options[:1]:
                    with Mail(program=(path, *words, "qmail-smtpd"), env=env) as server:
                        replies = server.session(*(() if "-t1" in words else MAIL))
                    log = re.sub(r"127.0.0.1:+\d+", "127.0.0.1:PORT", "\n".join(server.lines()))
                    seen.append((replies, sorted(re.sub(r" pid \d+", " pid PID", log).splitlines())))
        expect(seen[:len(seen) // 2], seen[len(seen) // 2:])
    with Mail(program=("rblsmtpd", "nonexistent"), env=LET_IN) as server:
        expect(server.session(), [])
    expect([status for _, status in server.ends()], [str(111 << 8)])
    expect(server.lines()[-3], "tcpserver: warning: dropping connection, unable to run nonexistent: file does not exist")


def test_asked_a_foreign_program_behind_it_finds_what_it_always_found():
    script = "env; ls /proc/self/fd | tr '\\n' ' '; ulimit -n; grep -E '^Sig(Blk|Ign):' /proc/self/status; exit 3"
    seen = []
    for front in ((), ("rblsmtpd",)):
        with Mail("-c900", program=(*front, "sh", "-c", script), env={**LET_IN, "KEPT": "yes"},
                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 4096))) as server:
            for _ in range(2):
                with server.connect() as client:
                    port = client.getsockname()[1]
                    text = read(client)
                server.settle()
            for number in (port, server.port, server.home):
                text = text.replace(str(number), "IT")
            seen.append(text)
            expect(len(server.workers("rblsmtpd")), len(front))
        expect([status for _, status in server.ends()], ["768", "768"])
    assert variables(seen[0].partition("\n0 1 2")[0])["RBLSMTPD"] == ""
    expect(seen[1], seen[0])


def test_asked_rules_decide_from_the_next_client():
    with tempfile.TemporaryDirectory() as folder:
        rules = compile_rules(folder, "127.:deny\n")
        with Mail("-x", rules, program=("rblsmtpd", "-t0", "qmail-smtpd")) as server:
            expect(server.session(*CLEAN), [])
            compile_rules(folder, '127.:allow,MAXCONNIP="0",DIEMSG="421 no"\n')
            expect(server.overlapping_session(), ["421 no"])
            server.connections -= 1
            expect(server.zygotes(), [])
            for text, replies in (("no", ["451 no"]), ("-no", ["553 no"]), ("", SERVED)):
                compile_rules(folder, f'127.:allow,RBLSMTPD="{text}"\n')
                expect(server.session(*CLEAN), replies)
            expect(len(server.zygotes("rblsmtpd")), 1)
            # The program behind rblsmtpd is searched for in the PATH that rblsmtpd has.
            (Path(folder) / "qmail-smtpd").symlink_to(shutil.which("echo"))
            compile_rules(folder, f'127.:allow,RBLSMTPD="",PATH="{folder}"\n')
            expect(server.session(), [""])


def test_asked_all_processes_are_those_of_the_user():
    if os.geteuid() != 0:
        sys.exit(SKIPPED)
    with own_folder() as folder:
        folder.chmod(0o755)
        with Mail("-u41234", "-g41235", folder=folder, program=(folder / "rblsmtpd", folder / "rblsmtpd", "sh", "-c", "id -u; id -G"),
                  env=LET_IN) as server:
            for _ in range(2):
                expect(server.session(), ["41234", "41235"])
            pids = [server.process.pid, *server.zygotes("rblsmtpd"), *server.workers("rblsmtpd")]
            status = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
    expect([re.findall(r"(?:Uid|Gid|Groups):((?:\s\d+)+)", text) for text in status],
           [["\t41234" * 4, "\t41235" * 4, "\t41235"]] * 3)


if __name__ == "__main__":
    globals()[sys.argv[2]]()
