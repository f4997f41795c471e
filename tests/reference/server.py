#!/usr/bin/env python3
"""tcpserver and its rules, of ucspi-tcp and ours: the same cdb, environment, lines and status."""
import contextlib
import itertools
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from beside import NODELAY, ORIGINAL, OURS, PORT, REMOTE, Comparison, remote_ident, run, stable, start_names
from machine import Lines, connect, wait_until
from scenario import main
from tcp_peer import PATIENCE, read_all

ADDRESSES = ["", "=", "1.2.3.4", "1.2.3.", "1.2.", "1.", "10.0.0.1-3", "10.1-2.", "7-8.", "=.example", "=h.example", "=.h.example", "joe@1.2.3.4",
             "joe@=h.example", "joe@", "@", "3-1.", "1.2.3.250-260", "1.2.3.x-y", "g", "=g-h.example", "9.9.9.9-", "-9.9", "0.0.0.0", "1..2"]
ENDS = ["allow", "deny", 'allow,A="b"', 'deny,A=""', "allow,A=xbx,B=/c d/", 'allow,A="1",A="2"', 'allow,RELAYCLIENT=""', "allow  ", "allow\t", "ok",
        "", "allow,", "allow,A", "allow,A=", 'allow,A="', "allowx", "denyallow", 'allow,="x"', "allow,A=''", 'allow,A="b",', 'allow;A="b"', "Allow"]
LINES = ["# a comment", " # none", "", "   ", "no colon", "\t", "#x:allow"]
# Set to nothing counts as unset in ours.
ASKED = {
    "TCPREMOTEIP": [None, "1.2.3.4", "1.2.3.9", "1.2.9.9", "1.9.9.9", "10.0.0.2", "10.1.5.5", "8.1.1.1", "7", "0.0.0.0", "g", "1..2"],
    "TCPREMOTEHOST": [None, "h.example", "x.h.example", "example", ".example", "g-h.example", "other"],
    "TCPREMOTEINFO": [None, "joe", "@"],
}


def rule_files(seed, count):
    """Files whose lines all mean something, and files in which one may not."""
    chance = random.Random(seed)
    for address, end in itertools.product(ADDRESSES, ENDS):
        yield f"{address}:{end}\n"
    good = ENDS[:9]
    for number in range(count):
        lines = []
        for _ in range(chance.randint(1, 30)):
            line = f"{chance.choice(ADDRESSES)}:{chance.choice(good if number % 2 else ENDS)}"
            lines.append(chance.choice(LINES) if chance.random() < 0.1 else line)
        yield "\n".join(lines) + chance.choice(["\n", "", "\n\n"])


def server_rules(machine):
    """tcprules gives the same cdb to the byte, tcprulescheck the same answers from it."""
    chance = random.Random(5)

    def compile_by(folder, text):
        with tempfile.TemporaryDirectory() as scratch:
            done = run(folder, "tcprules", f"{scratch}/cdb", f"{scratch}/tmp", stdin=text.encode())
            cdb = Path(scratch, "cdb")
            return done.returncode, done.stdout, cdb.read_bytes() if cdb.exists() else None

    with Comparison(machine) as both:
        checked = 0
        for text in [*rule_files(6, 300), "", "x", "".join(f"10.{n}.1-200.:allow,N=\"{n}\"\n" for n in range(50))]:
            compiled = compile_by(ORIGINAL, text)
            both.compare(("tcprules", text), compiled, compile_by(OURS, text))
            if compiled[2] is None or len(text) < 100 or checked > 400:
                continue
            Path("/tmp/rules.cdb").write_bytes(compiled[2])
            for _ in range(3):
                asked = {name: value for name in ASKED if (value := chance.choice(ASKED[name])) is not None}
                both.runs("tcprulescheck", "/tmp/rules.cdb", env=asked)
                checked += 1
        # The words of an error are each program's own.
        for words in ([], ["/tmp/cdb"], ["/nonexistent/cdb", "/nonexistent/tmp"], ["/tmp/cdb", "/nonexistent/tmp"]):
            both.runs("tcprules", *words, change=lambda text: b"")
        for words in ([], ["/nonexistent"]):
            both.runs("tcprulescheck", *words, change=lambda text: b"")


