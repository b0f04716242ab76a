"""Topics discovered in the sentences themselves, as a check on a dictionary; never an estimate.

A topic of the dictionary is seeded with the words of its core matches; the topics that are left
are residual. What comes out is a wording that a person has to read, and it depends on the number
of topics and, in a small corpus, on the random seed: every topic says how far.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from analysis.corpus.features import word_counter
from analysis.errors import InputError, check_choice, check_columns, listing, warn
from analysis.topics.coding import matches
from analysis.topics.dictionary import Dictionary
from analysis.topics.places import Places, places_of
from analysis.validation.topic_models import METHODS, TOP_WORDS, Fit, overlaps

STABLE = 0.5  # the least mean overlap of a topic that is called stable


class _Text(NamedTuple):
    body: pd.DataFrame
    places: Places | None
    counts: csr_matrix
    features: np.ndarray
    seeds: np.ndarray
    topics: list[str]


def discovered_topics(
    sentences: pd.DataFrame,
    *,
    dictionary: Dictionary | None = None,
    topics: int | None = None,
    method: str = "nmf",
    seed: int = 0,
    seeds: int = 10,
    ignore: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the words of topics that a method discovers: one row a topic and word.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`; body sentences count, and of their words those that stand in two
        of them or more, or in a core match of the dictionary.
    dictionary : Dictionary, optional
        Whose topics are seeded with the words of their core matches. A topic without any cannot
        be, and is left out with a warning.
    topics : int, optional
        How many in all. By default those that are seeded and one residual topic; without a
        dictionary, five.
    method : {"nmf", "lda"}
        Non-negative matrix factorisation of TF-IDF weights, or latent Dirichlet allocation.
        Sentences are short for the latter: expect less stable topics.
    seed : int
        Of the random start of the fit that is returned.
    seeds : int
        How many fits to compare, with the random seeds from `seed` upwards.
    ignore : sequence of str
        Words to leave out besides the stop words, as for `counts`.

    Returns
    -------
    pandas.DataFrame
        ``topic`` (the topic of the dictionary, or "residual 1" and so on), ``rank`` (up to 10),
        ``feature``, ``weight`` (the word's part of the topic), ``seeded`` (whether the topic was
        given the word). The rest is of the topic and the same in all its rows. ``stability``: the
        mean overlap (Jaccard) of its top words with the topic they match best in the other fits,
        one to one. ``unaided``: the same in fits that know no dictionary: whether the text has
        the topic without being given it. ``converged``: whether the fit came to rest. ``status``:
        ``unstable`` where `stability` is below .5; ``seeded_only`` where it is not, but `unaided`
        is, for a topic that was seeded: the fits agree because they were given the same; else
        ``stable``, which does not make a topic true.

    Raises
    ------
    InputError
        If fewer body sentences than topics have words to count, or no topic is left to be
        residual.

    Examples
    --------
    >>> from analysis import Topic, sentences
    >>> text = "Wind turns turbines. Turbines need wind. Coal burns black. Black coal burns."
    >>> energy = Dictionary("energy", (Topic("wind", ("wind",)),))
    >>> texts = sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    >>> table = discovered_topics(texts, dictionary=energy)
    >>> table[["topic", "rank", "feature", "seeded", "stability", "unaided", "status"]]
            topic  rank   feature  seeded  stability  unaided  status
    0        wind     1      wind    True        1.0      1.0  stable
    1        wind     2  turbines   False        1.0      1.0  stable
    2  residual 1     1     black   False        1.0      1.0  stable
    3  residual 1     2     burns   False        1.0      1.0  stable
    4  residual 1     3      coal   False        1.0      1.0  stable
    """
    if seeds < 2:
        raise InputError(f"seeds={seeds} leaves no fit to compare with", do="write 2 or more")
    text = _text(sentences, dictionary, topics, method, ignore)
    fits = [_fit(text, method, seed + number) for number in range(seeds)]
    without = text._replace(seeds=text.seeds[:0])
    unaided = [_fit(without, method, seed + number) for number in range(seeds)]
    table = _top_words(text, fits[0])
    place = table.pop("place").to_numpy()
    table["stability"] = overlaps(fits[0], fits[1:])[place]
    table["unaided"] = overlaps(fits[0], unaided)[place]
    table["converged"] = fits[0].converged
    alike, seeded = table["stability"] >= STABLE, place < len(text.seeds)
    alone = table["unaided"] >= STABLE
    table["status"] = np.select([~alike, seeded & ~alone], ["unstable", "seeded_only"], "stable")
    if empty := [name for name in text.topics if name not in set(table["topic"])]:
        warn(f"no word is left for {listing(empty)}: the sentences need fewer topics")
    return table


