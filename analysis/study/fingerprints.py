"""Short hashes in a run's record, by which a later run tells what has changed since.

Each is 16 hexadecimal digits of a SHA-256: enough to notice a change, short enough for a record
of many articles.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.topics.dictionary import Dictionary

PACKAGE = Path(__file__).parents[1]
SOURCE = (".py", ".pyi", ".toml", ".mplstyle", ".html", ".css", ".csv")


def fingerprint(value: Any) -> str:
    """Return 16 hexadecimal digits that stand for a value of texts, numbers, lists and mappings.

    Examples
    --------
    >>> fingerprint("Wind grows."), fingerprint("Wind grow.")
    ('7e59e071b2d85690', '32e69f5598b9c121')
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:16]


def of_code(package: Path = PACKAGE) -> str:
    """Return the fingerprint of the package's own source: its modules and the tables they read.

    The dictionaries and the template of a study are no code: the one in use is an input. Line
    ends do not count, so that a copy made on another system is the same code.
    """
    content = {}
    for path in package.rglob("*"):
        place = path.relative_to(package)
        own = not {"data", "template"} & {*place.parts}
        if own and path.suffix in SOURCE:
            lines = path.read_bytes().replace(b"\r\n", b"\n")
            content[place.as_posix()] = hashlib.sha256(lines).hexdigest()
    return fingerprint(content)


def of_articles(documents: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the fingerprints of each article's text, and of what is known of it, by ``doc_id``.

    Examples
    --------
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
