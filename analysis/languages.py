"""Wordings as they stand in ``wordings/*.toml``, or in a researcher's own file, which is checked.

What a language decides is there: the texts, where a plural begins and how it is made, how lists are
joined, how a number is written. What a study calls its own topics and groups stands in study.toml,
under ``[names]``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from analysis.errors import InputError, check_choice
from analysis.files import check_keys, line_of, parse_toml, read_text


def read_wording(wording: str | Path) -> dict[str, Any]:
    """Return a wording as it stands: one of ``analysis/wordings``, or a file of your own.

    Parameters
    ----------
    wording : str or path
        A name such as ``"english"``, or a file ending in ``.toml`` with the keys of
        ``analysis/wordings/english.toml``.

    Raises
    ------
    InputError
        If there is no wording of that name (the message lists those there are), or a file lacks a
        key, has one too many, or has a text that cannot be filled in; the message names the key.
    """
    return parsed(*source(wording))


def source(wording: str | Path) -> tuple[str, Path | None]:
    """Return the text of a wording, and its file if it is one of the researcher's."""
    if str(wording).endswith(".toml"):
        return read_text(Path(wording)), Path(wording)
    folder = resources.files("analysis") / "wordings"
    names = sorted(
        item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")
    )
    check_choice(wording, names, "wording", "wording")
    return (folder / f"{wording}.toml").read_text(encoding="utf-8"), None


# By its text and not its name: a file may be edited between two calls.
@lru_cache(maxsize=8)
def parsed(text: str, file: Path | None) -> dict[str, Any]:
    """Return the wording that a text is, checked if it is a researcher's."""
    if file is None:
        return tomllib.loads(text)
    words = parse_toml(text, file)
    _check_alike(words, read_wording("english"), "the wording", file)
    _check_texts(words, read_wording("english"), words["macros"], file)
    return words


def _check_alike(
    found: Mapping[str, Any], model: Mapping[str, Any], where: str, file: Path
) -> None:
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
    words: Mapping[str, Any], model: Mapping[str, Any], macros: str, file: Path
) -> None:
    """Raise unless every text can be filled in, with what the English one is filled in with."""
    from jinja2 import TemplateSyntaxError

    for key, text in words.items():
        if isinstance(text, dict):
            _check_texts(text, model[key], macros, file)
        elif isinstance(text, str):
            problem = ""
            try:
                own, known = variables(macros + text), variables(macros + model[key])
            except TemplateSyntaxError as error:
                problem = error.message or "it is no template"
            else:
                if strange := sorted(own - known):
                    problem = f"there is no {strange[0]!r} to fill in"
            if problem:
                raise InputError(
                    f"{key}: {problem}",
                    file=file,
                    line=line_of(file, key),
                    do=f"write it as the English wording does: {model[key].strip()!r}",
                )


def variables(text: str) -> set[str]:
    """Return the names a template is filled in with.

    Examples
    --------
    >>> sorted(variables("{{ hits }} of {{ group.size }}"))
    ['group', 'hits']
    """
    from jinja2 import Environment
    from jinja2.meta import find_undeclared_variables

    return find_undeclared_variables(Environment().parse(text))
