#!/usr/bin/env python3
"""connect.py TEST-BIN TEST: one test of tcpclient and what runs it, with servers on loopback."""
import contextlib
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from tcp_peer import PATIENCE, Server, Silence, read_all, reset  # noqa: E402

BIN = Path(sys.argv[1])
SKIPPED = 77
DESCRIPTORS = """
import fcntl, os, signal, socket
end = socket.socket(fileno=7)
print(sorted(map(int, os.listdir("/proc/self/fd"))), os.path.sameopenfile(6, 7),
      bool(fcntl.fcntl(6, fcntl.F_GETFL) & os.O_NONBLOCK), end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
"""
IGNORED = ("sh", "-c", "grep -E '^Sig(Blk|Ign):' /proc/self/status | cut -c 9- | tr '\\n' ' '")


def run(program, *args, stdin=b"", env=None, **more):
    env = {"PATH": f"{BIN}:/usr/bin:/bin", "QMAIL_TEST_HOME": str(BIN.parent / "no-home"), **(env or {})}
    return subprocess.run([BIN / program, *map(str, args)], input=stdin, capture_output=True, env=env, timeout=PATIENCE, **more)


def expect(actual, expected):
    assert actual == expected, f"\n  expected {expected!r}\n  got      {actual!r}"


def expect_run(done, stdout=b"", stderr=b"", code=0):
    expect((done.stdout, done.stderr, done.returncode), (stdout, stderr, code))


def variables(text):
    return dict(line.split("=", 1) for line in text.decode().splitlines())


def close(_):
    """As a server, sends nothing and hangs up."""


