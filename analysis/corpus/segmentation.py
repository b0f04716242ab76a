"""Where sentences and windows of words begin and end in a paragraph."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from analysis.corpus.endings import greek_ends, hidden_ends, mend, other_ends, unmarked
from analysis.corpus.languages import rules_of
from analysis.corpus.model import hashed, numbers_of_special_words, segmenter, special_words
from analysis.corpus.paragraphs import Span, strip_span, unwrapped
from analysis.corpus.tokens import blocks

Place = tuple[int, int, int]  # number of the paragraph, start, end


def segment(paragraphs: Sequence[str], languages: Sequence[str] = ()) -> list[Place]:
    """Return (number of the paragraph, start, end) of each sentence, without white space around it.

    Segmentation is by nupunkt's trained model with the abbreviations and words of
    ``segmentation.toml``, for paragraphs in another language than English by its abbreviations in
    ``languages.toml``; then by the laws of `analysis.corpus.endings`. Line ends inside a paragraph
    are spaces. Most sentences end in ways that leave nothing to decide; these are found in all
    paragraphs at once, and only what stands between two of them round another kind of ending is
    given to the model.

    >>> segment(["Coal falls. Wind grows.", "Lt. Col. Lee left for the U.S. on Monday."])
    [(0, 0, 11), (0, 12, 23), (1, 0, 41)]
    >>> segment(["Der Rat tagt am 3. Mai. Er tagt bzw. Gremien tagen."], ["german"])
    [(0, 0, 23), (0, 24, 51)]
    """
    return [(number, start, end) for number, start, end in places(paragraphs, languages).tolist()]


def places(paragraphs: Sequence[str], languages: Sequence[str] = ()) -> np.ndarray:
    """Return what `segment` does as an array, a row a sentence."""
    lines = list(paragraphs)
    wrapped = {n: unwrapped(one) for n, one in enumerate(lines) if "\n" in one or "\r" in one}
    for number, (line, _) in wrapped.items():
        lines[number] = line
    if len(spoken := set(languages)) < 2:
        found = _segment(lines, *spoken)
    else:
        parts = []
        for language in spoken:
            own = [number for number, one in enumerate(languages) if one == language]
            part = _segment([lines[number] for number in own], language)
            part[:, 0] = np.array(own)[part[:, 0]]
            parts.append(part)
        found = np.concatenate(parts)
        found = found[np.lexsort((found[:, 1], found[:, 0]))]
    for row in np.flatnonzero(np.isin(found[:, 0], [*wrapped])).tolist() if wrapped else ():
        number, start, end = found[row].tolist()
        found[row, 1:] = wrapped[number][1]((start, end))
    return found


def _segment(lines: Sequence[str], language: str = "english") -> np.ndarray:
    parts = [np.empty((0, 3), dtype=np.intp)]
    for first, block in blocks(lines, 1 << 20):
        part, unsure = _sentences(block, language)
        part = mend(part, block, unsure, rules_of(language))
        part[:, 0] += first
        parts.append(part)
    return np.concatenate(parts)


_FRAME = "Then "  # what stands at the very beginning, such as "6.", is a number of a list


def _spans_by_model(
    passage: str, language: str = "english", *, inside: bool = False
) -> Iterator[Span]:
    """The sentences of a paragraph, or of what follows another sentence inside it."""
    last = 0
    plain, before = unmarked(passage), _FRAME if inside else ""
    ends = {end for _, end in other_ends(passage)}
    ends.update(hidden_ends(passage, special_words(language)), [len(passage)])
    for stop in sorted(ends):
        spans = segmenter(language).tokenize_with_spans(before + plain[last:stop])
        for _, (start, end) in spans:
            here = last - len(before)
            start, end = strip_span(passage, max(here + start, last), here + end)
            if start < end:
                yield start, end
        last, before = stop, ""


# What may stand at the end of a sentence, one letter a kind: a lower- or upper-case letter, a
# digit, a space, a point, "!" or "?", closing and opening marks, joints inside a number or
# compound; the end of a paragraph; an ending that only the model can judge; one of another script;
# anything else.
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
    "w": "\x84",
}
_KIND_OF = bytearray(b"x" * 256)
for _kind, _characters in _KINDS.items():
    for _code in _characters.encode("latin-1"):
        _KIND_OF[_code] = ord(_kind)
_STAND_INS = {
    **dict.fromkeys("\u201d\u2019", 0xBB),
    **dict.fromkeys("\u201c\u2018", 0xAB),
    **dict.fromkeys("⁰⁴⁵⁶⁷⁸⁹", 0xB9),
    "\u2026": 0x85,
    **dict.fromkeys("。！？｡।॥؟۔։።፧၊။។៕\u037e", 0x84),
}


def _stand_in(error: UnicodeError) -> tuple[bytes, int]:
    assert isinstance(error, UnicodeEncodeError)
    beyond = error.object[error.start : error.end]
    return bytes(_STAND_INS.get(character, 0x80) for character in beyond), error.end


codecs.register_error("analysis.corpus.segmentation", _stand_in)


def _sentences(
    paragraphs: Sequence[str], language: str = "english"
) -> tuple[np.ndarray, np.ndarray]:
    """The sentences of paragraphs, and which of them the laws may not part from the one before."""
    # A point, "!" or "?", then closing marks or none, then a space and a capital end a sentence; so
    # does a point before a digit or an opening mark. Before a point there has to stand a word of
    # two letters or more that is no abbreviation and begins no collocation of the model. The model
    # decides the same; a test holds it to that. After any other word the model is asked about it
    # and the next one alone, which is all that it looks at.
    text = "\0".join(paragraphs) + "\0\0\0\0\0"
    one_byte_each = text.encode("latin-1", "analysis.corpus.segmentation")
    kinds = np.frombuffer(one_byte_each.translate(_KIND_OF), dtype=np.uint8)
    lengths = np.array([len(paragraph) for paragraph in paragraphs])
    firsts = np.concatenate([[0], np.cumsum(lengths + 1)[:-1]])

    def kind(places: np.ndarray, *letters: str) -> np.ndarray:
        here = kinds[places]
        found: np.ndarray = np.logical_or.reduce([here == ord(letter) for letter in letters])
        return found

    ends = np.flatnonzero((kinds == ord("p")) | (kinds == ord("q")))
    point = kind(ends, "p")
    closed = ends + 1 + kind(ends + 1, "c")
    closed += kind(closed, "c") & (closed > ends + 1)
    spaced = kind(closed, "s")
    after = closed + spaced
    for _ in range(_MOST_SPACES - 1):
        after += spaced & kind(after, "s")
    final = kind(closed, "e")
    inside = (closed == ends + 1) & kind(closed, "l", "u", "d", "j")
    quoted = kind(after, "c") & kind(after + 1, "l", "u", "d") & (closed == ends + 1)
    certain = spaced & (kind(after, "u") | (point & (kind(after, "d", "o") | quoted)))
    stands = ends[point] - kind(np.maximum(ends[point] - 1, 0), "c")  # before a mark such as `).`
    certain[point] &= _ordinary_words(text, one_byte_each, kinds, stands, language)
    asked = np.flatnonzero(
        point & spaced & (closed == ends + 1) & kind(after, "u", "l", "d") & ~certain
    )
    answers = [_asked(text, place, language) for place in ends[asked].tolist()]
    certain[asked] = [answer is True for answer in answers]
    inside[asked] = [answer is False for answer in answers]
    doubtful = ~(final | inside | certain)
    outside = np.flatnonzero(~inside)
    rows = np.flatnonzero(doubtful[outside[:-1]] & certain[outside[1:]])
    for last, following in zip(outside[rows].tolist(), outside[rows + 1].tolist(), strict=True):
        if " " not in text[ends[last] : ends[following]]:  # one word to the model, as `fair!"?`
            certain[following], doubtful[following] = False, True
    lasts = np.maximum(firsts + lengths - 1, 0)
    whole = [
        number
        for number in np.flatnonzero(kind(firsts, "s", "x") | kind(lasts, "s", "x")).tolist()
        if strip_span(paragraphs[number], 0, lengths[number]) != (0, lengths[number])
    ]
    if text.count("\0") > len(paragraphs) + 4:
        whole += [number for number, one in enumerate(paragraphs) if "\0" in one]
    others = np.concatenate([np.flatnonzero(kinds == ord("w")), [*greek_ends(text)]])
    whole += (np.searchsorted(firsts, others, side="right") - 1).tolist()
    owner = np.searchsorted(firsts, ends, side="right") - 1
    # A word, a point and a word or a note's number without a space between: see `hidden_ends`.
    word = kind(ends - 1, "l") & kind(ends - 2, "l") & kind(ends - 3, "l")
    glued = word & (kind(ends + 1, "d") | (kind(ends + 1, "u") & kind(ends + 2, "l")))
    asks = np.concatenate(
        [ends[doubtful | glued], np.flatnonzero(kinds == ord("m")), firsts[whole]]
    )
    # What the model has to see: what stands round such a place, from one certain ending to another.
    certain &= ~np.isin(owner, whole)
    begins = np.sort(np.concatenate([firsts[lengths > 0], after[certain]]))
    stops = np.sort(np.concatenate([(firsts + lengths)[lengths > 0], closed[certain]]))
    given = np.unique(np.searchsorted(begins, asks, side="right") - 1)
    heads = begins[given]
    inside = ~np.isin(heads, firsts)
    spans = [
        (begin + start, begin + end)
        for begin, stop, follows in zip(
            heads.tolist(), stops[given].tolist(), inside.tolist(), strict=True
        )
        for start, end in _spans_by_model(text[begin:stop], language, inside=follows)
    ]
    found = np.array(spans, dtype=np.intp).reshape(-1, 2)
    begins = np.concatenate([np.delete(begins, given), found[:, 0]])
    order = np.argsort(begins)
    stops = np.concatenate([np.delete(stops, given), found[:, 1]])[order]
    begins = begins[order]
    numbers = np.searchsorted(firsts, begins, side="right") - 1
    # Where the laws have to be asked: at other openings than capitals, and where the model parts.
    opens = after[certain]
    opened = kind(opens, "o") & ~kind(opens + 1, "l", "u", "d")
    odd = opens[kind(opens, "l", "c") | opened]
    unsure = np.isin(begins, np.concatenate([odd, np.setdiff1d(found[:, 0], heads)]))
    # Before a capital only initials with a hyphen go on, and nothing before a quotation mark that
    # stands against a word.
    hyphens = kind(np.maximum(np.append(0, stops[:-1]) - 3, 0), "j")
    marks = np.isin(np.frombuffer(one_byte_each, dtype=np.uint8)[begins], [*b"\"'"])
    if "elisions" not in rules_of(language):  # nor an abbreviation behind an article: l'on. Rossi
        unsure &= (hyphens | ~kind(begins, "u")) & ~(marks & kind(begins + 1, "l", "u", "d"))
    if "ordinals" in rules_of(language):
        unsure[:] = True
    unsure[1:] &= numbers[1:] == numbers[:-1]
    unsure[:1] = False
    offsets = firsts[numbers]
    return np.column_stack([numbers, begins - offsets, stops - offsets]), unsure


_LONGEST_WORD = 16
_MOST_SPACES = 4  # between two sentences; where there are more the model decides


def _ordinary_words(
    text: str, raw: bytes, kinds: np.ndarray, points: np.ndarray, language: str
) -> np.ndarray:
    """Whether an ordinary word after a space stands before each point."""
    back = np.maximum(points[:, None] - np.arange(1, _LONGEST_WORD + 1), 0)
    before = kinds[back]
    letters = (before == ord("l")) | (before == ord("u"))
    length = np.argmin(letters, axis=1)  # 0 too where more letters stand there than we look at
    spaced: np.ndarray = (length >= 2) & (before[np.arange(len(points)), length] == ord("s"))
    # Hardly any word is special: only those that share a number with such a word are looked up.
    last = (np.frombuffer(raw, dtype=np.uint8)[back[:, :8]] | 0x20) * (
        np.arange(8) < length[:, None]
    )
    special, numbers = special_words(language), numbers_of_special_words(language)
    for place in np.flatnonzero(spaced & numbers[hashed(last)]).tolist():
        point = points[place]
        spaced[place] = text[point - length[place] : point].lower() not in special
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


@lru_cache(maxsize=20_000)  # five times as many save 1 % of the time, and take 25 MB
def _ends_sentence(last: str, following: str, language: str) -> bool:
    frame = f"{_FRAME}{last} "
    spans = segmenter(language).tokenize_with_spans(frame + following)
    return any(start == len(frame) for _, (start, _) in spans)
