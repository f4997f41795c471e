#!/usr/bin/env python3
"""hier.manifest names every program, manual page and document of the source tree, and nothing else."""
import re
import sys
from pathlib import Path

PLACES = ["core/programs", "ucspi", "installer", "migrate"]


def programs(root):
    """The names that link.cmake files give to qmail_program and qmail_script."""
    found = set()
    for place in PLACES:
        for link in (root / place).glob("*/link.cmake"):
            found.update(re.findall(r"^qmail_(?:program|script)\(([^\s)]+)", link.read_text(), re.M))
    return found


def entries(root):
    """(name, flags) of each line."""
    for line in (root / "installer/hier/hier.manifest").read_text().splitlines():
        if line and not line.startswith("#"):
            fields = line.split(":")
            yield fields[0], fields[5].split(",")


def main(root):
    listed = list(entries(root))
    problems = []

    def compare(what, named, present):
        problems.extend(f"hier.manifest lacks the {what} {name}" for name in sorted(present - named))
        problems.extend(f"hier.manifest names the {what} {name}, which is not in the tree"
                        for name in sorted(named - present))

    compare("program", {Path(name).name for name, flags in listed if "program" in flags}, programs(root))
    pages = {path.relative_to(root / "docs").as_posix() for path in (root / "docs/man").glob("man*/*.[0-9]")}
    compare("page", {name for name, flags in listed if "page" in flags}, pages)
    documents = {path.relative_to(root).as_posix() for folder in ("install", "pictures")
                 for path in (root / "docs" / folder).glob("*") if path.is_file()}
    sources = {flag[5:] for _, flags in listed for flag in flags if flag.startswith("from=")}
    compare("document", {source for source in sources if source.startswith("docs/")}, documents)
    problems.extend(f"hier.manifest installs {source}, which is not in the tree"
                    for source in sorted(sources) if not (root / source).is_file())
    print("\n".join(problems) or "hier.manifest and the tree agree")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
