r"""Where patterns match: phrases looked up word by word, then put together.

A pattern is a sequence of parts with a space or a gap between them; a part is one phrase or a list
of phrases. At each word of a text, only the phrases that begin with that word are tried, so the
time grows with the text and hardly with the number of patterns.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import InputError
from analysis.text import WORD, fold

GAP_WORDS = (
    6  # how many words "..." stands for, at the most; each part of "state-of-the-art" counts
)

# What a pattern is made of: lists, gaps, and plain text.
PART = re.compile(r"\{(?P<list>[^{}]+)\}|(?P<gap> ?\.\.\. ?)")
_TOKEN = re.compile(r"(?P<word>(?<![^ -])\*(?![^ -]))|.", re.DOTALL)
_WILD = {"*": r"\w*", "?": r"\w", " ": "[ -]"}
_RUN = re.compile(r"\w+")
_CACHED_WORDS = 500_000

Variants = Mapping[str, tuple[str, ...]]
Span = tuple[int, int]


@dataclass(frozen=True)
class Pattern:
    """A pattern as written, its parts, and whether a gap (or else a space) stands after each."""

    written: str
    parts: tuple[int, ...]
    gaps: tuple[bool, ...]


class Matcher:
    """All patterns of one topic and tier, ready to be looked up in folded texts.

    Parameters
    ----------
    patterns : iterable of str
        Patterns as the dictionary writes them.
    variants : mapping
        Other spellings of words and beginnings of words.
    lists : mapping
        Named lists of phrases.
    """

    def __init__(
        self, patterns: Iterable[str], variants: Variants, lists: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._phrases: list[re.Pattern[str] | str] = []  # compiled when first tried
        self._parts_of: list[list[int]] = []  # which parts a phrase belongs to
        self._numbers: dict[str, int] = {}  # of the phrases, by their spelling
        self._whole: dict[str, list[int]] = defaultdict(list)  # phrases by their first word
        self._begins: dict[str, list[int]] = defaultdict(list)  # by how their first word begins
        self._anywhere: list[int] = []  # phrases that begin with a wildcard or a symbol
        self._tried: dict[str, tuple[int, ...]] = {}
        self._variants = [
            (re.compile(rf"(?<!\w){re.escape(fold(word).text)}"), [fold(o).text for o in others])
            for word, others in variants.items()
        ]
        self._part_numbers: dict[tuple[str, ...], int] = {}
        folded = {
            fold(name).text: tuple(fold(phrase).text.strip() for phrase in phrases)
            for name, phrases in lists.items()
        }
        self._by_part: dict[int, list[Pattern]] = defaultdict(list)
        for written in dict.fromkeys(patterns):
            pattern = self._read(written, folded)
            self._by_part[pattern.parts[0]].append(pattern)

    def _read(self, written: str, lists: Mapping[str, tuple[str, ...]]) -> Pattern:
        text = fold(written).text.strip()
        parts: list[int] = []
        gaps: list[bool] = []
        place, gap = 0, False

        def add(phrases: tuple[str, ...]) -> None:
            if parts:
                gaps.append(gap)
            parts.append(self._part(phrases))

        for found in PART.finditer(text):
            if plain := text[place : found.start()].strip():
                add((plain,))
                gap = False
            if found["gap"]:
                gap = True
            else:
                add(lists[found["list"]])
                gap = False
            place = found.end()
        if plain := text[place:].strip():
            add((plain,))
        if not parts:
            raise InputError(f"the pattern {written!r} is blank", do="write a word")
        return Pattern(written, tuple(parts), tuple(gaps))

    def _part(self, phrases: tuple[str, ...]) -> int:
        number = self._part_numbers.setdefault(phrases, len(self._part_numbers))
        if number == len(self._part_numbers) - 1:
            for phrase in phrases:
                for spelling in self._spellings(phrase):
                    parts = self._parts_of[self._phrase(spelling)]
                    if number not in parts:
                        parts.append(number)
        return number

    def _spellings(self, phrase: str) -> list[str]:
        spellings = [phrase]
        for here, others in self._variants:
            spellings += [
                here.sub(other, spelling)
                for spelling in spellings
                for other in others
                if here.search(spelling)
            ]
        return spellings

    def _phrase(self, spelling: str) -> int:
        if spelling in self._numbers:
            return self._numbers[spelling]
        number = self._numbers[spelling] = len(self._phrases)
        regex = "".join(
            WORD if found["word"] else _WILD.get(found[0], re.escape(found[0]))
            for found in _TOKEN.finditer(spelling)
        )
        self._phrases.append(rf"(?<!\w){regex}(?!\w)")
        self._parts_of.append([])
        first = _RUN.match(spelling)
        if first is None:
            self._anywhere.append(number)
        elif spelling[first.end() : first.end() + 1] in ("*", "?"):
            self._begins[first[0]].append(number)
        else:
            self._whole[first[0]].append(number)
        return number

    def candidates(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, pattern) of every match at every place, overlapping ones too.

        Parameters
        ----------
        text : str
            Folded text.
        """
        runs = [(run.start(), run[0]) for run in _RUN.finditer(text)]
        spans: dict[int, set[Span]] = defaultdict(set)
        for start, word in runs:
            for number in self._phrases_of(word):
                self._try(number, text, start, spans)
        for number in self._anywhere:
            for start in range(len(text)):
                self._try(number, text, start, spans)
        if not spans:
            return []
        starts = [start for start, _ in runs]
        ordered = {part: sorted(places) for part, places in spans.items()}
        return [
            (start, end, pattern.written)
            for part in ordered
            for pattern in self._by_part.get(part, ())
            if all(other in ordered for other in pattern.parts)
            for start, end in _put_together(pattern, ordered, text, starts)
        ]

    def _phrases_of(self, word: str) -> tuple[int, ...]:
        """The phrases that may begin with a word."""
        known = self._tried.get(word)
        if known is None:
            if len(self._tried) >= _CACHED_WORDS:
                self._tried.clear()
            begins = (self._begins.get(word[:length], ()) for length in range(1, len(word) + 1))
            known = tuple(self._whole.get(word, ())) + tuple(n for some in begins for n in some)
            self._tried[word] = known
        return known

    def _try(self, number: int, text: str, start: int, spans: dict[int, set[Span]]) -> None:
        phrase = self._phrases[number]
        if isinstance(phrase, str):
            phrase = self._phrases[number] = re.compile(phrase)
        if found := phrase.match(text, start):
            for part in self._parts_of[number]:
                spans[part].add(found.span())


