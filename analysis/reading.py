"""From files to articles: one reader a kind of corpus, each row with the place it comes from.

Table
-----
documents : one row an article
    ``doc_id``, the document variables (every other column of the metadata), ``text`` exactly as
    given.

Contract of a reader, which is one function and one entry in `READERS`: (path, metadata or None) in;
out, for each article, the file and line it stands in and its values as text, ``doc_id`` first and
``text`` last. Values are text and nothing else: ``NA`` is a name and ``001`` an identifier.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus import RESERVED
from analysis.errors import InputError, listing, warn
from analysis.files import read_rows, read_text
from analysis.variables import check_dates, check_groups, names_of


def read_articles(
    path: str | Path,
    metadata: str | Path | None = None,
    by: str | Sequence[str] = (),
    dates: str | Sequence[str] = (),
) -> pd.DataFrame:
    """Return the documents table: one row an article, its text exactly as given.

    Parameters
    ----------
    path : path
        A folder of ``.txt`` files; or a ``.csv`` or ``.jsonl`` file with a ``text`` column and the
        document variables beside it.
    metadata : path, optional
        For a folder: a CSV file with one row an article; ``file`` names the text file, ``doc_id``
        (optional) the article, and every other column is a document variable.
    by : str or list of str
        Columns that will form groups: no value in them may be blank.
    dates : str or list of str
        Columns that hold days: every value must be written ``YYYY-MM-DD``, or be blank where the
        day is unknown. They stay text, which sorts as the days do; blank becomes missing.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, the document variables as text, ``text``; in the order of the metadata, or of
        the file names without it.

    Raises
    ------
    InputError
        Naming file and line: a row without its file, a blank group, what is not a date (also a
        year outside 1000 to 2100, and one more than 50 years from all other dates), two rows for
        one article, an unreadable or non-text article.

    Examples
    --------
    >>> read_articles("seeds", "seeds/articles.csv", by="partner")[["doc_id", "partner"]].head(2)
                doc_id partner
    0  israel_dialogue  Israel
    1   italy_dialogue   Italy
    """
    path = Path(path)
    kind = "folder" if path.is_dir() else path.suffix.lower()
    if not path.exists():
        raise InputError("there is no such file or folder", file=path, do="check its name")
    if kind not in READERS:
        raise InputError(
            f"{kind or 'a file without an ending'!r} is not a kind of corpus",
            file=path,
            do=f"name a folder of .txt files, or one of {listing(list(READERS)[1:])}",
        )
    rows = list(READERS[kind](path, None if metadata is None else Path(metadata)))
    documents = pd.DataFrame([row for _, _, row in rows])
    for column in names_of(by):
        check_groups(documents, rows, column)
    for column in names_of(dates):
        check_dates(documents, rows, column)
    _check_documents(documents, rows)
    return documents


Row = tuple[Path, int, dict[str, str]]  # where the row stands, and what it says


def _read_folder(folder: Path, metadata: Path | None) -> Iterator[Row]:
    files = sorted(item for item in folder.iterdir() if item.suffix.lower() == ".txt")
    if metadata is None:
        if not files:
            raise InputError("the folder holds no .txt file", file=folder, do="put articles there")
        for file in files:
            yield file, 1, {"doc_id": file.stem, "text": read_text(file)}
        return
    by_name = {unicodedata.normalize("NFC", file.name): file for file in files}
    lines: dict[str, int] = {}
    for line, row in _table(metadata, "file"):
        name = unicodedata.normalize("NFC", row.pop("file").strip())
        if name not in by_name:
            near = get_close_matches(name, list(by_name), n=1)
            raise InputError(
                f"it names {name!r}, which is not a .txt file in {folder}",
                file=metadata,
                line=line,
                do=f"did you mean {near[0]!r}?"
                if near
                else f"the folder holds {listing(by_name) or 'no .txt file'}",
            )
        if lines.setdefault(name, line) != line:
            raise InputError(
                f"{name!r} stands on line {lines[name]} too",
                file=metadata,
                line=line,
                do="give each article one row",
            )
        _check_inside(by_name[name], folder)
        doc_id = row.pop("doc_id", "").strip() or Path(name).stem
        yield metadata, line, {"doc_id": doc_id, **row, "text": read_text(by_name[name])}
        files = [file for file in files if file != by_name[name]]
    if files:
        warn(f"{metadata} does not list {listing(file.name for file in files)}; left out")


def _check_inside(file: Path, folder: Path) -> None:
    if file.is_symlink() and folder.resolve() not in file.resolve().parents:
        raise InputError(
            f"this link leads out of the folder, to {file.readlink()}",
            file=file,
            do="put the text itself into the folder",
        )


def _read_csv(path: Path, metadata: Path | None) -> Iterator[Row]:
    _check_alone(path, metadata)
    for number, (line, row) in enumerate(_table(path, "text"), 1):
        yield _with_text(row, path, line, number)


def _table(path: Path, needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    header, rows = read_rows(path)
    _check_names(header, needed, path, 1)
    if not rows:
        raise InputError(
            "there is a header and no row", file=path, line=1, do="add a row an article"
        )
    for line, cells in rows:
        yield line, dict(zip(header, cells, strict=True))


def _check_names(names: Sequence[str], needed: str, path: Path, line: int) -> None:
    """Raise if the needed column is missing or a name is one of the tables' own."""
    if needed not in names:
        raise InputError(
            f"there is no column {needed!r}",
            file=path,
            line=line,
            do=f"the columns are {listing(names, most=20)}",
        )
    for name in names:
        if name in RESERVED or (name == "text" and needed != "text"):
            raise InputError(
                f"the column name {name!r} is one of the tables' own",
                file=path,
                line=line,
                do="give the column another name",
            )


