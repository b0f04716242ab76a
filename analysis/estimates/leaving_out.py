"""What the numbers rest on: estimates without one article, one pattern, or all but the event.

These change the question, so they are no specifications and are reported apart. `leave_one_out`
has the differences between groups. The others, and `leave_one_pattern_out`, have the estimates:

    the group columns, ``topic``, ``left_out`` (the article, the pattern, or the role that alone
    stays), ``hits``, ``size``, ``estimate`` (without it; missing where no text is left),
    ``change`` (the estimate without it minus the one with it), ``flips`` (the groups, between
    semicolons, that this one led or followed and no longer does)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import REST
from analysis.corpus.roles import check_roles
from analysis.errors import check_choice
from analysis.estimates.changes import (
    by_group,
    changes_of,
    changes_of_all,
    finished,
    flips,
    labels_of,
    sums_of_articles,
    without_each,
)
from analysis.estimates.comparison import pairs_of
from analysis.estimates.measures import MEASURES

_SENTENCE = ["doc_id", "sentence_id"]


def leave_one_out(
    codes: pd.DataFrame,
    by: str | Sequence[str],
    *,
    reference: str = "pairs",
    measure: str = "sentence_share",
    cluster: str = "doc_id",
) -> pd.DataFrame:
    """Return every contrast without each of its articles in turn, and which orders that changes.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.
    by, cluster : str or list of str, str
        As for `tally`; `cluster` names what is left out: an article, or all of an outlet.
    reference, measure : str
        As for `contrasts`.

    Returns
    -------
    pandas.DataFrame
        A row a topic, pair of groups and article of either: ``topic``, ``target``, ``reference``,
        ``left_out`` (what), ``group`` (whose), ``hits`` and ``size`` (its own), ``difference``
        (target minus reference, of all articles), ``difference_without`` (NaN where its group has
        no other text) and ``flips`` (counted by `contrasts`): whether the sign changes, or no
        difference is left. Contrasts without a hit and articles without text have no row.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b", "c"], "party": ["Green", "Green", "Red"],
    ...     "text": ["Wind pays. Wind grows.", "Coal falls. Coal pays.", "Wind. Coal. Gas. Oil."]})
    >>> table = codes(sentences(texts), Dictionary("energy", (Topic("wind", ("wind",)),)))
    >>> leave_one_out(table, by="party")[["left_out", "difference", "difference_without", "flips"]]
      left_out  difference  difference_without  flips
    0        a        0.25               -0.25   True
    1        b        0.25                0.75  False
    2        c        0.25                 NaN  False
    """
    sums, groups = sums_of_articles(codes, by, measure, cluster)
    rows = sums[sums["size"] > 0].assign(left_out=sums[cluster])
    rows["group"] = labels_of(groups)[rows["group"]]
    columns = ["topic", "target", "reference", "left_out", "group", "hits", "size"]
    columns += ["difference", "difference_without", "flips"]
    parts, scale = [pd.DataFrame(columns=columns)], MEASURES[measure].scale
    for _, part in rows.groupby("topic"):
        for target, other in pairs_of(sorted(part["group"].unique()), reference):
            others = part["group"] != target if other is None else part["group"] == other
            both = pd.concat([part[part["group"] == target], part[others]])
            if not both["hits"].any():
                continue
            own = int((both["group"] == target).sum())
            articles = both[["hits", "size"]].assign(articles=1).to_numpy(float)
            difference, without = without_each(articles[:own], articles[own:])
            both["target"], both["reference"] = target, other or REST
            both["difference"], both["difference_without"] = difference * scale, without * scale
            both["flips"] = flips(difference, without)
            parts.append(both[columns])
    return pd.concat(parts[1:] or parts, ignore_index=True)


def leave_one_article_out(
    codes: pd.DataFrame, by: str | Sequence[str], *, measure: str = "sentence_share"
) -> pd.DataFrame:
    """Return the estimate of every group and topic without each of the group's articles.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.
    by, measure : str or list of str, str
        As for `leave_one_out`.

    Returns
    -------
    pandas.DataFrame
        See the module's description; ``left_out`` is a ``doc_id``. A group's only article leaves
        no estimate.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b", "c"], "party": ["Green", "Green", "Red"],
    ...                       "text": ["Wind pays. Wind.", "Coal. Coal.", "Wind. Coal. Coal."]})
    >>> coded = codes(sentences(texts), Dictionary("energy", (Topic("wind", ("wind",)),)))
    >>> without = leave_one_article_out(coded, by="party")
    >>> without[["party", "left_out", "hits", "size", "change", "flips"]]
       party left_out  hits  size  change flips
    0  Green        a     0     2    -0.5   Red
    1  Green        b     2     2     0.5
    2    Red        c     0     0     NaN
    """
    return without_each_article(*sums_of_articles(codes, by, measure), measure)


def without_each_article(sums: pd.DataFrame, groups: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return what `leave_one_article_out` does, of what `sums_of_articles` gives."""
    parts = []
    for topic, part in sums.groupby("topic", sort=True):
        before = by_group(part, len(groups))
        articles, own = np.arange(len(part)), part["group"].to_numpy()
        without = np.tile(before, (len(part), 1, 1))
        without[articles, :, own] -= part[["hits", "size"]].to_numpy()
        table = changes_of(before, without, articles, own, labels_of(groups))
        parts.append(table.assign(topic=topic, left_out=part["doc_id"].to_numpy()))
    return finished(parts, groups, measure)


def event_only(
    codes: pd.DataFrame,
    roles: pd.DataFrame,
    *,
    by: str | Sequence[str],
    measure: str = "sentence_share",
    role: str = "event",
) -> pd.DataFrame:
    """Return the estimates of every group and topic from the sentences about the event alone.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.
    roles : pandas.DataFrame
        From `read_roles`, or any table with ``doc_id``, ``sentence_id`` and ``role``: what each
        body sentence does in its article, by a coder's judgement.
    by, measure : str or list of str, str
        As for `leave_one_out`.
    role : str
        The role whose sentences stay.

    Returns
    -------
    pandas.DataFrame
        See the module's description; ``left_out`` names the other roles.

    Raises
    ------
    InputError
        If a body sentence has no role or two, or a role is given to none.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, codes, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "party": ["Green"], "text": ["Wind. Coal. Wind."]})
    >>> coded = codes(sentences(texts), Dictionary("energy", (Topic("wind", ("wind",)),)))
    >>> roles = pd.DataFrame({"doc_id": "a", "sentence_id": [1, 2, 3],
    ...                       "role": ["event", "event", "background"]})
    >>> event_only(coded, roles, by="party")[["left_out", "hits", "size"]]
         left_out  hits  size
    0  background     1     2
    """
    sums, groups = sums_of_articles(codes, by, measure)
    check_roles(codes, roles)
    names = list(roles["role"].unique())
    check_choice(role, names, "role", "role in the table")
    wanted = pd.MultiIndex.from_frame(roles.loc[roles["role"] == role, _SENTENCE])
    kept = (codes["section"] == "body") & pd.MultiIndex.from_frame(codes[_SENTENCE]).isin(wanted)
    reduced = codes.assign(section=np.where(kept, "body", "left out"))
    fewer, _ = sums_of_articles(reduced, by, measure)
    others = "; ".join(sorted({*map(str, names)} - {role}))
    rest = dict(list(fewer.groupby("topic")))
    parts = [
        changes_of_all(part, by_group(rest[topic], len(groups))[None], [others], groups)
        for topic, part in sums.groupby("topic", sort=True)
    ]
    return finished(parts, groups, measure)
