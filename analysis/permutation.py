"""Permutation tests on articles: exact where the splits can be enumerated, else at random.

Under the null hypothesis a group's name says nothing about an article, so every way of dealing the
articles to groups of the same numbers is equally likely. With few articles there are few ways, and
the smallest p that could come out is reported beside the p that did.

Sources
-------
Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39: the p of random dealings.
Westfall & Young (1993), Resampling-Based Multiple Testing: max-T, here in one step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from math import factorial, prod

import numpy as np

from analysis.intervals import Array

MAX_SPLITS = 100_000  # enumerate every dealing up to here, draw at random beyond
MAX_LABELS = 50_000_000  # and beyond so many articles in all dealings together
DRAWS = 9_999
BLOCK = 1_000_000  # labels at a time, so that memory does not grow with the corpus

# The hits and sizes of the articles of each group, and the pairs of groups to compare; None for
# all other groups together.
Topic = tuple[Sequence[Array], Sequence[Array], Sequence[tuple[int, int | None]]]


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
    numbers = tuple(len(group) for group in hits)
    if len(numbers) < 2 or min(numbers) == 0:
        return float("nan"), float("nan")
    all_hits, all_size = np.concatenate(hits), np.concatenate(size)
    # Groups of equal numbers can trade all their articles: the same dealing but for the names.
    alike = prod(factorial(times) for times in Counter(numbers).values())
    articles = np.stack([all_hits, all_size], axis=1)
    observed = _spread(*_sums(_in_order(numbers), articles))[0]
    (sx, sm), extra = _dealt(articles, numbers, seed)
    smallest = max(alike / _number_of_dealings(numbers), extra / (DRAWS + 1))
    spread = _spread(sx, sm)
    extreme = int(np.count_nonzero(spread >= observed - 1e-12 * max(observed, 1.0)))
    return (extreme + extra) / (len(spread) + extra), smallest


def max_t(topics: Sequence[Topic], seed: int = 0) -> list[tuple[Array, Array]]:
    """Return (adjusted p, smallest attainable adjusted p) of every contrast, topic by topic.

    Single-step max-T over all dealings of a topic's articles to all groups, with
    T = |p_1 - p_2| / (s sqrt(h_1 + h_2)),  h = Smm / Sm^2,
    s^2 = sum_g (Sxx - 2 p Sxm + p^2 Smm) / (articles - groups), the variance within groups.
    A contrast's adjusted p is, summed over the topics, the share of dealings in which the largest
    T of the topic is at least its own. The smallest it could be is what the dealing most extreme
    for that contrast would get.

    Parameters
    ----------
    topics : sequence of (hits, size, pairs)
        Hits and sizes as for `permutation_test`, each group with one article or more; `pairs`
        are two places in those sequences, or one and None: against all other groups together.
    seed : int
        For random dealings.

    Notes
    -----
    A tally does not say which articles of two topics are the same, so topics cannot be dealt
    together: their shares are added (Bonferroni), which holds however topics hang together. Every
    group is dealt in, so the level is exact where no group differs from another, and approximate
    for groups alike beside others that are not.

    Examples
    --------
    Two articles against three, as extreme as can be; with a second topic like it, p is twice that.

    >>> topic = ([np.full(2, 5.0), np.zeros(3)], [np.full(2, 9.0), np.full(3, 9.0)], [(0, 1)])
    >>> max_t([topic])
    [(array([0.1]), array([0.1]))]
    >>> max_t([topic, topic])[0]
    (array([0.2]), array([0.2]))
    """
    dealt = [_largest_of_each_dealing(*topic, seed) for topic in topics]

    def adjusted(statistics: Array) -> Array:
        p = np.zeros(len(statistics))
        for _, _, largest, extra in dealt:
            below = np.searchsorted(largest, statistics * (1 - 1e-9))
            p += (len(largest) - below + extra) / (len(largest) + extra)
        return np.minimum(p, 1.0)

    return [(adjusted(observed), adjusted(extreme)) for observed, extreme, _, _ in dealt]


def _largest_of_each_dealing(
    hits: Sequence[Array],
    size: Sequence[Array],
    pairs: Sequence[tuple[int, int | None]],
    seed: int,
) -> tuple[Array, Array, Array, int]:
    """Each pair's T, the largest its T could be, and the largest T of each dealing, sorted."""
    # Dealt at random, neither the order of the groups nor that of the articles may matter.
    order = sorted(range(len(hits)), key=lambda group: _content(hits[group], size[group]))
    place = {group: number for number, group in enumerate(order)}
    numbers = tuple(len(hits[group]) for group in order)
    x = np.concatenate([hits[group] for group in order])
    m = np.concatenate([size[group] for group in order])
    articles = np.stack([x, m, x * x, x * m, m * m], axis=1)
    observed = _sums(_in_order(numbers), articles)
    sums, extra = _dealt(articles, numbers, seed)
    # Where nothing varies within groups, T is large but finite, and the difference decides.
    least = 1e-9 * float(x @ x) or 1.0
    errors = [_within(each, len(x) - len(numbers), least) for each in (observed, sums)]
    own, most, largest = [], [], np.zeros(sums.shape[2])
    for target, reference in pairs:
        sides = place[target], None if reference is None else place[reference]
        statistic = (_difference(observed, *sides) / errors[0])[0]
        statistics = _difference(sums, *sides) / errors[1]
        own.append(statistic)
        most.append(max(statistic, statistics.max()))
        largest = np.maximum(largest, statistics)
    return np.array(own), np.array(most), np.sort(largest), extra


