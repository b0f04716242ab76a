"""Auditing a dictionary: what each pattern does to the numbers, and what it may be missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.coding import matches
from analysis.dictionary import Dictionary
from analysis.errors import check_choice
from analysis.intervals import gries_dp
from analysis.keywords import PRIOR_WORDS, log_odds
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
        places = matcher.candidates(fold(text).text)
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
    found = matches(body, dictionary)
    found = found[found["topic"] == topic]
    keys = pd.MultiIndex.from_frame(body[["doc_id", "sentence_id"]])
    on_topic = keys.isin(pd.MultiIndex.from_frame(found[["doc_id", "sentence_id"]]))
    table = counts(body.assign(on_topic=on_topic), "on_topic")
    wide = table.pivot(index="feature", columns="on_topic", values="count")
    wide = wide.reindex(columns=[True, False]).fillna(0).astype("int64")
    owner, matcher = (topic, "include"), dictionary.matcher()
    wide = wide[[not matcher.candidates(str(word)).get(owner) for word in wide.index]]
    wide = wide[wide[True] > 0]
    y1, y2 = wide[True].to_numpy(), wide[False].to_numpy()
    if wide.empty or on_topic.all():
        columns = ["feature", "estimate", "statistic", "count_on_topic", "count_elsewhere"]
        return pd.DataFrame(columns=[*columns, "articles", "dispersion"])
    pooled = (y1 + y2).astype(float)
    totals = table.groupby("on_topic")["count"].sum()
    alpha = PRIOR_WORDS * pooled / float(table["count"].sum())
    delta, _, z = log_odds(y1, float(totals[True]), y2, float(totals[False]), alpha, PRIOR_WORDS)
    per_article = counts(body.assign(article=body["doc_id"]), "article")
    size = body.groupby("doc_id")["words"].sum()
    spread = per_article.pivot(index="feature", columns="article", values="count").fillna(0)
    spread = spread.reindex(index=wide.index, columns=size.index).fillna(0)
    result = pd.DataFrame(
        {
            "feature": wide.index,
            "estimate": delta,
            "statistic": z,
            "count_on_topic": y1,
            "count_elsewhere": y2,
            "articles": (spread > 0).sum(axis=1).to_numpy(),
            "dispersion": [
                gries_dp(row, size.to_numpy(float), np.ones(len(size)))[1]
                for row in spread.to_numpy(float)
            ],
        }
    )
    order = result.sort_values(["statistic", "feature"], ascending=[False, True])
    return order.head(most).reset_index(drop=True)
