"""Word shift: which words carry the difference between the wording of two groups.

Contract of a measure: a function of the shares of each word in the target and in the reference
that returns what each word contributes; the contributions add up to the measure. Source: Gallagher
et al. (2021), EPJ Data Science 10, 4, table 1, with the target for their text 2; logarithms are
of base 2.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.special import entr, rel_entr

from analysis.corpus.groups import REST
from analysis.errors import InputError, check_choice, check_columns, listing
from analysis.estimates.intervals import Array
from analysis.io.results import Result
from analysis.words.profiles import COUNTS_COLUMNS, group_profiles


def _proportion(target: Array, reference: Array) -> Array:
    return np.asarray(target - reference)  # table 1, relative frequency


def _entropy(target: Array, reference: Array) -> Array:
    return np.asarray((entr(target) - entr(reference)) / np.log(2))  # table 1, Shannon entropy


def _jensen_shannon(target: Array, reference: Array) -> Array:
    middle = (target + reference) / 2  # table 1, Jensen-Shannon divergence, both weights 1/2
    nats = rel_entr(target, middle) + rel_entr(reference, middle)
    return np.asarray(nats / 2 / np.log(2))


SHIFTS: dict[str, Callable[[Array, Array], Array]] = {
    "proportion": _proportion,
    "jensen_shannon": _jensen_shannon,
    "entropy": _entropy,
}


def word_shift(
    counts: pd.DataFrame, target: str, *, reference: str = REST, measure: str = "jensen_shannon"
) -> Result:
    """Return what each word contributes to the difference between two groups' wording.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `counts`.
    target : str
        A group.
    reference : str
        Another group; or ``"rest"``: all other groups together.
    measure : {"proportion", "jensen_shannon", "entropy"}
        What is taken apart, in bits but for the first. ``proportion``: target minus reference,
        which adds up to 0. ``jensen_shannon``: the divergence, the square of the distance that
        `similarity` gives; no contribution is negative. ``entropy``: target minus reference, how
        much more varied the wording of the target is.

    Returns
    -------
    Result
        Keys ``target``, ``reference``, ``feature``. ``estimate`` is what the word contributes,
        ``difference`` what all words add up to; the largest contributions first.
        ``higher_in`` is the group in which the word has the larger share, blank where neither;
        ``share_``, ``count_``, ``total_`` and ``articles_`` (that use the word) of both.

    Notes
    -----
    It describes these articles and decides nothing about groups; there is no interval.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Green", "Red"], "count": [2, 2, 5],
    ...                       "feature": ["sun", "wind", "wind"], "articles": [1, 2, 1]})
    >>> shift = word_shift(table, target="Green", reference="Red").to_frame()
    >>> shift[["feature", "estimate", "difference", "higher_in"]].round(3)
      feature  estimate  difference higher_in
    0     sun     0.250       0.311     Green
    1    wind     0.061       0.311       Red
    """
    check_choice(measure, SHIFTS, "measure", "measure of a word shift")
    check_columns(counts, COUNTS_COLUMNS, "counts")
    wide, articles = group_profiles(counts), group_profiles(counts, "articles")
    groups = list(wide.columns)
    check_choice(target, groups, "target", "group")
    if reference == REST and REST in groups:
        raise InputError("a group is called 'rest'", do="rename it, or name another reference")
    others = [name for name in groups if name != target and reference in (REST, name)]
    if not others:
        choices = listing([name for name in groups if name != target], most=20)
        problem = f"reference={reference!r} is not another group than {target!r}"
        raise InputError(problem, do=f"choose 'rest' or one of {choices}")
    table = pd.DataFrame({"target": target, "reference": reference, "feature": wide.index})
    shares = {}
    for side, names in (("target", [target]), ("reference", others)):
        count = wide[names].sum(axis=1).to_numpy()
        if not count.sum():
            raise InputError(f"{listing(names)} has no count", do="compare groups that have words")
        shares[side] = table[f"share_{side}"] = count / count.sum()
        table[f"count_{side}"], table[f"total_{side}"] = count, count.sum()
        table[f"articles_{side}"] = articles[names].sum(axis=1).to_numpy()
    more = shares["target"] - shares["reference"]
    contributions = SHIFTS[measure](shares["target"], shares["reference"])
    table.insert(3, "estimate", contributions)
    table.insert(4, "difference", contributions.sum().round(15) + 0.0)  # a 0 is 0
    table.insert(5, "higher_in", np.select([more > 0, more < 0], [target, reference], ""))
    order = (-table["estimate"].abs()).round(15).sort_values(kind="stable").index
    return Result(
        table.loc[order].reset_index(drop=True).assign(measure=measure),
        ("target", "reference", "feature"),
        {"function": "word_shift", "target": target, "reference": reference, "measure": measure},
    )
