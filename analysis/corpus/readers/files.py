"""The text of one article file, whatever kind of file it is.

Contract of a file reader, which is one function and one entry in `FILES`: the bytes of a file and
its path in, the text of the article out. A paragraph ends with an empty line, words are never
glued, nothing is counted twice, and the same file gives the same text on every machine. What is
left out is left out by a rule stated in the function; whatever it raises for a file that is
damaged, protected or of another kind becomes an `InputError`; a file without any text gives "".
Offsets point into the text that is returned. No file makes its reader reach for another file or
for the network. A package that needs installing is imported inside the function.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.readers.docx import read_docx
from analysis.corpus.readers.html import read_html
from analysis.corpus.readers.pdf import read_pdf
from analysis.errors import InputError, InputWarning, placed
from analysis.io.decoding import check_kind
from analysis.io.files import needing, plain_text, read_bytes

MAX_BYTES = 100_000_000  # of one article file


class FileKind(NamedTuple):
    """A reader; what its files are called, and begin with if they are no text; what it needs."""

    read: Callable[[bytes, Path], str]
    name: str
    magic: bytes = b""
    extra: str = ""  # of this package, to install


FILES = {
    ".txt": FileKind(plain_text, "text"),
    ".html": FileKind(read_html, "HTML", extra="documents"),
    ".htm": FileKind(read_html, "HTML", extra="documents"),
    ".docx": FileKind(read_docx, "Word (.docx)", b"PK\x03\x04", "documents"),
    ".pdf": FileKind(read_pdf, "PDF", b"%PDF", "documents"),
}


def read_file(path: Path) -> str:
    """Return the text of an article file; its ending says which reader of `FILES` reads it."""
    ending = path.suffix.lower()
    kind = FILES[ending]
    raw = read_bytes(path, MAX_BYTES)
    if kind.magic:
        check_kind(raw, path, f"a {ending} file", kind.magic)
    with placed(path), needing(kind.extra, path):
        try:
            return kind.read(raw, path)
        except (InputError, InputWarning, ImportError):
            raise
        except Exception as error:  # damaged files fail in endless ways
            reason = " ".join(str(error).split()) or type(error).__name__
            do = "open it in its own program and save it anew, or save its text as .txt"
            raise InputError(f"this is not a whole {kind.name} file ({reason})", do=do) from None
