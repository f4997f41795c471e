#!/usr/bin/env python3
"""listen.py TEST-BIN TEST: one test of where tcpserver listens, how it ends, and how it sets connections up."""
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

from serve import BIN, PATIENCE, SKIPPED, Server, children_of, expect, read, variables, wait_until


def run(*args, **more):
    return subprocess.run([BIN / "tcpserver", *args], capture_output=True, text=True, timeout=PATIENCE, **more)


def need_ipv6():
    if not Path("/proc/net/if_inet6").exists():
        sys.exit(SKIPPED)


def answers(port, host):
    try:
        with socket.create_connection((host, port), PATIENCE) as client:
            return variables(read(client))["TCPLOCALIP"]
    except ConnectionRefusedError:
        return None


def test_one_family_alone():
    need_ipv6()
    for option, four, six in (("-4", "127.0.0.1", None), ("-6", None, "::1")):
        with Server("-HRl0", option, host="0") as server:
            expect((answers(server.port, "127.0.0.1"), answers(server.port, "::1")), (four, six))
    expect(run("-6HRl0", "127.0.0.1", "0", "true").stderr, "tcpserver: fatal: no IPv6 address for 127.0.0.1\n")
    expect(run("-4HRl0", "::1", "0", "true").stderr, "tcpserver: fatal: no IPv4 address for ::1\n")


def test_several_hosts_and_ports():
    with Server("-HRl0", "-c1", host="127.0.0.1,127.0.0.2") as server:
        second = int(server.process.stdout.readline())
        assert second != server.port
        expect(answers(server.port, "127.0.0.1"), "127.0.0.1")
        expect(answers(second, "127.0.0.2"), "127.0.0.2")
        taken = run("-HRl0", "127.0.0.1,127.0.0.3", str(server.port), "true")
        expect(taken.stderr, f"tcpserver: fatal: unable to bind to 127.0.0.1 port {server.port}: address already used\n")
        expect(run("-HRl0", "127.0.0.1", str(server.port), "true").stderr,
               "tcpserver: fatal: unable to bind: address already used\n")


def activated(*listeners, count=None, pid=None, args=("-HRl0",), program=("env",)):
    """A tcpserver that finds these sockets open, as systemd would have it."""
    script = ('import os, sys; fds = [int(fd) for fd in sys.argv[1].split(",")]\n'
              "high = [os.dup2(fd, 100 + n) for n, fd in enumerate(fds)]\n"
              "for n, fd in enumerate(high): os.dup2(fd, 3 + n)\n"
              "for fd in high: os.close(fd)\n"
              'os.environ["LISTEN_PID"] = sys.argv[2] or str(os.getpid())\n'
              "os.execv(sys.argv[3], sys.argv[3:])")
    fds = [listener.fileno() for listener in listeners]
    return subprocess.Popen(
        [sys.executable, "-c", script, ",".join(map(str, fds)), pid or "", BIN / "tcpserver", *args, "-1", "127.0.0.1", "0",
         *program],
        pass_fds=fds, env={"PATH": f"{BIN}:/usr/bin:/bin", "LISTEN_FDS": str(count or len(fds)), "LISTEN_FDNAMES": "a:b"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_sockets_that_are_open_already():
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.2", 0)) as other:
        server = activated(one, other)
        ports = [int(server.stdout.readline()) for _ in range(2)]
        expect(ports, [one.getsockname()[1], other.getsockname()[1]])
        for listener in (one, other):
            with socket.create_connection(listener.getsockname(), PATIENCE) as client:
                seen = variables(read(client))
            expect(seen["TCPLOCALIP"], listener.getsockname()[0])
            assert not any(name.startswith("LISTEN_") for name in seen), seen
        server.terminate()
        expect(server.communicate(timeout=PATIENCE)[1], "")
        expect(server.returncode, 0)


def test_sockets_for_another_process_are_not_touched():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = activated(listener, pid="1")
        port = int(server.stdout.readline())
        assert port != listener.getsockname()[1]
        server.terminate()
        server.communicate(timeout=PATIENCE)


def test_what_is_no_listening_socket_is_refused():
    with socket.socket() as idle, socket.socket(socket.AF_UNIX) as local:
        for wrong in (idle, local):
            server = activated(wrong)
            expect(server.communicate(timeout=PATIENCE)[1], "tcpserver: fatal: descriptor 3 is no listening TCP socket\n")
            expect(server.returncode, 111)


def test_term_frees_the_port_at_once():
    with Server("-HRl0", "--drain", program=("cat",)) as server, server.connect() as client:
        client.sendall(b"one")
        expect(client.recv(3), b"one")
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not listens(server.port), "the port to be free")
        assert server.process.poll() is None
        with socket.create_server(("127.0.0.1", server.port)):
            client.sendall(b"two")
            expect(client.recv(3), b"two")
        client.shutdown(1)
        expect(server.process.wait(PATIENCE), 0)


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        return True
    except ConnectionResetError:
        return True  # it came just when the listener was closed
    except ConnectionRefusedError:
        return False


def test_a_second_term_ends_a_server_that_drains():
    with Server("-HRl0", "--drain", program=("cat",)) as server, server.connect() as client:
        client.sendall(b"one")
        expect(client.recv(3), b"one")
        for _ in range(2):
            server.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not listens(server.port), "the port to be free")
        expect(server.process.wait(PATIENCE), 0)
        client.sendall(b"two")
        expect(client.recv(3), b"two")


