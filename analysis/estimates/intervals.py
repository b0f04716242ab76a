"""Numbers in, numbers out: intervals and tests, each with its equation and its source.

Nothing here knows a text, a table or a name. Arguments are numpy arrays of one shape, one element
a group along the last axis, unless said otherwise; axes before it are samples of their own. For a
group with articles d: x_d hits of m_d units.

    Sx = sum x_d   Sm = sum m_d   Sxx = sum x_d^2   Sxm = sum x_d m_d   Smm = sum m_d^2
    n = articles with m_d > 0     n_pos = articles with x_d > 0         p = Sx / Sm,  q = 1 - p

An interval is a pair (low, high) with 0 <= low <= p <= high <= 1, NaN for a group without a unit.
Where nothing varies (one article, no hit, all alike) it has a width all the same or is NaN, which
says that it cannot be estimated; it never shrinks to a point.

Sources
-------
Kish (1965), Survey Sampling, ch. 5 and 8: variance of a ratio, design effect 1 + (m* - 1) rho.
Korn & Graubard (1998), Survey Methodology 24, 193-201: effective sample size and its adjustment.
Brown, Cai & DasGupta (2001), Statistical Science 16, 101-133: Jeffreys limits, closed at 0 and 1.
Wilson (1927), JASA 22, 209-212: score limits.
Newcombe (1998), Statistics in Medicine 17, 857-872 and 873-890: Wilson limits, square-and-add.
Zou & Donner (2008), Statistics in Medicine 27, 1693-1702: the same as MOVER.
Donner & Zou (2012), Stat. Methods Med. Res. 21, 347-359: MOVER for a ratio.
Satterthwaite (1946), Biometrics Bulletin 2, 110-114: degrees of freedom.
Holm (1979), Scandinavian Journal of Statistics 6, 65-70.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri, stdtr, stdtrit

from analysis.estimates.prior import DEFAULT_PRIOR, Prior

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """Sums over the articles of each group; see the module for their definitions."""

    n: Array
    n_pos: Array
    sx: Array
    sm: Array
    sxx: Array
    sxm: Array
    smm: Array

    @property
    def p(self) -> Array:
        """Pooled share; NaN for a group without a unit."""
        return _divide(self.sx, self.sm)

    @property
    def q_form(self) -> Array:
        """Q = Sxx - 2 p Sxm + p^2 Smm, the sum of squared residuals x_d - p m_d."""
        residual = self.sxx - 2 * self.p * self.sxm + self.p**2 * self.smm
        # Equal shares leave +-1e-16 of the terms, which is rounding and not a variance.
        return np.where(residual > 1e-12 * self.sxx, residual, 0.0)

    @property
    def variance(self) -> Array:
        """Linearised variance of p, V = n/(n-1) Q / Sm^2 (Kish); NaN below two articles."""
        return _divide(self.n, self.n - 1) * _divide(self.q_form, self.sm**2)


@dataclass(frozen=True)
class Moderated:
    """The default interval and everything it rests on, one element a group."""

    low: Array
    high: Array
    deff: Array
    deff_prior: Array
    deff_data: Array
    df: Array
    n_eff: Array


def _divide(top: Array, bottom: Array) -> Array:
    """Return top / bottom, NaN where bottom is not positive."""
    top, bottom = np.broadcast_arrays(np.asarray(top, float), np.asarray(bottom, float))
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0))


def _total(values: Array) -> Array:
    """Sum over the groups, one after the other: a group that adds 0 moves no last digit."""
    return np.asarray(np.cumsum(values, axis=-1)[..., -1])


def intra_article_correlation(groups: Moments, prior: Prior = DEFAULT_PRIOR) -> tuple[Array, Array]:
    """Return (rho, nu): the pooled correlation, shrunk to its prior, and the df of the data.

    rho_hat = clip(sum_g[n/(n-1) Q - p q Sm] / sum_g[p q (Smm - Sm)], 0, 1) over groups with n >= 2
    rho = (df0 rho0 + nu rho_hat) / (df0 + nu),  nu = sum(n - 1) over those with 0 < p < 1, and
    rho0 and df0 of the prior.

    Both are single numbers over the groups of a sample. Where no group says anything, rho is its
    prior and nu is 0. rho_hat is the moment estimator: the expectation of the linearised variance,
    V Sm = p q (1 + (m* - 1) rho), is solved for rho with both sides added over groups.
    """
    p, pq = groups.p, groups.p * (1 - groups.p)
    use = (groups.n >= 2) & (p > 0) & (p < 1)
    between = _divide(groups.n, groups.n - 1) * groups.q_form  # n/(n-1) Q
    top = _total(np.where(use, between - pq * groups.sm, 0.0))  # sum_g[n/(n-1) Q - p q Sm]
    bottom = _total(np.where(use, pq * (groups.smm - groups.sm), 0.0))  # sum_g[p q (Smm - Sm)]
    rho_hat = np.clip(np.nan_to_num(_divide(top, bottom)), 0.0, 1.0)
    nu = np.where(bottom > 0, _total(np.where(use, groups.n - 1, 0.0)), 0.0)  # sum_g(n - 1)
    return (prior.df * prior.rho + nu * rho_hat) / (prior.df + nu), nu


def moderated(
    groups: Moments, rho: Array | float, conf_level: float = 0.95, prior: Prior = DEFAULT_PRIOR
) -> Moderated:
    """Return Korn-Graubard limits with a moderated design effect, and what they rest on.

    m* = Smm / Sm;  deff0 = 1 + (m* - 1) rho;  deff1 = V / (p q / Sm)
    nu_g = min(n - 1, n_pos) if 0 < p < 1 and n > 1 else 0
    deff = max(1, (df0 deff0 + nu_g deff1) / (df0 + nu_g));  df = df0 + nu_g;  n_eff = Sm / deff
    n_adj = n_eff min(1, (t(Sm - 1) / t(df))^2), t the upper quantiles at the level
    limits = Beta quantiles of (p n_adj + 1/2, q n_adj + 1/2); 0 if p = 0, 1 if p = 1.
    """
    p = groups.p
    q = 1 - p
    inner = (p > 0) & (p < 1)
    deff_prior = 1 + (_divide(groups.smm, groups.sm) - 1) * rho  # deff0
    deff_data = _divide(groups.variance * groups.sm, np.where(inner, p * q, 0.0))  # deff1
    nu = np.where(inner & (groups.n > 1), np.minimum(groups.n - 1, groups.n_pos), 0.0)  # nu_g
    data_part = np.where(nu > 0, nu * np.nan_to_num(deff_data), 0.0)  # nu_g deff1
    deff = np.maximum(1.0, (prior.df * deff_prior + data_part) / (prior.df + nu))
    df = prior.df + nu
    n_eff = groups.sm / deff
    upper = (1 + conf_level) / 2
    # t has no quantile at 0 degrees of freedom; one unit cannot be adjusted downwards.
    quantile = np.asarray(stdtrit(np.maximum(groups.sm - 1, 1), upper), float)  # t(Sm - 1)
    ratio = quantile / np.asarray(stdtrit(df, upper), float)  # t(Sm - 1) / t(df)
    n_adj = n_eff * np.where(groups.sm > 1, np.minimum(1.0, ratio**2), 1.0)
    low, high = _beta_limits(p, n_adj, conf_level)
    return Moderated(low, high, deff, deff_prior, deff_data, df, n_eff)


def cluster_t(groups: Moments, conf_level: float = 0.95) -> tuple[Array, Array]:
    """Return p -+ t(n - 1) sqrt(V), cut off at 0 and 1; NaN where no two articles differ.

    V = n/(n-1) Q / Sm^2 is the cluster-robust variance of a mean with the correction G/(G-1), G
    the articles of the group itself (CR1; Stata's and R survey's for a ratio). statsmodels and
    sandwich::vcovCL of an lm agree for a group alone; in a model of several groups their G counts
    all articles. CR0 leaves G/(G-1) out: its error is smaller by a factor sqrt(1 - 1/n).
    """
    varies = (groups.n > 1) & (groups.q_form > 0)
    t = np.asarray(stdtrit(np.maximum(groups.n - 1, 1), (1 + conf_level) / 2), float)
    half = np.where(varies, t * np.sqrt(groups.variance), np.nan)
    return np.maximum(groups.p - half, 0.0), np.minimum(groups.p + half, 1.0)


def jeffreys(hits: Array, size: Array, conf_level: float = 0.95) -> tuple[Array, Array]:
    """Return Jeffreys limits: Beta quantiles of (x + 1/2, m - x + 1/2), closed at 0 and 1."""
    return _beta_limits(_divide(hits, size), np.asarray(size, float), conf_level)


def _beta_limits(p: Array, n: Array, conf_level: float) -> tuple[Array, Array]:
    tail = (1 - conf_level) / 2
    a, b = p * n + 0.5, (1 - p) * n + 0.5
    low = np.where(p == 0, 0.0, betaincinv(a, b, tail))
    high = np.where(p == 1, 1.0, betaincinv(a, b, 1 - tail))
    # At a level of .1 or so the quantiles of 1 of 6 do not hold 1/6; NaN without a unit.
    return np.minimum(low, p), np.maximum(high, p)


def wilson(hits: Array, size: Array, conf_level: float = 0.95) -> tuple[Array, Array]:
    """Return Wilson score limits, [2np + z^2 -+ z sqrt(z^2 + 4npq)] / [2(n + z^2)].

    Newcombe 1998, method 3. Here and for `jeffreys` units are taken for independent.
    """
    p = _divide(hits, size)
    n = np.where(np.isnan(p), np.nan, np.asarray(size, float))
    z2 = float(ndtri((1 + conf_level) / 2)) ** 2
    middle = 2 * n * p + z2
    half = np.sqrt(z2 * (z2 + 4 * n * p * (1 - p)))  # z sqrt(z^2 + 4npq)
    low = np.where(p == 0, 0.0, (middle - half) / (2 * (n + z2)))
    high = np.where(p == 1, 1.0, (middle + half) / (2 * (n + z2)))
    return low, high


def mover(
    first: tuple[Array, Array, Array], second: tuple[Array, Array, Array]
) -> tuple[Array, Array]:
    """Return the limits of p1 - p2 from p, low and high of each: Newcombe 1998, method 10.

    low = p1 - p2 - sqrt((p1 - low1)^2 + (high2 - p2)^2)
    high = p1 - p2 + sqrt((high1 - p1)^2 + (p2 - low2)^2)
    """
    (p1, low1, high1), (p2, low2, high2) = first, second
    difference = p1 - p2
    low = difference - np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = difference + np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return low, high


def mover_ratio(
    first: tuple[Array, Array, Array], second: tuple[Array, Array, Array]
) -> tuple[Array, Array]:
    """Return the limits of p1 / p2 from p, low and high of each: Donner & Zou 2012, eq. 6.

    low = b / (p1 p2 + sqrt((p1 p2)^2 - b c)),  b = low1 (2 p1 - low1),  c = high2 (2 p2 - high2)
    high = (p1 p2 + sqrt((p1 p2)^2 - b c)) / c,  b = high1 (2 p1 - high1),  c = low2 (2 p2 - low2)
    NaN where p2 is 0; no upper limit (infinite) where low2 is.
    """
    (p1, low1, high1), (p2, low2, high2) = first, second
    both = np.where(p2 > 0, p1 * p2, np.nan)
    b, c = low1 * (2 * p1 - low1), high2 * (2 * p2 - high2)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = b / (both + np.sqrt(np.maximum(both**2 - b * c, 0)))
        b, c = high1 * (2 * p1 - high1), low2 * (2 * p2 - low2)
        high = (both + np.sqrt(np.maximum(both**2 - b * c, 0))) / c
    return np.where(p1 > 0, low, np.where(p2 > 0, 0.0, np.nan)), high


@dataclass(frozen=True)
class LogitContrast:
    """A difference of logits, its standard error, and the two-sided test of no difference."""

    difference: Array
    std_error: Array
    statistic: Array
    df: Array
    p_value: Array
    prob_higher: Array


def logit_contrast(
    first: tuple[Array, Array, Array], second: tuple[Array, Array, Array], pooled: Array | float
) -> LogitContrast:
    """Return the test that decides a contrast of two groups, of each its p, n_eff and df.

    mu = pooled share of all groups, clipped to [.01, .99]
    eta = ln[(p n_eff + mu) / (q n_eff + 1 - mu)];  v = 1/(p n_eff + mu) + 1/(q n_eff + 1 - mu)
    t = (eta1 - eta2) / sqrt(v1 + v2);  df = (v1 + v2)^2 / (v1^2/df1 + v2^2/df2)  (Satterthwaite)
    probability that group 1 is higher = T_df(t).
    """
    mu = np.clip(pooled, 0.01, 0.99)

    def logit(p: Array, n_eff: Array) -> tuple[Array, Array]:
        hits, misses = p * n_eff + mu, (1 - p) * n_eff + 1 - mu
        return np.log(hits / misses), 1 / hits + 1 / misses  # eta, v

    (p1, n_eff1, df1), (p2, n_eff2, df2) = first, second
    (eta1, v1), (eta2, v2) = logit(p1, n_eff1), logit(p2, n_eff2)
    difference, std_error = eta1 - eta2, np.sqrt(v1 + v2)
    t = difference / std_error
    df = (v1 + v2) ** 2 / (v1**2 / df1 + v2**2 / df2)  # Satterthwaite
    p_value, prob_higher = np.asarray(2 * stdtr(df, -np.abs(t))), np.asarray(stdtr(df, t))
    return LogitContrast(difference, std_error, t, df, p_value, prob_higher)


def holm(p_values: Array) -> Array:
    """Return Holm's adjusted p, one family; NaN is left out of the family and stays NaN."""
    p_values = np.asarray(p_values, float)
    adjusted = np.full(p_values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p_values))
    order = known[np.argsort(p_values[known], kind="stable")]
    steps = p_values[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def gries_dp(hits: Array, size: Array, articles: Array) -> tuple[float, float]:
    """Return (DP, DPnorm), Gries' deviation of proportions over the articles of one group.

    DP = 1/2 sum |x_d/Sx - m_d/Sm|;  DPnorm = DP / (1 - min m_d/Sm).  0: spread as the text is.
    An element stands for so many `articles`. NaN without a hit; DPnorm is NaN for one article.
    Gries (2008), IJCL 13, 403-437; Lijffijt & Gries (2012), IJCL 17, 147-149.
    """
    total_hits, total_size = float(np.sum(hits * articles)), float(np.sum(size * articles))
    if total_hits == 0 or total_size == 0:
        return float("nan"), float("nan")
    shares = size / total_size
    dp = 0.5 * float(np.sum(articles * np.abs(hits / total_hits - shares)))
    rest = 1 - float(np.min(shares[size > 0]))
    return dp, dp / rest if rest > 1e-12 else float("nan")
