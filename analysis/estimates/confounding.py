"""Whether groups differ in something else as well: in outlet, say, or in period.

Where no outlet has articles on both of two groups, a difference between the groups may as well be
one between outlets, however many articles there are.

Sources
-------
Cramér (1946), Mathematical Methods of Statistics, 21.9: V.
Bergsma (2013), Journal of the Korean Statistical Society 42, 323-328: its bias correction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.groups import (
    REST,
    Pair,
    columns_of,
    group_labels,
    known_values,
    names_of,
    window_of,
)
from analysis.errors import InputError, check_columns
from analysis.estimates.comparison import pairs_of
from analysis.estimates.tallies import Tally
from analysis.estimates.within import OVERLAPS


def confounds(
    documents: pd.DataFrame,
    by: str | Sequence[str],
    *,
    with_: str | Sequence[str],
    reference: str = "pairs",
    window: str = "month",
) -> pd.DataFrame:
    """Return whether two groups have any value of another document variable in common.

    Parameters
    ----------
    documents : pandas.DataFrame
        Any table with ``doc_id`` and the variables: documents, sentences or codes. A table of
        body sentences leaves out articles that are not analysed.
    by : str or list of str
        The document variables that form the groups.
    with_ : str or list of str
        The variables that may differ as well. A blank value is unknown.
    reference : str
        As for `contrasts`: the two tables have the same pairs.
    window : str
        One that holds nothing but dates (2021, 2021-03 or 2021-03-05) is compared by ``month`` or
        by ``year``; by year if none says more.

    Returns
    -------
    pandas.DataFrame
        A row a variable and pair: ``variable``, ``compared_by`` (``value``, ``month`` or
        ``year``), ``target``, ``reference``; ``known_target``,
        ``articles_target``, ``known_reference``, ``articles_reference``: of how many articles of
        how many the value is known; ``shared``, the number of values that both groups have;
        ``articles_sharing``, of how many articles; ``cramers_v`` and
        ``cramers_v_corrected`` (Bergsma), of the two groups with the variable: 0 when it is spread
        alike over both, 1 when it separates them; ``overlap``: ``shared``, ``none_shared`` (a
        full confound) or ``unknown``, when nothing is known of one of the two.

    Examples
    --------
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "party": ["Green", "Green", "Red"],
    ...     "outlet": ["Mail", "Post", "Post"], "day": ["2019-03-01", "", "2020-01-31"]})
    >>> confounds(articles, "party", with_=["outlet", "day"])[["variable", "shared", "overlap"]]
      variable  shared      overlap
    0   outlet       1       shared
    1      day       0  none_shared
    """
    groups, variables = columns_of(by), names_of(with_)
    check_columns(documents, ["doc_id", *groups, *variables], "documents")
    if both := sorted({*groups} & {*variables}):
        raise InputError(
            f"{both[0]!r} forms the groups", do="name other variables that may differ as well"
        )
    articles = documents.drop_duplicates("doc_id")
    labels = group_labels(articles, groups)
    pairs = pairs_of(sorted(labels.unique()), reference)
    read = labels.value_counts().to_dict()
    counted = {}
    for variable in variables:
        counted[variable] = pd.crosstab(labels, known_values(articles[variable], window))
    return _compared(counted, read, pairs)


def articles_of(tally: Tally, variable: str = "") -> Any:
    """Return the articles with text in a tally by group; if one is named, a column a value."""
    rows = tally.of("sentence_share")
    rows = rows[(rows["topic"] == rows["topic"].iloc[0]) & (rows["size"] > 0)]
    by = [name for name in tally.by if name != variable]
    keys = [group_labels(rows, by), *([rows[variable]] if variable else [])]
    articles = rows["articles"].groupby(keys).sum()
    return articles.unstack(fill_value=0) if variable else articles.to_dict()


def confounds_of(tally: Tally) -> pd.DataFrame:
    """Return what `confounds` does, of the confounders and articles that a tally counted."""
    counted = {name: articles_of(own, name) for name, own in tally.within.items()}
    read = articles_of(tally)
    return _compared(counted, read, pairs_of(sorted(read), "pairs"))


def _compared(
    counted: Mapping[str, pd.DataFrame], read: Mapping[Any, int], pairs: Sequence[Pair]
) -> pd.DataFrame:
    """The table of `confounds`; `counted` are the articles by group and known value."""
    rows = []
    for variable, own in counted.items():
        compared_by = window_of(own.columns.to_series())
        counts = {name: np.zeros(own.shape[1], dtype=np.int64) for name in read}
        counts |= zip(own.index, own.to_numpy(), strict=True)
        for target, other in pairs:
            rest = [name for name in read if name != target] if other is None else [other]
            found = _overlap(counts, read, target, rest)
            rows.append((variable, compared_by, target, other or REST, *found))
    return pd.DataFrame(rows, columns=_COLUMNS)


_COLUMNS = [
    *("variable", "compared_by", "target", "reference", "known_target", "articles_target"),
    *("known_reference", "articles_reference", "shared", "articles_sharing"),
    *("cramers_v", "cramers_v_corrected", "overlap"),
]


def _overlap(
    counts: Mapping[Any, np.ndarray], read: Mapping[Any, int], target: str, rest: Sequence[Any]
) -> tuple[int, int, int, int, int, int, float, float, str]:
    """What two sides have in common; `counts` are the articles of each group by value."""
    sides = np.stack([counts[target], np.sum([counts[name] for name in rest], axis=0)])
    known = sides.sum(axis=1)
    shared = (sides > 0).all(axis=0)
    overlap = OVERLAPS[2] if (known == 0).any() else OVERLAPS[0 if shared.any() else 1]
    return (
        *(int(known[0]), read[target], int(known[1]), sum(read[name] for name in rest)),
        *(int(shared.sum()), int(sides[:, shared].sum())),
        *cramers_v(sides),
        overlap,
    )


def cramers_v(counts: np.ndarray) -> tuple[float, float]:
    """Return Cramér's V of a table of counts, as it is and corrected for its bias (Bergsma).

    V = sqrt(phi2 / min(r - 1, c - 1)), phi2 = chi2 / n, rows and columns without a count left out
    phi2' = max(0, phi2 - (r - 1)(c - 1)/(n - 1));  r' = r - (r - 1)^2/(n - 1);  c' likewise
    V' = sqrt(phi2' / min(r' - 1, c' - 1)). With few counts V is far from 0 by chance alone.
    NaN where there is one row or column, V' also where r' or c' is 1.
    """
    counts = np.asarray(counts, float)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    r, c = counts.shape
    n = counts.sum()
    if min(r, c) < 2:
        return float("nan"), float("nan")
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    phi2 = float(np.sum((counts - expected) ** 2 / expected) / n)
    v = float(np.sqrt(phi2 / (min(r, c) - 1)))
    corrected = max(0.0, phi2 - (r - 1) * (c - 1) / (n - 1))
    least = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    return v, float(np.sqrt(corrected / least)) if least > 1e-12 else float("nan")
