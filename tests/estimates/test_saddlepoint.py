"""Limits of the bootstrap that are computed instead of drawn."""

import numpy as np
import pytest
from scipy import stats

from analysis.estimates.resampling import kinds_of, percentile_bootstrap, resampled
from analysis.estimates.saddlepoint import is_smooth, percentile


def corpus(number, share=1.0, random=None):
    random = random or np.random.default_rng(4)
    size = random.integers(5, 61, number)
    hits = random.binomial(size, share * random.beta(0.5, 4.5, number))
    return kinds_of(np.column_stack([hits, size, np.ones(number)]).astype(float)).T


@pytest.mark.parametrize("share", [1.0, 0.1, 0.02])
def test_they_are_those_of_many_draws(share):
    hits, size, articles = corpus(6_000, share)
    values = np.column_stack([hits, size])
    sums = np.concatenate([resampled(values, articles, seed) for seed in range(20)])
    drawn = sums[:, 0] / sums[:, 1]
    for level in (0.025, 0.975):
        off = percentile(hits, size, articles, level) - np.quantile(drawn, level)
        assert abs(off) < 0.045 * drawn.std()  # 2,000 draws would be off by .06 or so


@pytest.mark.parametrize("count", [60, 110, 128, 150, 200])
def test_of_articles_of_one_sentence_they_are_those_of_the_binomial(count):
    level = stats.binom.cdf(count, 10_000, 1 / 80)
    limit = percentile(np.array([0.0, 1.0]), np.ones(2), np.array([9_875.0, 125.0]), level)
    # Where whole numbers are spread to either side.
    assert limit * 10_000 == pytest.approx(count + 0.5, abs=0.04)


def test_what_is_few_or_comes_in_lumps_is_drawn():
    many, few = corpus(2_001), corpus(2_000)
    assert is_smooth(*many, 0.95)
    assert not is_smooth(*few, 0.95)
    assert not is_smooth(*many, 0.001)
    lumps = corpus(2_001, share=0.002)
    assert not is_smooth(*lumps, 0.95)
    alike = np.array([[3.0], [20.0], [5_000.0]])
    assert not is_smooth(*alike, 0.95)
    for hits, size, articles in (few, lumps):
        by_seed = [
            percentile_bootstrap(hits[:, None], size[:, None], articles, seed=seed)
            for seed in (1, 2)
        ]
        assert by_seed[0] != by_seed[1]
    hits, size, articles = many
    limits = percentile_bootstrap(hits[:, None], size[:, None], articles, seed=1)
    computed = [percentile(hits, size, articles, level) for level in (0.025, 0.975)]
    assert np.ravel(limits) == pytest.approx(computed)


def test_longer_articles_move_nothing_and_more_articles_narrow_them():
    hits, size, articles = corpus(4_000)
    limits = np.array([percentile(hits, size, articles, level) for level in (0.01, 0.99)])
    longer = [percentile(7 * hits, 7 * size, articles, level) for level in (0.01, 0.99)]
    more = np.array([percentile(hits, size, 4 * articles, level) for level in (0.01, 0.99)])
    assert longer == pytest.approx(limits, rel=1e-9)
    assert np.diff(more) == pytest.approx(np.diff(limits) / 2, rel=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_they_lie_in_order_on_both_sides_of_the_share(seed):
    random = np.random.default_rng(seed)
    hits, size, articles = corpus(3_000, random.uniform(0.02, 1), random)
    levels = [1e-9, 1e-3, 0.1, 0.4, 0.6, 0.9, 0.999, 1 - 1e-9]
    limits = [percentile(hits, size, articles, level) for level in levels]
    assert limits == sorted(limits)
    assert 0 < limits[0] < limits[3] < articles @ hits / (articles @ size) < limits[4]
