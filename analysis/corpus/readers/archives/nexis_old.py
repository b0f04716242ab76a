"""The old Nexis (nexis.com, Nexis UK): text, RTF and HTML, "1 of 10 DOCUMENTS" above an article."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.corpus.readers.archives.dates import iso_day
from analysis.corpus.readers.archives.shared import (
    ENGLISH,
    Found,
    cut_off,
    digits,
    is_notice,
    item,
    page_of,
    paragraphs_of,
)
from analysis.errors import InputError, number_of

_MARK = re.compile(
    r"^[ \t]*(?:(?P<n1>\d+) of (?P<m1>\d+) DOCUMENTS?|Dokument (?P<n2>\d+) von (?P<m2>\d+)"
    r"|Document (?P<n3>\d+) de (?P<m3>\d+))[ \t\r]*$",
    re.M,
)
_NEXT = "\ue000"  # stands for the remark where an article begins; in no text of anybody's
# English, German and French.
_HEADS = {
    "BYLINE": "byline", "AUTOR": "byline", "AUTEUR": "byline",
    "SECTION": "rubric", "RUBRIK": "rubric", "RUBRIQUE": "rubric",
    "LENGTH": "length_given", "LÄNGE": "length_given", "LONGUEUR": "length_given",
    "DATELINE": "", "HIGHLIGHT": "", "ENCART": "", "SERIES": "", "DISTRIBUTION": "",
}  # fmt: skip
_LABEL = re.compile(r"([^\W\d_][\w-]*(?: [\w-]+)?):(?:\s+(.*)|$)", re.S)
_TRAILER = set(
    """LOAD-DATE LANGUAGE SPRACHE LANGUE GRAPHIC GRAFIK PUBLICATION-TYPE PUBLIKATIONSTYP URL NOTES
    JOURNAL-CODE SUBJECT COMPANY ORGANIZATION PERSON GEOGRAPHIC INDUSTRY CITY STATE COUNTRY TICKER
    TYPE DOCUMENT-TYPE CORRECTION CORRECTION-DATE UPDATE ISSN ACC-NO UPDATE-DATE DISTRIBUTION
    DATE-CHARGEMENT TYPE-PUBLICATION SUJET SOCIETE SOCIÉTÉ ORGANISATION PERSONNE LOCALISATION-GEO
    SECTEUR-ACTIVITE SYMBOLE-BOURSIER
    """.split()  # noqa: SIM905
)
_CAPTIONS = {"GRAPHIC", "GRAFIK"}  # of which several paragraphs may follow
_LANGUAGES = {"LANGUAGE", "SPRACHE", "LANGUE"}
_COPYRIGHT = re.compile(
    r"(Copyright|©)|.*"
    r"(All Rights Reserved|Alle Rechte vorbehalten|Tous droits réservés)$",
    re.I,
)


def is_old_nexis(text: str) -> bool:
    return _MARK.search(text) is not None


def is_old_nexis_page(raw: bytes) -> bool:
    return re.search(rb"<DOC NUMBER=\d+>", raw) is not None


def split_old_nexis(text: str) -> Found:
    """Split at "1 of 10 DOCUMENTS"; lines inside a paragraph are joined."""
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    blocks = [
        [_unwrapped(one) for one in re.split(r"\n\s*\n", text[mark.end() : end]) if one.strip()]
        for mark, end in zip(marks, ends, strict=True)
    ]
    numbers = [next(one for one in mark.group("m1", "m2", "m3") if one) for mark in marks]
    if len(set(numbers)) > 1:
        first = number_of(int(numbers[0]), "article")
        problem = f"the file announces {first}, and later {numbers[-1]}"
        raise InputError(problem, do="give each download a file of its own")
    firsts = [place for place, mark in enumerate(marks, 1) if "1" in mark.group("n1", "n2", "n3")]
    if len(firsts) > 1:
        problem = f"two downloads stand in it, the second from article {firsts[1]} on"
        raise InputError(problem, do="give each download a file of its own")
    return Found([_article(block, place) for place, block in enumerate(blocks, 1)], int(numbers[0]))


def split_old_nexis_page(raw: bytes, path: Path) -> Found:
    """Split at the remarks ``<DOC NUMBER=1>``; each paragraph of the page is one."""
    # The remarks are left out when a page is parsed, so they become paragraphs.
    remarked = re.sub(
        rb"<!--[^>]*?<DOC NUMBER=\d+>.*?-->", f"<p>&#{ord(_NEXT)};</p>".encode(), raw, flags=re.S
    )
    page = page_of(remarked, path)
    blocks: list[list[str]] = []
    announced = None
    for text in paragraphs_of(page):
        if text == _NEXT:
            blocks.append([])
        elif text:
            mark = _MARK.match(text)
            if mark:
                announced = int(next(one for one in mark.group("m1", "m2", "m3") if one))
            elif blocks:
                blocks[-1].append(text)
    # The paragraph "2 of 10 DOCUMENTS" may stand before its article's remark or after it.
    return Found([_article(block, place) for place, block in enumerate(blocks, 1)], announced)


def _unwrapped(paragraph: str) -> str:
    """A paragraph in one line; a hyphen at a line end is the word's own."""
    lines = [line.strip() for line in paragraph.strip().splitlines()]
    return re.sub(r"(?<=[^\W\d_]-)\n(?=[^\W\d_])", "", "\n".join(lines)).replace("\n", " ")


