import numpy as np
import pytest

from analysis.estimates.intervals import mover, wilson
from analysis.estimates.planning import (
    articles_needed,
    at_most_apart,
    could_have_shown,
)


def test_sixty_five_against_seventy_of_a_hundred():
    sides = [wilson(hits, 100.0, 0.90) for hits in (65.0, 70.0)]
    low, high = mover((0.65, *sides[0]), (0.70, *sides[1]))
    assert (low, high) == pytest.approx((-0.159, 0.059), abs=0.003)
    assert at_most_apart(low, high) == -low


def test_fleiss():
    # .10 against .20, four times in five: 197 a group, 199 with the pooled variance under the null.
    assert articles_needed(0.10, 0.20) == articles_needed(0.20, 0.10) == 197
    pq = 0.15 * 0.85
    z = 1.959964 * np.sqrt(2 * pq) + 0.841621 * np.sqrt(0.1 * 0.9 + 0.2 * 0.8)
    assert np.ceil(z**2 / 0.01) == 199


def test_more_comparisons_longer_articles_and_correlation():
    alone = articles_needed(0.1, 0.2)
    assert articles_needed(0.1, 0.2, comparisons=6) > alone
    assert articles_needed(0.1, 0.2, power=0.9) > alone
    assert articles_needed(0.1, 0.2, sizes=(10, 10)) == 20  # 196.2 / 10
    assert articles_needed(0.1, 0.2, sizes=(10, 10), rho=1.0) == alone
    assert articles_needed(0.1, 0.5, sizes=(10, 10)) == 2 + 2  # few articles: two more


def test_what_could_have_been_shown_is_what_planning_asks_for():
    d = could_have_shown(np.array(0.1), 197.0, 197.0, np.array(1e9))
    assert articles_needed(0.1, 0.1 + float(d)) in (196, 197, 198)
    assert could_have_shown(np.array(0.1), 400.0, 400.0, np.array(1e9)) < d
    assert np.isnan(could_have_shown(np.array(0.9), 3.0, 3.0, np.array(2.0)))
