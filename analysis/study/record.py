"""What a run says of itself in ``run.json``: what it was made from, by what, and what came out."""

from __future__ import annotations

import json
import re
import unicodedata
import warnings
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis import __version__
from analysis.corpus.readers.folder import article_files, listed_files
from analysis.corpus.status import status_counts
from analysis.io.files import sha256
from analysis.study.fingerprints import of_articles, of_code, of_dictionary
from analysis.study.settings import Study
from analysis.study.tables import Tables

PACKAGES = ("ahocorasick_rs", "matplotlib", "numpy", "nupunkt", "pandas", "scikit-learn", "scipy")


def read_record(folder: Path) -> dict[str, Any]:
    """Return what the last run recorded in an output folder; empty if that cannot be read."""
    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):  # the last: brackets within brackets
        return {}
    return record if isinstance(record, dict) else {}


def part_of(record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a mapping in a record by its name; empty if there is none."""
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def made_of(
    study: Study, tables: Tables, noted: Iterable[warnings.WarningMessage]
) -> dict[str, Any]:
    """Return what made the output: settings, versions, and a hash of every file that was read.

    Nothing that differs between two machines with the same packages and Python stands in it.

    Parameters
    ----------
    study : Study
        From `read_study`.
    tables : Tables
        What was computed from it.
    noted : iterable of warnings.WarningMessage
        The warnings of the run.
    """
    home = study.path.parent
    inputs = [study.path, study.metadata, study.boilerplate, study.roles, study.dictionary]
    inputs += [study.wording] if isinstance(study.wording, Path) else []
    files = {path for path in inputs if path is not None}
    if study.articles.is_dir():
        files |= set(article_files(study.articles, listed_files(study.metadata)))
    else:
        files.add(study.articles)
    settings = {
        key: _relative(value, home) if isinstance(value, Path) else value
        for key, value in vars(study).items()
        # What is written in the folder is the same wherever that is. English goes without saying.
        if key != "folder" and (key, value) not in (("wording", "english"), ("names", {}))
    }
    return {
        "analysis": __version__,
        "code": of_code(),
        "packages": {name: version(name) for name in PACKAGES},
        "unicode": unicodedata.unidata_version,
        "settings": settings,
        "articles": status_counts(tables.document_status),
        # A pattern that fits nowhere has 0 matches and 0 lost places in audit.csv.
        "patterns": {
            "in_the_dictionary": len(tables.audit),
            "that_fit_nowhere": int((tables.audit[["matches", "lost"]] == 0).all(axis=1).sum()),
        },
        "warnings": [_homeless(str(warning.message), home) for warning in noted],
        "inputs": {_relative(path, home): sha256(path) for path in sorted(files)},
        **of_articles(tables.documents),
        "dictionary": of_dictionary(tables.dictionary),
    }


def _homeless(message: str, home: Path) -> str:
    """A message whose paths begin in the study's folder, wherever that is."""
    return re.sub(rf"(?<![^\s'\"(]){re.escape(str(home))}[/\\]", "", message)


def _relative(path: Path, home: Path) -> str:
    try:
        return path.resolve().relative_to(home.resolve()).as_posix()
    except ValueError:
        return path.name  # outside the study: its folder is nobody's business
