"""TOML (``.toml``): our own dictionary files, the only ones that hold everything."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from analysis.corpus.folding import fold
from analysis.errors import InputError
from analysis.io.toml import check_keys, line_of, parse_toml
from analysis.topics.dictionary import Dictionary, Topic
from analysis.topics.formats.shared import (
    Format,
    check_pattern,
    foreign,
    kind_of,
    same_name,
    warn_about_doubles,
)
from analysis.topics.matching import PART

# What tells a TOML dictionary with a fault in it from files of another kind.
_OURS = re.compile(
    r"^(\[+(topics|lists|variants)\b|(name|description|topics|lists|variants|core)\s*=)", re.M
)


def looks_like(text: str) -> bool:
    """Return whether a text is TOML, or would be without a fault."""
    try:
        tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return bool(_OURS.search(text))
    return True


def read(text: str, path: Path) -> Dictionary:
    """Return the dictionary of a TOML file.

    Parameters
    ----------
    text : str
        ``name``; ``exclusive``, whether topics compete for the text; ``[variants]``, other
        spellings of words; ``[lists]``, named lists of patterns; and a table ``[topics.NAME]`` a
        topic: ``core``, ``broad`` and ``exclude`` (lists of patterns), ``description``,
        ``examples.match`` and ``examples.no_match`` (sentences).
    path : path
        The file, for messages.

    Raises
    ------
    InputError
        Naming file and line: an unknown key, a topic without a core pattern, a blank pattern, a
        pattern that matches every word, two topics whose names differ in case or accents only, a
        file that includes another.
    """
    content = parse_toml(text, path)
    if "include" in content:
        raise InputError(
            "a dictionary cannot include another file",
            file=path,
            line=line_of(path, "include"),
            do="put the topics of both into one file",
        )
    known = dict.fromkeys(("name", "description", "exclusive", "variants", "lists", "topics"))
    check_keys(content, known, "the dictionary", path)
    tables = _mapping(content.get("topics", {}), "topics", path)
    if not tables:
        raise InputError("there is no topic", file=path, do="write a table [topics.NAME]")
    topics = tuple(_topic(name, table, path) for name, table in tables.items())
    seen: dict[str, str] = {}
    for topic in topics:
        if (other := seen.setdefault(same_name(topic.name), topic.name)) != topic.name:
            raise InputError(
                f"topics {other!r} and {topic.name!r} differ in case or accents only",
                file=path,
                line=line_of(path, topic.name),
                do="rename one",
            )
    variants, lists = (
        {
            word: _strings(others, f"{part}: {word}", path)
            for word, others in _mapping(content.get(part, {}), part, path).items()
        }
        for part in ("variants", "lists")
    )
    for name, phrases in lists.items():
        for phrase in phrases:
            check_pattern(phrase, f"list {name!r}", path, name)
            kind = kind_of(phrase)
            if kind or PART.search(fold(phrase).text):
                what = f"is a {kind} pattern" if kind else "has a list or a gap"
                raise InputError(
                    f"list {name!r}: {phrase!r} {what} in a list",
                    file=path,
                    line=line_of(path, phrase),
                    do="a list holds words and phrases; write it as a pattern of a topic",
                )
    for word, others in variants.items():
        for spelling in (word, *others):
            if not fold(spelling).text.strip():
                raise InputError(
                    f"variants of {word!r}: {spelling!r} is blank",
                    file=path,
                    line=line_of(path, word) if word.strip() else None,
                    do="write a word",
                )
    _check_lists(topics, lists, path)
    warn_about_doubles(topics, path)
    exclusive = content.get("exclusive", False)
    if not isinstance(exclusive, bool):
        raise InputError(
            f"exclusive is {exclusive!r}",
            file=path,
            line=line_of(path, "exclusive"),
            do="write true or false",
        )
    return Dictionary(str(content.get("name", path.stem)), topics, variants, lists, exclusive)


def _check_lists(topics: Sequence[Topic], lists: Mapping[str, tuple[str, ...]], path: Path) -> None:
    for topic in topics:
        for pattern in topic.core + topic.broad + topic.exclude:
            for found in PART.finditer(pattern) if kind_of(pattern) != "regex" else ():
                if not found["gap"] and not lists.get(found["list"]):
                    raise InputError(
                        f"topic {topic.name!r}: {pattern!r} names a list that is not there",
                        file=path,
                        line=line_of(path, pattern),
                        do=f"the lists are {', '.join(lists) or 'none'}; add it under [lists]",
                    )


def _topic(name: str, table: Any, path: Path) -> Topic:
    where = f"topic {name!r}"
    table = _mapping(table, where, path, name)
    known = {"description": None, "examples": None, **dict.fromkeys(("core", "broad", "exclude"))}
    check_keys(table, known, where, path)
    examples = _mapping(table.get("examples", {}), f"{where}: examples", path, name)
    check_keys(examples, {"match": None, "no_match": None}, f"{where}: examples", path)
    tiers = {
        tier: _strings(table.get(tier, []), f"{where}: {tier}", path)
        for tier in ("core", "broad", "exclude")
    }
    if not tiers["core"]:
        raise InputError(
            f"{where} has no pattern",
            file=path,
            line=line_of(path, name),
            do='write core = ["a word", "another*"]',
        )
    for pattern in chain.from_iterable(tiers.values()):
        check_pattern(pattern, where, path, name)
    return Topic(
        name,
        **tiers,
        description=str(table.get("description", "")).strip(),
        match=_strings(examples.get("match", []), f"{where}: match", path),
        no_match=_strings(examples.get("no_match", []), f"{where}: no_match", path),
    )


def _mapping(value: Any, where: str, path: Path, word: str = "topics") -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InputError(
            f"{where} is {value!r}, not a table",
            file=path,
            line=line_of(path, word),
            do="write [topics.NAME] and lists of patterns below it",
        )
    return value


def _strings(value: Any, where: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputError(
            f"{where} is {value!r}, not a list of texts",
            file=path,
            line=line_of(path, where.rpartition(" ")[2]),
            do='write ["a word", "a phrase"]',
        )
    return tuple(value)


def write(dictionary: Dictionary) -> str:
    """Return the text of a TOML file with everything that a dictionary holds."""
    parts = [f"name = {_value(dictionary.name)}\n"]
    if dictionary.exclusive:
        parts[0] += "exclusive = true\n"
    for title, table in (("variants", dictionary.variants), ("lists", dictionary.lists)):
        if table:
            rows = (f"{_key(key)} = {_value(values)}\n" for key, values in table.items())
            parts.append(f"[{title}]\n{''.join(rows)}")
    for topic in dictionary.topics:
        values = {
            "description": topic.description,
            "core": topic.core,
            "broad": topic.broad,
            "exclude": topic.exclude,
            "examples.match": topic.match,
            "examples.no_match": topic.no_match,
        }
        rows = (f"{key} = {_value(value)}\n" for key, value in values.items() if value)
        parts.append(f"[topics.{_key(topic.name)}]\n{''.join(rows)}")
    return "\n".join(parts)


def _value(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        # A TOML string is a JSON string in which DEL is escaped as well.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


TOML = Format(
    read=read,
    write=write,
    looks_like=looks_like,
    endings=(".toml",),
    foreign=foreign(),
    holds=("name", "description"),
)
