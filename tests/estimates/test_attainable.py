from itertools import combinations

import numpy as np
import pytest

from analysis.estimates.attainable import attainable_p


def statistics(hits, size, numbers):
    here = np.array(
        [np.isin(np.arange(len(hits)), one) for one in combinations(range(len(hits)), numbers)]
    )
    for some in np.array_split(here, 7):
        x, m = some @ hits, some @ size
        yield np.abs(x / m - (hits.sum() - x) / (size.sum() - m))[:, None]


def test_two_articles_that_mention_it_in_five_against_five():
    hits = np.array([4, 4, 0, 0, 0, 0, 0, 0, 0, 0])
    assert attainable_p(statistics(hits, np.full(10, 20), 5)) == pytest.approx([112 / 252])
    assert round(112 / 252, 3) == 0.444


def test_every_article_its_own_share():
    assert attainable_p(statistics(np.arange(10) ** 2, np.full(10, 99), 5)) == 2 / 252


def test_by_brute_force():
    random = np.random.default_rng(0)
    for _ in range(20):
        hits, size = random.integers(0, 3, 7), random.integers(3, 6, 7)
        spread = []
        for chosen in combinations(range(7), 3):
            here = np.isin(np.arange(7), chosen)
            spread.append(
                abs(hits[here].sum() / size[here].sum() - hits[~here].sum() / size[~here].sum())
            )
        expected = np.mean(np.array(spread) >= max(spread) - 1e-12)
        blocks = list(statistics(hits, size, 3))
        halves = [part for block in blocks for part in np.array_split(block, 5)]
        assert attainable_p(halves) == pytest.approx([expected])
