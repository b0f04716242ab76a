"""The text of a saved web page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.corpus.folding import superscript
from analysis.errors import NAMES, InputError, warn
from analysis.io.decoding import decode

_CHARSET = re.compile(rb"<meta[^>]+charset=[\"'\s]*([\w.:-]+)", re.IGNORECASE)
MOST_ATTRIBUTES = 10_000  # of a tag; a page that was made by hand or program has dozens
# What was read of a tag is never read again (`*+`), so this takes time linear in the page.
_ATTRIBUTE = r"""\s++[^\s<>"'=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>"']*+))?+"""
_ENDLESS = re.compile(rf"<[a-zA-Z][^\s<>]*+(?:{_ATTRIBUTE}){{{MOST_ATTRIBUTES + 1}}}")
_LEFT_OUT = {
    "script", "style", "template", "head", "select", "textarea", "svg", "iframe", "object",
    "canvas", "audio", "video", "rt", "rp", "del",
}  # fmt: skip
_ASIDE = {"noscript", "nav", "aside", "dialog", "button"}  # left out, unless the article is there
_ROLES = {"navigation", "complementary", "search", "dialog", "alertdialog"}
_COOKIES = re.compile(r"(?<![a-z])(cookies?|consent|gdpr)(?![a-z])", re.IGNORECASE)
_UNSEEN = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.IGNORECASE)
_SHORT = 300  # characters, of a notice in an article, and of an article that may be none
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "legend", "li", "main", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip


def read_html(raw: bytes, path: Path) -> str:
    """A page's own text: its ``<article>``, else its ``<main>``, else its ``<body>``.

    Left out by name: scripts, styles, the head, menus, asides, dialogs, controls, embedded media,
    what is struck out, hidden parts, notices of cookies; outside of an article the ``<header>`` and
    ``<footer>`` too. What holds the longest article, the ``<main>`` or most of the text is no
    notice and not hidden, whatever its class; inside of these a notice has a control, or is short
    and says what it is. A raised number (``<sup>1</sup>``) stays raised, so that it is no part of
    the word before it. What a page holds besides, under other names, stays: boilerplate rules can
    name it. Of several articles the longest is read, with a warning; but the ``<main>``, or the
    ``<body>``, where that has more paragraphs beside a short article. A ``<br>`` ends a line and a
    block ends a paragraph, and in a ``<pre>`` lines are as written; other tags join nothing and
    part nothing. Entities are decoded. The encoding is that of `decode`, with the one that the page
    declares instead of Windows-1252.
    """
    text = source_of(raw, path)
    if not text.strip():
        return ""
    if not re.search("<[a-zA-Z]", text):
        raise InputError("it has no HTML tag", file=path, do="name it .txt if it is plain text")
    if re.search("<html", text, re.I) and not re.search("</html", text, re.I):
        warn(f"{NAMES}: the page ends without </html>; it may have been cut off", of=[path])
    page = parsed(text)
    beside = _beside(page)
    _leave_out(page, lambda element: element.tag in _LEFT_OUT or element in beside)
    return text_of(_own_part(page, path))


def source_of(raw: bytes, path: Path) -> str:
    """The source of a page, in the encoding that it declares where it is not UTF-8."""
    found = _CHARSET.search(raw[:4096])
    declared = found[1].decode().lower() if found else "utf-8"
    if declared.startswith("utf"):  # it has been tried already, and the page is not what it says
        return decode(raw, path)
    # As in browsers, what calls itself Latin-1 is Windows-1252.
    return decode(raw, path, "cp1252" if declared in ("iso-8859-1", "us-ascii") else declared)


def parsed(source: str) -> Any:
    """The elements of a page, without remarks; a page the parser gives up is an error."""
    from lxml import html

    if _ENDLESS.search(source):  # the parser holds every attribute of a tag against all others
        raise ValueError(f"a tag has more than {MOST_ATTRIBUTES:,} attributes")
    options = {"remove_comments": True, "remove_pis": True, "huge_tree": True}
    parser = html.HTMLParser(encoding="utf-8", **options)
    page = html.document_fromstring(source.encode(), parser=parser)
    if fatal := parser.error_log.filter_from_fatals():
        raise ValueError(f"the parser stops at line {fatal[0].line}: {fatal[0].message}")
    return page


def _is_aside(element: Any) -> bool:
    return (
        element.tag in _ASIDE
        or element.get("role", "").strip().lower() in _ROLES
        or "hidden" in element.attrib
    )


def _is_unseen(element: Any) -> bool:
    """Whether an element is hidden from those who listen to the page, or look at it."""
    return element.get("aria-hidden") == "true" or bool(_UNSEEN.search(element.get("style", "")))


