"""Data frames of other libraries, taken as pandas."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.errors import InputError


def as_frame(table: Any, name: str) -> pd.DataFrame:
    """Return a data frame of pandas, polars or pyarrow as one of pandas.

    >>> import pyarrow
    >>> as_frame(pyarrow.table({"doc_id": ["a"], "text": ["Wind."]}), "documents")
      doc_id   text
    0      a  Wind.
    """
    if isinstance(table, pd.DataFrame):
        return table
    if hasattr(table, "to_pydict"):  # pyarrow
        return pd.DataFrame(table.to_pydict())
    if hasattr(table, "rows") and hasattr(table, "to_dict"):  # polars
        return pd.DataFrame(table.to_dict(as_series=False))
    problem = f"the {name} table is a {type(table).__name__}"
    raise InputError(problem, do="give a data frame of pandas, polars or pyarrow")
