"""TOML: files read with the line of every fault, and tables checked by a list of their keys."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from analysis.errors import InputError, listing, placed
from analysis.io.files import read_text


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file; a syntax error names its line."""
    return parse_toml(read_text(path), path)


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return the content of the text of a TOML file."""
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else text.rstrip().count("\n") + 1
        problem = re.sub(r" \(at .*\)$", "", str(error))
        advice = {
            "Illegal character '\\n'": "close the quotes",
            "Invalid value": "put texts in quotes",
        }
        do = advice.get(problem, "mend the TOML there")
        raise InputError(problem, file=path, line=line, do=do) from None
    except ValueError:  # Python reads integers of up to 4,300 digits
        long = re.search(r"\d{4300}", text.replace("_", ""))
        where = text.count("\n", 0, long.start()) + 1 if long else None
        do = "write a shorter one"
        raise InputError("a number has too many digits", file=path, line=where, do=do) from None
    except RecursionError:
        raise InputError("its lists stand too deep", file=path, do="write plain lists") from None


def line_of(path: Path, word: str, table: str = "") -> int | None:
    """Return the line of a TOML file that `word` stands on, for error messages.

    A key or the name of a table comes before a mention in a value; comments do not count. Of a word
    that several tables have, `table` says in which, if its head has a line of its own.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = [re.sub(r"(^|\s)#.*", "", line) for line in text.split("\n")]
    heads = [number for number, line in enumerate(lines, 1) if line.strip() == f"[{table}]"]
    before = heads[0] if heads else 0
    word = re.escape(word)
    key = re.compile(rf"\s*(\[+([\w.-]+\.)?\"?{word}\"?\]|\"?{word}\"?\s*=)")
    mention = re.compile(rf"(?<![\w-]){word}(?![\w-])")
    for find in (key.match, mention.search):
        for number, line in enumerate(lines[before:], before + 1):
            if find(line):
                return number
    return None


def check_keys(found: Mapping[str, Any], known: Iterable[str], where: str, path: Path) -> None:
    """Raise if a TOML table has a key that is not known; the message lists those that are."""
    known = list(known)
    for key in found:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            do = f"did you mean {near[0]!r}? " if near else ""
            do += f"known keys are {listing(known, most=20)}"
            problem = f"{where} has an unknown key {key!r}"
            raise InputError(problem, file=path, line=line_of(path, key), do=do)


Kind = type | tuple[type, ...]
KINDS = {
    str: "a text in quotes",
    bool: "true or false",
    float: "a number",
    list: "a list of texts",
    dict: "a table",
}


class Key(NamedTuple):
    """What a key of a TOML table may hold: its kind, its default, and which texts it may be.

    A key whose default is ``...`` has to be there. A value may be empty only if the default is.
    """

    kind: Kind
    default: Any = ...
    choices: tuple[str, ...] = ()


def check_table(
    found: Mapping[str, Any], keys: Mapping[str, Key], where: str, path: Path, *, at: str = ""
) -> dict[str, Any]:
    """Return a TOML table with the values of all its keys; raise if one is unknown or wrong.

    `where` names the table in messages: ``[corpus]``, ``rule 'menu'``. `at` is a word whose line
    they give, where the key alone would not find it.
    """
    check_keys(found, keys, where, path)
    values = {}
    for key, wanted in keys.items():
        word = at or (key if key in found else where.strip("[]"))
        with placed(path, partial(line_of, path, word)):
            values[key] = _value(found, key, wanted, where)
    return values


def _value(found: Mapping[str, Any], key: str, wanted: Key, where: str) -> Any:
    if key not in found:
        if wanted.default is ...:
            raise InputError(f"{where} has no {key!r}", do=f"write {key} = ... there")
        return wanted.default
    value = found[key]
    kinds = wanted.kind if isinstance(wanted.kind, tuple) else (wanted.kind,)
    if float in kinds and type(value) is int:
        value = float(value)
    name = f"{where} {key}" if where.endswith("]") else f"{where}: {key}"
    texts = not isinstance(value, list) or all(isinstance(item, str) for item in value)
    blank = not value.strip() if isinstance(value, str) else value == []
    if type(value) not in kinds or not texts:
        do = f"write {' or '.join(KINDS[kind] for kind in kinds)}"
        raise InputError(f"{name} is {value!r}", do=do)
    if wanted.choices and value not in wanted.choices:
        raise InputError(f"{name} is {value!r}", do=f"choose one of {listing(wanted.choices)}")
    if blank and wanted.default not in ("", [], ()):
        raise InputError(f"{name} is empty", do=f"write what {key} is, or leave the line out")
    return value
