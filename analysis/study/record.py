"""What a run says of itself in ``run.json``: what it was made from, by what, and what came out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import __version__
from analysis.corpus.readers.folder import article_files
from analysis.corpus.status import status_counts
from analysis.estimates.intervals import Prior
from analysis.io.files import sha256
from analysis.study.fingerprints import of_articles, of_code, of_dictionary

if TYPE_CHECKING:
    from analysis.study.study import Study

_UNSAID = (("wording", "english"), ("names", {}), ("prior", Prior()))
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


def made_of(study: Study, warnings: Iterable[str]) -> dict[str, Any]:
    """Return what made the output: settings, versions, and a hash of every file that was read.

    Nothing that differs between two machines with the same packages and Python stands in it.
    """
    chosen, home = study.settings, study.settings.home
    files = set(chosen.files)
    if chosen.articles is not None:
        folder = chosen.articles.is_dir()
        files |= set(article_files(chosen.articles)) if folder else {chosen.articles}
    settings = {
        key: _relative(value, home) if isinstance(value, Path) else value
        for key, value in vars(chosen).items()
        # What is written in the folder is the same wherever that is; defaults need no mention.
        if key != "folder" and (key, value) not in _UNSAID
    }
    if "prior" in settings:
        settings["prior"] = {"rho": chosen.prior.rho, "df": chosen.prior.df}
    audited = study.audit()
    return {
        "analysis": __version__,
        "code": of_code(),
        "packages": {name: version(name) for name in PACKAGES},
        "unicode": unicodedata.unidata_version,
        "settings": settings,
        "articles": status_counts(study.document_status),
        # A pattern that fits nowhere has 0 matches and 0 lost places in audit.csv.
        "patterns": {
            "in_the_dictionary": len(audited),
            "that_fit_nowhere": int((audited[["matches", "lost"]] == 0).all(axis=1).sum()),
        },
        "warnings": [_homeless(warning, home) for warning in warnings],
        "inputs": {_relative(path, home): sha256(path) for path in sorted(files)},
        **of_articles(study.documents),
        "dictionary": of_dictionary(study.dictionary),
    }


def _homeless(message: str, home: Path) -> str:
    """A message whose paths begin in the study's folder, wherever that is."""
    return re.sub(rf"(?<![^\s'\"(]){re.escape(str(home))}[/\\]", "", message)


def _relative(path: Path, home: Path) -> str:
    try:
        return path.resolve().relative_to(home.resolve()).as_posix()
    except ValueError:
        return path.name  # outside the study: its folder is nobody's business
