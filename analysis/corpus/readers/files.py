"""The text of one article file, whatever kind of file it is, or the articles of a bundle.

Contract of a file reader, which is one function and one entry in `FILES`: the bytes of a file and
its path in, the text of the article out. A paragraph ends with an empty line, words are never
glued, nothing is counted twice, and the same file gives the same text on every machine. What is
left out is left out by a rule stated in the function; whatever it raises for a file that is
damaged, protected or of another kind becomes an `InputError`; a file without any text gives "".
Offsets point into the text that is returned. No file makes its reader reach for another file or
for the network. A package that needs installing is imported inside the function.

A file is a bundle until shown otherwise: `articles_of` looks into every file for the download of
an archive, whatever its ending says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypeVar
from zipfile import ZipFile

from analysis.corpus.readers.archives import articles_in_page, articles_in_text
from analysis.corpus.readers.docx import read_docx
from analysis.corpus.readers.eml import mail_parts, read_eml
from analysis.corpus.readers.html import read_html
from analysis.corpus.readers.pdf import read_pdf
from analysis.corpus.readers.rtf import read_rtf
from analysis.errors import InputError, InputWarning, listing, placed
from analysis.io.decoding import check_kind, recoded
from analysis.io.files import needing, plain_text, read_bytes
from analysis.io.packed import check_zip

MAX_BYTES = 100_000_000  # of one article file
# Nexis puts a list of the titles beside single articles: "Files (100)_doclist.docx".
_DOCLIST = re.compile(r".*?(?:\((?P<number>\d+)\))?_doclist\.\w+$", re.IGNORECASE)
_SYSTEM = re.compile(r"\._|~\$|(thumbs\.db|desktop\.ini|\.ds_store)$", re.IGNORECASE)
T = TypeVar("T")


class FileKind(NamedTuple):
    """A reader; what its files are called, and begin with if they are no text; what it needs."""

    read: Callable[[bytes, Path], str]
    name: str
    magic: bytes = b""
    extra: str = ""  # of this package, to install


_ZIP = b"PK\x03\x04"
FILES = {
    ".txt": FileKind(plain_text, "text"),
    ".md": FileKind(plain_text, "Markdown"),
    ".html": FileKind(read_html, "HTML", extra="documents"),
    ".htm": FileKind(read_html, "HTML", extra="documents"),
    ".docx": FileKind(read_docx, "Word (.docx)", _ZIP, "documents"),
    ".rtf": FileKind(read_rtf, "RTF", b"{\\rtf", "documents"),
    ".pdf": FileKind(read_pdf, "PDF", b"%PDF", "documents"),
    ".eml": FileKind(read_eml, "mail"),
}
_SAVED = {".mhtml": ".eml", ".mht": ".eml"}  # a browser saves a page as a mail of one page
BUNDLES = (".zip", ".doc", *_SAVED)  # beside kinds of files; a .doc is a download, or not read
_MAGIC = {kind.magic: ending for ending, kind in FILES.items() if kind.magic}


def read_file(path: Path, *, encoding: str = "") -> str:
    """Return the text of a file that holds one article; its ending says which reader reads it."""
    found = articles_of(path, encoding=encoding)
    if len(found) > 1:
        raise InputError(f"it holds {len(found)} articles", file=path, do="use read_articles")
    return found[0]["text"]


def articles_of(path: Path, *, encoding: str = "") -> list[dict[str, str]]:
    """Return the articles of a file: one with its ``text``, or those of an archive's download."""
    raw = read_bytes(path, MAX_BYTES)
    is_text = not raw.startswith((*_MAGIC, b"\x1f\x8b"))
    return _articles(recoded(raw, path, encoding) if is_text else raw, path)


def _articles(raw: bytes, path: Path) -> list[dict[str, str]]:
    said = path.suffix.lower()
    said = _SAVED.get(said, said)
    seen = next((ending for magic, ending in _MAGIC.items() if raw.startswith(magic)), "")
    with placed(path):
        if said == ".zip" and seen == ".docx" and (parts := _parts(raw, path)):
            return parts
        page = _guarded("mail", mail_parts, raw, path)[1] if said == ".eml" else raw
        if seen == "" and (found := _guarded("HTML", articles_in_page, page, path)):
            return found
        if not seen and said not in (".txt", ".eml") and not re.search(rb"<[a-zA-Z]", raw):
            seen = ".txt"
        if seen not in ("", said) and (found := _under_another_name(raw, path, seen)):
            return found
        if said not in FILES:
            check_kind(raw, path, "a download of an archive")
            do = f"save an article as one of {listing(FILES)}"
            raise InputError(f"this {said} file is no archive's download that is known", do=do)
        kind = FILES[said]
        if kind.magic:
            check_kind(raw, path, f"a {said} file", kind.magic)
        return _by_kind(kind, raw, path)


def _by_kind(kind: FileKind, raw: bytes, path: Path) -> list[dict[str, str]]:
    text = _guarded(kind.name, kind.read, raw, path, extra=kind.extra)
    return articles_in_text(text, path) or [{"text": text}]


def _under_another_name(raw: bytes, path: Path, seen: str) -> list[dict[str, str]]:
    """The articles of a download whose ending is not its own; nothing if it is no download."""
    try:
        text = FILES[seen].read(raw, path)
    except Exception:  # what it is, and is not, is said by its ending's reader
        return []
    return articles_in_text(text, path)


def _parts(raw: bytes, path: Path) -> list[dict[str, str]]:
    """The articles of a zip of downloads; nothing for a Word file."""
    announced: list[str] = []

    def unpacked(raw: bytes, path: Path) -> dict[str, bytes]:
        check_zip(raw)
        with ZipFile(BytesIO(raw)) as packed:
            names = [part.filename for part in packed.infolist() if not part.is_dir()]
            if "[Content_Types].xml" in names:
                return {}
            lists = [found["number"] for name in names if (found := _DOCLIST.match(name))]
            announced.extend(filter(None, lists))
            return {name: packed.read(name) for name in sorted(names) if not is_system(name)}

    found: list[dict[str, str]] = []
    for name, part in _guarded("zip", unpacked, raw, path).items():
        inner = path / name
        if inner.suffix.lower() not in FILES and inner.suffix.lower() != ".doc":
            do = "take it out, or unpack the articles into a folder"
            raise InputError(f"{name!r} in it is no article", do=do)
        articles = _articles(part, inner)
        if "archive" not in articles[0]:
            problem = f"{name!r} in it is no archive's download that is known"
            raise InputError(problem, do="unpack the articles into a folder")
        found += articles
    for number, one in enumerate(found, 1):
        one["item"] = str(number)
    if found and announced and len(found) != sum(map(int, announced)):
        problem = f"its list of titles announces {announced[0]} articles, and it has {len(found)}"
        raise InputError(problem, do="download it again, or take the list out")
    return found


def is_system(name: str) -> bool:
    """Whether computers, not people, put a file of this name there."""
    last = name.rpartition("/")[2]
    return name.startswith("__MACOSX/") or bool(_SYSTEM.match(last) or _DOCLIST.match(last))


def _guarded(
    name: str,
    read: Callable[[bytes, Path], T],
    raw: bytes,
    path: Path,
    *,
    extra: str = "documents",
) -> T:
    with needing(extra, path):
        try:
            return read(raw, path)
        except (InputError, InputWarning, ImportError):
            raise
        except Exception as error:  # damaged files fail in endless ways
            reason = " ".join(str(error).split()) or type(error).__name__
            do = "open it in its own program and save it anew, or save its text as .txt"
            raise InputError(f"this is not a whole {name} file ({reason})", do=do) from None
