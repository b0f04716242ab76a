"""Reading and writing files: text in any usual encoding, TOML, CSV, and writes that are whole.

Every reader here raises `InputError` with the file, the line, what was found and what to do.
Written files are all old or all new: see `replace_folder`.
"""

from __future__ import annotations

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
from analysis.io.decoding import decode, looks_like_html

MAX_BYTES = 2_000_000_000  # of a table or a corpus in one file: it is held in memory


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """Return the text of a file exactly as given, line ends included; see `decode`.

    Raises
    ------
    InputError
        If the file is missing, unreadable, not a regular file, larger than `most` bytes, or not
        text.
    """
    text = decode(read_bytes(path, most), path)
    if looks_like_html(text):
        raise InputError(
            "this is an HTML page, not a text file",
            file=path,
            do="save its text, or name it .html",
        )
    return text


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file, or say why they cannot be read."""
    try:
        _check_regular(path)
        before = path.stat()
        if before.st_size > most:
            raise InputError(
                f"it has {before.st_size} bytes, and at most {most} are read",
                file=path,
                do="split it",
            )
        raw = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise InputError(
            f"it cannot be read: {error.strerror}", file=path, do="check its name and permissions"
        ) from None
    if (before.st_size, before.st_mtime_ns) != (len(raw), after.st_mtime_ns):
        raise InputError(
            "it changed while it was read", file=path, do="wait until it is written, then run again"
        )
    return raw


def _check_regular(path: Path) -> None:
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


@contextmanager
def needing(extra: str, path: Path) -> Iterator[None]:
    """Say which extra to install if an import inside the block fails."""
    try:
        yield
    except ImportError:
        raise InputError(
            f"{path.suffix} files need packages that are not installed",
            file=path,
            do=f"install them: pip install 'topic-emphasis[{extra}]'",
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


def line_of(path: Path, word: str, table: str = "") -> int | None:
    """Return the line of a TOML file that `word` stands on, for error messages.

    A key or the name of a table comes before a mention in a value; comments do not count. Of a word
    that several tables have, `table` says in which, if its head has a line of its own.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = [re.sub(r"(^|\s)#.*", "", line) for line in text.split("\n")]
    heads = [number for number, line in enumerate(lines, 1) if line.strip() == f"[{table}]"]
    before = heads[0] if heads else 0
    word = re.escape(word)
    key, mention = (
        rf"\s*(\[+([\w.-]+\.)?\"?{word}\"?\]|\"?{word}\"?\s*=)",
        rf"(?<![\w-]){word}(?![\w-])",
    )
    for find in (re.compile(key).match, re.compile(mention).search):
        for number, line in enumerate(lines[before:], before + 1):
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
                if len(cells) > 1:
                    warn(f"{path}, line {line}: a row of empty cells is left out")
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
    if len(names) == 1 and (found := re.search(r"[;\t]", names[0])):
        raise InputError(
            f"the columns are separated by {'tabs' if found[0] == chr(9) else 'semicolons'}",
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
    """Write a text file in one step: a reader finds the old or the new one, never half.

    Half of a surrogate pair, which no file can hold, is written as ``\\ud800``.
    """
    replace_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def replace_bytes(path: Path, raw: bytes) -> None:
    """Write a file in one step: a reader finds the old or the new one, never half.

    Raises
    ------
    InputError
        If the file cannot be written; the old one stays.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(raw)
        beside.replace(path)
    except OSError as error:
        raise InputError(
            f"it cannot be written: {error.strerror}", file=path, do="name another file"
        ) from None
    finally:
        beside.unlink(missing_ok=True)
