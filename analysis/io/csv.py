"""CSV: rows with their lines, and tables that spreadsheets take for nothing else, read back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, number_of, placed, warn
from analysis.io.files import read_text

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
# What a spreadsheet may take for a formula (OWASP, "CSV Injection"), also after spaces, which some
# leave out; an apostrophe, which the guard puts there; a byte-order mark at the start.
_FORMULA = re.compile("['\t\r\n\ufeff]|\\s*[=+\\-@＝＋－＠]")
_SEPARATES = re.compile('[",\r\n]')
# What most texts are, found in one look: it begins with a letter, and nothing below is in it.
_ROWS = 10_000  # written at a time: cells as objects take ten times what their text takes
_HARMLESS = re.compile('(?!(?:inf|True|False)$)[^\\W\\d][^",\r\n\0\ud800-\udfff]*')
# As `to_csv` writes numbers. More digits than these are a text: Python takes 4300 at most.
_NUMBER = re.compile(r"-?([0-9]{1,999}(\.[0-9]+)?(e[+-]?[0-9]{1,999})?|inf)|True|False")
_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|\Z)')


def read_rows(path: Path, *, encoding: str = "") -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and the rows of a CSV file, each row with the line it begins on.

    Cells are text and nothing else: ``NA`` is a name and ``001`` an identifier. Where the first
    line has no comma, semicolons or tabs separate: many spreadsheets write them, and some a line
    ``sep=;`` first. Columns without a name are left out if they are empty and the last, or the
    first and only number the rows.
    """
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    text = read_text(path, encoding=encoding)
    separator = _separator(text)
    if said := re.match('"?sep=(.)"?\r?\n', text):
        separator, text = said[1], text[said.end() - 1 :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    written: list[str] = []
    limit = csv.field_size_limit(2**31 - 1)  # a whole article may stand in one cell
    line = named = 1
    try:
        with placed(path, lambda: line):
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    if len(cells) > 1:
                        warn(f"{path}, line {line}: a row of empty cells is left out")
                elif not header:
                    written = [cell.strip() for cell in cells]
                    header, named = _without_end(written, 1), line
                    check_names(header[1:] if _unnamed(header) else header)
                else:
                    cells = _without_end(cells, len(header))
                    if len(header) < len(cells) <= len(written):
                        line = named
                        check_names(written)
                    _check_width(cells, header)
                    rows.append((line, cells))
                line = reader.line_num + 1
    except csv.Error as error:
        problem = f"this row is not CSV ({error})"
        raise InputError(problem, file=path, line=line, do="check its quotes") from None
    finally:
        csv.field_size_limit(limit)
    if not header:
        raise InputError("the file is empty", file=path, do="write a header and one row an article")
    if _unnamed(header):
        header, rows = _without_index(header, rows, path)
    return header, rows


def _unnamed(header: Sequence[str]) -> bool:
    return len(header) > 1 and header[0] in ("", "Unnamed: 0")


def _without_end(cells: list[str], width: int) -> list[str]:
    """A row without the empty cells that stand after all columns."""
    end = len(cells)
    while end > width and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _without_index(
    header: list[str], rows: list[tuple[int, list[str]]], path: Path
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """A table without the first column that pandas and R write to number the rows."""
    numbers = [cells[0] for _, cells in rows]
    if len(set(numbers)) < len(numbers) or not all(map(str.isdecimal, numbers)):
        with placed(path, 1):
            check_names(header)
        return header, rows
    warn(f"{path}: the first column has no name and numbers the rows; left out")
    return header[1:], [(line, cells[1:]) for line, cells in rows]


def _separator(text: str) -> str:
    """What stands between the columns of a table, by its first line: a comma if there is one."""
    first = text.lstrip().partition("\n")[0]
    return "," if "," in first else next((sign for sign in "\t;" if sign in first), ",")


def check_names(names: Sequence[str]) -> None:
    """Raise if the name of a column is blank or stands twice."""
    for name in names:
        if not name.strip() or names.count(name) > 1:
            twice = f"the column name {name!r} stands twice"
            problem = twice if name.strip() else "a column has no name"
            raise InputError(problem, do="give each column its own name")


def _check_width(cells: Sequence[object], names: Sequence[str]) -> None:
    if len(cells) != len(names):
        values = number_of(len(cells), "value stands", "values stand")
        problem = f"{values} under {number_of(len(names), 'column name')}"
        do = 'write one value a column, and quotes around a value with a comma: "a, b"'
        raise InputError(problem, do=do)


def to_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV, which `read_table` reads back as it was.

    Numbers have ten significant digits, so that machines agree. A text that a spreadsheet would
    take for a formula gets an apostrophe before it, the remedy of OWASP's "CSV Injection"; so does
    one that begins with an apostrophe. Quotes stand around a text where CSV needs them, and where
    it would read as a number or as nothing: ``"2020"``, ``""``. The guard holds where commas part
    the cells: a spreadsheet that parts them at semicolons may begin a cell within a text.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table.

    Examples
    --------
    >>> table = pd.DataFrame({"word": ["=1+1", "2020", "'t", "NA"], "change": [-0.5, 2, 1 / 3, 0]})
    >>> print(to_csv(table), end="")
    word,change
    '=1+1,-0.5
    "2020",2
    ''t,0.3333333333
    NA,0
    """
    return "".join(csv_parts(table))


def csv_parts(table: pd.DataFrame) -> Iterator[str]:
    """Yield what `to_csv` returns, some rows at a time."""
    yield ",".join(_csv_text(str(name)) for name in table.columns) + "\n"
    for start in range(0, len(table), _ROWS):
        some = table.iloc[start : start + _ROWS]
        columns = [_csv_column(column) for _, column in some.items()]
        yield "".join(f"{row}\n" for row in map(",".join, zip(*columns, strict=True)))


def _csv_column(column: pd.Series) -> Iterable[str]:
    """The cells of a column; one of texts alone has each distinct text written once."""
    values, kind = column.to_list(), column.dtype.kind
    if kind in "biu" and isinstance(column.dtype, np.dtype):
        return map(str, values)
    if kind == "f" and isinstance(column.dtype, np.dtype):
        return [f"{value:.10g}" if value == value else "" for value in values]
    if all(type(value) is str for value in values):
        written = {text: _csv_text(text) for text in set(values)}
        return map(written.__getitem__, values)
    return map(_csv_cell, values)


def _csv_cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}" if value == value else ""
    if is_missing(value):
        return ""
    plain = isinstance(value, Real | np.bool_)
    return str(value) if plain else _csv_text(str(value))


def _csv_text(text: str) -> str:
    if _HARMLESS.fullmatch(text):
        return text
    text = _UNWRITABLE.sub(as_escape, text)
    if _FORMULA.match(text):
        text = f"'{text}"
    if not text or _SEPARATES.search(text) or _NUMBER.fullmatch(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def unguarded(text: str) -> str:
    """Return a text without the apostrophe that `to_csv` puts before what looks like a formula."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def read_table(path: str | Path) -> pd.DataFrame:
    """Return the table that `to_csv` wrote: texts as texts, numbers as numbers.

    Parameters
    ----------
    path : str or path
        A CSV file, from `run`, `Result.save` or `to_csv`. In one from elsewhere, which has no
        quotes around ``001``, that is a number; ``NA`` is a text in any.

    Returns
    -------
    pandas.DataFrame
        An empty cell is missing, and one with quotes around nothing an empty text. A column of
        whole numbers is whole, whatever it was.

    Raises
    ------
    InputError
        If the file cannot be read, or its rows do not fit its header.
    """
    path = Path(path)
    rows = _csv_rows(read_text(path))
    line = 1
    with placed(path, lambda: line):
        _, found = next(rows, (1, []))
        names = [_csv_value(*cell, number=False) for cell in found]
        if not any(names) or len(set(names)) < len(names):
            problem = "a column name stands twice" if any(names) else "there is no header"
            raise InputError(problem, do="give each column its own name")
        columns: list[list[Any]] = [[] for _ in names]
        for line, cells in rows:  # noqa: B007  # an error says on which
            _check_width(cells, names)
            for column, cell in zip(columns, cells, strict=True):
                column.append(_csv_value(*cell))
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def _csv_rows(text: str) -> Iterator[tuple[int, list[tuple[str | None, str]]]]:
    """Each row as its line and its cells: (what stands in quotes, or None; what does not)."""
    # The standard library's reader does not say which cells had quotes.
    place, begins, line = 0, 0, 1
    cells: list[tuple[str | None, str]] = []
    while place < len(text) or cells:
        found = _CELL.match(text, place)
        if not found:
            raise InputError("this row is not CSV", line=line, do="check its quotes")
        cells.append((found[1], found[2]))
        place = found.end()
        if found[3] != ",":
            yield line, cells
            line += text.count("\n", begins, place)
            cells, begins = [], place


def _csv_value(quoted: str | None, plain: str, *, number: bool = True) -> Any:
    if quoted is not None:
        return quoted.replace('""', '"').removeprefix("'")
    if number and not plain:
        return np.nan
    if number and _NUMBER.fullmatch(plain):
        if plain in ("True", "False"):
            return plain == "True"
        return int(plain) if plain.removeprefix("-").isdecimal() else float(plain)
    return plain.removeprefix("'")


def is_missing(value: Any) -> bool:
    """Return whether a cell has no value; a list has one."""
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def as_escape(found: re.Match[str]) -> str:
    """Return the character that was found as Python writes it where it cannot stand."""
    return found[0].encode("unicode_escape").decode()
