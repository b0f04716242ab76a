"""Nexis Uni and Nexis Advance: Word and RTF, one article after another, with English labels."""

from __future__ import annotations

import re

from analysis.corpus.readers.archives.dates import iso_day
from analysis.corpus.readers.archives.shared import ENGLISH, Found, cut_off, digits, is_notice, item
from analysis.errors import InputError

_END = "End of Document"
# The line of an article's length, in an interface of any language that has the vendor's form.
_LENGTH = r"^(?P<label>[^\W\d]+)[ \u00a0]?:[ \u00a0]?\d[\d.,]* [^\W\d]+$"
_LENGTHS = "Length|Länge|Longueur|Longitud|Extensión|Lengte|Lunghezza|Comprimento|Длина"
_MARK = re.compile(rf"^(?:{_LENGTHS})[ \u00a0]?:[ \u00a0]?\d[\d.,]* [^\W\d]+$", re.M)
_OTHER_MARK = re.compile(rf"^(?:Body|Text|{_END}|Load-Date:.*)$|^[^\W\d]+[ \u00a0]?:\u00a0\d", re.M)
_HEAD = re.compile(
    r"(Section|Length|Byline|Author|Dateline|Highlight|Series|Distribution):\s*(.*)", re.S
)
_COPYRIGHT = re.compile(r"(Copyright|©)", re.I)
_BODY = ("Body", "Text")
# What ends the body, alone in its paragraph; and labels of the trailer, with their values.
_AFTER = ("Classification", "Graphic", "Related Articles", "Correction", "Correction Appended")
_TRAILER = re.compile(
    r"(Language|Publication-Type|Journal Code|Subject|Company|Organization|Person|Geographic|Notes"
    r"|Industry|Ticker|City|State|Country|Load-Date|Correction-Date|Acc-No|ISSN|URL):"
)


def is_nexis(text: str) -> bool:
    """A line of an article's length and another sign of the vendor; or three ends of documents."""
    ends = re.findall(rf"^{_END}$", text, re.M)
    return len(ends) > 2 or bool(_MARK.search(text) and _OTHER_MARK.search(text))


def split_nexis(text: str) -> Found:
    """Split at ``End of Document``; labels count before ``Body`` and in the trailer only."""
    paragraphs = [one.strip() for one in text.split("\n\n") if one.strip()]
    if _END not in paragraphs:  # saved as plain text: a paragraph is a line
        paragraphs = [one.strip() for one in text.split("\n") if one.strip()]
    ends = [place for place, one in enumerate(paragraphs) if one == _END]
    _check_language(text, paragraphs, ends=bool(ends))
    announced = None
    items: list[dict[str, str]] = []
    for start, end in zip([0, *(end + 1 for end in ends)], [*ends, len(paragraphs)], strict=True):
        block = paragraphs[start:end]
        number = len(items) + 1
        if end == len(paragraphs):
            if block:
                begun = any(map(_is_length, block))
                headline = _fields(block, number)["headline"] if begun else block[0]
                raise cut_off(number, headline, f"line {_END!r}")
            break
        said = re.search(r"^Documents \((\d+)\)$", "\n".join(block), re.M)
        if said and number == 1:
            announced = int(said[1])
        elif said and any(one.startswith("Job Number:") for one in block):
            problem = f"two downloads stand in it, the second from article {number} on"
            raise InputError(problem, do="give each download a file of its own")
        items.append(_article(block, number))
    return Found(items, announced)


def _is_length(paragraph: str) -> bool:
    return re.match(r"Length:\s*\d", paragraph) is not None


def _check_language(text: str, paragraphs: list[str], *, ends: bool) -> None:
    """Raise if the labels are not the English ones, which are the ones known here."""
    if ends and any(map(_is_length, paragraphs)):
        return
    other = next(
        (one for one in re.finditer(_LENGTH, text, re.M) if one["label"] != "Length"), None
    )
    if other or not any(map(_is_length, paragraphs)):
        label = f" ({other[0]!r})" if other else ""
        problem = f"this is a Nexis download whose labels are not the English ones{label}"
        raise InputError(problem, do=ENGLISH)


def _fields(block: list[str], number: int) -> dict[str, str]:
    """What stands above the body; the line of the day is the last before copyright and labels."""
    length = next((place for place, one in enumerate(block) if _is_length(one)), None)
    if length is None:
        problem = (
            f"article {number} ({block[0][:80]!r}) has no line 'Length:'"
            if block
            else (f"article {number} is empty")
        )
        raise InputError(problem, do="download it again")
    top = length
    while top and (_HEAD.match(block[top - 1]) or _COPYRIGHT.match(block[top - 1])):
        top -= 1
    # "Correction Appended" and the like may follow the day.
    near = [place for place in range(max(0, top - 3), top) if iso_day(block[place])]
    # Without a day, in digits that cannot be read or not at all, the last line is the outlet.
    dated = near or (top and re.search(r"\d\d", block[top - 1]))
    day = near[-1] if near else top - 1 if dated else top
    labels: dict[str, str] = {}
    for one in block[top : _body_of(block, length)]:
        if said := _HEAD.match(one):
            labels.setdefault(said[1], said[2])
    return {
        "archive": "Nexis",
        "headline": block[day - 2] if day > 1 else "",
        "outlet": block[day - 1] if day > 0 else "",
        "date": iso_day(block[day]) if near else "",
        "byline": labels.get("Byline", labels.get("Author", "")),
        "rubric": labels.get("Section", ""),
        "length_given": digits(labels.get("Length", block[length].partition(":")[2])),
    }


def _body_of(block: list[str], length: int) -> int:
    """Where the line ``Body`` stands; the end of the block if there is none."""
    for place in range(length + 1, len(block)):
        if block[place] in _BODY:
            return place
    return len(block)


def _article(block: list[str], number: int) -> dict[str, str]:
    if is_notice(" ".join(block)) and not any(map(_is_length, block)):
        return item("", archive="Nexis", headline=block[0])
    fields = _fields(block, number)
    length = next(place for place, one in enumerate(block) if _is_length(one))
    body = _body_of(block, length)
    again = [place for place in range(body + 1, len(block)) if _is_length(block[place])]
    if again and _body_of(block, again[0]) < len(block):
        raise cut_off(number, fields["headline"], f"line {_END!r}")
    end = len(block)
    while end > body + 1 and _TRAILER.match(block[end - 1]):
        end -= 1
    trailer = block[end:]
    for word in _AFTER:  # the last of each: a body may have such a line, and then go on
        places = [place for place in range(body + 1, end) if block[place] == word]
        if places and (word != "Correction" or places[-1] > body + 1):
            end = places[-1]
    language = next((one for one in trailer if one.startswith("Language:")), "")
    text = _once(block[body + 1 : end])
    return item(text, **fields, language=language.partition(":")[2].strip().capitalize())


def _once(body: list[str]) -> list[str]:
    """A body without the abstract that some outlets put before the full text."""
    full = [place for place, one in enumerate(body) if re.fullmatch("FULL TEXT:?", one)]
    if full and re.match("ABSTRACT\\b", body[0]):
        return body[full[0] + 1 :]
    return body
