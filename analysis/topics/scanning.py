r"""Phrases found in many texts at once.

Their fixed beginnings are looked for in the common shadow of the texts. What stands there is judged
on the text itself, by a regular expression; a whole word, or a word with any ending, needs no
judgement. Phrases without a fixed beginning are tried in every text that holds their longest fixed
piece.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.corpus.folding import UNSPACED, WORD
from analysis.topics.shadows import IN_WORD, LETTERS, Literals, Texts, is_special, shadow_of

Span = tuple[int, int]
Spans = dict[int, set[Span]]  # where the phrases of a part stand, by the number of the part

# Words of scripts without spaces have no edges that could be seen: every place is one.
_BEGINS = rf"(?:(?<!{IN_WORD})|(?<=[{UNSPACED}]))"
_ENDS = rf"(?:(?!{IN_WORD})|(?=[{UNSPACED}]))"
_UNSPACED = re.compile(f"[{UNSPACED}]")
# Their vowel signs and tone marks: no phrase ends before one.
_UNSPACED_MARKS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e"
    "\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d"
    "\u108f\u109a-\u109d\u17b4-\u17d3\u17dd\u3099\u309a"
)

_PLAIN_WORD = r"[^\W_]+(?:(?:\.?-|['.])[^\W_]+)*"  # WORD where there is nothing special

_TOKEN = re.compile(r"(?P<word>(?<![^ -])\*+(?![^ -]))|.", re.DOTALL)
_WILD = {"*": rf"(?:(?![{UNSPACED}]){IN_WORD})*", "?": IN_WORD, " ": "[ -]"}
_PLAIN_WILD = {"*": r"\w*", "?": r"\w", " ": "[ -]"}


@lru_cache(maxsize=100_000)
def regex_of(phrase: str, *, special: bool) -> re.Pattern[str]:
    """Return the regular expression that finds a folded phrase in a folded text.

    The one for special texts finds the same in all others, but takes ten times as long to compile.
    """
    word, wild = (WORD, _WILD) if special else (_PLAIN_WORD, _PLAIN_WILD)
    pieces: list[str] = []
    stars: list[int] = []  # of the word that is being read, in `pieces`
    for found in _TOKEN.finditer(phrase):
        if found[0] == " " or found["word"]:
            stars = []
        elif found[0] == "*":
            if stars:  # the letters up to here are taken where they come first, once and for all:
                place = stars.pop()  # so many stars take no longer than one
                pieces[place:] = [f"(?>{wild['*']}?{''.join(pieces[place + 1 :])})"]
            stars.append(len(pieces))
        pieces.append(word if found["word"] else wild.get(found[0], re.escape(found[0])))
    begins, ends = (_BEGINS, _ENDS) if special else (r"(?<!\w)", r"(?!\w)")
    if special and _UNSPACED.match(phrase):
        begins = ""
    if special and _UNSPACED.match(phrase[-1]):
        ends = f"(?![{_UNSPACED_MARKS}])"
    return re.compile(f"{begins}{''.join(pieces)}{ends}")


# Words of which every text is full; they make matching slow, never wrong.
_COMMON = {
    "a", "also", "an", "and", "are", "as", "at", "be", "by", "can", "for", "from", "had", "has",
    "have", "he", "her", "his", "if", "in", "into", "is", "it", "its", "made", "may", "more",
    "most", "new", "no", "not", "of", "off", "on", "one", "or", "other", "our", "out", "over",
    "she", "so", "some", "such", "than", "that", "the", "their", "them", "then", "there", "they",
    "this", "to", "two", "up", "us", "was", "we", "were", "when", "which", "who", "will", "with",
    "you",
}  # fmt: skip


# Words that many texts have, in news above all.
_FREQUENT = frozenset(
    """about after against agree all announce any back bank base become before began begin being
    between big bring build business buy call case change china chinese city come company companies
    could country countries day deal did do during each end even every fall first five follow force
    four get give given go good government great group hand have head help here high him hold home
    house how include increase industry invest just keep know large last law lead like little long
    look lose make making man many market me meet member million billion money month move much must
    my name nation national need never next now number offer office official old only open order
    own part party pay people percent place plan play point police power president price project
    provide public put report right run russia russian said same say says second secure see sell
    send serve service set several she should show since start state states still support system
    take team tell three through time today told too trade try turn under until use used very war
    want way week well west what where while white win without woman women work world would year
    years yet your""".split()  # noqa: SIM905
)
COMMON, _OFTEN = 10.0, 2.0  # what a phrase of common words counts, and a word that is frequent


def rarity(phrases: Iterable[str]) -> float:
    """Return a number that is the smaller, the fewer places the phrases are likely to fit.

    A phrase of n letters counts 2 to the power of -n, a frequent word or its beginning 2, a phrase
    of common words `COMMON`: a guess that decides what is looked for first, and nothing else.
    """
    return sum(map(_guess, phrases))


@lru_cache(maxsize=100_000)
def _guess(phrase: str) -> float:
    head = _head(phrase)
    words = head.split()
    if not words:  # it has to be tried everywhere
        return 100 * COMMON
    if _COMMON.issuperset(words):
        return COMMON
    if head in _FREQUENT or (head != phrase and any(one.startswith(head) for one in _FREQUENT)):
        return _OFTEN
    return float(2.0 ** -len(head))


def _head(phrase: str) -> str:
    """What stands before the first wildcard."""
    return re.split(r"[*?]", phrase, maxsplit=1)[0]


# Whole words, the last with any ending or none: of these the shadow says everything, but for the
# marks between the words.
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*\*?")


class _Phrase(NamedTuple):
    """How a phrase is judged where its literal was found, and the parts it belongs to."""

    phrase: str
    words: str | None  # the fixed part of a phrase of whole words
    any_ending: bool
    needed: str  # what every text holds that the phrase stands in
    parts: tuple[int, ...]


class Scanner:
    """Phrases, by the number of the part that they belong to, ready to be found in texts."""

    def __init__(self, parts: Mapping[int, Iterable[str]]) -> None:
        owners: dict[str, list[int]] = defaultdict(list)
        for part, phrases in parts.items():
            for phrase in phrases:
                owners[phrase].append(part)
        literals: dict[tuple[bytes, bool], list[_Phrase]] = defaultdict(list)
        self.anywhere: dict[int, list[_Phrase]] = defaultdict(list)  # by part
        for phrase, numbers in owners.items():
            words = phrase.rstrip("*") if _PLAIN.fullmatch(phrase) else None
            needed = max(re.split(r"[*? ]", phrase), key=len)
            judged = _Phrase(phrase, words, phrase.endswith("*"), needed, tuple(numbers))
            if literal := literal_of(phrase):
                literals[literal].append(judged)
            else:
                for part in numbers:
                    self.anywhere[part].append(judged)
        self._phrases = list(literals.values())
        self._literals = Literals(list(literals))
        self._alone: np.ndarray | None = None
        # The parts that each beginning may be of, as bits of a number.
        self._bits = [
            sum(1 << part for part in {part for phrase in own for part in phrase.parts})
            for own in self._phrases
        ]

    def find(self, texts: Texts, wanted: Callable[[int], int] | None = None) -> dict[int, Spans]:
        """Return, for each text with a phrase that has a fixed beginning, where, by part.

        Of the parts that may stand in a text only those are judged that are wanted; both are bits.
        """
        literals, homes, begins, places = texts.find(self._literals)
        if wanted is not None:  # most that stand alone in a text are of no pattern
            alone = np.bincount(homes, minlength=1)[homes] == 1
            kept = ~alone | self._suffices(wanted)[literals]
            literals, homes, begins, places = (
                one[kept] for one in (literals, homes, begins, places)
            )
        cuts = np.flatnonzero(np.diff(homes, prepend=-1))
        numbers, bits = literals.tolist(), self._bits
        hits = list(zip(numbers, begins.tolist(), places.tolist(), strict=True))
        found: dict[int, Spans] = {}
        for number, (first, last) in zip(
            homes[cuts].tolist(), pairwise([*cuts.tolist(), len(hits)]), strict=True
        ):
            may = bits[numbers[first]]
            for literal in numbers[first + 1 : last]:
                may |= bits[literal]
            if own := may if wanted is None else wanted(may):
                here = [hit for hit in hits[first:last] if bits[hit[0]] & own]
                if spans := self._judge(texts, number, here):
                    found[number] = spans
        return found

    def _judge(self, texts: Texts, text: int, hits: Iterable[tuple[int, int, int]]) -> Spans:
        """Where phrases stand in a text, of those whose beginnings stand there in the shadow."""
        exact = texts.given[text].isascii()
        spans: Spans = {}
        for literal, start, place in hits:
            for phrase in self._phrases[literal]:
                if (words := phrase.words) is None:
                    if phrase.needed not in texts[text]:
                        continue
                    regex = regex_of(phrase.phrase, special=texts.special(text))
                    if (match := regex.match(texts[text], start)) is None:
                        continue
                    stop = match.end()
                elif exact or _stands(words, texts[text], start):
                    stop = start + len(words)
                    if phrase.any_ending:
                        stop = texts.word_end(place + len(words)) - place + start
                else:
                    continue  # another letter, beyond Latin-1
                for part in phrase.parts:
                    spans.setdefault(part, set()).add((start, stop))
        return spans

    def _suffices(self, wanted: Callable[[int], int]) -> np.ndarray:
        """Whether each beginning may be all of a pattern."""
        if self._alone is None:
            self._alone = np.array([wanted(bits) != 0 for bits in self._bits], dtype=bool)
        return self._alone

    def find_anywhere(self, part: int, text: str) -> set[Span]:
        """Return where the phrases of a part without a fixed beginning stand in a folded text."""
        spans = set()
        for regex in self._anywhere_in(part, text):
            match = regex.search(text)
            while match:
                spans.add(match.span())
                match = regex.search(text, match.start() + 1)
        return spans

    def find_at(self, part: int, text: str, start: int) -> set[Span]:
        """Return those of them that begin at a place."""
        found = (regex.match(text, start) for regex in self._anywhere_in(part, text))
        return {match.span() for match in found if match}

    def _anywhere_in(self, part: int, text: str) -> Iterator[re.Pattern[str]]:
        special = is_special(text)
        for phrase in self.anywhere[part]:
            if phrase.needed in text:
                yield regex_of(phrase.phrase, special=special)


def _stands(words: str, text: str, start: int) -> bool:
    return text.startswith(words, start) or (
        text[start : start + len(words)].replace("-", " ") == words
    )


def literal_of(phrase: str) -> tuple[bytes, bool] | None:
    """The fixed beginning of a phrase, in shadow, and whether a word ends it; it has a word."""
    head = _head(phrase)
    if not head or _UNSPACED.match(head):
        return None
    shadow = shadow_of(head)
    whole = head == phrase and not _UNSPACED.match(phrase[-1])
    return (shadow.tobytes(), whole) if (shadow >= LETTERS).any() else None
