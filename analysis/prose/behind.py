"""What findings say of the texts behind the numbers: how many there are, and what was matched.

Of a study it is counted from its sentences and evidence; of an archive, from its tally, and from
the evidence part by part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import pandas as pd

from analysis.corpus.folding import fold
from analysis.corpus.groups import known_values

Cell = tuple[str, str]  # a topic and a group
KNOWN_BY = ("title", "outlet", "date")  # document variables that name an article


class Texts(Protocol):
    """What there is to count, whatever the topic.

    Attributes
    ----------
    articles, clusters : mapping
        How many of each group have body sentences.
    totals : tuple of int
        Of articles read, of those with body sentences, of clusters, of body sentences.
    lengths : tuple of float
        Of the articles with body sentences: the mean, and the mean of squares by the mean.
    """

    @property
    def articles(self) -> Mapping[str, int]: ...

    @property
    def clusters(self) -> Mapping[str, int]: ...

    @property
    def totals(self) -> tuple[int, int, int, int]: ...

    @property
    def lengths(self) -> tuple[float, float]: ...

    def values_of(self, variable: str, window: str) -> pd.DataFrame:
        """Return how many articles of each group (row) have each value of a variable."""
        ...

    def size_of(self, cell: Cell, name: str, hits: int) -> int:
        """Return the body sentences of the cluster that has most of the hits of a cell."""
        ...

    def known_of(self, name: str, group: str) -> dict[str, str | None]:
        """Return by what people know an article, as far as it is known."""
        ...


class SentenceTexts:
    """The `Texts` of a table of body sentences with their ``group``; `read` articles there are."""

    def __init__(self, body: pd.DataFrame, cluster: str, read: int) -> None:
        self._body, self._cluster = body, cluster
        self.articles = body.groupby("group")["doc_id"].nunique().to_dict()
        self.clusters = body.groupby("group")[cluster].nunique().to_dict()
        every = int(body["doc_id"].nunique()), int(body[cluster].nunique())
        self.totals = (read, *every, len(body))

    @property
    def lengths(self) -> tuple[float, float]:
        lengths = self._body.groupby("doc_id").size().to_numpy(float)
        return lengths.mean(), (lengths**2).sum() / lengths.sum()

    def values_of(self, variable: str, window: str) -> pd.DataFrame:
        articles = self._body.drop_duplicates("doc_id")
        return pd.crosstab(articles["group"], known_values(articles[variable], window))

    def size_of(self, cell: Cell, name: str, hits: int) -> int:
        own = (self._body["group"] == cell[1]) & (self._body[self._cluster] == name)
        return int(own.sum())

    def known_of(self, name: str, group: str) -> dict[str, str | None]:
        """The title, and outlet and date; the outlet alone, if no other article is from it."""
        if self._cluster != "doc_id":
            return dict.fromkeys(KNOWN_BY)
        own = self._body[self._body["group"] == group].drop_duplicates("doc_id")
        known = {
            column: own.set_index("doc_id")[column].fillna("").astype(str).str.strip()
            for column in KNOWN_BY
            if column in own.columns
        }
        found = {column: known[column][name] or None if column in known else None
                 for column in KNOWN_BY}  # fmt: skip
        alone = found["outlet"] and (known["outlet"] == found["outlet"]).sum() == 1
        return found | ({"date": None} if found["title"] or alone else {})


@dataclass(frozen=True)
class Mentions:
    """What evidence comes to, added part by part: no article stands in two parts.

    Attributes
    ----------
    shown, articles : Counter
        The sentences of each cell, and the articles that they stand in.
    together : Counter
        The sentences of each set of several topics, and group.
    phrases, spellings : mapping
        By cell: in how many sentences each folded phrase stands, and how it is written.
    most : dict
        The cluster with most sentences of each cell, and how many.
    """

    shown: Counter[Cell] = field(default_factory=Counter)
    articles: Counter[Cell] = field(default_factory=Counter)
    together: Counter[tuple[tuple[str, ...], str]] = field(default_factory=Counter)
    phrases: dict[Cell, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    spellings: dict[Cell, dict[str, Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    most: dict[Cell, tuple[int, str]] = field(default_factory=dict)

    def add(self, rows: pd.DataFrame, cluster: str = "doc_id") -> Mentions:
        """Add rows of an evidence table, of the body, with their ``group``; return this."""
        for (topic, group), own in rows.groupby(["topic", "group"]):
            cell = str(topic), str(group)
            self.shown[cell] += len(own)
            self.articles[cell] += own["doc_id"].nunique()
            each = own.groupby(cluster).size().sort_values(kind="stable")
            here = int(each.iloc[-1]), str(each.index[-1])
            self.most[cell] = max(self.most.get(cell, here), here)
            for quote, spans in zip(own["quote"], own["spans"], strict=True):
                written = {" ".join(quote[start:end].split()) for start, end in spans}
                for text in written:
                    self.spellings[cell][_folded(text)][text] += 1
                self.phrases[cell].update(set(map(_folded, written)))
        of_one = rows.groupby(["group", "doc_id", "sentence_id"], sort=False)["topic"].agg(tuple)
        several = of_one[of_one.map(len) > 1].reset_index()
        self.together.update(zip(several["topic"], several["group"], strict=True))
        return self


@lru_cache(maxsize=100_000)
def _folded(text: str) -> str:
    return fold(text).text
