#!/usr/bin/env python3
"""Mail that leaves an installed machine by a relay that wants a login (control/authsenders): Exim."""
import json
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "tests/support"))
from machine import ANSWERS, HOME, run, wait_until  # noqa: E402
from peers import start_exim  # noqa: E402
from scenario import main  # noqa: E402
from tls import make_pair  # noqa: E402

PLAIN = """
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{joe}}{eq{$auth3}{secret|with:all}}}}
  server_set_id = $auth2
"""
CRAM_MD5 = """
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${if eq{$auth1}{joe}{secret|with:all}fail}
  server_set_id = $auth1
"""


def running(machine, authenticators, line):
    machine.place()
    ANSWERS.write_text(json.dumps({**json.loads(ANSWERS.read_text()), "tls": True}))
    run("qmail-install", "--answers", str(ANSWERS), "--yes")
    machine.add_user("me")
    log = start_exim(machine, make_pair("mx.remote.example"), "authenticated = *", authenticators)
    machine.control("authsenders", line)
    file = HOME / "control/authsenders"
    shutil.chown(file, "root", "qmail")
    file.chmod(0o640)
    return log


def send():
    run("sendmail", "-f", "me@example.org", "joe@elsewhere.example", stdin=b"Subject: away\n\nhi\n")


def expect_login(machine, log, name):
    machine.log.wait(r"success: 192\.0\.2\.25_accepted_message\./Remote_host_said:_250_OK_id=")
    wait_until(lambda: re.search(rf"<= me@example\.org .* A={name}:joe ", log.read_text()))
    assert not any("secret" in line for line in machine.log.lines)


def auth_out_over_tls(machine):
    """PLAIN where TLS hides it, and a server that takes mail from nobody who has not logged in."""
    log = running(machine, PLAIN, "@example.org:[192.0.2.25]|joe|secret|with:all")
    machine.start()
    send()
    machine.log.wait(r"deferral: Connected_to_192\.0\.2\.25_but_the_password_would_go_in_clear,_which_its_line_does_not_allow\._\(#4\.7\.0\)/")
    machine.log.wait("ucspi-tlsc: status: ready")
    machine.control("tlspolicy", ":encrypt")
    send()
    expect_login(machine, log, "plain")


def auth_out_by_cram_md5(machine):
    """A mechanism that shows nothing needs no TLS."""
    log = running(machine, PLAIN + CRAM_MD5, "me@example.org:[192.0.2.25]:25|joe|secret|with:all")
    machine.start()
    send()
    expect_login(machine, log, "cram")


if __name__ == "__main__":
    main(globals())
