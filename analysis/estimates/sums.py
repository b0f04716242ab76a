"""What a part of an archive comes to: small tables of whole numbers, which add.

Parts
-----
tally : the rows of a tally, with the cluster where that is not the article
within <name> : the same by a confounder as well
status : articles, sentences and words of every group by what became of its articles
words : how often each group uses each word (see `counts`), if asked for
years : how many articles have a date in a year
warnings : what was warned of, of how many articles, with an example
ids : numbers that stand for the name and for the text of each article
evidence : the file in which the sentences stand
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.corpus.boilerplate import Rule
from analysis.io.kept import Columns

Parts = dict[str, pd.DataFrame]
WITHIN = "within "  # before the name of a confounder
_TREE = 8  # parts that are added at a time


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the files of an archive are read, and what is counted in them.

    Attributes
    ----------
    text, id, encoding : str
        As for `read_articles`.
    metadata : path, optional
        The table that belongs to a folder of article files.
    dates : tuple of str
        Columns of days, as for `read_articles`.
    boilerplate : tuple of Rule
        From `read_boilerplate`.
    language : str, optional
        As for `sentences`.
    cluster, within, window
        As for `tally`. A confounder that is no column of dates should have few values.
    words : bool
        Whether the words of each group are counted as well, as `counts` does, without dispersion.
    ignore : tuple of str
        Words that are not counted.
    evidence : bool
        Whether the sentences behind the numbers are written, where results are kept.
    failing : {"raise", "leave_out"}
        What becomes of an article that cannot be read or counted: an error that names it, or it is
        left out, counted as ``left_out`` and warned of.
    leave_out : tuple of str
        The names of articles to leave out.
    lines, files : int
        How many lines of JSON, or files of a folder, are a shard. No number depends on it.
    """

    text: str = "text"
    id: str = "doc_id"
    encoding: str = ""
    metadata: str | Path | None = None
    dates: tuple[str, ...] = ()
    boilerplate: tuple[Rule, ...] = ()
    language: str | None = None
    cluster: str = "doc_id"
    within: tuple[str, ...] = ()
    window: str = "month"
    words: bool = False
    ignore: tuple[str, ...] = ()
    evidence: bool = True
    failing: str = "raise"
    leave_out: tuple[str, ...] = ()
    lines: int = 10_000
    files: int = 1_000

    def variables(self, by: Sequence[str]) -> list[str]:
        """Return the document variables that are needed."""
        own = [] if self.cluster == "doc_id" else [self.cluster]
        return list(dict.fromkeys([*by, *own, *self.within, *self.dates]))

    def columns(self, by: Sequence[str]) -> dict[str, Columns]:
        """Return the columns of every part: those of texts, and those of whole numbers."""
        own = [] if self.cluster == "doc_id" else [self.cluster]
        counts = ["hits", "size", "articles"]

        def tally(names: Sequence[str]) -> Columns:
            return list(dict.fromkeys([*names, *own, "measure", "topic"])), counts

        return {
            "tally": tally(by),
            **{WITHIN + name: tally([*by, name]) for name in self.within},
            "status": ([*by, "status"], ["articles", "sentences", "words"]),
            "words": ([*by, "feature"], ["count", "articles", "most"]),
            "years": (["variable", "year"], ["articles"]),
            "warnings": (["warning", "example"], ["articles"]),
            "ids": ([], ["id", "text"]),
            "evidence": (["file"], ["rows"]),
        }


@dataclass
class Sums:
    """Parts, added as a tree: as many are held at a time as the tree is high."""

    columns: Mapping[str, Columns]
    by_cluster: bool
    levels: list[list[Parts]] = field(default_factory=lambda: [[]])

    def add(self, parts: Parts, level: int = 0) -> None:
        """Add the parts of other articles."""
        if level == len(self.levels):
            self.levels.append([])
        self.levels[level].append(parts)
        if len(self.levels[level]) == _TREE:
            together = self._added(self.levels[level])
            self.levels[level] = []
            self.add(together, level + 1)

    def total(self) -> Parts:
        """Return all of it, in an order that does not depend on how it was added."""
        total = self._added([parts for level in self.levels for parts in level])
        return {
            name: part.sort_values([*self.columns[name][0], *self.columns[name][1]])[
                [*self.columns[name][0], *self.columns[name][1]]
            ].reset_index(drop=True)
            for name, part in total.items()
        }

    def _added(self, each: Sequence[Parts]) -> Parts:
        names = dict.fromkeys(name for parts in each for name in parts)
        found = {name: [one[name] for one in each if len(one.get(name, ()))] for name in names}
        return {name: self._sum(name, own) for name, own in found.items() if own}

    def _sum(self, name: str, tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
        together = pd.concat(tables, ignore_index=True)
        texts, numbers = self.columns[name]
        if name in ("ids", "evidence"):
            return together
        keys, how = list(texts), dict.fromkeys(numbers, "sum")
        if name == "warnings":
            keys, how = ["warning"], {"example": "min", "articles": "sum"}
        elif name == "words":
            how["most"] = "max"
        elif name == "tally" or name.startswith(WITHIN):
            if self.by_cluster:  # whose articles may stand in several parts
                how["articles"] = "max"
            else:
                keys, how = [*keys, "hits", "size"], {"articles": "sum"}
        return together.groupby(keys, sort=False).agg(how).reset_index()
