"""A contrast of two groups within the values of a confounder: outlet by outlet, say.

A stratum is a value of the confounder; one that only one of the groups has weighs nothing. With
n_s the effective size of a group in stratum s:

    w_s = n_1s n_2s / (n_1s + n_2s)
    logits:  d = sum w_s (eta_1s - eta_2s) / sum w_s,   variance = sum w_s^2 v_s / (sum w_s)^2
    shares:  d = sum w_s (p_1s - p_2s) / sum w_s,   limits by MOVER with the same weights

The correlation within articles is pooled over all groups and strata of the topic. That a contrast
and the one within strata both find the same difference is asked for in at most .05 of corpora in
which only the strata differ (tests/benchmarks/inference.csv).

Sources
-------
Mantel & Haenszel (1959), JNCI 22, 719-748: the weights.
Greenland & Robins (1985), Biometrics 41, 55-68: the same for a difference of shares.
Satterthwaite (1946), Biometrics Bulletin 2, 110-114: degrees of freedom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtr

from analysis.corpus.groups import REST, Pair
from analysis.estimates.effective import effective, limits, pooled
from analysis.estimates.intervals import Array, Moments, logit_contrast
from analysis.estimates.prior import Prior
from analysis.estimates.shares import sums_of

OVERLAPS = ("shared", "none_shared", "unknown")
WITHIN = ("within_estimate", "within_conf_low", "within_conf_high", "within_p")
_KEY = ("topic", "target", "reference")


@dataclass(frozen=True)
class Within:
    """A contrast within strata; NaN where the groups have no stratum in common."""

    difference: Array  # of shares, first minus second
    low: Array
    high: Array
    log_odds: Array
    std_error: Array
    df: Array
    p_value: Array
    shared: Array  # strata that both groups have


def within(
    first: Moments,
    second: Moments,
    *,
    rho: Array | float,
    share: Array | float,
    conf_level: float = 0.95,
) -> Within:
    """Return the contrast of two groups within strata.

    Parameters
    ----------
    first, second : Moments
        The two groups, one element a stratum along the last axis; sums of 0 where a group has no
        article in one.
    rho : ndarray or float
        The correlation within articles, pooled over all groups and strata of the topic.
    share : ndarray or float
        The share pooled over all groups.
    conf_level : float
        Level of the limits of the difference of shares.

    Examples
    --------
    Half of the sentences against a quarter in the one outlet that both have.

    >>> first = Moments(*np.array([[10.0, 10, 50, 100, 260, 500, 1000], [0.0] * 7]).T)
    >>> second = Moments(*np.array([[10.0, 10, 25, 100, 70, 250, 1000], [0.0] * 7]).T)
    >>> found = within(first, second, rho=0.05, share=0.4)
    >>> float(found.difference), float(found.p_value.round(3)), int(found.shared)
    (0.25, 0.001, 1)
    """
    both = (first.sm > 0) & (second.sm > 0)
    groups = [_filled(one, both) for one in (first, second)]
    sizes = [effective(one, np.asarray(rho)[..., None]) for one in groups]
    (p1, p2), ((n1, df1), (n2, df2)) = (one.p for one in groups), sizes
    cell = logit_contrast(
        (p1, n1, df1),
        (p2, n2, df2),
        pooled=np.asarray(share)[..., None],
    )
    weight = np.where(both, n1 * n2 / (n1 + n2), 0.0)
    total = weight.sum(axis=-1)
    shared = both.sum(axis=-1)
    share_of = weight / np.where(shared > 0, total, np.nan)[..., None]  # w_s / sum w_s
    log_odds = np.sum(share_of * cell.difference, axis=-1)
    parts = share_of**2 * cell.std_error**2  # w_s^2 v_s / (sum w_s)^2
    variance = parts.sum(axis=-1)
    df = variance**2 / np.sum(parts**2 / cell.df, axis=-1)  # Satterthwaite
    difference = np.sum(share_of * (p1 - p2), axis=-1)
    ends = [limits(one, *size, conf_level) for one, size in zip(groups, sizes, strict=True)]
    (low1, high1), (low2, high2) = ends
    down = np.sum(share_of**2 * ((p1 - low1) ** 2 + (high2 - p2) ** 2), axis=-1)
    up = np.sum(share_of**2 * ((high1 - p1) ** 2 + (p2 - low2) ** 2), axis=-1)
    return Within(
        difference=difference,
        low=difference - np.sqrt(down),
        high=difference + np.sqrt(up),
        log_odds=log_odds,
        std_error=np.sqrt(variance),
        df=df,
        p_value=np.asarray(2 * stdtr(df, -np.abs(log_odds) / np.sqrt(variance))),
        shared=shared,
    )


def _filled(group: Moments, both: NDArray[np.bool_]) -> Moments:
    """The group, with one article of one unit in strata that weigh nothing, for no NaN's sake."""
    kept = (group.n, group.n_pos, group.sx, group.sm, group.sxx, group.sxm, group.smm)
    empty = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0)
    return Moments(*(np.where(both, sums, one) for sums, one in zip(kept, empty, strict=True)))


_SUMS = ("n", "n_pos", "sx", "sm", "sxx", "sxm", "smm")


def within_strata(
    rows: pd.DataFrame,
    pairs: Sequence[Pair],
    *,
    prior: Prior,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Return the contrasts within strata, by topic, target and reference.

    `rows` are of a tally by ``group`` and ``stratum``. Columns: `WITHIN`, missing where nothing is
    shared, and ``overlap``, one of `OVERLAPS`.
    """
    parts = [
        _of_topic(part, pairs, prior, conf_level).assign(topic=topic)
        for topic, part in rows.groupby("topic", observed=True)
    ]
    table = pd.concat(parts) if parts else pd.DataFrame(columns=[*_KEY, *WITHIN, "overlap"])
    return table.set_index([*_KEY])


def _of_topic(
    rows: pd.DataFrame,
    pairs: Sequence[Pair],
    prior: Prior,
    conf_level: float,
) -> pd.DataFrame:
    sums = sums_of(rows, ["group", "stratum"])
    groups, strata = (pd.Index(sums[name].unique()) for name in ("group", "stratum"))
    cells = np.zeros((len(_SUMS), len(groups) + 1, len(strata)))  # the last: a group without text
    places = groups.get_indexer(sums["group"]), strata.get_indexer(sums["stratum"])
    cells[:, places[0], places[1]] = sums[[*_SUMS]].to_numpy(float).T
    first = cells[:, groups.get_indexer([target for target, _ in pairs])]
    everyone = cells.sum(axis=1, keepdims=True)
    others = groups.get_indexer([other or "" for _, other in pairs])
    rest = np.array([other is None for _, other in pairs])
    second = np.where(rest[:, None], everyone - first, cells[:, others])
    rho = pooled(Moments(*sums[[*_SUMS]].to_numpy(float).T)).rho(prior.rho, prior.df)
    share = sums["sx"].sum() / sums["sm"].sum() if sums["sm"].sum() else 0.5
    found = within(Moments(*first), Moments(*second), rho=rho, share=share, conf_level=conf_level)
    known = [side[_SUMS.index("sm")].sum(axis=-1) > 0 for side in (first, second)]
    overlap = np.where(found.shared > 0, OVERLAPS[0], OVERLAPS[1])
    numbers = (found.difference, found.low, found.high, found.p_value)
    table = pd.DataFrame(dict(zip(WITHIN, numbers, strict=True)))
    return table.assign(
        target=[target for target, _ in pairs],
        reference=[other or REST for _, other in pairs],
        overlap=np.where(known[0] & known[1], overlap, OVERLAPS[2]),
    )
