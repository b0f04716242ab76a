"""Where a dictionary may match: found once, and read by every table that is made of matches."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.tokens import folded_texts
from analysis.errors import InputError, check_columns
from analysis.topics.contexts import Given, numbered, standing, with_contexts
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
        Each distinct text once; twice, if it stands with and without a context.
    found : mapping
        What `Dictionary.places` yields: the places in a text, by its number in `texts`.
    contexts : mapping
        The topics whose context stands in an article, by ``doc_id``; of those topics that look for
        it in the article, where a pattern of theirs fits in it.
    passages : mapping
        Those whose context stands near a sentence where a pattern of theirs fits, by ``doc_id``
        and ``sentence_id``; of those topics that look for it in the passage.
    base : Places, optional
        Of the same dictionary with its spelling variants; most places are the same objects.

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
    contexts: Mapping[Hashable, frozenset[str]] = field(default_factory=dict)
    passages: Mapping[tuple[Hashable, int], frozenset[str]] = field(default_factory=dict)
    base: Places | None = field(default=None, repr=False)

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
            if number in chosen:
                text, offset = self.texts[number], starts[row]
                rows += [
                    (row, topic, pattern, offset + start, offset + end, text[start:end])
                    for topic, pattern, start, end in chosen[number]
                ]
        table = pd.DataFrame(rows, columns=["row", "topic", "pattern", "start", "end", "text"])
        homes = sentences[list(columns)].iloc[table.pop("row").astype(int)]
        return pd.concat([homes.reset_index(drop=True), table], axis=1)

    def numbers(self, sentences: pd.DataFrame) -> np.ndarray:
        """Return the number of the text of each sentence; raise if one was not searched."""
        if sentences is self.sentences:
            return self._numbers
        own = with_contexts(sentences, self.contexts, self.passages)
        numbers = [self._known.get(one, -1) for one in own]
        if -1 in numbers:
            text = sentences["text"].iloc[numbers.index(-1)]
            raise InputError(
                f"places= was made from other sentences: {str(text)[:60]!r} is not among them",
                do="make it from these sentences by `places_of`, or leave it out",
            )
        return np.array(numbers, dtype=np.int64)

    def choose(
        self, patterns: Mapping[str, Collection[str]] | None = None
    ) -> Mapping[int, list[Match]]:
        """Return the matches in each text that has any, by its number; kept for who asks again.

        Only the include patterns that are named take part; by default those of every tier.
        """
        wanted = self.dictionary.included("broad") if patterns is None else patterns
        key = frozenset((topic, frozenset(own)) for topic, own in wanted.items())
        if key not in self._chosen:
            select, base = self.dictionary.select, self.base
            # Where the places are those of the base, so are the matches.
            same = base.choose(wanted) if base else {}
            known = base.found if base else {}
            chosen = {
                number: same.get(number, [])
                if known.get(number) is here
                else select(self.texts[number], here, wanted)
                for number, here in self.found.items()
            }
            self._chosen[key] = {number: own for number, own in chosen.items() if own}
        return self._chosen[key]

    @cached_property
    def us_only(self) -> Places:
        """The places of the dictionary without its spelling variants."""
        # Without variants nothing fits where nothing fits with them, and the same fits in a text
        # that has no piece of them, be it broken at a line end or not.
        numbers, dictionary = list(self.found), self.dictionary.us_only()
        folded = folded_texts([self.texts[number] for number in numbers])
        variant = self.dictionary.matcher().variant
        again = [
            number for number, text in zip(numbers, folded, strict=True) if variant.search(text)
        ]
        own = {number: self.found[number] for number in set(numbers).difference(again)}
        # What a text is about does not hang on its spelling: a context stays.
        homes = {(topic.name, "context") for topic in dictionary.topics if topic.context}
        for place, candidates in dictionary.places([self.texts[number] for number in again]):
            here = self.found[again[place]]
            own[again[place]] = {
                **candidates,
                **{owner: stays for owner, stays in here.items() if owner in homes},
            }
        ordered = {number: own[number] for number in numbers if number in own}
        return replace(self, dictionary=dictionary, found=ordered, base=self)

    @cached_property
    def _chosen(self) -> dict[frozenset[Any], dict[int, list[Match]]]:
        return {}

    @cached_property
    def _numbers(self) -> np.ndarray:
        return numbered(self.sentences, self.contexts, self.passages)[0]

    @cached_property
    def _known(self) -> dict[tuple[str, Given], int]:
        """The number of each text; only who asks with other sentences needs it."""
        own = with_contexts(self.sentences, self.contexts, self.passages)
        return dict(zip(own, self._numbers.tolist(), strict=True))


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
    return places_at(sentences, dictionary, "broad")


def places_at(sentences: pd.DataFrame, dictionary: Dictionary, tier: str) -> Places:
    """Return the places of the patterns of a tier alone, for who asks for no other."""
    check_columns(sentences, ["text"], "sentences")
    numbers, firsts = numbered(sentences, {}, {})
    texts = _Texts(sentences["text"].array, firsts)
    made = Places(sentences, dictionary, texts, dict(dictionary.places(texts, tier)))
    if any(topic.context_within != "sentence" for topic in dictionary.topics):
        made, numbers = _elsewhere(made, numbers)
    vars(made)["_numbers"] = numbers  # as it would be found again
    return made


_ELSEWHERE = (0, 0, "")  # the place of a context in another sentence


def _elsewhere(made: Places, numbers: np.ndarray) -> tuple[Places, np.ndarray]:
    """The places with the context of topics wherever it stands in the passage or article."""
    sentences = made.sentences
    by_text = {made.texts[number]: places for number, places in made.found.items()}
    contexts, passages = standing(sentences, made.dictionary, by_text)
    own, firsts = numbered(sentences, contexts, passages)
    found: dict[int, Mapping[Hashable, Sequence[Candidate]]] = {}
    stands: Mapping[Hashable, Sequence[Candidate]]
    given = [one for _, one in with_contexts(sentences, contexts, passages)]
    for number, row in enumerate(firsts.tolist()):
        if (here := made.found.get(numbers[row])) is not None:
            stands = {(topic, "context"): [_ELSEWHERE] for topic in given[row] or ()}
            found[number] = {**here, **stands}
    texts = _Texts(sentences["text"].array, firsts)
    return Places(sentences, made.dictionary, texts, found, contexts, passages), own


@dataclass(frozen=True)
class _Texts(Sequence[str]):
    """Some rows of a column of texts, made into texts of Python when they are asked for."""

    column: Any
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: Any) -> Any:
        chosen = self.rows[place]
        return self.column.take(chosen).tolist() if chosen.ndim else self.column[chosen]

    def __iter__(self) -> Iterator[str]:
        for start in range(0, len(self), _SOME):
            yield from self[start : start + _SOME]


_SOME = 4096  # texts at a time


def places_for(
    sentences: pd.DataFrame, dictionary: Dictionary, places: Places | None, tier: str = "broad"
) -> Places:
    """Return the places that were given, if they are of this dictionary, or find a tier's."""
    if places is None:
        return places_at(sentences, dictionary, tier)
    if places.dictionary != dictionary:
        raise InputError(
            f"places= was made with another dictionary ({places.dictionary.name!r}) than "
            f"{dictionary.name!r}, or with other patterns",
            do="make it with this dictionary by `places_of`, or leave it out",
        )
    return places
