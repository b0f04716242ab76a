"""The one result type: a tidy table, the columns that identify a row, and how it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.files import replace_file


@dataclass(frozen=True)
class Result:
    """Estimates with their keys and their provenance; looking at it never changes it.

    Attributes
    ----------
    estimates : pandas.DataFrame
        One row an estimate.
    keys : tuple of str
        The columns that identify a row.
    provenance : mapping
        The function and the arguments that made it.

    Examples
    --------
    >>> table = pd.DataFrame({"topic": ["wind"], "estimate": [0.5]})
    >>> result = Result(table, ("topic",), {"function": "emphasis"})
    >>> result.to_frame().loc[0, "estimate"]
    np.float64(0.5)
    """

    estimates: pd.DataFrame
    keys: tuple[str, ...]
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the estimates."""
        return self.estimates.copy()

    def save(self, stem: str | Path) -> None:
        """Write ``stem.csv`` (the estimates) and ``stem.json`` (keys and provenance)."""
        stem = Path(stem)
        replace_file(stem.with_name(f"{stem.name}.csv"), to_csv(self.estimates))
        record = {"keys": list(self.keys), "provenance": dict(self.provenance)}
        replace_file(stem.with_name(f"{stem.name}.json"), to_json(record))

    def _repr_html_(self) -> str:
        made = ", ".join(f"{key}={value}" for key, value in self.provenance.items())
        table = self.estimates.to_html(index=False, border=0, float_format=lambda x: f"{x:.3g}")
        return f"{table}\n<p>{escape(made)}</p>"


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def to_csv(table: pd.DataFrame) -> str:
    """Return a table as CSV: ten significant digits, so that machines agree; empty for missing."""
    return table.to_csv(index=False, float_format="%.10g", lineterminator="\n")


def to_json(value: Any) -> str:
    """Return a value as readable JSON; NaN and infinities are refused."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
