"""How much each group emphasises each topic, with its interval.

Everything is computed from a tally (see `analysis.estimates.tallies`), never from text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from analysis.errors import InputError, check_choice, check_conf_level
from analysis.estimates.effective import prior_of
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
from analysis.estimates.measures import MEASURES
from analysis.estimates.prior import DEFAULT_PRIOR, Prior
from analysis.estimates.resampling import kinds_of, percentile_bootstrap
from analysis.estimates.tallies import Tally, as_tally
from analysis.io.results import Result

TARGETS = ("articles_like_these", "these_articles")
Kinds = tuple[Array, Array, Array]  # hits, size and number of articles, one element a kind


@dataclass(frozen=True)
class Sample:
    """What an interval may be made from, for the groups of one topic.

    ``rho`` is the correlation pooled over the groups; ``kinds`` yields the articles of each group,
    as `percentile_bootstrap` takes them.
    """

    moments: Moments
    rho: Array
    kinds: Iterable[Kinds]
    seed: int = 0
    prior: Prior = DEFAULT_PRIOR


@dataclass(frozen=True)
class Method:
    """An interval: from a sample and a level, the lower and the upper limits of its groups.

    What the limits have to hold stands at the top of `analysis.estimates.intervals`.
    ``of_articles``: there are none where no two articles differ. ``pooled``: those of a group
    depend on the other groups, through their pooled correlation.
    """

    limits: Callable[[Sample, float], tuple[Array, Array]]
    of_articles: bool = False
    pooled: bool = False


def _moderated(sample: Sample, conf_level: float) -> tuple[Array, Array]:
    limits = moderated(sample.moments, sample.rho, conf_level, sample.prior)
    return limits.low, limits.high


def _bootstrap(sample: Sample, conf_level: float) -> tuple[Array, Array]:
    limits = [percentile_bootstrap(*kinds, conf_level, sample.seed) for kinds in sample.kinds]
    low, high = np.hstack(limits)
    return low, high


# The register of intervals; settings, error messages and tests read it.
METHODS = {
    "moderated": Method(_moderated, pooled=True),
    "wilson": Method(lambda sample, level: wilson(sample.moments.sx, sample.moments.sm, level)),
    "jeffreys": Method(lambda sample, level: jeffreys(sample.moments.sx, sample.moments.sm, level)),
    "bootstrap": Method(_bootstrap, of_articles=True),
    "cluster_t": Method(lambda sample, level: cluster_t(sample.moments, level), of_articles=True),
}


def emphasis(
    tally: Tally | pd.DataFrame,
    *,
    measure: str = "sentence_share",
    method: str = "moderated",
    conf_level: float = 0.95,
    target: str = "articles_like_these",
    seed: int = 0,
    prior: Prior = DEFAULT_PRIOR,
) -> Result:
    """Return the emphasis of every group on every topic, with its interval and status.

    Parameters
    ----------
    tally : Tally
        From `tally`; or a table of one's own with the columns of one.
    measure : str
        One of `MEASURES`. ``hits`` of ``size`` units are on the topic.
    method : {"moderated", "wilson", "jeffreys", "bootstrap", "cluster_t"}
        The interval. ``moderated`` (Korn-Graubard effective sample size with a moderated design
        effect) holds its level with few articles, also one. The others are there to be compared:
        ``wilson`` and ``jeffreys`` take the units for independent, which sentences of one article
        are not, and are too narrow; ``bootstrap`` (percentiles over resampled articles; of
        more than 2,000 computed, if these are not few that count) and ``cluster_t`` need many
        articles, and have no interval where no two differ. The documentation has the coverage of
        each.
    conf_level : float
        Level of the interval.
    target : {"articles_like_these", "these_articles"}
        What the numbers are about. Further articles like these: the interval is for them. Or
        these articles and no others: the counts are exact, and what speaks of a sample is missing
        (``conf_low``, ``conf_high``, ``rho``, ``design_effect``, ``df``, ``n_eff``).
    seed : int
        For the draws of ``bootstrap``.
    prior : Prior
        See `Prior`. For words and long articles rho is smaller: the provenance has the one used.

    Returns
    -------
    Result
        Keys: the group columns and ``topic``. ``estimate`` is hits/size over all articles of the
        group together (times 1000 for ``per_1000_words``), ``article_mean`` the mean over its
        articles. ``dispersion`` is Gries' DPnorm over articles: 0 when the topic is spread as the
        text is, 1 when the shortest article has all of it. ``status`` is ``estimated``,
        ``absent`` (no hit: most intervals still have an upper end) or ``not_estimable`` (no unit
        of text). ``warnings`` are names, space-separated:
        ``one_article``, ``carried_by_one_article`` (more than half of the hits),
        ``few_articles`` (the hits are in few of them), ``bursty``, ``longer_articles_differ``,
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
    tally = as_tally(tally)
    rows, groups, prior = tally.of(measure), tally.by, prior_of(tally, measure, prior)
    check_choice(method, METHODS, "method", "method for an interval")
    check_conf_level(conf_level)
    check_choice(target, TARGETS, "target", "target of estimates")
    if (impossible := rows["hits"] > rows["size"]).any():
        first = rows[impossible].iloc[0]
        raise InputError(
            f"{int(first['hits'])} hits of {int(first['size'])} units stand in the tally",
            do="count at most one hit a unit",
        )

    def with_limits(part: pd.DataFrame) -> pd.DataFrame:
        """The estimates of one topic, with the limits of the method."""
        cells = _estimates(sums_of(part, groups), conf_level, prior)
        by_group = part.groupby(list(groups), observed=True, sort=True)
        kinds = (_kinds(own) for _, own in by_group)  # made only if the method asks for them
        sample = Sample(moments_of(cells), cells["rho"].to_numpy(float), kinds, seed, prior)
        cells["low"], cells["high"] = METHODS[method].limits(sample, conf_level)
        return cells

    cells = pd.concat([with_limits(part) for _, part in rows.groupby("topic")], ignore_index=True)
    sampled = target == "articles_like_these"
    if not sampled:
        cells[["low", "high", "rho", "design_effect", "df", "n_eff"]] = np.nan
    scale = MEASURES[measure].scale
    table = cells[[*groups, "topic"]].merge(_counts(tally), on=[*groups, "topic"], how="left")
    scaled = {
        "estimate": "p",
        "conf_low": "low",
        "conf_high": "high",
        "article_mean": "article_mean",
    }
    table = table.assign(
        **{name: cells[own] * scale for name, own in scaled.items()},
        per_1000_words=1000 * table["matches"] / table["words"].where(table["words"] > 0),
        dispersion=cells["dp_norm"],
        status=cells["status"],
        warnings=_warnings(cells, sampled=sampled),
        measure=measure,
        hits=cells["sx"].astype("int64"),
        size=cells["sm"].astype("int64"),
        **cells[["rho", "design_effect", "df", "n_eff"]],
    )
    table = table.sort_values(["topic", *groups], kind="stable").reset_index(drop=True)
    provenance = tally.provenance(
        "emphasis",
        **{"measure": measure, "method": method, "conf_level": conf_level, "target": target},
        **{"seed": seed, "prior": asdict(prior)},
    )
    return Result(table, (*groups, "topic"), provenance)


