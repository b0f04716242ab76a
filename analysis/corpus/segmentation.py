"""Where sentences and windows of words begin and end in a paragraph."""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from analysis.corpus.endings import greek_ends, mend, other_ends, unmarked
from analysis.corpus.folding import WORDS, blocks
from analysis.corpus.languages import rules_of
from analysis.corpus.paragraphs import Span, strip_span, unwrapped

if TYPE_CHECKING:
    from nupunkt import PunktSentenceTokenizer

Place = tuple[int, int, int]  # number of the paragraph, start, end


@lru_cache(maxsize=20)
def _segmenter(language: str) -> PunktSentenceTokenizer:
    if language == "english":
        return _english()
    from nupunkt import PunktSentenceTokenizer
    from nupunkt.core.parameters import PunktParameters

    # Of other languages the abbreviations are known, not how their words stand in texts.
    segmenter = PunktSentenceTokenizer(PunktParameters(), include_common_abbrevs=False)
    segmenter.add_abbreviations(rules_of(language)["abbreviations"])
    return segmenter


def _english() -> PunktSentenceTokenizer:
    from nupunkt.models import load_default_model

    file = resources.files("analysis.corpus") / "segmentation.toml"
    rules = tomllib.loads(file.read_text(encoding="utf-8"))
    segmenter = load_default_model()  # a new instance: nobody else's abbreviations change
    for abbreviation in rules["abbreviations"]:
        segmenter.add_abbreviation(abbreviation)
    for word in rules["words"]:
        segmenter.remove_abbreviation(word)
    return segmenter


def segment(paragraphs: Sequence[str], languages: Sequence[str] = ()) -> list[Place]:
    """Return (number of the paragraph, start, end) of each sentence, without white space around it.

    Segmentation is by nupunkt's trained model with the abbreviations and words of
    ``segmentation.toml``, for paragraphs in another language than English by its abbreviations in
    ``languages.toml``; then by the laws of `analysis.corpus.endings`. Line ends inside a paragraph
    are spaces. Most sentences end in ways that leave nothing to decide; these are found in all
    paragraphs at once, and only paragraphs with another kind of ending are given to the model.

    >>> segment(["Coal falls. Wind grows.", "Lt. Col. Lee left for the U.S. on Monday."])
    [(0, 0, 11), (0, 12, 23), (1, 0, 41)]
    >>> segment(["Der Rat tagt am 3. Mai. Er tagt bzw. Gremien tagen."], ["german"])
    [(0, 0, 23), (0, 24, 51)]
    """
    lines = list(paragraphs)
    wrapped = {n: unwrapped(one) for n, one in enumerate(lines) if "\n" in one or "\r" in one}
    for number, (line, _) in wrapped.items():
        lines[number] = line
    if len(spoken := set(languages)) < 2:
        found = _segment(lines, *spoken)
    else:
        found = []
        for language in spoken:
            own = [number for number, one in enumerate(languages) if one == language]
            places = _segment([lines[number] for number in own], language)
            found += [(own[number], start, end) for number, start, end in places]
        found.sort()
    for place, (number, start, end) in enumerate(found) if wrapped else ():
        if number in wrapped:
            found[place] = (number, *wrapped[number][1]((start, end)))
    return found


def _segment(lines: Sequence[str], language: str = "english") -> list[Place]:
    found: list[Place] = []
    for first, block in blocks(lines, 1 << 20):
        clear, unclear, odd = _clear_sentences(block, language)
        for number in unclear:
            clear += [(number, *span) for span in _spans_by_model(block[number], language)]
        clear.sort()
        mend(clear, block, {*unclear, *odd}, rules_of(language))
        found += [(first + number, start, end) for number, start, end in clear] if first else clear
    return found


def _spans_by_model(paragraph: str, language: str = "english") -> Iterator[Span]:
    last = 0
    plain = unmarked(paragraph)
    for stop in [end for _, end in other_ends(paragraph)] + [len(paragraph)]:
        for _, (start, end) in _segmenter(language).tokenize_with_spans(plain[last:stop]):
            start, end = strip_span(paragraph, last + start, last + end)
            if start < end:
                yield start, end
        last = stop


