"""Sentences that name several topics."""

from dataclasses import dataclass
from typing import Any

from analysis.prose.context import Findings, Kind, others, quotes
from analysis.prose.facts import Facts
from analysis.prose.numbers import Count


@dataclass(frozen=True)
class CoEmphasis(Kind):
    """What a finding of kind co emphasis says."""

    kind = "co_emphasis"
    sets: list[dict[str, Any]]  # the same topics in the same group, the most frequent first
    others: int
    hits: Count
    read: int
    articles: int
    clusters: int
    size: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        together = sorted(facts.mentions.together.items())
        if not together:
            return
        sets: list[dict[str, Any]] = [
            {"topics": list(topics), "name": name, "hits": Count(hits)}
            for (topics, name), hits in together
        ]
        sets.sort(key=lambda entry: (-entry["hits"], -len(entry["topics"])))
        named = {one["name"] for one in sets}
        groups = [group for group in facts.with_text if group.name in named]
        hits = Count(sum(facts.mentions.together.values()))
        values = cls(sets, others(sets), hits, *facts.totals)
        here = facts.evidence.duplicated(["group", "doc_id", "sentence_id"], keep=False)
        yield facts.finding(topic, groups, values) | {"evidence": quotes(facts.evidence[here])}
