"""Archives: files that are too many for memory, counted part by part; the parts add.

A shard is read, cut into sentences, coded and counted in a process of its own, a thousand
articles at a time. What comes back are small tables of whole numbers; the sentences behind them
stay on disk.
"""

from __future__ import annotations

import time
from collections import Counter as Multiset
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.groups import FAR, WINDOWS, check_spellings, columns_of, known_values
from analysis.corpus.readers.shards import Shard, rows_of, shards_of
from analysis.errors import InputError, check_choice, number_of, warn
from analysis.estimates.counting import Counter, noting, warnings_of
from analysis.estimates.grouping import RESERVED, check_names
from analysis.estimates.keeping import CountShard
from analysis.estimates.sums import WITHIN, Parts, Reading
from analysis.estimates.tallies import TALLY_COLUMNS, Tally, merge
from analysis.estimates.workers import Done, each_done
from analysis.io.kept import read_rows
from analysis.topics.dictionary import Dictionary
from analysis.topics.evidence import draw, evidence_for

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False, repr=False)
class Archive:
    """What an archive comes to: made by `tally_files`.

    Attributes
    ----------
    tally : Tally
        Of all articles: what `emphasis`, `contrasts` and `omnibus` take.
    status : pandas.DataFrame
        The group columns, ``status`` (see `document_status`; also ``left_out``), ``articles``,
        ``sentences``, ``words``.
    words : pandas.DataFrame or None
        The group columns, ``feature``, ``count``, ``articles``, ``most``: what `keyness` takes.
    warnings : pandas.DataFrame
        ``warning``, ``articles`` (how many it names, or 0), ``example``.
    evidence : tuple of path
        Parquet files with the sentences behind the numbers, in the order of the archive.
    """

    tally: Tally
    status: pd.DataFrame
    words: pd.DataFrame | None
    warnings: pd.DataFrame
    evidence: tuple[Path, ...] = ()

    def __repr__(self) -> str:
        read = int(self.status["articles"].sum())
        return f"Archive({number_of(read, 'article')}, tally {self.tally.design})"

    def evidence_for(self, row: Mapping[str, Any]) -> pd.DataFrame:
        """Return the sentences behind a cell of `emphasis`, all of them; see `evidence_for`.

        They are read from disk. For a large cell that is much: see `sample`.
        """
        if not self.evidence:
            do = "count the archive with keep=, which writes them"
            raise InputError("no sentence of this archive is kept", do=do)
        by = self.tally.by
        wanted = {name: [row[name]] for name in (*by, "topic")}
        empty, *parts = read_rows(self.evidence, wanted)
        found = pd.concat(parts, ignore_index=True) if parts else empty
        return evidence_for(row, found, by=by)

    def sample(self, most: int = 5) -> pd.DataFrame:
        """Return a sample of the evidence: of every group and topic so many sentences of the body.

        Which ones is drawn at random, and the same however the archive was cut.
        """
        keys, drawn = [*self.tally.by, "topic"], pd.DataFrame()
        for rows in self.each_body():
            drawn = draw(drawn, rows, most, of=keys, unit=["doc_id", "sentence_id", "topic"])
        return drawn.sort_values(keys, kind="stable", ignore_index=True) if len(drawn) else drawn

    def each_body(self) -> Iterator[pd.DataFrame]:
        """Yield the evidence of the body, one file after the other: no article is in two."""
        for path in self.evidence:
            parts = [rows for rows in read_rows([path], {"section": ["body"]}) if len(rows)]
            if parts:
                yield pd.concat(parts, ignore_index=True)


