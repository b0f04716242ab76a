"""The tables of a study, each computed when first asked for: from articles to the tally."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.boilerplate import read_boilerplate
from analysis.corpus.duplicates import near_duplicates
from analysis.corpus.groups import group_labels
from analysis.corpus.readers import read_articles
from analysis.corpus.readers.folder import article_files, listed_files, with_subfolders
from analysis.corpus.readers.parlamint import parlamint_files
from analysis.corpus.roles import read_roles
from analysis.corpus.status import document_status, unlisted_files
from analysis.corpus.units import sentences
from analysis.errors import InputError, check_columns, listing, of_system, warn
from analysis.estimates.article_sums import articles_of, counted_sums
from analysis.estimates.confounding import confounds
from analysis.estimates.specifications import specifications
from analysis.estimates.tallies import Tally, tally, tally_of_sums
from analysis.estimates.trends import trend
from analysis.io.files import sha256
from analysis.io.results import Result
from analysis.prose.language import Language, read_language
from analysis.study.caching import Cache, table
from analysis.study.consistency import (
    check_names,
    check_rules,
    check_variables,
    order_of_periods,
    warn_of_copies,
    warn_of_crossing,
    warn_of_exclusions,
    warn_of_ids,
    warn_of_nesting,
    warn_of_order,
)
from analysis.study.settings import Settings
from analysis.topics.coding import coded_on, codes, evidence, matches, positions_of
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats import read_dictionary
from analysis.topics.places import Places, places_of


class StudyTables(Cache):
    """What `Study` reads, codes and counts; every table is one call of a plain function."""

    settings: Settings
    by: list[str]

    @property
    def groups(self) -> list[str]:
        """The groups, in the one order that every figure uses."""
        return sorted(group_labels(self.documents, self.by).unique())

    # What is read

    @table
    def documents(self) -> pd.DataFrame:
        """The articles."""
        chosen = self.settings
        assert chosen.articles is not None  # else the table was given
        found = read_articles(
            chosen.articles,
            chosen.metadata,
            by=self.by,
            dates=chosen.dates,
            text=chosen.text,
            id=chosen.id,
            encoding=chosen.encoding,
        )
        check_variables(chosen, found)
        warn_of_ids(found)
        _ = self.inputs
        return found

    @table
    def inputs(self) -> dict[Path, str]:
        """The files that the study is made from, each with its hash when the articles were read."""
        chosen = self.settings
        files = set(chosen.files)
        if chosen.articles is not None:
            listed = listed_files(chosen.metadata)
            folder = chosen.articles.is_dir()
            deep = with_subfolders(self.by, chosen.metadata)
            articles = article_files(chosen.articles, listed, subfolders=deep) if folder else ()
            if folder and chosen.metadata is None:
                articles = parlamint_files(chosen.articles) or articles
            files |= set(articles or (chosen.articles,))
        found = {}
        for path in sorted(files):
            try:
                if path.is_file():
                    found[path] = sha256(path)
            except OSError as error:
                raise of_system(error, path) from None
        return found

    @table
    def dictionary(self) -> Dictionary:
        """The topics."""
        assert self.settings.dictionary is not None
        found = read_dictionary(self.settings.dictionary)
        for failing in found.failing_examples():
            warn(f"{self.settings.dictionary}: {failing}")
        return found

    @table
    def sentences(self) -> pd.DataFrame:
        """The sentences."""
        rules = read_boilerplate(self.settings.boilerplate) if self.settings.boilerplate else ()
        spoken = self.settings.language or None
        found = sentences(self.documents, boilerplate=rules, language=spoken)
        check_rules(self.settings, rules, self.documents, found)
        return found

    @table
    def document_status(self) -> pd.DataFrame:
        """What became of every article."""
        left_out: Any = ()
        if self.settings.articles is not None:
            left_out = unlisted_files(self.settings.articles, self.settings.metadata)
        status = document_status(self.documents, self.sentences, by=self.by, unlisted=left_out)
        if bare := list(status.loc[status["status"] == "no_body_sentence", "doc_id"]):
            warn(f"no body sentence in {listing(bare)}; left out")
        return status

    @table
    def roles(self) -> pd.DataFrame | None:
        """Which sentences report the event, if the settings name a table that says so."""
        return read_roles(self.settings.roles, self.sentences) if self.settings.roles else None

    @table
    def duplicates(self) -> pd.DataFrame:
        """Articles that are nearly the same."""
        body = self.sentences["section"] == "body"
        found = near_duplicates(self.sentences.loc[body, ["doc_id", "text"]])
        warn_of_copies(found, self.documents)
        return found

    # What is coded and counted

    @table
    def places(self) -> Places:
        """Every place where a pattern fits: the text is searched once."""
        return places_of(self.sentences, self.dictionary)

    @table
    def codes(self) -> pd.DataFrame:
        """Which sentence carries which topic."""
        return codes(self.sentences, self.dictionary, places=self.places)

    @table
    def evidence(self) -> pd.DataFrame:
        """Every sentence on a topic."""
        found = matches(self.sentences, self.dictionary, places=self.places)
        return evidence(self.sentences, found)

    @table
    def tally(self) -> Tally:
        """The table that every estimate is computed from."""
        chosen = self.settings
        design: dict[str, Any] = {"within": self.confounders, "window": chosen.window}
        if chosen.cluster == "article":
            with chosen.located("confounders"):
                return tally_of_sums(self._article_sums(), self.by, **design)
        warn(
            f"{chosen.prefix}chance works on each {chosen.cluster!r}; where the tables of "
            "estimates say articles, they count those"
        )
        with chosen.located("cluster"):
            sums = self._article_sums(chosen.cluster)
            counted = tally_of_sums(sums, self.by, cluster=chosen.cluster, **design)
        warn_of_crossing(chosen, self.documents)
        return counted

    def _article_sums(self, *cluster: str) -> pd.DataFrame:
        """Return what a tally is made of; codes, a row a sentence and topic, take more memory."""
        columns = dict.fromkeys([*self.by, *cluster, *self.confounders])
        check_columns(self.sentences, columns, "codes")
        articles = articles_of(self.sentences, list(columns))
        return counted_sums(*articles, self.sentences, self.places)

    def positions(self, *, every: bool = True) -> pd.DataFrame:
        """Return where in each article each topic occurs; see `positions`.

        Unless `every`, of the sentences on a topic alone.
        """
        coded = coded_on(self.sentences, self.places)
        return positions_of(self.sentences, coded, self.dictionary.topic_names, every=every)

    @table
    def specifications(self) -> pd.DataFrame:
        """Every estimate in every specification."""
        return specifications(
            self.sentences,
            self.dictionary,
            by=self.by,
            places=self.places,
            duplicates=self.duplicates,
        )

    @property
    def confounders(self) -> list[str]:
        """What else the groups may differ in: what the settings name, the period and the dates.

        Chance works on the cluster, so it is none.
        """
        chosen = self.settings
        names = dict.fromkeys([*chosen.confounders, chosen.period, *chosen.dates])
        return [name for name in names if name and name != chosen.cluster]

    @table
    def confounds(self) -> pd.DataFrame | None:
        """What else the groups differ in, if there is something to look at."""
        if not self.confounders:
            return None
        body = self.sentences[self.sentences["section"] == "body"]
        for name in self.settings.confounders:
            if name in self.confounders and name in self.documents:
                warn_of_nesting(self.settings, self.documents, name)
        with self.settings.located("confounders"):
            return confounds(body, self.by, with_=self.confounders, window=self.settings.window)

    @table
    def change(self) -> Result | None:
        """Emphasis period by period, of the articles whose period is known."""
        chosen, period = self.settings, self.settings.period
        if not period:
            return None
        with chosen.located("period"):
            values = self.codes[period].fillna("").astype(str).str.strip()
            if unknown := list(self.codes.loc[values == "", "doc_id"].unique()):
                warn(f"{period!r} is blank in {listing(unknown)}; change is shown without them")
            dated = self.codes.assign(**{period: values})[values != ""]
            if dated.empty:
                raise InputError(f"{period!r} is blank in every article", do="leave it out")
            cluster = "doc_id" if chosen.cluster == "article" else chosen.cluster
            by_period = tally(dated, [*self.by, period], cluster=cluster)
            order = order_of_periods(by_period.to_frame()[period], dates=period in chosen.dates)
            warn_of_order(chosen, order)
            return trend(by_period, period, order=order, conf_level=chosen.conf_level)

    @table
    def audited(self) -> pd.DataFrame:
        """What each pattern of the dictionary finds."""
        from analysis.validation.auditing import audit

        audited = audit(self.dictionary, self.sentences, places=self.places)
        warn_of_exclusions(audited, self.settings)
        return audited

    @table
    def language(self) -> Language:
        """The wording of the findings, with the names that the study gives."""
        return read_language(
            self.settings.wording,
            names=self.settings.names,
            unit=self.settings.unit,
            relation=self.settings.relation,
        )

    def check_names(self) -> None:
        """Raise if [names] has what is not there."""
        check_names(self.settings, self.documents, self.sentences, self.dictionary.topic_names)
