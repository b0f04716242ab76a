"""The Jinja environment in which the texts of a wording are filled in."""

from __future__ import annotations

import numbers
import re
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.prose.numbers import FORMS, Count, label


def spelled(number: str, words: Mapping[str, Any]) -> str:
    """Return a number, written as in English, as a wording writes it."""
    for found, instead in words["numbers"]:
        number = re.sub(found, instead, number)
    return number


def _times(one: Any, other: Any) -> Any:
    if isinstance(one, numbers.Number) and isinstance(other, numbers.Number):
        return one * other  # type: ignore[operator]
    raise TypeError("only numbers are multiplied")


def variables(text: str, known: Any) -> set[str]:
    """Return the names that a template is filled in with, in an environment."""
    from jinja2.meta import find_undeclared_variables

    return find_undeclared_variables(known.parse(text)) - set(known.globals)


def upper(text: Any) -> Any:
    """Return a text with its first letter large; what is escaped stays so."""
    begun = str(text)[:1].upper() + str(text)[1:]
    return type(text)(begun) if hasattr(text, "__html__") else begun


def environment(words: Mapping[str, Any], *, html: bool = False) -> Any:
    """Return an environment with the filters that `wordings/english.toml` explains.

    In HTML everything that is filled in is escaped, and counts with an anchor are links.
    """
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    link = Markup('<a href="#{}">{}</a>')

    def finalize(value: Any) -> Any:
        linked = isinstance(value, Count) and value.anchor
        return link.format(value.anchor, int(value)) if linked else value

    def of(number: int, one: str, more: str) -> Any:
        noun = one if number in words["singular"] else more
        if html and isinstance(number, Count):
            return Markup("{} {}").format(finalize(number), noun)
        return f"{spelled(str(number), words)} {noun}"

    def listed(names: Iterable[Any], others: int = 0) -> str:
        names = [str(name) for name in names]
        if others:
            counted = words["others"][others not in words["singular"]].format(others)
            names = [*names[:-others], counted]
        *most, last = names
        comma, and_ = words["comma"], words["and"]
        if any(comma in name for name in names):  # groups of several columns: "Israel, VNA"
            comma, and_ = words["semicolon"], words["semicolon"].rstrip() + and_
        return str(and_.join([comma.join(most), last] if most else [last]))

    def joint(loop: Any, last: str | None = None, others: int = 0) -> str:
        """What stands after an item of a list: a comma, an "and" before the last, or nothing.

        The "and" is left to `others` items that are counted instead of named, if there are any.
        """
        if loop.last:
            return ""
        if last == words["semicolon"]:
            return str(last)
        return str((last or words["and"]) if loop.revindex0 == 1 and not others else words["comma"])

    def shown(name: str | list[str]) -> str:
        """A name as people write it, or several of them that form the groups together."""
        if isinstance(name, list):
            return str(words["and"].join(map(shown, name)))
        return str(words["labels"].get(name, label(name)))

    def plural(name: str) -> str:
        one = shown(name)
        rules = (rule for rule in words["plurals"] if re.search(rule[0], one))
        return next((re.sub(end, new, one, count=1) for end, new in rules), one)

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=html, finalize=finalize if html else None
    )
    made.intercepted_binops = frozenset("*")
    made.binop_table["*"] = _times
    made.filters |= {
        name: lambda number, *beside, form=form: spelled(form(number, *beside), words)
        for name, form in FORMS.items()
    }
    made.filters |= {
        "of": of,
        "articles": lambda number: of(number, shown("article"), plural("article")),
        "upper": upper,
        "plural": plural,
        "in_words": words["agreement"].__getitem__,
        "label": shown,
        "labels": lambda names: [shown(name) for name in names],
        "listed": listed,
        "named": lambda items, others: items[: len(items) - others],
    }
    made.globals.clear()  # `range` and others: a text needs no loops but over what there is
    made.globals |= {"relation": words["relation"]}
    made.globals |= {"joint": joint, "or_": words["or"], "colon": words["colon"]}
    return made
