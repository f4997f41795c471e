#!/usr/bin/env python3
"""tcpclient and what asks with it, of ucspi-tcp and ours: what the program sees, the server hears and the user reads."""
import itertools
import sys
import threading
import time

from beside import NODELAY, ORIGINAL, OURS, PORT, REMOTE, Comparison, complaints, remote_ident, remote_server, run, stable, start_names, texts
from sandbox import remote_network
from scenario import main
from tcp_peer import PATIENCE, Server, Silence, read_all, reset


def from_port(folder):
    """Each has one of its own: a port is not always free again at once."""
    port = {ORIGINAL: b"4567", OURS: b"4568"}[folder]
    done = run(folder, "tcpclient", "-RHl0", "-p", port.decode(), REMOTE, PORT, "env")
    return done.returncode, b"TCPLOCALPORT=" + port in done.stdout.splitlines(), stable(done.stdout), done.stderr


def clients_environment(machine):
    stale = {name: "stale" for name in ("TCPREMOTEHOST", "TCPREMOTEINFO", "TCPLOCALHOST", "PROTO")}
    with Comparison(machine) as both:
        start_names(machine)
        with remote_server(lambda _: None) as server, remote_ident(b" : USERID : UNIX : j o e\r\n"):
            for options in (["-R"], ["-RH"], ["-RHl0"], ["-RHl", ""], ["-RhHh"], ["-r", "-t2"], ["-rlme"], ["-v", "-R"], ["-q", "-R"],
                            ["-RHl0", "-i", "192.0.2.1"], ["-RHl0", "-T5"], ["-RHl0", "-T1+1"]):
                for host in (REMOTE, "mx.remote.example", f"[{REMOTE}]"):
                    both.runs("tcpclient", *options, host, PORT, "env", env=stale, change=stable)
            both.each("tcpclient -p", from_port)
            heard = {client for client, _ in server.clients}
        assert heard == {"192.0.2.1"}, heard


def clients_ident(machine):
    """What an identity server says, or does not."""
    answers = [b" : USERID : UNIX : joe\r\n", b":USERID:UNIX: \t j\to e \r\nmore", b" : ERROR : NO-USER\r\n", b"\r\n", b":::\r\n", b": : : a:b:c\n",
               b" : USERID : UNIX : " + b"x" * 200 + b"\r\n", b" : USERID : UNIX : cut"]
    with Comparison(machine) as both, remote_server(lambda _: None):
        for answer in answers:
            with remote_ident(answer):
                both.runs("tcpclient", "-rHl0", "-t9", REMOTE, PORT, "env", change=stable)
        with remote_server(reset, 113):
            both.runs("tcpclient", "-rHl0", REMOTE, PORT, "env", change=stable)
        hold = threading.Event()
        with remote_server(lambda _: hold.wait(PATIENCE), 113):
            begin = time.monotonic()
            both.runs("tcpclient", "-rHl0", "-t1", REMOTE, PORT, "env", change=stable)
            hold.set()
            assert time.monotonic() - begin < 10


def clients_connection(machine):
    """Descriptors, delay, the two ways, and the program's end."""
    def talk(connection):
        connection.sendall(b"server\0\r\n")
        try:
            heard.append(read_all(connection))
        except ConnectionResetError:  # by a program that ends without reading
            heard.append(b"")

    with Comparison(machine) as both:
        heard = []
        with remote_server(talk):
            for script in ("cat >&7; head -c 9 <&6", "exec 6<&- 7>&-; echo done", "exit 9", "kill $$", "ls /proc/self/fd"):
                both.runs("tcpclient", "-RHl0", REMOTE, PORT, "sh", "-c", script, stdin=b"client\0\n")
        both.compare("what the server heard", heard[::2], heard[1::2])
        assert b"client\0\n" in heard
        with remote_server(lambda _: None):
            for option, fd in itertools.product(("-d", "-D", "-Dd"), "67"):
                both.runs("tcpclient", "-RHl0", option, REMOTE, PORT, sys.executable, "-c", NODELAY, env={"FD": fd})
            both.runs("tcpclient", "-RHl0", REMOTE, PORT, "sh", "-c", "grep ^SigIgn /proc/self/status")


