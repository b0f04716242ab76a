"""Which words that `counts` counts stand in which texts: what a vectorizer finds, many at once.

Texts are taken apart where no word can run across; what such a stretch holds is asked once of each
distinct one.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from analysis.corpus.folding import WORD, fold
from analysis.corpus.joining import Some
from analysis.corpus.tokens import codes_of, folded_texts, in_words
from analysis.corpus.units import variables_of
from analysis.errors import check_columns

# A word of `counts`: hyphenated ones whole, no number.
TOKEN = rf"(?u)(?<![\w-])(?![\d.,-]+(?!\w)){WORD}"
_TOKEN = re.compile(TOKEN)
_POSSESSIVE = re.compile(r"'s(?!\w)")
Span = tuple[int, int]


def without_possessives(folded: str, instead: str = "  ") -> str:
    """Return a folded text with its possessives taken off: "france's" counts as "france".

    Two letters stand for two, so that every word stays where it stands.
    """
    return _POSSESSIVE.sub(instead, folded)


class _Block(NamedTuple):
    """The stretches of some texts: whose they are, their numbers, where they begin in it."""

    rows: np.ndarray
    numbers: np.ndarray
    begins: np.ndarray


class _Stretches(dict[str, int]):
    """A number for each distinct stretch, in the order in which they first come up.

    Where words are wanted, stretches that can have none of them are all called "", which is 0.
    """

    def __init__(self, wanted: Collection[str] | None = None) -> None:
        super().__init__({} if wanted is None else {"": 0})
        self._wanted = wanted

    def __missing__(self, stretch: str) -> int:
        if self._wanted is not None and stretch.isalpha() and stretch not in self._wanted:
            return 0
        number = self[stretch] = len(self)
        return number

    def of(self, some: Iterable[Some]) -> Iterator[_Block]:
        """Yield the stretches of texts, some texts at a time."""
        for first, block in some:
            parts = folded_texts(block)
            text = without_possessives("\n".join(parts))
            codes = codes_of(text)
            # What stands before a word may forbid it: a hyphen; a low line, which joins stretches.
            kept = in_words(codes)
            kept[:-1] |= (codes[:-1] == ord("-")) & kept[1:]
            kept |= codes == ord("_")
            places = np.flatnonzero(np.diff(kept, prepend=False, append=False))
            begins, ends = places[::2], places[1::2]
            edges = np.cumsum([0, *(len(text) + 1 for text in parts)])
            rows = np.searchsorted(edges, begins, side="right") - 1
            numbers = self._numbers(text, codes, begins, ends)
            yield _Block(first + rows, numbers, begins - edges[rows])

    def _numbers(
        self, text: str, codes: np.ndarray, begins: np.ndarray, ends: np.ndarray
    ) -> np.ndarray:
        """The number of each stretch; of short ones, which are numbers as they are, once each."""
        sizes = ends - begins
        short = sizes <= _SHORT
        if codes.itemsize > 1 and len(begins):  # a letter beyond ASCII takes more than a byte
            short &= ~np.logical_or.reduceat(codes > 127, begins)
            codes = np.minimum(codes, 255).astype(np.uint8)
        letters = sliding_window_view(np.pad(codes, (0, _SHORT)), _SHORT)[begins[short]]
        letters *= np.arange(_SHORT) < sizes[short, None]  # those of the stretch itself
        halves = [pd.factorize(half)[0] for half in letters.view("<u8").T]
        place, _ = pd.factorize(halves[0] * (halves[1].max(initial=0) + 1) + halves[1])
        once = np.flatnonzero(np.diff(np.maximum.accumulate(place), prepend=-1))  # where it is new

        numbers = np.empty(len(begins), np.int64)
        new = letters[once].view(f"S{_SHORT}").ravel().astype(str).tolist()  # sooner than slices
        numbers[short] = np.fromiter(map(self.__getitem__, new), np.int64, len(new))[place]
        spans = zip(begins[~short].tolist(), ends[~short].tolist(), strict=True)
        numbers[~short] = [self[text[start:end]] for start, end in spans]
        return numbers


_SHORT = 16  # letters of ASCII, that are two numbers of 64 bits


def _words(stretch: str) -> list[Span]:
    """Where the words of a stretch stand in it: nearly always it is one word or a number."""
    if stretch[0] not in "-_" and not stretch[0].isdecimal() and "_" not in stretch:
        return [(0, len(stretch))]
    return [found.span() for found in _TOKEN.finditer(stretch)]


def word_cells(
    texts: Iterable[Some], ignored: Collection[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Return text, word and count of every word in every text, in any order; the words, sorted.

    >>> texts = [(0, ["Coal, wind, wind 12"]), (1, ["Coal"])]
    >>> rows, words, times, names = word_cells(texts, {"sun"})
    >>> rows.tolist(), words.tolist(), times.tolist(), names
    ([0, 0, 1], [0, 1, 0], [1, 2, 1], ['coal', 'wind'])
    """
    stretches = _Stretches()
    rows, numbers, counts = ([np.empty(0, np.int32)] for _ in range(3))  # half the memory
    for block in stretches.of(texts):
        both, often = np.unique(block.rows << 32 | block.numbers, return_counts=True)
        rows.append((both >> 32).astype(np.int32))
        numbers.append((both & 0xFFFFFFFF).astype(np.int32))
        counts.append(often.astype(np.int32))
    held: list[str] = []
    ends = [0]
    for stretch in stretches:
        if not stretch.isalpha():
            own = [stretch[start:end] for start, end in _words(stretch)]
            held += [word for word in own if word not in ignored]
        elif stretch not in ignored:
            held.append(stretch)
        ends.append(len(held))
    words = sorted(set(held))
    place = {word: number for number, word in enumerate(words)}
    flat = np.fromiter(map(place.__getitem__, held), np.int32, len(held))
    sizes = np.diff(ends).astype(np.int32)
    row, number, times = (np.concatenate(part) for part in (rows, numbers, counts))
    del rows, numbers, counts
    # Nearly every stretch is one word, which no other stretch holds: its cells are those of the
    # word. What the others come to is added up, as two of one text may hold the same word.
    whole = sizes == 1
    own = flat[(np.cumsum(sizes) - sizes)[whole]]
    whole[whole] = np.bincount(flat, minlength=len(words))[own] == 1
    word_of = np.full(len(sizes), -1, dtype=np.int32)
    word_of[sizes == 1] = own
    here = whole[number]
    more = ~here & (sizes[number] > 0)
    several = sizes[number[more]]
    # From where a stretch has its words, less where its cells begin: what is added to a cell.
    off = (np.cumsum(sizes) - sizes)[number[more]] - (np.cumsum(several) - several)
    word = flat[np.arange(several.sum()) + np.repeat(off, several)]
    width = np.int64(max(len(words), 1))
    cells, inverse = np.unique(np.repeat(row[more], several) * width + word, return_inverse=True)
    sums = np.bincount(inverse, np.repeat(times[more], several), len(cells))
    # One after the other: each takes much memory.
    times = np.concatenate([times[here], sums.astype(np.int32)])
    row = np.concatenate([row[here], (cells // width).astype(np.int32)])
    word = np.concatenate([word_of[number[here]], (cells % width).astype(np.int32)])
    return row, word, times, words


def word_places(
    texts: Iterable[Some], wanted: Collection[str]
) -> Iterator[tuple[int, str, int, int]]:
    """Yield text, word and place in the folded text of every use of the words that are wanted.

    >>> list(word_places([(0, ["Coal, wind.", "WIND"])], {"wind"}))
    [(0, 'wind', 6, 10), (1, 'wind', 0, 4)]
    """
    stretches = _Stretches(wanted)
    held: list[list[tuple[str, Span]]] = [[]]
    for block in stretches.of(texts):
        for stretch in islice(stretches, len(held), None):
            spans = _words(stretch)
            own = [(stretch[slice(*span)], span) for span in spans]
            held.append([one for one in own if one[0] in wanted])
        any_wanted = np.array([bool(own) for own in held])
        here = np.flatnonzero(any_wanted[block.numbers])
        columns = (column[here].tolist() for column in block)
        for row, number, begin in zip(*columns, strict=True):
            for word, (start, end) in held[number]:
                yield row, word, begin + start, begin + end


_SENTENCES = 1 << 12  # that are held as texts of Python at a time


def _uses(
    sentences: pd.DataFrame, words: Collection[str], sections: Sequence[str]
) -> Iterator[tuple[int, str, dict[str, list[Span]]]]:
    """Yield each row that uses one of the words, its text, and where in it folded, by word."""
    needed = ["doc_id", "sentence_id", "section", "start", "end", "text"]
    check_columns(sentences, needed, "sentences")
    rows = np.flatnonzero(sentences["section"].isin(sections))
    held: list[str] = []

    def texts() -> Iterator[Some]:
        for start in range(0, len(rows), _SENTENCES):
            held[:] = sentences["text"].array.take(rows[start : start + _SENTENCES]).tolist()
            yield start, held

    for place, uses in groupby(word_places(texts(), set(words)), key=itemgetter(0)):
        text = held[place % _SENTENCES]  # no text after it has been asked for
        used: dict[str, list[Span]] = {}
        for _, word, start, end in uses:
            used.setdefault(word, []).append((start, end))
        yield int(rows[place]), text, used


def rows_using(sentences: pd.DataFrame, words: Collection[str]) -> pd.DataFrame:
    """Return `word_uses` without its texts: the row of the sentence, the word, how many uses."""
    rows, features, uses = array("i"), array("i"), array("i")
    number = {word: place for place, word in enumerate(words)}
    for row, _, used in _uses(sentences, words, ("body",)):
        for word, own in used.items():
            rows.append(row)
            features.append(number[word])
            uses.append(len(own))
    names = pd.Series(list(number), dtype=str).array
    return pd.DataFrame({"row": rows, "feature": names.take(np.array(features, int)), "uses": uses})


def word_uses(
    sentences: pd.DataFrame, words: Sequence[str], *, sections: Sequence[str] = ("body",)
) -> pd.DataFrame:
    """Return every sentence that uses one of the words that `counts` counts, and where.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`.
    words : sequence of str
        Features of `counts` by its default vectorizer, such as those of `keyness`.
    sections : sequence of str
        Which sections count.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, ``sentence_id``, the document variables, ``section``, ``feature``, ``start``,
        ``end`` (of the sentence in the article as given), ``spans`` (of the uses, inside the
        sentence), ``quote``. A group has as many spans of a word as `counts` counts.

    Examples
    --------
    >>> from analysis import sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["Coal falls. The wind’s power: wind."]})
    >>> word_uses(sentences(texts), ["wind"])[["feature", "spans", "quote"]].iloc[0].to_list()
    ['wind', ((4, 8), (18, 22)), 'The wind’s power: wind.']
    """
    rows: list[int] = []
    features: list[str] = []
    spans: list[tuple[Span, ...]] = []
    for row, text, used in _uses(sentences, words, sections):
        folded = fold(text)
        rows += [row] * len(used)
        features += list(used)
        spans += [tuple(folded.span(*one) for one in own) for own in used.values()]
    own = ["doc_id", "sentence_id", *variables_of(sentences), "section"]
    table = sentences[[*own, "start", "end", "text"]].take(rows).reset_index(drop=True)
    table = table.rename(columns={"text": "quote"})
    table.insert(len(own), "feature", pd.Series(features, dtype=str))
    table.insert(len(own) + 3, "spans", pd.Series(spans, dtype=object))
    return table
