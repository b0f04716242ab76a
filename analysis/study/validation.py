"""What codes by hand say of a study: each table and method is one call of a plain function."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.errors import listing
from analysis.io.csv import read_table
from analysis.io.results import Result
from analysis.study.caching import table
from analysis.study.tables import StudyTables
from analysis.validation.agreement import agreement
from analysis.validation.codes import read_codes
from analysis.validation.correction import corrected_contrasts, corrected_emphasis
from analysis.validation.rates import error_rates, refuse_unequal_recall


class StudyValidation(StudyTables):
    """A study with its validation; every result is None where no sentence is coded by hand."""

    @table
    def hand(self) -> pd.DataFrame | None:
        """The codes by hand of every file that the settings name."""
        if not self.settings.hand:
            return None
        parts = [read_codes(path, self.sentences) for path in self.settings.hand]
        found = pd.concat(parts, ignore_index=True)
        again = found.duplicated(["doc_id", "sentence_id", "topic", "coder"])
        if again.any():
            raise self.settings.error(
                f"two files have answers of {listing(found.loc[again, 'coder'].unique())} for the "
                "same sentences",
                "codes",
                do="name each file once, and give each coder a name",
                table="validation",
            )
        return found

    @table
    def sample(self) -> pd.DataFrame | None:
        """The sample that was drawn for coding, if the settings name its file."""
        path = self.settings.sample
        if path is not None and self.hand is None:
            raise self.settings.error(
                "there is a sample and there are no codes of it",
                "sample",
                do="name the sheets that were filled in, as codes, or leave the sample out",
                table="validation",
            )
        return None if path is None else read_table(path)

    def agreement(self) -> Result | None:
        """Return how well the coders agree; None with fewer than two. See `agreement`."""
        hand, level = self.hand, self.settings.conf_level
        if hand is None or hand["coder"].nunique() < 2:
            return None
        with self.settings.located("codes", "validation"):
            return self.once("agreement", lambda: agreement(hand, conf_level=level), {})

    def error_rates(self) -> Result | None:
        """Return how often the dictionary errs; see `error_rates`."""
        return self._of_hand("error_rates", error_rates)

    def corrected_emphasis(self) -> Result | None:
        """Return emphasis corrected for the dictionary's errors; see `corrected_emphasis`."""
        return self._of_hand("corrected_emphasis", corrected_emphasis)

    def corrected_contrasts(self, *, reference: str = "pairs") -> Result | None:
        """Return contrasts corrected for the dictionary's errors; see `corrected_contrasts`."""
        return self._of_hand("corrected_contrasts", corrected_contrasts, reference=reference)

    def _checked(self, contrasts: Result) -> Result:
        """Return contrasts, those of groups with unequal recall refused if that is known."""
        rates = self.error_rates()
        return contrasts if rates is None else refuse_unequal_recall(contrasts, rates)

    def _of_hand(self, name: str, make: Callable[..., Result], **options: str) -> Result | None:
        """What a function makes of the codes by hand, the dictionary's and the sample."""
        sample, hand = self.sample, self.hand
        if hand is None:
            return None
        level = self.settings.conf_level
        with self.settings.located("codes", "validation"):
            return self.once(
                name,
                lambda **chosen: make(
                    hand, self.codes, by=self.by, sample=sample, conf_level=level, **chosen
                ),
                options,
            )
