"""Which findings the rules choose, and the values each is made from; not a word of them.

Each kind of finding is a function here and a template of its name in ``wordings/*.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from analysis.corpus.roles import ROLES
from analysis.estimates.confounding import OVERLAPS, known_values
from analysis.estimates.stability import agreement, ordering
from analysis.estimates.status import warning_name
from analysis.io.results import rows_of
from analysis.prose.context import MOST_GROUPS, Facts, Finding, Group, plain, quotes
from analysis.prose.periods import changes, periods

AGREED = ("nearly_all", "most")  # a ranking is written if the ways of counting agree so far
TOLD_APART = ("suggestive", "supported")
MOST_VALUES = 3  # of a group, named in a text; the others are counted


def select(
    facts: Facts, confounds: pd.DataFrame | None, roles: pd.DataFrame | None
) -> Iterator[Finding]:
    """Yield the findings that the rules choose, in their order, before they are worded."""
    yield _scope(facts)
    if confounds is not None and len(confounds):
        yield _confound(facts, confounds)
    for topic in facts.topics:
        groups = facts.groups(topic)
        if not groups:
            continue
        ranking = _ranking(facts, topic, groups)
        yield from ranking
        yield from _presence_and_absence(facts, topic, groups)
        if roles is not None:
            yield from _background(facts, topic, groups, roles)
        told = {name for found in ranking for name in found["groups"][:1]}
        yield from _concentration(facts, topic, [g for g in groups if g["name"] not in told])
        yield from _contrasts(facts, topic, {group["name"]: group for group in groups})
        yield from changes(facts, topic, groups)
    yield from _co_emphasis(facts)
    yield _refusal(facts)


def _largest_first(groups: Sequence[Group], *, topic: bool) -> list[Group]:
    """The groups in the order in which a text names them; where it names all, in their own."""
    if len(groups) <= MOST_GROUPS:
        return list(groups)
    return sorted(groups, key=lambda group: (-group["hits"] * topic, -group["size"]))


def _others(items: Sequence[Any]) -> int:
    """How many of a list a text counts instead of naming."""
    return max(0, len(items) - MOST_GROUPS)


def _totals(facts: Facts) -> dict[str, int]:
    groups = facts.groups(facts.topics[0])
    return {
        "read": facts.read,
        "articles": sum(group["articles"] for group in groups),
        "clusters": int(facts.body[facts.cluster].nunique()),
        "size": sum(group["size"] for group in groups),
    }


def _scope(facts: Facts) -> Finding:
    groups = _largest_first(facts.groups(facts.topics[0]), topic=False)
    empty = sorted(set(facts.cells["group"]) - {group["name"] for group in groups})
    values = {"groups": groups, "others": _others(groups), **_totals(facts)}
    values |= {"empty": empty, "empty_others": _others(empty)}
    return facts.finding("scope", None, groups, values) | {"evidence": []}


def _confound(facts: Facts, confounds: pd.DataFrame) -> Finding:
    """In what else the groups differ, as far as it is known."""
    articles = facts.body.drop_duplicates("doc_id")
    groups = _largest_first(facts.groups(facts.topics[0]), topic=False)
    variables = []
    for variable, rows in confounds.groupby("variable", sort=False):
        known = known_values(articles[variable])
        every = [
            {"name": group["name"], **_most_frequent(known[articles["group"] == group["name"]])}
            for group in groups
        ]
        held = [group for group in every if group["held"]]
        overlaps = rows["overlap"].value_counts().reindex(OVERLAPS, fill_value=0)
        variables.append(
            {
                "name": variable,
                "known": int(known.notna().sum()),
                "groups": held,
                "others": _others(held),
                "pairs": len(rows),
                **{name: int(number) for name, number in overlaps.items()},
            }
        )
    values = {"variables": variables, **_totals(facts)}
    return facts.finding("confound", None, groups, values) | {"evidence": []}


def _most_frequent(values: pd.Series) -> dict[str, Any]:
    """The values most articles of a group have, and how many articles have others."""
    counts = values.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    held = [{"name": str(name), "articles": int(n)} for name, n in counts[:MOST_VALUES].items()]
    return {"held": held, "others": int(counts[MOST_VALUES:].sum())}


def _ranking(facts: Facts, topic: str, groups: Sequence[Group]) -> list[Finding]:
    ordered = sorted(groups, key=lambda group: -group["share"])
    if len(ordered) < 2 or ordered[0]["share"] == ordered[1]["share"]:
        return []
    top = ordered[0]
    runners = [group for group in ordered[1:] if group["share"] == ordered[1]["share"]]
    # An order that one sentence less would undo is an accident, not an order.
    if (top["hits"] - 1) * runners[0]["size"] <= runners[0]["hits"] * top["size"]:
        return []
    ways = facts.ways[topic]
    held = [ordering(ways, top["name"], group["name"], 1.0) for group in runners]
    holds, number, different = min(held, key=lambda one: one[0] / one[1])
    agreed = agreement(holds, number)
    if agreed not in AGREED:
        return []
    share = holds / number
    carrier = facts.carrier(topic, top, runners[0])
    values: dict[str, Any] = {"top": top, "runners": runners, "others": _others(runners)}
    values |= {"carrier": carrier, "share": share}
    values |= {"agreement": agreed, "holds": holds, "ways": number, "different": different}
    found = facts.finding("ranking", topic, [top, *runners], values)
    return [found | {"robustness": {"ordering_share": share, "holds": holds, "ways": number}}]


def _presence_and_absence(facts: Facts, topic: str, groups: Sequence[Group]) -> Iterator[Finding]:
    present = _largest_first([group for group in groups if group["hits"]], topic=True)
    absent = _largest_first([group for group in groups if not group["hits"]], topic=True)
    if present:
        values = {
            "groups": present,
            "others": _others(present),
            "with_topic": sum(group["articles_with_topic"] for group in groups),
            "articles": sum(group["articles"] for group in groups),
        }
        yield facts.finding("presence", topic, present, values)
    if absent:
        yield facts.finding("absence", topic, absent, {"groups": absent, "others": _others(absent)})


def _background(
    facts: Facts, topic: str, groups: Sequence[Group], roles: pd.DataFrame
) -> Iterator[Finding]:
    """How many of a group's sentences on a topic are about the event, where all are coded."""
    rows = facts.evidence[facts.evidence["topic"] == topic]
    rows = rows.merge(roles[["doc_id", "sentence_id", "role"]], on=["doc_id", "sentence_id"])
    numbers = rows.groupby(["group", "role"]).size().to_dict()
    present = [group for group in groups if group["hits"]]
    found = [tuple(numbers.get((group["name"], role), 0) for role in ROLES) for group in present]
    cells: list[dict[str, Any]] = [
        {"group": group, "events": events}
        for group, (events, background) in zip(present, found, strict=True)
        if events + background == group["hits"]
    ]
    if cells:
        told = [cell["group"] for cell in cells]
        values = {
            "cells": cells,
            "background_alone": [one["group"]["name"] for one in cells if not one["events"]],
            "not_coded": [group["name"] for group in present if group not in told],
        }
        yield facts.finding("background", topic, told, values)