# What may stand at the end of a sentence, one letter a kind: a lower- or upper-case letter, a
# digit, a space, a point, "!" or "?", closing and opening marks, joints inside a number or
# compound; the end of a paragraph; an ending that only the model can judge; anything else.
_KINDS = {
    "l": "abcdefghijklmnopqrstuvwxyz",
    "u": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "d": "0123456789",
    "s": " ",
    "p": ".",
    "q": "!?",
    "c": "\"')]}*»¹²³",
    "o": "(«",
    "j": ",-/",
    "e": "\0",
    "m": "\x85",
}
_KIND_OF = np.full(256, ord("x"), dtype=np.uint8)
for _kind, _characters in _KINDS.items():
    _KIND_OF[list(_characters.encode("latin-1"))] = ord(_kind)
_STAND_INS = {
    **dict.fromkeys("\u201d\u2019", 0xBB),
    **dict.fromkeys("\u201c\u2018", 0xAB),
    **dict.fromkeys("⁰⁴⁵⁶⁷⁸⁹", 0xB9),
    **dict.fromkeys("\u2026。！？｡।॥؟۔։።፧၊။។៕\u037e", 0x85),
}


def _stand_in(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    beyond = error.object[error.start : error.end]
    return bytes(_STAND_INS.get(character, 0x80) for character in beyond), error.end


codecs.register_error("analysis.corpus.segmentation", _stand_in)


def _clear_sentences(
    paragraphs: Sequence[str], language: str = "english"
) -> tuple[list[Place], list[int], list[int]]:
    """The sentences of paragraphs that need no model; the numbers of those that do, and of others.

    The others have a sentence that begins oddly.
    """
    # A point, "!" or "?", then closing marks or none, then a space and a capital end a sentence; so
    # does a point before a digit or an opening mark. Before a point there has to stand a word of
    # two letters or more that is no abbreviation and begins no collocation of the model. The model
    # decides the same; a test holds it to that. After any other word the model is asked about it
    # and the next one alone, which is all that it looks at.
    text = "\0".join(paragraphs) + "\0\0\0\0\0"
    one_byte_each = text.encode("latin-1", "analysis.corpus.segmentation")
    kinds = _KIND_OF[np.frombuffer(one_byte_each, dtype=np.uint8)]
    lengths = np.array([len(paragraph) for paragraph in paragraphs])
    firsts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]])

    def kind(places: np.ndarray, *letters: str) -> np.ndarray:
        here = kinds[places]
        found: np.ndarray = np.logical_or.reduce([here == ord(letter) for letter in letters])
        return found

    greek = np.array(list(greek_ends(text)), dtype=np.intp)
    unclear = np.concatenate([np.flatnonzero(kinds == ord("m")), greek])
    ends = np.flatnonzero((kinds == ord("p")) | (kinds == ord("q")))
    point = kind(ends, "p")
    closed = ends + 1 + kind(ends + 1, "c")
    closed += kind(closed, "c") & (closed > ends + 1)
    spaced = kind(closed, "s")
    after = closed + spaced
    final = kind(closed, "e")
    inside = (closed == ends + 1) & kind(closed, "l", "u", "d", "j")
    quoted = kind(after, "c") & kind(after + 1, "l", "u", "d") & (closed == ends + 1)
    certain = spaced & (kind(after, "u") | (point & (kind(after, "d", "o") | quoted)))
    certain[point] &= _ordinary_words(text, kinds, ends[point], language)
    asked = np.flatnonzero(
        point & spaced & (closed == ends + 1) & kind(after, "u", "l", "d") & ~certain
    )
    answers = [_asked(text, place, language) for place in ends[asked].tolist()]
    certain[asked] = [answer is True for answer in answers]
    inside[asked] = [answer is False for answer in answers]
    doubtful = ~(final | inside | certain)
    lasts = np.maximum(firsts + lengths - 1, 0)
    padded = [
        number
        for number in np.flatnonzero(kind(firsts, "s", "x") | kind(lasts, "s", "x")).tolist()
        if strip_span(paragraphs[number], 0, lengths[number]) != (0, lengths[number])
    ]
    owners = np.searchsorted(firsts, np.concatenate([ends[doubtful], unclear]), side="right") - 1
    hard = np.unique(np.concatenate([owners, np.array(padded, dtype=owners.dtype)]))
    easy = np.ones(len(paragraphs), dtype=bool)
    easy[hard] = False
    easy &= lengths > 0
    owner = np.searchsorted(firsts, ends[certain], side="right") - 1
    kept = easy[owner]
    begins = np.sort(np.concatenate([firsts[easy], after[certain][kept]]))
    stops = np.sort(np.concatenate([(firsts + lengths)[easy], closed[certain][kept]]))
    numbers = np.searchsorted(firsts, begins, side="right") - 1
    offsets = firsts[numbers]
    columns = (column.tolist() for column in (numbers, begins - offsets, stops - offsets))
    opens = after[certain]
    opened = kind(opens, "o") & ~kind(opens + 1, "l", "u", "d", "x")
    odd = np.unique(owner[kind(opens, "l", "c") | opened])
    if "ordinals" in rules_of(language):
        odd = np.flatnonzero(easy)
    return list(zip(*columns, strict=True)), hard.tolist(), odd.tolist()


