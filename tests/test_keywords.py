"""Keyness against the equations of Monroe, Colaresi & Quinn, worked anew in exact fractions."""

import json
from fractions import Fraction
from math import log, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import InputError
from analysis.keywords import keyness, log_odds

KNOWN = json.loads((Path(__file__).parent / "reference/vectors.json").read_text("utf-8"))
KNOWN = KNOWN["log_odds_z"]
COUNTS = pd.DataFrame(
    [
        ("Green", "wind", 12, 3),
        ("Green", "coal", 2, 1),
        ("Green", "pays", 6, 2),
        ("Red", "wind", 3, 2),
        ("Red", "coal", 9, 4),
        ("Red", "pays", 5, 1),
    ],
    columns=["party", "feature", "count", "articles"],
)
BLUE = pd.DataFrame([("Blue", "coal", 4, 1)], columns=COUNTS.columns)


def by_hand(y1, n1, y2, n2, alpha, alpha_0):
    """Equations 15, 20 and 21, with nothing rounded before the logarithm."""
    y1, n1, y2, n2, alpha, alpha_0 = map(Fraction, (y1, n1, y2, n2, alpha, alpha_0))
    delta = log((y1 + alpha) / (n1 + alpha_0 - y1 - alpha))
    delta -= log((y2 + alpha) / (n2 + alpha_0 - y2 - alpha))
    variance = float(1 / (y1 + alpha) + 1 / (y2 + alpha))
    return delta, variance, delta / sqrt(variance)


def test_log_odds_of_the_worked_value():
    numbers = [KNOWN[key] for key in ("y1", "n1", "y2", "n2", "alpha_w", "alpha_0")]
    got = log_odds(*(np.array([n]) if i % 2 == 0 else n for i, n in enumerate(numbers)))
    assert [float(part[0]) for part in got] == pytest.approx(
        [KNOWN["delta"], KNOWN["var"], KNOWN["z"]], abs=1e-12
    )
    assert by_hand(*numbers) == pytest.approx([float(part[0]) for part in got], abs=1e-12)


def test_every_row_by_hand():
    got = keyness(COUNTS, prior_words=50).to_frame().set_index(["target", "feature"])
    pooled = {"wind": 15, "coal": 11, "pays": 11}
    totals = {"Green": 20, "Red": 17}
    counts = COUNTS.set_index(["party", "feature"])["count"]
    for target, other in (("Green", "Red"), ("Red", "Green")):
        for feature, whole in pooled.items():
            y1, y2 = int(counts[target, feature]), int(counts[other, feature])
            alpha = Fraction(50 * whole, sum(pooled.values()))
            delta, _, z = by_hand(y1, totals[target], y2, totals[other], alpha, 50)
            row = got.loc[(target, feature)]
            assert [row["estimate"], row["statistic"]] == pytest.approx([delta, z], abs=1e-12)
            assert list(row[["total_target", "total_reference"]]) == [totals[target], totals[other]]


def test_two_groups_are_each_others_negative():
    got = keyness(COUNTS).to_frame().pivot(index="feature", columns="target")
    for column in ("estimate", "statistic"):
        assert list(got[column]["Green"]) == pytest.approx(list(-got[column]["Red"]), abs=1e-12)
    for count in ("count", "total", "articles"):
        assert list(got[f"{count}_target"]["Green"]) == list(got[f"{count}_reference"]["Red"])


def test_rows_are_ranked_and_show_how_many_articles_use_the_word():
    got = keyness(pd.concat([COUNTS, BLUE])).to_frame()
    for _, words in got.groupby("target"):
        assert words["statistic"].is_monotonic_decreasing
    wind = got.set_index(["target", "feature"]).loc[("Green", "wind")]
    numbers = ["count_target", "articles_target", "count_reference", "articles_reference"]
    assert list(wind[numbers]) == [12, 3, 3, 2]
    assert list(wind[["total_target", "total_reference"]]) == [20, 17 + 4]
    absent = got.set_index(["target", "feature"]).loc[("Blue", "wind")]
    assert list(absent[numbers]) == [0, 0, 15, 5]
    assert absent["estimate"] < 0


def test_a_named_reference_leaves_the_others_out():
    got = keyness(pd.concat([COUNTS, BLUE]), reference="Red").to_frame()
    assert set(got["target"]) == {"Green", "Blue"}
    assert set(got["total_reference"]) == {17}


def test_refusals():
    with pytest.raises(InputError) as error:
        keyness(COUNTS, reference="Blue")
    assert str(error.value) == "reference='Blue' is not a group; choose 'rest' or one of Green, Red"
    with pytest.raises(InputError, match="one group has nothing to be compared with"):
        keyness(BLUE)
