"""Concordance: a pattern and the words around it, place by place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import islice

import pandas as pd

from analysis.corpus.folding import WORDS
from analysis.corpus.units import variables_of
from analysis.errors import InputError, check_choice, check_columns
from analysis.topics.dictionary import Dictionary, Topic

# By what lines are sorted: the words before the keyword, the nearest first, or those after it.
ORDERS: dict[str, Callable[[tuple[str, str]], list[str]]] = {
    "text": lambda line: [],
    "left": lambda line: _words(line[0])[::-1],
    "right": lambda line: _words(line[1]),
}


def kwic(
    sentences: pd.DataFrame, pattern: str, *, window: int = 5, sort: str = "text"
) -> pd.DataFrame:
    """Return the key word in context: each match of a pattern with the words around it.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`; every section is searched.
    pattern : str
        A word or a phrase, in the language of `analysis.topics.dictionary` (without lists).
    window : int
        How many words of the same sentence to show on either side.
    sort : {"text", "left", "right"}
        As the matches stand in the texts; or by the words before them, the nearest first, or by
        the words after them, so that what is alike stands together.

    Returns
    -------
    pandas.DataFrame
        ``doc_id``, ``sentence_id``, the document variables, ``section``, ``start``, ``end``
        (offsets of the match into the article as given), ``left``, ``keyword``, ``right``.

    Examples
    --------
    >>> from analysis import sentences
    >>> texts = pd.DataFrame({"doc_id": ["a"], "text": ["Coal falls. Much wind power grows fast."]})
    >>> kwic(sentences(texts), "wind power", window=1)[["start", "left", "keyword", "right"]]
       start  left     keyword  right
    0     17  Much  wind power  grows
    >>> kwic(sentences(texts), "*s", sort="left")["left"].to_list()
    ['Coal', 'Much wind power']
    """
    check_choice(sort, ORDERS, "sort", "sort order of lines")
    check_columns(sentences, ["doc_id", "sentence_id", "section", "start", "text"], "sentences")
    if window < 0:
        raise InputError(f"window={window} is negative", do="write how many words to show")
    rows = []
    texts, offsets = sentences["text"].to_list(), sentences["start"].to_list()
    for place, own in Dictionary("", (Topic("", (pattern,)),)).find_all(texts):
        text, offset = texts[place], offsets[place]
        begins = [word.start() for word in WORDS.finditer(text)]
        for found in own:
            # A match may begin inside a word; then what stands before it there is a word.
            first = max(bisect_left(begins, found.start) - window, 0)
            before = (
                [*WORDS.finditer(text, begins[first], found.start)] if window and begins else []
            )
            after = [*islice(WORDS.finditer(text, found.end), window)]
            left = text[before[0].start() : found.start] if before else ""
            right = text[found.end : after[-1].end()] if after else ""
            span = (offset + found.start, offset + found.end)
            rows.append((place, *span, left.strip(), text[found.start : found.end], right.strip()))
    lines = pd.DataFrame(rows, columns=["place", "start", "end", "left", "keyword", "right"])
    places = sentences[["doc_id", "sentence_id", *variables_of(sentences), "section"]]
    where = places.iloc[lines.pop("place").astype(int)].reset_index(drop=True)
    table = pd.concat([where, lines], axis=1)
    contexts = list(zip(table["left"], table["right"], strict=True))
    order = sorted(range(len(table)), key=lambda row: ORDERS[sort](contexts[row]))
    return table.iloc[order].reset_index(drop=True)


def _words(text: str) -> list[str]:
    return [word[0].casefold() for word in WORDS.finditer(text)]
