"""Words counted in many texts at once are those that scikit-learn's vectorizer counts."""

import numpy as np
import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from analysis import counts
from analysis.corpus import vocabulary
from analysis.corpus.features import word_counter
from analysis.corpus.folding import folded_text
from analysis.corpus.tokens import blocks
from analysis.corpus.vocabulary import (
    rows_using,
    without_possessives,
    word_cells,
    word_places,
    word_uses,
)

SIGNS = "abS12_.,-'’ \n\u0301é²ß\u4e00"
TEXTS = st.lists(st.text(SIGNS, max_size=14), max_size=5)
ODD = ["12.ab -ab.cd _ab.cd a_b 1.2b 12_ 2nd 3,4 a's U.S.'s b--c -1.a\u0301b", "x.-y x.- a_-b"]

# Of 7 to 9 and 15 to 17 letters, alike but for the last ones, in ASCII and beyond.
LONG = [" ".join("a" * size + end for size in (7, 8, 15, 16) for end in ("", "x", "xé", "é"))] * 2


@given(TEXTS)
@example(ODD)
@example([*LONG, "zé " + LONG[0]])
def test_cells_are_those_of_the_vectorizer(texts):
    counter = word_counter(["ab"])
    rows, words, times, names = word_cells(blocks(texts, 9), set(counter.stop_words))
    analyze = counter.build_analyzer()
    assert names == sorted({word for text in texts for word in analyze(text)})
    table = np.zeros((len(texts), len(names)), dtype=int)
    table[rows, words] = times
    expected = [[analyze(text).count(name) for name in names] for text in texts]
    assert table.tolist() == expected
    assert (times > 0).all()


@given(TEXTS)
@example(ODD)
def test_places_are_those_of_the_token_pattern(texts):
    wanted = {"a", "b", "s", "ab", "cd", "2nd", "a-b", "u.s.", "2b", "é"}
    token = word_counter().build_tokenizer()
    found = list(word_places(blocks(texts, 9), wanted))
    for row, word, start, end in found:
        assert folded_text(texts[row])[start:end] == word
    assert [(row, word) for row, word, *_ in found] == [
        (row, word)
        for row, text in enumerate(texts)
        for word in token(without_possessives(folded_text(text)))
        if word in wanted
    ]
    assert [one[0::2] for one in found] == sorted(one[0::2] for one in found)


@given(st.lists(st.tuples(st.text(SIGNS, max_size=14), st.sampled_from("xyz")), max_size=6))
@example([(text, "x") for text in ODD])
def test_counts_are_those_of_the_vectorizer(rows):
    table = pd.DataFrame(rows, columns=["text", "party"]).assign(section="body")
    table["doc_id"] = [f"d{number // 2}" for number in range(len(rows))]
    got = counts(table, "party", ignore=["b"])
    expected = counts(table, "party", vectorizer=word_counter(["b"]))
    if len(expected):
        pd.testing.assert_frame_equal(got, expected)
    else:
        assert got.empty


def test_texts_in_many_parts():
    texts = ["coal " * 300_000, "wind", "sun " * 300_000, "wind coal"]
    rows, words, times, names = word_cells(blocks(texts, 9), ())
    assert names == ["coal", "sun", "wind"]
    assert rows.tolist() == [0, 1, 2, 3, 3]
    assert words.tolist() == [0, 2, 1, 0, 2]
    assert times.tolist() == [300_000, 1, 300_000, 1, 1]
    assert list(word_places(blocks(texts, 9), {"wind"})) == [(1, "wind", 0, 4), (3, "wind", 0, 4)]


def test_rows_that_use_words_are_those_of_their_uses(monkeypatch):
    texts = [*ODD, *LONG, "A b, a-b; B's a.", "", "b"] * 3
    table = pd.DataFrame({"text": texts}).assign(doc_id="d", start=0, end=1)
    table["sentence_id"] = range(len(table))
    table["section"] = ["body", "headline", *["body"] * (len(table) - 2)]
    words = ["a", "b", "2nd", "a-b"]
    uses = word_uses(table, words)
    monkeypatch.setattr(vocabulary, "_SENTENCES", 4)
    found = rows_using(table, words)
    assert len(found) == len(uses) > 9
    assert found["row"].tolist() == uses["sentence_id"].tolist()
    assert found["feature"].tolist() == uses["feature"].tolist()
    assert found["uses"].tolist() == uses["spans"].map(len).tolist()
    pd.testing.assert_frame_equal(word_uses(table, words), uses)
