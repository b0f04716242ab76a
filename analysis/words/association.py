"""How strongly words go with a group: numbers in, numbers out, equations beside the lines.

Contract of a measure, ``measure(y1, n1, y2, n2, prior)``: how often the target and the reference
use each word (float arrays, never both 0), how many words each has in all, and the prior count of
each word. It returns an `Association`, or the estimates alone. Estimates are finite, the larger
the more typical of the target; using the word once more in place of another never makes it
smaller. Measures that would divide by a count of 0, or take its logarithm, read it as one half.
A new one is a function and an entry in `MEASURES`, which says what else holds of it.

Sources
-------
Monroe, Colaresi & Quinn (2008), Political Analysis 16, 372-403: log-odds with a Dirichlet prior.
Dunning (1993), Computational Linguistics 19, 61-74: G2 of the four cells.
Rayson & Garside (2000), Workshop on Comparing Corpora, 1-6: G2 of the two cells with the word.
Yates (1934), Supplement to the Journal of the Royal Statistical Society 1, 217-235.
Hardie (2014), Log Ratio, an informal introduction; CASS, Lancaster.
Gabrielatos & Marchi (2011), Keyness: matching metrics to definitions; Lancaster.
Church & Hanks (1990), Computational Linguistics 16, 22-29: pointwise mutual information.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from scipy.special import kl_div, ndtr

from analysis.estimates.intervals import Array


class Association(NamedTuple):
    """What a measure says of each word; a test's ``statistic`` has the sign of the difference."""

    estimate: Array
    std_error: Array | None = None
    statistic: Array | None = None
    p_value: Array | None = None


def log_odds(y1: Array, n1: float, y2: Array, n2: float, prior: Array) -> Association:
    """Return the log-odds ratio with an informative Dirichlet prior, and its z."""
    alpha, alpha_0 = prior, prior.sum()
    odds1 = (y1 + alpha) / (n1 + alpha_0 - y1 - alpha)
    odds2 = (y2 + alpha) / (n2 + alpha_0 - y2 - alpha)
    delta = np.log(odds1) - np.log(odds2)  # eqn 15
    std_error = np.sqrt(1 / (y1 + alpha) + 1 / (y2 + alpha))  # eqn 20, the two-term form of 18
    z = delta / std_error  # eqn 21
    return Association(delta, std_error, z, _two_sided(z))


def _two_sided(z: Array) -> Array:
    return np.asarray(2 * ndtr(-np.abs(z)))


def _expected(y1: Array, n1: float, y2: Array, n2: float) -> tuple[Array, Array]:
    """The uses in target and reference, if the word were equally frequent in both."""
    return n1 * (y1 + y2) / (n1 + n2), n2 * (y1 + y2) / (n1 + n2)


def _signed(chi2: Array, difference: Array) -> Association:
    """A chi2 with one degree of freedom, as a measure: negative where the target uses it less."""
    chi2 = np.maximum(chi2, 0)  # rounding can leave -1e-16
    statistic = np.copysign(chi2, difference) + 0.0  # no -0
    return Association(statistic, None, statistic, _two_sided(np.sqrt(chi2)))  # a squared z


def g2(y1: Array, n1: float, y2: Array, n2: float, prior: Array) -> Association:
    """Return the log-likelihood ratio of the two cells with the word, 2 sum O ln(O / E).

    "War" in Brezina (2018), Statistics in Corpus Linguistics:

    >>> found = g2(np.array([620.0]), 1_017_879, np.array([267.0]), 1_007_532, np.array([1.0]))
    >>> found.estimate.round(2)
    array([140.87])
    """
    e1, e2 = _expected(y1, n1, y2, n2)
    # kl_div(O, E) is O ln(O / E) - O + E; the sums of O and E are equal.
    return _signed(2 * (kl_div(y1, e1) + kl_div(y2, e2)), y1 - e1)


