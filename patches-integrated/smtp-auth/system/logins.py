#!/usr/bin/env python3
"""AUTH on a whole machine: people on the remote host log in, with the clients they have, behind STARTTLS, and may relay then."""
import contextlib
import json
import os
import pwd
import smtplib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "tests/support"))
from machine import ANSWERS, HOME, run, run_as, run_remote, wait_for_port  # noqa: E402
from sandbox import remote_network  # noqa: E402
from scenario import main  # noqa: E402
from tls import client_context, make_pair  # noqa: E402

AUTHORITY = make_pair("authority.example")
PAIR = make_pair("mx.example.org", authority=AUTHORITY)
LOGIN, PASSWORD, OWNER = "joe@virtual.example", "Correct-Horse-7", "pop"
MESSAGE = b"From: joe@virtual.example\nTo: me@example.org\nSubject: hello\n\nhi\n"


def put(name, text, mode=0o644):
    path = HOME / "control" / name
    path.touch(mode=mode)
    path.write_text(text)


def running(machine, checker="checkvida", smtpauth="+cram+scram", **controls):
    """With a virtual user whose password is kept in every form."""
    machine.place()
    ANSWERS.write_text(json.dumps({**json.loads(ANSWERS.read_text()), "tls": True}))
    run("qmail-install", "--answers", str(ANSWERS), "--yes")
    machine.add_user("me")
    machine.add_user(OWNER, maildir=False)
    machine.control("virtualdomains", f"virtual.example:{OWNER}")
    run_as(OWNER, HOME / "bin/vida-maildirmake", "joe", "Maildir")
    run("qmail-user", "add", "--virtual", OWNER, "--secret", "joe", stdin=PASSWORD.encode())
    put("ca.pem", AUTHORITY.certificate)
    put("servercert.pem", PAIR.both, 0o600)
    machine.control("checkpassword", checker)
    machine.control("smtpauth", smtpauth)
    for name, text in controls.items():
        machine.control(name, text)
    machine.start_dns()
    machine.start()
    machine.log.wait("ucspi-tlsd: status: ready")
    machine.log.wait("qmail-authd: status: ready")
    wait_for_port(25)


def expect(machine, count, mechanism, login=LOGIN):
    """So many messages have come, the last by somebody who has logged in so."""
    machine.log.wait("end msg", count=count)
    machine.log.wait(rf"qmail-smtpd: accepted: {login} from 192\.0\.2\.25 \({mechanism}\)")
    messages = machine.maildir("me")
    assert len(messages) == count, messages
    assert all(b"with ESMTPSA" in message and f"({login}@192.0.2.25)".encode() in message for message in messages), messages


def expect_no_secrets(machine):
    assert not [line for line in machine.log.lines if PASSWORD in line or "it is wrong" in line], machine.log.lines


def logins_swaks(machine):
    running(machine)
    for count, mechanism in enumerate(("PLAIN", "LOGIN", "CRAM-MD5"), 1):
        run_remote("swaks", "--server", "192.0.2.1", "--tls", "--auth", mechanism, "--auth-user", LOGIN, "--auth-password", PASSWORD,
                   "--from", LOGIN, "--to", "me@example.org")
        expect(machine, count, mechanism)
    done = run_remote("swaks", "--server", "192.0.2.1", "--tls", "--auth", "PLAIN", "--auth-user", LOGIN, "--auth-password", "it is wrong",
                      "--from", LOGIN, "--to", "me@example.org", check=False)
    assert b"535 authentication failed" in done.stdout, done
    machine.log.wait(r"qmail-authd: refused: joe@virtual.example from 192.0.2.25 \(1 failure, told after 1 second\)")
    # Without TLS nobody is asked for a password.
    done = run_remote("swaks", "--server", "192.0.2.1", "--auth", "PLAIN", "--auth-user", LOGIN, "--auth-password", PASSWORD,
                      "--from", LOGIN, "--to", "me@example.org", check=False)
    assert b"250-AUTH" not in done.stdout and b"AUTH PLAIN" not in done.stdout, done
    expect_no_secrets(machine)


def logins_msmtp(machine):
    """Among them SCRAM, as GNU SASL has it."""
    running(machine)
    for count, mechanism in enumerate(("SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"), 1):
        run_remote("msmtp", "--host=192.0.2.1", f"--from={LOGIN}", "--tls=on", "--tls-certcheck=off", f"--auth={mechanism.lower()}", f"--user={LOGIN}",
                   f"--passwordeval=echo {PASSWORD}", "me@example.org", stdin=MESSAGE)
        expect(machine, count, mechanism)
    done = run_remote("msmtp", "--host=192.0.2.1", f"--from={LOGIN}", "--tls=on", "--tls-certcheck=off", "--auth=scram-sha-256", f"--user={LOGIN}",
                      "--passwordeval=echo it is wrong", "me@example.org", stdin=MESSAGE, check=False)
    assert done.returncode != 0 and b"authentication failed" in done.stderr, done
    expect_no_secrets(machine)


