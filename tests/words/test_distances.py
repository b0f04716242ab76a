"""How alike groups are: published and worked values, laws, and what is refused."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import binom, norm, t

from analysis import (
    InputError,
    codes,
    correspondence,
    counts,
    sentences,
    similarity,
    tally,
    word_shift,
)
from analysis.words.distances import PROXIMITIES, _blocks, _resampled
from analysis.words.profiles import article_profiles, group_profiles
from tests import ROOT

KNOWN = json.loads((ROOT / "tests/reference/vectors.json").read_text("utf-8"))["jsd"]
P, Q = np.array(KNOWN["P"]), np.array(KNOWN["Q"])
COLUMNS = """group other estimate conf_low conf_high if_alike count_group count_other
articles_group articles_other status warnings measure"""

every_measure = pytest.mark.parametrize("measure", PROXIMITIES)


def by_article(groups):
    """A counts table by article of groups {name: [counts of (wind, sun) of each article]}."""
    rows = [
        (party, f"{party}{number}", feature, count, 1)
        for party, articles in groups.items()
        for number, own in enumerate(articles)
        for feature, count in zip(("wind", "sun"), own, strict=True)
    ]
    return pd.DataFrame(rows, columns=["party", "doc_id", "feature", "count", "articles"])


def pairs(table, measure="jensen_shannon", **options):
    return (
        similarity(table, "party", measure=measure, **options)
        .to_frame()
        .set_index(["group", "other"])
    )


GREEN = [(3, 1), (2, 2), (4, 0), (3, 2), (1, 1)]
RED = [(0, 4), (1, 3), (0, 2), (1, 5), (0, 3), (0, 1)]
TABLE = by_article({"Green": GREEN, "Red": RED, "Blue": [(2, 2)]})


# Measures


def test_measures_of_the_worked_values():
    assert PROXIMITIES["jensen_shannon"](P, Q) == pytest.approx(KNOWN["distance_bits"], abs=1e-12)
    assert PROXIMITIES["jensen_shannon"](P, Q) ** 2 == pytest.approx(
        KNOWN["divergence_bits"], abs=1e-12
    )
    assert PROXIMITIES["jensen_shannon"](P, Q) == pytest.approx(jensenshannon(P, Q, base=2))
    assert PROXIMITIES["hellinger"](P, Q) == pytest.approx(KNOWN["hellinger"], abs=1e-12)
    # (3, 4) and (4, 3): lengths 5 and 5, product 24.
    assert PROXIMITIES["cosine"](np.array([3, 4]) / 7, np.array([4, 3]) / 7) == pytest.approx(0.96)


shares = (
    st.lists(st.integers(0, 50), min_size=4, max_size=4)
    .filter(any)
    .map(lambda numbers: np.array(numbers) / sum(numbers))
)


@every_measure
@settings(deadline=None)
@given(p=shares, q=shares)
def test_laws_of_a_measure(measure, p, q):
    compare = PROXIMITIES[measure]
    assert compare(p, q) == compare(q, p)
    assert 0 <= compare(p, q) <= 1
    assert compare(p, p) == compare(q, q) == (measure == "cosine")
    several = compare(np.stack([p, q]), np.stack([q, q]))
    assert several == pytest.approx([compare(p, q), compare(q, q)], abs=1e-12)


@every_measure
def test_nothing_in_common_is_the_other_end(measure):
    apart = PROXIMITIES[measure](np.array([1.0, 0]), np.array([0, 1.0]))
    assert apart == (measure != "cosine")


@pytest.mark.parametrize(
    ("measure", "first", "second"),
    [("jensen_shannon", [5, 7], [1, 1]), ("hellinger", [7, 1, 6, 2, 4, 3], [5, 4, 4, 4, 1, 7])],
)
def test_rounding_leads_to_no_distance_above_1(measure, first, second):
    p = np.array([*first, *[0] * len(second)]) / sum(first)
    q = np.array([*[0] * len(first), *second]) / sum(second)
    assert PROXIMITIES[measure](p, q) == 1  # the sum is 1 + 2e-16


# Similarity


@every_measure
def test_estimates_compare_shares_of_all_counts(measure):
    got = pairs(TABLE, measure)
    # Green 13 and 6 of 19; Red 2 and 18 of 20; Blue 2 and 2 of 4.
    green, red, blue = np.array([13, 6]) / 19, np.array([2, 18]) / 20, np.array([1, 1]) / 2
    compare = PROXIMITIES[measure]
    wanted = [compare(blue, green), compare(blue, red), compare(green, red)]
    assert got.index.to_list() == [("Blue", "Green"), ("Blue", "Red"), ("Green", "Red")]
    assert list(got["estimate"]) == pytest.approx(wanted, abs=1e-15)
    assert list(got[["count_group", "count_other"]].loc[("Green", "Red")]) == [19, 20]
    assert list(got["articles_group"]) == [1, 1, 5]
    row = got.loc[("Green", "Red")]
    assert 0 <= row["conf_low"] <= row["estimate"] <= row["conf_high"] <= 1
    assert row["conf_low"] < row["conf_high"]
    assert (row["status"], row["warnings"]) == ("estimated", "")


def test_an_interval_needs_five_articles_on_both_sides():
    got = pairs(by_article({"A": GREEN, "B": RED[:4], "C": RED[:1], "D": GREEN}))
    assert got["status"].to_dict() == {
        pair: "estimated" if pair == ("A", "D") else "interval_not_estimable" for pair in got.index
    }
    assert got.loc[("A", "B"), "warnings"] == "few_articles"
    assert got.loc[("A", "C"), "warnings"] == got.loc[("B", "C"), "warnings"] == "one_article"
    refused = got.drop(("A", "D"))
    assert refused[["conf_low", "conf_high", "if_alike"]].isna().all(axis=None)
    assert refused["estimate"].notna().all()


def test_groups_that_are_the_same_are_not_told_apart():
    got = pairs(by_article({"A": GREEN, "B": GREEN})).iloc[0]
    assert got["estimate"] == got["conf_low"] == 0
    assert got["conf_high"] > 0
    assert pairs(by_article({"A": GREEN, "B": GREEN}), "cosine").iloc[0]["conf_high"] == 1


def test_groups_that_differ_more_than_any_dealing_are():
    far = pairs(by_article({"A": [(9, 0), (9, 1), (8, 0)] * 3, "B": [(0, 9), (1, 9), (0, 8)] * 3}))
    assert far.iloc[0]["conf_low"] > 0.5


def test_what_chance_alone_shows():
    # Two articles in three like (1, 0): 6 + 6 articles dealt anew seldom fall alike.
    row = pairs(by_article({"A": [(1, 0)] * 4 + [(0, 1)] * 2, "B": [(1, 0)] * 4 + [(0, 1)] * 2}))
    assert row.iloc[0]["estimate"] == 0
    # Of the 12 articles 4 are (0, 1); A has 0..4 of them, hypergeometric.
    from scipy.stats import hypergeom

    alike = sum(
        hypergeom.pmf(k, 12, 4, 6)
        * PROXIMITIES["jensen_shannon"](np.array([6 - k, k]) / 6, np.array([2 + k, 4 - k]) / 6)
        for k in range(5)
    )
    assert row.iloc[0]["if_alike"] == pytest.approx(alike, abs=0.015)


def test_words_of_one_article_alone_tell_nothing():
    # Every article has words of its own: any two halves of the articles have nothing in common.
    own = [
        (party, f"{party}{n}", f"{party}{n}{word}", 1, 1)
        for party in "AB"
        for n in range(5)
        for word in range(9)
    ]
    table = pd.DataFrame(own, columns=["party", "doc_id", "feature", "count", "articles"])
    row = pairs(table).iloc[0]
    assert [row["estimate"], row["if_alike"]] == pytest.approx([1, 1])
    assert [row["conf_low"], row["conf_high"]] == pytest.approx([0, 1])


def test_where_resampling_shows_no_chance_there_is_no_interval():
    row = pairs(by_article({"A": [(9, 0)] * 5, "B": [(0, 9)] * 5})).iloc[0]
    assert row["estimate"] == 1
    assert (row["status"], row["warnings"]) == ("interval_not_estimable", "resampling_fails")
    assert np.isnan(row["conf_low"])
    assert 0 < row["if_alike"] < 1


def share_of_the_first(p, q):
    """|p - q| of the first feature: of articles that have one feature, a matter of counting."""
    return np.abs(p - q)[..., 0]


TEN, NONE = [(1, 0)] * 8 + [(0, 1)] * 2, [(0, 1)] * 5  # a share of .8, and of 0


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_how_far_an_interval_reaches(level):
    # Of 10 articles drawn, k = 0, 1, .. 10 are of the eight: binomial. The lower end is farther
    # from .8 than the upper, and t has 4 degrees of freedom: five articles in the smaller group.
    row = pairs(by_article({"A": TEN, "B": NONE}), share_of_the_first, conf_level=level).iloc[0]
    lowest = binom.ppf((1 - level) / 2, 10, 0.8) / 10
    expansion = np.sqrt(5 / 4) * t.ppf((1 + level) / 2, 4) / norm.ppf((1 + level) / 2)
    reach = (0.8 - lowest) * expansion
    assert row["conf_low"] == pytest.approx(0.8 - reach)
    assert row["conf_high"] == pytest.approx(min(0.8 + reach, 1))


@pytest.mark.parametrize(("dealings", "excluded"), [(19, True), (18, False)])
def test_the_dealing_that_came_about_is_one_of_the_dealings(dealings, excluded, monkeypatch):
    # All of A and none of B have the feature: hardly any dealing is as far apart. Of 19 and the
    # one that came about p is 1/20, and at 95 % no dealing may be more; of 18 it is 1/19.
    monkeypatch.setattr("analysis.words.distances.REPLICATES", dealings)
    far = by_article({"A": [(9, 0)] * 19 + [(8, 1)], "B": [(0, 9)] * 20})
    row = pairs(far, share_of_the_first, conf_level=0.9499).iloc[0]
    assert (row["conf_low"] > 0) == excluded


def test_words_of_other_groups_do_not_move_the_last_digit():
    random = np.random.default_rng(1)
    rows = [
        (party, f"{party}{number}", f"w{word:03}", int(count) + 1, 1)
        for party, step in (("A", 2), ("B", 2), ("C", 1))
        for number in range(2)
        for word, count in zip(range(0, 400, step), random.poisson(2, 400), strict=False)
    ]
    table = pd.DataFrame(rows, columns=["party", "doc_id", "feature", "count", "articles"])
    for measure in PROXIMITIES:
        alone = pairs(table[table["party"] != "C"], measure)["estimate"]
        assert pairs(table, measure).loc[("A", "B"), "estimate"] == alone.item()


def test_blocks_of_replicates_hold_no_more_than_fits(monkeypatch):
    monkeypatch.setattr("analysis.words.distances.BLOCK", 100)
    assert next(_blocks(7)) == 14
    assert next(_blocks(1000)) == 1
    assert sum(_blocks(7)) == 2000


def test_resampling_draws_articles_whole_within_groups():
    from scipy.sparse import csr_matrix

    first = csr_matrix(np.array([[1.0, 0.0], [0.0, 1.0]]))
    second = csr_matrix(np.array([[2.0, 2.0], [1.0, 1.0]]))
    seen = []
    list(_resampled(first, second, lambda p, q: seen.append((p, q)), np.random.default_rng(0)))
    mine = np.concatenate([p[:, 0] for p, _ in seen])
    assert np.unique(mine).tolist() == [0, 0.5, 1]  # both from one article, or one from each
    assert np.mean(mine == 0.5) == pytest.approx(0.5, abs=0.05)
    assert np.unique(np.concatenate([q for _, q in seen])).tolist() == [0.5]


def test_order_and_other_groups_change_nothing():
    before = pairs(TABLE)
    pd.testing.assert_frame_equal(before, pairs(TABLE[::-1]), check_exact=True)
    more = TABLE.replace({"feature": {"wind": "air"}, "party": {"Blue": "Zed"}})
    joined = pd.concat([TABLE, more[more["party"] == "Zed"]])
    among = pairs(joined).loc[before.index]
    pd.testing.assert_frame_equal(before, among, check_exact=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4))
def test_every_article_twice_leaves_estimates(articles):
    one = by_article({"A": articles, "B": RED[:4]})
    two = by_article({"A": articles * 2, "B": RED[:4] * 2})
    once, twice = pairs(one).iloc[0], pairs(two).iloc[0]
    assert twice["estimate"] == once["estimate"] or np.isnan([*once[["estimate"]]]).all()
    assert twice["articles_group"] == 2 * once["articles_group"]


def test_every_article_four_times_narrows_intervals():
    once, more = (pairs(by_article({"A": GREEN * n, "B": RED * n})).iloc[0] for n in (1, 4))
    assert once["estimate"] == more["estimate"]
    width = [row["conf_high"] - row["conf_low"] for row in (once, more)]
    assert width[1] < width[0]


def test_a_group_without_a_count_is_not_estimable():
    got = pairs(by_article({"A": GREEN, "B": [(0, 0)] * 6, "C": RED}))
    for pair in (("A", "B"), ("B", "C")):
        assert list(got.loc[pair, ["status", "warnings"]]) == ["not_estimable", "no_count"]
        assert got.loc[pair, ["estimate", "conf_low", "conf_high"]].isna().all()
    assert got.loc[("A", "C"), "status"] == "estimated"


def test_articles_without_a_count_are_no_articles():
    got = pairs(by_article({"A": [*GREEN[:4], (0, 0)], "C": RED})).iloc[0]
    assert (got["articles_group"], got["warnings"]) == (4, "few_articles")


def test_the_four_tables_agree(documents, energy):
    coded = codes(sentences(documents), energy)
    topics, tallied = (pairs(table) for table in (coded, tally(coded, "party")))
    # Green: wind 1, sun 2, coal 1. Red: wind 2, sun 1, coal 1, jobs 1 ("wind" twice in one).
    green, red = np.array([1, 2, 1, 0]) / 4, np.array([2, 1, 1, 1]) / 5
    wanted = PROXIMITIES["jensen_shannon"](green, red)
    assert topics["estimate"].iloc[0] == pytest.approx(wanted, abs=1e-15)
    assert tallied["estimate"].iloc[0] == topics["estimate"].iloc[0]
    assert list(topics["warnings"]) == ["one_article"]
    assert list(tallied["warnings"]) == ["articles_unknown"]
    words, apart = (
        pairs(counts(sentences(documents), by)) for by in ("party", ["party", "doc_id"])
    )
    assert words["estimate"].iloc[0] == apart["estimate"].iloc[0] > 0
    assert list(words["warnings"]) == ["articles_unknown"]
    assert list(apart["warnings"]) == ["one_article"]


def test_a_row_of_a_tally_counts_as_often_as_it_has_articles(documents, energy):
    tallied = tally(codes(sentences(documents), energy), "party").to_frame()
    green = tallied["party"] == "Green"
    thrice = group_profiles(tallied.assign(articles=tallied["articles"].where(~green, 3)))
    assert thrice["Green"].to_dict() == {"coal": 3, "jobs": 0, "sun": 6, "wind": 3}
    assert thrice["Red"].to_dict() == {"coal": 1, "jobs": 1, "sun": 1, "wind": 2}


def test_only_the_body_counts(documents, energy):
    coded = codes(sentences(documents), energy)
    coded.loc[coded["sentence_id"] == 1, "section"] = "headline"
    profiles = article_profiles(coded, "party")
    totals = profiles.groupby(["group", "feature"])["count"].sum()
    assert totals["Green"].to_dict() == {"coal": 1, "jobs": 0, "sun": 2, "wind": 0}


def test_columns_do_not_depend_on_arguments_and_groups_may_have_several():
    year = TABLE.assign(year=2020)
    for table, by in ((TABLE, "party"), (year, ["party", "year"])):
        for measure in ("hellinger", "cosine"):
            result = similarity(table, by, measure=measure, conf_level=0.5)
            assert list(result.to_frame().columns) == COLUMNS.split()
            assert result.keys == ("group", "other")
    names = similarity(year, ["party", "year"]).to_frame()["group"]
    assert sorted(set(names)) == ["Blue, 2020", "Green, 2020"]


def test_a_function_is_a_measure():
    def total_variation(p, q):
        return np.abs(p - q).sum(axis=-1) / 2

    result = similarity(TABLE, "party", measure=total_variation)
    row = result.to_frame().set_index(["group", "other"]).loc[("Green", "Red")]
    assert row["estimate"] == pytest.approx(18 / 20 - 6 / 19)
    assert row["status"] == "estimated"
    assert result.provenance["measure"] == "total_variation"
    plain = np.vectorize(lambda p, q: abs(p - q).sum() / 2, signature="(n),(n)->()")
    assert pairs(TABLE, plain).loc[("Green", "Red"), "conf_high"] == row["conf_high"]


def test_refusals():
    with pytest.raises(InputError, match=r"^measure='jaccard' is not a measure of similarity; ch"):
        pairs(TABLE, "jaccard")
    with pytest.raises(InputError, match=r"^there is nothing to compare Blue with; add another"):
        pairs(TABLE[TABLE["party"] == "Blue"])
    with pytest.raises(InputError, match=r"write \.95 for 95 %"):
        pairs(TABLE, conf_level=95)
    with pytest.raises(InputError, match=r"^the measure gives 2\.0; pass one that lies between"):
        pairs(TABLE, lambda p, q: 2.0)
    one = TABLE["count"].where(TABLE.index > 0, -1.0)
    for count in (-1, np.nan, np.inf, one):
        with pytest.raises(InputError, match="a count is negative, infinite or missing"):
            pairs(TABLE.assign(count=count))
    with pytest.raises(InputError, match="the counts table has no column 'feature'"):
        pairs(TABLE.drop(columns="feature"))


# Correspondence analysis

# Greenacre (1984), table 3.1: staff groups by smoking (none, light, medium, heavy).
SMOKERS = {
    "senior managers": (4, 2, 3, 2),
    "junior managers": (4, 3, 7, 4),
    "senior employees": (25, 10, 12, 4),
    "junior employees": (18, 24, 33, 13),
    "secretaries": (10, 6, 7, 2),
}
SMOKING = ("none", "light", "medium", "heavy")


def counted(table, features):
    rows = [
        (group, feature, count, 1)
        for group, own in table.items()
        for feature, count in zip(features, own, strict=True)
    ]
    return pd.DataFrame(rows, columns=["party", "feature", "count", "articles"])


def test_the_published_smokers():
    got = correspondence(counted(SMOKERS, SMOKING), dimensions=3).to_frame()
    by_dimension = got.drop_duplicates("dimension")
    assert list(by_dimension["inertia"].round(5)) == [0.07476, 0.01002, 0.00041]
    assert list(by_dimension["inertia_share"].round(3)) == [0.878, 0.118, 0.005]
    points = got.pivot(index="name", columns="dimension", values="principal").round(3)
    published = {
        "senior managers": (-0.066, 0.194),
        "junior managers": (0.259, 0.243),
        "senior employees": (-0.381, 0.011),
        "junior employees": (0.233, -0.058),
        "secretaries": (-0.201, -0.079),
        "none": (-0.393, 0.030),
        "light": (0.099, -0.141),
        "medium": (0.196, -0.007),
        "heavy": (0.294, 0.198),
    }
    for name, place in published.items():
        # The sign of a dimension is free; ours makes the first group (junior employees) positive.
        assert list(points.loc[name, [1, 2]] * [1, -1]) == pytest.approx(place, abs=0.0011)


def test_laws_of_correspondence_analysis():
    table = counted(SMOKERS, SMOKING)
    got = correspondence(table, dimensions=3).to_frame()
    for _, part in got.groupby(["kind", "dimension"]):
        assert part["mass"].sum() == pytest.approx(1, abs=1e-12)
        assert part["contribution"].sum() == pytest.approx(1, abs=1e-12)
        assert (part["mass"] * part["standard"]).sum() == pytest.approx(0, abs=1e-12)
        assert (part["mass"] * part["standard"] ** 2).sum() == pytest.approx(1, abs=1e-12)
        inertia = part["inertia"].iloc[0]
        assert (part["mass"] * part["principal"] ** 2).sum() == pytest.approx(inertia, abs=1e-12)
    quality = got.groupby(["kind", "name"])["quality"].sum()
    assert list(quality) == pytest.approx([1] * 9, abs=1e-9)
    from scipy.stats import chi2_contingency

    wide = group_profiles(table)
    whole = got.drop_duplicates("dimension")["inertia"].sum()
    chi2 = chi2_contingency(wide).statistic
    assert whole == pytest.approx(chi2 / wide.to_numpy().sum(), abs=1e-12)
    one = correspondence(table, dimensions=1).to_frame()
    pd.testing.assert_frame_equal(one, got[got["dimension"] == 1], check_exact=True)
    doubled = correspondence(table.assign(count=table["count"] * 2), dimensions=3).to_frame()
    pd.testing.assert_frame_equal(got, doubled, check_exact=False, rtol=1e-9, atol=1e-12)
    pd.testing.assert_frame_equal(
        got, correspondence(table[::-1], dimensions=3).to_frame(), check_exact=True
    )


def test_prince_agrees():
    prince = pytest.importorskip("prince")
    wide = group_profiles(counted(SMOKERS, SMOKING)).T
    theirs = prince.CA(n_components=2).fit(wide)
    got = correspondence(counted(SMOKERS, SMOKING)).to_frame()
    assert list(got.drop_duplicates("dimension")["inertia"]) == pytest.approx(
        list(theirs.eigenvalues_), abs=1e-12
    )
    for kind, places in (
        ("group", theirs.row_coordinates(wide)),
        ("feature", theirs.column_coordinates(wide)),
    ):
        mine = got[got["kind"] == kind].pivot(index="name", columns="dimension", values="principal")
        assert mine.abs().to_numpy() == pytest.approx(
            places.loc[mine.index].abs().to_numpy(), abs=1e-10
        )


def test_one_dimension_shows_all_of_every_point_also_near_the_middle():
    # C is half and half but for 1 of 2001.
    near = {"A": (3_000_000, 1_000_000), "B": (1_000_000, 3_000_000), "C": (1001, 1000)}
    got = correspondence(counted(near, ("sun", "coal"))).to_frame()
    assert list(got["quality"]) == pytest.approx([1] * 5)


def test_two_groups_have_one_dimension():
    got = correspondence(counted({"A": (3, 0), "B": (1, 2)}, ("sun", "coal"))).to_frame()
    assert set(got["dimension"]) == {1}
    assert list(got["inertia_share"]) == [1] * 4
    assert got.loc[got["name"] == "A", "principal"].item() > 0


def test_points_without_a_count_have_no_place():
    table = counted({"A": (3, 0, 0), "B": (1, 2, 0), "C": (0, 0, 0)}, ("sun", "coal", "gas"))
    got = correspondence(table).to_frame().set_index("name")
    assert list(got.index[got["status"] == "not_estimable"]) == ["C", "gas"]
    empty = got.loc[["C", "gas"]]
    assert empty[["standard", "principal", "contribution", "quality"]].isna().all(axis=None)
    assert list(empty["mass"]) == [0, 0]
    others = correspondence(counted({"A": (3, 0), "B": (1, 2)}, ("sun", "coal"))).to_frame()
    assert list(got["principal"].dropna()) == pytest.approx(list(others["principal"]), abs=1e-12)


def test_a_tally_is_mapped_by_its_matches(documents, energy):
    coded = codes(sentences(documents), energy)
    got = correspondence(tally(coded, "party")).to_frame().set_index("name")
    assert got.loc["Green", "mass"] == pytest.approx(4 / 9)  # 4 and 5 matches
    assert got.loc["wind", "mass"] == pytest.approx(3 / 9)


def test_refusals_of_correspondence():
    for table, words in (
        ({"A": (3, 1)}, "fewer than two groups have a count; add groups"),
        ({"A": (3, 0), "B": (1, 0)}, "fewer than two features have a count; add features"),
        ({"A": (3, 1), "B": (6, 2)}, "all groups have the same shares; there is no difference"),
    ):
        with pytest.raises(InputError, match=words):
            correspondence(counted(table, ("sun", "coal")))
    with pytest.raises(InputError, match="dimensions=0 shows nothing"):
        correspondence(counted(SMOKERS, SMOKING), dimensions=0)


def test_counts_of_sentences_are_read_whole(documents):
    """The counts of the package have columns for the spread of a word; they form no groups."""
    table = counts(sentences(documents), "party")
    assert sorted(correspondence(table).to_frame().query("kind == 'group'")["name"].unique()) == [
        "Green",
        "Red",
    ]
    assert list(group_profiles(table).columns) == ["Green", "Red"]
    shift = word_shift(table, target="Green").to_frame()
    assert set(shift["feature"]) == set(table["feature"])
