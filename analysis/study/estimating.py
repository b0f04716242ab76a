"""What is estimated in a study: each method is one call of a plain function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

import pandas as pd

from analysis.corpus.groups import REST, group_labels
from analysis.estimates.by_article import omnibus
from analysis.estimates.changes import grouped_sums
from analysis.estimates.comparison import contrasts
from analysis.estimates.leaving_out import event_only, without_each_article
from analysis.estimates.leaving_patterns_out import leave_one_pattern_out
from analysis.estimates.shares import emphasis
from analysis.estimates.stability import ordering_stability
from analysis.io.kept import free_memory
from analysis.io.results import Result
from analysis.study.caching import table
from analysis.study.validation import StudyValidation

T = TypeVar("T")


class StudyEstimates(StudyValidation):
    """A study with its estimates, differences and words."""

    def once(self, name: str, make: Callable[..., T], options: Mapping[str, Any]) -> T:
        """Return ``make(**options)``, made at the first call, with the study's noun."""
        return super().once(name, lambda **chosen: self._called(make(**chosen)), options)

    def _called(self, made: T) -> T:
        unit = self.settings.unit
        if unit and isinstance(made, Result):
            called = {"unit": unit, "units": self.language.environment().filters["plural"](unit)}
            return cast(T, replace(made, provenance={**made.provenance, **called}))
        return made

    def emphasis(self, *, measure: str | None = None, method: str | None = None) -> Result:
        """Return the emphasis of every group on every topic; see `emphasis`."""
        return self.once(
            "emphasis",
            lambda **options: emphasis(self.tally, **options),
            self._options(measure) | {"method": method or self.settings.method},
        )

    def contrasts(self, *, measure: str | None = None, reference: str = "pairs") -> Result:
        """Return whether groups differ; see `contrasts`.

        With codes by hand, `refuse_unequal_recall` is applied.
        """
        return self.once(
            "contrasts",
            lambda **options: self._checked(
                contrasts(self.tally, specifications=self.specifications, **options)
            ),
            self._options(measure) | {"reference": reference},
        )

    def rest(self, *, measure: str | None = None) -> Result | None:
        """Return which groups stand out from the rest; None with fewer than three groups.

        Nor where a group is called "rest". See `contrasts`.
        """
        if len(self.groups) < 3 or REST in self.groups:
            return None
        return self.contrasts(measure=measure, reference=REST)

    def _options(self, measure: str | None) -> dict[str, Any]:
        chosen = self.settings
        return {
            "measure": measure or chosen.measure,
            "conf_level": chosen.conf_level,
            "prior": chosen.prior,
        }

    def omnibus(self, *, measure: str | None = None) -> Result:
        """Return one test a topic of whether any group differs; see `omnibus`."""
        options = {"measure": measure or self.settings.measure}
        return self.once("omnibus", lambda **chosen: omnibus(self.tally, **chosen), options)

    def trend(self) -> Result | None:
        """Return emphasis period by period; None without a ``period``. See `trend`."""
        return self._called(self.change)

    def ordering_stability(self) -> pd.DataFrame:
        """Return in how many specifications each order holds; see `ordering_stability`."""
        return ordering_stability(self.specifications)

    def leave_one_article_out(self) -> pd.DataFrame:
        """Return every estimate without one article; see `leave_one_article_out`."""
        measure = self.settings.measure
        return without_each_article(*grouped_sums(self._article_sums(), self.by, measure), measure)

    def leave_one_pattern_out(self) -> pd.DataFrame:
        """Return every estimate without one pattern; see `leave_one_pattern_out`."""
        return leave_one_pattern_out(
            self.sentences,
            self.dictionary,
            by=self.by,
            measure=self.settings.measure,
            places=self.places,
        )

    def event_only(self) -> pd.DataFrame | None:
        """Return every estimate from sentences about the event; None without ``roles``."""
        if self.roles is None:
            return None
        return event_only(self.codes, self.roles, by=self.by, measure=self.settings.measure)

    # Words

    def counts(self, **options: Any) -> pd.DataFrame:
        """Return how often each group uses each word; see `counts` for the options."""
        from analysis.corpus.features import counts

        if "vectorizer" not in options:  # another one says itself what it ignores
            options = {"ignore": self.settings.ignore, **options}
        return counts(self.sentences, self.by, **options)

    @table
    def counted(self) -> pd.DataFrame:
        """What `keyness` compares, whatever its options."""
        return self.counts()

    def keyness(self, **options: Any) -> Result | None:
        """Return which words set each group apart; None with one group. See `keyness`."""
        return self.once("keyness", self._keyness, options)

    def _keyness(self, **options: Any) -> Result | None:
        from analysis.words.keywords import keyness

        counted = self.counted
        free_memory()
        groups, words = counted[self.by].drop_duplicates(), counted["feature"]
        if group_labels(groups, self.by).nunique() < 2 or (words == words.iloc[0]).all():
            return None  # one group has no words to be set apart by
        return keyness(counted, **options)

    def audit(self) -> pd.DataFrame:
        """Return what each pattern of the dictionary finds; see `audit`."""
        return self.audited