def _kinds(rows: pd.DataFrame) -> Kinds:
    """The articles with text of one group, equal ones together, in the order of hits and size."""
    rows = rows[(rows["size"] > 0) & (rows["articles"] > 0)]
    hits, size, articles = kinds_of(rows[["hits", "size", "articles"]].to_numpy(float)).T
    return hits[:, None], size[:, None], articles


def sums_of(rows: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Return the sums that estimates are computed from, one row a group and topic."""
    x, m = rows["hits"].astype(float), rows["size"].astype(float)
    articles = rows["articles"].where(rows["size"] > 0, 0)
    parts = rows.assign(
        n=articles,
        n_pos=articles.where(rows["hits"] > 0, 0),
        n_off=articles.where(rows["hits"] < rows["size"], 0),
        sx=rows["hits"] * articles,
        sm=rows["size"] * articles,
        sxx=x * x * articles,
        sxm=x * m * articles,
        smm=m * m * articles,
        share_sum=(x / m.where(m > 0)).fillna(0.0) * articles,
        most=rows["hits"].where(articles > 0, 0),
    )
    keyed = parts.groupby([*groups, "topic"], observed=True, sort=True)
    columns = ["n", "n_pos", "n_off", "sx", "sm", "sxx", "sxm", "smm", "share_sum"]
    sums = keyed[columns].sum()
    sums["most"] = keyed["most"].max()
    ends = keyed.size().cumsum().to_numpy()
    order = np.argsort(keyed.ngroup().to_numpy(), kind="stable")[len(parts) - ends.max(initial=0) :]
    own = np.split(parts[["hits", "size", "n"]].to_numpy(float)[order], ends)[:-1]
    sums["dp_norm"] = [gries_dp(*part.T)[1] for part in own]
    return sums.reset_index()


def moments_of(sums: pd.DataFrame) -> Moments:
    """Return the sums of each group in the form that `analysis.estimates.intervals` takes."""
    names = ("n", "n_pos", "sx", "sm", "sxx", "sxm", "smm")
    return Moments(*(sums[name].to_numpy(float) for name in names))


def _estimates(sums: pd.DataFrame, conf_level: float, prior: Prior) -> pd.DataFrame:
    """Add estimate, interval and status to the sums of one topic."""
    moments = moments_of(sums)
    rho, _ = intra_article_correlation(moments, prior)
    limits = moderated(moments, rho, conf_level, prior)
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


def _warnings(cells: pd.DataFrame, *, sampled: bool) -> list[str]:
    width = cells["high"] - cells["low"]
    many = cells["n"] > 1
    carried = many & (cells["most"] * 2 > cells["sx"])
    named = {
        "one_article": cells["n"] == 1,
        "carried_by_one_article": carried,
        "few_articles": many & (cells["dp_norm"] > 0.5) & ~carried,
        "bursty": many & (cells["deff_data"] > 2 * cells["deff_prior"]),
        "longer_articles_differ": (cells["p"] - cells["article_mean"]).abs() > width / 2,
        "wide_interval": width / 2 > 0.25,
        "interval_not_estimable": sampled & (cells["n"] > 0) & width.isna(),
    }
    flags = pd.DataFrame(named).fillna(False)
    return [" ".join(flags.columns[row]) for row in flags.to_numpy(bool)]


def _counts(tally: Tally) -> pd.DataFrame:
    """Articles, sentences, words and matches of each group and topic, whatever the measure."""
    hits, size, articles = (tally.table[name] for name in ("hits", "size", "articles"))
    products = tally.table.assign(
        hits=hits * articles,
        size=size * articles,
        with_text=articles.where(size > 0, 0),
        with_topic=articles.where(hits > 0, 0),
    )
    sums = products.groupby([*tally.by, "topic", "measure"], observed=True, sort=True)[
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
