#!/usr/bin/env python3
"""The exit codes that a program's code names are in its page, and a table of codes agrees with the page's."""
import re

from documents import page_of, plain, programs, run, sections

# Words for codes, as core/base/failure.h has them.
WORDS = {"ok": 0, "permanent": 100, "temporary": 111}
ENUM = re.compile(r"enum(?: class)? \w*(?:Exit|Code|Ending)\w*[^{;]*\{([^}]*)\}", re.S)


def page_codes(text):
    """The numbers that open an entry of EXIT STATUS; those with a star are other programs'."""
    body = sections(text).get("EXIT STATUS", "")
    heads = re.findall(r"^\.TP\n(.+)$", body, re.M)
    codes = [(int(number), star) for head in heads for number, star in re.findall(r"\b(\d+)(\*?)", plain(head))]
    return {code for code, star in codes if not star}, {code for code, star in codes if star}, plain(body)


def code_of(folder):
    return "".join(p.read_text() for p in sorted(folder.rglob("*")) if p.suffix in (".h", ".cpp"))


def check(root):
    for name, folder in programs(root).items():
        page = page_of(root, name)
        if page is None:
            continue
        own, others, body = page_codes(page.read_text())
        code = code_of(folder)
        # A program that gives every Failure one code of its own never ends with the words' codes.
        own_code_for_all = ".failure =" in code
        used = set() if own_code_for_all else {
            WORDS[word] for word in re.findall(r"\bExit::(\w+)", code) if word in WORDS}
        table = {int(number) for body_ in ENUM.findall(code) for number in re.findall(r"=\s*(\d+)", body_)}
        for number in sorted((used | table) - own):
            if not re.search(rf"\b{number}\b", body):
                yield f"{page.relative_to(root)}: {name} can exit {number}, which EXIT STATUS leaves out"
        if table:
            # Any program may end with a shared code: run_program turns each Failure into one.
            for number in sorted(own - table - used - {0, *WORDS.values()}):
                yield f"{page.relative_to(root)}: EXIT STATUS has {number}, which {name} does not use"


run(check)
