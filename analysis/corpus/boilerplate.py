"""Boilerplate: lines of a saved web page that are not the article, named by rules in a file.

A rule names the lines it takes by what is written on them (`line`, a regular expression for the
whole line; `equals`, a document variable such as the title), by where they stand (`place`:
anywhere, first or last of the lines no earlier rule took; `before`: somewhere above, `next_to`:
directly above a line that the named rule took), or by how the first words read (`prefix`: only
those words are boilerplate). Rules apply in the order of the file; the first that fits names the
line, and nothing is dropped without a name. `repeated_lines` proposes rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.folding import folded_text
from analysis.corpus.paragraphs import paragraph_spans
from analysis.errors import InputError, check_columns, listing, placed
from analysis.io.toml import Key, check_keys, check_table, line_of, read_toml

# A repeated group of one repeated item, beside which nothing has to stand: `(a+)+`, `(\w+\s?)*`.
# It can read the same letters in many ways, and each letter more can double the time.
_ITEM = r"(?:\\.|\[[^]]*\]|[^\\()[\]|])"
_ENDLESS = re.compile(rf"\((?:\?:)?(?:{_ITEM}[?*])*{_ITEM}[*+][?+]?(?:{_ITEM}[?*])*\)[*+{{]")
_REPEATED = re.compile(rf"(?P<item>{_ITEM})(?P<often>[*+?]|\{{\d*,?\d*\}})?[+?]?")
LONGEST = 20_000  # letters, of a line that a rule may take; what is longer is an article
MOST_ALIKE = 2  # repeats beside one another that can read the same letters

PLACES = ("anywhere", "first", "last")
CONDITIONS = ("line", "prefix", "equals", "before", "next_to")


@dataclass(frozen=True)
class Rule:
    """One named rule; see the module for what its fields mean."""

    name: str
    section: str = "boilerplate"
    line: re.Pattern[str] | None = None
    prefix: re.Pattern[str] | None = None
    equals: str | None = None
    before: str | None = None
    next_to: str | None = None
    place: str = "anywhere"
    once: bool = False


RULE = {
    "name": Key(str),
    "section": Key(str, "boilerplate", ("boilerplate", "headline")),
    **dict.fromkeys(CONDITIONS, Key(str, None)),
    "place": Key(str, "anywhere", PLACES),
    "once": Key(bool, default=False),
}


def read_boilerplate(path: str | Path) -> tuple[Rule, ...]:
    """Return the boilerplate rules of a TOML file, in its order.

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
    check_keys(content, ["rule"], "the boilerplate file", path)
    entries = content.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problem, do = "'rule' is not a list of tables", "write [[rule]] before each rule"
        raise InputError(problem, file=path, line=line_of(path, "rule"), do=do)
    rules = tuple(_rule(entry, path) for entry in entries)
    names = {rule.name for rule in rules}
    for number, rule in enumerate(rules):
        if rule.name in [other.name for other in rules[:number]]:
            problem = f"two rules are called {rule.name!r}"
            do = "give each a name of its own: it says which line was taken by what"
            raise InputError(problem, file=path, line=line_of(path, rule.name), do=do)
    for rule in rules:
        for other in {rule.before, rule.next_to} - names - {None}:
            problem = f"rule {rule.name!r} stands by a rule {other!r}, which is not there"
            do = f"the rules are {listing(sorted(names), most=20)}"
            raise InputError(problem, file=path, line=line_of(path, str(other)), do=do)
    return rules


def _rule(entry: Mapping[str, Any], path: Path) -> Rule:
    name = entry.get("name")
    where = "a [[rule]]" if name is None else f"rule {name!r}"
    fields = check_table(entry, RULE, where, path, at=str(name or ""))
    with placed(path, lambda: line_of(path, fields["name"])):
        if not any(fields[key] for key in CONDITIONS):
            do = "give it line, prefix, equals, before or next_to"
            raise InputError(f"{where} says nothing about its lines", do=do)
        for key in ("line", "prefix"):
            written = fields[key]
            if key == "line" and written:
                fields[key] = _without_return(written)
            if fields[key] and (_ENDLESS.search(fields[key]) or _alike(fields[key])):
                problem = f"{where}: {key} can read the same letters in too many ways: {written!r}"
                do = "write it with one repeat; else a line can take for ever"
                raise InputError(problem, do=do)
            try:
                fields[key] = fields[key] and re.compile(fields[key])
            except re.error as error:
                problem = f"{where}: {key} is not a regular expression ({error})"
                raise InputError(problem, do="put the expression in single quotes") from None
    return Rule(**fields)


