"""Which groups are compared, the ways of counting, and whether an order holds in all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.errors import InputError, listing
from analysis.estimates.intervals import Array
from analysis.estimates.tallies import group_columns

REST = "rest"
# Measures whose denominator is the text itself; composition and article_share ask other
# questions and stay out of the question whether an ordering holds.
TEXT_MEASURES = ("sentence_share", "per_1000_words", "word_share")
# What may be said of an order that holds in at least this share of the ways of counting; of one
# that holds in less than half of them, nothing.
AGREEMENT = {"nearly_all": 0.95, "most": 0.8, "depends": 0.5}
SPECIFICATION_KEYS = ("cleaning", "unit", "tier", "spelling", "measure", "pooling")
# The tops and the bottoms of each group, one element a way of counting.
Sums = tuple[Mapping[str, Array], Mapping[str, Array]]


def pairs_of(names: Sequence[str], reference: str) -> list[tuple[str, str | None]]:
    """Return the comparisons to make: target and reference, None for all the others together.

    Parameters
    ----------
    names : sequence of str
        The groups.
    reference : str
        ``"pairs"``, ``"rest"`` or the name of a group, as for `contrasts`.

    Examples
    --------
    >>> pairs_of(["A", "B", "C"], "pairs")
    [('A', 'B'), ('A', 'C'), ('B', 'C')]
    >>> pairs_of(["A", "B"], "rest"), pairs_of(["A", "B"], "A")
    ([('A', None), ('B', None)], [('B', 'A')])
    """
    if reference == "pairs":
        return list(combinations(names, 2))
    if reference == REST and REST in names:
        raise InputError("a group is called 'rest'", do="rename it, or compare pairs")
    if reference == REST:
        return [(name, None) for name in names] if len(names) > 1 else []
    if reference not in names:
        raise InputError(
            f"reference={reference!r} is not a group",
            do=f"choose 'pairs', 'rest' or one of {listing(names, most=20)}",
        )
    return [(name, reference) for name in names if name != reference]


def ways_of_counting(
    tally: pd.DataFrame, *, measures: Sequence[str] = TEXT_MEASURES
) -> pd.DataFrame:
    """Return every group's estimate by several measures and both ways of pooling.

    Parameters
    ----------
    tally : pandas.DataFrame
        From `tally`.
    measures : sequence of str
        Which measures; by default those whose denominator is the text.

    Returns
    -------
    pandas.DataFrame
        The group columns, ``topic``, ``measure``, ``pooling`` (pooled or article_mean), ``top``
        and ``bottom`` (estimate = top / bottom; both add up over groups), ``estimate``.
    """
    groups = group_columns(tally)
    rows = tally[tally["measure"].isin(measures)]
    articles = rows["articles"].where(rows["size"] > 0, 0)
    shares = (rows["hits"] / rows["size"].where(rows["size"] > 0)).fillna(0.0)
    parts = [
        rows.assign(pooling="pooled", top=rows["hits"] * articles, bottom=rows["size"] * articles),
        rows.assign(pooling="article_mean", top=shares * articles, bottom=articles),
    ]
    keys = [*groups, "topic", "measure", "pooling"]
    ways = pd.concat(parts).groupby(keys, observed=True, sort=True)[["top", "bottom"]].sum()
    ways = ways.reset_index()
    ways["estimate"] = ways["top"] / ways["bottom"].where(ways["bottom"] > 0)
    return ways


def ordering(
    sums: Sums, target: str, reference: str | None, difference: float
) -> tuple[int, int, int]:
    """Return in how many ways of counting an ordering holds, of how many, and how many differ.

    The ordering is the one of `difference` (target minus reference, or minus all other groups
    together where it is None); a tie does not hold it. Ways in which neither group has a hit say
    nothing and are left out. The last number is how many give different shares: where an article
    is the only one of its group, say, pooling makes no difference.

    Parameters
    ----------
    sums : Sums
        From `sums_by_group`.
    target, reference : str, str or None
        The groups.
    difference : float
        Its sign is the ordering.
    """
    holds, use = _holds(sums, target, reference, difference)
    tops, bottoms = sums
    shares = np.stack([_share(tops[name], bottoms[name]) for name in tops], axis=1)[use]
    different = len(np.unique(np.nan_to_num(shares, nan=-1.0).round(12), axis=0))
    return int(holds.sum()), int(use.sum()), different


def sums_by_group(ways: pd.DataFrame) -> Sums:
    """Return the tops and the bottoms of each group, one element a way of counting.

    Parameters
    ----------
    ways : pandas.DataFrame
        Specifications of one topic, with a column ``group``.
    """
    keys = [column for column in SPECIFICATION_KEYS if column in ways.columns]
    wide = ways.pivot(index=keys, columns="group", values=["top", "bottom"]).fillna(0)
    tops, bottoms = (
        {str(name): sums.to_numpy(float) for name, sums in wide[part].items()}
        for part in ("top", "bottom")
    )
    return tops, bottoms


def _holds(
    sums: Sums,
    target: str,
    reference: str | None,
    difference: float,
) -> tuple[np.ndarray, np.ndarray]:
    """In which ways of counting an ordering holds, and which of them say anything."""
    tops, bottoms = sums
    others = [name for name in tops if (name != target if reference is None else name == reference)]
    top, bottom = (np.sum([side[name] for name in others], axis=0) for side in (tops, bottoms))
    use = tops[target] + top > 0
    differences = _share(tops[target], bottoms[target]) - _share(top, bottom)
    return use & (differences * np.sign(difference) > 1e-12), use


def _share(top: Array, bottom: Array) -> Array:
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)


def agreement(holds: int, ways: int) -> str:
    """Return the name in `AGREEMENT` of how far the ways of counting agree on an order.

    Parameters
    ----------
    holds, ways : int
        In how many ways the order holds, of how many; see `ordering`.

    Returns
    -------
    str
        Empty below the lowest share, and where no way says anything.

    Examples
    --------
    >>> agreement(19, 20), agreement(8, 10), agreement(1, 2), agreement(1, 3)
    ('nearly_all', 'most', 'depends', '')
    """
    return next((name for name, least in AGREEMENT.items() if ways and holds / ways >= least), "")


def ordering_share(
    ways: pd.DataFrame, target: str, reference: str | None, difference: float
) -> float:
    """Return the share of the ways of counting in which an ordering holds; see `ordering`.

    NaN when there is no difference to hold.
    """
    return ordering_shares(ways, [(target, reference)], [difference])[0]


def ordering_shares(
    ways: pd.DataFrame, pairs: Sequence[tuple[str, str | None]], differences: Sequence[float]
) -> list[float]:
    """Return `ordering_share` of many pairs of groups: the same as one by one, and sooner."""
    sums = sums_by_group(ways)
    shares = []
    for pair, difference in zip(pairs, differences, strict=True):
        holds, use = _holds(sums, *pair, difference)
        known = difference != 0 and not np.isnan(difference) and use.any()
        shares.append(float(holds.sum() / use.sum()) if known else float("nan"))
    return shares
