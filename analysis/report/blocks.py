"""What a report is made of, as data that any kind of file can hold.

A report is a list of blocks, and no block holds markup of any kind. The printers in `printers`
make files of them. A new kind of block is a class here and an entry in each printer.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Run = tuple[str, Literal["plain", "bold", "code"]]  # a text, and how it is set


class Heading(NamedTuple):
    """A heading; that of level 0 is the title and stands first."""

    level: int
    text: str


class Text(NamedTuple):
    """A paragraph, or a note in small letters; a link to its anchor leads to it."""

    runs: tuple[Run, ...]
    small: bool = False
    anchor: str = ""


class Sentence(NamedTuple):
    """A sentence of an article, its matched words bold; 0 is no number."""

    runs: tuple[Run, ...]
    place: str
    number: int = 0


class Table(NamedTuple):
    """A table; its first row is the header."""

    rows: tuple[tuple[str, ...], ...]


class Folded(NamedTuple):
    """What folds out below a line, where a kind of file can fold."""

    summary: str
    blocks: tuple[Text | Sentence, ...]


Block = Heading | Text | Sentence | Table | Folded
