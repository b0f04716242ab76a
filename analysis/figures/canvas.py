"""What the drawings share: colours and markers, rows in blocks, shaded cells, short names.

Contract of a ``plot_`` function, in whatever module it lives: it takes a table or a Result,
computes nothing, and returns its Axes; the data first, ``ax=None`` last; no global style, no
showing, no saving. Groups have fixed colours (Okabe & Ito, safe for colour-blind readers) and
markers of their own, in the order of ``groups``; amounts are cividis. Intervals are drawn wherever
they exist, and counts stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.errors import InputError
from analysis.estimates.measures import MEASURES
from analysis.figures.colours import MIDDLE, relative_luminance
from analysis.io.results import Result
from analysis.prose.language import environment, label

# Okabe & Ito (2008), without black and with yellow last; each with a marker of its own.
GROUP_STYLES = (
    ("#0072B2", "o"),
    ("#D55E00", "s"),
    ("#009E73", "^"),
    ("#CC79A7", "D"),
    ("#56B4E9", "v"),
    ("#E69F00", "P"),
    ("#000000", "X"),
    ("#F0E442", "p"),
)
NO_GROUP = "#666666"  # the colour of words, and of all other groups together
MOST_GROUPS = 40  # more rows than this are a table, not a figure
LONGEST_NAME = 28  # longer names would leave no room for what is drawn
TITLE = 1.35  # how many rows the title of a block takes

Styles = dict[str, tuple[str, str]]


def axes_of(ax: Axes | None, width: float, height: float) -> Axes:
    """Return where to draw: the Axes given, or those of a new figure of that size."""
    return ax or Figure(figsize=(width, height), layout="constrained").add_subplot()


def styles_of(groups: Iterable[str]) -> Styles:
    """Return the colour and the marker of each group."""
    return {
        group: GROUP_STYLES[number % len(GROUP_STYLES)]
        for number, group in enumerate(sorted(groups))
    }


def refuse_too_many(number: int, noun: str) -> None:
    """Raise if there is more than a figure can show."""
    if number > MOST_GROUPS:
        raise InputError(
            f"{number} {noun} are too many for one figure",
            do=f"choose at most {MOST_GROUPS}, or read the table",
        )


def factor_of(result: Result) -> int:
    """Return what estimates are multiplied by where they are drawn: shares are percentages."""
    return 100 if MEASURES[result.provenance["measure"]].scale == 1 else 1


def short_name(name: str) -> str:
    """Return a name that fits beside a figure, on one line.

    Its middle gives way: groups of several columns begin alike and differ at the end.
    """
    name = " ".join(name.split())
    if len(name) <= LONGEST_NAME:
        return name
    half = LONGEST_NAME // 2
    return f"{name[:half]}\u2026{name[half - LONGEST_NAME + 1 :]}"


def hits_of_size(hits: int, size: int) -> str:
    """Return a count as it stands beside a mark."""
    return f"{hits} of {size}" if size else "no text"


def article_count(number: int, result: Result | None = None) -> str:
    """Return a number of articles, or of what a result counts instead, as it stands beside a mark.

    Examples
    --------
    >>> import pandas as pd
    >>> by_agency = Result(pd.DataFrame(), (), {"cluster": "news_agency"})
    >>> article_count(3, by_agency), article_count(1)
    ('3 news agencies', '1 article')
    """
    counted = "doc_id" if result is None else result.provenance.get("cluster", "doc_id")
    counted = "article" if counted == "doc_id" else counted
    return f"{number} {label(counted) if number == 1 else _plural(counted)}"


@lru_cache
def _plural(name: str) -> str:
    return str(environment("english").filters["plural"](name))


def place_rows(
    blocks: Mapping[str, Sequence[Any]],
) -> tuple[dict[tuple[str, Any], float], dict[str, float]]:
    """Return the y of each row and of each title, of rows in blocks under titles.

    Examples
    --------
    >>> place_rows({"wind": ["Green", "Red"], "sun": ["Red"]})[0]
    {('wind', 'Green'): -1.0, ('wind', 'Red'): -2.0, ('sun', 'Red'): -4.35}
    """
    rows: dict[tuple[str, Any], float] = {}
    titles: dict[str, float] = {}
    y = 0.0
    for title, block in blocks.items():
        titles[title] = y
        for row in block:
            y -= 1
            rows[(title, row)] = y
        y -= TITLE
    return rows, titles


def label_rows(ax: Axes, rows: Mapping[Any, float], names: Iterable[str]) -> None:
    """Write the names of rows at the left."""
    ax.set_yticks(list(rows.values()), list(names), parse_math=False)
    ax.set_ylim(min(rows.values(), default=0.0) - 0.7, 0.6)


def title_blocks(ax: Axes, titles: Mapping[str, float], names: Iterable[str]) -> None:
    """Write the titles of blocks of rows."""
    for y, name in zip(titles.values(), names, strict=True):
        ax.text(
            0,
            y,
            name,
            transform=ax.get_yaxis_transform(),
            va="center",
            weight="bold",
            parse_math=False,
        )


def write_beside(ax: Axes, y: float, text: str, url: str | None = None) -> None:
    """Write what stands at the right of a row, as a link if there is a `url`."""
    side = ax.get_yaxis_transform()
    ax.text(1.01, y, text, transform=side, va="center", fontsize=8.5, url=url)


def shade_cells(
    ax: Axes,
    values: np.ndarray,
    texts: Mapping[tuple[int, int], str],
    names: tuple[Sequence[str], Sequence[str]],
    axis: str,
    top: float = 1.0,
    fontsize: float = 9,
    urls: Mapping[tuple[int, int], str | None] | None = None,
) -> None:
    """Draw a heat map: values from 0 to `top` as colours, a text in each cell.

    `texts` are by row and column, `names` those of the rows and of the columns; `axis` is what
    the colours mean. A missing value has no colour. A text with one of `urls` is a link.
    """
    ax.grid(False)
    mesh = ax.pcolormesh(values, cmap="cividis", vmin=0, vmax=top, edgecolors="white", linewidth=2)
    for (row, column), text in texts.items():
        value = values[row, column]
        shade = mesh.to_rgba(np.array([value]))[0]
        dark = not np.isnan(value) and relative_luminance(shade) < MIDDLE
        color = "white" if dark else "black"
        place: dict[str, Any] = {
            "ha": "center",
            "va": "center",
            "url": (urls or {}).get((row, column)),
        }
        ax.text(column + 0.5, row + 0.5, text, color=color, fontsize=fontsize, **place)
    rows, columns = names
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns, parse_math=False)
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows, parse_math=False)
    ax.invert_yaxis()
    ax.tick_params(length=0)
    ax.spines["bottom"].set_visible(False)
    bar = ax.figure.colorbar(mesh, ax=ax, label=axis, pad=0.02)
    bar.outline.set_visible(False)