def _content(hits: Array, size: Array) -> tuple[int, list[tuple[float, float]]]:
    """What a group is but for its name: it puts groups in one order whatever they are called."""
    return len(hits), sorted(zip(hits.tolist(), size.tolist(), strict=True))


def _within(sums: Array, df: int, least: float) -> Array:
    """s of every dealing: how much articles vary within their groups."""
    sx, sm, sxx, sxm, smm = sums
    p = sx / sm
    squares = np.sum(sxx - 2 * p * sxm + p**2 * smm, axis=0)
    return np.asarray(np.sqrt(np.maximum(squares, least) / max(df, 1)))


def _difference(sums: Array, target: int, reference: int | None) -> Array:
    """|p_1 - p_2| / sqrt(h_1 + h_2) of every dealing."""
    first = sums[:, target]
    second = sums.sum(axis=1) - first if reference is None else sums[:, reference]
    difference = np.abs(first[0] / first[1] - second[0] / second[1])
    return np.asarray(difference / np.sqrt(first[4] / first[1] ** 2 + second[4] / second[1] ** 2))


def _spread(sx: Array, sm: Array) -> Array:
    """The statistic of each dealing."""
    if len(sx) == 2:
        return np.abs(sx[0] / sm[0] - sx[1] / sm[1])
    pooled = sx.sum(axis=0) / sm.sum(axis=0)
    return np.asarray(np.sum(sm * (sx / sm - pooled) ** 2, axis=0))


def _number_of_dealings(numbers: Sequence[int]) -> int:
    return factorial(sum(numbers)) // prod(factorial(number) for number in numbers)


def _in_order(numbers: Sequence[int]) -> np.ndarray:
    """The dealing that came about: one row, the group of each article."""
    return np.repeat(np.arange(len(numbers), dtype=np.int16), numbers)[None, :]


def _dealt(articles: Array, numbers: tuple[int, ...], seed: int) -> tuple[Array, int]:
    """The sums of every dealing, and 1 if they are drawn at random, else 0.

    Drawn at random, they stand beside the dealing that came about: it is to be counted as well.
    """
    dealings = _number_of_dealings(numbers)
    if dealings <= MAX_SPLITS and dealings * len(articles) <= MAX_LABELS:
        return _sums(_enumerated(numbers), articles), 0
    articles = articles[np.lexsort((articles[:, 1], articles[:, 0]))]
    random = np.random.default_rng(seed)
    rows = max(1, BLOCK // len(articles))
    parts = [
        _sums(random.permuted(np.tile(_in_order(numbers), (many, 1)), axis=1), articles)
        for many in [rows] * (DRAWS // rows) + [DRAWS % rows] * (DRAWS % rows > 0)
    ]
    return np.concatenate(parts, axis=2), 1


def _sums(labels: np.ndarray, articles: Array) -> Array:
    """The sums of each column of the articles, by group, by dealing (a row of labels)."""
    rows = max(1, BLOCK // len(articles))
    parts = [
        np.stack([(part == group) @ articles for group in range(int(labels.max()) + 1)])
        for part in (labels[start : start + rows] for start in range(0, len(labels), rows))
    ]
    return np.moveaxis(np.concatenate(parts, axis=1), 2, 0)


@lru_cache(maxsize=4)  # every topic asks for the same dealings
def _enumerated(numbers: tuple[int, ...]) -> np.ndarray:
    labels = np.array(list(_dealings(sum(numbers), numbers)))
    labels.flags.writeable = False
    return labels


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

    yield from deal(tuple(range(articles)), 0, np.zeros(articles, dtype=np.int16))
