"""Percentile limits of the bootstrap over many articles, computed instead of drawn.

A draw of n articles has hits/size of t or less where the sum S of x_d - t m_d over it is at most
0. S is a sum of n draws that are independent and alike, whose tails the saddlepoint gives: with
the cumulant function K(v) of S and K'(v) = 0,

    r = sign(v) sqrt(-2 K(v)),  u = v sqrt(K''(v)),  r* = r + log(u / r) / r,  P = Phi(r*)

The limit is the t at which r* is the quantile of the level: where infinitely many replicates
would have it, but for an error that is smaller than that of 2,000 replicates.

Sources
-------
Davison & Hinkley (1988), Biometrika 75, 417-431: the saddlepoint in place of resampling.
Barndorff-Nielsen (1986), Biometrika 73, 307-322: r*, of one equation with Lugannani & Rice (1980).
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from analysis.estimates.intervals import Array

# More articles than these; and those that make hits/size what it is are at least so many, counted
# as if each weighed the same. Of fewer the sums come in lumps, which only draws show.
MANY, ENOUGH = 2_000, 100
_LEAST_LEVEL = 0.01  # below, r is so near 0 that log(u / r) / r is lost to rounding
_STEPS = 100


def _sum(weights: Array, values: Array) -> float:
    """The sum of products; BLAS would wake threads, which costs more and may round otherwise."""
    return float((weights * values).sum())


def is_smooth(hits: Array, size: Array, articles: Array, conf_level: float) -> bool:
    """Return whether limits may be computed; one element a kind of article."""
    if articles.sum() <= MANY or conf_level < _LEAST_LEVEL:
        return False
    squared = (hits - size * _sum(articles, hits) / _sum(articles, size)) ** 2
    return bool(ENOUGH * _sum(articles, squared**2) < _sum(articles, squared) ** 2)


def percentile(hits: Array, size: Array, articles: Array, level: float) -> float:
    """Return the value that hits/size of resampled articles does not pass, so often as `level`."""
    number, wanted = float(articles.sum()), NormalDist().inv_cdf(level)
    weights = articles / number
    bottom = _sum(weights, size)
    share = _sum(weights, hits) / bottom
    ends = (hits / size).min(), (hits / size).max()
    spread = np.sqrt(_sum(weights, (hits - share * size) ** 2) / number) / bottom
    last, limit = share + wanted * spread * np.array([0.95, 1.0])
    before = _normal(hits - last * size, weights, number) - wanted
    for _ in range(_STEPS):  # by secants: r* is all but linear in t
        off = _normal(hits - limit * size, weights, number) - wanted
        if abs(off) < 1e-8 or off == before:
            break
        further = limit - off * (limit - last) / (off - before)
        last, before = limit, off
        limit = min(max(further, (limit + ends[0]) / 2), (limit + ends[1]) / 2)
    return float(limit)


def _normal(values: Array, weights: Array, number: float) -> float:
    """r* at 0 of the sum of so many independent draws of values: it is as good as normal."""
    mean, most = _sum(weights, values), np.abs(values).max()
    at = -mean / (_sum(weights, values**2) - mean**2)
    for _ in range(_STEPS):  # Newton's, of a convex function; no further than it can be trusted
        grown = np.expm1(at * values)
        total = _sum(weights, grown)
        tilted = weights * (grown + 1) / (total + 1)
        slope = _sum(tilted, values)
        curve = _sum(tilted, values**2) - slope**2
        step = slope / curve
        if abs(step) * most < 1e-10:
            break
        at -= np.clip(step, -1 / most, 1 / most)
    # The sign of the equations is that of 0 less the mean: of `at`.
    r = np.sign(at) * np.sqrt(max(-2 * number * np.log1p(total), 0.0))
    u = at * np.sqrt(number * curve)
    return float(r + np.log(u / r) / r)
