"""Factiva: HTML and RTF, with field codes ("plus Indexing") or without ("Article Format").

The layouts of HTML are known from files, those of RTF only from programs that read them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from analysis.corpus.readers.archives.dates import iso_day
from analysis.corpus.readers.archives.shared import (
    Found,
    cut_off,
    digits,
    first,
    flat,
    item,
    page_of,
    paragraphs_of,
    with_class,
)
from analysis.errors import InputError

# Its first word is of the interface's language: Document, Dokument, Documento, Документ.
_WORD = r"(?:Do[ck]ument\w?|Документ)"
_END = re.compile(
    rf"^[\s|]*(?:AN[\s|]+)?{_WORD} (?P<name>[A-Z][A-Z0-9]{{7}}(?:19|20)\d{{6}}\w+)[\s|]*$", re.M
)
_NAME = re.compile(rf"{_WORD} ([A-Z][A-Z0-9]{{7}}(?:19|20)\d{{6}}\w+)$")
_ARTICLE = re.compile(r"\barticle ([a-z]{2,4})Article\b")  # its letters are the article's language
# In the order of an article; a code that would step back is a word of the text.
_CODES = [
    "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "NGC", "GC", "ED", "PG", "VOL", "LA",
    "CY", "LP", "TD", "ART", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "RF", "AN",
]  # fmt: skip
_CODE = re.compile(rf"[\s|]*({'|'.join(_CODES)})(?:[\s|]*$|\t|\s*\||\s{{2,}})[\s|]*(.*)")
_LENGTH = re.compile(r"\d[\d.,\u00a0\u202f]*\s*[^\W\d]+")  # 254 words, 1285 Wörter, 8165 字
_CLOCK = re.compile(r"\d\d?:\d\d( [AP]M)?")
_COPYRIGHT = re.compile(r"(©|\(c\)|Copyright)", re.I)


def is_factiva(text: str) -> bool:
    return _END.search(text) is not None


def is_factiva_page(raw: bytes) -> bool:
    marked = re.search(rb"class=[\"']article [a-z]{2,4}Article[\"']", raw)
    return marked is not None and b"articleParagraph" in raw


def split_factiva_page(raw: bytes, path: Path) -> Found:
    """Take each innermost ``xxArticle`` once: one may stand in another, and be listed twice."""
    page = page_of(raw, path)
    marked = [one for one in page.xpath("//div[@class]") if _ARTICLE.search(one.get("class"))]
    around = {above for one in marked for above in one.iterancestors()}
    items: dict[str, dict[str, str]] = {}
    for element in marked:
        if element in around:
            continue
        one = (_coded_page if element.xpath(".//td[@class='index']") else _plain_page)(element)
        if not one["vendor_id"]:
            raise cut_off(len(items) + 1, one["headline"], "number ('Document ...')")
        one["language"] = one["language"] or _ARTICLE.search(element.get("class"))[1]  # type: ignore[index]
        items.setdefault(one["vendor_id"], one)
    return Found(list(items.values()))


def _paragraphs(element: Any) -> list[str]:
    texts = element.xpath(".//p[starts-with(@class, 'articleParagraph')]")
    return [flat(one) for one in texts]


def _coded_page(element: Any) -> dict[str, str]:
    codes: dict[str, Any] = {}
    for row in element.iter("tr"):
        cells = [one for one in row if one.tag == "td"]
        if len(cells) > 1 and cells[0].get("class") == "index":
            codes.setdefault(flat(cells[0]), cells[1])
    text = [one for code in ("LP", "TD") if code in codes for one in paragraphs_of(codes[code])]
    return item(text, **_of_codes({code: flat(cell) for code, cell in codes.items()}))


def _of_codes(codes: dict[str, str]) -> dict[str, str]:
    """Document variables from the values of codes."""
    named = {"headline": "HD", "outlet": "SN", "byline": "BY", "rubric": "SE", "language": "LA"}
    number = _NAME.search(codes.get("AN", ""))
    return {
        "archive": "Factiva",
        **{name: codes.get(code, "") for name, code in named.items()},
        "date": iso_day(codes.get("PD", "")),
        "length_given": digits(codes.get("WC", "")),
        "vendor_id": number[1] if number else "",
    }


def _plain_page(element: Any) -> dict[str, str]:
    lines = [flat(one) for one in element.iter("div") if one.find("div") is None]
    headline = flat(first(element.xpath(".//div[@id='hd']")))
    byline = flat(first(with_class(element, "author")))
    number = first(_NAME.findall(flat(one))[0] for one in element.iter("div", "p")
                   if _NAME.match(flat(one)))  # fmt: skip
    fields = _of_lines([one for one in lines if one])
    headline = re.sub(r"^\d+\) ", "", headline)  # its number in the list
    fields.update(headline=headline, byline=byline, vendor_id=number or "")
    return item(_paragraphs(element), **fields)


def _dated(lines: list[str]) -> int | None:
    """Where the length stands that is followed by the day, the fixed point of an article."""
    for place in range(len(lines) - 1):
        if _LENGTH.fullmatch(lines[place]) and iso_day(lines[place + 1]):
            return place
    return None


def _of_lines(lines: list[str]) -> dict[str, str]:
    """Document variables of an article without codes, but for what stands above the length."""
    fields = {"archive": "Factiva"}
    at = _dated(lines)
    if at is None:
        return fields
    below = [one for one in lines[at + 2 :] if not _CLOCK.fullmatch(one)]
    fields |= {"length_given": digits(lines[at]), "date": iso_day(lines[at + 1])}
    return {**fields, "outlet": below[0] if below else ""}


def split_factiva(text: str) -> Found:
    """Split the text of an RTF after each article's number; with codes or without."""
    items: list[dict[str, str]] = []
    lines: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        lines.append(line)
        if _END.fullmatch(line):
            items.append(_coded(lines) or _plain(lines, len(items) + 1))
            lines = []
    if _coded(lines) or _dated(lines) is not None:
        raise cut_off(len(items) + 1, lines[0], "number ('Document ...')")
    return Found(items)


def _coded(lines: list[str]) -> dict[str, str] | None:
    """An article whose lines begin with codes; None if they do not."""
    codes: dict[str, list[str]] = {}
    last = -1
    for line in lines:
        found = _CODE.match(line)
        if found and _CODES.index(found[1]) > last:
            last = _CODES.index(found[1])
            codes[found[1]] = [found[2].strip(" |\t")]
        elif last >= 0:
            codes[_CODES[last]].append(line.strip(" |\t"))
    if not {"HD", "WC"} <= set(codes):
        return None
    joined = {code: " ".join(values) for code, values in codes.items()}
    return item([*codes.get("LP", ()), *codes.get("TD", ())], **_of_codes(joined))


def _plain(lines: list[str], number: int) -> dict[str, str]:
    """An article without codes: what stands above the length is headline and byline."""
    at = _dated(lines)
    rights = next((place for place, one in enumerate(lines) if _COPYRIGHT.match(one)), None)
    if at is None or rights is None or rights < at:
        problem = f"article {number} ({lines[0][:80]!r}) has no length, day and copyright in a row"
        raise InputError(problem, do="download it with indexing, as HTML")
    name = _END.fullmatch(lines[-1])
    fields = _of_lines(lines) | {"headline": lines[0], "vendor_id": name["name"] if name else ""}
    return item(lines[rights + 1 : -1], **fields, byline=lines[1] if at > 1 else "")
