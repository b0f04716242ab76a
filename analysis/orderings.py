"""Which groups are compared, and whether their order holds whatever the way of counting."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.errors import InputError, listing

REST = "rest"
# What may be said of an order that holds in at least this share of the ways of counting; of one
# that holds in less than half of them, nothing.
AGREEMENT = {"nearly_all": 0.95, "most": 0.8, "depends": 0.5}
SPECIFICATION_KEYS = ("cleaning", "unit", "tier", "spelling", "measure", "pooling")


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


def ordering(
    ways: pd.DataFrame, target: str, reference: str | None, difference: float
) -> tuple[int, int, int]:
    """Return in how many ways of counting an ordering holds, of how many, and how many differ.

    The ordering is the one of `difference` (target minus reference, or minus all other groups
    together where it is None); a tie does not hold it. Ways in which neither group has a hit say
    nothing and are left out. The last number is how many give different shares: where an article
    is the only one of its group, say, pooling makes no difference.

    Parameters
    ----------
    ways : pandas.DataFrame
        Specifications of one topic, with a column ``group``.
    target, reference : str, str or None
        The groups.
    difference : float
        Its sign is the ordering.
    """
    keys = [column for column in SPECIFICATION_KEYS if column in ways.columns]
    tops = ways.pivot(index=keys, columns="group", values="top").fillna(0)
    bottoms = ways.pivot(index=keys, columns="group", values="bottom").fillna(0)
    others = [name for name in tops if (name != target if reference is None else name == reference)]
    hits = tops[target] + tops[others].sum(axis=1)
    shares = tops / bottoms.where(bottoms > 0)
    use = hits > 0
    bottom = bottoms[others].sum(axis=1)
    differences = shares[target] - tops[others].sum(axis=1) / bottom.where(bottom > 0)
    holds = differences * np.sign(difference) > 1e-12
    different = len(shares[use].round(12).drop_duplicates())
    return int((holds & use).sum()), int(use.sum()), different


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
    if difference == 0 or np.isnan(difference):
        return float("nan")
    holds, number, _ = ordering(ways, target, reference, difference)
    return holds / number if number else float("nan")
