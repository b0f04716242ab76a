"""One part of an archive, read and counted in bounded memory, a few articles at a time."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.corpus.groups import WINDOWS, Row
from analysis.corpus.readers import documents_of
from analysis.corpus.readers.named import Named
from analysis.corpus.readers.shards import Cut, Shard, rows_of
from analysis.corpus.status import document_status
from analysis.corpus.units import sentences, variables_of
from analysis.errors import InputError, InputWarning
from analysis.estimates.article_sums import counted_sums
from analysis.estimates.grouping import check_filled
from analysis.estimates.sums import WITHIN, Parts, Reading, Sums
from analysis.estimates.tallies import cluster_sums
from analysis.estimates.workers import Trail
from analysis.io.kept import RowsWriter
from analysis.topics.coding import evidence, matches
from analysis.topics.dictionary import Dictionary
from analysis.topics.places import places_at

# What is held at a time: the first of the two that is reached.
ARTICLES, CHARS = 1000, 8_000_000


@dataclass(frozen=True, kw_only=True)
class Counter:
    """What is counted in every shard of an archive; it travels to the processes that do it."""

    dictionary: Dictionary
    by: tuple[str, ...]
    reading: Reading

    @property
    def cut(self) -> Cut:
        """How the archive is read and cut."""
        chosen = self.reading
        named = Named(chosen.text, chosen.id, chosen.encoding)
        metadata = None if chosen.metadata is None else Path(chosen.metadata)
        return Cut(named, metadata, self.by, chosen.lines, chosen.files)

    def sums(self) -> Sums:
        """Return a tree for the parts of this archive."""
        chosen = self.reading
        return Sums(chosen.columns(self.by), chosen.cluster != "doc_id")

    def count(
        self,
        shard: Shard,
        writer: RowsWriter | None = None,
        *,
        trail: Trail | None = None,
    ) -> Parts:
        """Return what a shard comes to; the sentences behind it go to a writer.

        What is warned of, of whatever article, is counted, and not said here.
        On a trail it is said which articles are being counted, should that kill the process.
        """
        failed, sums = _Failed(self.by, self.reading.failing), self.sums()
        left_out = {*self.reading.leave_out, *(trail.dead if trail else ())}
        letting = failed if self.reading.failing != "raise" else None
        batches = _batches(rows_of(shard, self.cut, letting))
        for number in itertools.count():
            batch, said = noting(lambda: next(batches, None))
            sums.add({"warnings": warnings_of(said)})
            if batch is None:
                break
            wanted = []
            for row in batch:
                if row[2]["doc_id"] in left_out:
                    failed.leave_out(row, "it was named, or ended the process that counted it")
                else:
                    wanted.append(self._with_variables(row))
            alone = trail is not None and number in trail.careful
            for part in [[row] for row in wanted] if alone else [wanted]:
                if trail is not None and part:
                    trail.at(number, part[0][2]["doc_id"] if alone else "")
                self._add(sums, part, writer, failed)
        if failed.errors and not failed.some_left:
            raise failed.errors[0]  # not one article can be read: it is no article's fault
        for parts in failed.parts():
            sums.add(parts)
        return sums.total()

    def _with_variables(self, row: Row) -> Row:
        """A row whose columns are those of the whole corpus: what it lacks is blank."""
        file, line, values = row
        lacking = [name for name in self.reading.variables(self.by) if name not in values]
        lacking = [name for name in lacking if name not in self.by]
        return file, line, {**values, **dict.fromkeys(lacking, "")}

    def _add(
        self, sums: Sums, rows: Sequence[Row], writer: RowsWriter | None, failed: _Failed
    ) -> None:
        """Add some articles; if they cannot be counted, look for the one that cannot."""
        if not rows:
            return
        try:
            found = [self._counted(rows, quoted=writer is not None)]
        except Exception as error:  # of one article among millions anything may come
            found, errors = [], []
            for row in rows:
                try:
                    found.append(self._counted([row], quoted=writer is not None))
                except Exception as reason:
                    errors.append((row, _named(row, reason)))
                    if failed.failing == "raise":
                        raise errors[0][1] from None
            if not errors and not isinstance(error, MemoryError):  # alone each may find room
                raise error from None
            for row, own in errors:
                failed.leave_out(row, own.problem, own)
        failed.some_left |= bool(found)
        for parts, quotes in found:
            sums.add(parts)
            if writer is not None:
                writer.write(quotes)

    def _counted(self, rows: Sequence[Row], *, quoted: bool) -> tuple[Parts, pd.DataFrame]:
        (parts, quotes), said = noting(lambda: self._parts(rows, quoted=quoted))
        return {**parts, "warnings": warnings_of(said)}, quotes

    def _parts(self, rows: Sequence[Row], *, quoted: bool) -> tuple[Parts, pd.DataFrame]:
        """What articles come to, and the sentences behind it if they are quoted."""
        chosen, by = self.reading, list(self.by)
        documents = documents_of(rows, by=by, dates=chosen.dates, part=True)
        variables = chosen.variables(by)
        table = sentences(
            documents[["doc_id", *documents.columns.drop(["doc_id", "text"]), "text"]],
            boilerplate=chosen.boilerplate,
            language=chosen.language,
            segmenter=self.dictionary.segmenter,
        )
        unused = [name for name in variables_of(table) if name not in variables]
        table = table.drop(columns=unused)
        places = places_at(table, self.dictionary, "core")
        check_filled(documents, chosen.cluster)
        known = {name: self._known(documents[name], name) for name in chosen.within}
        names = list(dict.fromkeys([*by, chosen.cluster, "doc_id", *chosen.within]))
        article = np.cumsum(table["sentence_id"].to_numpy() == 1) - 1
        sums = counted_sums(documents.assign(**known)[names], article, table, places)
        parts = {"tally": self._tally(sums, by), "status": self._status(documents, table)}
        for name in chosen.within:
            parts[WITHIN + name] = self._tally(sums[sums[name] != ""], [*by, name])
        if chosen.words:
            from analysis.corpus.features import counts

            counted = counts(table, by, ignore=chosen.ignore)
            parts["words"] = counted.reindex(columns=[*by, "feature", "count", "articles", "most"])
        years = [documents[name].dropna().str[:4] for name in chosen.dates]
        named = zip(chosen.dates, years, strict=True)
        found = [(name, year, number) for name, own in named
                 for year, number in own.value_counts().items()]  # fmt: skip
        parts["years"] = pd.DataFrame(found, columns=["variable", "year", "articles"])
        # An article without a text is like no other.
        own = documents["text"].where(documents["text"].str.strip() != "", documents["doc_id"])
        hashed = {
            name: pd.util.hash_array(values.to_numpy(object), categorize=False).view(np.int64)
            for name, values in {"id": documents["doc_id"], "text": own}.items()
        }
        parts["ids"] = pd.DataFrame(hashed)
        quotes = pd.DataFrame()
        if quoted:
            quotes = evidence(table, matches(table, self.dictionary, places=places))
        return {name: part for name, part in parts.items() if len(part)}, quotes

    def _known(self, values: pd.Series, name: str) -> pd.Series:
        """A confounder's values as written, blank where unknown; days cut, as `tally` cuts them.

        Others are cut once all of them are there: what they are like decides it.
        """
        texts = values.fillna("").astype(str).str.strip()
        return texts.str[: WINDOWS[self.reading.window]] if name in self.reading.dates else texts

    def _tally(self, sums: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
        cluster = self.reading.cluster
        own = groups if cluster == "doc_id" else list(dict.fromkeys([*groups, cluster]))
        rows = cluster_sums(sums, own, cluster)
        keys = [*own, "measure", "topic", "hits", "size"]
        return rows.groupby(keys, sort=False, observed=True)["articles"].sum().reset_index()

    def _status(self, documents: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        status = document_status(documents, table, by=self.by).assign(articles=1)
        counted = status.groupby([*self.by, "status"], sort=False)
        return counted[["articles", "sentences", "words"]].sum().reset_index()


class _Failed:
    """What hears of articles that are left out."""

    def __init__(self, by: Sequence[str], failing: str) -> None:
        self.by, self.failing = by, failing
        self.some_left = False
        self.errors: list[InputError] = []
        self._rows: list[tuple[list[str], str, str]] = []

    def __call__(self, error: InputError) -> None:
        self.errors.append(error)
        self._rows.append(([""] * len(self.by), error.problem, str(error)))

    def leave_out(self, row: Row, problem: str, error: InputError | None = None) -> None:
        groups = [row[2].get(name, "") for name in self.by]
        told = str(error or _named(row, InputError(problem)))
        name = row[2]["doc_id"]
        self._rows.append((groups, problem.replace(repr(name), "…"), told))
        if error is None:
            self.some_left = True
        else:
            self.errors.append(error)

    def parts(self) -> Iterator[Parts]:
        for groups, problem, told in self._rows:
            status = dict(zip(self.by, groups, strict=True)) | {"status": "left_out"}
            status |= {"articles": 1, "sentences": 0, "words": 0}  # type: ignore[dict-item]
            warning = {"warning": f"left out: {problem}", "example": told, "articles": 1}
            yield {"status": pd.DataFrame([status]), "warnings": pd.DataFrame([warning])}


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row[2]["text"])
        if len(batch) == ARTICLES or size > CHARS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _named(row: Row, error: Exception) -> InputError:
    """An error that says which article it is about."""
    if isinstance(error, InputError) and error.file is not None:
        return error
    file, line, values = row
    problem = error.problem if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
    problem = f"{values['doc_id']!r} cannot be counted ({' '.join(problem.split())})"
    do = f"leave it out, by leave_out=({values['doc_id']!r},) or failing='leave_out'"
    return InputError(problem, file=file, line=line, do=do)


T = TypeVar("T")


def noting(make: Callable[[], T]) -> tuple[T, list[InputWarning]]:
    """What is made, and what was warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InputWarning)
        made = make()
    return made, [one.message for one in caught if isinstance(one.message, InputWarning)]


def warnings_of(said: Sequence[InputWarning]) -> pd.DataFrame:
    """Warnings without the names of articles, and how many articles each names."""
    found = [(one.said, str(one), one.articles) for one in said]
    return pd.DataFrame(found, columns=["warning", "example", "articles"])
