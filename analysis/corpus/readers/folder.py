"""A folder of article files, and the table that says what is known of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path

from analysis.corpus.readers.documents import FILES, read_file
from analysis.corpus.readers.tables import Row, named_rows
from analysis.errors import InputError, listing, warn

# A name with a folder, a drive, an address or an escape in it is not the name of a file here.
_PATH = re.compile(r"[/\\]|^\w:|^\.\.?$|%2[ef]", re.IGNORECASE)


def article_files(folder: Path) -> list[Path]:
    """Return the files of a folder that are articles by their endings, in the order of their names.

    Raises
    ------
    InputError
        If the folder cannot be read, or a name is not text or stands twice (é may be written as
        one character or as two).
    """
    try:
        files = [file for file in folder.iterdir() if file.suffix.lower() in FILES]
    except OSError as error:
        raise InputError(
            f"it cannot be read: {error.strerror}", file=folder, do="check its permissions"
        ) from None
    files.sort(key=lambda file: file.name)
    for file in files:
        if not file.name.isascii() and any("\ud800" <= sign <= "\udfff" for sign in file.name):
            raise InputError(
                f"the file name {file.name!a} is not UTF-8", file=folder, do="rename the file"
            )
    if alike := _groups(files, _name):
        raise InputError(
            f"{listing(file.name for file in alike[0])} are one name, written in two ways",
            file=folder,
            do="rename one",
        )
    return files


def read_folder(folder: Path, metadata: Path | None) -> Iterator[Row]:
    """Yield the articles of a folder: those its metadata lists, or all of them without."""
    files = article_files(folder)
    for alike in _groups(files, lambda file: _name(file).casefold()):
        names = listing(file.name for file in alike)
        warn(f"{folder}: {names} differ in case only; most computers will keep only one of them")
    if metadata is None:
        if not files:
            raise InputError(
                "the folder holds no article", file=folder, do=f"put {listing(FILES)} files there"
            )
        if same := _groups(files, lambda file: file.stem):
            raise InputError(
                f"{listing(file.name for file in same[0])} would both be {same[0][0].stem!r}",
                file=folder,
                do="rename one, or name them in the column doc_id of a metadata table",
            )
        for file in files:
            yield file, 1, {"doc_id": file.stem, "text": _text(file)}
        return
    by_name = {_name(file): file for file in files}
    lines: dict[str, int] = {}
    for line, row in named_rows(metadata, "file"):
        name = unicodedata.normalize("NFC", row.pop("file").strip())
        if name not in by_name:
            problem, advice = _no_file(name, folder, by_name)
            raise InputError(problem, file=metadata, line=line, do=advice)
        if lines.setdefault(name, line) != line:
            raise InputError(
                f"{name!r} stands on line {lines[name]} too",
                file=metadata,
                line=line,
                do="give each article one row",
            )
        doc_id = row.pop("doc_id", "").strip() or Path(name).stem
        yield metadata, line, {"doc_id": doc_id, **row, "text": _text(by_name[name])}
    if unlisted := [file.name for name, file in by_name.items() if name not in lines]:
        warn(f"{metadata} does not list {listing(unlisted)}; left out")


def _name(file: Path) -> str:
    return unicodedata.normalize("NFC", file.name)


def _groups(files: Iterable[Path], key: Callable[[Path], str]) -> list[list[Path]]:
    """The files that share a key with another."""
    groups = [list(group) for _, group in groupby(sorted(files, key=key), key)]
    return [group for group in groups if len(group) > 1]


def _no_file(name: str, folder: Path, names: Collection[str]) -> tuple[str, str]:
    """What is wrong with the name of a file that is not there, and what to do."""
    if not name:
        return "'file' is blank", "write the name of the article's file"
    if _PATH.search(name):
        return (
            f"it names {name!r}, which is outside the folder {folder}",
            "name a file in the folder itself, without a path or an address",
        )
    near = [known for known in names if Path(known).stem == Path(name).stem]
    if near := near or get_close_matches(name, names, n=1):
        advice = f"did you mean {near[0]!r}?"
    elif Path(name).suffix.lower() not in FILES:
        advice = f"an article is one of {listing(FILES)}"
    else:
        advice = f"the folder holds {listing(names) or 'no article'}"
    return f"it names {name!r}, which is not an article in {folder}", advice


def _text(file: Path) -> str:
    """The text of a file, if it stands in its folder: a link may not lead out of it."""
    leads_on = file.is_symlink() and file.exists()
    if leads_on and file.parent.resolve() not in file.resolve().parents:
        raise InputError(
            f"this link leads out of the folder, to {file.readlink()}",
            file=file,
            do="put the text itself into the folder",
        )
    return read_file(file)
