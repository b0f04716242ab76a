"""Whether two groups differ, and what may be said of it.

Everything is computed from a tally (see `analysis.counting`), never from text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.counting import MEASURES, TALLY_COLUMNS, group_columns
from analysis.errors import InputError, check_choice, check_columns, check_conf_level, listing
from analysis.estimation import (
    estimate,
    moments_of,
    of_measure,
    sums_of,
    ways_of_counting,
)
from analysis.intervals import holm, intra_article_correlation, logit_contrast, mover
from analysis.orderings import ordering_share
from analysis.permutation import permutation_test
from analysis.results import Result
from analysis.variables import group_labels

REST = "rest"


def contrasts(
    tally: pd.DataFrame,
    reference: str = "pairs",
    measure: str = "sentence_share",
    conf_level: float = 0.95,
    specifications: pd.DataFrame | None = None,
    seed: int = 0,
) -> Result:
    """Return the difference between groups on every topic, and what may be said of it.

    Parameters
    ----------
    tally : pandas.DataFrame
        From `tally`.
    reference : str
        ``"pairs"``: every pair of groups; ``"rest"``: each group against all others together; or
        the name of one group, which all others are compared with; of several columns, their
        values as ``"Israel, VNA"``.
    measure : str
        One of `MEASURES`.
    conf_level : float
        Level of the limits.
    specifications : pandas.DataFrame, optional
        From `specifications`: the ways of counting in which an ordering has to hold. By default
        those that the tally itself offers (`ways_of_counting`).
    seed : int
        For the permutation test, when there are too many splits to enumerate.

    Returns
    -------
    Result
        Keys ``topic``, ``target``, ``reference``. ``estimate`` is target minus reference with
        MOVER limits; ``statistic``, ``df``, ``p_value`` the logit test on effective sample
        sizes, ``p_holm`` adjusted over all rows of this table, ``prob_higher`` the probability
        that the target is higher; ``permutation_p`` and the smallest it could be,
        ``permutation_p_min``; ``ordering_share``, the share of the specifications in which the
        ordering holds (a tie does not; those without a hit in either group are left out);
        ``status``:

        - ``not_estimable``: a group has no text;
        - ``absent_in_both``: no hit in either;
        - ``not_distinguishable``: one article in a group, or the conditions below fail;
        - ``suggestive``: 2 to 4 articles in the smaller group, Holm p <= 1 - conf_level, the
          limits exclude 0 and the ordering holds in .9 of the specifications;
        - ``supported``: the same with 5 articles in each, and no single article flips the sign.

    Notes
    -----
    Whether groups differ in outlet or period as well is not known to a tally: a ``supported``
    row carries the warning ``confounding_not_checked``.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Red"], "measure": ["sentence_share"] * 2,
    ...     "topic": ["wind"] * 2, "hits": [7, 2], "size": [23, 15], "articles": [1, 1]})
    >>> contrasts(table).to_frame()[["target", "reference", "permutation_p_min", "status"]]
      target reference  permutation_p_min               status
    0  Green       Red                1.0  not_distinguishable
    """
    check_columns(tally, TALLY_COLUMNS, "tally")
    check_choice(measure, MEASURES, "measure", "measure of emphasis")
    check_conf_level(conf_level)
    groups = group_columns(tally)
    rows = of_measure(tally, measure)
    rows = rows.assign(group=group_labels(rows, groups)).drop(columns=groups)
    ways = ways_of_counting(tally) if specifications is None else specifications
    ways = ways.assign(group=group_labels(ways, groups))
    names = sorted(rows["group"].unique())
    pairs = _pairs(names, reference)
    topics = [
        _topic_contrasts(part, str(topic), pairs, conf_level, ways, seed)
        for topic, part in rows.groupby("topic")
    ]
    table = pd.DataFrame([row for topic in topics for row in topic], columns=_CONTRAST_COLUMNS)
    numbers = table.columns.difference(["topic", "target", "reference", "sign_flips"])
    table[numbers] = table[numbers].apply(pd.to_numeric)  # also when there is nothing to compare
    for column in ("estimate", "conf_low", "conf_high"):
        table[column] = table[column] * MEASURES[measure].scale
    table["p_holm"] = holm(table["p_value"].to_numpy(float))
    for column, names in zip(("status", "warnings"), _ladder(table, 1 - conf_level), strict=True):
        table[column] = pd.Series(names, dtype=str)
    table["measure"] = measure
    return Result(
        table.drop(columns="sign_flips"),
        ("topic", "target", "reference"),
        {
            "function": "contrasts",
            "reference": reference,
            "measure": measure,
            "conf_level": conf_level,
            "seed": seed,
        },
    )


_CONTRAST_COLUMNS = [
    "topic",
    "target",
    "reference",
    "hits_target",
    "size_target",
    "articles_target",
    "hits_reference",
    "size_reference",
    "articles_reference",
    "estimate",
    "conf_low",
    "conf_high",
    "statistic",
    "df",
    "p_value",
    "p_holm",
    "prob_higher",
    "permutation_p",
    "permutation_p_min",
    "ordering_share",
    "sign_flips",
    "status",
    "warnings",
]


def _pairs(names: Sequence[str], reference: str) -> list[tuple[str, str | None]]:
    """The comparisons to make: target and reference, None for all the others together."""
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


def _topic_contrasts(
    rows: pd.DataFrame,
    topic: str,
    pairs: Sequence[tuple[str, str | None]],
    conf_level: float,
    ways: pd.DataFrame,
    seed: int,
) -> list[dict[str, Any]]:
    sums = sums_of(rows, ["group"])
    rho, _ = intra_article_correlation(moments_of(sums))
    pooled = sums["sx"].sum() / sums["sm"].sum() if sums["sm"].sum() else np.nan
    ways = ways[ways["topic"] == topic]
    table = []
    for target, reference in pairs:
        others = rows["group"] != target if reference is None else rows["group"] == reference
        sides = [rows[rows["group"] == target], rows[others].assign(group=reference or REST)]
        first, second = (
            estimate(sums_of(side, ["group"]), conf_level, rho).iloc[0] for side in sides
        )
        row: dict[str, Any] = {
            "topic": topic,
            "target": target,
            "reference": reference or REST,
            "hits_target": int(first["sx"]),
            "size_target": int(first["sm"]),
            "articles_target": int(first["n"]),
            "hits_reference": int(second["sx"]),
            "size_reference": int(second["sm"]),
            "articles_reference": int(second["n"]),
        }
        if first["sm"] and second["sm"]:
            row |= _compare(first, second, pooled)
            units = [_expand(side) for side in sides]
            hits, sizes = zip(*units, strict=True)
            p, smallest = permutation_test(hits, sizes, seed=seed)
            row |= {"permutation_p": p, "permutation_p_min": smallest}
            row["sign_flips"] = _sign_flips(units[0], units[1])
            row["ordering_share"] = ordering_share(ways, target, reference, row["estimate"])
        table.append(row)
    return table


def _compare(first: pd.Series, second: pd.Series, pooled: float) -> dict[str, float]:
    low, high = mover(
        first["p"], first["low"], first["high"], second["p"], second["low"], second["high"]
    )
    test = logit_contrast(
        *(first["p"], first["n_eff"], first["df"]),
        *(second["p"], second["n_eff"], second["df"]),
        pooled,
    )
    return {
        "estimate": first["p"] - second["p"],
        "conf_low": float(low),
        "conf_high": float(high),
        "statistic": float(test.statistic),
        "df": float(test.df),
        "p_value": float(test.p_value),
        "prob_higher": float(test.prob_higher),
    }


def _expand(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Hits and sizes article by article, of the articles with text."""
    rows = rows[rows["size"] > 0]
    return tuple(  # type: ignore[return-value]
        np.repeat(rows[column].to_numpy(float), rows["articles"]) for column in ("hits", "size")
    )