def _concentration(facts: Facts, topic: str, groups: Sequence[Group]) -> Iterator[Finding]:
    for group in groups:
        if carrier := facts.carrier(topic, group):
            yield facts.finding(
                "concentration", topic, [group], {"group": group, "carrier": carrier}
            )


def _contrasts(facts: Facts, topic: str, groups: dict[str, Group]) -> Iterator[Finding]:
    rows = facts.contrasts[facts.contrasts["topic"] == topic]
    rows = rows[rows["target"].isin(groups) & rows["reference"].isin(groups)]
    told = rows[rows["status"].isin(TOLD_APART)]
    for row in rows_of(told):
        yield _contrast(facts, topic, row, groups, {"pairs": len(rows), "alike": 1})
    rest = rows[rows["status"] == "not_distinguishable"]
    if told.empty and not rest.empty:
        sizes = rest["estimate"].abs().round(12)
        # Of pairs that differ equally, the one that is known best.
        widths = (rest["conf_high"] - rest["conf_low"])[sizes == sizes.max()]
        (largest,) = rows_of(rest.loc[[widths.idxmin()]])
        number = {"pairs": len(rows), "alike": len(widths)}
        yield _contrast(facts, topic, largest, groups, number)


def _contrast(
    facts: Facts, topic: str, row: dict[str, Any], groups: dict[str, Group], number: dict[str, int]
) -> Finding:
    keys = ["target", "reference"]
    if row["estimate"] < 0:  # the higher group comes first; a contrast turned round is its negative
        keys.reverse()
        row = row | {
            "estimate": -row["estimate"],
            "conf_low": -row["conf_high"],
            "conf_high": -row["conf_low"],
        }
    higher, lower = (groups[row[key]] for key in keys)
    holds, all_ways, different = ordering(facts.ways[topic], higher["name"], lower["name"], 1.0)
    contrast = {
        **number,
        "difference": row["estimate"],
        "low": row["conf_low"],
        "high": row["conf_high"],
        "level": facts.level,
        "p_holm": row["p_holm"],
        "permutation_p": row["permutation_p"],
        "permutation_p_min": row["permutation_p_min"],
        "agreement": agreement(holds, all_ways),
        "holds": holds,
        "ways": all_ways,
        "different": different,
        "status": row["status"],
        "overlap": _overlap(facts, row["warnings"].split()),
    }
    found = facts.finding(
        "contrast", topic, [higher, lower], {"higher": higher, "lower": lower, **contrast}
    )
    apart = row["status"] in TOLD_APART
    return found | {
        "template": "contrast" if apart else "not_distinguishable",
        "scope": "articles_like_these",
        "status": row["status"],
        "contrast": contrast,
        "warnings": sorted({*found["warnings"], *row["warnings"].split()}),
        "robustness": {"ordering_share": plain(row["ordering_share"])},
    }


