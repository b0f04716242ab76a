"""Tests that a referee would name, on the articles of two groups of many corpora at once.

Each takes [(hits, size), (hits, size)], arrays of corpora by articles, and returns a p a corpus;
1 where a test has none. The register says on how many corpora it is run: those that fit or draw
are slow.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, fdtrc, ndtr, stdtr, xlog1py, xlogy
from scipy.stats import chi2

from analysis.estimates.intervals import (
    Moments,
    intra_article_correlation,
    logit_contrast,
    moderated,
)
from analysis.estimates.permutation import permutation_tests
from analysis.estimates.resampling import of_articles


def moments(hits, size):
    """The sums over the articles, the last axis."""
    values = (size > 0, hits > 0, hits, size, hits**2, hits * size, size**2)
    return Moments(*(value.sum(axis=-1).astype(float) for value in values))


def _effective(corpus, pooled_df=True):
    """p, effective sizes and df of both groups, with the prior of .20."""
    sides = [moments(*side) for side in corpus]
    names = ("n", "n_pos", "sx", "sm", "sxx", "sxm", "smm")
    together = Moments(*(np.stack([getattr(s, n) for s in sides], axis=-1) for n in names))
    rho, _ = intra_article_correlation(together)
    own = moderated(together, rho[:, None])
    df = own.df
    if pooled_df:
        df = np.maximum(df, 4 + np.minimum(df[:, ::-1] - 4, together.n - 1))
    share = together.sx.sum(axis=-1) / together.sm.sum(axis=-1)
    return together.p, own.n_eff, df, share


def _two_sided(t, df):
    return np.nan_to_num(2 * stdtr(df, -np.abs(t)), nan=1.0)


def _satterthwaite(v, df):
    with np.errstate(all="ignore"):
        return v.sum(axis=-1) ** 2 / np.sum(v**2 / df, axis=-1)


def today(corpus):
    """The Wald test on logits without guard."""
    p, n, df, share = _effective(corpus, pooled_df=False)
    sides = ((p[:, i], n[:, i], df[:, i]) for i in (0, 1))
    return logit_contrast(next(sides), next(sides), share).p_value


def half(corpus):
    """At least half a hit on each side, and df lent by the other group."""
    p, n, df, share = _effective(corpus)
    mu = np.clip(share, 0.01, 0.99)[:, None]
    hits, misses = np.maximum(p * n + mu, 0.5), np.maximum((1 - p) * n + 1 - mu, 0.5)
    eta, v = np.log(hits / misses), 1 / hits + 1 / misses
    return _two_sided((eta[:, 0] - eta[:, 1]) / np.sqrt(v.sum(axis=1)), _satterthwaite(v, df))


def score(corpus):
    """Both variances at the pooled share of the effective sizes, and df lent."""
    p, n, df, _ = _effective(corpus)
    mu = (np.sum(p * n, axis=1) / n.sum(axis=1))[:, None]
    v = mu * (1 - mu) / n
    with np.errstate(all="ignore"):
        t = (p[:, 0] - p[:, 1]) / np.sqrt(v.sum(axis=1))
    return _two_sided(t, _satterthwaite(v, df))


def likelihood_ratio(corpus):
    """The signed root of the likelihood ratio on effective counts, and df lent."""
    p, n, df, _ = _effective(corpus)
    mu = (np.sum(p * n, axis=1) / n.sum(axis=1))[:, None]
    with np.errstate(all="ignore"):
        ratio = 2 * np.sum(n * (xlogy(p, p / mu) + xlogy(1 - p, (1 - p) / (1 - mu))), axis=1)
    t = np.sqrt(np.maximum(np.nan_to_num(ratio), 0))
    return _two_sided(t, _satterthwaite(mu * (1 - mu) / n, df))


def cluster_t(corpus):
    """Cluster-robust (CR1) standard error of the difference of pooled shares, t(n1 + n2 - 2)."""
    first, second = (moments(*side) for side in corpus)
    with np.errstate(all="ignore"):
        t = (first.p - second.p) / np.sqrt(first.variance + second.variance)
    return _two_sided(t, first.n + second.n - 2)


def quasi_binomial(corpus):
    """Logistic regression with a dispersion (Pearson), F test of the deviance."""
    first, second = (moments(*side) for side in corpus)
    pearson = 0.0
    for sums in (first, second):
        pq = sums.p * (1 - sums.p)
        residual = _weighted_residual(corpus[0 if sums is first else 1], sums.p)
        pearson = pearson + np.divide(residual, pq, out=np.zeros_like(pq), where=pq > 0)
    df = first.n + second.n - 2
    mu = (first.sx + second.sx) / (first.sm + second.sm)
    deviance = sum(
        2 * (_loglik(s.sx, s.sm, s.p) - _loglik(s.sx, s.sm, mu)) for s in (first, second)
    )
    with np.errstate(all="ignore"):
        f = deviance / (pearson / df)
    return np.nan_to_num(fdtrc(1, df, np.maximum(f, 0)), nan=1.0)


def _weighted_residual(side, p):
    hits, size = side
    return np.sum((hits - size * p[:, None]) ** 2 / size, axis=1)


def _loglik(hits, size, p):
    return xlogy(hits, p) + xlog1py(size - hits, -p)


def gee(corpus):
    """Logistic GEE, independence as working correlation, sandwich variance, z."""
    logits, variance = [], []
    for side in corpus:
        sums = moments(*side)
        with np.errstate(all="ignore"):
            logits.append(np.log(sums.p / (1 - sums.p)))
            variance.append(sums.q_form / (sums.sm * sums.p * (1 - sums.p)) ** 2)
    with np.errstate(all="ignore"):
        z = (logits[0] - logits[1]) / np.sqrt(variance[0] + variance[1])
    return np.nan_to_num(2 * ndtr(-np.abs(z)), nan=1.0)


def beta_binomial(corpus, own=False):
    """Likelihood ratio of beta-binomials, chi2(1); one correlation, or one for each group."""
    (x1, m1), (x2, m2) = corpus
    return np.array([_ratio(both, own) for both in zip(x1, m1, x2, m2, strict=True)])


def _ratio(both, own):
    x1, m1, x2, m2 = both
    if x1.sum() + x2.sum() == 0:
        return 1.0
    share = np.clip((x1.sum() + x2.sum()) / (m1.sum() + m2.sum()), 0.001, 0.999)
    begin = np.log(share / (1 - share))

    def null(z):
        return _minus_loglik(z[0], z[1], x1, m1) + _minus_loglik(z[0], z[-1], x2, m2)

    def apart(z):
        return _minus_loglik(z[0], z[2], x1, m1) + _minus_loglik(z[1], z[2], x2, m2)

    def alone(x, m):
        # Without a hit the likelihood is 1 at a share of 0.
        return (
            _best(lambda z: _minus_loglik(z[0], z[1], x, m), [begin, -1.5])[1] if x.any() else 0.0
        )

    found, at_null = _best(null, [begin, -1.5, -1.5] if own else [begin, -1.5])
    if own:
        at_best = alone(x1, m1) + alone(x2, m2)
    else:
        starts = [[found[0], found[0], found[1]]]
        for x, place in ((x1, 0), (x2, 1)):
            if not x.any():
                starts.append([found[0] + 0.5, found[0] + 0.5, found[1]])
                starts[-1][place] = -10.0
        at_best = min(_best(apart, start)[1] for start in starts)
    return float(chi2.sf(max(2 * (at_null - at_best), 0.0), 1))


def _minus_loglik(logit_mean, logit_rho, x, m):
    mean, rho = (
        1e-6 + (1 - 2e-6) / (1 + np.exp(-np.clip(z, -15, 15))) for z in (logit_mean, logit_rho)
    )
    a, b = mean * (1 - rho) / rho, (1 - mean) * (1 - rho) / rho
    return -float(np.sum(betaln(x + a, m - x + b) - betaln(a, b)))


def _best(function, start):
    found = minimize(function, start, method="BFGS", options={"gtol": 1e-4})
    return found.x, found.fun


def permutation(corpus):
    """Articles permuted between the groups, difference of pooled shares."""
    (x1, m1), (x2, m2) = corpus
    tests = [
        [of_articles(a, b), of_articles(c, d)] for a, b, c, d in zip(x1, m1, x2, m2, strict=True)
    ]
    return np.array([p for p, _ in permutation_tests(tests, 0)])


MOST = 3000
RIVALS = {
    "today": (today, MOST),
    "half": (half, MOST),
    "score": (score, MOST),
    "likelihood ratio": (likelihood_ratio, MOST),
    "cluster t": (cluster_t, MOST),
    "quasi-binomial": (quasi_binomial, MOST),
    "GEE": (gee, MOST),
    "beta-binomial LR": (beta_binomial, 200),
    "beta-binomial LR, two correlations": (lambda corpus: beta_binomial(corpus, own=True), 200),
    "permutation": (permutation, 300),
}
