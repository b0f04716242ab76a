"""Keyness: which words set one group's wording apart from another's.

These measures rank words. They never decide a statement about groups: they take every word of an
article for an independent draw, and call one article in three different from its like.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.comparison import REST
from analysis.errors import InputError, check_columns, listing
from analysis.results import Result
from analysis.variables import group_labels


def log_odds(
    y1: np.ndarray,
    n1: float,
    y2: np.ndarray,
    n2: float,
    alpha: np.ndarray,
    alpha_0: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (delta, variance, z): log-odds ratio with an informative Dirichlet prior.

    Monroe, Colaresi & Quinn (2008), Political Analysis 16, 372-403, equations 15, 18 (the
    two-term approximation of the variance, their equation 20, is used) and 21.

    Parameters
    ----------
    y1, y2 : ndarray
        Counts of each word in the two groups.
    n1, n2 : float
        All words of each group.
    alpha, alpha_0 : ndarray, float
        Prior count of each word, and their sum over the vocabulary.

    Examples
    --------
    >>> delta, variance, z = log_odds(np.array([12]), 749, np.array([3]), 420,
    ...                               np.array([1.5]), 150.0)
    >>> z.round(4)
    array([1.1944])
    """
    odds1 = (y1 + alpha) / (n1 + alpha_0 - y1 - alpha)
    odds2 = (y2 + alpha) / (n2 + alpha_0 - y2 - alpha)
    delta = np.log(odds1) - np.log(odds2)  # eqn 15
    variance = 1 / (y1 + alpha) + 1 / (y2 + alpha)  # eqn 20
    return delta, variance, delta / np.sqrt(variance)  # eqn 21


PRIOR_WORDS = 500.0


def keyness(
    counts: pd.DataFrame, reference: str = REST, prior_words: float = PRIOR_WORDS
) -> Result:
    """Return, for every group and word, how strongly the word sets the group apart.

    Parameters
    ----------
    counts : pandas.DataFrame
        From `counts`.
    reference : str
        ``"rest"``: all other groups together; or the name of one group.
    prior_words : float
        How many words the prior weighs; it is the pooled wording of all groups.

    Returns
    -------
    Result
        Keys ``target``, ``feature``. ``estimate`` is the log-odds ratio, ``statistic`` its z,
        by which rows are sorted within a target; ``count_target``, ``total_target``,
        ``articles_target`` and the same for the reference: a word that one article drives shows
        ``articles_target`` 1.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Green", "Red", "Red"],
    ...     "feature": ["coal", "wind", "coal", "wind"], "count": [1, 9, 8, 2],
    ...     "articles": [1, 3, 2, 1]})
    >>> keyness(table).to_frame()[["target", "feature", "count_target", "articles_target"]]
      target feature  count_target  articles_target
    0  Green    wind             9                3
    1  Green    coal             1                1
    2    Red    coal             8                2
    3    Red    wind             2                1
    """
    check_columns(counts, ["feature", "count", "articles"], "counts")
    own = ("feature", "count", "articles")
    groups = [column for column in counts.columns if column not in own]
    labelled = counts.assign(group=group_labels(counts, groups))
    wide = labelled.pivot_table(
        index="feature", columns="group", values=["count", "articles"], fill_value=0, aggfunc="sum"
    )
    count, articles = wide["count"], wide["articles"]
    if reference == REST and REST in count.columns:
        raise InputError("a group is called 'rest'", do="rename it, or name another reference")
    if reference != REST and reference not in count.columns:
        raise InputError(
            f"reference={reference!r} is not a group",
            do=f"choose 'rest' or one of {listing(count.columns, most=20)}",
        )
    if len(count.columns) < 2:
        raise InputError("one group has nothing to be compared with", do="add another group")
    if len(count) < 2:
        raise InputError("fewer than two words are left to compare", do="leave fewer words out")
    pooled = count.to_numpy(float).sum(axis=1)
    alpha = prior_words * pooled / pooled.sum()
    parts = []
    for target in count.columns:
        others = [name for name in count.columns if name != target and (reference in (REST, name))]
        if not others:  # the reference itself
            continue
        y1, y2 = count[target].to_numpy("int64"), count[others].to_numpy("int64").sum(axis=1)
        delta, _, z = log_odds(y1, y1.sum(), y2, y2.sum(), alpha, prior_words)
        part = pd.DataFrame(
            {
                "target": target,
                "reference": reference,
                "feature": count.index,
                "estimate": delta,
                "statistic": z,
                "count_target": y1,
                "total_target": int(y1.sum()),
                "articles_target": articles[target].to_numpy("int64"),
                "count_reference": y2,
                "total_reference": int(y2.sum()),
                "articles_reference": articles[others].to_numpy("int64").sum(axis=1),
            }
        )
        parts.append(part.sort_values(["statistic", "feature"], ascending=[False, True]))
    table = pd.concat(parts, ignore_index=True)
    return Result(
        table,
        ("target", "feature"),
        {"function": "keyness", "reference": reference, "prior_words": prior_words},
    )
