"""Lexicoder: ``+category``, then a pattern a line (``.lc3``); the older one's XML (``.lcd``)."""

from __future__ import annotations

import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

from analysis.errors import InputError, warn
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
from analysis.topics.formats.yoshikoder import Reader, cnodes

_FOREIGN = foreign(r"\?", r"^\s*\+")
_FOREIGN_LCD = foreign(r"\?")
_LCD = re.compile(r"""<dictionary\s[^>]*style\s*=\s*["']Lexicoder["']""")


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
            raise InputError(
                f"{line!r} stands before the first category",
                file=path,
                line=number,
                do="write +NAME above it",
            )
    return dictionary_of(categories, path, _FOREIGN)


def write(dictionary: Dictionary) -> str:
    """Return the text of a Lexicoder 3 file."""
    return "".join(
        f"{line}\n" for topic in dictionary.topics for line in (f"+{topic.name}", *topic.core)
    )


def read_lcd(text: str, path: Path) -> Dictionary:
    """Return the dictionary of an older Lexicoder file, patterns read as whole words."""
    found = Reader(text, path)
    if found.unbounded:
        warn(
            f"{path}: {len(found.unbounded)} patterns (the first in line {found.unbounded[0]}) end "
            "without a space, so Lexicoder may find them in longer words too; read as whole words: "
            "write * where you mean more"
        )
    return dictionary_of(found.categories, path, _FOREIGN_LCD, found.name)


def write_lcd(dictionary: Dictionary) -> str:
    """Return the text of an older Lexicoder file."""
    # Lexicoder finds a pattern as it stands, spaces too: they make it a whole word.
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<dictionary style="Lexicoder" name={quoteattr(dictionary.name)}>\n'
        f"{cnodes(dictionary, ' {} ')}</dictionary>\n"
    )


LEXICODER = Format(
    read=read,
    write=write,
    looks_like=lambda text: first_line(text).startswith("+"),
    endings=(".lc3",),
    foreign=_FOREIGN,
)
LCD = Format(
    read=read_lcd,
    write=write_lcd,
    looks_like=lambda text: first_line(text).startswith("<") and bool(_LCD.search(text)),
    endings=(".lcd",),
    foreign=_FOREIGN_LCD,
    holds=("name",),
)
