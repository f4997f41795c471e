#!/usr/bin/env python3
"""rblsmtpd against that of ucspi-tcp: the same verdicts, conversations and log lines, in a network of its own."""
import itertools
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from reference import run

INSIDE = "REFERENCE_NETWORK"
SERVER = Path(__file__).parents[1] / "support/dns_server.py"
ZONE = """
4.3.2.1.text.example TXT see http://text.example/?1.2.3.4
4.3.2.1.both.example TXT both
4.3.2.1.both.example A 127.0.0.2
4.3.2.1.address.example A 127.0.0.2
4.3.2.1.two.example TXT one
4.3.2.1.two.example TXT and two
4.3.2.1.alias.example CNAME 4.3.2.1.both.example
4.3.2.1.empty.example TXT
4.3.2.1.long.example TXT {long}
4.3.2.1.odd.example TXT a\tb\x7f
4.3.2.1.fails.example SERVFAIL
""".format(long="x" * 250)
LISTS = ["text", "both", "address", "two", "alias", "empty", "long", "odd", "none"]
SAID = [
    b"", b"QUIT\r\n", b"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<a>\r\nDATA\r\nRSET\r\nNOOP\r\nVRFY a\r\nQUIT\r\nHELO x\r\n",
    b"ehlo\nEHLO x\r\r\n\n helo\nhelox\nquit\t\nHeLo  x\nquit now\n", b"helo\0x\nquit", b"x" * 3000 + b"\nquit\n",
]


def enter_network():
    """Only the loopback, where a name server of ours listens and /etc/resolv.conf says so."""
    if not os.environ.get(INSIDE):
        command = ["unshare", "-n", "-m", sys.executable, *sys.argv]
        os.execvpe(command[0], command, {**os.environ, INSIDE: "1"})
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    folder = tempfile.mkdtemp(prefix="reference.")
    for name, text in (("zone", ZONE), ("resolv.conf", "nameserver 127.0.0.1\n")):
        (Path(folder) / name).write_text(text)
    subprocess.run(["mount", "--bind", f"{folder}/resolv.conf", "/etc/resolv.conf"], check=True)
    server = subprocess.Popen([sys.executable, SERVER, "127.0.0.1", "53", f"{folder}/zone"], stdout=subprocess.PIPE)
    server.stdout.readline()
    return server


def check(pair, args, env, said=SAID[2]):
    found = []
    for go in (pair.run_stock, pair.run_ours):
        done = go("rblsmtpd", [*args, "echo", "LET IN"], said, {"DNSCACHEIP": "127.0.0.1", **env})
        found.append((done.returncode, done.stdout, re.sub(rb"pid \d+", b"pid N", done.stderr)))
    pair.compare(f"rblsmtpd {args} {env} {said[:50]!r}", *found)


def test(pair):
    client = {"TCPREMOTEIP": "1.2.3.4"}
    for text, said in itertools.product(("", "no", "-no", "-", "x" * 300, "a\tb\xe9"), SAID):
        for args in ([], ["-b"], ["-t0"], ["-t", "x"], ["-r", "text.example"]):
            check(pair, args, {**client, "RBLSMTPD": text}, said)
    check(pair, [], {"RBLSMTPD": "no"})
    for which, flag, name in itertools.product(("-r", "-a"), ("-B", "-b", "-c"), LISTS):
        check(pair, [flag, which, f"{name}.example"], client)
    for first, second, third in itertools.permutations(("text", "both", "none"), 3):
        check(pair, ["-r", f"{first}.example", "-b", "-a", f"{second}.example", "-r", f"{third}.example"], client)
    # Few of these: stock asks a server that fails again and again.
    for args in (["-r"], ["-b", "-r"], ["-c", "-b", "-r"], ["-a"], ["-c", "-b", "-a"]):
        check(pair, [*args, "fails.example", "-r", "text.example"], client)


name_server = enter_network()
try:
    run(test)
finally:
    name_server.kill()
