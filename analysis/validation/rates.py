"""How often a dictionary errs, in each group, and how many more sentences to code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analysis.corpus.groups import columns_of, group_labels
from analysis.errors import InputError, check_columns, check_conf_level
from analysis.io.results import Result
from analysis.validation.precision_recall import halves, rates
from analysis.validation.sampling import FEWEST
from analysis.validation.strata import Strata, cells_of

ALL = "(all)"  # the groups together
RECALL = "recall_differs"  # the warning of a contrast that is refused


def error_rates(
    hand: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    by: str | Sequence[str],
    sample: pd.DataFrame | None = None,
    conf_level: float = 0.95,
    seed: int = 0,
) -> Result:
    """Return how right a dictionary's codes are on each topic, in each group and in all.

    Parameters
    ----------
    hand : pandas.DataFrame
        From `read_codes`. Of several coders the answer that most gave; where they are divided, and
        where they are unsure, there is none.
    codes : pandas.DataFrame
        From `codes`: what is validated. Another dictionary than the one that drew the sample, or
        a classifier, may be validated by it too; not one that was changed after its answers.
    by : str or list of str
        The columns that form the groups, as for `coding_sample`.
    sample : pandas.DataFrame, optional
        From `coding_sample`. Without it every sentence has to be coded.
    conf_level : float
        Level of the intervals.
    seed : int
        For the draws.

    Returns
    -------
    Result
        Keys: the group columns and ``topic``; groups called ``(all)`` are all together.
        ``sentences``, ``answered`` (by hand), ``errors`` (answered sentences that the dictionary
        codes otherwise), ``hits``. ``precision``, the share of its hits that are right, with
        Wilson limits; ``recall``, the share of what is on the topic that it finds, and ``f1``, with
        percentiles of draws from the Beta distributions of the strata. NaN where there is nothing
        to find.

    Raises
    ------
    InputError
        If sentences are not coded and there is no sample, a stratum has no answer, or sample and
        codes are not of the same articles.

    Examples
    --------
    >>> import analysis as an
    >>> study = an.read_study("study.toml")
    >>> hand = an.read_codes("seeds/codes_1.csv", study.sentences)
    >>> table = error_rates(hand, study.codes, by="partner").to_frame()
    >>> row = table[(table["partner"] == "(all)") & (table["topic"] == "training")].iloc[0]
    >>> int(row["hits"]), float(row["precision"]), float(row["recall"])
    (6, 1.0, 1.0)
    """
    check_conf_level(conf_level)
    groups = columns_of(by)
    cells = cells_of(hand, codes, by, sample)
    parts = {key: [halves(cell)] for key, cell in cells.items()}
    everything = dict(cells)
    for (group, topic), cell in cells.items():
        key = ((ALL,) * len(groups), topic)
        everything[key] = everything[key] + cell if key in everything else cell
        parts.setdefault(key, []).extend(parts[group, topic])
    rows = []
    for (group, topic), cell in everything.items():
        row = dict(zip(groups, group, strict=True)) | {"topic": topic}
        row |= {"sentences": len(cell.code), "answered": int(cell.answered.sum())}
        row |= {"errors": cell.errors, "hits": int(cell.code.sum())}
        for name, ends in rates(parts[group, topic], conf_level, seed).items():
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        rows.append(row)
    provenance = {"function": "error_rates", "by": groups, "conf_level": conf_level, "seed": seed}
    provenance["coders"] = list(hand["coder"].unique())
    return Result(pd.DataFrame(rows), (*groups, "topic"), provenance)


def refuse_unequal_recall(contrasts: Result, rates: Result) -> Result:
    """Return contrasts in which none between groups whose recall differs is more than counted.

    A dictionary that finds the topic in one group and misses it in the other makes a difference of
    its own. Where the intervals of recall are disjoint, the status of an uncorrected contrast is
    ``not_distinguishable`` and its warnings have ``recall_differs``; `corrected_contrasts` can
    still tell. Against the rest, every other group has to overlap.

    Parameters
    ----------
    contrasts : Result
        From `contrasts`.
    rates : Result
        From `error_rates`, with the same groups.

    Examples
    --------
    >>> import analysis as an
    >>> study = an.read_study("study.toml")
    >>> hand = an.read_codes("seeds/codes_1.csv", study.sentences)
    >>> rates = an.error_rates(hand, study.codes, by="partner")
    >>> refused = refuse_unequal_recall(study.contrasts(), rates).to_frame()
    >>> int(refused["warnings"].str.contains("recall_differs").sum())
    0
    """
    table, apart = contrasts.to_frame(), unequal_recall(rates)
    check_columns(table, ["topic", "target", "reference", "status", "warnings"], "contrasts")
    keys = zip(table["topic"], table["target"], table["reference"], strict=True)
    refused = pd.Series([key in apart for key in keys], table.index, dtype=bool)
    stated = refused & table["status"].isin(["suggestive", "supported"])
    table.loc[stated, "status"] = "not_distinguishable"
    table.loc[refused, "warnings"] = (table["warnings"] + f" {RECALL}").str.strip()
    return replace(contrasts, estimates=table)


def unequal_recall(rates: Result) -> set[tuple[str, str, str]]:
    """Return (topic, group, other) wherever the intervals of recall are disjoint; other or rest."""
    table = rates.to_frame().dropna(subset=["recall"])
    table["group"] = group_labels(table, rates.by)
    table = table[table[rates.by[0]] != ALL]
    found = set()
    for topic, own in table.groupby("topic"):
        limits = own.set_index("group")[["recall_low", "recall_high"]].T.to_dict("list")
        for one, (low, high) in limits.items():
            others = {o for o, (a, b) in limits.items() if b < low or a > high}
            found |= {(str(topic), str(one), str(other)) for other in others}
            found |= {(str(topic), str(one), "rest")} if others else set()
    return found


def codes_needed(
    hand: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    by: str | Sequence[str],
    sample: pd.DataFrame | None = None,
    margin: float = 0.05,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Return how many more sentences to code, in which stratum, for a correction this narrow.

    The margin is that of coding alone, for these articles. How surely one can speak of further
    articles rests on their number, whatever is coded.

    Parameters
    ----------
    hand, codes : pandas.DataFrame
        As for `error_rates`; a first hundred codes tell how the answers vary.
    by : str or list of str
        The columns that form the groups.
    sample : pandas.DataFrame, optional
        From `coding_sample`.
    margin : float
        How far a corrected share may be off: .05 for 5 points on either side.
    conf_level : float
        How surely.

    Returns
    -------
    pandas.DataFrame
        The group columns, ``topic``, ``stratum``, ``sentences`` (in it), ``answered``, ``needed``
        (in all) and ``more``.

    Examples
    --------
    >>> import analysis as an
    >>> study = an.read_study("study.toml")
    >>> hand = an.read_codes("seeds/codes_1.csv", study.sentences)
    >>> int(codes_needed(hand, study.codes, by="partner")["more"].sum())
    0
    """
    check_conf_level(conf_level)
    if not 0 < margin < 1:
        raise InputError(f"margin={margin!r} is not between 0 and 1", do="write .05 for 5 points")
    groups = columns_of(by)
    variance = (margin / float(ndtri((1 + conf_level) / 2))) ** 2
    rows = []
    for (group, topic), cell in cells_of(hand, codes, by, sample).items():
        parts = cell.strata
        for name, size, answered, needed in zip(
            parts.names, parts.size, parts.answered, _optimal(parts, variance), strict=True
        ):
            row = dict(zip(groups, group, strict=True)) | {"topic": topic, "stratum": name}
            more = max(0, needed - int(answered))
            row |= {"sentences": int(size), "answered": int(answered), "needed": needed}
            rows.append(row | {"more": more})
    return pd.DataFrame(rows)


def _optimal(strata: Strata, variance: float) -> list[int]:
    """How many of each stratum give this variance at the least cost (Cochran 1977, eq. 5.25).

    n_h = W_h S_h sum(W S) / (variance + sum(W S^2) / N), at least two. A stratum that is smaller
    than that is coded whole, and the sums go over the others (section 5.8).
    """
    p = (strata.yes + 0.5) / (strata.answered + 1)
    spread = strata.share * np.sqrt(p * (1 - p))  # W_h S_h
    finite = strata.share * p * (1 - p) / strata.size.sum()
    wanted = whole = strata.size
    open_ = np.full(len(whole), True)
    while open_.any():
        wanted = spread * spread[open_].sum() / (variance + finite[open_].sum())
        if not (beyond := open_ & (wanted > whole)).any():
            break
        open_ &= ~beyond
    wanted = np.where(open_, np.maximum(wanted, FEWEST), whole)
    return [min(int(s), ceil(w)) for w, s in zip(wanted, whole, strict=True)]
