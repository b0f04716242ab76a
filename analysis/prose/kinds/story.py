"""What there is to say of a topic, in one paragraph: what a reader wants to know first.

Woven from the findings on the topic, which follow one by one: who mentions it and how surely more
than others, in which words, of the event or as background, what one article carries, what silence
means, and what further articles could show.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.estimates.planning import articles_needed
from analysis.io.results import rows_of
from analysis.prose.context import (
    DISTINGUISHABLE,
    MOST_PHRASES,
    Carrier,
    Findings,
    Group,
    Kind,
    higher_first,
    others,
    plain,
)
from analysis.prose.facts import Facts
from analysis.prose.kinds.background import Background
from analysis.prose.kinds.contrast import Contrast, best_known, why_open
from analysis.prose.kinds.ranking import Ranking
from analysis.prose.numbers import Count
from analysis.validation.rates import RECALL

RARE = 0.05  # a topic with at most this share of all body sentences is rare ...
MOST_NAMED = 3  # groups beside the first, in one sentence
CLOSE = 0.10  # further articles that are at most this far apart are not far apart
MOST_NEEDED = 500  # articles: more is no advice
FEWEST = 3  # groups, for one to stand out from the rest


@dataclass(frozen=True)
class Story(Kind):
    """What a finding of kind story says. `groups` mention the topic, the highest share first.

    `pair` is the best known contrast of those that are distinguishable, `out` are contrasts of
    groups with the rest; `leader` is what a ranking says of the first group, `null` what pairs
    show that are not distinguishable, those of groups that stand out left aside; `any_p` is the
    permutation p of whether any group differs, `beside` the contrast of the leader and the next.
    """

    kind = "story"
    groups: list[Group]
    named: int
    others: int
    silent: list[Group]
    silent_others: int
    bound: float | None
    hits: Count
    size: int
    articles: int
    with_topic: int
    rare: bool
    phrases: list[dict[str, Any]]
    phrases_others: int
    out: list[dict[str, Any]]
    out_others: int
    below: list[dict[str, Any]]
    below_others: int
    out_lost: list[str]
    pair: dict[str, Any] | None
    more: int
    leader: dict[str, Any] | None
    carrier: Carrier | None
    events: Count | None
    background_alone: list[str]
    null: dict[str, Any] | None
    any_p: float | None
    beside: dict[str, Any] | None
    needed: int | None

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        present = [group for group in facts.groups[topic] if group.hits]
        present.sort(key=lambda group: -group.share)
        silent = [group for group in facts.groups[topic] if not group.hits]
        hits, size = sum(group.hits for group in present), facts.totals[-1]
        with_topic = sum(group.articles_with_topic for group in present)
        phrases = facts.phrases(topic)
        leader = next((found["values"] for found in Ranking.choose(facts, topic)), None)
        events = next((found["values"] for found in Background.choose(facts, topic)), None)
        out, shown = standing_out(facts, topic), distinguishable(facts, topic)
        below = [] if out else standing_out(facts, topic, below=True)
        values = cls(
            groups=present,
            named=min(len(present), 1 + MOST_NAMED),
            others=max(0, len(present) - 1 - MOST_NAMED),
            silent=silent,
            silent_others=others(silent),
            bound=max((one.high for one in silent if one.high is not None), default=None),
            hits=Count(hits, (topic, "")),
            size=size,
            articles=facts.totals[1],
            with_topic=with_topic,
            # ... unless more than half of the articles mention it.
            rare=hits <= RARE * size and 2 * with_topic <= facts.totals[1],
            phrases=phrases[:MOST_PHRASES],
            phrases_others=max(0, len(phrases) - MOST_PHRASES),
            out=out,
            out_others=max(0, len(out) - MOST_NAMED),
            below=below,
            below_others=max(0, len(below) - MOST_NAMED),
            out_lost=lost_of(out or below),
            pair=vars(shown[0]) if shown else None,
            more=max(0, len(shown) - 1),
            leader=leader,
            carrier=leader["carrier"] if leader else None,
            events=None
            if events is None or events["not_coded"]
            else Count(sum(cell["events"] for cell in events["cells"]), (topic, "")),
            background_alone=[] if events is None else events["background_alone"],
            null=None if (shown and not out) or below else _null(facts, topic, out),
            any_p=_any_p(facts, topic),
            beside=None if shown or out or below else _beside(leader, facts, topic),
            needed=None if shown or out or below else _needed(leader, facts, topic),
        )
        first = present or silent
        if first:
            yield facts.finding(topic, first, values)


def distinguishable(facts: Facts, topic: str) -> list[Contrast]:
    """The contrasts of a topic that are distinguishable, the best known first."""
    rows = facts.contrasts[facts.contrasts["topic"] == topic]
    return [
        Contrast.of(facts, row) for row in best_known(rows[rows["status"].isin(DISTINGUISHABLE)])
    ]


def lost_of(out: list[dict[str, Any]]) -> list[str]:
    """The confounders within which not all of what stands out is found."""
    return list(dict.fromkeys(name for one in out for name in one["overlap"]["lost"]))


def standing_out(facts: Facts, topic: str, *, below: bool = False) -> list[dict[str, Any]]:
    """The groups that stand out from the rest of three or more, the best known first.

    Those that have more on a topic; `below`: those that have less.
    """
    if facts.rest is None or len(facts.groups[topic]) < FEWEST:
        return []
    rows = facts.rest[facts.rest["topic"] == topic]
    rows = rows[(rows["estimate"] < 0) if below else (rows["estimate"] > 0)]
    return [
        vars(Contrast.of(facts, row))
        for row in best_known(rows[rows["status"].isin(DISTINGUISHABLE)])
    ]


def _null(facts: Facts, topic: str, out: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What pairs of groups show that could have differed, and do not."""
    rows = facts.contrasts[facts.contrasts["topic"] == topic]
    standing = [one["higher"].name for one in out]
    rows = rows[~rows["target"].isin(standing) & ~rows["reference"].isin(standing)]
    open_ = rows["p_adjusted"].notna()
    fewest = rows[["articles_target", "articles_reference"]].min(axis=1)
    if rows["warnings"].str.contains(RECALL).any():
        return None  # unlike recall hides or makes a difference
    if not open_.any() or (fewest < 2).any() or rows["status"].isin(DISTINGUISHABLE).any():
        return None
    if rows["warnings"].str.contains("confounded_with_").any():
        return None  # of some pairs, these articles can say nothing
    pairs = rows_of(rows[open_])
    apart = max(row["at_most_apart"] for row in pairs)
    return {
        "groups": len(facts.groups[topic]) - len(standing),
        "sides": list(facts.sides(pairs[0])) if len(pairs) == 1 and not out else [],
        "close": apart <= CLOSE,
        "at_most_apart": float(apart),
        "could_have_shown": plain(max(row["could_have_shown"] for row in pairs)),
    }


