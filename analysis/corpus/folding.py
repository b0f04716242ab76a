"""Text as characters: folding with a map back to the text as given, and words.

Patterns are matched on folded text, so that typography never decides a count; every offset that
leaves this module points into the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
APOSTROPHES = "\u2018\u2019\u201b\u02bc\u2032\u0060\u00b4\uff07"
# Marks that nobody sees: soft hyphen, zero-width spaces and joiners, byte-order mark, direction
# marks and variation selectors. Joiners go in every script: pattern and text lose them alike.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c" + "".join(
    map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)])
)
_SINGLE = {
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, INVISIBLE), None),
    **dict.fromkeys(map(ord, "™℠"), "®"),  # no letters of the word before, which NFKC makes them
}

# Vowel signs, viramas, harakat, accents: the marks (category M) of the Basic Multilingual Plane,
# as ranges that may run over letters. Python's \w leaves them out, which would cut words at them.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07f3\u07fd\u0816-\u082d"
    "\u0859-\u085b\u0898-\u08e1\u08e3-\u0963\u0981-\u09e3\u09fe-\u0a75\u0a81-\u0ae3\u0afa-\u0b63"
    "\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0c83\u0cbc-\u0d4d\u0d57-\u0d63\u0d81-\u0df3\u0e31-\u0e3a"
    "\u0e47-\u0e4e\u0eb1-\u0ecd\u0f18-\u0f19\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6"
    "\u102b-\u103e\u1056-\u109d\u135d-\u135f\u1712-\u1734\u1752-\u17d3\u17dd\u180b-\u180d"
    "\u180f-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73\u1b80-\u1bf3\u1c24-\u1c37"
    "\u1cd0-\u1cd2\u1cd4-\u1dff\u20d0-\u20dc\u20e5-\u20f0\u2cef-\u2cf1\u2d7f-\u2dff\u302a-\u302f\u3099-\u309a"
    "\ua66f-\ua672\ua674-\ua67d\ua69e-\ua6f1\ua802-\ua827\ua82c\ua880-\ua8c5\ua8e0-\ua8f1"
    "\ua8ff-\ua92d\ua947-\ua953\ua980-\ua9c0\ua9e5-\uaa4d\uaa7b-\uaac1\uaaeb-\uaaef\uaaf5-\uaaf6"
    "\uabe3-\uabea\uabec-\uabed\ufb1e\ufe20-\ufe2f"
)
# Scripts that write words without spaces: Thai, Lao, Burmese, Khmer; kana, Han.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)

# Raised numbers: of a note where they end a word of three letters or more ("training\u00b9", not
# "km\u00b2") or follow a sign.
NOTES = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079"
_RAISED = str.maketrans(
    "0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)

# A word: letters, digits and their marks, with inner hyphens, apostrophes and points (U.S.,
# e-mail, don't).
_LETTERS = rf"(?:[^\W_]|[{MARKS}])+"
WORD = rf"{_LETTERS}(?:(?:\.?[-\u2010\u2011]|['\u2019.]){_LETTERS})*"
WORDS = re.compile(WORD)
_ASCII_WORD = re.compile(r"[a-zA-Z0-9]+(?:(?:\.?-|['.])[a-zA-Z0-9]+)*")

_LETTER = rf"(?:[^\W\d_]|[{MARKS}])"
_LINE_BREAK = r"[^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*"
_BROKEN_WORD = rf"(?<={_LETTER})[-\u2010\u00ad]{_LINE_BREAK}(?=[^\W\d_])"
_OWN_HYPHEN = re.compile(rf"(?<={_LETTER})[-\u2010]{_LINE_BREAK}(?=\w)")
_NOTE = (
    rf"(?:(?<={_LETTER}{{3}})|(?<=[^\d\s][.,;:!?\"”’»]))[{NOTES}]+(?:[,\u2013-][{NOTES}]+)*(?!\w)"
)
# One piece of text at a time: a word broken at a line end, white space, plain ASCII, or one
# other character (an ASCII letter that carries a combining mark counts as "other").
_PIECE = re.compile(
    rf"(?P<note>{_NOTE})|(?P<broken>{_BROKEN_WORD})"
    r"|(?P<space>\s+)"
    r"|(?P<plain>(?:(?!-[^\S\r\n]*[\r\n])[!-_a-~](?![^\x00-\x7f]))+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
KEYCAP = "\u20e3"
_MOST_MARKS = 30  # on one letter; Unicode's Stream-Safe Text Format (UAX 15) has the same limit


class Folded(NamedTuple):
    """Folded text and, for each of its characters, where it stands in the text as given."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text as given of ``text[start:end]`` (not empty)."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str, *, case: bool = False) -> Folded:
    """Return the text in the form that patterns are matched on, with a map back.

    Compatibility forms (NFKC) and case are folded; every dash becomes a hyphen, every apostrophe
    a straight one, every run of white space one space; invisible marks go; a word broken at a
    line end by a hyphen is joined when a lower-case letter follows; the number of a note goes that
    is set against a word. With `case`, upper case stays.

    >>> folded = fold("Cyber\\u2011Security  and\\u00a0peace-\\nkeeping")
    >>> folded.text
    'cyber-security and peacekeeping'
    >>> folded.span(0, 14)
    (0, 14)
    """
    easy = _fold_easily(text, case=case)
    if easy is None or ("  " in easy and easy.count(" ") != len(_SPACE.findall(text))):
        return _fold_piece_by_piece(text, case=case)
    if "  " not in easy:
        return Folded(easy, range(len(text)), range(1, len(text) + 1))
    spaces = np.frombuffer(easy.encode("utf-32-le", "surrogatepass"), np.uint32) == ord(" ")
    starts = np.flatnonzero(~(spaces[1:] & spaces[:-1])) + 1  # all but spaces after a space
    starts = np.concatenate([[0], starts])
    ends = np.append(starts[1:], len(text))
    # A run of white space ends where the next character begins, any other with itself.
    ends = np.where(spaces[starts], ends, starts + 1)
    return Folded(_SPACES.sub(" ", easy), starts.tolist(), ends.tolist())


