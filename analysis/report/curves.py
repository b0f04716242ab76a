"""The leading order in every way of counting: which two groups, and how the page draws it.

The picture is strips of SVG beside words of HTML: the strips stretch, and the words stay readable
on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.estimates.specifications import FORKS
from analysis.estimates.stability import specification_curve
from analysis.io.results import Result
from analysis.prose.numbers import label

TIMES = (2, 3, 5)  # the lines between equal and only one of the two


def leading_curve(emphasis: Result, specifications: pd.DataFrame) -> Result | None:
    """Return the curve of the topic that a group emphasises most, against the next group."""
    cells = emphasis.to_frame().sort_values("estimate", ascending=False, kind="stable")
    cells = cells[cells["size"] > 0]
    first = cells[cells["topic"] == cells["topic"].iloc[0]].head(2) if len(cells) else cells
    if len(first) < 2 or first["hits"].sum() == 0:
        return None
    one, two = group_labels(first, emphasis.by)
    topic = first["topic"].iloc[0]
    return specification_curve(specifications, topic, target=one, reference=two)


def curve_shown(curve: Result | None, colors: Mapping[str, str]) -> dict[str, Any] | None:
    """What the page draws of a curve: levels, dots by colour, and a strip for each branch."""
    if curve is None:
        return None
    made, table = curve.provenance, curve.to_frame()
    drawn = table.dropna(subset="relative")
    relative = drawn["relative"].to_numpy(float)
    sides = [sign for sign in (1, -1) if (sign * relative > 0).any()]
    ends = max(sides, default=0), min(sides, default=0)
    top, bottom = max(ends[0], 0), min(ends[1], 0)
    spread = (top - bottom) or 1

    def down(value: float) -> float:
        return round(float(100 * (top - value) / spread), 2)

    names = {1: made["target"], -1: made["reference"]}
    levels = [{"kind": "equal", "k": 1, "group": "", "at": down(0)}]
    for sign in sides:
        levels += [
            {"kind": "times", "k": k, "group": names[sign], "at": down(sign * (k - 1) / (k + 1))}
            for k in TIMES
        ]
        levels.append({"kind": "only", "k": 0, "group": names[sign], "at": down(sign)})
    looks = ((1, colors[names[1]]), (-1, colors[names[-1]]), (0, "#888888"))
    ring = int(np.argmax(drawn["default"].to_numpy())) if drawn["default"].any() else None
    rows = []
    for fork, default in FORKS.items():
        branches = sorted(table[fork].unique(), key=lambda branch: (branch != default, branch))
        for place, branch in enumerate(branches if len(branches) > 1 else ()):
            here = np.flatnonzero((drawn[fork] == branch).to_numpy())
            path = "".join(f"M{x + 0.5} 0v1" for x in here)
            rows.append({"name": f"{label(fork)}: {label(branch)}", "path": path, "gap": not place})
    return {
        "topic": made["topic"],
        "target": made["target"],
        "reference": made["reference"],
        "number": len(drawn),
        "ways": made["ways"],
        "silent": len(table) - len(drawn),
        "levels": levels,
        "dots": [
            (color, _dots(np.flatnonzero(np.sign(relative) == sign), relative, down))
            for sign, color in looks
        ],
        "ring": None if ring is None else _dots(np.array([ring]), relative, down),
        "rows": rows,
    }


def _dots(places: np.ndarray, values: np.ndarray, down: Any) -> str:
    """A path of lines without length: with round ends they are dots, however it is stretched."""
    return "".join(f"M{x + 0.5} {down(values[x]):g}h0" for x in places.tolist())
