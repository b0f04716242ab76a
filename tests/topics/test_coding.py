"""Which sentence carries which topic, and the evidence for it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    Dictionary,
    InputError,
    Topic,
    codes,
    evidence,
    matches,
    places_of,
    positions,
)
from analysis import sentences as sentences_of
from analysis.corpus.units import variables_of
from analysis.topics.coding import coded_on, counted, positions_of

NAMES = ["wind", "sun", "coal", "jobs"]


@pytest.fixture
def sentences(documents):
    return sentences_of(documents)


def grid(table, column):
    return table[column].to_numpy().reshape(-1, len(NAMES)).astype(int).tolist()


def test_codes(sentences, energy):
    table = codes(sentences, energy)
    assert table["topic"].tolist() == NAMES * 6
    assert table["sentence_id"].tolist() == [one for _ in "ab" for one in (1, 2, 3) for _ in NAMES]
    assert grid(table, "matches") == [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 1, 1, 0],
        [0, 0, 1, 0],
        [2, 1, 0, 1],
        [0, 0, 0, 0],
    ]
    assert table["coded"].dtype == bool
    assert (table["coded"] == (table["matches"] > 0)).all()
    assert (table["matched_words"] == table["matches"]).all()


def test_the_words_of_a_match_are_counted_as_words(sentences):
    patterns = Dictionary("one", (Topic("wind", ("wind farm*", "wind ... solar")),))
    table = codes(sentences, patterns)
    assert table["matched_words"].tolist() == [2, 0, 0, 0, 4, 0]


class Lengths:
    """A fitted transformer: one column for long texts, one for short ones."""

    def get_feature_names_out(self):
        return np.array(["long", "short"], dtype=object)

    def transform(self, texts):
        return np.array([[len(text) - 16, 16 - len(text)] for text in texts]) / 10


def test_parts_put_one_after_the_other_are_coded_as_the_whole(sentences, energy):
    parts = [part.reset_index(drop=True) for _, part in sentences.groupby("doc_id")]
    pd.testing.assert_frame_equal(codes(pd.concat(parts), energy), codes(sentences, energy))


def test_any_transformer_codes(sentences):
    table = codes(sentences, Lengths())
    assert table["topic"].tolist() == ["long", "short"] * 6
    long = table.loc[table["topic"] == "long", "coded"]
    assert long.tolist() == [False, False, True, False, True, False]
    assert table["coded"].tolist() == table["matches"].astype(bool).tolist()
    assert table["matches"].tolist()[:4] == [0, 0, 0, 0]
    assert set(table["matches"]) == {0, 1}
    assert set(table["matched_words"]) == {0}


def test_the_columns_never_depend_on_an_argument(sentences, energy):
    own = ["section", "rule", "paragraph", "start", "end", "words"]
    columns = ["doc_id", "sentence_id", "party", *own, "topic", "coded", "matches", "matched_words"]
    nothing = Dictionary("none", (Topic("x", ("nowhere",)),))
    for table in (
        codes(sentences, energy),
        codes(sentences, energy, tier="broad"),
        codes(sentences, Lengths()),
        codes(sentences, nothing),
        codes(sentences.iloc[:0], energy),
    ):
        assert table.columns.tolist() == columns
        assert variables_of(table) == ["party"]
    columns = ["doc_id", "sentence_id", "party", "topic", "pattern", "start", "end", "text"]
    assert matches(sentences, energy).columns.tolist() == columns
    assert matches(sentences, nothing).columns.tolist() == columns
    columns = ["doc_id", "sentence_id", "party", "section", "topic"]
    columns += ["start", "end", "patterns", "spans", "quote"]
    for dictionary in (energy, nothing):
        found = evidence(sentences, matches(sentences, dictionary))
        assert found.columns.tolist() == columns
    columns = ["doc_id", "party", "topic", "position", "sentences", "coded"]
    assert positions(codes(sentences, energy)).columns.tolist() == columns


def test_matches_point_into_the_article(documents, sentences, energy):
    table = matches(sentences, energy)
    texts = documents.set_index("doc_id")["text"]
    assert [texts[row.doc_id][row.start : row.end] for row in table.itertuples()] == [
        *["Wind", "Solar", "Solar", "coal", "Coal", "Wind", "wind", "solar", "jobs"]
    ]
    assert table["text"].str.casefold().tolist()[-1] == "jobs"
    assert table["pattern"].tolist()[-1] == "job*"


def test_evidence(documents, sentences, energy):
    table = evidence(sentences, matches(sentences, energy))
    cells = list(zip(table["doc_id"], table["sentence_id"], table["topic"], strict=True))
    assert cells == [
        ("a", 1, "wind"),
        ("a", 2, "sun"),
        ("a", 3, "sun"),
        ("a", 3, "coal"),
        ("b", 1, "coal"),
        ("b", 2, "wind"),
        ("b", 2, "sun"),
        ("b", 2, "jobs"),
    ]
    texts = documents.set_index("doc_id")["text"]
    assert all(texts[row.doc_id][row.start : row.end] == row.quote for row in table.itertuples())
    twice = table[(table["doc_id"] == "b") & (table["topic"] == "wind")].iloc[0]
    assert twice["patterns"] == ("wind", "wind")
    assert twice["spans"] == ((0, 4), (6, 10))


WORDS = st.sampled_from(["wind", "solar", "Coal.", "jobs", "stays.", "Prices", "rise.\n", "wind,"])
ARTICLES = st.lists(st.lists(WORDS, max_size=8).map(" ".join), min_size=1, max_size=4)


@given(ARTICLES)
def test_the_evidence_is_complete(texts):
    ids = [str(number) for number in range(len(texts))]
    documents = pd.DataFrame({"doc_id": ids, "party": [one[0] for one in ids], "text": texts})
    words = (Topic("wind", ("wind",)), Topic("sun", ("solar",)), Topic("coal", ("coal", "jobs")))
    dictionary = Dictionary("energy", words)
    sentences = sentences_of(documents)
    table = codes(sentences, dictionary)
    found = matches(sentences, dictionary)
    behind = evidence(sentences, found)
    cell = ["doc_id", "topic"]
    coded = table[table["coded"]]
    assert behind.groupby(cell).size().to_dict() == coded.groupby(cell).size().to_dict()
    assert len(found) == table["matches"].sum() == sum(map(len, behind["spans"]))
    assert all(
        row.quote[first:last].casefold() in ("wind", "solar", "coal", "jobs")
        for row in behind.itertuples()
        for first, last in row.spans
    )


def test_positions(sentences, energy):
    sentences.loc[0, "section"] = "headline"
    table = positions(codes(sentences, energy))
    sun = table[table["topic"] == "sun"]
    assert sun[["doc_id", "position", "sentences", "coded"]].to_numpy().tolist() == [
        ["a", 1, 2, True],
        ["a", 2, 2, True],
        ["b", 1, 3, False],
        ["b", 2, 3, True],
        ["b", 3, 3, False],
    ]
    assert len(table) == 5 * len(NAMES)
    pd.testing.assert_frame_equal(positions(codes(sentences[::-1], energy)), table)


def test_document_variables_of_any_name_travel_along(documents, energy):
    documents = documents.assign(year=[2024, 2025], outlet=None)
    sentences = sentences_of(documents)
    found = matches(sentences, energy)
    for table in (codes(sentences, energy), found, evidence(sentences, found)):
        assert {"party", "year", "outlet"} < set(table.columns)


def test_missing_columns_are_named(documents, energy):
    with pytest.raises(InputError, match="the sentences table has no column 'sentence_id'"):
        codes(documents, energy)
    with pytest.raises(InputError, match="the sentences table has no column"):
        matches(documents, energy)


def test_positions_of_the_sentences_on_a_topic_alone(sentences, energy):
    places = places_of(sentences, energy)
    coded = coded_on(sentences, places)
    assert (coded == (counted(sentences, places)[0] > 0)).all()
    every = positions_of(sentences, coded, energy.topic_names)
    pd.testing.assert_frame_equal(every, positions(codes(sentences, energy)))
    some = positions_of(sentences, coded, energy.topic_names, every=False)
    pd.testing.assert_frame_equal(some, every[every["coded"]].reset_index(drop=True))
    assert 0 < len(some) < len(every)
