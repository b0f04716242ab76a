"""Sentences that name several topics."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.io.results import rows_of
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
        keys = ["doc_id", "sentence_id"]
        together = facts.evidence.groupby(["group", *keys], sort=True)["topic"].agg(tuple)
        several = together[together.map(len) > 1].reset_index()
        if several.empty:
            return
        counted = several.groupby(["topic", "group"], sort=True).size().reset_index(name="hits")
        sets = [
            {"topics": list(row["topic"]), "name": row["group"], "hits": Count(row["hits"])}
            for row in rows_of(counted)
        ]
        sets.sort(key=lambda entry: (-entry["hits"], -len(entry["topics"])))
        groups = [group for group in facts.with_text if group.name in set(several["group"])]
        values = cls(sets, others(sets), Count(len(several)), *facts.totals)
        places = (pd.MultiIndex.from_frame(table[keys]) for table in (facts.evidence, several))
        here = next(places).isin(next(places))
        yield facts.finding(topic, groups, values) | {"evidence": quotes(facts.evidence[here])}
