"""Estimates without one pattern of the dictionary; its columns are those of `leaving_out`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus.groups import columns_of
from analysis.errors import check_columns
from analysis.estimates.article_sums import articles_of, counted_sums
from analysis.estimates.changes import (
    by_group,
    changes_of_all,
    finished,
    grouped_sums,
    measured,
)
from analysis.estimates.grouping import check_groups
from analysis.estimates.measures import check_measure
from analysis.topics.coding import count
from analysis.topics.dictionary import Dictionary
from analysis.topics.places import Places, places_for


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
    by, measure : str or list of str, str
        As for `leave_one_out`.
    places : Places, optional
        From `places_of`, so that the texts are not searched again.

    Returns
    -------
    pandas.DataFrame
        Columns as of `leave_one_article_out`; ``left_out`` is a pattern with a match in any body
        text: without one of the others nothing changes.

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
    columns = columns_of(by)
    check_columns(sentences, [*columns, "doc_id", "section", "words", "text"], "sentences")
    check_measure(measure)
    check_groups(sentences, columns)
    counted = counted_sums(*articles_of(sentences, columns), sentences, places)
    sums, groups = grouped_sums(counted, columns, measure)
    keys = [*columns, "doc_id"]
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
            without.append(by_group(measured(changed, measure), len(groups)))
        names = [pattern for pattern, _, _ in patterns[str(topic)]]
        if names:
            parts.append(changes_of_all(part, np.array(without), names, groups))
    return finished(parts, groups, measure)


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
