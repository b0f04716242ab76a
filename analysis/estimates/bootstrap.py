"""The bootstrap over articles, from the tally alone.

Articles are drawn with replacement, as many as there are, and the share is hits over units of
those drawn. Only how often each row of the tally is drawn matters, and that is multinomial: drawing
rows so many times at once is drawing their articles one by one, and the faster way is taken.

The draws start from the seed anew for every group and topic. An interval is then a function of
that cell's rows and the seed: not of the order of articles, of how the corpus was split, nor of
which other groups there are. A tally has no article ids to start the draws from, and needs none.

Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13: percentile limits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.estimates.intervals import Array

IntArray = NDArray[np.int64]

REPLICATES = 2_000
_AT_ONCE = 2_000_000  # numbers held in memory
_ALIKE = 20  # articles a kind from which drawing kinds is faster than drawing articles


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
    random = np.random.default_rng(seed)
    number = int(articles.sum())
    step = max(1, _AT_ONCE // min(number, _ALIKE * len(articles)))
    return np.concatenate(
        [
            _times_drawn(articles.astype(np.int64), min(step, REPLICATES - done), random) @ values
            for done in range(0, REPLICATES, step)
        ]
    )


def _times_drawn(articles: IntArray, replicates: int, random: np.random.Generator) -> IntArray:
    """How often each kind of article is drawn, one row a replicate."""
    number, kinds = int(articles.sum()), len(articles)
    if number > _ALIKE * kinds:
        return random.multinomial(number, articles / number, size=replicates)
    drawn = np.repeat(np.arange(kinds), articles)[
        random.integers(number, size=(replicates, number))
    ]
    places = drawn + kinds * np.arange(replicates)[:, None]
    return np.bincount(places.ravel(), minlength=replicates * kinds).reshape(replicates, kinds)


def percentile_bootstrap(
    hits: Array, size: Array, articles: Array, conf_level: float = 0.95, seed: int = 0
) -> tuple[Array, Array]:
    """Return the percentile limits of hits/size of groups; NaN where no two articles differ.

    Parameters
    ----------
    hits, size : ndarray
        One row a kind of article, in an order that is a function of the values; one column a
        group, of the same numbers of articles. Sizes are positive.
    articles : ndarray
        How many articles there are of each kind.
    conf_level : float
        Level of the interval.
    seed : int
        Of the draws.

    Examples
    --------
    Of two articles, a quarter of the draws has the one twice, a quarter the other:

    >>> hits, size = np.array([[1.0], [3.0]]), np.array([[9.0], [9.0]])
    >>> [limit.round(3) for limit in percentile_bootstrap(hits, size, np.array([1, 1]))]
    [array([0.111]), array([0.333])]
    """
    if len(articles) == 0:
        return np.full(hits.shape[1], np.nan), np.full(hits.shape[1], np.nan)
    top, bottom = np.hsplit(resampled(np.hstack([hits, size]), articles, seed), 2)
    shares = top / bottom
    tail = (1 - conf_level) / 2
    low, high = np.quantile(shares, [tail, 1 - tail], axis=0)
    p = articles @ hits / (articles @ size)
    # At a low level the percentiles of a skewed distribution need not hold the share itself.
    low, high = np.minimum(low, p), np.maximum(high, p)
    return np.where(low < high, low, np.nan), np.where(low < high, high, np.nan)
