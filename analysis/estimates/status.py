"""The status of a contrast: what may be said of it, and what to beware of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.estimates.within import WITHIN

Inside = Mapping[str, pd.DataFrame]  # of each confounder, what `within_strata` says of each row


def left_open(table: pd.DataFrame, inside: Inside) -> pd.Series:
    """Return which contrasts the design leaves open: the family that p is adjusted over."""
    fewest = table[["articles_target", "articles_reference"]].min(axis=1)
    hits = table["hits_target"] + table["hits_reference"]
    return (fewest > 1) & (hits > 0) & ~_any(table, inside, _barred)


def least_within(table: pd.DataFrame, inside: Inside) -> pd.DataFrame:
    """Return of each row the confounder within which least is left of the difference.

    Least is left where the sign is another one, then where p is largest.
    """
    best = pd.DataFrame(np.nan, index=table.index, columns=[*WITHIN])
    best.insert(0, "within", pd.Series(pd.NA, table.index, dtype=object))
    worst = pd.Series(-1.0, index=table.index)
    for name, found in inside.items():
        same = np.sign(found["within_estimate"]) == np.sign(table["estimate"])
        rank = (found["within_p"] + np.where(same, 0.0, 1.0)).fillna(-1.0)
        more = rank > worst
        best[[*WITHIN]] = best[[*WITHIN]].where(~more, found[[*WITHIN]])
        best["within"] = best["within"].where(~more, name)
        worst = worst.where(~more, rank)
    return best


def _barred(found: pd.DataFrame) -> pd.Series:
    return found["overlap"] == "none_shared"


def _any(
    table: pd.DataFrame, inside: Inside, told: Callable[[pd.DataFrame], pd.Series]
) -> pd.Series:
    """Whether something holds of each row in any of the confounders."""
    held = np.zeros(len(table), dtype=bool)
    for found in inside.values():
        held |= told(found).to_numpy(bool)
    return pd.Series(held, table.index)


def statuses(
    table: pd.DataFrame, alpha: float, inside: Inside | None = None
) -> tuple[list[str], list[str]]:
    """Return the status of each contrast and its warnings; see `contrasts`.

    The adjusted p is held against `alpha`, and so is that within each confounder.
    """
    fewest = table[["articles_target", "articles_reference"]].min(axis=1)
    inside = inside or {}

    def left(found: pd.DataFrame) -> pd.Series:
        """Whether the difference is found within the values of a confounder too."""
        same = np.sign(found["within_estimate"]) == np.sign(table["estimate"])
        held: pd.Series = same & (found["within_p"] <= alpha)
        return held

    # Where nothing is in common, more articles do not help: suggestive is not reached either.
    holds = (
        (table["p_adjusted"] <= alpha)
        & ((table["conf_low"] > 0) | (table["conf_high"] < 0))
        & (table["ordering_share"] >= 0.9)
        & ~_any(table, inside, _barred)
    )
    no_text = (table["size_target"] == 0) | (table["size_reference"] == 0)
    no_hit = (table["hits_target"] == 0) & (table["hits_reference"] == 0)
    lost = _any(table, inside, lambda found: ~left(found))
    strong = holds & (fewest >= 5) & (table["sign_flips"] == 0) & ~lost
    capped = holds & ((fewest < 5) | lost)
    status = np.select(
        [no_text, no_hit, fewest == 1, strong, capped],
        ["not_estimable", "absent_in_both", "not_distinguishable", "supported", "suggestive"],
        default="not_distinguishable",
    )
    excludes_0 = (table["conf_low"] > 0) | (table["conf_high"] < 0)
    disagree = table["p_value"].notna() & ((table["p_value"] <= alpha) != excludes_0)
    named = {"one_article": fewest == 1, "test_and_interval_disagree": disagree}
    for variable, found in inside.items():
        word = warning_name(variable)
        named[f"confounded_with_{word}"] = _barred(found)
        named[f"{word}_unknown"] = ~no_text & (found["overlap"] == "unknown")
        named[f"not_within_{word}"] = holds & (found["overlap"] == "shared") & ~left(found)
    if not inside:
        stated = np.isin(status, ["suggestive", "supported"])
        named["confounding_not_checked"] = pd.Series(stated, table.index)
    flags = pd.DataFrame(named, index=table.index).astype(bool)
    warnings = [" ".join(flags.columns[row]) for row in flags.to_numpy()]
    return [str(name) for name in status], warnings


def warning_name(variable: str) -> str:
    """Return how a document variable is called inside a warning: "news outlet", "news_outlet"."""
    return "_".join(variable.split())
