"""How texts are worded: a `Language` is a wording and what a study calls its topics and groups.

Wordings stand in ``wordings/*.toml`` or a researcher's own file. What a language decides is there:
the texts, where a plural begins and how it is made, how lists are joined, how a number is written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from analysis.errors import InputError, check_choice
from analysis.prose.numbers import heading
from analysis.prose.own_wording import read_own
from analysis.prose.templates import environment, spelled

# Values of a finding that a template chooses by, what stands for an article, and what an article
# says itself: none has a name.
_CODES = ("status", "agreement", "carrier", "text")


@dataclass(frozen=True, eq=False, kw_only=True)
class Language:
    """A wording, and what a study calls its topics, groups and variables; from `read_language`.

    Contract: its file is read and parsed once, when it is made, and each text is compiled once.

    Attributes
    ----------
    wording : str or path
        The name of the wording, or its file.
    names : mapping
        What topics, groups and document variables are called.
    words : mapping
        The wording as it stands in its file, but for what a study calls an article, and what it
        says between articles and a group.
    """

    wording: str | Path
    names: Mapping[str, str]
    words: Mapping[str, Any]
    _made: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def text(self, template: str, values: Mapping[str, Any], *, html: bool = False) -> str:
        """Return the text of a finding, on one line: its template filled in with its values.

        Parameters
        ----------
        template : str
            The name of a template, as in the provenance of a finding.
        values : mapping
            The values of a finding.
        html : bool
            Whether everything that is filled in is escaped, and counts with an anchor are links.

        Raises
        ------
        InputError
            If the template asks a value for a part that it has not.

        Examples
        --------
        >>> group = {"name": "Green", "hits": 1, "size": 3, "articles_with_topic": 1, "articles": 1}
        >>> values = {"unit": "article", "topic": "wind", "groups": [group], "others": 0}
        >>> language = read_language(names={"Green": "the Greens"})
        >>> language.text("presence", values | {"with_topic": 1, "articles": 2})
        'Of these 2 articles, 1 mentions wind: on the Greens, 1 of 3 body sentences (1 of 1
        article).'
        """
        from jinja2 import TemplateError

        made, called = self._made, self.called(values)
        if (template, html) not in made:
            known = self.environment(html=html)
            # What all templates share is compiled once, not with each of them.
            made["", html] = made.get(("", html)) or known.from_string(self.words["macros"])
            made[template, html] = known.from_string(self.words["templates"][template])
        try:
            shared = vars(made["", html].make_module(called))
            filled = made[template, html].render({**called, **shared})
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            file = self.wording if isinstance(self.wording, Path) else None
            said = f"{template}: it cannot be filled in ({error})"
            raise InputError(said, file=file, do="mend the template") from None
        # A space that is not to be broken stays one: other languages have them within a sentence.
        return re.sub(r"[^\S\u00a0\u202f]+", " ", filled).strip()

    def called(self, value: Any) -> Any:
        """Return a value with every name in it as the study has it; what has no name there stays.

        A group of several columns is called what its parts are.

        Examples
        --------
        >>> read_language(names={"Italy": "Italie"}).called({"name": "Italy, Post", "hits": 2})
        {'name': 'Italie, Post', 'hits': 2}
        """
        if not self.names:
            return value
        if isinstance(value, str):
            parts = (self.names.get(part, part) for part in value.split(", "))
            return self.names.get(value) or ", ".join(parts)
        if isinstance(value, list):
            return [self.called(item) for item in value]
        if isinstance(value, dict):
            return {
                key: item
                if key in _CODES or (key, item) == ("unit", "article")
                else self.called(item)
                for key, item in value.items()
            }
        return value

    def heading(self, name: str) -> str:
        """Return what a topic is called, as it begins a line: "Defense industry"."""
        return heading(self.called(name))

    def spelled(self, number: str) -> str:
        """Return a number, written as in English, as the wording writes it.

        Examples
        --------
        >>> read_language("french").spelled("−49.9")
        '−49,9'
        """
        return spelled(number, self.words)

    def environment(self, *, html: bool = False) -> Any:
        """Return the Jinja environment in which texts are filled in.

        Parameters
        ----------
        html : bool
            Whether everything that is filled in is escaped, and counts with an anchor are links.
        """
        if html not in self._made:
            self._made[html] = environment(self.words, html=html)
        return self._made[html]


def read_language(
    wording: str | Path | Language = "english",
    *,
    names: Mapping[str, str] | None = None,
    unit: str = "",
    relation: str = "",
) -> Language:
    """Return a language: a wording, and what a study calls its topics, groups and variables.

    Parameters
    ----------
    wording : str, path or Language
        A name such as ``"english"``, one of ``analysis/prose/wordings``; a file ending in
        ``.toml`` with the keys of ``english.toml`` there; or a Language, returned as it is.
    names : mapping, optional
        What texts call topics, groups and document variables, by their names in the tables.
    unit : str
        What texts call an article: ``"speech"``.
    relation : str
        What stands between it and its group: ``"by"``, for speeches by a party.

    Raises
    ------
    InputError
        If there is no wording of that name (the message lists those there are), or a file lacks a
        key, has one too many, or has a text that cannot be filled in; the message names the key.

    Examples
    --------
    >>> read_language("french", names={"training": "formation"}).heading("training")
    'Formation'
    """
    if isinstance(wording, Language):
        return wording
    if str(wording).endswith(".toml"):
        wording = Path(wording)
        words: Mapping[str, Any] = read_own(wording, _supplied("english").words)
    else:
        supplied = _supplied(str(wording))
        if not (names or unit or relation):
            return supplied
        words = supplied.words
    words = {
        **words,
        "relation": relation or words["relation"],
        "labels": words["labels"] | ({"article": unit} if unit else {}),
    }
    return Language(wording=wording, names=names or {}, words=words)


@lru_cache
def _supplied(name: str) -> Language:
    """A wording of the package, without names."""
    folder = resources.files("analysis.prose") / "wordings"
    files = {item.name.removesuffix(".toml"): item for item in folder.iterdir()}
    check_choice(name, sorted(files), "wording", "wording")
    words = tomllib.loads(files[name].read_text(encoding="utf-8"))
    return Language(wording=name, names={}, words=words)
