"""What lies in an output folder and is not as a run left it: a researcher's own, never lost."""

from __future__ import annotations

import hashlib
import shutil
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.errors import InputError, listing
from analysis.io.files import sha256

_RECORD = "run.json"  # names all others by their hashes, so not itself


def check_unedited(folder: Path, recorded: Mapping[str, Any], *, overwrite: bool) -> None:
    """Raise if a file of the last run was edited, for the next run would replace it."""
    for path in folder.rglob("*") if folder.exists() else ():
        kind = path.lstat().st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind) or stat.S_ISLNK(kind)):
            problem = "this is a pipe, socket or device, and the folder is replaced as a whole"
            raise InputError(problem, file=path, do="move it elsewhere")
    there = {name: folder / name for name in recorded}
    edited = [name for name, path in there.items() if path.is_file() and not _is(path, recorded)]
    if not overwrite:
        _refuse(folder, edited, "edited since the last run")


def keep(folder: Path, new: Path, recorded: Mapping[str, Any], *, overwrite: bool) -> None:
    """Copy what is a researcher's own from an output folder into the one that takes its place.

    What has the name of a file that is written anew is refused, unless `overwrite`.
    """
    lost = []
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        made = new / path.name
        if path.name == _RECORD or _is(path, recorded):
            continue
        if made.exists():
            if not (path.is_file() and made.is_file() and sha256(path) == sha256(made)):
                lost.append(path.name)
        elif path.name in recorded:
            lost.append(path.name)
        elif path.is_dir() and not path.is_symlink():
            shutil.copytree(path, made, symlinks=True)
        else:
            shutil.copy2(path, made, follow_symlinks=False)
    if not overwrite:
        _refuse(folder, lost, "no files of the last run, and would be replaced")


def _refuse(folder: Path, names: Iterable[str], why: str) -> None:
    if names := list(names):
        raise InputError(
            f"{listing(names)}: {why}",
            file=folder,
            do="copy them into another folder, then run again with --overwrite (overwrite=True)",
        )


def _is(path: Path, recorded: Mapping[str, Any]) -> bool:
    """Whether a file is as the run left it; other line ends, as Git may make them, are no edit."""
    if not path.is_file() or path.is_symlink() or path.name not in recorded:
        return False
    raw = path.read_bytes()
    hashes = [hashlib.sha256(one).hexdigest() for one in (raw, raw.replace(b"\r\n", b"\n"))]
    return recorded[path.name] in hashes
