#!/usr/bin/env python3
"""tls.py TEST-BIN [SECONDS]: new TLS connections a second through tcpserver, tlsserve and ucspi-tlsd, with the client on the same machine,
and the memory of an idle one; a figure a line, "name value unit". Ends with 1 only if nothing works at all."""
import ssl
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from tls import Home, client_context, make_pair, openssl, wait_until  # noqa: E402

TEST_BIN, SECONDS = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 3
CLIENTS = 4


def rsa_pair():
    key = openssl("genrsa", "2048").decode()
    pair = make_pair("mx.example")
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(key)
        file.flush()
        pair.certificate = openssl("req", "-x509", "-key", file.name, "-subj", "/CN=mx.example", "-days", "30").decode()
    pair.key = key
    return pair


def shake_hands(listener, version, resume):
    """Handshakes a second, each on a new connection, by CLIENTS threads."""
    counts, end = [0] * CLIENTS, time.monotonic() + SECONDS

    def work(number):
        context = client_context(version, version)
        session = None
        while time.monotonic() < end:
            with listener.secure(context=context, session=session) as client:
                client.recv(1)
                session = client.session if resume else None
            counts[number] += 1
    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - begin)


def tell(name, value, unit):
    print(f"tls.{name} {value:.0f} {unit}", flush=True)


def private_memory(pid):
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private_Clean", "Private_Dirty")))


def measure(kind, pair):
    with Home(TEST_BIN) as home:
        home.control("servercert.pem", pair.both)
        resident = home.start("ucspi-tlsd")
        listener = home.serve("echo", "hello")
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            tell(f"{kind}.{version.name}.new", shake_hands(listener, version, False), "connections/s")
            tell(f"{kind}.{version.name}.resumed", shake_hands(listener, version, True), "connections/s")
        wait_until(lambda: not resident.sessions(), "the sessions' end")


def measure_memory():
    with Home(TEST_BIN) as home:
        home.control("servercert.pem", make_pair("mx.example").both)
        resident = home.start("ucspi-tlsd")
        listener = home.serve("cat")
        clients = [listener.secure() for _ in range(50)]
        for client in clients:
            client.sendall(b"hello\n")
            client.recv(100)
        sizes = sorted(private_memory(pid) for pid in resident.sessions())
        tell("memory.idle-session", sizes[len(sizes) // 2], "KB")
        tell("memory.acceptor", private_memory(resident.acceptors()[0]), "KB")
        for client in clients:
            client.close()


if __name__ == "__main__":
    measure("ecdsa", make_pair("mx.example"))
    measure("rsa2048", rsa_pair())
    measure_memory()
