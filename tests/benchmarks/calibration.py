"""How often intervals hold the truth and tests find what is not there, in simulated corpora.

    python tests/benchmarks/calibration.py [FILE.csv]

simulates every design with every number of articles, some minutes on one core, and writes or
prints the table that `calibrate` returns. ``analysis/report/calibration.csv`` is one. Each corpus
has two groups alike, the least that the correlation can be pooled over, so every difference that a
test finds is false.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import comb
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.estimates.edge import difference
from analysis.estimates.effective import pooled
from analysis.estimates.intervals import (
    Array,
    Moments,
    intra_article_correlation,
)
from analysis.estimates.permutation import permutation_test
from analysis.estimates.resampling import MAX_SPLITS
from analysis.estimates.shares import METHODS, Sample
from analysis.io.csv import to_csv
from analysis.report.calibration import ARTICLES

LENGTHS = np.arange(5, 61)  # sentences of an article, all equally likely
LEVEL = 0.95
LEAST_COVERAGE, MOST_FALSE = 0.93, 0.08  # what is asked of the default
_DRAWN_AT_RANDOM = 500  # corpora for the permutation test where it cannot enumerate


@dataclass(frozen=True)
class Design:
    """How articles come about; `share` is what estimates are of, E[hits] / E[sentences].

    ``icc``: correlation of two sentences of an article, given its expected share (beta-binomial).
    ``touched``: the part of the articles that touch the topic at all. ``slope``: the expected
    share goes with the length to this power, so that longer articles say more (1) or less (-1).
    """

    name: str
    share: float
    icc: float
    touched: float = 1.0
    slope: int = 0

    def draw(self, random: np.random.Generator, shape: tuple[int, ...]) -> tuple[Array, Array]:
        """Return the hits and sizes of as many articles as the shape has elements."""
        size = random.choice(LENGTHS, shape)
        # E[size * mean] = share * E[size] fixes the level of the means.
        level = self.share * LENGTHS.mean() / (LENGTHS ** (1.0 + self.slope)).mean()
        mean = level * size ** float(self.slope) / self.touched
        a = (1 - self.icc) / self.icc
        propensity = random.beta(mean * a, (1 - mean) * a)
        propensity = np.where(random.random(shape) < self.touched, propensity, 0.0)
        return random.binomial(size, propensity).astype(float), size.astype(float)


DESIGNS = (
    *(
        Design(f"beta-binomial {share:.2f}", share, icc)
        for share in (0.10, 0.30)
        for icc in (0.05, 0.15, 0.30, 0.50)
    ),
    Design("beta-binomial 0.02", 0.02, 0.15),
    Design("bursty 0.10", 0.10, 0.15, touched=0.4),
    Design("bursty 0.30", 0.30, 0.15, touched=0.4),
    Design("longer say more 0.10", 0.10, 0.15, slope=1),
    Design("longer say less 0.10", 0.10, 0.15, slope=-1),
)


def calibrate(
    designs: Iterable[Design] = DESIGNS,
    articles: Sequence[int] = ARTICLES,
    methods: Sequence[str] = tuple(METHODS),
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the coverage of intervals and the false positives of tests, nominal 95 % and 5 %.

    Parameters
    ----------
    designs : iterable of Design
        How articles come about.
    articles : sequence of int
        Articles in each of the two groups.
    methods : sequence of str
        Names in `METHODS`.
    replicates : int
        Corpora of each design; of those, 500 for the permutation test where it draws at random.
    seed : int
        Of the simulation.

    Returns
    -------
    pandas.DataFrame
        ``design``, ``share``, ``icc``, ``articles``, ``method`` (an interval, or the tests
        ``contrast`` and ``permutation``); ``estimable``, the part of the intervals that exist;
        of those, ``coverage`` and mean ``width``; ``false_positives``; ``mc_error``, the standard
        error of the rate; ``holds``: coverage >= .93, false positives <= .08, within two of them.

    Examples
    --------
    >>> table = calibrate(DESIGNS[:1], [5], ["moderated"], replicates=100)
    >>> table[["articles", "method", "holds"]].to_dict("list")
    {'articles': [5, 5, 5], 'method': ['moderated', 'contrast', 'permutation'], 'holds': [True, \
True, True]}
    """
    rows = []
    for design in designs:
        for number in articles:
            random = np.random.default_rng([seed, number])  # no design moves another
            hits, size = design.draw(random, (replicates, 2, number))
            about = {"design": design.name, "share": design.share, "icc": design.icc}
            found = [*_intervals(hits, size, design.share, methods), *_tests(hits, size)]
            rows += [about | {"articles": number} | row for row in found]
    columns = ["design", "share", "icc", "articles", "method", "estimable", "coverage", "width"]
    return pd.DataFrame(rows, columns=[*columns, "false_positives", "mc_error", "holds"])


def _moments(hits: Array, size: Array) -> Moments:
    number = np.full(hits.shape[:-1], float(hits.shape[-1]))
    values = (hits > 0, hits, size, hits**2, hits * size, size**2)
    return Moments(number, *(value.sum(axis=-1).astype(float) for value in values))


def _intervals(
    hits: Array, size: Array, share: float, methods: Sequence[str]
) -> Iterable[dict[str, object]]:
    rho, _ = intra_article_correlation(_moments(hits, size))
    rho = np.repeat(rho, 2)
    flat_hits, flat_size = (values.reshape(-1, values.shape[-1]) for values in (hits, size))
    moments = _moments(flat_hits, flat_size)
    kinds = (flat_hits.T, flat_size.T, np.ones(hits.shape[-1]))
    for method in methods:
        low, high = METHODS[method].limits(Sample(moments, rho, [kinds]), LEVEL)
        exists = ~np.isnan(low)
        if not exists.any():
            yield {"method": method, "estimable": 0.0, "holds": False}
            continue
        rate = float(np.mean((low <= share) & (share <= high), where=exists))
        error = _mc_error(rate, int(exists.sum()))
        yield {
            "method": method,
            "estimable": float(exists.mean()),
            "coverage": rate,
            "width": float(np.mean(high - low, where=exists)),
            "mc_error": error,
            "holds": rate >= LEAST_COVERAGE - 2 * error,
        }


def _tests(hits: Array, size: Array) -> Iterable[dict[str, object]]:
    groups = _moments(hits, size)
    sides = [Moments(*(getattr(groups, f.name)[:, i] for f in fields(Moments))) for i in (0, 1)]
    total = groups.sx.sum(axis=-1), groups.sm.sum(axis=-1)
    found = difference(*sides, everyone=pooled(groups), total=total)
    p_values = {"contrast": found.p_value}
    number = hits.shape[-1]
    exact = comb(2 * number, number) <= MAX_SPLITS
    corpora = len(hits) if exact else min(len(hits), _DRAWN_AT_RANDOM)
    permuted = [permutation_test(hits[i], size[i])[0] for i in range(corpora)]
    p_values["permutation"] = np.array(permuted)
    for method, p in p_values.items():
        rate = float(np.mean(p <= 1 - LEVEL + 1e-12))
        error = _mc_error(rate, len(p))
        yield {
            "method": method,
            "false_positives": rate,
            "mc_error": error,
            "holds": rate <= MOST_FALSE + 2 * error,
        }


def _mc_error(rate: float, number: int) -> float:
    """The standard error of a simulated rate; of one that is 0 or 1, of one hit in between."""
    return float(np.sqrt(max(rate * (1 - rate), 1 / number) / number))


if __name__ == "__main__":
    table = to_csv(calibrate().round(4))
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(table, encoding="utf-8")
    else:
        print(table, end="")
