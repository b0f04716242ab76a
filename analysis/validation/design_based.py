"""A share corrected for the errors of a dictionary; numbers in, numbers out.

Of sentence i of N: yhat_i is the dictionary's code, y_i the coder's, R_i = 1 if it was answered,
pi_i its probability of being so, W_h = N_h / N the part of stratum h, k_h of n_h answered with yes.

    t_i = lam yhat_i + (R_i / pi_i)(y_i - lam yhat_i);   estimate = sum t_i / N
    V1 = n/(n-1) sum_d (T_d - estimate m_d)^2 / N^2      over n articles, T_d = sum of t_i

lam = 1 is design-based supervised learning and prediction-powered inference, 0 uses the answers
alone, and lam = cov(y, yhat) / var(yhat) has the smallest variance (PPI++). Within strata of the
dictionary's own answers every lam has the same estimate, sum_h W_h k_h / n_h.

V1 is moderated as `analysis.estimates.intervals.moderated` moderates the variance of a share: with
few articles it rests on the intra-article correlation and on the variance of the answers in their
strata. Below five observed errors V1 says little: then the limits of the strata (Jeffreys) and
those of the articles are joined by squares (MOVER). So is the upper limit, if that is higher, where
a stratum that the dictionary does not code has no yes among its answers: no miss seen is not none.

Sources
-------
Egami, Hinck, Stewart & Wei (2023), NeurIPS 36: design-based supervised learning.
Angelopoulos, Bates, Fannjiang, Jordan & Zrnic (2023), Science 382, 669-674; Angelopoulos, Duchi &
    Zrnic (2023), PPI++: arXiv 2311.01453.
Cochran (1977), Sampling Techniques, ch. 5: stratified shares, optimal allocation.
Zou & Donner (2008), Statistics in Medicine 27, 1693-1702: MOVER.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.estimates.effective import effective, limits
from analysis.estimates.intervals import Array, Moments, jeffreys
from analysis.estimates.prior import DEFAULT_PRIOR, Prior
from analysis.validation.strata import Cell, Strata

FEW_ERRORS = 5


@dataclass(frozen=True)
class Corrected:
    """A corrected share, its limits, and what they rest on."""

    estimate: float
    low: float
    high: float
    n_eff: float
    df: float
    lam: float
    method: str  # census, design_based, strata


def tuned(code: Array, answer: Array, weight: Array) -> float:
    """Return lam = cov(y, yhat) / var(yhat), from 0 to 1; 1 where the dictionary codes nothing.

    The covariance is that of the answered sentences by their weights, the variance that of all.
    """
    use = weight > 0
    spread = float(np.var(code, ddof=1)) if len(code) > 1 else 0.0
    if spread == 0 or use.sum() < 2:
        return 1.0
    y, yhat, w = answer[use], code[use], weight[use] / weight[use].sum()
    both = float(w @ ((y - w @ y) * (yhat - w @ yhat))) / (1 - float(w @ w))
    return float(np.clip(both / spread, 0.0, 1.0))


def contributions(code: Array, answer: Array, weight: Array, lam: float) -> Array:
    """Return t_i of each sentence; `weight` is R_i / pi_i.

    >>> code, answer = np.array([1.0, 0, 1, 0]), np.array([1.0, 1, np.nan, np.nan])
    >>> contributions(code, answer, np.array([2.0, 2, 0, 0]), 1.0)
    array([1., 2., 1., 0.])
    """
    known = np.where(weight > 0, answer, 0.0)
    return np.asarray(lam * code + weight * (known - lam * code))


def corrected(
    cell: Cell,
    rho: float,
    *,
    lam: float | None = None,
    conf_level: float = 0.95,
    prior: Prior = DEFAULT_PRIOR,
) -> Corrected:
    """Return the corrected share of a cell; `rho` is pooled over groups, `lam` tuned if None."""
    if lam is None:
        lam = tuned(cell.code, cell.answer, cell.weight)
    terms = contributions(cell.code, cell.answer, cell.weight, lam)
    size = float(len(terms))
    estimate = float(np.clip(terms.sum() / size, 0.0, 1.0))
    sums = article_sums(cell.article, cell.answer if cell.census else cell.code)
    if cell.census:
        size_eff, own_df = effective(sums, rho, prior.df)
        low, high = map(float, limits(sums, size_eff, own_df, conf_level))
        return Corrected(estimate, low, high, float(size_eff), float(own_df), lam, "census")
    pq = max(estimate, 0.5 / size) * max(1 - estimate, 0.5 / size)
    of_strata = label_variance(cell.strata)
    few = cell.errors < FEW_ERRORS
    sx = np.asarray(estimate * size)
    here = Moments(sums.n, sums.n_pos, sx, sums.sm, sums.sxx, sums.sxm, sums.smm)
    n_eff, df = map(float, effective(sums, rho, prior.df))
    low, high = map(float, limits(here, np.asarray(n_eff), np.asarray(df), conf_level))
    low, high = mover(cell.strata, (estimate, low, high), conf_level)
    if few:
        n_eff = pq / (pq / n_eff + of_strata)
    else:
        joined = high if no_miss_seen(cell.strata) else 0.0
        # deff0 with the variance of the answers, deff1 of V1, moderated as in `moderated`
        own = 1 + (float(sums.smm / sums.sm) - 1) * rho + size * of_strata / pq
        # An article with false alarms alone says nothing of how much articles differ.
        nu = min(float(sums.n) - 1, float(sums.n_pos) * precision(cell.strata), cell.errors)
        between = _between(cell.article, terms, estimate) * size / pq if nu > 0 else 0.0
        n_eff = size / max(1.0, (prior.df * own + nu * between) / (prior.df + nu))
        df = prior.df + nu
        low, high = map(float, limits(here, np.asarray(n_eff), np.asarray(df), conf_level))
        high = max(high, joined)
    method = "strata" if few else "design_based"
    return Corrected(estimate, low, high, n_eff, df, lam, method)


def without_each(cell: Cell, lam: float) -> Array:
    """Return the share without each article, in their order; NaN if there is only one."""
    terms = contributions(cell.code, cell.answer, cell.weight, lam)
    _, number = np.unique(cell.article, return_inverse=True)
    rest = len(terms) - np.bincount(number)
    return np.asarray((terms.sum() - np.bincount(number, terms)) / np.where(rest > 0, rest, np.nan))


def phi(strata: Strata) -> float:
    """Return the correlation of the dictionary's codes with the answers, 0 where one is constant.

    (W_H PPV - p phat) / sqrt(p q phat qhat), p the share of yes and phat that of hits.
    """
    rate = strata.yes / strata.answered
    p, hits = float(strata.share @ rate), float(strata.share @ strata.hit)
    spread = p * (1 - p) * hits * (1 - hits)
    both = float(strata.share @ (rate * strata.hit))
    return (both - p * hits) / spread**0.5 if spread > 0 else 0.0


def precision(strata: Strata) -> float:
    """Return which part of the hits the coders answer yes to; 1 where there is no hit."""
    hits = strata.hit * strata.size
    return float(hits @ (strata.yes / strata.answered) / hits.sum()) if hits.any() else 1.0


def no_miss_seen(strata: Strata) -> bool:
    """Return whether some stratum is not coded, was not answered whole, and has no yes."""
    silent = (strata.hit == 0) & (strata.answered < strata.size) & (strata.yes == 0)
    return bool(silent.any())


def label_variance(strata: Strata) -> float:
    """Return sum_h W_h^2 (1 - n_h/N_h) p_h q_h / n_h, with p_h = (k_h + 1/2) / (n_h + 1)."""
    p = (strata.yes + 0.5) / (strata.answered + 1)
    left = 1 - strata.answered / strata.size
    return float(np.sum(strata.share**2 * left * p * (1 - p) / strata.answered))


def mover(
    strata: Strata, articles: tuple[float, float, float], conf_level: float
) -> tuple[float, float]:
    """Return the limits of sum_h W_h k_h/n_h, from those of the strata and those of the articles.

    est -+ sqrt(sum_h W_h^2 (k_h/n_h - l_h)^2 + (est - l)^2); a stratum coded whole adds nothing.
    """
    p = strata.yes / strata.answered
    low, high = jeffreys(strata.yes, strata.answered, conf_level)
    known = strata.answered == strata.size
    down = np.sum((strata.share * np.where(known, 0.0, p - low)) ** 2)
    up = np.sum((strata.share * np.where(known, 0.0, high - p)) ** 2)
    estimate, lower, upper = articles
    return (
        float(max(0.0, estimate - np.sqrt(down + (estimate - lower) ** 2))),
        float(min(1.0, estimate + np.sqrt(up + (upper - estimate) ** 2))),
    )


def article_sums(article: np.ndarray, code: Array) -> Moments:
    """Return the sums over articles of sentences coded 0 or 1; NaN counts as neither."""
    _, number = np.unique(article, return_inverse=True)
    known = ~np.isnan(code)
    x = np.bincount(number, np.where(known, code, 0.0))
    m = np.bincount(number, known.astype(float))
    sums = ((m > 0).sum(), (x > 0).sum(), x.sum(), m.sum(), x @ x, x @ m, m @ m)
    return Moments(*(np.asarray(value, float) for value in sums))


def _between(article: np.ndarray, terms: Array, estimate: float) -> float:
    """V1, the variance over articles."""
    _, number = np.unique(article, return_inverse=True)
    residual = np.bincount(number, terms) - estimate * np.bincount(number)  # T_d - est m_d
    n = len(residual)
    return float(n / (n - 1) * (residual @ residual) / len(terms) ** 2)
