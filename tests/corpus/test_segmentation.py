"""Paragraphs and sentences: their ends, and that the quick way finds what the model finds."""

import time
import tomllib
from importlib import resources
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.corpus import segmentation
from analysis.corpus.endings import mend
from analysis.corpus.folding import INVISIBLE
from analysis.corpus.languages import rules_of
from analysis.corpus.paragraphs import paragraph_spans, strip_span, unwrapped
from analysis.corpus.segmentation import _spans_by_model, segment
from analysis.corpus.units import _window_spans
from analysis.io.toml import read_toml
from tests import ROOT


def slices(text, spans):
    return [text[start:end] for start, end in spans]


def sentence_spans(text):
    return [(start, end) for _, start, end in segment([text])]


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


TOLD = read_toml(ROOT / "analysis/corpus/segmentation.toml")


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
    told = tomllib.loads(
        (resources.files("analysis.corpus") / "segmentation.toml").read_text("utf-8")
    )
    for word in told["words"]:
        text = f"They spoke of {word}. Wind pays."
        assert [text[start:end] for start, end in sentence_spans(text)] == [
            f"They spoke of {word}.",
            "Wind pays.",
        ]
    assert "coal" in told["words"]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("他来了。他说：“好。”然后走了！", ["他来了。", "他说：“好。”", "然后走了！"]),
        ("It is 5. 中文。And?", ["It is 5.", "中文。", "And?"]),
    ],
)
def test_full_stops_of_chinese_and_japanese(text, sentences):
    assert slices(text, sentence_spans(text)) == sentences


# Words and marks at which the model decides in one way or another, in any order.
WORDS = ["coal", "Coal", "U.S.", "Gen", "Mr", "ill", "it", "A", "I", "5", "2017", "3.5", "we",
         "The", "é", "Ngô", "e.g", "www.a.com", "No", "no", "Inc", "etc", "a.m", "J.-P.", "bzw",
         "3.", "cent", "Ελ;", "a²"]  # fmt: skip
MARKS = [". ", "). ", "'. ",
         ".” ", '." ', ".) ", "! ", "? ", "?” ", ". “", '. "', ". (", ".", ".\n", ". '",
         "...", "… ", ". . . ", "!?", ", ", "; ", " ", "  ", "\u00a0", "\t", "--", "“", "”", "’",
         "*", "。", "»", "«", "'",
         "¹ ", ".² ", ", ", ": ", "। ", '?", ', "?”; ", " – ", ".\r\n"]  # fmt: skip
pieces = st.lists(st.sampled_from(WORDS) | st.sampled_from(MARKS), max_size=12).map("".join)


def by_model(paragraphs, language="english"):
    """The sentences that the model finds in every paragraph, and the laws leave."""
    lines = [unwrapped(paragraph) for paragraph in paragraphs]
    places = np.array([
        (number, *span)
        for number, (line, _) in enumerate(lines)
        for span in _spans_by_model(line, language)
    ]).reshape(-1, 3)  # fmt: skip
    follows = np.diff(places[:, 0], prepend=-1) == 0
    places = mend(places, [line for line, _ in lines], follows, rules_of(language))
    return [(number, *lines[number][1](span)) for number, *span in places.tolist()]


@pytest.mark.parametrize("language", ["english", "german", "vietnamese"])
@settings(max_examples=1000)
@given(st.lists(pieces, max_size=3))
@example(["He left the U.S. on Monday. He met Gen. Tran in 2017. It rained."])
@example(["They met at 5. He spoke.", "", "  "])
@example(["Ill. The end.", "So ill. The end."])
@example([", 3.5A.') Mr"])
@example(["J.-P.”3.5! Coal"])
@example(["It rained. 6. 'Coal. So. I. 'Coal", 'So fair!"? He left. It paid!"No? On.'])
@example(["So. Coal\0. He left… so.", "। ill. coal", "So. “: coal"])
def test_the_quick_way_finds_what_the_model_finds(language, paragraphs):
    languages = [language] * len(paragraphs)
    assert segment(paragraphs, languages) == by_model(paragraphs, language)


