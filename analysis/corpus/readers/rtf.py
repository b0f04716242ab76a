"""The text of an RTF file."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.corpus.folding import superscript

_ADDRESS = re.compile(r'HYPERLINK\s+"[^"]*"')
_CONTROLS = r"(?:\\[a-z]+-?\d* ?)*"
_GONE = re.compile(rf"\{{{_CONTROLS}?\\(?:deleted|v)(?![a-z0-9])(?:(?!\\v0)[^{{}}])*\}}")
_RAISED = re.compile(r"(\\super(?:\\[a-z]+-?\d*)* ?)(\d{1,3})(?=[\s}\\])")


def read_rtf(raw: bytes, path: Path) -> str:
    """The paragraphs of an RTF file; pictures, notes, page headers and footers are left out.

    So are hidden and deleted words. Of a link its text is read, not its address. A raised number
    stays raised, no part of the word before it. A line break is the end of a paragraph too.
    """
    from striprtf.striprtf import rtf_to_text

    source = raw.rstrip(b"\0\r\n\t ").decode("cp1252", errors="replace")
    if not source.startswith("{\\rtf") or not source.endswith("}"):
        raise ValueError("its last bracket is missing")
    for pattern in (_ADDRESS, _GONE):
        source = pattern.sub("", source)
    source = _RAISED.sub(_raised, source)
    text: str = rtf_to_text(source, errors="replace")
    # Signs beyond U+FFFF are written in two halves.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    lines = text.replace("\0", "").splitlines()
    return "\n\n".join(line.strip(" \t|") for line in lines if line.strip(" \t|"))


def _raised(found: re.Match[str]) -> str:
    return found[1] + "".join(f"\\u{ord(sign)}?" for sign in superscript(found[2]))