def _sign_flips(
    target: tuple[np.ndarray, np.ndarray], reference: tuple[np.ndarray, np.ndarray]
) -> bool:
    """Whether leaving out one single article turns the difference round, or to nothing."""

    def without_each(hits: np.ndarray, size: np.ndarray) -> np.ndarray:
        if len(hits) < 2:  # a group without its only article has no share
            return np.array([])
        return (hits.sum() - hits) / (size.sum() - size)

    shares = [hits.sum() / size.sum() for hits, size in (target, reference)]
    sign = np.sign(shares[0] - shares[1])
    differences = np.concatenate(
        [without_each(*target) - shares[1], shares[0] - without_each(*reference)]
    )
    return bool(np.any(np.sign(differences) != sign))


def _ladder(table: pd.DataFrame, alpha: float) -> tuple[list[str], list[str]]:
    """Return the status of each row and its warnings."""
    fewest = table[["articles_target", "articles_reference"]].min(axis=1)
    holds = (
        (table["p_holm"] <= alpha)
        & ((table["conf_low"] > 0) | (table["conf_high"] < 0))
        & (table["ordering_share"] >= 0.9)
    )
    steady = table["sign_flips"].eq(False)
    no_text = (table["size_target"] == 0) | (table["size_reference"] == 0)
    no_hit = (table["hits_target"] == 0) & (table["hits_reference"] == 0)
    status = np.select(
        [no_text, no_hit, fewest == 1, holds & (fewest >= 5) & steady, holds & (fewest < 5)],
        [
            "not_estimable",
            "absent_in_both",
            "not_distinguishable",
            "supported",
            "suggestive",
        ],
        default="not_distinguishable",
    )
    warnings = np.select(
        [status == "supported", fewest == 1], ["confounding_not_checked", "one_article"], ""
    )
    return [str(name) for name in status], [str(name) for name in warnings]


