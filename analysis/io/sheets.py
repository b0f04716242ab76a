"""Sheets that people fill in: CSV, Excel (.xlsx) and JSON lines; every cell is read as text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from zipfile import ZipFile

import pandas as pd

from analysis.errors import InputError, check_choice, listing, placed, warn
from analysis.io.csv import check_names, read_rows, to_csv, unguarded
from analysis.io.files import MAX_BYTES, needing, read_bytes, read_text, replace_bytes, replace_file
from analysis.io.packed import check_zip, undated

# A NUL byte is a sign of binary data; half a surrogate pair cannot be written to any file.
_UNUSABLE = re.compile("[\0\ud800-\udfff]")
# XML, and so a workbook, has no place for these; a sentence is found again without them.
NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# A sign that XML cannot hold, as Excel writes it: a cell with \r\n comes as "_x000D_\n".
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SEEMS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}

Rows = list[tuple[int, dict[str, str]]]  # each with its line


def read_sheet(path: Path) -> Rows:
    """Return the rows of a sheet: the line and the cells by column, without spaces around them.

    Every row has every column. Of a workbook the first sheet is read.
    """
    with placed(path):
        check_choice(path.suffix.lower(), READERS, "path", "kind of sheet")
        return READERS[path.suffix.lower()](path)


def _csv(path: Path) -> Rows:
    header, rows = read_rows(path)
    return [
        (line, {name: unguarded(cell.strip()) for name, cell in zip(header, cells, strict=True)})
        for line, cells in rows
    ]


def _jsonl(path: Path) -> Rows:
    rows: list[tuple[int, Mapping[str, Any]]] = []
    # Not str.splitlines: it takes U+2028 and others for ends of lines, which JSON does not.
    for line, written in enumerate(re.split(r"\r\n|\n|\r", read_text(path)), 1):
        with placed(path, line):
            if not written.strip():
                continue
            try:
                row = json.loads(written)
            except (ValueError, RecursionError) as error:
                raise InputError(
                    f"this is not JSON ({error})", do="write an object a line"
                ) from None
            if not isinstance(row, dict):
                raise InputError("this is not an object", do='write {"doc_id": "...", ...}')
            for key, value in row.items():  # a language model's own words, beside the answer
                if isinstance(value, dict | list):
                    row[key] = json.dumps(value, ensure_ascii=False)
            check_signs([*row, *map(as_text, row.values())])
            rows.append((line, row))
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    return [(line, {name: as_text(row.get(name)).strip() for name in names}) for line, row in rows]


def check_signs(texts: Iterable[str]) -> None:
    """Raise if a sign stands in one of some texts that no table can hold."""
    for text in texts:
        if found := _UNUSABLE.search(text):
            problem = f"the character U+{ord(found[0]):04X} stands in it"
            raise InputError(problem, do="remove it")


def _xlsx(path: Path) -> Rows:
    header, rows = workbook_rows(path)
    return [(line, dict(zip(header, map(str.strip, cells), strict=True))) for line, cells in rows]


def workbook_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and the rows of a workbook's first sheet, as `read_rows` those of CSV."""
    with needing("excel", path):
        from openpyxl import load_workbook
    raw = read_bytes(path)
    with placed(path):
        try:
            check_zip(raw, MAX_BYTES)
            book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
            lines = list(book.worksheets[0].iter_rows(values_only=True))
            firsts = [next(one.iter_rows(values_only=True), ()) for one in book.worksheets]
        except InputError:
            raise
        except Exception as error:  # damaged files fail in endless ways
            problem = f"this is not a whole Excel workbook ({' '.join(str(error).split())})"
            raise InputError(problem, do="save it anew as .xlsx") from None
    if same := [one.title for one, row in zip(book.worksheets[1:], firsts[1:], strict=True)
                if any(row) and row == firsts[0]]:  # fmt: skip
        say = "have the columns of the first sheet too, and are not read; put them into it"
        warn(f"{path}: sheets {listing(map(repr, same))} {say}")
    filled = [
        (line, [_ESCAPED.sub(_unescaped, as_text(cell)) for cell in cells])
        for line, cells in enumerate(lines, 1)
        if any(cell is not None for cell in cells)
    ]
    if not filled:
        raise InputError("the sheet is empty", do="write a header and one row a code")
    (_, header), *rows = filled
    names = [name.strip() for name in header]
    names = names[: max((number for number, name in enumerate(names, 1) if name), default=0)]
    with placed(path, filled[0][0]):
        check_names(names)
    if wrong := [line for line, cells in rows if not _ERRORS.isdisjoint(cells)]:
        say = "an error of Excel (#N/A, #REF!) stands in a cell, and is read as a text"
        warn(f"{path}, line {listing(wrong)}: {say}; mend it in Excel")
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(names) :]):
            warn(f"{path}, line {line}: what stands to the right of all named columns is left out")
    return names, [(line, (cells + [""] * len(names))[: len(names)]) for line, cells in rows]


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def as_text(value: Any) -> str:
    """A cell as text: a whole number without its ".0", a day as a day, nothing for nothing.

    >>> as_text(2019.0), as_text(datetime(2020, 3, 1)), as_text(None)
    ('2019', '2020-03-01', '')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        day = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if day else value.isoformat(sep=" ")
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if whole else value)


READERS: dict[str, Callable[[Path], Rows]] = {".csv": _csv, ".jsonl": _jsonl, ".xlsx": _xlsx}
WRITABLE = (".csv", ".xlsx")


def write_sheet(
    path: Path,
    table: pd.DataFrame,
    *,
    choices: Mapping[str, Sequence[str]],
    widths: Mapping[str, int],
    pages: Mapping[str, str],
) -> None:
    """Write a table to be filled in, as CSV or as a workbook by the ending of its name.

    In a workbook the cells of a column have their `choices` as a drop-down, columns are as wide as
    `widths` says and wrapped, and each text of `pages` stands in a sheet of its own.
    """
    check_choice(path.suffix.lower(), WRITABLE, "path", "kind of sheet that can be filled in")
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".csv":
        replace_file(path, to_csv(table))
        return
    columns = [str(name) for name in table.columns]
    codes = Page(
        "codes",
        [columns, *table.to_numpy().tolist()],
        [widths.get(name, 12) for name in columns],
        choices={columns.index(name): own for name, own in choices.items() if name in columns},
    )
    more = [
        Page(title[:31], [[line] for line in text.splitlines()], [110], head=False)
        for title, text in pages.items()
    ]
    # XML has no place for some characters; a sentence is found again without them.
    replace_bytes(path, book_of([codes, *more], path, instead=" "))


WIDEST = 60  # characters that a column shows


class Page(NamedTuple):
    """A sheet of a workbook: its name, its rows, how wide each column is.

    Its first row is a `head` or not. A `filtered` one is to be looked up, another to be filled in,
    where the cells of some columns are one of some `choices`.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int]
    head: bool = True
    filtered: bool = False
    choices: Mapping[int, Sequence[str]] = MappingProxyType({})


