"""TOML (``.toml``): our own dictionary files, the only ones that hold everything.

``name``; ``exclusive``, whether topics compete for the text; ``[variants]``, other spellings of
words; ``[lists]``, named lists of words and phrases; and a table ``[topics.NAME]`` a topic:
``core``, ``broad``, ``exclude`` and ``context`` (lists of patterns), ``context_within``,
``description``, ``examples.match`` and ``examples.no_match`` (sentences).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.corpus.folding import fold
from analysis.errors import InputError, listing
from analysis.io.toml import check_keys, line_of, parse_toml
from analysis.topics.dictionary import SCOPES, Dictionary, Topic
from analysis.topics.formats.shared import (
    Format,
    check_pattern,
    kind_of,
    same_name,
    warn_about_doubles,
)
from analysis.topics.matching import PART

# What tells a TOML dictionary with a fault in it from files of another kind.
_OURS = re.compile(
    r"^(\[+(topics|lists|variants)\b|(name|description|topics|lists|variants|core)\s*=)", re.M
)
_PARTS = ("core", "broad", "exclude", "context")


def looks_like(text: str) -> bool:
    """Return whether a text is TOML, or would be without a fault."""
    try:
        tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        return bool(_OURS.search(text))
    return True


def parse(text: str, path: Path) -> Dictionary:
    """Return the dictionary of a TOML file, checked; every error names its line."""
    content = parse_toml(text, path)
    if "include" in content:
        problem = "a dictionary cannot include another file"
        raise _error(path, problem, "put the topics of both into one file", "include")
    known = dict.fromkeys(("name", "description", "exclusive", "variants", "lists", "topics"))
    check_keys(content, known, "the dictionary", path)
    tables = _mapping(content.get("topics", {}), "topics", path)
    if not tables:
        raise InputError("there is no topic", file=path, do="write a table [topics.NAME]")
    topics = tuple(_topic(name, table, path) for name, table in tables.items())
    seen: dict[str, str] = {}
    for topic in topics:
        if (other := seen.setdefault(same_name(topic.name), topic.name)) != topic.name:
            problem = f"topics {other!r} and {topic.name!r} differ in case or accents only"
            raise _error(path, problem, "rename one", topic.name)
    variants, lists = (
        {
            word: _strings(others, f"{part}: {word}", path)
            for word, others in _mapping(content.get(part, {}), part, path).items()
        }
        for part in ("variants", "lists")
    )
    _check_lists(topics, lists, path)
    for word, others in variants.items():
        for spelling in (word, *others):
            if not fold(spelling).text.strip():
                problem = f"variants of {word!r}: {spelling!r} is blank"
                raise _error(path, problem, "write a word", word)
    warn_about_doubles(topics, path)
    exclusive = content.get("exclusive", False)
    if not isinstance(exclusive, bool):
        raise _error(path, f"exclusive is {exclusive!r}", "write true or false", "exclusive")
    return Dictionary(str(content.get("name", path.stem)), topics, variants, lists, exclusive)


def _check_lists(topics: Sequence[Topic], lists: Mapping[str, tuple[str, ...]], path: Path) -> None:
    """Raise if a list holds more than words and phrases, or a pattern names none."""
    for name, phrases in lists.items():
        for phrase in phrases:
            check_pattern(phrase, f"list {name!r}", path, name)
            kind = kind_of(phrase)
            if kind or PART.search(fold(phrase).text):
                what = f"is a {kind} pattern" if kind else "has a list or a gap"
                do = "a list holds words and phrases; write it as a pattern of a topic"
                raise _error(path, f"list {name!r}: {phrase!r} {what} in a list", do, phrase)
    for topic in topics:
        for pattern in topic.core + topic.broad + topic.exclude + topic.context:
            for found in PART.finditer(pattern) if kind_of(pattern) != "regex" else ():
                if not found["gap"] and not lists.get(found["list"]):
                    problem = f"topic {topic.name!r}: {pattern!r} names a list that is not there"
                    do = f"the lists are {', '.join(lists) or 'none'}; add it under [lists]"
                    raise _error(path, problem, do, pattern)


def _topic(name: str, table: Any, path: Path) -> Topic:
    where = f"topic {name!r}"
    if not name.strip():
        raise _error(path, f"{where} has a blank name", "write a name", "topics")
    table = _mapping(table, where, path, name)
    known = dict.fromkeys(("description", "examples", "context_within", *_PARTS))
    check_keys(table, known, where, path)
    examples = _mapping(table.get("examples", {}), f"{where}: examples", path, name)
    check_keys(examples, {"match": None, "no_match": None}, f"{where}: examples", path)
    parts = {part: _strings(table.get(part, []), f"{where}: {part}", path) for part in _PARTS}
    if not parts["core"]:
        raise _error(path, f"{where} has no pattern", 'write core = ["a word", "another*"]', name)
    within = table.get("context_within", SCOPES[0])
    if within not in SCOPES:
        problem, do = f"{where}: context_within is {within!r}", f"choose {listing(SCOPES)}"
        raise _error(path, problem, do, "context_within")
    if table.keys() & {"context", "context_within"} and not parts["context"]:
        problem = f"{where}: context has no pattern"
        raise _error(path, problem, "write one, or leave context and context_within out", "context")
    for patterns in parts.values():
        for pattern in patterns:
            check_pattern(pattern, where, path, name)
    return Topic(
        name,
        **parts,
        context_within=within,
        description=str(table.get("description", "")).strip(),
        match=_strings(examples.get("match", []), f"{where}: match", path),
        no_match=_strings(examples.get("no_match", []), f"{where}: no_match", path),
    )


def _mapping(value: Any, where: str, path: Path, word: str = "topics") -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        do = "write [topics.NAME] and lists of patterns below it"
        raise _error(path, f"{where} is {value!r}, not a table", do, word)
    return value


def _strings(value: Any, where: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        problem, do = f"{where} is {value!r}, not a list of texts", 'write ["a word", "a phrase"]'
        raise _error(path, problem, do, where.rpartition(" ")[2])
    return tuple(value)


def _error(path: Path, problem: str, do: str, word: str) -> InputError:
    """Return an error at the line where a word stands."""
    line = line_of(path, word) if word.strip() else None
    return InputError(problem, file=path, line=line, do=do)


def write(dictionary: Dictionary) -> str:
    """Return the text of a TOML file with everything that a dictionary holds."""
    parts = [f"name = {_value(dictionary.name)}\n"]
    if dictionary.exclusive:
        parts[0] += "exclusive = true\n"
    tables: list[tuple[str, Mapping[str, str | Sequence[str]]]] = [
        ("variants", {_key(word): others for word, others in dictionary.variants.items()}),
        ("lists", {_key(name): phrases for name, phrases in dictionary.lists.items()}),
    ]
    for topic in dictionary.topics:
        values = {
            "description": topic.description,
            "core": topic.core,
            "broad": topic.broad,
            "exclude": topic.exclude,
            "context": topic.context,
            "context_within": topic.context_within if topic.context else "",
            "examples.match": topic.match,
            "examples.no_match": topic.no_match,
        }
        filled = {key: value for key, value in values.items() if value}
        tables.append((f"topics.{_key(topic.name)}", filled))
    for title, table in tables:
        if table:
            rows = (f"{key} = {_value(value)}\n" for key, value in table.items())
            parts.append(f"[{title}]\n{''.join(rows)}")
    return "\n".join(parts)


def _value(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        # A TOML string is a JSON string in which DEL is escaped as well.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _value(key)


TOML = Format(parse, write, looks_like, endings=(".toml",), holds=("name", "description"))
