"""Emphasis as figures, group by group.

The contract stands in `analysis.figures.canvas`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from analysis.corpus.groups import group_labels
from analysis.errors import listing, number_of
from analysis.figures import canvas
from analysis.figures.colours import NO_TEXT, axis_end
from analysis.figures.describing import plot_of
from analysis.io.results import Result, rows_of
from analysis.prose.numbers import format_level, heading, label
from analysis.topics.evidence import cell_anchors

Cells = dict[tuple[str, str], dict[str, Any]]
WIDEST = 18  # letters of a head of a column, where words can be put on a line of their own
WRITTEN_OUT = 8  # more topics than these have tilted heads


def _cells(result: Result, report: str | None) -> tuple[Cells, list[str], list[str]]:
    """The estimates by topic and group, with count and address; the groups; the topics."""
    table = canvas.table_of(result)
    table["group"] = group_labels(table, result.by)
    groups, topics = sorted(table["group"].unique()), list(table["topic"].unique())
    cells, places = {}, cell_anchors(result)
    for row in rows_of(table):
        key = row["topic"], row["group"]
        row["count"] = canvas.hits_of_size(row["hits"], row["size"])
        row["url"] = f"{report}#{places[key]}" if report else None
        cells[key] = row
    return cells, groups, topics


def _ordered(cells: Cells, topic: str, groups: Sequence[str]) -> list[str]:
    """The groups, the largest share of the topic first; those without text last."""

    def place(group: str) -> float:
        cell = cells[(topic, group)]
        return -cell["estimate"] if cell["size"] else 1.0

    return sorted(groups, key=place)


def _in_words(cells: Cells, shown: Mapping[str, Sequence[str]], unit: str) -> str:
    """The counts of the cells that are shown, in their order."""
    parts = []
    for topic, groups in shown.items():
        counts = [f"{group} {cells[(topic, group)]['count']}" for group in groups]
        parts.append(f"{heading(topic)}: {listing(counts, most=len(counts))}.")
    return f"Counts on each topic, of {unit}. " + " ".join(parts)


@plot_of("emphasis")
def plot_emphasis(
    result: Result,
    *,
    groups: Sequence[str] | None = None,
    ax: Axes | None = None,
    report: str | None = None,
) -> Axes:
    """Return an Axes with a dot and an interval for every group and topic.

    Notes
    -----
    The highest group of a topic stands first. A hollow marker is a group without a hit: its
    interval still has an upper end. Counts and numbers of articles stand at the right. Where all
    rows would be no figure any more, the topics that groups differ in most and the highest groups
    of each are shown, the other groups as one band; the figure says so, and warns.
    """
    cells, drawn, topics = _cells(result, report)
    styles, table = canvas.styles_of(groups, drawn), canvas.table_of(result)
    measure, factor, unit = canvas.scale_of(result)
    drawn, every, left = [group for group in styles if group in drawn], len(topics), 0
    if len(drawn) * len(topics) > canvas.MOST_GROUPS:
        topics, left = canvas.standing_out(table, "topic", canvas.MOST_TOPICS)
    names = canvas.short_names(drawn)
    room = max(3, canvas.MOST_GROUPS // len(topics))
    first = room - 1 if len(drawn) > room else len(drawn)
    shown = {topic: _ordered(cells, topic, drawn)[:first] for topic in topics}
    note = canvas.say(
        "emphasis",
        f"{len(topics)} of {every} topics, those that groups differ in most" if left else "",
        f"of each topic the highest {first} of {len(drawn)} groups, the others as a band"
        if first < len(drawn)
        else "",
    )

    def row(topic: str, group: str) -> canvas.Row:
        cell = cells[(topic, group)]
        return canvas.Row(
            name=names[group],
            beside=f"{cell['count']}, {canvas.article_count(cell['articles'], result)}",
            value=cell["estimate"] * factor,
            ends=(cell["conf_low"] * factor, cell["conf_high"] * factor),
            look=styles[group],
            filled=cell["hits"] > 0,
            url=cell["url"],
        )

    def rows(topic: str) -> list[canvas.Row]:
        rest = [cells[(topic, group)] for group in _ordered(cells, topic, drawn)[first:]]
        shares = [cell["estimate"] * factor for cell in rest if cell["size"]]
        own = [row(topic, group) for group in shown[topic]]
        if shares:
            low, high = min(shares), max(shares)
            beside = f"{low:.0f} to {high:.0f}{' %' if factor == 100 else ''}"
            own.append(
                canvas.Row(number_of(len(rest), "other"), beside, ends=(low, high), band=True)
            )
        return own

    blocks, (_, texts) = (
        [(heading(topic), rows(topic)) for topic in topics],
        canvas.articles_of(result),
    )
    census = result.provenance.get("target") == "these_articles"
    intervals = "" if census else f" with {format_level(result.conf_level)} intervals"
    words = f"Dots{intervals}. {_in_words(cells, shown, measure.unit)}"
    widths = (table["conf_high"] - table["conf_low"]).dropna() * factor
    if not widths.empty:
        words += f" The intervals are {widths.min():.0f} to {widths.max():.0f} {unit} wide."
    longest = max(map(len, names.values()))
    width = 7.2 + 0.08 * max(0, longest - 16)  # long names push the title out
    end = axis_end(float(table[["estimate", "conf_high"]].max().max()))
    ends = f"; the axis ends at {100 * end:.0f} %" if factor == 100 and end < 1 else ""
    with canvas.draw_rows(ax, blocks, table, words + note.replace("\n", " "), width=width) as ax:
        ax.set_xlim(0, 100 * end if factor == 100 else None)
        axis = f"{measure.axis} on the topic (a hollow mark: none in these {texts}{ends})"
        ax.set_xlabel(f"{axis}{note}")
        scope = f" in these {texts}" if census else f",{intervals} for further {texts} like these"
        ax.set_title(f"Emphasis by group{scope}")
    return ax


@plot_of("emphasis")
def plot_heatmap(result: Result, *, ax: Axes | None = None, report: str | None = None) -> Axes:
    """Return an Axes with a coloured cell for every group and topic, its counts written in.

    Notes
    -----
    Up to `MOST_GROUPS` groups, those with the largest share of any topic; it says so, and warns.
    """
    cells, groups, topics = _cells(result, report)
    table = canvas.table_of(result)
    table["group"] = group_labels(table, result.by)
    highest = table.groupby("group")["estimate"].max().reset_index()
    every, most = len(groups), canvas.MOST_GROUPS
    groups, left = canvas.standing_out(highest, "group", most)
    wide = len(topics)
    topics, beyond = canvas.standing_out(table, "topic", most // 2)
    note = canvas.say(
        "emphasis by group and topic",
        f"{len(groups)} of {every} groups, those with the largest shares" if left else "",
        f"{len(topics)} of {wide} topics, those that groups differ in most" if beyond else "",
    )
    measure, factor, _ = canvas.scale_of(result)
    grid = [[cells[(topic, group)] for topic in topics] for group in groups]
    shares = np.array([[cell["estimate"] * factor for cell in row] for row in grid])
    placed = {(r, c): cell for r, row in enumerate(grid) for c, cell in enumerate(row)}
    texts, urls = ({p: cell[of] for p, cell in placed.items()} for of in ("count", "url"))
    articles = [canvas.article_count(row[0]["articles"], result) for row in grid]
    many, tilt = len(groups) > 12, len(topics) > WRITTEN_OUT
    form = "{} ({})" if many else "{}\n{}"
    short = canvas.short_names(groups)
    names = [form.format(short[g], n) for g, n in zip(groups, articles, strict=True)]
    shown = {topic: _ordered(cells, topic, groups) for topic in topics}
    words = f"Heat map, darker is more. {_in_words(cells, shown, measure.unit)}"
    heads = list(canvas.short_names(map(label, topics)).values())
    if not tilt:
        heads = [fill(head, WIDEST, break_long_words=False) for head in heads]
    longest = max(len(line) for head in heads for line in head.split("\n"))
    column = 0.95 if tilt else max(1.45, 0.085 * longest)
    height = 1.5 + (0.3 if many else 0.55) * len(groups) + (1.2 if tilt else 0.0)
    size = max(7.2, 1.6 + column * len(topics)), height
    with canvas.draw_on(ax, size, canvas.table_of(result), words + note.replace("\n", " ")) as ax:
        ax.set_facecolor(NO_TEXT)
        top = float(np.nanmax(shares, initial=0.0)) or 1.0
        look: dict[str, Any] = {"axis": measure.axis, "top": top, "urls": urls, "tilt": tilt}
        canvas.shade_cells(ax, shares, texts, (names, heads), **look)
        ax.set_title(f"Emphasis by group and topic: counts of {measure.unit}{note}")
    return ax
