"""Auditing a dictionary: what each pattern does to the numbers, and what it may be missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.features import counts, phrase_counter
from analysis.corpus.folding import Folded, fold
from analysis.corpus.groups import names_of
from analysis.errors import InputError, check_choice, check_columns, listing, number_of
from analysis.estimates.grouping import check_names
from analysis.estimates.intervals import gries_dp
from analysis.topics.coding import codes
from analysis.topics.dictionary import TIERS, Dictionary, Match
from analysis.topics.formats.shared import same
from analysis.topics.matching import Candidate
from analysis.topics.places import Places, places_for
from analysis.words.keywords import keyness

AUDIT_COLUMNS = (
    *("topic", "pattern", "tier", "matches", "sentences", "articles", "share", "lost", "taken_by"),
    "also_in",
)


def audit(
    dictionary: Dictionary,
    sentences: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    places: Places | None = None,
) -> pd.DataFrame:
    """Return what each pattern of a dictionary finds: one row a group, topic and pattern.

    Parameters
    ----------
    dictionary : Dictionary
        From `read_dictionary`.
    sentences : pandas.DataFrame
        From `sentences`; body sentences count.
    by : str or list of str, optional
        The document variables that form the groups; by default all articles are one.
    places : Places, optional
        From `places_of`, so that the texts are not searched again.

    Returns
    -------
    pandas.DataFrame
        The group columns, if any; ``topic``, ``pattern``, ``tier`` (core or broad); ``matches``,
        and the ``sentences`` and ``articles`` they stand in; ``share`` (of the matches of the
        topic at that tier: a topic that rests on one pattern shows a share near 1); ``lost``
        (places where the pattern fits and something else wins) and ``taken_by`` (what wins there,
        with counts: "wind power (3)"; "exclude: wind up (1)"; "no context (2)"; where topics
        compete, another topic's "sun: solar wind (1)"); ``also_in`` (other topics with the same
        pattern).

        Groups are sorted, patterns stand in the order of the dictionary, and every group has
        every pattern. A pattern with ``matches`` 0 is dead: with ``lost`` 0 because it fits
        nowhere, otherwise because others take all its places.

    Examples
    --------
    >>> from analysis import Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["Wind power pays. Wind blows."]})
    >>> energy = Dictionary("energy", (Topic("wind", ("wind", "wind power", "gale*")),))
    >>> audit(energy, sentences(texts))[["pattern", "matches", "share", "lost", "taken_by"]]
          pattern  matches  share  lost        taken_by
    0        wind        1    0.5     1  wind power (1)
    1  wind power        1    0.5     0
    2       gale*        0    0.0     0
    """
    columns = names_of(by)
    check_names(columns, {"doc_id", *AUDIT_COLUMNS})
    check_columns(sentences, [*columns, "doc_id", "sentence_id", "section", "text"], "sentences")
    own = sentences["section"] == "body"
    body = sentences.loc[own, [*columns, "doc_id", "sentence_id"]]
    searched = places_for(sentences, dictionary, places)  # a headline may give the context
    numbers = searched.numbers(sentences)[own.to_numpy()]
    names = [body[column].array for column in body]
    won: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    lost: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    of_topic: Counter[tuple[Any, ...]] = Counter()
    for place, topic, pattern, tier, taker in _fits(searched, numbers):
        *home, article, sentence = (name[place] for name in names)
        if taker:
            lost[*home, topic, pattern, tier][taker] += 1
        else:
            won[*home, topic, pattern, tier].append((article, sentence))
            of_topic[*home, topic, tier] += 1
    groups = sorted(set(sentences[columns].itertuples(index=False, name=None))) if columns else [()]
    rows = []
    for group in groups:
        for topic, pattern, tier, also_in in _patterns(dictionary):
            key = (*group, topic, pattern, tier)
            found, takers = won[key], sorted(lost[key].items(), key=lambda one: (-one[1], one[0]))
            counted = (len(found), len(set(found)), len({article for article, _ in found}))
            share = len(found) / max(of_topic[*group, topic, tier], 1)
            taken_by = ", ".join(f"{taker} ({count})" for taker, count in takers)
            rows.append((*key, *counted, share, lost[key].total(), taken_by, also_in))
    return pd.DataFrame(rows, columns=[*columns, *AUDIT_COLUMNS])


NO_CONTEXT = "no context"  # what takes the places of a topic whose context does not stand there
_NAMED = 12  # patterns that are named one by one; of more there is only the number


def found_nothing(audited: pd.DataFrame) -> str:
    """Return which patterns of an audit without groups fit nowhere, in words; nothing if none.

    >>> from analysis import Topic, sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["The climate warms."]})
    >>> topics = (Topic("warming", ("climat", "warm*")), Topic("carbon", ("carbn",)))
    >>> print(found_nothing(audit(Dictionary("climate", topics), sentences(texts))))
    2 of 3 patterns found nothing: climat, carbn. Topics without a match: carbon.
    """
    silent = audited.loc[(audited[["matches", "lost"]] == 0).all(axis=1), "pattern"]
    if silent.empty:
        return ""
    core = audited[audited["tier"] == "core"]
    matched = core.groupby("topic", sort=False)["matches"].sum()
    bare = list(matched.index[matched == 0])
    names = f": {listing(silent.unique(), most=_NAMED)}" if len(silent) <= _NAMED else ""
    words = f"{len(silent)} of {number_of(len(audited), 'pattern')} found nothing{names}."
    return f"{words} Topics without a match: {listing(bare)}." if bare else words


def _patterns(dictionary: Dictionary) -> list[tuple[str, str, str, str]]:
    """Topic, pattern, tier and the other topics with the same pattern, in their order."""
    rows = [
        (topic.name, pattern, tier)
        for topic in dictionary.topics
        for tier in TIERS
        for pattern in (topic.core if tier == "core" else topic.broad)
    ]
    homes: dict[str, set[str]] = defaultdict(set)
    for topic, pattern, _ in rows:
        homes[same(pattern)].add(topic)
    return [(*row, " ".join(sorted(homes[same(row[1])] - {row[0]}))) for row in rows]


def _fits(places: Places, numbers: np.ndarray) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield (row, topic, pattern, tier, who takes it or nothing) for each place in some texts."""
    dictionary = places.dictionary
    included = {tier: dictionary.included(tier) for tier in TIERS}
    needy = {topic.name for topic in dictionary.topics if topic.context}
    matched = {tier: places.choose(patterns) for tier, patterns in included.items()}
    for row, number in enumerate(numbers.tolist()):
        if (here := places.found.get(number)) is None:
            continue
        folded = fold(places.texts[number])
        for tier, patterns in included.items():
            found = matched[tier].get(number, [])
            for topic, own in patterns.items():
                fits = [one for one in here.get((topic, "include"), ()) if one[2] in own]
                barred = here.get((topic, "exclude"), ())
                alone = topic in needy and not here.get((topic, "context"))
                for pattern, taker in _takers(topic, fits, barred, found, folded, alone=alone):
                    yield row, topic, pattern, tier, taker


