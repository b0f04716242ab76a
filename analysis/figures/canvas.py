"""The canvas of every figure, and what figures share: colours, rows in blocks, shaded cells.

Contract of a ``plot_`` function, in whatever module it lives; `check_figure` holds one to it.

* It takes a table or a Result, then options by name. It computes nothing and returns an Axes.
* It draws on the `ax` given, and then makes no figure. It shows, saves and registers nothing,
  and changes neither the table nor anybody's style.
* The Axes has an alt text and a table. What is drawn is a column of that table.
* Drawn twice, the files are the same to the byte.
* `groups` are all groups of the study, in order: they alone decide a group's colour and marker
  (Okabe & Ito, safe for colour-blind readers). The darker, the more.
* Intervals are drawn wherever they exist, and counts stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import takewhile
from textwrap import fill
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from analysis.errors import InputError, listing, warn
from analysis.estimates.measures import MEASURES, Measure
from analysis.figures.colours import GROUP_COLORS, MIDDLE, SHADES, relative_luminance
from analysis.figures.files import DRAWN, Drawing, style
from analysis.io.results import Result
from analysis.prose.language import read_language
from analysis.prose.numbers import label

GROUP_STYLES = tuple(zip(GROUP_COLORS, "os^DvPXp", strict=True))  # each with its own marker
_SHADES = LinearSegmentedColormap.from_list("shares", SHADES)
NO_GROUP = "#666666"  # the colour of words, and of all other groups together
MOST_GROUPS = 40  # more rows than this are a table, not a figure
MOST_TOPICS = 10  # of those that a figure of blocks shows, where it cannot show all rows
LONGEST_NAME = 28  # longer names would leave no room for what is drawn
TITLE = 1.35  # how many rows the title of a block takes

Styles = dict[str, tuple[str, str]]


@contextmanager
def draw_on(
    ax: Axes | None, size: tuple[float, float], table: pd.DataFrame, alt: str
) -> Iterator[Axes]:
    """Yield the Axes to draw on, in the style of this package; a new figure is of `size` (inches).

    The Axes remembers the `table` that is drawn on it and its text, for `save_figure`.
    """
    with style():
        if ax is None:
            ax = Figure(figsize=size, layout="constrained").add_subplot(axes_class=Drawing)
        yield ax
    DRAWN[ax] = table, alt


def table_of(data: Result | pd.DataFrame) -> pd.DataFrame:
    """Return a copy of the table that is to be drawn; raise if it has no rows."""
    table = data.to_frame() if isinstance(data, Result) else data.copy(deep=False)
    if table.empty:
        raise InputError("the table has no rows", do="there is nothing to draw")
    return table


def styles_of(groups: Iterable[str] | None, drawn: Iterable[str]) -> Styles:
    """Return the colour and the marker of each group of the study, in its order."""
    drawn = sorted(drawn.unique() if isinstance(drawn, pd.Series) else set(drawn))
    names = drawn if groups is None else list(dict.fromkeys(groups))
    if missing := [name for name in drawn if name not in names]:
        raise InputError(
            f"groups= has no {listing(map(repr, missing))}, which the figure shows",
            do="name all groups of the study",
        )
    colors, markers = zip(*GROUP_STYLES, strict=True)
    many = len(GROUP_STYLES)  # the ninth group has the first colour, with the next marker
    return {
        name: (colors[number % many], markers[(number + number // many) % many])
        for number, name in enumerate(names)
    }


def refuse_too_many(number: int, noun: str) -> None:
    """Raise if there is more than a figure can show."""
    if number > MOST_GROUPS:
        raise InputError(
            f"{number} {noun} are too many for one figure",
            do=f"choose at most {MOST_GROUPS}, or read the table",
        )


def standing_out(
    table: pd.DataFrame, of: str, most: int, by: str = "estimate"
) -> tuple[list[Any], int]:
    """Return the values of `of` that stand out most by `by`, in their order, and how many others.

    A value stands out by how far its numbers lie apart, or by its number where it has one.
    """
    own = table.groupby(of, sort=False)[by]
    spread = (own.max() - own.min()).where(own.size() > 1, own.max())
    first = set(spread.sort_values(ascending=False, kind="stable", na_position="last").index[:most])
    return [name for name in spread.index if name in first], max(0, len(spread) - most)


def say(text: str, *left: str) -> str:
    """Return what a figure leaves out as a line below its axis, and warn of it; "" for nothing."""
    if not (parts := [part for part in left if part]):
        return ""
    shown = "; ".join(parts)
    warn(f"the figure of {text} shows {shown}; the table has all")
    return "\n" + fill(f"shown: {shown}", 80)


def scale_of(result: Result) -> tuple[Measure, int, str]:
    """Return the measure, what its estimates are multiplied by, and the unit of differences."""
    measure = MEASURES[result.measure]
    return (measure, 100, "percentage points") if measure.scale == 1 else (measure, 1, measure.axis)


def short_name(name: str) -> str:
    """Return a name that fits beside a figure: groups of several columns differ at the ends."""
    name = " ".join(name.split())
    if len(name) <= LONGEST_NAME:
        return name
    half = LONGEST_NAME // 2
    return f"{name[:half]}\u2026{name[half - LONGEST_NAME + 1 :]}"


def short_names(names: Iterable[str]) -> dict[str, str]:
    """Return for each name one that fits beside a figure; names that would look alike go on.

    Of "The party of the sun and of nothing else" and another that begins and ends as it does, the
    words that both begin with are left out: "\u2026sun and of nothing else".
    """
    names = list(dict.fromkeys(names))
    short = {name: short_name(name) for name in names}
    alike = [name for name in names if list(short.values()).count(short[name]) > 1]
    words = zip(*(name.split() for name in alike), strict=False)
    shared = len(list(takewhile(lambda own: len(set(own)) == 1, words)))
    rest = {name: " ".join(name.split()[shared:]) for name in alike}
    return short | {name: short_name(f"\u2026{end}") for name, end in rest.items() if shared}


def hits_of_size(hits: int, size: int) -> str:
    """Return a count as it stands beside a marker."""
    return f"{hits} of {size}" if size else "no text"


def article_count(number: int, result: Result | None = None) -> str:
    """Return a number of articles, or of what a result counts instead: "3 news agencies"."""
    made = {} if result is None else result.provenance
    counted = made.get("cluster", "doc_id")
    one, several = _articles(made) if counted == "doc_id" else nouns(counted)
    return f"{number} {one if number == 1 else several}"


def nouns(unit: str | tuple[str, str]) -> tuple[str, str]:
    """Return what one and what several are called: "speech", "speeches"."""
    one, several = (unit, "") if isinstance(unit, str) else unit
    return label(one), several or read_language().environment().filters["plural"](one)


def articles_of(result: Result) -> tuple[str, str]:
    """Return what the study of a result calls an article, and several of them."""
    return _articles(result.provenance)


def _articles(made: Mapping[str, Any]) -> tuple[str, str]:
    return nouns((made.get("unit", "article"), made.get("units", "")))


class Row(NamedTuple):
    """A row: its name at the left, a marker on a line, its counts at the right as a link."""

    name: str
    beside: str = ""
    value: float = np.nan  # without one there is no marker
    ends: tuple[float, float] = (0.0, 0.0)
    look: tuple[str, str] = (NO_GROUP, ".")  # colour, marker
    filled: bool = True
    url: str | None = None
    band: bool = False  # from end to end of what several have, without a marker


@contextmanager
def draw_rows(
    ax: Axes | None,
    blocks: Sequence[tuple[str, Sequence[Row]]],
    table: pd.DataFrame,
    alt: str,
    *,
    width: float = 7.2,
    pitch: float = 0.27,
) -> Iterator[Axes]:
    """Yield an Axes with blocks of rows under their titles, `pitch` inches apart, a tick each."""
    height = 0.9 + pitch * sum(len(rows) + TITLE * bool(title) for title, rows in blocks)
    with draw_on(ax, (width, height), table, alt) as ax:
        side: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "va": "center"}
        names: dict[float, str] = {}
        y = 0.0
        for title, rows in blocks:
            if title:
                ax.text(0, y, title, weight="bold", parse_math=False, **side)
            for row in rows:
                y -= 1
                names[y] = row.name
                if row.band:
                    ax.plot(row.ends, [y, y], color=NO_GROUP, lw=9, alpha=0.3)
                elif not np.isnan(row.value):
                    color, marker = row.look
                    ax.plot(row.ends, [y, y], color=color, lw=2, alpha=0.55, solid_capstyle="butt")
                    dot: dict[str, Any] = {"ms": 7, "mew": 1.5, "clip_on": False, "url": row.url}
                    filled = color if row.filled else "white"
                    ax.plot(row.value, y, marker, color=color, mfc=filled, **dot)
                if row.beside:
                    ax.text(1.01, y, row.beside, fontsize=8.5, url=row.url, **side)
            y -= TITLE
        ax.set_yticks(list(names), list(names.values()), parse_math=False)
        ax.set_ylim(min(names, default=0.0) - 0.7, 0.6 if blocks and blocks[0][0] else -0.4)
        yield ax


def shade_cells(
    ax: Axes,
    values: np.ndarray,
    texts: Mapping[tuple[int, int], str],
    names: tuple[Sequence[str], Sequence[str]],
    *,
    axis: str,
    top: float = 1.0,
    tilt: bool = False,
    urls: Mapping[tuple[int, int], str | None] | None = None,
) -> None:
    """Draw values from 0 to `top` as colours, darker for more, with a text in each cell.

    `texts` and `urls` are by row and column, `names` those of rows and columns, which many columns
    need to `tilt`; `axis` says what the colours mean. A missing value has no colour.
    """
    ax.grid(False)
    mesh = ax.pcolormesh(values, cmap=_SHADES, vmin=0, vmax=top, edgecolors="white", linewidth=2)
    for (row, column), text in texts.items():
        value = values[row, column]
        shade = mesh.to_rgba(np.array([value]))[0]
        dark = not np.isnan(value) and relative_luminance(shade) < MIDDLE
        look: dict[str, Any] = {"color": "white" if dark else "black", "ha": "center"}
        url = (urls or {}).get((row, column))
        ax.text(column + 0.5, row + 0.5, text, va="center", url=url, **look)
    rows, columns = names
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns, parse_math=False)
    if tilt:
        ax.tick_params(axis="x", rotation=40)
        for head in ax.get_xticklabels():
            head.set(ha="right", rotation_mode="anchor")
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows, parse_math=False)
    ax.invert_yaxis()
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)
    bar = ax.figure.colorbar(mesh, ax=ax, label=axis, pad=0.02)
    bar.outline.set_visible(False)
