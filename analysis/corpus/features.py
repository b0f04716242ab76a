"""Words and phrases counted: group by group, from the matrix of any scikit-learn vectorizer.

scikit-learn is slow to import, and a run counts words without it: what makes a vectorizer does so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.corpus.dispersion import dispersion, sums_of
from analysis.corpus.folding import folded_text
from analysis.corpus.groups import columns_of
from analysis.corpus.joining import articles_in
from analysis.corpus.vocabulary import TOKEN, without_possessives, word_cells
from analysis.errors import InputError, check_columns

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import CountVectorizer

COUNTED = ("feature", "count", "articles", "most", "dp", "dp_norm")


def counts(
    sentences: pd.DataFrame,
    by: str | Sequence[str],
    *,
    vectorizer: Any = None,
    sections: Sequence[str] = ("body",),
    ignore: Sequence[str] = (),
) -> pd.DataFrame:
    """Return how often each group uses each word, in how many of its articles, how evenly.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`.
    by : str or list of str
        The document variables that form the groups.
    vectorizer : scikit-learn vectorizer, optional
        What is counted; it is fitted to the articles, their sentences between blank lines.
        Default: a `CountVectorizer` of folded words without scikit-learn's English stop words,
        numbers and the words of `ignore`. `phrase_counter` counts phrases too.
    sections : sequence of str
        Which sections count.
    ignore : sequence of str
        Words that the default vectorizer leaves out too, such as the names of the groups.

    Returns
    -------
    pandas.DataFrame
        The group columns, ``feature``, ``count``, ``articles``; ``most``, the count in the article
        that has most; ``dp`` and ``dp_norm``, Gries'
        dispersion over the group's articles (see `intervals.gries_dp`; an article is as long as
        what is counted in it); sorted; no row for a count of 0.

    Examples
    --------
    >>> from analysis import sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Green"],
    ...                       "text": ["Wind power.", "Wind and sun."]})
    >>> counts(sentences(texts), by="party")
       party feature  count  articles  most   dp  dp_norm
    0  Green   power      1         1     1  0.5      1.0
    1  Green     sun      1         1     1  0.5      1.0
    2  Green    wind      2         2     1  0.0      0.0
    """
    columns = columns_of(by)
    if vectorizer is not None and ignore:
        problem = "ignore= is for the default vectorizer only"
        raise InputError(problem, do="tell your vectorizer what to ignore")
    check_columns(sentences, [*columns, "doc_id", "section", "text"], "sentences")
    keys = list(dict.fromkeys([*columns, "doc_id"]))
    rows = np.flatnonzero(sentences["section"].isin(sections))
    articles = articles_in(sentences, keys, rows)
    some = articles.joined(sentences["text"], "\n\n")
    if vectorizer is None:
        ignored = frozenset(word_options(ignore)["stop_words"])
        return _word_counts(articles.names, columns, [*word_cells(some, ignored)])
    texts = [text for _, block in some for text in block]
    cells, row = _cells(vectorizer, pd.Series(texts, articles.names, dtype=object), "count")
    if cells.empty:
        return pd.DataFrame(columns=[*columns, *COUNTED])
    grouped = cells.groupby([*columns, "feature"], observed=True, sort=True)
    sums = {"count": ("count", "sum"), "articles": ("doc_id", "nunique"), "most": ("count", "max")}
    table: pd.DataFrame = grouped.agg(**sums).reset_index()
    group = cells.groupby(columns, observed=True).ngroup().to_numpy()
    uses, feature = cells["count"].to_numpy(float), grouped.ngroup().to_numpy()
    table["dp"], table["dp_norm"] = dispersion(uses, row, group, feature)
    return table


def _word_counts(
    articles: pd.Index,
    columns: list[str],
    cells: list[Any],
) -> pd.DataFrame:
    """The table of `counts` from `word_cells`: the same sums, without a name in each cell."""
    names, uses, word, row = (cells.pop() for _ in range(4))  # none is held longer than needed
    if not len(row):
        return pd.DataFrame(columns=[*columns, *COUNTED])
    index = articles.to_frame(index=False)[columns]
    # Groups without a word have no number, as where cells are grouped.
    used = index.iloc[np.unique(row)]
    number = used.groupby(columns, observed=True, sort=True).ngroup()
    group = number.reindex(index.index, fill_value=-1).to_numpy(np.int32)[row]
    found, feature = _numbered(group * np.int64(len(names)) + word)
    del word
    labels = used.assign(group=number).drop_duplicates("group").sort_values("group")[columns]
    table = labels.iloc[found // len(names)].reset_index(drop=True)
    table["feature"] = pd.Series(names, dtype=str).take(found % len(names)).to_numpy()
    table["count"] = sums_of(feature, uses).astype(np.int64)
    table["articles"] = sums_of(feature).astype(np.int64)
    most = np.zeros(len(found), dtype=np.int64)
    np.maximum.at(most, feature, uses)
    table["most"] = most
    table["dp"], table["dp_norm"] = dispersion(uses, row, group, feature)
    return table


def _numbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What `np.unique` gives of whole numbers, with the number of each; sooner of many."""
    if keys.max() >= 2 * len(keys):
        found, number = np.unique(keys, return_inverse=True)
        return found, number
    there = np.bincount(keys) > 0
    return np.flatnonzero(there), (np.cumsum(there, dtype=np.int32) - 1)[keys]


def _cells(vectorizer: Any, texts: pd.Series, name: str) -> tuple[pd.DataFrame, np.ndarray]:
    """What a vectorizer gives other than 0, with the index of the texts; and the text it is of."""
    # Whether anything but stop words is left: to scikit-learn, no vocabulary is an error.
    analyze = vectorizer.build_analyzer() if hasattr(vectorizer, "build_analyzer") else str.split
    if not any(any(analyze(text)) for text in texts):
        return pd.DataFrame(), np.empty(0)
    matrix = vectorizer.fit_transform(texts.to_list()).tocoo()
    cells = texts.index.to_frame(index=False).iloc[matrix.row].reset_index(drop=True)
    cells["feature"] = vectorizer.get_feature_names_out()[matrix.col]
    return cells.assign(**{name: matrix.data}), matrix.row


@cache
def english_stop_words() -> frozenset[str]:
    """Return scikit-learn's English stop words, without importing all of it where that can be."""
    spec = find_spec("sklearn")
    for folder in (spec and spec.submodule_search_locations) or ():
        file = Path(folder, "feature_extraction", "_stop_words.py")  # it has nothing but the words
        words = run_path(str(file)).get("ENGLISH_STOP_WORDS") if file.is_file() else None
        if isinstance(words, frozenset):
            return words
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


def word_options(ignore: Sequence[str] = ()) -> dict[str, Any]:
    """Return the vectorizer options for words: hyphenated words whole, no stop word, no number."""
    ignored = re.findall(TOKEN, _folded_text(" ".join(ignore)))
    return {"token_pattern": TOKEN, "stop_words": sorted({*english_stop_words(), *ignored})}


def word_counter(ignore: Sequence[str] = ()) -> CountVectorizer:
    """Return the vectorizer of `counts`: folded words, no stop word, no number, none to ignore.

    >>> word_counter().fit(["The wind’s power: 12 WATTS."]).get_feature_names_out().tolist()
    ['power', 'watts', 'wind']
    """
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(preprocessor=_folded_text, **word_options(ignore))


def phrase_counter(most_words: int, *, ignore: Sequence[str] = ()) -> CountVectorizer:
    """Return a vectorizer for `counts`: words, and phrases of up to `most_words` words.

    A phrase could stand as a pattern in a dictionary: its words follow one another in one
    sentence, with no more than a space between them. Stop words stand inside a phrase only.

    Parameters
    ----------
    most_words : int
        Of how many words a phrase may be; 1 counts words only.
    ignore : sequence of str
        Words to leave out, and the phrases that begin or end with one.

    Examples
    --------
    >>> phrases = phrase_counter(3).fit(["The training of pilots. Pilots fly."])
    >>> phrases.get_feature_names_out().tolist()
    ['fly', 'pilots', 'pilots fly', 'training', 'training of pilots']
    """
    from sklearn.feature_extraction.text import CountVectorizer

    options = word_options(ignore)
    word, stop = re.compile(options["token_pattern"]), set(options["stop_words"])

    def analyze(text: str) -> Iterator[str]:
        # "france's ships" has no "france ships"; a blank line ends a sentence (see `counts`).
        parts = re.split(r"\n\s*\n", text)
        folded = ";".join(_folded_text(part, possessive=";") for part in parts)
        words = list(word.finditer(folded))
        for number, first in enumerate(words):
            end = first.start() - 1
            for last in words[number : number + most_words] if first[0] not in stop else ():
                if last.start() != end + 1 or (last is not first and folded[end] != " "):
                    break
                end = last.end()
                if last[0] not in stop:
                    yield folded[first.start() : end]

    return CountVectorizer(analyzer=analyze)


def _folded_text(text: str, possessive: str = "  ") -> str:
    return without_possessives(folded_text(text), possessive)


def tfidf(
    sentences: pd.DataFrame,
    by: str | Sequence[str],
    *,
    sections: Sequence[str] = ("body",),
    ignore: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the TF-IDF weight of each word in each group's text, for exploration only.

    Never an estimate: adding a group changes every other group's weights.

    Parameters
    ----------
    sentences, by, sections, ignore
        As for `counts`.

    Returns
    -------
    pandas.DataFrame
        The group columns, ``feature``, ``weight``; the largest weight of each group first.

    Examples
    --------
    >>> from analysis import sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...                       "text": ["Wind power.", "Coal power."]})
    >>> tfidf(sentences(texts), by="party").round(2)
       party feature  weight
    0  Green    wind    0.81
    1  Green   power    0.58
    2    Red    coal    0.81
    3    Red   power    0.58
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    columns = columns_of(by)
    check_columns(sentences, [*columns, "section", "text"], "sentences")
    body = sentences[sentences["section"].isin(sections)]
    texts = body.groupby(columns, observed=True, sort=True)["text"].agg("\n".join)
    options = word_options(ignore)
    table, _ = _cells(TfidfVectorizer(preprocessor=_folded_text, **options), texts, "weight")
    if table.empty:
        return pd.DataFrame(columns=[*columns, "feature", "weight"])
    ascending = [True] * len(columns) + [False, True]
    return table.sort_values(
        [*columns, "weight", "feature"], ascending=ascending, kind="stable", ignore_index=True
    )
