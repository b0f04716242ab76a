"""Intervals and tests: worked values of METHODS first, then the laws that hold for any numbers."""

import json
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta as beta_dist
from scipy.stats import t as t_dist

from analysis import InputError
from analysis.estimates.intervals import (
    Moments,
    cluster_t,
    gries_dp,
    holm,
    intra_article_correlation,
    jeffreys,
    logit_contrast,
    moderated,
    mover,
    mover_ratio,
    wilson,
)
from analysis.estimates.permutation import permutation_test
from analysis.estimates.prior import Prior
from analysis.estimates.resampling import DRAWS
from tests import ROOT

VECTORS = json.loads((ROOT / "tests/reference/vectors.json").read_text("utf-8"))
BINOMIAL = {name: values for name, values in VECTORS["binomial"].items() if "/" in name}


def permute(hits1, size1, hits2, size2, seed=0):
    """The permutation test of two groups, whose arguments stand in one place of this file."""
    return permutation_test([hits1, hits2], [size1, size2], seed=seed)


def exactly(value, tolerance=1e-9):
    return pytest.approx(value, rel=0, abs=tolerance)


def array(*values):
    return np.array(values, float)


def moments(*groups):
    """Moments of groups, each a list of (hits, size) of its articles."""
    sums = []
    for group in groups:
        x, m = np.array(group, float).reshape(-1, 2).T
        x, m = x[m > 0], m[m > 0]
        sums.append(
            [len(x), (x > 0).sum(), x.sum(), m.sum(), (x * x).sum(), (x * m).sum(), (m * m).sum()]
        )
    return Moments(*np.array(sums, float).T)


def from_sums(sums):
    return [sums[name] for name in ("n", "npos", "Sx", "Sm", "Sxx", "Sxm", "Smm")]


SEEDS = VECTORS["seeds_defense_industry"]
SEED_MOMENTS = Moments(*np.array([from_sums(g["sums"]) for g in SEEDS["groups"].values()]).T)


# Worked values


@pytest.mark.parametrize(
    ("case", "method"),
    [(c, m) for c in BINOMIAL for m in (wilson, jeffreys) if m.__name__ in BINOMIAL[c]],
)
def test_binomial_limits(case, method):
    hits, size = map(float, case.removeprefix("statsmodels_check_").split("/"))
    low, high = method(array(hits), array(size))
    assert [low[0], high[0]] == exactly(BINOMIAL[case][method.__name__])


