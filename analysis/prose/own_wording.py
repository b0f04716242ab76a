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

    try:
        strange = variables(text, known) - variables(model, known)
    except TemplateSyntaxError as error:
        return str(error.message)
    if strange:
        return f"there is no {min(strange)!r} to fill in"
    own = set(_NUMBER.findall(_FILLED.sub("", text))) - set(_NUMBER.findall(model))
    return f"it has a number of its own, {min(own)!r}: numbers are filled in" if own else ""
