"""A queue as an earlier qmail-send left it: preprocessed messages that wait."""
import itertools
import os
import pwd

from machine import HOME

SPLIT = 23


def put(path, text, owner, due=None):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    os.write(fd, text)
    os.fchown(fd, owner.pw_uid, owner.pw_gid)
    if due:
        os.utime(fd, (due, due))
    number = os.fstat(fd).st_ino
    os.close(fd)
    return number


def fill_queue(count, due, senders=(b"me@mx.example.org",)):
    """`count` messages to joe@dead.example, to be tried at `due`, of each sender in turn; their numbers."""
    qmailq, qmails = pwd.getpwnam("qmailq"), pwd.getpwnam("qmails")
    numbers = []
    os.chdir(HOME / "queue")
    for sender in itertools.islice(itertools.cycle(senders), count):
        number = put("pid/new", b"Subject: waiting\n\nHello.\n", qmailq)
        place = f"{number % SPLIT}/{number}"
        os.rename("pid/new", f"mess/{place}")
        put(f"info/{place}", b"F" + sender + b"\0", qmails)
        put(f"remote/{place}", b"Tjoe@dead.example\0", qmails, due)
        numbers.append(number)
    os.chdir("/")
    return numbers
