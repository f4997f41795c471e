#!/usr/bin/env python3
"""rblsmtpd between tcpserver and an SMTP server: lists in the DNS, asked together and in bounded time."""
import contextlib
import ipaddress
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import PATIENCE, Lines, connect, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402

PORT = 2525
CLIENT = "25.2.0.192"  # as it stands in a list
CLIENT6 = ipaddress.ip_address("2001:db8::25").reverse_pointer.removesuffix(".ip6.arpa")
SERVER = Path(__file__).parents[1] / "support/dns_server.py"
BUDGET = 10  # seconds that all lists together may take: rblsmtpd(1)


@contextlib.contextmanager
def serving(*arguments, port=PORT, env=()):
    """rblsmtpd with `arguments` on a port before a program that says LET IN; gives the log."""
    command = ["tcpserver", "-v", "-RHl0", "0", str(port), "rblsmtpd", *arguments, "echo", "LET IN"]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, **dict(env)})
    log = Lines(server.stderr)
    try:
        log.wait(r"tcpserver: status: 0/")
        yield log
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(PATIENCE) == 0


def visit(port=PORT, **kw):
    """What a client that wants to send a message is told, without the greetings."""
    with connect(port, **kw) as connection:
        connection.sendall(b"HELO client.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nQUIT\r\n")
        try:
            said = connection.makefile("r", newline="\r\n").read()
        except ConnectionResetError:
            said = "LET IN\n"  # the program ended without reading what we sent
    return [line for line in re.split(r"\r?\n", said) if line and not re.match(r"2\d\d rblsmtpd\.local", line)]


def verdict(*arguments, **kw):
    with serving(*arguments):
        said = visit(**kw)
    assert len(said) == 1, said
    return said[0]


def start_odd_dns(machine, zone):
    """tests/support/dns_server.py in the place of the name server."""
    Path("/run/zone").write_text(zone)
    machine.helper(sys.executable, str(SERVER), "192.0.2.53", "53", "/run/zone")
    wait_for_port(53, "192.0.2.53")
    Path("/etc/resolv.conf").write_text("nameserver 192.0.2.53\noptions timeout:30 attempts:5\n")


def lists_of_both_families_refuse_and_let_in(machine):
    """TXT and A lists, messages, allow lists and nibbles, on a real name server."""
    machine.install()
    machine.start_dns({
        "text.example": f'{CLIENT} IN TXT "see http://text.example/?25"\n{CLIENT6} IN TXT "six"\n',
        "address.example": f"{CLIENT} IN A 127.0.0.2\n{CLIENT6} IN A 127.0.0.2\n",
    })
    assert verdict("-r", "text.example") == "451 see http://text.example/?25"
    assert verdict("-b", "-r", "text.example") == "553 see http://text.example/?25"
    assert verdict("-r", "address.example") == "LET IN"
    assert verdict("-r", "address.example:no mail from %IP%") == "451 no mail from 192.0.2.25"
    assert verdict("-a", "address.example", "-r", "text.example") == "LET IN"
    assert verdict("-r", "text.example", "-a", "address.example") == "451 see http://text.example/?25"
    assert verdict("-a", "text.example", "-r", "text.example", source="192.0.2.26") == "LET IN"
    assert verdict("-r", "text.example", address="2001:db8::1") == "451 six"
    assert verdict("-r", "address.example:no %IP%", address="2001:db8::1") == "451 no 2001:db8::25"
    with serving("-r", "text.example") as log:
        visit()
        log.wait(r"^rblsmtpd: 192\.0\.2\.25 pid \d+: 451 see http://text\.example/\?25$")
        log.wait(r"tcpserver: end \d+ status 0$")
    with serving("-r", "text.example", env={"RBLSMTPD": ""}):
        assert visit() == ["LET IN"]


