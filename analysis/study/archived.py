"""A study whose articles were counted in shards, for findings, figures and tables to ask.

What they ask of a study is made from its tally, by the same functions; sentences are read from the
evidence on disk, one shard at a time, and a sample of them is shown.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.estimates.archives import Archive
from analysis.estimates.confounding import articles_of, confounds_of
from analysis.estimates.specifications import tally_specifications
from analysis.estimates.tallies import Tally
from analysis.estimates.trends import trend
from analysis.io.results import Result, rows_of
from analysis.prose.behind import KNOWN_BY, Cell, Mentions
from analysis.prose.tables import Tables
from analysis.study.caching import table
from analysis.study.consistency import order_of_periods, warn_of_order
from analysis.study.study import Study
from analysis.topics.evidence import draw

SHOWN = 5  # sentences of each group and topic that are drawn for the sample
_COLUMNS = ["doc_id", "sentence_id", "section", "topic", "start", "end", "patterns", "spans"]


class ArchivedStudy(Study):
    """A study with the tally, the words and the evidence of an archive, and no article at hand."""

    archive: Archive
    tally: Tally

    @classmethod
    def of(cls, study: Study, archive: Archive) -> ArchivedStudy:
        """Return a study with its settings, of what was counted."""
        made = cls.__new__(cls)
        given = {"dictionary": study.dictionary, "archive": archive, "tally": archive.tally}
        given |= {"sentences": pd.DataFrame(), "documents": None}
        made._start(study.settings, given | {"hand": None, "roles": None, "sample": None})
        return made

    @property
    def groups(self) -> list[str]:
        """The groups, in the one order that every figure uses."""
        return sorted(group_labels(self.tally.table, self.by).unique())

    @table
    def specifications(self) -> pd.DataFrame:
        """The ways of counting that a tally offers."""
        return tally_specifications(self.tally)

    @table
    def confounds(self) -> pd.DataFrame | None:
        """What else the groups differ in, if there is something to look at."""
        return confounds_of(self.tally) if self.tally.within else None

    @table
    def change(self) -> Result | None:
        """Emphasis period by period, of the articles whose period is known."""
        chosen, period = self.settings, self.settings.period
        if (by_period := self.tally.within.get(period)) is None:
            return None
        with chosen.located("period"):
            order = order_of_periods(by_period.table[period], dates=period in chosen.dates)
            warn_of_order(chosen, order)
            return trend(by_period, period, order=order, conf_level=chosen.conf_level)

    def counts(self, **options: Any) -> pd.DataFrame:
        """Return how often each group uses each word; no options: they are counted already."""
        words = self.archive.words
        return pd.DataFrame(columns=[*self.by, "feature"]) if words is None else words

    @cached_property
    def _behind(self) -> tuple[Mentions, pd.DataFrame]:
        """What the evidence comes to, and a sample of each cell and of those on several topics."""
        mentions, one = Mentions(), ["doc_id", "sentence_id"]
        cells = several = pd.DataFrame(columns=[*self.by, *_COLUMNS, "quote"])
        for rows in self.archive.each_body():
            mentions.add(rows.assign(group=group_labels(rows, self.by)))
            cells = draw(cells, rows, SHOWN, of=[*self.by, "topic"], unit=[*one, "topic"])
            twice = rows[rows.duplicated(one, keep=False)]
            several = draw(several, twice, SHOWN, of=self.by, unit=one)
        sample = pd.concat([cells, several]).drop_duplicates([*one, "topic"])
        sample["spans"] = sample["spans"].map(lambda own: [tuple(map(int, span)) for span in own])
        sample["patterns"] = sample["patterns"].map(list)
        return mentions, sample.sort_values([*self.by, "topic", *one], ignore_index=True)

    @table
    def evidence(self) -> pd.DataFrame:
        """The sample of the sentences on a topic."""
        return self._behind[1]

    def _tables(self, measure: str) -> Tables:
        texts = _Texts(self.tally, self.archive.status)
        return replace(super()._tables(measure), texts=texts, mentions=self._behind[0])

    def check_names(self) -> None:
        """Nothing: to know what is named, the articles have to be at hand."""

    def findings(self) -> pd.DataFrame:
        """Return what may be said, with a sample of the sentences and the number of all."""
        found = super().findings()
        cut = pd.Series([self._cut(row) for row in rows_of(found)], found.index, dtype=object)
        return found.assign(evidence_cut=cut)

    def _cut(self, found: dict[str, Any]) -> dict[str, Any] | None:
        """How many of the sentences of a finding are shown, of how many."""
        values, shown = found["values"], len(found["evidence"])
        if not shown:
            return None
        topic, mentions = found["topic"], self._behind[0]
        if found["kind"] == "lead":
            paired = values["pair"] or values["leading"] or {}
            topic = values["out_topic"] or paired.get("topic")
        number = sum(mentions.shown[topic, group] for group in found["groups"])
        if found["kind"] == "co_emphasis":
            number = sum(mentions.together.values())
        if found["kind"] == "change":
            number = sum(period["hits"] for period in values["periods"])
        where = self.archive.evidence[0].parents[2].name
        return {"shown": shown, "number": int(number), "file": where}


class _Texts:
    """The `Texts` of a tally of articles."""

    def __init__(self, tally: Tally, status: pd.DataFrame) -> None:
        self._tally = tally
        self.articles = self.clusters = articles_of(tally)
        one = tally.of("sentence_share")
        one = one[(one["topic"] == one["topic"].iloc[0]) & (one["size"] > 0)]
        articles, sizes = one["articles"].to_numpy(float), one["size"].to_numpy(float)
        read = status.loc[status["status"] != "left_out", "articles"].sum()
        sentences, with_text = articles @ sizes, int(articles.sum())
        self.totals = (int(read), with_text, with_text, int(sentences))
        self.lengths = (float(sentences / articles.sum()), float(articles @ sizes**2 / sentences))

    def values_of(self, variable: str, window: str) -> pd.DataFrame:
        return pd.DataFrame(articles_of(self._tally.within[variable], variable))

    def size_of(self, cell: Cell, name: str, hits: int) -> int:
        topic, group = cell
        rows = self._tally.of("sentence_share")
        rows = rows[(rows["topic"] == topic) & (rows["hits"] == hits)]
        return int(rows.loc[group_labels(rows, self._tally.by) == group, "size"].iloc[0])

    def known_of(self, name: str, group: str) -> dict[str, str | None]:
        return dict.fromkeys(KNOWN_BY)
