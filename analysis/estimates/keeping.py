"""A shard counted, or its result found on disk: what is finished is never counted again.

A result is kept under what it was made from: the bytes of the shard, the dictionary, the settings
and the code that counts.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.readers.shards import Shard, bytes_of, stamp_of
from analysis.errors import InputError
from analysis.estimates.counting import Counter
from analysis.estimates.sums import Parts
from analysis.estimates.workers import Done, Trail, versions
from analysis.io.kept import RowsWriter, free_memory, from_parquet, is_whole, keep, kept, to_parquet

_SAME_NUMBERS = {"Python", "numpy", "pandas"}  # whose version moves no count
_NOT_COUNTED = {"lines", "files", "metadata"}  # settings that a result does not depend on


@dataclass(frozen=True, eq=False, repr=False)  # a function, by which a scheduler names its task
class CountShard:
    """What is done with a shard, wherever that is: count it, unless its result is kept."""

    counter: Counter
    folder: Path | None
    made: str

    @classmethod
    def of(cls, counter: Counter, folder: Path | None) -> CountShard:
        """Return the work for an archive, which keeps results in a folder of these settings."""
        made = settings_of(counter)
        return cls(counter, None if folder is None else folder / made[:16], made)

    @property
    def evidence(self) -> Path:
        """The folder of the evidence."""
        assert self.folder is not None
        return self.folder / "evidence"

    def parts(self, raw: bytes) -> Parts:
        """Return the parts in a result."""
        return from_parquet(raw, self.counter.reading.columns(self.counter.by))

    def __call__(self, number: int, shard: Shard, trail: Path) -> Done:
        """Return the result of a shard; what is kept is written before it is reported."""
        if self.folder is None:
            return Done(number, self._count(shard, None, Trail(trail)), False)
        stamp = stamp_of(shard)
        key = hashlib.sha256(f"{self.made} {bytes_of(shard)}".encode()).hexdigest()
        if (path := kept(self.folder / "tallies", key)) is not None:
            raw = path.read_bytes()
            named = self.parts(raw).get("evidence", pd.DataFrame({"file": []}))["file"]
            if all(is_whole(self.evidence / name) for name in named):
                return Done(number, raw, True)
        for folder in (self.folder / "tallies", self.evidence):
            folder.mkdir(parents=True, exist_ok=True)
        writer = RowsWriter(self.evidence, key) if self.counter.reading.evidence else None
        try:
            raw = self._count(shard, writer, Trail(trail))
        finally:
            if writer is not None:
                writer.close()
        if stamp_of(shard) != stamp:
            problem = "it changed while it was read"
            raise InputError(problem, file=str(shard), do="wait until it is written, then go on")
        keep(self.folder / "tallies", key, raw)
        return Done(number, raw, False)

    def _count(self, shard: Shard, writer: RowsWriter | None, trail: Trail) -> bytes:
        trail.check(shard, leave_out=self.counter.reading.failing != "raise")
        parts = self.counter.count(shard, writer, trail=trail)
        if writer is not None and (path := writer.finish()) is not None:
            row = {"file": [path.name], "rows": [writer.rows]}
            parts = {**parts, "evidence": pd.DataFrame(row)}
        trail.end()
        free_memory()  # else what many shards leave behind adds up
        return to_parquet(parts, self.counter.reading.columns(self.counter.by))


def settings_of(counter: Counter) -> str:
    """Return what stands for everything but the files that a result is made from."""
    own = {name: found for name, found in versions().items() if name not in _SAME_NUMBERS}
    return hashlib.sha256(json.dumps([_told(counter), own]).encode()).hexdigest()


def _told(value: Any) -> Any:
    """A value as lists and texts that say all of it."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in fields(value) if one.name not in _NOT_COUNTED]
        return [(name, _told(getattr(value, name))) for name in names]
    if isinstance(value, re.Pattern):
        return [value.pattern, value.flags]
    if isinstance(value, Mapping):
        return [(_told(key), _told(one)) for key, one in value.items()]
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Sequence):
        return [_told(one) for one in value]
    if callable(value):
        return _told_of_function(value)
    return repr(value)


def _told_of_function(value: Any) -> Any:
    """The name and source of a function; or of the class of an object that is called, and more."""
    named: Any = value
    state: Any = ""
    if not hasattr(value, "__qualname__"):
        named, state = type(value), getattr(value, "__dict__", {}) or repr(value)
    try:
        source = inspect.getsource(named)
    except (OSError, TypeError):  # of C, or typed where no source is kept
        source = ""
    return [f"{named.__module__}.{named.__qualname__}", source, _told(state)]
