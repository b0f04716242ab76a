r"""Where patterns match: a scan for the words they begin with, then judgement where it hits.

A pattern is a sequence of parts with a space or a gap between them; a part is one phrase or a list
of phrases. Of a pattern with several parts only the rarest-looking one, its anchor, is looked for
in every text; the others are looked for in the texts that hold the anchor.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analysis.corpus.folding import fold, hyphenated
from analysis.corpus.tokens import blocks
from analysis.errors import InputError
from analysis.topics.expressions import KIND, expression
from analysis.topics.scanning import (
    COMMON,
    Scanner,
    Span,
    Spans,
    literal_of,
    rarity,
    regex_of,
)
from analysis.topics.shadows import IN_WORD, Texts, is_special

GAP_WORDS = 6  # "..." stands for so many at most; each part of "state-of-the-art" counts

# What a pattern is made of: lists, gaps, and plain text.
PART = re.compile(r"\{(?P<list>[^{}]+)\}|(?P<gap> ?\.\.\. ?)")

_SURROGATE = re.compile("[\ud800-\udfff]")  # half a pair cannot be encoded for RE2
_RUN = re.compile(rf"{IN_WORD}+")

Variants = Mapping[str, tuple[str, ...]]
Candidate = tuple[int, int, str]  # start and end in folded text, pattern as written


@dataclass(frozen=True)
class Pattern:
    """A pattern as written, whose it is, its parts, and whether a gap stands between two."""

    owner: Hashable
    written: str
    parts: tuple[int, ...]
    gaps: tuple[bool, ...] = ()
    cased: str | None = None  # the phrase with its case, which the text has to fit


class Matcher:
    """Patterns as the dictionary writes them, by owner, ready to be looked up in texts."""

    def __init__(
        self,
        patterns: Mapping[Hashable, Iterable[str]],
        variants: Variants,
        lists: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._variants = [
            (re.compile(rf"(?<!\w){re.escape(fold(word).text)}"), [fold(o).text for o in others])
            for word, others in variants.items()
        ]
        self._lists = {
            fold(name).text: tuple(fold(phrase).text.strip() for phrase in phrases)
            for name, phrases in lists.items()
        }
        self._numbers: dict[tuple[str, ...], int] = {}
        self._spellings: list[list[str]] = []  # of each part
        self._rarities: dict[int, float] = {}
        self._expressions: list[tuple[Hashable, str, Any]] = []
        by_anchor: dict[int, list[Pattern]] = defaultdict(list)
        others: set[int] = set()
        for owner, own in patterns.items():
            for one in dict.fromkeys(own):
                if (kind := KIND.match(one)) and kind[1] == "regex":
                    self._expressions.append((owner, one, expression(one)))
                    continue
                pattern = self._cased(owner, one) if kind else self._read(owner, one)
                anchor = min(pattern.parts, key=self._rarity)
                by_anchor[anchor].append(pattern)
                others.update(pattern.parts)
        # Parts such as "the" are looked for last, where all other parts of a pattern stand.
        rest = others - by_anchor.keys()
        common = {part for part in rest if self._is_common(part)}
        firm = sorted(by_anchor.keys() | rest - common)
        self._firm = Scanner({part: self._spellings[part] for part in firm})
        self._common = Scanner({part: self._spellings[part] for part in sorted(common)})
        # By anchor: each pattern, the parts that have to stand in a text for it to match, and
        # the parts that may stand anywhere, to be looked for only then (most have none).
        anywhere = self._firm.anywhere.keys() - by_anchor.keys()
        self._anchored = {
            anchor: [(one, every - anywhere, every & anywhere)
                     for one in own for every in [frozenset(one.parts)]]
            for anchor, own in by_anchor.items()
        }  # fmt: skip
        # As bits, of each pattern: the parts it needs but for common ones, and all its parts.
        self._anchors, self._late = _bits(by_anchor), _bits(common)
        self._needs = {
            anchor: {(_bits(needs - common), _bits(needs | loose)) for _, needs, loose in own}
            for anchor, own in self._anchored.items()
        }
        self._everywhere = _bits(self._firm.anywhere.keys() & by_anchor.keys())
        self._wanted = lru_cache(1 << 14)(self._parts_of_patterns)

    def _read(self, owner: Hashable, written: str) -> Pattern:
        parts: list[int] = []
        gaps: list[bool] = []
        after_gap = False
        pieces: list[Any] = [*PART.split(fold(written).text.strip()), None, None]
        for plain, name, gap in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True):
            found: list[tuple[str, ...]] = [(plain.strip(),)] if plain.strip() else []
            if name:
                if name not in self._lists:
                    problem = f"the pattern {written!r} names a list that is not there"
                    raise InputError(
                        problem, do=f"the lists are {', '.join(self._lists) or 'none'}"
                    )
                found.append(self._lists[name])
            for phrases in found:
                if parts:
                    gaps.append(after_gap)
                parts.append(self._part(phrases))
                after_gap = False
            after_gap |= gap is not None
        if not parts:
            raise InputError(f"the pattern {written!r} is blank", do="write a word")
        return Pattern(owner, written, tuple(parts), tuple(gaps))

    def _cased(self, owner: Hashable, written: str) -> Pattern:
        phrase = KIND.sub("", written, count=1).strip()
        if PART.search(phrase):
            problem = f"the pattern {written!r} has a list or a gap"
            raise InputError(problem, do="write a word or a phrase after case:")
        part = self._part((fold(phrase).text,), variants=False)
        return Pattern(owner, written, (part,), cased=fold(phrase, case=True).text)

    def _part(self, phrases: tuple[str, ...], *, variants: bool = True) -> int:
        key = phrases if variants else ("case:", *phrases)
        if key not in self._numbers:
            self._numbers[key] = len(self._spellings)
            every = [one for phrase in phrases for one in self.spellings(phrase)]
            if not all(every):
                problem = "a pattern, a phrase of a list or a variant is blank"
                raise InputError(problem, do="write a word")
            self._spellings.append(list(dict.fromkeys(every if variants else phrases)))
        return self._numbers[key]

    def _rarity(self, part: int) -> float:
        # Many patterns share a list, and some lists are long.
        if part not in self._rarities:
            self._rarities[part] = rarity(self._spellings[part])
        return self._rarities[part]

    def _is_common(self, part: int) -> bool:
        """Whether a part has a phrase of common words alone, and none without a beginning."""
        fixed = (literal_of(phrase) for phrase in self._spellings[part])
        return self._rarity(part) >= COMMON and all(fixed)

    def spellings(self, phrase: str) -> list[str]:
        """Return a folded phrase and its other spellings."""
        spellings = [phrase]
        for here, others in self._variants:
            spellings += [
                here.sub(other.replace("\\", r"\\"), spelling)
                for spelling in spellings
                for other in others
                if here.search(spelling)
            ]
        return spellings

    @property
    def variant(self) -> re.Pattern[str]:
        """What finds a piece of another spelling in every folded text that has one."""
        others = (other for _, own in self._variants for other in own)
        pieces = {max(re.split(r"[*? -]", other), key=len) for other in others}
        return re.compile("|".join(map(re.escape, sorted(pieces))) or "(?!)")

    def search(self, texts: Sequence[str]) -> Iterator[tuple[int, dict[Hashable, list[Candidate]]]]:
        """Yield, for each text where something fits, its number and every place by owner.

        Texts are as given; the places are in the folded text, and may overlap. A word broken at a
        line end is read with its hyphen too: "state-", "owned" is found by ``state-owned``.
        """
        for first, block in blocks(texts, 1 << 20):
            folded = Texts(block)
            found = self._search(folded)
            others = {n: other for n in folded.wrapped if (other := hyphenated(block[n]))}
            numbers = list(others)
            kept = [text for text, _ in others.values()]
            for place, places in self._search(Texts(kept)).items() if kept else ():
                back = others[numbers[place]][1]
                for owner, candidates in places.items():
                    here = [(back((start, end)), written) for start, end, written in candidates]
                    if more := [(*span, written) for span, written in here if span]:
                        own = found.setdefault(numbers[place], {}).setdefault(owner, [])
                        own += [one for one in more if one not in own]
            yield from ((first + number, found[number]) for number in sorted(found))

    def _search(self, texts: Texts) -> dict[int, dict[Hashable, list[Candidate]]]:
        spans = self._firm.find(texts, self._wanted)
        for part in self._firm.anywhere.keys() & self._anchored.keys():
            for number in range(len(texts)):
                if places := self._firm.find_anywhere(part, texts[number]):
                    spans.setdefault(number, {}).setdefault(part, set()).update(places)
        if self._expressions:
            spans = {number: spans.get(number, {}) for number in range(len(texts))}
        late = self._late
        waiting = [n for n, here in spans.items() if late and late & self._wanted(_bits(here))]
        if waiting:
            more = self._common.find(Texts([texts.given[n] for n in waiting]))
            for place, rest in more.items():
                spans[waiting[place]].update(rest)
        found = {number: self._found(here, texts, number) for number, here in spans.items()}
        return {number: own for number, own in found.items() if own}

    def _parts_of_patterns(self, parts: int) -> int:
        """The parts of patterns that may stand in a text, of those that may: all as bits."""
        parts |= self._everywhere
        found, anchors = 0, parts & self._anchors
        while anchors:
            anchor = anchors & -anchors
            for needs, every in self._needs[anchor.bit_length() - 1]:
                if needs & parts == needs:
                    found |= every
            anchors ^= anchor
        return found

    def _found(self, spans: Spans, texts: Texts, number: int) -> dict[Hashable, list[Candidate]]:
        found: dict[Hashable, list[Candidate]] = defaultdict(list)
        for anchor in spans:
            for pattern, needs, loose in self._anchored.get(anchor, ()):
                if pattern.cased is not None:
                    places = set(_as_written(pattern.cased, spans[anchor], texts.given[number]))
                elif len(pattern.parts) == 1:
                    places = spans[anchor]
                elif needs.issubset(spans):
                    places = self._put_together(pattern, spans, texts[number], loose)
                else:
                    continue
                if places:
                    here = [(start, end, pattern.written) for start, end in places]
                    found[pattern.owner] += here
        for owner, written, regex in self._expressions:
            for match in regex.finditer(_SURROGATE.sub("\ufffd", texts[number])):
                if match.end() > match.start():
                    found[owner].append((match.start(), match.end(), written))
        return found

    def _put_together(
        self, pattern: Pattern, spans: Spans, text: str, loose: Collection[int]
    ) -> set[Span]:
        """Return the spans of a whole pattern from the spans of its parts.

        Those of loose parts are looked for here, where they may go on from what stands before.
        """
        reached = spans.get(pattern.parts[0], set())
        if pattern.parts[0] in loose:
            reached = reached | self._firm.find_anywhere(pattern.parts[0], text)
        for part, gap in zip(pattern.parts[1:], pattern.gaps, strict=True):
            here = spans.get(part, set())
            if part in loose and gap:
                here = here | self._firm.find_anywhere(part, text)
            elif part in loose:
                after = {end + 1 for _, end in reached}
                here = here.union(*(self._firm.find_at(part, text, place) for place in after))
            following = sorted(here)
            further = set()
            for start, end in reached:
                for place in range(bisect_left(following, (end + 1, 0)), len(following)):
                    next_start, next_end = following[place]
                    between = text[end:next_start]
                    if between not in (" ", "-") and not (
                        gap and len(_RUN.findall(between)) <= GAP_WORDS
                    ):
                        break
                    further.add((start, next_end))
            reached = further
        return reached


def _bits(parts: Iterable[int]) -> int:
    return sum(1 << part for part in parts)


def _as_written(phrase: str, places: Iterable[Span], given: str) -> Iterator[Span]:
    folded = fold(given)
    for start, end in places:
        first, last = folded.span(start, end)
        text = fold(given[first:last], case=True).text
        if regex_of(phrase, special=is_special(text)).fullmatch(text):
            yield start, end
