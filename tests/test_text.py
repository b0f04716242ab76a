"""Folding with its map back to the text as given, words, paragraphs, sentences."""

import re
import tomllib
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import analysis
from analysis.files import read_toml
from analysis.segmentation import paragraph_spans, sentence_spans, strip_span
from analysis.text import (
    APOSTROPHES,
    DASHES,
    INVISIBLE,
    count_words,
    fold,
)

# Characters on which folding has something to do, in any order.
TRICKY = st.lists(
    st.sampled_from(
        [
            *"aAzéÉßẞİıΣςſKﬁﬀ²②½Ｆ网हि1.,'_-\n\r\t \u00a0\u2009\u0301\u0323\U0001f3fd",
            *["e\u0301", "\r\n", "-\n", "\U0001f1fb\U0001f1f3", *DASHES, *APOSTROPHES],
            *INVISIBLE,
        ]
    ),
    max_size=30,
).map("".join)

SAME = {
    "NFD": ("Herve\u0301", "hervé"),
    "NFD twice marked": ("Nguye\u0302\u0303n Chi\u0301 Vi\u0323nh", "nguyễn chí vịnh"),
    "upper case": ("NGUYỄN CHÍ VỊNH", "nguyễn chí vịnh"),
    "soft hyphen": ("trai\u00adning", "training"),
    "line end": ("train-\ning", "training"),
    "line end, CRLF and spaces": ("train- \r\n  ing", "training"),
    "line end, soft hyphen": ("train\u00ad\ning", "training"),
    "line end, U+2010": ("train\u2010\ning", "training"),
    "line end before a capital": ("Vietnam-\nIsrael", "vietnam- israel"),
    "line end after a digit": ("F-\nabc 3-\nabc", "fabc 3- abc"),
    "ligatures": ("ﬁre oﬀ", "fire off"),
    "full width": ("ＮＡＴＯ２", "nato2"),
    "superscript and circled": ("x² ②", "x2 2"),
    "sharp s": ("Straße STRASSE ẞ", "strasse strasse ss"),
    "final sigma": ("ΟΔΟΣ ὁδος", "οδοσ ὁδοσ"),
    "Kelvin and long s": ("Kelvin ſo", "kelvin so"),
    "dotless i stays": ("ılık", "ılık"),
    "a mark that NFKC brings": ("f\u02bcn \uff07 \u0149", "f'n ' 'n"),
    "direction marks": ("\u202ecyber\u202c \u200fx\u061c", "cyber x"),
    "spaces around invisible marks": ("a \u200b b", "a b"),
    "emoji": ("\U0001f1fb\U0001f1f3training\U0001f3fd", "\U0001f1fb\U0001f1f3training\U0001f3fd"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "folded"), SAME.values(), ids=SAME)
def test_fold(text, folded):
    assert fold(text).text == folded


@pytest.mark.parametrize("dash", DASHES)
def test_every_dash_is_a_hyphen(dash):
    assert fold(f"cyber{dash}security").text == "cyber-security"


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_every_apostrophe_is_straight(apostrophe):
    assert fold(f"d{apostrophe}État").text == "d'état"


@pytest.mark.parametrize("mark", INVISIBLE)
def test_invisible_marks_go(mark):
    folded = fold(f"cy{mark}ber")
    assert folded.text == "cyber"
    assert folded.span(0, 5) == (0, 6)
    assert folded.span(2, 3) == (3, 4)


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2009", "\t", "  ", "\n", " \r\n ", "\r"])
def test_any_white_space_is_one_space(space):
    folded = fold(f"cyber{space}security")
    assert folded.text == "cyber security"
    assert folded.span(5, 6) == (5, 5 + len(space))


@pytest.mark.parametrize(
    ("text", "folded_span", "span"),
    [
        ("Herve\u0301!", (0, 5), (0, 6)),
        ("oﬀer", (1, 3), (1, 2)),
        ("oﬀer", (2, 5), (1, 4)),
        ("Straße x", (0, 7), (0, 6)),
        ("a train-\ning b", (2, 10), (2, 12)),
        ("…x", (3, 4), (1, 2)),
    ],
)
def test_span_points_into_the_text_as_given(text, folded_span, span):
    assert fold(text).span(*folded_span) == span


