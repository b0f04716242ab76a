"""How much each group emphasises each topic, and whether two groups differ.

Everything is computed from a tally (see `analysis.counting`), never from text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.counting import MEASURES, TALLY_COLUMNS, group_columns
from analysis.errors import InputError, check_choice, check_columns, check_conf_level
from analysis.intervals import (
    Moments,
    gries_dp,
    holm,
    intra_article_correlation,
    jeffreys,
    logit_contrast,
    moderated,
    mover,
    permutation_test,
    wilson,
)
from analysis.results import Result

METHODS = ("moderated", "wilson", "jeffreys")
# Measures whose denominator is the text itself; composition and article_share ask other
# questions and stay out of the question whether an ordering holds.
TEXT_MEASURES = ("sentence_share", "per_1000_words", "word_share")
REST = "rest"


def emphasis(
    tally: pd.DataFrame,
    measure: str = "sentence_share",
    method: str = "moderated",
    conf_level: float = 0.95,
) -> Result:
    """Return the emphasis of every group on every topic, with its interval and status.

    Parameters
    ----------
    tally : pandas.DataFrame
        From `tally`.
    measure : str
        One of `MEASURES`. ``hits`` of ``size`` units are on the topic.
    method : {"moderated", "wilson", "jeffreys"}
        The interval. ``moderated`` (Korn-Graubard effective sample size with a moderated design
        effect) holds its level with few articles, also one; ``wilson`` and ``jeffreys`` take the
        units for independent, which sentences of one article are not, and are too narrow: they
        are there to be compared.
    conf_level : float
        Level of the interval.

    Returns
    -------
    Result
        Keys: the group columns and ``topic``. ``estimate`` is hits/size over all articles of the
        group together (times 1000 for ``per_1000_words``), ``article_mean`` the mean over its
        articles; ``conf_low`` and ``conf_high`` speak of further articles like these.
        ``dispersion`` is Gries' DPnorm over articles (0 even, 1 all in one). ``status`` is
        ``estimated``, ``absent`` (no hit: the interval still has an upper end) or
        ``not_estimable`` (no unit of text). ``warnings`` are names, space-separated:
        ``one_article``, ``carried_by_one_article``, ``bursty``, ``longer_articles_differ``,
        ``wide_interval`` (print counts, not percentages).

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green"] * 2, "measure": ["sentence_share"] * 2,
    ...     "topic": ["wind"] * 2, "hits": [2, 5], "size": [14, 9], "articles": [1, 1]})
    >>> row = emphasis(table).to_frame().iloc[0]
    >>> row[["estimate", "conf_low", "conf_high"]].astype(float).round(3).to_list()
    [0.304, 0.046, 0.749]
    """
    check_columns(tally, TALLY_COLUMNS, "tally")
    check_choice(measure, MEASURES, "measure", "measure of emphasis")
    check_choice(method, METHODS, "method", "method for an interval")
    check_conf_level(conf_level)
    groups = group_columns(tally)
    rows = _of_measure(tally, measure)
    cells = pd.concat(
        [_estimate(_sums(part, groups), conf_level) for _, part in rows.groupby("topic")],
        ignore_index=True,
    )
    if method != "moderated":
        limits = {"wilson": wilson, "jeffreys": jeffreys}[method]
        cells["low"], cells["high"] = limits(
            cells["sx"].to_numpy(float), cells["sm"].to_numpy(float), conf_level
        )
    scale = MEASURES[measure].scale
    units = _counts(tally, groups)
    table = cells[[*groups, "topic"]].merge(units, on=[*groups, "topic"], how="left")
    table["estimate"] = cells["p"] * scale
    table["conf_low"] = cells["low"] * scale
    table["conf_high"] = cells["high"] * scale
    table["article_mean"] = cells["article_mean"] * scale
    table["per_1000_words"] = 1000 * table["matches"] / table["words"].where(table["words"] > 0)
    table["dispersion"] = cells["dp_norm"]
    table["status"] = cells["status"]
    table["warnings"] = _warnings(cells)
    table["measure"] = measure
    table["hits"], table["size"] = cells["sx"].astype("int64"), cells["sm"].astype("int64")
    for column in ("rho", "design_effect", "df", "n_eff"):
        table[column] = cells[column]
    table = table.sort_values(["topic", *groups], kind="stable").reset_index(drop=True)
    return Result(
        table,
        (*groups, "topic"),
        {"function": "emphasis", "measure": measure, "method": method, "conf_level": conf_level},
    )


def _of_measure(tally: pd.DataFrame, measure: str) -> pd.DataFrame:
    rows = tally[tally["measure"] == measure]
    if rows.empty:
        raise InputError(
            f"the tally has no row of measure {measure!r}",
            do=f"it has {', '.join(tally['measure'].unique()) or 'no row at all'}",
        )
    return rows


def _sums(rows: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """One row a group and topic: the sums that estimates are computed from."""
    x, m = rows["hits"].astype(float), rows["size"].astype(float)
    articles = rows["articles"].where(rows["size"] > 0, 0)
    parts = rows.assign(
        n=articles,
        n_pos=articles.where(rows["hits"] > 0, 0),
        sx=rows["hits"] * articles,
        sm=rows["size"] * articles,
        sxx=x * x * articles,
        sxm=x * m * articles,
        smm=m * m * articles,
        share_sum=(x / m.where(m > 0)).fillna(0.0) * articles,
        most=rows["hits"].where(articles > 0, 0),
    )
    keyed = parts.groupby([*groups, "topic"], observed=True, sort=True)
    columns = ["n", "n_pos", "sx", "sm", "sxx", "sxm", "smm", "share_sum"]
    sums = keyed[columns].sum()
    sums["most"] = keyed["most"].max()
    sums["dp_norm"] = [
        gries_dp(
            part["hits"].to_numpy(float), part["size"].to_numpy(float), part["n"].to_numpy(float)
        )[1]
        for _, part in keyed
    ]
    return sums.reset_index()


def _moments(sums: pd.DataFrame) -> Moments:
    names = ("n", "n_pos", "sx", "sm", "sxx", "sxm", "smm")
    return Moments(*(sums[name].to_numpy(float) for name in names))


def _estimate(sums: pd.DataFrame, conf_level: float, rho: float | None = None) -> pd.DataFrame:
    """Add estimate, interval and status to the sums of the groups of one topic.

    `rho` defaults to the correlation pooled over these groups.
    """
    moments = _moments(sums)
    if rho is None:
        rho, _ = intra_article_correlation(moments)
    limits = moderated(moments, rho, conf_level)
    with_text = moments.sm > 0
    return sums.assign(
        p=moments.p,
        low=limits.low,
        high=limits.high,
        rho=rho,
        design_effect=np.where(with_text, limits.deff, np.nan),
        deff_prior=limits.deff_prior,
        deff_data=limits.deff_data,
        df=np.where(with_text, limits.df, np.nan),
        n_eff=np.where(with_text, limits.n_eff, np.nan),
        article_mean=(sums["share_sum"] / sums["n"].where(sums["n"] > 0)),
        status=np.select(
            [~with_text, moments.sx == 0], ["not_estimable", "absent"], default="estimated"
        ),
    )


def _warnings(cells: pd.DataFrame) -> list[str]:
    width = cells["high"] - cells["low"]
    many = cells["n"] > 1
    # A share of hits above one half, or an uneven spread over articles (METHODS, section 4).
    carried = many & ((cells["most"] * 2 > cells["sx"]) | (cells["dp_norm"] > 0.5))
    named = {
        "one_article": cells["n"] == 1,
        "carried_by_one_article": carried & (cells["sx"] > 0),
        "bursty": many & (cells["deff_data"] > 2 * cells["deff_prior"]),
        "longer_articles_differ": (cells["p"] - cells["article_mean"]).abs() > width / 2,
        "wide_interval": width / 2 > 0.25,
    }
    flags = pd.DataFrame(named).fillna(False)
    return [" ".join(flags.columns[row]) for row in flags.to_numpy(bool)]


def _counts(tally: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Articles, sentences, words and matches of each group and topic, whatever the measure."""
    keys = [*groups, "topic"]
    products = tally.assign(
        hits=tally["hits"] * tally["articles"],
        size=tally["size"] * tally["articles"],
        with_text=tally["articles"].where(tally["size"] > 0, 0),
        with_topic=tally["articles"].where(tally["hits"] > 0, 0),
    )
    sums = products.groupby([*keys, "measure"], observed=True, sort=True)[
        ["hits", "size", "with_text", "with_topic"]
    ].sum()
    wide = sums.unstack("measure", fill_value=0)

    def column(name: str, measure: str) -> Any:
        return wide[(name, measure)] if (name, measure) in wide.columns else np.nan

    return pd.DataFrame(
        {
            "articles": column("with_text", "sentence_share"),
            "articles_with_topic": column("with_topic", "sentence_share"),
            "sentences": column("size", "sentence_share"),
            "sentences_with_topic": column("hits", "sentence_share"),
            "words": column("size", "per_1000_words"),
            "matches": column("hits", "per_1000_words"),
        },
        index=wide.index,
    ).reset_index()


