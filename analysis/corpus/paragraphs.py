"""Where paragraphs begin and end, also in text that is wrapped at a fixed width.

A line is a paragraph, unless it goes on in the next one. A blank line always ends a paragraph; so
does a line before a list item. Of other lines, one goes on in the next

- if that begins in lower case, and the line does not end a sentence;
- if the line ends with a word such as "the" or "by", which ends no sentence and no headline;
- if the text is wrapped, and the first word of the next line had no room at the end of the line.

A text is wrapped if most lines that surely go on are about as long as its longest ones. So a
headline, a caption or the last line of a paragraph stays apart as long as a word more would have
fitted in. Verse with lines of about one length reads as wrapped text: its sentences run on.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from math import ceil

from analysis.corpus.folding import INVISIBLE, UNSPACED
from analysis.corpus.languages import words_that_go_on

Span = tuple[int, int]

_LINE = re.compile(r"[^\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_SENTENCE_END = re.compile(
    r"[.!?:;\u2026。！？｡।॥؟۔։።፧၊။។៕\u037e][\"'»«\u201c\u2018\u2019\u201d)\]¹²³⁰⁴-⁹]*$"
)
_BULLET = re.compile("[•‣◦▪▫●○■□]")
_ITEM = re.compile(
    rf"{_BULLET.pattern}|(?:[*·–—-]|\(?(?:\d{{1,3}}|[a-z]|[ivx]{{2,5}})\)|\d{{1,3}}\.|[A-Z]\))[ \t]"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_FIRST_WORD = re.compile(rf"[{UNSPACED}]|[^\s{UNSPACED}]+")
_BREAK = re.compile(r"\s*[\r\n]\s*")
_COMMA = re.compile(r"[,،、，][\"'»\u2019\u201d]?$")
_SURE_WIDTH = 40  # a line as long as that with a comma at its end goes on
_WIDTHS = (25, 250)  # columns at which text is wrapped
_SHORTEST, _NEARLY = 0.75, 0.93  # of the width, where letters have different widths
_ENOUGH = 4  # lines that surely go on, to tell plain text from print
_NARROW, _WIDE = re.compile("[ .,:;/!|'()ijltrf-]"), re.compile("[A-Zmw]")


def strip_span(text: str, start: int, end: int) -> Span:
    """Return the span without white space and invisible marks at its ends."""
    while start < end and (text[start].isspace() or text[start] in INVISIBLE):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in INVISIBLE):
        end -= 1
    return start, end


def paragraph_spans(text: str) -> list[Span]:
    """Return (start, end) of each paragraph, by the rules of this module.

    >>> text = "A wrapped\\nline.\\nA second paragraph.\\n\\nA third."
    >>> [text[start:end] for start, end in paragraph_spans(text)]
    ['A wrapped\\nline.', 'A second paragraph.', 'A third.']
    """
    lines: list[Span] = []
    for line in _LINE.finditer(text):
        start, end = line.span()
        if not ("!" <= text[start] <= "~" and "!" <= text[end - 1] <= "~"):
            start, end = strip_span(text, start, end)
        if start < end:
            lines.append((start, end))
    near = [
        number
        for number, ((_, end), (start, _)) in enumerate(pairwise(lines), 1)
        if text[end:start] != "\n\n" and len(_LINE_END.findall(text, end, start)) < 2
    ]
    return _joined(text, lines, near) if near else lines


def _joined(text: str, lines: Sequence[Span], near: Sequence[int]) -> list[Span]:
    """The lines, each joined to the one before that goes on in it; `near` follow without a gap."""
    go_on = words_that_go_on()
    sure, evidence, items, ended = set(), set(), set(), set()
    for number in near:
        (begin, end), (start, _) = lines[number - 1], lines[number]
        comma = _COMMA.search(text, begin, end) is not None
        if _SENTENCE_END.search(text, begin, end) or comma:
            ended.add(number)
        if _ITEM.match(text, start):
            items.add(number)
        elif comma:
            sure |= {number} if end - begin >= _SURE_WIDTH or text[start].islower() else set()
        elif number not in ended:
            if text[start].islower() or text[begin:end].rpartition(" ")[2] in go_on:
                sure.add(number)
            elif text[start].isalpha() and not text[start].isupper():
                evidence.add(number)
    beyond = _full(text, lines, near, sure, evidence)
    spans: list[Span] = []
    listed = False  # the paragraph is an item of a list
    for number, (start, end) in enumerate(lines):
        full = number in beyond
        if number in items:
            full &= not (listed or number in ended or _BULLET.match(text, start))
        if number in sure or full:
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
            listed = _ITEM.match(text, start) is not None
    return spans


def _full(
    text: str, lines: Sequence[Span], near: Sequence[int], sure: set[int], evidence: set[int]
) -> set[int]:
    """The lines whose first word had no room in the line before, if the text is wrapped."""
    found = set[int]()
    for width in (len, _printed):  # letters of one width, as in plain text, or not, as in a PDF
        own = {n: width(_line(text, lines[n])) for one in near for n in (one - 1, one)}
        reach = {n: own[n - 1] + width(_first_word(text, lines[n][0])) for n in near}
        longest = sorted(own.values())[ceil(0.95 * len(own)) - 1]  # but for a table or an address
        if not _WIDTHS[0] <= longest <= _WIDTHS[1]:
            return found
        beyond = {n for n in near if reach[n] > longest}
        if beyond >= sure and 2 * len(evidence & beyond) >= len(evidence) and sure | evidence:
            found |= beyond
            if len(sure) >= _ENOUGH:
                return found
    most = [reach[n] for n in sure | evidence if reach[n] > _SHORTEST * longest]
    if not most or len(most) < 0.8 * len(sure | evidence):
        return found
    limit = _NEARLY * longest if found else min(*most, _NEARLY * longest)
    return found | {n for n in near if reach[n] >= limit}


def _line(text: str, span: Span) -> str:
    """A line with the spaces it begins with: they take room, as in the first of a paragraph."""
    start, end = span
    while start and text[start - 1] in " \u00a0\u3000":
        start -= 1
    return text[start:end]


def _first_word(text: str, start: int) -> str:
    found = _FIRST_WORD.match(text, start)
    return "" if found is None else found[0] if _UNSPACED.match(found[0]) else f" {found[0]}"


def _printed(text: str) -> float:
    """About how wide a text is in print, in letters."""
    return len(text) - 0.5 * len(_NARROW.findall(text)) + 0.35 * len(_WIDE.findall(text))


def unwrapped(text: str) -> tuple[str, Callable[[Span], Span]]:
    """Return a paragraph as one line, and the way back for its spans.

    >>> line, back = unwrapped("A wrapped \\r\\n line.")
    >>> line, back((2, 15))
    ('A wrapped line.', (2, 18))
    """
    breaks = [found.span() for found in _BREAK.finditer(text)]
    # Each becomes one space; places behind it move by what it had more.
    lost = [0, *accumulate(end - start - 1 for start, end in breaks)]
    places = [start - before for (start, _), before in zip(breaks, lost, strict=False)]

    def back(span: Span) -> Span:
        start, end = span
        return start + lost[bisect_left(places, start)], end + lost[bisect_left(places, end)]

    return _BREAK.sub(" ", text), back
