"""Every reasonable specification: the estimates that an analyst could have come to otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of
from analysis.errors import check_choice, check_columns
from analysis.estimates.branches import each_cleaning, each_coding, in_paragraphs
from analysis.estimates.grouping import check_groups
from analysis.estimates.measures import MEASURES, TEXT_MEASURES
from analysis.estimates.tallies import Tally
from analysis.topics.dictionary import Dictionary
from analysis.topics.places import Places, places_for

# The forks, and of each the branch that `emphasis` takes by default.
FORKS = {
    "cleaning": "full",
    "unit": "sentence",
    "tier": "core",
    "spelling": "all",
    "measure": "sentence_share",
    "pooling": "pooled",
}
POOLINGS = ("article_mean", "pooled")


def specifications(
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    *,
    by: str | Sequence[str],
    measures: Sequence[str] = TEXT_MEASURES,
    places: Places | None = None,
    duplicates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return every group's estimate in every specification: the crossing of all forks.

    Forks: ``cleaning`` (none: headlines and boilerplate count; deduplicated: a line counts once an
    article; full: body only; without_copies: body only, and of articles of a group that are near
    duplicates of one another only the first by name) x ``unit`` (sentence, paragraph) x ``tier``
    (core, broad, core_without_top: without each topic's most frequent pattern) x ``spelling``
    (all, us_only) x ``measure`` x ``pooling`` (pooled, article_mean). A branch that changes
    nothing here (no broad tier, no spelling variant in the texts, no boilerplate, no copies) is
    left out, and so is the paragraph where the median article has fewer than two: it would be the
    article.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`, with its headlines and boilerplate.
    dictionary : Dictionary
        From `read_dictionary`.
    by : str or list of str
        The document variables that form the groups.
    measures : sequence of str
        By default those whose denominator is the text.
    places : Places, optional
        From `places_of`, so that the texts are not searched again.
    duplicates : pandas.DataFrame, optional
        From `near_duplicates` of the body rows, so that they are not compared again.

    Returns
    -------
    pandas.DataFrame
        The forks, the group columns, ``topic``, ``top``, ``bottom``, ``estimate`` (top / bottom,
        a share whatever the measure; missing where a group has no text in a branch). One row a
        specification, group and topic, without a gap.

    Notes
    -----
    What crosses the choices of an analyst is called a multiverse (Steegen et al., Perspectives on
    Psychological Science 11:5, 2016) or a specification curve (Simonsohn et al., Nature Human
    Behaviour 4, 2020). Its rows are not a sample of anything: no p-value comes from them.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...                       "text": ["Wind grows. Coal falls.", "Coal grows."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind", "turbine*")),))
    >>> table = specifications(sentences(texts), energy, by="party")
    >>> table.groupby("party")["estimate"].max().round(2).to_dict()
    {'Green': 0.5, 'Red': 0.0}
    """
    groups = columns_of(by)
    needed = ["doc_id", *groups, "section", "paragraph", "words", "text"]
    check_columns(sentences, needed, "sentences")
    check_groups(sentences, groups)
    for measure in measures:
        check_choice(measure, MEASURES, "measure", "measure of emphasis")
    keys = [*groups, "doc_id"]
    articles = sentences.groupby(keys, observed=True, sort=False)
    owners = articles.head(1)[groups]
    article = articles.ngroup().to_numpy()
    paragraphs = sentences.groupby([*keys, "section", "paragraph"], observed=True, sort=False)
    units: dict[str, np.ndarray] = {"sentence": np.arange(len(sentences))}
    if in_paragraphs(sentences[sentences["section"] == "body"]):
        units["paragraph"] = paragraphs.ngroup().to_numpy()
    cleanings = dict(each_cleaning(sentences, groups, duplicates))
    words = sentences["words"].to_numpy()
    group = owners.groupby(groups, observed=True, sort=True).ngroup().to_numpy()
    forks, ways = [], []
    for tier, spelling, matches, matched_words in each_coding(
        sentences, places_for(sentences, dictionary, places)
    ):
        counted = {"words": words[:, None], "matches": matches, "matched_words": matched_words}
        for cleaning, rows in cleanings.items():
            kept = rows.to_numpy()
            own = {name: values[kept] for name, values in counted.items()}
            for unit, number in units.items():
                sums = _article_sums(own, article[kept], number[kept], len(owners))
                forks.append((cleaning, unit, tier, spelling))
                ways.append(_ways(sums, group, measures))
    names = owners.drop_duplicates().sort_values(groups)
    return _table(forks, names, dictionary.topic_names, measures, np.array(ways))


