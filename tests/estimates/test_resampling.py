"""Leaving one article out, as numbers; the bootstrap and permutations have their own tests."""

import numpy as np
import pytest

from analysis.estimates.resampling import flips, without_each


def side(*pairs):
    return tuple(np.array(pairs, float).T)


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
