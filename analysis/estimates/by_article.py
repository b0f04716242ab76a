"""What dealing and leaving out single articles decides: of each contrast, and of all groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import Pair, group_labels
from analysis.estimates.changes import flips, without_each
from analysis.estimates.intervals import Array
from analysis.estimates.permutation import Test, Topic, max_t, permutation_tests
from analysis.estimates.resampling import kinds_of
from analysis.estimates.tallies import Tally, as_tally
from analysis.io.results import Result

SEED = 0  # of the permutation tests, where there are too many splits to enumerate


def labelled(tally: Tally, measure: str, stratum: str = "") -> pd.DataFrame:
    """Return the rows of a measure, with ``group`` in the place of the columns that form it.

    The column of a confounder is called ``stratum``.
    """
    rows = tally.of(measure)
    groups = [column for column in tally.by if column != stratum]
    rows = rows.assign(group=group_labels(rows, groups)).drop(columns=groups)
    return rows.rename(columns={stratum: "stratum"})


def by_article(rows: pd.DataFrame, pairs: Sequence[Pair]) -> pd.DataFrame:
    """Return what single articles decide of the contrasts that can be estimated, topic by topic."""
    topics: list[Topic] = []
    sides: list[tuple[Array, Array]] = []
    for _, part in rows[rows["articles"] * rows["size"] > 0].groupby("topic"):
        units = {str(name): _kinds(own) for name, own in part.groupby("group")}
        places = {name: place for place, name in enumerate(units)}
        tested = [
            (target, other)
            for target, other in pairs
            if target in units and (len(units) > 1 if other is None else other in units)
        ]
        for target, other in tested:
            rest = _kinds(part[part["group"] != target]) if other is None else units[other]
            sides.append((units[target], rest))
        if tested:
            numbers = [(places[one], None if two is None else places[two]) for one, two in tested]
            topics.append(([*units.values()], numbers))
    permuted, adjusted = permutation_tests(sides, SEED), max_t(topics, SEED)
    table = pd.DataFrame(permuted, columns=["permutation_p", "permutation_p_min"])
    table["p_max_t"] = [p for own, _ in adjusted for p in own]
    table["p_max_t_min"] = [smallest for _, own in adjusted for smallest in own]
    return table.assign(sign_flips=[_sign_flips(*both) for both in sides])


def _kinds(rows: pd.DataFrame) -> Array:
    """The articles with text: hits, size, and how many have them."""
    return kinds_of(rows.loc[rows["size"] > 0, ["hits", "size", "articles"]].to_numpy(float))


def _sign_flips(target: Array, reference: Array) -> int:
    """How many single articles turn a difference round, or leave none, when left out."""
    articles = np.concatenate([target[:, 2], reference[:, 2]])
    return int(articles[flips(*without_each(target, reference))].sum())


def omnibus(
    tally: Tally | pd.DataFrame, *, measure: str = "sentence_share", seed: int = SEED
) -> Result:
    """Return one test a topic of whether any group differs from the others.

    Parameters
    ----------
    tally : Tally
        As for `contrasts`.
    measure : str
        One of `MEASURES`.
    seed : int
        For the permutation test, when there are too many permutations to enumerate.

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
    tally = as_tally(tally)
    rows = labelled(tally, measure)
    tests: dict[str, Test] = {
        str(topic): [_kinds(own) for _, own in part.groupby("group")]
        for topic, part in rows[rows["size"] > 0].groupby("topic")
    }
    found = permutation_tests(list(tests.values()), seed)
    table = [
        (topic, len(test), int(sum(kinds[:, 2].sum() for kinds in test)), *p)
        for (topic, test), p in zip(tests.items(), found, strict=True)
    ]
    columns = ["topic", "groups", "articles", "permutation_p", "permutation_p_min"]
    provenance = tally.provenance("omnibus", measure=measure, seed=seed)
    return Result(pd.DataFrame(table, columns=columns), ("topic",), provenance)
