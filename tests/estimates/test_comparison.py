"""Emphasis and contrasts from small tallies whose every number stands in the test."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    Dictionary,
    InputError,
    Prior,
    Tally,
    Topic,
    codes,
    merge,
    sentences,
    specifications,
    tally,
)
from analysis.estimates.by_article import omnibus
from analysis.estimates.comparison import contrasts
from analysis.estimates.grouping import RESERVED
from analysis.estimates.shares import emphasis, sums_of
from analysis.estimates.specifications import tally_specifications
from analysis.estimates.stability import ordering, ordering_shares, sums_by_group
from analysis.estimates.status import statuses
from analysis.estimates.tallies import as_tally
from tests import ROOT

SEEDS = json.loads((ROOT / "tests/reference/vectors.json").read_text("utf-8"))
SEEDS = SEEDS["seeds_defense_industry"]
EMPHASIS_COLUMNS = """
topic articles articles_with_topic sentences sentences_with_topic words matches estimate
conf_low conf_high article_mean per_1000_words dispersion status warnings measure hits
size rho design_effect df n_eff
"""
CONTRAST_COLUMNS = """
topic target reference hits_target size_target articles_target hits_reference
size_reference articles_reference estimate conf_low conf_high statistic df p_value
p_adjusted p_strict prob_higher ratio ratio_low ratio_high at_most_apart could_have_shown
permutation_p permutation_p_min p_max_t p_max_t_min
ordering_share sign_flips
    within within_estimate within_conf_low within_conf_high within_p
    status warnings measure