@given(TRICKY)
def test_the_map_back_is_inside_the_text_and_never_runs_backwards(text):
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    for start, end in zip(folded.starts, folded.ends, strict=True):
        assert 0 <= start < end <= len(text)
    pairs = list(zip(folded.starts, folded.ends, strict=True))
    for before, after in pairwise(pairs):
        assert after == before or after[0] >= before[1]


@given(TRICKY.filter(lambda text: not re.search(f"[{INVISIBLE}][\u0301\u0323]", text)))
@example("a\u0345\u0301")
def test_folding_twice_is_folding_once(text):
    once = fold(text).text
    assert fold(once).text == once


@given(TRICKY)
def test_no_trace_of_typography_is_left(text):
    folded = fold(text).text
    assert not set(folded) & {*DASHES, *APOSTROPHES, *INVISIBLE, *"\n\r\t\u00a0"}
    assert "  " not in folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" – … * ", 0),
        ("five plain words stand here", 5),
        ("state-of-the-art don't l’OTAN", 3),
        ("the U.S.-Israel deal, 3.5 percent", 5),
        ("snake_case is two words more", 6),
        ("Nguyễn Chí Vịnh", 3),
    ],
)
def test_count_words(text, words):
    assert count_words(text) == words


def slices(text, spans):
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("", []),
        (" \n\u200b\r\n\ufeff", []),
        ("One.\nTwo.", ["One.", "Two."]),
        ("One.\r\n\r\nTwo.\rThree.", ["One.", "Two.", "Three."]),
        ("A wrapped\r\nline.", ["A wrapped\r\nline."]),
        ("It ended.\nand began", ["It ended.", "and began"]),
        ("He said “go.”\nand left", ["He said “go.”", "and left"]),
        ("A gap\n\nbefore this", ["A gap", "before this"]),
        ("A gap\r\n\r\nbefore this", ["A gap", "before this"]),
        ("\u00a0 Trimmed \u200b\nNext", ["Trimmed", "Next"]),
        ("1\u20282\x0b3\x854\x0c5\x1c6", [*"123456"]),
    ],
)  # fmt: skip
def test_paragraphs(text, paragraphs):
    assert slices(text, paragraph_spans(text)) == paragraphs


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("He left for the U.S. on Monday.", ["He left for the U.S. on Monday."]),
        ("Lt. Col. Lee met Maj. Ho. They ate.", ["Lt. Col. Lee met Maj. Ho.", "They ate."]),
        ("It cost 3.5 million. Too much.", ["It cost 3.5 million.", "Too much."]),
        ("He said “go.” She left.", ["He said “go.”", "She left."]),
        ("No full stop", ["No full stop"]),
    ],
)
def test_sentences(text, sentences):
    assert slices(text, sentence_spans(text)) == sentences


TOLD = read_toml(Path(analysis.__file__).parent / "segmentation.toml")


@pytest.mark.parametrize("abbreviation", TOLD["abbreviations"])
def test_an_abbreviation_ends_no_sentence(abbreviation):
    text = f"They met {abbreviation.title()}. Lee at noon. It rained."
    assert len(sentence_spans(text)) == 2


def test_an_ordinary_word_ends_a_sentence():
    texts = {word: f"They spoke of the {word}. It rained." for word in TOLD["words"]}
    assert [word for word, text in texts.items() if len(sentence_spans(text)) != 2] == []


LETTERS = st.text(st.sampled_from([*'aBé.!?"’ \n\r', "\u200b", "\u2028", "\u00a0"]), max_size=40)


@given(LETTERS)
@pytest.mark.parametrize("spans_of", [paragraph_spans, sentence_spans])
def test_spans_are_in_order_apart_and_complete(spans_of, text):
    spans = spans_of(text)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    assert all(start < end and strip_span(text, start, end) == (start, end) for start, end in spans)
    inside = {index for start, end in spans for index in range(start, end)}
    left_out = {text[index] for index in range(len(text)) if index not in inside}
    assert all(letter.isspace() or letter in INVISIBLE for letter in left_out)


def test_ordinary_words_end_a_sentence():
    """The segmenter's model takes them for abbreviations."""
    told = tomllib.loads((resources.files("analysis") / "segmentation.toml").read_text("utf-8"))
    for word in told["words"]:
        text = f"They spoke of {word}. Wind pays."
        assert [text[start:end] for start, end in sentence_spans(text)] == [
            f"They spoke of {word}.",
            "Wind pays.",
        ]
    assert "coal" in told["words"]
