#!/usr/bin/env python3
"""What D. J. Bernstein's fastforward and dot-forward make of aliases, and what ours do."""
import random
import re
import subprocess
from pathlib import Path

from beside import Comparison
from scenario import main

# Theirs have their home in /var/lib/qmail. Both get a qmail-queue that keeps what it is given.
QUEUE = """#!/bin/sh
cat >/tmp/message
cat <&1 >/tmp/envelope
exit $(cat /tmp/queue-code)
"""
# The originals find such things one after the other, and act on what stands before; ours first look at all of it.
REFUSED = re.compile(rb"unable to (parse|read) |not permitted|not supported|under 800 bytes|is not world-readable")
MESSAGE = b"Subject: x\n\nbody\n" * 300
ADDRESSES = [b"alice", b"bob@x.example", b'"a b"@x.example', b'"|run a, b"', b"(a (b) c)", b"x+", b"y@z+", b"@host", b"me@",
             b"[1.2.3.4]", b"j@[1.2.3.4]", b"owner-root", b"root", b"OWNER-x", b"\\joe", b'""', b'"', b"(", b")", b"\xe9t\xe9",
             b"joe shmoe <j@x.example>", b"<k>", b"<>", b"<", b">", b"a.b", b".", b"@", b'"\\|x"', b"u" * 790, b'"sp "@x.example']
MARKS = [b":", b": ", b",", b", ", b" ", b";", b"\t", b"\n ", b"\n\n\t", b"\n", b"\n# "]
INCLUDES = [b":include:/tmp/list", b":include: l.x", b":include:", b': include :"a b"', b":include"]


class Beside(Comparison):
    def __init__(self, machine):
        super().__init__(machine, "fastforward", "dot-forward")
        for folder in ("/var/qmail/control", "/tmp/here"):
            Path(folder).mkdir(parents=True, exist_ok=True)
        Path("/var/lib/qmail/control").symlink_to("/var/qmail/control")
        for home in ("/var/qmail", "/var/lib/qmail"):
            queue = Path(home, "bin/qmail-queue")
            queue.unlink(missing_ok=True)
            queue.write_text(QUEUE)
            queue.chmod(0o755)
        Path("/tmp/queue-code").write_text("0")
        # So that no command has to be known by two names.
        Path("/usr/bin/newaliases").unlink(missing_ok=True)
        Path("/usr/bin/newaliases").symlink_to("/usr/sbin/qmail-newaliases")

    def same(self, program, *args, stdin=b"", env=None, results=(), folder="/tmp/here"):
        """The same exit code, output, complaint, and files `results`."""
        Path("/tmp/input").write_bytes(stdin)
        kept = [Path(folder, name) for name in (*results, "/tmp/message", "/tmp/envelope", "/tmp/ran")]

        def observe(place):
            for path in kept:
                path.unlink(missing_ok=True)
            with open("/tmp/input", "rb") as source:
                done = subprocess.run([f"{place}/{program}", *args], stdin=source, capture_output=True, timeout=60, cwd=folder,
                                      env={"PATH": "/var/qmail/bin:/usr/bin:/bin", **(env or {})})
            files = [path.exists() and (path.read_bytes(), oct(path.stat().st_mode)) for path in kept]
            if done.returncode and REFUSED.search(done.stderr):
                return "refused", files[:len(results)]
            # What is printed before a complaint depends on the size of a buffer.
            return done.returncode, done.returncode == 0 and done.stdout, complaint(done.stderr), files

        self.each((program, args, stdin, env), observe)


def complaint(text):
    text = re.sub(rb"qp \d+", b"qp", text)
    text = re.sub(rb"usage: .*", b"usage", text)
    # Ours say which line.
    text = re.sub(rb": line \d+$", b"", text.rstrip(b"\n"))
    return text.replace(b"printmaillist: fatal: bad database", b"printforward: fatal: bad database")


def controls(dice):
    for name in ("me", "defaulthost", "defaultdomain", "plusdomain"):
        path = Path("/var/qmail/control", name)
        path.unlink(missing_ok=True)
        if dice.random() < 0.6:
            path.write_text(f"{name}.example{dice.choice(['', ' ', chr(10), chr(10) + 'more'])}")


def line(dice):
    pieces = [dice.choice(ADDRESSES), b":"] if dice.random() < 0.6 else []
    for _ in range(dice.randrange(8)):
        pieces.append(dice.choice(dice.choices([ADDRESSES, MARKS, INCLUDES], [6, 6, 1])[0]))
    return b"".join(pieces)


def lines(dice, count):
    # The last line has its newline: the originals forget one that has none, ours do not.
    return b"".join(line(dice) + b"\n" for _ in range(dice.randrange(count)))


