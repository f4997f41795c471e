#!/usr/bin/env python3
"""resident.py TEST-BIN FUNCTION: the resident qmail-queue with clients, and a qmail-send played by the test."""
import contextlib
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))
from resident import *  # noqa: E402,F403

TEST_BIN = sys.argv[1]


def started(home):
    resident = Resident(home, TEST_BIN)
    resident.wait(lambda: LIVE in resident.told)
    resident.wait_for_socket()
    return resident


def accepted(resident, message=b"Subject: x\n\nHello\n", envelope=ENVELOPE):
    """The message as qmail-send is told of it."""
    before = set(resident.messages)
    code, qp = submit(resident.home, message, envelope + b"\0")
    assert code == 0, code
    resident.wait(lambda: set(resident.messages) - before)
    number = (set(resident.messages) - before).pop()
    assert resident.messages[number].qp == qp
    return resident.messages[number]


def classic(home, message, envelope=ENVELOPE + b"\0"):
    """One run of qmail-queue."""
    (home / "message").write_bytes(message)
    (home / "envelope").write_bytes(envelope)
    with open(home / "message", "rb") as read, open(home / "envelope", "rb") as read_too:
        return subprocess.run([f"{TEST_BIN}/qmail-queue"], stdin=read, stdout=read_too,
                              env={"QMAIL_TEST_HOME": str(home)}).returncode


def in_layout(home):
    return [int(name) for name in os.listdir(home / "queue/todo")]


def test_a_message_goes_into_the_log_and_to_qmail_send(home):
    resident = started(home)
    message = accepted(resident)
    assert message.qp >= 4194305 and message.uid == os.getuid() and message.envelope == ENVELOPE
    assert message.body.startswith(b"Received: (qmail %d invoked " % message.qp), message.body
    assert message.body.endswith(b" -0000\nSubject: x\n\nHello\n") and message.size == len(message.body)
    assert not message.replayed and not in_layout(home)
    assert resident.close() == 0 and not (home / "run/queue").exists()


def test_large_messages_take_the_classic_way(home):
    resident = started(home)
    for message, envelope in ((b"x" * 300_000, ENVELOPE), (b"x", b"Fme\0" + b"Tyou\0" * 101)):
        code, qp = submit(home, message, envelope + b"\0")
        assert code == 0 and qp > 4194304
        number, = in_layout(home)
        mess = (home / mess_name(number)).read_bytes()
        assert mess.startswith(b"Received: (qmail %d " % qp) and mess.endswith(b"\n" + message)
        todo = home / "queue/todo" / str(number)
        assert todo.read_bytes() == b"u%d\0p%d\0" % (os.getuid(), qp) + envelope
        todo.unlink()
    assert resident.close() == 0


def test_orders_are_written_and_then_synced(home):
    resident = started(home)
    number = accepted(resident).id
    serial = resident.order(OUTCOME, number, text=b"did 1+0+0")
    resident.wait(lambda: resident.written == serial)
    resident.wait(lambda: resident.synced == serial, seconds=5)
    resident.kill()
    again = started(home)
    assert again.messages[number].replayed and again.messages[number].earlier == [(0, b"K", b"did 1+0+0")]
    again.order(GET, number)
    again.wait(lambda: again.messages[number].body)
    assert again.messages[number].body.endswith(b"Hello\n")
    again.order(ENDED, number)
    again.wait(lambda: again.synced == again.serial)
    again.kill()
    last = started(home)
    assert not last.messages
    last.close()


def test_a_message_moves_into_the_layout_under_its_number(home):
    resident = started(home)
    message = accepted(resident)
    resident.order(PLACE, message.id)
    resident.wait(lambda: message.id in resident.placed)
    assert resident.placed[message.id] == 0
    mess = home / mess_name(message.id)
    assert mess.read_bytes() == message.body and mess.stat().st_ino == message.id and mess.stat().st_nlink == 1
    resident.order(MOVED, message.id)
    resident.wait(lambda: resident.synced == resident.serial)
    resident.kill()
    again = started(home)
    assert not again.messages
    again.order(PLACE, message.id)
    again.wait(lambda: message.id in again.placed)
    assert again.placed[message.id] != 0
    again.close()


