"""Articles that are nearly the same: wire copy with another headline, updates, reprints.

Two articles are compared by their sets of shingles (five folded words in a row). Their similarity
is Jaccard's: the shingles in both over the shingles in either. No pair is missed. As in AllPairs,
shingles are ordered from rare to frequent; two sets as similar as asked for must then share one of
the first few of each. Boilerplate is frequent and stands last, so that it costs no time.

The search knows a shingle by a number of 64 bits, which two of a million share with a chance of
3e-8. So the pairs it finds are compared again, word by word: what is told is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.corpus.joining import Some, articles_in
from analysis.corpus.tokens import folded_texts, hashes, runs, words_of
from analysis.errors import InputError, check_columns

SHINGLE = 5  # words
_BLOCK, _CHARACTERS = 2048, 1 << 18  # articles or pairs of them, characters: few at a time


def near_duplicates(documents: pd.DataFrame, *, threshold: float = 0.8) -> pd.DataFrame:
    """Return every pair of articles that are nearly the same, the most similar first.

    Parameters
    ----------
    documents : pandas.DataFrame
        Any table with ``doc_id`` and ``text``. The rows of one article are read one after
        another, so the body rows of a sentences table compare articles without their headlines
        and boilerplate.
    threshold : float
        The least similarity, above 0 and at most 1. The nearer to 1, the faster.

    Returns
    -------
    pandas.DataFrame
        ``doc_id`` and ``other_doc_id``, in the order of their names; ``similarity``; ``shared``,
        the number of shingles in both. A text of fewer than five words is one shingle; a text
        without a word is like no other. Of n copies of one text, every pair has its row.

    Notes
    -----
    Shingles and their similarity: Broder (1997), On the resemblance and containment of documents.
    The search: Bayardo, Ma & Srikant (2007), Scaling up all pairs similarity search.

    Examples
    --------
    >>> texts = ["Wind farms pay off in the north.", "NEW: wind farms pay off in the north",
    ...          "Coal does not."]
    >>> near_duplicates(pd.DataFrame({"doc_id": ["a", "b", "c"], "text": texts}), threshold=0.5)
      doc_id other_doc_id  similarity  shared
    0      a            b        0.75       3
    """
    check_columns(documents, ["doc_id", "text"], "documents")
    if not 0 < threshold <= 1:
        problem = f"threshold={threshold!r} is not above 0 and at most 1"
        raise InputError(problem, do="write .8 for four fifths of the shingles")
    articles = articles_in(documents, ["doc_id"], np.arange(len(documents)))
    sets, sizes = _shingles(articles.joined(documents["text"], "\n", _CHARACTERS))
    first, other = _candidates(sets, sizes, threshold)
    shared = _shared(sets, first, other)
    near = shared >= threshold * (sizes[first] + sizes[other] - shared) - 1e-9
    first, other = first[near], other[near]
    given = {
        row: articles.some(documents["text"], "\n", row, row + 1)
        for row in np.unique([first, other]).tolist()
    }
    sets, sizes = _exact(given, len(sizes))
    shared = _shared(sets, first, other)
    names = articles.names.to_numpy()
    pairs = pd.DataFrame(
        {
            "doc_id": names[first],
            "other_doc_id": names[other],
            "similarity": shared / (sizes[first] + sizes[other] - shared),
            "shared": shared,
        }
    )
    return pairs[pairs["similarity"] >= threshold].sort_values(
        ["similarity", "doc_id", "other_doc_id"], ascending=[False, True, True], ignore_index=True
    )


def _shared(sets: csr_array, first: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How many shingles are in both of each pair."""
    shared = np.zeros(len(first), np.int64)
    for start in range(0, len(first), _BLOCK):
        block = slice(start, start + _BLOCK)
        shared[block] = sets[first[block]].multiply(sets[other[block]]).sum(axis=1)
    return shared


def _exact(texts: Mapping[int, Sequence[str]], number: int) -> tuple[csr_array, np.ndarray]:
    """As `_shingles`, of some rows alone, and of the words themselves instead of numbers."""
    known: dict[tuple[str, ...], int] = {}
    codes, sizes = [], np.zeros(number, np.int64)
    for row, text in texts.items():
        words = words_of(*folded_texts(text))
        ends = range(SHINGLE, max(len(words), SHINGLE) + 1)
        own = {tuple(words[max(end - SHINGLE, 0) : end]) for end in ends}
        codes += [known.setdefault(one, len(known)) for one in own]
        sizes[row] = len(own)
    parts = np.ones(len(codes), np.int64), codes, np.cumsum([0, *sizes])
    return csr_array(parts, (number, len(known))), sizes


