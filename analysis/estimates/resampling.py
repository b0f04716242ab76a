"""Every way of dealing articles to groups, and the sums of the groups in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from math import factorial, prod

import numpy as np

from analysis.estimates.intervals import Array

MAX_SPLITS = 100_000  # enumerate every dealing up to here, draw at random beyond
MAX_LABELS = 50_000_000  # and beyond so many articles in all dealings together
DRAWS = 9_999
BLOCK = 1_000_000  # numbers at a time, so that memory does not grow with the corpus


def number_of_dealings(numbers: Sequence[int]) -> int:
    """Return in how many ways articles can be dealt to groups of these numbers."""
    return factorial(sum(numbers)) // prod(factorial(number) for number in numbers)


def in_all(numbers: Sequence[int]) -> tuple[int, int]:
    """Return how many dealings are looked at, and 1 if they are drawn at random, else 0.

    Drawn at random, they stand beside the dealing that came about: it is to be counted as well.
    """
    dealings = number_of_dealings(numbers)
    enumerated = dealings <= MAX_SPLITS and dealings * sum(numbers) <= MAX_LABELS
    return (dealings, 0) if enumerated else (DRAWS, 1)


def _in_order(numbers: Sequence[int]) -> np.ndarray:
    """The dealing that came about: one row, the group of each article."""
    return np.repeat(np.arange(len(numbers), dtype=np.int16), numbers)[None, :]


def came_about(tables: Sequence[Array], numbers: Sequence[int]) -> Array:
    """Return the sums of the dealing that came about; see `dealt_sums`."""
    return _sums(_in_order(numbers), tables, len(numbers))


def dealt_sums(
    tables: Sequence[Array], numbers: tuple[int, ...], seed: int, others: int = 0
) -> Iterator[Array]:
    """Yield the sums of every dealing, some dealings at a time.

    Parameters
    ----------
    tables : sequence of ndarray
        One row an article, group after group, one column a number to be summed.
    numbers : tuple of int
        The numbers of articles of the groups.
    seed : int
        For random dealings.
    others : int
        How many numbers are made of the sums of a dealing and table, at most.

    Yields
    ------
    ndarray
        Sums by group, dealing, table and column.
    """
    dealings, random = in_all(numbers)
    columns = sum(table.shape[1] for table in tables)
    rows = max(1, BLOCK // max(sum(numbers), columns * len(numbers), others))
    if random:
        tables = [table[np.lexsort((table[:, 1], table[:, 0]))] for table in tables]
    generator = np.random.default_rng(seed)
    for start in range(0, dealings, rows):
        if random:
            some = np.repeat(_in_order(numbers), min(rows, dealings - start), axis=0)
            labels = generator.permuted(some, axis=1)
        else:
            labels = _enumerated(numbers)[start : start + rows]
        yield _sums(labels, tables, len(numbers))


def _sums(labels: np.ndarray, tables: Sequence[Array], groups: int) -> Array:
    """The sums of the articles: by group, dealing (a row of labels), table and column."""
    articles = np.concatenate(tables, axis=1)
    if groups == 2:
        first = (labels == 0).astype(float) @ articles
        sums = np.stack([first, articles.sum(axis=0) - first])
    else:
        from scipy.sparse import coo_matrix

        # One column an article, with a 1 in the row of its group in each dealing.
        dealings = len(labels)
        places = np.arange(labels.size)
        rows = labels.T.ravel() * np.int64(dealings) + places % dealings
        shape = (groups * dealings, len(articles))
        held = coo_matrix((np.ones(labels.size), (rows, places // dealings)), shape=shape)
        sums = np.asarray(held @ articles)
    return sums.reshape(groups, len(labels), len(tables), -1)


@lru_cache(maxsize=4)  # the parts of a test ask for them one after the other
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
