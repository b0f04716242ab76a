"""A folder of article files, and the table that says what is known of each."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path

from analysis.corpus.groups import Row
from analysis.corpus.readers.files import FILES, read_file
from analysis.corpus.readers.tables import named_rows
from analysis.errors import InputError, InputWarning, listing, placed, warn

# A name with a folder, a drive, an address or an escape in it is not the name of a file here.
_PATH = re.compile(r"[/\\]|^\w:|^\.\.?$|%2[ef]", re.IGNORECASE)
# What computers put into folders, and what people write about a folder.
_SYSTEM = re.compile(r"\._|~\$|(thumbs\.db|\.ds_store)$", re.IGNORECASE)
_ABOUT = re.compile(r"(readme|licen[cs]e)(?![a-z])", re.IGNORECASE)


def article_files(folder: Path, listed: Collection[str] = ()) -> list[Path]:
    """Return the files of a folder that are articles, in the order of their names.

    A README, a licence and what computers put there are none, unless they are listed.
    """
    return _article_files(folder, listed)[0]


def listed_files(metadata: Path | None) -> set[str]:
    """Return the names of files that a metadata table lists; its reader says what is odd in it."""
    if metadata is None:
        return set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        return {_normal(row["file"]) for _, row in named_rows(metadata, "file")}


def _article_files(folder: Path, listed: Collection[str]) -> tuple[list[Path], list[str]]:
    """The articles, and the names of the files that are only about the folder."""
    with placed(folder):
        try:
            files = [file for file in folder.iterdir() if file.suffix.lower() in FILES]
        except OSError as error:
            problem = f"it cannot be read: {error.strerror}"
            raise InputError(problem, do="check its permissions") from None
        files = [file for file in files if _name(file) in listed or not _SYSTEM.match(file.name)]
        files.sort(key=lambda file: file.name)
        for file in files:
            if any("\ud800" <= sign <= "\udfff" for sign in file.name):
                raise InputError(f"the file name {file.name!a} is not UTF-8", do="rename the file")
        if alike := _groups(files, _name):
            names = listing(file.name for file in alike[0])
            raise InputError(f"{names} are one name, written in two ways", do="rename one")
    about = [file for file in files if _ABOUT.match(file.name) and _name(file) not in listed]
    return [file for file in files if file not in about], [file.name for file in about]


def read_folder(folder: Path, metadata: Path | None) -> Iterator[Row]:
    """Yield the articles of a folder: those its metadata lists, or all of them without."""
    table = [] if metadata is None else list(named_rows(metadata, "file"))
    files, about = _article_files(folder, {_normal(row["file"]) for _, row in table})
    if about:
        do = "list it in a metadata table if it is an article"
        warn(f"{folder}: {listing(about)} not read; {do}")
    for alike in _groups(files, lambda file: _name(file).casefold()):
        names = listing(file.name for file in alike)
        warn(f"{folder}: {names} differ in case only; most computers will keep only one of them")
    if metadata is None:
        yield from _unlisted(folder, files)
        return
    by_name = {_name(file): file for file in files}
    lines: dict[str, int] = {}
    for line, row in table:
        name = _normal(row.pop("file"))
        with placed(metadata, line):
            if name not in by_name:
                problem, advice = _no_file(name, folder, by_name)
                raise InputError(problem, do=advice)
            if lines.setdefault(name, line) != line:
                problem = f"{name!r} stands on line {lines[name]} too"
                raise InputError(problem, do="give each article one row")
        doc_id = row.pop("doc_id", "").strip() or Path(name).stem
        yield metadata, line, {"doc_id": doc_id, **row, "text": _text(by_name[name])}
    if unlisted := [file.name for name, file in by_name.items() if name not in lines]:
        warn(f"{metadata} does not list {listing(unlisted)}; left out")


def _unlisted(folder: Path, files: list[Path]) -> Iterator[Row]:
    if not files:
        do = f"put {listing(FILES)} files there"
        raise InputError("the folder holds no article", file=folder, do=do)
    if same := _groups(files, lambda file: file.stem):
        names = listing(file.name for file in same[0])
        problem = f"{names} would both be {same[0][0].stem!r}"
        do = "rename one, or name them in the column doc_id of a metadata table"
        raise InputError(problem, file=folder, do=do)
    for file in files:
        yield file, 1, {"doc_id": file.stem, "text": _text(file)}


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


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
        problem = f"this link leads out of the folder, to {file.readlink()}"
        raise InputError(problem, file=file, do="put the text itself into the folder")
    return read_file(file)
