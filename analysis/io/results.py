"""The one result type: a tidy table, the columns that identify a row, and how it was made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import check_choice
from analysis.io.display import table_html
from analysis.io.exports import EXPORTS
from analysis.io.files import replace_file


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

    @property
    def by(self) -> list[str]:
        """The columns that form the groups."""
        return [key for key in self.keys if key != "topic"]

    @property
    def measure(self) -> str:
        """The measure that the estimates are of."""
        return str(self.provenance["measure"])

    @property
    def conf_level(self) -> float:
        """The level of the intervals."""
        return float(self.provenance["conf_level"])

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the estimates."""
        return self.estimates.copy(deep=False)  # pandas copies what is written to, when it is

    def save(self, stem: str | Path, formats: Iterable[str] = ("csv",)) -> None:
        """Write the estimates as ``stem.csv``, and keys and provenance as ``stem.json``.

        Parameters
        ----------
        stem : str or path
            The name of the files without their endings.
        formats : iterable of str
            Endings: "csv" (see `to_csv`), "tex" (`to_latex`), "md" (`to_markdown`).
        """
        stem, formats = Path(stem), list(formats)
        for ending in formats:
            check_choice(ending, EXPORTS, "formats", "format of tables")
        for ending in formats:
            replace_file(stem.with_name(f"{stem.name}.{ending}"), EXPORTS[ending](self.estimates))
        record = {"keys": list(self.keys), "provenance": dict(self.provenance)}
        replace_file(stem.with_name(f"{stem.name}.json"), to_json(record))

    def head(self, n: int = 5) -> Result:
        """Return the first rows; the provenance says that there are more.

        Parameters
        ----------
        n : int
            How many.
        """
        first = self.estimates.head(n).copy()
        rows = f"the first {len(first)} of {len(self.estimates)}"
        return replace(self, estimates=first, provenance={**self.provenance, "rows": rows})

    def _repr_html_(self) -> str:
        deciding = [*self.keys, "status", "estimate", "conf_low", "conf_high"]
        columns = dict.fromkeys([*deciding, *self.estimates.columns])
        table = self.estimates[[column for column in columns if column in self.estimates]]
        made = _in_words(self.provenance, "; ").replace("conf level", "confidence level")
        caption = made and f"Made by {made.removeprefix('function ')}."
        return table_html(table, caption=caption).html


def _in_words(value: Any, between: str = ", ") -> str:
    """How something was made as people write it, without underscores and brackets."""
    if isinstance(value, Mapping):
        value = [f"{key} {_in_words(inner)}" for key, inner in value.items()]
    items = map(str, value) if isinstance(value, list | tuple) else [str(value)]
    return between.join(items).replace("_", " ")


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def to_json(value: Any) -> str:
    """Return a value as readable JSON: null for NaN and infinities, which JSON does not know."""
    return json.dumps(_finite(value), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value
