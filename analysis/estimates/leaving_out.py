"""What the numbers rest on: estimates without one article, one pattern, or all but the event.

These change the question, so they are no specifications
(see `analysis.estimates.specifications`) and are reported apart. All three
functions return the same columns:

    the group columns, ``topic``, ``left_out`` (the article, the pattern, or the role that alone
    stays), ``hits``, ``size``, ``estimate`` (without it; missing where no text is left),
    ``change`` (the estimate without it minus the one with it), ``flips`` (the groups, between
    semicolons, that this one led or followed and no longer does: the order is turned round, or
    has become a tie)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of, group_labels
from analysis.corpus.roles import check_roles
from analysis.errors import check_choice, check_columns
from analysis.estimates.influence import flips
from analysis.estimates.tallies import MEASURES, article_sums, check_groups
from analysis.topics.coding import codes, count
from analysis.topics.dictionary import Dictionary
from analysis.topics.places import Places, places_for

_SENTENCE = ["doc_id", "sentence_id"]
_CODES = [*_SENTENCE, "section", "words", "topic", "coded", "matches", "matched_words"]


def leave_one_article_out(
    codes: pd.DataFrame, by: str | Sequence[str], *, measure: str = "sentence_share"
) -> pd.DataFrame:
    """Return the estimate of every group and topic without each of the group's articles.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.
    by : str or list of str
        The document variables that form the groups.
    measure : str
        One of `MEASURES`.

    Returns
    -------
    pandas.DataFrame
        See the module's description; ``left_out`` is a ``doc_id``. A group's only article leaves
        no estimate, and no order that could flip. `leave_one_out` has the differences between two
        groups, also against the rest, or without all of an outlet.

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
    check_columns(codes, [*_CODES, *columns_of(by)], "codes")
    sums, groups = _sums(codes, by, measure)
    parts = []
    for topic, part in sums.groupby("topic", sort=True):
        before = _by_group(part, len(groups))
        articles, own = np.arange(len(part)), part["group"].to_numpy()
        without = np.tile(before, (len(part), 1, 1))
        without[articles, :, own] -= part[["hits", "size"]].to_numpy()
        table = _changes(before, without, articles, own, _labels(groups))
        parts.append(table.assign(topic=topic, left_out=part["doc_id"].to_numpy()))
    return _finished(parts, groups, measure)


def leave_one_pattern_out(
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    *,
    by: str | Sequence[str],
    measure: str = "sentence_share",
    places: Places | None = None,
) -> pd.DataFrame:
    """Return the estimates of every group on a topic without each of the topic's patterns.

    What another pattern of the topic finds in the same place then counts for that one.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`; body sentences count.
    dictionary : Dictionary
        From `read_dictionary`; its core tier.
    by : str or list of str
        The document variables that form the groups.
    measure : str
        One of `MEASURES`.
    places : Places, optional
        From `places_of`, so that the texts are not searched again.

    Returns
    -------
    pandas.DataFrame
        See the module's description; ``left_out`` is a pattern with a match in the body of any
        article: without one of the others nothing changes.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...                       "text": ["Wind pays. Gales blow.", "Wind pays. Coal pays. Wind."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind", "gale*", "storm*")),))
    >>> without = leave_one_pattern_out(sentences(texts), energy, by="party")
    >>> without[["party", "left_out", "hits", "size", "flips"]]
       party left_out  hits  size  flips
    0  Green    gale*     1     2    Red
    1    Red    gale*     2     3  Green
    2  Green     wind     1     2
    3    Red     wind     0     3
    """
    places = places_for(sentences, dictionary, places)
    sums, groups = _sums(codes(sentences, dictionary, places=places), by, measure)
    keys = [*columns_of(by), "doc_id"]
    article = sentences.groupby(keys, observed=True, sort=True).ngroup().to_numpy()
    body = (sentences["section"] == "body").to_numpy()
    patterns = _without_each_pattern(places, places.numbers(sentences)[body].tolist())
    parts = []
    for topic, part in sums.groupby("topic", sort=True):
        without = []
        for _, rows, changes in patterns[str(topic)]:
            changed = part.copy()
            for column, values in changes.items():
                added = np.bincount(article[body][rows], weights=values, minlength=len(part))
                changed[column] += added.astype(np.int64)
            without.append(_by_group(_measured(changed, measure), len(groups)))
        names = [pattern for pattern, _, _ in patterns[str(topic)]]
        if names:
            parts.append(_of_all_groups(part, np.array(without), names, groups))
    return _finished(parts, groups, measure)


