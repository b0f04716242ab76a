"""Articles drawn again, or left out one by one; `test_permutation` has the permutations."""

import math
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.estimates import resampling
from analysis.estimates.changes import flips, without_each
from analysis.estimates.resampling import percentile_bootstrap, resampled


def test_draws_are_of_articles_with_replacement():
    # Three articles: 27 equally likely draws.
    hits, size = np.array([0.0, 2, 9]), np.array([10.0, 20, 10])
    drawn = [tuple(map(sum, zip(*draw, strict=True))) for draw in
             product(zip(hits, size, strict=True), repeat=3)]  # fmt: skip
    sums = resampled(np.column_stack([hits, size]), np.ones(3), seed=1)
    assert set(map(tuple, sums)) == set(drawn)
    expected = pd.Series(drawn).value_counts() * len(sums) / 27
    observed = pd.Series(list(map(tuple, sums))).value_counts()[expected.index]
    assert stats.chisquare(observed, expected).pvalue > 0.01


def test_counting_alike_articles_once_changes_nothing_but_the_draws():
    hits, size = np.array([[0.0], [2], [9]]), np.array([[10.0], [20], [10]])
    together = percentile_bootstrap(hits, size, np.array([40, 30, 30]))
    apart = percentile_bootstrap(
        *(np.repeat(values, [40, 30, 30], axis=0) for values in (hits, size)), np.ones(100)
    )
    assert np.array(together) == pytest.approx(np.array(apart), abs=0.01)


def test_the_bootstrap_of_scipy_agrees():
    random = np.random.default_rng(3)
    size = random.integers(5, 60, 40).astype(float)
    hits = random.binomial(size.astype(int), random.beta(1, 4, 40)).astype(float)
    known = stats.bootstrap(
        (hits, size),
        lambda x, m, axis: x.sum(axis=axis) / m.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=20_000,
        method="percentile",
        rng=np.random.default_rng(1),
    ).confidence_interval
    low, high = percentile_bootstrap(hits[:, None], size[:, None], np.ones(40))
    assert [low[0], high[0]] == pytest.approx([known.low, known.high], abs=0.006)


def test_many_kinds_of_articles_are_drawn_in_parts(monkeypatch):
    values = np.array([[1.0], [2], [5]])
    whole = resampled(values, np.array([2, 3, 1]))
    monkeypatch.setattr("analysis.estimates.resampling.AT_ONCE", 21)
    np.testing.assert_array_equal(resampled(values, np.array([2, 3, 1])), whole)


def side(*pairs):
    return np.column_stack([pairs, np.ones(len(pairs))])


@pytest.mark.parametrize(
    ("target", "reference", "number"),
    [
        (side((9, 20), (9, 20)), side((1, 20), (1, 20)), 0),
        (side((9, 20), (0, 20)), side((1, 20), (1, 20)), 1),
        (side((9, 20), (1, 20)), side((1, 20), (1, 20)), 1),  # nothing is left
        (side((1, 20), (3, 20)), side((2, 20), (2, 20)), 0),  # no difference, no sign to turn
    ],
)
def test_flips(target, reference, number):
    assert flips(*without_each(target, reference)).sum() == number
    assert flips(*without_each(reference, target)).sum() == number


def test_a_group_without_another_article_has_nothing_without_it():
    difference, without = without_each(side((9, 20), (0, 20)), side((1, 10)))
    assert difference == pytest.approx(0.125)
    assert without == pytest.approx([-0.1, 0.35, np.nan], nan_ok=True)
    assert flips(0.125, np.array([*without, 0.0])).tolist() == [True, False, False, True]


@pytest.mark.parametrize("product", [1, 50, 10**9])
@pytest.mark.parametrize("groups", [2, 3, 6])
def test_sums_of_few_groups_are_those_of_many(monkeypatch, groups, product):
    random = np.random.default_rng(groups)
    labels = random.integers(groups, size=(7, 11)).astype(np.int16)
    articles = random.integers(50, size=(11, 3)).astype(float)
    monkeypatch.setattr(resampling, "PRODUCT", product)
    few = resampling._sums(labels, articles, groups)
    monkeypatch.setattr(resampling, "FEW", 1)
    np.testing.assert_array_equal(few, resampling._sums(labels, articles, groups))


@pytest.mark.parametrize("largest", [50, 5_000, 1 << 30, 0.3])
def test_sums_of_whole_numbers_are_exact_whatever_their_size(largest):
    random = np.random.default_rng(5)
    articles = np.column_stack([random.integers(0, 9, 7_000), random.random(7_000) * largest])
    if largest > 1:
        articles = articles.round()
    labels = random.integers(0, 3, size=(70, 7_000)).astype(np.int8)
    found = resampling._sums_of(labels, 1, articles)
    expected = [[math.fsum(column[row == 1]) for column in articles.T] for row in labels]
    np.testing.assert_allclose(found, expected, rtol=0 if largest > 1 else 1e-12)