def test_the_mover_may_die(home):
    resident = started(home)
    before = resident.mover()
    os.kill(before, 9)
    message = accepted(resident)
    resident.order(PLACE, message.id)
    resident.wait(lambda: resident.placed.get(message.id) == 0)
    assert resident.mover() != before
    resident.close()


def use_up_spares(resident):
    """With the mover stopped, until a message is not answered at once: its client."""
    os.kill(resident.mover(), signal.SIGSTOP)
    while True:
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(resident.home / "run/queue"))
        client.sendall(struct.pack("<I", 1) + b"x" + bytes(4) + ENVELOPE + b"\0")
        # When the second of these has been obeyed, whatever came before the first has been done and answered.
        for _ in range(2):
            serial = resident.order(ENDED, 1)
            resident.wait(lambda: resident.synced >= serial)
        if not select.select([client], [], [], 0)[0]:
            return client
        assert client.recv(1) == b"\0"
        client.close()


def test_messages_wait_for_the_mover_when_spares_run_out(home):
    resident = started(home)
    with use_up_spares(resident) as client:
        os.kill(resident.mover(), signal.SIGCONT)
        assert client.recv(1) == b"\0"
    assert not in_layout(home)
    resident.close()


def test_messages_do_not_wait_for_the_mover_for_ever(home):
    resident = started(home)
    with use_up_spares(resident) as client:
        assert client.recv(1) == b"\0"
    assert len(in_layout(home)) == 1
    resident.close()


def test_drain_ends_what_is_being_taken(home):
    resident = started(home)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(home / "run/queue"))
        client.sendall(struct.pack("<I", 1))
        resident.order(DRAIN)
        resident.wait(lambda: not (home / "run/queue").exists())
        assert DRAINED not in resident.told
        client.sendall(b"x" + bytes(4) + ENVELOPE + b"\0")
        resident.wait(lambda: DRAINED in resident.told)
        assert client.recv(100)[0] == 0 and len(resident.messages) == 1
    assert resident.close() == 0


def test_a_log_that_cannot_be_used_comes_back(home):
    (home / "queue/log/spare").rename(home / "aside")
    resident = Resident(home, TEST_BIN)
    resident.wait(lambda: LIVE in resident.told)
    assert resident.log_text().count("alert: messages do not go through the queue's log: ") == 1
    assert not (home / "run/queue").exists() and classic(home, b"x") == 0 and len(in_layout(home)) == 1
    (home / "aside").rename(home / "queue/log/spare")
    resident.wait_for_socket()
    accepted(resident)
    assert "warning: messages go through the queue's log again\n" in resident.log_text()
    resident.close()


def test_messages_in_a_log_that_comes_back_are_told_at_a_start(home):
    resident = started(home)
    number = accepted(resident).id
    resident.kill()
    (home / "queue/log/spare").rename(home / "aside")
    resident = Resident(home, TEST_BIN)
    resident.wait(lambda: LIVE in resident.told)
    assert not resident.messages
    (home / "aside").rename(home / "queue/log/spare")
    assert resident.process.wait(20) == 0
    assert "warning: the queue's log holds messages; starting again to deliver them\n" in resident.log_text()
    resident.close()
    again = started(home)
    assert list(again.messages) == [number] and again.messages[number].replayed
    again.close()


def test_new_messages_are_told_before_all_that_was_there(home):
    resident = started(home)
    old = {accepted(resident).id for _ in range(600)}
    resident.kill()
    # Much more than a socket holds, and nobody takes any of it yet.
    again = Resident(home, TEST_BIN)
    again.wait_for_socket()
    code, _ = submit(home, b"new\n", ENVELOPE + b"\0")
    assert code == 0, code
    again.wait(lambda: LIVE in again.told)
    told = list(again.messages)
    new = (set(told) - old).pop()
    assert set(told) == old | {new} and told.index(new) < 600, told.index(new)
    assert not again.messages[new].replayed
    again.close()


