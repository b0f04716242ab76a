"""Fingerprints: of values, and of this package's own source.

A fingerprint is 16 hexadecimal digits of a SHA-256: enough to notice a change, short enough for
a record of many articles.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1]
SOURCE = (".py", ".pyi", ".toml", ".mplstyle", ".html", ".css", ".csv")


def fingerprint(value: Any) -> str:
    """Return 16 hexadecimal digits that stand for a value of texts, numbers, lists and mappings.

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
