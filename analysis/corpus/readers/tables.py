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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.corpus.groups import Row
from analysis.corpus.readers.archives.shared import FIELDS
from analysis.corpus.units import RESERVED
from analysis.errors import InputError, listing, near, nearest, placed, warn
from analysis.io.csv import check_names, read_rows
from analysis.io.files import needing, read_bytes, read_text
from analysis.io.sheets import as_text, workbook_rows

# A NUL byte is a sign of binary data; half a surrogate pair cannot be written to any file.
_INDEX = re.compile(r"__index_level_\d+__")  # where pandas puts its index
_UNUSABLE = re.compile("[\0\ud800-\udfff]")
# What columns of texts and of names are called elsewhere, the most telling first.
TEXTS = ("text", "body", "content", "fulltext", "full_text", "speech", "transcript", "article")
IDS = ("doc_id", "id", "docid", "document_id", "article_id", "speech_id", "uid")


class Named(NamedTuple):
    """Which columns of a table hold the texts and the names of the articles; its encoding."""

    text: str = "text"
    id: str = "doc_id"
    encoding: str = ""  # of a file that is text, if it is not UTF-8


NAMED = Named()


def named_like(names: Sequence[str], known: Sequence[str]) -> str:
    """Return the column that is called as columns of its kind often are, or nothing."""
    plain = {name.strip().casefold().replace(" ", "_"): name for name in reversed(names)}
    return next((plain[name] for name in known if name in plain), "")


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
            article = _article(row, number, named)
        yield path, line, article


def named_rows(path: Path, needed: str | Named) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file as (line, values by column); what is named has to be there."""
    encoding = needed.encoding if isinstance(needed, Named) else ""
    return _checked(path, *read_rows(path, encoding=encoding), needed)


def _checked(
    path: Path, header: list[str], rows: list[tuple[int, list[str]]], needed: str | Named
) -> Iterator[tuple[int, dict[str, str]]]:
    with placed(path, 1):
        _check_columns(header, needed)
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
    with needing("parquet", path):
        import pyarrow
        from pyarrow import parquet
    try:
        return list(parquet.read_schema(pyarrow.BufferReader(read_bytes(path))).names)
    except (pyarrow.ArrowException, OSError) as error:
        problem = f"this is not a whole Parquet file ({' '.join(str(error).split())})"
        raise InputError(problem, file=path, do="write it anew") from None


def kind_of(path: Path) -> str:
    """Return the ending of a file in small letters; that before ``.gz`` if it is packed.

    >>> kind_of(Path("speeches.CSV.gz"))
    '.csv'
    """
    packed = path.suffix.lower() == ".gz"
    return (path.with_suffix("") if packed else path).suffix.lower()


def read_jsonl(path: Path, metadata: Path | None, named: Named = NAMED) -> Iterator[Row]:
    """Yield the articles of a file with one JSON object a line."""
    check_alone(path, metadata)
    names: list[str] = []
    text = read_text(path, encoding=named.encoding).rstrip()
    if not text:
        raise InputError("the file is empty", file=path, do="write an article a line")
    # Not str.splitlines: it takes U+2028 and others for ends of lines, which JSON does not.
    for line, written in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        with placed(path, line):
            row = _object(written)
            if new := [name for name in row if name not in names]:
                names += new
                _check_columns(names, named)
            if row.get(named.text) is None:
                do = 'write "" for an article without text'
                raise InputError(f"{named.text!r} has no value", do=do)
            known = {name: as_text(row.get(name)) for name in names}
            article = _article(known, line, named)
        yield path, line, article


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
    with needing("parquet", path):
        import pyarrow
        from pyarrow import parquet
    check_alone(path, metadata)
    number = 0
    try:
        file = parquet.ParquetFile(pyarrow.BufferReader(read_bytes(path)))
        with placed(path):
            columns = [name for name in file.schema_arrow.names if not _INDEX.fullmatch(name)]
            _check_columns(columns, named)
            for field in file.schema_arrow:
                _check_type(field, named)
        for batch in file.iter_batches(columns=columns):
            for row in batch.to_pylist():
                number += 1
                with placed(path, number):
                    if row[named.text] is None:
                        do = 'write "" for an article without text'
                        raise InputError(f"{named.text!r} is null", do=do)
                    known = {name: as_text(value) for name, value in row.items()}
                    article = _article(known, number, named)
                yield path, number, article
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        problem = f"this is not a whole Parquet file ({' '.join(str(error).split())})"
        raise InputError(problem, file=path, do="write it anew") from None
    if not number:
        raise InputError("there are columns and no row", file=path, do="add a row an article")


def _check_type(field: Any, named: Named) -> None:
    """Raise unless a column holds texts, or, if it is a document variable, single values."""
    from pyarrow import types

    kind = field.type.value_type if types.is_dictionary(field.type) else field.type
    is_text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    single = types.is_primitive(kind) or types.is_decimal(kind) or types.is_null(kind)
    if not (is_text or (single and field.name != named.text)):
        problem = f"the column {field.name!r} holds {field.type}"
        raise InputError(problem, do="write it as texts")


def _check_columns(names: Sequence[str], needed: str | Named) -> None:
    """Raise unless what is named is there and every other name can stand in the tables."""
    named = needed if isinstance(needed, Named) else Named(text=needed)
    if named.text not in names:
        raise InputError(f"there is no column {named.text!r}", do=_advice(names, needed))
    if named.id not in names and named.id != "doc_id":
        do = f"{near(named.id, names)}the columns are {listing(names, most=20)}"
        raise InputError(f"there is no column {named.id!r}", do=do)
    check_names(names)
    for name in names:
        if name not in (named.text, named.id) and name in {*RESERVED, "text", "doc_id"}:
            problem = f"the column name {name!r} is one of the tables' own"
            raise InputError(problem, do="give the column another name")
    unnamed = isinstance(needed, Named) and "doc_id" == named.id not in names
    if unnamed and (like := named_like(names, IDS)):
        do = f'to call them by {like!r}, rename it to doc_id, or write id = "{like}"'
        warn(f"there is no column 'doc_id', so articles are called by their number; {do}")


def _advice(names: Sequence[str], needed: str | Named) -> str:
    columns = f"the columns are {listing(names, most=20)}"
    if isinstance(needed, str):
        meant = nearest(needed, names)
        return f"rename {meant!r}? {columns}" if meant else columns
    if needed.text != "text":
        return f"{near(needed.text, names)}{columns}"
    if meant := nearest("text", names) or named_like(names, TEXTS):
        return f"rename {meant!r} to 'text', or write text = \"{meant}\"; {columns}"
    return f'say which column has the texts, as in text = "body"; {columns}'


def check_alone(path: Path, metadata: Path | None) -> None:
    """Raise if a corpus in one file is given a table of metadata."""
    if metadata is not None:
        problem = f"a {kind_of(path)} corpus holds its own metadata"
        raise InputError(problem, file=metadata, do="leave metadata out")


def _article(row: dict[str, str], number: int, named: Named) -> dict[str, str]:
    for name in [*row, *row.values()]:
        if found := _UNUSABLE.search(name):
            problem = f"the character U+{ord(found[0]):04X} stands in it"
            raise InputError(problem, do="remove it")
    doc_id = row.pop(named.id, "").strip() or str(number)
    text = row.pop(named.text)
    return {"doc_id": doc_id, **row, "text": text}
