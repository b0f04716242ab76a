"""Articles in Parquet: read row group by row group, never the file at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.corpus.groups import Row
from analysis.corpus.readers.named import Failed, Named, article_of, called, check_named, letting
from analysis.errors import InputError, placed
from analysis.io.files import check_regular, needing, read_bytes
from analysis.io.sheets import as_text

_ROWS = 64  # that are taken out at a time: a text that many rows have is packed once
_INDEX = re.compile(r"__index_level_\d+__")  # where pandas puts its index


def parquet_rows(
    path: Path,
    named: Named,
    *,
    group: int | None = None,
    first: int = 1,
    failed: Failed = None,
) -> Iterator[Row]:
    """Yield the articles of a Parquet file, or of one row group; the first row has a number."""
    number = first - 1
    with opened(path) as file:
        columns = [name for name in file.schema_arrow.names if not _INDEX.fullmatch(name)]
        with placed(path):
            check_named(columns, named)
            names = called(columns, named)
            for field in file.schema_arrow:
                _check_type(field, named)
        groups = None if group is None else [group]
        # Threads read ahead, and each holds memory of its own for good.
        chosen: dict[str, Any] = {"row_groups": groups, "columns": columns, "use_threads": False}
        for batch in file.iter_batches(_ROWS, **chosen):
            for row in batch.to_pylist():
                number += 1
                with letting(failed), placed(path, number):
                    if row[named.text] is None:
                        do = 'write "" for an article without text'
                        raise InputError(f"{named.text!r} is null", do=do)
                    known = {names[name]: as_text(value) for name, value in row.items()}
                    yield path, number, article_of(known, number, named)


def row_groups(path: Path) -> list[tuple[int, int, int]]:
    """Return of each row group of a Parquet file its rows, and where its bytes begin and end."""
    with opened(path) as file:
        found = []
        for number in range(file.num_row_groups):
            group = file.metadata.row_group(number)
            parts = [group.column(place) for place in range(group.num_columns)]
            begins = [
                min(filter(None, (part.dictionary_page_offset, part.data_page_offset)))
                for part in parts
            ]
            ends = [
                begin + part.total_compressed_size
                for begin, part in zip(begins, parts, strict=True)
            ]
            found.append((group.num_rows, min(begins), max(ends)))
        return found


def schema_of(path: Path) -> str:
    """Return the names and types of the columns of a Parquet file, as one text."""
    with opened(path) as file:
        return str(file.schema_arrow.remove_metadata())


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A Parquet file, opened; it is read as far as it is asked for, and a packed one at once."""
    with needing("parquet", path):
        import pyarrow
        from pyarrow import parquet
    packed = path.suffix.lower() == ".gz"
    with placed(path):
        check_regular(path)
    try:
        source = pyarrow.BufferReader(read_bytes(path)) if packed else path
        # Read piece by piece, and not a row group at once.
        with parquet.ParquetFile(source, buffer_size=1 << 20, pre_buffer=False) as file:
            yield file
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        problem = f"this is not a whole Parquet file ({' '.join(str(error).split())})"
        raise InputError(problem, file=path, do="write it anew") from None


def _check_type(field: Any, named: Named) -> None:
    """Raise unless a column holds texts, or, if it is a document variable, single values."""
    from pyarrow import types

    kind = field.type.value_type if types.is_dictionary(field.type) else field.type
    is_text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    single = types.is_primitive(kind) or types.is_decimal(kind) or types.is_null(kind)
    if not (is_text or (single and field.name != named.text)):
        problem = f"the column {field.name!r} holds {field.type}"
        raise InputError(problem, do="write it as texts")