def book_of(
    pages: Iterable[Page], path: Path, *, instead: str | Callable[[re.Match[str]], str]
) -> bytes:
    """Return a workbook; a text is never a formula, and the same pages give the same bytes.

    `instead` takes the place of a character that XML cannot hold.
    """
    with needing("excel", path):
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font, NamedStyle
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation
        from openpyxl.writer.excel import ExcelWriter
    book, wrapped = Workbook(write_only=True), Alignment(wrap_text=True, vertical="top")
    book.add_named_style(NamedStyle("head", font=Font(bold=True), alignment=wrapped))
    book.add_named_style(NamedStyle("wrapped", alignment=wrapped))
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)  # not the time of day
    for page in pages:
        sheet, last = book.create_sheet(page.name), len(page.rows)
        for number, width in enumerate(page.widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.freeze_panes = "A2" if page.head else None
        if page.filtered and last > 1:
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(page.widths))}{last}"

        for number, row in enumerate(page.rows):
            cells = []
            for value in row:
                if text := isinstance(value, str):
                    value = _SEEMS_ESCAPED.sub("_x005F_", NO_XML.sub(instead, value))
                cell = WriteOnlyCell(sheet, value)
                if text:
                    cell.data_type = "s"
                if page.head and not number:
                    cell.style = "head"
                elif not page.filtered or (text and len(value) > WIDEST):  # a style takes time
                    cell.style = "wrapped"
                cells.append(cell)
            sheet.append(cells)
        for number, words in page.choices.items() if last > 1 else ():
            menu = DataValidation(type="list", formula1=f'"{",".join(words)}"')
            menu.showErrorMessage = True
            menu.error = f"Choose one of {listing(words)}."
            letter = get_column_letter(number + 1)
            menu.add(f"{letter}2:{letter}{last}")
            sheet.data_validations.append(menu)
    raw = BytesIO()
    ExcelWriter(book, ZipFile(raw, "w")).save()
    return undated(raw)
