"""A classifier as a coder: trained on codes by hand, and never asked of an article it has read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, check_columns
from analysis.validation.codes import answers_of
from analysis.validation.sample import KEYS

FOLDS = 5


def classified_codes(
    hand: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    classifier: Any = None,
    folds: int = FOLDS,
    coder: str = "classifier",
) -> pd.DataFrame:
    """Return the codes table of a classifier that learned from codes by hand.

    The articles are put into folds, and the sentences of each fold are coded by a classifier
    trained on the answers of all others. So a code never rests on an answer of its own article,
    and `error_rates` and `corrected_emphasis` take it like a dictionary's.

    Parameters
    ----------
    hand : pandas.DataFrame
        From `read_codes`. Of several coders the answer that most gave.
    sentences : pandas.DataFrame
        From `sentences`.
    classifier : scikit-learn classifier, optional
        Whose ``fit`` and ``predict_proba`` take texts, such as a pipeline; it is cloned. By default
        logistic regression on TF-IDF weights of words and pairs of words, classes balanced.
    folds : int
        How many parts.
    coder : str
        What it is called.

    Returns
    -------
    pandas.DataFrame
        As from `read_codes`, with ``probability``; all body sentences on each topic of `hand`.
        Where all answers of the other folds are alike, so is the code.

    Examples
    --------
    >>> import analysis as an
    >>> study = an.read_study("study.toml")
    >>> hand = an.read_codes("seeds/codes_1.csv", study.sentences)
    >>> codes = classified_codes(hand, study.sentences)
    >>> len(codes), float(codes["probability"].max().round(2)) <= 1
    (288, True)
    """
    check_columns(sentences, ["doc_id", "sentence_id", "section", "text"], "sentences")
    body = sentences[sentences["section"] == "body"].reset_index(drop=True)
    articles = sorted(body["doc_id"].unique())
    if folds < 2:
        raise InputError(f"folds={folds!r} is fewer than two", do="write 5, say")
    if len(articles) < 2:
        raise InputError("there is one article only", do="a classifier needs others to learn from")
    fold = body["doc_id"].map({name: place % folds for place, name in enumerate(articles)})
    answers = answers_of(hand)
    model = _default() if classifier is None else classifier
    parts = []
    for topic, own in answers.groupby("topic", sort=False):
        said = body[KEYS[:2]].merge(own, on=KEYS[:2], how="left")["answer"]
        known = said.isin(["yes", "no"])
        if not known.any():
            raise InputError(f"no body sentence has an answer on {topic!r}", do="code some first")
        chance = np.zeros(len(body))
        for number in fold.unique():
            taught = known & (fold != number)
            asked = (fold == number).to_numpy()
            chance[asked] = _probability(model, body["text"], said == "yes", taught, asked)
        coded = chance >= 0.5
        part = body.drop(columns="text").assign(topic=topic, coded=coded)
        part = part.assign(matches=coded.astype("int64"), matched_words=0, coder=coder)
        parts.append(part.assign(answer=np.where(coded, "yes", "no"), probability=chance))
    table = pd.concat(parts)
    return table.sort_index(kind="stable").reset_index(drop=True)


def _default() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2))
    return make_pipeline(words, LogisticRegression(class_weight="balanced", max_iter=1000))


def _probability(
    model: Any, texts: pd.Series, yes: pd.Series, taught: pd.Series, asked: np.ndarray
) -> np.ndarray:
    """The probability of yes for some texts, by a classifier taught on others."""
    from sklearn.base import clone

    if not taught.any():
        raise InputError("all answers are in one fold of articles", do="code more articles")
    if yes[taught].nunique() == 1:
        return np.full(int(asked.sum()), float(yes[taught].iloc[0]))
    fitted = clone(model).fit(texts[taught].to_list(), yes[taught].to_numpy())
    column = list(fitted.classes_).index(True)
    found = fitted.predict_proba(texts[asked].to_list())[:, column]
    return np.asarray(found.round(6))  # the last digits of a machine decide nothing
