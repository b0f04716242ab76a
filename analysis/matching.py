r"""Where patterns match: phrases found word by word, then put together.

A pattern is a sequence of parts with a space or a gap between them; a part is one phrase or a list
of phrases. The phrases of all patterns stand in one tree of words, so a text is walked once,
whatever the number of patterns and topics. The few phrases that are not plain words (``u.n.``,
``c++``, ``wom?n``) are tried as regular expressions at the words they begin with.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

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
_PLAIN = re.compile(r"\w+\*?(?: \w+\*?)*")  # words, each with any ending or none
_CACHED_WORDS = 500_000

Variants = Mapping[str, tuple[str, ...]]
Span = tuple[int, int]
_Odd = tuple[re.Pattern[str], list[int]]  # a phrase that is not plain words, and its parts
Candidate = tuple[int, int, str]  # start and end in folded text, pattern as written


@dataclass(frozen=True)
class Pattern:
    """A pattern as written, whose it is, its parts, and whether a gap stands between two."""

    owner: Hashable
    written: str
    parts: tuple[int, ...]
    gaps: tuple[bool, ...]


@dataclass
class _Node:
    """A place in the tree of words: what may follow, and the parts that end here."""

    words: dict[str, _Node] = field(default_factory=dict)
    begins: dict[str, _Node] = field(default_factory=dict)
    parts: list[int] = field(default_factory=list)


class Matcher:
    """Patterns, ready to be looked up in folded texts.

    Parameters
    ----------
    patterns : mapping of owner to iterable of str
        Patterns as the dictionary writes them, by whoever asks for them.
    variants : mapping
        Other spellings of words and beginnings of words.
    lists : mapping
        Named lists of phrases.
    """

    def __init__(
        self,
        patterns: Mapping[Hashable, Iterable[str]],
        variants: Variants,
        lists: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._tree = _Node()
        self._odd: dict[str, list[_Odd]] = defaultdict(list)  # by the word they begin with
        self._anywhere: list[tuple[str, _Odd]] = []
        self._odd_numbers: dict[str, list[int]] = {}  # parts of each odd phrase
        self._first: dict[str, tuple[_Node, ...]] = {}  # by word, what the tree offers at first
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
        for owner, written in patterns.items():
            for one in dict.fromkeys(written):
                pattern = self._read(owner, one, folded)
                self._by_part[pattern.parts[0]].append(pattern)

    def _read(self, owner: Hashable, written: str, lists: Mapping[str, tuple[str, ...]]) -> Pattern:
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
        return Pattern(owner, written, tuple(parts), tuple(gaps))

    def _part(self, phrases: tuple[str, ...]) -> int:
        if phrases not in self._part_numbers:
            number = self._part_numbers[phrases] = len(self._part_numbers)
            for phrase in phrases:
                for spelling in self.spellings(phrase):
                    parts = self._parts_of(spelling)
                    if number not in parts:
                        parts.append(number)
        return self._part_numbers[phrases]

    def spellings(self, phrase: str) -> list[str]:
        """Return a folded phrase and its other spellings."""
        spellings = [phrase]
        for here, others in self._variants:
            spellings += [
                here.sub(other, spelling)
                for spelling in spellings
                for other in others
                if here.search(spelling)
            ]
        return spellings

    def _parts_of(self, spelling: str) -> list[int]:
        """The parts that a phrase belongs to, kept where the phrase is found."""
        if _PLAIN.fullmatch(spelling):
            node = self._tree
            for word in spelling.split(" "):
                branch = node.begins if word.endswith("*") else node.words
                node = branch.setdefault(word.removesuffix("*"), _Node())
            return node.parts
        if spelling not in self._odd_numbers:
            regex = "".join(
                WORD if found["word"] else _WILD.get(found[0], re.escape(found[0]))
                for found in _TOKEN.finditer(spelling)
            )
            parts = self._odd_numbers[spelling] = []
            odd = (re.compile(rf"(?<!\w){regex}(?!\w)"), parts)
            first = _RUN.match(spelling)
            if first is not None and spelling[first.end() : first.end() + 1] not in ("*", "?"):
                self._odd[first[0]].append(odd)
            else:  # tried everywhere in a text that holds the longest of its words
                self._anywhere.append((max(_RUN.findall(spelling), key=len, default=""), odd))
        return self._odd_numbers[spelling]

    def candidates(self, text: str) -> dict[Hashable, list[Candidate]]:
        """Return every match at every place by owner, overlapping ones too.

        Parameters
        ----------
        text : str
            Folded text.
        """
        runs = [(run.start(), run.end(), run[0]) for run in _RUN.finditer(text)]
        spans: dict[int, set[Span]] = defaultdict(set)
        for number, (start, _, word) in enumerate(runs):
            for node in self._first_nodes(word):
                self._walk(node, number, text, runs, spans, start)
            if word in self._odd:
                _try(self._odd[word], text, start, spans)
        for needed, odd in self._anywhere:
            if needed in text:
                for start in range(len(text)):
                    _try([odd], text, start, spans)
        found: dict[Hashable, list[Candidate]] = defaultdict(list)
        if spans:
            starts = [start for start, _, _ in runs]
            ordered = {part: sorted(places) for part, places in spans.items()}
            for part in ordered:
                for pattern in self._by_part.get(part, ()):
                    if all(other in ordered for other in pattern.parts):
                        found[pattern.owner] += [
                            (start, end, pattern.written)
                            for start, end in _put_together(pattern, ordered, text, starts)
                        ]
        return found

    def _first_nodes(self, word: str) -> tuple[_Node, ...]:
        known = self._first.get(word)
        if known is None:
            if len(self._first) >= _CACHED_WORDS:
                self._first.clear()
            known = self._first[word] = tuple(_branches(self._tree, word))
        return known

    def _walk(
        self,
        node: _Node,
        number: int,
        text: str,
        runs: Sequence[tuple[int, int, str]],
        spans: dict[int, set[Span]],
        start: int,
    ) -> None:
        end = runs[number][1]
        for part in node.parts:
            spans[part].add((start, end))
        if (node.words or node.begins) and number + 1 < len(runs):
            next_start, _, word = runs[number + 1]
            if next_start == end + 1 and text[end] in " -":
                for following in _branches(node, word):
                    self._walk(following, number + 1, text, runs, spans, start)


def _branches(node: _Node, word: str) -> Iterator[_Node]:
    """Yield what follows a node when a text goes on with a word."""
    if word in node.words:
        yield node.words[word]
    if node.begins:
        for length in range(1, len(word) + 1):
            if word[:length] in node.begins:
                yield node.begins[word[:length]]


def _try(
    phrases: Iterable[_Odd],
    text: str,
    start: int,
    spans: dict[int, set[Span]],
) -> None:
    for regex, parts in phrases:
        if found := regex.match(text, start):
            for part in parts:
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
