"""From numbers to sentences: findings, chosen by rules, worded by templates, with their evidence.

A finding is an object and its text a pure function of it: ``text`` is the template of its kind
filled with ``values``. The templates stand in ``wordings/*.toml``; no word of a finding stands in
this module, and no number in a text comes from anywhere but the object.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from analysis.coding import evidence, matches
from analysis.comparison import SPECIFICATION_KEYS, group_labels, ordering_share
from analysis.dictionary import Dictionary
from analysis.errors import InputError, check_choice
from analysis.results import Result, rows_of

RANKING_SHARE = 0.8  # a ranking is written if it holds in this share of the specifications
TOLD_APART = ("suggestive", "supported")

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

Group = dict[str, Any]
Finding = dict[str, Any]


def findings(
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    emphasis: Result,
    contrasts: Result,
    specifications: pd.DataFrame,
    wording: str = "english",
) -> pd.DataFrame:
    """Return what may be said, in words: one row a finding, in a stable order.

    Which findings are written is a rule, never a choice: the scope; for each topic a ranking (if
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
        If the estimates are not of sentences, or the evidence of a cell does not add up to its
        numerator (the numbers were made from other sentences or with another dictionary).

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
    Of these articles, those on 1 of 2 groups mention wind: Green (2 of 2 body sentences, \
1 article).
    """
    if emphasis.provenance.get("measure") != "sentence_share":
        raise InputError(
            f"findings speak of sentences, not of {emphasis.provenance.get('measure')!r}",
            do="pass emphasis(tally, measure='sentence_share')",
        )
    facts = _Facts(sentences, dictionary, emphasis, contrasts, specifications)
    templates = _templates(wording)
    provenance = {
        "dictionary": dictionary.name,
        **{key: emphasis.provenance[key] for key in ("measure", "method", "conf_level")},
    }
    rows = []
    for number, found in enumerate(_select(facts), 1):
        template = found.pop("template", found["kind"])
        text = " ".join(templates[template].render(found["values"]).split())
        row = dict.fromkeys(FINDING_COLUMNS) | found
        rows.append(row | {"id": f"F{number:02d}", "text": text, "provenance": provenance})
    return pd.DataFrame(rows, columns=FINDING_COLUMNS, dtype=object)


class _Facts:
    """What the rules select from: the tables with one group label each, and the evidence."""

    def __init__(
        self,
        sentences: pd.DataFrame,
        dictionary: Dictionary,
        emphasis: Result,
        contrasts: Result,
        specifications: pd.DataFrame,
    ) -> None:
        by = [key for key in emphasis.keys if key != "topic"]
        cells = emphasis.to_frame()
        self.noun = " and ".join(by).replace("_", " ")
        self.level = float(emphasis.provenance["conf_level"])
        self.patterns = {topic.name: list(topic.core) for topic in dictionary.topics}
        self.cells = cells.assign(group=group_labels(cells, by))
        self.contrasts = contrasts.to_frame()
        self.ways = specifications.assign(group=group_labels(specifications, by))
        forks = [key for key in SPECIFICATION_KEYS if key in specifications.columns]
        self.number_of_ways = len(specifications[forks].drop_duplicates())
        body = sentences[sentences["section"] == "body"]
        self.body = body.assign(group=group_labels(body, by))
        found = evidence(body, matches(body, dictionary))
        self.evidence = found.assign(group=group_labels(found, by))
        self._check_evidence()

    def _check_evidence(self) -> None:
        shown = self.evidence.groupby(["topic", "group"]).size().to_dict()
        for cell in rows_of(self.cells):
            key = (cell["topic"], cell["group"])
            if shown.get(key, 0) != cell["hits"]:
                raise InputError(
                    f"{key[0]} in {key[1]}: {cell['hits']} sentences are counted and "
                    f"{shown.get(key, 0)} can be shown",
                    do="make numbers and findings from the same sentences and dictionary",
                )

    @property
    def topics(self) -> list[str]:
        """The topics, in the order of the estimates."""
        return list(self.cells["topic"].drop_duplicates())

    def groups(self, topic: str) -> list[Group]:
        """The groups with text, and what a template may say of each on a topic."""
        cells = self.cells[(self.cells["topic"] == topic) & (self.cells["size"] > 0)]
        return [
            {
                "name": cell["group"],
                "hits": int(cell["hits"]),
                "size": int(cell["size"]),
                "articles": int(cell["articles"]),
                "share": float(cell["estimate"]),
                "low": float(cell["conf_low"]),
                "high": float(cell["conf_high"]),
                "rho": float(cell["rho"]),
                "deff": float(cell["design_effect"]),
                "df": float(cell["df"]),
                "warnings": cell["warnings"].split(),
            }
            for cell in rows_of(cells)
        ]

    def finding(
        self, kind: str, topic: str | None, groups: Sequence[Group], values: dict[str, Any]
    ) -> Finding:
        """The parts that every finding has; the first group is the one it is about."""
        names = [group["name"] for group in groups]
        rows = self.evidence[self.evidence["group"].isin(names)]
        if topic is not None:
            rows = rows[rows["topic"] == topic]
        about = groups[0] if topic is not None else None
        return {
            "kind": kind,
            "topic": topic,
            "groups": names,
            "scope": "these_articles",
            "status": "observed",
            "values": values if topic is None else {"topic": topic, **values},
            "estimate": about
            and {
                "value": about["share"],
                "unit": "share of body sentences",
                "numerator": about["hits"],
                "denominator": about["size"],
                "articles": about["articles"],
            },
            "interval": about
            and {key: about[key] for key in ("low", "high", "rho", "deff", "df")}
            | {"level": self.level},
            "warnings": sorted({name for group in groups for name in group["warnings"]}),
            "evidence": _quotes(rows),
            "searched": self.patterns.get(topic, []) if topic else [],
        }

    def carrier(self, topic: str, group: Group, runner: Group | None = None) -> Group | None:
        """The article that holds most of a group's sentences on a topic, if one carries them."""
        if "carried_by_one_article" not in group["warnings"] or group["hits"] < 2:
            return None
        here = (self.evidence["topic"] == topic) & (self.evidence["group"] == group["name"])
        per_article = self.evidence[here].groupby("doc_id").size().sort_values(kind="stable")
        doc_id, hits = str(per_article.index[-1]), int(per_article.iloc[-1])
        own = (self.body["group"] == group["name"]) & (self.body["doc_id"] == doc_id)
        rest_hits, rest_size = group["hits"] - hits, group["size"] - int(own.sum())
        flips = runner is not None and rest_hits * runner["size"] <= runner["hits"] * rest_size
        return {
            "doc_id": doc_id,
            "hits": hits,
            "rest_hits": rest_hits,
            "rest_size": rest_size,
            "flips": flips,
        }


def _quotes(rows: pd.DataFrame) -> list[dict[str, Any]]:
    columns = ["doc_id", "sentence_id", "start", "end", "patterns", "spans", "quote"]
    return [
        row | {"patterns": list(row["patterns"]), "spans": [list(span) for span in row["spans"]]}
        for row in rows_of(rows[columns])
    ]


def _select(facts: _Facts) -> Iterator[Finding]:
    """Yield the findings that the rules choose, in their order."""
    yield _scope(facts)
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


def _totals(facts: _Facts) -> dict[str, int]:
    groups = facts.groups(facts.topics[0])
    return {
        "articles": sum(group["articles"] for group in groups),
        "size": sum(group["size"] for group in groups),
    }


def _scope(facts: _Facts) -> Finding:
    groups = facts.groups(facts.topics[0])
    empty = sorted(set(facts.cells["group"]) - {group["name"] for group in groups})
    values = {"groups": groups, "empty": empty, **_totals(facts)}
    return facts.finding("scope", None, groups, values) | {"evidence": []}


def _ranking(facts: _Facts, topic: str, groups: Sequence[Group]) -> list[Finding]:
    ordered = sorted(groups, key=lambda group: -group["share"])
    if len(ordered) < 2 or ordered[0]["share"] == ordered[1]["share"]:
        return []
    top = ordered[0]
    runners = [group for group in ordered[1:] if group["share"] == ordered[1]["share"]]
    # An order that one sentence less would undo is an accident, not an order.
    if (top["hits"] - 1) * runners[0]["size"] <= runners[0]["hits"] * top["size"]:
        return []
    ways = facts.ways[facts.ways["topic"] == topic]
    share = min(ordering_share(ways, top["name"], group["name"], 1.0) for group in runners)
    if share < RANKING_SHARE:
        return []
    holds = {"holds": round(share * facts.number_of_ways), "ways": facts.number_of_ways}
    carrier = facts.carrier(topic, top, runners[0])
    values = {"top": top, "runners": runners, "carrier": carrier, "share": share, **holds}
    found = facts.finding("ranking", topic, [top, *runners], values)
    return [found | {"robustness": {"ordering_share": share, **holds}}]


def _presence_and_absence(facts: _Facts, topic: str, groups: Sequence[Group]) -> Iterator[Finding]:
    present = [group for group in groups if group["hits"]]
    absent = [group for group in groups if not group["hits"]]
    if present:
        values = {"groups": present, "number": len(present), "all": len(groups)}
        yield facts.finding("presence", topic, present, values)
    if absent:
        yield facts.finding("absence", topic, absent, {"groups": absent})


def _concentration(facts: _Facts, topic: str, groups: Sequence[Group]) -> Iterator[Finding]:
    for group in groups:
        if carrier := facts.carrier(topic, group):
            yield facts.finding(
                "concentration", topic, [group], {"group": group, "carrier": carrier}
            )


def _contrasts(facts: _Facts, topic: str, groups: dict[str, Group]) -> Iterator[Finding]:
    rows = facts.contrasts[facts.contrasts["topic"] == topic]
    rows = rows[rows["target"].isin(groups) & rows["reference"].isin(groups)]
    told = rows[rows["status"].isin(TOLD_APART)]
    for row in rows_of(told):
        yield _contrast(facts, topic, row, groups, len(rows))
    rest = rows[rows["status"] == "not_distinguishable"]
    if told.empty and not rest.empty:
        largest = max(rows_of(rest), key=lambda row: abs(row["estimate"]))
        yield _contrast(facts, topic, largest, groups, len(rows))


def _contrast(
    facts: _Facts, topic: str, row: dict[str, Any], groups: dict[str, Group], pairs: int
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
    contrast = {
        "pairs": pairs,
        "difference": row["estimate"],
        "low": row["conf_low"],
        "high": row["conf_high"],
        "level": facts.level,
        "p_holm": row["p_holm"],
        "permutation_p": row["permutation_p"],
        "permutation_p_min": row["permutation_p_min"],
        "status": row["status"],
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
        "robustness": {"ordering_share": _plain(row["ordering_share"])},
    }


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _co_emphasis(facts: _Facts) -> Iterator[Finding]:
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
    yield found | {"evidence": _quotes(rows[here])}


def _refusal(facts: _Facts) -> Finding:
    groups = facts.groups(facts.topics[0])
    rows = facts.contrasts
    values = {
        "thin": [group["name"] for group in groups if group["articles"] == 1],
        "noun": facts.noun,
        "comparisons": len(rows),
        "told": int(rows["status"].isin(TOLD_APART).sum()),
        **_totals(facts),
    }
    found = facts.finding("refusal", None, groups, values)
    return found | {"scope": "articles_like_these", "status": "refused", "evidence": []}


@lru_cache(maxsize=8)
def read_wording(name: str) -> dict[str, Any]:
    """Return a wording file of ``analysis/wordings``, as it stands.

    Raises
    ------
    InputError
        If there is no wording of that name; the message lists those there are.
    """
    folder = resources.files("analysis") / "wordings"
    names = sorted(
        item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")
    )
    check_choice(name, names, "wording", "wording")
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def _templates(wording: str) -> dict[str, Any]:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    words = read_wording(wording)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=False)

    def listed(names: Iterable[Any]) -> str:
        *most, last = [str(name) for name in names]
        return words["and"].join([words["comma"].join(most), last] if most else [last])

    def joint(loop: Any, separator: str | None = None) -> str:
        """What stands after an item of a list: a comma, an "and", or nothing."""
        if loop.last:
            return ""
        return str(separator or (words["and"] if loop.revindex == 2 else words["comma"]))

    environment.filters |= {
        "of": lambda number, one, more: f"{number} {one if number == 1 else more}",
        "percent": format_percent,
        "points": format_points,
        "p_value": format_p,
        "label": label,
        "labels": lambda topics: [label(topic) for topic in topics],
        "listed": listed,
    }
    environment.globals["joint"] = joint
    return {name: environment.from_string(text) for name, text in words["templates"].items()}


def label(topic: str) -> str:
    """Return a topic as people write it: ``defense_industry`` is "defense industry"."""
    return topic.replace("_", " ")


def format_percent(share: float) -> str:
    """Return a share as whole per cent; what is not 0 or 1 is never written as if it were.

    Examples
    --------
    >>> format_percent(0.614), format_percent(0.004), format_percent(0.999)
    ('61 %', '0.4 %', '99.9 %')
    """
    percent = 100 * share
    digits = 1 if 0 < percent < 1 or 99 < percent < 100 else 0
    return f"{percent:.{digits}f} %"


def format_points(difference: float) -> str:
    """Return a difference of shares in percentage points, with one decimal and a true minus.

    Examples
    --------
    >>> format_points(0.171), format_points(-0.4987)
    ('17.1', '−49.9')
    """
    return f"{100 * difference:.1f}".replace("-", "\u2212")


def format_p(p: float) -> str:
    """Return a p-value with two or three decimals.

    Examples
    --------
    >>> format_p(1.0), format_p(0.0123), format_p(0.0001)
    ('1.00', '.012', '< .001')
    """
    if p < 0.001:
        return "< .001"
    return f"{p:.2f}" if p >= 0.1 else f"{p:.3f}".removeprefix("0")
