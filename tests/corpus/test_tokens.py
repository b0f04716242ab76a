"""Words, folded texts and their numbers of many texts at once are what they are one by one."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus.folding import WORDS, count_words, folded_text
from analysis.corpus.tokens import (
    blocks,
    codes_of,
    folded_texts,
    hashes,
    runs,
    word_counts,
    word_spans,
    words_of,
)

# What words are made of and end at: joints, marks, breaks, wide letters, halves of a pair.
SIGNS = "abA1._-'`\u2019\u2010\u2011 \n\r\t\0\x01\x1c\x85\u2028\u00ad\u0301é²ßＡ\u4e00\u0e31\ud800"
TEXTS = st.lists(st.text(SIGNS, max_size=12) | st.text(max_size=8), max_size=6)


@given(TEXTS)
@example(["a.b"])
@example(["a.-b"])
@example(["a.-b a.-.b a..b a.‐b a-.b a''b", "a", "-b"])
def test_words(texts):
    assert word_counts(texts) == [count_words(text) for text in texts]
    for text in texts:
        starts, ends = word_spans(codes_of(text))
        found = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        assert found == words_of(text) == WORDS.findall(text)


@given(TEXTS)
def test_folded(texts):
    assert folded_texts(texts) == [folded_text(text) for text in texts]


def test_every_character():
    characters = list(map(chr, range(0x110000)))
    assert words_of(" ".join(f"a{one}b" for one in characters)) == [
        word for one in characters for word in WORDS.findall(f"a{one}b")
    ]
    texts = [f"A{one} b" for one in characters[:0x3000]]
    assert folded_texts(texts) == [folded_text(text) for text in texts]


@given(TEXTS)
def test_numbers_are_those_of_words(texts):
    numbers, counts = hashes(texts)
    words = [word for text in texts for word in WORDS.findall(text)]
    assert counts.tolist() == word_counts(texts)
    assert len(set(zip(numbers.tolist(), words, strict=True))) == len(set(words))
    assert len(set(numbers.tolist())) == len(set(words))


def test_a_number_does_not_depend_on_where_a_word_stands():
    long = "x " * (1 << 20)
    numbers, _ = hashes([long + "wind", "wind", "", "the wind"])
    assert numbers[-1] == numbers[-3] == numbers[-4] != numbers[-2]


@given(st.lists(st.integers(0, 3), max_size=40), st.integers(1, 5))
def test_runs(values, size):
    found = runs(np.array(values, dtype=np.uint64), size).tolist()
    places = range(max(len(values) - size + 1, 0))
    expected = [tuple(values[place : place + size]) for place in places]
    assert len(set(zip(found, expected, strict=True))) == len(set(expected)) == len(set(found))


@given(st.lists(st.text("ab", max_size=9)), st.integers(1, 12))
@example(["a"] * 4100, 3000)
def test_blocks_hold_every_text_once_and_are_no_longer_than_they_must_be(texts, size):
    found = list(blocks(texts, size))
    assert [text for _, block in found for text in block] == texts
    place = 0
    for first, block in found:
        assert first == place
        assert len(block) == 1 or sum(map(len, block)) <= size
        place += len(block)
