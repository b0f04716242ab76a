"""Work on many shards: in processes or on a cluster by joblib, with those that die retried.

Whoever works on a shard says on disk which articles it is at. When a process is killed, the shards
that were being worked on are tried again; one at which it happens twice is worked on alone, its
articles one by one, and the article at which it happens then is known by name.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol

from analysis.corpus.readers.shards import Shard
from analysis.errors import InputError


class Done(NamedTuple):
    """A shard that is finished: its result as bytes, and whether it had been kept before."""

    number: int
    raw: bytes
    kept: bool


class Work(Protocol):
    """What is done with a shard; it has to travel to another process."""

    def __call__(
        self, number: int, shard: Shard, *, at: Path, careful: int | None, dead: Sequence[str]
    ) -> Done: ...


def each_done(
    work: Work, shards: Sequence[Shard], *, n_jobs: int | None, leave_out: bool
) -> Iterator[Done]:
    """Yield every shard once it is finished, in any order; nothing is lost when a process dies."""
    left = dict(enumerate(shards))
    tries: Counter[int] = Counter()
    where: dict[int, int] = {}  # in which batch of a shard the process died
    dead: dict[int, list[str]] = {}
    with _folder() as running:

        def run(numbers: Sequence[int]) -> Generator[Done]:
            tasks = (
                (
                    number,
                    left[number],
                    running / str(number),
                    where.get(number),
                    dead.get(number, ()),
                )
                for number in numbers
            )
            return _parallel(work, list(tasks), n_jobs)

        while left:
            alone = next((number for number in left if tries[number] > 1), None)
            chosen = list(left) if alone is None else [alone]
            try:
                with closing(run(chosen)) as finished:
                    for done in finished:
                        del left[done.number]
                        yield done
            except Exception as error:
                if not _died(error):
                    raise
                at = {int(one.name): one.read_text().split("\n") for one in running.iterdir()}
                for number in [number for number in at if number in left] or chosen:
                    tries[number] += 1
                    batch, name = at.get(number, ["", ""])
                    if number == alone and name:
                        _poisoned(name, left[number], leave_out)
                        dead.setdefault(number, []).append(name)
                    elif tries[number] > 4 and not name:
                        problem = f"the process that counted it died {tries[number]} times"
                        do = "see whether it has enough memory; write smaller row groups"
                        raise InputError(problem, file=str(left[number]), do=do) from None
                    if batch:
                        where[number] = int(batch)


def _poisoned(name: str, shard: Shard, leave_out: bool) -> None:
    if not leave_out:
        problem = f"the article {name!r} ends the process that counts it"
        do = f"look at it, or leave it out: leave_out=({name!r},) or failing='leave_out'"
        raise InputError(problem, file=str(shard), do=do) from None


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="shards-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _parallel(
    work: Work,
    tasks: Sequence[tuple[int, Shard, Path, int | None, Sequence[str]]],
    n_jobs: int | None,
) -> Generator[Done]:
    from joblib import Parallel, delayed

    calls = (
        delayed(work)(number, shard, at=at, careful=careful, dead=list(dead))
        for number, shard, at, careful, dead in tasks
    )
    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1)
    found: Generator[Done] = parallel(calls)
    return found


def _died(error: Exception) -> bool:
    """Whether a process was killed, here or, as often as a scheduler allows, on a cluster."""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"