_LONGEST_WORD = 16


def _ordinary_words(text: str, kinds: np.ndarray, points: np.ndarray, language: str) -> np.ndarray:
    """Whether an ordinary word after a space stands before each point."""
    back = points[:, None] - np.arange(1, _LONGEST_WORD + 1)
    before = kinds[np.maximum(back, 0)]
    letters = (before == ord("l")) | (before == ord("u"))
    length = np.argmin(letters, axis=1)  # 0 too where more letters stand there than we look at
    spaced: np.ndarray = (length >= 2) & (before[np.arange(len(points)), length] == ord("s"))
    special = _special_words(language)
    spaced[spaced] = [
        text[point - size : point].lower() not in special
        for point, size in zip(points[spaced].tolist(), length[spaced].tolist(), strict=True)
    ]
    return spaced


_LAST_WORD = re.compile(r"(?<= )[A-Za-z0-9.]*[A-Za-z0-9]")
_NEXT_WORD = re.compile(r"[^\s\0]+")


def _asked(text: str, point: int, language: str) -> bool | None:
    """Whether the model ends a sentence at a point; None if it may look at more than two words."""
    begin = text.rfind(" ", max(point - _LONGEST_WORD, 0), point) + 1
    following = _NEXT_WORD.match(text, point + 2)
    if not begin or following is None or not _LAST_WORD.fullmatch(text, begin, point):
        return None
    return _ends_sentence(text[begin : point + 1], following[0], language)


@lru_cache(maxsize=100_000)
def _ends_sentence(last: str, following: str, language: str) -> bool:
    frame = f"Then {last} "
    spans = _segmenter(language).tokenize_with_spans(frame + following)
    return any(start == len(frame) for _, (start, _) in spans)


@lru_cache(maxsize=20)
def _special_words(language: str) -> frozenset[str]:
    """The words that a point does not surely end: abbreviations, and what begins collocations."""
    segmenter = _segmenter(language)
    firsts = {first for first, _ in segmenter.parameters.collocations}
    return frozenset(segmenter.abbreviations | firsts)


def window_spans(passage: str, size: int) -> list[tuple[int, int]]:
    """Return (start, end) of each window of `size` words of a passage, without white space around.

    Windows follow one another and do not overlap; the last one has the words that are left.
    Punctuation stays with the word it is written against, so that ``#NATO`` is never cut.
    """
    words = [found.span() for found in WORDS.finditer(passage)]
    cuts = [0]
    for (_, before), (after, _) in zip(words[size - 1 :: size], words[size::size], strict=False):
        gap = passage[before:after]
        against = "" if gap[-1].isspace() else gap.rsplit(maxsplit=1)[-1]
        cuts.append(after - len(against))
    spans = zip(cuts, [*cuts[1:], len(passage)], strict=True)
    return [(start, end) for start, end in (strip_span(passage, *s) for s in spans) if start < end]
