#!/usr/bin/env python3
"""session.py TEST-BIN TEST: one test of qmail-qmtpd or qmail-qmqpd with a qmail-queue that keeps what it is given."""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.argv[1]).resolve()
PATIENCE = 30
QUEUE = """#!/bin/sh
echo x >>started
cat >message.$(wc -l <started)
tr '\\000' '!' <&1 >envelope.$(wc -l <started)
exit $(cat queue-code)
"""
OK = b"Kok 1 qp 2"
WRONG_HOST = b"Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"
WRONG_RECIPIENT = b"Dsorry, I can't handle that recipient (#5.1.3)"
WRONG_SENDER = b"Dunacceptable sender (#5.1.7)"
TOO_LARGE = b"Dsorry, that message size exceeds my databytes limit (#5.3.4)"
WRONG_ADDRESS = b"Dsorry, I can't accept addresses like that (#5.1.3)"


def netstring(text):
    return b"%d:%s," % (len(text), text)


def qmtp(message, sender, *recipients):
    return netstring(message) + netstring(sender) + netstring(b"".join(map(netstring, recipients)))


def qmqp(message, sender, *recipients):
    return netstring(netstring(message) + netstring(sender) + b"".join(map(netstring, recipients)))


def run(program, stdin, code=0, env=None):
    """The answers, and what it said on standard error. Nothing is left of an earlier run."""
    for name in Path(".").glob("*.[0-9]*"):
        name.unlink()
    Path("started").write_text("")
    done = subprocess.run([BIN / program], input=stdin, capture_output=True, timeout=PATIENCE,
                          env={"PATH": "/usr/bin:/bin", "QMAIL_TEST_HOME": os.getcwd(), "QMAILQUEUE": "./queue-it", **(env or {})})
    assert done.returncode == code, done
    answers, rest = [], re.sub(rb"(\d+):Kok \d+ qp \d+,", netstring(OK), done.stdout)
    while rest:
        size, _, rest = rest.partition(b":")
        answers.append(rest[:int(size)])
        assert rest[int(size):int(size) + 1] == b",", done
        rest = rest[int(size) + 1:]
    return answers, done.stderr.decode()


def serve(*messages, program="qmail-qmtpd", **more):
    return run(program, b"".join(messages), **more)[0]


def expect(actual, wanted):
    assert actual == wanted, f"got:\n{actual}\nwanted:\n{wanted}"


def envelope(number=1):
    return Path(f"envelope.{number}").read_text()


def message(number=1):
    return Path(f"message.{number}").read_bytes()


def nothing_queued():
    return all(not text.endswith("!!") for text in map(Path.read_text, Path(".").glob("envelope.*")))


def hosts(*lines):
    Path("control/rcpthosts").write_text("".join(line + "\n" for line in lines))


def test_qmtp_messages_go_to_the_queue():
    hosts("example.org")
    client = {"TCPREMOTEHOST": "mx.r.example", "TCPREMOTEIP": "192.0.2.25", "TCPREMOTEINFO": "joe(", "TCPLOCALHOST": "here"}
    expect(serve(qmtp(b"\nSubject: x\n\nbody\r\n", b"s@r", b"a@example.org", b"b@Example.Org", b"local"), qmtp(b"\n", b"", b"a@example.org"), env=client),
           [OK, OK, OK, OK])
    expect(envelope(1), "Fs@r!Ta@example.org!Tb@Example.Org!Tlocal!!")
    expect(envelope(2), "F!Ta@example.org!!")
    head = rb"Received: from mx\.r\.example \(joe\?@192\.0\.2\.25\)\n  by here with QMTP; \d+ \w+ \d+ [\d:]+ -0000\n"
    assert re.fullmatch(head + rb"Subject: x\n\nbody\r\n", message(1)), message(1)
    assert re.fullmatch(head, message(2)), message(2)