def _label(paragraph: str) -> str:
    found = _LABEL.match(paragraph)
    return found[1] if found and found[1].isupper() else ""


def _article(block: list[str], number: int) -> dict[str, str]:
    if is_notice(" ".join(block)) and len(block) < 3:
        return item("", archive="Nexis", headline=block[0])
    top = 0
    while top < len(block) and _COPYRIGHT.match(block[top]):
        top += 1
    heads = [place for place, one in enumerate(block) if _label(one) in _HEADS]
    lengths = [place for place in heads if _HEADS[_label(block[place])] == "length_given"]
    if not lengths:
        seen = next((one for one in map(_label, block) if one and one not in _TRAILER), "")
        if not seen:
            raise cut_off(number, block[top + 2] if len(block) > top + 2 else "", "line 'LENGTH:'")
        problem = f"the labels of this Nexis download are not known: {seen!r} in article {number}"
        raise InputError(problem, do=ENGLISH)
    body = lengths[0] + 1
    while body < len(block) and _label(block[body]) in _HEADS:
        body += 1
    above = block[top : next(place for place in heads)]
    end = _above_trailer(block, body, len(block))
    day = next((place for place, one in enumerate(above) if iso_day(one)), 0)
    headline = above[-1] if len(above) > 1 and day < len(above) - 1 else ""  # below outlet and day
    if end == len(block):
        raise cut_off(number, headline, "line after its text (LOAD-DATE, LANGUAGE, Copyright)")
    captions = [place for place in range(body, end) if _label(block[place]) in _CAPTIONS]
    last = _above_trailer(block, body, captions[0]) if captions else end
    fields = {"archive": "Nexis", "headline": headline, "outlet": above[0] if above else ""}
    fields["date"] = iso_day(above[day]) if above else ""
    for one in block[heads[0] : body]:
        if (found := _LABEL.match(one)) and (name := _HEADS.get(found[1])):
            fields.setdefault(name, found[2] or "")
    fields["length_given"] = digits(fields["length_given"])
    for one in block[end:]:
        if _label(one) in _LANGUAGES:
            fields["language"] = one.partition(":")[2].strip().capitalize()
        elif _label(one) == "URL":
            fields["url"] = one.partition(":")[2].strip()
    return item(block[body:last], **fields)


def _above_trailer(block: list[str], body: int, end: int) -> int:
    """Where the lines begin that end a block and are labels of the trailer, or rights."""
    while end > body and (_label(block[end - 1]) in _TRAILER or _COPYRIGHT.match(block[end - 1])):
        end -= 1
    return end
