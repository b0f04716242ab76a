"""How sentences end in any language, and what no sentence begins with.

The laws that the segmenter's model does not know:

- a full stop or question mark of another script ends a sentence: Chinese and Japanese, Devanagari
  and Bengali, Urdu, Arabic, Armenian, Ethiopic, Burmese, Khmer, the Greek ``;``;
- no sentence begins with a comma, a semicolon, a colon or a closing mark: after a closing mark such
  a sign, a dash, or after "?" or "!" a word in lower case goes on with the sentence (``"Coming?",
  she asked``), and a closing mark of its own belongs to the sentence before;
- a quotation mark behind a full stop and before a space closes, whatever it does elsewhere
  (``„Wir helfen.“ Dann``); and a full stop of a word ends a sentence also where the space behind it
  was lost (``Hanoi.The talks``), or a note's number stands (``tanks.1 It``);
- initials with a hyphen (``J.-P. Martin``) end no sentence, nor do initials before a small letter
  (``the P.L.A. and``), nor what a language says of words and numbers before a point, with an
  article set against the word or not (``l'art. 5``); no Greek or Cyrillic sentence begins with a
  small letter; a quotation goes on in what Japanese or Korean sets against it (``「…？」と``).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

Span = tuple[int, int]

# One set of characters is looked for fast; what needs its surroundings is judged where it stands.
_ENDS = re.compile("[。！？｡।॥؟։።፧။។៕۔;\u037e]+[」』”’»）)\\]\"']*")
_SPACED = re.compile("[۔;\u037e]")  # these end a sentence before white space only
_GREEK_END = re.compile(";(?<=[\u0370-\u037d\u037f-\u03ff\u1f00-\u1fff]{2};)")


def other_ends(text: str) -> Iterator[Span]:
    """Yield where a sign of another script ends a sentence, its closing marks included."""
    if text.isascii():
        return
    for found in _ENDS.finditer(text):
        start, end = found.span()
        if _SPACED.match(text, start) and text[end : end + 1].strip(" \0\t\n\u00a0"):
            continue
        if text[start] != ";" or _GREEK_END.match(text, start):
            yield start, end


_CLOSED = re.compile(r"[.!?…][“«‘‹]+[)\]¹²³⁰⁴-⁹]*(?=\s+[„»‚›(]?([^\W\d_]))")
_GLUED = re.compile(
    r"(?<=[a-z]{3})[.?](?:(?=(?!Com|Net|Org|Js)[A-Z][a-z]+[\s,;])|\d{1,2}(?=\s[A-Z]))"
)


def hidden_ends(text: str, special: Container[str]) -> Iterator[int]:
    """Yield where a sentence ends behind a mark that mostly opens, or without a space."""
    for found in _CLOSED.finditer(text) if not text.isascii() else ():
        word = _word_before(text, found.start()).lstrip("„»‚›(").lower()
        if found[1].isupper() and len(word) > 1 and word not in special:
            yield found.end()
    for found in _GLUED.finditer(text):
        word = _word_before(text, found.start())
        if word.isalpha() and word.lower() not in special:
            yield found.end()


def _word_before(text: str, place: int) -> str:
    return re.split(r"\s", text[max(0, place - 40) : place])[-1]


def greek_ends(text: str) -> Iterator[int]:
    """Yield where a semicolon may be the question mark of a Greek word."""
    if not text.isascii():
        yield from (found.start() for found in _GREEK_END.finditer(text))


NOTES = "¹²³⁰⁴⁵⁶⁷⁸⁹"
_NOTES = re.compile(rf"[.!?][\"')\]}}*»”’{NOTES}]+(?=\s|$)")
_NO_NOTES = str.maketrans(dict.fromkeys(NOTES, "”"))


def unmarked(paragraph: str) -> str:
    """Return a paragraph with closing marks in place of the note marks after a sentence."""
    if paragraph.isascii():
        return paragraph
    return _NOTES.sub(lambda found: found[0].translate(_NO_NOTES), paragraph)


_COMMAS = ",;:،؛、，；："
_DASHES = "–—―-"  # the first three may begin a speech
# Marks that close; a quotation mark that may open as well closes only with nothing right behind it.
_CLOSING = re.compile(
    rf"(?:[)\]}}）」』】]|(?:[\"'”’»›“‘](?=\s|$)|[\"'”’»›“‘«‹](?=[)\]}}”’»›.!?…{_COMMAS}{_DASHES}])))+"
)
_GLUED_QUOTE = re.compile(r"[\"'”’](?=[\u2e80-\u9fff\uac00-\ud7a3])")  # it closes what is before
_ELIDED = re.compile(r"['’]([^\W\d_]+)\.$")  # l'art. 5, dell'on. Rossi
_QUOTED = ("と", "って", "など")
_ASKED = re.compile(r"[?!？！؟…;](?P<closed>(?:\s?[\"'”’»›“‘«)\]}])*)$")
# These end no sentence before a small letter.
_SMALL = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.-?){2,}$")
_INITIALS = re.compile(r"(?<![^\W\d_])[^\W\d_]\.-[^\W\d_]\.$")
_ORDINAL = re.compile(r"(?<![\w.,])\d{1,2}\.$")
_NEXT = re.compile(r"[^\W\d_]+")


def mend(
    places: np.ndarray, paragraphs: Sequence[str], unsure: np.ndarray, rules: Mapping[str, Any]
) -> np.ndarray:
    """Return the places without sentences that the laws do not part from the one before.

    The places are in order, a row each; only those that are unsure may be such sentences.
    """
    edges = np.flatnonzero(np.diff(unsure.astype(np.int8), append=0))
    parts, done = [], 0
    for begin, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        rows = places[begin : last + 1].tolist()
        spans = [(start, end) for _, start, end in rows]
        if (joined := _joined(paragraphs[rows[0][0]], spans, rules)) != spans:
            own = np.array([(rows[0][0], *span) for span in joined], dtype=places.dtype)
            parts += [places[done:begin], own]
            done = last + 1
    return np.concatenate([*parts, places[done:]])


def _joined(text: str, spans: Sequence[Span], rules: Mapping[str, Any]) -> list[Span]:
    found = [spans[0]]
    for start, end in spans[1:]:
        first, last = found[-1]
        begin = _goes_on_to(text, found[-1], (start, end), rules)
        if begin > start:  # what stands before is of the sentence before
            found[-1] = first, len(text[last:begin].rstrip()) + last
        if begin < end:
            found.append((begin, end))
    return found


def _goes_on_to(text: str, before: Span, span: Span, rules: Mapping[str, Any]) -> int:
    """Return where the next sentence really begins; its end if all of it is of the one before."""
    (first, last), (start, end) = before, span
    closing = _CLOSING.match(text, start, end)
    after = closing.end() if closing else start
    while after < end and text[after].isspace():
        after += 1
    asked = _ASKED.search(text, max(first, last - 5), last)
    rest = text[after : after + 1]
    closed = closing is not None or (asked is not None and bool(asked["closed"]))
    if start == last and _GLUED_QUOTE.match(text, start):
        return end if "\uac00" <= text[start + 1] <= "\ud7a3" else start + 1
    speaks_on = rest in _DASHES and (closed or text[after + 1 : after + 3].strip()[:1].islower())
    if after == end or rest in _COMMAS:
        return end
    if text[last - 1 : last] in ("」", "』") and text.startswith(_QUOTED, start):
        return end
    if asked and (speaks_on or ((closed or text[first] in _DASHES[:3]) and rest.islower())):
        return end
    if closing is None and _abbreviated(text[max(first, last - 30) : last], text[start:end], rules):
        return end
    return after


def _abbreviated(before: str, after: str, rules: Mapping[str, Any]) -> bool:
    """Whether the point at the end of what stands before ends no sentence."""
    if after[0].isupper() and _INITIALS.search(before):
        return True
    elided = _ELIDED.search(before)
    if elided and elided[1].lower() in rules.get("abbreviations", ()):
        return True
    if after[0].islower():
        if "\u0370" < after[0] < "\u0590" and before[-1] == ".":  # Greek, Cyrillic: тыс. человек
            return True
        word = before.rpartition(" ")[2].rstrip(".").lower()
        return word in rules.get("before_capital", ()) or _SMALL.search(before) is not None
    if "ordinals" in rules and _ORDINAL.search(before):
        found = _NEXT.match(after)
        return found is None or found[0].lower() not in {*rules["words"], *rules["starters"]}
    return False
