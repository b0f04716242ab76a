"""Every reasonable way of counting: does an ordering survive the choices behind it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from analysis.coding import codes, matches
from analysis.counting import tally
from analysis.dictionary import Dictionary
from analysis.duplicates import near_duplicates
from analysis.estimation import TEXT_MEASURES, ways_of_counting
from analysis.text import fold
from analysis.variables import columns_of


def specifications(
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    by: str | Sequence[str],
    measures: Sequence[str] = TEXT_MEASURES,
) -> pd.DataFrame:
    """Return every group's estimate in every specification: the crossing of all forks.

    Forks: ``cleaning`` (none: headlines and furniture count; deduplicated: a line counts once an
    article; full: body only; without_copies: body only, and of articles of a group that are near
    duplicates of one another only the first by name) x ``unit`` (sentence, paragraph) x ``tier``
    (core, broad, core_without_top: without each topic's most frequent pattern) x ``spelling``
    (all, us_only) x ``measure`` x ``pooling`` (pooled, article_mean). A branch that changes
    nothing here (no broad tier, no spelling variants, no furniture, no copies) is left out.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`, with its headlines and furniture.
    dictionary : Dictionary
        From `read_dictionary`.
    by : str or list of str
        The document variables that form the groups.
    measures : sequence of str
        By default those whose denominator is the text.

    Returns
    -------
    pandas.DataFrame
        The forks, the group columns, ``topic``, ``top``, ``bottom``, ``estimate`` (top / bottom,
        a share whatever the measure).

    Examples
    --------
    >>> from analysis import Dictionary, Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...                       "text": ["Wind grows. Coal falls.", "Coal grows."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind", "turbine*")),))
    >>> table = specifications(sentences(texts), energy, by="party")
    >>> table.groupby("party")["estimate"].max().round(2).to_dict()
    {'Green': 1.0, 'Red': 0.0}
    """
    groups = columns_of(by)
    cleanings = dict(_cleanings(sentences, groups))
    parts = []
    for tier, spelling, changed in _dictionaries(sentences, dictionary):
        coded = codes(sentences, changed, "broad" if tier == "broad" else "core")
        for cleaning, keep in cleanings.items():
            kept = coded[keep.repeat(len(dictionary.topics)).to_numpy()]
            for unit in ("sentence", "paragraph"):
                table = kept if unit == "sentence" else _paragraphs(kept, groups)
                ways = ways_of_counting(
                    tally(table, groups, sections=("headline", "body", "furniture")),
                    measures,
                )
                fork = {"cleaning": cleaning, "unit": unit, "tier": tier, "spelling": spelling}
                parts.append(ways.assign(**fork))
    together = pd.concat(parts, ignore_index=True)
    forks = ["cleaning", "unit", "tier", "spelling", "measure", "pooling"]
    return together[[*forks, *groups, "topic", "top", "bottom", "estimate"]]


def cleaning_effect(specifications: pd.DataFrame) -> pd.DataFrame:
    """Return what cleaning does to the share of sentences of every group and topic.

    Parameters
    ----------
    specifications : pandas.DataFrame
        From `specifications`.

    Returns
    -------
    pandas.DataFrame
        The group columns, ``topic``, and for each branch of the cleaning fork its hits and size:
        ``hits_none``, ``size_none``, ..., ``hits_full``, ``size_full``, and where articles are
        near duplicates ``hits_without_copies``, ``size_without_copies``; ``change``, the share
        after full cleaning minus the share before any (0 where there is nothing to clean; copies
        are kept in both).
    """
    default = {
        "unit": "sentence",
        "tier": "core",
        "spelling": "all",
        "measure": "sentence_share",
        "pooling": "pooled",
    }
    rows = specifications
    for fork, branch in default.items():
        rows = rows[rows[fork] == branch]
    own = ["cleaning", *default, "topic", "top", "bottom", "estimate"]
    groups = [column for column in specifications.columns if column not in own]
    wide = rows.set_index([*groups, "topic", "cleaning"])[["top", "bottom", "estimate"]].unstack()
    branches = list(rows["cleaning"].drop_duplicates())
    table = pd.DataFrame(index=wide.index)
    for branch in branches:  # a group without a unit in a branch has no row there
        table[f"hits_{branch}"] = wide[("top", branch)].fillna(0).astype("int64")
        table[f"size_{branch}"] = wide[("bottom", branch)].fillna(0).astype("int64")
    table["change"] = wide[("estimate", "full")] - wide[("estimate", branches[0])]
    return table.reset_index()


def _cleanings(sentences: pd.DataFrame, groups: list[str]) -> Iterator[tuple[str, pd.Series]]:
    """The branches of the cleaning fork: which rows of the sentences table each one keeps."""
    everything = pd.Series(True, index=sentences.index)
    full = sentences["section"].isin(("body", "empty"))
    if not full.all():
        folded = sentences["text"].map(lambda text: fold(text).text)
        repeated = pd.DataFrame({"doc_id": sentences["doc_id"], "folded": folded}).duplicated()
        yield "none", everything
        if repeated.any():
            yield "deduplicated", ~repeated
    yield "full", full
    if copies := _copies(sentences[full], groups):
        yield "without_copies", full & ~sentences["doc_id"].isin(copies)


def _copies(body: pd.DataFrame, groups: list[str]) -> set[str]:
    """Articles that are near duplicates of an earlier one that counts, by name, of their group.

    Of their group only: what one group prints takes nothing away from another.
    """
    copies: set[str] = set()
    for _, articles in body.groupby(groups, observed=True):
        pairs = near_duplicates(articles)[["doc_id", "other_doc_id"]]
        for kept, copy in sorted(pairs.itertuples(index=False, name=None)):
            if kept not in copies:
                copies.add(copy)
    return copies


def _dictionaries(
    sentences: pd.DataFrame, dictionary: Dictionary
) -> Iterator[tuple[str, str, Dictionary]]:
    """The branches of the tier and spelling forks: which dictionary each one counts with."""
    for spelling, spelled in (("all", dictionary), ("us_only", dictionary.us_only())):
        if spelling == "us_only" and not dictionary.variants:
            continue
        yield "core", spelling, spelled
        if any(topic.broad for topic in dictionary.topics):
            yield "broad", spelling, spelled
        if any(len(topic.core) > 1 for topic in dictionary.topics):
            found = matches(sentences[sentences["section"] == "body"], spelled)
            # The first pattern by name where two are equally frequent.
            most = found.groupby("topic")["pattern"].agg(lambda column: column.mode().iloc[0])
            top = {str(topic): str(pattern) for topic, pattern in most.items()}
            yield "core_without_top", spelling, spelled.without(top)


def _paragraphs(codes: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Codes by paragraph: on the topic when one of its sentences is."""
    keys = [*groups, "doc_id", "section", "paragraph", "topic"]
    return (
        codes.groupby(keys, observed=True, sort=False)
        .agg(
            coded=("coded", "any"),
            words=("words", "sum"),
            matches=("matches", "sum"),
            matched_words=("matched_words", "sum"),
        )
        .reset_index()
    )
