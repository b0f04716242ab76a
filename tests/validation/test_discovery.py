"""Discovered topics, on ten sentences whose topics nobody could miss."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis import (
    Dictionary,
    InputError,
    InputWarning,
    Topic,
    discovered_topics,
    sentences,
)
from analysis.validation import topic_models
from analysis.validation.topic_models import METHODS, Fit

ARTICLES = pd.DataFrame(
    {
        "doc_id": ["a", "b"],
        "party": ["Green", "Red"],
        "text": [
            "Wind turns turbines. Tall turbines need wind. Wind hums. Tall turbines turn wind.\n"
            "Votes count. Parliament votes.",
            "Coal burns black. Black coal smokes. Coal mines smoke black.\n"
            "Parliament debates votes.",
        ],
    }
)
TABLE = sentences(ARTICLES)
ENERGY = Dictionary("energy", (Topic("wind", ("wind",)), Topic("coal", ("coal",))))
every_method = pytest.mark.parametrize("method", METHODS)


def words(table):
    return table.groupby("topic", sort=False)["feature"].agg(set).to_dict()


@every_method
def test_the_answer_is_obvious(method):
    table = discovered_topics(TABLE, dictionary=ENERGY, method=method)
    assert list(words(table)) == ["wind", "coal", "residual 1"]
    top = table[table["rank"] <= 2].groupby("topic", sort=False)["feature"].agg(set).to_dict()
    assert top == {
        "wind": {"wind", "turbines"},
        "coal": {"coal", "black"},
        "residual 1": {"votes", "parliament"},
    }
    assert table.loc[table["seeded"], ["topic", "feature"]].to_numpy().tolist() == [
        ["wind", "wind"],
        ["coal", "coal"],
    ]
    assert table["converged"].all()
    assert set(table["status"]) == {"stable"}
    # "hums", "burns", "smoke" and so on stand in one sentence each.
    vocabulary = {"wind", "turbines", "tall", "coal", "black", "votes", "parliament"}
    assert set(table["feature"]) == vocabulary


def test_each_topic_sums_to_one_and_its_words_fall():
    table = discovered_topics(TABLE, dictionary=ENERGY)  # seven words: all are shown
    assert table.groupby("topic")["weight"].sum().to_list() == pytest.approx([1, 1, 1], abs=1e-5)
    for _, topic in table.groupby("topic"):
        assert topic["weight"].is_monotonic_decreasing
        assert topic["rank"].to_list() == list(range(1, len(topic) + 1))
    assert list(table.columns) == [
        *["topic", "rank", "feature", "weight", "seeded"],
        *["stability", "unaided", "converged", "status"],
    ]


def test_without_a_dictionary_all_topics_are_residual():
    table = discovered_topics(TABLE, topics=3)
    assert list(words(table)) == ["residual 1", "residual 2", "residual 3"]
    assert not table["seeded"].any()
    assert sorted(map(sorted, words(table).values())) == [
        ["black", "coal"],
        ["parliament", "votes"],
        ["tall", "turbines", "wind"],
    ]


def test_a_topic_that_the_text_has_only_when_seeded_is_called_so():
    # "hums" and "count" have nothing in common but the dictionary.
    odd = Dictionary("odd", (Topic("odd", ("hums", "count", "mines")),))
    table = discovered_topics(TABLE, dictionary=odd, topics=4)
    odd = table[table["topic"] == "odd"].iloc[0]
    assert (odd["stability"], odd["status"]) == (1, "seeded_only")
    assert odd["unaided"] < 0.5
    assert {"hums", "count", "mines"} <= words(table)["odd"]
    assert set(table.loc[table["topic"] != "odd", "status"]) == {"stable"}


def test_where_seeds_disagree_topics_are_unstable():
    trees = [f"tree-{letter}" for letter in "abcdefghijklmn"]
    pairs = [f"{one} {other}." for one, other in combinations(trees, 2)]  # nothing goes together
    forest = sentences(ARTICLES.head(1).assign(text="\n".join(pairs)))
    table = discovered_topics(forest, topics=4)
    assert set(table["status"]) == {"unstable"}
    assert (table["stability"] < 0.5).all()


@every_method
def test_the_same_bytes_whatever_the_order_of_the_articles(method):
    first = discovered_topics(TABLE, dictionary=ENERGY, method=method, seeds=3)
    for other in (TABLE.copy(), TABLE[::-1], sentences(ARTICLES[::-1])):
        again = discovered_topics(other, dictionary=ENERGY, method=method, seeds=3)
        pd.testing.assert_frame_equal(first, again, check_exact=True)


def test_only_body_sentences_count():
    title = TABLE.assign(section=TABLE["section"].where(TABLE["doc_id"] == "b", "headline"))
    table = discovered_topics(title, topics=1)
    assert words(table) == {"residual 1": {"black", "coal"}}


def test_words_to_ignore():
    assert "turbines" not in set(
        discovered_topics(TABLE, dictionary=ENERGY, ignore=["Turbines"])["feature"]
    )


def test_a_topic_that_the_text_does_not_have_is_named():
    more = Dictionary("more", (*ENERGY.topics, Topic("sun", ("solar",))))
    with pytest.warns(InputWarning, match="^sun: no match in the body"):
        assert "sun" not in set(discovered_topics(TABLE, dictionary=more)["topic"])


def test_a_fit_that_does_not_come_to_rest_says_so(monkeypatch):
    monkeypatch.setattr(topic_models, "MOST_STEPS", 1)
    assert not discovered_topics(TABLE, dictionary=ENERGY)["converged"].any()


def test_a_topic_that_is_left_without_words_is_named(monkeypatch):
    def first_only(counts, seeds, topics, seed):
        first = np.eye(1, topics).T
        whole = np.ones((counts.shape[0], 1)) * first.T
        return Fit(first @ np.eye(1, counts.shape[1]), whole, True)

    monkeypatch.setitem(METHODS, "first", first_only)
    with pytest.warns(InputWarning, match="^no word is left for coal, residual 1: the sentences"):
        table = discovered_topics(TABLE, dictionary=ENERGY, method="first")
    assert table["topic"].to_list() == ["wind"]


def test_what_cannot_be_asked():
    with pytest.raises(InputError, match=r"method='lsa' is not a method .* choose one of nmf, lda"):
        discovered_topics(TABLE, dictionary=ENERGY, method="lsa")
    with pytest.raises(InputError, match="seeds=1 leaves no fit to compare with; write 2 or more"):
        discovered_topics(TABLE, dictionary=ENERGY, seeds=1)
    with pytest.raises(InputError, match=r"no residual topic beside the 2 .*; write 3 or more"):
        discovered_topics(TABLE, dictionary=ENERGY, topics=2)
    with pytest.raises(InputError, match="11 topics cannot be distinguished in 10 body sentences"):
        discovered_topics(TABLE, dictionary=ENERGY, topics=11)
    with pytest.raises(InputError, match="the body has no word to count"):
        discovered_topics(TABLE.assign(text="It is so."))
    with pytest.raises(InputError, match="no column 'section'"):
        discovered_topics(TABLE.drop(columns="section"))
    with pytest.raises(InputError, match="the dictionary has a topic 'residual 1'; rename it"):
        discovered_topics(TABLE, dictionary=Dictionary("d", (Topic("residual 1", ("wind",)),)))
