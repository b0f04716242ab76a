"""The text of one article file, whatever kind of file it is.

Contract of a file reader, which is one function and one entry in `FILES`: a path in, the text of
the article out. A paragraph ends with an empty line, words are never glued, nothing is counted
twice, and the same file gives the same text on every machine. What is left out is left out by a
rule stated in the function; a file that is damaged, protected or of another kind is an
`InputError`; a file without any text gives "". Offsets point into the text that is returned.
No file makes its reader reach for another file or for the network.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.errors import InputError, listing, warn
from analysis.io.decoding import check_kind, decode
from analysis.io.files import needing, read_bytes, read_text

MAX_BYTES = 100_000_000  # of one article file, and of what a .docx file unpacks to
_USUAL_BYTES, _MAX_RATIO = 10_000_000, 100  # text shrinks to a tenth; a zip bomb to a thousandth


def read_file(path: Path) -> str:
    """Return the text of an article file; its ending says which reader of `FILES` reads it."""
    return FILES[path.suffix.lower()](path)


@contextmanager
def _refusing(kind: str, path: Path) -> Iterator[None]:
    """Turn whatever a parser raises into bad input: damaged files fail in endless ways."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"this is not a whole {kind} file ({reason})",
            file=path,
            do="open it in its own program and save it anew, or save its text as .txt",
        ) from None


def _read_txt(path: Path) -> str:
    """Plain text, exactly as given."""
    return read_text(path, MAX_BYTES)


# HTML

_CHARSET = re.compile(rb"<meta[^>]+charset=[\"'\s]*([\w.:-]+)", re.IGNORECASE)
_LEFT_OUT = {
    "script", "style", "noscript", "template", "head", "nav", "aside", "dialog", "button", "select",
    "textarea", "svg", "iframe", "object", "canvas", "audio", "video",
}  # fmt: skip
_ROLES = {"navigation", "complementary", "search", "dialog", "alertdialog"}
_COOKIES = re.compile(r"(?<![a-z])(cookies?|consent|gdpr)(?![a-z])", re.IGNORECASE)
_BLOCKS = {
    "address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "legend", "li", "main", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip


def _read_html(path: Path) -> str:
    """A page's own text: its ``<article>``, else its ``<main>``, else its ``<body>``.

    Left out by name: scripts, styles, the head, menus, asides, dialogs, controls, embedded media,
    hidden parts, notices of cookies; outside of an article the ``<header>`` and ``<footer>`` too.
    What a page holds besides, under other names, stays: boilerplate rules can name it. Of several
    articles the longest is read, with a warning. A ``<br>`` ends a line and a block ends a
    paragraph; other tags join nothing and part nothing. Entities are decoded. The encoding is that
    of `decode`, with the one that the page declares instead of Windows-1252.
    """
    raw = read_bytes(path, MAX_BYTES)
    with needing("documents", path):
        from lxml import html
    found = _CHARSET.search(raw[:4096])
    declared = found[1].decode().lower() if found else "utf-8"
    if declared.startswith("utf"):  # it has been tried already, and the page is not what it says
        text = decode(raw, path)
    else:  # as in browsers, what calls itself Latin-1 is Windows-1252
        text = decode(raw, path, "cp1252" if declared in ("iso-8859-1", "us-ascii") else declared)
    if not text.strip():
        return ""
    if not re.search("<[a-zA-Z]", text):
        raise InputError("it has no HTML tag", file=path, do="name it .txt if it is plain text")
    if re.search("<html", text, re.IGNORECASE) and not re.search("</html", text, re.IGNORECASE):
        warn(f"{path}: the page ends without </html>; it may have been cut off")
    with _refusing("HTML", path):
        parser = html.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
        )
        page = html.document_fromstring(text.encode(), parser=parser)
        if fatal := parser.error_log.filter_from_fatals():
            raise ValueError(f"the parser stops at line {fatal[0].line}: {fatal[0].message}")
        _leave_out(page, _is_left_out)
        return _text_of(_own_part(page, path))


def _is_left_out(element: Any) -> bool:
    return (
        element.tag in _LEFT_OUT
        or element.get("role", "").strip().lower() in _ROLES
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or _COOKIES.search(f"{element.get('id', '')} {element.get('class', '')}") is not None
    )


def _leave_out(page: Any, wanted: Callable[[Any], bool]) -> None:
    for element in [element for element in page.iter() if wanted(element)]:
        if element.tag not in ("html", "body"):
            element.drop_tree()


def _own_part(page: Any, path: Path) -> Any:
    articles = page.xpath("//article[not(ancestor::article)]")
    if articles:
        longest = max(articles, key=lambda one: len(one.text_content()))
        if len(articles) > 1:
            warn(f"{path}: it has {len(articles)} articles; only the longest is read")
        return longest
    if (main := page.find(".//main")) is not None:
        return main
    _leave_out(page, lambda element: element.tag in ("header", "footer"))
    return page


