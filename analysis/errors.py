"""What goes wrong at the door, and how it is said: what, where, what was found, what to do."""

from __future__ import annotations

import errno
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class InputError(ValueError):
    """Bad input, said in one line: file, line, what was found and what to do.

    Parameters
    ----------
    problem : str
        What is wrong, including what was found.
    file : path, optional
        The file the problem stands in.
    line : int, optional
        The line of that file, counted from 1.
    do : str, optional
        What the reader can do about it.

    Examples
    --------
    >>> print(InputError("'partner' is blank", file="articles.csv", line=3, do="name the partner"))
    articles.csv, line 3: 'partner' is blank; name the partner
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        do: str | None = None,
    ) -> None:
        self.problem, self.file, self.line, self.do = problem, file, line, do
        place = "" if file is None else str(file)
        if line is not None:
            place = f"{place}, line {line}" if place else f"line {line}"
        message = f"{place}: {problem}" if place else problem
        super().__init__(f"{message}; {do}" if do else message)


@contextmanager
def placed(file: str | Path, line: int | Callable[[], int | None] | None = None) -> Iterator[None]:
    """Give an error raised inside its file and line, unless it names a file itself."""
    try:
        yield
    except InputError as error:
        if error.file is not None:
            raise
        if error.line is not None:
            line = error.line
        line = line() if callable(line) else line
        raise InputError(error.problem, file=file, line=line, do=error.do) from None


REFUSED = {  # what to do, by what the system says
    errno.ENOSPC: "free some space on the disk, then start again",
    errno.EDQUOT: "free some of the space that you may use, then start again",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def of_system(error: OSError, file: str | Path) -> InputError:
    """Return what the system refused, in words; the file is meant where it names none."""
    do = REFUSED.get(error.errno or 0, "check the file, its folder and their permissions")
    named = error.filename if isinstance(error.filename, str | Path) else None
    problem = f"the system refuses to read or write it: {error.strerror or error}"
    return InputError(problem, file=named or file or None, do=do)


def hold(kept: bool, otherwise: str) -> None:  # noqa: FBT001 - as `assert` takes it
    """Raise an AssertionError that says how a contract is broken, unless it is kept."""
    if not kept:
        raise AssertionError(f"the contract is broken: {otherwise}")


NAMES = "\ufffc"  # where the names of articles stand in a warning; in no text of anybody's


class InputWarning(UserWarning):
    """Something in the input deserves a look; the numbers are still exact."""

    def __init__(self, message: str, of: Sequence[Any] = ()) -> None:
        # Warnings of an archive are added up by what they say of whichever articles.
        self.said, self.articles = message.replace(NAMES, "…"), len(of)
        super().__init__(message.replace(NAMES, listing(of)))


def warn(message: str, *, of: Iterable[Any] = ()) -> None:
    """Issue an `InputWarning` that points at the caller's caller, of these articles if any."""
    warnings.warn(InputWarning(message, list(of)), stacklevel=3)


def listing(names: Iterable[Any], most: int = 8) -> str:
    """Names in a row, cut after `most`; between semicolons if one has a comma of its own.

    >>> listing(["a", "b", "c"], most=2), listing(["a, 1", "b, 2"])
    ('a, b and 1 more', 'a, 1; b, 2')
    """
    names = [str(name) for name in names]
    shown = ("; " if any(", " in name for name in names) else ", ").join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def number_of(number: int, one: str, more: str = "") -> str:
    """A number of things, as in "1 article", "2 speeches".

    >>> number_of(1, "article"), number_of(1200, "speech", "speeches")
    ('1 article', '1,200 speeches')
    """
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def nearest(name: str, known: Iterable[Any]) -> str:
    """Return the known name that is nearest to one, whatever its case and spaces, or nothing."""
    meant = {str(one).strip().casefold(): str(one) for one in known}
    found = get_close_matches(name.strip().casefold(), meant, n=1, cutoff=0.7)
    return meant[found[0]] if found else ""


def near(name: str, known: Iterable[Any]) -> str:
    """Return a question that names the nearest known name, to stand before an advice.

    >>> near("partner", ["Partner ", "date"]), near("colour", ["party"])
    ("did you mean 'Partner '? ", '')
    """
    meant = nearest(name, known)
    return f"did you mean {meant!r}? " if meant else ""


def check_choice(value: Any, choices: Iterable[Any], argument: str, noun: str) -> None:
    """Raise unless `value` is one of `choices`; the message lists them."""
    choices = list(choices)
    if value not in choices:
        problem = f"{argument}={value!r} is not a {noun}"
        raise InputError(problem, do=f"choose one of {listing(choices, most=20)}")


def check_columns(frame: pd.DataFrame, needed: Iterable[str], table: str) -> None:
    """Raise unless `frame` has every needed column; the message names what is there."""
    if not hasattr(frame, "iloc"):
        problem = f"the {table} table is a {type(frame).__module__} {type(frame).__name__}"
        raise InputError(problem, do="give it as pandas: table.to_pandas()")
    missing = [column for column in needed if column not in frame.columns]
    if not missing:
        return
    near = get_close_matches(missing[0], [str(column) for column in frame.columns], n=1)
    raise InputError(
        f"the {table} table has no column {listing(map(repr, missing))}; "
        f"it has {listing(map(repr, frame.columns), most=20)}",
        do=f"did you mean {near[0]!r}?" if near else "see docs/architecture.md",
    )


def check_counts(frame: pd.DataFrame, columns: Iterable[str], table: str, do: str) -> None:
    """Raise unless every value of some columns is a whole number from 0 on."""
    for column in columns:
        try:
            values = frame[column].astype(float)
        except (TypeError, ValueError):  # what is no number at all
            whole = False
        else:
            whole = bool(((values >= 0) & (values % 1 == 0)).all())
        if not whole:
            raise InputError(
                f"the {table} table has a {column!r} that is not a whole number", do=do
            )


def check_conf_level(conf_level: float) -> None:
    """Raise unless `conf_level` is a probability strictly between 0 and 1."""
    if not 0 < conf_level < 1:
        problem = f"conf_level={conf_level!r} is not between 0 and 1"
        raise InputError(problem, do="write .95 for 95 %")