@pytest.mark.parametrize(
    ("hits", "size", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_newcombe_published_it(hits, size, low, high):
    limits = wilson(array(hits), array(size))
    assert [float(limit[0]) for limit in limits] == exactly([low, high], 5e-5)


def test_mover_as_newcombe_published_it():
    # Newcombe (1998), 873-890, table II, 56/70 against 48/80, method 10: .0524 to .3339.
    p1, p2 = array(56 / 70), array(48 / 80)
    low, high = mover((p1, *wilson(array(56), array(70))), (p2, *wilson(array(48), array(80))))
    assert [low[0], high[0]] == exactly([0.0524, 0.3339], 5e-5)


@pytest.mark.parametrize("case", ["kg_moderated", "kg_moderated_zero"])
def test_moderated_limits(case):
    known = VECTORS[case]
    groups = moments(list(zip(known["x"], known["m"], strict=True)))
    got = moderated(groups, known["rho"])
    assert [got.low[0], got.high[0]] == exactly([known["lo"], known["hi"]])
    assert [got.deff[0], got.n_eff[0]] == exactly([known["deff"], known["n_eff"]])
    if case == "kg_moderated":
        assert groups.q_form[0] == exactly(known["see"])
        assert groups.variance[0] == exactly(known["v_lin"])
        parts = ("deff_prior", "deff_data", "df")
        assert [getattr(got, name)[0] for name in parts] == exactly([known[n] for n in parts])


def test_linearised_variance():
    known = VECTORS["robust"]
    groups = moments(list(zip(known["x"], known["m"], strict=True)))
    assert groups.variance[0] == exactly(known["v_lin"], 1e-15)
    p = groups.p[0]
    assert np.sqrt(groups.variance[0]) / (p * (1 - p)) == exactly(known["se_logit"])


def test_seeds_groups():
    rho, nu = intra_article_correlation(SEED_MOMENTS)
    assert (rho, nu) == (exactly(SEEDS["rho"]), SEEDS["nu_pool"])
    got = moderated(SEED_MOMENTS, rho)
    for number, known in enumerate(SEEDS["groups"].values()):
        assert SEED_MOMENTS.p[number] == exactly(known["p"], 1e-15)
        values = [part[number] for part in (got.deff, got.n_eff, got.df, got.low, got.high)]
        assert values == exactly([known[key] for key in ("deff", "n_eff", "df", "lo", "hi")])


def test_seeds_contrast():
    known = SEEDS["contrast_israel_italy"]
    limits = moderated(SEED_MOMENTS, SEEDS["rho"])
    p = SEED_MOMENTS.p
    mu = SEED_MOMENTS.sx.sum() / SEED_MOMENTS.sm.sum()
    assert mu == exactly(known["mu"], 1e-15)
    sides = [(p[i], limits.n_eff[i], limits.df[i]) for i in (0, 1)]
    got = logit_contrast(*sides, mu)
    values = [got.difference, got.std_error, got.df, got.p_value, got.prob_higher]
    keys = ("logit_diff", "se", "df", "p", "prob_order")
    assert [float(value) for value in values] == exactly([known[key] for key in keys])
    low, high = mover((p[0], limits.low[0], limits.high[0]), (p[1], limits.low[1], limits.high[1]))
    assert [low, high] == exactly([known["mover_lo"], known["mover_hi"]])


def test_holm():
    known = VECTORS["multiplicity"]
    assert list(holm(array(*known["p"]))) == exactly(known["holm"], 1e-15)


def test_holm_leaves_missing_out_of_the_family():
    got = holm(array(0.01, np.nan, 0.04))
    assert [got[0], got[2]] == exactly([0.02, 0.04])
    assert np.isnan(got[1])
    assert len(holm(array())) == 0
    assert list(holm(array(0.9, 0.8))) == [1.0, 1.0]  # never above 1


@pytest.mark.parametrize(
    ("n1", "n2", "smallest"),
    [(2, 3, 1 / 10), (3, 2, 1 / 10), (2, 1, 1 / 3), (1, 1, 1.0), (5, 5, 2 / 252)],
)
def test_smallest_permutation_p_is_attained(n1, n2, smallest):
    sides = (np.full(n1, 9.0), np.full(n1, 9.0), np.zeros(n2), np.full(n2, 9.0))
    assert permute(*sides) == (exactly(smallest, 1e-15), exactly(smallest, 1e-15))


def test_permutation_where_naive_tests_cry_wolf():
    naive = SEEDS["naive_israel_vs_rest"]
    # 7 and 5 of 12 hits in two articles of 749 words; the three others hold 4 in 1533.
    p, smallest = permute(array(7, 5), array(400, 349), array(2, 1, 1), array(500, 500, 533))
    assert p == smallest == exactly(naive["exact_document_permutation_p"], 1e-15)


@pytest.mark.parametrize("known", [None, "seeds_israel_defense_industry"])
def test_dispersion_is_exact(known):
    values = VECTORS["gries_dp"] if known is None else VECTORS["gries_dp"][known]
    hits, sizes = array(*values["hits"]), array(*values["sizes"])
    dp, norm = gries_dp(hits, sizes, np.ones(len(hits)))
    exact = sum(
        abs(
            Fraction(h, sum(values["hits"])) - Fraction(s, sum(values["sizes"]))
        )
        for h, s in zip(values["hits"], values["sizes"], strict=True)
    ) / 2  # fmt: skip
    assert exact == Fraction(values["DP"])
    smallest = Fraction(min(values["sizes"]), sum(values["sizes"]))
    exact_norm = exact / (1 - smallest)
    assert dp == exactly(float(exact), 1e-15)
    assert norm == exactly(float(exact_norm), 1e-15)
    assert norm == exactly(values.get("DPnorm_float", values["DPnorm"]), 1e-15)


def test_a_limit_is_at_most_one():
    low, high = cluster_t(moments([(18, 20), (20, 20)]))
    assert low[0] < 0.95 < high[0] == 1


def test_an_article_of_one_sentence_is_the_smallest_part():
    dp, norm = gries_dp(array(1, 1), array(1, 9), np.ones(2))
    assert (dp, norm) == (exactly(0.4, 1e-15), exactly(0.4 / 0.9, 1e-15))


def test_dispersion_counts_articles_and_knows_its_limits():
    one_by_one = gries_dp(array(1, 1, 4), array(9, 9, 10), np.ones(3))
    assert gries_dp(array(1, 4), array(9, 10), array(2, 1)) == exactly(one_by_one, 1e-15)
    assert all(map(np.isnan, gries_dp(array(0), array(9), array(1))))
    dp, norm = gries_dp(array(3), array(9), array(1))
    assert dp == 0
    assert np.isnan(norm)
    assert gries_dp(array(3, 0), array(9, 9), array(1, 1))[1] == exactly(1.0)


# Laws

ARTICLE = st.integers(0, 60).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))
GROUPS = st.lists(st.lists(ARTICLE, min_size=1, max_size=6), min_size=1, max_size=4)


