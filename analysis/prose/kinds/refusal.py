"""What these articles cannot show."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.estimates.slopes import FEWEST_ARTICLES, FEWEST_PERIODS
from analysis.estimates.status import warning_name
from analysis.io.results import rows_of
from analysis.prose.context import (
    DISTINGUISHABLE,
    Findings,
    Kind,
    higher_first,
    largest_first,
    others,
)
from analysis.prose.facts import Facts
from analysis.prose.kinds.contrast import Contrast, why_open
from analysis.prose.kinds.corrected import corrected_in_brief
from analysis.validation.rates import RECALL


@dataclass(frozen=True)
class Refusal(Kind):
    """`thin`: groups of a single article; `told`: comparisons that are distinguishable.

    `reasons` say of the others why not, each counted once; `clearest` is the one of them that is
    nearest to being known, of those with articles enough if there are any.
    """

    kind = "refusal"
    scope = "articles_like_these"
    thin: list[str]
    thin_others: int
    noun: str | list[str]
    comparisons: int
    told: int
    corrected: dict[str, Any] | None
    silent: int
    out: int
    reasons: list[dict[str, Any]]
    clearest: dict[str, Any] | None
    change: dict[str, int] | None
    read: int
    articles: int
    clusters: int
    size: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        groups, status = largest_first(facts.with_text, topic=False), facts.contrasts["status"]
        thin = [group.name for group in groups if group.clusters == 1]
        told = int(status.isin(DISTINGUISHABLE).sum())
        silent = int((status == "absent_in_both").sum())
        of_contrasts = (
            len(status),
            told,
            corrected_in_brief(facts),
            silent,
            _standing_out(facts),
            reasons_of(facts),
            _clearest(facts),
        )
        values = cls(thin, others(thin), facts.noun, *of_contrasts, _periods(facts), *facts.totals)
        yield facts.finding(topic, groups, values) | {"status": "refused"}


def _standing_out(facts: Facts) -> int:
    """How many times a group stands out from the rest, over all topics."""
    if facts.rest is None:
        return 0
    return int(facts.rest["status"].isin(DISTINGUISHABLE).sum())


def reasons_of(facts: Facts) -> list[dict[str, Any]]:
    """Why comparisons are not distinguishable: the first reason that fits, and how many it fits."""
    table = facts.contrasts
    left = ~table["status"].isin([*DISTINGUISHABLE, "not_estimable"])
    words = table["warnings"].str.split()
    names = [
        name
        for name in facts.confounders or ()
        if words.map(lambda own, name=name: f"confounded_with_{warning_name(name)}" in own).any()
    ]
    fits = {
        "silent": table["status"] == "absent_in_both",
        "single": words.map(lambda own: "one_article" in own).astype(bool),
        "recall": words.map(lambda own: RECALL in own).astype(bool),
        "confounded": words.map(
            lambda own: any(word.startswith("confounded_with_") for word in own)
        ).astype(bool),
        "unsure": pd.Series(True, index=table.index),
    }
    reasons = []
    for why, fitting in fits.items():
        if number := int((left & fitting).sum()):
            reasons.append({"why": why, "number": number, "names": names})
        left &= ~fitting
    return reasons


def _clearest(facts: Facts) -> dict[str, Any] | None:
    """The comparison that is nearest to being known."""
    rows = facts.contrasts[facts.contrasts["status"] == "not_distinguishable"]
    fewest = rows[["articles_target", "articles_reference"]].min(axis=1)
    several = fewest > 1
    rows = rows[several] if several.any() else rows
    known = [row for row in rows_of(rows) if np.isfinite(row["p_value"])]
    if not known:
        return None
    row = higher_first(min(known, key=lambda row: round(row["p_value"], 12)))
    return {"topic": row["topic"], **vars(Contrast.of(facts, row)), "open": why_open(facts, row)}


def _periods(facts: Facts) -> dict[str, int] | None:
    """How many periods there are, group by group, and how many have too few articles."""
    if facts.change is None:
        return None
    # Which articles there are is the same for every topic.
    whole = facts.change[facts.change["topic"] == next(iter(facts.groups))]
    spans = []
    for _, rows in whole.groupby("group"):
        with_text = (rows["size"] > 0).to_numpy().nonzero()[0]
        if len(with_text):
            spans.append(rows["articles"].iloc[with_text[0] : with_text[-1] + 1])
    return {
        "periods": sum(map(len, spans)),
        "few": int(sum((span < FEWEST_ARTICLES).sum() for span in spans)),
        "fewest": FEWEST_ARTICLES,
        "short": sum(len(span) < FEWEST_PERIODS for span in spans),
        "fewest_periods": FEWEST_PERIODS,
        "told": int((facts.change["slope_status"] == "estimated").any()),
    }
