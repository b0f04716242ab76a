"""An archive in parts: which parts it has, what is in one, and by what its bytes are known.

A shard is a row group of a Parquet file, so many lines of a JSON-lines file, so many files of a
folder, a few sittings of ParlaMint, or any other file that `read_articles` reads. It is a few
numbers, which travel to another process cheaply; its articles are read there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.groups import Row
from analysis.corpus.readers import READERS, TABLES
from analysis.corpus.readers.folder import (
    Listed,
    article_files,
    folder_listing,
    listed_files,
    read_listed,
    with_subfolders,
)
from analysis.corpus.readers.named import Failed, Named, kind_of
from analysis.corpus.readers.parlamint import (
    is_parlamint,
    read_speeches,
    read_with,
    speech_files,
)
from analysis.corpus.readers.parquet import parquet_rows, row_groups, schema_of
from analysis.corpus.readers.tables import jsonl_rows
from analysis.errors import InputError, listing, placed
from analysis.io.decoding import decode, recoded
from analysis.io.files import check_regular

_BLOCK = 1 << 24  # bytes that are looked through for the ends of lines at a time
SITTINGS = 20  # of ParlaMint at a time: some thousand speeches
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # marks of UTF-16 and UTF-32, where a byte is no sign


class Shard(NamedTuple):
    """A part of an archive: a row group, a range of lines, some files, or a file as a whole."""

    path: Path
    kind: str  # group, lines, files, speeches, file
    number: int = 0  # of the row group
    first: int = 1  # the number of its first row or line in the file
    begin: int = 0  # where its bytes begin and end
    end: int = 0
    files: tuple[Listed, ...] = ()
    beside: tuple[Path, ...] = ()  # more files that its own are read with

    def __str__(self) -> str:
        if self.kind == "group":
            return f"{self.path}, row group {self.number}"
        if self.kind == "lines":
            return f"{self.path}, from line {self.first} on"
        return f"{self.path}, from {self.files[0].file.name} on" if self.files else str(self.path)


class Cut(NamedTuple):
    """How an archive is read and cut: names of columns, metadata, and the size of a shard."""

    named: Named = Named()
    metadata: Path | None = None
    by: tuple[str, ...] = ()
    lines: int = 10_000
    files: int = 1_000


def shards_of(path: Path, cut: Cut) -> list[Shard]:
    """Return the shards of a file or folder, in its order.

    A folder holds sittings of ParlaMint, article files, or else tables (Parquet, JSON lines, ...):
    then each of them is read as a file of its own.
    """
    if not path.is_dir():
        return list(_shards_of_file(path, cut))
    if cut.metadata is None and is_parlamint(path):
        return list(_sittings(path, cut.files))
    deep = with_subfolders(cut.by, cut.metadata)
    if not article_files(path, listed_files(cut.metadata), subfolders=deep):
        tables = sorted(one for one in path.iterdir() if _is_table(one))
        if tables and cut.metadata is None:
            return [shard for table in tables for shard in _shards_of_file(table, cut)]
    found = folder_listing(path, cut.metadata, subfolders=deep)
    return [
        Shard(path, "files", files=tuple(found[place : place + cut.files]))
        for place in range(0, len(found), cut.files)
    ]


def _sittings(folder: Path, most: int) -> Iterator[Shard]:
    paths, most = speech_files(folder), min(most, SITTINGS)
    for place in range(0, len(paths), most):
        part = paths[place : place + most]
        others = dict.fromkeys(one for path in part for one in read_with(folder, path)[1:])
        beside = [one for one in others if one.is_file()]  # who reads says what is lacking
        files = tuple(Listed(path, path.stem, {}, path) for path in part)
        yield Shard(folder, "speeches", files=files, beside=tuple(beside))


def _is_table(path: Path) -> bool:
    return not path.name.startswith((".", "_")) and kind_of(path) in TABLES


def _shards_of_file(path: Path, cut: Cut) -> Iterator[Shard]:
    with placed(path):
        check_regular(path)
        kind, packed = kind_of(path), path.suffix.lower() == ".gz"
        if kind not in READERS:
            do = f"name a folder, or one of {listing(list(READERS)[1:], most=20)}"
            raise InputError(f"{kind or path.name!r} is not a kind of corpus", do=do)
    if kind == ".parquet" and not packed:
        first = 1
        for number, (rows, begin, end) in enumerate(row_groups(path)):
            if rows:
                yield Shard(path, "group", number, first, begin, end)
            first += rows
    elif kind == ".jsonl" and not packed and _has_lines(path, cut.named.encoding):
        yield from _ranges(path, cut.lines)
    else:
        yield Shard(path, "file", end=path.stat().st_size)


def _has_lines(path: Path, encoding: str) -> bool:
    """Whether the byte of a line feed is one, as it is but in UTF-16 and UTF-32."""
    with path.open("rb") as file:
        wide = file.read(2) in _WIDE
    return not wide and not encoding.lower().replace("-", "").startswith(("utf16", "utf32"))


def _ranges(path: Path, lines: int) -> Iterator[Shard]:
    """The shards of a file of lines, each of so many; what is blank at its end is left out."""
    last = _end_of(path)
    if not last:
        raise InputError("the file is empty", file=path, do="write an article a line")
    begin, first, seen, place = 0, 1, 0, 0
    with path.open("rb") as file:
        while place < last:
            block, end = file.read(min(_BLOCK, last - place)), -1
            while (end := block.find(b"\n", end + 1)) >= 0:
                seen += 1
                if seen == lines:
                    yield Shard(path, "lines", 0, first, begin, place + end + 1)
                    begin, first, seen = place + end + 1, first + lines, 0
            place += len(block)
    yield Shard(path, "lines", 0, first, begin, last)


def _end_of(path: Path) -> int:
    """Where the last byte of a file that is not blank ends."""
    place = path.stat().st_size
    with path.open("rb") as file:
        while place:
            begin = max(0, place - _BLOCK)
            file.seek(begin)
            if kept := file.read(place - begin).rstrip():
                return begin + len(kept)
            place = begin
    return 0


def rows_of(shard: Shard, cut: Cut, failed: Failed = None) -> Iterator[Row]:
    """Yield the articles of a shard, as `read_articles` would read them in the whole."""
    if shard.kind == "group":
        yield from parquet_rows(
            shard.path, cut.named, group=shard.number, first=shard.first, failed=failed
        )
    elif shard.kind == "files":
        yield from read_listed(shard.files, cut.named.encoding, failed=failed)
    elif shard.kind == "speeches":
        yield from read_speeches(shard.path, [one.file for one in shard.files], failed)
    elif shard.kind == "file":
        yield from READERS[kind_of(shard.path)](shard.path, cut.metadata, cut.named)
    else:
        raw = _bytes(shard).removesuffix(b"\n").removesuffix(b"\r")
        try:
            # One encoding for every part of a file: none is guessed from a part.
            text = decode(recoded(raw, shard.path, cut.named.encoding or "utf-8"), shard.path)
        except InputError as error:
            line = shard.first + (error.line or 1) - 1
            raise InputError(error.problem, file=shard.path, line=line, do=error.do) from None
        yield from jsonl_rows(text, shard.path, cut.named, first=shard.first, failed=failed)


def _bytes(shard: Shard) -> bytes:
    with shard.path.open("rb") as file:
        file.seek(shard.begin)
        return file.read(shard.end - shard.begin)


def bytes_of(shard: Shard) -> str:
    """Return the SHA-256 of what a shard is read from: its bytes, and where they stand.

    The place counts where articles are called by their number.
    """
    found = hashlib.sha256()
    if shard.files:
        for one in shard.files:
            about = [one.file.name, one.doc_id, dict(one.known), one.line is None]
            found.update(json.dumps(about).encode())
            found.update(hashlib.sha256(one.file.read_bytes()).digest())
        for path in shard.beside:
            found.update(hashlib.sha256(path.read_bytes()).digest())
        return found.hexdigest()
    if shard.kind == "group":
        found.update(schema_of(shard.path).encode())
    found.update(f"{shard.kind} {shard.first} {shard.path.suffix}\n".encode())
    with shard.path.open("rb") as file:
        file.seek(shard.begin)
        left = shard.end - shard.begin
        while left and (block := file.read(min(left, _BLOCK))):
            found.update(block)
            left -= len(block)
    return found.hexdigest()


def stamp_of(shard: Shard) -> Sequence[tuple[int, int]]:
    """Return size and time of the files of a shard: what shows that one changed meanwhile."""
    paths = [*(one.file for one in shard.files), *shard.beside] or [shard.path]
    return [(found.st_size, found.st_mtime_ns) for found in (path.stat() for path in paths)]
