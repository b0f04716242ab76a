"""Which columns can form groups: filled in every article, and named like no column of ours."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from analysis.errors import InputError, listing

# Columns of the tables that are made from a tally: a group column cannot have their names.
RESERVED = frozenset(
    """measure topic hits size articles articles_with_topic sentences sentences_with_topic words
    matches estimate conf_low conf_high article_mean per_1000_words dispersion status warnings rho
    design_effect df n_eff group target reference feature count cleaning unit tier spelling pooling
    top bottom n n_pos sx sm sxx sxm smm share_sum most dp dp_norm p low high deff_prior deff_data
    order coded matched_words all_matches with_text with_topic weight""".split()  # noqa: SIM905
)


def check_groups(table: pd.DataFrame, groups: Sequence[str]) -> None:
    """Raise unless columns can form groups: no blank value, no name of the tables' own."""
    for column in groups:
        check_filled(table, column)
    check_names(groups, RESERVED)
    if "doc_id" in groups:
        raise InputError(
            "'doc_id' cannot form groups: it is what is counted",
            do="give each article a group of its own in another column",
        )


def check_names(groups: Sequence[str], own: Collection[str]) -> None:
    """Raise if group columns have names of columns that are a table's own."""
    if taken := sorted(set(groups) & set(own)):
        raise InputError(
            f"{listing(map(repr, taken))} cannot form groups: the tables have columns of that name",
            do="rename the column",
        )


def check_filled(table: pd.DataFrame, column: str) -> None:
    """Raise if a column is blank in any article."""
    values = pd.Series(table[column].unique())  # few, however many rows
    if (values.isna() | (values.astype(str).str.strip() == "")).any():
        blank = table[column].isna() | (table[column].astype(str).str.strip() == "")
        raise InputError(
            f"{column!r} is blank in {listing(table.loc[blank, 'doc_id'].unique())}",
            do=f"give every article its {column}",
        )
