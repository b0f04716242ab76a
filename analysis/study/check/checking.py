"""Whether what is written is what the study gives now, and if not, what moved it.

Table
-----
check : one row a difference
    ``kind`` (input, software, record, finding, table, figure, file, notebook), ``what`` (the
    article, finding or file), ``where`` (a place in it: a cell, a line), ``was`` (as committed),
    ``is`` (as the study gives it now), ``because`` (what can have moved it).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.io.csv import read_table
from analysis.io.files import sha256
from analysis.io.swap import mend
from analysis.study.check.causes import (
    Change,
    changes,
    groups_of_articles,
    listed,
    moved,
    movers,
    paired,
    read_claims,
)
from analysis.study.check.differences import (
    ABSENT,
    CHANGED,
    PRESENT,
    RECORDED,
    Difference,
    of_notebooks,
    of_tables,
    of_texts,
    of_values,
)
from analysis.study.outputs import run
from analysis.study.record import of_notebook, part_of, read_record

if TYPE_CHECKING:
    from analysis.study.study import Study

COLUMNS = ["kind", "what", "where", "was", "is", "because"]
EDITED, MOVED = "edited since the run", "computed differently now"
Row = tuple[str, str, str, str, str, str]


def check(
    study: Study, *, notebooks: bool = True, progress: Callable[[str], None] = lambda message: None
) -> pd.DataFrame:
    """Return every difference between what is written and what the study gives now.

    Parameters
    ----------
    study : Study
        From `read_study`.
    notebooks : bool
        Whether to execute and compare the notebooks too.
    progress : callable
        Gets, in a few words, what is being done.

    Returns
    -------
    pandas.DataFrame
        See the module's description: first the inputs and the software that changed since the
        run, then what differs. Empty: all is as committed. Software that changed is no difference
        of its own: if nothing else has a row, what is written still holds.

    Raises
    ------
    InputError
        For bad input, as `run`.
    """
    target, books = study.settings.folder, study.settings.notebooks
    mend(target)
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary) / "fresh"
        again = study.anew(folder=fresh)
        run(again, notebooks=False, progress=progress)
        before, after = read_record(target), read_record(fresh)
        changed = changes(before, after, target, fresh)
        because = listed(changed)
        rows: list[Row] = [(c.kind, c.what, c.where, c.was, c.now, "") for c in changed]
        rows += _record(before, after)
        known = [again.documents, *_documents(target, part_of(before, "outputs"))]
        groups = groups_of_articles(known, study.by)
        rows += _findings(target, fresh, part_of(before, "outputs"), changed, groups)
        rows += _files(target, fresh, part_of(before, "outputs"), because)
    if notebooks and books is not None:
        rows += _notebooks(books, part_of(before, "notebooks"), because, progress)
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _record(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Row]:
    """What a run has to say of itself, beside its inputs and outputs."""
    if not before:
        yield "record", "run.json", "", "missing, or not to be read", "a record of the run", ""
        return
    for key in ("articles", "patterns", "warnings"):
        for where, was, now in of_values(before.get(key), after[key], key):
            yield "record", "run.json", where, was, now, ""


def _documents(folder: Path, recorded: Mapping[str, str]) -> Iterator[pd.DataFrame]:
    """The committed table of articles, as the run wrote it: where an article that is gone stood."""
    path = folder / "documents.csv"
    if path.is_file() and sha256(path) == recorded.get(path.name):
        yield read_table(path)


def _findings(
    folder: Path,
    fresh: Path,
    recorded: Mapping[str, str],
    changed: Sequence[Change],
    groups: Mapping[str, set[str]],
) -> Iterator[Row]:
    committed = folder / "findings.json"
    old, new = read_claims(committed), read_claims(fresh / committed.name)
    if not old:
        return  # the file itself has a row
    edited = recorded.get(committed.name) not in (None, sha256(committed))
    for name, (was, now) in paired(old, new).items():
        causes = [EDITED if edited else "", movers(changed, groups, (was, now))]
        because = "; ".join(filter(None, causes))
        for where, one, other in moved(was, now):
            yield "finding", name, where, one, other, because


def _files(folder: Path, fresh: Path, recorded: Mapping[str, str], because: str) -> Iterator[Row]:
    there, made = _names(folder), _names(fresh)
    names = made | set(recorded)
    kinds = {".csv": "table", ".svg": "figure", ".png": "figure"}
    order = ["table", "figure", "file"]
    ranked = sorted((order.index(kinds.get(Path(name).suffix, "file")), name) for name in names)
    for rank, name in ranked:
        if name == "run.json":
            continue
        kind, old, new = order[rank], folder / name, fresh / name
        if name not in there | made:
            yield "record", "run.json", f"outputs, {name}", PRESENT, ABSENT, ""
        elif name not in there:
            why = "removed since the run" if name in recorded else "not made by the run"
            yield kind, name, "", ABSENT, PRESENT, why
        elif name not in made:
            yield kind, name, "", PRESENT, ABSENT, _why("not made any more", because)
        else:
            hash_then, hash_was, hash_is = recorded.get(name), sha256(old), sha256(new)
            edited = hash_then not in (None, hash_was)
            if hash_was == hash_is:
                if edited:
                    yield "record", "run.json", f"outputs, {name}", "another hash", "its hash", ""
                continue
            causes = [
                EDITED if edited else "",
                _why(MOVED, because) if hash_then != hash_is else "",
            ]
            why = " and ".join(filter(None, causes))
            for where, was, now in _within(kind, old, new):
                yield kind, name, where, was, now, why


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()


def _why(what: str, because: str) -> str:
    return f"{what} ({because})" if because else what


def _within(kind: str, old: Path, new: Path) -> list[Difference]:
    if kind == "table":
        return of_tables(old, new)
    if kind == "figure" or old.name == "findings.json":  # its findings have rows of their own
        return [("", RECORDED, CHANGED)]
    try:
        lines, lines_now = (path.read_text(encoding="utf-8").split("\n") for path in (old, new))
    except ValueError:
        return [("", "not text", "text")]
    return of_texts(lines, lines_now) or [("", "the same lines", "written otherwise")]


def _notebooks(
    folder: Path, recorded: Mapping[str, Any], because: str, progress: Callable[[str], None]
) -> Iterator[Row]:
    from analysis.study.notebooks import execute

    paths = {path.name: path for path in folder.glob("*.ipynb")}
    for name in sorted({*paths, *recorded}):
        if name not in paths:
            yield "notebook", name, "", ABSENT, PRESENT, "removed since the run"
            continue
        progress(f"executing {name}")
        now, failed = "", ""
        try:
            now = execute(paths[name])
        except RuntimeError as error:
            failed = str(error)
        committed = paths[name].read_text(encoding="utf-8")
        if committed != now:
            why = _stale(part_of(recorded, name), committed, because)
            found = [("", "executed", failed)] if failed else of_notebooks(committed, now)
            for where, was, is_now in found:
                yield "notebook", name, where, was, is_now, why


def _stale(recorded: Mapping[str, Any], committed: str, because: str) -> str:
    """Why the outputs of a notebook are not what its cells give."""
    here = of_notebook(committed)
    if recorded and here["code"] != recorded.get("code"):
        return "its code was changed and not executed since the run"
    if recorded and here["file"] != recorded.get("file"):
        return EDITED
    return _why(MOVED, because)
