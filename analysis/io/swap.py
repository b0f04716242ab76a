"""Files and folders that take their places together: all old or all new, whatever stops a run.

What is new is made beside the old. The record of a run lies beside its folder, ``.figures.run``:

1. Its first line says which process runs. The system's lock on the file ends with that process,
   however it ends: who finds the lock taken is refused.
2. A line for each thing that will be made, before it is: what a run that was killed has left is
   known by name, and nothing else is ever taken away.
3. When all that is new is complete and on the disk, one line more, the journal: every rename.

Nothing old is deleted before all that is new is in its place. So whoever starts next can always
finish the renames of the journal, or undo them; without a whole journal, nothing old was touched.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from analysis.errors import InputError, of_system, warn
from analysis.io.files import flush, flush_one

_BEGINS = b'{"run": '
_PAST = 1 << 30  # Windows locks bytes, and what is locked cannot be read: lock where nothing stands
Move = tuple[Path, Path, Path]  # what is new, its place, and where the old one waits


class Swap:
    """What a run makes beside the old, and where it belongs."""

    def __init__(self, record: _Record, target: Path, home: Path) -> None:
        self._record, self._name, self._token = record, target.name, secrets.token_hex(4)
        self._moves: list[Move] = []
        self.target = target
        self.folder = self.beside(target, home)
        self.folder.mkdir()

    def beside(self, place: Path, home: Path | None = None) -> Path:
        """Return where to make what shall take a place; nothing lies there yet."""
        number = f"-{len(self._moves)}" if self._moves else ""
        new, old = (
            (home or place.parent) / f".{self._name}.{kind}-{self._token}{number}"
            for kind in ("new", "old")
        )
        self._record.write({"made": str(new)})
        self._moves.append((new, place, old))
        return new

    def aside(self) -> Path:
        """Return a new folder for the time of the run."""
        path = self.folder.with_name(f".{self._name}.run-{self._token}")
        self._record.write({"made": str(path)})
        path.mkdir()
        return path

    def commit(self) -> None:
        """Let everything take its place; if that fails, everything old is back."""
        for new, place, _ in self._moves:
            if place.exists():
                shutil.copymode(place, new)
            flush(new)
        try:
            self._record.write({"moves": [[str(path) for path in move] for move in self._moves]})
            _finish(self._moves)
        except BaseException:
            _undo(self._record, self._moves)
            raise


class _Record:
    """The lines of one run, appended and flushed; locked as long as it is open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        while True:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            if not _lock(self._file):
                lines = self.lines()
                os.close(self._file)
                raise _at_work(path, lines)
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(self._file), path.stat()):
                    return
            os.close(self._file)  # the run before was just ending: its record is gone

    def lines(self) -> list[dict[str, Any]]:
        """What stands in it; a line that was not written to its end counts for nothing."""
        raw = self._raw()
        if raw[: len(_BEGINS)] != _BEGINS[: len(raw)]:
            problem = "it is in the place of the record of a run, and is none"
            raise InputError(problem, file=self.path, do="move it elsewhere")
        return [json.loads(line) for line in raw.split(b"\n")[:-1] if line.endswith(b"}")]

    def _raw(self) -> bytes:
        os.lseek(self._file, 0, os.SEEK_SET)
        return os.read(self._file, os.fstat(self._file).st_size)

    def write(self, line: dict[str, Any]) -> None:
        raw = json.dumps(line).encode() + b"\n"
        if os.write(self._file, raw) != len(raw):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
        os.fsync(self._file)

    def cut(self, size: int) -> None:
        os.ftruncate(self._file, size)
        os.fsync(self._file)

    def cut_journal(self) -> None:
        place = self._raw().find(b'\n{"moves": ')
        if place >= 0:
            self.cut(place + 1)

    def close(self, *, remove: bool) -> None:
        if remove and os.name != "nt":
            self.path.unlink()
        os.close(self._file)
        if remove and os.name == "nt":  # where an open file cannot be removed
            self.path.unlink(missing_ok=True)


