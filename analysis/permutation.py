"""Permutation tests on articles: exact where the splits can be enumerated, else at random.

Under the null hypothesis a group's name says nothing about an article, so every way of dealing the
articles to groups of the same numbers is equally likely. With few articles there are few ways, and
the smallest p that could come out is reported beside the p that did.

Source: Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39, for the p of random dealings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import factorial, prod

import numpy as np

from analysis.intervals import Array

MAX_SPLITS = 100_000  # enumerate every dealing up to here, draw at random beyond
DRAWS = 9_999


def permutation_test(
    hits: Sequence[Array], size: Sequence[Array], seed: int = 0
) -> tuple[float, float]:
    """Return (p, smallest attainable p) of the article permutation test of several groups.

    The statistic is, for two groups, the difference of their pooled shares, |p_1 - p_2|; for more,
    the weighted spread sum_g Sm_g (p_g - p)^2.

    Parameters
    ----------
    hits, size : sequence of ndarray
        One array a group, one element an article.
    seed : int
        For random dealings.

    Examples
    --------
    Two articles against three, as extreme as can be: 1 of 10 dealings.

    >>> permutation_test([np.full(2, 5.0), np.zeros(3)], [np.full(2, 9.0), np.full(3, 9.0)])
    (0.1, 0.1)

    Groups of 2, 1, 1 and 1 articles: 60 dealings, 6 of them the same but for names.

    >>> ones = [np.full(2, 5.0), np.zeros(1), np.ones(1), np.full(1, 2.0)]
    >>> permutation_test(ones, [np.full(len(group), 9.0) for group in ones])
    (0.1, 0.1)
    """
    # Neither the order of the groups nor that of the articles may matter.
    order = sorted(range(len(hits)), key=lambda group: len(hits[group]))
    hits, size = [hits[group] for group in order], [size[group] for group in order]
    numbers = [len(group) for group in hits]
    if len(numbers) < 2 or min(numbers) == 0:
        return float("nan"), float("nan")
    all_hits, all_size = np.concatenate(hits), np.concatenate(size)
    dealings = factorial(sum(numbers)) // prod(factorial(number) for number in numbers)
    # Groups of equal numbers can trade all their articles: the same dealing but for the names.
    alike = prod(factorial(times) for times in Counter(numbers).values())
    observed_labels = np.repeat(np.arange(len(numbers)), numbers)
    observed = _spread(observed_labels[None, :], all_hits, all_size, len(numbers))[0]
    if dealings <= MAX_SPLITS:
        labels = np.array(list(_dealings(sum(numbers), numbers)))
        smallest, extra = alike / dealings, 0
    else:
        sorting = np.lexsort((all_size, all_hits))
        all_hits, all_size = all_hits[sorting], all_size[sorting]
        random = np.random.default_rng(seed)
        labels = random.permuted(np.tile(observed_labels, (DRAWS, 1)), axis=1)
        smallest, extra = max(alike / dealings, 1 / (DRAWS + 1)), 1
    spread = _spread(labels, all_hits, all_size, len(numbers))
    extreme = int(np.count_nonzero(spread >= observed - 1e-12 * max(observed, 1.0)))
    return (extreme + extra) / (len(labels) + extra), smallest


def _spread(labels: np.ndarray, hits: Array, size: Array, groups: int) -> Array:
    """The statistic of each dealing, one row of labels a dealing."""
    within = [labels == group for group in range(groups)]
    sx = np.stack([inside @ hits for inside in within])
    sm = np.stack([inside @ size for inside in within])
    shares = sx / sm
    if groups == 2:
        return np.abs(shares[0] - shares[1])
    return np.asarray(np.sum(sm * (shares - hits.sum() / size.sum()) ** 2, axis=0))


def _dealings(articles: int, numbers: Sequence[int]) -> Iterator[np.ndarray]:
    """Yield the group of each article, for every way of dealing them."""

    def deal(free: tuple[int, ...], group: int, labels: np.ndarray) -> Iterator[np.ndarray]:
        if group == len(numbers):
            yield labels.copy()
            return
        for chosen in combinations(free, numbers[group]):
            labels[list(chosen)] = group
            rest = tuple(article for article in free if article not in chosen)
            yield from deal(rest, group + 1, labels)

    yield from deal(tuple(range(articles)), 0, np.zeros(articles, dtype=np.int64))