def _beside(leader: dict[str, Any] | None, facts: Facts, topic: str) -> dict[str, Any] | None:
    """The difference of the first two groups with its limits: no order stands without it."""
    if leader is None:
        return None
    pair = {leader["top"]["name"], leader["runners"][0]["name"]}
    rows = facts.contrasts[facts.contrasts["topic"] == topic]
    rows = rows[rows["target"].isin(pair) & rows["reference"].isin(pair)]
    for row in map(higher_first, rows_of(rows)):
        return {
            "difference": row["estimate"],
            "low": row["conf_low"],
            "high": row["conf_high"],
            "open": why_open(facts, row),
        }
    return None  # compared with the rest alone


def _any_p(facts: Facts, topic: str) -> float | None:
    """The p of the test whether any of three groups or more differs, if it can show something."""
    groups = [group.name for group in facts.groups[topic]]
    if facts.omnibus is None or len(groups) < FEWEST:
        return None
    if any(facts.unequal(topic, name) for name in groups):
        return None  # what differs may be the dictionary's recall
    (row,) = rows_of(facts.omnibus[facts.omnibus["topic"] == topic])
    return plain(row["permutation_p"]) if row["permutation_p_min"] <= 1 - facts.level else None


def _needed(leader: dict[str, Any] | None, facts: Facts, topic: str) -> int | None:
    """How many articles of each would show the difference of the first two, if any number would."""
    if leader is None or facts.cluster != "doc_id":
        return None
    one, two = (leader["top"], leader["runners"][0])
    rows = facts.contrasts[facts.contrasts["topic"] == topic]
    pair = {one["name"], two["name"]}
    own = rows[rows["target"].isin(pair) & rows["reference"].isin(pair)]
    several = min(one["articles"], two["articles"]) > 1  # of one article, nothing is known yet
    if several and own["warnings"].str.contains("confounded_with_").any():
        return None
    if not 0 < two["share"] < one["share"] < 1:
        return None
    rho = one["rho"] if one["rho"] is not None else np.nan
    if not np.isfinite(rho):
        return None
    needed = articles_needed(
        one["share"],
        two["share"],
        sizes=facts.texts.lengths,
        rho=rho,
        alpha=1 - facts.level,
        comparisons=len(rows),
    )
    there = max(one["articles"], two["articles"])
    return needed if there < needed <= MOST_NEEDED else None
