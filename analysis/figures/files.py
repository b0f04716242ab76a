"""Figures as things: their style, what they remember, saving them and showing them."""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib.style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import InputError, warn
from analysis.io.csv import to_csv
from analysis.io.display import Html
from analysis.io.files import replace_bytes, replace_file

_MISSING = re.compile(r"Glyph (\d+) .* missing from")
# Controls that XML has no way to write: a file with one in it is not shown at all.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


# What each Axes shows: the table that is drawn, and its text for those who cannot see it.
DRAWN: WeakKeyDictionary[Axes, tuple[pd.DataFrame, str]] = WeakKeyDictionary()


class Drawing(Axes):
    """An Axes that a notebook shows as a picture with its alt text."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": _html(self), "text/plain": alt_text(self)}


@contextmanager
def style() -> Iterator[None]:
    """Apply ``figures.mplstyle`` inside a with block, whatever the user's own style."""
    with matplotlib.style.context("analysis.figures.figures", after_reset=True):
        yield


def figure_of(ax: Axes) -> Figure:
    """Return the figure that an Axes is part of."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return figure


@contextmanager
def _laid_out(ax: Axes) -> Iterator[None]:
    """Lay the figure out once for several formats; after that it is as it was before."""
    figure = figure_of(ax)
    engine, dpi = figure.get_layout_engine(), figure.dpi
    places = [(one, one.get_position(), one.get_in_layout()) for one in figure.axes]
    with style(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # each format warns again
        figure.dpi = matplotlib.rcParams["savefig.dpi"]
        if engine is not None:
            engine.execute(figure)
        figure.set_layout_engine(None)
    try:
        yield
    finally:
        figure.dpi = dpi
        figure.set_layout_engine(engine)
        for one, place, inside in places:  # the next layout would start from this one
            one.set_position(place)
            one.set_in_layout(inside)


def _render(ax: Axes, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with style(), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        figure_of(ax).savefig(buffer, format=kind, **options)
    glyphs = [found for found in map(_MISSING.search, (str(w.message) for w in caught)) if found]
    if glyphs and kind == "png":  # the same letters are missing in the SVG
        letters = "".join(sorted({chr(int(found[1])) for found in glyphs}))
        warn(f"no font here has the letters {letters}; the figure shows boxes in their place")
    return buffer.getvalue()


def drawn_on(ax: Axes) -> tuple[pd.DataFrame, str]:
    """Return the table that a plot drew on an Axes, and its text."""
    if ax not in DRAWN:
        raise InputError("this Axes was not made by a plot_ function", do="pass what one returns")
    return DRAWN[ax]


def alt_text(ax: Axes) -> str:
    """Return the text that stands for a figure, for those who cannot see it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        From a ``plot_`` function.
    """
    return drawn_on(ax)[1]


def save_figure(ax: Axes, stem: str | Path) -> None:
    """Write a figure as ``stem.svg`` and ``stem.png``, and what it draws as ``stem.csv``.

    The bytes are the same in every process: no date, no version, ids from a fixed salt. The SVG
    carries its alt text as title.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        From a ``plot_`` function.
    stem : path
        Folder and name without an ending; the folder must exist.
    """
    stem, (table, alt) = Path(stem), drawn_on(ax)
    metadata = {"Title": alt, "Date": None, "Creator": None, "Format": None, "Type": None}
    with _laid_out(ax):
        svg = _NOT_XML.sub("?", _render(ax, "svg", metadata=metadata).decode("utf-8"))
        png = _render(ax, "png", metadata={"Software": None})
    svg = "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
    replace_file(stem.with_name(f"{stem.name}.svg"), svg.replace("<svg ", '<svg role="img" ', 1))
    replace_bytes(stem.with_name(f"{stem.name}.png"), png)
    replace_file(stem.with_name(f"{stem.name}.csv"), to_csv(table))


def figure_html(ax: Axes, caption: str) -> Html:
    """Return a figure for a notebook: a PNG inside an HTML figure, with alt text and caption.

    Without a caption, a plot as the last line of a cell shows itself.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        From a ``plot_`` function.
    caption : str
        What the reader should take from it.
    """
    return Html(_html(ax, f"<figcaption>{escape(caption)}</figcaption>\n"), alt_text(ax))


def _html(ax: Axes, caption: str = "") -> str:
    # A PNG: JupyterLab shows the SVG output of a notebook it does not trust as text.
    with _laid_out(ax):
        png = _render(ax, "png", dpi=130, metadata={"Software": None})
    image = base64.b64encode(png).decode()
    return (
        f'<figure style="margin: 0">\n<img src="data:image/png;base64,{image}" '
        f'alt="{escape(alt_text(ax))}" style="max-width: 100%">\n{caption}</figure>'
    )
