"""A researcher's own wording: read from its file, and checked against the English one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.errors import InputError
from analysis.io.toml import check_keys, line_of, read_toml
from analysis.prose.templates import environment, variables

Words = Mapping[str, Any]
MOST_LOOPS = 3  # in one another, as the wordings of the package have
_GROWS = {"batch", "center", "format", "indent", "replace", "slice", "wordwrap"}  # filters of Jinja
_NUMBER = re.compile(r"\d+")
_FILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)  # in a template


def read_own(file: Path, model: Words) -> dict[str, Any]:
    """Return the wording in a file, if it has the keys of `model` and texts that can be filled."""
    words = read_toml(file)
    _check_alike(words, model, "the wording", file)
    _check_texts(words, model, file, environment(model))
    for key in ("numbers", "plurals"):
        for found, instead in words[key]:
            try:
                re.sub(found, instead, "")
            except re.error as error:
                raise InputError(
                    f"{key} has the rule {[found, instead]}: {error}",
                    file=file,
                    line=line_of(file, key),
                    do="write a regular expression and what takes its place",
                ) from None
    return words


def _check_alike(found: Words, model: Words, where: str, file: Path) -> None:
    """Raise unless a wording has the keys of the English one, and each is of its kind."""
    check_keys(found, model, where, file)
    for key, own in model.items():
        if key not in found:
            raise InputError(
                f"{where} has no {key!r}", file=file, do=f"write it; in English it is {own!r}"
            )
        if not _of_one_kind(found[key], own):
            raise InputError(
                f"{where} has {key} = {found[key]!r}",
                file=file,
                line=line_of(file, key),
                do=f"write it as the English wording does: {own!r}",
            )
        if isinstance(own, dict):
            _check_alike(found[key], own, f"[{key}]", file)


def _of_one_kind(found: Any, model: Any) -> bool:
    if type(found) is not type(model):
        return False
    if not isinstance(model, list):
        return True
    free = not isinstance(model[0], str)  # rules and numbers: as many as a language needs
    return (free or len(found) == len(model)) and all(
        _of_one_kind(item, model[0]) for item in found
    )


def _check_texts(
    words: Words, model: Words, file: Path, known: Any, macros: tuple[str, str] = ("", "")
) -> None:
    """Raise unless every text can be filled in, with what the English one is filled in with."""
    for key, text in words.items():
        if isinstance(text, dict):
            own = (words["macros"], model["macros"]) if key == "templates" else ("", "")
            _check_texts(text, model[key], file, known, own)
        elif isinstance(text, str) and (
            problem := _problem(macros[0] + text, macros[1] + model[key], known)
        ):
            raise InputError(
                f"{key}: {problem}",
                file=file,
                line=line_of(file, key),
                do=f"write it as the English wording does: {model[key].strip()!r}",
            )


def _problem(text: str, model: str, known: Any) -> str:
    from jinja2 import TemplateSyntaxError

    if text == model:  # most of a wording that only changes some texts
        return ""
    try:
        strange = variables(text, known) - variables(model, known)
        endless = _endless(known.parse(text))
    except TemplateSyntaxError as error:
        return str(error.message)
    if endless:
        return endless
    if strange:
        return f"there is no {min(strange)!r} to fill in"
    own = set(_NUMBER.findall(_FILLED.sub("", text))) - set(_NUMBER.findall(model))
    return f"it has a number of its own, {min(own)!r}: numbers are filled in" if own else ""


def _endless(tree: Any) -> str:
    """What in a template could take for ever, or fill the memory; nothing in those of the package.

    Then a text is filled in in time bounded by what it is filled in with: loops go over that, at
    most `MOST_LOOPS` in one another, and a macro uses only those before it.
    """
    from jinja2 import nodes

    macros = [macro.name for macro in tree.find_all(nodes.Macro)]
    for number, macro in enumerate(tree.find_all(nodes.Macro)):
        used = {name.name for name in macro.find_all(nodes.Name)}
        if later := sorted(used.intersection(macros[number:])):
            return f"the macro {macro.name!r} uses {later[0]!r}, which does not stand before it"
    if any(loop.recursive for loop in tree.find_all(nodes.For)):
        return "a loop calls itself"
    if _depth(tree, nodes.For) > MOST_LOOPS:
        return f"more than {MOST_LOOPS} loops stand in one another"
    if any(not isinstance(call.node, nodes.Name) for call in tree.find_all(nodes.Call)):
        return "it calls what is no macro"
    if next(tree.find_all((nodes.Pow, nodes.Mod)), None):
        return "it has '**' or '%' between two values"
    grows = _GROWS.intersection(one.name for one in tree.find_all(nodes.Filter))
    return f"the filter {min(grows)!r} could make a text of any length" if grows else ""


def _depth(node: Any, kind: type) -> int:
    """How many nodes of a kind stand in one another."""
    inside = max((_depth(child, kind) for child in node.iter_child_nodes()), default=0)
    return inside + isinstance(node, kind)
