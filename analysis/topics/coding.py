"""Which sentence carries which topic: matches, codes, and the sentences behind them.

Tables
------
matches : one row a match
    ``doc_id``, ``sentence_id``, the document variables, ``topic``, ``pattern`` (as the dictionary
    writes it), ``start``, ``end`` (offsets into the article as given), ``text``.
codes : one row a sentence and topic
    The columns of the sentences table without ``text``; ``topic``, ``coded`` (bool), ``matches``,
    ``matched_words`` (words inside matches).
evidence : one row a coded sentence and topic
    ``doc_id``, ``sentence_id``, the document variables, ``section``, ``topic``, ``start``,
    ``end``, ``patterns``, ``spans`` (of the matches, inside the sentence), ``quote``.
positions : one row a body sentence and topic
    ``doc_id``, the document variables, ``topic``, ``position`` (1 is the first body sentence),
    ``sentences`` (of the article's body), ``coded``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.folding import count_words
from analysis.corpus.units import variables_of
from analysis.errors import InputError, check_columns
from analysis.topics.dictionary import Dictionary, Match
from analysis.topics.places import Places, places_for


def matches(
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    *,
    tier: str = "core",
    places: Places | None = None,
) -> pd.DataFrame:
    """Return the matches table: every match of a dictionary, with its place in the article.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`; every section is searched.
    dictionary : Dictionary
        From `read_dictionary`.
    tier : {"core", "broad"}
        Which patterns to use.
    places : Places, optional
        From `places_of`, so that the texts are not searched again.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["Coal falls. Wind power grows."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind power",)),))
    >>> matches(sentences(texts), energy)
      doc_id  sentence_id topic     pattern  start  end        text
    0      a            2  wind  wind power     12   22  Wind power
    """
    names = ["doc_id", "sentence_id", *variables_of(sentences)]
    return places_for(sentences, dictionary, places, tier).table(sentences, names, tier)


def codes(
    sentences: pd.DataFrame, coder: Any, *, tier: str = "core", places: Places | None = None
) -> pd.DataFrame:
    """Return the codes table: for each sentence and topic, whether the sentence is on the topic.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`.
    coder : Dictionary or scikit-learn transformer
        A dictionary; or a fitted transformer whose ``transform(texts)`` gives one column a topic
        (a value above 0 codes the sentence) and whose ``get_feature_names_out()`` names them.
    tier : {"core", "broad"}
        Which patterns of a dictionary to use.
    places : Places, optional
        From `places_of` with this dictionary, so that the texts are not searched again.

    Returns
    -------
    pandas.DataFrame
        See the module's description; in the order of the sentences, then of the topics. For a
        transformer that is not a dictionary ``matches`` is 1 where coded and ``matched_words`` 0.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["Coal falls. Wind power grows."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind power",)), Topic("sun", ("solar",))))
    >>> table = codes(sentences(texts), energy)
    >>> table[["sentence_id", "topic", "coded", "matches", "matched_words"]]
       sentence_id topic  coded  matches  matched_words
    0            1  wind  False        0              0
    1            1   sun  False        0              0
    2            2  wind   True        1              2
    3            2   sun  False        0              0
    """
    check_columns(sentences, ["doc_id", "sentence_id", "section", "words", "text"], "sentences")
    if isinstance(coder, Dictionary):
        topics = coder.topic_names
        counts, words = counted(sentences, places_for(sentences, coder, places, tier), tier)
    elif places is not None:
        raise InputError("places= are of a dictionary, which this coder is not", do="leave it out")
    else:
        topics = list(coder.get_feature_names_out())
        weights = coder.transform(sentences["text"].to_list())
        dense = weights.toarray() if hasattr(weights, "toarray") else np.asarray(weights)
        counts = (dense > 0).astype(np.int64)
        words = np.zeros_like(counts)
    table = sentences.drop(columns="text")
    table = table.take(np.repeat(np.arange(len(table)), len(topics))).reset_index(drop=True)
    table["topic"] = topics * len(sentences)
    table["coded"] = counts.ravel() > 0
    table["matches"] = counts.ravel()
    table["matched_words"] = words.ravel()
    return table


def counted(
    sentences: pd.DataFrame, places: Places, tier: str = "core"
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many matches, and words inside them, sentences (rows) have on topics (columns)."""
    chosen = places.choose(places.dictionary.included(tier))
    numbers = places.numbers(sentences)
    counts, words = count(places.texts, places.dictionary, chosen)
    return counts[numbers], words[numbers]


def coded_on(sentences: pd.DataFrame, places: Places) -> np.ndarray:
    """Return which sentences (rows) are on which topics (columns)."""
    topics = places.dictionary.topic_names
    found = np.zeros((len(places.texts), len(topics)), dtype=bool)
    for row, own in places.choose(places.dictionary.included()).items():
        for match in own:
            found[row, topics.index(match.topic)] = True
    return np.asarray(found[places.numbers(sentences)])


def count(
    texts: Sequence[str], dictionary: Dictionary, found: Mapping[int, Sequence[Match]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many matches, and how many words inside them, each text has on each topic.

    Rows are texts and columns are topics; `found` has the matches of a text by its number.
    """
    column = {topic: number for number, topic in enumerate(dictionary.topic_names)}
    counts = np.zeros((len(texts), len(column)), dtype=np.int64)
    words = np.zeros_like(counts)
    for row, own in found.items():
        for topic, _, start, end in own:
            counts[row, column[topic]] += 1
            words[row, column[topic]] += count_words(texts[row][start:end], dictionary.segmenter)
    return counts, words


def evidence(sentences: pd.DataFrame, matches: pd.DataFrame) -> pd.DataFrame:
    """Return the evidence table: every sentence that a topic was found in, once a topic.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`.
    matches : pandas.DataFrame
        From `matches` on the same sentences; or codes with a ``coder``, from `read_codes`: then
        the coder stands for the pattern, and the whole sentence for the match.

    Returns
    -------
    pandas.DataFrame
        See the module's description; ``article_text[start:end] == quote``. For each group and
        topic the number of rows with section "body" equals the numerator of `emphasis`.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, sentences
    >>> texts = sentences(pd.DataFrame({"doc_id": ["a"], "text": ["Wind and wind power grow."]}))
    >>> found = matches(texts, Dictionary("energy", (Topic("wind", ("wind", "wind power")),)))
    >>> evidence(texts, found)[["topic", "patterns", "spans", "quote"]].iloc[0].to_list()
    ['wind', ('wind', 'wind power'), ((0, 4), (9, 19)), 'Wind and wind power grow.']
    """
    keys, variables = ["doc_id", "sentence_id"], variables_of(sentences)
    if "coder" in matches.columns:
        matches = matches[matches["coded"]].assign(pattern="coded by " + matches["coder"])
    found = matches[[*keys, "topic"]].drop_duplicates(ignore_index=True)
    places = sentences[[*keys, *variables, "section", "start", "end", "text"]]
    places = places.rename(columns={"text": "quote"})
    table = found.merge(places, on=keys, how="left", validate="many_to_one")
    begins = table["start"].to_list()
    patterns: list[tuple[str, ...]] = [()] * len(table)
    spans: list[tuple[tuple[int, int], ...]] = [()] * len(table)
    numbers = matches.groupby([*keys, "topic"], sort=False).ngroup()
    columns = (matches[name] for name in ("pattern", "start", "end"))
    for number, pattern, start, end in zip(numbers, *columns, strict=True):
        patterns[number] += (pattern,)
        spans[number] += ((start - begins[number], end - begins[number]),)
    table["patterns"], table["spans"] = (pd.Series(own, dtype=object) for own in (patterns, spans))
    return table[
        [*keys, *variables, "section", "topic", "start", "end", "patterns", "spans", "quote"]
    ]


def positions(codes: pd.DataFrame) -> pd.DataFrame:
    """Return the positions table: where in the body of each article each topic occurs.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["Coal falls. Wind power grows."]})
    >>> positions(codes(sentences(texts), Dictionary("energy", (Topic("wind", ("wind",)),))))
      doc_id topic  position  sentences  coded
    0      a  wind         1          2  False
    1      a  wind         2          2   True
    """
    rows = np.flatnonzero(codes["section"] == "body")
    article, topic = (pd.factorize(codes[key], sort=True)[0][rows] for key in ("doc_id", "topic"))
    # In the order of the table; a position is then the distance from where its strip begins.
    order = np.lexsort((codes["sentence_id"].to_numpy()[rows], topic, article))
    rows, strip = rows[order], article[order] * (topic.max(initial=0) + 1) + topic[order]
    begins = np.flatnonzero(np.diff(strip, prepend=-1))
    sizes = np.diff(begins, append=len(rows))
    table = codes[["doc_id", *variables_of(codes), "topic"]].take(rows).reset_index(drop=True)
    table["position"] = np.arange(len(rows)) - np.repeat(begins, sizes) + 1
    table["sentences"] = np.repeat(sizes, sizes)
    table["coded"] = codes["coded"].array.take(rows)
    return table


def positions_of(
    sentences: pd.DataFrame, coded: np.ndarray, topics: Sequence[str], *, every: bool = True
) -> pd.DataFrame:
    """Return the `positions` of sentences (rows) that are coded on topics (columns).

    Unless `every`, only where they are coded.
    """
    body = np.flatnonzero(sentences["section"] == "body")
    article = pd.factorize(sentences["doc_id"], sort=True)[0][body]
    order = np.lexsort((sentences["sentence_id"].to_numpy()[body], article))
    rows, article = body[order].astype(np.int32), article[order]
    begins = np.flatnonzero(np.diff(article, prepend=-1))
    sizes = np.diff(begins, append=len(rows))
    # Article by article, and in each topic by topic, from the first sentence to the last.
    columns = np.argsort(np.array(topics, dtype=object), kind="stable").astype(np.int32)
    strips = np.repeat(sizes, len(topics)).astype(np.int32)
    place = np.arange(strips.sum(), dtype=np.int32)
    place -= np.repeat(np.cumsum(strips, dtype=np.int32) - strips, strips)
    rows = rows[np.repeat(np.repeat(begins.astype(np.int32), len(topics)), strips) + place]
    column = np.repeat(np.tile(columns, len(sizes)), strips)
    strips = np.repeat(strips, strips)
    if not every:
        here = coded[rows, column]
        rows, column, place, strips = rows[here], column[here], place[here], strips[here]
    table = sentences[["doc_id", *variables_of(sentences)]].take(rows).reset_index(drop=True)
    return table.assign(
        topic=pd.Series(topics, dtype=str).array.take(column),
        position=place.astype(np.int64) + 1,
        sentences=strips.astype(np.int64),
        coded=coded[rows, column],
    )
