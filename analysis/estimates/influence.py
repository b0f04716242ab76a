"""What one article does to a contrast: each left out in turn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of, group_labels
from analysis.errors import check_choice
from analysis.estimates.intervals import Array
from analysis.estimates.orderings import REST, pairs_of
from analysis.estimates.shares import of_measure
from analysis.estimates.tallies import MEASURES, tally

Side = tuple[Array, Array]  # hits and sizes, one element an article


def without_each(target: Side, reference: Side) -> tuple[float, Array]:
    """Return a difference of pooled shares, and what it is without each article in turn.

    Those of the target come first. NaN where a group would be left without an article.

    Examples
    --------
    >>> one, two = (np.array([9.0, 0.0]), np.array([20.0, 20.0])), (np.ones(1), np.full(1, 10.0))
    >>> without_each(one, two)[1]
    array([-0.1 ,  0.35,   nan])
    """

    def shares(hits: Array, size: Array) -> tuple[float, Array]:
        left = size.sum() - size
        without = np.full(len(size), np.nan)
        np.divide(hits.sum() - hits, left, out=without, where=left > 0)
        return hits.sum() / size.sum(), without

    (first, without_first), (second, without_second) = shares(*target), shares(*reference)
    return first - second, np.concatenate([without_first - second, first - without_second])


def flips(difference: float | Array, without: Array) -> np.ndarray:
    """Return which differences are turned round, or brought to nothing.

    Examples
    --------
    >>> flips(0.125, np.array([-0.1, 0.35, 0.0, np.nan])).tolist()
    [True, False, True, False]
    """
    # Rounded, so that shares that are equal on paper are equal here.
    sign, sign_without = np.sign(np.round(difference, 12)), np.sign(np.round(without, 12))
    # No difference has no sign to turn.
    return np.asarray((np.abs(sign) == 1) & (sign_without != sign) & ~np.isnan(without))


def leave_one_out(
    codes: pd.DataFrame,
    by: str | Sequence[str],
    *,
    reference: str = "pairs",
    measure: str = "sentence_share",
    cluster: str = "doc_id",
) -> pd.DataFrame:
    """Return every contrast without each of its articles in turn, and which turn it round.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.
    by, cluster : str or list of str, str
        As for `tally`; `cluster` names what is left out: an article, or all of an outlet.
    reference, measure : str
        As for `contrasts`.

    Returns
    -------
    pandas.DataFrame
        A row a topic, pair of groups and article of either: ``topic``, ``target``, ``reference``,
        ``left_out`` (what), ``group`` (whose), ``hits`` and ``size`` (its own), ``difference``
        (target minus reference, of all articles), ``difference_without`` (NaN where its group has
        no other text) and ``flips``: whether the sign turns, or nothing is left of it. A contrast
        without any hit is left out, and so is an article without text.

    Notes
    -----
    `contrasts` says ``supported`` only where no row flips; ``sign_flips`` there is the number of
    those that do. What an article does to the estimate of its own group: `leave_one_article_out`.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b", "c"], "party": ["Green", "Green", "Red"],
    ...     "text": ["Wind pays. Wind grows.", "Coal falls. Coal pays.", "Wind. Coal. Gas. Oil."]})
    >>> table = codes(sentences(texts), Dictionary("energy", (Topic("wind", ("wind",)),)))
    >>> leave_one_out(table, by="party")[["left_out", "difference", "difference_without", "flips"]]
      left_out  difference  difference_without  flips
    0        a        0.25               -0.25   True
    1        b        0.25                0.75  False
    2        c        0.25                 NaN  False
    """
    check_choice(measure, MEASURES, "measure", "measure of emphasis")
    groups = columns_of(by)
    named = codes.assign(left_out=codes[cluster])
    # Each article is a group of its own, so that the tally keeps its name.
    rows = of_measure(tally(named, [*groups, "left_out"], cluster=cluster), measure)
    rows = rows.assign(group=group_labels(rows, groups))[rows["size"] > 0]
    parts = [pd.DataFrame(columns=_COLUMNS)]
    for topic, part in rows.groupby("topic"):
        for target, other in pairs_of(sorted(part["group"].unique()), reference):
            others = part["group"] != target if other is None else part["group"] == other
            sides = [part[part["group"] == target], part[others]]
            both = pd.concat(sides)
            if not both["hits"].any():
                continue
            first, second = (
                (side["hits"].to_numpy(float), side["size"].to_numpy(float)) for side in sides
            )
            difference, without = without_each(first, second)
            scale = MEASURES[measure].scale
            row = both.assign(
                topic=topic,
                target=target,
                reference=other or REST,
                difference=difference * scale,
                difference_without=without * scale,
                flips=flips(difference, without),
            )
            parts.append(row[_COLUMNS])
    return pd.concat(parts[1:] or parts, ignore_index=True)


_COLUMNS = [
    *("topic", "target", "reference", "left_out", "group", "hits", "size"),
    *("difference", "difference_without", "flips"),
]
