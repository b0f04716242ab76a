"""Whether emphasis changes over time: period by period, and the slope through the periods.

Everything is computed from a tally (see `analysis.estimates.tallies`), never from text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, check_columns, listing
from analysis.estimates.intervals import holm
from analysis.estimates.prior import DEFAULT_PRIOR, Prior
from analysis.estimates.shares import emphasis
from analysis.estimates.slopes import FEWEST_ARTICLES, FEWEST_PERIODS, slope
from analysis.estimates.tallies import Tally, as_tally, merge
from analysis.io.results import Result

_DIGITS = {"year": 4, "month": 7}
_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")


def trend(
    tally: Tally | pd.DataFrame,
    period: str,
    *,
    order: str | Sequence[Any] = "year",
    measure: str = "sentence_share",
    conf_level: float = 0.95,
    prior: Prior = DEFAULT_PRIOR,
) -> Result:
    """Return the emphasis of every group and topic in each period, and its slope over them.

    Parameters
    ----------
    tally : Tally
        From `tally`, with `period` among its group columns; the others form the groups.
    period : str
        The column that says when.
    order : {"year", "month"} or sequence
        Dates (2021, 2021-03 or 2021-03-05) are cut to years or months; or the values of the
        column in their order, evenly spaced: legislatures, say.
    measure : str
        One of `MEASURES`.
    conf_level : float
        Level of the limits.
    prior : Prior
        As for `emphasis`.

    Returns
    -------
    Result
        Keys: the group columns, ``topic`` and `period`. A row a period, also one without articles
        between the first and the last (``status`` is ``no_data`` then and ``estimate`` missing,
        never 0): ``articles``, ``hits``, ``size``, ``estimate``, ``conf_low``, ``conf_high``,
        ``status`` as of `emphasis`. The slope, the same in all rows of a group and topic:
        ``slope`` in logits a period, ``slope_std_error``, ``slope_low``, ``slope_high``,
        ``slope_statistic``, ``slope_df``, ``slope_p_value``, ``slope_p_holm`` (over all slopes of
        this table), ``slope_first`` and ``slope_last``, the fitted shares of the first and the
        last period, ``slope_change_low`` and ``slope_change_high``, limits of their difference,
        ``slope_status`` (``estimated`` or ``not_estimable``) and ``slope_reason``,
        why it is not: fewer than four periods, fewer than five articles in a period from the
        group's first to its last, or no hit at all. Periods differ by themselves, so the standard
        error is that of the articles times the residual spread of the periods, if above 1.

    Raises
    ------
    InputError
        If `period` forms no groups of the tally, or a value is no date, or is not in `order`.

    Examples
    --------
    >>> table = pd.DataFrame({"party": "Green", "day": ["2018", "2019-03-01", "2020", "2021-08"],
    ...     "measure": "sentence_share", "topic": "wind", "hits": [1, 2, 4, 8], "size": 20,
    ...     "articles": [5, 5, 6, 5]})
    >>> result = trend(table, period="day").to_frame()
    >>> result["day"].to_list(), result["estimate"].to_list()
    (['2018', '2019', '2020', '2021'], [0.05, 0.1, 0.2, 0.4])
    >>> result[["slope", "slope_std_error", "slope_df"]].iloc[0].astype(float).round(2).to_list()
    [0.86, 0.14, 2.0]
    """
    tally = as_tally(tally)
    check_columns(tally.table, [period], "tally")
    if period not in tally.by:
        raise InputError(
            f"{period!r} forms no groups of the tally",
            do=f"make the tally by it as well: by={[*tally.by, period]}",
        )
    groups = [column for column in tally.by if column != period]
    values, names = _periods(tally.table[period], period, order)
    cut = merge(replace(tally, table=tally.table.assign(**{period: values})))
    shares = emphasis(cut, measure=measure, conf_level=conf_level, prior=prior)
    rows = cut.of(measure)
    keys = [*groups, "topic", period]
    counted = rows["articles"].where(rows["size"] > 0, 0)
    counted = counted.groupby([rows[key] for key in keys], observed=True).sum()
    cells = shares.to_frame().drop(columns="articles")
    cells = cells.merge(counted.reset_index(name="articles"), on=keys)
    table = _with_empty_periods(cells, groups, period, names)
    parts = [
        part.assign(**_slope(part, period, names, conf_level))
        for _, part in table.groupby([*groups, "topic"], observed=True, sort=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    slopes = table.drop_duplicates([*groups, "topic"])
    adjusted = pd.Series(holm(slopes["slope_p_value"].to_numpy(float)), slopes.index)
    table["slope_p_holm"] = adjusted.reindex(table.index).ffill().where(table["slope"].notna())
    table["measure"] = measure
    provenance = tally.provenance(
        "trend",
        **{"period": period, "measure": measure, "periods": names, "conf_level": conf_level},
        prior=asdict(prior),
    )
    return Result(table[[*keys, *_COLUMNS]], tuple(keys), provenance)


_COLUMNS = [
    *("articles", "hits", "size", "estimate", "conf_low", "conf_high", "status"),
    *("slope", "slope_std_error", "slope_low", "slope_high", "slope_statistic", "slope_df"),
    *("slope_p_value", "slope_p_holm", "slope_first", "slope_last"),
    *("slope_change_low", "slope_change_high"),
    *("slope_status", "slope_reason", "measure"),
]


def _periods(
    values: pd.Series, period: str, order: str | Sequence[Any]
) -> tuple[pd.Series, list[str]]:
    """The period of each row, and all periods in order, empty ones between them too."""
    if not isinstance(order, str):
        names = [str(name) for name in order]
        values = values.astype(str)
        if unknown := sorted({*values} - {*names}):
            raise InputError(
                f"{period!r} is {unknown[0]!r}, which is not in the order given",
                do=f"the order is {listing(names)}",
            )
        return values, names
    if order not in _DIGITS:
        raise InputError(
            f"order={order!r} is no way of cutting dates",
            do=f"choose {' or '.join(_DIGITS)}, or list the values of {period!r} in their order",
        )
    digits, texts = _DIGITS[order], values.astype(str)
    for text in texts.unique():
        if not _DATE.fullmatch(text) or len(text) < digits:
            raise InputError(
                f"{period!r} is {text!r}, which has no {order}",
                do="write YYYY-MM-DD, leave the article out, or list the values in their order",
            )
    cut = texts.str[:digits]
    every = np.arange(np.datetime64(cut.min()), np.datetime64(cut.max()) + 1)
    return cut, [str(one) for one in every]


def _with_empty_periods(
    cells: pd.DataFrame, groups: Sequence[str], period: str, names: Sequence[str]
) -> pd.DataFrame:
    """A row for every period of every group and topic, in the order of the periods."""
    own = cells[[*groups, "topic"]].drop_duplicates()
    every = own.merge(pd.DataFrame({period: names}), how="cross")
    table = every.merge(cells, on=[*groups, "topic", period], how="left")
    for column in ("articles", "hits", "size"):
        table[column] = table[column].fillna(0).astype(np.int64)
    table["status"] = table["status"].where(table["size"] > 0, "no_data")
    return table


def _slope(
    rows: pd.DataFrame, period: str, names: Sequence[str], conf_level: float
) -> dict[str, Any]:
    """The columns of the slope of one group on one topic."""
    rows = rows.assign(p=rows["hits"] / rows["size"].where(rows["size"] > 0))
    place = rows[period].map({name: number for number, name in enumerate(names)})
    with_text = place[rows["size"] > 0]
    between = rows[place.between(with_text.min(), with_text.max())]
    few = between[between["articles"] < FEWEST_ARTICLES]
    reason = ""
    if len(few):
        one = few.iloc[0]
        needed = f"{FEWEST_ARTICLES} articles each period needs"
        reason = f"{one[period]} has {one['articles']} of the {needed}"
    elif len(between) < FEWEST_PERIODS:
        reason = "fewer than four periods"
    elif not between["hits"].any():
        reason = "no hit in any period"
    if reason:
        missing = dict.fromkeys(_SLOPE, np.nan)
        return missing | {"slope_status": "not_estimable", "slope_reason": reason}
    time, p, n_eff = between.assign(time=place)[["time", "p", "n_eff"]].to_numpy(float).T
    found = slope(time, p, n_eff, conf_level=conf_level)
    named = {
        "slope": found.slope,
        "slope_std_error": found.std_error,
        "slope_low": found.low,
        "slope_high": found.high,
        "slope_statistic": found.slope / found.std_error,
        "slope_df": found.df,
        "slope_p_value": found.p_value,
        "slope_first": found.first,
        "slope_last": found.last,
        "slope_change_low": found.change_low,
        "slope_change_high": found.change_high,
    }
    numbers = {name: float(value) for name, value in named.items()}
    return numbers | {"slope_status": "estimated", "slope_reason": ""}


_SLOPE = [
    *("slope", "slope_std_error", "slope_low", "slope_high", "slope_statistic", "slope_df"),
    *("slope_p_value", "slope_first", "slope_last", "slope_change_low", "slope_change_high"),
]
