"""What was compared: the articles that were read, and the body sentences of each group."""

from dataclasses import dataclass, replace

from analysis.prose.context import Findings, Group, Kind, largest_first, others
from analysis.prose.facts import Facts
from analysis.prose.numbers import Count


@dataclass(frozen=True)
class Scope(Kind):
    """What a finding of kind scope says."""

    kind = "scope"
    groups: list[Group]
    others: int
    read: int
    articles: int
    clusters: int
    size: int
    empty: list[str]
    empty_others: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        groups = largest_first(facts.with_text, topic=False)
        # Its sizes lead to the groups.
        sized = [replace(group, size=Count(group.size, (group.name,))) for group in groups]
        empty = sorted(set(facts.cells["group"]) - {group.name for group in groups})
        values = cls(sized, others(groups), *facts.totals, empty, others(empty))
        yield facts.finding(topic, groups, values)
