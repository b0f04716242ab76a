"""What a run says of itself in ``run.json``: what it was made from, by what, and what came out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import __version__
from analysis.corpus.status import status_counts
from analysis.estimates.prior import Prior
from analysis.io.code import fingerprint, of_code
from analysis.io.files import sha256
from analysis.topics.dictionary import Dictionary

if TYPE_CHECKING:
    from analysis.study.settings import Settings
    from analysis.study.study import Study

_UNSAID: tuple[tuple[str, Any], ...] = (
    *(("text", "text"), ("id", "doc_id"), ("excel", False)),
    *(("wording", "english"), ("names", {}), ("prior", Prior())),
    *(("hand", ()), ("sample", None), ("note", "")),
)
PACKAGES = ("matplotlib", "numpy", "nupunkt", "pandas", "scikit-learn", "scipy")


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
    audited = study.audit()
    return {
        "analysis": __version__,
        "code": of_code(),
        "packages": {name: version(name) for name in PACKAGES},
        "unicode": unicodedata.unidata_version,
        "settings": told_settings(chosen),
        "articles": status_counts(study.document_status),
        # A pattern that fits nowhere has 0 matches and 0 lost places in audit.csv.
        "patterns": {
            "in_the_dictionary": len(audited),
            "that_fit_nowhere": int((audited[["matches", "lost"]] == 0).all(axis=1).sum()),
        },
        "warnings": [_homeless(warning, home) for warning in warnings],
        "inputs": {
            _relative(path, home): sha256(path) for path in sorted({*study.inputs, *chosen.files})
        },
        **of_articles(study.documents),
        "dictionary": of_dictionary(study.dictionary),
    }


def told_settings(chosen: Settings) -> dict[str, Any]:
    """Return the settings of a study, as its record has them."""
    settings = {
        key: _told(value, chosen.home)
        for key, value in vars(chosen).items()
        # What is written in the folder is the same wherever that is; defaults need no mention.
        if key != "folder" and (key, value) not in _UNSAID
    }
    if "prior" in settings:
        settings["prior"] = {"rho": chosen.prior.rho, "df": chosen.prior.df}
    return settings


def _homeless(message: str, home: Path) -> str:
    """A message whose paths begin in the study's folder, wherever that is."""
    return re.sub(rf"(?<![^\s'\"(]){re.escape(str(home))}[/\\]", "", message)


def _told(value: Any, home: Path) -> Any:
    """A setting, its paths beginning in the study's folder."""
    if isinstance(value, tuple):
        return [_told(one, home) for one in value]
    return _relative(value, home) if isinstance(value, Path) else value


def _relative(path: Path, home: Path) -> str:
    try:
        return path.resolve().relative_to(home.resolve()).as_posix()
    except ValueError:
        return path.name  # outside the study: its folder is nobody's business


def of_articles(documents: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the fingerprints of each article's text, and of what is known of it, by ``doc_id``.

    >>> of_articles(pd.DataFrame({"doc_id": ["a"], "party": ["Green"], "text": ["Wind grows."]}))
    {'texts': {'a': '7e59e071b2d85690'}, 'variables': {'a': '5ff8f24569bbe5a4'}}
    """
    ids = list(documents["doc_id"])
    known = documents.drop(columns=["doc_id", "text"]).to_dict("records")
    return {
        "texts": dict(zip(ids, map(fingerprint, documents["text"]), strict=True)),
        "variables": dict(zip(ids, map(fingerprint, known), strict=True)),
    }


def of_dictionary(dictionary: Dictionary) -> dict[str, Any]:
    """Return the fingerprints of each topic's patterns by tier, and of what all topics share.

    Descriptions and examples do not count: no number rests on them.
    """
    shared = (dictionary.name, dict(dictionary.variants), dict(dictionary.lists))
    return {
        "topics": {
            topic.name: {
                part: fingerprint(sorted(getattr(topic, part)))
                for part in ("core", "broad", "exclude")
            }
            # Only where there is one: so studies without a context keep their fingerprints.
            | (
                {"context": fingerprint([topic.context_within, *sorted(topic.context)])}
                if topic.context
                else {}
            )
            for topic in dictionary.topics
        },
        "shared": fingerprint([*shared, dictionary.exclusive]),
    }


def of_notebook(text: str) -> dict[str, str]:
    """Return the fingerprints of a notebook's file and of the code in it."""
    return {"file": fingerprint(text), "code": fingerprint(code_of(json.loads(text)))}


def code_of(notebook: Mapping[str, Any]) -> list[str]:
    """Return the sources of the code cells of a notebook."""
    cells = [cell for cell in notebook.get("cells", []) if cell["cell_type"] == "code"]
    return ["".join(cell["source"]) for cell in cells]
