"""Wordings, from ``wordings/*.toml`` or a researcher's own file, and findings worded by them.

What a language decides is there: the texts, where a plural begins and how it is made, how lists are
joined, how a number is written. What a study calls its own topics and groups stands in study.toml,
under ``[names]``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from analysis.errors import InputError, check_choice
from analysis.io.files import read_text
from analysis.io.toml import check_keys, line_of, parse_toml
from analysis.prose.numbers import (
    Linked,
    called,
    format_level,
    format_logits,
    format_p,
    format_percent,
    format_points,
    label,
    spelled,
)


def read_wording(wording: str | Path) -> dict[str, Any]:
    """Return a wording as it stands: one of ``analysis/prose/wordings``, or a file of your own.

    Parameters
    ----------
    wording : str or path
        A name such as ``"english"``, or a file ending in ``.toml`` with the keys of
        ``analysis/prose/wordings/english.toml``.

    Raises
    ------
    InputError
        If there is no wording of that name (the message lists those there are), or a file lacks a
        key, has one too many, or has a text that cannot be filled in; the message names the key.
    """
    return _parsed(*_source(wording))


def _source(wording: str | Path) -> tuple[str, Path | None]:
    """The text of a wording, and its file if it is one of the researcher's."""
    if str(wording).endswith(".toml"):
        return read_text(Path(wording)), Path(wording)
    folder = resources.files("analysis.prose") / "wordings"
    names = sorted(
        item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")
    )
    check_choice(wording, names, "wording", "wording")
    return (folder / f"{wording}.toml").read_text(encoding="utf-8"), None


# By its text and not its name: a file may be edited between two calls.
@lru_cache(maxsize=8)
def _parsed(text: str, file: Path | None) -> dict[str, Any]:
    if file is None:
        return tomllib.loads(text)
    words = parse_toml(text, file)
    _check_alike(words, read_wording("english"), "the wording", file)
    _check_texts(words, read_wording("english"), file)
    for key in ("numbers", "plurals"):
        for found, instead in words[key]:
            _check_rule(key, found, instead, file)
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


def _check_rule(key: str, found: str, instead: str, file: Path) -> None:
    try:
        re.sub(found, instead, "")
    except re.error as error:
        raise InputError(
            f"{key} has the rule {[found, instead]}: {error}",
            file=file,
            line=line_of(file, key),
            do="write a regular expression and what takes its place",
        ) from None


def _check_texts(
    words: Mapping[str, Any],
    model: Mapping[str, Any],
    file: Path,
    macros: tuple[str, str] = ("", ""),
) -> None:
    """Raise unless every text can be filled in, with what the English one is filled in with."""
    from jinja2 import TemplateSyntaxError

    for key, text in words.items():
        if isinstance(text, dict):
            known = (words["macros"], model["macros"]) if key == "templates" else ("", "")
            _check_texts(text, model[key], file, known)
        elif isinstance(text, str):
            problem = ""
            try:
                strange = variables(macros[0] + text) - variables(macros[1] + model[key])
            except TemplateSyntaxError as error:
                problem = str(error.message)
            else:
                problem = f"there is no {min(strange)!r} to fill in" if strange else ""
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
    >>> sorted(variables("{{ hits|of('hit', 'hits') }} of {{ group.size }}"))
    ['group', 'hits']
    """
    from jinja2.meta import find_undeclared_variables

    known = environment("english")  # its filters are those of every language
    return find_undeclared_variables(known.parse(text)) - set(known.globals)


def worded(
    template: str,
    values: Mapping[str, Any],
    wording: str | Path = "english",
    names: Mapping[str, str] | None = None,
    html: bool = False,
) -> str:
    """Return the text of a finding, on one line: its template filled in with its values.

    Parameters
    ----------
    template : str
        The name of a template, as in the provenance of a finding.
    values : mapping
        The values of a finding.
    wording : str or path
        A wording, as `read_wording` takes it.
    names : mapping, optional
        What topics, groups and document variables are called; see `called`.
    html : bool
        Whether everything that is filled in is escaped, and `Linked` counts become links.

    Raises
    ------
    InputError
        If the template asks a value for a part that it has not.

    Examples
    --------
    >>> group = {"name": "Green", "hits": 1, "size": 3, "articles_with_topic": 1, "articles": 1}
    >>> told = {"unit": "article", "topic": "wind", "groups": [group], "others": 0}
    >>> worded("presence", told | {"with_topic": 1, "articles": 2}, names={"Green": "the Greens"})
    'Of these 2 articles, 1 mentions wind: on the Greens, 1 of 3 body sentences (1 of 1 article).'
    """
    from jinja2 import UndefinedError

    text, file = _source(wording)
    try:
        filled = _compiled(text, file, html)[template].render(called(values, names or {}))
    except UndefinedError as error:
        raise InputError(
            f"{template}: {error.message}", file=file, do="mend the template"
        ) from None
    # A space that is not to be broken stays one: other languages have them within a sentence.
    return re.sub(r"[^\S\u00a0\u202f]+", " ", filled).strip()


@lru_cache(maxsize=8)
def _compiled(text: str, file: Path | None, html: bool) -> dict[str, Any]:
    words = _parsed(text, file)
    made = _environment(words, html)
    return {
        name: made.from_string(words["macros"] + template)
        for name, template in words["templates"].items()
    }


def environment(wording: str | Path, html: bool = False) -> Any:
    """Return the Jinja environment in which a wording is filled in, for text or for HTML.

    Parameters
    ----------
    wording : str or path
        A wording, as `read_wording` takes it.
    html : bool
        Whether everything that is filled in is escaped, and counts become links.
    """
    return _environment(read_wording(wording), html)


def _environment(words: Mapping[str, Any], html: bool) -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup

    link = Markup('<a href="#{}">{}</a>')

    def finalize(value: Any) -> Any:
        return link.format(value.anchor, int(value)) if isinstance(value, Linked) else value

    def of(number: int, one: str, more: str) -> Any:
        noun = one if number in words["singular"] else more
        if isinstance(number, Linked) and html:
            return Markup("{} {}").format(finalize(number), noun)
        return f"{number} {noun}"

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=False,
        autoescape=html,
        finalize=finalize if html else None,
    )

    def listed(names: Iterable[Any], others: int = 0) -> str:
        names = [str(name) for name in names]
        if others:
            names = [
                *names[:-others],
                words["others"][others not in words["singular"]].format(others),
            ]
        *most, last = names
        comma, and_ = words["comma"], words["and"]
        if any(comma in name for name in names):  # groups of several columns: "Israel, VNA"
            comma, and_ = words["semicolon"], words["semicolon"].rstrip() + and_
        return and_.join([comma.join(most), last] if most else [last])

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
        ends = (
            re.sub(end, new, one, count=1) for end, new in words["plurals"] if re.search(end, one)
        )
        return next(ends, one)

    environment.filters |= {
        "of": of,
        "percent": lambda number: spelled(format_percent(number), words),
        "level": lambda number: spelled(format_level(number), words),
        "points": lambda number: spelled(format_points(number), words),
        "logits": lambda number: spelled(format_logits(number), words),
        "p_value": lambda number: spelled(format_p(number), words),
        "plural": plural,
        "in_words": words["agreement"].__getitem__,
        "label": shown,
        "labels": lambda names: [shown(name) for name in names],
        "listed": listed,
        "named": lambda items, others: items[: len(items) - others],
    }
    environment.globals |= {"joint": joint, "or_": words["or"], "colon": words["colon"]}
    return environment
