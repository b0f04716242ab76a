"""Permutation tests on articles: exact where the splits can be enumerated, else at random.

Under the null hypothesis a group's name says nothing about an article: every split of the articles
into groups of the same numbers is equally likely. With few articles there are few permutations, and
the smallest p that these articles attain is reported beside the p that did come out.

Sources
-------
Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9, 39: the p of random permutations.
Westfall & Young (1993), Resampling-Based Multiple Testing: max-T, here in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.estimates.attainable import attainable_p
from analysis.estimates.intervals import Array
from analysis.estimates.resampling import (
    deals_kinds,
    kinds_of,
    looked_at,
    observed_sums,
    of_articles,
    permuted_sums,
)

Test = Sequence[Array]  # a table of kinds of articles a group; see `kinds_of`
Topic = tuple[Test, Sequence[tuple[int, int | None]]]  # and the pairs; None: all other groups


def permutation_test(
    hits: Sequence[Array], size: Sequence[Array], seed: int = 0
) -> tuple[float, float]:
    """Return (p, smallest attainable p) of the article permutation test of several groups.

    There is one array a group, with one element an article. The statistic is, for two groups, the
    difference of their pooled shares, |p_1 - p_2|; for more, the weighted spread
    sum_g Sm_g (p_g - p)^2.
    """
    return permutation_tests([[*map(of_articles, hits, size)]], seed)[0]


def permutation_tests(tests: Sequence[Test], seed: int) -> list[tuple[float, float]]:
    """Return `permutation_test` of each of many tests: the same as one by one, and sooner.

    Tests of groups of the same numbers of articles share their permutations, unless kinds of
    articles are dealt out (see `deals_kinds`).
    """
    found = [(float("nan"), float("nan"))] * len(tests)
    for numbers, places in _alike([sorted(map(_number, test)) for test in tests], tests):
        if len(numbers) > 1 and numbers[0] > 0:
            p, smallest = _permuted([tests[place] for place in places], numbers, seed)
            for place, *own in zip(places, p.tolist(), smallest.tolist(), strict=True):
                found[place] = own[0], own[1]
    return found


def _alike(
    numbers: Sequence[Sequence[int]], tests: Sequence[Test]
) -> Iterator[tuple[tuple[int, ...], list[int]]]:
    """Yield numbers of articles, and the places of the tests that share their permutations."""
    places: dict[tuple[int, ...], list[int]] = {}
    for place, (own, test) in enumerate(zip(numbers, tests, strict=True)):
        if deals_kinds(test):
            yield tuple(own), [place]
        else:
            places.setdefault(tuple(own), []).append(place)
    yield from places.items()


def _permuted(tests: Sequence[Test], numbers: tuple[int, ...], seed: int) -> tuple[Array, Array]:
    """The p of tests of groups of the same numbers, and the smallest that these articles attain."""
    tests = [sorted(test, key=_number) for test in tests]  # the order of groups must not matter
    observed = _spread(observed_sums(tests))
    least = observed[0] - 1e-12 * np.maximum(observed[0], 1.0)
    extreme = np.zeros(len(tests), dtype=np.int64)
    number, extra = looked_at(numbers)

    def spreads() -> Iterator[Array]:
        nonlocal extreme
        if extra:  # drawn at random, they stand beside the observed one
            yield observed
        for sums in permuted_sums(tests, numbers, seed):
            spread = _spread(sums)
            extreme += np.count_nonzero(spread >= least, axis=0)
            yield spread

    smallest = attainable_p(spreads())
    return (extreme + extra) / (number + extra), smallest


def max_t(topics: Sequence[Topic], seed: int) -> list[tuple[Array, Array]]:
    """Return (adjusted p, smallest attainable adjusted p) of every contrast, topic by topic.

    Single-step max-T over all permutations of a topic's articles among all groups, with
    T = |p_1 - p_2| / (s sqrt(h_1 + h_2)),  h = Smm / Sm^2,
    s^2 = sum_g (Sxx - 2 p Sxm + p^2 Smm) / (articles - groups), the variance within groups.
    A contrast's adjusted p is, summed over the topics, the share of permutations in which the
    largest T of the topic is at least its own. The smallest it could be is what the permutation
    most extreme for that contrast would get. Each group has one article or more.

    A tally does not say which articles of two topics are the same, so topics cannot be permuted
    together: their shares are added (Bonferroni), which holds however topics hang together. Every
    group takes part, so the level is exact where no group differs from another, and approximate
    for groups alike beside others that are not.
    """
    orders = [_order(test) for test, _ in topics]
    numbers = [
        [_number(test[group]) for group in order]
        for (test, _), order in zip(topics, orders, strict=True)
    ]
    largest_of: dict[int, tuple[Array, Array, Array, int]] = {}
    for own, places in _alike(numbers, [test for test, _ in topics]):
        here = [(topics[place], orders[place]) for place in places]
        largest_of |= zip(places, _largest_of_each(here, own, seed), strict=True)

    def adjusted(statistics: Array) -> Array:
        p = np.zeros(len(statistics))
        for _, _, largest, extra in largest_of.values():
            below = np.searchsorted(largest, statistics * (1 - 1e-9))
            p += (len(largest) - below + extra) / (len(largest) + extra)
        return np.minimum(p, 1.0)

    return [(adjusted(own), adjusted(most)) for _, (own, most, _, _) in sorted(largest_of.items())]


def _largest_of_each(
    topics: Sequence[tuple[Topic, Sequence[int]]], numbers: tuple[int, ...], seed: int
) -> list[tuple[Array, Array, Array, int]]:
    """Each pair's T, the largest its T could be, and the largest T of each permutation, sorted.

    Of topics whose groups, put in an order, have the same numbers of articles.
    """
    tests, sides, leasts = [], [], []
    for (test, pairs), order in topics:
        tables = []
        for x, m, articles in (test[group].T for group in order):
            tables.append(np.column_stack([x, m, x * x, x * m, m * m, articles]))
        tests.append(tables)
        place = {group: number for number, group in enumerate(order)}
        places = [(place[one], None if two is None else place[two]) for one, two in pairs]
        # All the others together stand after the groups, each at the place of the one left out.
        sides.append(
            np.array([(one, len(order) + one if two is None else two) for one, two in places])
        )
        # Where nothing varies within groups, T is large but finite, and the difference decides.
        leasts.append(1e-9 * float(sum(table[:, 2] @ table[:, -1] for table in tables)) or 1.0)
    df = sum(numbers) - len(numbers)
    observed = observed_sums(tests)
    own = [
        _statistics(observed[:, :, topic], *here, df)[:, 0]
        for topic, here in enumerate(zip(sides, leasts, strict=True))
    ]
    most = [each.copy() for each in own]
    largest: list[list[Array]] = [[] for _ in own]
    for sums in permuted_sums(tests, numbers, seed, max(map(len, sides))):
        for topic, here in enumerate(zip(sides, leasts, strict=True)):
            statistics = _statistics(sums[:, :, topic], *here, df)
            np.maximum(most[topic], statistics.max(axis=1), out=most[topic])
            largest[topic].append(statistics.max(axis=0))
    extra = looked_at(numbers)[1]
    return [
        (own[topic], most[topic], np.sort(np.concatenate(largest[topic])), extra)
        for topic in range(len(topics))
    ]


def _number(kinds: Array) -> int:
    """How many articles there are."""
    return int(kinds[:, 2].sum())


def _order(test: Test) -> list[int]:
    """The groups in one order whatever they are called: that of what they are but for names."""

    def content(group: int) -> tuple[int, list[list[float]]]:
        # Of the least kind, more articles come first: the order of the articles one by one.
        return _number(test[group]), (kinds_of(test[group]) * [1, 1, -1]).tolist()

    return sorted(range(len(test)), key=content)


def _statistics(sums: Array, sides: np.ndarray, least: float, df: int) -> Array:
    """T of every pair (a row) in every permutation (a column); see `max_t`."""
    sums = np.concatenate([sums, sums.sum(axis=0) - sums])  # the groups, then all but each
    sx, sm, sxx, sxm, smm = np.moveaxis(sums, 2, 0)
    p, h = sx / sm, smm / sm**2
    groups = slice(len(sums) // 2)
    squares = np.sum((sxx - 2 * p * sxm + p**2 * smm)[groups], axis=0)
    s = np.sqrt(np.maximum(squares, least) / max(df, 1))
    first, second = sides.T
    return np.asarray(np.abs(p[first] - p[second]) / np.sqrt(h[first] + h[second]) / s)


def _spread(sums: Array) -> Array:
    """The statistic of each permutation (a row) and test (a column)."""
    sx, sm = np.moveaxis(sums, 3, 0)
    if len(sx) == 2:
        return np.asarray(np.abs(sx[0] / sm[0] - sx[1] / sm[1]))
    pooled = sx.sum(axis=0) / sm.sum(axis=0)
    return np.asarray(np.sum(sm * (sx / sm - pooled) ** 2, axis=0))
