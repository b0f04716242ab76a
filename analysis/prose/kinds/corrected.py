"""What is left of a difference once the dictionary's errors are corrected, from codes by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.io.results import rows_of
from analysis.prose.context import DISTINGUISHABLE, Findings, Group, Kind, higher_first
from analysis.prose.facts import Facts
from analysis.prose.kinds.contrast import MOST_CONTRASTS, compared
from analysis.validation.rates import RECALL


@dataclass(frozen=True)
class Corrected(Kind):
    """What a finding of kind corrected says; the counts of `higher` and `lower` are uncorrected.

    It is written where the corrected contrast is distinguishable, or the uncorrected one is or was
    refused. What else the groups differ in limits a corrected contrast too.
    """

    kind = "corrected"
    scope = "articles_like_these"
    higher: Group
    lower: Group
    more: int
    difference: float
    low: float
    high: float
    level: float
    uncorrected: float
    p_adjusted: float | None
    status: str
    unequal: bool

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        told = [row for row in _pairs(facts, topic) if _to_tell(row)]
        for row in told[:MOST_CONTRASTS]:
            more = max(0, len(told) - MOST_CONTRASTS)
            values = cls._of(facts, row, more=more)
            yield facts.finding(topic, [values.higher, values.lower], values)

    @classmethod
    def _of(cls, facts: Facts, row: Mapping[str, Any], *, more: int = 0) -> Corrected:
        return cls(
            **compared(facts, row),
            more=more,
            uncorrected=row["uncorrected"],
            unequal=RECALL in row["warnings"].split(),
        )


def corrected_in_brief(facts: Facts) -> dict[str, Any] | None:
    """How many contrasts are distinguishable once corrected, and the one that is surely largest.

    None where nothing was corrected, or no contrast is distinguishable, corrected or not.
    """
    rows = [row for topic in facts.groups for row in _pairs(facts, topic)]
    told = [row for row in rows if row["status"] in DISTINGUISHABLE]
    if not told and not any(row["status_uncorrected"] in DISTINGUISHABLE for row in rows):
        return None
    first = max(told, key=lambda row: round(row["conf_low"], 12), default=None)
    shown = first and {"topic": first["topic"], **vars(Corrected._of(facts, first))}
    return {"told": len(told), "comparisons": len(rows), "first": shown}


def _pairs(facts: Facts, topic: str) -> list[dict[str, Any]]:
    """The corrected contrasts of a topic, the higher group first, the surest first."""
    if facts.corrected is None:
        return []
    keys = ["topic", "target", "reference"]
    own = facts.corrected[facts.corrected["topic"] == topic]
    pairs = own.merge(facts.contrasts[[*keys, "status", "warnings"]], on=keys,
                      suffixes=("", "_uncorrected"))  # fmt: skip
    found = [higher_first(row | {"status": _status(row)}) for row in rows_of(pairs)]
    return sorted(
        found, key=lambda row: (row["status"] not in DISTINGUISHABLE, -round(row["conf_low"], 12))
    )


def _status(row: Mapping[str, Any]) -> str:
    """The status of a corrected contrast, as far as what else the groups differ in leaves it."""
    warnings = row["warnings"].split()
    if any(name.startswith("confounded_with_") for name in warnings):
        return "not_distinguishable"
    if any(name.startswith("not_within_") for name in warnings) and row["status"] == "supported":
        return "suggestive"
    return str(row["status"])


def _to_tell(row: Mapping[str, Any]) -> bool:
    told = {row["status"], row["status_uncorrected"]} & {*DISTINGUISHABLE}
    return bool(told) or RECALL in row["warnings"].split()
