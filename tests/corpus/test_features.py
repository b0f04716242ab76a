"""The dictionary as a scikit-learn estimator, and the tables of words."""

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import SkipTestWarning
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline, make_union
from sklearn.utils import estimator_checks

from analysis import Dictionary, DictionaryVectorizer, InputError, Topic, codes, counts, tfidf
from analysis import sentences as sentences_of
from analysis.corpus import features
from analysis.corpus.features import english_stop_words, phrase_counter
from analysis.corpus.folding import fold
from analysis.corpus.vocabulary import word_uses

TOPICS = (Topic("wind", ("wind*",), broad=("breeze",)), Topic("sun", ("solar", "sun")))
DICTIONARY = Dictionary("energy", TOPICS)
TEXTS = ["Wind and windmills.", "Solar wind.", "", "A breeze."]


@pytest.fixture
def vectorizer():
    return DictionaryVectorizer(DICTIONARY)


# The checks that make sense for an estimator whose input is texts; check_estimator itself knows
# no texts to try and stops with a warning, for CountVectorizer too.
CHECKS = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
]


@pytest.mark.parametrize("name", CHECKS)
def test_the_checks_of_scikit_learn(vectorizer, name):
    getattr(estimator_checks, name)("DictionaryVectorizer", vectorizer)


def test_check_estimator(vectorizer):
    with pytest.warns(SkipTestWarning, match="string=True"):
        results = estimator_checks.check_estimator(vectorizer)
    assert [result for result in results if result["status"] == "failed"] == []


def test_a_matrix_of_matches(vectorizer):
    matrix = vectorizer.fit_transform(TEXTS)
    assert matrix.toarray().tolist() == [[2, 0], [1, 1], [0, 0], [0, 0]]
    assert matrix.dtype == np.int64
    assert matrix.format == "csr"
    assert vectorizer.get_feature_names_out().tolist() == ["wind", "sun"]
    assert vectorizer.topics_.tolist() == ["wind", "sun"]
    assert vectorizer.transform(pd.Series(TEXTS)).toarray().tolist() == matrix.toarray().tolist()
    assert vectorizer.transform([]).shape == (0, 2)


def test_nothing_has_to_be_learnt(vectorizer):
    assert vectorizer.transform(TEXTS).sum() == 4
    assert vectorizer.fit(["other texts"]).transform(TEXTS).sum() == 4
    assert vectorizer.set_params(tier="broad").transform(TEXTS).sum() == 5


