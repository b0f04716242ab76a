"""A check in words: what changed, what moved, and the counts, for a person at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.io.results import rows_of
from analysis.study.check.differences import ABSENT, CHANGED, PRESENT

SECTIONS = {
    "input": "Inputs that changed since the run",
    "software": "Software that changed since the run",
    "record": "The record of the run",
    "finding": "Findings that moved",
    "table": "Tables",
    "figure": "Figures",
    "file": "Other files",
    "notebook": "Notebooks",
}
CAUSES = ("input", "software")
NOUNS = {"software": "software version", "file": "other file"}
_SHOWN = 5  # differences of one file or finding
_CAUSES = 20  # inputs
_WIDTH = 80  # letters of a value


def summary(differences: pd.DataFrame) -> str:
    """Return the table of `check` in words: a section a kind, and the counts.

    >>> row = ("table", "tally.csv", "Green, wind: hits", "1", "2", "edited since the run")
    >>> columns = ["kind", "what", "where", "was", "is", "because"]
    >>> print(summary(pd.DataFrame([row], columns=columns)))
    Tables
      edited since the run:
        tally.csv
          Green, wind: hits: 1, now 2
    <BLANKLINE>
    1 table differs.
    """
    lines: list[str] = []
    for kind, title in SECTIONS.items():
        rows = differences[differences["kind"] == kind]
        if len(rows):
            lines += [title, *_section(kind, rows), ""]
    return "\n".join([*lines, _counts(differences)])


def _section(kind: str, rows: pd.DataFrame) -> Iterator[str]:
    if kind in ("input", "software", "record"):
        for row in rows_of(rows)[:_CAUSES]:
            yield f"  {row['what']}{', ' if row['where'] else ': '}{_line(row)}"
        if len(rows) > _CAUSES:
            yield f"  ... and {len(rows) - _CAUSES} more"
    elif kind == "finding":
        for name, own in rows.groupby("what", sort=False):
            yield f"  {name}"
            yield from _finding(rows_of(own))
    else:
        for because in rows["because"].unique():
            yield f"  {because}:"
            yield from _files(rows[rows["because"] == because])


def _finding(rows: list[dict[str, Any]]) -> Iterator[str]:
    because = rows[0]["because"]
    if rows[0]["where"] == "text":
        yield f"    was: {_clean(rows[0]['was'])}"
        yield f"    is:  {_clean(rows[0]['is'])}"
        rows = rows[1:]
    else:
        yield "    the same text; what changed:"
    yield from (f"    {line}" for line in _first(rows))
    if because:
        yield f"    because: {because}"


def _files(rows: pd.DataFrame) -> Iterator[str]:
    bare = rows["where"].eq("") & rows["is"].isin([ABSENT, PRESENT, CHANGED])
    if names := ", ".join(rows.loc[bare, "what"]):
        yield from textwrap.wrap(names, 96, initial_indent="    ", subsequent_indent="    ")
    for name, own in rows[~bare].groupby("what", sort=False):
        yield f"    {name}"
        yield from (f"      {line}" for line in _first(rows_of(own)))


def _first(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield from map(_line, rows[:_SHOWN])
    if len(rows) > _SHOWN:
        yield f"... and {len(rows) - _SHOWN} more"


def _line(row: dict[str, Any]) -> str:
    """One difference: its place, and what stood there and stands there now."""
    was, now = _stretch(_clean(row["was"]), _clean(row["is"]))
    if was == ABSENT:
        said = "new" if now == PRESENT else f"new: {now}"
    elif now == ABSENT:
        said = "gone" if was == PRESENT else f"gone: {was}"
    else:
        said = CHANGED if now == CHANGED else f"{was}, now {now}"
    return f"{_clean(row['where'])}: {said}" if row["where"] else said


def _clean(text: str) -> str:
    return " ".join(str(text).split())


def _stretch(was: str, now: str) -> tuple[str, str]:
    """Two long values, cut to where they differ."""
    if max(len(was), len(now)) <= _WIDTH:
        return was, now
    alike = next((n for n, pair in enumerate(zip(was, now, strict=False)) if len({*pair}) > 1), 0)
    start = max(0, alike - _WIDTH // 3)
    return _cut(was, start), _cut(now, start)


def _cut(text: str, start: int) -> str:
    before, after = "…" * (start > 0), "…" * (len(text) > start + _WIDTH)
    return f"{before}{text[start : start + _WIDTH]}{after}"


def _counts(differences: pd.DataFrame) -> str:
    number = differences.groupby("kind")["what"].nunique().to_dict()
    causes, effects = (
        {kind: number[kind] for kind in SECTIONS if kind in number and (kind in CAUSES) == cause}
        for cause in (True, False)
    )
    parts = [f"{_numbers(causes)} changed"] if causes else []
    if effects:
        parts.append(f"{_numbers(effects)} {'differs' if sum(effects.values()) == 1 else 'differ'}")
    else:
        parts.append("nothing moved" if causes else "all is as written")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."


def _numbers(of: Mapping[str, int]) -> str:
    parts = [f"{many} {NOUNS.get(kind, kind)}{'s' * (many > 1)}" for kind, many in of.items()]
    return " and ".join([", ".join(parts[:-1]), parts[-1]][not parts[:-1] :])
