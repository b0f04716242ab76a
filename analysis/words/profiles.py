"""Profiles: how often each group, or each of its articles, has each feature.

Every comparison of whole vocabularies or of whole dictionaries begins here. Four tables are read,
told apart by their columns, and made one.

==========  ========================================================  ======================
table       a feature is                                              its articles are known
==========  ========================================================  ======================
codes       a topic, counted by its matches in the body               yes
counts      a word; ``counts(sentences, by=[..., "doc_id"])``         yes
counts      a word; ``counts(sentences, by=...)``                     no
tally       a topic, counted by its matches (measure `composition`)   no: topics stand apart
==========  ========================================================  ======================
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of, group_labels
from analysis.errors import InputError, check_columns
from analysis.estimates.tallies import Tally, as_tally
from analysis.words.keywords import OWN

COUNTS_COLUMNS = ("feature", "count", "articles")
COLUMNS = ("group", "doc_id", "feature", "count", "articles")


def article_profiles(table: pd.DataFrame | Tally, by: str | Sequence[str]) -> pd.DataFrame:
    """Return the counts of every article: ``group``, ``doc_id``, ``feature``, and how many.

    Parameters
    ----------
    table : pandas.DataFrame
        One of the tables of the module's description.
    by : str or list of str
        The columns that form the groups.

    Returns
    -------
    pandas.DataFrame
        ``group``, ``doc_id``, ``feature``, ``count``, ``articles``; one row a count, zeros included
        where the table has them. ``doc_id`` is blank where the table does not tell articles apart,
        ``articles`` (that have the feature) missing where it is not from `counts`.

    Raises
    ------
    InputError
        If the table is none of the four, or a count is negative, infinite or missing.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green"], "doc_id": ["a"], "feature": ["wind"],
    ...                       "count": [3], "articles": [1]})
    >>> article_profiles(table, by="party")
       group doc_id feature  count  articles
    0  Green      a    wind      3         1
    """
    groups = columns_of(by)
    table = table.to_frame() if isinstance(table, Tally) else table
    if "section" in table.columns:
        check_columns(table, [*groups, "doc_id", "topic", "matches"], "codes")
        table = table[table["section"] == "body"]
        table = table.rename(columns={"topic": "feature", "matches": "count"})
    elif "hits" in table.columns:
        check_columns(table, groups, "tally")
        table = as_tally(table).of("composition").rename(columns={"topic": "feature"})
        table = table.assign(count=table["hits"] * table["articles"], articles=np.nan)
    check_columns(table, [*groups, "feature", "count"], "counts")
    count = table["count"].to_numpy(float)
    if not (np.isfinite(count) & (count >= 0)).all():
        raise InputError("a count is negative, infinite or missing", do="count what is there")
    if "doc_id" not in table.columns:
        table = table.assign(doc_id="")
    table = table.assign(group=group_labels(table, groups)).reset_index(drop=True)
    return table.reindex(columns=list(COLUMNS))


def group_profiles(table: pd.DataFrame | Tally, values: str = "count") -> pd.DataFrame:
    """Return the counts of every group: a row a feature, a column a group, both sorted.

    Parameters
    ----------
    table : pandas.DataFrame
        From `counts` or `tally`; all columns that are not the table's own form the groups.
    values : {"count", "articles"}
        What is counted; articles are known from `counts` only.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Red"], "feature": ["wind", "coal"],
    ...                       "count": [3, 2], "articles": [1, 1]})
    >>> group_profiles(table)
    group    Green  Red
    feature
    coal         0    2
    wind         3    0
    """
    if isinstance(table, Tally) or "hits" in table.columns:
        groups = list(as_tally(table).by)
    else:
        check_columns(table, COUNTS_COLUMNS, "counts")
        groups = [column for column in table.columns if column not in OWN]
    return article_profiles(table, groups).pivot_table(
        index="feature", columns="group", values=values, aggfunc="sum", fill_value=0
    )
