"""Profiles: how often each group, or each of its articles, has each feature.

Every comparison of whole vocabularies or of whole dictionaries begins here. Four tables are read,
known by their columns: codes (a feature is a topic, counted by its matches in the body); counts by
article; counts by group; a tally (topics by their matches: measure `composition`). Which article a
count is of is known from the first two only.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of, group_labels
from analysis.errors import InputError, check_columns
from analysis.estimates.tallies import TALLY_COLUMNS, Tally, as_tally
from analysis.words.keywords import OWN

COUNTS_COLUMNS = ("feature", "count", "articles")
COLUMNS = ("group", "doc_id", "feature", "count", "articles")


def article_profiles(table: pd.DataFrame | Tally, by: str | Sequence[str]) -> pd.DataFrame:
    """Return the counts of every article, with the columns of `COLUMNS`; one row a count.

    ``doc_id`` is blank where the table does not know the articles, ``articles`` (that have the
    feature) missing where it is not from `counts`.
    """
    table = table.to_frame() if isinstance(table, Tally) else table
    groups = columns_of(by)
    if "section" in table.columns:
        check_columns(table, [*groups, "doc_id", "topic", "matches"], "codes")
        table = table[table["section"] == "body"]
        table = table.rename(columns={"topic": "feature", "matches": "count"})
    elif "hits" in table.columns:
        check_columns(table, [*groups, *TALLY_COLUMNS], "tally")
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
    """Return the counts of every group, or its articles: a row a feature, a column a group.

    All columns of `counts` or a tally that are not the table's own form the groups.
    """
    if isinstance(table, Tally) or "hits" in table.columns:
        groups = list(as_tally(table).by)
    else:
        check_columns(table, COUNTS_COLUMNS, "counts")
        groups = [column for column in table.columns if column not in OWN]
    return article_profiles(table, groups).pivot_table(
        index="feature", columns="group", values=values, aggfunc="sum", fill_value=0
    )
