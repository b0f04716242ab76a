"""The specification curve as a figure; the contract stands in `analysis.figures.canvas`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.estimates.specifications import FORKS
from analysis.figures import canvas
from analysis.figures.describing import plot_of
from analysis.io.results import Result
from analysis.prose.numbers import heading, label

_HIGH = 8.0  # how many rows of the matrix the upper half of the curve is as high as


@plot_of("specification_curve")
def plot_specifications(
    result: Result, *, groups: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Return an Axes with the specification curve of two groups on a topic.

    Notes
    -----
    Above, a dot a specification, sorted by how much more one group has than the other; the ring
    is the specification of the study. Below, which branch of each fork a specification takes.
    Specifications in which neither group has a hit are left out.
    """
    made, table = result.provenance, canvas.table_of(result)
    target, reference = made["target"], made["reference"]
    styles = canvas.styles_of(groups, [target, reference])
    drawn = table.dropna(subset="relative")
    x, relative = np.arange(1, len(drawn) + 1), drawn["relative"].to_numpy()
    branches, ticks = _branches(table), _ticks(relative, target, reference)
    silent = f" (in {len(table) - len(drawn)} more, neither has a match)"
    alike = f", {made['ways']} of them different" if made["ways"] < len(drawn) else ""
    counted = f"{len(drawn)} specifications{alike}{silent if len(drawn) < len(table) else ''}"
    words = (
        f"Specification curve of {label(made['topic'])}. In {counted}, {target} has more in "
        f"{(relative > 0).sum()}, {reference} in {(relative < 0).sum()}, and they are equal in "
        f"{(relative == 0).sum()}."
    )
    lowest, highest, bottom = min(ticks), max(ticks), min(branches.values(), default=0.0)
    height = 1.3 + 0.17 * (_HIGH * (highest - lowest) - bottom)
    with canvas.draw_on(ax, (7.2, height), drawn, words) as ax:
        colors = styles[target][0], styles[reference][0], "#888888"
        up = 1 + _HIGH * (relative - lowest)
        for color, here in zip(colors, (relative > 0, relative < 0, relative == 0), strict=True):
            ax.plot(x[here], up[here], "o", color=color, ms=3, mew=0)
        for (fork, branch), y in branches.items():
            here = (drawn[fork] == branch).to_numpy()
            ax.plot(x[here], np.full(here.sum(), y), "|", color="#444444", ms=6, mew=0.8)
        ring = drawn["default"].to_numpy()
        ax.plot(x[ring], up[ring], "o", color="black", mfc="none", ms=9, mew=1.5)
        heights = {1 + _HIGH * (place - lowest): name for place, name in ticks.items()}
        rows = {y: f"{fork}: {label(branch)}" for (fork, branch), y in branches.items()}
        ax.set_yticks([*heights, *rows], [*heights.values(), *rows.values()], parse_math=False)
        side: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "lw": 0.8, "zorder": 0}
        ax.hlines(list(heights), 0, 1, color="#e3e3e3", **side)
        ax.axhline(1 - _HIGH * lowest, color="#888888", lw=0.8, zorder=0)
        ax.grid(False)
        ax.set_xlim(0, len(drawn) + 1)
        ax.set_ylim(bottom - 0.8, max(heights) + 0.8)
        ax.set_xlabel(f"{counted}, sorted; the ring is the default")
        pair = f"{canvas.short_name(target)} against {canvas.short_name(reference)}"
        title = f"{heading(made['topic'])}: {pair}, whichever way one counts"
        ax.set_title(title, parse_math=False)
    return ax


def _branches(rows: pd.DataFrame) -> dict[tuple[str, str], float]:
    """The row of each branch in the matrix, a gap between forks."""
    places: dict[tuple[str, str], float] = {}
    y = -1.0
    for fork, default in FORKS.items():
        # The default first, whatever the order of the curve.
        branches = sorted(rows[fork].unique(), key=lambda branch: (branch != default, branch))
        if len(branches) > 1:  # else there is no fork
            places |= {(fork, branch): y - n for n, branch in enumerate(branches)}
            y -= len(branches) + 0.5
    return places


def _ticks(relative: np.ndarray, leader: str, other: str) -> dict[float, str]:
    """What a relative difference is called; only on the sides that the curve reaches."""
    ticks = {0.0: "equal"}
    for sign, name in ((1, leader), (-1, other)):
        if (sign * relative > 0).any():
            ticks |= {
                sign * (k - 1) / (k + 1): f"{canvas.short_name(name)} {k} times as much"
                for k in (2, 3, 5)
            }
            ticks[float(sign)] = f"only {canvas.short_name(name)}"
    return ticks