@given(GROUPS, st.sampled_from([0.8, 0.95, 0.99]))
@settings(max_examples=200, deadline=None)
def test_limits_hold_the_estimate(groups, level):
    sums = moments(*groups)
    rho, nu = intra_article_correlation(sums)
    assert 0 <= rho <= 1
    assert nu >= 0
    limits = moderated(sums, rho, level)
    for low, high in (
        (limits.low, limits.high),
        wilson(sums.sx, sums.sm, level),
        jeffreys(sums.sx, sums.sm, level),
    ):
        for lower, p, upper, size in zip(low, sums.p, high, sums.sm, strict=True):
            if size:
                assert 0 <= lower <= p <= upper <= 1
            else:
                assert np.isnan([lower, p, upper]).all()


@given(st.lists(ARTICLE, min_size=1, max_size=6).filter(lambda g: sum(m for _, m in g) > 0))
@settings(max_examples=100, deadline=None)
def test_higher_level_is_wider(group):
    sums = moments(group)
    widths = [
        float((limits.high - limits.low)[0])
        for limits in (moderated(sums, 0.2, level) for level in (0.5, 0.8, 0.95, 0.99))
    ]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


@pytest.mark.parametrize("size", [1, 2, 19, 10**9, 10**12])
def test_no_hit_and_all_hits_leave_one_end_open(size):
    for low, high in (
        (lambda m: (m.low, m.high))(moderated(moments([(0, size)], [(size, size)]), 0.2)),
        wilson(array(0, size), array(size, size)),
        jeffreys(array(0, size), array(size, size)),
    ):
        assert low[0] == 0 < high[0] < 1
        assert 0 < low[1] < high[1] == 1


def test_a_group_all_on_the_topic_tells_nothing_of_how_articles_differ():
    found = moderated(moments([(3, 3), (5, 5)]), 0.2)
    assert found.df == [4]  # the prior's; 0 < p < 1 is not so
    # m* = (9 + 25) / 8 = 4.25, so that the design effect is 1 + 3.25 * .2
    assert found.deff == exactly(1.65)
    mixed = moments([(3, 3), (5, 5)], [(1, 4), (2, 4), (3, 4)])
    assert intra_article_correlation(mixed)[1] == 2  # of the second group alone


def test_huge_counts():
    group = [(3 * 10**8, 10**9), (2 * 10**11, 10**12), (5 * 10**11, 10**12)]
    sums = moments(group)
    limits = moderated(sums, *intra_article_correlation(sums)[:1])
    assert 0 < limits.low[0] < sums.p[0] < limits.high[0] < 1
    low, high = wilson(array(10**11), array(10**12))
    assert high[0] - low[0] < 1e-5


