"""Work on many shards: in processes or on a cluster by joblib; those that die are worked on again.

Whoever works on a shard leaves a trail on disk: which articles it is at. When a process is killed,
its shards are given to another one, which finds the trail and takes the articles of the batch where
it ends one by one. An article at which it ends twice is known by name.
"""

from __future__ import annotations

import json
import platform
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from analysis.corpus.readers.shards import Shard
from analysis.errors import InputError, warn
from analysis.io.code import of_code
from analysis.io.files import replace_file

_PACKAGES = ("numpy", "pandas", "nupunkt")  # whose version may change a number
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
    careful : range
        The batches whose articles are taken one by one: the one at which one died; and all that
        follow if it is not the first time, as then they may be too large for the memory.
    dead : list of str
        The articles at which two died.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        left = json.loads(path.read_text("utf-8")) if path.exists() else {}
        self.deaths: int = left["deaths"] + 1 if left else 0
        first = left.get("batch", 0)
        self.careful = range(first, first + min(self.deaths, 1) if self.deaths < 2 else sys.maxsize)
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
    left, deaths = dict(enumerate(shards)), 0
    with _trails(folder) as trails:
        place = Place(versions(), trails, shared=folder is not None)
        while left:
            # With a process of this machine all others end: who died twice is worked on alone.
            alone = [number for number in left if Trail(trails / str(number)).deaths > 1]
            try:
                with closing(_parallel(work, left, alone[:1] or [*left], n_jobs, place)) as found:
                    for done in found:
                        del left[done.number]
                        yield done
            except Exception as error:
                if not _died(error):
                    if (told := _explained(error, work, folder)) is error:
                        raise
                    raise told from error
                deaths += 1
    if deaths:
        often = "once" if deaths == 1 else f"{deaths} times"
        problem = f"processes that count ended {often}, for lack of memory as a rule"
        warn(f"{problem}; what they were at was counted again")


class Place(NamedTuple):
    """What a worker has to agree with whoever sends it work on."""

    versions: dict[str, str]
    trails: Path
    shared: bool  # whether results, and so trails, are kept where all see them

    def check(self, shard: Shard) -> None:
        """Raise if this process has other versions, or does not see the files."""
        where = f"the worker on {platform.node() or 'another machine'}"
        for name, here in versions().items():
            if here != (there := self.versions.get(name)):
                problem = f"{where} has {name} {here}, and who sends it work {there}"
                raise InputError(problem, do="install the same versions on all machines")
        paths = [one.file for one in shard.files[:1]] or [shard.path]
        for path in [*paths, *([self.trails] if self.shared else [])]:
            if not path.exists():
                problem = f"{where} cannot see it from {Path.cwd()}"
                do = "name a folder that all machines see, by its full path"
                raise InputError(problem, file=path, do=do)


@cache
def versions() -> dict[str, str]:
    """Return the versions on which a number may depend, of this process."""
    own = {"this package's source": of_code(), "Python": platform.python_version()}
    return own | {"Unicode": unicodedata.unidata_version} | {one: version(one) for one in _PACKAGES}


def _work(work: Work, place: Place, number: int, shard: Shard) -> Done:
    """What a worker does."""
    place.check(shard)
    return work(number, shard, place.trails / str(number))


def _parallel(
    work: Work, shards: dict[int, Shard], chosen: Sequence[int], n_jobs: int | None, place: Place
) -> Generator[Done]:
    from joblib import Parallel, delayed

    calls = [delayed(_work)(work, place, number, shards[number]) for number in chosen]
    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1)
    found: Generator[Done] = parallel(calls)
    return found


def _died(error: Exception) -> bool:
    """Whether a process was killed, here or, as often as a scheduler allows, on a cluster."""
    return isinstance(error, BrokenProcessPool) or type(error).__name__ == "KilledWorker"


def _explained(error: Exception, work: Work, folder: Path | None) -> Exception:
    """What stopped the work, in words if it is known."""
    if isinstance(error, InputError):
        return error
    if unsendable := _unsendable(work, "work"):
        do = "write it as a function without open files, locks or connections, or use one process"
        return InputError(f"{unsendable} cannot be sent to another process", do=do)
    if type(error).__module__.startswith("distributed."):
        kept = "with keep= nothing finished is lost" if folder is None else f"{folder} has the rest"
        problem = f"the cluster was lost ({' '.join(str(error).split())})"
        return InputError(problem, do=f"start it, then count again: {kept}")
    return error


def _unsendable(value: Any, name: str) -> str:
    """The innermost part of a value that cannot be sent, and why; "" if all can."""
    from joblib.externals.loky.cloudpickle_wrapper import dumps

    try:
        dumps(value)
    except Exception as error:  # whatever an object of anybody's raises
        parts = fields(value) if is_dataclass(value) and not isinstance(value, type) else ()
        inner = (_unsendable(getattr(value, part.name), part.name) for part in parts)
        return next(filter(None, inner), f"{name!r} ({type(error).__name__}: {error})")
    return ""


@contextmanager
def _trails(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="trails-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
