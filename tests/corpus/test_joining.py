"""Articles are joined some at a time, and nothing depends on how many."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import dispersion
from analysis.corpus.dispersion import sums_of
from analysis.corpus.joining import articles_in

ROWS = st.lists(st.tuples(st.sampled_from("abcd"), st.text("xy ", max_size=5)), max_size=12)


@given(ROWS, st.integers(0, 30))
def test_articles_are_joined_as_by_pandas_however_few_at_a_time(rows, size):
    table = pd.DataFrame(rows, columns=["doc_id", "text"])
    expected = table.groupby("doc_id")["text"].agg("|".join)
    found = articles_in(table, ["doc_id"], np.arange(len(table)))
    blocks = list(found.joined(table["text"], "|", size))
    assert [text for _, block in blocks for text in block] == list(expected)
    assert list(found.names) == list(expected.index)
    begins = np.cumsum([0, *(len(block) for _, block in blocks)])
    assert [first for first, _ in blocks] == begins[:-1].tolist()
    for _, block in blocks:
        assert len(block) == 1 or sum(len(text.replace("|", "")) for text in block) <= size


def test_a_block_has_several_articles_and_not_all():
    table = pd.DataFrame({"doc_id": list("abcdef"), "text": ["x" * 10] * 6})
    found = articles_in(table, ["doc_id"], np.arange(6)).joined(table["text"], "|", 25)
    assert [len(block) for _, block in found] == [2, 2, 2]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), min_size=1))
def test_sums_are_those_of_numpy_whatever_the_part(rows):
    of, uses = np.array(rows).T
    whole = dispersion._CELLS
    try:
        dispersion._CELLS = 3
        assert sums_of(of, uses).tolist() == np.bincount(of, uses).tolist()
        assert sums_of(of).tolist() == np.bincount(of).tolist()
    finally:
        dispersion._CELLS = whole
