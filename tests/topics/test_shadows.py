"""What stands in many texts at once is what stands in each of them, beginning by beginning."""

import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus.folding import UNSPACED, fold, folded_text, folds_evenly
from analysis.topics.shadows import IN_WORD, LETTERS, Literals, Texts, shadow_of

# Letters and signs that fold one to one or not, spaces that run together, lines that end in words.
SIGNS = "abAB1 \n\r\t-'.`\0\x01\u2019\u2011\u00a0\u0301éßＡ\u4e00\u0e31Її\u00ad²"
TEXTS = st.lists(st.text(SIGNS, max_size=14) | st.text("ab c", max_size=30), max_size=7)
PHRASES = st.text("abc1 -'é", min_size=1, max_size=20).filter(re.compile("[abc1é]").search)


def looked_up(texts, literals):
    """(text, place, literal) by trying each beginning at each place of each text."""
    for number, text in enumerate(texts):
        shadow = b"!" + shadow_of(folded_text(text)).tobytes() + b"!"
        for own, (literal, whole) in enumerate(literals):
            for place in range(1, len(shadow)):
                end = place + len(literal)
                begins = shadow[place:end] == literal and shadow[place - 1] < LETTERS
                if begins and not (whole and shadow[end] >= LETTERS):
                    yield number, place - 1, own


@given(TEXTS, st.lists(st.tuples(PHRASES, st.booleans()), min_size=1, max_size=6, unique=True))
@example(["a b", "c", "ab abcabcabcabc1"], [("a", False), ("b", True), ("abcabcabcabc", False)])
@example(["ab.", "abc.", "u", "n. u'n"], [("ab", True), ("abc", True), ("u'n", False)])
@example(["x-ab  ab", "ab", "éab"], [("ab", True), ("b é", True), ("é", False), ("1 ab", False)])
def test_what_stands_where(texts, phrases):
    literals = [(shadow_of(phrase).tobytes(), whole) for phrase, whole in phrases]
    literals = list(dict.fromkeys(literals))
    numbers, homes, begins, places = Texts(texts).find(Literals(literals))
    found = zip(homes.tolist(), begins.tolist(), numbers.tolist(), strict=True)
    assert sorted(found) == sorted(looked_up(texts, literals))
    assert (np.diff(places) >= 0).all()


@given(TEXTS)
def test_texts_are_folded_and_their_line_ends_known(texts):
    made = Texts(texts)
    assert [made[number] for number in range(len(made))] == list(map(folded_text, texts))
    assert made.wrapped == [n for n, text in enumerate(texts) if "\n" in text or "\r" in text]


@given(st.text(SIGNS, max_size=8) | st.text("a `-", max_size=4))
@example("a  b")
def test_what_folds_evenly(text):
    if folds_evenly(text):
        folded = fold(text)
        assert list(zip(folded.starts, folded.ends, strict=True)) == [
            (place, place + 1) for place in range(len(text))
        ]


def test_a_shadow_has_letters_where_words_are():
    characters = [chr(code) for code in range(0x3000)]
    shadow = shadow_of("".join(map(folded_text, characters)))
    folded = "".join(map(folded_text, characters))
    inside = [re.match(IN_WORD, one) is not None for one in folded]
    unspaced = [re.match(f"[{UNSPACED}]", one) is not None for one in folded]
    assert (shadow >= LETTERS).tolist() == [
        own and not other for own, other in zip(inside, unspaced, strict=True)
    ]
