"""What findings are made from: groups, evidence and ways of counting, as every kind needs them.

The evidence of every cell is counted here against its numerator, before a word is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from analysis.corpus.groups import REST, WINDOWS, group_labels
from analysis.errors import InputError, check_columns
from analysis.estimates.stability import sums_by_group
from analysis.io.results import rows_of
from analysis.prose.behind import Mentions, SentenceTexts
from analysis.prose.context import Carrier, Finding, Group, Kind, plain, quotes
from analysis.prose.numbers import Count
from analysis.prose.tables import Tables
from analysis.prose.validated import validated_topics, validation_of
from analysis.topics.dictionary import Topic
from analysis.validation.rates import RECALL


class Facts:
    """The tables with one group label each, and the evidence of every cell."""

    def __init__(self, tables: Tables) -> None:
        emphasis, by = tables.emphasis, tables.emphasis.by
        self.cluster = str(emphasis.provenance.get("cluster", "doc_id"))
        self.unit = "article" if self.cluster == "doc_id" else self.cluster
        self.noun = by if len(by) > 1 else by[0]
        self.level = emphasis.conf_level
        topics = tables.dictionary.topics if tables.dictionary else ()
        self.searched = {topic.name: _searched(topic) for topic in topics}
        self.confounds, self.roles = tables.confounds, tables.roles
        self.confounders = tables.contrasts.provenance.get("within") or None
        self.contrasts = tables.contrasts.to_frame()
        self.rest = None if tables.rest is None else tables.rest.to_frame()
        self.omnibus = None if tables.omnibus is None else tables.omnibus.to_frame()
        self.validated = validated_topics(tables.error_rates, tables.agreement)
        self.corrected = None if tables.corrected is None else tables.corrected.to_frame()
        made = tables.error_rates.provenance if tables.error_rates else {}
        self.coders, self.note = list(made.get("coders", ())), tables.note
        ways = _labelled(tables.specifications, by)
        self.ways = {str(topic): sums_by_group(own) for topic, own in ways.groupby("topic")}
        self.evidence = _labelled(tables.evidence[tables.evidence["section"] == "body"], by)
        self.cells = _labelled(emphasis.to_frame(), by)
        self.texts = tables.texts or _texts(tables.sentences, by, self.cluster)
        self._check_clusters()
        self.mentions = tables.mentions or Mentions().add(self.evidence, self.cluster)
        _check_shown(self.cells, self.mentions.shown, "counted")
        self.groups: dict[str, list[Group]] = {topic: [] for topic in self.cells["topic"]}
        for cell in rows_of(self.cells[self.cells["size"] > 0]):
            key = cell["topic"], cell["group"]
            group = Group(
                name=cell["group"],
                hits=Count(cell["hits"], key),
                size=int(cell["size"]),
                articles=self.texts.articles[cell["group"]],
                articles_with_topic=self.mentions.articles[key],
                clusters=int(cell["articles"]),
                share=float(cell["estimate"]),
                low=plain(cell["conf_low"]),
                high=plain(cell["conf_high"]),
                rho=plain(cell["rho"]),
                deff=plain(cell["design_effect"]),
                df=plain(cell["df"]),
                warnings=cell["warnings"].split(),
            )
            self.groups[cell["topic"]].append(group)
        self.with_text = next(iter(self.groups.values()))  # the same for every topic
        self.totals = self.texts.totals
        self.change = self.dated = None
        if tables.change is not None:
            period = tables.change.provenance["period"]
            periods = tables.change.to_frame().rename(columns={period: "period"})
            self.change = _labelled(periods, by)
            check_columns(self.evidence, [period], "evidence")
            known = self.evidence[period].fillna("").astype(str).str.strip() != ""
            self.dated = self.evidence[known]
            if tables.mentions is None:  # else it is a sample
                shown = self.dated.groupby(["topic", "group"]).size()
                _check_shown(self.change, shown.to_dict(), "counted over all periods")

    def sides(self, row: Mapping[str, Any]) -> tuple[Group, Group]:
        """The two groups of a contrast; all others together are one without an interval."""
        groups = {group.name: group for group in self.groups[row["topic"]]}
        pair = row["target"], row["reference"]
        if any(map(self.is_rest, pair)):
            others = [one for name, one in groups.items() if name not in pair]
            groups[REST] = _together(others, row["topic"])
        return groups[pair[0]], groups[pair[1]]

    def unequal(self, topic: str, group: str) -> bool:
        """Whether the dictionary's recall on a topic differs between a group and another."""
        own = self.contrasts[self.contrasts["topic"] == topic]
        own = own[(own["target"] == group) | (own["reference"] == group)]
        return bool(own["warnings"].str.split().map(lambda words: RECALL in words).any())

    def compared_by(self, confounder: str) -> str:
        """What is alike where two groups are compared within a confounder: of dates, the month."""
        if self.confounds is None:
            return confounder
        own = self.confounds.loc[self.confounds["variable"] == confounder, "compared_by"]
        return next((by for by in own if by in WINDOWS), confounder)

    def is_rest(self, name: str) -> bool:
        """Whether a name stands for all other groups together: no group is called so."""
        return name == REST and REST not in {group.name for group in self.with_text}

    def phrases(self, topic: str, group: str | None = None) -> list[dict[str, Any]]:
        """What was matched on a topic, each with the number of its sentences, the most first.

        Spellings that fold to the same are one, written as most often, of equals in small letters.
        Longest first where numbers are equal: nothing hangs on the order of the articles.
        """
        own = [one.name for one in self.groups[topic]] if group is None else [group]
        spellings: dict[str, Counter[str]] = {}
        sentences: Counter[str] = Counter()
        for cell in [(topic, name) for name in own]:
            sentences.update(self.mentions.phrases.get(cell, {}))
            for key, written in self.mentions.spellings.get(cell, {}).items():
                spellings.setdefault(key, Counter()).update(written)
        order = sorted(sentences, key=lambda key: (-sentences[key], -len(key), key))
        return [
            {
                "text": max(spellings[key], key=lambda text: (spellings[key][text], text)),
                "sentences": Count(sentences[key], (topic, "")),
            }
            for key in order
        ]

    def _check_clusters(self) -> None:
        clusters = self.texts.clusters
        for cell in rows_of(self.cells):
            if clusters.get(cell["group"], 0) != cell["articles"]:
                raise InputError(
                    f"{cell['group']}: {cell['articles']} of {self.cluster!r} are counted and "
                    f"{clusters.get(cell['group'], 0)} have body sentences",
                    do="make numbers and findings from the same sentences, by one cluster",
                )

    def finding(self, topic: str, groups: Sequence[Group], values: Kind) -> Finding:
        """Return the parts that every finding has; the first group is the one it is about."""
        names = [group.name for group in groups]
        found: Finding = {
            "kind": values.kind,
            "topic": topic or None,
            "groups": names,
            "scope": values.scope,
            "status": getattr(values, "status", "observed"),
            "values": {"unit": self.unit, **asdict(values)} | ({"topic": topic} if topic else {}),
            "validation": validation_of(self.validated.get(topic), names),
            "warnings": sorted({name for group in groups for name in group.warnings}),
            "evidence": [],
            "searched": self.searched.get(topic, {}),
        }
        if topic:
            about, rows = groups[0], self.evidence[self.evidence["topic"] == topic]
            found["evidence"] = quotes(rows[rows["group"].isin(names)])
            found["estimate"] = {
                "value": about.share,
                "unit": "share of body sentences",
                "numerator": int(about.hits),
                "denominator": about.size,
                "articles": about.articles,
            }
            if about.high is not None:  # not every method gives limits
                limits = {key: getattr(about, key) for key in ("low", "high", "rho", "deff", "df")}
                found["interval"] = limits | {"level": self.level}
        return found

    def carrier(self, topic: str, group: Group, runner: Group | None = None) -> Carrier | None:
        """The article, or cluster, that holds most of a group's sentences on a topic, if one does.

        `flips`: whether the runner-up is no longer behind without it.
        """
        if "carried_by_one_article" not in group.warnings or group.hits < 2:
            return None
        cell = topic, group.name
        hits, name = self.mentions.most[cell]
        if 2 * hits <= group.hits:  # uneven, but no single one has most of it
            return None
        rest_hits = group.hits - hits
        rest_size = group.size - self.texts.size_of(cell, name, hits)
        return {
            "name": name,
            **self.texts.known_of(name, group.name),
            "hits": Count(hits, group.hits.of),
            "rest_hits": Count(rest_hits, group.hits.of),
            "rest_size": rest_size,
            "flips": runner is not None and rest_hits * runner.size <= runner.hits * rest_size,
        }