def _text_of(part: Any) -> str:
    from lxml import etree

    pieces: list[str] = []
    for event, element in etree.iterwalk(part, events=("start", "end")):
        ends = "\n\n" if element.tag in _BLOCKS else " " if element.tag in ("td", "th") else ""
        if event == "start":
            pieces += [ends or ("\n" if element.tag == "br" else ""), _flat(element.text)]
        else:
            pieces += [ends, _flat(element.tail) if element is not part else ""]
    text = re.sub(" *\n *", "\n", re.sub(" +", " ", "".join(pieces)))
    return re.sub("\n{3,}", "\n\n", text).strip(" \n")


def _flat(text: str | None) -> str:
    """Text without the line ends of its source; a no-break space stays what it is."""
    return re.sub(r"[ \t\r\n\f]+", " ", text or "")


# Word

_GONE = {"del", "moveFrom", "txbxContent", "rt", "Fallback"}  # what a run may stand in
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_BESIDE = {
    "footnoteReference": "footnotes",
    "endnoteReference": "endnotes",
    "commentReference": "comments",
    "txbxContent": "text boxes",
}


def _read_docx(path: Path) -> str:
    """The paragraphs of a Word file's body and its tables, in order, as if changes were accepted.

    Tracked insertions are read, deletions are not; a moved text is read where it went. Left out,
    with a warning that names them: footnotes, endnotes, comments, text boxes. Left out without:
    page headers and footers.
    """
    raw = read_bytes(path, MAX_BYTES)
    with needing("documents", path):
        import docx
    check_kind(raw, path, "a .docx file", b"PK\x03\x04")
    with _refusing("Word (.docx)", path):
        _check_zip(raw, path)
        body = docx.Document(io.BytesIO(raw)).element.body
        if body.getroottree().docinfo.doctype:
            raise ValueError("it declares a document type")  # where entities would be declared
        beside = dict.fromkeys(_BESIDE[tag] for tag in map(_tag, body.iter()) if tag in _BESIDE)
        paragraphs: dict[Any, list[str]] = {}
        for run in body.iter("{*}r"):
            above = list(run.iterancestors())
            if not _GONE.intersection(map(_tag, above)):
                paragraph = next(one for one in above if _tag(one) == "p")
                paragraphs.setdefault(paragraph, []).extend(map(_sign, run))
    if beside:
        warn(f"{path}: {listing(beside)} are left out")
    return "\n\n".join(text for pieces in paragraphs.values() if (text := "".join(pieces).strip()))


def _tag(element: Any) -> str:
    """The name of an element without its name space; a comment has none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _sign(element: Any) -> str:
    tag = _tag(element)
    return element.text or "" if tag == "t" else _SIGNS.get(tag, "")


def _check_zip(raw: bytes, path: Path) -> None:
    """Raise if a file would unpack to far more than an article, before any of it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        size = sum(part.file_size for part in packed.infolist())
        if size > MAX_BYTES or (size > _USUAL_BYTES and size > _MAX_RATIO * len(raw)):
            raise InputError(
                f"it unpacks to {size} bytes", file=path, do="save it without pictures, or as .txt"
            )
        known = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        if not {part.compress_type for part in packed.infolist()} <= known:
            raise zipfile.BadZipFile("an unusual compression")
        # Reads in small pieces: a part that is larger than the file says is found out here.
        if (damaged := packed.testzip()) is not None:
            raise zipfile.BadZipFile(f"{damaged} is damaged")


# PDF


def _read_pdf(path: Path) -> str:
    """The text layer of a PDF, page by page, its lines as they stand.

    Words broken at line ends stay broken: folding joins them. Running headers, page numbers and
    columns come as the file has them. Pages without a text layer are named in a warning; a PDF
    with no text at all, or protected by a password, is an error.
    """
    raw = read_bytes(path, MAX_BYTES)
    with needing("documents", path):
        import pypdf
    check_kind(raw, path, "a .pdf file", b"%PDF")
    with _refusing("PDF", path), _told("pypdf") as faults:
        reader = pypdf.PdfReader(io.BytesIO(raw))
        if reader.is_encrypted:
            raise InputError(
                "it is encrypted", file=path, do="save it without a password, or save its text"
            )
        pages = [_whole(page.extract_text()) for page in reader.pages]
    blank = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(blank) == len(pages):
        raise InputError(
            "it has no text layer: its pages are pictures",
            file=path,
            do="recognise its text (OCR) first",
        )
    if blank:
        warn(f"{path}: no text layer on pages {listing(blank)}; nothing of them is read")
    if faults:
        warn(f"{path}: the PDF has faults ({faults[0]}); compare its text with the file")
    return "\n".join(page.strip("\n") for page in pages)


def _whole(text: str) -> str:
    """Text with what a PDF may hold and no file can: pairs of surrogates joined, halves marked."""
    pairs = text.replace("\0", "").encode("utf-16-le", "surrogatepass")
    return pairs.decode("utf-16-le", "replace")


@contextmanager
def _told(name: str) -> Iterator[list[str]]:
    """Collect what a package logs, which would go to standard error otherwise."""
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger(name)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield told
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate


# One function a kind of file: a path in, the text of the article out.
FILES: dict[str, Callable[[Path], str]] = {
    ".txt": _read_txt,
    ".html": _read_html,
    ".htm": _read_html,
    ".docx": _read_docx,
    ".pdf": _read_pdf,
}