def _put_together(
    pattern: Pattern, spans: Mapping[int, Sequence[Span]], text: str, starts: Sequence[int]
) -> Iterator[Span]:
    """Yield the spans of a whole pattern from the spans of its parts."""
    reached = set(spans[pattern.parts[0]])
    for part, gap in zip(pattern.parts[1:], pattern.gaps, strict=True):
        further = set()
        for start, end in reached:
            for _, next_end in _following(spans[part], end, gap, text, starts):
                further.add((start, next_end))
        reached = further
    yield from reached


def _following(
    spans: Sequence[Span], end: int, gap: bool, text: str, starts: Sequence[int]
) -> Iterator[Span]:
    """Yield the spans that may follow a part that ends at `end`."""
    if not gap:
        if text[end : end + 1] in (" ", "-"):
            first = bisect_left(spans, (end + 1, 0))
            for span in spans[first:]:
                if span[0] != end + 1:
                    return
                yield span
        return
    # The word after the gap may be preceded by at most GAP_WORDS words.
    next_word = bisect_left(starts, end)
    last = starts[min(next_word + GAP_WORDS, len(starts) - 1)] if next_word < len(starts) else -1
    for span in spans[bisect_left(spans, (end + 1, 0)) :]:
        if span[0] > last:
            return
        yield span
