"""How numbers and names are written in a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Values of a finding that a template chooses by, and what stands for an article: none has a name.
_CODES = ("status", "agreement", "carrier")


class Linked(int):
    """A count that leads somewhere: in a text it is the number, in a page a link."""

    anchor: str

    def __new__(cls, number: int, anchor: str) -> Linked:
        linked = super().__new__(cls, number)
        linked.anchor = anchor
        return linked


def called(value: Any, names: Mapping[str, str]) -> Any:
    """Return a value with every name in it as `names` has it; what has no name there stays.

    A group of several columns is called what its parts are.

    Examples
    --------
    >>> called({"name": "Italy, Post", "hits": 2}, {"Italy": "Italie"})
    {'name': 'Italie, Post', 'hits': 2}
    """
    if not names:
        return value
    if isinstance(value, str):
        parts = (names.get(part, part) for part in value.split(", "))
        return names.get(value) or ", ".join(parts)
    if isinstance(value, list):
        return [called(item, names) for item in value]
    if isinstance(value, dict):
        return {
            key: item
            if key in _CODES or (key, item) == ("unit", "article")
            else called(item, names)
            for key, item in value.items()
        }
    return value


def spelled(number: str, words: Mapping[str, Any]) -> str:
    """Return a number, written as in English, as a wording writes it.

    Examples
    --------
    >>> spelled("−49.9", {"numbers": [["[.]", ","]]})
    '−49,9'
    """
    for found, instead in words["numbers"]:
        number = re.sub(found, instead, number)
    return number


def label(topic: str) -> str:
    """Return a topic as people write it: ``defense_industry`` is "defense industry"."""
    return topic.replace("_", " ")


def heading(topic: str) -> str:
    """Return a topic as it begins a line: "Defense industry"."""
    return label(topic)[:1].upper() + label(topic)[1:]


def format_percent(share: float) -> str:
    """Return a share as whole per cent, or with the decimals that keep it from reading 0 or 100.

    Examples
    --------
    >>> format_percent(0.614), format_percent(0.004), format_percent(0.9999), format_percent(0.975)
    ('61 %', '0.4 %', '99.99 %', '98 %')
    """
    for digits in range(9):
        written = f"{100 * share:.{digits}f}"
        if float(written) not in (0, 100) or share in (0, 1):
            break
    return f"{written} %"


def format_level(level: float) -> str:
    """Return a confidence level exactly: ``0.975`` is "97.5 %"."""
    return f"{round(100 * level, 8):g} %"


def format_points(difference: float) -> str:
    """Return a difference of shares in percentage points, with one decimal and a true minus.

    Examples
    --------
    >>> format_points(0.171), format_points(-0.4987), format_points(-0.0001)
    ('17.1', '−49.9', '0.0')
    """
    return f"{round(100 * difference, 1) + 0.0:.1f}".replace("-", "\u2212")


def format_logits(slope: float) -> str:
    """Return a number of logits, with two decimals and a true minus: ``-0.5`` is "−0.50"."""
    return f"{round(slope, 2) + 0.0:.2f}".replace("-", "\u2212")


def format_p(p: float) -> str:
    """Return a p-value as it follows the letter p.

    Examples
    --------
    >>> format_p(1.0), format_p(0.0123), format_p(0.0001)
    ('= 1.00', '= .012', '< .001')
    """
    if p < 0.001:
        return "< .001"
    return f"= {p:.2f}" if p >= 0.1 else f"= {p:.3f}".replace("0.", ".")