def test_no_unit_and_no_article_are_missing_not_errors():
    nothing = Moments(*np.zeros((7, 2)))
    limits = moderated(nothing, 0.2)
    for values in (limits.low, limits.high, limits.n_eff, nothing.p, nothing.variance):
        assert np.isnan(values).all()
    assert intra_article_correlation(nothing) == (0.2, 0.0)
    for method in (wilson, jeffreys):
        assert np.isnan(method(array(0), array(0))).all()
    assert np.isnan(permute(array(), array(), array(1), array(2))).all()
    missing = logit_contrast(array(np.nan, np.nan, 4), array(0.2, 3, 4), 0.1)
    assert np.isnan(missing.p_value)


def test_few_units_never_count_for_more_than_they_are():
    sums = moments([(1, 3)])  # t(2) > t(4), so the adjustment would enlarge n_eff
    limits = moderated(sums, 0.2)
    n_eff = limits.n_eff
    assert [limits.low, limits.high] == list(jeffreys(sums.p * n_eff, n_eff))


def test_one_article_rests_on_the_prior():
    sums = moments([(2, 9)])
    assert intra_article_correlation(sums) == (0.2, 0.0)
    limits = moderated(sums, 0.2)
    assert limits.df[0] == 4
    assert limits.deff[0] == exactly(1 + 8 * 0.2)
    assert np.isnan(limits.deff_data[0])


SHARE = st.tuples(st.floats(0, 1), st.floats(0.1, 1e6), st.floats(1, 50))