def _without_return(expression: str) -> str:
    r"""An expression of whole lines that fits the same ones in linear time, if there is one.

    What stands fixed between two ``.*`` may as well be the first of its kind: the second ``.*``
    reads whatever follows. So nothing is tried again once it is found: ``.*a.*b`` becomes
    ``(?>.*?a).*b``. (Parts with repeats, groups or alternatives stay as they are.)
    """
    parts, end = [""], 0
    for found in _REPEATED.finditer(expression):
        if found.start() != end or (found["often"] and found[0] != ".*"):
            return expression
        end = found.end()
        parts = [*parts, ""] if found["often"] else [*parts[:-1], parts[-1] + found[0]]
    if end < len(expression) or len(parts) < 3:
        return expression
    first, *middle, last = parts
    return first + "".join(f"(?>.*?{part})" for part in middle) + ".*" + last


def _alike(expression: str) -> bool:
    r"""Whether many repeats in a row can read the same letters: ``a*a*a*b``, ``a*aa*aa*b``.

    Each of them more takes as many times as long as a line has letters. Which letters an item fits
    is tried with some, and with those of the expression. What stands fixed between two repeats
    parts them only if they cannot read it.
    """
    letters = sorted({*"aA0_ .,-|:\t\u00e9", *expression})
    shared: set[str] = set()
    number = end = 0
    for found in _REPEATED.finditer(expression):
        often = found["often"] or ""
        own = set()
        with suppress(re.error):
            own = {one for one in letters if re.fullmatch(found["item"], one)}
        # A group, an alternative, or an item that has to be there and that none of them reads.
        if found.start() != end or not (often or shared & own):
            shared, number = set(), 0
        if often in ("*", "+") or often.endswith(",}"):
            shared, number = (shared & own, number + 1) if shared & own else (own, 1)
        end = found.end()
        if number > MOST_ALIKE:
            return True
    return False


def classify(
    lines: Sequence[str], rules: Sequence[Rule], variables: Mapping[str, str]
) -> list[Rule | None]:
    """Return, for each line of one article, the rule that takes it, or None for the article's own.

    A rule with a `prefix` is returned for its line too: only the words that match are boilerplate.
    """
    taken: list[Rule | None] = [None] * len(lines)
    for rule in rules:
        free = [index for index, taker in enumerate(taken) if taker is None]
        for index in {"anywhere": free, "first": free[:1], "last": free[-1:]}[rule.place]:
            below = ["" if taker is None else taker.name for taker in taken[index + 1 :]]
            if _fits(rule, lines[index], below, variables):
                taken[index] = rule
                if rule.once:
                    break
    return taken


def _fits(rule: Rule, line: str, below: Sequence[str], variables: Mapping[str, str]) -> bool:
    if rule.equals is not None:
        value = folded_text(str(variables.get(rule.equals, ""))).strip()
        if not value or value != folded_text(line).strip():
            return False
    return (
        (rule.line is None or (len(line) <= LONGEST and rule.line.fullmatch(line) is not None))
        and (rule.prefix is None or rule.prefix.match(line[:LONGEST]) is not None)
        and (rule.before is None or rule.before in below)
        and (rule.next_to is None or below[:1] == [rule.next_to])
    )


