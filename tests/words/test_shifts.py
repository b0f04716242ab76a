"""Word shifts by table 1 of Gallagher et al. (2021), and that they add up.

The authors' own package, shifterator 0.3.0, cannot be called: it needs a name that Python 3.10 took
out of its library.
"""

from math import log2

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from analysis import InputError, similarity, word_shift
from analysis.words.shifts import SHIFTS

COUNTS = pd.DataFrame(
    [
        ("Green", "wind", 6, 3),
        ("Green", "sun", 2, 1),
        ("Red", "wind", 1, 1),
        ("Red", "coal", 3, 2),
        ("Blue", "coal", 4, 1),
    ],
    columns=["party", "feature", "count", "articles"],
)
every_measure = pytest.mark.parametrize("measure", SHIFTS)


def shift(table=COUNTS, target="Green", reference="Red", **options):
    return word_shift(table, target, reference=reference, **options).to_frame().set_index("feature")


def test_every_contribution_by_hand():
    # Green: wind 3/4, sun 1/4. Red: wind 1/4, coal 3/4.
    proportion = shift(measure="proportion")["estimate"]
    assert proportion.to_dict() == {"coal": -3 / 4, "wind": 1 / 2, "sun": 1 / 4}
    spread = shift(measure="entropy")["estimate"]
    # -3/4 log 3/4 against -1/4 log 1/4, which is 1/2 bit.
    part = -3 / 4 * log2(3 / 4)
    assert spread["wind"] == pytest.approx(part - 1 / 2, abs=1e-15)
    assert spread["sun"] == pytest.approx(1 / 2, abs=1e-15)
    assert spread["coal"] == pytest.approx(-part, abs=1e-15)
    # A word of one group only contributes half its share, in bits.
    divergence = shift(measure="jensen_shannon")["estimate"]
    assert [divergence["coal"], divergence["sun"]] == pytest.approx([3 / 8, 1 / 8], abs=1e-15)
    mixed = (3 / 4 * log2(3 / 2) + 1 / 4 * log2(1 / 2)) / 2
    assert divergence["wind"] == pytest.approx(mixed, abs=1e-15)
    assert list(divergence.index) == ["coal", "sun", "wind"]


def test_rows_carry_counts_and_articles():
    got = shift()
    assert list(got["higher_in"]) == ["Red", "Green", "Green"]
    assert list(got.loc["wind", ["count_target", "count_reference"]]) == [6, 1]
    assert list(got.loc["wind", ["articles_target", "articles_reference"]]) == [3, 1]
    assert list(got.loc["coal", ["total_target", "total_reference"]]) == [8, 4]
    rest = shift(reference="rest")
    assert list(rest.loc["coal", ["count_reference", "articles_reference"]]) == [7, 3]
    assert rest.loc["coal", "higher_in"] == "rest"


counted = st.lists(st.integers(0, 30), min_size=3, max_size=3).filter(any)


@every_measure
@settings(deadline=None)
@given(first=counted, second=counted)
def test_contributions_add_up(measure, first, second):
    rows = [
        (party, feature, count, 1)
        for party, own in (("A", first), ("B", second))
        for feature, count in zip("xyz", own, strict=True)
    ]
    table = pd.DataFrame(rows, columns=COUNTS.columns)
    got = shift(table, "A", "B", measure=measure)
    wanted = {
        "proportion": 0,
        "entropy": entropy(first, base=2) - entropy(second, base=2),
        "jensen_shannon": similarity(table, "party").to_frame()["estimate"].item() ** 2,
    }[measure]
    assert got["estimate"].sum() == pytest.approx(wanted, abs=1e-12)
    assert list(got["difference"]) == pytest.approx([wanted] * 3, abs=1e-12)
    back = shift(table, "B", "A", measure=measure)["estimate"].loc[got.index]
    sign = 1 if measure == "jensen_shannon" else -1
    assert list(back) == pytest.approx(list(sign * got["estimate"]), abs=1e-12)
    assert (measure != "jensen_shannon") or (got["estimate"] >= 0).all()
    assert list(got["estimate"].abs().round(12)) == sorted(
        got["estimate"].abs().round(12), reverse=True
    )


def test_refusals():
    for options, words in (
        ({"target": "Pink"}, r"^target='Pink' is not a group; choose one of Blue, Green, Red$"),
        ({"reference": "Pink"}, r"^reference='Pink' is not another group than 'Green'; choose "
         r"'rest' or one of Blue, Red$"),
        ({"reference": "Green"}, r"^reference='Green' is not another group than 'Green'"),
        ({"measure": "chi2"}, r"^measure='chi2' is not a measure of a word shift"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            shift(**options)
    with pytest.raises(InputError, match=r"^a group is called 'rest'"):
        shift(COUNTS.replace("Red", "rest"), reference="rest")
    with pytest.raises(InputError, match=r"^Red has no count; compare groups that have words$"):
        shift(COUNTS.assign(count=COUNTS["count"].where(COUNTS["party"] != "Red", 0)))
    with pytest.raises(InputError, match="the counts table has no column 'articles'"):
        shift(COUNTS.drop(columns="articles"))
