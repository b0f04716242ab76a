"""Confounding on articles that can be counted on the fingers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association

from analysis import InputError, Tally, confounds, contrasts
from analysis.corpus.groups import known_values
from analysis.estimates.confounding import cramers_v


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


def test_dates_are_compared_by_month_or_year():
    dates = ["2019-01-02", "2019-03", "2020", ""]
    known = known_values(pd.Series(dates))
    assert known.dropna().to_list() == ["2019-01", "2019-03"]  # which month of 2020 is unknown
    years = known_values(pd.Series(dates), "year").dropna()
    assert years.to_list() == ["2019", "2019", "2020"]
    assert known_values(pd.Series(["2019", "2020"])).to_list() == ["2019", "2020"]
    mixed = [*dates, "spring 2019"]
    assert known_values(pd.Series(mixed)).to_list()[:3] == dates[:3]
    frame = articles(("A", "2019-01-02"), ("B", "2019-11-30"))
    found = confounds(frame, "party", with_="outlet").iloc[0]
    assert found[["compared_by", "overlap"]].to_list() == ["month", "none_shared"]
    found = confounds(frame, "party", with_="outlet", window="year").iloc[0]
    assert found[["compared_by", "overlap"]].to_list() == ["year", "shared"]
    assert confounds(THREE, "party", with_="outlet")["compared_by"].unique() == ["value"]


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


def known_by(**outlets):
    """CLEAR, with confounders: the outlet of the five articles of each party, blank if unknown."""
    within = {}
    for name, known in outlets.items():
        rows = [CLEAR.loc[[place]].assign(**{name: one}) for place, one in enumerate(known) if one]
        within[name] = Tally(pd.concat(rows), ("party", name))
    return Tally(CLEAR, ("party",), within=within)


@pytest.mark.parametrize(
    ("outlets", "status", "warnings"),
    [
        (("Mail", "Mail"), "supported", ""),
        (("Mail", ""), "suggestive", "outlet_unknown"),
        (("Mail", "Post"), "not_distinguishable", "confounded_with_outlet"),
    ],
)
def test_what_a_confounder_does_to_the_status(outlets, status, warnings):
    result = contrasts(known_by(outlet=outlets))
    row = result.to_frame().iloc[0]
    assert [row["status"], row["warnings"]] == [status, warnings]
    assert result.provenance["within"] == ["outlet"]
    before = contrasts(CLEAR)
    assert before.provenance["within"] == []
    numbers = ["estimate", "p_value", "p_max_t", "sign_flips"]
    assert (row[numbers] == before.to_frame().iloc[0][numbers]).all()


def test_the_confounders_can_be_chosen():
    both = known_by(outlet=("Mail", "Mail"), **{"news year": ("1", "2")})
    statuses = [
        contrasts(both, within=names).to_frame()["status"].item()
        for names in ((), "outlet", "news year", ["outlet", "news year"], None)
    ]
    assert statuses == ["supported"] * 2 + ["not_distinguishable"] * 3
    assert contrasts(both).to_frame()["warnings"].item() == "confounded_with_news_year"
    # A table by party and outlet is as good.
    own = contrasts(both.within["outlet"].to_frame(), within="outlet").to_frame()
    pd.testing.assert_frame_equal(own, contrasts(both, within="outlet").to_frame())
    with pytest.raises(
        InputError, match=r"'editor'; make it with tally\(codes, by, within='editor'"
    ):
        contrasts(both, within="editor")
    with pytest.raises(InputError, match="no column is left that forms groups"):
        contrasts(both, within="party")


def test_fewer_articles_are_lowered_as_well():
    few = tally(("A", 19, 20, 3), ("B", 0, 20, 4))
    assert contrasts(few).to_frame()["status"].item() == "suggestive"
    apart = few.assign(outlet=["Mail", "Post"])
    assert contrasts(apart, within="outlet").to_frame()["status"].item() == "not_distinguishable"


def test_a_group_without_text_is_not_unknown():
    empty = tally(("A", 18, 20, 5), ("B", 0, 0, 0)).assign(outlet="Mail")
    row = contrasts(empty, within="outlet").to_frame().iloc[0]
    assert [row["status"], row["warnings"]] == ["not_estimable", ""]


def test_found_in_all_articles_and_not_within_outlets():
    """Each party mostly in its own outlet, and outlets differ: not the parties."""
    rows = [("A", "Mail", 12, 9), ("A", "Post", 1, 1), ("B", "Mail", 12, 1), ("B", "Post", 1, 9)]
    apart = pd.concat(
        tally((party, hits, 20, articles)).assign(outlet=outlet)
        for party, outlet, hits, articles in rows
    )
    row = contrasts(apart, within="outlet").to_frame().iloc[0]
    assert row["p_adjusted"] < 0.01
    assert [row["status"], row["warnings"]] == ["suggestive", "not_within_outlet"]
    assert [row["within"], row["within_estimate"]] == ["outlet", pytest.approx(0, abs=1e-9)]
    assert row["within_p"] > 0.5


def corpora(own, share, *, many=100, articles=40):
    """As many topics as corpora: two parties, two outlets, `share[party][outlet]` in each."""
    random = np.random.default_rng(11)
    mine = round(own * articles)
    design = [("A", "Mail", mine), ("A", "Post", articles - mine)]
    design += [("B", "Mail", articles - mine), ("B", "Post", mine)]
    drawn = []
    for party, outlet, number in design:
        size = random.integers(5, 61, (many, number))
        a = (1 - 0.15) / 0.15  # of a correlation of .15 within articles
        mean = share[party][outlet]
        hits = random.binomial(size, random.beta(mean * a, (1 - mean) * a, size.shape))
        topics = np.repeat([f"t{number:03}" for number in range(many)], number)
        rows = {"topic": topics, "hits": hits.ravel(), "size": size.ravel()}
        drawn.append(pd.DataFrame(rows).assign(party=party, outlet=outlet))
    return pd.concat(drawn).assign(measure="sentence_share", articles=1)


def supported(table, within):
    found = contrasts(table, within=within).to_frame()
    return (found["status"] == "supported").mean()


def test_outlets_that_differ_are_no_difference_between_groups():
    """At most .05 supported where groups differ in no outlet; the raw contrast had .96."""
    alike = {"Mail": 0.1, "Post": 0.3}
    table = corpora(0.9, {"A": alike, "B": alike})
    assert supported(table, "outlet") <= 0.1  # .05 and three standard errors
    assert supported(table.drop(columns="outlet"), ()) > 0.8


def test_a_difference_within_outlets_is_still_found():
    table = corpora(0.75, {"A": {"Mail": 0.1, "Post": 0.1}, "B": {"Mail": 0.2, "Post": 0.2}})
    assert supported(table, "outlet") > 0.5
