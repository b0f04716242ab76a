"""ProQuest: text with lines of underscores between articles, and HTML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from analysis.corpus.readers.archives.dates import iso_day
from analysis.corpus.readers.archives.shared import (
    Found,
    cut_off,
    digits,
    flat,
    item,
    page_of,
    paragraphs_of,
)
from analysis.errors import InputError

_LINE = re.compile(r"^_{40,}[ \t\r]*$", re.M)
_MARK = re.compile("^(?:Full [Tt]ext|ProQuest document ID): ", re.M)
_OF = re.compile(r"\s*Document (\d+) of (\d+)\s*$", re.M)
# A blank line and then one of these ends the text: a line "Subject: peace" alone may be its own.
_LABELS = (
    "Subject|Business indexing term|Location|People|Company / organization|Identifier / keyword"
    "|Title|Publication title|Publication year|Publication date|Volume|Issue|Pages|First page"
    "|Section|Publisher|Place of publication|Country of publication|Publication subject|ISSN|e-ISSN"
    "|Source type|Language of publication|Document type|Document feature|DOI|ProQuest document ID"
    "|Document URL|Copyright|Last updated|Database|Classification|Dateline|Source attribution"
)
_END = re.compile(rf"\n[ \t]*\n(?=(?:{_LABELS}): )")
_PLAIN = re.compile(r"\n[ \t]*\n(?![A-Z][\w /()&-]{1,40}: )(?=\S).*")  # a paragraph, but no field
_FIELD = re.compile(rf"^({_LABELS}|Author|Publication info|Abstract|Links): (.*)$", re.M)
_PICTURE = re.compile(r"(CAPTION|CREDIT|Caption|Credit): ")
_CONTACT = re.compile(r"contact|terms and conditions|copyright|©|bibliography", re.I)
_NONE = re.compile(r"(not available|none available)\.?", re.I)


def is_proquest(text: str) -> bool:
    return bool(_LINE.search(text) and _MARK.search(text))


def is_proquest_page(raw: bytes) -> bool:
    marked = re.search(rb"name=[\"']DocID_", raw)
    return marked is not None and (b"wordcount=" in raw or b"ProQuest" in raw)


def split_proquest(text: str) -> Found:
    """Split at lines of underscores; what follows the last is the vendor's address."""
    blocks = _LINE.split(text)
    announced = None
    items: list[dict[str, str]] = []
    for place, block in enumerate(blocks[1:], 1):
        if said := _OF.match(block):
            announced, block = int(said[2]), block[said.end() :]
        last = place == len(blocks) - 1
        full = re.search(r"^Full [Tt]ext: ?", block, re.M)
        if not full and "ProQuest document ID: " not in block:
            if not (said or last) and re.match(r"\s*Contact us", block):
                problem = f"two downloads stand in it, the second from article {len(items) + 1} on"
                raise InputError(problem, do="give each download a file of its own")
            if block.strip() and (said or not (last and _CONTACT.search(block))):
                raise cut_off(len(items) + 1, _title(block), "field 'Full text'")
            continue
        items.append(_article(block, full, len(items) + 1))
        if last and not re.search("^Database: ", block, re.M):
            raise cut_off(len(items), items[-1]["headline"], "line of underscores after it")
    return Found(items, announced)


def _end_of(block: str, start: int) -> re.Match[str] | None:
    """Where the text ends: before the fields that follow one another down to the end.

    A paragraph of the text may begin with the name of a field: then one without follows it.
    """
    ends = list(_END.finditer(block, start))
    if not ends:
        return None
    others = [one.end() for one in _PLAIN.finditer(block, start)]
    last = next((one for one in ends if one.start() >= others[-1]), None) if others else ends[0]
    own = last is not None and "\nProQuest document ID: " in block[last.start() :]
    return last if own else ends[0]


def _title(block: str) -> str:
    return block.strip().partition("\n")[0]


def _article(block: str, full: re.Match[str] | None, number: int) -> dict[str, str]:
    above = block[: full.start()] if full else block
    ends = _end_of(block, full.end()) if full else None
    if full and not ends:
        raise cut_off(number, _title(block), "fields after its text")
    text = block[full.end() : ends.start()] if full and ends else ""
    below = block[ends.end() :] if ends else ""
    known = dict(reversed(_FIELD.findall(above + "\n" + below)))
    if "ProQuest document ID" not in known:
        raise cut_off(number, _title(block), "field 'ProQuest document ID'")
    paragraphs = [line for line in text.split("\n") if not _PICTURE.match(line)]
    return item(
        [] if _NONE.fullmatch(text.strip()) else paragraphs, **_fields(known, _title(block))
    )


def _fields(known: dict[str, str], title: str) -> dict[str, str]:
    """Document variables from ProQuest's own fields."""
    day = iso_day(known.get("Publication date", "")) or iso_day(known.get("Publication info", ""))
    return {
        "archive": "ProQuest",
        "headline": title or known.get("Title", ""),
        "outlet": known.get("Publication title", "").partition(";")[0],
        "date": day,
        "byline": known.get("Author", ""),
        "rubric": known.get("Section", ""),
        "language": known.get("Language of publication", ""),
        "vendor_id": known.get("ProQuest document ID", ""),
        "url": known.get("Document URL", ""),
    }


def _is_bold(element: Any) -> bool:
    return element.tag in ("strong", "b") or "font-weight:bold" in (element.get("style") or "")


def split_proquest_page(raw: bytes, path: Path) -> Found:
    """Take what stands from one ``DocID`` anchor to the next; the text is in ``<text>``."""
    page = page_of(raw, path)
    items: list[dict[str, str]] = []
    parts: list[list[Any]] = []
    for element in page.iter():
        if element.tag == "a" and (element.get("name") or "").startswith("DocID_"):
            parts.append([])
        elif parts and isinstance(element.tag, str):
            parts[-1].append(element)
    for number, elements in enumerate(parts, 1):
        labels = {
            flat(one).rstrip(": "): flat(one.getparent()).removeprefix(flat(one)).strip()
            for one in elements
            if one.tag in ("strong", "b") and flat(one).endswith(":")
        }
        bold = [flat(one) for one in elements if _is_bold(one)]
        title = next(
            (one for one in bold if one and not one.endswith(":")), labels.get("Title", "")
        )
        texts = [one for one in elements if one.tag == "text"]
        if "ProQuest document ID" not in labels:
            raise cut_off(number, title, "field 'ProQuest document ID'")
        texts = texts[:1]
        paragraphs = [one for text in texts for one in paragraphs_of(text)]
        fields = _fields(labels, title)
        fields["length_given"] = digits(texts[0].get("wordcount", "")) if texts else ""
        items.append(item([one for one in paragraphs if not _PICTURE.match(one)], **fields))
    if not items:
        problem = "this ProQuest page has no article that is known here"
        raise InputError(problem, do="download it as text")
    return Found(items)