@contextmanager
def swapping(target: Path) -> Iterator[Swap]:
    """Make a new folder and other files; when all is well they take their places together.

    A run into the folder that is still at work is an `InputError`; one that was killed is
    finished or undone first. An error inside the block leaves everything as it was.
    """
    target = target.resolve()
    if target.exists() and not target.is_dir():
        raise InputError("the output folder is a file", file=target, do="name another folder")
    home = next(parent for parent in target.parents if parent.exists())
    record = swap = None
    try:
        record = _Record(home / f".{target.name}.run")
        _mend(record)
        record.write({"run": os.getpid(), "since": f"{datetime.now():%Y-%m-%d %H:%M}"})
        swap = Swap(record, target, home)
        yield swap
        swap.commit()
    except OSError as error:
        raise of_system(error, target) from error
    except InputError as error:
        made = Path(error.file or "")
        if swap is None or swap.folder not in made.parents:
            raise
        file = target / made.relative_to(swap.folder)  # as the reader knows it
        raise InputError(error.problem, file=file, line=error.line, do=error.do) from None
    finally:
        if record is not None:
            _close(record)


def mend(target: Path) -> None:
    """Finish or undo a run into a folder that was killed, and say so; else change nothing."""
    target = target.resolve()
    home = next(parent for parent in target.parents if parent.exists())
    path = home / f".{target.name}.run"
    if not os.path.lexists(path):
        return
    try:
        record = _Record(path)
        try:
            _mend(record)
        finally:
            _close(record)
    except OSError as error:
        raise of_system(error, path) from error


def _mend(record: _Record) -> None:
    """Finish what the run before decided, or take away what it left."""
    lines = record.lines()
    if not lines:
        record.cut(0)
        return
    moves = _moves(lines)
    if moves:
        try:
            _finish(moves)
        except OSError:
            _undo(record, moves)
    told = "all files are new" if moves and not _waiting(moves) else "all files are as before"
    _clean(lines, moves)
    record.cut(0)
    since = f"the run that began {lines[0].get('since')} (process {lines[0].get('run')})"
    warn(f"{record.path.name}: {since} was stopped before its end; {told}")


def _close(record: _Record) -> None:
    """Take away what is left of a run, and its record last; what cannot be, the next one does."""
    done = False
    with suppress(OSError):
        lines = record.lines()
        moves = _moves(lines)
        if not (moves and _waiting(moves)):  # else an undoing failed: nothing may be lost
            _clean(lines, moves)
            done = True
    with suppress(OSError):
        record.close(remove=done)


def _moves(lines: Sequence[dict[str, Any]]) -> list[Move]:
    for line in lines:
        if "moves" in line:
            return [(Path(new), Path(place), Path(old)) for new, place, old in line["moves"]]
    return []


def _waiting(moves: Sequence[Move]) -> bool:
    return any(os.path.lexists(new) for new, _, _ in moves)


def _finish(moves: Sequence[Move]) -> None:
    for new, place, old in moves:
        if not os.path.lexists(new):
            continue  # it is in its place
        if os.path.lexists(place):
            if os.path.lexists(old):
                problem = "it was made while the run before had its files on the way"
                raise InputError(problem, file=place, do="move it elsewhere, then start again")
            place.rename(old)
        if not place.parent.exists():
            place.parent.mkdir(parents=True)
        new.rename(place)
    for folder in {place.parent for _, place, _ in moves}:
        flush_one(folder)


def _undo(record: _Record, moves: Sequence[Move]) -> None:
    """Put the old back; then forget the journal, so that nobody finishes what is taken away."""
    for new, place, old in reversed(moves):
        if not os.path.lexists(new) and os.path.lexists(place):
            place.rename(new)
        if os.path.lexists(old) and not os.path.lexists(place):
            old.rename(place)
    for folder in {place.parent for _, place, _ in moves}:
        with suppress(OSError):  # they are back; a full disk may still refuse to flush
            flush_one(folder)
    record.cut_journal()


def _clean(lines: Sequence[dict[str, Any]], moves: Sequence[Move]) -> None:
    made = [Path(line["made"]) for line in lines if "made" in line]
    for path in [*(old for _, _, old in moves), *made]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _lock(file: int) -> bool:
    """Try to lock an open file; where the file system has no locks, go on without."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, _PAST, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass
    return True


def _at_work(path: Path, lines: Sequence[dict[str, Any]]) -> InputError:
    folder = path.with_name(path.name.removeprefix(".").removesuffix(".run"))
    who = f" (process {lines[0].get('run')}, since {lines[0].get('since')})" if lines else ""
    do = "wait until it ends, or write into another folder (--out)"
    return InputError(f"another run is writing this folder{who}", file=folder, do=do)
