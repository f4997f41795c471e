#!/usr/bin/env python3
"""Who may include whom: the layer table of core/README.md, checked against every #include."""
import re
import sys
from pathlib import Path

BASE = ["core/base"]
FORMAT_OF_BASE = ["core/base/text.h", "core/base/failure.h", "core/base/environment.h"]
L2 = ["core/users", "core/control", "core/accounts", "core/log", "core/dns", "core/tls", "core/queue", "core/mailbox", "core/smtp", "core/pop3"]
# The TLS library is for the processes that do nothing else.
TLS = "ucspi/lib/tls/"
TLS_PROGRAMS = ["ucspi/ucspi-tlsc", "ucspi/ucspi-tlsd"]
HEAVY = re.compile(r"(iostream|fstream|sstream|regex|thread|locale)$|boost/|nlohmann/|archive")


def allowed(path):
    """The prefixes that the file at `path` may include, and the name of its layer."""
    parts = path.split("/")
    own = "/".join(parts[:-1])
    if path.startswith("core/base/"):
        return "L0", BASE
    if path.startswith("core/format/"):
        return "L1", FORMAT_OF_BASE + ["core/format"]
    for place, folder in enumerate(L2):
        if path.startswith(folder + "/"):
            return "L2", BASE + ["core/format"] + L2[: place + 1]
    if path.startswith("core/programs/"):
        return "L3", BASE + ["core/format"] + L2 + ["/".join(parts[:3]), "features/"]
    if path.startswith("ucspi/"):
        return "ucspi", BASE + ["core/format", "core/dns", "core/tls", "ucspi/lib", "/".join(parts[:2])]
    if path.startswith("patches-integrated/"):
        return "feature", BASE + ["core/format"] + L2 + ["/".join(parts[:2])]
    if path.startswith("installer/qmail-check/"):
        # What it looks at is what the features and the mail programs read.
        return "installer", BASE + ["core/format", "core/control", "core/users", "core/smtp", "installer"]
    if path.startswith("installer/"):
        return "installer", BASE + ["core/format", "core/control", "core/users", "core/dns", "installer"]
    if path.startswith("migrate/"):
        return "migrate", BASE + ["core/format", "core/control", "installer/transaction", "migrate"]
    return None, [own]


def main(root):
    problems = []
    for folder in ("core", "ucspi", "patches-integrated", "installer", "migrate"):
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in (".h", ".cpp"):
                continue
            path = file.relative_to(root).as_posix()
            layer, prefixes = allowed(path)
            if path.endswith("_test.cpp"):
                continue
            for number, line in enumerate(file.read_text().splitlines(), 1):
                ours = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
                system = re.match(r"\s*#\s*include\s*<([^>]+)>", line)
                if ours and not any(ours[1] == p or ours[1].startswith(p.rstrip("/") + "/") for p in prefixes):
                    problems.append(f"{path}:{number}: {layer} may not include {ours[1]}")
                if system and layer not in ("installer", "migrate") and HEAVY.match(system[1]):
                    problems.append(f"{path}:{number}: {layer} may not include <{system[1]}>")
                if system and system[1].startswith("openssl/") and not path.startswith(TLS):
                    problems.append(f"{path}:{number}: only {TLS} may include <{system[1]}>")
    for link in sorted(root.glob("*/**/link.cmake")):
        folder = link.parent.relative_to(root).as_posix()
        if "ucspi_tls" in link.read_text() and folder not in TLS_PROGRAMS:
            problems.append(f"{folder}/link.cmake: only {' and '.join(TLS_PROGRAMS)} may link the TLS library")
    print("\n".join(problems) or "every #include is along the layers")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
