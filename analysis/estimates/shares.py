"""How much each group emphasises each topic, with its interval.

Everything is computed from a tally (see `analysis.estimates.tallies`), never from text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import InputError, check_choice, check_columns, check_conf_level
from analysis.estimates.bootstrap import percentile_bootstrap
from analysis.estimates.intervals import (
    Array,
    Moments,
    cluster_t,
    gries_dp,
    intra_article_correlation,
    jeffreys,
    moderated,
    wilson,
)
from analysis.estimates.tallies import MEASURES, TALLY_COLUMNS, group_columns
from analysis.io.results import Result

TARGETS = ("articles_like_these", "these_articles")
Kinds = tuple[Array, Array, Array]  # hits, size and number of articles, one element a kind


@dataclass(frozen=True)
class Sample:
    """What an interval may be made from, for the groups of one topic.

    ``rho`` is the correlation pooled over the groups; ``kinds`` yields the articles of each group,
    as `percentile_bootstrap` takes them; ``seed`` is for what draws.
    """

    moments: Moments
    rho: Array
    kinds: Iterable[Kinds]
    seed: int = 0


def _moderated(sample: Sample, conf_level: float) -> tuple[Array, Array]:
    limits = moderated(sample.moments, sample.rho, conf_level)
    return limits.low, limits.high


def _bootstrap(sample: Sample, conf_level: float) -> tuple[Array, Array]:
    limits = [percentile_bootstrap(*kinds, conf_level, sample.seed) for kinds in sample.kinds]
    low, high = np.hstack(limits)
    return low, high


# The register of intervals. Each takes a sample and a level and returns the lower and the upper
# limits of its groups; what they have to hold stands at the top of `analysis.estimates.intervals`.
METHODS: dict[str, Callable[[Sample, float], tuple[Array, Array]]] = {
    "moderated": _moderated,
    "wilson": lambda sample, level: wilson(sample.moments.sx, sample.moments.sm, level),
    "jeffreys": lambda sample, level: jeffreys(sample.moments.sx, sample.moments.sm, level),
    "bootstrap": _bootstrap,
    "cluster_t": lambda sample, level: cluster_t(sample.moments, level),
}


def emphasis(
    tally: pd.DataFrame,
    *,
    measure: str = "sentence_share",
    method: str = "moderated",
    conf_level: float = 0.95,
    target: str = "articles_like_these",
    seed: int = 0,
    cluster: str = "doc_id",
) -> Result:
    """Return the emphasis of every group on every topic, with its interval and status.

    Parameters
    ----------
    tally : pandas.DataFrame
        From `tally`.
    measure : str
        One of `MEASURES`. ``hits`` of ``size`` units are on the topic.
    method : {"moderated", "wilson", "jeffreys", "bootstrap", "cluster_t"}
        The interval. ``moderated`` (Korn-Graubard effective sample size with a moderated design
        effect) holds its level with few articles, also one. The others are there to be compared:
        ``wilson`` and ``jeffreys`` take the units for independent, which sentences of one article
        are not, and are too narrow; ``bootstrap`` (percentiles over resampled articles, see
        `analysis.estimates.bootstrap`) and ``cluster_t`` (in `analysis.estimates.intervals`) need
        many articles, and have no interval where no two differ. The README has the coverage
        of each.
    conf_level : float
        Level of the interval.
    target : {"articles_like_these", "these_articles"}
        What the numbers are about. Further articles like these: the interval is for them. Or
        these articles and no others: the counts are exact, there is no sampling interval, and
        ``conf_low``, ``conf_high``, ``rho``, ``design_effect``, ``df`` and ``n_eff`` are missing.
    seed : int
        For ``bootstrap``.
    cluster : str
        The one of the `tally`: what ``articles`` counts. No number depends on it; it is kept in the
        provenance, so that figures and the report call by its name what is counted.

    Returns
    -------
    Result
        Keys: the group columns and ``topic``. ``estimate`` is hits/size over all articles of the
        group together (times 1000 for ``per_1000_words``), ``article_mean`` the mean over its
        articles. ``dispersion`` is Gries' DPnorm over articles: 0 when the topic is spread as the
        text is, 1 when the shortest article has all of it. ``status`` is ``estimated``,
        ``absent`` (no hit: most intervals still have an upper end) or ``not_estimable`` (no unit
        of text). ``warnings`` are names, space-separated:
        ``one_article``, ``carried_by_one_article``, ``bursty``, ``longer_articles_differ``,
        ``wide_interval`` (print counts, not percentages), ``interval_not_estimable`` (by this
        method; the limits are missing, and the estimate stands).

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
    check_choice(target, TARGETS, "target", "target of estimates")
    groups = group_columns(tally)
    rows = of_measure(tally, measure)
    if (impossible := rows["hits"] > rows["size"]).any():
        first = rows[impossible].iloc[0]
        raise InputError(
            f"{int(first['hits'])} hits of {int(first['size'])} units stand in the tally",
            do="count at most one hit a unit",
        )
    cells = pd.concat(
        [_with_limits(part, groups, method, conf_level, seed) for _, part in rows.groupby("topic")],
        ignore_index=True,
    )
    sampled = target == "articles_like_these"
    if not sampled:
        cells[["low", "high", "rho", "design_effect", "df", "n_eff"]] = np.nan
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
    table["warnings"] = _warnings(cells, sampled)
    table["measure"] = measure
    table["hits"], table["size"] = cells["sx"].astype("int64"), cells["sm"].astype("int64")
    for column in ("rho", "design_effect", "df", "n_eff"):
        table[column] = cells[column]
    table = table.sort_values(["topic", *groups], kind="stable").reset_index(drop=True)
    return Result(
        table,
        (*groups, "topic"),
        {
            "function": "emphasis",
            "measure": measure,
            "method": method,
            "conf_level": conf_level,
            "target": target,
            "seed": seed,
            **({} if cluster == "doc_id" else {"cluster": cluster}),
        },
    )