def omnibus(tally: pd.DataFrame, measure: str = "sentence_share", seed: int = 0) -> Result:
    """Return one test a topic of whether any group differs from the others.

    Parameters
    ----------
    tally : pandas.DataFrame
        From `tally`.
    measure : str
        One of `MEASURES`.
    seed : int
        For the permutation test, when there are too many dealings to enumerate.

    Returns
    -------
    Result
        Key ``topic``; ``groups`` (with text), ``articles``, ``permutation_p`` and the smallest it
        could be, ``permutation_p_min``. NaN with fewer than two groups.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Green", "Red"], "measure": "sentence_share",
    ...     "topic": "wind", "hits": [7, 6, 0], "size": [20, 20, 20], "articles": 1})
    >>> row = omnibus(table).to_frame().iloc[0]
    >>> [round(float(row[column]), 2) for column in ("permutation_p", "permutation_p_min")]
    [0.33, 0.33]
    """
    check_columns(tally, TALLY_COLUMNS, "tally")
    check_choice(measure, MEASURES, "measure", "measure of emphasis")
    groups = group_columns(tally)
    rows = of_measure(tally, measure)
    rows = rows[rows["size"] > 0]
    rows = rows.assign(group=group_labels(rows, groups))
    table = []
    for topic, part in rows.groupby("topic"):
        units = [_expand(own) for _, own in part.groupby("group")]
        hits, sizes = zip(*units, strict=True)
        p, smallest = permutation_test(hits, sizes, seed=seed)
        table.append((topic, len(units), sum(map(len, hits)), p, smallest))
    columns = ["topic", "groups", "articles", "permutation_p", "permutation_p_min"]
    return Result(
        pd.DataFrame(table, columns=columns),
        ("topic",),
        {"function": "omnibus", "measure": measure, "seed": seed},
    )
