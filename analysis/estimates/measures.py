"""The measures of emphasis: what is counted (hits), and out of what (size).

A measure is one entry of `MEASURES`. Settings, error messages, figures, specifications and tests
read the entry; nothing else has to change for a new one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import check_choice


@dataclass(frozen=True)
class Measure:
    """A measure of emphasis: how hits and size come from the sums of an article and topic.

    ``hits`` and ``size`` take a table of sums, one row an article and topic (``sentences``,
    ``coded``, ``words``, ``matches``, ``matched_words``, ``all_matches``), and return integers.
    ``unit`` names the units of size. A share is multiplied by ``scale``. ``of_text``: the size is
    the text itself. The orders of two groups are compared among these measures only: the others
    ask another question.
    """

    hits: Callable[[pd.DataFrame], pd.Series]
    size: Callable[[pd.DataFrame], pd.Series]
    unit: str
    scale: int = 1
    of_text: bool = False

    @property
    def axis(self) -> str:
        """What the axis of a figure says."""
        return f"% of {self.unit}" if self.scale == 1 else f"matches per {self.scale} {self.unit}"


# The register of measures (sentence_share is the default; composition is zero-sum).
MEASURES: dict[str, Measure] = {
    "sentence_share": Measure(
        lambda sums: sums["coded"], lambda sums: sums["sentences"], "body sentences", of_text=True
    ),
    "per_1000_words": Measure(
        lambda sums: sums["matches"], lambda sums: sums["words"], "words", 1000, of_text=True
    ),
    "word_share": Measure(
        lambda sums: sums["matched_words"], lambda sums: sums["words"], "words", of_text=True
    ),
    "composition": Measure(
        lambda sums: sums["matches"], lambda sums: sums["all_matches"], "matches"
    ),
    "article_share": Measure(
        lambda sums: (sums["coded"] > 0).astype(np.int64),
        lambda sums: (sums["sentences"] > 0).astype(np.int64),
        "articles",
    ),
}
TEXT_MEASURES = tuple(name for name, measure in MEASURES.items() if measure.of_text)


def check_measure(measure: str) -> None:
    """Raise unless a measure is in the register."""
    check_choice(measure, MEASURES, "measure", "measure of emphasis")
