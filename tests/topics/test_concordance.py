"""The key word in context."""

import time

import pandas as pd
import pytest

from analysis import InputError, InputWarning, kwic, sentences

TEXT = "Coal falls. Much wind\u2011power grows fast, and wind blows.\nWind"
TABLE = sentences(pd.DataFrame({"doc_id": ["a"], "party": ["Green"], "text": [TEXT]}))


def test_every_match_with_its_words_and_its_place():
    lines = kwic(TABLE, "wind*", window=2)
    assert list(lines.columns) == [
        *["doc_id", "sentence_id", "party", "section", "start", "end"],
        *["left", "keyword", "right"],
    ]
    assert lines[["left", "keyword", "right"]].to_numpy().tolist() == [
        ["Much", "wind", "\u2011power grows"],
        ["fast, and", "wind", "blows"],
        ["", "Wind", ""],
    ]
    for line in lines.itertuples():
        assert TEXT[line.start : line.end] == line.keyword


COLD, ZOO, OLD = "Zoo cold wind blows", "The Zoo wind asks", "Old zoo wind asks loudly"


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("text", [COLD, ZOO, OLD]), ("left", [COLD, OLD, ZOO]), ("right", [ZOO, OLD, COLD])],
)
def test_lines_are_sorted_by_the_nearest_words(sort, expected):
    text = f"{COLD}. {ZOO}. {OLD}."
    table = sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    lines = kwic(table, "wind", window=2, sort=sort)
    assert lines[["left", "keyword", "right"]].agg(" ".join, axis=1).to_list() == expected
    with pytest.raises(InputError, match="sort='up' is not a sort order of lines; choose one of"):
        kwic(table, "wind", sort="up")


def test_no_word_around_and_no_match():
    assert kwic(TABLE, "wind power", window=0)[["left", "right"]].to_numpy().tolist() == [["", ""]]
    assert kwic(TABLE, "storm").empty
    assert list(kwic(TABLE, "storm").columns) == list(kwic(TABLE, "wind").columns)


def test_many_matches_in_one_sentence_take_linear_time():
    text = "wind " * 10_000  # one sentence
    with pytest.warns(InputWarning, match="a sentence has up to 10000 words"):
        table = sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    begun = time.process_time()
    lines = kwic(table, "wind", window=2)
    assert time.process_time() - begun < 2
    assert lines["left"].to_list() == ["", "wind"] + ["wind wind"] * 9_998
    assert lines["right"].to_list() == ["wind wind"] * 9_998 + ["wind", ""]


def test_a_match_inside_a_word():
    table = sentences(pd.DataFrame({"doc_id": ["a"], "text": ["So off-shore-wind-farm pays. No."]}))
    lines = kwic(table, "wind", window=1)
    assert lines[["left", "right"]].to_numpy().tolist() == [["off-shore-", "-farm"]]


def test_a_window_is_a_number_of_words():
    with pytest.raises(InputError, match="window=-1 is negative"):
        kwic(TABLE, "wind", window=-1)
