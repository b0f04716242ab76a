"""What findings are made from: groups, evidence and ways of counting, as every kind needs them.

The evidence of every cell is counted here against its numerator, before a word is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from analysis.corpus.folding import fold
from analysis.corpus.groups import REST, WINDOWS, group_labels
from analysis.errors import InputError, check_columns
from analysis.estimates.stability import sums_by_group
from analysis.io.results import rows_of
from analysis.prose.context import Carrier, Finding, Group, Kind, plain, quotes
from analysis.prose.numbers import Count
from analysis.prose.tables import Tables
from analysis.prose.validated import validated_topics
from analysis.topics.dictionary import Topic

_KNOWN_BY = ("title", "outlet", "date")  # document variables that name an article


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
        self.body = _labelled(tables.sentences[tables.sentences["section"] == "body"], by)
        self.evidence = _labelled(tables.evidence[tables.evidence["section"] == "body"], by)
        self.cells = _labelled(emphasis.to_frame(), by)
        self._check_evidence()
        articles = self.body.groupby("group")["doc_id"].nunique().to_dict()
        mentioning = self.evidence.groupby(["topic", "group"])["doc_id"].nunique().to_dict()
        self.groups: dict[str, list[Group]] = {topic: [] for topic in self.cells["topic"]}
        for cell in rows_of(self.cells[self.cells["size"] > 0]):
            key = cell["topic"], cell["group"]
            group = Group(
                name=cell["group"],
                hits=Count(cell["hits"], key),
                size=int(cell["size"]),
                articles=articles[cell["group"]],
                articles_with_topic=mentioning.get(key, 0),
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
        self.totals = (  # of articles read, of those with text, of clusters, of body sentences
            int(tables.sentences["doc_id"].nunique()),
            int(self.body["doc_id"].nunique()),
            int(self.body[self.cluster].nunique()),
            len(self.body),
        )
        self.change = self.dated = None
        if tables.change is not None:
            period = tables.change.provenance["period"]
            periods = tables.change.to_frame().rename(columns={period: "period"})
            self.change = _labelled(periods, by)
            self.dated = self._with_period(self.change, period)

    def sides(self, row: Mapping[str, Any]) -> tuple[Group, Group]:
        """The two groups of a contrast; all others together are one without an interval."""
        groups = {group.name: group for group in self.groups[row["topic"]]}
        pair = row["target"], row["reference"]
        if any(map(self.is_rest, pair)):
            others = [one for name, one in groups.items() if name not in pair]
            groups[REST] = _together(others, row["topic"])
        return groups[pair[0]], groups[pair[1]]

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
        rows = self.evidence[self.evidence["topic"] == topic]
        rows = rows if group is None else rows[rows["group"] == group]
        spellings: dict[str, Counter[str]] = {}
        sentences: Counter[str] = Counter()
        for quote, spans in zip(rows["quote"], rows["spans"], strict=True):
            written = {" ".join(quote[start:end].split()) for start, end in spans}
            for text in sorted(written):
                spellings.setdefault(fold(text).text, Counter())[text] += 1
            sentences.update({fold(text).text for text in written})
        order = sorted(sentences, key=lambda key: (-sentences[key], -len(key), key))
        return [
            {
                "text": max(spellings[key], key=lambda text: (spellings[key][text], text)),
                "sentences": Count(sentences[key], (topic, "")),
            }
            for key in order
        ]

    def _with_period(self, change: pd.DataFrame, period: str) -> pd.DataFrame:
        """The evidence of articles whose period is known; raise unless it adds up."""
        check_columns(self.body, [period], "sentences")
        known = self.body[period].fillna("").astype(str).str.strip() != ""
        dated = self.evidence[self.evidence["doc_id"].isin(self.body.loc[known, "doc_id"])]
        _check_shown(change, dated, "counted over all periods")
        return dated

    def _check_evidence(self) -> None:
        check_columns(self.body, [self.cluster], "sentences")
        clusters = self.body.groupby("group")[self.cluster].nunique().to_dict()
        for cell in rows_of(self.cells):
            if clusters.get(cell["group"], 0) != cell["articles"]:
                raise InputError(
                    f"{cell['group']}: {cell['articles']} of {self.cluster!r} are counted and "
                    f"{clusters.get(cell['group'], 0)} have body sentences",
                    do="make numbers and findings from the same sentences, by one cluster",
                )
        _check_shown(self.cells, self.evidence, "counted")

    def finding(self, topic: str, groups: Sequence[Group], values: Kind) -> Finding:
        """Return the parts that every finding has; the first group is the one it is about."""
        names = [group.name for group in groups]
        found: Finding = {
            "kind": values.kind,
            "topic": topic or None,
            "groups": names,
            "scope": "these_articles",
            "status": "observed",
            "values": {"unit": self.unit, **asdict(values)} | ({"topic": topic} if topic else {}),
            "validation": self.validated.get(topic),
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
        here = (self.evidence["topic"] == topic) & (self.evidence["group"] == group.name)
        each = self.evidence[here].groupby(self.cluster).size().sort_values(kind="stable")
        name, hits = str(each.index[-1]), int(each.iloc[-1])
        if 2 * hits <= group.hits:  # uneven, but no single one has most of it
            return None
        own = (self.body["group"] == group.name) & (self.body[self.cluster] == name)
        rest_hits, rest_size = group.hits - hits, group.size - int(own.sum())
        return {
            "name": name,
            **self._known_of(name, group.name),
            "hits": Count(hits, group.hits.of),
            "rest_hits": Count(rest_hits, group.hits.of),
            "rest_size": rest_size,
            "flips": runner is not None and rest_hits * runner.size <= runner.hits * rest_size,
        }

    def _known_of(self, name: str, group: str) -> dict[str, str | None]:
        """By what people know an article: its title, and outlet and date as far as they are known.

        The outlet alone, where no other article of the group is from it.
        """
        if self.cluster != "doc_id":
            return dict.fromkeys(_KNOWN_BY)
        own = self.body[self.body["group"] == group].drop_duplicates("doc_id")
        known = {
            column: own.set_index("doc_id")[column].fillna("").astype(str).str.strip()
            for column in _KNOWN_BY
            if column in own.columns
        }
        found = {column: known[column][name] or None if column in known else None
                 for column in _KNOWN_BY}  # fmt: skip
        alone = found["outlet"] and (known["outlet"] == found["outlet"]).sum() == 1
        return found | ({"date": None} if found["title"] or alone else {})


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


def _check_shown(counts: pd.DataFrame, evidence: pd.DataFrame, counted: str) -> None:
    """Raise unless there are as many sentences to show of each cell as were counted."""
    keys = ["topic", "group"]
    hits = counts.groupby(keys, sort=False)["hits"].sum()
    shown = evidence.groupby(keys).size().reindex(hits.index, fill_value=0)
    for topic, group in hits.index[hits != shown]:
        raise InputError(
            f"{topic} in {group}: {hits[topic, group]} sentences are {counted} and "
            f"{shown[topic, group]} can be shown",
            do="make numbers and findings from the same sentences and dictionary",
        )


def _searched(topic: Topic) -> dict[str, Any]:
    """What is searched for on a topic, and what bars it."""
    patterns = {part: list(getattr(topic, part)) for part in ("core", "exclude", "context")}
    return {**patterns, "context_within": topic.context_within}
