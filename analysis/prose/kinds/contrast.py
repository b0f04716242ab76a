"""The contrasts that are distinguishable; where none is, the largest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.estimates.stability import agreement, ordering
from analysis.estimates.status import warning_name
from analysis.estimates.within import OVERLAPS
from analysis.io.results import rows_of
from analysis.prose.context import (
    DISTINGUISHABLE,
    Facts,
    Findings,
    Group,
    Kind,
    higher_first,
    plain,
)


@dataclass(frozen=True)
class Contrast(Kind):
    """`pairs`: those that can be estimated; `alike`: those that differ as much as this one."""

    kind = "contrast"
    higher: Group
    lower: Group
    pairs: int
    alike: int
    difference: float
    low: float
    high: float
    level: float
    p_value: float
    p_adjusted: float | None
    permutation_p: float
    permutation_p_min: float
    agreement: str
    holds: int
    ways: int
    status: str
    overlap: dict[str, Any]

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        groups = {group.name: group for group in facts.groups[topic]}
        rows = facts.contrasts[facts.contrasts["topic"] == topic]
        rows = rows[rows["target"].isin(groups) & rows["reference"].isin(groups)]
        shown, alike = rows[rows["status"].isin(DISTINGUISHABLE)], 1
        rest = rows[rows["status"] == "not_distinguishable"]
        if shown.empty and not rest.empty:
            sizes = rest["estimate"].abs().round(12)
            # Of pairs that differ equally, the one that is known best.
            widths = (rest["conf_high"] - rest["conf_low"])[sizes == sizes.max()]
            shown, alike = rest.loc[[widths.idxmin()]], len(widths)
        for row in map(higher_first, rows_of(shown)):
            higher, lower = groups[row["target"]], groups[row["reference"]]
            holds, ways = ordering(facts.ways[topic], higher.name, lower.name, 1.0)
            warnings = row["warnings"].split()
            values = cls(
                higher,
                lower,
                len(rows),
                alike,
                *(row["estimate"], row["conf_low"], row["conf_high"], facts.level),
                *(
                    row["p_value"],
                    plain(row["p_adjusted"]),
                    row["permutation_p"],
                    row["permutation_p_min"],
                ),
                agreement(holds, ways),
                holds,
                ways,
                row["status"],
                _overlap(facts.confounders, warnings),
            )
            found = facts.finding(topic, [higher, lower], values)
            own = found["values"].items()
            distinguishable = row["status"] in DISTINGUISHABLE
            yield found | {
                "template": "contrast" if distinguishable else "not_distinguishable",
                "scope": "articles_like_these",
                "status": row["status"],
                "contrast": {k: v for k, v in own if k not in ("unit", "topic", "higher", "lower")},
                "warnings": sorted({*found["warnings"], *warnings}),
                "robustness": {"ordering_share": plain(row["ordering_share"])},
            }


def _overlap(confounders: Sequence[str] | None, warnings: Sequence[str]) -> dict[str, Any]:
    """Which of the variables checked two groups share, share nothing of, or are unknown of."""
    names = confounders or []
    none = [name for name in names if f"confounded_with_{warning_name(name)}" in warnings]
    unknown = [name for name in names if f"{warning_name(name)}_unknown" in warnings]
    shared = [name for name in names if name not in (*none, *unknown)]
    lists = dict(zip(OVERLAPS, (shared, none, unknown), strict=True))
    return {"checked": confounders is not None, **lists}
