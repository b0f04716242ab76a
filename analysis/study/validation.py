"""What codes by hand say of a study: each table and method is one call of a plain function."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.errors import InputError, listing, placed, warn
from analysis.io.results import Result
from analysis.io.sheets import read_sheet
from analysis.study.caching import table
from analysis.study.tables import StudyTables
from analysis.validation.agreement import agreement
from analysis.validation.codes import read_codes
from analysis.validation.correction import corrected_contrasts, corrected_emphasis
from analysis.validation.rates import error_rates, refuse_unequal_recall
from analysis.validation.refitting import refit_sample
from analysis.validation.sample import KEYS, checked_sample

MOST_LOST = 0.05  # of a corpus that was coded whole: more is another corpus


class StudyValidation(StudyTables):
    """A study with its validation; every result is None where no sentence is coded by hand."""

    @table
    def hand(self) -> pd.DataFrame | None:
        """The codes by hand of every file that the settings name."""
        if not self.settings.hand:
            return None
        parts = [read_codes(path, self.sentences) for path in self.settings.hand]
        found = pd.concat(parts, ignore_index=True)
        here = found["topic"].isin(self.dictionary.topic_names)
        if not here.all():
            unknown = listing(map(repr, found.loc[~here, "topic"].unique()))
            warn(f"{self.settings.prefix}codes by hand on {unknown} are left out: no such topic")
            found = found[here].reset_index(drop=True)
        again = found.duplicated(["doc_id", "sentence_id", "topic", "coder"])
        if again.any():
            raise self.settings.error(
                f"two files have answers of {listing(found.loc[again, 'coder'].unique())} for the "
                "same sentences",
                "codes",
                do="name each file once, and give each coder a name",
                table="validation",
            )
        return found if len(found) else None

    @table
    def sample(self) -> pd.DataFrame | None:
        """The sample that was drawn for coding, if the settings name its file."""
        path = self.settings.sample
        if path is not None and not self.settings.hand:
            raise self.settings.error(
                "there is a sample and there are no codes of it",
                "sample",
                do="name the sheets that were filled in, as codes, or leave the sample out",
                table="validation",
            )
        if path is None:
            return None
        with placed(path):  # a spreadsheet may have saved it: with semicolons, say
            table = pd.DataFrame([row for _, row in read_sheet(path)])
            return checked_sample(table, self.by)

    @table
    def fitted(self) -> pd.DataFrame | None:
        """The sample where its sentences stand now; warns if they are coded otherwise than then."""
        if self.sample is None:
            return None
        found = refit_sample(self.sample, self.sentences)
        coded = self.codes.set_index(KEYS)["coded"].astype(float)
        now = coded.reindex(pd.MultiIndex.from_frame(found[KEYS])).to_numpy()
        then = found["stratum"].eq("hit").to_numpy(float)
        if other := int((abs(now - then) == 1).sum()):  # what is no topic any more is missing
            warn(
                f"{self.settings.prefix}{other} of {len(found)} rows of the sample are coded "
                "otherwise by the dictionary than when it was drawn; if it was changed to fit the "
                "answers, it is less right than they say: draw a new sample to know"
            )
        return found

    def agreement(self) -> Result | None:
        """Return how well coders of the same sentences agree; else None. See `agreement`."""
        hand, level = self.hand, self.settings.conf_level
        if hand is None or hand["coder"].nunique() < 2:
            return None
        if not hand.duplicated(KEYS).any():
            return None  # they shared the work
        return self.once("agreement", lambda: agreement(hand, conf_level=level), {})

    @table
    def rates(self) -> Result | None:
        """How often the dictionary errs; None, with a warning, if the codes do not suffice."""
        _ = self.sample
        if self.hand is None:
            return None
        try:
            return self._of_hand(error_rates)
        except InputError as error:
            warn(f"{self.settings.prefix}{error}; until then nothing is validated")
            return None

    def error_rates(self) -> Result | None:
        """Return how often the dictionary errs; see `error_rates`."""
        return self.rates

    def corrected_emphasis(self) -> Result | None:
        """Return emphasis corrected for the dictionary's errors; see `corrected_emphasis`."""
        if self.rates is None:
            return None
        return self.once("corrected_emphasis", lambda: self._corrected(corrected_emphasis), {})

    def corrected_contrasts(self, *, reference: str = "pairs") -> Result | None:
        """Return contrasts corrected for the dictionary's errors; see `corrected_contrasts`."""
        if self.rates is None:
            return None
        return self.once(
            "corrected_contrasts",
            lambda **chosen: self._corrected(corrected_contrasts, **chosen),
            {"reference": reference},
        )

    def _checked(self, contrasts: Result) -> Result:
        """Return contrasts, those of groups with unequal recall refused if that is known."""
        return contrasts if self.rates is None else refuse_unequal_recall(contrasts, self.rates)

    def _corrected(self, make: Callable[..., Result], **options: str) -> Result:
        cluster = self.settings.cluster
        return self._of_hand(make, cluster="doc_id" if cluster == "article" else cluster, **options)

    def _of_hand(self, make: Callable[..., Result], **options: str) -> Result:
        """What a function makes of the codes by hand, the dictionary's and the sample."""
        hand = self.hand if self.sample is not None else self._with_lost()
        level = self.settings.conf_level
        return make(hand, self.codes, by=self.by, sample=self.fitted, conf_level=level, **options)

    def _with_lost(self) -> pd.DataFrame:
        """Codes of all sentences, and no answer for a few whose text has changed since."""
        assert self.hand is not None
        topics = self.hand["topic"].unique()
        body = self.codes[(self.codes["section"] == "body") & self.codes["topic"].isin(topics)]
        known = pd.MultiIndex.from_frame(self.hand[KEYS])
        lost = body[~pd.MultiIndex.from_frame(body[KEYS]).isin(known)]
        if not 0 < len(lost) <= MOST_LOST * len(body):
            return self.hand
        blank = lost.assign(answer="unsure", coder=self.hand["coder"].iloc[0])
        return pd.concat([self.hand, blank], ignore_index=True)
