"""Site furniture: lines of a saved web page that are not the article, named by rules in a file.

A rule names the lines it takes by what is written on them (`line`, a regular expression for the
whole line; `equals`, a document variable such as the title), by where they stand (`place`:
anywhere, first or last of the lines no earlier rule took; `before`: somewhere above, `next_to`:
directly above a line that the named rule took), or by how the first words read (`prefix`: only
those words are furniture). Rules apply in the order of the file; the first that fits names the
line, and nothing is dropped without a name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.errors import InputError, listing
from analysis.files import check_keys, line_of, read_toml
from analysis.text import fold

PLACES = ("anywhere", "first", "last")


@dataclass(frozen=True)
class Rule:
    """One named rule; see the module for what its fields mean."""

    name: str
    section: str = "furniture"
    line: re.Pattern[str] | None = None
    prefix: re.Pattern[str] | None = None
    equals: str | None = None
    before: str | None = None
    next_to: str | None = None
    place: str = "anywhere"
    once: bool = False


def read_furniture(path: str | Path) -> tuple[Rule, ...]:
    """Return the furniture rules of a TOML file, in its order.

    Parameters
    ----------
    path : path
        A file of ``[[rule]]`` tables with the fields of `Rule`.

    Raises
    ------
    InputError
        For an unknown key, a rule without a name or a condition, or a bad regular expression.
    """
    path = Path(path)
    content = read_toml(path)
    check_keys(content, {"rule": None}, "the furniture file", path)
    entries = content.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(
            "'rule' is not a list of tables",
            file=path,
            line=line_of(path, "rule"),
            do="write [[rule]] before each rule",
        )
    rules = tuple(_rule(entry, path) for entry in entries)
    names = {rule.name for rule in rules}
    for rule in rules:
        for other in (rule.before, rule.next_to):
            if other is not None and other not in names:
                raise InputError(
                    f"rule {rule.name!r} stands by a rule {other!r}, which is not there",
                    file=path,
                    line=line_of(path, other),
                    do=f"the rules are {listing(sorted(names), most=20)}",
                )
    return rules


def _rule(entry: Mapping[str, Any], path: Path) -> Rule:
    check_keys(entry, Rule.__dataclass_fields__, "a [[rule]]", path)
    name = str(entry.get("name", "")).strip()
    if not name:
        raise InputError("a [[rule]] has no name", file=path, do='write name = "photo_credit"')
    if not set(entry) - {"name", "section", "place", "once"}:
        raise InputError(
            f"rule {name!r} says nothing about its lines",
            file=path,
            line=line_of(path, name),
            do="give it line, prefix, equals, before or next_to",
        )
    for key, value in entry.items():
        kind = bool if key == "once" else str
        if not isinstance(value, kind):
            raise InputError(
                f"rule {name!r}: {key} is {value!r}",
                file=path,
                line=line_of(path, name),
                do="write true or false" if kind is bool else "write a text in quotes",
            )
    choices = {"place": PLACES, "section": ("furniture", "headline")}
    for key, known in choices.items():
        if entry.get(key, known[0]) not in known:
            raise InputError(
                f"rule {name!r}: {key} is {entry[key]!r}",
                file=path,
                line=line_of(path, name),
                do=f"choose one of {listing(known)}",
            )
    fields = dict(entry)
    for key in {"line", "prefix"} & set(entry):
        try:
            fields[key] = re.compile(entry[key])
        except re.error as error:
            raise InputError(
                f"rule {name!r}: {key} is not a regular expression ({error})",
                file=path,
                line=line_of(path, name),
                do="put the expression in single quotes",
            ) from None
    return Rule(**fields)


def classify(
    lines: Sequence[str], rules: Sequence[Rule], variables: Mapping[str, str]
) -> list[Rule | None]:
    """Return, for each line of one article, the rule that takes it, or None for the article's own.

    A rule with a `prefix` is returned for its line too: only the words that match are furniture.

    Examples
    --------
    >>> rules = [Rule("share", line=re.compile("Share:"), place="last")]
    >>> [rule and rule.name for rule in classify(["Text.", "Share:"], rules, {})]
    [None, 'share']
    """
    taken: list[Rule | None] = [None] * len(lines)
    for rule in rules:
        for index in _candidates(rule, taken):
            if _fits(rule, index, lines, taken, variables):
                taken[index] = rule
                if rule.once:
                    break
    return taken


def _candidates(rule: Rule, taken: Sequence[Rule | None]) -> list[int]:
    free = [index for index, rule_taken in enumerate(taken) if rule_taken is None]
    return {"anywhere": free, "first": free[:1], "last": free[-1:]}[rule.place]


def _fits(
    rule: Rule,
    index: int,
    lines: Sequence[str],
    taken: Sequence[Rule | None],
    variables: Mapping[str, str],
) -> bool:
    below = [None if taker is None else taker.name for taker in taken[index + 1 :]]
    if rule.line is not None and not rule.line.fullmatch(lines[index]):
        return False
    if rule.prefix is not None and not rule.prefix.match(lines[index]):
        return False
    if rule.equals is not None:
        value = str(variables.get(rule.equals, ""))
        if not value or fold(value).text.strip() != fold(lines[index]).text.strip():
            return False
    if rule.before is not None and rule.before not in below:
        return False
    return rule.next_to is None or below[:1] == [rule.next_to]
