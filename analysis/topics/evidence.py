"""From a number back to its sentences: every cell, contrast and finding has its evidence.

The ledger is the table from `evidence`: one row a sentence and topic. What is asked for here is
some of its rows, and never fewer than were counted: a number that its sentences do not add up to
is an error, not a footnote.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.corpus.groups import columns_of, group_labels
from analysis.errors import InputError, check_columns
from analysis.io.results import Result, rows_of

Anchors = Mapping[tuple[Hashable, ...], str]

# What an estimate counts, whatever its measure, and how the ledger's rows count it.
_COUNTS = {
    "sentences_with_topic": len,
    "matches": lambda rows: int(rows["spans"].map(len).sum()),
}


def evidence_for(
    marks: Result | pd.DataFrame | pd.Series | Mapping[str, Any],
    ledger: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the sentences behind a number: the rows of the ledger that it was counted from.

    Parameters
    ----------
    marks : Result, pandas.DataFrame, pandas.Series or mapping
        Cells (the Result of `emphasis`, some rows of its frame, or one row), contrasts (the same of
        `contrasts`; the sentences of both sides), or findings (rows of `findings`). What a figure
        draws is such rows: those of the table saved beside it.
    ledger : pandas.DataFrame
        From `evidence`, on the same sentences with the same dictionary.
    by : str or list of str, optional
        The document variables that form the groups. Needed for contrasts, whose rows name groups
        and not their columns; of cells they are the columns before ``topic``.

    Returns
    -------
    pandas.DataFrame
        Rows of `ledger`, in its order, each once: ``doc_id``, ``sentence_id``, document variables,
        ``section``, ``topic``, ``start``, ``end`` (offsets into the article as given),
        ``patterns``, ``spans`` (of the matched words, inside the sentence), ``quote``.

    Raises
    ------
    InputError
        If the sentences of a cell or of a side of a contrast do not add up to what was counted:
        number and ledger were made from other sentences or with another dictionary.

    Examples
    --------
    >>> import analysis as an
    >>> texts = an.sentences(pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind grows. Wind pays.", "Coal grows. Wind pays."]}))
    >>> energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    >>> ledger = an.evidence(texts, an.matches(texts, energy))
    >>> emphasis = an.emphasis(an.tally(an.codes(texts, energy), by="party")).to_frame()
    >>> evidence_for(emphasis[emphasis["party"] == "Green"], ledger)["quote"].to_list()
    ['Wind grows.', 'Wind pays.']
    """
    check_columns(ledger, ["doc_id", "sentence_id", "section", "topic", "spans"], "ledger")
    table, ledger = _table(marks), ledger.reset_index(drop=True)
    body = ledger[ledger["section"] == "body"]
    if {"evidence", "kind"} <= set(table.columns):
        chosen = _behind_findings(table, body)
    elif {"target", "reference", "topic"} <= set(table.columns):
        if by is None:
            raise InputError(
                "contrasts name groups, not the columns that form them",
                do="pass by=, as to `tally`",
            )
        chosen = _behind_contrasts(table, body.assign(group=group_labels(body, columns_of(by))))
    elif "topic" in table.columns:
        columns = columns_of(by) if by is not None else list(table.columns)[: _place(table)]
        check_columns(body, columns, "ledger")
        check_columns(table, columns, "cells")
        labels = group_labels(table, columns)
        chosen = _behind_cells(
            table.assign(group=labels), body.assign(group=group_labels(body, columns))
        )
    else:
        raise InputError(
            "these are neither cells, contrasts nor findings",
            do="pass rows of `emphasis`, `contrasts` or `findings`",
        )
    return ledger.loc[sorted(chosen)].reset_index(drop=True)


def cell_anchors(emphasis: Result) -> Anchors:
    """Return where the sentences of each cell stand in the report: its id, by topic and group."""
    table = emphasis.to_frame()
    groups = group_labels(table, [key for key in emphasis.keys if key != "topic"])
    return anchors("cell", zip(table["topic"], groups, strict=True))


