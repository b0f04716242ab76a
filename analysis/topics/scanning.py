r"""Phrases found in many texts at once.

The texts are joined and scanned once for the fixed beginnings of all phrases (Aho and Corasick,
CACM 18:6, 1975). The scan runs on a shadow of the text: one byte a character, and a space for
every character that belongs to no word, so that " train" finds only words that begin with it.
What it finds is judged on the text itself, by a regular expression; a whole word, or a word with
any ending, needs no judgement. Phrases without a fixed beginning are tried in every text that
holds their longest fixed piece.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from analysis.corpus.folding import MARKS, UNSPACED, WORD, fold_character

Span = tuple[int, int]
Spans = dict[int, set[Span]]  # where the phrases of a part stand, by the number of the part

IN_WORD = rf"[\w{MARKS}]"
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

_SPECIAL = re.compile(f"[{MARKS}{UNSPACED}]")
_PLAIN_WORD = r"[^\W_]+(?:(?:\.?-|['.])[^\W_]+)*"  # WORD where there is nothing special

_TOKEN = re.compile(r"(?P<word>(?<![^ -])\*+(?![^ -]))|.", re.DOTALL)
_WILD = {"*": rf"(?:(?![{UNSPACED}]){IN_WORD})*", "?": IN_WORD, " ": "[ -]"}
_PLAIN_WILD = {"*": r"\w*", "?": r"\w", " ": "[ -]"}


def is_special(text: str) -> bool:
    """Return whether a text has marks, or characters of a script without spaces."""
    return not text.isascii() and _SPECIAL.search(text) is not None


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
        from ahocorasick_rs import BytesAhoCorasick

        owners: dict[str, list[int]] = defaultdict(list)
        for part, phrases in parts.items():
            for phrase in phrases:
                owners[phrase].append(part)
        literals: dict[bytes, list[_Phrase]] = defaultdict(list)
        self.anywhere: dict[int, list[_Phrase]] = defaultdict(list)  # by part
        for phrase, numbers in owners.items():
            words = phrase.rstrip("*") if _PLAIN.fullmatch(phrase) else None
            needed = max(re.split(r"[*? ]", phrase), key=len)
            judged = _Phrase(phrase, words, phrase.endswith("*"), needed, tuple(numbers))
            literal = literal_of(phrase)
            if literal.strip():
                literals[literal].append(judged)
            else:
                for part in numbers:
                    self.anywhere[part].append(judged)
        self._phrases = list(literals.values())
        self._automaton = BytesAhoCorasick(list(literals)) if literals else None

    def find(self, texts: Texts) -> dict[int, Spans]:
        """Return, for each text with a phrase that has a fixed beginning, where, by part."""
        found: dict[int, Spans] = {}
        if self._automaton is None:
            return found
        shadow, starts = texts.shadow, [*texts.starts, len(texts.shadow)]
        number, after = -1, 0
        for literal, begin, end in self._automaton.find_matches_as_indexes(
            shadow, overlapping=True
        ):
            begin += 1  # the literal begins with the space before the phrase
            if begin >= after:
                number = bisect_right(starts, begin) - 1
                text, first, after = texts[number], starts[number], starts[number + 1]
                spans = found[number] = {}
                special = is_special(text)
            for phrase in self._phrases[literal]:
                start = begin - first
                if (words := phrase.words) is None:
                    if phrase.needed not in text:
                        continue
                    match = regex_of(phrase.phrase, special=special).match(text, start)
                    if match is None:
                        continue
                    stop = match.end()
                elif not text.startswith(words, start) and (
                    text[start : start + len(words)].replace("-", " ") != words
                ):
                    continue  # another mark between two words, or a letter beyond Latin-1
                else:
                    stop = (shadow.index(b" ", end) if phrase.any_ending else end - 1) - first
                for part in phrase.parts:
                    if part in spans:
                        spans[part].add((start, stop))
                    else:
                        spans[part] = {(start, stop)}
        return {number: spans for number, spans in found.items() if spans}

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


def literal_of(phrase: str) -> bytes:
    """The fixed beginning of a phrase as it stands in a shadow, or nothing but spaces."""
    head = _head(phrase)
    if not head or _UNSPACED.match(head):
        return b""
    end = "" if head != phrase or _UNSPACED.match(phrase[-1]) else " "
    return _shadow(f" {head}{end}")


class Texts:
    """Folded texts and their common shadow."""

    def __init__(self, folded: Sequence[str]) -> None:
        self._folded = folded
        self.shadow = _shadow(_BETWEEN.join(["", *self._folded, ""]))
        lengths = np.fromiter(map(len, self._folded), dtype=np.int64) + len(_BETWEEN)
        self.starts: list[int] = (np.cumsum(lengths) - lengths + len(_BETWEEN)).tolist()

    def __getitem__(self, number: int) -> str:
        return self._folded[number]

    def __len__(self) -> int:
        return len(self._folded)


_BETWEEN = "  "  # no phrase has two spaces, and no folded text


class _Shadows(dict[str, int]):
    """The shadow of each character, worked out when it first comes up."""

    def __missing__(self, character: str) -> int:
        folded = fold_character(character)
        self[character] = shadow = _shadow_of(folded or character)
        return shadow

    def __call__(self, error: UnicodeError) -> tuple[bytes, int]:
        """Replace what the codec cannot encode."""
        assert isinstance(error, UnicodeEncodeError)
        return bytes(map(self.__getitem__, error.object[error.start : error.end])), error.end


def _shadow_of(character: str) -> int:
    """A letter for what is in a word of a script with spaces; beyond Latin-1 some share one."""
    if not re.match(IN_WORD, character) or _UNSPACED.match(character):
        return 0x20
    return ord(character) if ord(character) < 256 else 0x61 + ord(character) % 26


_SHADOWS = _Shadows()
codecs.register_error("analysis.topics.scanning", _SHADOWS)


def _shadow(folded: str) -> bytes:
    """Return one byte for each character: a space for what is in no word."""
    return folded.encode("latin-1", "analysis.topics.scanning").translate(_table())


@lru_cache(maxsize=1)
def _table() -> bytes:
    return bytes(_SHADOWS[chr(code)] for code in range(256))
