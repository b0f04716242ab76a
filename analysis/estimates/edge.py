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
disagree; where they do, `Difference.disagree` says so.

How far this holds: tests/benchmarks/inference.csv. Constants were chosen there: the most power at
at most .08 false positives where groups are alike, and .10 where their burstiness differs.

Sources: those of `analysis.estimates.intervals`; Gelman & Hill (2007), ch. 12, on pooling a
variance towards that of other groups.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from analysis.estimates.intervals import (
    PRIOR_DF,
    PRIOR_RHO,
    Array,
    Moments,
    jeffreys,
    logit_contrast,
    mover,
)

LONGEST = 40  # sentences; the design effect of the prior does not grow beyond
CEILING = 5  # times rho0; for sentences a correlation of 1
_POSITIVE = 2  # an article that mentions the topic says as much of burstiness as three silent ones
_ALL_UP_TO, _STEP = 100, 1.1  # the k that are tried: each, then in steps


def prior_correlation(
    m_star: Array, *, words: float = 1.0, rho: float = PRIOR_RHO, longest: float = LONGEST
) -> Array:
    """Return rho0, the prior correlation of two units of an article, by unit and length.

    rho0 = rho / words * min(1, (longest words - 1) / (m* - 1)),   m* = Smm / Sm

    `words` is how many units a sentence has: 1 for sentences and paragraphs, the mean words of a
    sentence for words. Beyond `longest` sentences rho0 falls so that 1 + (m* - 1) rho0 stays.

    Examples
    --------
    >>> prior_correlation(np.array([12.0, 40.0, 400.0])).round(4)
    array([0.2   , 0.2   , 0.0195])
    >>> prior_correlation(np.array([880.0]), words=22).round(5)
    array([0.00909])
    """
    m_star = np.asarray(m_star, float)
    beyond = np.maximum(m_star - 1, longest * words - 1)
    return np.asarray(rho / words * (longest * words - 1) / beyond)


Sums = TypeVar("Sums", Moments, "Pool")


@dataclass(frozen=True)
class Pool:
    """What groups say together about the correlation; adding pools is adding their numbers.

    rho_hat = clip(top / bottom, 0, 1) with nu degrees of freedom, as in
    `intra_article_correlation`; df = sum of nu_g = min(n - 1, n_pos) over groups with 0 < p < 1.
    """

    top: Array
    bottom: Array
    nu: Array
    df: Array

    def __add__(self, other: Pool) -> Pool:
        return Pool(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Pool)))

    def __sub__(self, other: Pool) -> Pool:
        return Pool(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(Pool)))

    def rho(self, prior: Array) -> Array:
        """Return rho = (4 rho0 + nu rho_hat) / (4 + nu)."""
        known = self.bottom > 1e-9
        rho_hat = np.divide(self.top, self.bottom, out=np.zeros_like(self.top), where=known)
        nu = np.where(known, self.nu, 0.0)
        return np.asarray((PRIOR_DF * prior + nu * np.clip(rho_hat, 0, 1)) / (PRIOR_DF + nu))


def pool(groups: Moments) -> Pool:
    """Return what each group says of the correlation; `pooled` adds the groups up."""
    p, pq = groups.p, groups.p * (1 - groups.p)
    use = (groups.n >= 2) & (p > 0) & (p < 1)
    between = groups.n / np.maximum(groups.n - 1, 1) * groups.q_form  # n/(n-1) Q
    return Pool(
        np.where(use, between - pq * groups.sm, 0.0),
        np.where(use, pq * (groups.smm - groups.sm), 0.0),
        np.where(use, groups.n - 1, 0.0),
        np.where(use, np.minimum(groups.n - 1, groups.n_pos), 0.0),
    )


def pooled(groups: Moments) -> Pool:
    """Return what all groups of the last axis say of the correlation together."""
    own = pool(groups)
    # One after the other: a group that adds 0 moves no last digit.
    return Pool(*(np.cumsum(getattr(own, f.name), axis=-1)[..., -1] for f in fields(Pool)))


def pooled_df(groups: Moments, all_groups: Pool) -> Array:
    """Return df = 4 + max(nu_g, min(nu of the others, n - 1)) of each group.

    Where a group's own variance says little, its design effect rests on the correlation pooled
    over the others: they lend it their degrees of freedom, at most n - 1.
    """
    own = pool(groups).df
    return np.asarray(
        PRIOR_DF + np.maximum(own, np.minimum(all_groups.df - own, np.maximum(groups.n - 1, 0)))
    )


