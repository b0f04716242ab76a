"""Text as characters: folding with a map back to the text as given, words, sentences.

Patterns are matched on folded text, so that typography never decides a count; every offset that
leaves this module points into the text as given.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nupunkt import PunktSentenceTokenizer

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
APOSTROPHES = "\u2018\u2019\u201b\u02bc\u2032\u0060\u00b4\uff07"
# Marks that nobody sees: soft hyphen, zero-width spaces and joiners, byte-order mark, direction
# marks and variation selectors.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c" + "".join(
    map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xFE00, 0xFE10)])
)
_SINGLE = {
    **dict.fromkeys(map(ord, DASHES), "-"),
    **dict.fromkeys(map(ord, APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, INVISIBLE), None),
}

# A word: letters and digits, with inner hyphens, apostrophes and points (U.S., e-mail, don't).
WORD = r"[^\W_]+(?:(?:\.?[-\u2010\u2011]|['\u2019.])[^\W_]+)*"
_WORD = re.compile(WORD)

# One piece of text at a time: a word broken at a line end, white space, plain ASCII, or one
# other character (an ASCII letter that carries a combining mark counts as "other").
_PIECE = re.compile(
    r"(?P<broken>(?<=[^\W\d_])[-\u2010\u00ad][^\S\r\n]*(?:\r\n|\r|\n)[^\S\r\n]*(?=[^\W\d_]))"
    r"|(?P<space>\s+)"
    r"|(?P<plain>(?:(?!-[^\S\r\n]*[\r\n])[!-_a-~](?![^\x00-\x7f]))+)"
    r"|(?P<other>.)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Folded:
    """Folded text and, for each of its characters, where it stands in the text as given."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the text as given of ``text[start:end]`` (not empty)."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Return the text in the form that patterns are matched on, with a map back.

    Compatibility forms (NFKC) and case are folded; every dash becomes a hyphen, every apostrophe
    a straight one, every run of white space one space; invisible marks go; a word broken at a
    line end by a hyphen is joined when a lower-case letter follows.

    Examples
    --------
    >>> folded = fold("Cyber\\u2011Security  and\\u00a0peace-\\nkeeping")
    >>> folded.text
    'cyber-security and peacekeeping'
    >>> folded.span(0, 14)
    (0, 14)
    """
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
        if kind == "broken" and text[end].islower():
            position = end
            continue
        if kind == "broken":
            end = position + 1
        elif kind == "other":
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1
        if kind == "plain":
            piece = text[position:end].lower()
            starts.extend(range(position, end))
            ends.extend(range(position + 1, end + 1))
        else:
            piece = " " if kind == "space" else _fold_cluster(text[position:end])
            if spaced and piece.startswith(" "):
                piece = piece[1:]
            starts.extend([position] * len(piece))
            ends.extend([end] * len(piece))
        if piece:
            pieces.append(piece)
            spaced = piece.endswith(" ")
        position = end
    return Folded("".join(pieces), tuple(starts), tuple(ends))


@lru_cache(maxsize=65536)
def _fold_cluster(cluster: str) -> str:
    # Caseless matching of Unicode (chapter 3.13, D146): normalise, casefold, normalise again.
    visible = cluster.translate(_SINGLE)
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    return folded.translate(_SINGLE)


def count_words(text: str) -> int:
    """Return the number of words; a hyphenated compound is one word.

    Examples
    --------
    >>> count_words("The U.S.-Israel deal wasn't state-of-the-art.")
    5
    """
    return sum(1 for _ in _WORD.finditer(text))


@lru_cache(maxsize=1)
def _segmenter() -> PunktSentenceTokenizer:
    from nupunkt.models import load_default_model

    told = tomllib.loads(
        (resources.files("analysis") / "segmentation.toml").read_text(encoding="utf-8")
    )
    segmenter = load_default_model()  # a new instance: nobody else's abbreviations change
    for abbreviation in told["abbreviations"]:
        segmenter.add_abbreviation(abbreviation)
    for word in told["words"]:
        segmenter.remove_abbreviation(word)
    return segmenter


def sentence_spans(paragraph: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of one paragraph, without white space around it.

    Segmentation is by nupunkt's trained model with the abbreviations and words of
    ``segmentation.toml``.

    Examples
    --------
    >>> text = "Lt. Col. Lee spoke. He left for the U.S. on Monday."
    >>> [text[start:end] for start, end in sentence_spans(text)]
    ['Lt. Col. Lee spoke.', 'He left for the U.S. on Monday.']
    """
    spans = []
    for _, (start, end) in _segmenter().tokenize_with_spans(paragraph):
        start, end = strip_span(paragraph, start, end)
        if start < end:
            spans.append((start, end))
    return spans


def strip_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space and invisible marks at its ends."""
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return start, end


def window_spans(passage: str, size: int) -> list[tuple[int, int]]:
    """Return (start, end) of each window of `size` words of a passage, without white space around.

    Windows follow one another and do not overlap; the last one has the words that are left.
    Punctuation stays with the word it is written against, so that ``#NATO`` is never cut.

    Examples
    --------
    >>> text = "Wind pays. (Coal) does not."
    >>> [text[start:end] for start, end in window_spans(text, 2)]
    ['Wind pays.', '(Coal) does', 'not.']
    """
    words = [found.span() for found in _WORD.finditer(passage)]
    cuts = [0]
    for (_, before), (after, _) in zip(words[size - 1 :: size], words[size::size], strict=False):
        gap = passage[before:after]
        against = "" if gap[-1].isspace() else gap.rsplit(maxsplit=1)[-1]
        cuts.append(after - len(against))
    spans = zip(cuts, [*cuts[1:], len(passage)], strict=True)
    return [(start, end) for start, end in (strip_span(passage, *s) for s in spans) if start < end]


_LINE = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SENTENCE_END = re.compile(r"[.!?:;\u2026][\"'\u2019\u201d)\]]*$")


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each paragraph.

    A line is a paragraph. A line that begins in lower case directly after one that does not end
    a sentence continues it, so that text wrapped at a fixed width keeps its sentences whole.

    Examples
    --------
    >>> text = "A wrapped\\nline.\\nA second paragraph.\\n\\nA third."
    >>> [text[start:end] for start, end in paragraph_spans(text)]
    ['A wrapped\\nline.', 'A second paragraph.', 'A third.']
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start, end = strip_span(text, *line.span())
        if start == end:
            continue
        if spans and text[start].islower():
            before = text[spans[-1][0] : spans[-1][1]]
            blank = len(_LINE_END.findall(text[spans[-1][1] : start])) > 1
            if not blank and not _SENTENCE_END.search(before):
                spans[-1] = (spans[-1][0], end)
                continue
        spans.append((start, end))
    return spans
