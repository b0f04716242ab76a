"""What the readers of archives' downloads share: an article's row, and what is checked of all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from analysis.corpus.readers.html import parsed, source_of, text_of
from analysis.errors import InputError, listing, number_of, warn

# The document variables of every article, blank where the archive does not say it. A section of
# a newspaper is `rubric`, and the place in the file `item`: `section` and `position` are names of
# the tables of sentences.
FIELDS = (
    "archive", "file", "item", "headline", "outlet", "date", "byline", "rubric", "length_given",
    "language", "vendor_id", "url",
)  # fmt: skip
ENGLISH = "set the archive's interface language to English and download again"
_SORRY = "We are sorry but there is an error in this document"
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FAR, _FEW = 0.25, 30  # what our count of words may differ from the archive's: share and words


class Found(NamedTuple):
    """The articles of a download, those without text too, and how many it announces."""

    items: list[dict[str, str]]
    announced: int | None = None


def item(text: Iterable[str] | str, **fields: str) -> dict[str, str]:
    """One article: its paragraphs, and what the archive says of it; spaces are single."""
    paragraphs = [text] if isinstance(text, str) else text
    known = {name: " ".join(value.split()) for name, value in fields.items()}
    whole = "\n\n".join(one.strip() for one in paragraphs if one.strip())
    return {**dict.fromkeys(FIELDS, ""), **known, "text": "" if is_notice(whole) else whole}


def is_notice(text: str) -> bool:
    """Whether the vendor says there that an article cannot be shown."""
    return _SORRY in text


def digits(text: str) -> str:
    """The first number in a text, without what parts its thousands: ``1,285 words`` is 1285."""
    found = re.search(r"\d+(?:[.,\s]\d{3})*(?!\d)", text)
    return re.sub(r"\D", "", found[0]) if found else ""


def cut_off(number: int, headline: str, missing: str) -> InputError:
    """The error for an article that does not end as those of its archive do."""
    called = f" ({' '.join(headline.split())[:80]!r})" if headline.strip() else ""
    problem = f"article {number}{called} has no {missing}: the file was cut off, or edited"
    return InputError(problem, do="download it again")


def checked(found: Found, path: Path) -> list[dict[str, str]]:
    """The articles that have a text; raise if their number is not the one announced.

    Warned of by name: articles without text, which are left out, days that cannot be read, and
    texts far longer or shorter than the archive says.
    """
    number = len(found.items)
    if found.announced is not None and number != found.announced:
        problem = f"the file announces {number_of(found.announced, 'article')}, and has {number:,}"
        raise InputError(problem, do="download it again, or in smaller parts")
    for place, one in enumerate(found.items, 1):
        one["item"], one["file"] = str(place), path.name
    bare = [one for one in found.items if not one["text"]]
    if bare:
        warn(f"{path}: no text in {_named(bare)}; left out")
    kept = [one for one in found.items if one["text"]]
    if undated := [one for one in kept if not one["date"]]:
        warn(f"{path}: the day of {_named(undated)} cannot be read; left blank")
    if odd := [one for one in kept if _far_off(one)]:
        said = [f"{_named([one])} ({_count(one)} of {one['length_given']})" for one in odd]
        do = "compare them with the file"
        warn(f"{path}: the archive counts far fewer or more words in {listing(said)}; {do}")
    return kept


def _named(items: list[dict[str, str]]) -> str:
    names = listing(f"{one['item']} {one['headline'][:60]!r}" for one in items)
    return f"article{'s' if len(items) > 1 else ''} {names}"


def _count(one: dict[str, str]) -> int:
    """Words between spaces, as archives count them; signs where a script has no spaces."""
    signs = len(_CJK.findall(one["text"]))
    words = len(one["text"].split())
    return signs if signs > words else words


def _far_off(one: dict[str, str]) -> bool:
    if not one["length_given"]:
        return False
    given = int(one["length_given"])
    return abs(_count(one) - given) > max(_FAR * given, _FEW)


# Pages


def page_of(raw: bytes, path: Path) -> Any:
    """The parsed page of a download; raise if it was cut off."""
    text = source_of(raw, path)
    if re.search("<html", text, re.I) and not re.search("</html", text, re.I):
        problem = "the page ends without </html>: it was cut off"
        raise InputError(problem, do="download it again")
    return parsed(text)


def flat(element: Any) -> str:
    """The text in an element in one line; nothing for none."""
    return "" if element is None else " ".join(text_of(element).split())


def paragraphs_of(element: Any) -> list[str]:
    """The paragraphs in an element, headings, lists and tables among them, each in one line."""
    return [" ".join(one.split()) for one in text_of(element).split("\n\n")]


def with_class(element: Any, name: str) -> list[Any]:
    """The elements inside one that carry a class, in order."""
    return [one for one in element.iter("*") if name in (one.get("class") or "").split()]


def first(elements: Iterable[Any]) -> Any:
    """The first element, or None."""
    return next(iter(elements), None)


def pieces(page: Any, blocks: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The texts of a page in order, each with the element it stands in; "" at a break."""
    from lxml import etree

    breaks = {"br", *blocks}
    for event, element in etree.iterwalk(page, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if element.tag in breaks:
            yield "", element
        if event == "start" and element.text and element.tag not in ("script", "style"):
            yield element.text, element
        if event == "end" and element.tail and element is not page:
            yield element.tail, element.getparent()