def event_only(
    codes: pd.DataFrame,
    roles: pd.DataFrame,
    *,
    by: str | Sequence[str],
    measure: str = "sentence_share",
    role: str = "event",
) -> pd.DataFrame:
    """Return the estimates of every group and topic from the sentences about the event alone.

    An article reports an event and tells its background; a partner with a long history may have
    more of that.

    Parameters
    ----------
    codes : pandas.DataFrame
        From `codes`.
    roles : pandas.DataFrame
        From `read_roles`, or any table with ``doc_id``, ``sentence_id`` and ``role``: what each
        body sentence does in its article, by a coder's judgement.
    by : str or list of str
        The document variables that form the groups.
    measure : str
        One of `MEASURES`.
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
    check_columns(codes, [*_CODES, *columns_of(by)], "codes")
    check_roles(codes, roles)
    names = list(roles["role"].drop_duplicates())
    check_choice(role, names, "role", "role in the table")
    body = codes["section"] == "body"
    wanted = pd.MultiIndex.from_frame(roles.loc[roles["role"] == role, _SENTENCE])
    kept = body & pd.MultiIndex.from_frame(codes[_SENTENCE]).isin(wanted)
    sums, groups = _sums(codes, by, measure)
    fewer, _ = _sums(codes.assign(section=np.where(kept, "body", "left out")), by, measure)
    others = "; ".join(sorted(str(name) for name in names if name != role))
    rest = dict(list(fewer.groupby("topic")))
    parts = [
        _of_all_groups(part, _by_group(rest[topic], len(groups))[None], [others], groups)
        for topic, part in sums.groupby("topic", sort=True)
    ]
    return _finished(parts, groups, measure)


def _without_each_pattern(
    places: Places, numbers: Sequence[int]
) -> dict[str, list[tuple[str, list[int], dict[str, np.ndarray]]]]:
    """Return, by topic, each pattern that has a match, where, and what changes there without it.

    Where is a place in `numbers`, those of the texts that count.
    """
    dictionary, core = places.dictionary, places.dictionary.included()
    chosen = places.choose(core)
    found = {row: chosen[number] for row, number in enumerate(numbers) if number in chosen}
    used: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row, own in found.items():
        for match in own:
            used[match.topic, match.pattern].add(row)
    changes: dict[str, list[tuple[str, list[int], dict[str, np.ndarray]]]] = defaultdict(list)
    for (topic, pattern), rows in sorted(used.items()):
        here = sorted(rows)
        rest = core | {topic: core[topic] - {pattern}}
        texts = [places.texts[numbers[row]] for row in here]
        fewer = [
            dictionary.select(text, places.found[numbers[row]], rest)
            for row, text in zip(here, texts, strict=True)
        ]
        before = count(texts, dictionary, dict(enumerate(found[row] for row in here)))
        after = count(texts, dictionary, dict(enumerate(fewer)))
        column = dictionary.topic_names.index(topic)
        matches = after[0] - before[0]
        differences = {
            "coded": (after[0] > 0)[:, column].astype(int) - (before[0] > 0)[:, column],
            "matches": matches[:, column],
            "matched_words": (after[1] - before[1])[:, column],
            "all_matches": matches.sum(axis=1),
        }
        changes[topic].append((pattern, here, differences))
    return changes


def _sums(
    codes: pd.DataFrame, by: str | Sequence[str], measure: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the sums of every article and topic, with the number of its group; and the groups."""
    columns = columns_of(by)
    check_choice(measure, MEASURES, "measure", "measure of emphasis")
    check_groups(codes, columns)
    sums = article_sums(codes, columns).sort_values(["topic", *columns, "doc_id"])
    sums["group"] = sums.groupby(columns, observed=True, sort=True).ngroup()
    groups = sums[columns].drop_duplicates().sort_values(columns, ignore_index=True)
    return _measured(sums, measure), groups


def _labels(groups: pd.DataFrame) -> np.ndarray:
    return group_labels(groups, list(groups.columns)).to_numpy()


def _measured(sums: pd.DataFrame, measure: str) -> pd.DataFrame:
    return sums.assign(hits=MEASURES[measure].hits(sums), size=MEASURES[measure].size(sums))


def _by_group(sums: pd.DataFrame, groups: int) -> np.ndarray:
    """Return hits and size of every group: an array (2, groups)."""
    return np.array(
        [np.bincount(sums["group"], sums[column], groups) for column in ("hits", "size")]
    )


def _changes(
    before: np.ndarray, without: np.ndarray, rows: np.ndarray, own: np.ndarray, labels: np.ndarray
) -> pd.DataFrame:
    """Return a row for each of `rows`, what is left out, and the group whose estimate changes.

    `before` is (2, groups), hits and size; `without` the same for each thing left out.
    """
    hits, size = without[:, 0], without[:, 1]
    now = hits / np.where(size > 0, size, np.nan)
    full = before[0] / np.where(before[1] > 0, before[1], np.nan)
    estimate = now[rows, own]
    turned = flips(full[own][:, None] - full, estimate[:, None] - now[rows])
    return pd.DataFrame(
        {
            "group": own,
            "hits": hits[rows, own].astype(np.int64),
            "size": size[rows, own].astype(np.int64),
            "estimate": estimate,
            "change": estimate - full[own],
            "flips": ["; ".join(labels[row]) for row in turned],
        }
    )


def _of_all_groups(
    sums: pd.DataFrame, without: np.ndarray, left_out: Sequence[str], groups: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows of one topic, where leaving something out changes every group."""
    rows, own = (index.ravel() for index in np.indices((len(left_out), len(groups))))
    table = _changes(_by_group(sums, len(groups)), without, rows, own, _labels(groups))
    return table.assign(topic=sums["topic"].iloc[0], left_out=np.array(left_out)[rows])


def _finished(parts: Sequence[pd.DataFrame], groups: pd.DataFrame, measure: str) -> pd.DataFrame:
    columns = ["topic", "left_out", "hits", "size", "estimate", "change", "flips"]
    if not parts:  # nothing that could be left out
        return pd.DataFrame(columns=[*groups.columns, *columns])
    table = pd.concat(parts, ignore_index=True)
    table[["estimate", "change"]] *= MEASURES[measure].scale
    table = table.join(groups, on="group")
    return table[[*groups.columns, *columns]]
