"""From bytes to text: which encoding they are in, and what is not text at all."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from analysis.errors import InputError, number_of, warn

# First bytes of files that are often renamed to .txt, what they are, and what to do.
_NOT_TEXT = {
    b"%PDF": ("a PDF", "save it as text, or name it .pdf"),
    b"PK\x03\x04": ("a zip, docx or xlsx file", "save it as text, or name it .docx if it is one"),
    b"\x1f\x8b": ("gzip data", "unpack it and save it as text"),
    b"\xd0\xcf\x11\xe0": ("an old Word or Excel file, or one with a password", "save it as text"),
    b"{\\rtf": ("an RTF file", "save it as text"),
}
_PAGE = re.compile(r"\s*(<\?xml[^>]*>\s*|<!--.*?-->\s*)*(<!doctype html|<html)", re.I | re.S)
# What the bytes 80 to BF of UTF-8 look like when they are read as Windows-1252; not those that may
# well follow a letter: closing quotes, dashes, an ellipsis, a no-break space.
_AFTER = "\u0080-\u009f¡-ª¬-º¼-¿€‚ƒ„†‡ˆ‰Š‹ŒŽ‘“•˜™š›œžŸ"
_MOJIBAKE = re.compile(f"[ÂÃ][{_AFTER}\u00a0]|[ÄÅÆ][{_AFTER}]|á[º»][{_AFTER}]|â€[{_AFTER}’”]")
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def decode(raw: bytes, path: Path, declared: str | None = None) -> str:
    """Return the text of a file's bytes exactly as given, line ends included.

    With a byte-order mark, which alone is left out, the text is UTF-8, UTF-16 or UTF-32 as that
    says. Without, it is UTF-8 if it can be. What cannot is in the encoding it declares itself, as
    HTML does, or, with a warning that names the file, Windows-1252.
    """
    check_kind(raw, path)
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        if b"\0" in raw:
            raise _nul(raw, path)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        text = _decode_other(raw, path, error, declared)
    if found := _MOJIBAKE.search(text):
        warn(f"{path}: {found[0]!r} looks like UTF-8 decoded twice; counted as written")
    if lost := text.count("\ufffd"):
        say = number_of(lost, "sign was", "signs were") + " lost before it was saved"
        warn(f"{path}: {say}, and U+FFFD stands there; take it from its source")
    return text


def recoded(raw: bytes, path: Path, encoding: str) -> bytes:
    """Return bytes in a named encoding as UTF-8; a byte-order mark is believed before a name."""
    marks = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if not encoding or raw.startswith(marks):
        return raw
    try:
        return raw.decode(encoding).encode()
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        problem = f"byte {start} ({raw[start : start + 1]!r}) is not {encoding} text"
        line = raw.count(b"\n", 0, start) + 1
        raise InputError(problem, file=path, line=line, do="name its own encoding") from None
    except (LookupError, ValueError):
        do = "name it as Python does: cp1251, gb18030, shift_jis"
        raise InputError(f"encoding={encoding!r} is not known", do=do) from None


def check_kind(raw: bytes, path: Path, expected: str = "a text file", magic: bytes = b"") -> None:
    """Raise if a file begins like a known kind of file that is not what is expected here."""
    for known, (kind, advice) in _NOT_TEXT.items():
        if raw.startswith(known) and known != magic:
            raise InputError(f"this is {kind}, not {expected}", file=path, do=advice)


def looks_like_html(text: str) -> bool:
    """Return whether a text begins like a page of HTML."""
    return _PAGE.match(text) is not None


def _nul(raw: bytes, path: Path) -> InputError:
    first, second = (2 * half.count(0) > len(half) for half in (raw[::2], raw[1::2]))
    guess = "it may be binary"
    if first != second:  # Latin letters in two bytes each: one of the two is 0
        order = "big" if first else "little"
        guess = f"it looks like UTF-16 without its mark ({order}-endian)"
    problem = f"a NUL byte stands at byte {raw.index(0)}: {guess}"
    return InputError(problem, file=path, do="save it as UTF-8 text")


def _sample(text: str) -> str:
    """A few words around the first sign that a guess of the encoding decides."""
    first = next(place for place, sign in enumerate(text) if ord(sign) > 127)
    return " ".join(text[max(0, first - 10) : first + 20].split())


def _decode_other(raw: bytes, path: Path, error: UnicodeDecodeError, declared: str | None) -> str:
    """The text of bytes that are not in the encoding they should be in."""
    line = raw.count(b"\n", 0, error.start) + 1
    where = f"byte {error.start} ({raw[error.start : error.start + 1]!r})"
    encoding = declared or "cp1252"
    others = sum(byte > 127 for byte in _SEQUENCE.sub(b"", raw))
    if error.encoding != "utf-8":
        problem = f"{where} is not {error.encoding} text"
    elif len(_SEQUENCE.findall(raw)) >= others:
        problem = f"{where} is not UTF-8, while other characters are"
    else:
        try:
            text = raw.decode(encoding)
        except (UnicodeError, LookupError):
            problem = f"{where} is neither utf-8 nor {encoding} text"
        else:
            if declared is None:
                sample = _sample(text)
                say = f"{where} is not UTF-8; read as Windows-1252, as in {sample!r}; save it as "
                say += "UTF-8, or name its encoding"
                warn(f"{path}, line {line}: {say}")
            return text
    do = "save it as UTF-8, or name its encoding"
    raise InputError(problem, file=path, line=line, do=do) from None
