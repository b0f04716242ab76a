"""Tables in a notebook: whole texts at the left, numbers of three digits at the right."""

import re

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.io.display import significant


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.5, "0.500"),
        (0.05263, "0.0526"),
        (-0.4987, "-0.499"),
        (0.9999, "1.00"),
        (9.996, "10.0"),
        (72.345, "72.3"),
        (1234.5, "1234"),
        (123456789.0, "123456789"),
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (0.00012345, "0.000123"),
        (1e-12, "1.00e-12"),
        (1e300, "1.00e+300"),
        (-np.inf, "-inf"),
    ],
)
def test_a_number_has_three_digits_or_all_before_the_point(value, written):
    assert significant(value, 3) == written


def cells(html):
    return re.findall(r'<td style="text-align: (\w+)[^>]*>(.*?)</td>', html)


def test_numbers_stand_at_the_right_and_texts_are_whole():
    long = ", ".join(["Wind & sun"] * 50)
    table = pd.DataFrame({"text": [long, None], "n": [10**6, 2], "share": [-1 / 3, np.nan]})
    html = an.table_html(table).html
    assert cells(html) == [
        ("left", long.replace("&", "&amp;")),
        ("right", "1000000"),
        ("right", "\N{MINUS SIGN}0.333"),
        ("left", ""),
        ("right", "2"),
        ("right", ""),
    ]
    assert html.startswith('<div style="overflow-x: auto">')
    assert html.count("min-width: 18em") == 1
    assert cells(an.table_html(table, digits=2).html)[2] == ("right", "\N{MINUS SIGN}0.33")


def test_a_caption_stands_below_and_acts_nowhere():
    shown = an.table_html(pd.DataFrame({"a|<b>": [1]}), caption="<i>made</i>")
    assert shown.html.endswith("</div>\n<p>&lt;i&gt;made&lt;/i&gt;</p>")
    assert "<b>" not in shown.html
    assert repr(shown).endswith("\n<i>made</i>")
    assert "<p>" not in an.table_html(pd.DataFrame({"a": [1]})).html
