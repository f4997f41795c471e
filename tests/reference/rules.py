#!/usr/bin/env python3
"""tcprules and tcprulescheck against those of ucspi-tcp: the same cdb, the same answers."""
import random
import re

from reference import run

LINES = [
    'nocolon', '1.2.3.4:allow,A="b",C=xdx', "x:deny", "x:denyx", "x:allow,", "x:allow,A", "x:allow,A=", 'x:allow,A="',
    'x:allow,A=""', 'x:allow,=""', "x: allow", "x:Allow", "1.2.3.4-6:deny", "1.2-3.:allow", "1-3.:allow", "6-4:allow",
    "1.2.3.250-999:allow", "1.2.3.-3:allow", "1.2.3.3-:allow", "1.2.3.a-b:allow", "a-b@1.2.3.4:allow", "=a-b.c:allow",
    "a-b:allow", "-:allow", "1.2.3.4-5-6:allow", "01-3:allow", ":allow  \t", " #x:deny", 'x:allow,A="b"z',
    'x:allow,A="b,c=d"', "\0:allow", "a\0b:allow", 'x:allow,,A="b"', "1.2-3.4-5.:allow", 'x:deny,RELAYCLIENT=""', "", "#",
]
LOOKUPS = (
    '1.2.3.4:allow,N="ip"\njoe@1.2.3.4:allow,N="joe",M="2"\njoe@=h.example:allow,N="joeh"\n=h.example:deny\n'
    '1.2.3.:allow,N="p3"\n1.:deny\n=.example:allow,N="s"\n=:allow,N="eq"\n:allow,N="all"\n1.2.3.4:deny\n'
)
PIECES = ["1.2.3.", "4", "-", "6", "allow", "deny", ',A="x"', ",", "=", '"', "@", "#", " ", "\n", "g", ":allow\n", ":deny\n"]


def compile_both(pair, text):
    found = []
    for home, go, program in ((pair.stock, pair.run_stock, "tcprules"), (pair.ours, pair.run_ours, "tcprules")):
        pair.clear(home, {}, {})
        done = go(program, ["cdb", "tmp"], text.encode(), {})
        cdb = home / "tmp/cdb"
        # Ours warns of what stock drops silently, and says where a line stops making sense.
        errors = [re.sub(rb": line \d+, column .*", b"", line) for line in done.stderr.splitlines()
                  if b" warning: " not in line]
        found.append((done.returncode, errors, cdb.exists() and cdb.read_bytes()))
    pair.compare(f"tcprules {text!r}", *found)


def check_both(pair, env):
    found = [go("tcprulescheck", ["cdb"], b"", env) for go in (pair.run_stock, pair.run_ours)]
    pair.compare(f"tcprulescheck {env}", *((done.returncode, done.stdout) for done in found))


def test(pair):
    for line in LINES:
        for text in (line, line + "\n", f"a:allow\n{line}\nb:deny\n"):
            compile_both(pair, text)
    chance = random.Random(1)
    for _ in range(100):
        compile_both(pair, "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 25))))
    compile_both(pair, LOOKUPS)
    for ip in ("", "1.2.3.4", "1.2.3.5", "1.2.4.4", "1.9.9.9", "9.9.9.9"):
        for host in ("", "h.example", "x.y.example", "other"):
            for info in ("", "joe", "bob"):
                env = {"TCPREMOTEIP": ip, "TCPREMOTEHOST": host, "TCPREMOTEINFO": info}
                check_both(pair, {name: value for name, value in env.items() if value})


run(test)
