"""How evenly articles use each word, from many counts: some of them at a time."""

from __future__ import annotations

import numpy as np

_CELLS = 1 << 18  # that are held as floating-point numbers at a time


def sums_of(of: np.ndarray, uses: np.ndarray | None = None) -> np.ndarray:
    """What `np.bincount` gives of numbers and whole weights; it copies both, so some at a time."""
    sums = np.zeros(int(of.max()) + 1)
    for start in range(0, len(of), _CELLS):
        part = slice(start, start + _CELLS)
        sums += np.bincount(of[part], None if uses is None else uses[part], len(sums))
    return sums


def dispersion(
    uses: np.ndarray, article: np.ndarray, group: np.ndarray, feature: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gries' DP and DPnorm of every feature of every group, as `intervals.gries_dp` has them.

    An element is how often an article uses a feature; the numbers of the article, group, feature.
    """
    text, hits, words = (sums_of(of, uses) for of in (group, feature, article))
    least = np.full(len(text), np.inf)
    of_article = np.zeros(len(words), dtype=np.int64)
    of_article[article] = group
    used = words > 0
    np.minimum.at(least, of_article[used], words[used])
    # DP = 1/2 sum |x_d/Sx - m_d/Sm|. An article without the word adds m_d/Sm, so the sum is 1 and
    # what the others add beyond that. Times Sx Sm all is whole: no machine rounds it differently,
    # and parts may be added one after the other, which takes less memory.
    beyond = np.zeros(len(hits))
    for start in range(0, len(uses), _CELLS):
        part = slice(start, start + _CELLS)
        as_text = words[article[part]] * hits[feature[part]]
        apart = np.abs(uses[part] * text[group[part]] - as_text) - as_text
        beyond += np.bincount(feature[part], apart, len(hits))
    group_of = np.zeros(len(hits), dtype=np.int64)
    group_of[feature] = group
    apart, text, least = beyond + hits * text[group_of], text[group_of], least[group_of]
    others = np.where(text > least, text - least, np.nan)  # one article has no DPnorm
    return apart / (2 * hits * text), apart / (2 * hits * others)
