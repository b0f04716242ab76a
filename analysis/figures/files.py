"""Figures as things: their style, their alt text and data, saving and showing them."""

from __future__ import annotations

import base64
import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import InputError, warn
from analysis.io.csv import to_csv
from analysis.io.display import Html
from analysis.io.files import replace_file


@dataclass(frozen=True)
class Drawn:
    """What an Axes shows: the table that is drawn, and its text for those who cannot see it."""

    table: pd.DataFrame
    alt: str


_MISSING = re.compile(r"Glyph (\d+) .* missing from")
# Controls that XML has no way to write: a file with one in it is not shown at all.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DRAWN: WeakKeyDictionary[Axes, Drawn] = WeakKeyDictionary()


def remember(ax: Axes, table: pd.DataFrame, alt: str) -> Axes:
    """Keep what an Axes shows, for `save_figure` and `alt_text`; returns the Axes."""
    _DRAWN[ax] = Drawn(table, alt)
    return ax


@contextmanager
def style() -> Iterator[None]:
    """Apply ``figures.mplstyle`` inside a with block, whatever the user's own style."""
    with resources.as_file(resources.files("analysis.figures") / "figures.mplstyle") as path:
        own = mpl.rc_params_from_file(str(path), use_default_template=False)
    with mpl.rc_context():
        mpl.rcParams.update(mpl.rcParamsDefault)
        mpl.rcParams.update(own)
        yield


def _render(ax: Axes, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with style():
        figure = ax.get_figure(root=True)
        assert figure is not None
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            figure.savefig(buffer, format=kind, **options)
    glyphs = [found for found in map(_MISSING.search, (str(w.message) for w in caught)) if found]
    if glyphs and kind == "png":  # the same letters are missing in the SVG
        letters = "".join(sorted({chr(int(found[1])) for found in glyphs}))
        warn(f"no font here has the letters {letters}; the figure shows boxes in their place")
    return buffer.getvalue()


def _drawn(ax: Axes) -> Drawn:
    if ax not in _DRAWN:
        raise InputError("this Axes was not made by a plot_ function", do="pass what one returns")
    return _DRAWN[ax]


def alt_text(ax: Axes) -> str:
    """Return the text that stands for a figure, for those who cannot see it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        From a ``plot_`` function.
    """
    return _drawn(ax).alt


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
    stem = Path(stem)
    drawn = _drawn(ax)
    metadata = {"Title": drawn.alt, "Date": None, "Creator": None, "Format": None, "Type": None}
    svg = _NOT_XML.sub("?", _render(ax, "svg", metadata=metadata).decode("utf-8"))
    svg = "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"
    replace_file(stem.with_name(f"{stem.name}.svg"), svg.replace("<svg ", '<svg role="img" ', 1))
    stem.with_name(f"{stem.name}.png").write_bytes(_render(ax, "png", metadata={"Software": None}))
    replace_file(stem.with_name(f"{stem.name}.csv"), to_csv(drawn.table))


def figure_html(ax: Axes, caption: str) -> Html:
    """Return a figure for a notebook: a PNG inside an HTML figure, with alt text and caption.

    JupyterLab shows the SVG output of a notebook it does not trust as text, so this is a PNG.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        From a ``plot_`` function.
    caption : str
        What the reader should take from it.
    """
    image = base64.b64encode(_render(ax, "png", dpi=130, metadata={"Software": None})).decode()
    alt = alt_text(ax)
    html = (
        f'<figure style="margin: 0">\n<img src="data:image/png;base64,{image}" '
        f'alt="{escape(alt)}" style="max-width: 100%">\n'
        f"<figcaption>{escape(caption)}</figcaption>\n</figure>"
    )
    return Html(html, alt)
