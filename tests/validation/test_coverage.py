"""The text that no topic touches, on six sentences."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    Dictionary,
    InputError,
    Topic,
    codes,
    counts,
    sentences,
    uncovered,
    uncovered_words,
)


@pytest.fixture
def table(documents):
    return sentences(documents)


def rows(table, columns):
    return table[columns].to_numpy(object).tolist()


COLUMNS = ["party", "measure", "hits", "size", "articles", "status"]


def test_one_sentence_of_six_is_on_no_topic(table, energy):
    result = uncovered(codes(table, energy), by="party")
    assert result.keys == ("party", "measure")
    assert rows(result.to_frame(), COLUMNS) == [
        ["Green", "sentence_share", 0, 3, 1, "absent"],
        ["Green", "word_share", 0, 9, 1, "absent"],
        ["Red", "sentence_share", 1, 3, 1, "estimated"],
        ["Red", "word_share", 2, 10, 1, "estimated"],  # "Prices rise."
    ]
    assert result.to_frame()["estimate"].to_list() == [0, 0, 1 / 3, 2 / 10]
    wide = uncovered(codes(table, energy), by="party", conf_level=0.99).to_frame()
    assert (wide["conf_high"] > result.to_frame()["conf_high"]).all()


def test_its_words(table, energy):
    wind = Dictionary("energy", energy.topics[:1])
    found = uncovered_words(table, codes(table, wind), by="party")
    assert rows(found[found["party"] == "Red"], ["feature", "count", "articles"]) == [
        ["coal", 1, 1],
        ["prices", 1, 1],
        ["rise", 1, 1],
        ["stays", 1, 1],
    ]
    assert rows(found[found["party"] == "Green"], ["feature", "count", "count_covered"]) == [
        ["solar", 2, 0],
        ["coal", 1, 0],
        ["pay", 1, 0],
        ["replaces", 1, 0],
        ["roofs", 1, 0],
    ]
    assert len(uncovered_words(table, codes(table, wind), by="party", most=2)) == 4
    left = uncovered_words(table, codes(table, wind), by="party", ignore=["Solar"])
    assert "solar" not in set(left["feature"])


def test_where_all_is_covered_there_is_no_word(documents, energy):
    green = sentences(documents.head(1))
    found = uncovered_words(green, codes(green, energy), by="party")
    assert list(found.columns) == ["party", "feature", "count", "articles", "count_covered"]
    assert found.empty


def test_a_sentence_that_was_not_coded_is_on_neither_side(table, energy):
    wind = Dictionary("energy", energy.topics[:1])
    sample = codes(table, wind).query("doc_id == 'a' and sentence_id < 3")
    found = uncovered_words(table, sample, by="party")
    assert rows(found, ["party", "feature", "count", "count_covered"]) == [
        ["Green", "pay", 1, 0],
        ["Green", "roofs", 1, 0],
        ["Green", "solar", 1, 0],  # once more in the sentence that was not coded
    ]
    assert uncovered(sample, by="party").to_frame()["hits"].to_list() == [1, 3]


def test_headlines_and_boilerplate_do_not_count(table, energy):
    title = table.assign(section=table["section"].where(table["doc_id"] == "a", "headline"))
    result = uncovered(codes(title, energy), by="party").to_frame()
    assert result.query("party == 'Red'")["status"].to_list() == ["not_estimable"] * 2
    assert uncovered_words(title, codes(title, energy), by="party").empty


def test_groups_of_several_columns(table, energy):
    both = codes(table.assign(year="2020"), energy)
    result = uncovered(both, by=["party", "year"])
    assert result.keys == ("party", "year", "measure")
    assert result.to_frame()["hits"].to_list() == [0, 0, 1, 2]


def test_what_is_missing_is_named(table, energy):
    with pytest.raises(InputError, match="the codes table has no column 'coded'"):
        uncovered(codes(table, energy).drop(columns="coded"), by="party")
    with pytest.raises(InputError, match="the sentences table has no column 'colour'"):
        uncovered_words(table, codes(table, energy), by="colour")


text = st.lists(st.sampled_from(["Wind.", "Sun.", "Wind sun.", "Tree.", "Trees grow."]), max_size=9)


@settings(deadline=None, max_examples=12)
@given(text, text, st.randoms())
def test_laws(first, second, random):
    """Covered and uncovered are all; a topic more never uncovers; the order decides nothing."""
    texts = [" ".join(one) for one in (first, second)]
    documents = pd.DataFrame({"doc_id": ["a", "b"], "party": ["x", "y"], "text": texts})
    table = sentences(documents)
    topics = (Topic("wind", ("wind",)), Topic("sun", ("sun",)))
    one, two = (codes(table, Dictionary("d", topics[:number])) for number in (1, 2))
    less, more = (uncovered(part, by="party").to_frame() for part in (one, two))
    assert (more["hits"] <= less["hits"]).all()
    own = two[two["section"] == "body"].pivot_table(
        index=["party", "doc_id", "sentence_id"], columns="topic", values="coded", aggfunc="any"
    )
    touched = own.any(axis=1).groupby("party").sum() if len(own) else pd.Series(dtype=int)
    sums = more[more["measure"] == "sentence_share"].set_index("party")
    assert (sums["hits"] + touched.reindex(sums.index).fillna(0) == sums["size"]).all()
    shuffled = two.sample(frac=1, random_state=random.randrange(1000))
    pd.testing.assert_frame_equal(more, uncovered(shuffled, by="party").to_frame())
    words = uncovered_words(table, two, by="party", most=100)
    every = counts(table, by="party").set_index(["party", "feature"])["count"]
    here = words.set_index(["party", "feature"])
    total = here["count"] + here["count_covered"]
    assert (total == every.reindex(here.index)).all()
