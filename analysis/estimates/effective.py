"""Effective sample sizes: what the correlation within articles leaves of the units counted.

Numbers in, numbers out; symbols and sources as in `analysis.estimates.intervals`. What is here
beyond `moderated`: a prior that belongs to the unit and the length, the correlation as numbers
that add over groups, and degrees of freedom that groups lend each other.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.special import stdtrit

from analysis.estimates.intervals import Array, Moments, jeffreys
from analysis.estimates.prior import DEFAULT_PRIOR, Prior
from analysis.estimates.tallies import Tally

LONGEST = 40  # sentences; beyond, the prior correlation falls


def prior_correlation(
    m_star: Array | float,
    *,
    words: float = 1.0,
    rho: float = DEFAULT_PRIOR.rho,
    longest: float = LONGEST,
) -> Array:
    """Return rho0, the prior correlation of two units of an article, by unit and length.

    rho0 = rho / words * min(1, sqrt((longest words - 1) / (m* - 1))),   m* = Smm / Sm

    `words` is how many units a sentence has: 1 for sentences and paragraphs, the mean words of a
    sentence for words. What two sentences of a long text have in common is less than what two of
    a short one have: beyond `longest` sentences rho0 falls. Falling faster, with 1 / m*, or m* cut
    off at 40, had intervals that were too narrow (tests/benchmarks/inference.csv).

    >>> prior_correlation(np.array([12.0, 40.0, 400.0])).round(4)
    array([0.2   , 0.2   , 0.0625])
    >>> prior_correlation(np.array([880.0]), words=22).round(5)
    array([0.00909])
    """
    m_star = np.asarray(m_star, float)
    beyond = np.maximum(m_star - 1, longest * words - 1)
    return np.asarray(rho / words * np.sqrt((longest * words - 1) / beyond))


def prior_of(tally: Tally, measure: str, prior: Prior) -> Prior:
    """Return the prior of the unit and length that a measure of a tally has.

    The units of a sentence are those of the tally itself; 1 where it does not count sentences.
    """
    rows = tally.of(measure)
    sm, smm = (float((rows["articles"] * rows["size"] ** power).sum()) for power in (1, 2))
    if sm == 0:
        return prior
    words = 1.0
    if measure in ("per_1000_words", "word_share"):
        both = tally.table["size"] * tally.table["articles"]
        of_measure = both.groupby(tally.table["measure"]).sum()
        words = max(of_measure[measure] / (of_measure.get("sentence_share", 0) or np.inf), 1.0)
    return replace(prior, rho=float(prior_correlation(smm / sm, words=words, rho=prior.rho)))


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

    def rho(self, rho0: Array | float, df0: float = DEFAULT_PRIOR.df) -> Array:
        """Return rho = (df0 rho0 + nu rho_hat) / (df0 + nu)."""
        known = self.bottom > 1e-9
        rho_hat = np.divide(self.top, self.bottom, out=np.zeros_like(self.top), where=known)
        nu = np.where(known, self.nu, 0.0)
        return np.asarray((df0 * np.asarray(rho0) + nu * np.clip(rho_hat, 0, 1)) / (df0 + nu))


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


def pooled_df(groups: Moments, all_groups: Pool, df0: float = DEFAULT_PRIOR.df) -> Array:
    """Return df = df0 + max(nu_g, min(nu of the others, n - 1)) of each group.

    Where a group's own variance says little, its design effect rests on the correlation pooled
    over the others: they lend it their degrees of freedom, at most n - 1.
    """
    own = pool(groups).df
    return np.asarray(
        df0 + np.maximum(own, np.minimum(all_groups.df - own, np.maximum(groups.n - 1, 0)))
    )


def effective(
    group: Moments, rho: Array | float, df0: float = DEFAULT_PRIOR.df
) -> tuple[Array, Array]:
    """Return (n_eff, df) as `moderated` has them, without its limits."""
    pq = group.p * (1 - group.p)
    nu = np.where((pq > 0) & (group.n > 1), np.minimum(group.n - 1, group.n_pos), 0.0)  # nu_g
    own = np.zeros(np.broadcast_shapes(np.shape(pq), np.shape(rho)))
    np.divide(group.variance * group.sm, pq, out=own, where=nu > 0)  # deff1
    prior = 1 + (group.smm / np.where(group.sm > 0, group.sm, np.nan) - 1) * rho  # deff0
    deff = np.maximum(1.0, (df0 * prior + nu * own) / (df0 + nu))
    return group.sm / deff, df0 + nu


def limits(
    group: Moments, n_eff: Array, df: Array, conf_level: float = 0.95
) -> tuple[Array, Array]:
    """Return the limits of `moderated` from an effective size and degrees of freedom."""
    upper = (1 + conf_level) / 2
    t_units = np.asarray(stdtrit(np.maximum(group.sm - 1, 1), upper), float)
    ratio = t_units / np.asarray(stdtrit(df, upper), float)  # t(Sm - 1) / t(df)
    n_adj = n_eff * np.where(group.sm > 1, np.minimum(1.0, ratio**2), 1.0)
    return jeffreys(group.p * n_adj, n_adj, conf_level)