def need_ipv6():
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        sys.exit(SKIPPED)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@contextlib.contextmanager
def refusing_port():
    """One that nobody else gets meanwhile."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_environment_is_that_of_tcp_environ():
    stale = {"TCPREMOTEHOST": "stale", "TCPREMOTEINFO": "stale", "TCPLOCALHOST": "stale", "KEPT": "yes"}
    with Server(close) as server:
        seen = variables(run("tcpclient", "-RHlhere.example", "127.0.0.1", server.port, "env", env=stale).stdout)
        [client] = server.heard(1)
    for name in ("PATH", "QMAIL_TEST_HOME"):
        seen.pop(name)
    expect(seen, {
        "KEPT": "yes", "PROTO": "TCP", "TCPLOCALHOST": "here.example", "TCPLOCALIP": "127.0.0.1",
        "TCPLOCALPORT": str(client[1]), "TCPREMOTEIP": "127.0.0.1", "TCPREMOTEPORT": str(server.port),
    })


def test_an_empty_local_name_is_set_too():
    with Server(close) as server:
        seen = variables(run("tcpclient", "-RH", "-l", "", "127.0.0.1", server.port, "env").stdout)
    expect(seen["TCPLOCALHOST"], "")


def test_descriptors_6_and_7_are_the_connection_and_0_and_1_stay():
    def talk(connection):
        connection.sendall(b"from the server\0\n")
        expect(read_all(connection), b"from the program\0\n")

    with Server(talk) as server:
        expect_run(run("tcpclient", "-RHl0", "127.0.0.1", server.port, "sh", "-c", "cat >&7; exec 7>&-; head -c 17 <&6",
                       stdin=b"from the program\0\n"), b"from the server\0\n")


def test_the_program_starts_with_clean_descriptors_and_signals():
    with Server(close) as server:
        for option, delay in (("-d", 0), ("-D", 1)):
            done = run("tcpclient", "-RHl0", option, "127.0.0.1", server.port, sys.executable, "-c", DESCRIPTORS)
            # 3 is the folder that is listed.
            expect_run(done, f"[0, 1, 2, 3, 6, 7] True False {delay}\n".encode())
        blocked, ignored = run("tcpclient", "-RHl0", "127.0.0.1", server.port, *IGNORED).stdout.split()
        # The signals from 32 on are the C library's own.
        expect((int(blocked, 16), int(ignored, 16) & 0x7FFFFFFF), (0, 0))


def test_descriptors_6_and_7_of_before_are_replaced():
    command = f"exec {BIN}/tcpclient -RHl0 127.0.0.1 $1 sh -c 'cat <&6' 6</dev/null 7</dev/null"
    with Server(lambda connection: connection.sendall(b"new\n")) as server:
        done = subprocess.run(["sh", "-c", command, "sh", str(server.port)], capture_output=True, timeout=PATIENCE)
    expect_run(done, b"new\n")


def test_ipv6():
    need_ipv6()
    with Server(close, "::1") as server:
        for arguments in (("::1",), ("[::1]",), ("-6", "0"), ("-6", ""), ("-i", "::1", "0")):
            seen = variables(run("tcpclient", "-RHl0", *arguments, server.port, "env").stdout)
            expect((seen["TCPREMOTEIP"], seen["TCPLOCALIP"], seen["PROTO"]), ("::1", "::1", "TCP"))
        done = run("tcpclient", "-vRHl0", "::1", server.port, "true")
    expect_run(done, stderr=f"tcpclient: connected to ::1 port {server.port}\n".encode())


def test_0_is_this_machine_by_ipv4():
    with Server(close) as server:
        for arguments in (("0",), ("",), ("-4", "0"), ("::ffff:127.0.0.1",)):
            expect(variables(run("tcpclient", "-RHl0", *arguments, server.port, "env").stdout)["TCPREMOTEIP"], "127.0.0.1")


def test_refused():
    with refusing_port() as port:
        why = f"tcpclient: unable to connect to 127.0.0.1 port {port}: connection refused\n".encode()
        for option, told in (("-Q", why), ("-v", why), ("-q", b"")):
            expect_run(run("tcpclient", option, "-RHl0", "127.0.0.1", port, "true"), stderr=told, code=111)


def test_a_silent_server_is_given_up():
    with Silence() as silence:
        for patience in ("1", "0+1"):
            begin = time.monotonic()
            done = run("tcpclient", "-RHl0", f"-T{patience}", "127.0.0.1", silence.port, "true")
            took = time.monotonic() - begin
            expect_run(done, stderr=f"tcpclient: unable to connect to 127.0.0.1 port {silence.port}: timed out\n".encode(), code=111)
            assert 0.9 < took < 8, took


def test_local_address_and_port():
    with Server(close) as server:
        port = free_port()
        expect_run(run("tcpclient", "-RHl0", "-i", "127.0.0.9", "-p", port, "127.0.0.1", server.port, "true"))
        expect(server.heard(1), [("127.0.0.9", port)])
        with socket.create_server(("127.0.0.9", 0)) as taken:
            done = run("tcpclient", "-RHl0", "-i", "127.0.0.9", "-p", taken.getsockname()[1], "127.0.0.1", server.port, "true")
            expect_run(done, stderr=b"tcpclient: fatal: unable to bind socket: address already used\n", code=111)
        port = free_port()
        expect_run(run("tcpclient", "-RHl0", "-p", port, "127.0.0.1", server.port, "true"))
        expect(server.heard(2)[1:], [("127.0.0.1", port)])


def test_a_program_that_cannot_be_run_is_named():
    with Server(close) as server:
        expect_run(run("tcpclient", "-RHl0", "127.0.0.1", server.port, "/nonexistent"),
                   stderr=b"tcpclient: fatal: unable to run /nonexistent: file does not exist\n", code=111)
        expect_run(run("tcpclient", "-qRHl0", "127.0.0.1", server.port, "/nonexistent"), code=111)


def test_the_exit_code_is_the_program_s():
    with Server(close) as server:
        expect_run(run("tcpclient", "-RHl0", "127.0.0.1", server.port, "sh", "-c", "exit 9"), code=9)


def test_ident_answers_are_bounded_in_time():
    """Port 113 of loopback is closed or silent here: the program must run either way."""
    with Server(close) as server:
        begin = time.monotonic()
        seen = variables(run("tcpclient", "-rHl0", "-t1", "127.0.0.1", server.port, "env").stdout)
    assert "TCPREMOTEINFO" not in seen and time.monotonic() - begin < 5


def home():
    """A folder whose bin is TEST-BIN, for the scripts."""
    folder = BIN.parent / "script-home"
    folder.mkdir(exist_ok=True)
    link = folder / "bin"
    if not link.is_symlink():
        try:
            link.symlink_to(BIN)
        except FileExistsError:
            pass  # another test was faster
    return {"QMAIL_TEST_HOME": str(folder)}


def start(script, *args):
    return subprocess.Popen([BIN / script, *map(str, args)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            bufsize=0, env={"PATH": f"{BIN}:/usr/bin:/bin", **home()})


def test_tcpcat_prints_bytes_as_they_are():
    sent = bytes(range(256)) * 4000 + b"end"
    with Server(lambda connection: connection.sendall(sent)) as server:
        expect_run(run("tcpcat", "127.0.0.1", server.port, env=home()), sent)


def test_tcpcat_says_that_a_connection_was_reset():
    was_read = threading.Event()

    def talk(connection):
        connection.sendall(b"x")
        was_read.wait(PATIENCE)
        reset(connection)

    with Server(talk) as server, start("tcpcat", "127.0.0.1", server.port) as client:
        expect(client.stdout.read(1), b"x")
        was_read.set()
        expect((client.stdout.read(), client.wait(PATIENCE)), (b"", 1))
        assert b"Connection reset" in client.stderr.read()


def test_mconnect_adds_cr_one_way_and_nothing_the_other():
    def talk(connection):
        connection.sendall(b"220 hi\r\n\0bare\n")
        heard = b""
        while not heard.endswith(b"QUIT\r\n"):
            heard += connection.recv(1000)
        expect(heard, b"HELO \0x\r\n\r\r\nQUIT\r\n")
        connection.sendall(b"221 bye\r\n")

    with Server(talk) as server:
        expect_run(run("mconnect", "127.0.0.1", server.port, stdin=b"HELO \0x\n\r\nQUIT\n", env=home()),
                   b"220 hi\r\n\0bare\n221 bye\r\n")


def test_mconnect_keeps_both_directions_going():
    """Each side waits for what the other said last: nothing may be held back."""
    def talk(connection):
        for word in (b"one", b"two", b"three"):
            connection.sendall(word + b"?\n")
            expect(connection.recv(100), word + b"!\r\n")

    with Server(talk) as server, start("mconnect", "127.0.0.1", server.port) as client:
        for word in (b"one", b"two", b"three"):
            expect(client.stdout.read(100), word + b"?\n")
            client.stdin.write(word + b"!\n")
        expect((client.stdout.read(), client.wait(PATIENCE)), (b"", 0))


def test_mconnect_ends_when_the_server_resets_the_connection():
    def talk(connection):
        connection.recv(100)
        reset(connection)

    with Server(talk) as server:
        expect_run(run("mconnect", "127.0.0.1", server.port, stdin=b"HELO x\n", env=home()))


def test_mconnect_copies_much_both_ways_at_once():
    block = b"x" * 99 + b"\n"

    def talk(connection):
        with connection.makefile("rb") as stream:
            for _ in range(10000):
                connection.sendall(block)
                expect(stream.readline(), b"x" * 99 + b"\r\n")

    with Server(talk) as server:
        done = run("mconnect", "127.0.0.1", server.port, stdin=block * 10000, env=home())
    expect((len(done.stdout), done.returncode), (1000000, 0))


def test_http_prints_the_body_without_cr_and_empty_lines():
    def talk(connection):
        heard = b""
        while not heard.endswith(b"\r\n\r\n"):
            heard += connection.recv(1000)
        expect(heard, f"GET /some/page?a=b HTTP/1.0\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        connection.sendall(b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\n<p>\r\n\r\na\n\nlast")

    with Server(talk) as server:
        expect_run(run("http@", "127.0.0.1", "some/page?a=b", server.port, env=home()), b"<p>\na\nlast\n")


def test_http_takes_its_words_as_they_are():
    """No shell and no printf reads the arguments."""
    page = "%s$(id)`id`;'\"\\n\\c -n"

    def talk(connection):
        expect(connection.recv(1000).split(b"\r\n")[0], f"GET /{page} HTTP/1.0".encode())

    with Server(talk) as server:
        expect_run(run("http@", "127.0.0.1", page, server.port, env=home()))


def test_http_without_a_server_says_so():
    with refusing_port() as port:
        done = run("http@", "127.0.0.1", "", port, env=home())
    expect_run(done, stderr=f"tcpclient: unable to connect to 127.0.0.1 port {port}: connection refused\n".encode())


if __name__ == "__main__":
    globals()[sys.argv[2]]()
