"""The contracts of measures as a check: of keyness, of similarity and of emphasis."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import check_choice, hold
from analysis.estimates.intervals import Array
from analysis.estimates.measures import Measure
from analysis.words.association import Association

CASES = 300  # tables, the same ones each time


def check_measure(measure: Any, *, kind: str = "keyness") -> None:
    """Raise an AssertionError unless a measure keeps the contract of its kind.

    The contracts stand at the top of `analysis.words.association` (keyness), of
    `analysis.words.distances` (similarity) and of `analysis.estimates.measures` (emphasis). They
    are tried on three hundred tables, the same ones each time.

    Parameters
    ----------
    measure : callable or Measure
        What `keyness` or `similarity` takes as ``measure=``, or an entry for `MEASURES`.
    kind : {"keyness", "similarity", "emphasis"}
        What it measures.

    Raises
    ------
    AssertionError
        Saying which part of the contract the measure breaks.

    Examples
    --------
    >>> check_measure(lambda y1, n1, y2, n2, prior: y1 / n1 - y2 / n2)
    >>> check_measure(lambda p, q: abs(p - q).sum(axis=-1) / 2, kind="similarity")
    >>> check_measure(lambda p, q: abs(p - q).sum(axis=-1), kind="similarity")
    Traceback (most recent call last):
    AssertionError: the contract is broken: it does not lie between 0 and 1
    """
    check_choice(kind, _KINDS, "kind", "kind of measure")
    dice = np.random.default_rng(0)
    for _ in range(CASES):
        _KINDS[kind](measure, dice)


def _keyness(measure: Any, dice: np.random.Generator) -> None:
    words = int(dice.integers(2, 6))
    y1, y2 = (dice.integers(0, 50, words).astype(float) for _ in range(2))
    y2[y1 + y2 == 0] = 1
    n1, n2 = (float(y.sum() + dice.integers(2, 5000)) for y in (y1, y2))
    prior = np.full(words, 0.5)
    found = _association(measure(y1, n1, y2, n2, prior), words)
    for name, numbers in found._asdict().items():
        finite = numbers is None or bool(np.isfinite(numbers).all())
        hold(finite, f"its {name} is not finite")
    if found.p_value is not None:
        hold(
            bool(((found.p_value >= 0) & (found.p_value <= 1)).all()),
            "a p-value is not between 0 and 1",
        )
    more = y1.copy()
    more[0] += 1  # one use more, in place of another word
    again = _association(measure(more, n1, y2, n2, prior), words)
    hold(
        again.estimate[0] >= found.estimate[0] - 1e-9,
        "using a word once more makes its estimate smaller",
    )


def _association(found: Association | Array, words: int) -> Association:
    given = found if isinstance(found, Association) else Association(np.asarray(found, float))
    hold(given.estimate.shape == (words,), "it does not give one number a word")
    return given


def _similarity(measure: Any, dice: np.random.Generator) -> None:
    counts = dice.integers(0, 20, (2, 3, 5)).astype(float)
    counts[..., 0] += 1
    p, q = counts / counts.sum(axis=-1, keepdims=True)
    found = np.asarray(measure(p, q))
    hold(found.shape == (3,), "it does not give one number a pair of profiles")
    hold(bool(((found >= 0) & (found <= 1)).all()), "it does not lie between 0 and 1")
    hold(np.allclose(found, measure(q, p), atol=1e-12), "it is not symmetric")
    own = np.concatenate([measure(p, p), measure(q, q)])
    hold(bool(np.ptp(own) < 1e-7), "a profile and itself are not always as alike")


def _emphasis(measure: Measure, dice: np.random.Generator) -> None:
    rows = 8
    sentences, spread = dice.integers(0, 30, rows), dice.random((2, rows))
    words = sentences * 12
    coded = (sentences * spread[0]).astype(int)
    matches = coded + (coded * spread[1]).astype(int)
    sums = pd.DataFrame(
        {
            "sentences": sentences,
            "coded": coded,
            "words": words,
            "matches": matches,
            "matched_words": matches * 2,
            "all_matches": matches + dice.integers(0, 9, rows),
        }
    )
    hits, size = measure.hits(sums), measure.size(sums)
    for numbers in (hits, size):
        hold(numbers.dtype.kind == "i", "hits and size are no integers")
    hold(bool(((hits >= 0) & (hits <= size)).all()), "there are more hits than units")
    halves = [measure.hits(half) for half in (sums[:4], sums[4:])]
    hold(pd.concat(halves).equals(hits), "an article's hits depend on other articles")
    nothing = sums.assign(coded=0, matches=0, matched_words=0)
    hold(not measure.hits(nothing).any(), "it has hits where nothing matched")


_KINDS = {"keyness": _keyness, "similarity": _similarity, "emphasis": _emphasis}
