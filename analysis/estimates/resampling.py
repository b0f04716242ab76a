"""Articles drawn again, or permuted among groups; each from numbers alone.

The bootstrap draws articles with replacement, as many as there are. Only how often each row of a
tally is drawn matters, and that is multinomial: drawing rows so many times at once is drawing
their articles one by one, and the faster way is taken. The draws start from the seed anew for
every group and topic. An interval is then a function of that cell's rows and the seed: not of the
order of articles, of how the corpus was split, nor of which other groups there are. Of many
articles nothing is drawn: the limits are computed, see `analysis.estimates.saddlepoint`.

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
from analysis.estimates.saddlepoint import is_smooth, percentile

IntArray = NDArray[np.int64]

REPLICATES = 2_000  # of the bootstrap
AT_ONCE = 2_000_000  # numbers held in memory by the bootstrap
ALIKE = 20  # articles a kind from which drawing kinds is faster than drawing articles

MAX_SPLITS = 100_000  # enumerate every permutation up to here, draw at random beyond
MAX_LABELS = 50_000_000  # and beyond so many articles in all permutations together
DRAWS = 9_999
# Kinds of articles are dealt out where that is faster: articles, and articles a kind and group.
# Below, articles are, so that the random numbers of a small study stay as they have been.
DEALT_FROM, DEALT_ALIKE = 2_000, 20
FEW = 6  # groups, up to which articles need not be shuffled, and each group is summed by itself
PRODUCT = 250_000  # numbers multiplied at a time: for more, BLAS wakes threads, which costs more
BLOCK = 1_000_000  # numbers at a time, so that memory does not grow with the corpus


def kinds_of(rows: Array) -> Array:
    """Return articles that are alike as one row: hits, size, what follows, how many; in order."""
    code = rows[:, 0] * (rows[:, 1].max(initial=0) + 1) + rows[:, 1]
    _, places, kind = np.unique(code, return_index=True, return_inverse=True)
    number = np.bincount(kind, weights=rows[:, -1], minlength=len(places))
    return np.column_stack([rows[places, :-1], number])


def of_articles(hits: Array, size: Array) -> Array:
    """Return what `kinds_of` does, of numbers article by article."""
    return kinds_of(np.column_stack([hits, size, np.ones(len(hits))]))


# The bootstrap


def resampled(values: Array, articles: Array, seed: int = 0) -> Array:
    """Return the sums of values over resampled articles, one row a replicate.

    `values` has a row a kind of article and a column a quantity; of each kind there are `articles`.
    """
    random, counts = np.random.default_rng(seed), articles.astype(np.int64)
    step = max(1, AT_ONCE // min(int(counts.sum()), ALIKE * len(counts)))
    parts = (min(step, REPLICATES - done) for done in range(0, REPLICATES, step))
    return np.concatenate([_product(_times_drawn(counts, part, random), values) for part in parts])


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
    tails = [(1 - conf_level) / 2, (1 + conf_level) / 2]
    columns = [(*column, articles) for column in zip(hits.T, size.T, strict=True)]
    if all(is_smooth(*column, conf_level) for column in columns):
        low, high = np.array([[percentile(*one, tail) for one in columns] for tail in tails])
    else:
        top, bottom = np.hsplit(resampled(np.hstack([hits, size]), articles, seed), 2)
        low, high = np.quantile(top / bottom, tails, axis=0)
    p = articles @ hits / (articles @ size)
    # At a low level the percentiles of a skewed distribution need not hold the share itself.
    low, high = np.minimum(low, p), np.maximum(high, p)
    return np.where(low < high, low, np.nan), np.where(low < high, high, np.nan)


def _product(left: np.ndarray, right: Array) -> Array:
    """The matrix product, some rows at a time."""
    found = np.empty((len(left), right.shape[1]))
    step = max(1, PRODUCT // max(right.size, 1))
    for start in range(0, len(left), step):
        found[start : start + step] = left[start : start + step].astype(float) @ right
    return found


# Permutations of articles among groups


def permutations(numbers: Sequence[int]) -> int:
    """Return in how many ways articles can be split into groups of these numbers."""
    return factorial(sum(numbers)) // prod(factorial(number) for number in numbers)


def looked_at(numbers: Sequence[int]) -> tuple[int, int]:
    """Return how many permutations are looked at, and 1 if they are drawn at random, else 0.

    Drawn at random, they stand beside the observed one, which has to be counted as well.
    """
    if sum(numbers) ** 2 > MAX_LABELS:  # n articles in two groups or more: at least n splits
        return DRAWS, 1
    number = permutations(numbers)
    enumerated = number <= MAX_SPLITS and number * sum(numbers) <= MAX_LABELS
    return (number, 0) if enumerated else (DRAWS, 1)


def observed_sums(tests: Sequence[Sequence[Array]]) -> Array:
    """Return the sums of the groups as they are; see `permuted_sums`."""
    sums = [[table[:, -1] @ table[:, :-1] for table in test] for test in tests]
    return np.array(sums).swapaxes(0, 1)[:, None]


def permuted_sums(
    tests: Sequence[Sequence[Array]], numbers: tuple[int, ...], seed: int, others: int = 0
) -> Iterator[Array]:
    """Yield the sums by group, permutation, test and column, some permutations at a time.

    A test has a table a group, with a row a kind of article and a column a number to be summed,
    hits and sizes first, but for the last column: how many articles. `numbers` are the articles of
    the groups. A caller makes at most `others` numbers of the sums of a permutation and test.
    """
    number, random = looked_at(numbers)
    if random and len(tests) == 1 and deals_kinds(tests[0]):
        yield _dealt_sums(tests[0], numbers, seed)[:, :, None]
        return
    tables = []
    for test in tests:
        kinds = np.concatenate(test)
        if random:  # what is drawn must not depend on the order of the articles
            kinds = kinds[np.lexsort((kinds[:, 1], kinds[:, 0]))]
        tables.append(np.repeat(kinds[:, :-1], kinds[:, -1].astype(np.int64), axis=0))
    articles = np.concatenate(tables, axis=1)
    rows = max(1, BLOCK // max(articles.shape[1] * len(numbers), others))
    held = max(1, BLOCK // len(articles))  # whatever the tests, so that each draws what it did
    generator = np.random.default_rng(seed)
    for start in range(0, number, held):
        if random:
            labels = _drawn(numbers, min(held, number - start), generator)
        else:
            labels = _enumerated(numbers)[start : start + held]
        for first in range(0, len(labels), rows):
            sums = _sums(labels[first : first + rows], articles, len(numbers))
            yield sums.reshape(*sums.shape[:2], len(tables), -1)


def _drawn(numbers: Sequence[int], rows: int, random: np.random.Generator) -> np.ndarray:
    """The group of each article, dealt out at random: a row a permutation.

    Of many articles, each comes to a group by itself; then articles drawn at random go from a group
    that has too many to one that has too few. No article is treated unlike another, so all splits
    are equally likely, as if the articles were shuffled, which takes longer.
    """
    number = sum(numbers)
    if number <= DEALT_FROM or len(numbers) > FEW:
        observed = np.repeat(np.arange(len(numbers), dtype=np.int16), numbers)
        return random.permuted(np.repeat(observed[None, :], rows, axis=0), axis=1)
    parts = random.integers(1 << 16, size=(rows, number), dtype=np.uint16)
    labels = np.zeros(parts.shape, dtype=np.int8)
    for end in (np.cumsum(numbers)[:-1] * (1 << 16) // number).tolist():
        labels += parts >= end
    held = [[*map(np.count_nonzero, labels == place)] for place in range(len(numbers))]
    over, last = np.array(held).T - np.array(numbers), np.empty(labels.shape, dtype=np.int32)
    while (each := over.any(axis=1).nonzero()[0][:, None]).size:
        short = over[each[:, 0]]
        full, free = (most(short, axis=1, keepdims=True) for most in (np.argmax, np.argmin))
        moving = np.minimum(over[each, full], -over[each, free])
        tried = random.integers(number, size=(len(each), 2 * int(moving.mean()) + 1))
        place = np.arange(tried.shape[1], dtype=np.int32)
        last[each, tried] = place  # an article tried twice is moved once
        fits = (labels[each, tried] == full) & (last[each, tried] == place)
        fits &= fits.cumsum(axis=1) <= moving
        row, place = fits.nonzero()
        labels[each[row, 0], tried[row, place]] = free[row, 0]
        moved = fits.sum(axis=1, keepdims=True)
        over[each, full] -= moved
        over[each, free] += moved
    return labels


def deals_kinds(test: Sequence[Array]) -> bool:
    """Return whether articles that are alike are dealt out to the groups at once.

    How many of a kind come to each group is multivariate hypergeometric, as if each article were
    dealt out by itself, but the draws cost what the kinds are, not the articles.
    """
    rows = np.concatenate(test)
    number = rows[:, -1].sum()
    return bool(number > DEALT_FROM and number > DEALT_ALIKE * len(test) * len(kinds_of(rows)))


def _dealt_sums(test: Sequence[Array], numbers: Sequence[int], seed: int) -> Array:
    """The sums by group, permutation and column; kind after kind is dealt out, group by group."""
    random = np.random.default_rng(seed)
    kinds = kinds_of(np.concatenate(test))
    room = np.repeat(np.array(numbers, dtype=np.int64)[:, None], DRAWS, axis=1)
    sums = np.zeros((len(numbers), kinds.shape[1] - 1, DRAWS))
    for *kind, number in kinds:
        left, others = np.full(DRAWS, int(number)), room.sum(axis=0)
        for group in range(len(numbers) - 1):
            others -= room[group]
            held = random.hypergeometric(room[group], others, left)
            room[group] -= held
            left -= held
            sums[group] += np.array(kind)[:, None] * held
        room[-1] -= left
    sums[-1] = (kinds[:, -1] @ kinds[:, :-1])[:, None] - sums[:-1].sum(axis=0)
    return sums.transpose(0, 2, 1)


def _sums(labels: np.ndarray, articles: Array, groups: int) -> Array:
    """The sums of the articles: by group, permutation (a row of labels) and column."""
    if groups <= FEW:
        most = [_sums_of(labels, group, articles) for group in range(groups - 1)]
        return np.stack([*most, articles.sum(axis=0) - sum(most)])
    from scipy.sparse import csc_matrix

    # One column an article, with a 1 in the row of its group in each permutation.
    number = len(labels)
    rows = (labels.T * np.int64(number) + np.arange(number)).ravel()
    ends = np.arange(0, labels.size + 1, number)
    held = csc_matrix((np.ones(labels.size), rows, ends), shape=(groups * number, len(articles)))
    return np.asarray(held @ articles).reshape(groups, number, -1)


def _sums_of(labels: np.ndarray, group: int, articles: Array) -> Array:
    """The sums of the articles of a group, a row a permutation; of whole numbers, exact."""
    # Whole numbers below 2 to the power 24 are exact in single precision too, which is faster.
    small = articles.sum(axis=0).max(initial=0) < 1 << 24 and (articles == articles.round()).all()
    articles = articles.astype(np.float32 if small else np.float64)
    found = np.zeros((len(labels), articles.shape[1]))
    some, step = PRODUCT // (_TOGETHER * max(articles.shape[1], 1)), _TOGETHER
    if some < 8:  # of many tests, parts would be too small
        some, step = max(len(articles), 1), max(1, PRODUCT // max(articles.size, 1))
    for start in range(0, len(articles), some):
        part = articles[start : start + some]
        for first in range(0, len(labels), step):
            rows = slice(first, first + step)
            own = labels[rows, start : start + some] == group
            found[rows] += own.astype(part.dtype) @ part
    return found


_TOGETHER = 32  # permutations that one part of the articles is multiplied by: it stays in the cache


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
