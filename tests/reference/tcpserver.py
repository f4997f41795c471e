#!/usr/bin/env python3
"""tcpserver.py TEST-BIN FOLDER: our tcpserver and that of ucspi-tcp, with the same arguments and the same clients.

FOLDER is where Debian's package is kept, unpacked. What the program sees, what the client gets, what is logged and how the
server ends must be the same. Ends with 77 if the package cannot be had.
"""
import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

BIN, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
GET_PEER = Path(__file__).parents[1] / "support/get-peer"
SKIPPED = 77
PATIENCE = 20
STOCK = FOLDER / "usr/bin"

# Of the signals those below 32: the others are the C library's own.
SEE = ("sh", "-c", "env | grep -v ^PATH= | sort; ls /proc/self/fd; grep -E '^Sig(Blk|Ign)' /proc/self/status | "
                   "sed 's/[0-9a-f]*\\([0-7][0-9a-f]\\{7\\}\\)$/\\1/; s/[0-9a-f]*[89a-f]\\([0-9a-f]\\{7\\}\\)$/0\\1/'; read line; echo got $line")
RULES = '127.0.0.1:allow,RELAYCLIENT="",TCPREMOTEHOST="by.rule"\n127.0.0.2:deny\n127.0.0.3:allow,A="x y"\n127.:deny\n'
OLD = {"TCPREMOTEHOST": "old", "TCPREMOTEINFO": "old", "TCPLOCALHOST": "old", "PROTO": "old", "KEPT": "yes"}
# What both are given besides -1, a host, a port and the program; @RULES@ is a cdb. Ours asks nobody's identity unless
# told to, and there is nobody to ask here: -R.
SERVED = [
    ["-vRHl0"], ["-vRHl", "mx.example"], ["-vRHl", ""], ["-vRH"], ["-vR"], ["-vRp"], ["-vRhPl0"], ["-RHl0"], ["-qRHl0"],
    ["-QRHl0"], ["-vRHl0", "-Bhello"], ["-vRHl0", "-B", "two\nlines\n"], ["-vRHl0", "-c", "1"], ["-vRHl0", "-c2", "-b", "3"],
    ["-vRHl0", "-x", "@RULES@"], ["-vRHl0", "-X", "-x", "@RULES@"], ["-vRHl0", "-X", "-x", "/nonexistent"],
    ["-vRHl0", "-x", "/nonexistent"], ["-qRHl0", "-x", "/nonexistent"], ["-vDRHl0"], ["-vdRHl0"], ["-voRHl0"], ["-vORHl0"],
    ["-vRHt3", "-l0"], ["-vrHt1", "-l0"], ["-v", "-R", "-H", "-l0", "--"],
]
PROGRAMS = [SEE, ("sh", "-c", "exit 7"), ("sh", "-c", "kill -9 $$"), ("/nonexistent",), ("no-such-program",), ("/",)]
ENDED = [
    [], ["0"], ["0", "25"], ["-z", "0", "25", "true"], ["-c"], ["-vc"], ["-RHl0", "127.0.0.1", "no-such-service", "true"],
    ["-qRHl0", "127.0.0.1", "no-such-service", "true"], ["-RHl0", "192.0.2.77", "0", "true"], ["-RHl0", "127.0.0.1", "@TAKEN@", "true"],
]


def normal(text, port):
    """Without the numbers that are new each time, and without the usage, which has options of ours in it."""
    text = re.sub(r"\b(pid|end|ok|deny) \d+", r"\1 PID", text.replace(str(port), "PORT"))
    text = re.sub(r"(:|TCPREMOTEPORT=)\d{4,5}$", r"\1CLIENT", text, flags=re.M)
    return re.sub(r"^(tcpserver: usage: ).*$", r"\1", text, flags=re.M)


def serve(program_folder, options, program, sources):
    """What clients get, what is logged, and the exit code."""
    environment = {"PATH": f"{program_folder}:/usr/bin:/bin", **OLD}
    server = subprocess.Popen([program_folder / "tcpserver", "-1", *options, "127.0.0.1", "0", *program],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    port = int(server.stdout.readline())
    heard = []
    for source in sources:
        heard.append(visit(port, source))
        wait_until_idle(server.pid)
    server.terminate()
    log = server.communicate(timeout=PATIENCE)[1]
    return normal("|".join(heard), port), normal(log, port), server.returncode


def visit(port, source):
    with socket.create_connection(("127.0.0.1", port), PATIENCE, source_address=(source, 0)) as client:
        text = b""
        try:
            client.sendall(b"line\n")
            while block := client.recv(65536):
                text += block
        except (ConnectionResetError, BrokenPipeError):
            pass
    return text.decode()


def wait_until_idle(pid):
    """Until nobody is served, and the server has said so: it sleeps, and none of its children is left."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    stat = Path(f"/proc/{pid}/stat")
    while children.read_text() or stat.read_text().rpartition(") ")[2][0] != "S":
        os.sched_yield()


def end(program_folder, args, taken):
    done = subprocess.run([program_folder / "tcpserver", *(str(taken) if arg == "@TAKEN@" else arg for arg in args)],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    return normal(done.stderr, taken), done.stdout, done.returncode


def main():
    if subprocess.run([GET_PEER, "ucspi-tcp", FOLDER]).returncode != 0:
        sys.exit(SKIPPED)
    differences, compared = [], 0

    def compare(what, ours, stock):
        nonlocal compared
        compared += 1
        if ours != stock:
            differences.append(f"{what}\n  stock {stock}\n  ours  {ours}")

    with tempfile.TemporaryDirectory() as folder:
        cdb = f"{folder}/cdb"
        subprocess.run([STOCK / "tcprules", cdb, f"{cdb}.tmp"], input=RULES, text=True, check=True)
        runs = [(options, SEE) for options in SERVED]
        runs += [(["-vRHl0"], program) for program in PROGRAMS] + [(["-vRH"], program) for program in PROGRAMS]
        for options, program in runs:
            options = [option.replace("@RULES@", cdb) for option in options]
            sources = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
            compare(f"{options} {program}", *(serve(folder, options, program, sources) for folder in (BIN, STOCK)))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for args in ENDED:
            compare(args, *(end(folder, args, listener.getsockname()[1]) for folder in (BIN, STOCK)))
    print(*differences[:5], sep="\n")
    print(f"{compared} compared, {len(differences)} differ")
    sys.exit(1 if differences else 0)


main()
