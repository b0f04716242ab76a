"""Estimates with and without something: the sums of articles, and tables of what changes.

The functions of `analysis.estimates.leaving_out` share them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of, group_labels
from analysis.errors import check_columns
from analysis.estimates.article_sums import article_sums
from analysis.estimates.grouping import check_filled, check_groups
from analysis.estimates.intervals import Array
from analysis.estimates.measures import MEASURES, check_measure

CODES = ["doc_id", "sentence_id", "section", "words", "topic", "coded", "matches", "matched_words"]


def sums_of_articles(
    codes: pd.DataFrame, by: str | Sequence[str], measure: str, cluster: str = "doc_id"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the sums of every article and topic, with the number of its group; and the groups."""
    columns = columns_of(by)
    check_measure(measure)
    check_columns(codes, [*CODES, *columns, cluster], "codes")
    check_groups(codes, columns)
    check_filled(codes, cluster)
    return grouped_sums(article_sums(codes, [*columns, cluster]), columns, measure, cluster)


def grouped_sums(
    sums: pd.DataFrame, columns: list[str], measure: str, cluster: str = "doc_id"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what `sums_of_articles` does, of the sums of `article_sums`."""
    sums = measured(sums, measure)
    keys = list(dict.fromkeys(["topic", *columns, cluster]))
    sums = sums.groupby(keys, observed=True, sort=True).sum(numeric_only=True).reset_index()
    sums["group"] = sums.groupby(columns, observed=True, sort=True).ngroup()
    groups = sums[columns].drop_duplicates().sort_values(columns, ignore_index=True)
    return sums, groups


def labels_of(groups: pd.DataFrame) -> np.ndarray:
    """Return what each group is called, by its number."""
    return group_labels(groups, list(groups.columns)).to_numpy()


def measured(sums: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return sums with the hits and the size that a measure makes of them."""
    return sums.assign(hits=MEASURES[measure].hits(sums), size=MEASURES[measure].size(sums))


def by_group(sums: pd.DataFrame, groups: int) -> np.ndarray:
    """Return hits and size of every group: an array (2, groups)."""
    return np.array(
        [np.bincount(sums["group"], sums[column], groups) for column in ("hits", "size")]
    )


def changes_of(
    before: np.ndarray, without: np.ndarray, rows: np.ndarray, own: np.ndarray, labels: np.ndarray
) -> pd.DataFrame:
    """Return a row for each of `rows`, what is left out, and the group whose estimate changes.

    `before` is (2, groups), hits and size; `without` the same for each thing left out.
    """
    hits, size = without[:, 0], without[:, 1]
    now = hits / np.where(size > 0, size, np.nan)
    full = before[0] / np.where(before[1] > 0, before[1], np.nan)
    estimate = now[rows, own]
    turned = flips(full[own][:, None] - full, estimate[:, None] - now[rows])
    return pd.DataFrame(
        {
            "group": own,
            "hits": hits[rows, own].astype(np.int64),
            "size": size[rows, own].astype(np.int64),
            "estimate": estimate,
            "change": estimate - full[own],
            "flips": ["; ".join(labels[row]) for row in turned],
        }
    )


def changes_of_all(
    sums: pd.DataFrame, without: np.ndarray, left_out: Sequence[str], groups: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows of one topic, where leaving something out changes every group."""
    rows, own = (index.ravel() for index in np.indices((len(left_out), len(groups))))
    table = changes_of(by_group(sums, len(groups)), without, rows, own, labels_of(groups))
    return table.assign(topic=sums["topic"].iloc[0], left_out=np.array(left_out)[rows])


def finished(parts: Sequence[pd.DataFrame], groups: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return one table of the topics' tables, in the scale of the measure."""
    columns = ["topic", "left_out", "hits", "size", "estimate", "change", "flips"]
    if not parts:  # nothing that could be left out
        return pd.DataFrame(columns=[*groups.columns, *columns])
    table = pd.concat(parts, ignore_index=True)
    table[["estimate", "change"]] *= MEASURES[measure].scale
    table = table.join(groups, on="group")
    return table[[*groups.columns, *columns]]


def without_each(target: Array, reference: Array) -> tuple[float, Array]:
    """Return a difference of pooled shares, and what it is without an article of each kind.

    Those of the target come first; see `kinds_of`. NaN where no text of a group would be left.
    """

    def shares(kinds: Array) -> tuple[float, Array]:
        hits, size, _ = kinds.T
        sx, sm = kinds[:, 2] @ kinds[:, :2]
        without = np.full(len(size), np.nan)
        np.divide(sx - hits, sm - size, out=without, where=sm > size)
        return sx / sm, without

    (first, without_first), (second, without_second) = shares(target), shares(reference)
    return first - second, np.concatenate([without_first - second, first - without_second])


def flips(difference: float | Array, without: Array) -> np.ndarray:
    """Return which differences change their sign, or become nothing."""
    # Rounded, so that shares that are equal on paper are equal here.
    sign, sign_without = np.sign(np.round(difference, 12)), np.sign(np.round(without, 12))
    # Where there is no difference, there is no sign to change.
    return np.asarray((np.abs(sign) == 1) & (sign_without != sign) & ~np.isnan(without))
