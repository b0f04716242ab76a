"""Who does not mention a topic, with the bound that no hit leaves, if the intervals have one."""

from dataclasses import dataclass

from analysis.prose.context import Findings, Group, Kind, largest_first, others
from analysis.prose.facts import Facts


@dataclass(frozen=True)
class Absence(Kind):
    """What a finding of kind absence says."""

    kind = "absence"
    groups: list[Group]
    others: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        absent = [group for group in facts.groups[topic] if not group.hits]
        if absent := largest_first(absent, topic=True):
            yield facts.finding(topic, absent, cls(absent, others(absent)))