def g2_four_cell(y1: Array, n1: float, y2: Array, n2: float, prior: Array) -> Association:
    """Return the log-likelihood ratio of all four cells: with the word and without it."""
    e1, e2 = _expected(y1, n1, y2, n2)
    with_word = kl_div(y1, e1) + kl_div(y2, e2)
    without = kl_div(n1 - y1, n1 - e1) + kl_div(n2 - y2, n2 - e2)
    return _signed(2 * (with_word + without), y1 - e1)


def chi2(y1: Array, n1: float, y2: Array, n2: float, prior: Array) -> Association:
    """Return Pearson's chi2 of the four cells, without a correction for continuity."""
    return _pearson(y1, n1, y2, n2, 0.0)


def chi2_yates(y1: Array, n1: float, y2: Array, n2: float, prior: Array) -> Association:
    """Return Pearson's chi2 of the four cells with Yates' correction, at most to 0."""
    return _pearson(y1, n1, y2, n2, 0.5)


def _pearson(y1: Array, n1: float, y2: Array, n2: float, correction: float) -> Association:
    e1, e2 = _expected(y1, n1, y2, n2)
    apart = np.maximum(np.abs(y1 - e1) - correction, 0)  # |O - E|, the same in all four cells
    return _signed(apart**2 * (1 / e1 + 1 / e2 + 1 / (n1 - e1) + 1 / (n2 - e2)), y1 - e1)


def _share(y: Array, n: float) -> Array:
    return np.maximum(y, 0.5) / n


def log_ratio(y1: Array, n1: float, y2: Array, n2: float, prior: Array) -> Association:
    """Return Hardie's log ratio, log2 of how many times more frequent: 1 is twice."""
    return Association(np.log2(_share(y1, n1)) - np.log2(_share(y2, n2)))


def percent_diff(y1: Array, n1: float, y2: Array, n2: float, prior: Array) -> Association:
    """Return Gabrielatos' %DIFF: how many per cent more frequent, from -100.

    Where the reference lacks a word, Gabrielatos divides by 1e-18, which puts every such word
    above all others; here its count is one half.
    """
    return Association(100 * (y1 / n1 / _share(y2, n2) - 1))


def pmi(y1: Array, n1: float, y2: Array, n2: float, prior: Array) -> Association:
    """Return pointwise mutual information, log2 of the uses over those expected."""
    y1 = np.maximum(y1, 0.5)
    return Association(np.log2(y1) - np.log2(_expected(y1, n1, y2, n2)[0]))


Measure: TypeAlias = Callable[[Array, float, Array, float, Array], Association | Array]


class Registered(NamedTuple):
    """A measure; its name on the axis of a figure; its source, in short; and what holds of it.

    Words are ranked by its ``statistic``, or by its ``estimate`` if it has no other number.
    An antisymmetric one changes sign, and nothing else, when target and reference change places.
    """

    function: Measure
    axis: str
    source: str
    ranks_by: str = "estimate"
    antisymmetric: bool = True


MEASURES = {
    "log_odds": Registered(
        log_odds, "z of the log-odds ratio", "Monroe, Colaresi & Quinn 2008", "statistic"
    ),
    "g2": Registered(g2, "G2 (two cells)", "Rayson & Garside 2000", "statistic"),
    "g2_four_cell": Registered(g2_four_cell, "G2 (four cells)", "Dunning 1993", "statistic"),
    "chi2": Registered(chi2, "chi2", "Pearson 1900", "statistic"),
    "chi2_yates": Registered(chi2_yates, "chi2 with Yates' correction", "Yates 1934", "statistic"),
    "log_ratio": Registered(log_ratio, "log ratio (base 2)", "Hardie 2014"),
    "percent_diff": Registered(
        percent_diff, "% difference", "Gabrielatos & Marchi 2011", antisymmetric=False
    ),
    "pmi": Registered(
        pmi, "pointwise mutual information", "Church & Hanks 1990", antisymmetric=False
    ),
}
