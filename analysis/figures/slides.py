"""One finding as a slide, 16:9; the contract stands in `analysis.figures.canvas`."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten, wrap
from typing import Any

from matplotlib.axes import Axes
from matplotlib.layout_engine import ConstrainedLayoutEngine

from analysis.corpus.groups import group_labels
from analysis.errors import check_choice, number_of
from analysis.figures import canvas
from analysis.figures.describing import plot_of
from analysis.figures.files import figure_of
from analysis.io.results import Result, rows_of
from analysis.prose.numbers import format_level, format_percent

SIZE = (13.333, 7.5)  # inches, as slides are
MOST_BARS = 5  # the other groups are one band
QUIET = "#b9c2cc"  # of what the title does not speak of
# Letters a line, lines at most, and points, of a title: the largest that it fits.
TITLES = ((48, 2, 28), (56, 3, 24), (68, 4, 20))


@plot_of("emphasis")
def plot_slide(
    result: Result,
    title: str,
    *,
    topic: str,
    highlight: str | None = None,
    groups: Sequence[str] | None = None,
    source: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Return an Axes with one topic as a slide: what was found, a bar a group, the source.

    Notes
    -----
    The highest group stands first, and one group has its colour. Counts stand beside the bars,
    intervals are thin lines. Beyond `MOST_BARS` groups, the others are one band.

    Examples
    --------
    >>> import pandas as pd
    >>> import analysis as an
    >>> tally = pd.DataFrame({"party": ["Green", "Red"], "measure": "sentence_share",
    ...     "topic": "wind", "hits": [9, 2], "size": [23, 15], "articles": 1})
    >>> ax = plot_slide(an.emphasis(tally), "Green speaks of wind most", topic="wind")
    >>> [text.get_text() for text in ax.texts][:2]
    ['Green   9 of 23', 'Red   2 of 15']
    """
    table = canvas.table_of(result)
    check_choice(topic, sorted(table["topic"].unique()), "topic", "topic of the result")
    table = table[table["topic"] == topic].assign(group=lambda own: group_labels(own, result.by))
    styles = canvas.styles_of(groups, table["group"])
    table = table.sort_values(["estimate", "group"], ascending=[False, True], kind="stable")
    highlight = highlight or str(table["group"].iloc[0])
    check_choice(highlight, list(table["group"]), "highlight", "group of the result")
    measure, factor, _ = canvas.scale_of(result)
    # The group that the title speaks of has a bar, wherever it stands.
    first = len(table) if len(table) <= MOST_BARS + 1 else MOST_BARS
    shown = (table["group"].isin(table["group"][:first])) | (table["group"] == highlight)
    rest = table[~shown & (table["size"] > 0)]
    counts = [
        f"{row['group']} {canvas.hits_of_size(row['hits'], row['size'])}" for row in rows_of(table)
    ]
    drawn = table.drop(columns="group").reset_index(drop=True)
    own = ax is None
    with canvas.draw_on(ax, SIZE, drawn, f"{title} {'; '.join(counts)}.") as ax:
        for place, row in enumerate(rows_of(table[shown])):
            told = row["group"] == highlight
            color = styles[highlight][0] if told else QUIET
            _bar(ax, -place, row, factor, (color, "bold" if told else "normal"))
        bottom = -int(shown.sum())
        if len(rest):
            ends = [float(rest["estimate"].min()), float(rest["estimate"].max())]
            said = [format_percent(end) if factor == 100 else f"{end * factor:.3g}" for end in ends]
            ax.plot(
                [end * factor for end in ends], [bottom - 0.12] * 2, color=QUIET, lw=10, alpha=0.5
            )
            several = number_of(int((~shown).sum()), "other")
            name = f"{several}   {' to '.join(dict.fromkeys(said)).replace(' % to', ' to')}"
            ax.text(0, bottom + 0.28, name, fontsize=19, va="center", color="#57606a")
            bottom -= 1
        ax.set_xlim(0, None)
        ax.set_ylim(bottom + 0.35, 0.55)
        ax.set_axis_off()
        articles = canvas.article_count(int(table["articles"].sum()), result)
        _, texts = canvas.articles_of(result)
        read = f"{articles}, {table['size'].sum()} {measure.unit}"
        level = format_level(result.conf_level)
        lines = f"; lines: {level} intervals for further {texts} like these"
        lines = lines if table["conf_high"].notna().any() else ""
        foot = f"{source + ': ' if source else ''}{read}. Bars: these {texts}{lines}."
        look: dict[str, Any] = {"color": "#57606a", "parse_math": False, "fontsize": 13}
        ax.text(0, -0.02, foot, transform=ax.transAxes, va="top", **look)
        engine = figure_of(ax).get_layout_engine()
        if own and isinstance(engine, ConstrainedLayoutEngine):
            engine.set(w_pad=0.6, h_pad=0.45)  # the margins of the slide
        ax.set_title(*_title(title), pad=28, linespacing=1.25, parse_math=False)
    return ax


def _bar(ax: Axes, y: float, row: dict[str, Any], factor: int, look: tuple[str, str]) -> None:
    """A group: its name and count above its bar, its interval a line through it."""
    color, weight = look
    count = canvas.hits_of_size(row["hits"], row["size"])
    name = f"{shorten(row['group'], 60, placeholder='…')}   {count}"
    ax.text(0, y + 0.28, name, fontsize=19, va="center", weight=weight, parse_math=False)
    if row["size"]:
        ax.barh(y - 0.12, row["estimate"] * factor, height=0.42, color=color)
        ends = [row["conf_low"] * factor, row["conf_high"] * factor]
        ax.plot(ends, [y - 0.12] * 2, color="#444444", lw=1.2, alpha=0.6)


def _title(title: str) -> tuple[str, dict[str, Any]]:
    """The title in lines that fit, and its size."""
    title = " ".join(title.split())
    fits = (size for size in TITLES if len(wrap(title, size[0])) <= size[1])
    letters, lines, points = next(fits, TITLES[-1])
    broken = wrap(title, letters, max_lines=lines, placeholder="\u2026")
    return "\n".join(broken), {"fontsize": points}
