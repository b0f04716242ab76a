"""The branches of the forks: what each specification counts, and as what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.corpus.duplicates import near_duplicates
from analysis.corpus.tokens import folded_texts
from analysis.topics.coding import count
from analysis.topics.dictionary import Match
from analysis.topics.places import Places

Patterns = Mapping[str, frozenset[str]]  # of each topic


def in_paragraphs(body: pd.DataFrame) -> bool:
    """Whether the median article has two paragraphs or more: a line break is not always one."""
    return bool(body.groupby("doc_id", observed=True)["paragraph"].nunique().median() >= 2)


def each_cleaning(
    sentences: pd.DataFrame, groups: list[str], duplicates: pd.DataFrame | None
) -> Iterator[tuple[str, pd.Series]]:
    """The branches of the cleaning fork: which rows of the sentences table each one counts."""
    everything = sentences["section"] != "empty"
    full = sentences["section"] == "body"
    if not full.equals(everything):
        folded = folded_texts(sentences["text"].to_list())
        repeated = pd.DataFrame({"doc_id": sentences["doc_id"], "folded": folded}).duplicated()
        yield "none", everything
        if repeated.any():
            yield "deduplicated", everything & ~repeated
    yield "full", full
    if copies := _copies(sentences[full], groups, duplicates):
        yield "without_copies", full & ~sentences["doc_id"].isin(copies)


def _copies(body: pd.DataFrame, groups: list[str], duplicates: pd.DataFrame | None) -> set[str]:
    """Articles that are near duplicates of an earlier one that counts, by name, of their group.

    Of their group only: what one group prints takes nothing away from another.
    """
    number = body.groupby(groups, observed=True).ngroup()
    owner = number.groupby(body["doc_id"]).agg(["min", "max"])
    if (owner["min"] == owner["max"]).all():
        found = near_duplicates(body) if duplicates is None else duplicates
        first, other = (owner["min"].reindex(found[key]) for key in ("doc_id", "other_doc_id"))
        every = [found[first.to_numpy() == other.to_numpy()]]
    else:  # then an article's text is another one in each group
        every = [near_duplicates(own) for _, own in body.groupby(number)]
    copies: set[str] = set()
    for pairs in every:
        both = pairs[["doc_id", "other_doc_id"]].itertuples(index=False, name=None)
        for kept, copy in sorted(both):
            if kept not in copies:
                copies.add(copy)
    return copies


def each_coding(
    sentences: pd.DataFrame, places: Places
) -> Iterator[tuple[str, str, np.ndarray, np.ndarray]]:
    """The branches of the tier and spelling forks: matches, and words inside them, by topic."""
    number = places.numbers(sentences)
    in_body = np.bincount(number[sentences["section"] == "body"], minlength=len(places.texts))
    dictionary = places.dictionary
    core = dictionary.included()
    spellings = {"all": places, **({"us_only": places.us_only} if dictionary.variants else {})}
    for spelling, spelled in spellings.items():
        if spelling != "all" and spelled.choose() == places.choose():
            continue  # no variant stands in the texts
        found = {"core": spelled.choose(core)}
        if any(topic.broad for topic in dictionary.topics):
            found["broad"] = spelled.choose()
        if any(len(patterns) > 1 for patterns in core.values()):
            found["core_without_top"] = spelled.choose(_without_top(core, found["core"], in_body))
        for tier, chosen in found.items():
            matches, words = count(places.texts, dictionary, chosen)
            yield tier, spelling, matches[number], words[number]


def _without_top(
    core: Patterns, found: Mapping[int, Sequence[Match]], in_body: np.ndarray
) -> Patterns:
    """Each topic's patterns without the most frequent; of two equally frequent, the first by name.

    A topic keeps its only pattern: without one it would say nothing.
    """
    matches: Counter[tuple[str, str]] = Counter()
    for number, own in found.items():
        for match in own:
            matches[match.topic, match.pattern] += in_body[number]
    top: dict[str, str] = {}
    for (topic, pattern), often in sorted(matches.items(), key=lambda one: (-one[1], one[0])):
        if often:
            top.setdefault(topic, pattern)
    return {name: patterns - {top.get(name)} or patterns for name, patterns in core.items()}