def test_qmtp_line_ends_of_another_kind_become_newlines():
    hosts("")
    for text, wanted in ((b"a\r\nb\r\n", b"a\nb\n"), (b"\r\r\n\r", b"\r\n\r"), (b"a\rb\nc\r\r\r\n", b"a\rb\nc\r\r\n"), (b"", b""), (b"\r", b"\r")):
        expect(serve(qmtp(b"\r" + text, b"s", b"l")), [OK])
        expect(message().split(b"-0000\n", 1)[1], wanted)
    # Over the edge of every buffer.
    text = b"x\r\n" * 20001
    serve(qmtp(b"\r" + text, b"s", b"l"))
    expect(message().split(b"-0000\n", 1)[1], text.replace(b"\r", b""))


def test_qmtp_recipients_are_judged_one_by_one():
    hosts("example.org", ".example.net")
    long = b"l" * 988 + b"@example.org"
    expect(serve(qmtp(b"\nx", b"s@r", b"a@example.org", b"b@elsewhere.example", long, long[1:], b"a\0b@example.org", b"a\0b@x", b"c@x.example.net")),
           [OK, WRONG_HOST, WRONG_RECIPIENT, OK, WRONG_RECIPIENT, WRONG_HOST, OK])
    expect(envelope(), f"Fs@r!Ta@example.org!T{long[1:].decode()}!Tc@x.example.net!!")
    expect(serve(qmtp(b"\nx", b"s@r", b"b@elsewhere.example"), qmtp(b"\nx", b"s@r")), [WRONG_HOST])
    assert nothing_queued()


def test_qmtp_relay_client_goes_behind_each_recipient():
    hosts()
    expect(serve(qmtp(b"\nx", b"s@r", b"a@b", b"c", b"x" * 998, b"x" * 997), env={"RELAYCLIENT": "@r"}), [OK, OK, WRONG_RECIPIENT, OK])
    expect(envelope(), "Fs@r!Ta@b@r!Tc@r!T" + "x" * 997 + "@r!!")
    Path("control/rcpthosts").unlink()
    expect(serve(qmtp(b"\nx", b"s@r", b"a@b"), env={"RELAYCLIENT": ""}), [OK])


def test_qmtp_is_no_open_relay_by_mistake():
    answers, said = run("qmail-qmtpd", qmtp(b"\nx", b"s@r", b"a@b"), code=111)
    expect(answers, [])
    expect(said, f"qmail-qmtpd: fatal: unable to read {os.getcwd()}/control/rcpthosts: create it (empty: no mail from outside) or set RELAYCLIENT\n")


def test_qmtp_senders_that_cannot_be():
    hosts()
    for sender in (b"s" * 1000, b"a\0b"):
        expect(serve(qmtp(b"\nx", sender, b"l", b"m")), [WRONG_SENDER] * 2)
        assert nothing_queued()
    expect(serve(qmtp(b"\nx", b"s" * 999, b"l")), [OK])


def test_qmtp_databytes():
    hosts()
    Path("control/databytes").write_text("5\n")
    for text, answer in ((b"\n12345", OK), (b"\n123456", TOO_LARGE), (b"\r123\r\n4", OK), (b"\r123\r\n45", TOO_LARGE), (b"\r1234\r", OK), (b"\r12345\r", TOO_LARGE)):
        expect(serve(qmtp(text, b"s", b"l"), qmtp(b"\nx", b"s", b"l")), [answer, OK])
    expect(serve(qmtp(b"\n123456", b"s\0", b"l")), [TOO_LARGE])
    expect(serve(qmtp(b"\n123456", b"s", b"l"), env={"DATABYTES": "6"}), [OK])
    expect(serve(qmtp(b"\n123456", b"s", b"l"), env={"DATABYTES": "0"}), [OK])


def test_qmtp_queue_decides():
    hosts()
    for ends, answer in ((31, b"Dmail server permanently rejected message (#5.3.0)"), (53, b"Zqq write error or disk full (#4.3.0)")):
        Path("queue-code").write_text(f"{ends}\n")
        expect(serve(qmtp(b"\nx", b"s", b"l", b"m@far")), [answer, WRONG_HOST])


