"""The status of a contrast: what may be said of it, and what to beware of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import InputError, check_columns


def overlaps_of(confounds: pd.DataFrame | None, table: pd.DataFrame) -> pd.DataFrame | None:
    """Return what the groups of each contrast have in common: a column a variable checked.

    Raises if `confounds` lacks a pair of groups with text.
    """
    if confounds is None:
        return None
    pair = ["target", "reference"]
    check_columns(confounds, ["variable", *pair, "overlap"], "confounds")
    order = confounds["variable"].unique()
    wide = confounds.pivot(index=pair, columns="variable", values="overlap")[order]
    pairs = pd.MultiIndex.from_frame(table[pair])
    with_text = (table["size_target"] > 0) & (table["size_reference"] > 0)
    if missing := sorted({*pairs[with_text]} - {*wide.index}):
        raise InputError(
            f"the confounds table does not compare {' with '.join(missing[0])}",
            do="make it of the same articles, groups and reference as the contrasts",
        )
    return wide.reindex(pairs).reset_index(drop=True)


def left_open(table: pd.DataFrame, overlaps: pd.DataFrame | None) -> pd.Series:
    """Return which contrasts the design leaves open: the family that p is adjusted over."""
    fewest = table[["articles_target", "articles_reference"]].min(axis=1)
    hits = table["hits_target"] + table["hits_reference"]
    confounded = False if overlaps is None else (overlaps == "none_shared").any(axis=1)
    return (fewest > 1) & (hits > 0) & ~pd.Series(confounded, table.index)


def statuses(
    table: pd.DataFrame, alpha: float, overlaps: pd.DataFrame | None = None
) -> tuple[list[str], list[str]]:
    """Return the status of each contrast and its warnings; see `contrasts`.

    The adjusted p is held against `alpha`; `overlaps` are from `overlaps_of`.
    """
    fewest = table[["articles_target", "articles_reference"]].min(axis=1)
    shared = pd.DataFrame(index=table.index) if overlaps is None else overlaps
    # Where nothing is in common, more articles do not help: suggestive is not reached either.
    holds = (
        (table["p_adjusted"] <= alpha)
        & ((table["conf_low"] > 0) | (table["conf_high"] < 0))
        & (table["ordering_share"] >= 0.9)
        & ~(shared == "none_shared").any(axis=1)
    )
    no_text = (table["size_target"] == 0) | (table["size_reference"] == 0)
    no_hit = (table["hits_target"] == 0) & (table["hits_reference"] == 0)
    steady = table["sign_flips"] == 0
    status = np.select(
        [no_text, no_hit, fewest == 1, holds & (fewest >= 5) & steady, holds & (fewest < 5)],
        ["not_estimable", "absent_in_both", "not_distinguishable", "supported", "suggestive"],
        default="not_distinguishable",
    )
    excludes_0 = (table["conf_low"] > 0) | (table["conf_high"] < 0)
    disagree = table["p_value"].notna() & ((table["p_value"] <= alpha) != excludes_0)
    named = {"one_article": fewest == 1, "test_and_interval_disagree": disagree}
    for variable in shared.columns:
        word = warning_name(str(variable))
        named[f"confounded_with_{word}"] = shared[variable] == "none_shared"
        named[f"{word}_unknown"] = shared[variable] == "unknown"
    if overlaps is None:
        stated = np.isin(status, ["suggestive", "supported"])
        named["confounding_not_checked"] = pd.Series(stated, table.index)
    flags = pd.DataFrame(named, index=table.index).astype(bool)
    warnings = [" ".join(flags.columns[row]) for row in flags.to_numpy()]
    return [str(name) for name in status], warnings


def warning_name(variable: str) -> str:
    """Return how a document variable is called inside a warning: "news outlet", "news_outlet"."""
    return "_".join(variable.split())
