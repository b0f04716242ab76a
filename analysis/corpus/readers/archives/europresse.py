"""Europresse, or Eureka: HTML, in the new layout (``<article>``) and the old one (tables)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from analysis.corpus.readers.archives.dates import find_day
from analysis.corpus.readers.archives.shared import (
    Found,
    cut_off,
    first,
    flat,
    item,
    page_of,
    paragraphs_of,
    pieces,
    with_class,
)
from analysis.errors import InputError

_MARK = re.compile(
    rb"class=[\"'][\w -]*(?:DocPublicationName|docOcurrContainer|[tT]itreArticleVisu)"
)
_NAME = re.compile(r"\w+·\d{8}·\S+")  # news·20060315·LM·0q1503_1256056
_RIGHTS = re.compile(r"(©|\(c\) ?\d{4}|Copyright|Tous droits réservés)", re.I)
_DAYS = re.compile(  # what may stand before the day: a comma, and the day of the week
    r"[\s,]*\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|tues|wednes|thurs|fri"
    r"|satur|sun)day|lunes|martes|miércoles|jueves|viernes|sábado|domingo|(?:mon|diens|donners|frei"
    r"|sams|sonn)tag|mittwoch|luned[ìi]|marted[ìi]|mercoled[ìi]|gioved[ìi]|venerd[ìi]|sabato"
    r"|domenica)?[\s,]*$",
    re.I,
)
_BLOCKS = {
    "p", "div", "td", "tr", "table", "br", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dt", "dd",
    "blockquote",
}  # fmt: skip
_PARTS = {"docpublicationname": "outlet", "docheader": "header", "titrearticlevisu": "headline"}


def is_europresse(raw: bytes) -> bool:
    return _MARK.search(raw) is not None


def split_europresse(raw: bytes, path: Path) -> Found:
    """Split at ``<article>``, or in the old layout at each publication's name."""
    page = page_of(raw, path)
    articles = [one for one in page.iter("article") if with_class(one, "docOcurrContainer")]
    if articles or page.find(".//article") is not None:
        return Found([_new(one, place) for place, one in enumerate(page.iter("article"), 1)])
    return Found(_old(page))


def _header(written: str) -> dict[str, str]:
    """Section and day of a line as "Communication, mardi 14 mars 2006, p. 16"."""
    day = find_day(written)
    if day is None:
        return {"date": "", "rubric": ""}
    return {"date": day.iso, "rubric": _DAYS.sub("", written[: day.start])}


def _new(article: Any, number: int) -> dict[str, str]:
    headline = flat(first(with_class(article, "titreArticleVisu")))
    body = first([*with_class(article, "docOcurrContainer"), *article.iter("section")])
    for aside in article.xpath(".//aside"):
        aside.drop_tree()
    ends = [text for one in article.iter("footer") for text in one.itertext()]
    name = _NAME.search(" ".join(ends))
    if name is None:
        raise cut_off(number, headline, "number ('news·20060315·...')")
    fields = _header(flat(first(with_class(article, "DocHeader"))))
    paragraphs = [] if body is None else paragraphs_of(body)
    return item(
        paragraphs,
        archive="Europresse",
        headline=headline,
        outlet=flat(first(with_class(article, "DocPublicationName"))),
        byline=_byline(article),
        vendor_id=name[0],
        **fields,
    )


def _byline(article: Any) -> str:
    """The author: the part of that name, or what stands after the part of the title."""
    named = with_class(article, "docAuthors")
    title = first(with_class(article, "titreArticle"))
    after = None if title is None else title.getnext()
    return flat(
        first(named) if named else after if after is not None and after.tag == "div" else None
    )


def _old(page: Any) -> list[dict[str, str]]:
    """The articles of the old layout: text nodes and empty paragraphs, hits in spans or fonts."""
    items: list[dict[str, str]] = []
    part, known, body, breaks = "", dict[str, str](), [""], ""
    for text, element in pieces(page, _BLOCKS):
        kind = _part(element)
        if kind and kind != "headline" and part in ("body", "end"):  # the next article begins
            items.append(_old_article(known, body, len(items) + 1))
            part, known, body, breaks = "", {}, [""], ""
        if kind:
            part = kind
            known[kind] = known.get(kind, "") + text
        elif not text:
            breaks += f" {element.tag}"
            body.append("")
            # A first line that ends with a break and an empty paragraph is the author's.
            lines = [one for one in body if one.strip()]
            if breaks.endswith(" br br p p") and len(lines) == 1 and "byline" not in known:
                known["byline"], body = lines[0], [""]
        elif part in ("headline", "body"):
            part = "body"
            body[-1] += text
            breaks = "" if text.strip() else breaks
    if known:
        items.append(_old_article(known, body, len(items) + 1))
    return items


def _part(element: Any) -> str:
    """What a text is by the class it stands in or under, if that says it."""
    while element is not None and element.tag in ("span", "font", "b", "i", "em", "mark", "a"):
        for name in (element.get("class") or "").lower().split():
            if name in _PARTS:
                return _PARTS[name]
        element = element.getparent()
    return ""


def _old_article(known: dict[str, str], body: list[str], number: int) -> dict[str, str]:
    if "headline" not in known:
        problem = f"article {number} of this Europresse download has no headline that is known here"
        raise InputError(problem, do="download it as HTML from the new site")
    paragraphs = [" ".join(one.split()) for one in body]
    rights = next((at for at, one in enumerate(paragraphs) if _RIGHTS.match(one)), None)
    name = _NAME.search(" ".join(paragraphs if rights is None else paragraphs[rights:]))
    if name is None or rights is None:
        raise cut_off(number, known["headline"], "number ('news·20060315·...')")
    fields = {name: known.get(name, "") for name in ("outlet", "headline", "byline")}
    return item(
        paragraphs[:rights],
        archive="Europresse",
        vendor_id=name[0],
        **fields,
        **_header(" ".join(known.get("header", "").split())),
    )
