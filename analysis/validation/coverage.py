"""The text that no topic touches: how much of it there is, and which words it has."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.corpus.features import counts
from analysis.corpus.groups import columns_of
from analysis.errors import check_columns
from analysis.estimates.shares import emphasis
from analysis.estimates.tallies import tally
from analysis.io.results import Result

_SENTENCE = ["doc_id", "sentence_id"]


def uncovered(codes: pd.DataFrame, by: str | Sequence[str], *, conf_level: float = 0.95) -> Result:
    """Return how much of each group's text no topic touches, of its sentences and of their words.

    It is the emphasis of one more topic, on which are the sentences that are on no other: the
    counts are exact, the interval speaks of further articles like these.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`, or by hand; body sentences count.
    by : str or list of str
        The document variables that form the groups.
    conf_level : float
        Level of the interval.

    Returns
    -------
    Result
        Keys: the group columns and ``measure``: ``sentence_share``, or ``word_share`` for the
        words in those sentences. ``hits`` of ``size`` are uncovered, in ``articles`` articles;
        ``estimate``, ``conf_low``, ``conf_high``, ``status`` and ``warnings`` as in `emphasis`.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "party": ["Green"],
    ...                       "text": ["Wind grows. Prices of coal fall. Wind and sun pay."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind",)), Topic("sun", ("sun",))))
    >>> table = uncovered(codes(sentences(texts), energy), by="party").to_frame()
    >>> table[["party", "measure", "hits", "size", "articles"]]
       party         measure  hits  size  articles
    0  Green  sentence_share     1     3         1
    1  Green      word_share     4    10         1
    """
    groups = columns_of(by)
    bare = _without_topic(codes)
    words = codes.loc[bare.index, "words"]
    one = codes.loc[bare.index].assign(
        topic="uncovered", coded=bare, matches=bare, matched_words=words.where(bare, 0)
    )
    table = tally(one, by)
    parts = [
        emphasis(table, measure=measure, conf_level=conf_level).to_frame()
        for measure in ("sentence_share", "word_share")
    ]
    columns = ["measure", "hits", "size", "articles", "estimate", "conf_low", "conf_high"]
    joined = pd.concat(parts).sort_values([*groups, "measure"], kind="stable", ignore_index=True)
    made = {"function": "uncovered", "conf_level": conf_level}
    return Result(joined[[*groups, *columns, "status", "warnings"]], (*groups, "measure"), made)


def uncovered_words(
    sentences: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    by: str | Sequence[str],
    ignore: Sequence[str] = (),
    most: int = 20,
) -> pd.DataFrame:
    """Return the most frequent words of the sentences that no topic touches.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`; body sentences count.
    codes : pandas.DataFrame
        From `codes` on the same sentences, or by hand.
    by : str or list of str
        The document variables that form the groups.
    ignore : sequence of str
        Words to leave out besides the stop words, as for `counts`.
    most : int
        How many words of each group.

    Returns
    -------
    pandas.DataFrame
        The group columns, ``feature``, ``count`` and ``articles`` (in sentences that no topic
        touches), ``count_covered`` (in the group's other sentences); the most frequent first.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = sentences(pd.DataFrame({"doc_id": ["a"], "party": ["Green"],
    ...                                 "text": ["Wind pays. Coal pays. Coal smokes."]}))
    >>> energy = Dictionary("energy", (Topic("wind", ("wind",)),))
    >>> uncovered_words(texts, codes(texts, energy), by="party")
       party feature  count  articles  count_covered
    0  Green    coal      2         1              0
    1  Green    pays      1         1              1
    2  Green  smokes      1         1              0
    """
    groups = columns_of(by)
    check_columns(sentences, [*groups, *_SENTENCE, "section", "text"], "sentences")
    bare = _without_topic(codes)
    known = codes.loc[bare.index, _SENTENCE].assign(bare=bare)
    flag = sentences[_SENTENCE].merge(known, on=_SENTENCE, how="left")["bare"]
    # A sentence that is not in the codes is neither: hand codes may be of a sample.
    words, covered = (
        counts(sentences[flag.eq(value).to_numpy()], by, ignore=ignore) for value in (True, False)
    )
    keys = [*groups, "feature"]
    covered = covered[[*keys, "count"]].rename(columns={"count": "count_covered"})
    table = words[[*keys, "count", "articles"]].merge(covered, on=keys, how="left")
    table["count_covered"] = table["count_covered"].fillna(0).astype("int64")
    table = table.sort_values(
        [*groups, "count", "feature"], ascending=[*[True] * len(groups), False, True]
    )
    return table.groupby(groups, sort=False).head(most).reset_index(drop=True)


def _without_topic(codes: pd.DataFrame) -> pd.Series:
    """For each sentence of a codes table (at its first row), whether no topic is coded in it."""
    check_columns(codes, [*_SENTENCE, "topic", "coded", "words"], "codes")
    touched = codes["coded"].astype(bool).groupby([codes[name] for name in _SENTENCE])
    first = ~codes.duplicated(_SENTENCE)
    return ~touched.transform("any")[first]
