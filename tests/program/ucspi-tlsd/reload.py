#!/usr/bin/env python3
"""reload.py TEST-BIN TEST: one test of how ucspi-tlsd takes new certificates."""
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from tls import Home, PATIENCE, children_of, make_pair, read_all, variables, wait_until  # noqa: E402

BIN = sys.argv[1]
ENV = ("env",)
ECHO = ("cat",)


def name_served(listener):
    with listener.secure() as client:
        return variables(read_all(client))["SSL_SERVER_S_DN_CN"]


def test_a_new_certificate_is_used_and_old_sessions_go_on():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("old.example").both)
        resident = home.start("ucspi-tlsd")
        talking, telling = home.serve(*ECHO), home.serve(*ENV)
        old = talking.secure()
        [first] = resident.acceptors()
        assert name_served(telling) == "old.example"
        home.control("servercert.pem", make_pair("new.example").both)
        resident.hang_up()
        resident.wait_for("status: new certificates are in use")
        assert name_served(telling) == "new.example"
        # The process with the old key carries its connection on, and ends with it.
        assert first in resident.acceptors()
        old.sendall(b"still here\n")
        assert old.recv(100) == b"still here\n"
        old.close()
        wait_until(lambda: first not in resident.acceptors(), "the old process's end")
        assert len(resident.acceptors()) == 1


def test_a_change_is_seen_without_a_signal():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("old.example").both)
        resident = home.start("ucspi-tlsd")
        listener = home.serve(*ENV)
        home.control("servercert.pem", make_pair("new.example").both)
        resident.wait_for("status: new certificates are in use")
        assert name_served(listener) == "new.example"
        home.control("servercerts/mx.pem", make_pair("mx.example").both)
        resident.wait_for("status: new certificates are in use", 2)
        assert name_served(listener) == "mx.example"


def broken(home):
    """What may be wrong: (files, what the log says of it)."""
    good, other = make_pair("mx.example"), make_pair("other.example")
    locked = subprocess.run(["openssl", "ec", "-aes128", "-passout", "pass:secret"], input=good.key, capture_output=True, text=True).stdout
    middle = len(good.certificate) // 2
    return [
        ({"servercert.pem": ""}, "control/servercert.pem holds no certificate (no start line): put the certificate, its chain and its private key into it, in PEM form"),
        ({"servercert.pem": "garbage\n" * 100}, "control/servercert.pem holds no certificate"),
        ({"servercert.pem": good.certificate}, "control/servercert.pem holds no private key that can be read ("),
        ({"servercert.pem": good.certificate + locked}, "control/servercert.pem holds no private key that can be read"),
        ({"servercert.pem": good.certificate + other.key}, "the private key in control/servercert.pem does not belong to the certificate in control/servercert.pem"),
        ({"servercert.pem": good.certificate, "serverkey.pem": other.key}, "the private key in control/serverkey.pem does not belong to the certificate in control/servercert.pem"),
        ({"servercert.pem": good.certificate[:middle] + good.key}, "control/servercert.pem holds no certificate"),
        ({"servercert.pem": good.both + good.certificate[:middle] + "\n"}, "control/servercert.pem: the chain is damaged"),
        ({"servercert.pem": good.both, "servercerts/x.pem": "x"}, "control/servercerts/x.pem holds no certificate"),
        ({"servercert.pem": good.both, "tlsserverciphers": "NONSENSE\n"}, "control/tlsserverciphers: no cipher match: write cipher names as `openssl ciphers` lists them, or remove it"),
        ({"servercert.pem": good.both, "tlsserverprotocol": "SSLv3\n"}, "control/tlsserverprotocol says SSLv3, which is none of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"),
        ({"servercert.pem": good.both, "clientca.pem": "x"}, "control/clientca.pem holds no certificate"),
    ]


def test_a_broken_pair_is_refused_and_the_old_one_stays():
    with Home(BIN) as home:
        old = make_pair("old.example").both
        home.control("servercert.pem", old)
        resident = home.start("ucspi-tlsd")
        listener = home.serve(*ENV)
        for files, complaint in broken(home):
            seen = sum(complaint in line for line in resident.lines)
            # It looks by itself every now and then: what is wrong comes first, and may be told of more than once.
            for name, text in reversed(files.items()):
                home.control(name, text)
            resident.hang_up()
            line = resident.wait_for(complaint, seen + 1)
            assert "the new certificates are not used, those in use stay: " in line, (files.keys(), line)
            assert name_served(listener) == "old.example"
            for name in files:
                home.remove(name)
        home.control("servercert.pem", make_pair("new.example").both)
        resident.hang_up()
        resident.wait_for("status: new certificates are in use")
        assert name_served(listener) == "new.example"
        assert len(resident.acceptors()) == 1


