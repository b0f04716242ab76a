"""Reading and writing files: text in any usual encoding, TOML, CSV, and writes that are whole.

Every reader here raises `InputError` with the file, the line, what was found and what to do.
Written files are all old or all new: see `replace_folder`.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
import re
import shutil
import tempfile
import time
import tomllib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from analysis.errors import InputError, listing, warn

# First bytes of files that are often renamed to .txt, and what they are.
_NOT_TEXT = {b"%PDF": "a PDF", b"PK\x03\x04": "a zip, docx or xlsx file", b"\x1f\x8b": "gzip data"}
_MOJIBAKE = re.compile("\u00c3[\u0080-\u00bf]|\u00e2\u20ac[\u2122\u0153\u009d\u201c\u201d]")
_HTML = re.compile(r"\s*(<!doctype html|<html)", re.IGNORECASE)


def read_text(path: Path) -> str:
    """Return the text of a file exactly as given, line ends included.

    UTF-8 and UTF-16 with a byte-order mark are read as they are; anything else that is not
    UTF-8 is read as Windows-1252 with a warning that names the file. Only the byte-order mark
    is left out.

    Raises
    ------
    InputError
        If the file is missing, unreadable, not a regular file, or not text.
    """
    raw = read_bytes(path)
    for magic, kind in _NOT_TEXT.items():
        if raw.startswith(magic):
            raise InputError(f"this is {kind}, not a text file", file=path, do="save it as text")
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
        if b"\0" in raw:
            raise InputError(
                f"a NUL byte stands at byte {raw.index(0)}",
                file=path,
                do="save it as UTF-8 text (it may be binary, or UTF-16 without its mark)",
            )
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        text = _decode_western(raw, path, error)
    if _HTML.match(text):
        raise InputError("this is an HTML page, not a text file", file=path, do="save its text")
    if found := _MOJIBAKE.search(text):
        warn(f"{path}: {found[0]!r} looks like UTF-8 decoded twice; counted as written")
    return text


def _decode_western(raw: bytes, path: Path, error: UnicodeDecodeError) -> str:
    line = raw.count(b"\n", 0, error.start) + 1
    where = f"byte {error.start} ({raw[error.start : error.start + 1]!r})"
    try:
        if error.encoding != "utf-8":
            raise error
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        raise InputError(
            f"{where} is not {error.encoding} text", file=path, line=line, do="save it as UTF-8"
        ) from None
    warn(f"{path}, line {line}: {where} is not UTF-8; read as Windows-1252; save it as UTF-8")
    return text


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file, or say why they cannot be read."""
    if path.is_dir():
        raise InputError("this is a folder; a file is needed", file=path, do="name the file")
    if path.is_symlink() and not path.exists():
        raise InputError(
            f"this link leads to {path.readlink()}, which does not exist",
            file=path,
            do="mend or remove the link",
        )
    if not path.exists():
        raise InputError("there is no such file", file=path, do="check the name and the folder")
    if not path.is_file():  # a pipe or a device would wait for ever
        raise InputError("this is not a regular file", file=path, do="name a file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"it cannot be read: {error.strerror}", file=path, do="check its permissions"
        ) from None


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file; a syntax error names its line."""
    return parse_toml(read_text(path), path)


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return the content of the text of a TOML file."""
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        last = text.rstrip().count("\n") + 1
        problem = re.sub(r" \(at .*\)$", "", str(error))
        advice = {
            "Illegal character '\\n'": "close the quotes",
            "Invalid value": "put texts in quotes",
        }
        raise InputError(
            problem,
            file=path,
            line=int(found[1]) if found else last,
            do=advice.get(problem, "mend the TOML there"),
        ) from None
    except RecursionError:
        raise InputError("its lists stand too deep", file=path, do="write plain lists") from None