def _with_limits(
    rows: pd.DataFrame, groups: Sequence[str], method: str, conf_level: float, seed: int
) -> pd.DataFrame:
    """The estimates of one topic, with the limits of a method."""
    cells = estimate(sums_of(rows, groups), conf_level)
    by_group = rows.groupby(list(groups), observed=True, sort=True)
    kinds = (_kinds(part) for _, part in by_group)  # made only if the method asks for them
    sample = Sample(moments_of(cells), cells["rho"].to_numpy(float), kinds, seed)
    cells["low"], cells["high"] = METHODS[method](sample, conf_level)
    return cells


def _kinds(rows: pd.DataFrame) -> Kinds:
    """The articles with text of one group, equal ones together, in the order of hits and size."""
    rows = rows[(rows["size"] > 0) & (rows["articles"] > 0)]
    kinds = rows.groupby(["hits", "size"], sort=True)["articles"].sum().reset_index()
    hits, size, articles = kinds[["hits", "size", "articles"]].to_numpy(float).T
    return hits[:, None], size[:, None], articles


def of_measure(tally: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the rows of a tally that are of one measure; raise if there are none."""
    rows = tally[tally["measure"] == measure]
    if rows.empty:
        raise InputError(
            f"the tally has no row of measure {measure!r}",
            do=f"it has {', '.join(tally['measure'].unique()) or 'no row at all'}",
        )
    return rows


def sums_of(rows: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Return the sums that estimates are computed from, one row a group and topic."""
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


def moments_of(sums: pd.DataFrame) -> Moments:
    """Return the sums of each group in the form that `analysis.estimates.intervals` takes."""
    names = ("n", "n_pos", "sx", "sm", "sxx", "sxm", "smm")
    return Moments(*(sums[name].to_numpy(float) for name in names))


def estimate(
    sums: pd.DataFrame, conf_level: float, rho: float | Array | None = None
) -> pd.DataFrame:
    """Add estimate, interval and status to the sums of the groups of one topic.

    `rho` defaults to the correlation pooled over these groups.
    """
    moments = moments_of(sums)
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


def _warnings(cells: pd.DataFrame, sampled: bool) -> list[str]:
    width = cells["high"] - cells["low"]
    many = cells["n"] > 1
    # A share of hits above one half, or an uneven spread over articles.
    carried = many & ((cells["most"] * 2 > cells["sx"]) | (cells["dp_norm"] > 0.5))
    named = {
        "one_article": cells["n"] == 1,
        "carried_by_one_article": carried & (cells["sx"] > 0),
        "bursty": many & (cells["deff_data"] > 2 * cells["deff_prior"]),
        "longer_articles_differ": (cells["p"] - cells["article_mean"]).abs() > width / 2,
        "wide_interval": width / 2 > 0.25,
        "interval_not_estimable": sampled & (cells["n"] > 0) & width.isna(),
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
    columns = {
        "articles": ("with_text", "sentence_share"),
        "articles_with_topic": ("with_topic", "sentence_share"),
        "sentences": ("size", "sentence_share"),
        "sentences_with_topic": ("hits", "sentence_share"),
        "words": ("size", "per_1000_words"),
        "matches": ("hits", "per_1000_words"),
    }
    found = {name: wide.get(column, np.nan) for name, column in columns.items()}
    return pd.DataFrame(found, index=wide.index).reset_index()