def lists_are_asked_together_and_decide_in_order(machine):
    """Ten lists that each take a second take one; the first that has the client decides, though it answers last."""
    machine.install()
    slow = [f"slow{number}.example" for number in range(10)]
    start_odd_dns(machine, "".join(f"{CLIENT}.{name} DELAY 1\n" for name in slow)
                  + f"{CLIENT}.first.example DELAY 1\n{CLIENT}.first.example TXT first\n{CLIENT}.second.example TXT second\n")
    every = [word for name in slow for word in ("-r", name)]
    with serving(*every, "-r", "first.example", "-r", "second.example"):
        start = time.monotonic()
        assert visit() == ["451 first"]
        assert 1 <= time.monotonic() - start < 5
    with serving("-r", "second.example", "-r", "first.example", *every):
        start = time.monotonic()
        assert visit() == ["451 second"]
        assert time.monotonic() - start < 1


def lists_that_have_answered_are_not_asked_again(machine):
    """One process decides on client after client, and goes on when the name server is gone: yes, and no."""
    machine.install()
    start_odd_dns(machine, f"yes.example SOA 60\n{CLIENT}.yes.example TXT yes\nno.example SOA 60\n"
                  f"hyphen.example SOA 60\n{CLIENT}.hyphen.example TXT -yes\n")
    with (serving("-c", "-r", "yes.example") as refusing, serving("-c", "-r", "no.example", port=PORT + 1),
          serving("-c", "-r", "no.example", "rblsmtpd", "-b", "-r", "yes.example", port=PORT + 2) as both,
          serving("-c", "-r", "hyphen.example", port=PORT + 3)):
        for turn in range(3):
            assert visit() == ["451 yes"]
            assert visit(port=PORT + 1) == ["LET IN"]
            assert visit(port=PORT + 2) == ["553 yes"]
            # What RBLSMTPD cannot say.
            assert visit(port=PORT + 3) == ["451 -yes"]
            if turn == 0:
                machine.helpers[-1].kill()
                machine.helpers[-1].wait()
        # The same process served all.
        pid = refusing.wait(r"rblsmtpd: 192\.0\.2\.25 pid (\d+): 451 yes")[1]
        refusing.wait(rf"tcpserver: end {pid} status 0$", count=3)
        both.wait(r"tcpserver: end \d+ status 0$", count=3)
        # Nobody is there to be asked about another client.
        assert visit(source="192.0.2.26") == ["451 temporary RBL lookup error"]


def lists_that_do_not_answer_take_no_longer_than_their_time(machine):
    """Five lists that never answer: the client is let in when their time is over, or with -c refused for now."""
    machine.install()
    start_odd_dns(machine, "".join(f"*.dead{number}.example IGNORE\n" for number in range(5)))
    dead = [word for number in range(5) for word in ("-r", f"dead{number}.example")]
    for options, wanted in (([], "LET IN"), (["-bc"], "451 temporary RBL lookup error")):
        with serving(*options, *dead):
            start = time.monotonic()
            assert visit() == [wanted]
            assert BUDGET - 1 <= time.monotonic() - start < BUDGET + 5, time.monotonic() - start


def lists_end_a_conversation_when_its_time_is_over(machine):
    """A refused client that says nothing, or a byte now and then, is gone after -t seconds."""
    machine.install()
    with serving("-t", "2", env={"RBLSMTPD": "go away"}) as log, connect(PORT) as silent, connect(PORT) as slow:
        start = time.monotonic()
        assert silent.recv(100) == slow.recv(100) == b"220 rblsmtpd.local\r\n"
        slow.settimeout(0.3)
        while time.monotonic() - start < PATIENCE:
            slow.sendall(b"x")
            with contextlib.suppress(TimeoutError):
                assert slow.recv(100) == b""
                break
        assert silent.recv(100) == b""
        assert 1 < time.monotonic() - start < 10
        log.wait(r"tcpserver: end \d+ status 0$", count=2)


if __name__ == "__main__":
    main(globals())
