"""ParlaMint in plain text: files of speeches, each beside a table of what is known of them.

Layout, as the corpora are published: ``NAME.txt`` has a speech a line, its name, a tab and its
text; ``NAME-meta.tsv`` a row a speech, with ``ID`` and what is known of speech and speaker; a dash
stands for what is not. Years and corpora may be folders. Where there are no such tables, the files
of TEI are read: see ``parlamint_tei``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.corpus.groups import Row
from analysis.corpus.readers.named import Failed, letting
from analysis.corpus.readers.parlamint_tei import (
    lists_of,
    read_tei,
    roots_of,
    sittings_of,
    within,
)
from analysis.errors import NAMES, InputError, listing, number_of, placed, warn
from analysis.io.files import read_text

_META = "-meta.tsv"
_LINES = re.compile(r"\r\n|\n|\r")
CHAIRS = {"chair", "chairperson"}  # who gives the floor and has no emphasis of their own


def is_parlamint(folder: Path) -> bool:
    """Return whether a folder, or one in it, holds ParlaMint's speeches."""
    return bool(_tables(folder) or roots_of(folder))


def parlamint_files(folder: Path) -> list[Path]:
    """Return the files that the speeches of a folder are read from, if it holds such."""
    if tables := _tables(folder):
        return [*tables, *map(_texts_of, tables)]
    return within(folder, "*.xml") if roots_of(folder) else []


def speech_files(folder: Path) -> list[Path]:
    """Return the files with speeches, each of which can be read by itself."""
    return _tables(folder) or sittings_of(folder)


def read_with(folder: Path, path: Path) -> list[Path]:
    """Return the files of which one with speeches is read: itself, its texts or its speakers."""
    beside = [_texts_of(path)] if path.name.endswith(_META) else lists_of(folder, path)
    return [path, *beside]


def _texts_of(table: Path) -> Path:
    return table.with_name(table.name.removesuffix(_META) + ".txt")


def _tables(folder: Path) -> list[Path]:
    return within(folder, f"*{_META}")


def read_parlamint(folder: Path) -> Iterator[Row]:
    """Yield the speeches of a folder but for those of chairs, which are named in a warning."""
    spoken = False
    for row in read_speeches(folder, speech_files(folder)):
        spoken = True
        yield row
    if not spoken:
        problem = "there is no speech in this folder, but those of chairs"
        raise InputError(problem, file=folder, do="download it anew")


def read_speeches(folder: Path, paths: Sequence[Path], failed: Failed = None) -> Iterator[Row]:
    """Yield the speeches of some of the files of a folder but for those of chairs."""
    chairs: list[str] = []
    unknown: list[str] = []
    for path in paths:
        with letting(failed):
            own = path.name.endswith(_META)
            for row in _table_rows(path) if own else read_tei(folder, path, unknown):
                if row[2].get("Speaker_role", "").lower() in CHAIRS:
                    chairs.append(row[2]["doc_id"])
                else:
                    yield row
    if unknown:
        warn(f"{folder}: no list of persons names who speaks in {NAMES}", of=unknown)
    if chairs:
        warn(f"{folder}: speeches of chairs are left out: {NAMES}", of=chairs)


def _table_rows(table: Path) -> Iterator[Row]:
    texts = _speeches(_texts_of(table))
    for line, row in _rows(table):
        name = row.pop("ID")
        if (text := texts.pop(name, None)) is None:
            problem = f"{name!r} stands in no line of the file of speeches, or twice here"
            raise InputError(problem, file=table, line=line, do="download both anew")
        yield table, line, {"doc_id": name, **row, "text": text}
    if texts:
        problem = f"it does not list {listing(texts)}, which are spoken"
        raise InputError(problem, file=table, do="download both anew")


def _rows(table: Path) -> Iterator[tuple[int, dict[str, str]]]:
    head, *lines = _LINES.split(read_text(table))
    names = head.split("\t")
    with placed(table, 1):
        if "ID" not in names or len({*names, "doc_id", "text"}) < len(names) + 2:
            problem = f"the columns are {listing(names)}"
            raise InputError(problem, do="each needs a name of its own, one of them ID")
    for line, written in enumerate(lines, 2):
        cells = written.split("\t")
        if written and len(cells) != len(names):
            there = number_of(len(cells), "value")
            problem = f"the line has {there}, and there are {number_of(len(names), 'column')}"
            raise InputError(problem, file=table, line=line, do="download it anew")
        if written:
            pairs = zip(names, cells, strict=True)
            yield line, {name: "" if cell == "-" else cell for name, cell in pairs}


def _speeches(path: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for line, written in enumerate(_LINES.split(read_text(path)), 1):
        name, tab, text = written.partition("\t")
        if written and (not tab or texts.setdefault(name, text) is not text):
            problem = "this is no speech of its own: a name, a tab and a text"
            raise InputError(problem, file=path, line=line, do="download it anew")
    return texts
