"""Which columns of a table hold the texts and the names of articles, and what is wrong there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from analysis.corpus.units import RESERVED
from analysis.errors import InputError, listing, near, nearest, warn
from analysis.io.csv import check_names
from analysis.io.sheets import check_signs

# What columns of texts and of names are called elsewhere, the most telling first.
TEXTS = ("text", "body", "content", "fulltext", "full_text", "speech", "transcript", "article")
IDS = ("doc_id", "id", "docid", "document_id", "article_id", "speech_id", "uid")


# What hears of an article that cannot be read and is left out; without, that is an error.
Failed = Callable[[InputError], None] | None


@contextmanager
def letting(failed: Failed) -> Iterator[None]:
    """Tell of an error inside to whom it concerns, and go on; raise it if that is nobody."""
    try:
        yield
    except InputError as error:
        if failed is None:
            raise
        failed(error)


class Named(NamedTuple):
    """Which columns of a table hold the texts and the names of the articles; its encoding."""

    text: str = "text"
    id: str = "doc_id"
    encoding: str = ""  # of a file that is text, if it is not UTF-8


NAMED = Named()


def named_like(names: Sequence[str], known: Sequence[str]) -> str:
    """Return the column that is called as columns of its kind often are, or nothing."""
    plain = {name.strip().casefold().replace(" ", "_"): name for name in reversed(names)}
    return next((plain[name] for name in known if name in plain), "")


def check_named(names: Sequence[str], needed: str | Named) -> None:
    """Raise unless what is named is there, and every name is one."""
    named = needed if isinstance(needed, Named) else Named(text=needed)
    if named.text not in names:
        raise InputError(f"there is no column {named.text!r}", do=_advice(names, needed))
    if named.id not in names and named.id != "doc_id":
        do = f"{near(named.id, names)}the columns are {listing(names, most=20)}"
        raise InputError(f"there is no column {named.id!r}", do=do)
    check_names(names)
    unnamed = isinstance(needed, Named) and "doc_id" == named.id not in names
    if unnamed and (like := named_like(names, IDS)):
        do = f'to call them by {like!r}, rename it to doc_id, or write id = "{like}"'
        warn(f"there is no column 'doc_id', so articles are called by their number; {do}")


def called(
    names: Sequence[str], needed: str | Named, before: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Return what columns are called in the documents: as in the file, where that is free.

    A variable ``topic`` becomes ``document_topic``: the tables have a column ``topic`` of their
    own. `before` has the columns that are there already.
    """
    named = needed if isinstance(needed, Named) else Named(text=needed)
    own = {*RESERVED, "text", "doc_id"} - {named.text, named.id}
    found = {name: f"document_{name}" if name in own else name for name in names}
    every = [*{**before, **found}.values()]
    if twice := [name for name in found.values() if every.count(name) > 1]:
        problem = f"the column {twice[0].removeprefix('document_')!r} would be read as {twice[0]!r}"
        raise InputError(f"{problem}, and there is one of that name", do="rename one of the two")
    if other := [name for name in names if found[name] != name]:
        now = listing((repr(found[name]) for name in other), most=20)
        was = listing(map(repr, other), most=20)
        warn(f"the tables have columns {was} of their own; yours are called {now}")
    return found


def _advice(names: Sequence[str], needed: str | Named) -> str:
    columns = f"the columns are {listing(names, most=20)}"
    if isinstance(needed, str):
        meant = nearest(needed, names)
        return f"rename {meant!r}? {columns}" if meant else columns
    if needed.text != "text":
        return f"{near(needed.text, names)}{columns}"
    if meant := nearest("text", names) or named_like(names, TEXTS):
        return f"rename {meant!r} to 'text', or write text = \"{meant}\"; {columns}"
    return f'say which column has the texts, as in text = "body"; {columns}'


def check_alone(path: Path, metadata: Path | None) -> None:
    """Raise if a corpus in one file is given a table of metadata."""
    if metadata is not None:
        problem = f"a {kind_of(path)} corpus holds its own metadata"
        raise InputError(problem, file=metadata, do="leave metadata out")


def article_of(row: dict[str, str], number: int, named: Named) -> dict[str, str]:
    check_signs([*row, *row.values()])
    doc_id = row.pop(named.id, "").strip() or str(number)
    text = row.pop(named.text)
    return {"doc_id": doc_id, **row, "text": text}


def kind_of(path: Path) -> str:
    """Return the ending of a file in small letters; that before ``.gz`` if it is packed.

    >>> kind_of(Path("speeches.CSV.gz"))
    '.csv'
    """
    packed = path.suffix.lower() == ".gz"
    return (path.with_suffix("") if packed else path).suffix.lower()
