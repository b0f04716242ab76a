"""Whether two groups differ, also where one of them hardly mentions the topic.

Numbers in, numbers out, as in `analysis.estimates.intervals`, whose symbols are used. The test is
the Wald test on logits (`logit_contrast`) with two additions for the rarer group, the one whose
share is lower (or, where more than half of all units are on the topic, higher):

1. A guard. Few articles that mention a topic say little of how bursty the group is, so its
   correlation leans towards a ceiling, most where no article mentions it:

       rho' = rho + w max(5 rho0 - rho, 0),   w = 1 / (1 + n + 2 max(n_pos - 1, 0))

   rho0 is the prior of the unit and length (`prior_correlation`): for sentences 5 rho0 is 1, that
   is, an article counts as one unit. It reads as one article more that is all or nothing.
2. Silence never counts against a difference. On logits a share of 0 has a large variance, and p
   fell as the rarer group got its first hits. So p is the least of those of the group as it is
   and with one hit in k of its silent articles, k = 1, 2, ... as long as the order of the groups
   stays. Taking hits away then leaves p as it is or lowers it, but for burstiness: where the hits
   that remain sit in fewer articles, p may rise.

The limits of p_1 - p_2 rest on the same effective sizes (MOVER), so that test and interval seldom
disagree; where they do, a warning of the contrast says so.

How far this holds: tests/benchmarks/inference.csv. Constants were chosen there: the most power at
at most .08 false positives where groups are alike, and .10 where their burstiness differs.

Sources: those of `analysis.estimates.intervals`; Gelman & Hill (2007), ch. 12, on pooling a
variance towards that of other groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from analysis.estimates.effective import Pool, effective, limits, pool, pooled_df
from analysis.estimates.intervals import Array, Moments, logit_contrast, mover, mover_ratio
from analysis.estimates.prior import DEFAULT_PRIOR

CEILING = 5  # times rho0; for sentences a correlation of 1
_POSITIVE = 2  # an article that mentions the topic says as much of burstiness as three silent ones
Belief = tuple[Array | float, float]  # rho0 by unit and length, and its weight df0
_ALL_UP_TO, _STEP = 100, 1.1  # the k that are tried: each, then in steps


@dataclass(frozen=True)
class Difference:
    """A contrast of two groups: its test, its limits, and what they rest on."""

    statistic: Array
    df: Array
    p_value: Array
    prob_higher: Array  # that the first group is higher, T_df(t)
    low: Array
    high: Array
    ratio_low: Array  # of the shares, first by second
    ratio_high: Array
    n_eff_first: Array
    n_eff_second: Array
    silent: Array  # the k that the test rests on; 0: the groups as they are


def difference(
    first: Moments,
    second: Moments,
    *,
    everyone: Pool,
    total: tuple[Array, Array],
    prior: Belief = (DEFAULT_PRIOR.rho, DEFAULT_PRIOR.df),
    conf_level: float = 0.95,
    off: tuple[Array, Array] | None = None,
) -> Difference:
    """Return the contrasts of pairs of groups, one element a pair.

    Parameters
    ----------
    first, second : Moments
        The two groups; all others together are one group, whose sums are added.
    everyone : Pool
        `pooled` over all groups of the topic.
    total : (ndarray, ndarray)
        Hits and units of all groups of the topic; mu of `logit_contrast` is their ratio.
    prior : (ndarray or float, float)
        rho0, from `prior_correlation` of the m* of all groups together, and its weight df0.
    conf_level : float
        Level of the limits.
    off : (ndarray, ndarray), optional
        How many articles of each group have a unit that is not on the topic; it matters where
        mu > 1/2. By default as many as there can be, min(n, Sm - Sx).

    Examples
    --------
    A hundred articles of ten sentences a group: two hits in each against none at all.

    >>> two = Moments(*np.array([100.0, 100, 200, 1000, 400, 2000, 10000])[:, None])
    >>> none = Moments(*np.array([100.0, 0, 0, 1000, 0, 0, 10000])[:, None])
    >>> found = difference(two, none, everyone=pool(two) + pool(none), total=(200, 2000))
    >>> bool(found.p_value[0] < 1e-9), found.low.round(2), found.high.round(2)
    (True, array([0.18]), array([0.23]))
    """
    hits, units = (np.broadcast_to(np.asarray(n, float), np.shape(first.n)) for n in total)
    mu = hits / units
    # From here on the rare unit is counted, and the first of the two groups has fewer of them.
    sides = [
        _where(mu > 0.5, _complement(one, None if off is None else off[place]), one)
        for place, one in enumerate((first, second))
    ]
    swapped = sides[0].p <= sides[1].p
    rare, other = _where(swapped, *sides), _where(swapped, sides[1], sides[0])
    rare_hits = np.where(mu > 0.5, units - hits, hits)
    n_eff = [size for size, _ in _sizes(rare, other, everyone, prior)]
    # A last axis for k: the groups as they are, then with a hit in k silent articles.
    silent = rare.n - rare.n_pos
    k = np.array(_tried(np.nanmax(silent, initial=0)), float)
    rare, other = (Moments(*(x[..., None] for x in _values(one))) for one in (rare, other))
    many = Pool(*(np.asarray(x)[..., None] for x in _values(everyone)))
    more = _with_hits(rare, np.minimum(k, silent[..., None]))
    later = np.asarray(prior[0])[..., None], prior[1]
    sizes = _sizes(more, other, many + pool(more) - pool(rare), later)
    (n_more, df_more), (n_other, df_other) = sizes
    mu_more = (rare_hits[..., None] + k) / units[..., None]
    test = logit_contrast((more.p, n_more, df_more), (other.p, n_other, df_other), mu_more)
    possible = (k <= silent[..., None]) & (more.p < other.p) | (k == 0)
    place = np.argmin(np.where(possible, test.p_value, np.inf), axis=-1)[..., None]
    statistic, df, p_value = (
        np.take_along_axis(each, place, axis=-1)[..., 0]
        for each in (test.statistic, test.df, test.p_value)
    )
    # Back to first minus second, and to hits: logits of misses have the other sign.
    statistic = statistic * np.where(swapped == (mu > 0.5), -1.0, 1.0)
    n_eff_first, n_eff_second = np.where(swapped, *n_eff), np.where(swapped, n_eff[1], n_eff[0])
    pair = ((first, n_eff_first), (second, n_eff_second))
    each = limits_of_each(pair, everyone, prior[1], conf_level)
    prob_higher = np.asarray(stdtr(df, statistic))
    return Difference(
        *(
            statistic,
            df,
            p_value,
            prob_higher,
            *mover(*each),
            *mover_ratio(*each),
            n_eff_first,
            n_eff_second,
            k[place[..., 0]],
        )
    )


def limits_of_each(
    pair: Sequence[tuple[Moments, Array]], everyone: Pool, df0: float, conf_level: float
) -> tuple[tuple[Array, Array, Array], tuple[Array, Array, Array]]:
    """Return p with its limits of both groups, from their effective sizes: what MOVER takes."""
    first, second = (
        (group.p, *limits(group, n_eff, pooled_df(group, everyone, df0), conf_level))
        for group, n_eff in pair
    )
    return first, second


def _sizes(
    rare: Moments, other: Moments, everyone: Pool, prior: Belief
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """The effective size and df of both groups, with the guard on the rarer one."""
    rho0, df0 = np.asarray(prior[0], float), prior[1]
    rho = everyone.rho(rho0, df0)
    # Where both shares are the same, neither is the rarer one.
    weight = np.where(rare.p < other.p, guard(rare.n, rare.n_pos), 0.0)
    ceiling = np.minimum(CEILING * rho0, 1.0)
    guarded = rho + weight * np.maximum(ceiling - rho, 0.0)
    return effective(rare, guarded, df0), effective(other, rho, df0)


def guard(n: Array, n_pos: Array) -> Array:
    """Return w = 1 / (1 + n + 2 max(n_pos - 1, 0)), what the ceiling of rho' weighs."""
    return np.asarray(1 / (1 + n + _POSITIVE * np.maximum(n_pos - 1, 0)))


