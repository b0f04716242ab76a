"""Folding with its map back to the text as given, words."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.corpus.folding import (
    APOSTROPHES,
    DASHES,
    INVISIBLE,
    _fold_piece_by_piece,
    count_words,
    fold,
    fold_character,
    folded_text,
    hyphenated,
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
    "a note mark": (
        "training¹, pre-training²³ NATO⁴ Hervé¹,² x", "training, pre-training nato hervé x"),
    "a note mark after a sign": ("They train.¹ “So.”²", "they train. “so.”"),
    "powers and formulas": ("10² km² m³ CO₂ abc²d 5.²", "102 km2 m3 co2 abc2d 5.2"),
    "superscript and circled": ("x² ②", "x2 2"),
    "marks of trade": ("Windows™ Kevlar℠, X®", "windows® kevlar®, x®"),
    "sharp s": ("Straße STRASSE ẞ", "strasse strasse ss"),
    "final sigma": ("ΟΔΟΣ ὁδος", "οδοσ ὁδοσ"),
    "Kelvin and long s": ("Kelvin ſo", "kelvin so"),
    "dotless i stays": ("ılık", "ılık"),
    "a mark that NFKC brings": ("f\u02bcn \uff07 \u0149", "f'n ' 'n"),
    "Hangul of conjoining letters": ("\u1112\u1161\u11ab", "\ud55c"),
    "halfwidth voicing marks": ("\uff8a\uff9f\uff76\uff9e", "\u30d1\u30ac"),
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


@given(TRICKY, st.booleans())
@example("a - b\n", False)
@example("A`b", True)
@example("a  b", False)
@example("\n\nA \u00a0b\t", True)
@example("peace-  \n keeping", False)
def test_folding_easily_is_folding_piece_by_piece(text, case):
    slowly = _fold_piece_by_piece(text, case=case)
    folded = fold(text, case=case)
    assert folded.text == slowly.text
    assert [*folded.starts] == [*slowly.starts]
    assert [*folded.ends] == [*slowly.ends]
    assert folded_text(text) == fold(text).text


@given(TRICKY)
def test_a_character_that_folds_by_itself_does_so_in_any_text(text):
    for character in text:
        if (alone := fold_character(character)) is not None:
            assert fold(character).text == alone


def test_case_is_kept_on_demand():
    assert fold("The US\u2019s  \uff28\uff32", case=True).text == "The US's HR"


@pytest.mark.parametrize(
    ("text", "kept", "span", "back"),
    [
        ("a state-\nowned b", "a state-owned b", (2, 13), (2, 12)),
        ("Cyber- \r\n security", "Cyber-security", (0, 14), (0, 13)),
        ("Vietnam-\nIsrael x", "Vietnam-Israel x", (0, 14), (0, 15)),
        ("COVID-\n19 x", "COVID-19 x", (0, 8), (0, 9)),
        ("co-\nop pre-\nwar", "co-op pre-war", (0, 13), (0, 11)),
        ("co-\nop pre-\nwar", "co-op pre-war", (6, 13), (5, 11)),
    ],
)
def test_a_broken_word_is_read_with_its_hyphen_too(text, kept, span, back):
    other, way = hyphenated(text)
    assert other == kept
    assert way(span) == back
    start, end = fold(text).span(*back)
    assert text[start:end].split() == [*re.split(r"\s+", text[start:end])]
    assert way((0, 1)) is None
    assert way((0, kept.index("-") + 1)) is None


@pytest.mark.parametrize(
    "text", ["", "a-b", "a - b", "3-\n4", "trai\u00ad\nning", "a -\nb", "a\nb"]
)
def test_only_a_hyphen_at_a_line_end_leaves_two_readings(text):
    assert hyphenated(text) is None


@given(TRICKY)
def test_the_other_reading_leads_back_to_the_same_letters(text):
    found = hyphenated(text)
    if found is None:
        return
    folded, other = fold(text), fold(found[0])
    for start in range(len(other.text)):
        span = found[1]((start, len(other.text)))
        if span is not None:
            assert 0 <= span[0] < span[1] <= len(folded.text)
            # What is left out is hyphens; what more there may be is the space of a line end.
            letters = [one for one in other.text[start:] if one not in "- "]
            assert letters == [one for one in folded.text[slice(*span)] if one not in "- "]
