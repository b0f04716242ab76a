"""From a number back to its sentences: every cell, contrast and finding has its evidence.

What is asked for here is some rows of the table from `evidence`, and never fewer than were
counted: a number that its sentences do not add up to is an error, not a footnote.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of, group_labels
from analysis.errors import InputError, check_columns
from analysis.io.results import Result, rows_of

Anchors = Mapping[tuple[Hashable, ...], str]


def evidence_for(
    rows: Result | pd.DataFrame | pd.Series | Mapping[str, Any],
    evidence: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the sentences behind a number: the rows of the evidence that it was counted from.

    Parameters
    ----------
    rows : Result, pandas.DataFrame, pandas.Series or mapping
        Cells (the Result of `emphasis`, some rows of its frame, or one row), contrasts (the same of
        `contrasts`; the sentences of both sides), or findings (rows of `findings`). What a figure
        draws is such rows: those of the table saved beside it.
    evidence : pandas.DataFrame
        From `evidence`, on the same sentences with the same dictionary.
    by : str or list of str, optional
        The document variables that form the groups. By default what a Result says of its own, and
        of rows of cells the columns before ``topic``. Rows of contrasts name groups and not their
        columns, and need it.

    Returns
    -------
    pandas.DataFrame
        Rows of `evidence`, in its order, each once: ``doc_id``, ``sentence_id``, document
        variables, ``section``, ``topic``, ``start``, ``end`` (offsets into the article as given),
        ``patterns``, ``spans`` (of the matched words, inside the sentence), ``quote``.

    Raises
    ------
    InputError
        If the sentences of a cell or of a side of a contrast do not add up to what was counted:
        number and evidence were made from other sentences or with another dictionary.

    Examples
    --------
    >>> import analysis as an
    >>> texts = an.sentences(pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind grows. Wind pays.", "Coal grows. Wind pays."]}))
    >>> energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    >>> evidence = an.evidence(texts, an.matches(texts, energy))
    >>> emphasis = an.emphasis(an.tally(an.codes(texts, energy), by="party")).to_frame()
    >>> evidence_for(emphasis[emphasis["party"] == "Green"], evidence)["quote"].to_list()
    ['Wind grows.', 'Wind pays.']
    """
    check_columns(evidence, ["doc_id", "sentence_id", "section", "topic", "spans"], "evidence")
    evidence = evidence.reset_index(drop=True)
    body = evidence[evidence["section"] == "body"]
    if isinstance(rows, Result):
        table, by = rows.to_frame(), by or rows.provenance.get("by")
    else:
        table = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame([dict(rows)])
    if {"evidence", "kind"} <= set(table.columns):
        chosen = _behind_findings(table, body)
    elif {"target", "reference", "topic"} <= set(table.columns):
        if by is None:
            raise InputError(
                "contrasts name groups, not the columns that form them",
                do="pass by=, as to `tally`",
            )
        labels = group_labels(body, columns_of(by))
        chosen = _behind_contrasts(table, body.assign(group=labels))
    elif "topic" in table.columns:
        names = list(table.columns)
        columns = columns_of(by or names[: names.index("topic")])
        check_columns(body, columns, "evidence")
        check_columns(table, columns, "cells")
        cells = table.assign(group=group_labels(table, columns))
        chosen = _behind_cells(cells, body.assign(group=group_labels(body, columns)))
    else:
        raise InputError(
            "these are neither cells, contrasts nor findings",
            do="pass rows of `emphasis`, `contrasts` or `findings`",
        )
    return evidence.loc[sorted(chosen)].reset_index(drop=True)


def cell_anchors(emphasis: Result) -> Anchors:
    """Return where the sentences of each cell stand in the report: its id, by topic and group."""
    table = emphasis.to_frame()
    groups = group_labels(table, emphasis.by)
    return anchors("cell", zip(table["topic"], groups, strict=True))


def anchors(kind: str, keys: Iterable[tuple[Hashable, ...]]) -> Anchors:
    """Return an id for each key that no other has, readable where the key is.

    >>> keys = [("wind", "The Greens"), ("wind", "the greens"), ("wind", "?")]
    >>> list(anchors("cell", keys).values())
    ['cell-wind-the-greens', 'cell-wind-the-greens-2', 'cell-wind']
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


def _behind_cells(cells: pd.DataFrame, body: pd.DataFrame) -> set[Any]:
    own = dict(list(body.groupby(["topic", "group"], sort=False)))
    chosen: set[Any] = set()
    for cell in rows_of(cells):
        rows = own.get((cell["topic"], cell["group"]), body.iloc[:0])
        what = f"{cell['topic']} in {cell['group']}"
        shown = {"sentences_with_topic": len(rows), "matches": int(rows["spans"].map(len).sum())}
        for column, number in shown.items():
            if column in cell and pd.notna(cell[column]):
                _check_count(what, column.replace("_with_topic", ""), cell[column], number)
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
                _check_count(what, "sentences", row[f"hits_{side}"], int(here.sum()))
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
                "the evidence",
                do="make findings and evidence from the same sentences and dictionary",
            )
        chosen |= set(rows.index)
    return chosen


def _check_count(what: str, noun: str, counted: float, shown: int) -> None:
    if shown != counted:
        raise InputError(
            f"{what}: {counted:.0f} {noun} are counted and {shown} can be shown",
            do="make numbers and evidence from the same sentences and dictionary",
        )


def draw(
    before: pd.DataFrame, rows: pd.DataFrame, most: int, *, of: Sequence[str], unit: Sequence[str]
) -> pd.DataFrame:
    """Add rows to those that were drawn before, and keep those of so many units of each cell.

    Which ones is drawn at random by their names, so that it hangs on no order.
    """
    named = zip(*(rows[name].astype(str) for name in unit), strict=True)
    own = pd.util.hash_array(np.array([*map(" ".join, named)], dtype=object))
    drawn = pd.concat([part for part in (before, rows.set_index(own)) if len(part)] or [before])
    drawn = drawn.sort_index(kind="stable")
    rank = drawn.index.to_series().groupby([drawn[name] for name in of]).rank("dense")
    return drawn[rank <= most]
