"""What a null result says, and how many articles a comparison needs.

Numbers in, numbers out; p1, p2 are shares, n their effective sizes: sentences as if independent.

Sources
-------
Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15, 657-680: two one-sided tests, which
    the interval of level 1 - 2 alpha decides.
Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, ch. 4: sample sizes.
Kish (1965), Survey Sampling, ch. 5: the design effect 1 + (m* - 1) rho.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from scipy.special import ndtri, stdtrit

from analysis.errors import InputError
from analysis.estimates.edge import Belief, Difference, limits_of_each
from analysis.estimates.effective import Pool, pooled_df
from analysis.estimates.intervals import Array, Moments, mover

POWER = 0.8  # four times in five
_FEW, _MORE = 15, 2  # below 15 articles the test has fewer degrees of freedom: two more


def at_most_apart(low: Array, high: Array) -> Array:
    """Return the larger end, in absolute value, of the 90 % MOVER limits of a difference.

    Further articles differ by at most this: a difference as large is refused at the level .05.

    >>> at_most_apart(np.array([-0.159]), np.array([0.059]))
    array([0.159])
    """
    return np.asarray(np.maximum(np.abs(low), np.abs(high)))


def of_a_null(
    first: Moments,
    second: Moments,
    found: Difference,
    everyone: Pool,
    *,
    prior: Belief,
    alpha: float,
) -> dict[str, Array]:
    """Return `at_most_apart` and `could_have_shown` of contrasts, one element a pair.

    The level of what could have been shown is that of all pairs together (Bonferroni): those in
    which both groups have two articles or more, and one has a hit.
    """
    pairs = (np.minimum(first.n, second.n) > 1) & (first.sx + second.sx > 0)
    each = alpha / max(int(pairs.sum()), 1)
    pair = ((first, found.n_eff_first), (second, found.n_eff_second))
    # At a conf_level of .5 or less there is no such level.
    low, high = mover(*limits_of_each(pair, everyone, prior[1], max(1 - 2 * alpha, 0.01)))
    rho = everyone.rho(*prior)
    n1, n2 = (one.sm / np.maximum(1 + (one.smm / one.sm - 1) * rho, 1) for one in (first, second))
    df = np.minimum(*(pooled_df(one, everyone, prior[1]) for one in (first, second)))
    share = (first.sx + second.sx) / (first.sm + second.sm)
    return {
        "at_most_apart": at_most_apart(low, high),
        "could_have_shown": could_have_shown(share, n1, n2, df, alpha=each),
    }


def could_have_shown(
    share: Array,
    n1: Array,
    n2: Array,
    df: Array,
    *,
    alpha: float = 0.05,
) -> Array:
    """Return the smallest difference that these articles would have shown four times in five.

    The smallest d with d = [t(1 - alpha/2) + t(power)] sqrt(p q/n2 + (p + d)(q - d)/n1), where p is
    the share of both groups together and p + d the higher one; the t have df degrees of freedom.
    n1, n2 are effective sizes from the pooled correlation (deff0), not from the group's own luck.
    NaN where no difference would do.

    >>> float(could_have_shown(np.array(0.1), 199, 199, np.array(1e6)).round(3))
    0.099
    """
    p = np.asarray(share, float)
    c2 = (stdtrit(df, 1 - alpha / 2) + stdtrit(df, POWER)) ** 2
    # d^2 = c^2 [pq/n2 + (p + d)(q - d)/n1] is quadratic: (1 + c^2/n1) d^2 - c^2 (q - p)/n1 d - ...
    a = 1 + c2 / n1
    b = c2 * (1 - 2 * p) / n1
    c = c2 * p * (1 - p) * (1 / np.asarray(n1, float) + 1 / np.asarray(n2, float))
    d = (b + np.sqrt(b**2 + 4 * a * c)) / (2 * a)
    return np.asarray(np.where((p + d <= 1) & (d > 1e-12), d, np.nan))


def articles_needed(
    p1: float,
    p2: float,
    *,
    sizes: tuple[float, float] = (1.0, 1.0),
    rho: float = 0.0,
    power: float = POWER,
    alpha: float = 0.05,
    comparisons: int = 1,
) -> int:
    """Return how many articles each of two groups needs for a difference to be found.

    n = z^2 (p1 q1 + p2 q2) / (p1 - p2)^2 (1 + (m* - 1) rho) / m,  z = z(1 - alpha/2k) + z(power)

    k comparisons; two articles more where n is below 15.

    Parameters
    ----------
    p1, p2 : float
        The shares.
    sizes : (float, float)
        Mean units an article m, and m* = Smm / Sm, which long articles make larger.
    rho : float
        The correlation within articles, of a pilot, say.
    power : float
        How often the difference is to be found.
    alpha : float
        Level of the test, of all comparisons together.
    comparisons : int
        How many are made.

    Returns
    -------
    int
        Articles a group.

    Raises
    ------
    InputError
        If p1 and p2 are not two different shares between 0 and 1.

    Examples
    --------
    >>> articles_needed(0.10, 0.20)
    197
    >>> articles_needed(0.10, 0.20, sizes=(20, 28), rho=0.15)
    50
    """
    if not (0 < p1 < 1 and 0 < p2 < 1 and p1 != p2):
        raise InputError(
            f"p1={p1!r} and p2={p2!r} are not two different shares between 0 and 1",
            do="write .1 and .2, say",
        )
    mean, m_star = sizes
    z = ndtri(1 - alpha / 2 / comparisons) + ndtri(power)
    units = z**2 * (p1 * (1 - p1) + p2 * (1 - p2)) / (p1 - p2) ** 2
    articles = units * max(1.0, 1 + (m_star - 1) * rho) / mean
    return ceil(articles) + (_MORE if articles < _FEW else 0)
