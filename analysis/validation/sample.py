"""The table of a coding sample, checked before anything rests on it; see `sampling`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.errors import InputError, check_columns, listing

KEYS = ["doc_id", "sentence_id", "topic"]
STRATA = ("hit", "near_miss", "rest")
# Columns of the tables of this room, beside those of all: no group column can have their names.
OWN = frozenset(
    """item stratum stratum_size inclusion twice before text after drawn chance cluster coder answer
    probability answered errors precision precision_low precision_high recall recall_low recall_high
    f1 f1_low f1_high uncorrected lam method needed more""".split()  # noqa: SIM905
)


def checked_sample(sample: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return a sample with the types of `coding_sample`, from whatever sheet it was read.

    Raises where a row says no stratum or number, stands twice, or has another ``stratum_size`` than
    the rows of its stratum.
    """
    check_columns(sample, [*KEYS, *by, "stratum", "stratum_size"], "sample")
    table = sample.reset_index(drop=True)
    table = table.assign(**{name: table[name].astype(str) for name in ("doc_id", "topic", *by)})
    for name in ("sentence_id", "stratum_size"):
        number = pd.to_numeric(table[name], errors="coerce")
        _check(table, number.ge(0) & number.mod(1).eq(0), name, "write a whole number")
        table[name] = number.astype("int64")
    if "twice" in table and (known := _twice(table)).notna().all():
        table["twice"] = known.astype(bool)
    _check(table, table["stratum"].isin(STRATA), "stratum", f"write one of {listing(STRATA)}")
    _check(table, ~table.duplicated(KEYS), "topic", "its sentence stands twice: keep one row")
    sizes = table.groupby([*by, "topic", "stratum"], observed=True)["stratum_size"]
    do = f"a stratum of {listing([*by, 'topic'])} has one size, and no more rows: was the sample "
    do += "drawn by other groups, or edited?"
    rows = sizes.transform("size")
    alike = sizes.transform("nunique").eq(1) & rows.le(table["stratum_size"])
    _check(table, alike, "stratum_size", do)
    return table.assign(inclusion=rows / table["stratum_size"]) if "inclusion" in table else table


def asked(sample: pd.DataFrame, *, second: bool) -> pd.DataFrame:
    """Return the rows that a coder is asked: all, or what is coded twice."""
    known = _twice(sample)
    _check(sample, known.notna(), "twice", "write True or False")
    return sample[known.astype(bool)] if second else sample


def _twice(sample: pd.DataFrame) -> pd.Series:
    """Whether each row is coded twice; missing where a spreadsheet has its own word for it."""
    return sample["twice"].astype(str).str.casefold().map({"true": True, "false": False})


def _check(table: pd.DataFrame, fits: pd.Series, name: str, do: str) -> None:
    if not fits.all():
        place = int((~fits).to_numpy().argmax())
        row = table.iloc[place]
        problem = (
            f"row {place + 1} of the sample ({listing(row[KEYS])}) has {name} {str(row[name])!r}"
        )
        raise InputError(problem, do=do)
