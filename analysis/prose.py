"""From numbers to sentences: findings, chosen by rules, worded by templates, with their evidence.

A finding is an object and its text a pure function of it: ``text`` is the template of its kind
filled with ``values``. The templates stand in ``wordings/*.toml``; no word of a finding stands in
this module, and no number in a text comes from anywhere but the object.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.confounding import OVERLAPS, known_values
from analysis.dictionary import Dictionary
from analysis.errors import InputError
from analysis.facts import Facts, Finding, Group, quotes
from analysis.ladder import warning_name
from analysis.orderings import ordering
from analysis.results import Result, rows_of
from analysis.wording import templates

RANKING_SHARE = 0.8  # a ranking is written if it holds in this share of the specifications
TOLD_APART = ("suggestive", "supported")
MOST_VALUES = 3  # of a group, named in a text; the others are counted

FINDING_COLUMNS = [
    "id",
    "kind",
    "topic",
    "groups",
    "scope",
    "status",
    "text",
    "values",
    "estimate",
    "interval",
    "contrast",
    "robustness",
    "warnings",
    "evidence",
    "searched",
    "provenance",
]


def findings(
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    emphasis: Result,
    contrasts: Result,
    specifications: pd.DataFrame,
    wording: str = "english",
    confounds: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what may be said, in words: one row a finding, in a stable order.

    Which findings are written is a rule, never a choice: the scope; what else the groups differ
    in, if that was checked; for each topic a ranking (if
    the first group leads in .8 of the specifications and one sentence less would not undo it),
    who mentions the topic, who does not (with the bound that zero hits leave), cells that one
    article carries, and the contrasts (each that can be told apart; else the largest); sentences
    that name several topics; and one refusal, what these articles cannot show.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`.
    dictionary : Dictionary
        The dictionary that the numbers were made with.
    emphasis, contrasts : Result
        From `emphasis` (measure ``sentence_share``) and `contrasts`.
    specifications : pandas.DataFrame
        From `specifications`.
    wording : str
        The name of a file in ``analysis/wordings``.
    confounds : pandas.DataFrame, optional
        The table from `confounds` that the contrasts were made with.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``kind``, ``topic``, ``groups``, ``scope`` (these_articles or
        articles_like_these), ``status``, ``text``, ``values`` (what the text was made from),
        ``estimate``, ``interval``, ``contrast``, ``robustness``, ``warnings``, ``evidence`` (a
        list of ``doc_id``, ``sentence_id``, ``start``, ``end``, ``patterns``, ``spans``,
        ``quote``), ``searched`` (the patterns of the topic), ``provenance``.

    Raises
    ------
    InputError
        If the estimates are not of sentences or one has no interval, or the evidence of a cell does
        not add up to its numerator (the numbers were made from other sentences or with another
        dictionary).

    Examples
    --------
    >>> import analysis as an
    >>> texts = an.sentences(pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind grows. Wind pays.", "Coal grows. Coal pays."]}))
    >>> energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    >>> tally = an.tally(an.codes(texts, energy), by="party")
    >>> ways = an.specifications(texts, energy, by="party")
    >>> found = findings(texts, energy, an.emphasis(tally), an.contrasts(tally), ways)
    >>> print(found.loc[found["kind"] == "presence", "text"].item())
    Of these 2 articles, 1 mentions wind: on Green, 2 of 2 body sentences (1 of 1 article).
    """
    _check_made_alike(emphasis, contrasts)
    _check_confounds(contrasts, confounds)
    facts = Facts(sentences, dictionary, emphasis, contrasts, specifications)
    templates_of = templates(wording)
    provenance = {
        "dictionary": dictionary.name,
        **{key: emphasis.provenance[key] for key in ("measure", "method", "conf_level")},
    }
    rows = []
    for number, found in enumerate(_select(facts, confounds), 1):
        template = found.pop("template", found["kind"])
        text = " ".join(templates_of[template].render(found["values"]).split())
        row = dict.fromkeys(FINDING_COLUMNS) | found
        rows.append(row | {"id": f"F{number:02d}", "text": text, "provenance": provenance})
    return pd.DataFrame(rows, columns=FINDING_COLUMNS, dtype=object)


def _check_made_alike(emphasis: Result, contrasts: Result) -> None:
    """Raise unless both are of sentences, at one level, and the contrasts are all pairs."""
    for result in (emphasis, contrasts):
        if (measure := result.provenance.get("measure")) != "sentence_share":
            raise InputError(
                f"findings speak of sentences, not of {measure!r}",
                do="make emphasis and contrasts with measure='sentence_share'",
            )
    cells = emphasis.to_frame()
    bare = cells[(cells["size"] > 0) & cells["conf_high"].isna()]
    if len(bare):
        raise InputError(
            f"{len(bare)} of {len(cells)} estimates have no interval (method "
            f"{emphasis.provenance['method']!r}, target {emphasis.provenance['target']!r})",
            do="findings need every one: make emphasis with method='moderated', for "
            "'articles_like_these'",
        )
    levels = [result.provenance.get("conf_level") for result in (emphasis, contrasts)]
    if levels[0] != levels[1]:
        raise InputError(
            f"the intervals are at {levels[0]}, the contrasts at {levels[1]}",
            do="make both with one conf_level",
        )
    if (reference := contrasts.provenance.get("reference")) != "pairs":
        raise InputError(
            f"the contrasts are with reference={reference!r}",
            do="findings compare every pair: make them with reference='pairs'",
        )


