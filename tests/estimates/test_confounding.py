"""Confounding on articles that can be counted on the fingers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association

from analysis import InputError, confounds, contrasts
from analysis.estimates.confounding import cramers_v, known_values


def articles(*rows):
    """Articles of rows (party, outlet), in order."""
    frame = pd.DataFrame(rows, columns=["party", "outlet"])
    return frame.assign(doc_id=[f"d{number}" for number in range(len(frame))])


THREE = articles(
    *[("A", "Mail"), ("A", "Post"), ("A", "")],
    *[("B", "Post"), ("B", "Post"), ("C", "Star"), ("D", ""), ("D", None)],
)


def test_what_pairs_have_in_common():
    table = confounds(THREE, "party", with_="outlet").set_index(["target", "reference"])
    assert table["overlap"].to_dict() == {
        **{("A", "B"): "shared", ("A", "C"): "none_shared", ("A", "D"): "unknown"},
        **{("B", "C"): "none_shared", ("B", "D"): "unknown", ("C", "D"): "unknown"},
    }
    row = table.loc[("A", "B")]
    assert list(row[["known_target", "articles_target"]]) == [2, 3]
    assert list(row[["known_reference", "articles_reference"]]) == [2, 2]
    assert list(row[["shared", "articles_sharing"]]) == [1, 3]
    assert row["cramers_v"] == pytest.approx(np.sqrt(1 / 3))  # chi2 = 4/3 of 4 articles


def test_against_the_rest_and_against_one():
    rest = confounds(THREE, "party", with_="outlet", reference="rest").set_index("target")
    assert rest["overlap"].to_dict() == {
        **{"A": "shared", "B": "shared", "C": "none_shared", "D": "unknown"}
    }
    assert list(rest.loc["A", ["known_reference", "articles_reference"]]) == [3, 5]
    one = confounds(THREE, "party", with_="outlet", reference="C")
    assert list(one["target"]) == ["A", "B", "D"]
    assert set(one["reference"]) == {"C"}


def test_an_article_counts_once_whatever_its_sentences():
    sentences = pd.concat([THREE, THREE[:4], THREE[:1]])
    pd.testing.assert_frame_equal(
        confounds(sentences, "party", with_="outlet"), confounds(THREE, "party", with_="outlet")
    )


def test_dates_are_compared_by_their_years():
    dates = ["2019-01-02", "2019-03", "2020", ""]
    assert known_values(pd.Series(dates)).to_list()[:3] == ["2019", "2019", "2020"]
    mixed = [*dates, "spring 2019"]
    assert known_values(pd.Series(mixed)).to_list()[:3] == dates[:3]
    frame = articles(("A", "2019-01-02"), ("B", "2019-11-30"))
    assert confounds(frame, "party", with_="outlet")["overlap"].item() == "shared"


def test_several_groups_and_variables():
    frame = THREE.assign(year=["1", "2"] * 4, editor="x")
    table = confounds(frame, ["party", "year"], with_=["outlet", "editor"])
    assert list(table["variable"].unique()) == ["outlet", "editor"]
    assert table.loc[0, ["target", "reference"]].to_list() == ["A, 1", "A, 2"]
    assert set(table.loc[table["variable"] == "editor", "overlap"]) == {"shared"}


@pytest.mark.parametrize(
    ("with_", "message"),
    [
        ("party", "'party' forms the groups; name other variables"),
        ("outlt", "the documents table has no column 'outlt'; it has .* did you mean 'outlet'?"),
    ],
)
def test_refusals(with_, message):
    with pytest.raises(InputError, match=message):
        confounds(THREE, "party", with_=with_)


def test_one_group_has_no_pairs():
    assert confounds(THREE[:3], "party", with_="outlet").empty


tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(
        st.integers(0, 9), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]
    ).map(lambda cells: np.array(cells).reshape(shape))
)


@given(tables)
def test_v_is_that_of_scipy(counts):
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    v, corrected = cramers_v(counts)
    if min(counts.shape) < 2:
        assert np.isnan([v, corrected]).all()
        return
    assert v == pytest.approx(association(counts, method="cramer"))
    assert cramers_v(counts.T) == pytest.approx((v, corrected), nan_ok=True)
    assert np.isnan(corrected) or -1e-12 <= corrected <= 1 + 1e-9


def test_corrected_v():
    """Bergsma's equations by hand: 8 articles, phi2 = 1/4, r' = c' = 2 - 1/7."""
    assert cramers_v(np.array([[3, 1], [1, 3]]))[1] == pytest.approx(
        np.sqrt((1 / 4 - 1 / 7) / (1 - 1 / 7))
    )
    assert cramers_v(np.array([[4, 0], [0, 4]])) == pytest.approx((1, 1))
    assert cramers_v(np.array([[2, 2], [2, 2]])) == (0, 0)


# What it does to a contrast


def tally(*rows):
    frame = pd.DataFrame(rows, columns=["party", "hits", "size", "articles"])
    return frame.assign(measure="sentence_share", topic="wind")


CLEAR = tally(("A", 18, 20, 5), ("B", 1, 20, 5))


def overlap(name, variable="outlet", pair=("A", "B")):
    return pd.DataFrame(
        [(variable, *pair, name)], columns=["variable", "target", "reference", "overlap"]
    )


@pytest.mark.parametrize(
    ("name", "status", "warnings"),
    [
        ("shared", "supported", ""),
        ("unknown", "supported", "outlet_unknown"),
        ("none_shared", "not_distinguishable", "confounded_with_outlet"),
    ],
)
def test_a_full_confound_lowers_the_status(name, status, warnings):
    result = contrasts(CLEAR, confounds=overlap(name))
    row = result.to_frame().iloc[0]
    assert [row["status"], row["warnings"]] == [status, warnings]
    assert result.provenance["confounders"] == ["outlet"]
    before = contrasts(CLEAR)
    assert before.provenance["confounders"] is None
    numbers = ["estimate", "p_value", "p_max_t", "sign_flips"]
    assert (row[numbers] == before.to_frame().iloc[0][numbers]).all()


def test_fewer_articles_are_lowered_as_well():
    few = tally(("A", 19, 20, 3), ("B", 0, 20, 4))
    assert contrasts(few).to_frame()["status"].item() == "suggestive"
    got = contrasts(few, confounds=overlap("none_shared", "news outlet")).to_frame()
    assert got["status"].item() == "not_distinguishable"
    assert got["warnings"].item() == "confounded_with_news_outlet"


def test_one_full_confound_of_several_is_enough():
    both = pd.concat([overlap("shared"), overlap("none_shared", "year")])
    row = contrasts(CLEAR, confounds=both).to_frame().iloc[0]
    assert [row["status"], row["warnings"]] == ["not_distinguishable", "confounded_with_year"]


def test_other_pairs_are_refused():
    with pytest.raises(InputError) as error:
        contrasts(CLEAR, confounds=overlap("shared", pair=("A", "C")))
    assert str(error.value) == (
        "the confounds table does not compare A with B; make it of the same articles, groups and "
        "reference as the contrasts"
    )
    empty = tally(("A", 18, 20, 5), ("B", 0, 0, 0))  # B has no article to be confounded
    got = contrasts(empty, confounds=overlap("shared", pair=("A", "C"))).to_frame()
    assert got["status"].item() == "not_estimable"
