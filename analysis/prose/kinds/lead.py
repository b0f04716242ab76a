"""The lead: what a reader with one minute should know, in three to five sentences.

What all share; what stands out, and what carries it; what is rare; what cannot be said.
"""

from dataclasses import dataclass
from typing import Any

from analysis.prose.context import DISTINGUISHABLE, Carrier, Findings, Group, Kind
from analysis.prose.facts import Facts
from analysis.prose.kinds.corrected import corrected_in_brief
from analysis.prose.kinds.ranking import Ranking
from analysis.prose.kinds.refusal import reasons_of
from analysis.prose.kinds.story import MOST_NAMED, RARE, distinguishable, lost_of, standing_out
from analysis.prose.numbers import Count

MOST_TOPICS = 3  # named in one sentence


@dataclass(frozen=True)
class Lead(Kind):
    """What the finding of kind lead says.

    `everywhere` are topics that every article mentions, or else every group (`in_groups`). `pair`
    is the contrast that is surely largest; of three groups or more, `out` are those that stand out
    from the rest on the topic where one does most surely. Where none is distinguishable, `leading`
    says which group is first on the topic with the clearest order, and `elsewhere` is the most
    sentences that any other topic has in a group. Of the reasons why comparisons stay open the
    commonest is said: `thin` are groups of a single article, `split` is what groups lack in common.
    """

    kind = "lead"
    everywhere: list[str]
    in_groups: list[str]
    articles: int
    with_text: int
    out: list[dict[str, Any]]
    out_others: int
    out_topic: str | None
    below: list[dict[str, Any]]
    below_others: int
    out_lost: list[str]
    pair: dict[str, Any] | None
    leading: dict[str, Any] | None
    carrier: Carrier | None
    rare: list[dict[str, Any]]
    unmentioned: list[str]
    size: int
    thin: list[str]
    thin_others: int
    noun: str | list[str]
    comparisons: int
    told: int
    probable: int
    split: dict[str, Any] | None
    corrected: dict[str, Any] | None

    @classmethod
    def choose(cls, facts: Facts, topic: str) -> Findings:
        topics = {name: groups for name, groups in facts.groups.items() if groups}
        if not topics:
            return
        articles = facts.totals[1]
        hits = {name: sum(group.hits for group in groups) for name, groups in topics.items()}
        everywhere = [
            name
            for name, groups in topics.items()
            if sum(group.articles_with_topic for group in groups) == articles
        ]
        in_groups = [name for name, groups in topics.items() if all(one.hits for one in groups)]
        rare = [name for name in topics if 0 < hits[name] <= RARE * facts.totals[-1]]
        rare.sort(key=hits.__getitem__)
        about, out = _surest({name: standing_out(facts, name) for name in topics})
        below: list[dict[str, Any]] = []
        if not out:
            fewer = {name: standing_out(facts, name, below=True) for name in topics}
            about, below = _surest(fewer)
        pairs = {name: [vars(one) for one in distinguishable(facts, name)] for name in topics}
        paired, shown = (None, []) if out or below else _surest(pairs)
        leading = None if out or below or shown else _leading(facts, topics)
        about = about or paired or (leading["topic"] if leading else None)
        status = facts.contrasts["status"]
        reasons = [one for one in reasons_of(facts) if one["why"] != "silent"]
        common = max(reasons, key=lambda one: one["number"], default={"why": ""})
        single = common["why"] in ("single", "")
        thin = [group.name for group in facts.with_text if group.clusters == 1 and single]
        values = cls(
            everywhere=[] if len(everywhere) > MOST_TOPICS else everywhere,
            in_groups=[] if everywhere or len(in_groups) > MOST_TOPICS else in_groups,
            articles=articles,
            with_text=len(facts.with_text),
            out=out,
            out_others=max(0, len(out) - MOST_NAMED),
            out_topic=about if out or below else None,
            below=below,
            below_others=max(0, len(below) - MOST_NAMED),
            out_lost=lost_of(out or below),
            pair={"topic": paired, **shown[0]} if shown else None,
            leading=leading,
            carrier=leading["carrier"] if leading else None,
            rare=[
                {"topic": name, "hits": Count(hits[name], (name, ""))}
                for name in rare[:MOST_TOPICS]
            ],
            unmentioned=[name for name in topics if not hits[name]],
            size=facts.totals[-1],
            thin=thin[:MOST_TOPICS],
            thin_others=max(0, len(thin) - MOST_TOPICS),
            noun=facts.noun,
            comparisons=len(status),
            told=int(status.isin(DISTINGUISHABLE).sum()),
            probable=int((status == "suggestive").sum()),
            split=common if common["why"] == "confounded" else None,
            corrected=corrected_in_brief(facts),
        )
        found = facts.finding("", facts.with_text, values)
        if about:
            found["evidence"] = facts.finding(about, topics[about], values)["evidence"]
        yield found


def _surest(found: dict[str, list[dict[str, Any]]]) -> tuple[str | None, list[dict[str, Any]]]:
    """The topic whose first contrast is surely largest, and its contrasts."""
    some = {name: own for name, own in found.items() if own}
    if not some:
        return None, []
    name = max(some, key=lambda topic: some[topic][0]["low"])
    return name, some[name]


def _leading(facts: Facts, topics: dict[str, list[Group]]) -> dict[str, Any] | None:
    """The topic on which one group is first by most, among those with an order that holds."""
    ranked = [found["values"] for name in topics for found in Ranking.choose(facts, name)]
    if not ranked:
        return None
    # One article that leads says little of a group where others have many.
    several = [own for own in ranked if own["top"]["articles"] > 1]
    best = max(several or ranked, key=lambda own: own["top"]["share"] - own["runners"][0]["share"])
    rest = sorted(topics[best["topic"]], key=lambda group: -group.share)[1:]
    elsewhere = max(
        (
            group.hits
            for name, groups in topics.items()
            if name != best["topic"]
            for group in groups
        ),
        default=0,
    )
    return {
        "topic": best["topic"],
        "top": best["top"],
        "rest": rest[:MOST_NAMED],
        "rest_others": max(0, len(rest) - MOST_NAMED),
        "carrier": best["carrier"],
        "elsewhere": int(elsewhere),
    }
