"""Finding again the sentences that a coder saw: by their place, their text, or their neighbours.

An article changes after it was coded: a typo is corrected, and every later offset moves. A code
belongs to the words that were read, so what counts is whether they still stand there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2s

import numpy as np
import pandas as pd

from analysis.io.sheets import NO_XML

FITS, MOVED, EDITED = "fits", "moved", "edited"
_ALIKE = 0.8  # two spellings of a word: "past yea" and "past year"
_MOST_TYPOS = 3


@dataclass(frozen=True)
class Mark:
    """What a row says of the sentence that was coded; what it does not say is None or blank.

    ``item`` is the name of `items`; without ``whole``, ``text`` is how the sentence begins.
    """

    doc_id: str = ""
    sentence_id: int | None = None
    start: int | None = None
    end: int | None = None
    text: str = ""
    item: str = ""
    whole: bool = True

    @property
    def place(self) -> tuple[str, int | None, int | None]:
        return self.doc_id, self.start, self.end


Anchor = tuple[int, str]  # which row of the sentences, and how it was found


def items(sentences: pd.DataFrame) -> list[str]:
    """Return a name for each sentence that shows neither its article nor its place.

    It is made of the article's name and the sentence's words, so that no other edit changes it;
    of a sentence that comes again in its article, also of how often it has stood there before.
    """
    seen: Counter[tuple[str, str]] = Counter()
    names = [""] * len(sentences)
    keys = list(zip(sentences["doc_id"], map(words, sentences["text"]), strict=True))
    for row in np.argsort(sentences["sentence_id"].to_numpy(), kind="stable").tolist():
        (doc_id, text), again = keys[row], seen[keys[row]]
        seen[keys[row]] += 1
        name = f"{doc_id}\n{again}\n{text}"
        # The letter before it keeps a spreadsheet from taking 81e5 for a number.
        names[row] = "s" + blake2s(name.encode(), digest_size=6).hexdigest()
    return names


def anchored(marks: Sequence[Mark], sentences: pd.DataFrame) -> list[Anchor | None]:
    """Return where each mark is now, and how it was found; None where it is not any more.

    A sentence *fits* where it was, or has *moved*: its words stand elsewhere in the article, the
    nearest if they come again; a mark without words has moved as far as its neighbour. It was
    *edited* if at most three of its words are spelled otherwise, and none with a digit in it. The
    marks are one coder's: two different ones are never found again in one sentence.
    """
    places = _Places(sentences)
    found: dict[Mark, Anchor | None] = {mark: places.fitting(mark) for mark in marks}
    taken = {anchor[0] for anchor in found.values() if anchor}
    shifted = places.shifted({mark.place for mark in found if not mark.text})
    for mark in sorted(found, key=lambda mark: (mark.doc_id, mark.start or mark.sentence_id or 0)):
        if found[mark] is None:
            again = places.found_again(mark, taken) if mark.text else shifted.get(mark.place)
            if again is not None and again[0] not in taken:
                found[mark] = again
                taken.add(again[0])
    return [found[mark] for mark in marks]


class _Places:
    """The sentences, to be found by article and place, by their words, by their item."""

    def __init__(self, sentences: pd.DataFrame) -> None:
        self.texts = [words(text) for text in sentences["text"]]
        columns = (sentences[name].to_list() for name in ("doc_id", "sentence_id", "start", "end"))
        self.keys = list(zip(*columns, strict=True))
        self.at: dict[tuple[str, object], int] = {}
        self.items = {name: number for number, name in enumerate(items(sentences))}
        self.by_text: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.articles: dict[str, list[int]] = defaultdict(list)
        for number, (doc_id, sentence_id, start, end) in enumerate(self.keys):
            self.at[doc_id, sentence_id] = self.at[doc_id, (start, end)] = number
            for name in (doc_id, ""):  # a row may not name its article
                self.by_text[name, self.texts[number]].append(number)
                self.articles[name].append(number)

    def fitting(self, mark: Mark) -> Anchor | None:
        place = mark.sentence_id if mark.start is None else (mark.start, mark.end)
        here = self.items.get(mark.item, self.at.get((mark.doc_id, place)))
        fits = here is not None and (not mark.text or self._says(here, mark))
        return (here, FITS) if here is not None and fits else None

    def found_again(self, mark: Mark, taken: Collection[int]) -> Anchor | None:
        text, own = words(mark.text), self.articles[mark.doc_id]
        same = self.by_text[mark.doc_id, text]
        if not mark.whole:
            same = [number for number in own if self._says(number, mark)]
        if (number := self._nearest(mark, same, taken)) is not None:
            placed = mark.item or mark.start is not None or mark.sentence_id is not None
            return number, MOVED if placed else FITS
        alike = [n for n in own if mark.whole and but_for_typos(text, self.texts[n])]
        number = self._nearest(mark, alike, taken)
        return None if number is None else (number, EDITED)

    def _says(self, number: int, mark: Mark) -> bool:
        """Whether a sentence has the words of a mark: all, or the first ones and its length."""
        text, own = words(mark.text), self.texts[number]
        if mark.whole:
            return own == text
        _, _, start, end = self.keys[number]
        length = None if mark.start is None or mark.end is None else mark.end - mark.start
        return own.startswith(text) and end - start == length

    def _nearest(self, mark: Mark, numbers: Iterable[int], taken: Collection[int]) -> int | None:
        """The one of some sentences that is nearest to where the mark was; None if unknown."""
        free = [number for number in numbers if number not in taken]
        column, was = (2, mark.start) if mark.start is not None else (1, mark.sentence_id)
        if len(free) < 2 or was is None:
            return free[0] if len(free) == 1 else None
        return min(free, key=lambda number: abs(int(self.keys[number][column]) - was))

    def shifted(self, bare: Iterable[tuple[str, int | None, int | None]]) -> dict[object, Anchor]:
        """Marks without words whose sentence and a neighbour both stand equally far from before."""
        found: dict[object, Anchor] = {}
        of_article: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for doc_id, start, end in bare:
            if start is not None and end is not None:
                of_article[doc_id].append((start, end))
        for doc_id, places in of_article.items():
            places.sort()
            for number, (start, end) in enumerate(places):
                beside = [*places[max(number - 1, 0) : number], *places[number + 1 : number + 2]]
                for own in self.articles.get(doc_id, ()):
                    shift = int(self.keys[own][2]) - start
                    both = ((one + shift, two + shift) for one, two in beside)
                    if int(self.keys[own][3]) - end == shift and any(
                        (doc_id, place) in self.at for place in both
                    ):
                        found.setdefault((doc_id, start, end), (own, MOVED))
        return found


def words(text: str) -> str:
    """Return a text with one space between its words; what no workbook can hold is one too."""
    return " ".join(NO_XML.sub(" ", text).split())


def but_for_typos(one: str, other: str) -> bool:
    """Return whether two texts are the same but for up to three misspelled words.

    >>> but_for_typos("Over the past yea, ties grew.", "Over the past year, ties grew.")
    True
    >>> but_for_typos("In 2013 they met.", "In 2018 they met.")
    False
    """
    first, second = one.split(), other.split()
    if len(first) != len(second):
        return False
    differ = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    return 0 < len(differ) <= min(_MOST_TYPOS, len(first) - 1) and all(
        SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE
        and not any(map(str.isdigit, a + b))
        for a, b in differ
    )
