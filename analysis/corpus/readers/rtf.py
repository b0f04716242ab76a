"""The text of an RTF file."""

from __future__ import annotations

import re
from pathlib import Path


def read_rtf(raw: bytes, path: Path) -> str:
    """The paragraphs of an RTF file; pictures, notes, page headers and footers are left out.

    Of a link its text is read, not its address. A line break is the end of a paragraph too.
    """
    from striprtf.striprtf import rtf_to_text

    source = raw.rstrip(b"\0\r\n\t ").decode("cp1252", errors="replace")
    if not source.startswith("{\\rtf") or not source.endswith("}"):
        raise ValueError("its last bracket is missing")
    text: str = rtf_to_text(re.sub(r'HYPERLINK\s+"[^"]*"', "", source), errors="replace")
    # Signs beyond U+FFFF are written in two halves.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    lines = text.replace("\0", "").splitlines()
    return "\n\n".join(line.strip(" \t|") for line in lines if line.strip(" \t|"))
