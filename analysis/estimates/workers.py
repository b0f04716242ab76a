"""Work on many shards: in processes or on a cluster by joblib; those that die are worked on again.

Whoever works on a shard leaves a trail on disk: which articles it is at. When a process is killed,
its shards are given to another one, which finds the trail and takes the articles of the batch where
it ends one by one. An article at which it ends twice is known by name.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from analysis.corpus.readers.shards import Shard
from analysis.errors import InputError
from analysis.io.files import replace_file

_MOST = 5  # deaths at a shard without an article that could be named


class Done(NamedTuple):
    """A shard that is finished: its result as bytes, and whether it had been kept before."""

    number: int
    raw: bytes
    kept: bool


class Work(Protocol):
    """What is done with a shard; it has to travel to another process."""

    def __call__(self, number: int, shard: Shard, trail: Path) -> Done: ...


class Trail:
    """Where the work on a shard is, should the process die; and where others died before.

    Attributes
    ----------
    careful : int or None
        The number of the batch at which one died: its articles are taken one by one.
    dead : list of str
        The articles at which two died.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        left = json.loads(path.read_text("utf-8")) if path.exists() else {}
        self.deaths: int = left["deaths"] + 1 if left else 0
        self.careful: int | None = left.get("batch")
        self._fatal: dict[str, int] = left.get("fatal", {})
        if name := left.get("name"):
            self._fatal[name] = self._fatal.get(name, 0) + 1
        self.dead = [name for name, times in self._fatal.items() if times > 1]

    def at(self, batch: int, name: str = "") -> None:
        """Say which batch is worked on, and which article of it if they are taken one by one."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        left: dict[str, Any] = {"deaths": self.deaths, "batch": batch, "fatal": self._fatal}
        replace_file(self.path, json.dumps({**left, "name": name}))

    def check(self, shard: Shard, *, leave_out: bool) -> None:
        """Raise if an article ends every process, and none may be left out."""
        if self.dead and not leave_out:
            name = self.dead[0]
            problem = f"the article {name!r} ends the process that counts it"
            do = f"look at it, or leave it out: leave_out=({name!r},) or failing='leave_out'"
            raise InputError(problem, file=str(shard), do=do)
        if self.deaths > _MOST + 3 * len(self.dead):
            problem = f"the process that counts it died {self.deaths} times"
            do = "see whether there is memory enough, or write smaller row groups"
            raise InputError(problem, file=str(shard), do=do)

    def end(self) -> None:
        """Remove the trail of a finished shard."""
        self.path.unlink(missing_ok=True)


def each_done(
    work: Work, shards: Sequence[Shard], *, n_jobs: int | None, folder: Path | None
) -> Iterator[Done]:
    """Yield every shard once it is finished, in any order; trails are left in a folder."""
    left = dict(enumerate(shards))
    with _trails(folder) as trails:
        while left:
            # With a process of this machine all others end: who died twice is worked on alone.
            alone = [number for number in left if Trail(trails / str(number)).deaths > 1]
            try:
                with closing(_parallel(work, left, alone[:1] or [*left], n_jobs, trails)) as found:
                    for done in found:
                        del left[done.number]
                        yield done
            except Exception as error:
                if not _died(error):
                    raise


def _parallel(
    work: Work, shards: dict[int, Shard], chosen: Sequence[int], n_jobs: int | None, trails: Path
) -> Generator[Done]:
    from joblib import Parallel, delayed

    calls = [delayed(work)(number, shards[number], trails / str(number)) for number in chosen]
    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1)
    found: Generator[Done] = parallel(calls)
    return found


def _died(error: Exception) -> bool:
    """Whether a process was killed, here or, as often as a scheduler allows, on a cluster."""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


@contextmanager
def _trails(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="trails-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
