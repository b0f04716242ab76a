"""Every interval method: one contract, laws, and implementations that are not ours."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import InputError, emphasis, merge
from analysis.estimates.intervals import Moments, cluster_t, jeffreys, wilson
from analysis.estimates.resampling import percentile_bootstrap
from analysis.estimates.shares import METHODS, TARGETS
from analysis.estimates.tallies import TALLY_COLUMNS

LIMITS = ["conf_low", "conf_high"]


def table(*rows):
    """A tally of rows (group, hits, size) or (group, hits, size, articles)."""
    rows = [(*row, 1)[:4] for row in rows]
    frame = pd.DataFrame(rows, columns=["party", "hits", "size", "articles"])
    return frame.assign(measure="sentence_share", topic="wind")[["party", *TALLY_COLUMNS]]


def limits(rows, method, **options):
    """The rows of an estimate by group."""
    return emphasis(table(*rows), method=method, **options).to_frame().set_index("party")


ARTICLE = st.integers(0, 60).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))
ARTICLES = st.lists(ARTICLE, min_size=1, max_size=6)
CORPUS = st.lists(ARTICLES, min_size=1, max_size=3).map(
    lambda groups: [("ABC"[i], *article) for i, group in enumerate(groups) for article in group]
)
FAST = settings(max_examples=30, deadline=None)


# The contract of the family


@pytest.mark.parametrize("method", METHODS)
@given(CORPUS, st.sampled_from([0.1, 0.5, 0.95, 0.99]))
@FAST
def test_limits_hold_the_estimate_or_are_missing(method, rows, level):
    for _, row in limits(rows, method, conf_level=level).iterrows():
        low, high = row[LIMITS]
        named = "interval_not_estimable" in row["warnings"].split()
        if row["status"] == "not_estimable":
            assert row["size"] == 0
            assert np.isnan([row["estimate"], low, high]).all()
            assert not named
        elif METHODS[method].of_articles and np.isnan(low):
            assert np.isnan(high)
            assert named
        else:
            assert 0 <= low <= row["estimate"] <= high <= 1
            assert low < high
            assert not named


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("articles", [1, 2, 9])
def test_no_hit_has_an_upper_bound_or_no_interval(method, articles):
    row = limits([("A", 0, 20, articles)], method).loc["A"]
    assert row["status"] == "absent"
    if METHODS[method].of_articles:
        assert row[LIMITS].isna().all()
        assert "interval_not_estimable" in row["warnings"].split()
    else:
        assert row["conf_low"] == 0 < row["conf_high"] < 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rows", [[("A", 3, 20)], [("A", 1, 3), ("A", 2, 6)], [("A", 3, 20, 9)]])
def test_articles_that_do_not_differ_never_make_a_point(method, rows):
    row = limits(rows, method).loc["A"]
    assert row["status"] == "estimated"
    assert row[LIMITS].isna().tolist() == [METHODS[method].of_articles] * 2
    assert not row["conf_low"] >= row["conf_high"]


@pytest.mark.parametrize("method", METHODS)
def test_neither_the_order_of_rows_nor_a_category_without_any_matters(method):
    counted = table(("A", 1, 9), ("A", 4, 20), ("B", 0, 7), ("B", 3, 8))
    whole = emphasis(counted, method=method).to_frame()
    backwards = emphasis(counted[::-1], method=method).to_frame()
    pd.testing.assert_frame_equal(backwards, whole)
    kinds = pd.CategoricalDtype(["A", "B", "C"])
    sorted_apart = emphasis(counted.astype({"party": kinds}), method=method).to_frame()
    pd.testing.assert_frame_equal(sorted_apart.astype({"party": "str"}), whole)


@pytest.mark.parametrize("method", METHODS)
def test_columns_and_estimates_do_not_depend_on_the_method(method):
    rows = [("A", 3, 20), ("A", 9, 20), ("B", 0, 0), ("C", 0, 9)]
    default, other = limits(rows, "moderated"), limits(rows, method)
    assert list(other.columns) == list(default.columns)
    same = default.columns.difference([*LIMITS, "warnings"])
    pd.testing.assert_frame_equal(other[same], default[same], check_exact=True)


# Targets


@pytest.mark.parametrize("method", METHODS)
def test_these_articles_have_no_sampling_interval(method):
    rows = [("A", 3, 20), ("A", 9, 20), ("B", 1, 3), ("C", 0, 0)]
    here, beyond = (limits(rows, method, target=target) for target in TARGETS[::-1])
    of_chance = [*LIMITS, "rho", "design_effect", "df", "n_eff"]
    assert here[of_chance].isna().all(axis=None)
    counted = here.columns.difference([*of_chance, "warnings"])
    pd.testing.assert_frame_equal(here[counted], beyond[counted], check_exact=True)
    about_limits = {"wide_interval", "interval_not_estimable", "longer_articles_differ"}
    assert not about_limits & set(" ".join(here["warnings"]).split())


def test_an_unknown_target_is_refused():
    with pytest.raises(InputError, match="target='all' is not a target of estimates; choose one"):
        emphasis(table(("A", 1, 2)), target="all")


# Laws


@pytest.mark.parametrize("method", METHODS)
@given(CORPUS, st.randoms())
@settings(max_examples=15, deadline=None)
def test_merging_in_any_order_gives_the_same_bits(method, rows, random):
    assume(any(size for _, _, size in rows))
    whole = merge(table(*rows))
    parts = [table(row) for row in rows]
    random.shuffle(parts)
    cut = random.randint(1, len(parts))
    shuffled = merge(merge(*parts[:cut]), *parts[cut:])
    results = [emphasis(one, method=method).to_frame() for one in (whole, shuffled)]
    pd.testing.assert_frame_equal(*results, check_exact=True)


@pytest.mark.parametrize("method", METHODS)
@given(CORPUS, ARTICLES)
@settings(max_examples=15, deadline=None)
def test_another_group_moves_no_count_and_no_estimate(method, rows, others):
    before = limits(rows, method)
    after = limits([*rows, *(("Z", *other) for other in others)], method).drop("Z")
    pooled = ["rho", "design_effect", "n_eff", "warnings"]  # the correlation is, over groups
    kept = before.columns.difference([*pooled, *(LIMITS if METHODS[method].pooled else [])])
    pd.testing.assert_frame_equal(before[kept], after[kept], check_exact=True)


def group(rows):
    """Moments of one group of (hits, size)."""
    x, m = np.array(rows, float).T
    sums = [len(x), (x > 0).sum(), x.sum(), m.sum(), (x * x).sum(), (x * m).sum(), (m * m).sum()]
    return Moments(*np.array(sums, float)[:, None])


VARIED = st.lists(ARTICLE.filter(lambda a: a[1] > 0), min_size=2, max_size=6).filter(
    lambda articles: len({hits / size for hits, size in articles}) > 1
)


@given(VARIED, st.integers(2, 5))
@FAST
def test_every_article_again_narrows_as_the_formula_says(rows, times):
    once, again = group(rows), group(rows * times)
    n = len(rows)
    assert again.p == once.p
    # V = n/(n-1) Q/Sm^2; n, Q and Sm grow alike.
    shrunk = once.variance * (n - 1) / (times * n - 1)
    assert again.variance == pytest.approx(shrunk, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_every_article_again_narrows_every_interval(method):
    rows = [("A", 3, 20), ("A", 9, 20), ("A", 1, 9)]
    narrow, wide = (
        np.diff(limits(corpus, method).loc["A", LIMITS].astype(float)).item()
        for corpus in (rows * 4, rows)
    )
    assert narrow < 0.7 * wide


@given(VARIED, st.integers(2, 1000))
@FAST
def test_every_sentence_again_tells_articles_apart_no_better(rows, times):
    longer = [(hits * times, size * times) for hits, size in rows]
    assert np.array(cluster_t(group(longer))) == pytest.approx(np.array(cluster_t(group(rows))))
    by_draw = [
        percentile_bootstrap(*np.array(one, float).T[:, :, None], np.ones(len(rows)))
        for one in (rows, longer)
    ]
    np.testing.assert_allclose(*by_draw, rtol=1e-12)
    n_eff = limits([("A", *article) for article in longer], "moderated")["n_eff"].item()
    # deff >= 4/(4 + nu) (m* - 1) rho, so n_eff cannot pass (4 + nu)/(4 rho) articles, or so.
    rho = limits([("A", *article) for article in longer], "moderated")["rho"].item()
    size = np.array([size for _, size in longer], float)
    alike = size.sum() ** 2 / (size**2).sum()  # articles, counted as if equally long
    nu = len(rows) - 1
    assert n_eff <= (4 + nu) / (4 * rho) * alike * (1 + 1 / (np.mean(size) - 1))


@given(ARTICLES, st.data())
@FAST
def test_cutting_an_article_in_two_leaves_the_pooled_share(rows, data):
    (hits, size), *rest = rows
    part = data.draw(st.integers(0, hits))
    length = data.draw(st.integers(part, size - (hits - part)))
    cut = [(part, length), (hits - part, size - length), *rest]
    shares = [
        limits([("A", *article) for article in articles], "wilson")["estimate"].item()
        for articles in (rows, cut)
    ]
    assert shares[0] == shares[1] or np.isnan(shares).all()


# The bootstrap


def test_at_a_low_level_the_limits_still_hold_the_estimate():
    # The median of the draws has the one full article once, and fewer than three of the others.
    row = limits([("A", 60, 60), ("A", 1, 60, 3), ("A", 0, 60, 36)], "bootstrap", conf_level=0.02)
    assert row["conf_low"].item() < row["conf_high"].item() == row["estimate"].item()


def test_a_seed_is_a_function_of_the_cell():
    rows = [("A", size % 7, size) for size in range(11, 40)]
    first = limits(rows, "bootstrap")
    assert first.equals(limits(rows[::-1], "bootstrap"))
    twin = [*rows, *(("B", *row[1:]) for row in rows)]
    assert (limits(twin, "bootstrap")[LIMITS] == first.loc["A", LIMITS]).all(axis=None)
    assert not first[LIMITS].equals(limits(rows, "bootstrap", seed=1)[LIMITS])


# Implementations that are not ours


@pytest.mark.parametrize(("hits", "size"), [(7, 23), (1, 900), (50, 60), (3, 3000)])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_limits_of_scipy_and_statsmodels(hits, size, level):
    from statsmodels.stats.proportion import proportion_confint

    for method in (wilson, jeffreys):
        ours = [limit[0] for limit in method(np.array([hits]), np.array([size]), level)]
        known = proportion_confint(hits, size, 1 - level, method=method.__name__)
        assert ours == pytest.approx(list(known), rel=0, abs=1e-12)
    known = stats.binomtest(hits, size).proportion_ci(level, "wilson")
    ours = [limit[0] for limit in wilson(np.array([hits]), np.array([size]), level)]
    assert ours == pytest.approx([known.low, known.high], rel=0, abs=1e-12)


ELEVEN = [(2, 14), (5, 9), (0, 30), (1, 12), (3, 25), (0, 8), (7, 40), (2, 6), (1, 19), (0, 5)]
ELEVEN += [(4, 33)]


def sentences_of(rows):
    """One 0 or 1 a sentence, and the article it stands in."""
    y = np.concatenate([np.repeat([1.0, 0.0], [hits, size - hits]) for hits, size in rows])
    return y, np.repeat(np.arange(len(rows)), [size for _, size in rows])


def test_cluster_robust_regression_of_statsmodels():
    from statsmodels.regression.linear_model import OLS

    y, article = sentences_of(ELEVEN)
    known = OLS(y, np.ones((len(y), 1))).fit(
        cov_type="cluster", cov_kwds={"groups": article}, use_t=True
    )
    sums = group(ELEVEN)
    assert np.sqrt(sums.variance[0]) == pytest.approx(known.bse[0], rel=0, abs=1e-12)
    # Degrees of freedom: articles less one, as statsmodels takes them for clusters.
    ours = [limit[0] for limit in cluster_t(sums)]
    assert ours == pytest.approx(list(known.conf_int()[0]), rel=0, abs=1e-12)


def test_what_other_definitions_make_of_it():
    from statsmodels.regression.linear_model import OLS

    y, article = sentences_of(ELEVEN)
    ours = np.sqrt(group(ELEVEN).variance[0])

    def bse(y, x, article, **options):
        model = OLS(y, x)
        return model.fit(cov_type="cluster", cov_kwds={"groups": article, **options}).bse[0]

    bare = bse(y, np.ones((len(y), 1)), article, use_correction=False)  # CR0
    assert bare == pytest.approx(ours * np.sqrt(10 / 11), rel=0, abs=1e-12)
    assert ours / bare == pytest.approx(1.049, abs=5e-4)
    # Beside another group of 11: G = 22 and K = 2, N = 402.
    two = np.kron(np.eye(2), np.ones((len(y), 1)))
    beside = bse(np.tile(y, 2), two, np.r_[article, article + 11])
    n = 2 * len(y)
    factor = (22 / 21) * (n - 1) / (n - 2) / (11 / 10)
    assert beside == pytest.approx(ours * np.sqrt(factor), rel=0, abs=1e-12)