def clients_errors(machine):
    with Comparison(machine) as both:
        start_names(machine)
        for verbosity in ("-q", "-Q", "-v"):
            for words in ([], ["0"], ["0", "25"], ["-x"], ["-p"], ["-ix", "0", "25", "true"], ["0", "no-such-service", "true"],
                          ["nowhere.remote.example", "25", "true"], ["null.remote.example", "25", "true"], [REMOTE, "26", "true"],
                          ["mx.remote.example", "26", "true"], ["several.remote.example", "26", "true"], ["0", "26", "true"], ["", "26", "true"],
                          ["-i192.0.2.77", REMOTE, "26", "true"]):
                # The original tries several addresses in no particular order.
                both.runs("tcpclient", verbosity, "-RHl0", *words, change=complaints)
            with remote_server(lambda _: None):
                both.runs("tcpclient", verbosity, "-RHl0", REMOTE, PORT, "/nonexistent")
        both.runs("tcpclient", "-RHl0", "192.0.2.99", "26", "true")  # nobody has this address
        with remote_network():
            silence = Silence(REMOTE)
        with silence:
            for patience in ("-T1", "-T1+0", "-T0+1"):
                both.runs("tcpclient", "-RHl0", patience, REMOTE, silence.port, "true")


def clients_of_services(machine):
    """tcpcat, mconnect and those with an @: what they print, and what the server hears."""
    answers = [b"", b"text\r\n", b"two\r\nlines\r\n", b"cut", b"\xe4\0\x1b[1m\r\r\n\r", b"x" * 100000, b"HTTP/1.0 200 OK\r\n\r\n<p>\r\n\r\n\na\r\nb",
               b"no header\r\nat all", b"\n\nx\n"]
    with Comparison(machine) as both:
        start_names(machine)
        forms = [("tcpcat", REMOTE), ("tcpcat", REMOTE, "17"), ("who@", REMOTE), ("date@", REMOTE), ("finger@", REMOTE),
                 ("finger@", REMOTE, "joe"), ("finger@", REMOTE, "/W joe'\"$x;`y`"), ("http@", REMOTE), ("http@", REMOTE, "a/b?c=d%e"),
                 ("http@", REMOTE, "", "81")]
        programs = [(program,) for program in ("tcpcat", "who@", "date@", "finger@", "http@")]
        for answer, (program, *words) in [*itertools.product(answers, programs), *itertools.product(answers[1:2], forms)]:
            ports = {"tcpcat": 17, "who@": 11, "date@": 13, "finger@": 79, "http@": int(words[2]) if len(words) > 2 else 80}

            def observe(folder):
                heard = []

                def talk(connection):
                    if program in ("finger@", "http@"):
                        end = b"\r\n" if program == "finger@" else b"\r\n\r\n"
                        text = b""
                        while not text.endswith(end):
                            text += connection.recv(1000)
                        heard.append(text)
                    connection.sendall(answer)

                there = remote_server(talk, ports[program]) if words else Server(talk, "127.0.0.1", ports[program])
                with there:
                    done = run(folder, program, *words)
                return done.returncode, done.stdout, done.stderr, heard

            both.each((program, words, answer[:100]), observe)
        for program in ("tcpcat", "who@", "date@", "finger@", "http@", "mconnect"):
            both.runs(program, REMOTE)
            both.runs(program, "-v.remote.example")


def clients_mconnect(machine):
    def talk(connection):
        connection.sendall(b"220 hi\r\n\0bare\n")
        text = b""
        while not text.endswith(b"QUIT\r\n"):
            text += connection.recv(1000)
        heard.append(text)
        connection.sendall(b"221 bye\r\n")

    heard = []
    with Comparison(machine) as both:
        with Server(talk, "127.0.0.1", 25), remote_server(talk), remote_server(talk, 25):
            for text in list(texts(4, 20)) + [b"HELO x\n"]:
                for words in ((), (REMOTE,), (REMOTE, str(PORT))):
                    both.runs("mconnect", *words, stdin=text + b"QUIT\n")
        both.compare("what the server heard", heard[::2], heard[1::2])

        def end(connection):
            connection.recv(1)
            reset(connection)

        with remote_server(end, 25):
            both.runs("mconnect", REMOTE, stdin=b"x\n")


if __name__ == "__main__":
    main(globals())
