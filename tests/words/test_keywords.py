"""Keyness of a table: every row by hand, the laws of the table, what is refused."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import InputError, counts, keyness, sentences
from analysis.estimates.intervals import gries_dp
from analysis.words.association import MEASURES, Association, g2
from analysis.words.keywords import _descending
from tests.words.test_association import by_hand

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
BLUE = pd.DataFrame([("Blue", "coal", 4, 1), ("Blue", "gas", 1, 1)], columns=COUNTS.columns)
THREE = pd.concat([COUNTS, BLUE])
COLUMNS = [
    *["target", "reference", "feature"],
    *["estimate", "std_error", "statistic", "p_value", "p_adjusted"],
    *["count_target", "total_target", "articles_target", "dp_target", "dp_norm_target"],
    *[
        "carried_by_one_article",
        "few_articles",
        "count_reference",
        "total_reference",
        "articles_reference",
    ],
]
every_measure = pytest.mark.parametrize("measure", MEASURES)


def frame(table, measure="log_odds", **options):
    return keyness(table, measure=measure, **options).to_frame().set_index(["target", "feature"])


@pytest.mark.parametrize("prior", ["pooled", "uniform"])
def test_every_row_by_hand(prior):
    got = frame(COUNTS, prior=prior, prior_words=50)
    pooled = {"wind": 15, "coal": 11, "pays": 11} if prior == "pooled" else dict.fromkeys(
        ["wind", "coal", "pays"], 1
    )  # fmt: skip
    totals = {"Green": 20, "Red": 17}
    uses = COUNTS.set_index(["party", "feature"])["count"]
    for target, other in (("Green", "Red"), ("Red", "Green")):
        for feature, weight in pooled.items():
            y1, y2 = int(uses[target, feature]), int(uses[other, feature])
            alpha = 50 * weight / sum(pooled.values())
            worked = by_hand(y1, totals[target], y2, totals[other], alpha, 50)
            row = got.loc[(target, feature)]
            assert list(row[["estimate", "std_error", "statistic"]]) == pytest.approx(worked)
            assert list(row[["total_target", "total_reference"]]) == [totals[target], totals[other]]


@every_measure
def test_columns_do_not_depend_on_the_measure(measure):
    table = keyness(THREE, measure=measure).to_frame()
    assert list(table.columns) == COLUMNS
    numbers = table.columns[3:8]
    assert {str(kind) for kind in table[numbers].dtypes} == {"float64"}
    known = table["p_value"].notna()
    assert (table["p_adjusted"].notna() == known).all()
    assert (table["p_adjusted"] >= table["p_value"])[known].all()


def mirrored(columns):
    swap = {"target": "reference", "reference": "target"}
    ends = [column.rpartition("_") for column in columns]
    return [f"{name}_{swap[end]}" for name, _, end in ends]


@every_measure
def test_two_groups_mirror_each_other(measure):
    got = frame(COUNTS, measure)
    green, red = got.loc["Green"].sort_index(), got.loc["Red"].sort_index()
    kept = ["count_target", "total_target", "articles_target"]
    assert green[kept].to_numpy().tolist() == red[mirrored(kept)].to_numpy().tolist()
    if MEASURES[measure].antisymmetric:
        assert list(green["estimate"]) == pytest.approx(list(-red["estimate"]), abs=1e-12)
        assert list(green["p_value"]) == pytest.approx(list(red["p_value"]), nan_ok=True)


@every_measure
@pytest.mark.parametrize("prior", ["pooled", "uniform"])
def test_against_a_named_reference_a_third_group_changes_nothing(measure, prior):
    options = {"reference": "Red", "prior": prior, "adjust": "none"}
    with_blue = keyness(THREE, measure=measure, **options).to_frame().query("target == 'Green'")
    alone = keyness(COUNTS, measure=measure, **options).to_frame()
    pd.testing.assert_frame_equal(with_blue.reset_index(drop=True), alone)


@every_measure
def test_the_rest_is_the_other_groups_together(measure):
    rest = THREE.replace({"party": {"Red": "Others", "Blue": "Others"}})
    summed = rest.groupby(["party", "feature"], as_index=False).sum()
    columns = [
        name for name in COLUMNS if name not in ("target", "reference", "feature", "p_adjusted")
    ]
    one, two = frame(THREE, measure).loc["Green"], frame(summed, measure).loc["Green"]
    pd.testing.assert_frame_equal(one[columns], two[columns])


@every_measure
def test_rows_are_ranked(measure):
    result = keyness(THREE, measure=measure)
    by = MEASURES[measure].ranks_by
    assert result.provenance["ranked_by"] == by
    for _, words in result.to_frame().groupby("target"):
        assert words[by].is_monotonic_decreasing
    words = [f"w{number:03}" for number in range(200)]  # of few elements every sort is stable
    uses = {"a": (1, 2, 3), "b": (3, 1, 2)}
    rows = [(g, word, uses[g][n % 3], 1) for g in uses for n, word in enumerate(words)]
    even = pd.DataFrame(rows, columns=["g", "feature", "count", "articles"])
    ranked = keyness(even, measure=measure).to_frame()
    for _, tied in ranked.groupby(["target", by], sort=False):
        assert tied["feature"].is_monotonic_increasing


@pytest.mark.parametrize("different", [3, 2**16, 2**16 + 1])
def test_equals_keep_their_order_among_few_values_and_among_many(different):
    values = np.resize(np.arange(different) - 1.0, 2 * different)
    values[-1] = -0.0  # equals 0
    assert _descending(np.array([0.0, 2.0, -0.0, 2.0])).tolist() == [1, 3, 0, 2]
    assert (_descending(values) == np.argsort(-values, kind="stable")).all()


def test_categories_and_plain_words_give_the_same():
    plain = keyness(THREE, measure="g2").to_frame()
    got = keyness(THREE.astype({"feature": "category"}), measure="g2").to_frame()
    pd.testing.assert_frame_equal(got.astype({"feature": "str"}), plain)


@every_measure
def test_the_order_of_the_counts_changes_nothing(measure):
    # Wind and sun have the same numbers: only their names put them in order.
    tied = pd.concat([THREE, THREE[THREE["feature"] == "wind"].assign(feature="sun")])
    for table in (tied[::-1], tied.sample(frac=1, random_state=1)):
        same = keyness(table, measure=measure).to_frame()
        pd.testing.assert_frame_equal(
            same, keyness(tied, measure=measure).to_frame(), check_exact=True
        )


def test_counts_of_both_sides_stand_in_the_row():
    got = frame(THREE)
    numbers = ["count_target", "articles_target", "count_reference", "articles_reference"]
    assert list(got.loc[("Green", "wind"), numbers]) == [12, 3, 3, 2]
    assert list(got.loc[("Green", "wind"), ["total_target", "total_reference"]]) == [20, 17 + 5]
    assert list(got.loc[("Blue", "wind"), numbers]) == [0, 0, 15, 5]
    assert got.loc[("Blue", "wind"), "estimate"] < 0
    against = frame(THREE, reference="Red")
    assert set(against.index.get_level_values("target")) == {"Green", "Blue"}
    assert set(against["total_reference"]) == {17}
    assert ("Green", "gas") not in against.index  # neither of the two uses it


def test_p_values_are_one_family():
    raw = keyness(COUNTS, measure="g2", adjust="none").to_frame()["p_value"].to_numpy()
    holm = keyness(COUNTS, measure="g2").to_frame()["p_adjusted"].to_numpy()
    bh = keyness(COUNTS, measure="g2", adjust="bh").to_frame()["p_adjusted"].to_numpy()
    assert (keyness(COUNTS, measure="g2", adjust="none").to_frame()["p_adjusted"] == raw).all()
    # Six rows, every p twice: the smallest pair is p_1 = p_2 <= p_3 = p_4 <= p_5 = p_6.
    order = np.argsort(raw)
    first, second, third = raw[order[[0, 2, 4]]]
    assert holm[order] == pytest.approx(
        np.minimum(np.maximum.accumulate(np.repeat([6 * first, 4 * second, 2 * third], 2)), 1)
    )
    assert bh[order] == pytest.approx(
        np.repeat([min(3 * first, 1.5 * second, third), min(1.5 * second, third), third], 2)
    )


# Dispersion

ARTICLES = pd.DataFrame(
    [
        ("a", "Green", "Wind wind wind wind sun."),  # 4 of the 5 winds; 5 of 10 words
        ("b", "Green", "Wind sun sun sun pays."),
        ("c", "Red", "Coal pays."),
    ],
    columns=["doc_id", "party", "text"],
)


def test_dispersion_by_hand():
    got = frame(counts(sentences(ARTICLES), "party"))
    # wind: 1/2 (|4/5 - 1/2| + |1/5 - 1/2|) = .3; over 1 - 1/2: .6
    wind = got.loc[("Green", "wind")]
    assert list(wind[["articles_target", "dp_target", "dp_norm_target"]]) == [2, 0.3, 0.6]
    assert list(got.loc[("Green", "sun"), ["dp_target", "dp_norm_target"]]) == [0.25, 0.5]
    assert list(got.loc[("Green", "pays"), ["dp_target", "dp_norm_target"]]) == [0.5, 1]
    coal = got.loc[("Red", "coal")]
    assert coal["dp_target"] == 0
    assert np.isnan(coal["dp_norm_target"])  # one article
    carried = got[got["carried_by_one_article"]].index.to_list()
    assert sorted(carried) == [
        ("Green", "pays"), ("Green", "sun"), ("Green", "wind"), ("Red", "coal"), ("Red", "pays"),
    ]  # fmt: skip


def test_a_word_of_few_articles_is_not_carried_by_one():
    texts = ["wind wind coal coal"] * 3 + ["coal coal coal coal"] * 9 + ["gas coal"]
    parties = ["Green"] * 12 + ["Red"]
    rows = pd.DataFrame({"doc_id": [f"d{n:02}" for n in range(13)], "party": parties})
    got = frame(counts(sentences(rows.assign(text=texts)), "party"))
    wind, coal = got.loc[("Green", "wind")], got.loc[("Green", "coal")]
    assert [wind["few_articles"], wind["carried_by_one_article"]] == [True, False]
    assert not coal[["few_articles", "carried_by_one_article"]].any()
    assert got.loc[("Red", "gas"), "carried_by_one_article"]


@given(st.lists(st.lists(st.sampled_from(["wind", "sun", "coal"]), min_size=1), min_size=1))
def test_dispersion_is_gries_dp(articles):
    rows = [(f"d{n:02}", "G", " ".join(words)) for n, words in enumerate(articles)]
    table = counts(sentences(pd.DataFrame(rows, columns=["doc_id", "g", "text"])), "g")
    sizes = np.array([len(words) for words in articles], float)
    for row in table.to_dict("records"):
        hits = np.array([words.count(row["feature"]) for words in articles], float)
        expected = gries_dp(hits, sizes, np.ones(len(sizes)))
        assert [row["dp"], row["dp_norm"]] == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_a_table_of_ones_own_needs_no_dispersion():
    got = frame(THREE)
    assert got[["dp_target", "dp_norm_target"]].isna().all(axis=None)
    assert list(got[got["carried_by_one_article"]].index) == [
        ("Blue", "gas"), ("Blue", "coal"), ("Green", "coal"), ("Red", "pays")]  # fmt: skip


def test_counts_of_parts_add_up_and_have_no_dispersion_in_common():
    whole = counts(sentences(ARTICLES), "party")
    parts = [counts(sentences(part), "party") for _, part in ARTICLES.groupby("doc_id")]
    once, added = frame(whole), frame(pd.concat(parts))
    same = [name for name in once if "dp" not in name and name != "few_articles"]
    pd.testing.assert_frame_equal(added[same], once[same])
    assert np.isnan(added.loc[("Green", "wind"), "dp_target"])
    assert added.loc[("Red", "coal"), "dp_target"] == 0


# A measure of one's own


def test_a_function_is_a_measure():
    def difference(y1, n1, y2, n2, prior):
        return y1 / n1 - y2 / n2

    result = keyness(COUNTS, measure=difference)
    table = result.to_frame()
    assert list(table.columns) == COLUMNS
    assert table["estimate"][0] == pytest.approx(12 / 20 - 3 / 17)
    assert table["p_adjusted"].isna().all()
    assert (result.provenance["measure"], result.provenance["ranked_by"]) == (
        "difference", "estimate")  # fmt: skip
    pd.testing.assert_frame_equal(
        keyness(COUNTS, measure=g2).to_frame(), keyness(COUNTS, measure="g2").to_frame()
    )


def refused(table=COUNTS, **options):
    with pytest.raises(InputError) as error:
        keyness(table, **options)
    return str(error.value)


def test_refusals():
    assert refused(reference="Blue") == (
        "reference='Blue' is not a group; choose 'rest' or one of Green, Red"
    )
    assert refused(measure="zeta") == (
        f"measure='zeta' is not a measure of keyness; choose one of {', '.join(MEASURES)}"
    )
    assert list(MEASURES)[:2] == ["log_odds", "g2"]
    for name, one in MEASURES.items():
        assert f'``"{name}"`` ({one.source})' in " ".join(keyness.__doc__.split())
    assert refused(measure=None).startswith("measure=None is not a measure of keyness")
    assert "choose one of pooled, uniform" in refused(prior="flat")
    assert "choose one of holm, bh, none" in refused(adjust="fdr")
    assert refused(prior_words=0) == "prior_words=0 is no weight; write a number above 0"
    assert refused(prior_words=np.inf).startswith("prior_words=inf is no weight")
    assert refused(BLUE) == "one group has nothing to be compared with; add another group"
    assert refused(COUNTS[COUNTS["feature"] == "wind"]).startswith("fewer than two words are left")
    assert refused(COUNTS.replace({"party": {"Red": "rest"}})).startswith(
        "a group is called 'rest'"
    )
    assert refused(COUNTS.assign(count=[0] * 3 + [1] * 3)).startswith("'Green' has no words")


def test_a_missing_feature_is_not_counted_elsewhere():
    lost = COUNTS.assign(feature=["wind", "coal", "pays", "wind", None, "pays"])
    assert refused(lost).startswith("the counts table has a missing feature; read its file with")


@pytest.mark.parametrize("bad", [0.5, -1, np.nan, np.inf])
@pytest.mark.parametrize("column", ["count", "articles"])
def test_what_is_no_count(bad, column):
    table = COUNTS.astype({column: float})
    table.loc[2, column] = bad
    assert refused(table) == (
        f"the counts table has a {column!r} that is not a whole number; "
        "count with a vectorizer that counts, not one that weighs"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        lambda y1, *_: np.full(len(y1), np.nan),
        lambda *_: 1.0,
        lambda y1, *_: Association(y1, None, y1 / 0.0),
    ],
)
def test_a_measure_that_breaks_the_contract(wrong):
    with np.errstate(divide="ignore", invalid="ignore"):
        assert refused(measure=wrong).startswith("the measure does not give every word a finite")
