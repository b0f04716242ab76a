"""Lexicoder 3 (``.lc3``): ``+category``, then a pattern a line; `xml` has the older one's files."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.errors import InputError
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats.shared import Category, Content, Format, lines, squeeze


def parse(text: str, path: Path) -> Content:
    """Return what a Lexicoder 3 file holds."""
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
    return Content(categories)


def write(dictionary: Dictionary) -> str:
    """Return the text of a Lexicoder 3 file."""
    return "".join(
        f"{line}\n" for topic in dictionary.topics for line in (f"+{topic.name}", *topic.core)
    )


LEXICODER = Format(
    parse,
    write,
    looks_like=lambda text: text.lstrip().startswith("+"),
    endings=(".lc3",),
    signs=(r"\?", r"^\s*\+"),
)
