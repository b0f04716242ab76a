"""Change over time among the findings: where it is told, and where it cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.estimates.trends import FEWEST
from analysis.io.results import rows_of
from analysis.prose.context import MOST_GROUPS, Facts, Finding, Group, quotes


def changes(facts: Facts, topic: str, groups: Sequence[Group]) -> Iterator[Finding]:
    """Yield a finding where every period has articles enough: their shares, and the slope."""
    if facts.change is None or facts.dated is None:
        return
    change = facts.change[facts.change["topic"] == topic]
    for group in groups:
        rows = rows_of(change[(change["group"] == group["name"]) & (change["size"] > 0)])
        if not rows or rows[0]["slope_status"] != "estimated":
            continue
        first = rows[0]
        told = first["slope_p_holm"] <= 1 - facts.level
        values = {
            "group": group,
            "periods": [
                {
                    "name": str(row["period"]),
                    "hits": int(row["hits"]),
                    "size": int(row["size"]),
                    "clusters": int(row["articles"]),
                }
                for row in rows
            ],
            "between": len(rows) - 2 if len(rows) > MOST_GROUPS else 0,
            "slope": first["slope"],
            "low": first["slope_low"],
            "high": first["slope_high"],
            "level": facts.level,
            "p_holm": first["slope_p_holm"],
            # No more than this: ways of counting and single articles are not tried by period.
            "status": "suggestive" if told else "not_distinguishable",
        }
        here = (facts.dated["topic"] == topic) & (facts.dated["group"] == group["name"])
        yield facts.finding("change", topic, [group], values) | {
            "scope": "articles_like_these",
            "status": values["status"],
            "evidence": quotes(facts.dated[here]),
        }


def periods(facts: Facts) -> dict[str, int] | None:
    """Return how many periods there are, group by group, and how many have too few articles."""
    if facts.change is None:
        return None
    # Which articles there are is the same for every topic.
    whole = facts.change[facts.change["topic"] == facts.topics[0]]
    spans = []
    for _, rows in whole.groupby("group"):
        with_text = (rows["size"] > 0).to_numpy().nonzero()[0]
        if len(with_text):
            spans.append(rows["articles"].iloc[with_text[0] : with_text[-1] + 1])
    return {
        "periods": sum(map(len, spans)),
        "few": int(sum((span < FEWEST).sum() for span in spans)),
        "fewest": FEWEST,
        "single": sum(len(span) == 1 for span in spans),
        "told": int((facts.change["slope_status"] == "estimated").any()),
    }