def repeated_lines(
    documents: pd.DataFrame, *, by: str | Sequence[str] = (), boilerplate: Sequence[Rule] = ()
) -> pd.DataFrame:
    """Return the lines that stand in several articles, each with a rule that would take it.

    These are proposals: a menu belongs into the boilerplate file, a sentence that two articles
    share does not. Copies of an article repeat every line of it: see `near_duplicates` first.

    Parameters
    ----------
    documents : pandas.DataFrame
        Any table with ``doc_id`` and ``text``; its other columns are document variables.
    by : str or list of str
        Count inside groups of articles, such as those of an outlet, not in all articles.
    boilerplate : sequence of Rule
        Rules there are already: the lines they take are not proposed.

    Returns
    -------
    pandas.DataFrame
        The group columns; ``line``; ``articles`` of the group in which it stands, at least two;
        ``share``, of all articles of the group; ``place`` (first or last, of the lines that no
        rule took, where it stands nowhere else; else anywhere); ``rule``, the text to put at the
        end of the boilerplate file. The most frequent lines of each group first. Lines that differ
        in their numbers only are one line, and its rule takes any number.

    Examples
    --------
    >>> pages = pd.DataFrame({"doc_id": ["a", "b", "c"], "text": [
    ...     "Wind pays.\\nViews: 71", "Coal falls.\\nViews: 1203", "The sun shines."]})
    >>> proposals = repeated_lines(pages)
    >>> proposals[["line", "articles", "share", "place"]].round(2)
              line  articles  share place
    0  Views: 1203         2   0.67  last
    >>> print(proposals["rule"][0])
    [[rule]]
    name = "repeated_views"
    line = 'Views: \\d+'
    place = "last"
    """
    groups = [by] if isinstance(by, str) else list(by)
    check_columns(documents, ["doc_id", "text", *groups], "documents")
    rows: list[tuple[Any, ...]] = []
    called: Counter[str] = Counter(rule.name for rule in boilerplate)
    parts = documents.groupby(groups, observed=True) if groups else [((), documents)]
    for group, articles in parts:
        for key, found in _free_lines(articles, boilerplate).groupby("key"):
            if (number := found["article"].nunique()) > 1:
                forms = sorted(set(found["line"]))
                place = next((name for name in PLACES[1:] if found[name].all()), PLACES[0])
                rule = _proposal(str(key), forms, place, called)
                rows.append((*group, forms[0], number, number / len(articles), place, rule))
    table = pd.DataFrame(rows, columns=[*groups, "line", "articles", "share", "place", "rule"])
    ascending = [*[True] * len(groups), False, True]
    return table.sort_values([*groups, "articles", "line"], ascending=ascending, ignore_index=True)


_NUMBER = re.compile(r"\d+")


def _free_lines(documents: pd.DataFrame, boilerplate: Sequence[Rule]) -> pd.DataFrame:
    """One row a line that no rule takes: where it stands, and what makes it like another."""
    rows = []
    for article, record in enumerate(documents.to_dict("records")):
        lines = [record["text"][start:end] for start, end in paragraph_spans(record["text"])]
        taken = classify(lines, boilerplate, {str(name): value for name, value in record.items()})
        free = [line for line, rule in zip(lines, taken, strict=True) if rule is None]
        for number, line in enumerate(free):
            key = _NUMBER.sub("0", folded_text(line))
            rows.append((article, line, key, number == 0, number == len(free) - 1))
    return pd.DataFrame(rows, columns=["article", "line", "key", *PLACES[1:]])


def _proposal(key: str, forms: Sequence[str], place: str, called: Counter[str]) -> str:
    """The rule that takes a line in the forms it has, with any number where those differ."""
    alike = len({tuple(_NUMBER.findall(form)) for form in forms}) == 1
    parts = [[form] if alike else _NUMBER.split(form) for form in forms]
    patterns = sorted({r"\d+".join(map(_literal, part)) for part in parts})
    line = patterns[0] if len(patterns) == 1 else f"({'|'.join(patterns)})"
    words = re.findall(r"[^\W\d_]+", key)[:4]
    name = "_".join(["repeated", *words])[:40]
    called[name] += 1
    if called[name] > 1:
        name += f"_{called[name]}"
    rule = f"[[rule]]\nname = \"{name}\"\nline = '{line}'"
    return rule if place == PLACES[0] else f'{rule}\nplace = "{place}"'


def _literal(text: str) -> str:
    """A regular expression for a text, which may stand between the single quotes of TOML."""
    return "".join(
        re.escape(mark).replace("\\ ", " ")
        if mark.isprintable() and mark != "'"
        else (f"\\x{ord(mark):02x}" if mark < "\u0100" else f"\\U{ord(mark):08x}")
        for mark in text
    )