def _article_sums(
    counted: Mapping[str, np.ndarray], article: np.ndarray, unit: np.ndarray, articles: int
) -> pd.DataFrame:
    """Return the sums that a `Measure` takes, a row an article and topic.

    A unit is on a topic when one of its sentences is.
    """
    _, first, unit = np.unique(unit, return_index=True, return_inverse=True)
    coded = _added(counted["matches"] > 0, unit, len(first)) > 0
    owner, topics = article[first], coded.shape[1]
    sums = {name: _added(values, article, articles) for name, values in counted.items()}
    return pd.DataFrame(
        {
            "sentences": np.bincount(owner, minlength=articles).repeat(topics),
            "coded": _added(coded, owner, articles).ravel(),
            "words": sums["words"].repeat(topics),
            "matches": sums["matches"].ravel(),
            "matched_words": sums["matched_words"].ravel(),
            "all_matches": sums["matches"].sum(axis=1).repeat(topics),
        }
    )


def _added(values: np.ndarray, index: np.ndarray, length: int) -> np.ndarray:
    """Return the sums of the rows with the same index; of integers, exact to 2 to the power 53."""
    columns = [np.bincount(index, weights=column, minlength=length) for column in values.T]
    sums = np.stack(columns, axis=1)
    return sums if values.dtype.kind == "f" else sums.astype(np.int64)


def _ways(sums: pd.DataFrame, group: np.ndarray, measures: Sequence[str]) -> np.ndarray:
    """Return top and bottom of every estimate: (group, topic, measure, pooling, top or bottom)."""
    ways = []
    for name in measures:
        measure = MEASURES[name]
        hits, size = (
            part(sums).to_numpy().reshape(len(group), -1) for part in (measure.hits, measure.size)
        )
        shares = hits / np.where(size > 0, size, 1)
        sides = {"pooled": (hits, size), "article_mean": (shares, size > 0)}
        ways.append(
            [[_added(side, group, group.max() + 1) for side in sides[name]] for name in POOLINGS]
        )
    return np.array(ways, dtype=float).transpose(3, 4, 0, 1, 2)


def _table(
    forks: Sequence[tuple[str, str, str, str]],
    groups: pd.DataFrame,
    topics: Sequence[str],
    measures: Sequence[str],
    ways: np.ndarray,
) -> pd.DataFrame:
    """Return the table of specifications from an array (fork, group, topic, measure, ...)."""
    keys = {"order": range(len(forks)), "group": range(len(groups)), "topic": topics}
    keys |= {"measure": measures, "pooling": POOLINGS}
    table = pd.MultiIndex.from_product(list(keys.values()), names=list(keys)).to_frame(index=False)
    table["top"] = ways[..., 0].ravel()
    table["bottom"] = ways[..., 1].ravel().astype(np.int64)
    table["estimate"] = table["top"] / table["bottom"].where(table["bottom"] > 0)
    table = table.sort_values(list(keys), ignore_index=True)
    names = pd.DataFrame(forks, columns=["cleaning", "unit", "tier", "spelling"])
    table = table.join(names, on="order").join(groups.reset_index(drop=True), on="group")
    return table[[*FORKS, *groups.columns, "topic", "top", "bottom", "estimate"]]


def tally_specifications(tally: Tally, measures: Sequence[str] = TEXT_MEASURES) -> pd.DataFrame:
    """Return the specifications that a tally offers by itself: measures x pooling."""
    rows = tally.table[tally.table["measure"].isin(measures)]
    hits, size = rows["hits"], rows["size"]
    articles = rows["articles"].where(size > 0, 0)
    shares = (hits / size.where(size > 0)).fillna(0.0)
    parts = [
        rows.assign(pooling="pooled", top=hits * articles, bottom=size * articles),
        rows.assign(pooling="article_mean", top=shares * articles, bottom=articles),
    ]
    keys = [*tally.by, "topic", "measure", "pooling"]
    table = pd.concat(parts).groupby(keys, observed=True, sort=True)[["top", "bottom"]].sum()
    table["estimate"] = table["top"] / table["bottom"].where(table["bottom"] > 0)
    return table.reset_index()


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
    rows = specifications
    for fork, branch in FORKS.items():
        rows = rows[(rows[fork] == branch) | (fork == "cleaning")]
    groups = group_columns(specifications)
    wide = rows.set_index([*groups, "topic", "cleaning"])[["top", "bottom", "estimate"]].unstack()
    branches = list(rows["cleaning"].drop_duplicates())
    table = pd.DataFrame(index=wide.index)
    for branch in branches:
        table[f"hits_{branch}"] = wide[("top", branch)].astype("int64")
        table[f"size_{branch}"] = wide[("bottom", branch)].astype("int64")
    table["change"] = wide[("estimate", "full")] - wide[("estimate", branches[0])]
    return table.reset_index()


def group_columns(specifications: pd.DataFrame) -> list[str]:
    """Return the group columns of a table of specifications: all that are not its own."""
    own = {*FORKS, "topic", "top", "bottom", "estimate"}
    return [column for column in specifications.columns if column not in own]
