"""How many of a group's sentences on a topic are about the reported event, where all are coded."""

from dataclasses import dataclass
from typing import Any

from analysis.corpus.roles import ROLES
from analysis.prose.context import Findings, Group, Kind
from analysis.prose.facts import Facts
from analysis.prose.numbers import Count


@dataclass(frozen=True)
class Background(Kind):
    """What a finding of kind background says."""

    kind = "background"
    cells: list[dict[str, Any]]  # a group, and how many of its sentences are about the event
    background_alone: list[str]
    not_coded: list[str]

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        if facts.roles is None:
            return
        rows, keys = facts.evidence[facts.evidence["topic"] == topic], ["doc_id", "sentence_id"]
        rows = rows.merge(facts.roles[[*keys, "role"]], on=keys)
        numbers = rows.groupby(["group", "role"]).size().to_dict()
        groups: list[Group] = []
        cells, alone, not_coded = [], [], []
        for group in facts.groups[topic]:
            events, background = (numbers.get((group.name, role), 0) for role in ROLES)
            if group.hits > events + background:
                not_coded.append(group.name)
            elif group.hits:
                groups.append(group)
                cells.append({"group": group, "events": Count(events, group.hits.of)})
                alone += [] if events else [group.name]
        if cells:
            yield facts.finding(topic, groups, cls(cells, alone, not_coded))
