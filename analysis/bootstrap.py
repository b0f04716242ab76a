"""The bootstrap over articles, from the tally alone.

Articles are drawn with replacement, as many as there are, and the share is hits over units of
those drawn. How often each row of the tally is drawn is multinomial, so one draw of as many
numbers as there are different rows does for one draw of all articles; the distribution is the same.

The draws start from the seed anew for every group and topic. An interval is then a function of
that cell's rows and the seed: not of the order of articles, of how the corpus was split, nor of
which other groups there are. A tally has no article ids to start the draws from, and needs none.

Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13: percentile limits.
"""

from __future__ import annotations

import numpy as np

from analysis.intervals import Array

REPLICATES = 2_000
_AT_ONCE = 4_000_000  # numbers held in memory


def resampled(values: Array, articles: Array, seed: int = 0) -> Array:
    """Return the sums of values over resampled articles, one row a replicate.

    Parameters
    ----------
    values : ndarray
        One row a kind of article, one column a quantity.
    articles : ndarray
        How many articles there are of each kind, at least one.
    seed : int
        Of the draws.

    Examples
    --------
    >>> counts = resampled(np.array([[3.0], [5.0]]), np.array([1, 1]))
    >>> counts.shape, np.unique(counts)
    ((2000, 1), array([ 6.,  8., 10.]))
    """
    number = int(articles.sum())
    random = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // len(articles))
    return np.concatenate(
        [
            random.multinomial(number, articles / number, size=min(step, REPLICATES - done))
            @ values
            for done in range(0, REPLICATES, step)
        ]
    )


def percentile_bootstrap(
    hits: Array, size: Array, articles: Array, conf_level: float = 0.95, seed: int = 0
) -> tuple[Array, Array]:
    """Return the percentile limits of hits/size of one group; NaN where no two articles differ.

    Parameters
    ----------
    hits, size : ndarray
        One row a kind of article, in an order that is a function of the values; columns, if there
        are any, are samples of their own. Sizes are positive.
    articles : ndarray
        How many articles there are of each kind.
    conf_level : float
        Level of the interval.
    seed : int
        Of the draws.

    Examples
    --------
    Of two articles, a quarter of the draws has the one twice, a quarter the other:

    >>> low, high = percentile_bootstrap(np.array([1, 3]), np.array([9, 9]), np.array([1, 1]))
    >>> [round(float(limit), 3) for limit in (low, high)]
    [0.111, 0.333]
    """
    if len(articles) == 0:
        return np.full(hits.shape[1:], np.nan), np.full(hits.shape[1:], np.nan)
    kinds = len(articles)
    values = np.hstack([hits.reshape(kinds, -1), size.reshape(kinds, -1)]).astype(float)
    top, bottom = np.hsplit(resampled(values, articles, seed), 2)
    shares = (top / bottom).reshape(-1, *hits.shape[1:])
    tail = (1 - conf_level) / 2
    low, high = np.quantile(shares, [tail, 1 - tail], axis=0)
    p = articles @ hits / (articles @ size)
    # At a low level the percentiles of a skewed distribution need not hold the share itself.
    low, high = np.minimum(low, p), np.maximum(high, p)
    return np.where(low < high, low, np.nan), np.where(low < high, high, np.nan)