"""


def table(*rows, measure="sentence_share", topic="wind"):
    """A tally of rows (party, hits, size) or (party, hits, size, articles)."""
    rows = [(*row, 1)[:4] for row in rows]
    frame = pd.DataFrame(rows, columns=["party", "hits", "size", "articles"])
    frame.insert(1, "topic", topic)
    frame.insert(1, "measure", measure)
    return frame


PARTNERS = table(
    ("Israel", 2, 14), ("Israel", 5, 9), ("Italy", 2, 15), ("Russia", 1, 15), ("France", 0, 19)
)
MANY_CLEAR = [("A", 9, 20, 6), ("B", 1, 20, 6)]


def cells(*rows, **options):
    return emphasis(table(*rows), **options).to_frame().set_index("party")


def pair(*rows, **options):
    (row,) = contrasts(table(*rows), **options).to_frame().to_dict("records")
    return row


# Emphasis


def test_the_seeds_by_topic():
    got = emphasis(PARTNERS).to_frame().set_index("party")
    assert list(got["rho"]) == pytest.approx([SEEDS["rho"]] * 4, abs=1e-9)
    for name, known in SEEDS["groups"].items():
        row = got.loc[name]
        columns = ["estimate", "conf_low", "conf_high", "design_effect", "n_eff", "df"]
        wanted = [known[key] for key in ("p", "lo", "hi", "deff", "n_eff", "df")]
        assert list(row[columns]) == pytest.approx(wanted, abs=1e-9)
        counts = [known["sums"][key] for key in ("Sx", "Sm", "n", "npos")]
        counted = ["hits", "size", "articles", "articles_with_topic"]
        assert list(row[counted]) == counts
    assert got.loc["Israel", "article_mean"] == pytest.approx((2 / 14 + 5 / 9) / 2, abs=1e-15)
    assert list(got["status"]) == ["absent", "estimated", "estimated", "estimated"]


def test_columns_do_not_depend_on_arguments():
    both = merge(PARTNERS, PARTNERS.assign(measure="per_1000_words", size=400))
    for options in ({}, {"measure": "per_1000_words"}, {"method": "wilson"}, {"conf_level": 0.5}):
        assert list(emphasis(both, **options).to_frame().columns) == [
            "party",
            *EMPHASIS_COLUMNS.split(),
        ]
    for options in ({}, {"measure": "per_1000_words"}, {"reference": "rest"}, {"conf_level": 0.5}):
        assert list(contrasts(both, **options).to_frame().columns) == CONTRAST_COLUMNS.split()
    assert emphasis(both).keys == ("party", "topic")
    assert contrasts(both).keys == ("topic", "target", "reference")


def test_counts_stand_beside_every_measure():
    energy = Dictionary("energy", (Topic("wind", ("wind",)),))
    articles = pd.DataFrame(
        {"doc_id": ["a", "b"], "party": ["A", "B"], "text": ["Wind, wind. Coal falls.", "No."]}
    )
    counted = tally(codes(sentences(articles), energy), "party")
    for measure, estimate in {
        "sentence_share": 0.5,
        "per_1000_words": 500,
        "word_share": 0.5,
    }.items():
        row = emphasis(counted, measure=measure).to_frame().iloc[0]
        columns = ["sentences", "sentences_with_topic", "words", "matches", "per_1000_words"]
        assert [*row[columns], row["estimate"]] == [2, 1, 4, 2, 500, estimate]


def test_another_group_moves_nobody_but_through_rho():
    rho_only = {"rho", "design_effect", "n_eff", "conf_low", "conf_high", "warnings"}
    before = emphasis(PARTNERS).to_frame()
    after = emphasis(merge(PARTNERS, table(("Japan", 3, 8), ("Japan", 0, 9)))).to_frame()
    after = after[after["party"] != "Japan"].reset_index(drop=True)
    same = [column for column in before.columns if column not in rho_only]
    pd.testing.assert_frame_equal(before[same], after[same], check_exact=True)
    assert (before["rho"] != after["rho"]).all()
    one_article = emphasis(
        merge(PARTNERS, table(("Japan", 3, 8)))
    ).to_frame()  # says nothing of rho
    one_article = one_article[one_article["party"] != "Japan"].reset_index(drop=True)
    pd.testing.assert_frame_equal(before, one_article, check_exact=True)


def test_every_article_twice_leaves_shares_and_narrows_intervals():
    once, twice = (emphasis(t).to_frame() for t in (PARTNERS, merge(PARTNERS, PARTNERS)))
    for column in ("estimate", "article_mean"):
        assert list(once[column]) == list(twice[column])
    assert list(2 * once["articles"]) == list(twice["articles"])
    widths = [frame["conf_high"] - frame["conf_low"] for frame in (once, twice)]
    assert (widths[1] < widths[0]).all()


@pytest.mark.parametrize("size", [1, 7, 500])
def test_an_article_off_the_topic_never_raises_emphasis(size):
    before = emphasis(PARTNERS).to_frame()["estimate"]
    off = table(*[(party, 0, size) for party in ("Israel", "Italy", "Russia", "France")])
    after = emphasis(merge(PARTNERS, off)).to_frame()["estimate"]
    assert (after <= before).all()
    assert (after < before)[before > 0].all()


def test_cutting_an_article_in_two_leaves_the_pooled_share():
    assert (
        cells(("A", 5, 20))["estimate"].item()
        == cells(("A", 4, 8), ("A", 1, 12))["estimate"].item()
    )


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [("wilson", 0.156040244532, 0.508657562688), ("jeffreys", 0.147716543802, 0.506842135924)],
)
def test_other_methods_take_sentences_for_independent(method, low, high):
    row = cells(("A", 2, 14), ("A", 5, 9), method=method).loc["A"]
    assert [row["conf_low"], row["conf_high"]] == pytest.approx([low, high], abs=1e-9)
    default = cells(("A", 2, 14), ("A", 5, 9)).loc["A"]
    assert default["conf_low"] < low < high < default["conf_high"]


def test_a_higher_level_is_wider():
    assert (
        cells(("A", 2, 14), conf_level=0.8)["conf_high"].item()
        < cells(("A", 2, 14), conf_level=0.99)["conf_high"].item()
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measure": "share"}, "measure='share' is not a measure of emphasis; choose one of sent"),
        ({"method": "exact"}, "method='exact' is not a method for an interval; choose one of mod"),
        ({"conf_level": 95}, "conf_level=95"),
        ({"conf_level": 0}, "conf_level=0"),
        ({"measure": "composition"}, "no row of measure 'composition'; it has sentence_share"),
    ],
)
def test_unknown_arguments_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        emphasis(PARTNERS, **options)
    if "method" not in options:
        with pytest.raises(InputError, match=message):
            contrasts(PARTNERS, **options)


@pytest.mark.parametrize(
    ("rows", "present", "missing"),
    [
        ([("A", 2, 9)], {"one_article"}, {"carried_by_one_article", "bursty"}),
        ([("A", 3, 10), ("A", 1, 10), ("A", 1, 10)], {"carried_by_one_article"}, {"one_article"}),
        ([("A", 2, 9, 2), ("A", 0, 9, 6)], {"few_articles"}, {"carried_by_one_article"}),  # .86
        ([("A", 5, 9), ("A", 1, 9, 2), ("A", 0, 9)], {"carried_by_one_article"}, {"few_articles"}),
        # |.5 - .25| + |.5 - .25| + |0 - .5| = 1; half of it over 1 - .25 is .67
        ([("A", 5, 10, 2), ("A", 0, 20)], {"few_articles"}, {"carried_by_one_article"}),
        ([("A", 1, 10), ("A", 8, 10)], {"bursty"}, set()),  # 2.3 times the prior's design effect
        ([("A", 2, 10, 3)], set(), {"carried_by_one_article", "one_article", "bursty"}),
        ([("A", 0, 20), ("A", 20, 20)], {"bursty"}, {"one_article"}),
        ([("A", 5, 100, 9)], set(), {"bursty", "wide_interval", "longer_articles_differ"}),
        ([("A", 1, 900), ("A", 9, 10, 5)], {"longer_articles_differ"}, {"one_article"}),
        ([("A", 1, 4)], {"wide_interval"}, {"longer_articles_differ"}),
        ([("A", 4, 20, 8)], set(), {"wide_interval"}),  # half of the interval is .07
        ([("A", 18, 20, 8)], set(), {"wide_interval"}),  # from .84 to .94
        ([("A", 0, 9, 3)], set(), {"carried_by_one_article", "bursty"}),
        ([("A", 0, 0)], set(), {"carried_by_one_article", "bursty", "wide_interval"}),
    ],
)  # fmt: skip
def test_warnings(rows, present, missing):
    named = set(cells(*rows)["warnings"].item().split())
    assert present <= named
    assert not missing & named


def test_no_text_is_never_0_percent():
    got = cells(("A", 3, 9), ("B", 0, 0), ("C", 0, 0, 0))
    assert list(got["status"]) == ["estimated", "not_estimable", "not_estimable"]
    missing = ["estimate", "conf_low", "conf_high", "article_mean", "rho", "df", "n_eff"]
    assert got.loc[["B", "C"], [c for c in missing if c != "rho"]].isna().all(axis=None)
    assert list(got["articles"]) == [1, 0, 0]


def test_an_article_of_one_sentence_is_an_article():
    assert list(cells(("A", 1, 1), ("A", 0, 1))["articles"]) == [2]


def test_a_row_counts_as_often_as_it_has_articles():
    row = cells(("A", 2, 9, 3)).iloc[0]
    assert list(row[["articles", "sentences", "sentences_with_topic"]]) == [3, 27, 6]
    way = tally_specifications(as_tally(table(("A", 2, 9, 3)))).set_index("pooling")
    assert way.loc["pooled", ["top", "bottom"]].to_list() == [6, 27]
    assert way.loc["article_mean", ["top", "bottom"]].to_list() == pytest.approx([6 / 9, 3])


def test_a_measure_that_a_group_has_no_row_of_counts_0():
    words = table(("Israel", 9, 400), measure="per_1000_words")
    got = emphasis(merge(PARTNERS, words)).to_frame().set_index("party")
    assert got["words"].to_dict() == {"Israel": 400, "France": 0, "Italy": 0, "Russia": 0}
    assert got["per_1000_words"].notna().to_list() == [False, True, False, False]


def test_more_hits_than_units_are_refused_by_their_first_row():
    with pytest.raises(InputError, match=r"^5 hits of 3 units stand in the tally"):
        cells(("A", 1, 3), ("A", 5, 3))


def test_several_group_columns():
    wide = PARTNERS.assign(year=["2018", "2019", "2018", "2018", "2018"])[
        ["year", *PARTNERS.columns]
    ]
    got = emphasis(wide)
    assert got.keys == ("year", "party", "topic")
    assert len(got.to_frame()) == 5
    named = contrasts(wide).to_frame()
    assert named.loc[0, ["target", "reference"]].to_list() == ["2018, France", "2018, Israel"]
    assert len(named) == 10


def test_new_names_permute_rows():
    names = {"Israel": "Z", "Italy": "B", "Russia": "A", "France": "M"}
    renamed = PARTNERS.assign(party=PARTNERS["party"].map(names))
    for function, keys in ((emphasis, ["party"]), (contrasts, ["target", "reference"])):
        old, new = function(PARTNERS).to_frame(), function(renamed).to_frame()
        old = old.assign(**{key: old[key].map(names) for key in keys})
        if keys == ["party"]:
            old = old.sort_values("party").reset_index(drop=True)
            pd.testing.assert_frame_equal(old, new)
            continue
        signed = {
            (row["target"], row["reference"]): (row["estimate"], row["p_adjusted"], row["status"])
            for row in new.to_dict("records")
        }
        for row in old.to_dict("records"):
            key = (row["target"], row["reference"])
            sign = 1 if key in signed else -1
            estimate, p, status = signed[key[::sign]]
            wanted = pytest.approx((row["estimate"], row["p_adjusted"]), nan_ok=True)
            assert (sign * estimate, p) == wanted
            assert status == row["status"]


PRIORS = [Prior(), Prior(rho=0.0), Prior(rho=0.5), Prior(rho=0.5, df=40)]


def test_a_stronger_prior_widens_intervals_and_is_kept():
    rows = [("A", 5, 20), ("A", 2, 20), ("B", 1, 20)]
    first, none, more, heavy = (cells(*rows, prior=prior) for prior in PRIORS)
    width = [frame["conf_high"] - frame["conf_low"] for frame in (none, first, more)]
    assert (width[0] < width[1]).all()
    assert (width[1] < width[2]).all()
    # B has one article: nothing but the prior, with its weight as degrees of freedom.
    assert (none.loc["B", "df"], heavy.loc["B", "df"]) == (4, 40)
    assert heavy.loc["B", "design_effect"] == pytest.approx(1 + 19 * heavy.loc["B", "rho"])
    assert cells(*rows)["conf_low"].equals(first["conf_low"])
    sure, unsure = (pair(*rows, prior=prior)["p_value"] for prior in PRIORS[1:3])
    assert sure < unsure


@pytest.mark.parametrize("prior", PRIORS)
def test_the_provenance_names_design_and_prior(prior):
    by_outlet = Tally(PARTNERS, ("party",), "outlet")
    for function in (emphasis, contrasts):
        made = function(by_outlet, prior=prior).provenance
        assert made["prior"] == {"rho": prior.rho, "df": prior.df}
        assert (made["by"], made["cluster"]) == (["party"], "outlet")
    assert omnibus(by_outlet).provenance["cluster"] == "outlet"
    assert emphasis(PARTNERS).provenance["cluster"] == "doc_id"


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"rho": 1.1}, "rho=1.1 is not between 0 and 1; write .2, say"),
        ({"rho": -0.1}, "rho=-0.1 is not between 0 and 1; write .2, say"),
        ({"rho": np.nan}, "rho=nan is not between 0 and 1; write .2, say"),
        ({"df": 0}, "df=0 is not a number above 0; write 4, say"),
        ({"df": np.inf}, "df=inf is not a number above 0; write 4, say"),
    ],
)
def test_a_prior_that_is_none(numbers, message):
    with pytest.raises(InputError) as error:
        Prior(**numbers)
    assert str(error.value) == message


# Laws, on any small corpus

ARTICLE = st.integers(1, 20).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m)))
CORPUS = st.lists(st.tuples(st.sampled_from("ABC"), ARTICLE), min_size=3, max_size=7).map(
    lambda drawn: table(*[(party, *article) for party, article in drawn])
)
SEVERAL = CORPUS.filter(lambda drawn: drawn["party"].nunique() > 1)
laws = settings(max_examples=25, deadline=None)
SAME = ["p_value", "p_adjusted", "permutation_p", "permutation_p_min", "p_max_t", "p_max_t_min"]
SAME += ["ordering_share", "sign_flips"]


def keyed(frame):
    return {(row["target"], row["reference"]): row for row in frame.to_dict("records")}


@laws
@given(SEVERAL)
def test_a_contrast_turned_round_is_its_negative(corpus):
    first, last = min(corpus["party"]), max(corpus["party"])
    row = keyed(contrasts(corpus, reference=last).to_frame())[(first, last)]
    turned = keyed(contrasts(corpus, reference=first).to_frame())[(last, first)]
    signed = ["estimate", "conf_low", "conf_high", "statistic"]
    back = ["estimate", "conf_high", "conf_low", "statistic"]
    assert [row[c] for c in signed] == pytest.approx([-turned[c] for c in back], abs=1e-12)
    assert row["prob_higher"] == pytest.approx(1 - turned["prob_higher"], abs=1e-12)
    if corpus["party"].nunique() == 2:  # else the two tables are families of other contrasts
        assert [row[c] for c in SAME] == pytest.approx([turned[c] for c in SAME], nan_ok=True)
        assert row["status"] == turned["status"]


@laws
@given(SEVERAL)
def test_new_names_only_permute_the_rows(corpus):
    names = {"A": "Z", "B": "M", "C": "F"}
    renamed = keyed(contrasts(corpus.assign(party=corpus["party"].map(names))).to_frame())
    for (target, reference), row in keyed(contrasts(corpus).to_frame()).items():
        other = renamed[(names[reference], names[target])]  # the names stand in reverse order
        assert row["estimate"] == pytest.approx(-other["estimate"], abs=1e-12)
        assert [row[c] for c in SAME] == pytest.approx([other[c] for c in SAME], nan_ok=True)
        assert [row["status"], row["warnings"]] == [other["status"], other["warnings"]]


@laws
@given(SEVERAL, st.randoms(use_true_random=False))
def test_the_order_of_the_articles_changes_nothing(corpus, random):
    order = list(corpus.index)
    random.shuffle(order)
    shuffled = merge(corpus.loc[order])
    for function in (emphasis, contrasts, omnibus):
        pd.testing.assert_frame_equal(
            function(merge(corpus)).to_frame(), function(shuffled).to_frame(), check_exact=True
        )


@laws
@given(CORPUS, st.integers(1, 30))
def test_one_more_article_off_the_topic_never_raises_emphasis(corpus, size):
    party = corpus["party"].iloc[0]
    more = merge(corpus, table((party, 0, size)))
    before, after = (emphasis(one).to_frame().set_index("party") for one in (corpus, more))
    for column in ("estimate", "article_mean"):
        assert after.loc[party, column] <= before.loc[party, column]


def test_max_t_stands_beside_holm():
    frame = contrasts(merge(PARTNERS, table(("Spain", 0, 0, 0)))).to_frame()
    known = frame["p_value"].notna()
    assert (frame["p_max_t"].notna() == known).all()
    assert (frame.loc[known, "p_max_t"] >= frame.loc[known, "p_max_t_min"]).all()
    assert (frame.loc[known, "p_max_t_min"] >= 1 / 60).all()  # of 60 permutations
    rest = contrasts(PARTNERS, reference="rest").to_frame()
    assert rest["p_max_t"].between(1 / 60, 1).all()
    alone = pair(("A", 5, 9, 3), ("B", 0, 9, 3))
    assert alone["p_max_t"] == alone["permutation_p"] == 0.1


# Ways of counting


def test_specifications_of_a_tally():
    counted = merge(
        table(("A", 2, 4), ("A", 1, 8)), table(("A", 3, 40), ("A", 0, 0), measure="word_share")
    )
    ways = tally_specifications(counted).set_index(["measure", "pooling"])["estimate"].to_dict()
    assert ways == {
        ("sentence_share", "pooled"): 3 / 12,
        ("sentence_share", "article_mean"): (2 / 4 + 1 / 8) / 2,
        ("word_share", "pooled"): 3 / 40,
        ("word_share", "article_mean"): 3 / 40,
    }


def ways(a, b):
    """Specifications of one fork in which A and B have these hits of 100."""
    rows = [
        (f"m{number}", "pooled", group, hits, 100)
        for number, pair in enumerate(zip(a, b, strict=True))
        for group, hits in zip("AB", pair, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["measure", "pooling", "party", "top", "bottom"])
    return frame.assign(topic="wind", estimate=frame["top"] / frame["bottom"])


@pytest.mark.parametrize(
    ("a", "b", "difference", "share"),
    [
        ([3, 4, 5, 6], [1, 1, 1, 1], 0.1, 1.0),
        ([3, 4, 1, 0], [1, 1, 1, 1], 0.1, 0.5),  # a tie does not hold
        ([3, 4, 1, 0], [1, 1, 1, 1], -0.1, 0.25),
        ([3, 3, 3, 0], [1, 1, 1, 1], 0.1, 0.5),  # the same estimates are one way of counting
        ([1, 1], [1, 1], 0.1, 0.0),
        ([1, 1], [1, 1], 0.0, np.nan),
    ],
)
def test_ordering_share(a, b, difference, share):
    frame = ways(a, b).rename(columns={"party": "group"})
    got = ordering_shares(frame, [("A", "B")], [difference])
    assert got == pytest.approx([share], nan_ok=True)


# Contrasts


def test_the_seeds_contrast():
    rows = contrasts(PARTNERS).to_frame().set_index(["target", "reference"])
    known, row = SEEDS["contrast_israel_italy"], rows.loc[("Israel", "Italy")]
    assert row["estimate"] == pytest.approx(known["diff"], abs=1e-9)
    # The other group has one article: its guard halves the way from rho to 1.
    assert row["conf_low"] < known["mover_lo"]
    assert row["p_value"] > known["p"]
    assert row["permutation_p_min"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([("A", 3, 9), ("B", 0, 0)], "not_estimable"),
        ([("A", 0, 9), ("B", 0, 0, 0)], "not_estimable"),
        ([("A", 0, 9), ("B", 0, 9)], "absent_in_both"),
        ([("A", 0, 9, 7), ("B", 0, 9, 7)], "absent_in_both"),
        ([("A", 900, 1000), ("B", 0, 1000, 40)], "not_distinguishable"),  # one article
        ([("A", 19, 20, 3), ("B", 0, 20, 4)], "suggestive"),
        ([("A", 19, 20, 4), ("B", 0, 20, 50)], "suggestive"),
        ([("A", 18, 20, 5), ("B", 1, 20, 5)], "supported"),
        ([("A", 5, 20, 5), ("B", 4, 20, 5)], "not_distinguishable"),
    ],
)
def test_the_status_of_a_contrast(rows, status):
    row = pair(*rows)
    assert row["status"] == status
    turned = pair(*[("BA"["AB".index(name)], *rest) for name, *rest in rows])
    assert turned["status"] == status
    if status == "supported":
        assert row["warnings"] == "confounding_not_checked"


def test_one_article_is_not_distinguishable_whatever_the_p():
    row = pair(("A", 99_000, 100_000), ("B", 0, 100, 60), conf_level=0.8)
    assert row["p_value"] <= 0.2
    assert np.isnan(row["p_adjusted"])
    assert row["conf_low"] > 0
    assert row["status"] == "not_distinguishable"
    assert row["warnings"] == "one_article"


def test_missing_is_missing():
    row = pair(("A", 3, 9), ("B", 0, 0))
    for column in (
        "estimate",
        "conf_low",
        "p_value",
        "p_adjusted",
        "permutation_p",
        "ordering_share",
    ):
        assert np.isnan(row[column])


@pytest.mark.parametrize(("b_ahead", "status"), [(1, "supported"), (2, "not_distinguishable")])
def test_an_order_that_does_not_survive_counting_is_not_supported(b_ahead, status):
    clear = [("A", 18, 20, 5), ("B", 1, 20, 5)]
    specs = ways(range(9, 21), [30] * b_ahead + [1] * (12 - b_ahead))
    row = pair(*clear, specifications=specs)
    assert row["ordering_share"] == pytest.approx(1 - b_ahead / 12)
    assert row["status"] == status


def test_one_article_that_turns_the_sign_prevents_supported():
    row = {
        **{
            f"{name}_{side}": 9 for name in ("articles", "size") for side in ("target", "reference")
        },
        **{
            "hits_target": 5,
            "hits_reference": 1,
            "p_adjusted": 0.001,
            "p_value": 0.001,
            "conf_low": 0.1,
        },
        **{"conf_high": 0.9, "ordering_share": 1.0},
    }
    status, _ = statuses(pd.DataFrame([row | {"sign_flips": flips} for flips in (0, 1)]), 0.05)
    assert status[0] == "supported"
    assert status[1] != "supported"


@pytest.mark.parametrize(
    "changed", [{"p_adjusted": 0.06}, {"conf_low": -0.01}, {"ordering_share": 0.89}]
)
@pytest.mark.parametrize("articles", [3, 9])
def test_each_condition_is_needed(changed, articles):
    row = {
        **{f"articles_{side}": articles for side in ("target", "reference")},
        **{"size_target": 9, "size_reference": 9, "hits_target": 5, "hits_reference": 1},
        **{
            "p_adjusted": 0.05,
            "p_value": 0.05,
            "conf_low": 0.1,
            "conf_high": 0.9,
            "ordering_share": 0.9,
        },
        "sign_flips": 0,
    }
    status, _ = statuses(pd.DataFrame([row, row | changed]), 0.05)
    assert status == ["supported" if articles > 4 else "suggestive", "not_distinguishable"]


def test_references():
    names = ["France", "Israel", "Italy", "Russia"]
    pairs = contrasts(PARTNERS).to_frame()
    got = list(zip(pairs["target"], pairs["reference"], strict=True))
    assert got == [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    rest = contrasts(PARTNERS, reference="rest").to_frame().set_index("target")
    assert list(rest.index) == names
    assert set(rest["reference"]) == {"rest"}
    counted = rest.loc["Israel", ["hits_reference", "size_reference", "articles_reference"]]
    assert list(counted) == [3, 49, 3]
    assert rest.loc["Israel", "estimate"] == pytest.approx(7 / 23 - 3 / 49, abs=1e-15)
    assert rest.loc["Israel", "permutation_p_min"] == pytest.approx(1 / 10)
    named = contrasts(PARTNERS, reference="Italy").to_frame()
    assert list(named["target"]) == ["France", "Israel", "Russia"]
    assert set(named["reference"]) == {"Italy"}
    turned = named.set_index("target").loc["Israel", "estimate"]
    assert turned == pairs.set_index(["target", "reference"]).loc[("Israel", "Italy"), "estimate"]
    with pytest.raises(InputError) as error:
        contrasts(PARTNERS, reference="Spain")
    assert str(error.value) == (
        "reference='Spain' is not a group; choose 'pairs', 'rest' or one of France, Israel, "
        "Italy, Russia"
    )
    with pytest.raises(InputError, match="a group is called 'rest'"):
        contrasts(table(("rest", 1, 2), ("A", 1, 2)), reference="rest")


def test_more_comparisons_than_anybody_can_wait_for_are_refused():
    many = table(*((f"g{number}", 1, 9) for number in range(500)))
    with pytest.raises(InputError) as error:
        contrasts(many)
    assert str(error.value) == (
        "500 groups make 124,750 comparisons of two groups on all topics, and 100,000 are the "
        "most; join groups, in a column of their own or by leaving some out, or choose topics"
    )


def test_sums_are_made_once_whatever_the_number_of_topics(monkeypatch):
    made = []

    def counted(*arguments):
        made.append(len(arguments[0]))
        return sums_of(*arguments)

    monkeypatch.setattr("analysis.estimates.comparison.sums_of", counted)
    topics = [table(*MANY_CLEAR, topic=f"t{number}") for number in range(20)]
    assert len(contrasts(merge(*topics)).to_frame()) == 20
    assert made == [40]


def test_a_topic_is_a_family_and_the_whole_table_is_the_strict_one():
    one = contrasts(table(*MANY_CLEAR)).to_frame()
    both = contrasts(merge(table(*MANY_CLEAR), table(*MANY_CLEAR, topic="sun"))).to_frame()
    assert one["p_adjusted"].item() == one["p_value"].item()
    assert list(both["p_adjusted"]) == pytest.approx([one["p_value"].item()] * 2)
    assert list(both["p_strict"]) == pytest.approx([2 * one["p_value"].item()] * 2)


def test_contrast_of_alike_groups_is_nothing():
    row = pair(("A", 3, 9, 2), ("B", 3, 9, 2))
    assert (row["estimate"], row["p_value"], row["permutation_p"]) == (0, 1, 1)
    assert row["prob_higher"] == 0.5
    assert row["status"] == "not_distinguishable"


def test_a_measure_with_a_scale_scales_the_whole_row():
    share = pair(*MANY_CLEAR)
    words = contrasts(table(*MANY_CLEAR, measure="per_1000_words"), measure="per_1000_words")
    row = words.to_frame().iloc[0]
    for column in ("estimate", "conf_low", "conf_high"):
        assert row[column] == pytest.approx(1000 * share[column])
    assert row["p_value"] == share["p_value"]


@pytest.mark.parametrize("reference", ["pairs", "rest"])
def test_one_group_has_nothing_to_be_compared_with(reference):
    got = contrasts(table(("A", 3, 9)), reference=reference).to_frame()
    assert list(got.columns) == CONTRAST_COLUMNS.split()
    assert got.empty


def test_results_of_a_merged_corpus_are_those_of_the_whole():
    parts = [PARTNERS[PARTNERS.index % 2 == half] for half in (0, 1)]
    for function in (emphasis, contrasts):
        merged, whole = function(merge(*parts)).to_frame(), function(merge(PARTNERS)).to_frame()
        pd.testing.assert_frame_equal(merged, whole, check_exact=True)


def test_specifications_without_a_hit_say_nothing():
    frame = ways([3, 0, 0], [1, 0, 0]).rename(columns={"party": "group"})
    assert ordering_shares(frame, [("A", "B")], [0.1]) == [1.0]
    assert ordering(sums_by_group(frame), "A", "B", 0.1) == (1, 1)
    nothing = ways([0], [0]).rename(columns={"party": "group"})
    assert np.isnan(ordering_shares(nothing, [("A", "B")], [1])).all()


def test_omnibus():
    table = omnibus(PARTNERS).to_frame()
    assert list(table.columns) == [
        *["topic", "groups", "articles", "permutation_p", "permutation_p_min"]
    ]
    assert table.loc[0, ["groups", "articles"]].to_list() == [4, 5]
    assert table.loc[0, "permutation_p_min"] == pytest.approx(1 / 10)
    one = omnibus(PARTNERS[PARTNERS["party"] == "Israel"]).to_frame()
    assert np.isnan(one.loc[0, "permutation_p"])


def test_a_row_of_no_article_is_nothing():
    with_none = merge(table(*MANY_CLEAR), table(("C", 1, 20, 0)))
    got = contrasts(with_none).to_frame().set_index(["target", "reference"])
    assert got.loc[("A", "B"), "p_max_t"] == pair(*MANY_CLEAR)["p_max_t"]
    assert got["status"].to_list() == ["supported", "not_estimable", "not_estimable"]


def test_against_a_rest_without_text_nothing_is_tested():
    got = contrasts(table(("A", 2, 9, 3), ("B", 0, 0, 2)), reference="rest").to_frame()
    assert set(got["status"]) == {"not_estimable"}
    assert got[["p_value", "permutation_p", "p_max_t"]].isna().all(axis=None)


def test_among_ten_topics_each_is_a_question_of_its_own():
    rows = [("A", 6, 20, 5), ("B", 2, 20, 5)]
    assert pair(*rows)["status"] == "supported"
    among = contrasts(merge(*(table(*rows, topic=f"t{n}") for n in range(10)))).to_frame()
    assert (among["p_value"] < 0.02).all()
    assert (among["conf_low"] > 0).all()
    assert (among["p_strict"] > 0.05).all()
    assert set(among["status"]) == {"supported"}


def test_the_whole_test_is_of_groups_with_text():
    empty = merge(PARTNERS, table(("Japan", 0, 0, 2)))
    pd.testing.assert_frame_equal(omnibus(empty).to_frame(), omnibus(PARTNERS).to_frame())


def test_columns_of_the_tables_cannot_be_groups():
    """Groups may not be called as a column of an estimate or a specification is."""
    frame = pd.DataFrame({"doc_id": ["a", "b"], "g": ["G", "R"], "text": ["Wind. Coal.", "Wind."]})
    dictionary = Dictionary("d", (Topic("t", ("wind",)),))
    table = sentences(frame)
    coded = codes(table, dictionary)
    counted = tally(coded, "g")
    ours = {*emphasis(counted).to_frame(), *counted.to_frame()}
    ours |= {*specifications(table, dictionary, by="g")}
    assert ours - {"g"} <= RESERVED
    with pytest.raises(InputError, match="'rho' cannot form groups"):
        tally(coded.rename(columns={"g": "rho"}), "rho")