def _overlap(facts: Facts, warnings: Sequence[str]) -> dict[str, Any]:
    """Which of the variables checked two groups share, share nothing of, or are unknown of."""
    confounders = facts.confounders or []
    none = [name for name in confounders if f"confounded_with_{warning_name(name)}" in warnings]
    unknown = [name for name in confounders if f"{warning_name(name)}_unknown" in warnings]
    shared = [name for name in confounders if name not in (*none, *unknown)]
    lists = dict(zip(OVERLAPS, (shared, none, unknown), strict=True))
    return {"checked": facts.confounders is not None, **lists}


def _co_emphasis(facts: Facts) -> Iterator[Finding]:
    together = facts.evidence.groupby(["group", "doc_id", "sentence_id"], sort=True)["topic"]
    sets = together.agg(tuple).reset_index()
    sets = sets[sets["topic"].map(len) > 1]
    if sets.empty:
        return
    # The same topics in the same group make one entry, the most frequent combination first.
    counted = sets.groupby(["topic", "group"], sort=True).size().reset_index(name="hits")
    entries = [
        {"topics": list(entry["topic"]), "name": entry["group"], "hits": entry["hits"]}
        for entry in rows_of(counted)
    ]
    entries.sort(key=lambda entry: (-len(entry["topics"]), -entry["hits"]))
    named = sorted(set(sets["group"]))
    groups = [g for g in facts.groups(facts.topics[0]) if g["name"] in named]
    values = {"sets": entries, "others": _others(entries), "hits": len(sets), **_totals(facts)}
    found = facts.finding("co_emphasis", None, groups, values)
    keys = set(zip(sets["doc_id"], sets["sentence_id"], strict=True))
    rows = facts.evidence
    here = [key in keys for key in zip(rows["doc_id"], rows["sentence_id"], strict=True)]
    yield found | {"evidence": quotes(rows[here])}


def _refusal(facts: Facts) -> Finding:
    groups = _largest_first(facts.groups(facts.topics[0]), topic=False)
    rows = facts.contrasts
    thin = [group["name"] for group in groups if group["clusters"] == 1]
    values = {
        "thin": thin,
        "thin_others": _others(thin),
        "noun": facts.noun,
        "comparisons": len(rows),
        "told": int(rows["status"].isin(TOLD_APART).sum()),
        "silent": int((rows["status"] == "absent_in_both").sum()),
        "change": periods(facts),
        **_totals(facts),
    }
    found = facts.finding("refusal", None, groups, values)
    return found | {"scope": "articles_like_these", "status": "refused", "evidence": []}
