"""The contrasts that are distinguishable, those first that are known to be largest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.estimates.stability import agreement, ordering
from analysis.estimates.status import warning_name
from analysis.estimates.within import OVERLAPS
from analysis.io.results import rows_of
from analysis.prose.context import DISTINGUISHABLE, Findings, Group, Kind, higher_first, plain
from analysis.prose.facts import Facts
from analysis.validation.rates import RECALL

MOST_CONTRASTS = 3  # of a topic, in words; the table has all


@dataclass(frozen=True)
class Contrast(Kind):
    """What a finding of kind contrast says; `more` pairs of the topic are distinguishable too.

    The ratio is missing where the lower group has none, its upper end where it may have none.
    """

    kind = "contrast"
    scope = "articles_like_these"
    higher: Group
    lower: Group
    more: int
    difference: float
    low: float
    high: float
    level: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    p_value: float | None
    p_adjusted: float | None
    permutation_p: float | None
    agreement: str
    holds: int
    ways: int
    status: str
    within: str | None
    within_difference: float | None
    overlap: dict[str, Any]

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        rows = facts.contrasts[facts.contrasts["topic"] == topic]
        shown = best_known(rows[rows["status"].isin(DISTINGUISHABLE)])
        for row in shown[:MOST_CONTRASTS]:
            values = cls.of(facts, row, more=max(0, len(shown) - MOST_CONTRASTS))
            found = facts.finding(topic, [values.higher, values.lower], values)
            own = found["values"].items()
            yield found | {
                "contrast": {k: v for k, v in own if k not in ("unit", "topic", "higher", "lower")},
                "warnings": sorted({*found["warnings"], *row["warnings"].split()}),
                "robustness": {"ordering_share": plain(row["ordering_share"])},
            }

    @classmethod
    def of(cls, facts: Facts, row: Mapping[str, Any], *, more: int = 0) -> "Contrast":
        """The values of a contrast, its higher group first."""
        topic, warnings = row["topic"], row["warnings"].split()
        sides = compared(facts, row)
        higher, lower = sides["higher"], sides["lower"]
        ways_of = facts.ways[topic]
        if facts.is_rest(higher.name):
            holds, ways = ordering(ways_of, lower.name, None, -1.0)
        else:
            other = None if facts.is_rest(lower.name) else lower.name
            holds, ways = ordering(ways_of, higher.name, other, 1.0)
        within = facts.compared_by(row["within"]) if isinstance(row["within"], str) else None
        return cls(
            **sides,
            more=more,
            ratio=plain(row["ratio"]),
            ratio_low=plain(row["ratio_low"]),
            ratio_high=plain(row["ratio_high"]),
            p_value=plain(row["p_value"]),
            permutation_p=plain(row["permutation_p"]),
            agreement=agreement(holds, ways),
            holds=holds,
            ways=ways,
            within=within,
            within_difference=plain(row["within_estimate"]),
            overlap=_overlap(facts.confounders, warnings),
        )


def compared(facts: Facts, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a contrast says of two groups, corrected or not."""
    higher, lower = facts.sides(row)
    return {
        "higher": higher,
        "lower": lower,
        "difference": row["estimate"],
        "low": row["conf_low"],
        "high": row["conf_high"],
        "level": facts.level,
        "p_adjusted": plain(row["p_adjusted"]),
        "status": row["status"],
    }


def why_open(facts: Facts, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Why a contrast whose interval excludes 0 is not distinguishable all the same."""
    if row["conf_low"] <= 0 <= row["conf_high"]:
        return None
    words = row["warnings"].split()
    names = _overlap(facts.confounders, words)[OVERLAPS[1]]
    tests = {
        "single": "one_article" in words,
        "recall": RECALL in words,
        "confounded": bool(names),
        "order": row["p_adjusted"] <= 1 - facts.level,
        "unsure": True,
    }
    why = next(name for name, fits in tests.items() if fits)
    return {"why": why, "names": names, "p_adjusted": plain(row["p_adjusted"])}


def best_known(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The contrasts, higher group first, those first that are surely large: by the nearer limit."""
    turned: Iterator[dict[str, Any]] = map(higher_first, rows_of(rows))
    return sorted(turned, key=lambda row: -round(row["conf_low"], 12))


def _overlap(confounders: Sequence[str] | None, warnings: Sequence[str]) -> dict[str, Any]:
    """Which of the variables checked two groups share, and which explain the difference or may."""
    names = confounders or []

    def warned(form: str) -> list[str]:
        return [name for name in names if form.format(warning_name(name)) in warnings]

    none, unknown = warned("confounded_with_{}"), warned("{}_unknown")
    shared = [name for name in names if name not in (*none, *unknown)]
    lists = dict(zip(OVERLAPS, (shared, none, unknown), strict=True))
    return {"checked": confounders is not None, **lists, "lost": warned("not_within_{}")}
