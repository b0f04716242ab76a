"""Everything that makes a matrix from texts: scikit-learn estimators and term counts.

scikit-learn is imported here only, because it is the slowest import of the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfVectorizer

from analysis.dictionary import Dictionary
from analysis.errors import InputError, check_columns
from analysis.segmentation import paragraph_spans, segment
from analysis.text import WORD, fold
from analysis.variables import columns_of


class DictionaryVectorizer(TransformerMixin, BaseEstimator):
    """Texts to topics: a document-topic matrix of match counts, for use in any pipeline.

    Stands where `sklearn.feature_extraction.text.CountVectorizer` stands. A text may be a sentence
    or an article; a match never crosses the end of a sentence.

    Parameters
    ----------
    dictionary : Dictionary
        From `read_dictionary`.
    tier : {"core", "broad"}, default "core"
        Which patterns to use.
    sparse_output : bool, default True
        Whether the matrix is sparse; False for ``set_output(transform="pandas")``.

    Attributes
    ----------
    topics_ : ndarray of str
        The topics, in the order of the columns.

    Examples
    --------
    >>> from analysis.dictionary import Dictionary, Topic
    >>> energy = Dictionary("energy", (Topic("wind", ("wind*",)), Topic("sun", ("solar *",))))
    >>> vectorizer = DictionaryVectorizer(energy)
    >>> vectorizer.fit_transform(["Wind and windmills.", "Solar power."]).toarray()
    array([[2, 0],
           [0, 1]])
    >>> vectorizer.get_feature_names_out()
    array(['wind', 'sun'], dtype=object)
    """

    def __init__(
        self,
        dictionary: Dictionary | None = None,
        tier: str = "core",
        sparse_output: bool = True,
    ) -> None:
        self.dictionary = dictionary
        self.tier = tier
        self.sparse_output = sparse_output

    def fit(self, X: Iterable[str], y: Any = None) -> Self:
        """Take the topics from the dictionary; the texts are checked, nothing is learnt."""
        if self.dictionary is None:
            raise InputError("DictionaryVectorizer has no dictionary", do="pass dictionary=")
        _texts(X)
        self.topics_ = np.array(self.dictionary.topic_names, dtype=object)
        return self

    def transform(self, X: Iterable[str]) -> csr_matrix | np.ndarray:
        """Return the (texts x topics) matrix of match counts, int64."""
        if self.dictionary is None:
            raise InputError("DictionaryVectorizer has no dictionary", do="pass dictionary=")
        column = {topic: number for number, topic in enumerate(self.dictionary.topic_names)}
        texts = _texts(X)
        places = [(row, *span) for row, text in enumerate(texts) for span in paragraph_spans(text)]
        paragraphs = [texts[row][start:end] for row, start, end in places]
        spans = segment(paragraphs)
        sentences = [paragraphs[number][start:end] for number, start, end in spans]
        cells = [
            (places[spans[sentence][0]][0], column[match.topic])
            for sentence, found in self.dictionary.find_all(sentences, self.tier)
            for match in found
        ]
        rows, columns = zip(*cells, strict=True) if cells else ((), ())
        ones = np.ones(len(cells), dtype=np.int64)
        matrix = csr_matrix((ones, (rows, columns)), shape=(len(texts), len(column)))
        return matrix if self.sparse_output else matrix.toarray()

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the topics, in the order of the columns."""
        if self.dictionary is None:
            raise InputError("DictionaryVectorizer has no dictionary", do="pass dictionary=")
        return np.array(self.dictionary.topic_names, dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True  # nothing is learnt from texts, as with HashingVectorizer

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags


def _texts(X: Iterable[str]) -> list[str]:
    if isinstance(X, str):
        raise InputError("one text was given where a list of texts is needed", do="write [text]")
    texts = list(X)
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError(
                f"item {number} is {type(text).__name__}, not a text", do="pass a list of str"
            )
    return texts


def counts(
    sentences: pd.DataFrame,
    by: str | Sequence[str],
    vectorizer: Any = None,
    sections: Sequence[str] = ("body",),
    ignore: Sequence[str] = (),
) -> pd.DataFrame:
    """Return how often each group uses each word, and in how many of its articles.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`.
    by : str or list of str
        The document variables that form the groups.
    vectorizer : scikit-learn vectorizer, optional
        Default: a `CountVectorizer` of folded words without scikit-learn's English stop words,
        numbers and the words of `ignore`.
    sections : sequence of str
        Which sections count.
    ignore : sequence of str
        Words to leave out besides the stop words, such as the names of the groups.

    Returns
    -------
    pandas.DataFrame
        The group columns, ``feature``, ``count``, ``articles``; sorted; no row for a count of 0.

    Examples
    --------
    >>> from analysis import sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Green"],
    ...                       "text": ["Wind power.", "Wind and sun."]})
    >>> counts(sentences(texts), by="party")
       party feature  count  articles
    0  Green   power      1         1
    1  Green     sun      1         1
    2  Green    wind      2         2
    """
    columns = columns_of(by)
    check_columns(sentences, [*columns, "doc_id", "section", "text"], "sentences")
    body = sentences[sentences["section"].isin(sections)]
    keys = list(dict.fromkeys([*columns, "doc_id"]))
    texts = body.groupby(keys, observed=True, sort=True)["text"].agg("\n".join)
    if vectorizer is None:
        vectorizer = CountVectorizer(preprocessor=_folded_text, **word_options(ignore))
    if not _has_words(vectorizer, texts):
        return pd.DataFrame(columns=[*columns, "feature", "count", "articles"])
    matrix = vectorizer.fit_transform(texts.to_list()).tocoo()
    cells = texts.index.to_frame(index=False).iloc[matrix.row].reset_index(drop=True)
    cells["feature"] = vectorizer.get_feature_names_out()[matrix.col]
    cells["count"] = matrix.data
    grouped = cells.groupby([*columns, "feature"], observed=True, sort=True)
    return grouped.agg(count=("count", "sum"), articles=("doc_id", "nunique")).reset_index()


def _has_words(vectorizer: Any, texts: Iterable[str]) -> bool:
    """Whether anything but stop words is left; to scikit-learn, no vocabulary is an error."""
    analyze = vectorizer.build_analyzer() if hasattr(vectorizer, "build_analyzer") else str.split
    return any(analyze(text) for text in texts)


def word_options(ignore: Sequence[str] = ()) -> dict[str, Any]:
    """Return the vectorizer options for words: hyphenated words whole, no stop word, no number."""
    pattern = rf"(?u)(?<![\w-])(?![\d.,-]+(?!\w)){WORD}"
    ignored = re.findall(pattern, _folded_text(" ".join(ignore)))
    return {"token_pattern": pattern, "stop_words": sorted({*ENGLISH_STOP_WORDS, *ignored})}


def phrase_counter(most_words: int) -> CountVectorizer:
    """Return a vectorizer for `counts`: words, and phrases of up to `most_words` words.

    A phrase could stand as a pattern in a dictionary: its words follow one another with no more
    than a space between them. Stop words stand inside a phrase only.

    Examples
    --------
    >>> phrases = phrase_counter(3).fit(["The training of pilots. Pilots fly."])
    >>> phrases.get_feature_names_out().tolist()
    ['fly', 'pilots', 'pilots fly', 'training', 'training of pilots']
    """
    options = word_options()
    word, stop = re.compile(options["token_pattern"]), set(options["stop_words"])

    def analyze(text: str) -> Iterator[str]:
        folded = _folded_text(text, possessive=";")  # "france's ships" has no "france ships"
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


def _folded_text(text: str, possessive: str = "") -> str:
    # A possessive is the noun it belongs to: "france's" counts as "france".
    return re.sub(r"'s(?!\w)", possessive, fold(text).text)


def tfidf(
    sentences: pd.DataFrame,
    by: str | Sequence[str],
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
    columns = columns_of(by)
    check_columns(sentences, [*columns, "section", "text"], "sentences")
    body = sentences[sentences["section"].isin(sections)]
    texts = body.groupby(columns, observed=True, sort=True)["text"].agg("\n".join)
    vectorizer = TfidfVectorizer(preprocessor=_folded_text, **word_options(ignore))
    if not _has_words(vectorizer, texts):
        return pd.DataFrame(columns=[*columns, "feature", "weight"])
    matrix = vectorizer.fit_transform(texts.to_list()).tocoo()
    table = texts.index.to_frame(index=False).iloc[matrix.row].reset_index(drop=True)
    table["feature"] = vectorizer.get_feature_names_out()[matrix.col]
    table["weight"] = matrix.data
    order = [*columns, "weight", "feature"]
    ascending = [True] * len(columns) + [False, True]
    return table.sort_values(order, ascending=ascending, kind="stable").reset_index(drop=True)
