"""What the articles of a group speak of: a short portrait."""

from dataclasses import dataclass
from typing import Any

from analysis.prose.context import Findings, Group, Kind
from analysis.prose.facts import Facts

MOST_PHRASES = 2  # a topic
MOST_TOPICS = 5  # in words


@dataclass(frozen=True)
class Profile(Kind):
    """What a finding of kind profile says; `topics` by their sentences, the most first."""

    kind = "profile"
    group: Group
    topics: list[dict[str, Any]]
    topics_others: int
    silent: list[str]
    silent_others: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        for group in facts.with_text:
            own = {
                topic: next(one for one in groups if one.name == group.name)
                for topic, groups in facts.groups.items()
                if groups
            }
            order = sorted((name for name in own if own[name].hits), key=lambda t: -own[t].hits)
            silent = [name for name in own if not own[name].hits]
            topics = [
                {
                    "topic": name,
                    "hits": own[name].hits,
                    "phrases": facts.phrases(name, group.name)[:MOST_PHRASES],
                }
                for name in order[:MOST_TOPICS]
            ]
            values = cls(
                group=group,
                topics=topics,
                topics_others=max(0, len(order) - MOST_TOPICS),
                silent=silent[:MOST_TOPICS],
                silent_others=max(0, len(silent) - MOST_TOPICS),
            )
            yield facts.finding("", [group], values)
