"""The specification curve as a figure; the contract stands in `analysis.figures.canvas`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.estimates.specifications import FORKS
from analysis.figures.canvas import axes_of, short_name, styles_of
from analysis.figures.files import remember, style
from analysis.io.results import Result
from analysis.prose.numbers import heading, label

_HIGH = 8.0  # how many rows of the matrix the upper half of the curve is as high as


def plot_specifications(
    result: Result, *, groups: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Return an Axes with the specification curve of two groups on a topic.

    Parameters
    ----------
    result : Result
        From `specification_curve`.
    groups : sequence of str, optional
        All groups of the study, so that colours are the same in every figure.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    Above, a dot a specification, sorted by how much more one group has than the other; the ring
    is the specification of the study. Below, which branch of each fork a specification takes.
    Specifications in which neither group has a hit are left out.
    """
    made, table = result.provenance, result.to_frame()
    names = made["target"], made["reference"]
    styles = styles_of(groups or names)
    drawn = table.dropna(subset="relative")
    x, relative = np.arange(1, len(drawn) + 1), drawn["relative"].to_numpy()
    branches = _branches(table)
    ticks = _ticks(relative, *names)
    with style():
        lowest, highest, bottom = min(ticks), max(ticks), min(branches.values(), default=0.0)
        height = 1.3 + 0.17 * (_HIGH * (highest - lowest) - bottom)
        ax = axes_of(ax, 7.2, height)
        colors = styles[names[0]][0], styles[names[1]][0], "#888888"
        for color, here in zip(colors, (relative > 0, relative < 0, relative == 0), strict=True):
            ax.plot(x[here], _up(relative[here], lowest), "o", color=color, ms=3, mew=0)
        for (fork, branch), y in branches.items():
            here = (drawn[fork] == branch).to_numpy()
            ax.plot(x[here], np.full(here.sum(), y), "|", color="#444444", ms=6, mew=0.8)
        ring = drawn["default"].to_numpy()
        ax.plot(x[ring], _up(relative[ring], lowest), "o", color="black", mfc="none", ms=9, mew=1.5)
        heights = {_up(place, lowest): name for place, name in ticks.items()}
        rows = {y: f"{fork}: {label(branch)}" for (fork, branch), y in branches.items()}
        ax.set_yticks([*heights, *rows], [*heights.values(), *rows.values()], parse_math=False)
        ax.hlines(list(heights), 0, 1, transform=ax.get_yaxis_transform(), color="#e3e3e3", lw=0.8,
                  zorder=0)  # fmt: skip
        ax.axhline(_up(0, lowest), color="#888888", lw=0.8, zorder=0)
        ax.grid(False)
        ax.set_xlim(0, len(drawn) + 1)
        ax.set_ylim(bottom - 0.8, max(heights) + 0.8)
        silent = f" (in {len(table) - len(drawn)} more, neither has a match)"
        counted = f"{len(drawn)} ways of counting{silent if len(drawn) < len(table) else ''}"
        ax.set_xlabel(f"{counted}, sorted; the ring is the default")
        ax.set_title(
            f"{heading(made['topic'])}: {short_name(names[0])} against {short_name(names[1])}, "
            "whichever way one counts",
            parse_math=False,
        )
    words = (
        f"Specification curve of {label(made['topic'])}. In {counted}, {names[0]} has more in "
        f"{(relative > 0).sum()}, {names[1]} in {(relative < 0).sum()}, and they are equal in "
        f"{(relative == 0).sum()}."
    )
    return remember(ax, drawn, words)


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


def _up(relative: Any, lowest: float) -> Any:
    """Where a relative difference stands above the matrix."""
    return 1 + _HIGH * (relative - lowest)


def _ticks(relative: np.ndarray, leader: str, other: str) -> dict[float, str]:
    """What a relative difference is called; only on the sides that the curve reaches."""
    ticks = {0.0: "equal"}
    for sign, name in ((1, leader), (-1, other)):
        if (sign * relative > 0).any():
            ticks |= {
                sign * (k - 1) / (k + 1): f"{short_name(name)} {k} times as much" for k in (2, 3, 5)
            }
            ticks[float(sign)] = f"only {short_name(name)}"
    return ticks
