"""Running one program twice: ours in a home made for tests, stock's in its own root folder, which is left as it is."""
import subprocess
import sys
import tempfile
from pathlib import Path

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
# The reference sees these two folders in place of its own; the mounts end with the process.
ENTER = 'mount --bind "$1" "$3/tmp" && mount --bind "$2" "$3/var/qmail/control" && shift 2 && exec chroot "$@"'


class Pair:
    """Both programs with a scratch folder and control files each; a context manager."""

    def __init__(self, test_bin, root):
        self.test_bin, self.root = Path(test_bin).resolve(), root
        self.compared = 0
        self.differences = []

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="reference.")
        self.ours = Path(self.folder.name) / "ours"
        self.stock = Path(self.folder.name) / "stock"
        for home in (self.ours, self.stock):
            (home / "control").mkdir(parents=True)
            (home / "tmp").mkdir()
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def clear(self, home, control, scripts):
        """Only these control files, and in the scratch folder only these scripts."""
        for folder, files, mode in ((home / "control", control, 0o644), (home / "tmp", scripts, 0o755)):
            for path in folder.iterdir():
                path.unlink()
            for name, content in files.items():
                (folder / name).write_bytes(content)
                (folder / name).chmod(mode)

    def run_ours(self, program, args, stdin, env):
        """In `env`, @TMP@ is the scratch folder."""
        env = {name: value.replace("@TMP@", str(self.ours / "tmp")) for name, value in env.items()}
        env |= {"PATH": PATH, "QMAIL_TEST_HOME": str(self.ours)}
        return subprocess.run(
            [self.test_bin / program, *args], input=stdin, capture_output=True, env=env, cwd=self.ours / "tmp", timeout=60)

    def run_stock(self, program, args, stdin, env):
        env = {name: value.replace("@TMP@", "/tmp") for name, value in env.items()}
        command = ["unshare", "-m", "sh", "-c", ENTER, "sh", self.stock / "tmp", self.stock / "control", self.root]
        inside = ["sh", "-c", 'cd /tmp && exec "$@"', "sh", program, *args]
        return subprocess.run(command + inside, input=stdin, capture_output=True, env={"PATH": PATH, **env}, timeout=60)

    def compare(self, what, stock, ours):
        self.compared += 1
        if stock != ours:
            self.differences.append(f"{what}\n  stock {stock}\n  ours  {ours}")

    def finish(self):
        print(*self.differences[:20], sep="\n")
        print(f"{self.compared} compared, {len(self.differences)} differ")
        return 1 if self.differences else 0


def run(test):
    """test(pair) compares; the process ends with what it found."""
    with Pair(sys.argv[1], sys.argv[2]) as pair:
        test(pair)
        sys.exit(pair.finish())
