"""The smallest permutation p that these very articles attain, however they are assigned.

A design of 5 against 5 articles allows p = 2/252; but where two articles alone mention the topic,
no assignment is more extreme than both in one group, which 112 of 252 assignments are: .444.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from analysis.estimates.intervals import Array


def attainable_p(statistics: Iterable[Array]) -> Array:
    """Return, for each test, the share of assignments that attain the largest statistic of all.

    Parameters
    ----------
    statistics : iterable of ndarray
        The statistic of some assignments (a row each) in each test (a column each), block after
        block; all assignments, or the one that came about and those drawn at random.

    Examples
    --------
    >>> blocks = [np.array([[1.0], [3.0]]), np.array([[3.0], [2.0]])]
    >>> attainable_p(blocks)
    array([0.5])
    """
    largest, attained, number = np.array(-np.inf), np.array(0), 0
    for block in statistics:
        best = block.max(axis=0)
        here = np.count_nonzero(block >= _nearly(best), axis=0)
        # Both are kept where they are the same but for rounding.
        kept = np.where(largest >= _nearly(best), attained, 0)
        new = np.where(best >= _nearly(largest), here, 0)
        attained, largest = kept + new, np.maximum(largest, best)
        number += len(block)
    return np.asarray(attained / number)


def _nearly(value: Array) -> Array:
    return np.asarray(value - 1e-12 * np.maximum(np.abs(np.nan_to_num(value, neginf=0.0)), 1.0))
