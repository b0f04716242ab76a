"""All tables of a run in one workbook, for those who read tables in a spreadsheet.

Numbers are those of the CSV files, to the same ten digits. A text is written as a text: nothing in
it becomes a formula, a link or a number. The same tables give the same bytes.
"""

from __future__ import annotations

import io
import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import warn
from analysis.io.csv import as_escape, is_missing
from analysis.io.files import needing

MAX_ROWS = 1_048_575  # of a sheet, below its head
MAX_CHARS = 32_767  # of a cell
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_WIDEST = 60  # characters that a column shows


@cache
def descriptions() -> dict[str, Any]:
    """Return what every file and column of a run is, as ``output.toml`` has it."""
    text = (resources.files("analysis.study") / "output.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def heading(column: str) -> str:
    """Return what a column is called where people read it.

    Examples
    --------
    >>> heading("conf_low"), heading("sentences_with_topic"), heading("party_size")
    ('lower limit', 'sentences with topic', 'party size')
    """
    named: dict[str, str] = descriptions()["headings"]
    return named.get(column, column.replace("_", " "))


def workbook(tables: Mapping[str, pd.DataFrame], groups: Sequence[str], path: Path) -> bytes:
    """Return the bytes of an Excel workbook: a sheet that explains, and a sheet a table.

    The names of the group columns stay as the study has them. The path is for messages only.
    """
    with needing("excel", path):
        import xlsxwriter
    # No text is taken for something else.
    options = {f"strings_to_{kind}": False for kind in ("formulas", "urls", "numbers")}
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw, {"in_memory": True, **options})
    book.set_properties({"created": datetime(2000, 1, 1)})  # else the bytes tell the time
    long = [name for name, table in tables.items() if len(table) > MAX_ROWS]
    if long:
        warn(f"{path}: {', '.join(long)} have more rows than a sheet holds; see the CSV files")
    heads = ["sheet", "column", "in the CSV file", "what it is"]
    _write(book, "explained", pd.DataFrame(_explained(tables, groups), columns=heads), heads)
    for name, table in tables.items():
        if name not in long:
            own = [name if name in groups else heading(name) for name in map(str, table.columns)]
            _write(book, name, table, own)
    book.close()
    return raw.getvalue()


def _explained(
    tables: Mapping[str, pd.DataFrame], groups: Sequence[str]
) -> Iterator[tuple[str, str, str, str]]:
    described = descriptions()
    for name, table in tables.items():
        about = described.get(f"{name}.csv", {})
        row = f" A row is {about['row']}." if "row" in about else ""
        yield name, "", f"{name}.csv", _plain(about.get("what", "") + row)
        same = described.get(about.get("same_as", ""), about)
        known = described["columns"] | same.get("columns", {})
        for column in map(str, table.columns):
            if column in groups:
                yield name, column, column, "what forms the groups"
            else:
                what = _plain(known.get(column, "document variable"))
                yield name, heading(column), column, what


def _plain(text: str) -> str:
    """A description without the marks of Markdown."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text).replace("`", "")


def _write(book: Any, name: str, table: pd.DataFrame, headings: Sequence[str]) -> None:
    sheet = book.add_worksheet(name)
    top, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet.freeze_panes(1, 0)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(headings) - 1)
    for number, (head, (_, column)) in enumerate(zip(headings, table.items(), strict=True)):
        sheet.write_string(0, number, _text(head), top)
        width = len(head) + 3  # beside the sign of the filter
        for row, value in enumerate(column.to_list(), 1):
            width = max(width, _cell(sheet, row, number, value, wrapped))
        sheet.set_column(number, number, min(width, _WIDEST) + 1)


def _cell(sheet: Any, row: int, column: int, value: Any, wrapped: Any) -> int:
    """Write a value; return how many characters it shows."""
    if is_missing(value):
        return 0
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))
        return 5
    if isinstance(value, Real) and math.isfinite(value):
        number = value if isinstance(value, int | np.integer) else float(f"{value:.10g}")
        sheet.write_number(row, column, number)
        return 12 if isinstance(number, float) else len(str(number))
    text = _text(str(value))
    sheet.write_string(row, column, text, wrapped if len(text) > _WIDEST else None)
    return len(text)


def _text(text: str) -> str:
    """A text as a cell can hold it; of one that is too long, its beginning, which says so."""
    text = _UNWRITABLE.sub(as_escape, text)
    rest = " ... (cut: the CSV file has all of it)"
    return text if len(text) <= MAX_CHARS else text[: MAX_CHARS - len(rest)] + rest
