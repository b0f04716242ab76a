"""The permutation test: worked values, and what must not matter."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.permutation import permutation_test

VECTORS = json.loads((Path(__file__).parent / "reference/vectors.json").read_text("utf-8"))


def groups(*shares):
    """Articles of ten units each, group by group."""
    return [np.array(group, float) for group in shares], [np.full(len(g), 10.0) for g in shares]


def test_omnibus():
    assert VECTORS["permutation"]["omnibus_2111"].endswith("1/10")
    hits, size = groups([9, 9], [0], [1], [2])
    assert permutation_test(hits, size) == (0.1, 0.1)
    assert permutation_test(hits[::-1], size[::-1]) == (0.1, 0.1)


def test_equal_groups_are_never_extreme():
    assert permutation_test(*groups([1, 2], [1, 2], [1, 2]))[0] == 1


def test_one_group_or_an_empty_one_has_no_test():
    assert np.isnan(permutation_test(*groups([1, 2]))).all()
    assert np.isnan(permutation_test(*groups([1, 2], []))).all()


def test_drawn_at_random_neither_order_matters():
    random = np.random.default_rng(1)
    hits = [random.integers(0, 9, number).astype(float) for number in (30, 20)]
    size = [np.full(30, 10.0), np.full(20, 10.0)]
    p, smallest = permutation_test(hits, size, seed=3)
    assert smallest == pytest.approx(1e-4)
    assert permutation_test(hits[::-1], size[::-1], seed=3)[0] == p
    assert permutation_test([hits[0][::-1], hits[1]], size, seed=3)[0] == p
    assert permutation_test(hits, size, seed=4)[0] != p
