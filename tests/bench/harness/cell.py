"""One mail server at work: its root, its namespaces, its cgroup, and the tools that press on it."""
import contextlib
import ctypes
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import time

from . import site
from .machine import Cgroup, memory_kb

PATIENCE = 60  # seconds until a server greets, or a tool is ready
HARNESS = ("bench_init", "unshare")  # processes of the cell that are not the server's


@contextlib.contextmanager
def network_of(pid):
    """Sockets that this thread makes inside belong to the network of process `pid`."""
    libc = ctypes.CDLL(None, use_errno=True)

    def move_to(namespace):
        if libc.setns(namespace.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")

    with open("/proc/thread-self/ns/net") as here, open(f"/proc/{pid}/ns/net") as there:
        move_to(there)
        try:
            yield
        finally:
            move_to(here)


class Tool:
    """A running load tool. What it prints is JSON, one object a line, behind a "ready" if it has to get ready."""

    def __init__(self, process):
        self.process = process

    def wait_ready(self):
        if self._line(PATIENCE) != "ready":
            raise RuntimeError("a tool did not get ready")
        return self

    def take(self, seconds):
        """The next object; none if there is none in time, or the tool has ended."""
        line = self._line(seconds)
        return json.loads(line) if line else None

    def stop(self):
        """Its last object."""
        self.process.send_signal(signal.SIGTERM)
        lines = self.process.communicate()[0].splitlines()
        return json.loads(lines[-1]) if lines else {}

    def end(self, seconds):
        """Kills it if it does not end by itself."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def _line(self, seconds):
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            return self.process.stdout.readline().strip() if selector.select(seconds) else ""


class Cell:
    def __init__(self, peer, work, disk, tools):
        self.peer, self.work, self.tools = peer, work, tools
        self.folder = disk / peer.name
        self.root = site.Root(self.folder)
        self.server = Cgroup(peer.name)
        self.load = Cgroup(f"{peer.name}.load")
        self.process = None
        self.init = None
        self.at_once = 0

    # -- from nothing to nothing ----------------------------------------------
    def make(self, at_once=100):
        """A fresh root, set up for so many remote deliveries at once."""
        self.discard()
        self.peer.make_root(self.work / "roots", self.folder)
        site.prepare(self.root, self.tools)
        self.root.write("bench/start", "#!/bin/sh\n" + self.peer.start, 0o755)
        self.configure(at_once)
        os.sync()

    def configure(self, at_once):
        """Of a server that does not run."""
        self.peer.configure(self.root, at_once)
        self.at_once = at_once

    def discard(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self):
        self.discard()
        for group in (self.server, self.load):
            group.remove()

    # -- running --------------------------------------------------------------
    def start(self):
        """Returns the moments when it was started and when it greeted."""
        script = (f'ip link set lo up && hostname {site.NAME} && mount -t proc proc "$0/proc" && mount -t sysfs -o ro sys "$0/sys" && rm -f "$0/dev/log" && '
                  'exec chroot "$0" /bench/bench_init /bench/start')
        begin = time.monotonic()
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--uts", "--pid", "--net", "--fork", "--kill-child", "--", "sh", "-c", script, str(self.folder)],
            preexec_fn=self.server.enter, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=(self.work / f"{self.peer.name}.log").open("a"), stderr=subprocess.STDOUT,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"})
        greeted = self._wait_for_greeting()
        return begin, greeted

    def _wait_for_greeting(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            time.sleep(0.005)
            with contextlib.suppress(OSError, ValueError, IndexError), open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as children:
                self.init = int(children.read().split()[0])
                with network_of(self.init), socket.create_connection(("127.0.0.1", 25), 10) as connection:
                    if connection.recv(3) == b"220":
                        now = time.monotonic()
                        connection.sendall(b"QUIT\r\n")
                        connection.recv(1000)
                        return now
        raise RuntimeError(f"{self.peer.name} does not greet; see {self.work}/{self.peer.name}.log")

    def stop(self):
        """At once, as a crash would: the kernel takes the whole PID namespace away, and the tools with it."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
        for group in (self.server, self.load):
            group.kill()

    # -- tools ------------------------------------------------------------------
    def _tool(self, command, group):
        return Tool(subprocess.Popen([str(word) for word in command], preexec_fn=group.enter, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True))

    def send(self, messages, to, *options):
        return self._tool(["nsenter", "-t", self.init, "-n", self.tools / "bench_load", "--messages", messages, *options,
                           "sender@client.test", to, "127.0.0.1", 25], self.load)

    def sink(self, expect, delay=0):
        return self._tool(["nsenter", "-t", self.init, "-n", self.tools / "bench_sink", "--port", site.SINK_PORT,
                           "--expect", expect, "--delay", delay], self.load).wait_ready()

    def watch(self, count, users, seconds):
        return self._tool([self.tools / "bench_watch", "--count", count, "--seconds", seconds, *map(self.root.maildir, users)], self.load).wait_ready()

    def submit(self, recipients, *options):
        """The server's own submission command."""
        return self.submit_by([self.peer.sendmail, *recipients], *options)

    def submit_by(self, command, *options):
        """A submission command, run as the ordinary user u1: its cost is the server's."""
        return self._tool(["nsenter", "-t", self.init, "-m", "-u", "-n", "-p", "-r", "-w", "/bench/bench_submit", "--uid", site.FIRST_UID + 1,
                           "--gid", site.FIRST_UID, *options, "--", *command], self.server)

    # -- observing ----------------------------------------------------------------
    def idle_cpu(self, since, patience=10):
        """CPU seconds since `since`, taken when the server has come to rest."""
        deadline = time.monotonic() + patience
        now = self.server.cpu_seconds()
        while time.monotonic() < deadline:
            time.sleep(0.4)
            before, now = now, self.server.cpu_seconds()
            if now - before < 0.004:
                break
        return now - since

    def queued(self, patience=10):
        """What is left in the queue after some patience."""
        deadline = time.monotonic() + patience
        while (left := self.peer.queued(self.root)) and time.monotonic() < deadline:
            time.sleep(0.3)
        return left

    def processes(self):
        """(name, memory in KB) of each process of the server."""
        for pid in self.server.processes():
            with contextlib.suppress(OSError), open(f"/proc/{pid}/comm") as comm:
                name = comm.read().strip()
                if name not in HARNESS and name != self.peer.log_sink:
                    yield name, memory_kb(pid)