def logins_curl(machine):
    running(machine)
    for count, mechanism in enumerate(("PLAIN", "LOGIN", "CRAM-MD5"), 1):
        run_remote("curl", "-sS", "--ssl-reqd", "--insecure", "smtp://192.0.2.1", "--user", f"{LOGIN}:{PASSWORD}", "--login-options", f"AUTH={mechanism}",
                   "--mail-from", LOGIN, "--mail-rcpt", "me@example.org", "--upload-file", "-", stdin=MESSAGE.replace(b"\n", b"\r\n"))
        expect(machine, count, mechanism)
    expect_no_secrets(machine)


def logins_mutt(machine):
    """It takes the best mechanism that there is."""
    running(machine)
    settings = Path("/root/muttrc")
    settings.write_text(f"""set smtp_url="smtp://{LOGIN.replace('@', '%40')}:{PASSWORD}@mx.example.org/"
set ssl_force_tls=yes ssl_starttls=yes ssl_verify_host=no ssl_verify_dates=no
set certificate_file="{HOME}/control/ca.pem" ssl_ca_certificates_file="{HOME}/control/ca.pem"
set from={LOGIN} use_from=yes use_envelope_from=yes copy=no record= header_cache=
""")
    with open("/etc/hosts", "a") as hosts:
        hosts.write("192.0.2.1 mx.example.org\n")
    run_remote("mutt", "-n", "-F", str(settings), "-s", "hello", "me@example.org", stdin=b"hi\n", env={**os.environ, "HOME": "/root", "TERM": "dumb"})
    expect(machine, 1, "SCRAM-SHA-256")
    expect_no_secrets(machine)


@contextlib.contextmanager
def session(machine, source=None):
    with machine.smtp(source=source) as client:
        client.starttls(context=client_context())
        client.ehlo()
        yield client


def may_relay(client):
    accepted = client.mail(LOGIN)[0] == 250 and client.rcpt("far@far.example")[0] == 250
    client.rset()
    return accepted


def logins_smtplib(machine):
    """Who has logged in may relay; who has not, or guesses, may not, and waits longer with each guess."""
    running(machine)
    for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
        with session(machine) as client:
            assert client.esmtp_features["auth"].split()[-4:] == ["SCRAM-SHA-256", "CRAM-MD5", "PLAIN", "LOGIN"], client.esmtp_features
            assert not may_relay(client)
            client.user, client.password = LOGIN, PASSWORD
            client.auth(mechanism, {"PLAIN": client.auth_plain, "LOGIN": client.auth_login, "CRAM-MD5": client.auth_cram_md5}[mechanism])
            assert may_relay(client)
    with session(machine) as client:
        client.user, client.password = LOGIN, "it is wrong"
        for number in (1, 2):
            try:
                raise AssertionError(client.auth("PLAIN", client.auth_plain))
            except smtplib.SMTPAuthenticationError as error:
                assert error.smtp_code == 535, error
            machine.log.wait(rf"qmail-authd: refused: joe@virtual.example from 192.0.2.25 \({number} failures?, told after {number} seconds?\)")
        assert not may_relay(client)
    # What an attacker on qmaild's side could reach: nothing of the store.
    keys = Path(f"/home/{OWNER}/.vida/users.cdb")
    assert b"{SCRAM-SHA-256}" in keys.read_bytes()
    assert run("setpriv", "--reuid=qmaild", "--clear-groups", "cat", str(keys), check=False).returncode != 0
    expect_no_secrets(machine)


def logins_users_of_the_system(machine):
    """checkpassword knows them, and it has no salts: SCRAM is not offered."""
    running(machine, checker="checkpassword")
    run("chpasswd", stdin=f"me:{PASSWORD}\n".encode())
    with session(machine) as client:
        assert client.esmtp_features["auth"].split()[-3:] == ["CRAM-MD5", "PLAIN", "LOGIN"], client.esmtp_features
        client.login("me", PASSWORD, initial_response_ok=False)
        assert may_relay(client)
    machine.log.wait(rf"qmail-authd: accepted: me from 192.0.2.25 as uid {pwd.getpwnam('me').pw_uid}")
    expect_no_secrets(machine)


def logins_uninstalled(machine):
    """What qmail-authd has made for itself goes with it, or is named."""
    running(machine)
    secret = HOME / "users/scram"
    assert secret.stat().st_mode & 0o7777 == 0o600 and secret.owner() == "root" and len(secret.read_bytes()) == 32
    assert b"users/scram" not in run("instcheck", check=False).stdout
    machine.stop()
    run("qmail-install", "uninstall", "--yes")


if __name__ == "__main__":
    main(globals())