def _takers(
    topic: str,
    fitting: Sequence[Candidate],
    barred: Sequence[Candidate],
    found: Sequence[Match],
    folded: Folded,
    *,
    alone: bool,
) -> Iterator[tuple[str, str]]:
    """Yield (pattern, who takes it or nothing) for each place where a topic's patterns fit.

    A place is where a pattern begins, whatever ends it may have there. Where a pattern overlaps a
    match of its own it has no further place. `alone` is where the topic's context does not stand.
    """
    ends = {(start, pattern): end for start, end, pattern in sorted(fitting)}  # the last end
    for (start, pattern), end in ends.items():
        first, _ = folded.span(start, end)
        here = {one.topic: one for one in found if one.start <= first < one.end}
        winner = here.get(topic)
        over = sorted(bar for low, high, bar in barred if start < high and low < end)
        if winner and winner.pattern == pattern:
            if winner.start == first:
                yield pattern, ""
        elif over:
            yield pattern, f"exclude: {over[0]}"
        elif winner:
            yield pattern, winner.pattern
        elif alone:
            yield pattern, NO_CONTEXT
        else:  # topics compete, and another has the longer match
            yield pattern, next(f"{one.topic}: {one.pattern}" for one in here.values())


def suggestions(
    dictionary: Dictionary,
    sentences: pd.DataFrame,
    *,
    topic: str,
    most: int = 20,
    most_words: int = 1,
    places: Places | None = None,
) -> pd.DataFrame:
    """Return words that are typical of sentences on a topic and in none of its patterns.

    Read their sentences (`kwic`) before you add one: nothing is added for you, and the dictionary
    stays as it is.

    Parameters
    ----------
    dictionary : Dictionary
        From `read_dictionary`.
    sentences : pandas.DataFrame
        From `sentences`; body sentences count.
    topic : str
        The name of a topic.
    most : int
        How many rows to return.
    most_words : int
        Of how many words a suggestion may be: 2 or 3 for phrases as well, each as it would be
        written as a pattern.
    places : Places, optional
        From `places_of`, so that the texts are not searched again.

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
    >>> suggestions(energy, sentences(texts), topic="wind")["feature"].head(1).to_list()
    ['turbines']
    """
    check_choice(topic, dictionary.topic_names, "topic", "topic of the dictionary")
    if most_words < 1:
        raise InputError(f"most_words={most_words} is less than 1", do="write 1, 2 or 3")
    body = sentences[sentences["section"] == "body"]
    places = places_for(sentences, dictionary, places)
    coded = codes(body, dictionary, places=places)
    on_topic = coded.loc[coded["topic"] == topic, "coded"].to_numpy()
    names = {"count_target": "count_on_topic", "count_reference": "count_elsewhere"}
    columns = ["feature", "estimate", "statistic", *names.values(), "articles", "dispersion"]
    if on_topic.all() or not on_topic.any():
        return pd.DataFrame(columns=columns)
    words = phrase_counter(most_words)
    by_topic = body.assign(on_topic=np.where(on_topic, "yes", "no"))
    table = keyness(counts(by_topic, "on_topic", vectorizer=words)).to_frame().rename(columns=names)
    table = table[(table["target"] == "yes") & (table["count_on_topic"] > 0)]
    core = dictionary.included()[topic]
    in_pattern = {
        number
        for number, found in dictionary.matcher().search(table["feature"].to_list())
        if any(pattern in core for _, _, pattern in found.get((topic, "include"), ()))
    }
    table = table[[number not in in_pattern for number in range(len(table))]]
    table = table.head(most).reset_index(drop=True)
    per_article = counts(body.assign(article=body["doc_id"]), "article", vectorizer=words)
    size = body.groupby("doc_id")["words"].sum()
    spread = per_article.pivot(index="feature", columns="article", values="count")
    spread = spread.reindex(index=table["feature"], columns=size.index).fillna(0.0)
    table["articles"] = (spread > 0).sum(axis=1).to_numpy()
    table["dispersion"] = [
        gries_dp(row, size.to_numpy(float), np.ones(len(size)))[1] for row in spread.to_numpy()
    ]
    return table[columns]