def tally_files(
    paths: str | Path | Sequence[str | Path],
    dictionary: Dictionary,
    *,
    by: str | Sequence[str],
    reading: Reading | None = None,
    n_jobs: int | None = None,
    keep: str | Path | None = None,
    progress: Progress = lambda message: None,
) -> Archive:
    """Return the tally of an archive of any size: what `tally` gives, in bounded memory.

    Each part of the archive is read and counted by itself, in several processes or on a cluster,
    and no number depends on how it was cut, in which order, or by how many.

    Parameters
    ----------
    paths : path or list of path
        Parquet files, JSON-lines files, folders of article files or of such tables, or any other
        file of `read_articles`. A row group of a Parquet file is counted at a time: let it have
        10,000 articles or so.
    dictionary : Dictionary
        From `read_dictionary`.
    by : str or list of str
        The document variables that form the groups.
    reading : Reading, optional
        How the files are read, what else is counted, and what becomes of articles that cannot be.
    n_jobs : int, optional
        How many processes, as joblib takes it: -1 for one a core. Default: one, or what
        ``joblib.parallel_config`` says, which also names a cluster (docs/scale.md).
    keep : path, optional
        A folder for what is finished, and for the evidence. What is there already and whole is not
        counted again, until the files, the dictionary, the settings or this package change.
    progress : callable
        Gets, in a few words, how far it is and how long it will take.

    Returns
    -------
    Archive

    Raises
    ------
    InputError
        For bad input; naming the article that cannot be read or counted, unless ``failing`` of
        `reading` says to leave it out; and for two articles of one name.

    Examples
    --------
    >>> from analysis import Dictionary, Topic, emphasis
    >>> topics = Dictionary("defence", (Topic("training", ("train*",)),))
    >>> found = tally_files("seeds", topics, by="partner",
    ...                     reading=Reading(metadata="seeds/articles.csv"))
    >>> found
    Archive(5 articles, tally by partner (cluster doc_id, sections body))
    >>> emphasis(found.tally).to_frame()[["partner", "topic", "hits"]]
      partner     topic  hits
    0  France  training     1
    1  Israel  training     2
    2   Italy  training     2
    3  Russia  training     1
    """
    reading = reading or Reading()
    counter = Counter(dictionary=dictionary, by=tuple(columns_of(by)), reading=reading)
    _check(counter)
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    shards = [shard for path in paths for shard in shards_of(Path(path), counter.cut)]
    nothing = InputError("there is no article in these files", do="name the files of an archive")
    if not shards:
        raise nothing
    work = CountShard.of(counter, None if keep is None else Path(keep))
    sums, files = counter.sums(), dict[int, list[Path]]()
    told = _Told(len(shards), progress)
    for done in each_done(work, shards, n_jobs=n_jobs, folder=work.folder):
        parts = work.parts(done.raw)
        if "evidence" in parts:
            files[done.number] = [work.evidence / name for name in parts.pop("evidence")["file"]]
        # Of a sitting of which all is said by chairs, nothing is counted.
        told.of(done, int(parts["status"]["articles"].sum()) if "status" in parts else 0)
        sums.add(parts)
    total = sums.total()
    if "status" not in total:
        raise nothing
    ids = total.pop("ids", pd.DataFrame({"id": [], "text": []}))
    _check_ids(ids, shards, counter)
    _, said = noting(lambda: _look_at(ids["text"], total["status"], counter.by))
    total["warnings"] = pd.concat([warnings_of(said), total.get("warnings")])
    if "years" in total:
        _check_years(total.pop("years"))
    evidence = tuple(path for number in sorted(files) for path in files[number])
    return _archive(total, counter, evidence)


def _check(counter: Counter) -> None:
    """Raise if the settings cannot be right, before a file is read."""
    chosen = counter.reading
    check_names(counter.by, RESERVED)
    check_choice(chosen.failing, ["raise", "leave_out"], "failing", "way to go on")
    check_choice(chosen.window, WINDOWS, "window", "window of time")
    for name in {chosen.cluster, *chosen.within} & {*counter.by}:
        raise InputError(f"{name!r} forms the groups", do="name another document variable")
    if chosen.cluster in chosen.within:
        problem = f"chance works on {chosen.cluster!r}, which cannot be a confounder as well"
        raise InputError(problem, do="leave it out of within")


