"""Where a dictionary may match: found once, and read by every table that is made of matches."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, check_columns
from analysis.topics.dictionary import Dictionary, Match
from analysis.topics.matching import Candidate


@dataclass(frozen=True, eq=False, repr=False)
class Places:
    """Every place in the texts of a sentences table where a pattern of a dictionary fits.

    Made by `places_of`. As ``places=`` of `codes`, `matches`, `specifications`, `audit`,
    `suggestions` and `leave_one_pattern_out` it saves them the search of the texts. It serves for
    the sentences it was made from and for any part of them.

    Attributes
    ----------
    sentences : pandas.DataFrame
        The table it was made from.
    dictionary : Dictionary
        What was looked for: the patterns of all topics and tiers, and those that exclude.
    texts : sequence of str
        Each distinct text once.
    found : mapping
        What `Dictionary.places` yields: the places in a text, by its number in `texts`.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["Coal falls. Wind power grows."]})
    >>> table = sentences(texts)
    >>> energy = Dictionary("energy", (Topic("wind", ("wind power",), broad=("wind",)),))
    >>> places = places_of(table, energy)
    >>> places.to_frame()
      doc_id  sentence_id topic     pattern  start  end
    0      a            2  wind  wind power     12   22
    >>> int(codes(table, energy, places=places)["matches"].sum())
    1
    """

    sentences: pd.DataFrame
    dictionary: Dictionary
    texts: Sequence[str]
    found: Mapping[int, Mapping[Hashable, Sequence[Candidate]]]

    def to_frame(self, *, tier: str = "core") -> pd.DataFrame:
        """Return the places that count at a tier, one row a match.

        Parameters
        ----------
        tier : {"core", "broad"}
            Which patterns to use.

        Returns
        -------
        pandas.DataFrame
            ``doc_id``, ``sentence_id``, ``topic``, ``pattern``, ``start``, ``end`` (offsets into
            the article as given). `matches` has document variables and the matched text as well.
        """
        return self.table(self.sentences, ["doc_id", "sentence_id"], tier).drop(columns="text")

    def table(self, sentences: pd.DataFrame, columns: Sequence[str], tier: str) -> pd.DataFrame:
        """Return one row a match in sentences, with some of their columns and the matched text."""
        check_columns(sentences, ["doc_id", "sentence_id", "start", "text"], "sentences")
        chosen = self.choose(self.dictionary.included(tier))
        rows: list[tuple[Any, ...]] = []
        starts = sentences["start"].to_list()
        for row, number in enumerate(self.numbers(sentences).tolist()):
            text, offset = self.texts[number], starts[row]
            rows += [
                (row, topic, pattern, offset + start, offset + end, text[start:end])
                for topic, pattern, start, end in chosen.get(number, ())
            ]
        names = ["row", "topic", "pattern", "start", "end", "text"]
        table = pd.DataFrame(rows, columns=names)
        homes = sentences[list(columns)].iloc[table.pop("row").astype(int)]
        return pd.concat([homes.reset_index(drop=True), table], axis=1)

    def numbers(self, sentences: pd.DataFrame) -> np.ndarray:
        """Return the number of the text of each sentence; raise if one was not searched."""
        numbers = sentences["text"].map(self._numbers)
        if numbers.isna().any():
            text = sentences["text"][numbers.isna().to_numpy()].iloc[0]
            raise InputError(
                f"places= was made from other sentences: {str(text)[:60]!r} is not among them",
                do="make it from these sentences by `places_of`, or leave it out",
            )
        return numbers.to_numpy(dtype=np.int64)

    def choose(
        self, patterns: Mapping[str, Collection[str]] | None = None
    ) -> dict[int, list[Match]]:
        """Return the matches in each text that has any, by its number.

        Only the include patterns that are named take part; by default those of every tier.
        """
        select = self.dictionary.select
        chosen = {n: select(self.texts[n], here, patterns) for n, here in self.found.items()}
        return {number: own for number, own in chosen.items() if own}

    @cached_property
    def us_only(self) -> Places:
        """The places of the dictionary without its spelling variants."""
        # Without variants nothing fits where nothing fits with them.
        numbers, dictionary = list(self.found), self.dictionary.us_only()
        found = dictionary.places([self.texts[number] for number in numbers])
        own = {numbers[place]: candidates for place, candidates in found}
        return Places(self.sentences, dictionary, self.texts, own)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {text: number for number, text in enumerate(self.texts)}


def places_of(sentences: pd.DataFrame, dictionary: Dictionary) -> Places:
    """Return every place where a dictionary may match, to be passed on as ``places=``.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`; every section is searched, each distinct text once.
    dictionary : Dictionary
        From `read_dictionary`.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, matches, sentences
    >>> table = sentences(pd.DataFrame({"doc_id": ["a"], "text": ["Wind power grows."]}))
    >>> energy = Dictionary("energy", (Topic("wind", ("wind power",)),))
    >>> places = places_of(table, energy)
    >>> matches(table, energy, places=places)["text"].to_list()
    ['Wind power']
    """
    check_columns(sentences, ["text"], "sentences")
    texts = list(dict.fromkeys(sentences["text"]))
    return Places(sentences, dictionary, texts, dict(dictionary.places(texts)))


def places_for(sentences: pd.DataFrame, dictionary: Dictionary, places: Places | None) -> Places:
    """Return the places that were given, if they are of this dictionary, or find them."""
    if places is None:
        return places_of(sentences, dictionary)
    if places.dictionary != dictionary:
        raise InputError(
            f"places= was made with another dictionary ({places.dictionary.name!r}) than "
            f"{dictionary.name!r}, or with other patterns",
            do="make it with this dictionary by `places_of`, or leave it out",
        )
    return places
