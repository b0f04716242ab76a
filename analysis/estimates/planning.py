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

from analysis.estimates.intervals import Array

_FEW, _MORE = 15, 2  # below 15 articles the test has fewer degrees of freedom: two more


def at_most_apart(low: Array, high: Array) -> Array:
    """Return the larger end, in absolute value, of the 90 % MOVER limits of a difference.

    Further articles differ by at most this: a difference as large is refused at the level .05.

    Examples
    --------
    >>> at_most_apart(np.array([-0.159]), np.array([0.059]))
    array([0.159])
    """
    return np.asarray(np.maximum(np.abs(low), np.abs(high)))


def equivalence(p1: Array, n1: Array, p2: Array, n2: Array, *, bound: float) -> tuple[Array, Array]:
    """Return z of "not lower by the bound" and of "not higher by the bound", both large if alike.

    z = (p1 - p2 + bound) / se,  z = (bound - (p1 - p2)) / se,  se^2 = p1 q1/n1 + p2 q2/n2.

    Examples
    --------
    >>> lower, higher = equivalence(0.65, 100, 0.70, 100, bound=0.10)
    >>> round(float(lower), 3), round(float(higher), 3)
    (0.756, 2.268)
    """
    se = np.sqrt(p1 * (1 - np.asarray(p1)) / n1 + p2 * (1 - np.asarray(p2)) / n2)
    return (p1 - p2 + bound) / se, (bound - (p1 - p2)) / se


def could_have_shown(
    share: Array,
    n1: Array,
    n2: Array,
    df: Array,
    *,
    alpha: float = 0.05,
    power: float = 0.8,
) -> Array:
    """Return the smallest difference that these articles would have shown four times in five.

    The smallest d with d = [t(1 - alpha/2) + t(power)] sqrt(p q/n2 + (p + d)(q - d)/n1), where p is
    the share of both groups together and p + d the higher one; the t have df degrees of freedom.
    n1, n2 are effective sizes from the pooled correlation (deff0), not from the group's own luck.
    NaN where no difference would do.

    Examples
    --------
    >>> float(could_have_shown(np.array(0.1), 199, 199, np.array(1e6)).round(3))
    0.099
    """
    p = np.asarray(share, float)
    c2 = (stdtrit(df, 1 - alpha / 2) + stdtrit(df, power)) ** 2
    # d^2 = c^2 [pq/n2 + (p + d)(q - d)/n1] is quadratic: (1 + c^2/n1) d^2 - c^2 (q - p)/n1 d - ...
    a = 1 + c2 / n1
    b = c2 * (1 - 2 * p) / n1
    c = c2 * p * (1 - p) * (1 / np.asarray(n1, float) + 1 / np.asarray(n2, float))
    d = (b + np.sqrt(b**2 + 4 * a * c)) / (2 * a)
    return np.asarray(np.where(p + d <= 1, d, np.nan))


def articles_needed(
    p1: float,
    p2: float,
    *,
    sizes: tuple[float, float] = (1.0, 1.0),
    rho: float = 0.0,
    power: float = 0.8,
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

    Examples
    --------
    >>> articles_needed(0.10, 0.20)
    197
    >>> articles_needed(0.10, 0.20, sizes=(20, 28), rho=0.15)
    50
    """
    mean, m_star = sizes
    z = ndtri(1 - alpha / 2 / comparisons) + ndtri(power)
    units = z**2 * (p1 * (1 - p1) + p2 * (1 - p2)) / (p1 - p2) ** 2
    articles = units * max(1.0, 1 + (m_star - 1) * rho) / mean
    return ceil(articles) + (_MORE if articles < _FEW else 0)
