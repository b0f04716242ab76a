"""Where two versions of a file differ: cells of a table, lines of a text, outputs of a notebook.

Every function here takes the committed version and the one made now, and returns a list of
(where, was, is). A place that one of them lacks is ``ABSENT`` there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.io.code import fingerprint
from analysis.io.csv import read_rows

ABSENT, PRESENT = "(not there)", "(there)"
RECORDED, CHANGED = "as recorded", "changed"  # where no more is known than that they differ
Difference = tuple[str, str, str]


def of_tables(was: Path, now: Path) -> list[Difference]:
    """Return the cells in which two CSV files differ, and the rows and columns that one lacks.

    A row is known by the fewest of its leading columns that tell all rows apart.
    """
    try:
        before, after = _table(was), _table(now)
    except InputError as error:
        return [("", error.problem, "a table")]
    shared = [column for column in before if column in after]
    found = [(f"column {column}", PRESENT, ABSENT) for column in before if column not in after]
    found += [(f"column {column}", ABSENT, PRESENT) for column in after if column not in before]
    if not shared:
        return found
    keys = _keys(before[shared], after[shared])
    before, after = (_by_row(table[shared], keys) for table in (before, after))
    gone = before.index.difference(after.index, sort=False)
    come = after.index.difference(before.index, sort=False)
    found += [(f"row {row}", PRESENT, ABSENT) for row in gone]
    found += [(f"row {row}", ABSENT, PRESENT) for row in come]
    both = before.index.intersection(after.index, sort=False)
    old, new = before.loc[both], after.loc[both]
    for row, column in zip(*(map(int, place) for place in np.nonzero(old != new)), strict=True):
        cell = f"{both[row]}: {shared[column]}"
        found.append((cell, str(old.iat[row, column]), str(new.iat[row, column])))
    return found or [("", "the same cells", "written otherwise")]


def _table(path: Path) -> pd.DataFrame:
    header, rows = read_rows(path)
    return pd.DataFrame([cells for _, cells in rows], columns=header, dtype=object)


def _keys(*tables: pd.DataFrame) -> list[str]:
    """The fewest leading columns that tell the rows of each table apart; all, if none do."""
    columns = [str(column) for column in tables[0]]

    def distinct(keys: list[str]) -> bool:
        return bool(keys) and not any(table.duplicated(keys).any() for table in tables)

    width = next((n for n in range(1, len(columns)) if distinct(columns[:n])), len(columns))
    keys = columns[:width]
    for column in reversed(keys):
        fewer = [key for key in keys if key != column]
        if distinct(fewer):
            keys = fewer
    return keys


def _by_row(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The table with the names of its rows for index: a name that comes again has a number."""
    names = table[keys].agg(", ".join, axis=1) if len(table) else pd.Series(dtype=object)
    again = names.groupby(names, sort=False).cumcount()
    return table.set_axis(names.where(again == 0, names + " #" + (again + 1).astype(str)))


def of_texts(was: Sequence[str], now: Sequence[str], place: str = "line") -> list[Difference]:
    """Return the stretches in which two texts differ, line by line.

    >>> of_texts(["a", "b", "c"], ["a", "B", "c", "d"])
    [('line 2', 'b', 'B'), ('line 4', '(not there)', 'd')]
    """
    found = []
    for kind, i, j, k, m in SequenceMatcher(None, was, now).get_opcodes():
        if kind == "equal":
            continue
        for step in range(max(j - i, m - k)):
            old = was[i + step] if i + step < j else ABSENT
            new = now[k + step] if k + step < m else ABSENT
            if old != new:  # lines that come often may not have been aligned
                found.append((f"{place} {(i if i + step < j else k) + step + 1}", old, new))
    return found


def of_notebooks(was: str, now: str) -> list[Difference]:
    """Return where a committed notebook and the same notebook, executed now, differ."""
    cells = [json.loads(text).get("cells", []) for text in (was, now)]
    pairs = [(a, b) for a, b in zip(*cells, strict=False) if b.get("execution_count") is not None]
    counts = [old.get("execution_count") for old, _ in pairs]
    if pairs and not any(counts) and not any(old.get("outputs") for old, _ in pairs):
        return [("", "never executed", "executed")]
    found = []
    right = [new["execution_count"] for _, new in pairs]
    if counts != right:
        found.append(("execution counts", _series(counts), _series(right)))
    for old, new in pairs:
        place = f"cell [{new['execution_count']}], line"
        for plain in (True, False):  # a table is there twice: as text, which people can read, first
            lines, lines_now = (
                list(_shown(cell.get("outputs", []), plain=plain)) for cell in (old, new)
            )
            if differing := of_texts(lines, lines_now, place):
                found += differing
                break
    return found or [("", "the same outputs", "written otherwise")]


def of_values(was: Any, now: Any, where: str = "") -> list[Difference]:
    """Return where two values of JSON differ, by the path to each part.

    >>> of_values({"hits": 1, "warnings": ["thin"]}, {"hits": 2, "warnings": []})
    [('hits', '1', '2'), ('warnings, thin', '(there)', '(not there)')]
    """
    if was == now:
        return []
    if any(isinstance(one, (dict, list)) for one in (was, now)):
        old, new = _by_name(was), _by_name(now)
        prefix = f"{where}, " if where else ""
        return [
            difference
            for key in dict.fromkeys([*new, *old])
            for difference in of_values(old.get(key), new.get(key), f"{prefix}{key}")
        ]
    short = [f"{one:.4g}" if isinstance(one, float) else _word(one) for one in (was, now)]
    if short[0] == short[1]:
        short = [_word(was), _word(now)]
    return [(where, short[0], short[1])]


def _word(value: Any) -> str:
    return ABSENT if value is None else str(value)


def _by_name(value: Any) -> dict[str, Any]:
    """The parts of a value: an entry of a list by its name, or a text in a list by itself."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return {} if value is None else {"value": value}
    return {
        str(one.get("name", number)) if isinstance(one, dict) else str(one): one
        if isinstance(one, dict)
        else PRESENT
        for number, one in enumerate(value, 1)
    }


def _series(counts: Sequence[int | None]) -> str:
    return ", ".join("none" if count is None else str(count) for count in counts)


def _shown(outputs: Sequence[Mapping[str, Any]], *, plain: bool) -> Iterator[str]:
    """The lines of a cell's outputs, all or those of plain text; a picture is its fingerprint."""
    for output in outputs:
        said = {"text": output.get("text") or output.get("traceback") or ""}
        for kind, content in (output.get("data") or said).items():
            if plain and kind not in ("text", "text/plain"):
                continue
            text = "".join(content) if isinstance(content, (str, list)) else json.dumps(content)
            if kind.startswith("image/"):
                yield f"({kind} {fingerprint(text)})"
                continue
            for line in text.splitlines():
                yield re.sub(r"data:image/[^\"')]+", lambda data: fingerprint(data[0]), line)