def _read_jsonl(path: Path, metadata: Path | None) -> Iterator[Row]:
    _check_alone(path, metadata)
    names: list[str] = []
    number = 0
    for line, written in enumerate(re.split(r"\r\n|\n|\r", read_text(path)), 1):
        if not written.strip():
            continue
        number += 1
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
        yield _with_text(row, path, line, number)
    if not number:
        raise InputError("the file is empty", file=path, do="write an article a line")


def _object(written: str, path: Path, line: int) -> dict[str, str]:
    """One line of JSON as an article: an object of texts, no key twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) < len(keys):
            raise ValueError(f"the key {max(keys, key=keys.count)!r} stands twice")
        return dict(pairs)

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


def _check_alone(path: Path, metadata: Path | None) -> None:
    if metadata is not None:
        raise InputError(
            f"a {path.suffix} corpus holds its own metadata",
            file=metadata,
            do="leave metadata out",
        )


def _with_text(row: dict[str, str], path: Path, line: int, number: int) -> Row:
    doc_id = row.pop("doc_id", "").strip() or str(number)
    text = row.pop("text")
    return path, line, {"doc_id": doc_id, **row, "text": text}


# One function a kind of corpus: (path, metadata or None) in, rows with their place out.
READERS: dict[str, Callable[[Path, Path | None], Iterator[Row]]] = {
    "folder": _read_folder,
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
}


def _check_documents(documents: pd.DataFrame, rows: Sequence[Row]) -> None:
    doubled = documents["doc_id"].duplicated(keep=False)
    if doubled.any():
        doc_id = documents.loc[doubled, "doc_id"].iloc[0]
        lines = [line for _, line, row in rows if row["doc_id"] == doc_id]
        raise InputError(
            f"{doc_id!r} stands on lines {listing(lines)}",
            file=rows[0][0],
            line=lines[-1],
            do="give each article one row and one doc_id",
        )
    for _, alike in documents.groupby("text")["doc_id"]:
        if len(alike) > 1:
            warn(f"{listing(alike)} have the same text; all are kept")
    if empty := list(documents.loc[documents["text"].str.strip() == "", "doc_id"]):
        warn(f"no text in {listing(empty)}; counted as articles without a sentence")
