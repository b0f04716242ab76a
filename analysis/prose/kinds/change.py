"""How a group's share on a topic changes, where each of its periods has articles enough.

At most as probable: ways of counting and single articles are not tried period by period.
"""

from dataclasses import dataclass
from typing import Any

from analysis.io.results import rows_of
from analysis.prose.context import MOST_GROUPS, Findings, Group, Kind, quotes
from analysis.prose.facts import Facts


@dataclass(frozen=True)
class Change(Kind):
    """What a finding of kind change says."""

    kind = "change"
    scope = "articles_like_these"
    group: Group
    periods: list[dict[str, Any]]
    between: int
    first: float
    last: float
    difference: float
    low: float
    high: float
    p_holm: float
    status: str

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        if facts.change is None or facts.dated is None:
            return
        change = facts.change[(facts.change["topic"] == topic) & (facts.change["size"] > 0)]
        for group in facts.groups[topic]:
            rows = rows_of(change[change["group"] == group.name])
            if not rows or rows[0]["slope_status"] != "estimated":
                continue
            periods = [
                {
                    "name": str(row["period"]),
                    "hits": int(row["hits"]),
                    "size": int(row["size"]),
                    "clusters": int(row["articles"]),
                }
                for row in rows
            ]
            between = len(rows) - 2 if len(rows) > MOST_GROUPS else 0
            first, last = rows[0]["slope_first"], rows[0]["slope_last"]
            p = rows[0]["slope_p_holm"]
            status = "suggestive" if p <= 1 - facts.level else "not_distinguishable"
            limits = rows[0]["slope_change_low"], rows[0]["slope_change_high"]
            values = cls(group, periods, between, first, last, last - first, *limits, p, status)
            own = (facts.dated["topic"] == topic) & (facts.dated["group"] == group.name)
            yield facts.finding(topic, [group], values) | {"evidence": quotes(facts.dated[own])}
