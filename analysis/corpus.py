"""From files to tables: articles as given, and the sentences they are made of.

Tables
------
documents : one row an article
    ``doc_id``, the document variables (every other column of the metadata), ``text`` exactly as
    given.
sentences : one row a sentence
    ``doc_id``, ``sentence_id`` (from 1 in each article), the document variables, ``section``
    (headline, body or furniture), ``rule`` (the furniture rule that took it, or empty),
    ``paragraph`` (from 1), ``start`` and ``end`` (offsets into the article as given), ``words``,
    ``text``. ``article_text[start:end] == text``, always. An article without a sentence has one
    row, with ``section`` empty and no text, so that it is never lost.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError, check_columns, listing, warn
from analysis.files import read_rows, read_text
from analysis.furniture import Rule, classify
from analysis.results import rows_of
from analysis.text import count_words, paragraph_spans, sentence_spans, strip_span

# Columns that the tables downstream make: no document variable may have their names.
RESERVED = {
    "sentence_id", "section", "rule", "paragraph", "start", "end", "words",
    "topic", "coded", "matches", "matched_words", "pattern", "patterns",
    "spans", "quote", "position", "sentences",
    "measure", "hits", "size", "articles", "feature", "count", "group",
}  # fmt: skip

SENTENCE_COLUMNS = (
    "sentence_id",
    "section",
    "rule",
    "paragraph",
    "start",
    "end",
    "words",
    "text",
)


def read_articles(
    path: str | Path,
    metadata: str | Path | None = None,
    by: str | Sequence[str] = (),
) -> pd.DataFrame:
    """Return the documents table: one row an article, its text exactly as given.

    Parameters
    ----------
    path : path
        A folder of ``.txt`` files, or a ``.csv`` file with a ``text`` column.
    metadata : path, optional
        For a folder: a CSV file with one row an article; ``file`` names the text file, ``doc_id``
        (optional) the article, and every other column is a document variable.
    by : str or list of str
        Columns that will form groups: no value in them may be blank.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, the document variables as text, ``text``; in the order of the metadata, or of
        the file names without it.

    Raises
    ------
    InputError
        Naming file and line: a row without its file, a blank group, two rows for one article, an
        unreadable or non-text article.

    Examples
    --------
    >>> read_articles("seeds", "seeds/articles.csv", by="partner")[["doc_id", "partner"]].head(2)
                doc_id partner
    0  israel_dialogue  Israel
    1   italy_dialogue   Italy
    """
    path = Path(path)
    by = [by] if isinstance(by, str) else list(by)
    kind = "folder" if path.is_dir() else path.suffix.lower()
    if not path.exists():
        raise InputError("there is no such file or folder", file=path, do="check its name")
    if kind not in READERS:
        raise InputError(
            f"{kind or 'a file without an ending'!r} is not a kind of corpus",
            file=path,
            do=f"name a folder of .txt files, or a file of {listing(set(READERS) - {'folder'})}",
        )
    rows = list(READERS[kind](path, None if metadata is None else Path(metadata)))
    documents = pd.DataFrame([row for _, _, row in rows])
    _check_documents(documents, rows, by)
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
    if metadata is not None:
        raise InputError(
            "a .csv corpus holds its own metadata", file=metadata, do="leave metadata out"
        )
    for number, (line, row) in enumerate(_table(path, "text"), 1):
        doc_id = row.pop("doc_id", "").strip() or str(number)
        text = row.pop("text")
        yield path, line, {"doc_id": doc_id, **row, "text": text}


def _table(path: Path, needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    header, rows = read_rows(path)
    if needed not in header:
        raise InputError(
            f"there is no column {needed!r}",
            file=path,
            line=1,
            do=f"the columns are {listing(header, most=20)}",
        )
    for name in header:
        if name in RESERVED or (name == "text" and needed != "text"):
            raise InputError(
                f"the column name {name!r} is one of the tables' own",
                file=path,
                line=1,
                do="give the column another name",
            )
    if not rows:
        raise InputError(
            "there is a header and no row", file=path, line=1, do="add a row an article"
        )
    for line, cells in rows:
        yield line, dict(zip(header, cells, strict=True))


# One function a kind of corpus: (path, metadata or None) in, rows with their place out.
READERS: dict[str, Callable[[Path, Path | None], Iterator[Row]]] = {
    "folder": _read_folder,
    ".csv": _read_csv,
}


def _check_documents(documents: pd.DataFrame, rows: Sequence[Row], by: Sequence[str]) -> None:
    file = rows[0][0]
    for column in by:
        if column == "doc_id" or column not in documents.columns:
            known = [name for name in documents.columns if name not in ("doc_id", "text")]
            raise InputError(
                f"there is no column {column!r} to form groups by",
                file=file,
                do=f"choose one of {listing(known) or '(there is no other column)'}",
            )
        values = documents[column].str.strip()
        for (_, line, row), value in zip(rows, values, strict=True):
            if not value:
                raise InputError(
                    f"{column!r} of {row['doc_id']!r} is blank",
                    file=file,
                    line=line,
                    do=f"write the article's {column}",
                )
        if changed := list(documents.loc[values != documents[column], "doc_id"]):
            warn(f"{file}: spaces around {column!r} are left out in {listing(changed)}")
        documents[column] = values
        spellings = values.drop_duplicates()
        for _, alike in spellings.groupby(spellings.str.casefold()):
            if len(alike) > 1:
                warn(f"{file}: {listing(alike)} differ in case only; kept as separate groups")
    doubled = documents["doc_id"].duplicated(keep=False)
    if doubled.any():
        doc_id = documents.loc[doubled, "doc_id"].iloc[0]
        lines = [line for _, line, row in rows if row["doc_id"] == doc_id]
        raise InputError(
            f"{doc_id!r} stands on lines {listing(lines)}",
            file=file,
            line=lines[-1],
            do="give each article one row and one doc_id",
        )
    for _, alike in documents.groupby("text")["doc_id"]:
        if len(alike) > 1:
            warn(f"{listing(alike)} have the same text; all are kept")
    if empty := list(documents.loc[documents["text"].str.strip() == "", "doc_id"]):
        warn(f"no text in {listing(empty)}; counted as articles without a sentence")


def sentences(documents: pd.DataFrame, furniture: Sequence[Rule] = ()) -> pd.DataFrame:
    """Return the sentences table: one row a sentence, with its place in the article as given.

    Parameters
    ----------
    documents : pandas.DataFrame
        Any table with ``doc_id`` and ``text``; its other columns travel along as document
        variables.
    furniture : sequence of Rule
        From `read_furniture`. Lines that a rule takes stay in the table, as one row each, with
        their section and the rule's name.

    Returns
    -------
    pandas.DataFrame
        See the module's description of the sentences table.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a"], "party": ["Green"],
    ...                          "text": ["Wind power grows. Coal does not."]})
    >>> sentences(articles)[["doc_id", "sentence_id", "party", "start", "end", "words", "text"]]
      doc_id  sentence_id  party  start  end  words               text
    0      a            1  Green      0   17      3  Wind power grows.
    1      a            2  Green     18   32      3   Coal does not.
    """
    check_columns(documents, ["doc_id", "text"], "documents")
    variables = [column for column in documents.columns if column not in ("doc_id", "text")]
    if taken := sorted(RESERVED & set(variables)):
        raise InputError(
            f"the column names {listing(map(repr, taken))} are the tables' own",
            do="rename the columns",
        )
    if (missing := ~documents["text"].map(lambda text: isinstance(text, str))).any():
        raise InputError(
            f"{listing(documents.loc[missing, 'doc_id'])} have no text but a missing value",
            do='write "" for an article without text',
        )
    columns = ["doc_id", "sentence_id", *variables, *SENTENCE_COLUMNS[1:]]
    rows = []
    for record in rows_of(documents):
        values = {name: record[name] for name in variables}
        units = _units(record["text"], furniture, values)
        for number, unit in enumerate(units, 1):
            rows.append({"doc_id": record["doc_id"], "sentence_id": number, **values, **unit})
    table = pd.DataFrame(rows, columns=columns)
    for column in variables:  # so that a group whose articles are empty is still a group
        if isinstance(documents[column].dtype, pd.CategoricalDtype):
            table[column] = table[column].astype(documents[column].dtype)
    return table


def _units(
    text: str, rules: Sequence[Rule], variables: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    spans = paragraph_spans(text)
    taken = classify([text[start:end] for start, end in spans], rules, variables)
    if not spans:
        yield _unit(text, 0, 0, 0, "empty")
    for paragraph, ((start, end), rule) in enumerate(zip(spans, taken, strict=True), 1):
        if rule is not None and rule.prefix is None:
            yield _unit(text, start, end, paragraph, rule.section, rule.name)
            continue
        if rule is not None and rule.prefix is not None:
            found = rule.prefix.match(text[start:end])
            assert found is not None  # classify matched it
            first = strip_span(text, start, start + found.end())
            yield _unit(text, *first, paragraph, rule.section, rule.name)
            start += found.end()
        for sentence_start, sentence_end in sentence_spans(text[start:end]):
            yield _unit(text, start + sentence_start, start + sentence_end, paragraph)


def _unit(
    text: str, start: int, end: int, paragraph: int, section: str = "body", rule: str = ""
) -> dict[str, Any]:
    words = count_words(text[start:end])
    values = (section, rule, paragraph, start, end, words, text[start:end])
    return dict(zip(SENTENCE_COLUMNS[1:], values, strict=True))