def test_a_client_that_was_accepted_before_term_is_served():
    with Server("-HRl0", "--proxy=127.0.0.1", program=("echo", "served")) as server, server.connect() as client:
        wait_until(lambda: sockets_of(server.process.pid) == 2, "the client to be accepted")
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: not listens(server.port), "the port to be free")
        client.sendall(b"PROXY UNKNOWN\r\n")
        expect(read(client), "served\n")
        expect(server.process.wait(PATIENCE), 0)


def sockets_of(pid):
    folder = Path(f"/proc/{pid}/fd")
    return sum(os.readlink(fd).startswith("socket:") for fd in folder.iterdir())


def test_hup_ends_nothing():
    with Server("-HRl0", program=("echo", "served")) as server:
        for _ in range(3):
            server.process.send_signal(signal.SIGHUP)
            expect(server.visit()[0], "served\n")
    expect(server.process.returncode, 0)


def option_of_the_connection(name, *args, connect=lambda server: server.connect()):
    script = f"import socket; s = socket.socket(fileno=0); print(s.getsockopt({name}))"
    with Server(*args, "-HRl0", program=(sys.executable, "-c", script)) as server, connect(server) as client:
        return read(client).strip()


def test_small_writes_are_collected_unless_d():
    name = "socket.IPPROTO_TCP, socket.TCP_NODELAY"
    expect(option_of_the_connection(name, "-d"), "0")
    expect(option_of_the_connection(name), "0")
    assert option_of_the_connection(name, "-D") != "0"


def test_ip_options_are_removed_unless_o():
    record_route = bytes([7, 7, 4, 0, 0, 0, 0, 0])

    def connect(server):
        client = socket.socket()
        client.settimeout(PATIENCE)
        client.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, record_route)
        client.connect(("127.0.0.1", server.port))
        return client

    name = "socket.IPPROTO_IP, socket.IP_OPTIONS, 40"
    expect(option_of_the_connection(name, "-O", connect=connect), "b''")
    expect(option_of_the_connection(name, connect=connect), "b''")
    assert option_of_the_connection(name, "-o", connect=connect) != "b''"


def test_the_backlog_is_what_b_says():
    try:
        subprocess.run(["ss", "-V"], capture_output=True, check=True)
    except (FileNotFoundError, subprocess.CalledProcessError):
        sys.exit(SKIPPED)
    for option, backlog in ((), "20"), (("-b7",), "7"):
        with Server("-HRl0", *option) as server:
            told = subprocess.run(["ss", "-Hltn", f"sport = :{server.port}"], capture_output=True, text=True, check=True)
        expect(told.stdout.split()[2], backlog)


def test_uid_and_gid():
    if os.geteuid() != 0:
        sys.exit(SKIPPED)
    script = "grep -E '^(Uid|Gid|Groups):' /proc/self/status"
    for options, env in ((("-u12345", "-g23456"), {}), (("-U",), {"UID": "12345", "GID": "23456"})):
        with Server("-HRl0", *options, program=("sh", "-c", script), env=env) as server:
            said = server.visit()[0]
            status = Path(f"/proc/{server.process.pid}/status").read_text()
        for text in (said, status):
            expect(set(re.search(r"Uid:\s(.*)", text)[1].split()), {"12345"})
            expect(set(re.search(r"Gid:\s(.*)", text)[1].split()), {"23456"})
            assert set(re.search(r"Groups:(.*)", text)[1].split()) <= {"23456"}, text


def test_an_error_is_told_unless_q():
    for option, told in ((), True), (("-Q",), True), (("-v",), True), (("-q",), False):
        with Server("-HRl0", *option, program=("/nonexistent",)) as server:
            server.visit()
            wait_until(lambda: not children_of(server.process.pid), "the child's end")
        expect("dropping connection" in server.log, told)
        expect("status:" in server.log, option == ("-v",))


if __name__ == "__main__":
    globals()[sys.argv[2]]()