def test_one_log_has_one_owner(home):
    resident = started(home)
    second = Resident(home, TEST_BIN)
    second.wait(lambda: LIVE in second.told)
    assert "alert: messages do not go through the queue's log: unable to lock" in second.log_text()
    accepted(resident)
    assert second.close() == 0 and (home / "run/queue").exists()
    resident.close()


def test_clients_use_it_and_do_without_it(home):
    resident = started(home)
    environment = {"QMAIL_TEST_HOME": str(home), "PATH": "/usr/bin:/bin"}
    inject = [f"{TEST_BIN}/qmail-inject", "you@there.example"]
    subprocess.run(inject, input=b"Subject: x\n\n", env=environment, check=True)
    resident.wait(lambda: resident.messages)
    assert not in_layout(home)
    resident.kill()
    # The name is still there, and nobody behind it.
    assert (home / "run/queue").exists()
    subprocess.run(inject, input=b"Subject: x\n\n", env=environment, check=True)
    assert len(in_layout(home)) == 1


def test_one_who_connects_ten_thousand_times_hinders_nobody(home):
    resident = started(home)
    held = []
    for _ in range(10_000):
        client = socket.socket(socket.AF_UNIX)
        client.setblocking(False)
        held.append(client)
        while client.connect_ex(str(home / "run/queue")) != 0:
            resident.take(0.01)
        with contextlib.suppress(BrokenPipeError):  # turned away already
            client.send(b"\xff")
    resident.take(0.5)
    refused = 0
    for client in held:
        try:
            refused += client.recv(100).startswith(b"G")
        except (BlockingIOError, ConnectionError):
            pass
    assert refused >= 10_000 - 4096, refused
    if os.getuid() == 0:
        (home / "run/queue").chmod(0o666)
        for folder in (home, home / "run"):
            folder.chmod(0o755)
        other = os.fork()
        if other == 0:
            os.setuid(4_000_000)
            os._exit(submit(home, b"x")[0])
        assert os.waitpid(other, 0)[1] == 0
    memory = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{resident.process.pid}/status").read_text())[1])
    assert memory < 100_000, f"{memory} KB"
    resident.close()


def test_no_number_is_used_twice(home):
    """The resident, classic qmail-queues and moves at the same time."""
    resident = started(home)
    seen, codes = [], []
    todo = threading.Semaphore(0)

    def client():
        for _ in range(200):
            codes.append(submit(home, b"resident\n")[0])

    def other():
        for _ in range(40):
            message = tempfile.TemporaryFile()
            envelope = tempfile.TemporaryFile()
            envelope.write(ENVELOPE + b"\0")
            envelope.seek(0)
            codes.append(subprocess.run([f"{TEST_BIN}/qmail-queue"], stdin=message, stdout=envelope,
                                        env={"QMAIL_TEST_HOME": str(home)}).returncode)

    workers = [threading.Thread(target=work) for work in (client, client, client, client, other, other)]
    for worker in workers:
        worker.start()
    handled = set()
    while any(worker.is_alive() for worker in workers) or resident.take(0.3):
        resident.take(0.05)
        for number in [number for number in resident.messages if (number, resident.messages[number].qp) not in handled]:
            message = resident.messages[number]
            handled.add((number, message.qp))
            assert number not in in_layout(home), number
            # Every second one moves and keeps its number, the others give theirs back.
            if len(handled) % 2:
                seen.append(number)
                resident.order(PLACE, number)
            else:
                resident.order(ENDED, number)
    resident.wait(lambda: len(resident.placed) == len(seen))
    for number in seen:
        resident.order(MOVED, number)
    resident.wait(lambda: resident.synced == resident.serial)
    # When spares are short a message of the resident's clients goes straight into the layout, too.
    assert set(codes) == {0} and len(handled) + len(in_layout(home)) == 880, (set(codes), len(handled))
    kept = seen + in_layout(home)
    assert len(set(kept)) == len(kept)
    for number in kept:
        assert (home / mess_name(number)).stat().st_ino == number
    resident.close()


def main():
    with tempfile.TemporaryDirectory(prefix="resident.") as folder:
        home = Path(folder)
        make_home(home, TEST_BIN)
        globals()[sys.argv[2]](home)


if __name__ == "__main__":
    main()
