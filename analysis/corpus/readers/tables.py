"""Corpora in one file: a row an article, its text beside its document variables.

Contract of a reader of tables: (path, metadata or None) in, `Row` after `Row` out, ``doc_id`` first
and ``text`` last. A file that holds its own metadata takes no other. Values are text and nothing
else; a missing one is an error, an empty one is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analysis.corpus.units import RESERVED
from analysis.errors import InputError, listing
from analysis.io.csv import read_rows
from analysis.io.files import needing, read_bytes, read_text

Row = tuple[Path, int, dict[str, str]]  # where the row stands, and what it says

# A NUL byte is a sign of binary data; half a surrogate pair cannot be written to any file.
_UNUSABLE = re.compile("[\0\ud800-\udfff]")


def read_csv(path: Path, metadata: Path | None) -> Iterator[Row]:
    """Yield the articles of a CSV file."""
    _check_alone(path, metadata)
    for number, (line, row) in enumerate(named_rows(path, "text"), 1):
        yield _article(row, path, line, number)


def named_rows(path: Path, needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file as (line, values by column); one column has to be there."""
    header, rows = read_rows(path)
    _check_names(header, needed, path, 1)
    if not rows:
        raise InputError(
            "there is a header and no row", file=path, line=1, do="add a row an article"
        )
    for line, cells in rows:
        yield line, dict(zip(header, cells, strict=True))


def read_jsonl(path: Path, metadata: Path | None) -> Iterator[Row]:
    """Yield the articles of a file with one JSON object a line."""
    _check_alone(path, metadata)
    names: list[str] = []
    text = read_text(path).rstrip()
    if not text:
        raise InputError("the file is empty", file=path, do="write an article a line")
    # Not str.splitlines: it takes U+2028 and others for ends of lines, which JSON does not.
    for line, written in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        row = _object(written, path, line)
        if not names:
            names = list(row)
            _check_names(names, "text", path, line)
        if set(row) != set(names):
            odd = sorted(set(row) ^ set(names))
            raise InputError(
                f"{listing(map(repr, odd))} stands on some lines and not on others",
                file=path,
                line=line,
                do='give every article the same keys, "" where nothing is known',
            )
        yield _article(row, path, line, line)


def _object(written: str, path: Path, line: int) -> dict[str, str]:
    """One line of JSON as an article: an object of texts, no key twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            raise ValueError(f"the key {max(keys, key=keys.count)!r} stands twice")
        return dict(pairs)

    if not written.strip():
        raise InputError("the line is empty", file=path, line=line, do="write one object a line")
    try:
        row = json.loads(written, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"this is not JSON ({error})", file=path, line=line, do="write one object a line"
        ) from None
    if not isinstance(row, dict):
        raise InputError("this is not an object", file=path, line=line, do='write {"text": "..."}')
    for key, value in row.items():
        if not isinstance(value, str):
            raise InputError(
                f"{key!r} is {value!r}", file=path, line=line, do="write every value as a text"
            )
    return row


def read_parquet(path: Path, metadata: Path | None) -> Iterator[Row]:
    """Yield the articles of a Parquet file; the line of a row is its number, from 1."""
    with needing("parquet", path):
        import pyarrow
        from pyarrow import parquet
    _check_alone(path, metadata)
    number = 0
    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(read_bytes(path)))
        _check_names(file.schema_arrow.names, "text", path, None)
        for field in file.schema_arrow:
            _check_type(field, path)
        for batch in file.iter_batches():
            for row in batch.to_pylist():
                number += 1
                for name, value in row.items():
                    if value is None:
                        raise InputError(
                            f"{name!r} is null",
                            file=path,
                            line=number,
                            do='write "" where nothing is known',
                        )
                yield _article(row, path, number, number)
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"this is not a whole Parquet file ({' '.join(str(error).split())})",
            file=path,
            do="write it anew",
        ) from None
    if not number:
        raise InputError("there are columns and no row", file=path, do="add a row an article")


def _check_type(field: Any, path: Path) -> None:
    from pyarrow import types

    kind = field.type.value_type if types.is_dictionary(field.type) else field.type
    if not (types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)):
        raise InputError(
            f"the column {field.name!r} holds {field.type}", file=path, do="write it as texts"
        )


def _check_names(names: Sequence[str], needed: str, path: Path, line: int | None) -> None:
    """Raise unless the needed column is there and every name can stand in the tables."""
    if needed not in names:
        # A name that differs in case, accents or spaces only is near too.
        near = get_close_matches(needed, [name.strip().casefold() for name in names], 1, 0.7)
        meant = next((n for n in names if near and n.strip().casefold() == near[0]), None)
        raise InputError(
            f"there is no column {needed!r}",
            file=path,
            line=line,
            do=(f"rename {meant!r}? " if meant else "")
            + f"the columns are {listing(names, most=20)}",
        )
    for name in names:
        if not name.strip() or list(names).count(name) > 1:
            problem = f"the column name {name!r} stands twice" if name.strip() else "no name"
            raise InputError(problem, file=path, line=line, do="give each column its own name")
        if name in RESERVED or (name == "text" and needed != "text"):
            raise InputError(
                f"the column name {name!r} is one of the tables' own",
                file=path,
                line=line,
                do="give the column another name",
            )


def _check_alone(path: Path, metadata: Path | None) -> None:
    if metadata is not None:
        raise InputError(
            f"a {path.suffix} corpus holds its own metadata",
            file=metadata,
            do="leave metadata out",
        )


def _article(row: dict[str, str], path: Path, line: int, number: int) -> Row:
    for name in [*row, *row.values()]:
        if found := _UNUSABLE.search(name):
            raise InputError(
                f"the character U+{ord(found[0]):04X} stands in it",
                file=path,
                line=line,
                do="remove it",
            )
    doc_id = row.pop("doc_id", "").strip() or str(number)
    text = row.pop("text")
    return path, line, {"doc_id": doc_id, **row, "text": text}