def test_a_missing_file_keeps_the_old_one():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("old.example").both)
        resident = home.start("ucspi-tlsd")
        listener = home.serve(*ENV)
        home.remove("servercert.pem")
        resident.hang_up()
        resident.wait_for("control/servercert.pem is missing")
        assert name_served(listener) == "old.example"


def test_it_does_not_begin_with_a_broken_pair():
    for files, complaint in broken(None):
        with Home(BIN) as home:
            for name, text in files.items():
                home.control(name, text)
            done = subprocess.run([home.bin / "ucspi-tlsd"], env=home.environment, capture_output=True, text=True, timeout=PATIENCE)
            assert done.returncode == 111 and f"ucspi-tlsd: fatal: unable to serve TLS: {complaint}" in done.stderr, done


def test_an_expired_certificate_is_used_with_a_warning():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example", days=-1).both)
        resident = home.start("ucspi-tlsd")
        resident.wait_for("ucspi-tlsd: warning: the certificate in control/servercert.pem has expired: get another one")
        assert name_served(home.serve(*ENV)) == "mx.example"


def test_a_key_that_everybody_can_read_is_told():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        (home.path / "control/servercert.pem").chmod(0o644)
        home.start("ucspi-tlsd").wait_for(f"warning: everybody can read the private key in {home.path}/control/servercert.pem: chmod 600 it")


def test_reloads_under_load_lose_nobody():
    """Clients come all the time while the certificate changes ten times; every one of them is served to its end."""
    with Home(BIN) as home:
        pairs = [make_pair(f"n{number}.example").both for number in range(10)]
        home.control("servercert.pem", pairs[0])
        resident = home.start("ucspi-tlsd")
        listener = home.serve("sh", "-c", "read -r line; env; head -c 200000 /dev/zero")
        served, failed, is_over = [], [], threading.Event()

        def come_again():
            while not is_over.is_set():
                try:
                    with listener.secure() as client:
                        client.sendall(b"hello\n")
                        text = read_all(client)
                        assert text.count(b"\0") == 200000
                        served.append(variables(text.rstrip(b"\0"))["SSL_SERVER_S_DN_CN"])
                except Exception as problem:
                    failed.append(problem)
        threads = [threading.Thread(target=come_again) for _ in range(4)]
        for thread in threads:
            thread.start()
        wait_until(lambda: served or failed, "the first client")
        for number, pair in enumerate(pairs[1:], 1):
            home.control("servercert.pem", pair)
            resident.hang_up()
            resident.wait_for("status: new certificates are in use", number)
            last = len(served)
            wait_until(lambda: len(served) > last + 8 or failed, "clients")
        is_over.set()
        for thread in threads:
            thread.join(PATIENCE)
        assert not failed, failed[:3]
        assert len(set(served)) == 10, set(served)
        wait_until(lambda: len(resident.acceptors()) == 1, "the old processes' end")


def test_term_lets_sessions_end():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        resident = home.start("ucspi-tlsd")
        listener = home.serve(*ECHO)
        client = listener.secure()
        resident.process.send_signal(signal.SIGTERM)
        listener_gone = home.path / "run/tls/server"
        wait_until(lambda: not listener_gone.exists(), "the socket's end")
        client.sendall(b"still here\n")
        assert client.recv(100) == b"still here\n"
        assert resident.process.poll() is None
        client.close()
        assert resident.process.wait(PATIENCE) == 0


def test_a_killed_parent_leaves_its_sessions():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        resident = home.start("ucspi-tlsd")
        listener = home.serve(*ECHO)
        client = listener.secure()
        [acceptor] = resident.acceptors()
        resident.process.kill()
        resident.process.wait()
        client.sendall(b"still here\n")
        assert client.recv(100) == b"still here\n"
        with listener.connect() as late:
            assert late.recv(1) == b""
        client.close()
        wait_until(lambda: not Path(f"/proc/{acceptor}/fd").exists() or not children_of(acceptor), "its end")


def test_a_killed_acceptor_is_replaced():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        resident = home.start("ucspi-tlsd")
        listener = home.serve(*ENV)
        [acceptor] = resident.acceptors()
        os.kill(acceptor, signal.SIGKILL)
        resident.wait_for("warning: the TLS process has ended; starting another one")
        # Whoever comes meanwhile waits.
        assert name_served(listener) == "mx.example"


def test_a_second_one_takes_over():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        first, second = home.start("ucspi-tlsd"), home.start("ucspi-tlsd")
        listener = home.serve(*ENV)
        assert name_served(listener) == "mx.example"
        # The end of the first takes nothing from the second.
        assert first.stop() == 0
        assert name_served(listener) == "mx.example" and second.process.poll() is None


def test_a_socket_folder_that_others_may_write_to_is_refused():
    with Home(BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        (home.path / "run/tls").chmod(0o777)
        done = subprocess.run([home.bin / "ucspi-tlsd"], env=home.environment, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 100 and "others may write to it" in done.stderr, done


if __name__ == "__main__":
    globals()[sys.argv[2]]()
