"""In what else the groups differ, as far as it is known; if that was checked."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.corpus.groups import WINDOWS
from analysis.estimates.within import OVERLAPS
from analysis.prose.context import Findings, Kind, largest_first, others
from analysis.prose.facts import Facts

MOST_VALUES = 3  # of a group, named in a text; the others are counted


@dataclass(frozen=True)
class Confound(Kind):
    """What a finding of kind confound says."""

    kind = "confound"
    variables: list[dict[str, Any]]
    read: int
    articles: int
    clusters: int
    size: int

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        if facts.confounds is None or facts.confounds.empty:
            return
        groups = largest_first(facts.with_text, topic=False)
        variables = []
        for name, rows in facts.confounds.groupby("variable", sort=False):
            by = str(rows["compared_by"].iloc[0])
            counted = facts.texts.values_of(str(name), by if by in WINDOWS else "month")
            none = pd.Series(0, index=counted.columns)
            every = [
                {"name": group.name, **_most_frequent(counted.T.get(group.name, none))}
                for group in groups
            ]
            held = [group for group in every if group["held"]]
            variable = {"name": name, "known": int(counted.to_numpy().sum()), "groups": held}
            variable |= {
                "others": others(held),
                "pairs": len(rows),
                "by": facts.compared_by(str(name)),
            }
            variable |= {one: int((rows["overlap"] == one).sum()) for one in OVERLAPS}
            variables.append(variable)
        yield facts.finding(topic, groups, cls(variables, *facts.totals))


def _most_frequent(counts: pd.Series) -> dict[str, Any]:
    """The values that most articles of a group have, and how many articles have others."""
    counts = counts[counts > 0].sort_index().sort_values(ascending=False, kind="stable")
    held = [{"name": str(name), "articles": int(n)} for name, n in counts[:MOST_VALUES].items()]
    return {"held": held, "others": int(counts[MOST_VALUES:].sum())}
