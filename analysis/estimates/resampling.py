"""Articles drawn again, permuted among groups, or left out one by one; each from numbers alone.

The bootstrap draws articles with replacement, as many as there are. Only how often each row of a
tally is drawn matters, and that is multinomial: drawing rows so many times at once is drawing
their articles one by one, and the faster way is taken. The draws start from the seed anew for
every group and topic. An interval is then a function of that cell's rows and the seed: not of the
order of articles, of how the corpus was split, nor of which other groups there are.

Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13: percentile limits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

from analysis.estimates.intervals import Array

IntArray = NDArray[np.int64]
Side = tuple[Array, Array]  # hits and sizes, one element an article

REPLICATES = 2_000  # of the bootstrap
AT_ONCE = 2_000_000  # numbers held in memory by the bootstrap
ALIKE = 20  # articles a kind from which drawing kinds is faster than drawing articles

MAX_SPLITS = 100_000  # enumerate every permutation up to here, draw at random beyond
MAX_LABELS = 50_000_000  # and beyond so many articles in all permutations together
DRAWS = 9_999
# Kinds of articles are dealt out where that is faster: articles, and articles a kind and group.
# Below, articles are, so that the random numbers of a small study stay as they have been.
DEALT_FROM, DEALT_ALIKE = 2_000, 20
BLOCK = 1_000_000  # numbers at a time, so that memory does not grow with the corpus


# The bootstrap


def resampled(values: Array, articles: Array, seed: int = 0) -> Array:
    """Return the sums of values over resampled articles, one row a replicate.

    `values` has a row a kind of article and a column a quantity; of each kind there are `articles`.
    """
    random = np.random.default_rng(seed)
    number = int(articles.sum())
    step = max(1, AT_ONCE // min(number, ALIKE * len(articles)))
    return np.concatenate(
        [
            _times_drawn(articles.astype(np.int64), min(step, REPLICATES - done), random) @ values
            for done in range(0, REPLICATES, step)
        ]
    )


def _times_drawn(articles: IntArray, replicates: int, random: np.random.Generator) -> IntArray:
    """How often each kind of article is drawn, one row a replicate."""
    number, kinds = int(articles.sum()), len(articles)
    if number > ALIKE * kinds:
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

    `hits` and `size` have a row a kind of article, in an order that is a function of the values,
    and a column a group, of the same numbers of articles. Sizes are positive.
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


# Permutations of articles among groups


def permutations(numbers: Sequence[int]) -> int:
    """Return in how many ways articles can be split into groups of these numbers."""
    return factorial(sum(numbers)) // prod(factorial(number) for number in numbers)


def looked_at(numbers: Sequence[int]) -> tuple[int, int]:
    """Return how many permutations are looked at, and 1 if they are drawn at random, else 0.

    Drawn at random, they stand beside the observed one, which has to be counted as well.
    """
    number = permutations(numbers)
    enumerated = number <= MAX_SPLITS and number * sum(numbers) <= MAX_LABELS
    return (number, 0) if enumerated else (DRAWS, 1)


def observed_sums(tables: Sequence[Array], numbers: Sequence[int]) -> Array:
    """Return the sums of the groups as they are; see `permuted_sums`."""
    return _sums(_observed(numbers), tables, len(numbers))


def _observed(numbers: Sequence[int]) -> np.ndarray:
    """The groups as they are: one row, the group of each article."""
    return np.repeat(np.arange(len(numbers), dtype=np.int16), numbers)[None, :]


def permuted_sums(
    tables: Sequence[Array], numbers: tuple[int, ...], seed: int, others: int = 0
) -> Iterator[Array]:
    """Yield the sums by group, permutation, table and column, some permutations at a time.

    A table has a row an article, group after group, and a column a number to be summed. `numbers`
    are the articles of the groups. A caller makes at most `others` numbers of the sums of a
    permutation and table.
    """
    number, random = looked_at(numbers)
    columns = sum(table.shape[1] for table in tables)
    rows = max(1, BLOCK // max(sum(numbers), columns * len(numbers), others))
    if random:
        if len(tables) == 1 and deals_kinds(tables[0][:, 0], tables[0][:, 1], len(numbers)):
            yield _dealt_sums(tables[0], numbers, seed)[:, :, None]
            return
        tables = [table[np.lexsort((table[:, 1], table[:, 0]))] for table in tables]
    generator = np.random.default_rng(seed)
    for start in range(0, number, rows):
        if random:
            some = np.repeat(_observed(numbers), min(rows, number - start), axis=0)
            labels = generator.permuted(some, axis=1)
        else:
            labels = _enumerated(numbers)[start : start + rows]
        yield _sums(labels, tables, len(numbers))


def _kinds(hits: Array, size: Array) -> tuple[np.ndarray, IntArray]:
    """One article of each kind, by its place, and how many there are of it."""
    code = hits * (size.max() + 1) + size
    _, places, articles = np.unique(code, return_index=True, return_counts=True)
    return places, articles


def deals_kinds(hits: Array, size: Array, groups: int) -> bool:
    """Return whether articles that are alike are dealt out to the groups at once.

    How many of a kind come to each group is multivariate hypergeometric, as if each article were
    dealt out by itself, but the draws cost what the kinds are, not the articles.
    """
    if len(hits) <= DEALT_FROM:
        return False
    return len(hits) > DEALT_ALIKE * groups * len(_kinds(hits, size)[0])


def _dealt_sums(table: Array, numbers: Sequence[int], seed: int) -> Array:
    """The sums by group, permutation and column; kind after kind is dealt out, group by group."""
    random = np.random.default_rng(seed)
    places, articles = _kinds(table[:, 0], table[:, 1])
    room = np.repeat(np.array(numbers, dtype=np.int64)[:, None], DRAWS, axis=1)
    sums = np.zeros((len(numbers), table.shape[1], DRAWS))
    for kind, number in zip(table[places], articles, strict=True):
        left, others = np.full(DRAWS, number), room.sum(axis=0)
        for group in range(len(numbers) - 1):
            others -= room[group]
            held = random.hypergeometric(room[group], others, left)
            room[group] -= held
            left -= held
            sums[group] += kind[:, None] * held
        room[-1] -= left
    sums[-1] = table.sum(axis=0)[:, None] - sums[:-1].sum(axis=0)
    return sums.transpose(0, 2, 1)


def _sums(labels: np.ndarray, tables: Sequence[Array], groups: int) -> Array:
    """The sums of the articles: by group, permutation (a row of labels), table and column."""
    articles = np.concatenate(tables, axis=1)
    if groups == 2:
        first = (labels == 0).astype(float) @ articles
        sums = np.stack([first, articles.sum(axis=0) - first])
    else:
        from scipy.sparse import coo_matrix

        # One column an article, with a 1 in the row of its group in each permutation.
        number = len(labels)
        places = np.arange(labels.size)
        rows = labels.T.ravel() * np.int64(number) + places % number
        shape = (groups * number, len(articles))
        held = coo_matrix((np.ones(labels.size), (rows, places // number)), shape=shape)
        sums = np.asarray(held @ articles)
    return sums.reshape(groups, len(labels), len(tables), -1)


@lru_cache(maxsize=4)  # the parts of a test ask for them one after the other
def _enumerated(numbers: tuple[int, ...]) -> np.ndarray:
    """The group of each article, a row a permutation."""

    def split(free: tuple[int, ...], group: int, labels: np.ndarray) -> Iterator[np.ndarray]:
        if group == len(numbers):
            yield labels.copy()
            return
        for chosen in combinations(free, numbers[group]):
            labels[list(chosen)] = group
            rest = tuple(article for article in free if article not in chosen)
            yield from split(rest, group + 1, labels)

    articles = sum(numbers)
    labels = np.array(list(split(tuple(range(articles)), 0, np.zeros(articles, dtype=np.int16))))
    labels.flags.writeable = False
    return labels


# One article left out


def without_each(target: Side, reference: Side) -> tuple[float, Array]:
    """Return a difference of pooled shares, and what it is without each article in turn.

    Those of the target come first. NaN where a group would be left without an article.
    """

    def shares(hits: Array, size: Array) -> tuple[float, Array]:
        left = size.sum() - size
        without = np.full(len(size), np.nan)
        np.divide(hits.sum() - hits, left, out=without, where=left > 0)
        return hits.sum() / size.sum(), without

    (first, without_first), (second, without_second) = shares(*target), shares(*reference)
    return first - second, np.concatenate([without_first - second, first - without_second])


def flips(difference: float | Array, without: Array) -> np.ndarray:
    """Return which differences change their sign, or become nothing."""
    # Rounded, so that shares that are equal on paper are equal here.
    sign, sign_without = np.sign(np.round(difference, 12)), np.sign(np.round(without, 12))
    # Where there is no difference, there is no sign to change.
    return np.asarray((np.abs(sign) == 1) & (sign_without != sign) & ~np.isnan(without))
