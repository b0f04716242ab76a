"""Who mentions a topic."""

from dataclasses import dataclass

from analysis.prose.context import Findings, Group, Kind, largest_first, others
from analysis.prose.facts import Facts


@dataclass(frozen=True)
class Presence(Kind):
    """What a finding of kind presence says."""

    kind = "presence"
    groups: list[Group]
    others: int
    with_topic: int
    articles: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        groups = facts.groups[topic]
        with_topic = sum(group.articles_with_topic for group in groups)
        articles = sum(group.articles for group in groups)
        if present := largest_first([group for group in groups if group.hits], topic=True):
            values = cls(present, others(present), with_topic, articles)
            yield facts.finding(topic, present, values)
