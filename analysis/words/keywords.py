"""Keyness: which words set one group's wording apart from another's.

These measures rank words. They never decide a statement about groups: they take every word of an
article for an independent draw, and call one article in three different from its like.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.corpus.groups import REST, group_labels
from analysis.errors import InputError, check_choice, check_columns, check_counts, listing
from analysis.estimates.intervals import Array, holm
from analysis.io.results import Result
from analysis.words.association import MEASURES, Association, Measure

PRIOR_WORDS = 500.0
PRIORS = ("pooled", "uniform")
OWN = ("feature", "count", "articles", "most", "dp", "dp_norm")


def _bh(p_values: Array) -> Array:
    from scipy.stats import false_discovery_control  # a slow import, for this choice alone

    known = ~np.isnan(p_values)
    adjusted = p_values.copy()
    adjusted[known] = false_discovery_control(p_values[known], method="bh")
    return adjusted


# The register of ways to adjust p-values: Holm (1979), Benjamini & Hochberg (1995).
ADJUSTMENTS: dict[str, Callable[[Array], Array]] = {"holm": holm, "bh": _bh, "none": np.copy}


def keyness(
    counts: pd.DataFrame,
    *,
    measure: str | Measure = "log_odds",
    reference: str = REST,
    prior: str = "pooled",
    prior_words: float = PRIOR_WORDS,
    adjust: str = "holm",
) -> Result:
    """Return, for every group and word, how strongly the word sets the group apart.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `counts`: words, or phrases, or whatever its vectorizer counts. A table of your own
        needs no columns ``most``, ``dp`` and ``dp_norm``.
    measure : str or callable
        {measures}; or a function that keeps the contract of `analysis.words.association`.
    reference : str
        ``"rest"``: all other groups together; or the name of one group.
    prior : {"pooled", "uniform"}
        Of ``log_odds``: as target and reference word it together, or every word alike.
    prior_words : float
        How many words the prior weighs.
    adjust : {"holm", "bh", "none"}
        How ``p_adjusted`` allows for the number of rows: all rows of the table are one family.

    Returns
    -------
    Result
        Keys ``target``, ``feature``; ``reference``. ``estimate``, ``std_error``, ``statistic``,
        ``p_value``, ``p_adjusted``, missing where the measure has none: the estimate of a test (G2,
        chi2) is its statistic, negative where the target uses the word less. Rows are sorted within
        a target by the statistic, else by the estimate. ``count_target``, ``total_target``,
        ``articles_target`` (how many use the word), and the same for the reference;
        ``dp_target``, ``dp_norm_target``: Gries' dispersion over the target's articles, 0 if the
        word is spread as the text is; ``carried_by_one_article``: true if more than half of
        the target's uses stand in one article; ``few_articles``: if not, and ``dp_norm_target`` >
        .5. No row for a word that neither uses.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Green", "Red", "Red"],
    ...     "feature": ["coal", "wind", "coal", "wind"], "count": [1, 9, 8, 2],
    ...     "articles": [1, 3, 2, 1]})
    >>> shown = ["target", "feature", "estimate", "count_target", "articles_target"]
    >>> keyness(table, measure="log_ratio").to_frame()[shown].round(2)
      target feature  estimate  count_target  articles_target
    0  Green    wind      2.17             9                3
    1  Green    coal     -3.00             1                1
    2    Red    coal      3.00             8                2
    3    Red    wind     -2.17             2                1
    """
    if not callable(measure):
        check_choice(measure, MEASURES, "measure", "measure of keyness")
    function = measure if callable(measure) else MEASURES[measure].function
    check_choice(prior, PRIORS, "prior", "prior")
    check_choice(adjust, ADJUSTMENTS, "adjust", "way to adjust p-values")
    if not 0 < prior_words < np.inf:
        raise InputError(f"prior_words={prior_words!r} is no weight", do="write a number above 0")
    wide, groups, features = _wide(counts)
    compared = _compared(list(groups), reference)
    everywhere = {name: wide[name].sum(axis=0) for name in ("count", "articles")}

    def associate(y1: Array, y2: Array) -> Association:
        weights: Array = y1 + y2 if prior == "pooled" else np.ones(len(y1))
        weights = prior_words * weights / weights.sum()
        found = function(y1, float(y1.sum()), y2, float(y2.sum()), weights)
        return found if isinstance(found, Association) else Association(np.asarray(found, float))

    parts = []
    for target, other in compared:
        own = {name: values[target] for name, values in wide.items()}
        rest = {
            name: total - own[name] if other is None else wide[name][other]
            for name, total in everywhere.items()
        }
        parts.append(_comparison(own, rest, associate))
    rows = [len(part["place"]) for part in parts]
    columns = {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}
    named = {
        "target": groups.take(np.repeat([target for target, _ in compared], rows)),
        "reference": reference,
        "feature": features.take(columns.pop("place")),
    }
    table = pd.DataFrame({**named, **columns}, copy=False)
    table.insert(7, "p_adjusted", ADJUSTMENTS[adjust](columns["p_value"]))
    provenance = {
        "function": "keyness",
        "measure": measure if isinstance(measure, str) else getattr(measure, "__name__", "own"),
        "reference": reference,
        "prior": prior,
        "prior_words": prior_words,
        "adjust": adjust,
        "ranked_by": "estimate" if table["statistic"].isna().all() else "statistic",
    }
    return Result(table, ("target", "feature"), provenance)


_NAMED = (f'``"{name}"`` ({measure.source})' for name, measure in MEASURES.items())
if keyness.__doc__:  # python -OO leaves docstrings out
    keyness.__doc__ = keyness.__doc__.replace("{measures}", ", ".join(_NAMED))


def _wide(counts: pd.DataFrame) -> tuple[dict[str, Array], pd.Index, pd.Index]:
    """Each number of the counts as an array (groups x features), the groups, the features."""
    check_columns(counts, ["feature", "count", "articles"], "counts")
    feature, features = pd.factorize(counts["feature"], sort=True)
    if (feature < 0).any():
        do = 'read its file with keep_default_na=False: "null" and "nan" are words too'
        raise InputError("the counts table has a missing feature", do=do)
    by = [column for column in counts.columns if column not in OWN]
    group, groups = pd.factorize(group_labels(counts, by), sort=True)
    shape = len(groups), len(features)
    cell = group * shape[1] + feature
    wide: dict[str, Array] = {}
    do = "count with a vectorizer that counts, not one that weighs"
    check_counts(counts, ("count", "articles"), "counts", do)
    for name in ("count", "articles"):
        sums = np.bincount(cell, counts[name].to_numpy(float), shape[0] * shape[1])
        wide[name] = np.asarray(sums, float).reshape(shape)
    if (empty := wide["count"].sum(axis=1) == 0).any():
        raise InputError(f"{groups[empty][0]!r} has no words", do="leave its rows out")
    several = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape) > 1
    # Of parts of a corpus, the most in one article is the most in any part.
    most = counts["most"] if "most" in counts.columns else counts["count"]
    wide["most"] = np.zeros(shape)
    np.maximum.at(wide["most"].reshape(-1), cell, most.to_numpy(float))
    if "most" not in counts.columns:  # then only a word of one article is known to be carried
        wide["most"][wide["articles"] > 1] = 0
    for name in ("dp", "dp_norm"):
        wide[name] = np.full(shape, np.nan)
        if name in counts.columns:
            wide[name].reshape(-1)[cell] = counts[name]
            wide[name][several] = np.nan  # counts of parts add up, dispersions do not
    return wide, groups, features


def _compared(groups: list[str], reference: str) -> list[tuple[int, int | None]]:
    """Each target and the group it is compared with, by their places; None for all others."""
    if reference == REST and REST in groups:
        raise InputError("a group is called 'rest'", do="rename it, or name another reference")
    if reference != REST and reference not in groups:
        do = f"choose 'rest' or one of {listing(groups, most=20)}"
        raise InputError(f"reference={reference!r} is not a group", do=do)
    if len(groups) < 2:
        raise InputError("one group has nothing to be compared with", do="add another group")
    other = None if reference == REST else groups.index(reference)
    return [(target, other) for target in range(len(groups)) if target != other]


def _comparison(
    own: dict[str, Array], rest: dict[str, Array], associate: Callable[[Array, Array], Association]
) -> dict[str, np.ndarray]:
    """The columns of one target; ``place`` says which feature a row is of."""
    y1, y2 = own["count"], rest["count"]
    used = np.flatnonzero(y1 + y2)
    if len(used) < 2:
        raise InputError("fewer than two words are left to compare", do="leave fewer words out")
    found = associate(y1[used], y2[used])
    ranked = found.estimate if found.statistic is None else found.statistic
    if np.shape(ranked) != used.shape or not np.isfinite(ranked).all():
        problem = "the measure does not give every word a finite number"
        raise InputError(problem, do="see analysis.words.association")
    order = _descending(ranked)
    missing = np.full(len(used), np.nan)
    values = {
        name: missing if value is None else value[order]
        for name, value in zip(Association._fields, found, strict=True)
    }
    place = used[order]
    articles, dp_norm = own["articles"][place], own["dp_norm"][place]
    carried = own["most"][place] * 2 > y1[place]
    return {
        "place": place,
        **values,
        "count_target": y1[place].astype("int64"),
        "total_target": np.full(len(place), y1.sum(), "int64"),
        "articles_target": articles.astype("int64"),
        "dp_target": own["dp"][place],
        "dp_norm_target": dp_norm,
        "carried_by_one_article": carried,
        "few_articles": (dp_norm > 0.5) & ~carried,
        "count_reference": y2[place].astype("int64"),
        "total_reference": np.full(len(place), y2.sum(), "int64"),
        "articles_reference": rest["articles"][place].astype("int64"),
    }


def _descending(values: Array) -> np.ndarray:
    """The places of the values from the largest down; equals in the order they stand in."""
    # Few counts make few distinct values, however many words: only those are sorted. Of small
    # numbers numpy's stable sort is a radix sort.
    code, distinct = pd.factorize(-values)
    rank = np.empty(len(distinct), np.uint16 if len(distinct) <= 2**16 else np.int64)
    rank[np.argsort(distinct)] = np.arange(len(distinct))
    return np.argsort(rank[code], kind="stable")


def most_typical(result: Result, most: int = 6) -> pd.DataFrame:
    """Return the rows of `keyness` ranked highest in each group, of words it uses more."""
    table, by = result.to_frame(), result.provenance["ranked_by"]
    rows = np.flatnonzero((table["count_target"] > 0) & (table[by] > 0))
    target = pd.Series(pd.factorize(table["target"])[0][rows])
    place = target.groupby(target).cumcount().to_numpy()
    return table.take(rows[place < most]).reset_index(drop=True)