def aliases_newaliases(machine):
    with Beside(machine) as both:
        dice = random.Random(1)
        for _ in range(1200):
            controls(dice)
            Path("/etc/aliases").write_bytes(lines(dice, 3))
            both.same("newaliases", results=["aliases.cdb"], folder="/etc")
        for count in (0, 1, 300, 20000):
            Path("/etc/aliases").write_bytes(b"".join(b"user%d, owner-l%d: a%d, b@%d.example\n" % (n, n % 7, n, n) for n in range(count)))
            both.same("newaliases", results=["aliases.cdb"], folder="/etc")
        for before in (lambda path: path.unlink(), lambda path: path.mkdir()):
            before(Path("/etc/aliases"))
            both.same("newaliases", results=["aliases.cdb"], folder="/etc")


def aliases_newinclude(machine):
    with Beside(machine) as both:
        dice = random.Random(2)
        both.same("newinclude", "nothing")
        for _ in range(1200):
            controls(dice)
            Path("/tmp/here/list").write_bytes(lines(dice, 4))
            both.same("newinclude", "list", results=["list.bin"])
            if Path("/tmp/here/list.bin").exists():
                both.same("printmaillist", stdin=Path("/tmp/here/list.bin").read_bytes())


def table(dice):
    pieces = [b"a@x.example", b"@x.example", b"a@", b"Up@X", b":", b":", b";", b";", b",", b",", b"&b@y", b"c@z", b"?owner@o", b"./l", b"/l", b"|run",
              b"!run", b" ", b"\n", b"\t", b"# c ;\n", b"#", b"\\", b"\\ ", b"\\;", b"\\\n", b"\0", b"\xe9", b"\r", b"u" * 800, b"&" + b"u" * 799]
    if dice.random() < 0.5:
        return b"".join(dice.choice(pieces) for _ in range(dice.randrange(20)))
    text = b""
    for _ in range(dice.randrange(6)):
        commands = [dice.choice(pieces[9:17]) for _ in range(dice.randrange(5))]
        text += dice.choice(pieces[:4]) + b": " + b", ".join(commands) + b";\n"
    return text


def aliases_setforward(machine):
    with Beside(machine) as both:
        dice = random.Random(3)
        both.same("setforward", "nothing", "/nonexistent/tmp")
        for _ in range(1500):
            both.same("setforward", "cdb", "tmp", stdin=table(dice), results=["cdb"])
            if Path("/tmp/here/cdb").exists():
                cdb = Path("/tmp/here/cdb").read_bytes()
                both.same("printforward", stdin=cdb)
                both.same("printforward", stdin=cdb[:dice.randrange(len(cdb) + 1)])
                at = dice.randrange(2048, len(cdb)) if len(cdb) > 2048 else 0
                both.same("printforward", stdin=cdb[:at] + bytes([dice.randrange(256)]) + cdb[at + 1:])
        both.same("setforward", "cdb", "tmp", stdin=b"".join(b"u%d@: v%d@x, |run;\n" % (n, n) for n in range(50000)), results=["cdb"])


def aliases_setmaillist(machine):
    with Beside(machine) as both:
        dice = random.Random(4)
        pieces = [b"a@x", b"&b@y", b"./l", b"/l", b" ", b"\t", b"#", b"\n", b"\n", b"\0", b"u" * 800, b"", b"|x", b"\xe9"]
        for _ in range(800):
            text = b"".join(dice.choice(pieces) for _ in range(dice.randrange(12)))
            both.same("setmaillist", "bin", "tmp", stdin=text, results=["bin"])
            both.same("printmaillist", stdin=text)
            both.same("printmaillist", stdin=text.replace(b"\n", b"\0"))


USERS = ["a", "b", "c", "list", "list2", "Loop", "none"]
HOSTS = ["x.example", "Y.example"]


def fast_table(dice):
    text = ""
    for user in USERS[:-1]:
        for target in dice.sample([f"{user}@", *(f"{user}@{host}" for host in HOSTS)], dice.randrange(3)):
            commands = [dice.choice([f"{dice.choice(USERS)}@{dice.choice(HOSTS)}", "/tmp/here/l1", "./l2", "&a@x.example", "?o-l@x.example",
                                     "|echo\\ ran\\ >>/tmp/ran", "!cat\\ >>/tmp/ran", "far@remote.example", "\x1b\xff@remote.example"])
                        for _ in range(dice.randrange(1, 4))]
            text += f"{target}: {', '.join(commands)};\n"
    if dice.random() < 0.3:
        text += f"@{dice.choice(HOSTS)}: catch@remote.example;\n"
    return text.encode("latin-1")