def _beside(page: Any) -> set[Any]:
    """The parts beside the article: menus and asides, notices of cookies, hidden parts."""
    asides = [element for element in page.iter() if _is_aside(element)]
    named = [one for one in page.iter() if _is_unseen(one) or _names_cookies(one)]
    if not (asides or named):
        return set()
    inside: dict[Any, int] = {}  # how much text stands in an element,
    sizes: dict[Any, int] = {}  # and how much of it counts
    gone = set(asides)
    for element in reversed(list(page.iter())):
        around = sum(sizes[child] + len(child.tail or "") for child in element)
        own = element.tag in _LEFT_OUT
        inside[element] = 0 if own else len(element.text or "") + around
        sizes[element] = 0 if element in gone else inside[element]
    articles = sorted(page.iter("article"), key=inside.__getitem__)
    homes = [*articles[-1:], *_mains(page)]
    above = {one for home in homes for one in (home, *home.iterancestors())}
    # What says of itself that it stands aside is the article's own place only if little else is.
    kept = {one for one in gone & above if inside[one] > max(_SHORT, sizes[page])}
    most = max(_SHORT, sizes[page] / 2)
    return (gone - kept) | {
        element
        for element in named
        if element not in above
        and inside[element] <= most
        and not (_names_cookies(element) and _is_part(element, homes, sizes))
    }


def _mains(page: Any) -> list[Any]:
    return [one for one in page.iter() if one.tag == "main" or one.get("role") == "main"]


def _names_cookies(element: Any) -> bool:
    return _COOKIES.search(f"{element.get('id', '')} {element.get('class', '')}") is not None


def _is_part(element: Any, homes: Sequence[Any], sizes: Mapping[Any, int]) -> bool:
    """Whether an element named for cookies is a part of an article about them."""
    if _is_unseen(element) or not any(one in homes for one in element.iterancestors()):
        return False
    says_so = sizes[element] < _SHORT and _COOKIES.search(element.text_content())
    controls = element.iter("button", "input", "form")
    return element.tag in _HEADINGS or not (says_so or next(controls, None) is not None)


def _leave_out(page: Any, wanted: Callable[[Any], bool]) -> None:
    """Empty what is not wanted, which stays as a tag that says nothing.

    To take a thousand menus out would copy the text between them a thousand times.
    """
    for element in [element for element in page.iter() if wanted(element)]:
        if element.tag not in ("html", "body"):
            element.clear(keep_tail=True)
            element.tag = "span"


def _own_part(page: Any, path: Path) -> Any:
    mains = _mains(page)
    home = mains[0] if mains else page
    articles = page.xpath("//article[not(ancestor::article)]")
    if articles:
        longest = max(articles, key=lambda one: len(one.text_content()))
        beside = _in_paragraphs(home) - sum(map(_in_paragraphs, articles))
        if len(longest.text_content().strip()) < _SHORT < beside:
            warn(f"{NAMES}: most text stands outside of its article; all of it is read", of=[path])
        else:
            if len(articles) > 1:
                say = f"it has {len(articles)} articles; only the longest is read"
                warn(f"{NAMES}: {say}", of=[path])
            return longest
    if not mains:
        _leave_out(page, lambda element: element.tag in ("header", "footer"))
    return home


def _in_paragraphs(element: Any) -> int:
    """How much text stands in the paragraphs of an element; menus and lists of links have none."""
    return sum(len(one.text_content()) for one in element.iter("p"))


def text_of(part: Any) -> str:
    """The text in an element: a block ends a paragraph, a ``<br>`` a line."""
    from lxml import etree

    pieces: list[str] = []
    raised = kept = 0  # how many <sup> and <pre> are open
    for event, element in etree.iterwalk(part, events=("start", "end")):
        ends = "\n\n" if element.tag in _BLOCKS else " " if element.tag in ("td", "th") else ""
        if event == "start":
            raised += element.tag == "sup"
            kept += element.tag == "pre"
            own = "" if element.tag in _LEFT_OUT else element.text or ""
            text = own if kept else _flat(own)
            text = superscript(text) if raised else text
            pieces += [ends or ("\n" if element.tag == "br" else ""), text]
        else:
            raised -= element.tag == "sup"
            kept -= element.tag == "pre"
            text = "" if element is part else (element.tail or "") if kept else _flat(element.tail)
            pieces += [ends, superscript(text) if raised else text]
    text = re.sub(" *\n *", "\n", re.sub(" +", " ", "".join(pieces).replace("\r", "")))
    return re.sub("\n{3,}", "\n\n", text).strip(" \n")


def _flat(text: str | None) -> str:
    """Text without the line ends of its source; a no-break space stays what it is."""
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")
