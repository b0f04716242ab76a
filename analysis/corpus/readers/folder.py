"""A folder of article files, and the table that says what is known of each."""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.groups import Row, names_of
from analysis.corpus.readers.files import BUNDLES, FILES, articles_of, is_system
from analysis.corpus.readers.named import NAMED, Failed, Named, check_alone, letting
from analysis.corpus.readers.tables import named_rows
from analysis.errors import InputError, InputWarning, listing, placed, warn

# A name with a folder, a drive, an address or an escape in it is not the name of a file here.
_PATH = re.compile(r"[/\\]|^\w:|^\.\.?$|%2[ef]", re.IGNORECASE)
_ENDINGS = {*FILES, *BUNDLES}
# Tables and settings that stand beside articles; they are no articles, and need no word.
_BESIDE = {".csv", ".tsv", ".jsonl", ".json", ".toml", ".yaml", ".yml", ".py", ".ipynb", ".md"}
# What people write about a folder.
_ABOUT = re.compile(r"(readme|licen[cs]e)(?![a-z])", re.IGNORECASE)


def article_files(
    folder: Path, listed: Collection[str] = (), *, subfolders: bool = False
) -> list[Path]:
    """Return the files of a folder that are articles, in the order of their names.

    A README, a licence and what computers put there are none, unless they are listed.
    """
    return _article_files(folder, listed, subfolders=subfolders)[0]


def with_subfolders(by: str | Sequence[str], metadata: Path | None) -> bool:
    """Return whether subfolders are read: where groups are formed by ``folder``, unlisted."""
    return metadata is None and "folder" in names_of(by)


def listed_files(metadata: Path | None) -> set[str]:
    """Return the names of files that a metadata table lists; its reader says what is odd in it."""
    if metadata is None:
        return set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        return {_normal(row["file"]) for _, row in named_rows(metadata, "file")}


def _article_files(
    folder: Path, listed: Collection[str], *, subfolders: bool
) -> tuple[list[Path], list[str]]:
    """The articles, and the names of the files and folders that are not read."""
    with placed(folder):
        there = [file for file in _there(folder) if _name(file) in listed or _may_be(file)]
        if subfolders:
            for inner in [file for file in there if file.suffix.lower() not in _ENDINGS]:
                if inner.is_dir() and not inner.is_symlink():
                    there.remove(inner)
                    there += _article_files(inner, (), subfolders=True)[0]
        files = [file for file in there if file.suffix.lower() in _ENDINGS]
        if listed:  # beside a table, what is in Markdown is a note, unless the table lists it
            files = [one for one in files if one.suffix.lower() != ".md" or _name(one) in listed]
        files.sort()
        for file in files:
            if any("\ud800" <= sign <= "\udfff" for sign in file.name):
                raise InputError(f"the file name {file.name!a} is not UTF-8", do="rename the file")
        if alike := _groups(files, lambda file: f"{file.parent}/{_name(file)}"):
            names = listing(file.name for file in alike[0])
            raise InputError(f"{names} are one name, written in two ways", do="rename one")
    about = {file for file in files if _ABOUT.match(file.name) and _name(file) not in listed}
    others = [file for file in there if file.suffix.lower() not in {*_ENDINGS, *_BESIDE}]
    unread = sorted(file.name for file in (*about, *others))
    return [file for file in files if file not in about], unread