def ways_of_counting(tally: pd.DataFrame, measures: Sequence[str] = TEXT_MEASURES) -> pd.DataFrame:
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


def group_labels(table: pd.DataFrame, groups: Sequence[str]) -> pd.Series:
    """Return one label a row: the group's name, or its names joined when there are several."""
    return table[list(groups)].astype(str).agg(" | ".join, axis=1)


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
        the name of one group, which all others are compared with.
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
        ``permutation_p_min``; ``ordering_share``, the share of specifications in which the
        ordering holds (a tie does not); ``status``:

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
    rows = _of_measure(tally, measure)
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
    for column in ("estimate", "conf_low", "conf_high"):
        table[column] = table[column] * MEASURES[measure].scale
    table["p_holm"] = holm(table["p_value"].to_numpy(float))
    table["status"], table["warnings"] = _ladder(table, 1 - conf_level)
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


def _pairs(names: Sequence[str], reference: str) -> list[tuple[str, str]]:
    if REST in names and reference == REST:
        raise InputError("a group is called 'rest'", do="rename it, or compare pairs")
    if reference == "pairs":
        return list(combinations(names, 2))
    if reference == REST:
        return [(name, REST) for name in names] if len(names) > 1 else []
    if reference not in names:
        raise InputError(
            f"reference={reference!r} is not a group",
            do=f"choose 'pairs', 'rest' or one of {', '.join(names)}",
        )
    return [(name, reference) for name in names if name != reference]


