"""Where the context of a topic stands: looked for only near sentences that need it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import repeat

import numpy as np
import pandas as pd

from analysis.errors import check_columns
from analysis.topics.dictionary import SCOPES, Dictionary
from analysis.topics.matching import Candidate

Given = frozenset[str] | None  # the topics whose context stands near a sentence, if that is asked
PASSAGE = 3  # how many sentences before and after one are its passage

InArticles = dict[Hashable, frozenset[str]]  # topics by article
InPassages = dict[tuple[Hashable, int], frozenset[str]]  # topics by article and sentence


def standing(
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    found: Mapping[str, Mapping[Hashable, Sequence[Candidate]]],
) -> tuple[InArticles, InPassages]:
    """Return the topics whose context stands in an article, and those with it near a sentence.

    `found` has the places of patterns, by text, and contexts in the same text. Where one of them
    wants a context still, it is looked for around, and nowhere else: most sentences are far away.
    """
    passage, article = (
        frozenset(t.name for t in dictionary.topics if t.context_within == scope)
        for scope in SCOPES[1:]
    )
    needed = ["doc_id", "section", "text", *(["sentence_id"] if passage else [])]
    check_columns(sentences, needed, "sentences")
    # The texts where a pattern fits and its context does not stand, so that it may elsewhere.
    in_passages, in_articles = (
        {
            text
            for text, here in found.items()
            if any((one, "include") in here and not here.get((one, "context")) for one in names)
        }
        for names in (passage, article)
    )
    # Furniture of a page ("More in Defense") says nothing on what the article is about.
    own = sentences[sentences["section"].isin(["headline", "body"])]
    if passage:  # near in the article, whatever the order of the rows
        articles = pd.factorize(own["doc_id"])[0]
        order = np.lexsort((own["sentence_id"], articles))
        own, articles = own.iloc[order], articles[order]
        first, after = (np.searchsorted(articles, articles, side) for side in ("left", "right"))
    homes, texts = own["doc_id"].to_list(), own["text"].to_list()
    around = {
        row: texts[max(row - PASSAGE, first[row]) : min(row + PASSAGE + 1, after[row])]
        for row, text in enumerate(texts)
        if text in in_passages
    }
    whole: dict[Hashable, list[str]] = {
        home: [] for home in sentences["doc_id"][sentences["text"].isin(in_articles)]
    }
    for home, text in zip(homes, texts, strict=True):
        if home in whole:
            whole[home].append(text)
    asked = list({text for one in (around, whole) for own in one.values() for text in own})
    stands = {
        asked[number]: {topic for topic in passage | article if here.get((topic, "context"))}
        for number, here in dictionary.contexts(asked)
    }

    def given(near: Sequence[str], names: frozenset[str]) -> frozenset[str]:
        return names & frozenset().union(*filter(None, map(stands.get, near)))

    numbers = own["sentence_id"].to_list() if passage else []
    return (
        {home: given(near, article) for home, near in whole.items()},
        {(homes[row], numbers[row]): given(near, passage) for row, near in around.items()},
    )


def with_contexts(
    sentences: pd.DataFrame,
    contexts: Mapping[Hashable, frozenset[str]],
    passages: Mapping[tuple[Hashable, int], frozenset[str]],
) -> Iterator[tuple[str, Given]]:
    """The text of each sentence, and the contexts near it: what tells it from others."""
    texts = sentences["text"].array.tolist()  # sooner than from a series
    if not contexts and not passages:
        return zip(texts, repeat(None), strict=False)
    articles = sentences["doc_id"].to_list()
    given: Iterator[Given] = map(contexts.get, articles)
    if passages:
        keys = zip(articles, sentences["sentence_id"].to_list(), strict=True)
        near = (passages.get(key, frozenset()) for key in keys)
        given = ((one or frozenset()) | other for one, other in zip(given, near, strict=True))
    return zip(texts, given, strict=True)


def numbered(
    sentences: pd.DataFrame,
    contexts: Mapping[Hashable, frozenset[str]],
    passages: Mapping[tuple[Hashable, int], frozenset[str]],
) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the text of each sentence, and the first sentence of each number.

    Texts that differ in words or contexts have different ones.
    """
    if not contexts and not passages:
        known: dict[str, int] = {}
        texts = sentences["text"].array.tolist()
        places = np.array([known.setdefault(text, len(known)) for text in texts], dtype=np.int64)
        return places, np.flatnonzero(np.diff(np.maximum.accumulate(places), prepend=-1))
    numbers: dict[Given, dict[str, int]] = defaultdict(dict)
    rows: list[int] = []
    firsts: list[int] = []
    for place, (text, given) in enumerate(with_contexts(sentences, contexts, passages)):
        rows.append(numbers[given].setdefault(text, len(firsts)))
        if rows[-1] == len(firsts):
            firsts.append(place)
    return np.array(rows, dtype=np.int64), np.array(firsts, dtype=np.int64)