def folds_evenly(text: str) -> bool:
    """Whether a text surely folds letter by letter, so that places in both are the same."""
    return text.isascii() and text.isprintable() and "  " not in text


def fold_character(character: str) -> str | None:
    """Return what a character folds to by itself, or None if that is not one character ("ß")."""
    folded = _EASY[False][ord(character)]
    return None if folded == _HARD else folded


def folded_text(text: str) -> str:
    """Return the text of ``fold(text)`` alone, which is much faster for ordinary sentences."""
    easy = _fold_easily(text)
    if easy is None:
        return _fold_piece_by_piece(text).text
    return _SPACES.sub(" ", easy) if "  " in easy else easy


def _fold_easily(text: str, *, case: bool = False) -> str | None:
    """The text folded character by character, if it can be; then only spaces are to be joined."""
    if text.isascii():
        easy = (text if case else text.lower()).replace("`", "'")
        if not text.isprintable():
            easy = _SPACE.sub(" ", easy)
    else:
        easy = text.translate(_EASY[case])
        if _HARD in easy:
            return None
    if "- " in easy and AT_LINE_END.search(text):
        return None
    return easy


_SPACE, _SPACES = re.compile(r"\s"), re.compile("  +")
_NOTE_MARK = re.compile(f"[{NOTES}]")
_HARD = "\0"  # stands for every character that folds to none or several, or joins another
AT_LINE_END = re.compile(r"[-\u2010]\s*[\r\n]")


class _OneByOne(dict[int, str]):
    """What each character folds to by itself, worked out when it first comes up."""

    def __init__(self, *, case: bool) -> None:
        self.case = case

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = " " if character.isspace() else _fold_cluster(character, case=self.case)
        hard = len(folded) != 1 or _joins(character) or _NOTE_MARK.match(character) is not None
        self[code] = _HARD if hard else folded
        return self[code]


_EASY = {case: _OneByOne(case=case) for case in (False, True)}


