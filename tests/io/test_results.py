"""The one result type: looking at it never changes it, and what it writes can be read back."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis import Result
from analysis.io.csv import to_csv
from analysis.io.results import rows_of, to_json

TABLE = pd.DataFrame({"topic": ["<wind>", "sun"], "estimate": [1 / 3, np.nan], "hits": [1, 0]})
RESULT = Result(TABLE, ("topic",), {"function": "emphasis", "method": "<b>"})


def test_a_frame_is_a_copy():
    frame = RESULT.to_frame()
    frame.loc[0, "estimate"] = 9
    assert RESULT.to_frame().loc[0, "estimate"] == 1 / 3
    with pytest.raises(AttributeError):
        RESULT.keys = ()


def test_save(tmp_path):
    RESULT.save(tmp_path / "a.b")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.b.csv", "a.b.json"]
    assert (tmp_path / "a.b.csv").read_bytes() == (
        b"topic,estimate,hits\n<wind>,0.3333333333,1\nsun,,0\n"
    )
    record = json.loads((tmp_path / "a.b.json").read_text("utf-8"))
    assert record == {"keys": ["topic"], "provenance": RESULT.provenance}


def test_html_is_escaped():
    html = RESULT._repr_html_()
    assert "&lt;wind&gt;" in html
    assert "method &lt;b&gt;" in html
    assert "<wind>" not in html
    assert "<b>" not in html


def test_what_decides_stands_first():
    table = TABLE.assign(party="Green", status="observed", conf_high=1.0, conf_low=0.0)
    html = Result(table, ("party", "topic"))._repr_html_()
    heads = ["party", "topic", "status", "estimate", "conf_low", "conf_high", "hits"]
    assert re.findall(r"<th[^>]*>(.*?)</th>", html) == heads
    assert list(table) != heads
    assert "<p>" not in html  # nothing is known of how it was made


def test_it_is_said_how_it_was_made():
    made = {"function": "contrasts", "measure": "sentence_share", "conf_level": 0.95,
            "confounders": ["outlet", "date"], "prior": {"rho": 0.2, "df": 4}}  # fmt: skip
    (said,) = re.findall("<p>(.*)</p>", Result(TABLE, ("topic",), made)._repr_html_())
    assert said == (
        "Made by contrasts; measure sentence share; confidence level 0.95; "
        "confounders outlet, date; prior rho 0.2, df 4."
    )


def test_the_head_says_that_there_is_more():
    first = RESULT.head(1)
    assert first.to_frame()["topic"].to_list() == ["<wind>"]
    assert first.keys == RESULT.keys
    assert "rows the first 1 of 2." in first._repr_html_()
    assert "rows" not in RESULT.provenance
    assert len(RESULT.head().to_frame()) == 2


def test_csv_keeps_numbers_and_missing_apart():
    assert to_csv(pd.DataFrame({"a": [1e-12, 0.1 + 0.2], "b": [2**53, 1]})) == (
        "a,b\n1e-12,9007199254740992\n0.3,1\n"
    )


def test_json_says_null_for_what_it_does_not_know():
    """O8"""
    assert to_json({"é": [1]}) == '{\n "é": [\n  1\n ]\n}\n'
    value = {"p": float("nan"), "limits": [-np.inf, (np.float64("inf"), 0.5)], "n": 1}
    assert json.loads(to_json(value)) == {"p": None, "limits": [None, [None, 0.5]], "n": 1}


def test_rows_are_plain():
    assert rows_of(pd.DataFrame({"a": np.array([1])})) == [{"a": 1}]
    assert type(rows_of(pd.DataFrame({"a": np.array([1])}))[0]["a"]) is int
