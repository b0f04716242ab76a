"""Texts to topics: the matrix of a dictionary's matches, as scikit-learn makes matrices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, TransformerMixin

from analysis.corpus.languages import language_used
from analysis.corpus.paragraphs import paragraph_spans
from analysis.corpus.segmentation import segment
from analysis.errors import InputError
from analysis.topics.dictionary import Dictionary
from analysis.topics.places import places_at


class DictionaryVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc, unused-ignore]
    """Texts to topics: a document-topic matrix of match counts, for use in any pipeline.

    Stands where `sklearn.feature_extraction.text.CountVectorizer` stands. A text may be a sentence
    or an article; a match never crosses the end of a sentence. A topic with a context counts only
    where it stands in the same sentence or passage, or in the text.

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
    >>> from analysis.topics.dictionary import Dictionary, Topic
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
        *,
        tier: str = "core",
        sparse_output: bool = True,
    ) -> None:
        self.dictionary = dictionary
        self.tier = tier
        self.sparse_output = sparse_output

    def fit(self, X: Iterable[str], y: Any = None) -> Self:
        """Take the topics from the dictionary; the texts are checked, nothing is learnt."""
        _texts(X)
        self.topics_ = self.get_feature_names_out()
        return self

    def transform(self, X: Iterable[str]) -> csr_matrix | np.ndarray:
        """Return the (texts x topics) matrix of match counts, int64."""
        dictionary = self._given()
        column = {topic: number for number, topic in enumerate(dictionary.topic_names)}
        texts = _texts(X)
        places = [(row, *span) for row, text in enumerate(texts) for span in paragraph_spans(text)]
        paragraphs = [texts[row][start:end] for row, start, end in places]
        spoken = [language_used(text) for text in texts]
        spans = segment(paragraphs, [spoken[row] for row, _, _ in places])
        sentences = [paragraphs[number][start:end] for number, start, end in spans]
        homes = [places[number][0] for number, _, _ in spans]
        table = pd.DataFrame({"doc_id": homes, "sentence_id": range(len(homes)), "section": "body"})
        table["text"] = pd.Series(sentences, dtype=object)  # thrice as fast to read as pandas' text
        searched = places_at(table, dictionary, self.tier)
        chosen = searched.choose(dictionary.included(self.tier))
        cells = [
            (row, column[match.topic])
            for row, number in zip(homes, searched.numbers(table), strict=True)
            for match in chosen.get(number, ())
        ]
        rows, columns = zip(*cells, strict=True) if cells else ((), ())
        ones = np.ones(len(cells), dtype=np.int64)
        matrix = csr_matrix((ones, (rows, columns)), shape=(len(texts), len(column)))
        return matrix if self.sparse_output else matrix.toarray()

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the topics, in the order of the columns."""
        return np.array(self._given().topic_names, dtype=object)

    def _given(self) -> Dictionary:
        if self.dictionary is None:
            raise InputError("DictionaryVectorizer has no dictionary", do="pass dictionary=")
        return self.dictionary

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
