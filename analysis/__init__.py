"""Compare how much texts about different groups emphasise chosen topics.

The public names stand in ``__init__.pyi``, by what they are for. Each is imported when it is
first used, so that the command line answers before pandas and scikit-learn are loaded.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.1.0"

_STUB = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")
_HOME = {
    name: module
    for module, names in re.findall(r"^from (\S+) import (\([^)]*\)|.*)$", _STUB, re.MULTILINE)
    for name in re.findall(r"(\w+) as ", names)
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'analysis' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
