"""What other tools can hold of a dictionary: plain core patterns, and a warning for all else."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import replace
from itertools import product, zip_longest
from pathlib import Path

from analysis.corpus.folding import fold
from analysis.errors import InputError, InputWarning, listing, number_of, warn
from analysis.topics.dictionary import Dictionary, Topic
from analysis.topics.formats.shared import Format, kind_of, squeeze
from analysis.topics.matching import Matcher

MAX_WRITTEN_OUT = 2000  # patterns that lists and variants may become


def plain(dictionary: Dictionary, format: str, kind: Format, path: Path) -> Dictionary:
    """Return core patterns only, lists and variants written out, after a warning a topic."""
    matcher = Matcher({}, dictionary.variants, {})
    lists = {
        fold(name).text: tuple(fold(phrase).text.strip() for phrase in phrases)
        for name, phrases in dictionary.lists.items()
    }
    room = MAX_WRITTEN_OUT
    topics = []
    for topic in dictionary.topics:
        core: dict[str, str] = {}  # by folded pattern
        left: list[str] = []
        more = 0
        for pattern in topic.core:
            forms = [] if kind_of(pattern) else _forms(pattern, lists, matcher, room)
            if not forms or any(kind.foreign.search(fold(form).text) for form in forms):
                left.append(pattern)
                continue
            for form in forms:
                core.setdefault(fold(form).text.strip(), form)
            more += len(forms) - 1
            room -= len(forms) - 1
        if lost := _lost(topic, left, kind):
            warn(f"{path}: {format} cannot hold of topic {topic.name!r}: {'; '.join(lost)}")
        if more:
            warn(
                f"{path}: topic {topic.name!r} gets {number_of(more, 'more pattern')}: "
                "its lists and variants are written out"
            )
        if not core:
            problem = f"topic {topic.name!r} has no pattern that {format} can hold"
            raise InputError(problem, file=path, do="write it as TOML")
        description = squeeze(topic.description) if "description" in kind.holds else ""
        topics.append(Topic(topic.name, tuple(core.values()), description=description))
    if "name" not in kind.holds and dictionary.name != path.stem:
        warn(f"{path}: {format} cannot hold the name {dictionary.name!r}; the file's name is taken")
    if dictionary.exclusive:
        warn(f"{path}: {format} cannot hold that the dictionary is exclusive")
    return Dictionary(dictionary.name, tuple(topics))


def _lost(topic: Topic, left: list[str], kind: Format) -> list[str]:
    """Say what a format loses of a topic."""
    parts = {
        "core patterns": left,
        "broad patterns": topic.broad,
        "exclude patterns": topic.exclude,
        "context patterns": topic.context,
        "examples": topic.match + topic.no_match,
    }
    lost = [
        f"{len(patterns)} {part} ({listing(map(repr, patterns))})"
        for part, patterns in parts.items()
        if patterns
    ]
    if topic.description and "description" not in kind.holds:
        lost.append("its description")
    return lost


def _forms(
    pattern: str, lists: Mapping[str, tuple[str, ...]], matcher: Matcher, room: int
) -> list[str]:
    """Return the patterns without lists and variants that match what one pattern matches."""
    folded = fold(pattern).text.strip()
    pieces = re.split(r"\{([^{}]+)\}", folded)  # every other one is the name of a list
    choices = [lists.get(one, ()) if place % 2 else (one,) for place, one in enumerate(pieces)]
    forms: list[str] = []
    if few := math.prod(map(len, choices)) - 1 <= room:
        for form in map("".join, product(*choices)):
            spellings = matcher.spellings(form)
            forms += [squeeze(pattern) if form == folded else form, *spellings[1:]]
    if not few or len(forms) - 1 > room:
        problem = f"{pattern!r} becomes too many patterns when lists and variants are written out"
        do = f"at most {MAX_WRITTEN_OUT} may be added; write the dictionary as TOML"
        raise InputError(problem, do=do)
    return forms


def check_written(dictionary: Dictionary, text: str, format: str, kind: Format, path: Path) -> None:
    """Raise unless a text reads back as the topics it was written from."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", InputWarning)
            read = kind.read(text, path).topics
        problems = [
            f"topic {one.name!r} would be read as {other!r}" if one else "there are other topics"
            for one, other in zip_longest(dictionary.topics, read)
            if not (one and other) or _folded(one) != _folded(other)
        ]
    except InputError as error:
        problems = [error.problem]
    if problems:
        problem = f"{format} cannot hold these topics: {problems[0]}"
        raise InputError(problem, file=path, do="change the name or the pattern, or write TOML")


def _folded(topic: Topic) -> Topic:
    return replace(topic, core=tuple(sorted(fold(one).text.strip() for one in topic.core)))
