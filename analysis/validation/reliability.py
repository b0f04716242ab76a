"""How well coders agree: numbers in, numbers out.

A unit is what several coders have judged. ``counts`` has a row a unit and a column a value: how
many coders gave the unit that value. NaN where nothing can be said, for one where all coders gave
all units the same value.

Sources
-------
Krippendorff (2019), Content Analysis, 4th ed., ch. 12: alpha, as 1 - observed / expected
    disagreement over pairs of values; Krippendorff (2011), Computing Krippendorff's
    alpha-reliability: four coders, twelve units, nominal alpha .743.
Cohen (1960), Educational and Psychological Measurement 20, 37-46: kappa of two coders.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def nominal_alpha(counts: Array, weights: Array | None = None) -> Array:
    """Return Krippendorff's alpha for nominal values; one a row of `weights`, if there are any.

    m_u values stand in unit u, n_uc of them c; only units with m_u >= 2 count, n values in all.

    D_o = sum_u [m_u^2 - sum_c n_uc^2] / (m_u - 1) / n;  D_e = [n^2 - sum_c n_c^2] / (n (n - 1))

    Parameters
    ----------
    counts : ndarray
        Units x values.
    weights : ndarray, optional
        Samples x units: how often a unit is in a sample.

    Examples
    --------
    >>> float(nominal_alpha(np.array([[2.0, 0], [2, 0], [0, 2], [1, 1]])).round(4))
    0.5333
    """
    counts = np.asarray(counts, float)
    size = counts.sum(axis=1)  # m_u
    use = size >= 2
    weights = np.ones((1, len(counts))) if weights is None else np.asarray(weights, float)
    apart = np.where(use, (size**2 - (counts**2).sum(axis=1)) / np.maximum(size - 1, 1), 0.0)
    pairable = np.where(use[:, None], counts, 0.0)
    totals = weights @ pairable  # n_c
    n = totals.sum(axis=1)
    expected = n**2 - (totals**2).sum(axis=1)  # n (n - 1) D_e
    observed = weights @ apart  # n D_o
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)
    return alpha if len(alpha) > 1 else alpha[0]


def bootstrap_alpha(
    counts: Array, conf_level: float, replicates: int, seed: int
) -> tuple[float, float]:
    """Return percentile limits of alpha over resampled units.

    Samples in which all values are alike have no alpha and are left out.
    """
    counts = counts[counts.sum(axis=1) >= 2]
    rng = np.random.default_rng(seed)
    weights = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), replicates)
    drawn = np.atleast_1d(nominal_alpha(counts, weights.astype(float)))
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        return float("nan"), float("nan")
    tail = (1 - conf_level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return float(low), float(high)


def cohen_kappa(first: Array, second: Array) -> float:
    """Return kappa of two coders' values of the same units.

    >>> round(cohen_kappa(np.array([1.0, 1, 0, 0]), np.array([1.0, 0, 0, 0])), 2)
    0.5
    """
    values = np.unique([first, second])
    agreed = float((first == second).mean())
    chance = float(sum((first == value).mean() * (second == value).mean() for value in values))
    return (agreed - chance) / (1 - chance) if chance < 1 else float("nan")