def _text(
    sentences: pd.DataFrame,
    dictionary: Dictionary | None,
    topics: int | None,
    method: str,
    ignore: Sequence[str],
) -> _Text:
    """The words of the body sentences, and of the matches that seed the topics."""
    check_choice(method, METHODS, "method", "method of discovery")
    check_columns(sentences, ["doc_id", "sentence_id", "section", "text"], "sentences")
    body = sentences[sentences["section"] == "body"]
    # The order of the articles decides nothing, not even in the last digit.
    body = body.sort_values(["doc_id", "sentence_id"]).reset_index(drop=True)
    counter = word_counter(ignore)
    try:
        counts = counter.fit_transform(body["text"].to_list()).astype(np.float64)
    except ValueError:  # scikit-learn's, where there is no word at all
        raise InputError("the body has no word to count", do="bring more text") from None
    places = places_of(sentences, dictionary) if dictionary else None
    rows = _seeds(body, places, counter) if places else {}
    names, seeds = list(rows), np.reshape(list(rows.values()), (len(rows), counts.shape[1]))
    # A word of one sentence goes with no other sentence, unless the dictionary says so.
    kept = (np.asarray((counts > 0).sum(axis=0)).ravel() > 1) | seeds.any(axis=0)
    counts, seeds = counts[:, kept], seeds[:, kept]
    number = topics if topics is not None else len(names) + 1 if dictionary else 5
    if number <= len(names):
        raise InputError(
            f"topics={number} leaves no residual topic beside the {len(names)} of the dictionary",
            do=f"write {len(names) + 1} or more",
        )
    if number > (usable := int((counts.sum(axis=1) > 0).sum())):
        raise InputError(
            f"{number} topics cannot be distinguished in {usable} body sentences that share a word",
            do="ask for fewer topics, or bring more text",
        )
    residual = [f"residual {one}" for one in range(1, number - len(names) + 1)]
    if taken := set(residual) & set(names):
        raise InputError(f"the dictionary has a topic {min(taken)!r}", do="rename it")
    features = counter.get_feature_names_out()[kept]
    return _Text(body, places, counts, features, seeds, [*names, *residual])


def _seeds(body: pd.DataFrame, places: Places, counter: Any) -> dict[str, np.ndarray]:
    """How often each word stands in the matches of each topic that has any."""
    found = matches(body, places.dictionary, places=places)
    rows, names = {}, places.dictionary.topic_names
    for name in names:
        texts = found.loc[found["topic"] == name, "text"].to_list()
        words = np.asarray(counter.transform(["\n".join(texts)]).sum(axis=0)).ravel()
        if words.any():
            rows[name] = words
    if missing := [name for name in names if name not in rows]:
        warn(f"{listing(missing)}: no match in the body has a word to count; not seeded")
    return rows


def _fit(text: _Text, method: str, seed: int) -> Fit:
    return METHODS[method](text.counts, text.seeds, len(text.topics), seed)


def _top_words(text: _Text, fit: Fit) -> pd.DataFrame:
    """The words of each topic, the heaviest first, equal ones by the alphabet."""
    parts = []
    for place, row in enumerate(fit.words):
        top = [word for word in np.argsort(-row, kind="stable")[:TOP_WORDS] if row[word] > 0]
        given = text.seeds[place] > 0 if place < len(text.seeds) else np.zeros(len(row), bool)
        parts.append(pd.DataFrame({
            "topic": text.topics[place],
            "rank": np.arange(1, len(top) + 1),
            "feature": text.features[top],
            "weight": row[top],
            "seeded": given[top],
            "place": place,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)