@contextlib.contextmanager
def serving(folder, *words):
    """tcpserver on PORT; gives what it wrote to standard output first, and its log as a list that is filled at its end."""
    server = subprocess.Popen([f"{folder}/tcpserver", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, env={"PATH": "/usr/bin:/bin", "TCPREMOTEINFO": "stale", "UID": "64000", "GID": "64001"}, cwd="/")
    log = Lines(server.stderr)
    try:
        wait_until(lambda: server.poll() is not None or is_listening())
        yield server, log
    finally:
        server.terminate()
        server.wait(PATIENCE)
        log.thread.join(PATIENCE)
        wait_until(lambda: not is_listening())


def is_listening():
    """That somebody listens at PORT, without being a client."""
    wanted = f":{PORT:04X}"
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    return any(line[1].endswith(wanted) and line[3] == "0A" for line in lines)


def visit(send=b"", source=None):
    with connect(PORT, source=source) as connection:
        connection.settimeout(PATIENCE)
        connection.sendall(send)
        connection.shutdown(socket.SHUT_WR)
        try:
            return read_all(connection)
        except ConnectionResetError:
            return b"(reset)"


def served(folder, words, visits, program):
    """Exit code, what each client got, and the log; process numbers and ports as N."""
    with serving(folder, *words, *program) as (server, log):
        if server.poll() is None:
            got = []
            for number, keywords in enumerate(visits, 1):
                got.append(stable(visit(**keywords), b"TCPREMOTEPORT"))
                if words[0] in ("-v", "-qv"):
                    log.wait(r"status: 0/", number + 1)
            code = None
        else:
            got, code = [], server.returncode
    lines = [re.sub(r"(:\d*$)|(\b(?:pid|ok|deny|end) )\d+", lambda m: (m[2] or ":") + "N", line) for line in log.lines]
    return code, server.stdout.read(), got, [without_our_usage(line) for line in lines], server.returncode


def without_our_usage(line):
    return re.sub(r"usage: .*", "usage", line)


TALKERS = {
    "environment": ("env",),
    "exit code": ("sh", "-c", "exit 3"),
    "signal": ("sh", "-c", "kill $$"),
    "echo": ("cat",),
    "descriptors": ("sh", "-c", "ls /proc/self/fd"),
    "ids": ("sh", "-c", "id -u; id -g; id -G"),
    "nothing to run": ("/nonexistent",),
}


def server_options(machine):
    """What the program sees, what the client gets and what is told, option by option."""
    rules = (f'{REMOTE}:allow,A="1",TCPREMOTEHOST="by.rule"\n192.0.2.26:deny\n=.remote.example:allow,HOST="1"\njoe@{REMOTE}:deny\n'
             ':allow,REST="1"\n')
    two = [{}, {"source": "192.0.2.26"}, {"source": "192.0.2.53"}]
    with Comparison(machine) as both:
        start_names(machine)
        run(ORIGINAL, "tcprules", "/tmp/rules.cdb", "/tmp/rules.tmp", stdin=rules.encode())
        run(ORIGINAL, "tcprules", "/tmp/hosts.cdb", "/tmp/hosts.tmp", stdin=b"=.remote.example:deny\n=:allow,NAMED=\"1\"\n")
        place = ["0", str(PORT)]

        def serves(options, talker="environment", visits=two):
            both.each((options, talker), lambda folder: served(folder, ["-v", *options, *place], visits, TALKERS[talker]))

        for options in (["-RHl0"], ["-RH"], ["-Rl0"], ["-R"], ["-Rp"], ["-RpP"], ["-RhH"], ["-RHh"], ["-RHl", ""], ["-RHlme.example"],
                        ["-RHl0", "-x", "/tmp/rules.cdb"], ["-R", "-x", "/tmp/rules.cdb"], ["-R", "-x", "/tmp/hosts.cdb"],
                        ["-Rp", "-x", "/tmp/hosts.cdb"], ["-RHl0", "-x", "/nonexistent"], ["-RHl0", "-X", "-x", "/nonexistent"],
                        ["-RHl0", "-c1"], ["-RHl0", "-b1"], ["-RHl0", "-B", "220 wait\r\n"], ["-RHl0o"], ["-RHl0O"], ["-RHl0d"], ["-RHl0D"],
                        ["-RHl0t3"]):
            serves(options)
        for talker in TALKERS:
            serves(["-RHl0"], talker, [{}])
            serves(["-RH"], talker, [{"send": b"text\0\r\n"}] if talker == "echo" else [{}])
        for options in (["-RHl0", "-u", "64000"], ["-RHl0", "-g", "64001"], ["-RHl0", "-u64000", "-g64001"], ["-RHl0U"]):
            serves(options, "ids", [{}])
        for verbosity in ("-q", "-Q", "-qv", "-vQ"):
            for talker in ("environment", "nothing to run"):
                both.each((verbosity, talker), lambda folder: served(folder, [verbosity, "-RHl0", *place], [{}], TALKERS[talker]))
        both.each("-1", lambda folder: served(folder, ["-1RHl0", *place], [{}], TALKERS["environment"]))
        both.each("an address", lambda folder: served(folder, ["-RHl0", "192.0.2.1", str(PORT)], [{}], TALKERS["environment"]))
        both.each("a name", lambda folder: served(folder, ["-RHl0", "mx.example.org", str(PORT)], [{}], TALKERS["environment"]))


def server_nodelay(machine):
    with Comparison(machine) as both:
        Path("/tmp/nodelay").write_text(f"#!/bin/sh\nexec {sys.executable} -c '{NODELAY}'\n")
        os.chmod("/tmp/nodelay", 0o755)
        for option in ("-d", "-D"):
            both.each(option, lambda folder: served(folder, ["-RHl0", option, "0", str(PORT)], [{}],
                                                    ("env", "FD=0", "/tmp/nodelay")))


def server_ident(machine):
    with Comparison(machine) as both:
        run(ORIGINAL, "tcprules", "/tmp/rules.cdb", "/tmp/rules.tmp", stdin=f'joe@{REMOTE}:deny\njim@{REMOTE}:allow,JIM="1"\n'.encode())
        for answer in (b" : USERID : UNIX : joe\r\n", b" : USERID : UNIX : jim\r\n", b" : ERROR : NO-USER\r\n", b""):
            with remote_ident(answer):
                for options in (["-rHl0", "-t5"], ["-rHl0", "-t5", "-x", "/tmp/rules.cdb"]):
                    both.each((answer, options), lambda folder: served(folder, ["-v", *options, "0", str(PORT)], [{}], ("env",)))


def server_limit(machine):
    """The status lines while more come than are served at once."""
    with Comparison(machine) as both:
        def observe(folder):
            with serving(folder, "-vRHl0", "-c2", "0", str(PORT), "cat") as (_, log):
                clients = [connect(PORT) for _ in range(3)]
                log.wait(r"status: 2/2")
                for client in clients:
                    client.shutdown(socket.SHUT_WR)
                    assert read_all(client) == b""
                    client.close()
                # There may be nobody for a moment before the third is let in.
                log.wait(r"tcpserver: end ", 3)
                wait_until(lambda: "status: " in log.lines[-1])
            seen = [line for line in log.lines if "status:" in line and "end" not in line]
            return max(seen), seen[:3], seen[-1]

        both.each("-c2", observe)


def server_errors(machine):
    with Comparison(machine) as both:
        start_names(machine)
        for verbosity in ("-q", "-Q", "-v"):
            for words in ([], ["0"], ["0", str(PORT)], ["-y", "0", str(PORT), "true"],
                          ["0", "no-such-service", "true"], ["nowhere.remote.example", str(PORT), "true"], ["192.0.2.77", str(PORT), "true"]):
                def observe(folder):
                    done = run(folder, "tcpserver", verbosity, "-RHl0", *words)
                    return done.returncode, done.stdout, [without_our_usage(line) for line in done.stderr.decode().splitlines()]

                # With -q the original does not even say that there are too few words.
                if verbosity == "-q" and len(words) < 3:
                    continue
                both.each((verbosity, words), observe)
            with socket.create_server(("0.0.0.0", PORT)):
                both.runs("tcpserver", verbosity, "-RHl0", "0", PORT, "true")


if __name__ == "__main__":
    main(globals())