BROKEN_QMTP = {
    b"0:,": "a message without a byte for its line ends", b"1:x,": "a message that starts with neither LF nor CR", b"x": "no length of a netstring",
    b"-1:": "no length of a netstring", b"2:\nxx": "no comma behind a netstring", b"1:\n,1:s,4:3:l,,": "a netstring is longer than the one around it",
    b"1:\n,1:s,3:0:,x": "no comma behind a netstring", b"1:\n,1:s,4:1:lx,": "no comma behind a netstring", b"1:\n,1:s,2:x:,": "no length of a netstring",
}


def test_qmtp_what_is_no_protocol_ends_the_session():
    hosts()
    for text, why in BROKEN_QMTP.items():
        answers, said = run("qmail-qmtpd", qmtp(b"\nx", b"s", b"l") + text, code=100)
        expect((answers, said), ([OK], f"qmail-qmtpd: fatal: bad protocol: {why}\n"))
        assert not Path("envelope.2").exists() or not envelope(2).endswith("!!")
    expect(run("qmail-qmtpd", b"20000000010:\n", code=111)[1], "qmail-qmtpd: fatal: a netstring is too long\n")


def test_qmtp_a_client_that_goes_away_leaves_nothing():
    hosts()
    whole = qmtp(b"\nx", b"s", b"l")
    for size in range(len(whole)):
        expect(run("qmail-qmtpd", whole[:size]), ([], ""))
        assert nothing_queued()


def test_qmqp_a_message_goes_to_the_queue():
    client = {"TCPREMOTEHOST": "c.example", "TCPREMOTEIP": "192.0.2.25", "TCPLOCALIP": "192.0.2.1"}
    expect(serve(qmqp(b"Subject: x\r\n\nbody", b"s@r", b"a@anywhere", b"b@x"), program="qmail-qmqpd", env=client), [OK])
    expect(envelope(), "Fs@r!Ta@anywhere!Tb@x!!")
    assert re.fullmatch(rb"Received: from c\.example \(192\.0\.2\.25\)\n  by 192\.0\.2\.1 with QMQP; [^\n]*\nSubject: x\r\n\nbody", message()), message()
    expect(serve(qmqp(b"", b"", b"x" * 999), program="qmail-qmqpd"), [OK])


def test_qmqp_addresses_that_cannot_be():
    for addresses in ((b"s" * 1000, b"a"), (b"s\0", b"a"), (b"s", b"a", b"x" * 1000), (b"s", b"a\0", b"b")):
        expect(serve(qmqp(b"x", *addresses), program="qmail-qmqpd"), [WRONG_ADDRESS])
        assert nothing_queued()


def test_qmqp_queue_decides():
    for ends, answer in ((31, b"Dmail server permanently rejected message (#5.3.0)"), (53, b"Zqq write error or disk full (#4.3.0)")):
        Path("queue-code").write_text(f"{ends}\n")
        expect(serve(qmqp(b"x", b"s", b"l"), program="qmail-qmqpd"), [answer])


def test_qmqp_what_is_no_protocol_ends_the_session():
    for text in (b"x", b"5:9:x,", b"4:1:x;", b"8:1:x,1:s,1", b"7:1:x,1:s", b"8:1:x,1:s,;", b"0" * 101):
        said = run("qmail-qmqpd", text + b"," * 50, code=100)
        assert said[0] == [] and said[1].startswith("qmail-qmqpd: fatal: bad protocol: "), said
        assert nothing_queued()
    expect(run("qmail-qmqpd", b"20000000010:", code=111)[1], "qmail-qmqpd: fatal: a netstring is too long\n")


def test_qmqp_a_client_that_goes_away_leaves_nothing():
    whole = qmqp(b"x", b"s", b"l")
    for size in range(len(whole)):
        expect(run("qmail-qmqpd", whole[:size]), ([], ""))
        assert nothing_queued()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="qmtp.") as folder:
        os.chdir(folder)
        Path("control").mkdir()
        Path("queue-it").write_text(QUEUE)
        Path("queue-it").chmod(0o755)
        Path("queue-code").write_text("0\n")
        globals()[sys.argv[2]]()
