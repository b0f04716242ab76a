"""What the parameters of plots mean, said once, for every docstring."""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import cleandoc, signature
from typing import TypeVar

from matplotlib.axes import Axes

PARAMETERS = """\
by : str or list of str
    The group columns: they give articles their order and colour.
topic : str, optional
    The topic; needed where the result has several.
most : int
    How many words or features to draw, those ranked highest.
groups : sequence of str, optional
    All groups of the study, so that colours are the same in every figure; default, those in the
    result, sorted. A name that stands twice counts once.
unit : str
    What an article is called.
ax : matplotlib.axes.Axes, optional
    Where to draw; default, a new figure.
title : str
    What the figure shows, as a sentence.
highlight : str, optional
    The group that stands in its colour; default, the highest.
source : str
    Where the texts are from, for the line below.
report : str, optional
    The address of a page from `report_html`, seen from where the figure will be saved: in the
    SVG, markers and counts are then links to their sentences.
"""
_PARAGRAPHS = {
    text.split()[0]: text.rstrip() for text in re.split(r"^(?=\w)", PARAMETERS, flags=re.M) if text
}

Plot = TypeVar("Plot", bound=Callable[..., Axes])


def plot_of(source: str) -> Callable[[Plot], Plot]:
    """Describe the parameters of a plot in its docstring; its data come from `source`."""

    def describe(plot: Plot) -> Plot:
        data, *options = signature(plot).parameters
        kind = "Result" if data == "result" else "pandas.DataFrame"
        lines = ["", "Parameters", "-" * 10, f"{data} : {kind}\n    From `{source}`."]
        text, notes, rest = cleandoc(plot.__doc__ or "").partition("\n\nNotes\n")
        lines = [text, *lines, *(_PARAGRAPHS[name] for name in options)]
        plot.__doc__ = "\n".join(lines) + notes + rest
        return plot

    return describe