def _check_confounds(contrasts: Result, confounds: pd.DataFrame | None) -> None:
    made = contrasts.provenance.get("confounders")
    given = None if confounds is None else list(confounds["variable"].unique())
    if made != given:
        raise InputError(
            f"the contrasts were made with confounds of {made}, the findings with {given}",
            do="pass the same table from `confounds` to both",
        )


def _select(facts: Facts, confounds: pd.DataFrame | None) -> Iterator[Finding]:
    """Yield the findings that the rules choose, in their order."""
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
        told = {name for found in ranking for name in found["groups"][:1]}
        yield from _concentration(facts, topic, [g for g in groups if g["name"] not in told])
        yield from _contrasts(facts, topic, {group["name"]: group for group in groups})
    yield from _co_emphasis(facts)
    yield _refusal(facts)


def _totals(facts: Facts) -> dict[str, int]:
    groups = facts.groups(facts.topics[0])
    return {
        "read": facts.read,
        "articles": sum(group["articles"] for group in groups),
        "size": sum(group["size"] for group in groups),
    }


def _scope(facts: Facts) -> Finding:
    groups = facts.groups(facts.topics[0])
    empty = sorted(set(facts.cells["group"]) - {group["name"] for group in groups})
    values = {"groups": groups, "empty": empty, **_totals(facts)}
    return facts.finding("scope", None, groups, values) | {"evidence": []}


def _confound(facts: Facts, confounds: pd.DataFrame) -> Finding:
    """In what else the groups differ, as far as it is known."""
    articles = facts.body.drop_duplicates("doc_id")
    groups = facts.groups(facts.topics[0])
    variables = []
    for variable, rows in confounds.groupby("variable", sort=False):
        known = known_values(articles[variable])
        held = [
            {"name": group["name"], **_most_frequent(known[articles["group"] == group["name"]])}
            for group in groups
        ]
        overlaps = rows["overlap"].value_counts().reindex(OVERLAPS, fill_value=0)
        variables.append(
            {
                "name": variable,
                "known": int(known.notna().sum()),
                "groups": [group for group in held if group["held"]],
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
    ways = facts.ways[facts.ways["topic"] == topic]
    held = [ordering(ways, top["name"], group["name"], 1.0) for group in runners]
    holds, number, different = min(held, key=lambda one: one[0] / one[1])
    share = holds / number
    if share < RANKING_SHARE:
        return []
    carrier = facts.carrier(topic, top, runners[0])
    values = {"top": top, "runners": runners, "carrier": carrier, "share": share}
    values |= {"holds": holds, "ways": number, "different": different}
    found = facts.finding("ranking", topic, [top, *runners], values)
    return [found | {"robustness": {"ordering_share": share, "holds": holds, "ways": number}}]


def _presence_and_absence(facts: Facts, topic: str, groups: Sequence[Group]) -> Iterator[Finding]:
    present = [group for group in groups if group["hits"]]
    absent = [group for group in groups if not group["hits"]]
    if present:
        values = {
            "groups": present,
            "with_topic": sum(group["articles_with_topic"] for group in groups),
            "articles": sum(group["articles"] for group in groups),
        }
        yield facts.finding("presence", topic, present, values)
    if absent:
        yield facts.finding("absence", topic, absent, {"groups": absent})


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
    ways = facts.ways[facts.ways["topic"] == topic]
    holds, all_ways, different = ordering(ways, higher["name"], lower["name"], 1.0)
    contrast = {
        **number,
        "difference": row["estimate"],
        "low": row["conf_low"],
        "high": row["conf_high"],
        "level": facts.level,
        "p_holm": row["p_holm"],
        "permutation_p": row["permutation_p"],
        "permutation_p_min": row["permutation_p_min"],
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
        "robustness": {"ordering_share": _plain(row["ordering_share"])},
    }


def _overlap(facts: Facts, warnings: Sequence[str]) -> dict[str, Any]:
    """Which of the variables checked two groups share, share nothing of, or are unknown of."""
    confounders = facts.confounders or []
    none = [name for name in confounders if f"confounded_with_{warning_name(name)}" in warnings]
    unknown = [name for name in confounders if f"{warning_name(name)}_unknown" in warnings]
    shared = [name for name in confounders if name not in (*none, *unknown)]
    lists = dict(zip(OVERLAPS, (shared, none, unknown), strict=True))
    return {"checked": facts.confounders is not None, **lists}


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


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
    found = facts.finding(
        "co_emphasis", None, groups, {"sets": entries, "hits": len(sets), **_totals(facts)}
    )
    keys = set(zip(sets["doc_id"], sets["sentence_id"], strict=True))
    rows = facts.evidence
    here = [key in keys for key in zip(rows["doc_id"], rows["sentence_id"], strict=True)]
    yield found | {"evidence": quotes(rows[here])}


def _refusal(facts: Facts) -> Finding:
    groups = facts.groups(facts.topics[0])
    rows = facts.contrasts
    values = {
        "thin": [group["name"] for group in groups if group["articles"] == 1],
        "noun": facts.noun,
        "comparisons": len(rows),
        "told": int(rows["status"].isin(TOLD_APART).sum()),
        "silent": int((rows["status"] == "absent_in_both").sum()),
        **_totals(facts),
    }
    found = facts.finding("refusal", None, groups, values)
    return found | {"scope": "articles_like_these", "status": "refused", "evidence": []}
