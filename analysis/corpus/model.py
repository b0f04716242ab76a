"""The trained model that finds sentences, and the words before a point that it knows."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from analysis.corpus.languages import rules_of

if TYPE_CHECKING:
    from nupunkt import PunktSentenceTokenizer


@lru_cache(maxsize=20)
def segmenter(language: str) -> PunktSentenceTokenizer:
    """Return the model of a language, made once."""
    if language == "english":
        return _english()
    from nupunkt import PunktSentenceTokenizer
    from nupunkt.core.parameters import PunktParameters

    # Of other languages the abbreviations are known, not how their words stand in texts.
    model = PunktSentenceTokenizer(PunktParameters(), include_common_abbrevs=False)
    model.add_abbreviations(rules_of(language)["abbreviations"])
    return model


def _english() -> PunktSentenceTokenizer:
    from nupunkt.models import load_default_model

    file = resources.files("analysis.corpus") / "segmentation.toml"
    rules = tomllib.loads(file.read_text(encoding="utf-8"))
    model = load_default_model()  # a new instance: nobody else's abbreviations change
    for abbreviation in rules["abbreviations"]:
        model.add_abbreviation(abbreviation)
    for word in rules["words"]:
        model.remove_abbreviation(word)
    return model


@lru_cache(maxsize=20)
def special_words(language: str) -> frozenset[str]:
    """The words that a point does not surely end: abbreviations, and what begins collocations."""
    model = segmenter(language)
    firsts = {first for first, _ in model.parameters.collocations}
    return frozenset(model.abbreviations | firsts)


def hashed(letters: np.ndarray) -> np.ndarray:
    """A number of 16 bits for each row of eight bytes."""
    packed = np.ascontiguousarray(letters, dtype=np.uint8).view(np.uint64)[:, 0]
    return (packed * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(48)


@lru_cache(maxsize=20)
def numbers_of_special_words(language: str) -> np.ndarray:
    """Which numbers special words have, by their last eight letters, from the last one on."""
    words = [word[::-1][:8].encode() for word in special_words(language) if word.isascii()]
    found = np.zeros(1 << 16, dtype=bool)
    rows = np.frombuffer(b"".join(word.ljust(8, b"\0") for word in words), np.uint8)
    found[hashed(rows.reshape(-1, 8))] = True
    return found
