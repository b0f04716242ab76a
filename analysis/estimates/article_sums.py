"""What the sentences of each article come to on each topic: the sums that a `Measure` takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.errors import InputError, check_counts, listing
from analysis.topics.coding import counted
from analysis.topics.places import Places


def article_sums(
    codes: pd.DataFrame, columns: Sequence[str], sections: Sequence[str] = ("body",)
) -> pd.DataFrame:
    """Return the sums that a `Measure` takes, one row an article and topic, with some columns.

    An article without a unit in the sections stays, with sums of 0.
    """
    _check_coders(codes, columns)
    summed = ["coded", "words", "matches", "matched_words"]
    counted = codes["section"].isin(sections)
    do = "a code is true or false, and the others are counts"
    check_counts(codes.loc[counted, summed], summed, "codes", do)
    keys = list(dict.fromkeys([*columns, "doc_id"]))
    units = codes[[*keys, "topic"]].assign(
        sentences=counted.astype(np.int64),
        **{column: codes[column].where(counted, 0).astype(np.int64) for column in summed},
    )
    sums = units.groupby([*keys, "topic"], observed=True, sort=False).sum().reset_index()
    whole = sums.groupby(keys, observed=True, sort=False)["matches"]
    return sums.assign(all_matches=whole.transform("sum"))


def _check_coders(codes: pd.DataFrame, columns: Sequence[str]) -> None:
    """Raise if a sentence has codes of several coders, which would count together."""
    if "coder" in columns or not {"coder", "answer"} <= {*codes.columns}:
        return
    coders = list(codes["coder"].unique())
    if len(coders) > 1 and codes.duplicated(["doc_id", "sentence_id", "topic"]).any():
        raise InputError(
            f"several coders coded the same sentences ({listing(coders)}), which would count twice",
            do='choose one, codes[codes["coder"] == ...], or name "coder" in by',
        )


def articles_of(sentences: pd.DataFrame, columns: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the articles of a sentences table with some columns, and the number of each row's."""
    keys = list(dict.fromkeys([*columns, "doc_id"]))
    articles = sentences.groupby(keys, observed=True, sort=False, dropna=False)
    return articles.head(1)[keys].reset_index(drop=True), articles.ngroup().to_numpy()


def counted_sums(
    articles: pd.DataFrame, article: np.ndarray, sentences: pd.DataFrame, places: Places
) -> pd.DataFrame:
    """Return what `article_sums` gives of the codes of sentences, without a row for each of them.

    `article` has the number of each sentence's article. Body sentences count.
    """
    topics = places.dictionary.topic_names
    matches, words = counted(sentences, places)
    body = (sentences["section"] == "body").to_numpy()

    def added(values: np.ndarray) -> np.ndarray:  # exact to 2 to the power 53
        columns = (values * body[:, None]).T
        sums = [np.bincount(article, column, len(articles)) for column in columns]
        return np.stack(sums, axis=1).astype(np.int64)

    def alike(values: np.ndarray) -> np.ndarray:  # whatever the topic
        return np.repeat(added(values[:, None]), len(topics))

    sums = articles.take(np.repeat(np.arange(len(articles)), len(topics)))
    every = {"coded": matches > 0, "matches": matches, "matched_words": words}
    return sums.reset_index(drop=True).assign(
        topic=topics * len(articles),
        sentences=alike(body),
        words=alike(sentences["words"].to_numpy()),
        all_matches=alike(matches.sum(axis=1)),
        **{name: added(values).ravel() for name, values in every.items()},
    )
