"""How right the dictionary's codes are, whose codes say so, and what is not validated."""

from dataclasses import dataclass
from typing import Any

from analysis.prose.context import Findings, Kind, others
from analysis.prose.facts import Facts
from analysis.validation.rates import RECALL


@dataclass(frozen=True)
class Validation(Kind):
    """What a finding of kind validation says; `refused` contrasts are of groups unequal in recall.

    `topics` have their error rates, those with the most errors first.
    """

    kind = "validation"
    coders: list[str]
    topics: list[dict[str, Any]]
    others: int
    alphas: int
    unchecked: list[str]
    unchecked_others: int
    refused: int
    note: str
    read: int
    articles: int
    clusters: int
    size: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        rates = [{"topic": name, **own} for name, own in facts.validated.items()]
        rates.sort(key=lambda own: -own["errors"])
        unchecked = [name for name in facts.groups if name not in facts.validated]
        refused = facts.contrasts["warnings"].str.split().map(lambda own: RECALL in own)
        values = cls(
            coders=facts.coders,
            topics=rates,
            others=others(rates),
            alphas=sum(own["alpha"] is not None for own in rates),
            unchecked=unchecked,
            unchecked_others=others(unchecked),
            refused=int(refused.sum()),
            note=facts.note if rates else "",
            **dict(zip(("read", "articles", "clusters", "size"), facts.totals, strict=True)),
        )
        yield facts.finding("", facts.with_text, values)
