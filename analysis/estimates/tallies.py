"""The tally: one mergeable table that every estimate is computed from.

Merging is adding ``articles``, so any order and any split of a corpus gives the same table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of, known_values, names_of
from analysis.errors import InputError, check_columns, check_counts, listing
from analysis.estimates.article_sums import article_sums
from analysis.estimates.grouping import check_filled, check_groups
from analysis.estimates.measures import MEASURES, check_measure

TALLY_COLUMNS = ("measure", "topic", "hits", "size", "articles")


@dataclass(frozen=True, eq=False, repr=False)
class Tally:
    """The table that estimates are computed from, and the design that it was made by.

    Attributes
    ----------
    table : pandas.DataFrame
        The group columns, then ``measure``, ``topic``, ``hits``, ``size``, ``articles``: so many
        articles of a group have exactly ``hits`` of ``size`` units on the topic. Integers only.
    by : tuple of str
        The columns that form the groups.
    cluster : str
        What chance works on and ``articles`` counts: ``doc_id``, or ``outlet``, say.
    sections : tuple of str
        The sections that were counted.
    within : dict
        A tally by the same groups and a confounder, for each confounder: what `contrasts` looks
        into outlet by outlet, say. Articles of which it is not known are in none.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green"], "measure": ["sentence_share"],
    ...                       "topic": ["wind"], "hits": [1], "size": [4], "articles": [2]})
    >>> Tally(table, by=("party",), cluster="outlet").design
    'by party (cluster outlet, sections body)'
    """

    table: pd.DataFrame
    by: tuple[str, ...]
    cluster: str = "doc_id"
    sections: tuple[str, ...] = ("body",)
    within: Mapping[str, Tally] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_columns(self.table, [*self.by, *TALLY_COLUMNS], "tally")
        check_counts(self.table, ("hits", "size", "articles"), "tally", "give counts, not shares")

    @property
    def design(self) -> str:
        """The design in words: two tallies can be merged if theirs are the same."""
        cluster, sections = self.cluster, listing(self.sections)
        within = f", within {listing(self.within)}" if self.within else ""
        return f"by {listing(self.by)} (cluster {cluster}, sections {sections}{within})"

    def provenance(self, function: str, **arguments: Any) -> dict[str, Any]:
        """Return the provenance of a `Result` that a function makes of this tally."""
        return {"function": function, **arguments, "by": list(self.by), "cluster": self.cluster}

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.table.copy(deep=False)  # pandas copies what is written to, when it is

    def of(self, measure: str) -> pd.DataFrame:
        """Return the rows of one measure; raise if there are none."""
        check_measure(measure)
        rows = self.table[self.table["measure"] == measure]
        if rows.empty:
            raise InputError(
                f"the tally has no row of measure {measure!r}",
                do=f"it has {', '.join(self.table['measure'].unique()) or 'no row at all'}",
            )
        return rows

    def __len__(self) -> int:
        return len(self.table)

    def __repr__(self) -> str:
        return f"{self.table}\n{self.design}"

    def _repr_html_(self) -> str:
        return f"{self.table.to_html(index=False, border=0)}\n<p>{self.design}</p>"


def as_tally(tally: Tally | pd.DataFrame) -> Tally:
    """Return a tally as it is, and a table of one's own with a tally's columns as a `Tally`.

    All other columns of the table form its groups, and its articles are articles.
    """
    if isinstance(tally, Tally):
        return tally
    return Tally(tally, tuple(column for column in tally.columns if column not in TALLY_COLUMNS))


def tally(
    codes: pd.DataFrame,
    by: str | Sequence[str],
    *,
    cluster: str = "doc_id",
    sections: Sequence[str] = ("body",),
    within: str | Sequence[str] = (),
    window: str = "month",
) -> Tally:
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
    within : str or list of str
        Confounders: document variables in which the groups may differ as well, such as
        ``outlet``. A blank value is unknown.
    window : str
        Confounders that hold nothing but dates are taken by ``month`` or by ``year``.

    Returns
    -------
    Tally
        Its table is sorted by measure, group, topic, hits and size.

    Raises
    ------
    InputError
        If `by` is not a column or has blank values, or if several coders coded the same sentence
        and ``coder`` is not in `by`: it would count twice.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Green"],
    ...                       "text": ["Coal falls. Wind grows.", "Wind blows. Wind turns."]})
    >>> table = codes(sentences(texts), Dictionary("energy", (Topic("wind", ("wind",)),)))
    >>> tally(table, by="party").to_frame().query("measure == 'sentence_share'")
       party         measure topic  hits  size  articles
    0  Green  sentence_share  wind     1     2         1
    1  Green  sentence_share  wind     2     2         1
    """
    groups = columns_of(by)
    needed = [*groups, cluster, "section", "words", "topic", "coded", "matches", "matched_words"]
    check_columns(codes, ["doc_id", *needed], "codes")

    def summed(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
        return article_sums(rows, columns, sections)

    design: dict[str, Any] = {"cluster": cluster, "window": window, "summed": summed}
    made = _tallied(codes, groups, within=names_of(within), **design)
    return replace(made, sections=tuple(sections))


def tally_of_sums(
    sums: pd.DataFrame,
    by: Sequence[str],
    *,
    cluster: str = "doc_id",
    within: Sequence[str] = (),
    window: str = "month",
) -> Tally:
    """Return the `tally` of articles of which the sums are known; see `counted_sums`."""
    design: dict[str, Any] = {"cluster": cluster, "within": within, "window": window}
    return _tallied(sums, columns_of(by), summed=lambda rows, _: rows, **design)


def _tallied(
    rows: pd.DataFrame,
    groups: list[str],
    *,
    cluster: str,
    within: Sequence[str],
    window: str,
    summed: Callable[[pd.DataFrame, Sequence[str]], pd.DataFrame],
) -> Tally:
    """The tally of rows, which `summed` adds up article by article."""
    check_groups(rows, groups)
    check_filled(rows, cluster)
    sums = summed(rows, [*groups, cluster])
    table = _added([cluster_sums(sums, groups, cluster), *_empty_groups(rows, groups)], groups)
    strata = {}
    for name in within:
        check_columns(rows, [name], "codes")
        if name in groups:
            raise InputError(
                f"{name!r} forms the groups", do="name other variables that may differ as well"
            )
        values = known_values(rows[name], window)
        known = rows.assign(**{name: values})[values.notna()]
        design: dict[str, Any] = {
            "cluster": cluster,
            "within": (),
            "window": window,
            "summed": summed,
        }
        strata[name] = _tallied(known, [*groups, name], **design)
    return Tally(table, tuple(groups), cluster, within=strata)


def cluster_sums(sums: pd.DataFrame, groups: Sequence[str], cluster: str) -> pd.DataFrame:
    """Return a tally's rows of what `article_sums` gives: one a cluster, measure and topic."""
    keys = list(dict.fromkeys([*groups, cluster, "topic"]))
    parts = []
    for name, measure in MEASURES.items():
        articles = sums[keys].assign(hits=measure.hits(sums), size=measure.size(sums))
        clusters = articles  # each article is one
        if cluster != "doc_id":
            clusters = articles.groupby(keys, observed=True, sort=False).sum().reset_index()
        part = clusters[[*groups, "topic", "hits", "size"]].assign(measure=name, articles=1)
        parts.append(part[[*groups, *TALLY_COLUMNS]])
    return pd.concat(parts, ignore_index=True)


def merge(*tallies: Tally | pd.DataFrame) -> Tally:
    """Return one tally of several: articles are added where everything else is equal.

    Any order and any grouping of the tallies gives the same table.

    Parameters
    ----------
    *tallies : Tally
        From `tally`, of different articles: an article in two of them counts twice.

    Raises
    ------
    InputError
        If the groups, the cluster or the sections of two tallies differ.

    Examples
    --------
    >>> part = pd.DataFrame({"party": ["Green"], "measure": ["sentence_share"], "topic": ["wind"],
    ...                      "hits": [1], "size": [4], "articles": [2]})
    >>> merge(part, part)
       party         measure topic  hits  size  articles
    0  Green  sentence_share  wind     1     4         4
    by party (cluster doc_id, sections body)
    """
    if not tallies:
        raise InputError("there is no tally to merge", do="pass one or more")
    first, *others = map(as_tally, tallies)
    for other in others:
        if _parts(first) != _parts(other):
            raise InputError(
                f"one tally is {first.design}, another {other.design}",
                do="merge tallies that were made with the same by, cluster, sections and within",
            )
    every = [first, *map(as_tally, others)]
    table = _added([each.table for each in every], first.by)
    within = {name: merge(*(each.within[name] for each in every)) for name in first.within}
    return Tally(table, first.by, first.cluster, first.sections, within)


def _parts(tally: Tally) -> tuple[set[str], str, set[str], set[str]]:
    return {*tally.by}, tally.cluster, {*tally.sections}, {*tally.within}


def _added(tables: Sequence[pd.DataFrame], groups: Sequence[str]) -> pd.DataFrame:
    """Return one sorted table of several, articles added."""
    together = pd.concat(tables, ignore_index=True)
    for measure in together["measure"].unique():
        check_measure(measure)
    keys = [column for column in together.columns if column != "articles"]
    merged = together.groupby(keys, observed=True, sort=False)["articles"].sum().reset_index()
    # A group that is empty in one part of a corpus need not be so in another.
    filled = merged.groupby([*groups, "measure", "topic"], observed=True)["articles"]
    merged = merged[(merged["articles"] > 0) | (filled.transform("sum") == 0)]
    order = {name: number for number, name in enumerate(MEASURES)}
    merged = merged.assign(order=merged["measure"].map(order).astype(np.int64))
    merged = merged.sort_values(["order", *groups, "topic", "hits", "size"], kind="stable")
    return merged.drop(columns="order").reset_index(drop=True)


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