@dataclass(frozen=True)
class Difference:
    """A contrast of two groups: its test, its limits, and what they rest on."""

    statistic: Array
    df: Array
    p_value: Array
    prob_higher: Array  # that the first group is higher, T_df(t)
    low: Array
    high: Array
    n_eff_first: Array
    n_eff_second: Array
    silent: Array  # the k that the test rests on; 0: the groups as they are

    def disagree(self, alpha: float = 0.05) -> Array:
        """Return where the test finds a difference and the limits include 0, or the reverse."""
        return np.asarray((self.p_value <= alpha) != ((self.low > 0) | (self.high < 0)))


def difference(
    first: Moments,
    second: Moments,
    *,
    everyone: Pool,
    total: tuple[Array, Array],
    prior: Array | float = PRIOR_RHO,
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
    prior : ndarray or float
        From `prior_correlation`, of the m* of all groups together.
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
    rare, other, many = (_with_axis(sums) for sums in (rare, other, everyone))
    more = _with_hits(rare, np.minimum(k, silent[..., None]))
    sizes = _sizes(more, other, many + pool(more) - pool(rare), np.asarray(prior)[..., None])
    (n_more, df_more), (n_other, df_other) = sizes
    mu_more = (rare_hits[..., None] + k) / units[..., None]
    test = logit_contrast(more.p, n_more, df_more, other.p, n_other, df_other, mu_more)
    possible = (k <= silent[..., None]) & (more.p < other.p) | (k == 0)
    place = np.argmin(np.where(possible, test.p_value, np.inf), axis=-1)[..., None]
    statistic, df, p_value = (
        np.take_along_axis(each, place, axis=-1)[..., 0]
        for each in (test.statistic, test.df, test.p_value)
    )
    # Back to first minus second, and to hits: logits of misses have the other sign.
    statistic = statistic * np.where(swapped == (mu > 0.5), -1.0, 1.0)
    n_eff_first, n_eff_second = np.where(swapped, *n_eff), np.where(swapped, n_eff[1], n_eff[0])
    both = [
        limits(one, size, pooled_df(one, everyone), conf_level)
        for one, size in ((first, n_eff_first), (second, n_eff_second))
    ]
    low, high = mover(first.p, *both[0], second.p, *both[1])
    prob_higher = np.asarray(stdtr(df, statistic))
    return Difference(
        *(
            statistic,
            df,
            p_value,
            prob_higher,
            low,
            high,
            n_eff_first,
            n_eff_second,
            k[place[..., 0]],
        )
    )


def _sizes(
    rare: Moments, other: Moments, everyone: Pool, prior: Array | float
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """The effective size and df of both groups, with the guard on the rarer one."""
    rho = everyone.rho(np.asarray(prior, float))
    # Where both shares are the same, neither is the rarer one.
    weight = np.where(rare.p < other.p, guard(rare.n, rare.n_pos), 0.0)
    ceiling = np.minimum(CEILING * np.asarray(prior), 1.0)
    return effective(rare, rho + weight * np.maximum(ceiling - rho, 0.0)), effective(other, rho)


def effective(group: Moments, rho: Array | float) -> tuple[Array, Array]:
    """Return (n_eff, df) as `moderated` has them, without its limits."""
    pq = group.p * (1 - group.p)
    nu = np.where((pq > 0) & (group.n > 1), np.minimum(group.n - 1, group.n_pos), 0.0)  # nu_g
    own = np.zeros(np.broadcast_shapes(np.shape(pq), np.shape(rho)))
    np.divide(group.variance * group.sm, pq, out=own, where=nu > 0)  # deff1
    prior = 1 + (group.smm / np.where(group.sm > 0, group.sm, np.nan) - 1) * rho  # deff0
    deff = np.maximum(1.0, (PRIOR_DF * prior + nu * own) / (PRIOR_DF + nu))
    return group.sm / deff, PRIOR_DF + nu


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


def _with_axis(sums: Sums) -> Sums:
    return type(sums)(*(np.asarray(getattr(sums, f.name))[..., None] for f in fields(sums)))


def _where(condition: NDArray[np.bool_], first: Moments, second: Moments) -> Moments:
    names = [field.name for field in fields(Moments)]
    return Moments(*(np.where(condition, getattr(first, n), getattr(second, n)) for n in names))


def limits(
    group: Moments, n_eff: Array, df: Array, conf_level: float = 0.95
) -> tuple[Array, Array]:
    """Return the limits of `moderated` from an effective size and degrees of freedom."""
    upper = (1 + conf_level) / 2
    t_units = np.asarray(stdtrit(np.maximum(group.sm - 1, 1), upper), float)
    ratio = t_units / np.asarray(stdtrit(df, upper), float)  # t(Sm - 1) / t(df)
    n_adj = n_eff * np.where(group.sm > 1, np.minimum(1.0, ratio**2), 1.0)
    return jeffreys(group.p * n_adj, n_adj, conf_level)
