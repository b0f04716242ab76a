"""The edge: groups that hardly mention a topic, by the cases that brought the test to fall."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.estimates.edge import _sizes, _tried, _with_hits, difference, guard
from analysis.estimates.effective import (
    effective,
    limits,
    pool,
    pooled,
    pooled_df,
    prior_correlation,
)
from analysis.estimates.intervals import (
    Moments,
    intra_article_correlation,
    logit_contrast,
    moderated,
)


def sums(hits, size):
    hits, size = np.asarray(hits, float), np.broadcast_to(np.asarray(size, float), np.shape(hits))
    values = (size > 0, hits > 0, hits, size, hits**2, hits * size, size**2)
    return Moments(*(np.atleast_1d(value.sum(axis=-1).astype(float)) for value in values))


def found(first, second, **of):
    total = first.sx + second.sx, first.sm + second.sm
    return difference(first, second, everyone=pool(first) + pool(second), total=total, **of)


def spread(total, articles, size, seed=3):
    """So many hits, over articles that differ as articles of correlation .15 do."""
    random = np.random.default_rng(seed)
    a = 0.85 / 0.15
    share = total / articles / size
    while True:
        hits = random.binomial(size, random.beta(share * a, (1 - share) * a, articles))
        if hits.sum() == total:
            return hits


HIGH = sums(spread(203, 100, 10), 10)


def singles(k, articles=100, size=10):
    return sums(np.arange(articles) < k, size)


def test_203_of_1000_against_a_few_of_1000():
    p = [found(HIGH, singles(k)).p_value[0] for k in (0, 1, 2, 3, 5)]
    assert p == sorted(p)
    assert max(p) < 1e-10
    low = [found(HIGH, singles(k)).low[0] for k in (0, 1, 2, 3, 5)]
    assert min(low) > 0.1


def test_766_of_4000_against_none():
    result = found(sums(spread(766, 100, 40), 40), sums(np.zeros(100), 40))
    assert result.p_value[0] < 1e-10


def test_37_of_50_articles_against_none_of_20():
    random = np.random.default_rng(1)
    sizes = np.r_[np.full(30, 11), np.full(20, 9.5)]
    hits = np.r_[np.zeros(13), np.ones(12), np.full(10, 2), np.full(9, 3), np.full(4, 4), [5, 6]]
    assert (hits.sum(), (hits > 0).sum(), sizes.sum()) == (86, 37, 520)
    result = found(sums(random.permutation(hits), sizes), sums(np.zeros(20), 11.2))
    assert result.p_value[0] < 0.005
    assert 0.08 < result.low[0] < result.high[0] < 0.25


def test_few_articles_are_not_enough_for_a_finding_of_silence():
    # Two articles with hits in each of them, against two without.
    assert found(sums([5, 6], 20), sums([0, 0], 20)).p_value[0] > 0.05


def test_the_guard_by_hand():
    # n = 20, n_pos = 0: w = 1/21; n_pos = 5: w = 1/(1 + 20 + 8).
    assert guard(np.array([20.0, 20]), np.array([0.0, 5])) == pytest.approx([1 / 21, 1 / 29])


def test_without_silent_articles_and_guard_it_is_the_wald_test():
    # Where each article mentions it, the guard alone is left: rho' = rho + w (1 - rho).
    first, second = sums([8, 9, 7, 10], 20), sums([3, 2, 4, 3], 20)
    both = pool(first) + pool(second)
    rho = both.rho(np.array([0.2]))
    w = 1 / (1 + 4 + 2 * 3)
    sizes = moderated(first, rho).n_eff, moderated(second, rho + w * (1 - rho)).n_eff
    result = found(first, second)
    assert (result.n_eff_first, result.n_eff_second) == (sizes[0], sizes[1])
    assert result.silent[0] == 0


articles = st.integers(2, 12).flatmap(
    lambda n: st.tuples(
        arrays(np.int64, n, elements=st.integers(0, 8)),
        arrays(np.int64, n, elements=st.integers(8, 30)),
    )
)


@given(articles, articles)
def test_the_contract(one, other):
    first, second = sums(*one), sums(*other)
    result, back = found(first, second), found(second, first)
    assert result.p_value == back.p_value
    assert result.statistic == -back.statistic
    assert (result.low, result.high) == (-back.high, -back.low)
    assert result.prob_higher + back.prob_higher == pytest.approx(1)
    assert 0 <= result.p_value <= 1
    estimate = first.p - second.p
    assert result.low <= estimate <= result.high


@given(articles, articles)
def test_hits_and_misses_change_places(one, other):
    # The articles with a unit that is not on the topic have to be known for it.
    (x1, m1), (x2, m2) = one, other
    result = found(sums(x1, m1), sums(x2, m2))
    off = tuple(np.array([(side > 0).sum()], float) for side in (x1, x2))
    turned = found(sums(m1 - x1, m1), sums(m2 - x2, m2), off=off)
    if (x1.sum() + x2.sum()) * 2 < m1.sum() + m2.sum():
        assert turned.p_value == pytest.approx(result.p_value)
        assert turned.statistic == pytest.approx(-result.statistic)


@given(
    st.lists(st.integers(0, 10), min_size=5, max_size=30),
    st.integers(5, 30),
    st.integers(0, 29),
)
def test_taking_a_hit_from_the_lower_group_never_raises_p(high, number, k):
    # Exactly so where each hit has an article of its own; tests/benchmarks/inference.csv says how
    # often p rises otherwise, since what is left sits in fewer articles.
    k = min(k, number - 1)
    high, more, fewer = sums(high, 10), singles(k + 1, number), singles(k, number)
    if high.p > more.p and 2 * (high.sx + more.sx) <= high.sm + more.sm:
        assert found(high, fewer).p_value <= found(high, more).p_value * (1 + 1e-9)


@given(articles, articles, articles)
def test_the_correlation_is_the_one_of_intervals(one, two, three):
    own = [sums(*group) for group in (one, two, three)]
    names = ("n", "n_pos", "sx", "sm", "sxx", "sxm", "smm")
    together = Moments(*(np.concatenate([getattr(one, n) for one in own]) for n in names))
    rho, _ = intra_article_correlation(together)
    assert pooled(together).rho(np.array(0.2)) == pytest.approx(float(rho))


def test_others_lend_their_degrees_of_freedom():
    groups = Moments(
        *np.array([[20.0, 0, 0, 400, 0, 0, 8000], [30, 12, 60, 600, 400, 1200, 12000]]).T
    )
    # No hit in 20 articles: min(12, 19) of the other; its own 12, and none from the first.
    assert pooled_df(groups, _each(pooled(groups))).tolist() == [16, 16]


def _each(everyone):
    return type(everyone)(
        *(np.asarray(getattr(everyone, n)) for n in ("top", "bottom", "nu", "df"))
    )


def test_sizes_and_limits_are_those_of_moderated():
    group = sums([[3, 0, 5, 1], [0, 0, 0, 0], [20, 20, 20, 20]], 20)
    own = moderated(group, 0.2)
    size, df = effective(group, 0.2)
    assert (size.tolist(), df.tolist()) == (own.n_eff.tolist(), own.df.tolist())
    group = sums([3, 0, 5, 1], 20)
    own = moderated(group, 0.2)
    assert limits(group, own.n_eff, own.df) == (own.low, own.high)


def test_the_prior_falls_beyond_forty_sentences():
    for words in (1, 22):
        short, long = np.array([5.0, 20, 40]) * words, np.array([157.0, 3511]) * words
        assert prior_correlation(short, words=words) == pytest.approx(0.2 / words)
        root = np.sqrt((40 * words - 1) / (long - 1))
        assert prior_correlation(long, words=words) == pytest.approx(0.2 / words * root)


@pytest.mark.parametrize(
    ("share", "icc", "articles", "most"),
    [(0.1, (0.15, 0.15), (20, 20), 0.08), (0.15, (0.5, 0.05), (5, 20), 0.1)],
)
def test_false_positives(share, icc, articles, most):
    first, second = (_drawn(share, *own) for own in zip(icc, articles, strict=True))
    assert np.mean(found(first, second).p_value <= 0.05) <= most


def test_power_against_a_group_that_is_silent():
    first, second = _drawn(0.1, 0.15, 20), sums(np.zeros((400, 20)), 30)
    assert np.mean(found(first, second).p_value <= 0.05) > 0.9


def _drawn(share, icc, articles, corpora=400):
    random = np.random.default_rng(articles)
    size = random.integers(5, 61, (corpora, articles))
    a = (1 - icc) / icc
    return sums(random.binomial(size, random.beta(share * a, (1 - share) * a, size.shape)), size)


def test_without_silent_articles_it_is_the_logit_contrast_of_the_groups_themselves():
    first, second = sums([3, 2, 4, 1, 2], 20), sums([5, 9, 6, 4, 7], 20)
    got = found(first, second)
    everyone = pool(first) + pool(second)
    sizes = _sizes(first, second, everyone, (0.2, 4.0))
    (n, df), (n_other, df_other) = sizes
    mu = np.array([(3 + 2 + 4 + 1 + 2 + 5 + 9 + 6 + 4 + 7) / 200])
    test = logit_contrast((first.p, n, df), (second.p, n_other, df_other), mu)
    assert got.p_value == pytest.approx(test.p_value)
    assert got.statistic == pytest.approx(test.statistic)


def test_the_numbers_of_silent_articles_that_are_tried():
    assert _tried(3) == [0, 1, 2, 3]
    assert _tried(0) == [0]
    assert _tried(130) == [*range(101), 111, 123, 130]


def test_a_hit_in_the_only_article_is_one_of_its_sentences():
    assert vars(_with_hits(sums([0], 20), np.ones(1))) == vars(sums([1], 20))


def test_where_half_of_all_is_on_the_topic_the_higher_group_is_higher():
    first, second = sums([8, 7, 9], 10), sums([2, 3, 1], 10)
    assert (first.sx + second.sx) * 2 == first.sm + second.sm
    got, back = found(first, second), found(second, first)
    assert got.statistic[0] > 1
    assert (got.statistic, got.p_value) == (-back.statistic, back.p_value)
    assert got.prob_higher[0] > 0.9 > 0.1 > back.prob_higher[0]


def test_articles_with_a_miss_are_by_default_as_many_as_there_can_be():
    # Two misses in five articles, six in four: two articles, and all four.
    first, second = sums([10, 10, 9, 10, 9], 10), sums([9, 9, 8, 8], 10)
    known = found(first, second, off=(np.array([2.0]), np.array([4.0])))
    assert found(first, second) == known
    assert found(first, second) != found(first, second, off=(np.array([5.0]), np.array([4.0])))


@pytest.mark.parametrize(("rho0", "ceiling"), [(0.1, 0.5), (0.2, 1.0), (0.5, 1.0)])
def test_the_ceiling_falls_with_the_prior_by_hand(rho0, ceiling):
    # Of long texts rho0 is less: five times as much is the ceiling of rho', and 1 at most.
    rare, other = sums([0, 1, 0, 0], 20), sums([5, 9, 6, 4], 20)
    everyone = pool(rare) + pool(other)
    (rho,) = everyone.rho(np.array(rho0), 4.0)
    w = 1 / (1 + 4)
    assert rho < ceiling
    (got, _), (of_other, _) = _sizes(rare, other, everyone, (rho0, 4.0))
    assert got == pytest.approx(effective(rare, rho + w * (ceiling - rho), 4.0)[0])
    assert of_other == effective(other, rho, 4.0)[0]
