#!/usr/bin/env python3
"""renewal.py TEST-BIN TEST: one test of tcpserver whose residents' programs are replaced or started anew."""
import os
import shutil
import signal
import sys
import threading
import time

from mail_server import CHAIN, CLEAN, LET_IN, MAIL, Mail, own_folder
from serve import BIN, children_of, expect, read, wait_until


def test_resident_a_wrapper_in_its_place_is_executed():
    with own_folder() as folder:
        (folder / "qmail-smtpd").rename(folder / "real")
        (folder / "qmail-smtpd").write_text(f"#!/bin/sh\nSEEN=1 exec {folder}/real\n")
        (folder / "qmail-smtpd").chmod(0o755)
        with Mail(folder=folder) as server:
            for _ in range(2):
                expect(server.session(*CLEAN)[0], "220 mx.example ESMTP")
            expect(server.zygotes(), [])
            (folder / "real").rename(folder / "qmail-smtpd")
            server.session(*CLEAN)
            expect(len(server.zygotes()), 1)


def test_resident_hup_starts_anew():
    with Mail() as server:
        server.session(*CLEAN)
        with server.connect() as client, server.connect() as other:
            client.recv(100)
            other.recv(100)
            other.sendall(b"QUIT\r\n")
            old = server.zygotes()
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: len(children_of(old[0])) == 1, "the idle ones to leave")
            server.overlapping_session(*CLEAN)
            new = [pid for pid in server.zygotes() if pid not in old]
            expect(len(new), 1)
            client.sendall(b"QUIT\r\n")
            expect(read(client), "221 mx.example\r\n")
        wait_until(lambda: server.zygotes() == new, "the old one to go")


def test_resident_an_upgrade_loses_no_session():
    """The programs are replaced twenty times while sessions run."""
    with own_folder() as folder, Mail("-c20", folder=folder, program=(folder / "rblsmtpd", folder / "qmail-smtpd"),
                                      env=LET_IN) as server:
        stop, results = threading.Event(), []

        def visit():
            while not stop.is_set():
                results.append(server.overlapping_session(*MAIL)[-1])

        visitors = [threading.Thread(target=visit) for _ in range(8)]
        for visitor in visitors:
            visitor.start()
        for turn in range(20):
            time.sleep(0.05)
            program = CHAIN[turn % 2]
            shutil.copy(BIN / program, folder / "next")
            os.rename(folder / "next", folder / program)
        stop.set()
        for visitor in visitors:
            visitor.join()
        # The last copy may have come after the last of them.
        results.append(server.overlapping_session(*MAIL)[-1])
        server.connections = len(results)
        server.settle()
        wait_until(lambda: len(server.zygotes()) == 2, "the old ones to go")
        expect(set(results), {"221 mx.example"})
        assert len(results) > 20
    expect([status for _, status in server.ends()], ["0"] * len(results))


if __name__ == "__main__":
    globals()[sys.argv[2]]()
