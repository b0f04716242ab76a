"""Reading files, and writing them so that they are whole: all old or all new.

Every reader here raises `InputError` with the file, what was found and what to do.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from analysis.errors import REFUSED, InputError, placed
from analysis.io.decoding import decode, looks_like_html, recoded

MAX_BYTES = 2_000_000_000  # of a table or a corpus in one file: it is held in memory


def read_text(path: Path, most: int = MAX_BYTES, *, encoding: str = "") -> str:
    """Return the text of a file exactly as given, line ends included; see `decode`."""
    return plain_text(recoded(read_bytes(path, most), path, encoding), path)


def plain_text(raw: bytes, path: Path) -> str:
    """Return the text of the bytes of a file, unless it is a page of HTML."""
    text = decode(raw, path)
    if looks_like_html(text):
        problem = "this is an HTML page, not a text file"
        raise InputError(problem, file=path, do="save its text, or name it .html")
    return text


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file, unpacked if it is a ``.gz``, or say why not."""
    with placed(path):
        try:
            check_regular(path)
            before = path.stat()
            if before.st_size > most:
                problem = f"it has {before.st_size} bytes, and at most {most} are read"
                raise InputError(problem, do="split it")
            raw = path.read_bytes()
            after = path.stat()
        except OSError as error:
            problem = f"it cannot be read: {error.strerror}"
            raise InputError(problem, do="check its name and permissions") from None
        if (before.st_size, before.st_mtime_ns) != (len(raw), after.st_mtime_ns):
            problem = "it changed while it was read"
            raise InputError(problem, do="wait until it is written, then run again")
        return _unpacked(raw, most) if path.suffix.lower() == ".gz" else raw


def _unpacked(raw: bytes, most: int) -> bytes:
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            unpacked = packed.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        problem = f"this is not a whole gzip file ({error})"
        raise InputError(problem, do="pack it anew") from None
    if len(unpacked) > most:
        raise InputError(f"it unpacks to more than {most} bytes", do="split it")
    return unpacked


def check_regular(path: Path) -> None:
    """Raise unless there is a regular file."""
    if "\0" in str(path):
        raise InputError("its name has a NUL character", do="write it without")
    if path.is_dir():
        raise InputError("this is a folder; a file is needed", do="name the file")
    if path.is_symlink() and not path.exists():
        problem = f"this link leads to {path.readlink()}, which does not exist"
        raise InputError(problem, do="mend or remove the link")
    if not path.exists():
        raise InputError("there is no such file", do="check the name and the folder")
    if not path.is_file():  # a pipe or a device would wait for ever
        raise InputError("this is not a regular file", do="name a file")


@contextmanager
def needing(extra: str, path: Path) -> Iterator[None]:
    """Say which extra to install if an import inside the block fails."""
    try:
        yield
    except ImportError:
        problem = f"{path.suffix} files need packages that are not installed"
        do = f"install them: pip install 'topic-emphasis[{extra}]'"
        raise InputError(problem, file=path, do=do) from None


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace_file(path: Path, text: str | Iterable[str]) -> None:
    """Write a text file, given at once or in parts, as `replace_bytes` does.

    Half of a surrogate pair becomes ``\\ud800``.
    """
    parts = [text] if isinstance(text, str) else text
    replace_bytes(path, (part.encode("utf-8", errors="backslashreplace") for part in parts))


def replace_bytes(path: Path, raw: bytes | Iterable[bytes]) -> None:
    """Write a file in one step: a reader finds the old or the new one, never half.

    Who writes the same file at the same time has a file of their own beside it; the last one stays.
    """
    beside = path.with_name(f".{uuid4().hex}.new")
    try:
        with beside.open("wb") as file:
            file.writelines([raw] if isinstance(raw, bytes) else raw)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        problem = f"it cannot be written: {error.strerror}"
        do = REFUSED.get(error.errno or 0, "name another file")
        raise InputError(problem, file=path, do=do) from None
    finally:
        if beside.exists():
            with suppress(OSError):
                beside.unlink()


def flush(path: Path) -> None:
    """Have a file, or a folder and all that is in it, on the disk itself."""
    if path.is_dir() and not path.is_symlink():
        for one in path.iterdir():
            flush(one)
    if not path.is_symlink():
        flush_one(path)


def flush_one(path: Path) -> None:
    """Have one file, or the list of what is in a folder, on the disk itself."""
    try:
        opened = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders; what may not be read was copied
        return
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
