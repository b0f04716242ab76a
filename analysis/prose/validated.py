"""How right the codes of each topic are, as every finding on it carries it."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from analysis.corpus.groups import group_labels
from analysis.io.results import Result, rows_of
from analysis.validation.rates import ALL, unequal_recall

_LIMITS = [f"{name}{end}" for name in ("recall", "precision") for end in ("", "_low", "_high")]
_COUNTS = ("answered", "sentences", "hits", "errors")
FEW_GROUPS = 2  # a finding on so many of several groups says how right the codes of each are


def validated_topics(rates: Result | None, agreement: Result | None) -> dict[str, dict[str, Any]]:
    """Return the error rates of each topic that was coded by hand: of all groups, and of each.

    What has no number is None: recall, where there is nothing to find; alpha, with one coder.
    ``unequal`` says whether intervals of two groups' recall are disjoint.
    """
    if rates is None:
        return {}
    agreed = [] if agreement is None else rows_of(agreement.to_frame())
    alphas = {row["topic"]: row["alpha"] for row in agreed}
    common = {"level": rates.conf_level, "coders": list(rates.provenance["coders"])}
    apart = {topic for topic, *_ in unequal_recall(rates)}
    table = rates.to_frame()
    whole = table[rates.by[0]] == ALL
    found = {}
    for row in rows_of(table[whole]):
        topic = str(row["topic"])
        alpha = {"alpha": _number(alphas.get(topic, np.nan), 2)}
        found[topic] = _own(row) | alpha | common | {"unequal": topic in apart, "groups": []}
    each = table[~whole].assign(group=group_labels(table[~whole], rates.by))
    for row in rows_of(each):
        found[str(row["topic"])]["groups"].append({"name": row["group"], **_own(row)})
    return found


def validation_of(one: dict[str, Any] | None, names: Sequence[str]) -> dict[str, Any] | None:
    """Return how right the codes of a topic are, for a finding on some groups.

    Of ``groups`` are left those that the rates of all together do not stand for: the finding's own
    if it is on one or two of several, and where recall is unequal the lowest and the highest.
    """
    if one is None:
        return None
    own = [group for group in one["groups"] if group["name"] in names]
    known = [group for group in own if group["recall"] is not None]
    if len(own) == len(one["groups"]) or len(own) > FEW_GROUPS:
        ends = [end(known, key=itemgetter("recall")) for end in (min, max) if known]
        own = ends if one["unequal"] and len(known) > 1 else []
    return one | {"groups": own}


def _own(row: dict[str, Any]) -> dict[str, Any]:
    numbers: dict[str, Any] = {name: int(row[name]) for name in _COUNTS}
    return numbers | {name: _number(row[name]) for name in _LIMITS}


def _number(value: float, digits: int | None = None) -> float | None:
    if not np.isfinite(value):
        return None
    return float(value) if digits is None else round(float(value), digits)
