"""A slope over periods whose chance is more than that of articles: periods differ by themselves.

Numbers in, numbers out. With eta and v of each period as in `logit_contrast`, w = 1/v:

    slope b = sum w (t - t_w) eta / sum w (t - t_w)^2,   level a = sum w eta / sum w at t_w
    s^2 = sum w (eta - fit)^2 / (T - 2),   se = max(1, s) / sqrt(sum w (t - t_w)^2)

t has T - 2 degrees of freedom, T the periods. s is 1 where articles are the only source of chance;
where periods have shocks of their own it is larger, and the slope is as unsure as they make it.

The change of the share from the first period to the last is d(a, b), the difference of the fitted
shares. At t_w a and b are independent, so its limits are joined as those of a sum (MOVER: Zou &
Donner 2008, Statistics in Medicine 27):

    low = d - sqrt((d - d(a, b_low))^2 + (da d'/da)^2)    and likewise high,

with da half the width of the limits of a. d is above 0 where b is, so that where the limits of b
exclude 0, those of d do not cross it.

Source: McCullagh & Nelder (1989), Generalized Linear Models, 2nd ed., 4.5: overdispersion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, stdtr, stdtrit

from analysis.estimates.intervals import Array

FEWEST_PERIODS, FEWEST_ARTICLES = 4, 5


@dataclass(frozen=True)
class Slope:
    """Slopes in logits a period, and the fitted shares of the first and the last."""

    slope: Array
    std_error: Array
    low: Array
    high: Array
    df: Array
    p_value: Array
    scale: Array  # max(1, s)
    first: Array  # fitted share of the first period
    last: Array
    change_low: Array  # limits of last - first
    change_high: Array


def slope(times: Array, p: Array, n_eff: Array, *, conf_level: float = 0.95) -> Slope:
    """Return the weighted logit slope over periods, its standard error scaled by the residuals.

    Parameters
    ----------
    times, p, n_eff : ndarray
        When, the share and its effective size; periods along the last axis, four or more.
    conf_level : float
        Level of the limits.

    Examples
    --------
    >>> found = slope(np.arange(4.0), np.array([0.1, 0.13, 0.16, 0.2]), np.full(4, 200.0))
    >>> [float(value.round(2)) for value in (found.slope, found.first, found.last)]
    [0.27, 0.1, 0.2]
    """
    times, p, n_eff = np.broadcast_arrays(*(np.asarray(x, float) for x in (times, p, n_eff)))
    periods = p.shape[-1]
    if periods < FEWEST_PERIODS:
        raise ValueError(f"{periods} periods; a slope needs {FEWEST_PERIODS}")
    mu = np.clip(np.sum(p * n_eff, axis=-1) / np.sum(n_eff, axis=-1), 0.01, 0.99)[..., None]
    hits, misses = p * n_eff + mu, (1 - p) * n_eff + 1 - mu
    eta, w = np.log(hits / misses), 1 / (1 / hits + 1 / misses)
    total = w.sum(axis=-1)
    middle = np.sum(w * times, axis=-1) / total  # t_w
    centred = times - middle[..., None]
    spread = np.sum(w * centred**2, axis=-1)
    b = np.sum(w * centred * eta, axis=-1) / spread
    a = np.sum(w * eta, axis=-1) / total
    residual = eta - a[..., None] - b[..., None] * centred
    scale = np.maximum(1.0, np.sqrt(np.sum(w * residual**2, axis=-1) / (periods - 2)))  # max(1, s)
    error = scale / np.sqrt(spread)
    df = np.full(b.shape, float(periods - 2))
    half = stdtrit(df, (1 + conf_level) / 2) * error
    ends = [centred[..., place] for place in (0, -1)]
    first, last = (expit(a + b * end) for end in ends)
    change, at_low, at_high = (
        expit(a + one * ends[1]) - expit(a + one * ends[0]) for one in (b, b - half, b + half)
    )
    steepness = last * (1 - last) - first * (1 - first)  # d'/da
    of_level = steepness * stdtrit(df, (1 + conf_level) / 2) * scale / np.sqrt(total)
    low = change - np.hypot(change - at_low, of_level)
    high = change + np.hypot(at_high - change, of_level)
    low, high = (
        np.where(b > half, np.maximum(low, 0), low),
        np.where(b < -half, np.minimum(high, 0), high),
    )
    p_value = 2 * stdtr(df, -np.abs(b / error))
    return Slope(b, error, b - half, b + half, df, p_value, scale, first, last, low, high)