@given(SHARE, SHARE, st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_contrast_turned_round_is_its_negative(first, second, pooled):
    ahead = logit_contrast(first, second, pooled)
    back = logit_contrast(second, first, pooled)
    assert ahead.difference == -back.difference
    assert ahead.p_value == pytest.approx(back.p_value, rel=1e-9)
    assert ahead.prob_higher + back.prob_higher == pytest.approx(1)
    same = logit_contrast(first, first, pooled)
    assert same.difference == 0
    assert same.p_value == 1


@given(st.lists(ARTICLE.filter(lambda a: a[1] > 0), min_size=2, max_size=7), st.randoms())
@settings(max_examples=60, deadline=None)
def test_permutation_p_knows_no_order(articles, random):
    cut = random.randint(1, len(articles) - 1)
    sides = articles[:cut], articles[cut:]
    p, smallest = permute(*[column for s in sides for column in np.array(s, float).T])
    for side in sides:
        random.shuffle(side)
    again = permute(*[column for s in sides for column in np.array(s, float).T])
    assert again == (p, smallest)
    assert smallest <= p + 1e-12 <= 1 + 1e-9


def test_permutation_by_monte_carlo():
    generator = np.random.default_rng(1)
    size = generator.integers(5, 40, 22).astype(float)
    hits = np.floor(size * np.r_[np.full(10, 0.4), np.full(12, 0.25)])
    assert comb(22, 10) > 100_000
    sides = (hits[:10], size[:10], hits[10:], size[10:])
    p, smallest = permute(*sides, seed=3)
    assert smallest == exactly(1 / (DRAWS + 1), 1e-15)
    assert smallest <= p < 0.05
    blurred = np.floor(size * np.r_[np.full(10, 0.3), np.full(12, 0.28)])
    sides = (blurred[:10], size[:10], blurred[10:], size[10:])
    first, other = (permute(*sides, seed=seed)[0] for seed in (0, 1))
    assert first != other
    assert abs(first - other) < 0.03
    order = generator.permutation(10)
    shuffled = (blurred[:10][order], size[:10][order])
    assert permute(*shuffled, *sides[2:], seed=0)[0] == first
    assert permute(*sides, seed=0)[0] == first


def test_a_ratio_of_shares():
    """The ratio of means of Donner & Zou is that of Fieller where both limits are symmetric."""
    p1, p2, e1, e2 = np.array([0.4]), np.array([0.2]), 0.1, 0.05
    low, high = mover_ratio((p1, p1 - e1, p1 + e1), (p2, p2 - e2, p2 + e2))
    # Fieller: the roots of (p1 - r p2)^2 = e1^2 + r^2 e2^2.
    roots = np.roots([p2[0] ** 2 - e2**2, -2 * p1[0] * p2[0], p1[0] ** 2 - e1**2])
    assert [low[0], high[0]] == pytest.approx(sorted(roots))
    none, one = np.zeros(1), np.ones(1)
    assert np.isnan(mover_ratio((p1, p1 / 2, one), (none, none, p2))).all()
    assert np.ravel(mover_ratio((p1, p1 / 2, one), (p2, none, one)))[1] == np.inf
    assert np.ravel(mover_ratio((none, none, p1), (p2, p2 / 2, one)))[0] == 0


def test_articles_of_one_sentence_say_nothing_of_the_correlation():
    one = np.ones(4)
    sums = Moments(*(np.array([float(x)]) for x in (4, 2, 2, 4, 2, 2, one.sum())))
    rho, nu = intra_article_correlation(sums)
    assert (float(rho), float(nu)) == (0.2, 0.0)


def test_the_cluster_robust_interval_by_hand():
    # Three articles of 10 sentences with 1, 2 and 6 hits: p = .3, Q = 4 + 1 + 9 = 14.
    sums = Moments(*(np.array([float(x)]) for x in (3, 3, 9, 30, 41, 90, 300)))
    half = 4.302652729911275 * (3 / 2 * 14 / 30**2) ** 0.5  # t(2)
    low, high = cluster_t(sums)
    assert (float(low[0]), float(high[0])) == pytest.approx((max(0, 0.3 - half), 0.3 + half))
    wide = cluster_t(sums, 0.5)
    assert float(wide[1][0]) == pytest.approx(0.3 + 0.816496580927726 * (14 / 600) ** 0.5)


@pytest.mark.parametrize("df", [0, -1, np.inf, np.nan])
def test_a_prior_needs_degrees_of_freedom(df):
    with pytest.raises(InputError, match="is not a number above 0"):
        Prior(df=df)


def test_half_a_degree_of_freedom_is_a_prior():
    assert Prior(df=0.5).df == 0.5


def test_groups_without_a_hit_or_a_miss_say_nothing_of_the_correlation():
    some = [(1, 10), (4, 10), (2, 10)]
    alone = intra_article_correlation(moments(some))
    others = moments(some, [(0, 10)] * 5, [(10, 10)] * 5)
    assert list(map(float, intra_article_correlation(others))) == list(map(float, alone))


def test_an_article_without_text_is_not_the_smallest_of_a_dispersion():
    with_it = gries_dp(array(1, 4, 0), array(9, 10, 0), array(1, 1, 1))
    assert with_it == exactly(gries_dp(array(1, 4), array(9, 10), array(1, 1)), 1e-15)


def test_articles_with_one_share_have_no_variance_and_little_of_it_is_some():
    alike, nearly = moments([(2, 10), (2, 10), (2, 10)]), moments([(1, 10), (1, 10), (2, 10)])
    assert alike.q_form.tolist() == [0.0]
    assert np.isnan(cluster_t(alike)).all()
    assert float(nearly.q_form[0]) == exactly(2 / 3)
    half = 4.302652729911275 * (3 / 2 * (2 / 3) / 30**2) ** 0.5  # t(2)
    low, high = cluster_t(nearly)
    assert (float(low[0]), float(high[0])) == exactly((max(0, 4 / 30 - half), 4 / 30 + half))


@pytest.mark.parametrize("units", [2, 3])
def test_the_adjustment_of_a_few_units_by_hand(units):
    group = moments([(1, units)])
    found = moderated(group, 0.0)
    assert (found.deff.tolist(), found.df.tolist()) == ([1.0], [4.0])
    ratio = t_dist.ppf(0.975, units - 1) / t_dist.ppf(0.975, 4)
    n = units * min(1, ratio**2)
    p = 1 / units
    limits = beta_dist.ppf([0.025, 0.975], p * n + 0.5, (1 - p) * n + 0.5)
    assert [float(found.low[0]), float(found.high[0])] == exactly(limits.tolist())


def test_limits_are_cut_off_at_1_and_a_single_unit_is_the_smallest_part():
    high = cluster_t(moments([(9, 10), (10, 10), (6, 10)]))[1]
    assert high.tolist() == [1.0]
    dp, norm = gries_dp(array(1, 4), array(1, 19), array(1, 1))
    assert dp == exactly((abs(1 / 5 - 1 / 20) + abs(4 / 5 - 19 / 20)) / 2)
    assert norm == exactly(dp / (1 - 1 / 20))