def aliases_fastforward(machine):
    with Beside(machine) as both:
        dice = random.Random(5)
        work = Path("/tmp/here")
        for _ in range(250):
            subprocess.run(["/usr/bin/setforward", "cdb", "tmp"], input=fast_table(dice), cwd=work, check=True)
            for name in ("l1", "l2"):
                (work / name).unlink(missing_ok=True)
                if dice.random() < 0.9:
                    entries = [b"&%s@%s" % (dice.choice(USERS).encode(), dice.choice(HOSTS).encode()), b"./l2", b"/tmp/here/l1", b"|echo no >>/tmp/ran", b"junk",
                               b"&" + b"v" * 898, b"&" + b"w" * 899, b"&"]
                    (work / name).write_bytes(b"".join(dice.choice(entries) + b"\0" for _ in range(dice.randrange(5))) + dice.choice([b"", b"&cut"]))
                    (work / name).chmod(0o644 if dice.random() < 0.95 else 0o600)
            for _ in range(6):
                user, host = dice.choice(USERS), dice.choice(HOSTS)
                env = {"RECIPIENT": f"{user}@{host}", "UFLINE": "From x\n", "RPLINE": "Return-Path: <s>\n", "DTLINE": "Delivered-To: d\n"}
                if dice.random() < 0.8:
                    env["SENDER"] = dice.choice(["s@remote.example", "", "#@[]"])
                options = dice.choice(["", "-n", "-p", "-np", "-P", "-N", "-x"])
                if dice.random() < 0.3:
                    options = "-d" + options[1:]
                    env.update({name: value for name, value in (("DEFAULT", user), ("EXT", "b"), ("HOST", host)) if dice.random() < 0.8})
                both.same("fastforward", *([options] if options else []), "cdb", stdin=MESSAGE, env=env)
        both.same("fastforward")
        both.same("fastforward", "cdb")
        both.same("fastforward", "nothing", env={"RECIPIENT": "a@x"})


def aliases_commands_that_fail(machine):
    with Beside(machine) as both:
        for code in (0, 1, 64, 65, 66, 70, 76, 77, 78, 99, 100, 111, 112):
            Path("/tmp/here/forward").write_text(f'"|exit {code}", far@remote.example\n')
            both.same("dot-forward", "forward", stdin=MESSAGE)
            subprocess.run(["/usr/bin/setforward", "cdb", "tmp"], input=f"a@: |exit\\ {code}, far@remote.example;".encode(), cwd="/tmp/here", check=True)
            both.same("fastforward", "cdb", stdin=MESSAGE, env={"RECIPIENT": "a@x"})
        for code in (11, 31, 51, 53, 71, 91, 115, 120):
            Path("/tmp/queue-code").write_text(str(code))
            Path("/tmp/here/forward").write_text("far@remote.example\n")
            both.same("dot-forward", "forward", stdin=MESSAGE)
            subprocess.run(["/usr/bin/setforward", "cdb", "tmp"], input=b"a@: far@remote.example;", cwd="/tmp/here", check=True)
            both.same("fastforward", "cdb", stdin=MESSAGE, env={"RECIPIENT": "a@x"})
            both.same("fastforward", "-p", "cdb", stdin=MESSAGE, env={"RECIPIENT": "a@x"})


def aliases_dot_forward(machine):
    with Beside(machine) as both:
        dice = random.Random(6)
        both.same("dot-forward")
        both.same("dot-forward", "-x", "f")
        for number in range(1500):
            controls(dice)
            text = lines(dice, 4).replace(b"|run a, b", b"|cat >>/tmp/ran").replace(b"\\|x", b"|true ")
            # Theirs takes ":include:" for an address; ours refuses it.
            if b"include" in text:
                continue
            names = ["forward", "second"][: dice.randrange(1, 3)]
            for name in ("forward", "second"):
                Path("/tmp/here", name).unlink(missing_ok=True)
            Path("/tmp/here", dice.choice(names)).write_bytes(text)
            env = {"USER": dice.choice(["joe", "Alice", "a b"]), "HOST": dice.choice(["x.example", "X.Example"]), "NEWSENDER": "n@x",
                   "UFLINE": "From x\n", "RPLINE": "Return-Path: <s>\n", "DTLINE": "Delivered-To: d\n"}
            for name in list(env):
                if dice.random() < 0.05:
                    del env[name]
            both.same("dot-forward", *(["-n"] if number % 3 == 0 else []), *names, stdin=MESSAGE, env=env)


if __name__ == "__main__":
    main(globals())
