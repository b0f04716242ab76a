"""What findings are selected from: cells, contrasts, ways of counting, and their evidence.

The evidence of every cell is counted here against its numerator, before a word is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.errors import InputError, check_columns
from analysis.estimates.stability import sums_by_group
from analysis.io.results import Result, rows_of
from analysis.topics.coding import evidence, matches
from analysis.topics.dictionary import Dictionary

# Groups named in a text, or periods: a reader cannot keep more in mind. The others are counted, and
# the values keep all. Named are those with the most sentences on the topic, then with the most;
# where a text has no topic, those with the most sentences of all.
MOST_GROUPS = 6

Group = dict[str, Any]
Finding = dict[str, Any]


class Facts:
    """The tables with one group label each, and the evidence of every cell."""

    def __init__(
        self,
        sentences: pd.DataFrame,
        dictionary: Dictionary,
        emphasis: Result,
        contrasts: Result,
        specifications: pd.DataFrame,
        cluster: str = "doc_id",
        change: Result | None = None,
    ) -> None:
        by = [key for key in emphasis.keys if key != "topic"]
        cells = emphasis.to_frame()
        self.cluster = cluster
        self.unit = "article" if cluster == "doc_id" else cluster
        self.noun = by if len(by) > 1 else by[0]
        self.level = float(emphasis.provenance["conf_level"])
        self.patterns = {topic.name: list(topic.core) for topic in dictionary.topics}
        self.cells = cells.assign(group=group_labels(cells, by))
        self.contrasts = contrasts.to_frame()
        self.confounders = contrasts.provenance.get("confounders")
        ways = specifications.assign(group=group_labels(specifications, by))
        self.ways = {str(topic): sums_by_group(own) for topic, own in ways.groupby("topic")}
        self.read = int(sentences["doc_id"].nunique())
        body = sentences[sentences["section"] == "body"]
        self.body = body.assign(group=group_labels(body, by))
        self.articles = self.body.groupby("group")["doc_id"].nunique().to_dict()
        found = evidence(body, matches(body, dictionary))
        self.evidence = found.assign(group=group_labels(found, by))
        with_topic = self.evidence.groupby(["topic", "group"])["doc_id"].nunique()
        self.articles_with_topic = with_topic.to_dict()
        self._check_evidence()
        self.change = self.dated = None
        if change is not None:
            periods = change.to_frame().rename(columns={change.provenance["period"]: "period"})
            self.change = periods.assign(group=group_labels(periods, by))
            self.dated = self._with_period(self.change, change.provenance["period"])

    def _with_period(self, change: pd.DataFrame, period: str) -> pd.DataFrame:
        """The evidence of articles whose period is known; raise unless it adds up."""
        check_columns(self.body, [period], "sentences")
        known = self.body[period].fillna("").astype(str).str.strip() != ""
        dated = self.evidence[self.evidence["doc_id"].isin(self.body.loc[known, "doc_id"])]
        keys = ["topic", "group"]
        counted = change.groupby(keys)["hits"].sum()
        shown = dated.groupby(keys).size().reindex(counted.index, fill_value=0)
        for topic, group in counted.index[counted != shown]:
            raise InputError(
                f"{topic} in {group}: {counted[topic, group]} sentences are counted over all "
                f"periods and {shown[topic, group]} can be shown",
                do="make the change from the same sentences and dictionary",
            )
        return dated

    def _check_evidence(self) -> None:
        check_columns(self.body, [self.cluster], "sentences")
        clusters = self.body.groupby("group")[self.cluster].nunique().to_dict()
        for cell in rows_of(self.cells):
            if clusters.get(cell["group"], 0) != cell["articles"]:
                raise InputError(
                    f"{cell['group']}: {cell['articles']} of {self.cluster!r} are counted and "
                    f"{clusters.get(cell['group'], 0)} have body sentences",
                    do="make the tally of the same sentences, and name its cluster here too",
                )
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
                "articles": self.articles[cell["group"]],
                "articles_with_topic": self.articles_with_topic.get((topic, cell["group"]), 0),
                "clusters": int(cell["articles"]),
                "share": float(cell["estimate"]),
                "low": plain(cell["conf_low"]),
                "high": plain(cell["conf_high"]),
                "rho": plain(cell["rho"]),
                "deff": plain(cell["design_effect"]),
                "df": plain(cell["df"]),
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
            "values": {"unit": self.unit, **values} | ({"topic": topic} if topic else {}),
            "estimate": about
            and {
                "value": about["share"],
                "unit": "share of body sentences",
                "numerator": about["hits"],
                "denominator": about["size"],
                "articles": about["articles"],
            },
            "interval": None
            if about is None or about["high"] is None  # not every method gives one
            else {key: about[key] for key in ("low", "high", "rho", "deff", "df")}
            | {"level": self.level},
            "warnings": sorted({name for group in groups for name in group["warnings"]}),
            "evidence": quotes(rows),
            "searched": self.patterns.get(topic, []) if topic else [],
        }

    def carrier(self, topic: str, group: Group, runner: Group | None = None) -> Group | None:
        """The article, or cluster, that holds most of a group's sentences on a topic, if one does.

        `flips`: whether the runner-up is no longer behind without it.
        """
        if "carried_by_one_article" not in group["warnings"] or group["hits"] < 2:
            return None
        here = (self.evidence["topic"] == topic) & (self.evidence["group"] == group["name"])
        each = self.evidence[here].groupby(self.cluster).size().sort_values(kind="stable")
        name, hits = str(each.index[-1]), int(each.iloc[-1])
        if 2 * hits <= group["hits"]:  # uneven, but no single one has most of it
            return None
        own = (self.body["group"] == group["name"]) & (self.body[self.cluster] == name)
        rest_hits, rest_size = group["hits"] - hits, group["size"] - int(own.sum())
        flips = runner is not None and rest_hits * runner["size"] <= runner["hits"] * rest_size
        return {
            "name": name,
            "hits": hits,
            "rest_hits": rest_hits,
            "rest_size": rest_size,
            "flips": flips,
        }


def plain(value: float) -> float | None:
    """Return a number, or None where it is missing."""
    return None if np.isnan(value) else float(value)


def quotes(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows of an evidence table as plain objects."""
    columns = ["doc_id", "sentence_id", "start", "end", "patterns", "spans", "quote"]
    return [
        row | {"patterns": list(row["patterns"]), "spans": [list(span) for span in row["spans"]]}
        for row in rows_of(rows[columns])
    ]