# What may stand before, at and after the end of a sentence.
BEFORE = ["coal", "U.S.", "ill", "A", "5", "Mr", "internationally", "zz-top", "Ngô", "up", "3.5"]
ENDS = [".", "!", "?", "…", "...", "?!"]
CLOSING = ["", "'", '"', "”", ")", "’)", "¹", "⁴", '")', ")]", "»*"]
AFTER = ["The", "we", "5", "(The", "(we", "«The", "“The", '"The', '"we', '"5', "-", "é", "(é", "É"]


@pytest.mark.parametrize("language", ["english", "german"])
def test_every_kind_of_ending_is_what_the_model_finds(language):
    forms = product(BEFORE, ENDS, CLOSING, [" ", "", "  "], AFTER)
    lines = [f"So the {''.join(form)} left." for form in forms]
    assert segment(lines, [language] * len(lines)) == by_model(lines, language)


def test_languages_of_paragraphs_may_differ():
    texts = ["Sen. Lee met Rep. Kim. So.", "Er tagt bzw. Gremien tagen. Ja.", "Lt. Lee left. So."]
    spoken = ["english", "german", "english"]
    assert segment(texts, spoken) == [
        (0, 0, 22), (0, 23, 26), (1, 0, 27), (1, 28, 31), (2, 0, 13), (2, 14, 17)
    ]  # fmt: skip
    assert segment(texts[:2], spoken[:2]) == segment(texts, spoken)[:4]


@pytest.mark.parametrize(
    ("passage", "size", "windows"),
    [
        ("", 2, []),
        ("Coal falls now.", 2, ["Coal falls", "now."]),
        ("Coal falls. Now!", 2, ["Coal falls.", "Now!"]),
        ("So “coal”, (wind) and #NATO pay", 2, ["So “coal”,", "(wind) and", "#NATO pay"]),
        ("wind - coal – sun", 1, ["wind -", "coal –", "sun"]),
        ("state-owned", 1, ["state-owned"]),
    ],
)
def test_windows_of_words(passage, size, windows):
    assert slices(passage, _window_spans(passage, size)) == windows


def test_more_paragraphs_than_a_block():
    paragraphs = ["x" * (1 << 20), "It rained. We left.", "Well\u2026 So. Why?"]
    assert segment(paragraphs) == [
        *[(0, 0, 1 << 20), (1, 0, 10), (1, 11, 19)],
        *[(2, start, end) for start, end in _spans_by_model(paragraphs[2])],
    ]


def test_many_lines_of_one_paragraph_take_linear_time():
    text = "wind and coal\n" * 20_000
    begun = time.process_time()
    assert paragraph_spans(text) == [(0, len(text) - 1)]
    assert time.process_time() - begun < 1


@pytest.fixture
def asked(monkeypatch):
    """What the model is given."""
    given, by_model = [], segmentation._spans_by_model

    def noted(text, *how, **inside):
        given.append(text)
        return by_model(text, *how, **inside)

    monkeypatch.setattr(segmentation, "_spans_by_model", noted)
    return given


def test_ordinary_endings_need_no_model(asked):
    ends = [".", ".”", ".’", '."', ".)", ".¹", ".⁴", '.")', "!", "?", "!”", '?"', "?)", ").", '".']
    after = ["The", "He", "  The"]
    lines = [f"Much {word}{end} {following} left." for word, end, following
             in product(["coal", "up", "internationally"], ends, after)]  # fmt: skip
    lines += [f"Much coal. {opened}The left." for opened in ("(", "«", '"', "“")]
    lines += ["It fell. 5 left.", "It fell 3.5 points.", "See a.b, now.", "He met Mr. Lee."]
    segment(lines)
    assert asked == []
    for line in ("Coal… So.", "Coal.) (So.", "Coal.     So.", "Coal! so.", "I.e. so."):
        segment([line])
        assert asked.pop() in line


def test_only_what_stands_round_a_doubtful_ending_needs_the_model(asked):
    text = "Coal falls. The U.S. army left. “It pays,” he said. Why? We met Mr. Lee in 2017. So."
    segment([text])
    assert asked == []
    segment([text, f"{text} Coal falls… so. {text}"])
    assert asked == ["Coal falls… so."]
