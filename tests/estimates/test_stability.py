"""Whether an order holds in every way of counting, and which choice moves it."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import InputError, ordering_stability, specification_curve
from analysis.estimates.specifications import FORKS
from analysis.estimates.stability import ordering_shares

MEASURES = ["sentence_share", "word_share"]
TIERS = ["core", "broad"]


def ways(**hits):
    """Hits of ten in each of four specifications: sentences core, broad, words core, broad."""
    rows = [
        {**FORKS, "measure": measure, "tier": tier, "party": name, "topic": "wind", "top": hit,
         "bottom": 10, "estimate": hit / 10}
        for name, own in hits.items()
        for (measure, tier), hit in zip(product(MEASURES, TIERS), own, strict=True)
    ]  # fmt: skip
    return pd.DataFrame(rows)


WAYS = ways(Green=[3, 1, 2, 0], Red=[1, 1, 6, 0], Blue=[3, 0, 0, 0])


@cache
def stability():
    return ordering_stability(WAYS).set_index(["target", "reference"])


def test_a_curve_by_hand():
    result = specification_curve(WAYS, "wind", target="Green", reference="Red")
    curve = result.to_frame()
    assert result.keys == tuple(FORKS)
    assert list(curve["relative"])[:3] == [-0.5, 0, 0.5]
    assert list(curve["outcome"]) == ["flips", "tie", "holds", "absent_in_both"]
    assert list(curve["default"]) == [False, False, True, False]
    assert list(curve["measure"]) == ["word_share", *["sentence_share"] * 2, "word_share"]
    assert list(curve["estimate_target"]) == [0.2, 0.1, 0.3, 0]
    assert list(curve["estimate_reference"]) == [0.6, 0.1, 0.1, 0]


def test_a_curve_turned_round_is_its_negative():
    there = specification_curve(WAYS, "wind", target="Green", reference="Red").to_frame()
    back = specification_curve(WAYS, "wind", target="Red", reference="Green").to_frame()
    assert list(back["relative"].dropna()) == [-0.5, 0, 0.5]
    assert back["outcome"].value_counts().to_dict() == there["outcome"].value_counts().to_dict()


def test_what_has_no_order_has_none():
    curve = specification_curve(WAYS, "wind", target="Green", reference="Blue").to_frame()
    assert sorted(curve["outcome"]) == ["absent_in_both", *["no_order"] * 3]
    silent = WAYS.assign(estimate=WAYS["estimate"].where(WAYS["party"] != "Red"))
    curve = specification_curve(silent, "wind", target="Green", reference="Red").to_frame()
    assert set(curve["outcome"]) == {"not_estimable"}
    assert list(ordering_stability(silent)["ways"]) == [3, 0, 0]


def test_stability_by_hand():
    got = stability().loc[("Green", "Red")]
    assert list(got[["ways", "holds", "ties", "flips"]]) == [3, 1, 1, 1]
    assert got["ordering_share"] == pytest.approx(1 / 3)
    assert list(got[["relative_low", "relative_high"]]) == [-0.5, 0.5]
    # Means: sentences 0.25, words -0.5; core 0, broad 0.
    assert list(got[["fork", "lowest_branch", "highest_branch"]]) == [
        *("measure", "word_share", "sentence_share")
    ]
    assert got["fork_effect"] == 0.75


def test_the_group_that_leads_by_default_comes_first():
    assert list(stability().index) == [("Blue", "Green"), ("Blue", "Red"), ("Green", "Red")]
    words = ordering_stability(WAYS, measure="word_share")
    assert list(zip(words["target"], words["reference"], strict=True)) == [
        *(("Green", "Blue"), ("Red", "Blue"), ("Red", "Green"))
    ]
    tied = stability().loc[("Blue", "Green")]
    assert list(tied[["ways", "holds", "ties", "flips"]]) == [3, 0, 0, 0]
    assert np.isnan(tied["ordering_share"])


def test_where_nothing_moves_the_order_no_fork_is_named():
    got = ordering_stability(ways(Green=[2] * 4, Red=[1] * 4)).iloc[0]
    assert list(got[["fork", "lowest_branch", "highest_branch"]]) == [""] * 3
    assert got["fork_effect"] == 0


def test_one_group_has_no_order():
    got = ordering_stability(WAYS[WAYS["party"] == "Red"])
    assert list(got.columns) == ["topic", *stability().reset_index().columns.drop("topic")]
    assert got.empty


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), min_size=2, max_size=4))
def test_it_is_what_the_contrasts_rest_on(hits):
    table = ways(**{f"g{number}": own for number, own in enumerate(hits)})
    named = table.rename(columns={"party": "group"})
    default = table[(table["measure"] == "sentence_share") & (table["tier"] == "core")]
    lead = default.set_index("party")["estimate"]
    for row in ordering_stability(table).itertuples():
        difference = lead[row.target] - lead[row.reference]
        shares = ordering_shares(named, [(row.target, row.reference)], [difference])
        assert [row.ordering_share] == pytest.approx(shares, nan_ok=True)
        curve = specification_curve(
            table, "wind", target=row.target, reference=row.reference
        ).to_frame()
        curve = curve.drop_duplicates(["estimate_target", "estimate_reference"])
        outcomes = curve["outcome"].value_counts()
        counts = [outcomes.get(name, 0) for name in ("holds", "tie", "flips")]
        assert [row.holds, row.ties, row.flips] == counts
        assert row.ways == curve["relative"].notna().sum()


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ({}, ("sun", "Green", "Red"), "topic='sun' is not a topic"),
        ({}, ("wind", "Green", "Grey"), "reference='Grey' is not a group"),
        ({"cleaning": "none"}, ("wind", "Green", "Red"), "the default specification"),
    ],
)
def test_refusals(change, arguments, message):
    topic, target, reference = arguments
    with pytest.raises(InputError, match=message):
        specification_curve(WAYS.assign(**change), topic, target=target, reference=reference)
