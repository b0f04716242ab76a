"""WordStat (``.cat``): indented names, ``WORD (1)`` for a pattern and its weight, _ for a space."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.errors import InputError
from analysis.topics.dictionary import Dictionary
from analysis.topics.formats.shared import (
    Category,
    Content,
    Format,
    Indented,
    levels,
    lines,
    squeeze,
)

_WEIGHT = re.compile(r"\s\(([-+]?[\d.,]+)\)$")


def looks_like(text: str) -> bool:
    """Return whether lines end with a weight and are not YAML."""
    weighted = [line for _, line in lines(text) if _WEIGHT.search(line.rstrip())]
    return bool(weighted) and not any(re.match(r"\s*(-\s|#|.*:\s)", line) for line in weighted)


def parse(text: str, path: Path) -> Content:
    """Return what a WordStat file holds; rules are left out by name."""
    categories: list[Category] = []
    by_path: dict[tuple[str, ...], Category] = {}
    indented = Indented()
    for number, line in lines(text):
        found = _WEIGHT.search(line.rstrip())
        if found is None:
            category = Category(indented.enter(line, squeeze(line)), number)
            categories.append(category)
            by_path[category.path] = category
            continue
        pattern = line[: found.start()].strip()
        if not re.fullmatch(r"\+?0*1([.,]0*)?", found[1]):
            problem = f"{pattern!r} has the weight {found[1]}"
            do = "only the weight 1 can be counted; remove the pattern or write (1)"
            raise InputError(problem, file=path, line=number, do=do)
        parent = by_path.get(indented.parent(line))
        if parent is None:
            do = "write the name of a category above it, indented less"
            raise InputError(f"{pattern!r} stands in no category", file=path, line=number, do=do)
        if not pattern.startswith("@"):  # not a rule, which is left out as it stands
            pattern = squeeze(pattern.replace("_", " "))
        parent.patterns.append((pattern, number))
    return Content(categories)


def write(dictionary: Dictionary) -> str:
    """Return the text of a WordStat file."""
    parts = []
    for depth, name, topic, _ in levels(dictionary.topics):
        parts.append("\t" * depth + f"{name}\n")
        for pattern in topic.core:
            parts.append("\t" * (depth + 1) + f"{pattern.replace(' ', '_')} (1)\n")
    return "".join(parts)


WORDSTAT = Format(parse, write, looks_like, endings=(".cat",), signs=("_", r"^\s*@"))
