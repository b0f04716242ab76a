"""The tally: one mergeable table that every estimate is computed from.

A row says how many articles of a group have exactly `hits` of `size` units on a topic, by one
measure of emphasis. Columns: the group columns, ``measure``, ``topic``, ``hits``, ``size``,
``articles``; integers only. Merging is adding ``articles``, so any order and any split of a
corpus gives the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of
from analysis.errors import InputError, check_choice, check_columns, listing

# Columns of the tables that are made from a tally: a group column cannot have their names.
RESERVED = frozenset(
    """measure topic hits size articles articles_with_topic sentences sentences_with_topic words
    matches estimate conf_low conf_high article_mean per_1000_words dispersion status warnings rho
    design_effect df n_eff group target reference feature count cleaning unit tier spelling pooling
    top bottom n n_pos sx sm sxx sxm smm share_sum most dp dp_norm p low high deff_prior deff_data
    order coded matched_words all_matches with_text with_topic weight""".split()  # noqa: SIM905
)

TALLY_COLUMNS = ("measure", "topic", "hits", "size", "articles")


@dataclass(frozen=True)
class Measure:
    """A measure of emphasis: what is counted (hits), out of what (size), and how it is written.

    ``hits`` and ``size`` take the sums of each article (columns ``sentences``, ``coded``,
    ``words``, ``matches``, ``matched_words``, ``all_matches``) and return integers; ``unit``
    names the units of size, ``scale`` is what the share is multiplied by.
    """

    hits: Callable[[pd.DataFrame], pd.Series]
    size: Callable[[pd.DataFrame], pd.Series]
    unit: str
    scale: int = 1

    @property
    def axis(self) -> str:
        """What the axis of a figure says."""
        return f"% of {self.unit}" if self.scale == 1 else f"matches per {self.scale} {self.unit}"


# The register of measures (sentence_share is the default; composition is zero-sum).
MEASURES: dict[str, Measure] = {
    "sentence_share": Measure(
        lambda sums: sums["coded"], lambda sums: sums["sentences"], "body sentences"
    ),
    "per_1000_words": Measure(
        lambda sums: sums["matches"], lambda sums: sums["words"], "words", 1000
    ),
    "word_share": Measure(lambda sums: sums["matched_words"], lambda sums: sums["words"], "words"),
    "composition": Measure(
        lambda sums: sums["matches"], lambda sums: sums["all_matches"], "matches"
    ),
    "article_share": Measure(
        lambda sums: (sums["coded"] > 0).astype(np.int64),
        lambda sums: (sums["sentences"] > 0).astype(np.int64),
        "articles",
    ),
}


def tally(
    codes: pd.DataFrame,
    by: str | Sequence[str],
    *,
    cluster: str = "doc_id",
    sections: Sequence[str] = ("body",),
) -> pd.DataFrame:
    """Return the tally of a codes table, for every measure of `MEASURES`.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.
    by : str or list of str
        The document variables that form the groups. Categories of a categorical column that no
        article has are kept as groups without articles.
    cluster : str
        What is drawn at random: the article, or a document variable such as ``outlet``, whose
        articles are then summed; ``articles`` counts clusters.
    sections : sequence of str
        Which sections count. An article without a unit in them has ``size`` 0 and stays.

    Returns
    -------
    pandas.DataFrame
        See the module's description; sorted by measure, group, topic, hits and size.

    Raises
    ------
    InputError
        If `by` is not a column or has blank values.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Green"],
    ...                       "text": ["Coal falls. Wind grows.", "Wind blows. Wind turns."]})
    >>> table = codes(sentences(texts), Dictionary("energy", (Topic("wind", ("wind",)),)))
    >>> tally(table, by="party").query("measure == 'sentence_share'")
       party         measure topic  hits  size  articles
    0  Green  sentence_share  wind     1     2         1
    1  Green  sentence_share  wind     2     2         1
    """
    groups = columns_of(by)
    needed = [*groups, cluster, "section", "words", "topic", "coded", "matches", "matched_words"]
    check_columns(codes, ["doc_id", *needed], "codes")
    check_groups(codes, groups)
    _check_filled(codes, cluster)
    sums = article_sums(codes, list(dict.fromkeys([*groups, cluster])), sections)
    cluster_keys = list(dict.fromkeys([*groups, cluster, "topic"]))
    parts = []
    for name, measure in MEASURES.items():
        articles = sums[cluster_keys].assign(hits=measure.hits(sums), size=measure.size(sums))
        clusters = articles.groupby(cluster_keys, observed=True, sort=False).sum().reset_index()
        part = clusters[[*groups, "topic", "hits", "size"]].assign(measure=name, articles=1)
        parts.append(part[[*groups, *TALLY_COLUMNS]])
    return merge(*parts, *_empty_groups(codes, groups))


def article_sums(
    codes: pd.DataFrame, columns: Sequence[str], sections: Sequence[str] = ("body",)
) -> pd.DataFrame:
    """Return the sums that a `Measure` takes: one row an article and topic.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.
    columns : sequence of str
        The document variables to keep.
    sections : sequence of str
        Which sections count. An article without a unit in them stays, with sums of 0.
    """
    counted = codes["section"].isin(sections)
    keys = list(dict.fromkeys([*columns, "doc_id"]))
    units = codes[[*keys, "topic"]].assign(
        sentences=counted.astype(np.int64),
        **{
            column: codes[column].where(counted, 0).astype(np.int64)
            for column in ("coded", "words", "matches", "matched_words")
        },
    )
    sums = units.groupby([*keys, "topic"], observed=True, sort=False).sum().reset_index()
    whole = sums.groupby(keys, observed=True, sort=False)["matches"]
    return sums.assign(all_matches=whole.transform("sum"))


def check_groups(table: pd.DataFrame, groups: Sequence[str]) -> None:
    """Raise unless the columns can form groups: no blank value, no name of the tables' own.

    Parameters
    ----------
    table : pandas.DataFrame
        Any table with ``doc_id`` and the columns.
    groups : sequence of str
        The columns.
    """
    for column in groups:
        _check_filled(table, column)
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


def _check_filled(table: pd.DataFrame, column: str) -> None:
    blank = table[column].isna() | (table[column].astype(str).str.strip() == "")
    if blank.any():
        raise InputError(
            f"{column!r} is blank in {listing(table.loc[blank, 'doc_id'].unique())}",
            do=f"give every article its {column}",
        )


def merge(*tallies: pd.DataFrame) -> pd.DataFrame:
    """Return one tally of several: articles are added where everything else is equal.

    Any order and any grouping of the tallies gives the same table.

    Examples
    --------
    >>> part = pd.DataFrame({"party": ["Green"], "measure": ["sentence_share"], "topic": ["wind"],
    ...                      "hits": [1], "size": [4], "articles": [2]})
    >>> merge(part, part)
       party         measure topic  hits  size  articles
    0  Green  sentence_share  wind     1     4         4
    """
    if not tallies:
        raise InputError("there is no tally to merge", do="pass one or more")
    for table in tallies:
        check_columns(table, TALLY_COLUMNS, "tally")
        if set(table.columns) != set(tallies[0].columns):
            raise InputError(
                f"one tally is by {listing(group_columns(tallies[0]))}, another by "
                f"{listing(group_columns(table))}",
                do="merge tallies of the same group columns",
            )
    together = pd.concat(tallies, ignore_index=True)
    for measure in together["measure"].unique():
        check_choice(measure, MEASURES, "measure", "measure of emphasis")
    keys = [column for column in together.columns if column != "articles"]
    merged = together.groupby(keys, observed=True, sort=False)["articles"].sum().reset_index()
    groups = group_columns(merged)
    # A group that is empty in one part of a corpus need not be so in another.
    filled = merged.groupby([*groups, "measure", "topic"], observed=True)["articles"]
    merged = merged[(merged["articles"] > 0) | (filled.transform("sum") == 0)]
    order = {name: number for number, name in enumerate(MEASURES)}
    merged = merged.assign(order=merged["measure"].map(order).astype(np.int64))
    merged = merged.sort_values(["order", *groups, "topic", "hits", "size"], kind="stable")
    return merged.drop(columns="order").reset_index(drop=True)


def group_columns(tally: pd.DataFrame) -> list[str]:
    """Return the group columns of a tally: all that are not its own."""
    return [column for column in tally.columns if column not in TALLY_COLUMNS]


def _empty_groups(codes: pd.DataFrame, groups: Sequence[str]) -> list[pd.DataFrame]:
    # Only a single categorical column can name groups that no article has.
    if len(groups) != 1 or not isinstance(codes[groups[0]].dtype, pd.CategoricalDtype):
        return []
    column = codes[groups[0]]
    missing = [name for name in column.cat.categories if name not in set(column)]
    index = pd.MultiIndex.from_product(
        [missing, MEASURES, codes["topic"].unique()], names=[groups[0], "measure", "topic"]
    )
    empty = index.to_frame(index=False).assign(hits=0, size=0, articles=0)
    empty[groups[0]] = empty[groups[0]].astype(column.dtype)
    return [empty]
