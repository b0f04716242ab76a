"""Results kept on disk as Parquet: whole or not there, and known for what they are.

A kept file is named ``<what it was made from>-<what it holds>.parquet``, both as the first 32
digits of a SHA-256. One that was cut off, or in which a byte changed, does not hold what its name
says, and is not used. Nothing is ever pickled.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd

from analysis.io.files import replace_bytes

_DIGITS = 32
Columns = tuple[Sequence[str], Sequence[str]]  # of texts, of whole numbers
_PART, _TEXT, _NUMBER = "part", "text_", "number_"


def to_parquet(parts: dict[str, pd.DataFrame], columns: dict[str, Columns]) -> bytes:
    """Return tables of texts and whole numbers as the bytes of one Parquet file.

    Its columns are called by their place, so that no name of a table's own is in the way.

    >>> parts = {"status": pd.DataFrame({"party": ["Green"], "articles": [2]})}
    >>> columns = {"status": (["party"], ["articles"])}
    >>> from_parquet(to_parquet(parts, columns), columns)["status"]
       party  articles
    0  Green         2
    """
    import pyarrow
    from pyarrow import parquet

    texts, numbers = (max(len(names[kind]) for names in columns.values()) for kind in (0, 1))
    made: dict[str, list[pyarrow.Array]] = {_PART: []}
    for name, part in parts.items():
        keys, counts = columns[name]
        made[_PART].append(pyarrow.repeat(name, len(part)))
        for place in range(texts):
            own = part[keys[place]].astype(object) if place < len(keys) else [""] * len(part)
            column = pyarrow.array(own, pyarrow.string())
            made.setdefault(f"{_TEXT}{place}", []).append(column)
        for place in range(numbers):
            known = part[counts[place]].to_numpy(np.int64) if place < len(counts) else None
            column = pyarrow.array(np.zeros(len(part), np.int64) if known is None else known)
            made.setdefault(f"{_NUMBER}{place}", []).append(column)
    table = pyarrow.table({name: pyarrow.chunked_array(own) for name, own in made.items()})
    file = io.BytesIO()
    parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def from_parquet(raw: bytes, columns: dict[str, Columns]) -> dict[str, pd.DataFrame]:
    """Return the tables that `to_parquet` wrote."""
    import pyarrow
    from pyarrow import compute, parquet

    table = parquet.read_table(pyarrow.BufferReader(raw))
    found = {}
    for name in compute.unique(table[_PART]).to_pylist():
        part = table.filter(compute.equal(table[_PART], name))
        keys, counts = columns[name]
        own = {key: part[f"{_TEXT}{place}"] for place, key in enumerate(keys)}
        own |= {key: part[f"{_NUMBER}{place}"] for place, key in enumerate(counts)}
        found[name] = pyarrow.table(own).to_pandas()
    return found


@contextmanager
def lean_memory() -> Iterator[None]:
    """Have pyarrow take memory from the C library, whose free memory can be given back."""
    import pyarrow

    before = pyarrow.default_memory_pool()
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    try:
        yield
    finally:
        pyarrow.set_memory_pool(before)


def free_memory() -> None:
    """Give back what pyarrow and the C library hold for later use, and have no use for now."""
    import pyarrow

    pyarrow.default_memory_pool().release_unused()
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Any:
    """What gives free memory back, where the C library is glibc; others do so on their own."""
    import ctypes

    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None


def keep(folder: Path, key: str, raw: bytes) -> Path:
    """Write bytes under what they were made from, and return the file."""
    path = folder / f"{key[:_DIGITS]}-{hashlib.sha256(raw).hexdigest()[:_DIGITS]}.parquet"
    replace_bytes(path, raw)
    return path


def kept(folder: Path, key: str) -> Path | None:
    """Return the file that was made from this, if it is there and whole.

    One that is not whole is removed: its like will be made again.
    """
    for path in sorted(folder.glob(f"{key[:_DIGITS]}-*.parquet")):
        if is_whole(path):
            return path
        path.unlink(missing_ok=True)
    return None


def is_whole(path: Path) -> bool:
    """Whether a kept file is there and holds what its name says."""
    return path.is_file() and path.stem.endswith(f"-{_digest(path)}")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:_DIGITS]


class RowsWriter:
    """Writes tables with the same columns, one after another, into one kept file."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.key, self.rows = folder, key[:_DIGITS], 0
        self._path = folder / f".{self.key}-{os.getpid()}-{uuid4().hex}.new"
        self._file: Any = None

    def write(self, rows: pd.DataFrame) -> None:
        """Add the rows of a table, if it has any."""
        import pyarrow
        from pyarrow import parquet

        if rows.empty:
            return
        lists = {"patterns": pyarrow.list_(pyarrow.string())}
        lists["spans"] = pyarrow.list_(pyarrow.list_(pyarrow.int64()))
        table = pyarrow.table(
            {
                name: pyarrow.array(_listed(rows[name]), lists[name])
                if name in lists
                else pyarrow.array(rows[name])
                for name in rows.columns
            }
        )
        if self._file is None:
            self._file = parquet.ParquetWriter(self._path, table.schema, compression="zstd")
        self._file.write_table(table)
        self.rows += len(rows)

    def finish(self) -> Path | None:
        """Give the file its name, once it is whole, and return it; None if there is no row."""
        if self._file is None:
            return None
        self._file.close()
        path = self.folder / f"{self.key}-{_digest(self._path)}.parquet"
        self._path.replace(path)
        return path

    def close(self) -> None:
        """Remove what is not whole."""
        if self._file is not None:
            self._file.close()
        self._path.unlink(missing_ok=True)


def _listed(column: pd.Series) -> list[Any]:
    return [[list(one) if isinstance(one, tuple) else one for one in cell] for cell in column]


def read_rows(paths: Sequence[Path], wanted: Mapping[str, Sequence[str]]) -> Iterator[pd.DataFrame]:
    """Yield a table without a row, then the rows that have one of the wanted values, in order."""
    from pyarrow import compute, dataset

    chosen = None
    for name, values in wanted.items():
        one = compute.field(name).isin(list(values))
        chosen = one if chosen is None else chosen & one
    if not paths:
        return
    table = dataset.dataset([str(path) for path in paths], format="parquet")
    yield table.schema.empty_table().to_pandas()
    for batch in table.to_batches(filter=chosen):
        if batch.num_rows:
            yield batch.to_pandas()
