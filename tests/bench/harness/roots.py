"""Root directories of the peers: made once from Debian's packages and kept in the cache, copied for each use."""
import os
import shutil
import subprocess
from pathlib import Path

from .site import Root

# What a mail server's own packages do not bring: something that takes its log.
BASE_PACKAGES = ("busybox",)


def run(*command, **kw):
    subprocess.run([str(word) for word in command], check=True, stdin=subprocess.DEVNULL, **kw)


def release():
    """Debian's name of this machine's release, or its stable one elsewhere."""
    values = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return values["VERSION_CODENAME"] if values.get("ID") == "debian" else "stable"


def mirror(suite):
    """Where apt on this machine gets `suite` from; none if it does not know it: then debootstrap's own choice."""
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(COMPONENT)"], capture_output=True, text=True)
    for line in listed.stdout.splitlines():
        site, found, component = line.split()
        if found == suite and component == "main":
            return site
    return None


def complete(path, make):
    """Runs `make(unfinished path)` unless an earlier run finished it."""
    if path.exists():
        return
    unfinished = path.with_name(path.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    make(unfinished)
    unfinished.rename(path)


def make_base(path):
    suite = release()
    found = mirror(suite)
    run("debootstrap", "--variant=minbase", f"--include={','.join(BASE_PACKAGES)}", suite, path, *([found] if found else []))
    root = Root(path)
    # Packages must not start what they install.
    root.write("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
    # Proxies and the like.
    settings = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True).stdout
    root.write("etc/apt/apt.conf.d/90host", settings)


def with_packages(cache, name, packages):
    """The cached root with these packages and what they need."""
    base = cache / "base"
    complete(base, make_base)

    def make(path):
        copy(base, path)
        root = Root(path)
        shutil.copy("/etc/resolv.conf", root.at("etc/resolv.conf"))
        root.run("apt-get", "update", "-q")
        root.run("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)

    complete(cache / name, make)
    return cache / name


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    run("cp", "-a", "--reflink=auto", source, target)


def libraries(program):
    """The shared objects a program needs, by their paths on this machine."""
    listed = subprocess.run(["ldd", str(program)], capture_output=True, text=True).stdout
    return [word for line in listed.splitlines() for word in line.split() if word.startswith("/")]


def copy_files(root, paths):
    """Files of this machine, at the same paths."""
    for path in paths:
        target = root.at(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(os.path.realpath(path), target)


def bare(path):
    """Nothing but a shell."""
    root = Root(path)
    for name in ("etc", "proc", "bin", "usr/sbin", "usr/lib", "usr/bin"):
        root.at(name).mkdir(parents=True)
    root.write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n")
    root.write("etc/group", "root:x:0:\nnogroup:x:65534:\n")
    copy_files(root, ["/bin/sh", *libraries("/bin/sh")])
    return root
