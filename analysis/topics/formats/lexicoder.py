"""Lexicoder 3 (``.lc3``): ``+category``, then a pattern a line; `xml` has the older one's files."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.errors import InputError
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats.shared import (
    Category,
    Format,
    dictionary_of,
    first_line,
    foreign,
    lines,
    squeeze,
)

_FOREIGN = foreign(r"\?", r"^\s*\+")


def read(text: str, path: Path) -> Dictionary:
    """Return the dictionary of a Lexicoder 3 file."""
    categories: list[Category] = []
    for number, line in lines(text):
        line = squeeze(line)
        if line.startswith("+"):
            name = re.sub(r"#[0-9A-Fa-f]{6}$", "", line[1:])  # its colour on a screen
            categories.append(Category((name.strip(),), number))
        elif categories:
            categories[-1].patterns.append((line, number))
        else:
            problem = f"{line!r} stands before the first category"
            raise InputError(problem, file=path, line=number, do="write +NAME above it")
    return dictionary_of(categories, path, _FOREIGN)


def write(dictionary: Dictionary) -> str:
    """Return the text of a Lexicoder 3 file."""
    return "".join(
        f"{line}\n" for topic in dictionary.topics for line in (f"+{topic.name}", *topic.core)
    )


LEXICODER = Format(
    read=read,
    write=write,
    looks_like=lambda text: first_line(text).startswith("+"),
    endings=(".lc3",),
    foreign=_FOREIGN,
)