def _together(groups: Sequence[Group], topic: str) -> Group:
    """Several groups as one, without limits of its own."""
    hits, size = sum(group.hits for group in groups), sum(group.size for group in groups)
    return Group(
        name=REST,
        hits=Count(hits, (topic, "")),
        size=size,
        articles=sum(group.articles for group in groups),
        articles_with_topic=sum(group.articles_with_topic for group in groups),
        clusters=sum(group.clusters for group in groups),
        share=hits / size,
        **dict.fromkeys(("low", "high", "rho", "deff", "df")),
        warnings=[],
        together=True,
    )


def _labelled(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    return table.assign(group=group_labels(table, by))


def _texts(sentences: pd.DataFrame, by: Sequence[str], cluster: str) -> SentenceTexts:
    body = _labelled(sentences[sentences["section"] == "body"], by)
    check_columns(body, [cluster], "sentences")
    return SentenceTexts(body, cluster, int(sentences["doc_id"].nunique()))


def _check_shown(counts: pd.DataFrame, shown: Mapping[Any, int], counted: str) -> None:
    """Raise unless there are as many sentences to show of each cell as were counted."""
    hits: dict[Any, int] = counts.groupby(["topic", "group"])["hits"].sum().to_dict()
    for (topic, group), number in hits.items():
        if number != (there := shown.get((topic, group), 0)):
            raise InputError(
                f"{topic} in {group}: {number} sentences are {counted} and {there} can be shown",
                do="make numbers and findings from the same sentences and dictionary",
            )


def _searched(topic: Topic) -> dict[str, Any]:
    """What is searched for on a topic, and what bars it."""
    patterns = {part: list(getattr(topic, part)) for part in ("core", "exclude", "context")}
    return {**patterns, "context_within": topic.context_within}
