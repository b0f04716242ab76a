"""How right the codes of each topic are, as every finding on it carries it."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.io.results import Result, rows_of

ALL = "(all)"  # what `error_rates` calls all groups together
RECALL = "recall_differs"  # the warning of a contrast that `refuse_unequal_recall` refuses
_LIMITS = [f"{name}{end}" for name in ("recall", "precision") for end in ("", "_low", "_high")]


def validated_topics(rates: Result | None, agreement: Result | None) -> dict[str, dict[str, Any]]:
    """Return the error rates of each topic that was coded by hand, all groups together.

    What has no number is None: recall, where there is nothing to find; alpha, with one coder.
    """
    if rates is None:
        return {}
    alphas = {} if agreement is None else agreement.to_frame().set_index("topic")["alpha"]
    table = rates.to_frame()
    found = {}
    for row in rows_of(table[table[rates.by[0]] == ALL]):
        own = {name: int(row[name]) for name in ("answered", "sentences", "hits", "errors")}
        own |= {name: _number(row[name]) for name in _LIMITS}
        own["alpha"] = _number(alphas.get(row["topic"], np.nan), 2)
        found[str(row["topic"])] = own | {"level": rates.conf_level}
    return found


def _number(value: float, digits: int | None = None) -> float | None:
    if not np.isfinite(value):
        return None
    return float(value) if digits is None else round(float(value), digits)
