"""What is left of a difference once the dictionary's errors are corrected, from codes by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.io.results import rows_of
from analysis.prose.context import DISTINGUISHABLE, Findings, Group, Kind, higher_first, plain
from analysis.prose.facts import Facts
from analysis.prose.kinds.contrast import MOST_CONTRASTS
from analysis.validation.rates import RECALL


@dataclass(frozen=True)
class Corrected(Kind):
    """What a finding of kind corrected says; the counts of `higher` and `lower` are uncorrected.

    It is written where the corrected contrast is distinguishable, or the uncorrected one is or was
    refused. What else the groups differ in limits a corrected contrast too.
    """

    kind = "corrected"
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
        if facts.corrected is None:
            return
        keys = ["topic", "target", "reference"]
        own = facts.corrected[facts.corrected["topic"] == topic]
        pairs = own.merge(facts.contrasts[[*keys, "status", "warnings"]], on=keys,
                          suffixes=("", "_uncorrected"))  # fmt: skip
        found = [higher_first(row | {"status": _status(row)}) for row in rows_of(pairs)]
        told = [row for row in found if _to_tell(row)]
        told.sort(
            key=lambda row: (row["status"] not in DISTINGUISHABLE, -round(row["conf_low"], 12))
        )
        for row in told[:MOST_CONTRASTS]:
            higher, lower = facts.sides(row)
            values = cls(
                higher=higher,
                lower=lower,
                more=max(0, len(told) - MOST_CONTRASTS),
                difference=row["estimate"],
                low=row["conf_low"],
                high=row["conf_high"],
                level=facts.level,
                uncorrected=row["uncorrected"],
                p_adjusted=plain(row["p_adjusted"]),
                status=row["status"],
                unequal=RECALL in row["warnings"].split(),
            )
            yield facts.finding(topic, [higher, lower], values) | {
                "scope": "articles_like_these",
                "status": row["status"],
            }


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
