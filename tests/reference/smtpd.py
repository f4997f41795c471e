#!/usr/bin/env python3
"""qmail-smtpd against stock's: replies, exit code, and what qmail-queue is given."""
import random
import re
import time

from reference import run

HEAD = ["HELO c.example", "MAIL FROM:<a@b.c>", "RCPT TO:<x@mx.example.org>", "DATA"]
CONTROL = {
    "me": b"mx.example.org\n",
    "rcpthosts": b"mx.example.org\n.wild.example\nExample.NET\n",
    "badmailfrom": b"bad@x.example\n@spam.example\n",
}
QUEUE = b"""#!/bin/sh
cat >"$QUEUE_TMP/message"
cat <&1 >"$QUEUE_TMP/envelope"
test -n "$QUEUE_TEXT" && printf '%s' "$QUEUE_TEXT" >&6
exit ${QUEUE_EXIT:-0}
"""
ADDRESSES = [
    "<a@b>", "a@b", "<a@b", "a@b>", "", ":", ": a", "::a", "<>", "<@x:a@b>", "<@x", "@x:y", '<"a b"@c>', '<"a>b"@c>', "<a\\>b@c>",
    "<a\\", "a b", "FROM: a b", "FROM:<a@mx.example.org> SIZE=1", "TO:<x@MX.example.org>", "TO:<x@y.wild.example>",
    "TO:<x@wild.example>", "TO:<x@>", "TO:<@>", "TO:<x>", "TO:<x@[127.0.0.1]>", "TO:<x@[127.0.0.1]y>", "TO:<x@[0.0.0.0]>",
    "TO:<x@[1.2.3.4]>", "TO: x@example.net", "TO:<a@b@example.net>", f"TO:<{'a' * 899}>", f"TO:<{'a' * 900}>", '"x"',
    "TO:<x@example.net\0>y>", "TO:\t<x>", "<bad@x.example>", "<BAD@X.example>", "<q@spam.example>", "<q@sub.spam.example>",
]
BODIES = [
    "", "\r\n", "a\r\n", ".\r\nx", "..\r\n", ".a\r\n", ".\rx\r\n", ".\r\r\n", "a\rb\r\n", "\r\r\n", "a\r\r\r\nb\r\n", "\0\r\n", "a\n",
    "\n", "a\r\n.\n", "\n.\n", "a\r\n.\n\r\n", ".\n", "..\n", "\r\n\n", "\r.\r\n", "a\r.\r\n", "a\n.\r\n", "a\r\n\r.\r\n",
]
TOKENS = ["\r\n", "\r\n", "\r\n", "\r", "\n", ".", "..", "a", "Received", "\r\n.\r\n", "\r\n.", "\r\n\r\n", "x" * 40, "\0", "QUIT\r\n"]
WORDS = ["<a@example.net>", "TO:<", ">", "FROM:", ":", "@", '"', "\\", " ", "a", "example.net", ".", "\0", "[127.0.0.1]", "x" * 100]
VERBS = ["MAIL ", "RCPT ", "DATA", ".", "RCPT TO:<", "MAIL FROM:<", "RSET", "HELO ", "EHLO ", "NOOP", "VRFY", "HELP", "", "XX "]


def crlf(*lines):
    return "".join(line + "\r\n" for line in lines)


def message(*lines):
    return crlf(*HEAD, *lines, ".", "QUIT")


def without_chance(text):
    """The time and the process number as NOW and PID, dates as DATE."""
    text = re.sub(rb"250 ok \d+ qp \d+", b"250 ok NOW qp PID", text)
    return re.sub(rb"; \d+ \w+ \d+ \d\d:\d\d:\d\d -0000", b"; DATE", text)


def accepted(home):
    """The message and its envelope, if qmail-queue got all of it."""
    envelope = home / "tmp/envelope"
    if not envelope.exists() or not envelope.read_bytes().endswith(b"\0\0"):
        return None
    return without_chance((home / "tmp/message").read_bytes()), envelope.read_bytes()


