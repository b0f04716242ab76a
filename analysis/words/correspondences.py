"""Correspondence analysis: groups and features on one map."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.estimates.intervals import Array
from analysis.io.results import Result
from analysis.words.profiles import group_profiles

ZERO = 1e-10  # a singular value that is rounding


def correspondence(table: pd.DataFrame, *, dimensions: int = 2) -> Result:
    """Return the correspondence analysis of groups and features, a row a point and dimension.

    Parameters
    ----------
    table : pandas.DataFrame
        From `counts` (words) or `tally` (topics, by their matches).
    dimensions : int
        How many to return, those of most inertia first. There are no more than groups, or
        features, less one: two groups have one.

    Returns
    -------
    Result
        Keys ``kind`` (group or feature), ``name``, ``dimension``. ``standard`` and ``principal``
        are coordinates: of mean square 1, and that times the dimension's singular value.
        ``mass`` is the point's share of all counts, ``contribution`` its share of the dimension's
        inertia, ``quality`` the share of the point's inertia that the dimension shows (cos2).
        ``inertia`` is the dimension's, ``inertia_share`` its share of the whole, which is
        chi-square over the number of counts. ``status`` is ``not_estimable`` for a point without
        a count, else ``estimated``.

    Notes
    -----
    It describes these articles; there is no interval. A rare word that one group alone uses lies
    far out. The sign of a dimension means nothing: the first group that is not at 0 is positive.

    Greenacre (1984), Theory and Applications of Correspondence Analysis; the steps are those of
    Greenacre (2017), Correspondence Analysis in Practice, 3rd ed., appendix A.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Red", "Red"], "feature": ["sun", "sun", "coal"],
    ...                       "count": [3, 1, 2], "articles": [1, 1, 1]})
    >>> correspondence(table).to_frame()[["kind", "name", "principal", "contribution"]].round(3)
          kind   name  principal  contribution
    0    group  Green      0.707         0.500
    1    group    Red     -0.707         0.500
    2  feature   coal     -1.000         0.667
    3  feature    sun      0.500         0.333
    """
    if dimensions < 1:
        raise InputError(f"dimensions={dimensions!r} shows nothing", do="ask for 1 or more")
    wide = group_profiles(table).T
    counts = wide.to_numpy(float)
    rows, columns = counts.sum(axis=1) > 0, counts.sum(axis=0) > 0
    for number, noun in ((rows.sum(), "groups"), (columns.sum(), "features")):
        if number < 2:
            raise InputError(f"fewer than two {noun} have a count", do=f"add {noun}")
    shares = counts[np.ix_(rows, columns)] / counts.sum()
    row_mass, column_mass = shares.sum(axis=1), shares.sum(axis=0)
    expected = np.outer(row_mass, column_mass)
    residuals = (shares - expected) / np.sqrt(expected)
    left, singular, right = np.linalg.svd(residuals, full_matrices=False)
    inertia = singular**2
    kept = min(int(np.count_nonzero(singular > ZERO)), dimensions)
    if kept == 0:
        raise InputError("all groups have the same shares", do="there is no difference to map")
    left, right = left[:, :kept], right[:kept].T
    first = np.argmax(np.abs(left) > ZERO, axis=0)
    signs = np.sign(left[first, np.arange(kept)])
    sides = [
        (wide.index, rows, row_mass, left * signs),
        (wide.columns, columns, column_mass, right * signs),
    ]
    points = [
        _points(*side, inertia=inertia, whole=(residuals**2).sum(axis=axis))
        for side, axis in zip(sides, (1, 0), strict=True)
    ]
    result = pd.concat(points, keys=["group", "feature"], names=["kind"]).reset_index("kind")
    result = result.sort_values("dimension", kind="stable").reset_index(drop=True)
    keys = ("kind", "name", "dimension")
    return Result(result, keys, {"function": "correspondence", "dimensions": dimensions})


def _points(
    names: pd.Index, use: Array, mass: Array, vectors: Array, *, inertia: Array, whole: Array
) -> pd.DataFrame:
    """One kind of points, dimension after dimension; those not in `use` have no place."""
    kept = vectors.shape[1]
    standard = vectors / np.sqrt(mass)[:, None]
    # A point at the very middle has no inertia of which a dimension could show a share.
    whole = np.where(whole > ZERO**2, whole, np.nan)[:, None]

    def column(values: Array) -> Array:
        filled = np.full((len(names), kept), np.nan)
        filled[use] = values
        return filled.ravel(order="F")

    return pd.DataFrame(
        {
            "name": np.tile(names, kept),
            "dimension": np.repeat(np.arange(kept) + 1, len(names)),
            "standard": column(standard),
            "principal": column(standard * np.sqrt(inertia[:kept])),
            "mass": np.nan_to_num(column(np.broadcast_to(mass[:, None], vectors.shape))),
            "contribution": column(vectors**2),
            "quality": column(inertia[:kept] * vectors**2 / whole),
            "inertia": np.repeat(inertia[:kept], len(names)),
            "inertia_share": np.repeat(inertia[:kept] / inertia.sum(), len(names)),
            "status": np.tile(np.where(use, "estimated", "not_estimable"), kept),
        }
    )
