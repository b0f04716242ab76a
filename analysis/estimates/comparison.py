"""Whether two groups differ, and what may be said of it.

Everything is computed from a tally (see `analysis.estimates.tallies`), never from text.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.errors import check_choice, check_columns, check_conf_level
from analysis.estimates.influence import Side, flips, without_each
from analysis.estimates.intervals import (
    Array,
    holm,
    intra_article_correlation,
    logit_contrast,
    mover,
)
from analysis.estimates.orderings import REST, ordering_shares, pairs_of, ways_of_counting
from analysis.estimates.permutation import Test, Topic, max_t, permutation_tests
from analysis.estimates.shares import estimate, moments_of, of_measure, sums_of
from analysis.estimates.status import ladder, overlaps_of
from analysis.estimates.tallies import MEASURES, TALLY_COLUMNS, group_columns
from analysis.io.results import Result


def contrasts(
    tally: pd.DataFrame,
    *,
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
        _topic_contrasts(part, str(topic), pairs, conf_level, ways)
        for topic, part in rows.groupby("topic")
        if pairs
    ]
    empty = pd.DataFrame(columns=_CONTRAST_COLUMNS)
    table = pd.concat(topics, ignore_index=True)[_CONTRAST_COLUMNS] if topics else empty
    found = _by_article(rows, pairs, seed)
    found.index = table.index[table["p_value"].notna()]
    table[found.columns] = found.reindex(table.index)
    numbers = table.columns.difference(["topic", "target", "reference", "status", "warnings"])
    table[numbers] = table[numbers].apply(pd.to_numeric)  # also when there is nothing to compare
    for column in ("estimate", "conf_low", "conf_high"):
        table[column] = table[column] * MEASURES[measure].scale
    table["p_holm"] = holm(table["p_value"].to_numpy(float))
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
) -> pd.DataFrame:
    """The contrasts of one topic, but for what permutations and the other topics decide."""
    sums = sums_of(rows, ["group"])
    rho, _ = intra_article_correlation(moments_of(sums))
    pooled = sums["sx"].sum() / sums["sm"].sum() if sums["sm"].sum() else np.nan
    targets, references = map(list, zip(*pairs, strict=True))
    if None in references:
        # Under the name of each target, the articles of all other groups.
        others = [rows[rows["group"] != name].assign(group=name) for name in targets]
        against, second = sums_of(pd.concat(others), ["group"]), targets
    else:
        against, second = sums, references
    sides = [
        estimate(part, conf_level, rho).set_index("group").loc[names].reset_index(drop=True)
        for part, names in ((sums, targets), (against, second))
    ]
    counted = {"hits": "sx", "size": "sm", "articles": "n"}
    table = pd.DataFrame(
        {"topic": topic, "target": targets, "reference": [name or REST for name in references]}
        | {
            f"{name}_{side}": part[column].astype("int64")
            for side, part in zip(("target", "reference"), sides, strict=True)
            for name, column in counted.items()
        }
    ).reindex(columns=_CONTRAST_COLUMNS)
    known = (table["size_target"] > 0) & (table["size_reference"] > 0)
    numbers = ["p", "low", "high", "n_eff", "df"]
    both = zip(*(part.loc[known, numbers].to_numpy(float) for part in sides), strict=True)
    # One by one: numpy squares an array and a number alike but for the last digit.
    compared = pd.DataFrame([_compare(first, second, pooled) for first, second in both])
    table.loc[known, compared.columns] = compared.to_numpy()
    table["ordering_share"] = ordering_shares(
        ways[ways["topic"] == topic], pairs, table["estimate"].to_list()
    )
    return table


def _compare(first: Array, second: Array, pooled: float) -> dict[str, float]:
    """Two groups compared; of each its p, low, high, n_eff and df."""
    (p1, low1, high1, n1, df1), (p2, low2, high2, n2, df2) = first, second
    low, high = mover(p1, low1, high1, p2, low2, high2)
    test = logit_contrast(p1, n1, df1, p2, n2, df2, pooled)
    return {
        "estimate": p1 - p2,
        "conf_low": float(low),
        "conf_high": float(high),
        "statistic": float(test.statistic),
        "df": float(test.df),
        "p_value": float(test.p_value),
        "prob_higher": float(test.prob_higher),
    }


def _by_article(
    rows: pd.DataFrame, pairs: Sequence[tuple[str, str | None]], seed: int
) -> pd.DataFrame:
    """What single articles decide of the contrasts that can be estimated, topic by topic."""
    topics: list[Topic] = []
    sides: list[tuple[Side, Side]] = []
    for _, part in rows[rows["articles"] * rows["size"] > 0].groupby("topic"):
        units = {str(name): _expand(own) for name, own in part.groupby("group")}
        places = {name: place for place, name in enumerate(units)}
        tested = [
            (target, other)
            for target, other in pairs
            if target in units and (len(units) > 1 if other is None else other in units)
        ]
        for target, other in tested:
            others = [
                name for name in units if (name != target if other is None else name == other)
            ]
            sides.append((units[target], _together([units[name] for name in others])))
        if tested:
            hits, sizes = zip(*units.values(), strict=True)
            numbers = [(places[one], None if two is None else places[two]) for one, two in tested]
            topics.append((hits, sizes, numbers))
    tests = [([first[0], second[0]], [first[1], second[1]]) for first, second in sides]
    permuted = permutation_tests(tests, seed)
    adjusted = max_t(topics, seed)
    return pd.DataFrame(
        {
            "permutation_p": [p for p, _ in permuted],
            "permutation_p_min": [smallest for _, smallest in permuted],
            "p_max_t": [p for own, _ in adjusted for p in own],
            "p_max_t_min": [smallest for _, own in adjusted for smallest in own],
            "sign_flips": [int(flips(*without_each(*both)).sum()) for both in sides],
        }
    )


def _expand(rows: pd.DataFrame) -> Side:
    """Hits and sizes article by article, of the articles with text."""
    rows = rows[rows["size"] > 0]
    hits, size = (
        np.repeat(rows[column].to_numpy(float), rows["articles"]) for column in ("hits", "size")
    )
    return hits, size


def _together(sides: Sequence[Side]) -> Side:
    hits, size = zip(*sides, strict=True)
    return np.concatenate(hits), np.concatenate(size)


def omnibus(tally: pd.DataFrame, *, measure: str = "sentence_share", seed: int = 0) -> Result:
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
    tests: dict[str, Test] = {}
    for topic, part in rows.groupby("topic"):
        hits, sizes = zip(*(_expand(own) for _, own in part.groupby("group")), strict=True)
        tests[str(topic)] = hits, sizes
    found = permutation_tests(list(tests.values()), seed)
    table = [
        (topic, len(hits), sum(map(len, hits)), *p)
        for (topic, (hits, _)), p in zip(tests.items(), found, strict=True)
    ]
    columns = ["topic", "groups", "articles", "permutation_p", "permutation_p_min"]
    return Result(
        pd.DataFrame(table, columns=columns),
        ("topic",),
        {"function": "omnibus", "measure": measure, "seed": seed},
    )
