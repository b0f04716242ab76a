"""Which group mentions a topic most often, in these articles.

It is written if the group leads in .8 of the ways of counting, one sentence less would not undo it,
and the dictionary's recall is not known to differ between it and another: its lead may be that.
"""

from dataclasses import dataclass

from analysis.estimates.stability import agreement, ordering
from analysis.prose.context import Carrier, Findings, Group, Kind, others
from analysis.prose.facts import Facts

AGREED = ("nearly_all", "most")  # how far the ways of counting have to agree


@dataclass(frozen=True)
class Ranking(Kind):
    """What a finding of kind ranking says."""

    kind = "ranking"
    top: Group
    runners: list[Group]
    others: int
    carrier: Carrier | None
    share: float
    agreement: str
    holds: int
    ways: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        ordered = sorted(facts.groups[topic], key=lambda group: -group.share)
        if len(ordered) < 2 or ordered[0].share == ordered[1].share:
            return
        top = ordered[0]
        runners = [group for group in ordered[1:] if group.share == ordered[1].share]
        # An order that one sentence less would undo is an accident, not an order.
        if (top.hits - 1) * runners[0].size <= runners[0].hits * top.size:
            return
        if facts.unequal(topic, top.name):
            return
        held = [ordering(facts.ways[topic], top.name, group.name, 1.0) for group in runners]
        holds, ways = min(held, key=lambda one: one[0] / one[1])
        if (agreed := agreement(holds, ways)) not in AGREED:
            return
        carrier, share = facts.carrier(topic, top, runners[0]), holds / ways
        values = cls(top, runners, others(runners), carrier, share, agreed, holds, ways)
        robustness = {"ordering_share": share, "holds": holds, "ways": ways}
        yield facts.finding(topic, [top, *runners], values) | {"robustness": robustness}
