"""Which article carries a group's sentences on a topic; the ranking says it of the leader."""

from dataclasses import dataclass

from analysis.prose.context import Carrier, Findings, Group, Kind
from analysis.prose.facts import Facts
from analysis.prose.kinds.ranking import Ranking


@dataclass(frozen=True)
class Concentration(Kind):
    """What a finding of kind concentration says."""

    kind = "concentration"
    group: Group
    carrier: Carrier

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        carried = [(group, facts.carrier(topic, group)) for group in facts.groups[topic]]
        leading = [found["groups"][0] for found in Ranking.choose(facts, topic)]
        for group, carrier in carried:
            if carrier and group.name not in leading:
                yield facts.finding(topic, [group], cls(group, carrier))
