"""Corpora in one file: a row an article, its text beside its document variables.

The texts stand in the column ``text`` and the names of the articles in ``doc_id``, or in columns
that `Named` names. Without a column of names, articles are called by their number.
A file that holds its own metadata takes no other. A missing text is an error, an empty one is not;
another value that is missing is a blank. Numbers, days and truth values are read as they are
written; lists are an error. A file whose name ends in ``.gz`` is unpacked first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.corpus.groups import Row
from analysis.corpus.readers.archives.shared import FIELDS
from analysis.corpus.readers.named import (
    NAMED,
    Failed,
    Named,
    article_of,
    called,
    check_alone,
    check_named,
    kind_of,
    letting,
)
from analysis.corpus.readers.parquet import opened, parquet_rows
from analysis.errors import InputError, placed
from analysis.io.csv import read_rows
from analysis.io.files import MAX_BYTES, read_text
from analysis.io.sheets import as_text, workbook_rows


def read_csv(path: Path, metadata: Path | None, named: Named = NAMED) -> Iterator[Row]:
    """Yield the articles of a CSV file, its columns separated by commas, semicolons or tabs."""
    check_alone(path, metadata)
    yield from _articles(path, named_rows(path, named), named)


def read_xlsx(path: Path, metadata: Path | None, named: Named = NAMED) -> Iterator[Row]:
    """Yield the articles of the first sheet of an Excel workbook."""
    check_alone(path, metadata)
    yield from _articles(path, _checked(path, *workbook_rows(path), named), named)


def _articles(
    path: Path, rows: Iterator[tuple[int, dict[str, str]]], named: Named
) -> Iterator[Row]:
    for number, (line, row) in enumerate(rows, 1):
        with placed(path, line):
            article = article_of(row, number, named)
        yield path, line, article


def named_rows(path: Path, needed: str | Named) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file as (line, values by column); what is named has to be there."""
    encoding = needed.encoding if isinstance(needed, Named) else ""
    return _checked(path, *read_rows(path, encoding=encoding), needed)


def _checked(
    path: Path, header: list[str], rows: list[tuple[int, list[str]]], needed: str | Named
) -> Iterator[tuple[int, dict[str, str]]]:
    with placed(path, 1):
        check_named(header, needed)
        header = [*called(header, needed).values()]
        if not rows:
            raise InputError("there is a header and no row", do="add a row an article")
    for line, cells in rows:
        yield line, dict(zip(header, cells, strict=True))


def column_names(path: Path) -> list[str]:
    """Return the names of the columns of a corpus in one file, whatever they are."""
    kind = kind_of(path)
    if kind == ".jsonl":
        with placed(path, 1):
            return list(_object(re.split(r"\r\n|\n|\r", read_text(path))[0]))
    if kind == ".xlsx":
        return workbook_rows(path)[0]
    if kind in (".csv", ".tsv"):
        return read_rows(path)[0]
    if kind != ".parquet":  # an archive's download
        return [*FIELDS, "text"]
    with opened(path) as file:
        return list(file.schema_arrow.names)


def read_jsonl(path: Path, metadata: Path | None, named: Named = NAMED) -> Iterator[Row]:
    """Yield the articles of a file with one JSON object a line."""
    check_alone(path, metadata)
    text = read_text(path, encoding=named.encoding).rstrip()
    if not text:
        raise InputError("the file is empty", file=path, do="write an article a line")
    yield from jsonl_rows(text, path, named)


def jsonl_rows(
    text: str, path: Path, named: Named, *, first: int = 1, failed: Failed = None
) -> Iterator[Row]:
    """Yield the articles of lines of JSON, the first of which has a number in its file."""
    names: dict[str, str] = {}
    # Not str.splitlines: it takes U+2028 and others for ends of lines, which JSON does not.
    for line, written in enumerate(re.split(r"\r\n|\n|\r", text), first):
        with letting(failed), placed(path, line):
            row = _object(written)
            if new := [name for name in row if name not in names]:
                check_named([*names, *new], named)
                names |= called(new, named, names)
            if row.get(named.text) is None:
                do = 'write "" for an article without text'
                raise InputError(f"{named.text!r} has no value", do=do)
            known = {own: as_text(row.get(name)) for name, own in names.items()}
            yield path, line, article_of(known, line, named)


def _object(written: str) -> dict[str, str | bool | None]:
    """One line of JSON as an article: an object of single values, numbers as written."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            raise ValueError(f"the key {max(keys, key=keys.count)!r} stands twice")
        return dict(pairs)

    if not written.strip():
        raise InputError("the line is empty", do="write one object a line")
    try:
        row = json.loads(
            written,
            object_pairs_hook=once,
            parse_int=str,
            parse_float=str,
            parse_constant={"NaN": None}.get,
        )
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not JSON ({error})", do="write one object a line") from None
    if not isinstance(row, dict):
        raise InputError("this is not an object", do='write {"text": "..."}')
    for key, value in row.items():
        if isinstance(value, dict | list):
            raise InputError(f"{key!r} is {str(value)[:80]}", do="write one value a key")
    return row


def read_parquet(path: Path, metadata: Path | None, named: Named = NAMED) -> Iterator[Row]:
    """Yield the articles of a Parquet file; the line of a row is its number, from 1."""
    check_alone(path, metadata)
    number = size = 0
    for row in parquet_rows(path, named):
        number += 1
        size += len(row[2]["text"])
        if size > MAX_BYTES:
            problem = f"it unpacks to more than {MAX_BYTES} characters"
            raise InputError(problem, file=path, do="split it, or read it as an archive")
        yield row
    if not number:
        raise InputError("there are columns and no row", file=path, do="add a row an article")