def line_of(path: Path, word: str) -> int | None:
    """Return the line of a TOML file that `word` stands on, for error messages.

    A key or the name of a table comes before a mention in a value; comments do not count.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = [re.sub(r"(^|\s)#.*", "", line) for line in text.split("\n")]
    word = re.escape(word)
    key, mention = (
        rf"\s*(\[+([\w.-]+\.)?\"?{word}\"?\]|\"?{word}\"?\s*=)",
        rf"(?<![\w-]){word}(?![\w-])",
    )
    for find in (re.compile(key).match, re.compile(mention).search):
        for number, line in enumerate(lines, 1):
            if find(line):
                return number
    return None


def check_keys(found: Mapping[str, Any], known: Mapping[str, Any], where: str, path: Path) -> None:
    """Raise if a TOML table has a key that is not known; the message lists those that are."""
    for key in found:
        if key not in known:
            near = get_close_matches(key, list(known), n=1)
            raise InputError(
                f"{where} has an unknown key {key!r}",
                file=path,
                line=line_of(path, key),
                do=(f"did you mean {near[0]!r}? " if near else "")
                + f"known keys are {listing(known, most=20)}",
            )


def read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and the rows of a CSV file, each row with the line it begins on.

    Cells are text and nothing else: ``NA`` is a name and ``001`` an identifier.

    Raises
    ------
    InputError
        If the file is empty, a column name is blank or doubled, a row is longer or shorter than
        the header, or a quote is never closed.
    """
    text = read_text(path)
    header: list[str] = []
    rows: list[tuple[int, list[str]]] = []
    limit = csv.field_size_limit(2**31 - 1)  # a whole article may stand in one cell
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header([cell.strip() for cell in cells], path, line)
                continue
            if len(cells) != len(header):
                raise InputError(
                    f"{len(cells)} values stand under {len(header)} column names",
                    file=path,
                    line=line,
                    do='write one value a column, and quotes around a value with a comma: "a, b"',
                )
            rows.append((line, cells))
    except csv.Error as error:
        raise InputError(
            f"this row is not CSV ({error})", file=path, line=begins, do="check its quotes"
        ) from None
    finally:
        csv.field_size_limit(limit)
    if not header:
        raise InputError("the file is empty", file=path, do="write a header and one row an article")
    return header, rows


def _header(names: list[str], path: Path, line: int) -> list[str]:
    if len(names) == 1 and re.search(r"[;\t]", names[0]):
        raise InputError(
            "the columns are separated by semicolons or tabs",
            file=path,
            line=line,
            do="save the table as CSV with commas",
        )
    for name in names:
        if not name or names.count(name) > 1:
            problem = f"the column name {name!r} stands twice" if name else "a column has no name"
            raise InputError(problem, file=path, line=line, do="give each column its own name")
    return names


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


_FORGOTTEN = 3600  # seconds after which another run's folder is taken for left behind


@contextmanager
def replace_folder(target: Path, outdated: Collection[str] = ()) -> Iterator[Path]:
    """Give an empty folder to write into; when all is well it becomes `target`, else it goes.

    The new folder is complete before the old one moves, so a reader finds all old or all new
    files, never a mix. Files in the old folder that are not written anew (a researcher's own)
    are carried over, except those named in `outdated`. A run that was killed between the two
    renames is mended by the next one.

    Yields
    ------
    pathlib.Path
        The folder to write into, beside `target`.
    """
    target = target.resolve()
    if target.exists() and not target.is_dir():
        raise InputError("the output folder is a file", file=target, do="name another folder")
    old = target.with_name(f".{target.name}.old")
    if old.exists() and not target.exists():
        old.rename(target)  # a run was killed between its two renames
    home = next(parent for parent in target.parents if parent.exists())
    for left in home.glob(f".{target.name}.new-*"):  # by a run that was killed
        if time.time() - left.stat().st_mtime > _FORGOTTEN:
            shutil.rmtree(left, ignore_errors=True)
    try:
        new = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=home))
    except OSError as error:
        raise InputError(
            f"the output folder cannot be written: {error.strerror}",
            file=target,
            do="name another folder",
        ) from None
    try:
        yield new
        if target.exists():
            for kept in target.iterdir():
                if kept.name not in outdated and not (new / kept.name).exists():
                    _carry(kept, new / kept.name)
        shutil.rmtree(old, ignore_errors=True)
        new.chmod(target.stat().st_mode if target.exists() else 0o777 & ~_umask())
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            target.rename(old)
        new.rename(target)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _carry(source: Path, goal: Path) -> None:
    if source.is_dir() and not source.is_symlink():
        shutil.copytree(source, goal, symlinks=True)
    else:
        shutil.copy2(source, goal, follow_symlinks=False)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def replace_file(path: Path, text: str) -> None:
    """Write a text file in one step: a reader finds the old or the new one, never half."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
