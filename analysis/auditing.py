"""Auditing a dictionary: what each pattern does to the numbers, and what it may be missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.coding import matches
from analysis.dictionary import Dictionary
from analysis.errors import check_choice
from analysis.intervals import gries_dp
from analysis.keywords import keyness
from analysis.text import fold
from analysis.vectorize import counts


def audit(dictionary: Dictionary, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return what each pattern of a dictionary finds: one row a topic and pattern.

    Parameters
    ----------
    dictionary : Dictionary
        From `read_dictionary`.
    sentences : pandas.DataFrame
        From `sentences`; body sentences count.

    Returns
    -------
    pandas.DataFrame
        ``topic``, ``pattern``, ``tier`` (core or broad), ``matches``, ``sentences``,
        ``articles``, ``share`` (of the matches of the topic at that tier: a topic that rests on
        one pattern shows a share near 1), ``lost`` (places where it fits and a longer match or an
        exclusion wins), ``also_in`` (other topics with the same pattern). A dead pattern has
        ``matches`` 0. Patterns in the order of the dictionary.

    Examples
    --------
    >>> from analysis import Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["Wind power pays. Wind blows."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind", "wind power", "gale*")),))
    >>> audit(energy, sentences(texts))[["pattern", "matches", "share", "lost"]]
          pattern  matches  share  lost
    0        wind        1    0.5     1
    1  wind power        1    0.5     0
    2       gale*        0    0.0     0
    """
    body = sentences[sentences["section"] == "body"]
    found = {tier: matches(body, dictionary, tier) for tier in ("core", "broad")}
    fits = _places_that_fit(dictionary, body)
    homes: dict[str, list[str]] = {}
    for topic in dictionary.topics:
        for pattern in topic.core + topic.broad:
            homes.setdefault(fold(pattern).text.strip(), []).append(topic.name)
    rows = []
    for topic in dictionary.topics:
        for tier, patterns in (("core", topic.core), ("broad", topic.broad)):
            own = found[tier][found[tier]["topic"] == topic.name]
            for pattern in patterns:
                here = own[own["pattern"] == pattern]
                others = homes[fold(pattern).text.strip()]
                rows.append(
                    {
                        "topic": topic.name,
                        "pattern": pattern,
                        "tier": tier,
                        "matches": len(here),
                        "sentences": len(here[["doc_id", "sentence_id"]].drop_duplicates()),
                        "articles": here["doc_id"].nunique(),
                        "share": len(here) / len(own) if len(own) else 0.0,
                        "lost": fits.get((topic.name, pattern), 0) - len(here),
                        "also_in": " ".join(sorted(set(others) - {topic.name})),
                    }
                )
    return pd.DataFrame(rows)


def _places_that_fit(dictionary: Dictionary, body: pd.DataFrame) -> dict[tuple[str, str], int]:
    """How often each pattern would match if it stood alone in its topic."""
    fits: dict[tuple[str, str], int] = {}
    matcher = dictionary.matcher("broad")
    for text in body["text"]:
        places = matcher.candidates(text)
        for topic in dictionary.topics:
            for _, _, pattern in places.get((topic.name, "include"), ()):
                key = (topic.name, pattern)
                fits[key] = fits.get(key, 0) + 1
    return fits


def suggestions(
    dictionary: Dictionary, sentences: pd.DataFrame, topic: str, most: int = 20
) -> pd.DataFrame:
    """Return words that are typical of sentences on a topic and in none of its patterns.

    Read their sentences (`kwic`) before you add one: nothing is added for you.

    Parameters
    ----------
    dictionary : Dictionary
        From `read_dictionary`.
    sentences : pandas.DataFrame
        From `sentences`; body sentences count.
    topic : str
        The name of a topic.
    most : int
        How many words to return.

    Returns
    -------
    pandas.DataFrame
        ``feature``, ``estimate`` and ``statistic`` (log-odds ratio and its z, sentences on the
        topic against all others), ``count_on_topic``, ``count_elsewhere``, ``articles``,
        ``dispersion`` (Gries' DPnorm of the word over all articles); the largest z first.

    Examples
    --------
    >>> from analysis import Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"],
    ...     "text": ["Wind turbines turn. Wind needs turbines. Coal burns. Coal smokes."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind",)),))
    >>> suggestions(energy, sentences(texts), "wind")["feature"].head(1).to_list()
    ['turbines']
    """
    check_choice(topic, dictionary.topic_names, "topic", "topic of the dictionary")
    body = sentences[sentences["section"] == "body"]
    found = matches(body, dictionary).query("topic == @topic")
    keys = pd.MultiIndex.from_frame(body[["doc_id", "sentence_id"]])
    on_topic = keys.isin(pd.MultiIndex.from_frame(found[["doc_id", "sentence_id"]]))
    names = {"count_target": "count_on_topic", "count_reference": "count_elsewhere"}
    columns = ["feature", "estimate", "statistic", *names.values(), "articles", "dispersion"]
    if on_topic.all() or not on_topic.any():
        return pd.DataFrame(columns=columns)
    by_topic = body.assign(on_topic=np.where(on_topic, "yes", "no"))
    table = keyness(counts(by_topic, "on_topic")).to_frame().rename(columns=names)
    table = table[(table["target"] == "yes") & (table["count_on_topic"] > 0)]
    owner, matcher = (topic, "include"), dictionary.matcher()
    table = table[[not matcher.candidates(word).get(owner) for word in table["feature"]]]
    table = table.head(most).reset_index(drop=True)
    per_article = counts(body.assign(article=body["doc_id"]), "article")
    size = body.groupby("doc_id")["words"].sum()
    spread = per_article.pivot(index="feature", columns="article", values="count")
    spread = spread.reindex(index=table["feature"], columns=size.index).fillna(0.0)
    table["articles"] = (spread > 0).sum(axis=1).to_numpy()
    table["dispersion"] = [
        gries_dp(row, size.to_numpy(float), np.ones(len(size)))[1] for row in spread.to_numpy()
    ]
    return table[columns]
