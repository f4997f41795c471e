"""What the docs.* lints share: the programs that are built, the manual pages, the code."""
import re
import sys
from pathlib import Path

CODE_FOLDERS = ("core", "ucspi", "patches-integrated", "installer", "migrate")


def programs(root):
    """Name -> folder of every program and script that a link.cmake builds."""
    found = {}
    for folder in CODE_FOLDERS:
        for link in sorted((root / folder).rglob("link.cmake")):
            for name in re.findall(r"^qmail_(?:program|script)\(([\w.@-]+)", link.read_text(), re.M):
                found[name] = link.parent
    return found


def pages(root):
    """Path of every manual page by its file name: qmail-queue.8."""
    return {path.name: path for path in sorted((root / "docs/man").glob("man*/*.[1-9]"))}


def page_of(root, program):
    """The page of a program in section 1 or 8; None if there is none."""
    return next((path for name, path in pages(root).items() if re.fullmatch(re.escape(program) + r"\.[18]", name)), None)


def sections(text):
    """Heading -> body of a manual page."""
    parts = re.split(r'^\.SH "?([^"\n]+)"?\n', text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def plain(text):
    """A page's words without its markup."""
    text = re.sub(r"\\f.", "", text).replace("\\-", "-").replace("\\&", "").replace('"', " ")
    return re.sub(r"^\.\w+ ?", "", text, flags=re.M)


def sources(root, folders=CODE_FOLDERS):
    """(path, text) of every C++ file that is installed in some way; tests are left out."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp") and not path.name.endswith("_test.cpp"):
                yield path.relative_to(root).as_posix(), path.read_text()


def run(check):
    """Runs check(root), which yields problems, for the root in argv[1]; exits 1 if there is one."""
    problems = list(check(Path(sys.argv[1])))
    print("\n".join(problems) or "nothing to say")
    sys.exit(1 if problems else 0)
