"""What a kind of finding is, and what all kinds share: groups, names, orders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from analysis.io.results import rows_of
from analysis.prose.numbers import Count

# Groups named in a text, or periods: a reader cannot keep more in mind. The others are counted, and
# the values keep all. Named are those with the most sentences on the topic, then with the most;
# where a text has no topic, those with the most sentences of all.
MOST_GROUPS = 6
DISTINGUISHABLE = ("suggestive", "supported")  # the status of a contrast that says more often
MOST_PHRASES = 6  # of a topic, quoted in a text

_RATIO = ("ratio", "ratio_low", "ratio_high")
_SIGNED = {"estimate", "statistic", "within_estimate", "uncorrected"}

if TYPE_CHECKING:
    from analysis.prose.facts import Facts

Finding = dict[str, Any]
Findings = Iterator[Finding]
Carrier = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group with text, and what a template may say of it on a topic."""

    name: str
    hits: Count
    size: int
    articles: int
    articles_with_topic: int
    clusters: int
    share: float
    low: float | None
    high: float | None
    rho: float | None
    deff: float | None
    df: float | None
    warnings: list[str]
    together: bool = False  # all other groups as one


@dataclass(frozen=True)
class Kind:
    """A kind of finding: a frozen dataclass of the values that its template is filled in with.

    Contract: `kind` is its name and that of its template; `choose` yields what the facts give of
    it, as `Facts.finding` makes it from values, on a topic (empty: on no single one). A number
    that a report is to link to its sentences is a `Count`. What has a `status` among its values has
    that of the finding.
    """

    kind: ClassVar[str]
    scope: ClassVar[str] = "these_articles"  # or articles_like_these

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        raise NotImplementedError


def higher_first(contrast: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contrast with the higher group first; one turned round is its negative."""
    row = dict(contrast)
    if not row["estimate"] < 0:
        return row
    for one, other in [(name, name.replace("target", "reference")) for name in row]:
        if one != other:
            row[one], row[other] = row[other], row[one]
    for name in _SIGNED & row.keys():
        row[name] = -row[name]
    for low, high in (("conf_low", "conf_high"), ("within_conf_low", "within_conf_high")):
        if low in row:
            row[low], row[high] = -row[high], -row[low]
    if "prob_higher" in row:
        row["prob_higher"] = 1 - row["prob_higher"]
    if "ratio" in row:  # that of a share with one of 0 is none
        ends = [1 / row[name] if row[name] else np.nan for name in _RATIO]
        row |= dict(zip(_RATIO, (ends[0], ends[2], ends[1]), strict=True))
    return row


def largest_first(groups: Sequence[Group], *, topic: bool) -> list[Group]:
    """The groups in the order in which a text names them; where it names all, in their own."""
    if len(groups) <= MOST_GROUPS:
        return list(groups)
    return sorted(groups, key=lambda group: (-group.hits * topic, -group.size))


def others(items: Sequence[Any]) -> int:
    """How many of a list a text counts instead of naming."""
    return max(0, len(items) - MOST_GROUPS)


def plain(value: float) -> float | None:
    """Return a number, or None where it is missing or has no limit."""
    return float(value) if np.isfinite(value) else None


def quotes(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows of an evidence table as plain objects."""
    columns = ["doc_id", "sentence_id", "start", "end", "patterns", "spans", "quote"]
    return [
        row | {"patterns": list(row["patterns"]), "spans": [list(span) for span in row["spans"]]}
        for row in rows_of(rows[columns])
    ]
