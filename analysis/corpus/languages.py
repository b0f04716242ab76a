"""In which language a text is written, and what its language says about the ends of sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from itertools import filterfalse
from typing import Any

from analysis.corpus.tokens import beyond_ascii
from analysis.errors import NAMES, check_choice, warn

_GLANCE, _LOOK = 600, 6000  # characters: for a first look at a text, and for a closer one
_FEWEST, _SHARE = 2, 0.08  # of its words in a text that shows a language, and among all words
_AHEAD = 1.2  # so many times as many as of English


@lru_cache(maxsize=1)
def _data() -> dict[str, dict[str, Any]]:
    file = resources.files("analysis.corpus") / "languages.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    """The articles, prepositions and conjunctions of each language."""
    return {name: frozenset(one["words"]) for name, one in _data().items() if "words" in one}


@lru_cache(maxsize=1)
def _every_word() -> frozenset[str]:
    return frozenset().union(*_words().values())


@lru_cache(maxsize=1)
def _english_alone() -> frozenset[str]:
    others = (words for name, words in _words().items() if name != "english")
    return _words()["english"].difference(*others)


@lru_cache(maxsize=1)
def languages() -> list[str]:
    """Return the languages that have a segmenter."""
    return [name for name, one in _data().items() if "abbreviations" in one]


def rules_of(language: str) -> Mapping[str, Any]:
    """Return what `languages.toml` says of a language that has a segmenter; of others, nothing."""
    return _data()[language] if language in languages() else {}


def language_of(text: str) -> str:
    """Return the language, or else the script, that a text looks to be written in.

    It is English where nothing speaks for another one, as in a text of three words.

    >>> language_of("Der Rat sprach mit dem Minister und der Botschafterin von den Plänen.")
    'german'
    >>> language_of("Переговоры прошли в Москве."), language_of("Wind grows.")
    ('Cyrillic', 'english')
    """
    words = text[:_GLANCE].lower().split()
    if sum(map(_words()["english"].__contains__, words)) * 6 > len(words):
        return "english"
    sample = text[:_LOOK].lower()
    different: set[str] = set()
    if not sample.isascii():
        different = set(beyond_ascii(sample))
        once = "".join(different)
        for script, letters in _data()["scripts"].items():
            one = re.compile(f"[{letters}]")
            if one.search(once) and len(one.findall(sample)) > len(re.findall("[a-z]", sample)):
                return str(script)
    words = sample.split()
    telling = list(filter(_every_word().__contains__, words))
    shared = list(filterfalse(_english_alone().__contains__, telling))
    english = len(telling) - len(shared)
    if len(shared) + len(different) <= _AHEAD * english:  # none can come before it
        return "english"
    counts = {name: sum(map(own.__contains__, shared)) for name, own in _words().items()}
    counts["english"] += english
    for name in counts:
        counts[name] += len(different.intersection(_data()[name].get("letters", "")))
    best = max(counts, key=counts.__getitem__)
    enough = counts[best] >= max(_FEWEST, _SHARE * len(words))
    return best if enough and counts[best] > _AHEAD * counts["english"] else "english"


def language_used(text: str) -> str:
    """Return the language of the segmenter for a text; English where its own has none."""
    own = language_of(text)
    return own if own in languages() else "english"


def languages_of(names: Sequence[str], texts: Sequence[str], language: str | None) -> list[str]:
    """Return the language of the segmenter for each text: the named one, or else its own.

    A warning names the texts that look to be in another language than that of their segmenter.
    """
    if language is not None:
        check_choice(language, languages(), "language", "language with a segmenter")
    used, others = [], dict[tuple[str, str], list[str]]()
    for name, text in zip(names, texts, strict=True):
        own = language_of(text)
        used.append(language or (own if own in languages() else "english"))
        if own != used[-1] and len(text) > _GLANCE // 3:
            others.setdefault((own, used[-1]), []).append(name)
    for (own, taken), where in others.items():
        script = " script" if own in _data()["scripts"] else ""
        warn(
            f"{NAMES}: this looks like {own.capitalize()}{script}, and its sentences end "
            f"as in {taken.capitalize()}; look at some, above all after abbreviations",
            of=where,
        )
    return used


@lru_cache(maxsize=1)
def words_that_go_on() -> frozenset[str]:
    """Return words that end no sentence and no headline, of any language."""
    return frozenset(word for one in _data().values() for word in one.get("go_on", ()))