def converse(pair, requests, env=None, **control):
    files = CONTROL | {name: value.encode() for name, value in control.items()}
    env = {"QMAILQUEUE": "@TMP@/queue", "QUEUE_TMP": "@TMP@"} | (env or {})
    found = []
    for home, go, program in (
        (pair.stock, pair.run_stock, "/var/qmail/bin/qmail-smtpd"), (pair.ours, pair.run_ours, "qmail-smtpd")
    ):
        pair.clear(home, files, {"queue": QUEUE})
        done = go(program, [], requests.encode("latin-1"), env)
        if done.returncode:
            time.sleep(0.05)  # stock does not wait for a queue program that it abandons
        found.append((done.returncode, without_chance(done.stdout), accepted(home)))
    pair.compare(f"{requests[:500]!r} {env} {control}", *found)


def test_texts(pair):
    converse(pair, crlf("HELO c", "HELP me", "NOOP x", "VRFY a", "RSET", "XX", "", "  ", " QUIT", "ehlo d", "quit now"))
    converse(pair, "NOOP\r\nQUI")
    converse(pair, "NOOP\r\r\nMA\0IL\r\nNOOP\0x\r\nQUIT\n")
    converse(pair, crlf("RCPT <x>", "DATA", "MAIL <a>", "DATA", "RCPT <y@evil>", "RCPT <x>", "MAIL <b>", "DATA", "RSET", "QUIT"))
    converse(pair, message("x"), {"QMAILQUEUE": "/nonexistent"})
    for code in (0, 1, 11, 31, 32, 41, 51, 52, 53, 54, 55, 56, 61, 62, 66, 71, 72, 73, 74, 81, 82, 91, 99, 100, 111, 115, 120):
        for text in ("", "Dgo away (#5.7.1)", "Zlater", "D"):
            converse(pair, message("x"), {"QUEUE_EXIT": str(code), "QUEUE_TEXT": text})


def test_addresses(pair):
    for address in ADDRESSES:
        for env in ({}, {"RELAYCLIENT": ""}, {"RELAYCLIENT": "@fix.me"}):
            converse(pair, crlf(f"MAIL {address}", "RCPT <x>", f"RCPT {address}", "DATA", "h", ".", "QUIT"), env)


def test_traces(pair):
    for env in (
        {"TCPREMOTEIP": "1.2.3.4", "TCPREMOTEHOST": "C.example"}, {"TCPREMOTEINFO": "joe user", "TCPREMOTEIP": "9.9.9.9"},
        {"TCPREMOTEINFO": ""}, {"TCPREMOTEHOST": ""}, {"TCPLOCALHOST": "l.h", "TCPLOCALIP": "1.1.1.1"}, {"TCPLOCALIP": "1.1.1.1"},
    ):
        converse(pair, message("x"), env)
        converse(pair, crlf("EHLO [1.2] (x) 'y") + message("x")[len("HELO c.example\r\n"):], env)


def test_bodies(pair):
    for body in BODIES:
        for tail in (".\r\nQUIT\r\n", "\r\n.\r\nQUIT\r\n", ""):
            converse(pair, crlf(*HEAD) + body + tail)
    for line in ("Received: x", "received", "Delivered-To: x", "DELIVERED", "receive", ".Received: x"):
        for count in (99, 100):
            converse(pair, message(*[line] * count, "", "b"))
    converse(pair, message("", *["Received: x"] * 150))
    for limit in ("0", "1", "5", "x", "", " 5", "5x"):
        for body in ("", "aaaa", "aaaaa", "..", "a\rb"):
            converse(pair, message(body), databytes=limit)
            converse(pair, message(body), {"DATABYTES": limit}, databytes="3")


def test_chance(pair):
    chance = random.Random(1)
    for _ in range(150):
        tokens = TOKENS if chance.random() < 0.2 else [token for token in TOKENS if token != "\n"]
        converse(pair, crlf(*HEAD) + "".join(chance.choices(tokens, k=chance.randint(1, 30))) + "\r\n.\r\nQUIT\r\n")
        lines = [chance.choice(VERBS) + "".join(chance.choices(WORDS, k=chance.randint(0, 5))) for _ in range(chance.randint(1, 12))]
        converse(pair, crlf(*lines, ".", "QUIT"))


def test(pair):
    for part in (test_texts, test_addresses, test_traces, test_bodies, test_chance):
        part(pair)


run(test)
