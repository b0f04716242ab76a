"""Sheets that people fill in: CSV, Excel (.xlsx) and JSON lines; every cell is read as text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError, check_choice, listing, placed, warn
from analysis.io.csv import check_names, read_rows, to_csv, unguarded
from analysis.io.files import MAX_BYTES, needing, read_bytes, read_text, replace_bytes, replace_file
from analysis.io.packed import check_zip

# A NUL byte is a sign of binary data; half a surrogate pair cannot be written to any file.
_UNUSABLE = re.compile("[\0\ud800-\udfff]")
# XML, and so a workbook, has no place for these; a sentence is found again without them.
NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

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
        except InputError:
            raise
        except Exception as error:  # damaged files fail in endless ways
            problem = f"this is not a whole Excel workbook ({' '.join(str(error).split())})"
            raise InputError(problem, do="save it anew as .xlsx") from None
    filled = [
        (line, [as_text(cell) for cell in cells])
        for line, cells in enumerate(lines, 1)
        if any(cell is not None for cell in cells)
    ]
    if not filled:
        raise InputError("the sheet is empty", do="write a header and one row a code")
    (_, header), *rows = filled
    names = [name.strip() for name in header]
    names = names[: max((number for number, name in enumerate(names, 1) if name), default=0)]
    check_names(names)
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(names) :]):
            warn(f"{path}, line {line}: what stands to the right of all named columns is left out")
    return names, [(line, (cells + [""] * len(names))[: len(names)]) for line, cells in rows]


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
    with needing("excel", path):
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation
    book = Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes = "codes", "A2"
    for number, row in enumerate([list(table.columns), *table.to_numpy().tolist()], 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            _write(cell, value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for column, name in enumerate(table.columns, 1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = widths.get(str(name), 12)
        if name in choices and len(table):
            menu = DataValidation(type="list", formula1=f'"{",".join(choices[str(name)])}"')
            menu.showErrorMessage = True
            menu.error = f"Choose one of {listing(choices[str(name)])}."
            menu.add(f"{letter}2:{letter}{len(table) + 1}")
            sheet.add_data_validation(menu)
    for title, text in pages.items():
        page = book.create_sheet(title[:31])
        page.column_dimensions["A"].width = 110
        for number, line in enumerate(text.splitlines(), 1):
            cell = page.cell(number, 1)
            _write(cell, line)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    raw = BytesIO()
    book.save(raw)
    replace_bytes(path, raw.getvalue())


def _write(cell: Any, value: Any) -> None:
    """Put a value in a cell of a workbook: a text is never a formula."""
    if isinstance(value, str):
        cell.value = NO_XML.sub(" ", value)
        cell.data_type = "s"
    else:
        cell.value = value