def _tried(most: float) -> list[int]:
    """The numbers of silent articles that get a hit: each up to 100, then in steps."""
    numbers = list(range(_ALL_UP_TO + 1))
    while numbers[-1] < most:
        numbers.append(int(np.ceil(numbers[-1] * _STEP)))
    return [k for k in numbers if k < most] + [int(most)]


def _with_hits(group: Moments, k: Array) -> Moments:
    """The group with one hit in each of k articles that have none, of mean length."""
    mean = np.divide(group.sm, group.n, out=np.zeros_like(group.sm), where=group.n > 0)
    return replace(
        group,
        n_pos=group.n_pos + k,
        sx=group.sx + k,
        sxx=group.sxx + k,
        sxm=group.sxm + k * mean,
    )


def _complement(group: Moments, off: Array | None) -> Moments:
    """The group with hits and misses exchanged."""
    return replace(
        group,
        n_pos=np.minimum(group.n, group.sm - group.sx) if off is None else off,
        sx=group.sm - group.sx,
        sxx=group.smm - 2 * group.sxm + group.sxx,
        sxm=group.smm - group.sxm,
    )


def _values(sums: Moments | Pool) -> list[Array]:
    return [getattr(sums, field.name) for field in fields(sums)]


def _where(condition: NDArray[np.bool_], first: Moments, second: Moments) -> Moments:
    both = zip(_values(first), _values(second), strict=True)
    return Moments(*(np.where(condition, one, other) for one, other in both))
