"""The contract of `analysis.figures.canvas` as a check, for any plot and for one of your own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.errors import hold
from analysis.figures.files import Drawing, alt_text, drawn_on, save_figure
from analysis.io.results import Result


def check_figure(plot: Callable[..., Axes], data: Any, *, value: str = "estimate") -> None:
    """Raise an AssertionError unless a plot of one's own keeps the contract of all figures.

    The contract stands at the top of `analysis.figures.canvas`.

    Parameters
    ----------
    plot : callable
        It takes the data, and ``ax=``.
    data : Result or pandas.DataFrame
        What it is to draw.
    value : str
        The column that its markers, bars or cells show, whatever the scale and the sign.

    Raises
    ------
    AssertionError
        Saying which part of the contract the plot breaks.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import emphasis, plot_emphasis
    >>> table = pd.DataFrame({"party": ["Green", "Red"], "measure": "sentence_share",
    ...                       "topic": "wind", "hits": [3, 1], "size": 9, "articles": 4})
    >>> check_figure(plot_emphasis, emphasis(table))  # says nothing: all is kept
    """
    before = (data.estimates if isinstance(data, Result) else data).copy()
    with matplotlib.rc_context({"axes.titlesize": 33, "svg.hashsalt": "mine"}):
        look, given = dict(matplotlib.rcParams), Figure().add_subplot()
        ax = plot(data)
        with mock.patch.object(Figure, "__init__", side_effect=AssertionError("a second figure")):
            hold(plot(data, ax=given) is given, "it does not return the Axes that it was given")
        hold(dict(matplotlib.rcParams) == look, "it changes the style of whoever calls it")
    after = data.estimates if isinstance(data, Result) else data
    hold(before.equals(after), "it changes its data")
    hold(isinstance(ax, Axes), "it does not return an Axes")
    hold(ax.figure.canvas.manager is None, "it registers its figure with pyplot")
    hold(bool(alt_text(ax)), "it has no alt text")
    wanted = set(_shapes(drawn_on(ax)[0][value]))
    found = {shape for numbers in _numbers(ax) for shape in _shapes(numbers)}
    hold(bool(wanted & found), f"what it draws is not the column {value!r} of its table")
    with TemporaryDirectory() as folder:
        one, two = (_saved(plot(data), Path(folder)) for _ in range(2))
        shown = ax._repr_mimebundle_()["text/html"] if isinstance(ax, Drawing) else ""
        hold(f'alt="{escape(alt_text(ax))}"' in shown, "a notebook does not show it")
        hold(one == two == _saved(ax, Path(folder)), "its files differ from one time to the next")


def _saved(ax: Axes, folder: Path) -> list[bytes]:
    save_figure(ax, folder / "figure")
    return [file.read_bytes() for file in sorted(folder.iterdir())]


def _numbers(ax: Axes) -> Iterator[Any]:
    """Where markers stand, how long bars are and where, what the colours of cells mean."""
    markers = [line.get_xydata() for line in ax.lines if line.get_marker() not in ("None", "|")]
    points = np.concatenate([np.empty((0, 2)), *markers])
    yield from (points[:, 0], points[:, 1], points)
    bars = [bar for bar in ax.patches if isinstance(bar, Rectangle)]
    yield [bar.get_width() for bar in bars]
    yield [bar.get_x() + bar.get_width() / 2 for bar in bars]
    yield from (cells.get_array() for cells in ax.collections)


def _shapes(numbers: Any) -> Iterator[tuple[float, ...]]:
    """Numbers without doubles, brought to 0 to 1: as they are, and without their signs."""
    found: np.ndarray = np.ma.filled(np.ma.asarray(numbers, dtype=float), np.nan).ravel()
    for values in (found[np.isfinite(found)], np.abs(found[np.isfinite(found)])):
        if len(values):
            spread = np.ptp(values) or 1.0
            yield tuple(np.unique(np.round((values - values.min()) / spread, 6)).tolist())
