#!/usr/bin/env python3
"""install_kill.py QMAIL-INSTALL INSTCHECK: kill the real qmail-install at system calls all over its way, in a root
of its own, then see that --resume reaches the finished installation and --roll-back the untouched machine; also
when the roll-back is killed. QMAIL_LONG=1 tries every call instead of a sample. Skipped (77) without root or strace."""
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
CALLS = ["write", "fdatasync", "fsync", "renameat", "mkdirat", "fchmod", "fchown", "unlinkat"]
POINTS = 2  # of each call, and the last one, unless QMAIL_LONG
MANIFEST = Path(__file__).parents[2] / "installer/hier/hier.manifest"


def make_root(root):
    """What cmake --install leaves, with empty files, on a machine with a user and a group."""
    for folder in ("etc", "usr/sbin", "usr/lib", "usr/bin", "var/lib/qmailkit/transactions"):
        (root / folder).mkdir(parents=True)
    (root / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    (root / "etc/shadow").write_text("root:*:::::::\n")
    (root / "etc/group").write_text("root:x:0:\n")
    (root / "etc/gshadow").write_text("root:*::\n")
    (root / "etc/hostname").write_text("mx.example.org\n")
    for line in MANIFEST.read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, _, _, _, flags = line.split(":")
            if re.search(r"\b(program|page|from)\b", flags):
                path = root / name.lstrip("/") if name.startswith("/") else root / "var/qmail" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("")


def snapshot(root):
    """Everything but the installer's own records: type, mode, owner, content."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if name.startswith("var/lib/qmailkit"):
            continue
        status = path.lstat()
        content = os.readlink(path) if path.is_symlink() else path.read_bytes() if stat.S_ISREG(status.st_mode) else ""
        found[name] = (stat.filemode(status.st_mode), status.st_uid, status.st_gid, content)
    return found


class Trial:
    def __init__(self, installer, instcheck, root):
        self.installer, self.instcheck, self.root = installer, instcheck, root

    def run(self, *arguments, kill=None):
        command = [self.installer, "--root", str(self.root), *arguments]
        if kill:
            call, number = kill
            command = ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                       "-e", f"inject={call}:signal=KILL:when={number}", *command]
        return subprocess.run(command, capture_output=True, text=True)

    def must(self, *arguments):
        done = self.run(*arguments)
        if done.returncode != 0:
            raise AssertionError(f"{arguments} ended with {done.returncode}: {done.stdout[-500:]}{done.stderr}")
        return done.stdout

    def last(self):
        lines = [line for line in self.must("--list").splitlines() if re.match(r"\d{8}-", line)]
        return lines[-1].split()[0] if lines else None

    def check_installed(self):
        done = subprocess.run([self.instcheck, "--root", str(self.root)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "nothing to do" in self.must("--yes")


def count_calls(trial, *arguments):
    """How often each of CALLS happens."""
    trace = trial.root.parent / "trace"
    subprocess.run(["strace", "-qq", "-o", str(trace), "-e", "trace=" + ",".join(CALLS), trial.installer, "--root",
                    str(trial.root), *arguments], check=True, capture_output=True)
    names = [line.split("(")[0] for line in trace.read_text().splitlines()]
    return {call: names.count(call) for call in CALLS}


def points(count):
    if os.environ.get("QMAIL_LONG") == "1":
        return range(1, count + 1)
    return sorted({1 + (count - 1) * i // POINTS for i in range(POINTS)} | {count}) if count else []


def main():
    installer, instcheck = sys.argv[1:3]
    if os.geteuid() != 0 or not shutil.which("strace"):
        return SKIPPED
    tried = 0
    with tempfile.TemporaryDirectory(prefix="install-kill.") as folder:
        root = Path(folder) / "root"
        trial = Trial(installer, instcheck, root)

        def fresh():
            shutil.rmtree(root, ignore_errors=True)
            make_root(root)

        fresh()
        before = snapshot(root)
        counts = count_calls(trial, "--yes")
        trial.check_installed()
        back = count_calls(trial, "--roll-back", trial.last())
        assert snapshot(root) == before, "a roll-back without a kill does not lead back"
        for call in CALLS:
            for number in points(counts[call]):
                where = f"killed at {call} {number} of {counts[call]}"
                fresh()
                trial.run("--yes", kill=(call, number))
                trial.must("--resume")
                trial.must("--yes")
                trial.check_installed()
                fresh()
                trial.run("--yes", kill=(call, number))
                if trial.last():
                    trial.run("--roll-back", trial.last(), kill=(call, max(1, min(number, back[call]) // 2)))
                    trial.must("--roll-back", trial.last())
                after = snapshot(root)
                differs = [name for name in {**before, **after} if before.get(name) != after.get(name)]
                assert not differs, f"{where}: {differs}"
                tried += 1
    print(f"{tried} points, each resumed and each rolled back through a second kill")
    return 0


if __name__ == "__main__":
    sys.exit(main())
