#!/usr/bin/env python3
"""check.py TEST-BIN TEST: one test of tcprules and tcprulescheck together, in a folder of its own."""
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

BIN = Path(sys.argv[1]).resolve()
PATIENCE = 30


def compile_rules(text):
    Path("rules").write_text(text)
    done = subprocess.run([BIN / "tcprules", "cdb", "tmp"], input=text.encode(), capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0 and not done.stderr, done
    return Path("cdb").read_bytes()


def check(ip, *args, host=None, info=None, exit_code=0):
    env = {"TCPREMOTEIP": ip}
    if host:
        env["TCPREMOTEHOST"] = host
    if info:
        env["TCPREMOTEINFO"] = info
    command = [BIN / "tcprulescheck", *(args or ("cdb",))]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == exit_code, done
    return done.stdout if exit_code == 0 else done.stderr


def expect(actual, wanted):
    assert actual == wanted, f"got:\n{actual}\nwanted:\n{wanted}"


def test_networks_of_both_families_are_found():
    compile_rules(
        '192.0.2.0/25:deny\n192.0.2.:allow,N="dots"\n192.0.0.0/16:allow,N="sixteen"\n2001:db8::/32:deny\n'
        '[2001:db8:1::]/48:allow,N="site"\n[2001:DB8:1::5]:deny\n:allow,N="all"\n')
    expect(check("192.0.2.5"), "rule 192.0.2.0/25:\ndeny connection\n")
    expect(check("192.0.2.200"), "rule 192.0.2.:\nset environment variable N=dots\nallow connection\n")
    expect(check("192.0.3.1"), "rule 192.0.0.0/16:\nset environment variable N=sixteen\nallow connection\n")
    expect(check("192.1.0.1"), "rule :\nset environment variable N=all\nallow connection\n")
    expect(check("2001:db8:2::1"), "rule 2001:db8::/32:\ndeny connection\n")
    expect(check("2001:db8:1::6"), "rule 2001:db8:1::/48:\nset environment variable N=site\nallow connection\n")
    expect(check("2001:0DB8:1::5"), "rule 2001:db8:1::5:\ndeny connection\n")
    expect(check("::ffff:192.0.2.5"), "rule 192.0.2.0/25:\ndeny connection\n")


def test_explain_says_what_was_looked_for_and_which_line_decided():
    compile_rules('# relays\n127.:allow\n10.0.0.0/8:allow,A="1"\n=.example:deny\n10.0.0.0/8:deny\n')
    expect(check("10.1.2.3", "--explain", "cdb", "rules", host="a.example", info="joe"),
           "looked for joe@10.1.2.3: none\nlooked for joe@=a.example: none\nlooked for 10.1.2.3: none\n"
           "looked for =a.example: none\nlooked for 10.1.2.: none\nlooked for 10.1.: none\nlooked for 10.: none\n"
           'looked for 10.0.0.0/8: found\ndecided by line 3 of rules: 10.0.0.0/8:allow,A="1"\n'
           "rule 10.0.0.0/8:\nset environment variable A=1\nallow connection\n")


def test_explain_without_the_text_names_no_line():
    compile_rules(":deny\n")
    expect(check("10.1.2.3", "--explain", "cdb"),
           "looked for 10.1.2.3: none\nlooked for 10.1.2.: none\nlooked for 10.1.: none\nlooked for 10.: none\n"
           "looked for the empty address: found\nrule :\ndeny connection\n")


def test_explain_says_when_no_line_decides():
    compile_rules("127.:allow\n")
    text = check("10.1.2.3", "--explain", "cdb", "rules")
    assert text.endswith("looked for the empty address: none\nno line decided\ndefault:\nallow connection\n"), text


def test_explain_notices_that_the_text_is_not_the_one_compiled():
    compile_rules(":deny\n")
    for edited in (":allow\n", "127.:deny\n"):
        Path("rules").write_text(edited)
        text = check("10.1.2.3", "--explain", "cdb", "rules")
        assert "decided by no line of rules as it is now: run tcprules again\nrule :\ndeny connection\n" in text, text


def test_explain_of_a_text_that_makes_no_sense_names_the_line():
    compile_rules(":deny\n")
    Path("rules").write_text("127.:allow\n10.:alow\n")
    expect(check("10.1.2.3", "--explain", "cdb", "rules", exit_code=100),
           "tcprulescheck: fatal: unable to parse this line: 10.:alow: line 2, column 5: expected allow or deny here, "
           "in lower case and without a blank before it\n")
    expect(check("10.1.2.3", "--explain", "cdb", "nothing", exit_code=111),
           "tcprulescheck: fatal: unable to read nothing: file does not exist\n")


def test_a_range_is_explained_by_its_line():
    compile_rules(":allow\n10.1-3.:deny\n")
    text = check("10.2.0.1", "--explain", "cdb", "rules")
    assert "decided by line 2 of rules: 10.1-3.:deny\nrule 10.2.:\n" in text, text


def test_stock_rules_make_a_cdb_without_anything_of_ours():
    cdb = compile_rules('1.2.3.4:allow,A="b"\n10.2-3.:deny\n:allow\n')
    keys, at = [], 2048
    while at < struct.unpack("<I", cdb[:4])[0]:
        key, data = struct.unpack("<II", cdb[at : at + 8])
        keys.append(cdb[at + 8 : at + 8 + key])
        at += 8 + key + data
    expect(keys, [b"1.2.3.4", b"10.2.", b"10.3.", b""])


def test_a_million_rules_for_one_address_take_no_longer_than_others():
    compile_rules('192.0.2.1:allow,A="b"\n' * 1000000)
    expect(check("192.0.2.1"), "rule 192.0.2.1:\nset environment variable A=b\nallow connection\n")
    expect(check("192.0.2.2"), "default:\nallow connection\n")


def test_a_line_of_megabytes_is_refused():
    for line in (b"x" * (8 << 20) + b":alow", b":" * (8 << 20), b"1:2:/" * (1 << 20) + b":allow",
                 b"\0" * (8 << 20) + b":"):
        done = subprocess.run([BIN / "tcprules", "cdb", "tmp"], input=line, capture_output=True, timeout=PATIENCE)
        assert done.returncode == 100, done
        assert done.stderr.startswith(b"tcprules: fatal: unable to parse this line: ") and len(done.stderr) < 500, done
    assert not os.path.exists("cdb")


def test_a_cdb_that_was_cut_is_an_error():
    whole = compile_rules("192.0.2.1:deny\n192.0.2.0/24:deny\n:deny\n")
    for size in range(0, len(whole), 7):
        Path("cut").write_bytes(whole[:size])
        assert "file damaged" in check("192.0.2.1", "cut", exit_code=111), size


def test_a_hostile_cdb_ends_in_time():
    # Tables of full slots without the key, of records outside the file, within the header, and of one in itself.
    empty_key = 5381
    for table, slots, tail in (
        (2048, 1 << 20, struct.pack("<II", 0, 2048) * (1 << 20)),
        (2048, 4, struct.pack("<II", empty_key, 0xFFFFFFFF) * 4),
        (0, 256, b""),
        (2048, 2, struct.pack("<II", empty_key, 2048) * 2),
    ):
        Path("hostile").write_bytes(struct.pack("<II", table, slots) * 256 + tail)
        assert check("192.0.2.1", "hostile").startswith(("default:", "rule "))
    Path("hostile").write_bytes(struct.pack("<II", 2048, 0xFFFFFFFF) * 256)
    assert "file damaged" in check("192.0.2.1", "hostile", exit_code=111)


with tempfile.TemporaryDirectory(prefix="rules.") as folder:
    os.chdir(folder)
    globals()[sys.argv[2]]()
