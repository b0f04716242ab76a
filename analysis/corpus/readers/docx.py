"""The text of a Word file."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from analysis.corpus.folding import superscript
from analysis.errors import NAMES, listing, warn
from analysis.io.packed import check_zip

_GONE = {"del", "moveFrom", "txbxContent", "rt", "Fallback"}  # what a run may stand in
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_BESIDE = {
    "footnoteReference": "footnotes",
    "endnoteReference": "endnotes",
    "commentReference": "comments",
    "txbxContent": "text boxes",
    "altChunk": "documents put in whole",
}


def read_docx(raw: bytes, path: Path) -> str:
    """The paragraphs of a Word file's body and its tables, in order, as if changes were accepted.

    Tracked insertions are read, deletions are not; a moved text is read where it went. Left out,
    with a warning that names them: footnotes, endnotes, comments, text boxes, hidden words, other
    documents that were put in whole. Left out without: page headers and footers. A raised number
    stays raised, no part of the word before it.
    """
    import docx

    check_zip(raw)
    body = docx.Document(io.BytesIO(raw)).element.body
    if body.getroottree().docinfo.doctype:
        raise ValueError("it declares a document type")  # where entities would be declared
    beside = dict.fromkeys(_BESIDE[tag] for tag in map(_tag, body.iter()) if tag in _BESIDE)
    paragraphs: dict[Any, list[str]] = {}
    for run in body.iter("{*}r"):
        above = list(run.iterancestors())
        signs = "".join(map(_sign, run))
        hidden = signs and run.find("{*}rPr/{*}vanish") is not None
        if hidden:
            beside["hidden words"] = None
        elif not _GONE.intersection(map(_tag, above)):
            paragraph = next(one for one in above if _tag(one) == "p")
            align = run.find("{*}rPr/{*}vertAlign")
            raised = align is not None and "superscript" in align.values()
            paragraphs.setdefault(paragraph, []).append(superscript(signs) if raised else signs)
    if beside:
        warn(f"{NAMES}: {listing(beside)} are left out", of=[path])
    return "\n\n".join(text for pieces in paragraphs.values() if (text := "".join(pieces).strip()))


def _tag(element: Any) -> str:
    """The name of an element without its name space; a comment has none."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _sign(element: Any) -> str:
    tag = _tag(element)
    return element.text or "" if tag == "t" else _SIGNS.get(tag, "")