def _shingles(texts: Iterable[Some]) -> tuple[csr_array, np.ndarray]:
    """The (texts x shingles) matrix of ones, the rarest first, and each text's distinct shingles.

    A shingle that stands nowhere else has no column. A shingle is a number of 64 bits;
    that of a text of fewer than five words is all of it.
    """
    parts = [_of_block(block) for _, block in texts] or [_of_block([])]
    shingles, every = map(np.concatenate, zip(*parts, strict=True))
    del parts
    # What stands nowhere else goes; of the shingles of ordinary texts that is nearly all.
    kept, places = map(np.concatenate, zip(*_again(shingles), strict=True))
    del shingles
    codes = np.cumsum(np.diff(kept, prepend=~kept[:1]) != 0, dtype=np.int32) - 1
    rows = np.searchsorted(np.cumsum(every), places, side="right").astype(np.int32)
    number = int(codes.max(initial=-1)) + 1
    sets = csr_array((np.ones(len(codes), np.int32), (rows, codes)), (len(every), number))
    sets.sum_duplicates()
    sets.data[:] = 1
    sizes = every - np.bincount(rows, minlength=len(every)) + np.diff(sets.indptr)
    texts_with = np.bincount(sets.indices, minlength=sets.shape[1])
    order = np.argsort(texts_with, kind="stable")
    sets = sets[:, order[np.searchsorted(texts_with[order], 2) :]]
    sets.sort_indices()
    return sets, sizes


def _again(shingles: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield those that stand more than once, sorted, and where they stand: an eighth at a time."""
    eighth = np.empty(len(shingles), np.uint8)
    np.right_shift(shingles, np.uint64(61), out=eighth, casting="unsafe")
    for number in range(8):
        places = np.flatnonzero(eighth == number)
        own = shingles[places]
        order = np.argsort(own)
        own = own[order]
        same = np.diff(own, prepend=~own[:1]) == 0
        again = same.copy()
        again[:-1] |= same[1:]
        yield own[again], places[order[again]]


def _of_block(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The shingles of some texts, one after the other, and how many each text has."""
    numbers, words = hashes(folded_texts(texts))
    empty = np.where(words > 0, np.maximum(SHINGLE - words, 0), 0)
    numbers = np.insert(numbers, np.repeat(np.cumsum(words), empty), 0)
    rows = np.repeat(np.arange(len(texts)), words + empty)
    begins = np.flatnonzero(rows[: 1 - SHINGLE] == rows[SHINGLE - 1 :])
    return runs(numbers, SHINGLE)[begins], np.bincount(rows[begins], minlength=len(texts))


def _candidates(
    sets: csr_array, sizes: np.ndarray, threshold: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows that share one of the first shingles of each: all that can be near duplicates.

    Sets with a Jaccard similarity of t share at least t of either one's shingles. So one of them
    must stand among the first size - ceil(t size) + 1 of each: fewer are left after those.
    """
    least = np.ceil(threshold * sizes - 1e-9).astype(np.int64)
    alone = sizes - np.diff(sets.indptr)  # shingles of one text only are rarer still
    first_ones = sizes - least + 1 - alone
    place = np.arange(sets.nnz) - np.repeat(sets.indptr[:-1], np.diff(sets.indptr))
    heads = sets.copy()
    heads.data = (place < np.repeat(first_ones, np.diff(sets.indptr))).astype(np.int64)
    heads.eliminate_zeros()
    across = heads.T.tocsr()
    found = [(np.empty(0, np.int64),) * 2]
    for start in range(0, heads.shape[0], _BLOCK):
        block = (heads[start : start + _BLOCK] @ across).tocoo()
        first, other = block.row.astype(np.int64) + start, block.col.astype(np.int64)
        smaller, larger = np.sort([sizes[first], sizes[other]], axis=0)
        keep = (first < other) & (smaller >= threshold * larger - 1e-9)
        found.append((first[keep], other[keep]))
    return np.concatenate([f for f, _ in found]), np.concatenate([o for _, o in found])
