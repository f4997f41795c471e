#!/usr/bin/env python3
"""The filter of docs/tutorial/filters.md in qmail-queue's place, with ClamAV and SpamAssassin as Debian has them."""
import re
import smtplib
import sys
from email.utils import formatdate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/support"))
from machine import HOME, run, wait_for_port, wait_until  # noqa: E402
from scenario import main  # noqa: E402

FILTER = Path("/usr/local/bin/mail-filter")
# No virus: a signature of our own, and what SpamAssassin takes for spam whatever its rules are.
VIRUS = "QMAILKIT-TEST-VIRUS"
SPAM = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
DATABASE = Path("/etc/one.ndb")
CLAMSCAN = f"/usr/bin/clamscan --no-summary -d {DATABASE}"
SPAMASSASSIN = "/usr/bin/spamassassin -L -x"


def filtering(machine, **programs):
    """All that comes from elsewhere goes through the filter."""
    machine.install()
    machine.add_user("me")
    FILTER.parent.mkdir(parents=True, exist_ok=True)
    FILTER.write_text(re.search(r"```sh\n(.*?)```", (ROOT / "docs/tutorial/filters.md").read_text(), re.S)[1])
    FILTER.chmod(0o755)
    variables = "".join(f',{name}="{program}"' for name, program in {"QMAILQUEUE": FILTER, **programs}.items())
    rules = (f":allow{variables}\n").encode()
    run("tcprules", str(HOME / "control/tcp.smtp.cdb"), str(HOME / "control/tcp.smtp.tmp"), stdin=rules)
    machine.start()
    wait_for_port(25)


def place(machine, *packages):
    for package in packages:
        machine.place_peer(package)


def send(machine, body):
    """What is refused, or None."""
    text = (f"From: joe@remote.example\r\nTo: me@example.org\r\nSubject: a test\r\nDate: {formatdate()}\r\n"
            f"Message-ID: <1@remote.example>\r\n\r\n{body}\r\n")
    with machine.smtp() as client:
        try:
            client.sendmail("joe@remote.example", ["me@example.org"], text)
        except smtplib.SMTPDataError as refusal:
            return refusal.smtp_code, refusal.smtp_error.decode()
    return None


def filters_clamav(machine):
    """A virus is refused while the client waits, by its name; other mail arrives; without its database the scanner refuses nothing for good."""
    place(machine, "clamav")
    DATABASE.write_text(f"Test-Virus:0:*:{VIRUS.encode().hex()}\n")
    filtering(machine, SCAN=CLAMSCAN, MARK="/usr/bin/cat")
    assert send(machine, f"Look: {VIRUS}") == (554, "Test-Virus.UNOFFICIAL: we take no viruses (#5.7.1)")
    assert send(machine, "Hello.") is None
    wait_until(lambda: len(machine.maildir("me")) == 1)
    assert b"\nHello.\n" in machine.maildir("me")[0]
    DATABASE.unlink()
    assert send(machine, "Hello.") == (451, "our virus scanner is in trouble, please try again (#4.3.0)")


def filters_spamassassin(machine):
    """Spam arrives marked, other mail marked as none; where the program fails, mail is deferred."""
    place(machine, "spamassassin", "libhtml-parser-perl", "libhtml-tagset-perl", "liburi-perl", "libnet-dns-perl", "libnetaddr-ip-perl",
          "libtimedate-perl", "libhttp-date-perl", "libio-string-perl", "libsys-hostname-long-perl")
    filtering(machine, SCAN="/usr/bin/true", MARK=SPAMASSASSIN)
    assert send(machine, SPAM) is None and send(machine, "Hello.") is None
    wait_until(lambda: len(machine.maildir("me")) == 2)
    spam, ham = sorted(machine.maildir("me"), key=lambda message: b"\nHello.\n" in message)
    assert re.search(rb"^X-Spam-Flag: YES$", spam, re.M), spam
    assert re.search(rb"^X-Spam-Status: No, ", ham, re.M), ham
    Path("/usr/bin/spamassassin").unlink()
    assert send(machine, "Hello.") == (451, "our spam filter is in trouble, please try again (#4.3.0)")


if __name__ == "__main__":
    main(globals())
