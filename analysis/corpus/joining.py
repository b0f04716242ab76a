"""The sentences of each article as one text, some articles at a time: memory stays small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

Some = tuple[int, Sequence[str]]  # some texts of many, and the number of the first


class Articles(NamedTuple):
    """Articles of a table: their names, sorted; its rows, article by article; where each begins."""

    names: pd.Index
    rows: np.ndarray
    edges: np.ndarray  # with the end of all

    def joined(self, texts: pd.Series, between: str, size: int = 1 << 20) -> Iterator[Some]:
        """Yield the articles' texts, about `size` characters of them at a time."""
        sizes = texts.str.len().to_numpy() if len(texts) else np.empty(0, int)
        before = np.append(0, np.cumsum(sizes[self.rows]))[self.edges]
        first = 0
        while first < len(self.names):
            after = int(np.searchsorted(before, before[first] + size, side="right")) - 1
            yield first, self.some(texts, between, first, max(after, first + 1))
            first = max(after, first + 1)

    def some(self, texts: pd.Series, between: str, first: int, after: int) -> list[str]:
        """Return the texts of the articles from one to before another."""
        edges = self.edges[first : after + 1]
        own = texts.array.take(self.rows[edges[0] : edges[-1]]).tolist()
        spans = pairwise((edges - edges[0]).tolist())
        return [between.join(own[start:end]) for start, end in spans]


def articles_in(table: pd.DataFrame, keys: Sequence[str], rows: np.ndarray) -> Articles:
    """Return the articles that some rows of a table are of, by columns that tell them apart.

    >>> table = pd.DataFrame({"doc_id": ["b", "a", "b"], "text": ["Wind.", "Coal.", "Sun."]})
    >>> found = articles_in(table, ["doc_id"], np.arange(3))
    >>> list(found.names), list(found.joined(table["text"], " "))
    (['a', 'b'], [(0, ['Coal.', 'Wind. Sun.'])])
    """
    grouped = table[list(keys)].take(rows).groupby(list(keys), observed=True, sort=True)
    names, article = grouped.size().index, grouped.ngroup().to_numpy()
    order = np.argsort(article, kind="stable")
    order = order[np.count_nonzero(article < 0) :]  # what has no name
    edges = np.searchsorted(article[order], np.arange(len(names) + 1))
    return Articles(names, rows[order], edges)
