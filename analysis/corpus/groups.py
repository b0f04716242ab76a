"""What document variables mean: columns that form groups, columns that are dates.

A document variable is text as it was written. Columns that form groups have no blank value and no
spaces around one. A column that is declared to hold dates stays text too, ``YYYY-MM-DD`` or
missing: such a text sorts as the days do, groups, and is the same in a CSV file and every table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.errors import NAMES, InputError, listing, near, warn

Row = tuple[Path, int | None, Mapping[str, str]]  # where an article stands, and what is said of it

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Pair = tuple[str, str | None]  # target and reference of a contrast, None for all other groups
REST = "rest"  # what all other groups together are called
YEARS = range(1000, 2101)
FAR = 50  # years


def names_of(columns: str | Sequence[str]) -> list[str]:
    """Return names of columns as a list, whether none, one or several were given."""
    return [columns] if isinstance(columns, str) else list(columns)


def columns_of(by: str | Sequence[str]) -> list[str]:
    """Return group columns as `names_of` does; raise if there is none, or one stands twice."""
    columns = names_of(by)
    if not columns or len(set(columns)) < len(columns):
        problem = f"{columns!r} does not say what forms the groups"
        raise InputError(problem, do="name one column or more, each once")
    return columns


def group_labels(table: pd.DataFrame, by: str | Sequence[str]) -> pd.Series:
    """Return what each row's group is called, in prose and in figures: "Israel, VNA".

    Two groups that would be called the same are an error: "a, b" with "c", and "a" with "b, c".
    """
    first, *others = columns_of(by)
    labels = table[first].astype(str)
    if others:
        labels = labels.str.cat(table[others].astype(str), sep=", ")
        names = table[[first, *others]].assign(label=labels).drop_duplicates()
        if (alike := names["label"].duplicated()).any():
            name = names.loc[alike, "label"].iloc[0]
            problem = f"two groups of {listing([first, *others])} are called {name!r}"
            raise InputError(problem, do="rename one of them")
    return labels


WINDOWS = {"month": 7, "year": 4}  # how much of YYYY-MM-DD says it


def known_values(values: pd.Series, window: str = "month") -> pd.Series:
    """Return the values of a document variable, missing where blank, dates cut to a window.

    A date that says less than the window is missing too; but where none says more than the year,
    years are what is known.
    """
    place, distinct = pd.factorize(values, use_na_sentinel=False)  # few, however many rows
    given = pd.Series(distinct)
    texts = given.astype(object).where(given.notna(), "").astype(str).str.strip()
    known = texts[texts != ""]
    if len(known) and known.map(lambda text: _DATE.fullmatch(text) is not None).all():
        length = min(WINDOWS[window], known.str.len().max())
        known = known.str[:length][known.str.len() >= length]
    found = known.reindex(texts.index).array.take(place)
    return pd.Series(found, index=values.index, name=values.name)


def window_of(known: pd.Series) -> str:
    """Return what `known_values` are: ``month`` or ``year``, or ``value`` if they are no dates."""
    values = known.dropna()
    if values.empty or not values.map(lambda text: _DATE.fullmatch(text) is not None).all():
        return "value"
    return next(name for name, length in WINDOWS.items() if len(values.iloc[0]) == length)


def check_groups(
    documents: pd.DataFrame, rows: Sequence[Row], column: str, *, part: bool = False
) -> None:
    """Trim a column that forms groups, in place; `rows` say where each article stands.

    A blank value is an error; names that are alike but for case or accents are warned of.
    """
    _check_column(documents, rows, column, "form groups by")
    for (file, line, row), value in zip(rows, documents[column], strict=True):
        if not value.strip():
            problem = f"{column!r} of {row['doc_id']!r} is blank"
            raise InputError(problem, file=file, line=line, do=f"write the article's {column}")
    _trim(documents, rows, column)
    if not part:
        check_spellings(documents[column], f"{rows[0][0]}: ")


def check_spellings(groups: pd.Series, prefix: str = "") -> None:
    """Warn of names of groups that are alike but for case or accents."""
    spellings = groups.drop_duplicates()
    for _, alike in spellings.groupby(spellings.map(_letters)):
        if len(alike) > 1:
            warn(
                f"{prefix}{listing(alike)} differ in case, accents or spaces only; "
                "kept as separate groups"
            )


def _letters(name: str) -> str:
    """The letters and digits of a name, without accents; all of it where it has none."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(filter(str.isalnum, plain)) or name


def check_dates(
    documents: pd.DataFrame, rows: Sequence[Row], column: str, *, part: bool = False
) -> None:
    """Raise unless a column holds days written YYYY-MM-DD; a blank one is unknown and made missing.

    No clock is asked whether a year can be right, so that a study gives the same today and in ten
    years. A year outside `YEARS` is refused; and so is the one date, of three or more, that lies
    more than `FAR` years before or after all others, unless these are only part of a corpus. The
    column is changed in place.
    """
    _check_column(documents, rows, column, "read dates from")
    _trim(documents, rows, column)
    known = {place: value for place, value in enumerate(documents[column]) if value}

    def refuse(place: int, problem: str, do: str = "write YYYY-MM-DD") -> InputError:
        file, line, row = rows[place]
        problem = f"{column!r} of {row['doc_id']!r} is {known[place]!r}{problem}"
        return InputError(problem, file=file, line=line, do=do)

    for place, value in known.items():
        if not _ISO.fullmatch(value):
            raise refuse(place, "")
        try:
            year = date.fromisoformat(value).year
        except ValueError:
            raise refuse(place, ", a day that no calendar has") from None
        if year not in YEARS:
            raise refuse(place, f", outside the years {YEARS[0]} to {YEARS[-1]}")
    in_order = sorted(known, key=known.__getitem__)
    if len(known) > 2 and not part:
        years = [int(known[place][:4]) for place in in_order]
        do = f"write YYYY-MM-DD, or do not declare {column!r} a date if it is right"
        for end, gap in ((0, years[1] - years[0]), (-1, years[-1] - years[-2])):
            if gap > FAR:
                raise refuse(in_order[end], f", {gap} years from all other dates", do)
    documents[column] = documents[column].where(documents[column] != "")


def _check_column(documents: pd.DataFrame, rows: Sequence[Row], column: str, purpose: str) -> None:
    known = [name for name in documents.columns if name not in ("doc_id", "text")]
    if column not in known:
        do = f"{near(column, known)}choose one of {listing(known) or '(there is no other column)'}"
        problem = f"there is no column {column!r} to {purpose}"
        raise InputError(problem, file=rows[0][0], do=do)


def _trim(documents: pd.DataFrame, rows: Sequence[Row], column: str) -> None:
    values = documents[column].str.strip()
    if changed := list(documents.loc[(values != documents[column]) & (values != ""), "doc_id"]):
        warn(f"{rows[0][0]}: spaces around {column!r} are left out in {NAMES}", of=changed)
    documents[column] = values


def check_unique(documents: pd.DataFrame) -> None:
    """Raise if two articles, or two columns, have one name, or an article has none."""
    columns, names = documents.columns, documents["doc_id"]
    if columns.has_duplicates:
        problem = f"two columns of the documents are called {columns[columns.duplicated()][0]!r}"
        raise InputError(problem, do="give each column its own name")
    if names.isna().any():
        raise InputError("a doc_id of the documents is missing", do="give each article a name")
    if (again := names.duplicated()).any():
        problem = f"two articles of the documents are called {names[again].iloc[0]!r}"
        raise InputError(problem, do="give each article a doc_id of its own")