def _there(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        problem = f"it cannot be read: {error.strerror}"
        raise InputError(problem, do="check its permissions") from None


def _may_be(file: Path) -> bool:
    return not (is_system(file.name) or file.name.startswith((".", "__")))


class Listed(NamedTuple):
    """An article file of a folder: its name, what is known of it, and where that stands."""

    file: Path
    doc_id: str
    known: Mapping[str, str]
    place: Path
    line: int | None = None


def read_folder(
    folder: Path, metadata: Path | None, *, encoding: str = "", subfolders: bool = False
) -> Iterator[Row]:
    """Yield the articles of a folder: those its metadata lists, or all of them without.

    A file may be an archive's download of many. What the metadata says of it holds for each, and
    before what the archive says.
    """
    yield from read_listed(folder_listing(folder, metadata, subfolders=subfolders), encoding)


def read_listed(
    files: Sequence[Listed], encoding: str = "", *, failed: Failed = None
) -> Iterator[Row]:
    """Yield the articles of some files of a folder."""
    for one in files:
        with letting(failed):
            for article in _articles(one.file, one.doc_id, encoding):
                if one.line is None:
                    yield one.place, None, {**one.known, **article}
                    continue
                said = {
                    key: value for key, value in one.known.items() if value or key not in article
                }
                yield one.place, one.line, {**article, **said, "text": article["text"]}


def folder_listing(
    folder: Path, metadata: Path | None, *, subfolders: bool = False
) -> list[Listed]:
    """Return the article files of a folder in their order, with what its metadata says of them."""
    table = [] if metadata is None else list(named_rows(metadata, "file"))
    listed = {_normal(row["file"]) for _, row in table}
    files, unread = _article_files(folder, listed, subfolders=subfolders)
    if unread:
        do = f"articles are {listing(FILES, most=20)} files; list a README if it is one"
        warn(f"{folder}: {listing(unread)} not read; {do}")
    for alike in _groups(files, lambda file: f"{file.parent}/{_name(file)}".casefold()):
        names = listing(file.name for file in alike)
        warn(f"{folder}: {names} differ in case only; most computers will keep only one of them")
    if metadata is None:
        return list(_unlisted(folder, files, subfolders=subfolders))
    by_name = {_name(file): file for file in files}
    lines: dict[str, int] = {}
    found = []
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
        found.append(Listed(by_name[name], doc_id, row, metadata, line))
    if unlisted := [file.name for name, file in by_name.items() if name not in lines]:
        warn(f"{metadata} does not list {listing(unlisted)}; left out")
    return found


def _unlisted(folder: Path, files: list[Path], *, subfolders: bool) -> Iterator[Listed]:
    if not files:
        do = f"put {listing(FILES, most=20)} files there"
        raise InputError("the folder holds no article", file=folder, do=do)
    if same := _groups(files, lambda file: _stem(file, folder)):
        names = listing(file.name for file in same[0])
        problem = f"{names} would both be {_stem(same[0][0], folder)!r}"
        do = "rename one, or name them in the column doc_id of a metadata table"
        raise InputError(problem, file=folder, do=do)
    for file in files:
        group = {"folder": file.relative_to(folder).parts[0]} if subfolders else {}
        if subfolders and file.parent == folder:
            do = "put it into one of the folders"
            raise InputError("it stands in no folder that could be its group", file=file, do=do)
        yield Listed(file, _stem(file, folder), group, file)


def _stem(file: Path, folder: Path) -> str:
    """The name of an article: of its file, after those of its folders."""
    return "_".join([*file.relative_to(folder).parts[:-1], file.stem])


def read_bundle(path: Path, metadata: Path | None, named: Named = NAMED) -> Iterator[Row]:
    """Yield the articles of one archive's download."""
    check_alone(path, metadata)
    for article in _articles(path, path.stem, named.encoding):
        if "archive" not in article:
            problem = "this is one article, and no archive's download that is known"
            raise InputError(problem, file=path, do="name the folder of the articles")
        yield path, None, article


def _articles(file: Path, doc_id: str, encoding: str) -> Iterator[dict[str, str]]:
    """The articles of a file, called by its name, and by their number if there are several."""
    found = _found(file, encoding)
    for one in found:
        number = f"_{int(one['item']):0{len(found[-1]['item'])}}" if len(found) > 1 else ""
        yield {"doc_id": doc_id + number, **one}


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
    elif Path(name).suffix.lower() not in _ENDINGS:
        advice = f"an article is one of {listing(FILES, most=20)}"
    else:
        advice = f"the folder holds {listing(names) or 'no article'}"
    return f"it names {name!r}, which is not an article in {folder}", advice


def _found(file: Path, encoding: str) -> list[dict[str, str]]:
    """What a file holds, if it stands in its folder: a link may not lead out of it."""
    leads_on = file.is_symlink() and file.exists()
    if leads_on and file.parent.resolve() not in file.resolve().parents:
        problem = f"this link leads out of the folder, to {file.readlink()}"
        raise InputError(problem, file=file, do="put the text itself into the folder")
    return articles_of(file, encoding=encoding)
