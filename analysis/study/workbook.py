"""All tables of a run in one workbook, for those who read tables in a spreadsheet.

Numbers are those of the CSV files, to the same ten digits. A text is written as a text: nothing in
it becomes a formula, a link or a number. The same tables give the same bytes.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import warn
from analysis.io.csv import as_escape, is_missing
from analysis.io.sheets import WIDEST, Page, book_of

MAX_ROWS = 1_048_575  # of a sheet, below its head
MAX_CHARS = 32_767  # of a cell


@cache
def descriptions() -> dict[str, Any]:
    """Return what every file and column of a run is, as ``output.toml`` has it."""
    text = (resources.files("analysis.study") / "output.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def heading(column: str) -> str:
    """Return what a column is called where people read it.

    >>> heading("conf_low"), heading("sentences_with_topic"), heading("party_size")
    ('lower limit', 'sentences with topic', 'party size')
    """
    named: dict[str, str] = descriptions()["headings"]
    return named.get(column, column.replace("_", " "))


def workbook(tables: Mapping[str, pd.DataFrame], groups: Sequence[str], path: Path) -> bytes:
    """Return the bytes of an Excel workbook: a sheet that explains, and a sheet a table.

    The names of the group columns stay as the study has them. The path is for messages only.
    """
    long = [name for name, table in tables.items() if len(table) > MAX_ROWS]
    if long:
        warn(f"{path}: {', '.join(long)} have more rows than a sheet holds; see the CSV files")
    heads = ["sheet", "column", "in the CSV file", "what it is"]
    pages = [_page("explained", pd.DataFrame(_explained(tables, groups), columns=heads), heads)]
    for name, table in tables.items():
        if name not in long:
            own = [name if name in groups else heading(name) for name in map(str, table.columns)]
            pages.append(_page(name, table, own))
    return book_of(pages, path, instead=as_escape)


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


def _page(name: str, table: pd.DataFrame, heads: Sequence[str]) -> Page:
    columns = [[_cell(value) for value in column.to_list()] for _, column in table.items()]
    widths = [
        min(WIDEST, max([len(head) + 3, *map(_width, cells)])) + 1  # 3: the sign of the filter
        for head, cells in zip(heads, columns, strict=True)
    ]
    rows = [list(map(_cell, heads)), *zip(*columns, strict=True)]
    return Page(name, rows, widths, filtered=True)


def _cell(value: Any) -> Any:
    """A value as a cell can hold it; of a text that is too long, its beginning, which says so."""
    if is_missing(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, Real) and math.isfinite(value):
        return int(value) if isinstance(value, int | np.integer) else float(f"{value:.10g}")
    text, rest = str(value), " ... (cut: the CSV file has all of it)"
    return text if len(text) <= MAX_CHARS else text[: MAX_CHARS - len(rest)] + rest


def _width(value: Any) -> int:
    """How many characters a cell shows."""
    return 12 if isinstance(value, float) else len(str(value))