@pytest.mark.parametrize("copy", [clone, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies(vectorizer, copy):
    copied = copy(vectorizer.set_params(tier="broad"))
    params = {"dictionary": DICTIONARY, "tier": "broad", "sparse_output": True}
    assert copied.get_params() == params
    assert copied.transform(TEXTS).toarray()[3].tolist() == [1, 0]


def test_in_a_pipeline(vectorizer):
    texts, answers = ["wind", "wind wind", "solar", "sun"], [0, 0, 1, 1]
    pipeline = make_pipeline(vectorizer, LogisticRegression()).fit(texts, answers)
    assert pipeline.predict(["Windy.", "The sun."]).tolist() == [0, 1]
    assert pipeline[:-1].get_feature_names_out().tolist() == ["wind", "sun"]


@pytest.mark.parametrize("copy", [clone, lambda one: pickle.loads(pickle.dumps(one))])
def test_copies_of_one_that_has_been_used(copy):
    patterns = ("wind*", "c++", "s?lar", "a ... b", "buy {ship}")
    dictionary = Dictionary("d", (Topic("x", patterns),), lists={"ship": ("frigate*",)})
    used = DictionaryVectorizer(dictionary)
    texts = ["Windy C++ and solar.", "a or b", "They buy frigates."]
    assert used.fit_transform(texts).toarray().tolist() == [[3], [1], [1]]
    assert copy(used).transform(texts).toarray().tolist() == [[3], [1], [1]]


def test_beside_other_vectorizers(vectorizer):
    both = make_union(vectorizer, CountVectorizer())
    matrix = both.fit_transform(["Wind, windy.", "Solar."])
    assert both.get_feature_names_out().tolist() == [
        *["dictionaryvectorizer__wind", "dictionaryvectorizer__sun"],
        *["countvectorizer__solar", "countvectorizer__wind", "countvectorizer__windy"],
    ]
    assert matrix.toarray().tolist() == [[2, 0, 0, 1, 1], [0, 1, 1, 0, 0]]


def test_in_a_search_over_its_parameters(vectorizer):
    texts = ["breeze", "a breeze", "coal", "gas"]  # only the broad tier tells them apart
    pipeline = make_pipeline(vectorizer, LogisticRegression())
    other = Dictionary("other", (Topic("coal", ("oil",)),))
    grid = {
        "dictionaryvectorizer__tier": ["core", "broad"],
        "dictionaryvectorizer__dictionary": [other, DICTIONARY],
    }
    search = GridSearchCV(pipeline, grid, cv=2).fit(texts, [1, 1, 0, 0])
    assert search.best_params_["dictionaryvectorizer__tier"] == "broad"
    assert search.best_params_["dictionaryvectorizer__dictionary"] == DICTIONARY
    assert search.best_score_ == 1
    assert search.predict(["The breeze.", "Oil."]).tolist() == [1, 0]
    assert vectorizer.tier == "core"


def test_pandas_output(vectorizer):
    texts = pd.Series(["Wind.", "Solar wind."], index=["a", "b"])
    dense = clone(vectorizer).set_params(sparse_output=False).set_output(transform="pandas")
    table = dense.fit_transform(texts)
    assert table.to_dict("list") == {"wind": [1, 1], "sun": [0, 1]}
    assert table.index.to_list() == ["a", "b"]
    with pytest.raises(ValueError, match="sparse"):
        vectorizer.set_output(transform="pandas").fit_transform(texts)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: DictionaryVectorizer().fit(TEXTS), "no dictionary; pass dictionary="),
        (lambda: DictionaryVectorizer().transform(TEXTS), "no dictionary"),
        (lambda: DictionaryVectorizer().get_feature_names_out(), "no dictionary"),
        (lambda: DictionaryVectorizer(DICTIONARY).fit("a text"), r"one text.*write \[text\]"),
        (lambda: DictionaryVectorizer(DICTIONARY).transform(["a", None]), "item 1 is NoneType"),
        (lambda: DictionaryVectorizer(DICTIONARY, tier="wide").transform(TEXTS), "tier='wide'"),
    ],
)
def test_wrong_input(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_it_agrees_with_codes(documents, energy):
    sentences = sentences_of(documents)
    table = codes(sentences, energy)
    matrix = DictionaryVectorizer(energy).fit_transform(sentences["text"]).toarray()
    assert matrix.ravel().tolist() == table["matches"].tolist()
    assert matrix.sum(axis=0).tolist() == [3, 3, 2, 1]


# Words


@pytest.fixture
def sentences(documents):
    return sentences_of(documents)


def as_dict(table):
    return {(row.party, row.feature): (row.count_, row.articles) for row in
            table.rename(columns={"count": "count_"}).itertuples()}  # fmt: skip


def test_counts(sentences):
    table = counts(sentences, by="party")
    assert table.columns.tolist() == [
        "party",
        "feature",
        "count",
        "articles",
        "most",
        "dp",
        "dp_norm",
    ]
    assert table.equals(table.sort_values(["party", "feature"]))
    words = as_dict(table)
    assert words["Green", "solar"] == (2, 1)
    assert words["Red", "wind"] == (2, 1)
    assert ("Red", "farms") not in words
    assert "and" not in {feature for _, feature in words}
    assert sum(count for count, _ in words.values()) == 18


def test_counts_of_several_articles(documents):
    documents["party"] = "Green"
    words = as_dict(counts(sentences_of(documents), by="party"))
    assert words["Green", "solar"] == (3, 2)
    assert words["Green", "jobs"] == (1, 1)


def test_counts_by_several_columns(sentences):
    sentences["year"] = ["2024", "2025"] * 3
    table = counts(sentences, by=["party", "year"])
    assert table.columns.tolist() == [
        *["party", "year", "feature", "count", "articles", "most", "dp", "dp_norm"]
    ]
    solar = table[table["feature"] == "solar"]
    assert solar[["party", "year", "count"]].to_numpy().tolist() == [
        ["Green", "2024", 1],
        ["Green", "2025", 1],
        ["Red", "2024", 1],
    ]


def words_of(text, **options):
    table = sentences_of(pd.DataFrame({"doc_id": ["a"], "party": ["x"], "text": [text]}))
    found = counts(table, by="party", **options)
    return dict(zip(found["feature"], found["count"], strict=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Wind WIND wi\u00adnd ｗｉｎｄ", {"wind": 4}),
        ("cyber‑security cyber-security", {"cyber-security": 2}),
        ("France’s ships, France's trains", {"france": 2, "ships": 1, "trains": 1}),
        ("The U.S. and the U.S.-Israel deal", {"u.s": 1, "u.s.-israel": 1, "deal": 1}),
        ("2018 3.5 25th F-35 wins", {"25th": 1, "f-35": 1, "wins": 1}),
        ("train-\ning", {"training": 1}),
    ],
)
def test_what_a_word_is(text, words):
    assert words_of(text) == words


def test_ignored_words():
    text = "Hanoi and Vietnam-Israel ties, HANOI’s ties"
    assert words_of(text, ignore=["hanoi", "Vietnam–Israel"]) == {"ties": 2}


def test_sections(sentences):
    sentences.loc[0, "section"] = "headline"
    assert ("Green", "farms") not in as_dict(counts(sentences, by="party"))
    both = counts(sentences, by="party", sections=("body", "headline"))
    assert as_dict(both)["Green", "farms"] == (1, 1)


def test_any_vectorizer(sentences):
    pairs = counts(
        sentences, "party", vectorizer=CountVectorizer(ngram_range=(2, 2), token_pattern=r"\w+")
    )
    assert as_dict(pairs)["Red", "wind wind"] == (1, 1)
    weights = counts(sentences, "party", vectorizer=TfidfVectorizer(vocabulary=["solar", "prices"]))
    assert as_dict(weights) == {
        ("Green", "solar"): (1.0, 1),
        ("Red", "prices"): (pytest.approx(0.815, abs=0.001), 1),
        ("Red", "solar"): (pytest.approx(0.580, abs=0.001), 1),
    }
    topics = counts(sentences, "party", vectorizer=DictionaryVectorizer(DICTIONARY))
    assert as_dict(topics)["Red", "wind"] == (2, 1)


PHRASES = "The Red Cross and the wind farm. Wind farm's roofs\n\nWind farm"


def test_phrases():
    # None across the end of a sentence, a possessive or a blank line; none that begins or ends
    # with a stop word.
    words = {"cross": 1, "farm": 3, "roofs": 1, "wind": 3}
    phrases = {"cross and the wind": 1, "wind farm": 3}
    red = {"red": 1, "red cross": 1}
    assert words_of(PHRASES, vectorizer=phrase_counter(4)) == words | phrases | red
    assert words_of(PHRASES, vectorizer=phrase_counter(4, ignore=["Red"])) == words | phrases
    assert words_of(PHRASES, vectorizer=phrase_counter(1)) == words_of(PHRASES)


def test_the_pairs_of_scikit_learn_cross_sentences():
    pairs = words_of("Wind pays. Coal falls.", vectorizer=CountVectorizer(ngram_range=(2, 2)))
    assert pairs == {"wind pays": 1, "pays coal": 1, "coal falls": 1}


def test_ignored_words_are_the_vectorizers_own(sentences):
    with pytest.raises(InputError, match="ignore= is for the default vectorizer only; tell your"):
        counts(sentences, "party", vectorizer=phrase_counter(2), ignore=["wind"])


def test_dispersion_of_what_is_weighed(sentences):
    weights = counts(sentences, "party", vectorizer=TfidfVectorizer(vocabulary=["solar", "prices"]))
    assert (weights["dp"] == 0).all()  # one article
    assert weights["dp_norm"].isna().all()


def test_tfidf(sentences):
    table = tfidf(sentences, by="party")
    assert table.columns.tolist() == ["party", "feature", "weight"]
    assert table.groupby("party")["weight"].apply(lambda one: (one**2).sum()).round(9).eq(1).all()
    assert table.groupby("party")["weight"].apply(lambda one: one.is_monotonic_decreasing).all()
    top = table.groupby("party").head(1)
    assert top["feature"].tolist() == ["solar", "wind"]
    assert "solar" not in set(tfidf(sentences, by="party", ignore=["solar"])["feature"])


def test_possessives_are_the_noun_and_ignored_words_may_be_phrases():
    table = sentences_of(
        pd.DataFrame(
            {"doc_id": ["a"], "g": ["G"], "text": ["France's, France\u2019s. U.S. South Korea."]}
        )
    )
    assert counts(table, "g").set_index("feature")["count"].to_dict() == {
        "france": 2, "korea": 1, "south": 1, "u.s": 1}  # fmt: skip
    left = counts(table, "g", ignore=["U.S.", "South Korea"])
    assert left["feature"].to_list() == ["france"]


def test_nothing_but_stop_words_is_an_empty_table():
    table = sentences_of(pd.DataFrame({"doc_id": ["a"], "g": ["G"], "text": ["He is."]}))
    assert counts(table, "g").empty
    assert tfidf(table, "g").empty


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "Wind",
                    "wind’s",
                    "wind's-led",
                    "WIND-power",
                    "the",
                    "12",
                    "ﬁre",
                    "so-",
                    "'s",
                    "net",
                ]
            ),
            min_size=1,
        ).map(" ".join),
        min_size=1,
        max_size=5,
    )
)
def test_a_word_has_as_many_uses_as_are_counted(texts):
    documents = pd.DataFrame(
        {
            "doc_id": [str(number) for number in range(len(texts))],
            "party": ["AB"[number % 2] for number in range(len(texts))],
            "text": texts,
        }
    )
    table = sentences_of(documents)
    counted = counts(table, "party")
    uses = word_uses(table, counted["feature"].to_list())
    shown = uses.assign(count=uses["spans"].map(len)).groupby(["party", "feature"])["count"].sum()
    assert shown.to_dict() == counted.set_index(["party", "feature"])["count"].to_dict()
    for row in uses.to_dict("records"):
        for start, end in row["spans"]:
            assert fold(row["quote"][start:end]).text == row["feature"]


def test_stop_words_are_those_of_scikit_learn_with_and_without_their_file(monkeypatch):
    assert english_stop_words() == ENGLISH_STOP_WORDS
    monkeypatch.setattr(features, "find_spec", lambda name: None)
    assert english_stop_words.__wrapped__() == ENGLISH_STOP_WORDS