class _Told:
    """Says how far it is, how fast, and how long the rest will take."""

    def __init__(self, shards: int, progress: Progress) -> None:
        self.shards, self.progress, self.begun = shards, progress, time.monotonic()
        self.done = self.counted = self.articles = self.fresh = 0

    def of(self, done: Done, articles: int) -> None:
        """Say so of a shard that is finished."""
        self.done, self.articles = self.done + 1, self.articles + articles
        if not done.kept:
            self.counted, self.fresh = self.counted + 1, self.fresh + articles
        seconds = max(time.monotonic() - self.begun, 1e-9)
        said = f"{self.done} of {number_of(self.shards, 'shard')}, "
        said += number_of(self.articles, "article")
        if self.counted:
            left = seconds / self.counted * (self.shards - self.done)
            said += f", {self.fresh / seconds:,.0f} a second, about {_duration(left)} left"
        self.progress(said)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if seconds < 100 else f"{minutes // 60} h {minutes % 60:02d} min"


def _check_ids(ids: pd.DataFrame, shards: Sequence[Shard], counter: Counter) -> None:
    """Raise if two articles have one name: evidence would not know them apart."""
    numbers = np.sort(ids["id"].to_numpy(np.int64))
    if not (twice := set(numbers[1:][numbers[1:] == numbers[:-1]].tolist())):
        return
    seen: dict[str, tuple[Path, int | None]] = {}
    for shard in shards:
        for file, line, row in rows_of(shard, counter.cut, lambda error: None):
            name = row["doc_id"]
            if int(pd.util.hash_array(np.array([name], object)).view(np.int64)[0]) not in twice:
                continue
            if name in seen and name not in counter.reading.leave_out:
                place = ", line ".join(str(part) for part in seen[name] if part is not None)
                problem = f"{name!r} stands in {place} too"
                raise InputError(problem, file=file, line=line, do="give each article its doc_id")
            seen[name] = file, line


def _look_at(texts: pd.Series, status: pd.DataFrame, by: Sequence[str]) -> None:
    """Warn of what no part shows: the same text twice, and names of groups that look alike."""
    if alike := int(texts.duplicated(keep=False).sum()):
        warn(f"{alike} articles have the same text as another; all are kept")
    for name in by:
        check_spellings(status.loc[status[name] != "", name])


def _check_years(years: pd.DataFrame) -> None:
    """Raise if one date lies far from all others, as `check_dates` does for a corpus at once."""
    for name, own in years.groupby("variable"):
        each = sorted(
            Multiset(dict(zip(own["year"].astype(int), own["articles"], strict=True))).elements()
        )
        if len(each) < 3:
            continue
        for year, gap in ((each[0], each[1] - each[0]), (each[-1], each[-1] - each[-2])):
            if gap > FAR:
                do = f"correct it, or do not declare {name!r} a date if it is right"
                problem = f"{name!r} has one date of {year}, {gap} years from all other dates"
                raise InputError(problem, do=do)


def _archive(total: Parts, counter: Counter, evidence: tuple[Path, ...]) -> Archive:
    """The results, from the sums of all shards."""
    chosen = counter.reading
    within = {}
    for name in chosen.within:
        if (rows := total.get(WITHIN + name)) is None:
            warn(f"{name!r} is blank in every article, or there is no such column")
            continue
        known = known_values(rows[name], chosen.window)
        rows = rows.assign(**{name: known})[known.notna()]
        within[name] = _tally(rows, (*counter.by, name), counter)
    if "tally" not in total:
        raise InputError("no article is left to count", do="look at the articles and leave_out")
    whole = _tally(total["tally"], counter.by, counter)
    tally = Tally(whole.table, whole.by, whole.cluster, whole.sections, within)
    warned = total["warnings"][["warning", "articles", "example"]].reset_index(drop=True)
    words = total.get("words") if chosen.words else None
    return Archive(tally, total["status"], words, warned, evidence)


def _tally(rows: pd.DataFrame, groups: tuple[str, ...], counter: Counter) -> Tally:
    """A tally, sorted, of rows by cluster: each cluster counts once."""
    cluster = counter.reading.cluster
    if cluster != "doc_id":
        # A cluster whose values are cut to a window is one, and its parts are added first.
        keys = [*groups, cluster, "measure", "topic"]
        sums = rows.groupby(keys, sort=False)[["hits", "size"]].sum().reset_index()
        rows = sums.assign(articles=1)
    return merge(Tally(rows[[*groups, *TALLY_COLUMNS]], groups, cluster))
