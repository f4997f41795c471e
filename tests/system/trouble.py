#!/usr/bin/env python3
"""Bad input and a broken machine: the documented code, a clear line in the log, nothing lost."""
import shutil
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from machine import HOME, connect, run, run_as, wait_for_port  # noqa: E402
from scenario import main  # noqa: E402


def running(machine):
    machine.install()
    home = machine.add_user("me")
    machine.start_dns()
    machine.start()
    wait_for_port(25)
    return home


def dialogue(*lines, then_close=False):
    """Sends `lines` as they are and returns every reply line until the server closes, or QUIT is answered."""
    with connect() as connection:
        connection.sendall(b"".join(lines))
        if then_close:
            connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read().split(b"\r\n")


def queue_is_empty():
    return "messages in queue: 0\n" in run("qmail-qstat").stdout.decode()


TO_ME = b"EHLO x\r\nMAIL FROM:<joe@remote.example>\r\nRCPT TO:<me@example.org>\r\nDATA\r\n"


def trouble_bare_lf(machine):
    """SMTP smuggling: a bare LF in the message ends the session, and nothing of it is delivered."""
    running(machine)
    for smuggled in (b"Subject: x\r\n\r\nhi\n.\nMAIL FROM:<evil@example.org>\r\n", b"Subject: x\r\n\r\nhi\r\n.\nMAIL\r\n",
                     b"Subject: x\r\n\r\nhi\n.\r\nMAIL\r\n", b"Subject: x\n\r\nhi\r\n.\r\n"):
        replies = dialogue(TO_ME, smuggled)
        assert any(reply.startswith(b"451 ") for reply in replies), replies
    assert queue_is_empty() and machine.maildir("me") == []


def trouble_truncated_data(machine):
    """A client that goes away in the middle of DATA leaves nothing behind."""
    running(machine)
    dialogue(TO_ME, b"Subject: half\r\n\r\nha", then_close=True)
    assert queue_is_empty() and machine.maildir("me") == []


def trouble_long_lines(machine):
    """A line of a million bytes and a NUL pass unchanged; an endless command line and a long address are refused."""
    running(machine)
    body = b"x" * 1_000_000 + b"\0y"
    replies = dialogue(TO_ME, b"Subject: long\r\n\r\n" + body + b"\r\n.\r\nQUIT\r\n")
    assert any(reply.startswith(b"250 ok ") for reply in replies), replies
    machine.log.wait(r"end msg")
    (message,) = machine.maildir("me")
    assert message.endswith(b"\n" + body + b"\n")
    replies = dialogue(b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<" + b"a" * 2000 + b"@example.org>\r\nQUIT\r\n")
    assert any(reply.startswith(b"55") for reply in replies), replies
    replies = dialogue(b"EHLO " + b"x" * 1_000_000 + b"\r\nQUIT\r\n")
    assert replies[-2].startswith((b"221 ", b"5")), replies


def trouble_broken_control_file(machine):
    """A control file that cannot be read: 421, not a guess."""
    running(machine)
    path = HOME / "control/me"
    path.unlink()
    path.mkdir()
    replies = dialogue()
    assert replies[0].startswith(b"421 ") and b"(#4.3.0)" in replies[0], replies


def trouble_unreadable_dot_qmail(machine):
    """A .qmail that others can write, or that cannot be read, defers: the message waits."""
    home = running(machine)
    (home / ".qmail").write_text("./Maildir/\n")
    (home / ".qmail").chmod(0o666)
    run("sendmail", "me", stdin=b"Subject: wait\n\n")
    machine.log.wait(r"deferral: Uh-oh:_\.qmail_file_is_writable\._\(#4\.7\.0\)/")
    (home / ".qmail").chmod(0o000)
    shutil.chown(home / ".qmail", "root", "root")
    machine.daemon.poll()
    run("pkill", "-ALRM", "-x", "qmail-send")
    machine.log.wait(r"deferral: Unable_to_open_\.qmail")
    (home / ".qmail").unlink()
    run("pkill", "-ALRM", "-x", "qmail-send")
    machine.log.wait(r"end msg")
    assert len(machine.maildir("me")) == 1


def trouble_full_disk(machine):
    """No room in the queue: 451 over SMTP and 111 by command; with room again, all goes on."""
    machine.install()
    machine.add_user("me")
    machine.start_dns()
    queue = HOME / "queue"
    run("cp", "-a", str(queue), "/root/queue")
    run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(queue))
    run("cp", "-a", "/root/queue/.", str(queue))
    machine.start()
    wait_for_port(25)
    filler = queue / "filler"
    try:
        filler.write_bytes(b"x" * 4_000_000)
    except OSError:
        pass
    replies = dialogue(TO_ME, b"Subject: no room\r\n\r\n" + b"x" * 100_000 + b"\r\n.\r\nQUIT\r\n")
    assert b"451 qq write error or disk full (#4.3.0)" in replies or b"451 qq trouble creating files in queue (#4.3.0)" in replies, replies
    done = run_as("me", "/var/qmail/bin/qmail-inject", "me", stdin=b"\n" + b"x" * 100_000, check=False)
    assert done.returncode == 111, done
    filler.unlink()
    run("sendmail", "me", stdin=b"Subject: room again\n\n")
    machine.log.wait(r"end msg")
    assert len(machine.maildir("me")) == 1


def trouble_full_mailbox_disk(machine):
    """No room where the Maildir is: deferred, nothing half in new/, delivered once there is room."""
    home = running(machine)
    shutil.rmtree(home / "Maildir")
    (home / "Maildir").mkdir()
    run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700,uid=%d" % home.stat().st_uid, "tmpfs", str(home / "Maildir"))
    run_as("me", "sh", "-c", "mkdir Maildir/new Maildir/cur Maildir/tmp")
    run("sendmail", "me", stdin=b"Subject: big\n\n" + b"x" * 200_000)
    machine.log.wait(r"deferral: Temporary_error_on_maildir_delivery\._\(#4\.3\.0\)/")
    assert machine.maildir("me") == []
    run("mount", "-o", "remount,size=4m", str(home / "Maildir"))
    run("pkill", "-ALRM", "-x", "qmail-send")
    machine.log.wait(r"end msg")
    assert len(machine.maildir("me")) == 1


def trouble_missing_users(machine):
    """users/ids without one of the users: qmail-start says so and does not run half."""
    machine.install()
    ids = HOME / "users/ids"
    ids.write_text("".join(line for line in ids.read_text().splitlines(True) if not line.startswith("qmailr:")))
    done = run("qmail-start", "./Maildir/", check=False)
    assert done.returncode == 111 and b"qmailr" in done.stderr, done


def trouble_daemon_killed(machine):
    """qmail-send dies with the message in the queue: it is started again and delivers."""
    home = running(machine)
    (home / ".qmail").write_text("|exit 111\n")
    run("sendmail", "me", stdin=b"Subject: survive\n\n")
    machine.log.wait(r"deferral:")
    mark = machine.log.mark()
    run("pkill", "-KILL", "-x", "qmail-send")
    (home / ".qmail").unlink()
    machine.log.wait(r"status: local 0/", after=mark)
    run("pkill", "-ALRM", "-x", "qmail-send")
    machine.log.wait(r"end msg", after=mark)
    assert len(machine.maildir("me")) == 1


if __name__ == "__main__":
    main(globals())
