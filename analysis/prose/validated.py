"""How right the codes of each topic are, as every finding on it carries it."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.io.results import Result, rows_of
from analysis.validation.rates import ALL

_LIMITS = [f"{name}{end}" for name in ("recall", "precision") for end in ("", "_low", "_high")]


def validated_topics(rates: Result | None, agreement: Result | None) -> dict[str, dict[str, Any]]:
    """Return the error rates of each topic that was coded by hand, all groups together.

    What has no number is None: recall, where there is nothing to find; alpha, with one coder.
    """
    if rates is None:
        return {}
    agreed = [] if agreement is None else rows_of(agreement.to_frame())
    alphas = {row["topic"]: row["alpha"] for row in agreed}
    common = {"level": rates.conf_level, "coders": list(rates.provenance["coders"])}
    counts = ("answered", "sentences", "hits", "errors")
    table, found = rates.to_frame(), {}
    for row in rows_of(table[table[rates.by[0]] == ALL]):
        own: dict[str, Any] = {name: int(row[name]) for name in counts}
        own |= {name: _number(row[name]) for name in _LIMITS}
        own["alpha"] = _number(alphas.get(row["topic"], np.nan), 2)
        found[str(row["topic"])] = own | common
    return found


def _number(value: float, digits: int | None = None) -> float | None:
    if not np.isfinite(value):
        return None
    return float(value) if digits is None else round(float(value), digits)
