"""The machine that measures: its cgroups, how busy it is with other things, what it is."""
import ctypes
import os
import platform
import subprocess
import time
from pathlib import Path

LEAST_DISK_BYTES = 4 << 30
BYTES_PER_MESSAGE = 24 << 10  # of a queue: three files of two blocks each, and their inodes


def cgroup_root():
    """Where cgroup v2 is mounted, also beside v1."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, folder, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(folder)
    raise RuntimeError("no cgroup v2 is mounted: CPU time could not be told apart")


class Cgroup:
    """A group of processes whose CPU time is counted exactly, children and all."""

    def __init__(self, name):
        self.folder = cgroup_root() / f"qmailkit-bench.{os.getpid()}.{name}"
        self.folder.mkdir()

    def enter(self):
        """Moves the calling process, a child about to exec, into it."""
        (self.folder / "cgroup.procs").write_text("0")

    def cpu_seconds(self):
        lines = (line.split() for line in (self.folder / "cpu.stat").read_text().splitlines())
        return int(dict(lines)["usage_usec"]) / 1e6

    def processes(self):
        return [int(pid) for pid in (self.folder / "cgroup.procs").read_text().split()]

    def kill(self):
        """All of it, and waits until it is gone."""
        (self.folder / "cgroup.kill").write_text("1")
        deadline = time.monotonic() + 10
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.02)

    def remove(self):
        self.kill()
        self.folder.rmdir()


def busy_seconds():
    """CPU seconds that anybody has used since the machine started."""
    user, nice, system, _, _, *irq = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
    return (user + nice + system + sum(irq)) / os.sysconf("SC_CLK_TCK")


def share_of_others(seconds, cpu_seconds):
    """`cpu_seconds` that were nobody's we know, as a share of what the machine could give in `seconds`."""
    return round(max(0.0, cpu_seconds) / (os.cpu_count() * seconds), 3) if seconds > 0 else 0.0


def wait_for_quiet(share, patience=60):
    """Until others use less than `share` of the machine, at most for `patience` seconds."""
    deadline = time.monotonic() + patience
    while share > 0 and time.monotonic() < deadline:
        before = busy_seconds()
        time.sleep(1)
        if share_of_others(1, busy_seconds() - before) < share:
            return


def mount_fresh_disk(work, messages):
    """A folder on an ext4 made just now, with a journal, as servers have it: whatever lies below `work`, and whatever was
    written and deleted there, costs nobody anything. Only this process and its children see it, and it goes with them.
    A queue of that many messages has room on it."""
    image, folder = work / "disk.image", work / "disk"
    folder.mkdir(exist_ok=True)
    size = max(LEAST_DISK_BYTES, messages * BYTES_PER_MESSAGE)
    if not image.exists() or image.stat().st_blocks * 512 < size:
        # Written, not only allocated: else its first use would cost more than the next.
        subprocess.run(["dd", "if=/dev/zero", f"of={image}", "bs=4M", f"count={(size >> 22) + 1}", "conv=fsync", "status=none"], check=True)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-i", "4096", "-E", "nodiscard,lazy_itable_init=0", image], check=True)
    new_mount_namespace = 0x20000
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(new_mount_namespace) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    device = subprocess.run(["losetup", "--find", "--show", "--direct-io=on", image], check=True, capture_output=True, text=True).stdout.strip()
    try:
        subprocess.run(["mount", device, folder], check=True)
    finally:
        # It stays as long as it is mounted.
        subprocess.run(["losetup", "--detach", device], check=True)
    return folder


def memory_kb(pid):
    """Proportional: what a process shares counts once among those that share it. 0 if it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def describe():
    """What belongs beside every figure."""
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "cpus": os.cpu_count(),
        "cpu": models[0] if models else platform.machine(),
        "kernel": platform.release(),
        "file_system": "a fresh ext4 with a journal, on an image",
    }
