"""What these articles cannot show."""

from dataclasses import dataclass

from analysis.estimates.slopes import FEWEST_ARTICLES, FEWEST_PERIODS
from analysis.prose.context import (
    ALWAYS,
    DISTINGUISHABLE,
    Facts,
    Findings,
    Kind,
    largest_first,
    others,
)


@dataclass(frozen=True)
class Refusal(Kind):
    """`thin`: groups of a single article; `told`: comparisons that are distinguishable."""

    kind, brief = "refusal", ALWAYS
    thin: list[str]
    thin_others: int
    noun: str | list[str]
    comparisons: int
    told: int
    silent: int
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
        of_contrasts = len(status), told, silent
        values = cls(thin, others(thin), facts.noun, *of_contrasts, _periods(facts), *facts.totals)
        found = facts.finding(topic, groups, values)
        yield found | {"scope": "articles_like_these", "status": "refused"}


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