def _topic_contrasts(
    rows: pd.DataFrame,
    topic: str,
    pairs: Sequence[tuple[str, str]],
    conf_level: float,
    ways: pd.DataFrame,
    seed: int,
) -> list[dict[str, Any]]:
    sums = _sums(rows, ["group"])
    rho, _ = intra_article_correlation(_moments(sums))
    pooled = sums["sx"].sum() / sums["sm"].sum() if sums["sm"].sum() else np.nan
    ways = ways[ways["topic"] == topic]
    table = []
    for target, reference in pairs:
        others = rows["group"] != target if reference == REST else rows["group"] == reference
        sides = [rows[rows["group"] == target], rows[others].assign(group=reference)]
        first, second = (
            _estimate(_sums(side, ["group"]), conf_level, rho).iloc[0] for side in sides
        )
        row: dict[str, Any] = {
            "topic": topic,
            "target": target,
            "reference": reference,
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
            p, smallest = permutation_test(*units[0], *units[1], seed=seed)
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


def ordering_share(ways: pd.DataFrame, target: str, reference: str, difference: float) -> float:
    """Return the share of specifications in which the ordering of two groups holds.

    The ordering is the one of `difference` (target minus reference); a tie, or a specification
    in which a group has no text, does not hold it. NaN when there is no difference to hold.
    """
    if difference == 0 or np.isnan(difference):
        return float("nan")
    keys = [column for column in SPECIFICATION_KEYS if column in ways.columns]

    def estimates(rows: pd.DataFrame) -> pd.Series:
        sums = rows.groupby(keys, observed=True)[["top", "bottom"]].sum()
        return sums["top"] / sums["bottom"].where(sums["bottom"] > 0)

    others = ways["group"] != target if reference == REST else ways["group"] == reference
    differences = estimates(ways[ways["group"] == target]) - estimates(ways[others])
    return float((differences * np.sign(difference) > 1e-12).mean())


SPECIFICATION_KEYS = ("cleaning", "unit", "tier", "spelling", "measure", "pooling")


def _ladder(table: pd.DataFrame, alpha: float) -> tuple[list[str], list[str]]:
    """Return the status of each row (METHODS, section 4) and its warnings."""
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
        [no_text, no_hit, fewest == 1, holds & (fewest >= 5) & steady, holds],
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
    return list(status), list(warnings)