def _joins(character: str) -> bool:
    """Whether a character may be one with the letter before it once the text is normalised."""
    code = ord(character)
    return (
        unicodedata.category(character)[0] == "M"
        or 0x1160 <= code <= 0x11FF  # Hangul vowels and finals
        or 0xFF9E <= code <= 0xFFDC  # halfwidth voicing marks and Hangul
    )


def _fold_piece_by_piece(text: str, *, case: bool = False) -> Folded:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    spaced = False  # the last folded character is a space
    position = 0
    while position < len(text):
        found = _PIECE.match(text, position)
        assert found is not None  # the last alternative takes any character
        end = found.end()
        kind = found.lastgroup
        if kind == "note" or (kind == "broken" and text[end].islower()):
            position = end
            continue
        if kind == "broken":
            end = position + 1
        elif kind == "other":
            while end < len(text) and end - position < _MOST_MARKS and _joins(text[end]):
                end += 1
        if kind == "plain":
            piece = text[position:end] if case else text[position:end].lower()
            starts.extend(range(position, end))
            ends.extend(range(position + 1, end + 1))
        else:
            piece = " " if kind == "space" else _fold_cluster(text[position:end], case=case)
            if spaced and piece.startswith(" "):
                piece = piece[1:]
            starts.extend([position] * len(piece))
            ends.extend([end] * len(piece))
        if piece:
            pieces.append(piece)
            spaced = piece.endswith(" ")
        position = end
    return Folded("".join(pieces), starts, ends)


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str, *, case: bool) -> str:
    # Caseless matching of Unicode (chapter 3.13, D146): normalise, casefold, normalise again.
    if KEYCAP in cluster:  # a digit on a key is a picture, no digit
        return KEYCAP
    visible = unicodedata.normalize("NFKC", cluster.translate(_SINGLE))
    folded = visible if case else unicodedata.normalize("NFKC", visible.casefold())
    return folded.translate(_SINGLE)


Span = tuple[int, int]


def hyphenated(text: str) -> tuple[str, Callable[[Span], Span | None]] | None:
    """Return a text whose words broken at line ends keep their hyphens, if it has such words.

    That is their other reading, "state-owned" beside "stateowned". With it comes the way from a
    span of its folded text to that of the text as given, if it runs across such a hyphen.

    >>> kept, back = hyphenated("A state-\\nowned line.")
    >>> kept, back((2, 13)), back((2, 7))
    ('A state-owned line.', (2, 12), None)
    """
    breaks = [found.span() for found in _OWN_HYPHEN.finditer(text)]
    if not breaks:
        return None
    kept = _OWN_HYPHEN.sub("-", text)
    lost = [0, *accumulate(end - start - 1 for start, end in breaks)]
    hyphens = [start - before for (start, _), before in zip(breaks, lost, strict=False)]
    folded, other = fold(text), fold(kept)

    def back(span: Span) -> Span | None:
        start, end = other.span(*span)
        across = bisect_right(hyphens, start) < bisect_left(hyphens, end - 1)
        start += lost[bisect_left(hyphens, start)]
        end += lost[bisect_left(hyphens, end)]
        here = bisect_left(folded.starts, start), bisect_right(folded.ends, end)
        return here if across else None

    return kept, back


def superscript(text: str) -> str:
    """Return a text with its digits raised, if it is a number or several: that of a note, a power.

    >>> superscript("1, 2"), superscript("th")
    ('¹, ²', 'th')
    """
    return text.translate(_RAISED) if re.fullmatch(r"[\d\s,\u2013-]+", text) else text


def count_words(text: str, segmenter: Callable[[str], Iterable[str]] | None = None) -> int:
    """Return the number of words; a hyphenated compound is one word.

    A segmenter gives the words of a text, for scripts that put no spaces between them.

    >>> count_words("The U.S.-Israel deal wasn't state-of-the-art.")
    5
    """
    if segmenter is not None:
        return sum(1 for word in segmenter(text) if WORDS.search(word))
    return len((_ASCII_WORD if text.isascii() else WORDS).findall(text))
