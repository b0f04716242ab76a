"""Whether two groups differ, and what may be said of it.

Everything is computed from a tally (see `analysis.counting`), never from text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.counting import MEASURES, TALLY_COLUMNS, group_columns
from analysis.errors import check_choice, check_columns, check_conf_level
from analysis.estimation import estimate, moments_of, of_measure, sums_of
from analysis.influence import Side, flips, without_each
from analysis.intervals import holm, intra_article_correlation, logit_contrast, mover
from analysis.ladder import ladder, overlaps_of
from analysis.orderings import REST, ordering_share, pairs_of, ways_of_counting
from analysis.permutation import Topic, max_t, permutation_test
from analysis.results import Result
from analysis.variables import group_labels


def contrasts(
    tally: pd.DataFrame,
    reference: str = "pairs",
    measure: str = "sentence_share",
    conf_level: float = 0.95,
    specifications: pd.DataFrame | None = None,
    seed: int = 0,
    confounds: pd.DataFrame | None = None,
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
        For the permutation tests, when there are too many splits to enumerate.
    confounds : pandas.DataFrame, optional
        From `confounds`, with the same `reference`: where two groups have no outlet, say, in
        common, no statement is made about them.

    Returns
    -------
    Result
        Keys ``topic``, ``target``, ``reference``. ``estimate`` is target minus reference with
        MOVER limits; ``statistic``, ``df``, ``p_value`` the logit test on effective sample
        sizes, ``p_holm`` adjusted over all rows of this table, ``prob_higher`` the probability
        that the target is higher; ``permutation_p`` and the smallest it could be,
        ``permutation_p_min``; ``p_max_t``, the permutation p adjusted over all rows (`max_t`), and
        ``p_max_t_min``, the smallest that could be with these articles; ``ordering_share``, the
        share of the specifications in which the ordering holds (a tie does not; those without a
        hit in either group are left out); ``sign_flips``, how many single articles turn the sign
        or leave nothing of it when left out (`leave_one_out` names them); ``status``:

        - ``not_estimable``: a group has no text;
        - ``absent_in_both``: no hit in either;
        - ``not_distinguishable``: one article in a group, a full confound (`confounds`), or the
          conditions below fail;
        - ``suggestive``: 2 to 4 articles in the smaller group, Holm p <= 1 - conf_level, the
          limits exclude 0 and the ordering holds in .9 of the specifications;
        - ``supported``: the same with 5 articles in each, and no single article flips the sign.

        ``warnings`` are names, space-separated: ``one_article``; for each variable of `confounds`
        ``confounded_with_outlet`` (no value in common) or ``outlet_unknown`` (known of no article
        of a group); ``confounding_not_checked``: suggestive or supported without `confounds`.

    Raises
    ------
    InputError
        If an argument is not one of its choices, or `confounds` has other pairs.

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
    pairs = pairs_of(names, reference)
    topics = [
        _topic_contrasts(part, str(topic), pairs, conf_level, ways, seed)
        for topic, part in rows.groupby("topic")
    ]
    table = pd.DataFrame([row for topic in topics for row in topic], columns=_CONTRAST_COLUMNS)
    numbers = table.columns.difference(["topic", "target", "reference", "status", "warnings"])
    table[numbers] = table[numbers].apply(pd.to_numeric)  # also when there is nothing to compare
    for column in ("estimate", "conf_low", "conf_high"):
        table[column] = table[column] * MEASURES[measure].scale
    table["p_holm"] = holm(table["p_value"].to_numpy(float))
    if adjusted := _max_t(rows, pairs, seed):
        known = table["p_value"].notna()
        for number, column in enumerate(("p_max_t", "p_max_t_min")):
            table.loc[known, column] = np.concatenate([topic[number] for topic in adjusted])
    overlaps = overlaps_of(confounds, table)
    for column, named in zip(
        ("status", "warnings"), ladder(table, 1 - conf_level, overlaps), strict=True
    ):
        table[column] = pd.Series(named, dtype=str)
    table["measure"] = measure
    return Result(
        table,
        ("topic", "target", "reference"),
        {
            "function": "contrasts",
            "reference": reference,
            "measure": measure,
            "conf_level": conf_level,
            "seed": seed,
            "confounders": None if overlaps is None else list(overlaps.columns),
        },
    )


_CONTRAST_COLUMNS = [
    *("topic", "target", "reference", "hits_target", "size_target", "articles_target"),
    *("hits_reference", "size_reference", "articles_reference"),
    *("estimate", "conf_low", "conf_high", "statistic", "df", "p_value", "p_holm", "prob_higher"),
    *("permutation_p", "permutation_p_min", "p_max_t", "p_max_t_min"),
    *("ordering_share", "sign_flips", "status", "warnings"),
]


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
            row["sign_flips"] = int(flips(*without_each(*units)).sum())
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


def _expand(rows: pd.DataFrame) -> Side:
    """Hits and sizes article by article, of the articles with text."""
    rows = rows[rows["size"] > 0]
    hits, size = (
        np.repeat(rows[column].to_numpy(float), rows["articles"]) for column in ("hits", "size")
    )
    return hits, size


def _max_t(
    rows: pd.DataFrame, pairs: Sequence[tuple[str, str | None]], seed: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Topic by topic, the max-T p of the contrasts that can be estimated, and the smallest."""
    topics: list[Topic] = []
    for _, part in rows[rows["articles"] * rows["size"] > 0].groupby("topic"):
        units = {str(name): _expand(own) for name, own in part.groupby("group")}
        names = list(units)
        tested = [
            (names.index(target), None if other is None else names.index(other))
            for target, other in pairs
            if target in units and (len(units) > 1 if other is None else other in units)
        ]
        if tested:
            hits, sizes = zip(*units.values(), strict=True)
            topics.append((hits, sizes, tested))
    return max_t(topics, seed)


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