def anchors(kind: str, keys: Iterable[tuple[Hashable, ...]]) -> Anchors:
    """Return an id for each key that no other has, readable where the key is.

    Examples
    --------
    >>> anchors("cell", [("wind", "The Greens"), ("wind", "the greens"), ("wind", "?")])
    {('wind', 'The Greens'): 'cell-wind-the-greens', ('wind', 'the greens'):
    'cell-wind-the-greens-2', ('wind', '?'): 'cell-wind'}
    """
    found: dict[tuple[Hashable, ...], str] = {}
    taken: set[str] = set()
    for key in keys:
        words = re.findall(r"[\w.]+", " ".join(map(str, key)).casefold())
        stem = name = "-".join([kind, *words])[:80]
        number = 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name)
        found[key] = name
    return found


def _table(marks: Result | pd.DataFrame | pd.Series | Mapping[str, Any]) -> pd.DataFrame:
    if isinstance(marks, Result):
        return marks.to_frame()
    if isinstance(marks, pd.DataFrame):
        return marks
    return pd.DataFrame([dict(marks)])


def _place(table: pd.DataFrame) -> int:
    return list(table.columns).index("topic")


def _behind_cells(cells: pd.DataFrame, body: pd.DataFrame) -> set[Any]:
    own = dict(list(body.groupby(["topic", "group"], sort=False)))
    chosen: set[Any] = set()
    for cell in rows_of(cells):
        rows = own.get((cell["topic"], cell["group"]), body.iloc[:0])
        for column in _COUNTS:
            if column in cell and pd.notna(cell[column]):
                _check_count(f"{cell['topic']} in {cell['group']}", column, cell[column], rows)
        chosen |= set(rows.index)
    return chosen


def _behind_contrasts(contrasts: pd.DataFrame, body: pd.DataFrame) -> set[Any]:
    own = dict(list(body.groupby("topic", sort=False)))
    chosen: set[Any] = set()
    for row in rows_of(contrasts):
        on_topic = own.get(row["topic"], body.iloc[:0])
        target = on_topic["group"] == row["target"]
        # Against the rest, the other side is every other group.
        other = ~target if row["reference"] == "rest" else on_topic["group"] == row["reference"]
        for side, here in {"target": target, "reference": other}.items():
            if row.get("measure", "sentence_share") == "sentence_share":
                what = f"{row['topic']} in {row[side]}"
                hits = row[f"hits_{side}"]
                _check_count(what, "sentences_with_topic", hits, on_topic[here])
        chosen |= set(on_topic.index[target | other])
    return chosen


def _behind_findings(findings: pd.DataFrame, body: pd.DataFrame) -> set[Any]:
    keys = ["doc_id", "sentence_id"]
    places = body.set_index(keys).index
    chosen: set[Any] = set()
    for found in rows_of(findings):
        quoted = {(quote["doc_id"], quote["sentence_id"]) for quote in found["evidence"]}
        here = places.isin(quoted)
        if found["topic"]:
            here &= (body["topic"] == found["topic"]).to_numpy()
        rows = body[here]
        if missing := quoted - set(zip(rows["doc_id"], rows["sentence_id"], strict=True)):
            raise InputError(
                f"finding {found['id']}: {len(missing)} of its {len(quoted)} sentences are not in "
                "the ledger",
                do="make findings and ledger from the same sentences and dictionary",
            )
        chosen |= set(rows.index)
    return chosen


def _check_count(what: str, column: str, counted: float, rows: pd.DataFrame) -> None:
    shown = _COUNTS[column](rows)
    if shown != counted:
        noun = column.replace("_with_topic", "")
        raise InputError(
            f"{what}: {counted:.0f} {noun} are counted and {shown} can be shown",
            do="make numbers and evidence from the same sentences and dictionary",
        )
