"""Emphasis as figures, group by group and along the articles.

The contract stands in `analysis.figures.canvas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.corpus.groups import group_labels
from analysis.errors import listing
from analysis.figures import canvas
from analysis.io.results import Result, rows_of
from analysis.prose.numbers import format_level, heading, label
from analysis.topics.evidence import cell_anchors

Cells = dict[tuple[str, str], dict[str, Any]]


def _cells(result: Result, report: str | None) -> tuple[Cells, list[str], list[str]]:
    """The estimates by topic and group, with count and address; the groups; the topics."""
    table = canvas.table_of(result)
    table["group"] = group_labels(table, result.by)
    groups, topics = sorted(table["group"].unique()), list(table["topic"].unique())
    canvas.refuse_too_many(len(groups), "groups")
    cells, places = {}, cell_anchors(result)
    for row in rows_of(table):
        key = row["topic"], row["group"]
        row["count"] = canvas.hits_of_size(row["hits"], row["size"])
        row["url"] = f"{report}#{places[key]}" if report else None
        cells[key] = row
    return cells, groups, topics


def _in_words(cells: Cells, groups: Sequence[str], topics: Sequence[str], unit: str) -> str:
    """The counts of every cell, the largest share of a topic first."""
    parts = []
    for topic in topics:
        own = {group: cells[(topic, group)] for group in groups}
        ordered = sorted(groups, key=lambda g: -own[g]["estimate"] if own[g]["size"] else 1.0)
        counts = [f"{group} {own[group]['count']}" for group in ordered]
        parts.append(f"{heading(topic)}: {listing(counts, most=len(counts))}.")
    return f"Counts on each topic, of {unit}. " + " ".join(parts)


@canvas.plot_of("emphasis")
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
    A hollow marker is a group without a hit: its interval still has an upper end. Counts and
    numbers of articles stand at the right.
    """
    cells, drawn, topics = _cells(result, report)
    styles, table = canvas.styles_of(groups, drawn), canvas.table_of(result)
    measure, factor, unit = canvas.scale_of(result)

    def row(topic: str, group: str) -> canvas.Row:
        cell = cells[(topic, group)]
        return canvas.Row(
            name=canvas.short_name(group),
            beside=f"{cell['count']}, {canvas.article_count(cell['articles'], result)}",
            value=cell["estimate"] * factor,
            ends=(cell["conf_low"] * factor, cell["conf_high"] * factor),
            look=styles[group],
            filled=cell["hits"] > 0,
            url=cell["url"],
        )

    blocks = [(heading(t), [row(t, group) for group in styles if group in drawn]) for t in topics]
    census = result.provenance.get("target") == "these_articles"
    intervals = "" if census else f" with {format_level(result.conf_level)} intervals"
    words = f"Dots{intervals}. {_in_words(cells, drawn, topics, measure.unit)}"
    widths = (table["conf_high"] - table["conf_low"]).dropna() * factor
    if not widths.empty:
        words += f" The intervals are {widths.min():.0f} to {widths.max():.0f} {unit} wide."
    longest = max(len(canvas.short_name(group)) for group in drawn)
    width = 7.2 + 0.08 * max(0, longest - 16)  # long names push the title out
    with canvas.draw_rows(ax, blocks, table, words, width=width) as ax:
        ax.set_xlim(0, 100 if factor == 100 else None)
        ax.set_xlabel(f"{measure.axis} on the topic (a hollow mark: none in these articles)")
        scope = " in these articles" if census else f",{intervals} for further articles like these"
        ax.set_title(f"Emphasis by group{scope}")
    return ax


@canvas.plot_of("emphasis")
def plot_heatmap(result: Result, *, ax: Axes | None = None, report: str | None = None) -> Axes:
    """Return an Axes with a coloured cell for every group and topic, its counts written in."""
    cells, groups, topics = _cells(result, report)
    measure, factor, _ = canvas.scale_of(result)
    grid = [[cells[(topic, group)] for topic in topics] for group in groups]
    shares = np.array([[cell["estimate"] * factor for cell in row] for row in grid])
    placed = {(r, c): cell for r, row in enumerate(grid) for c, cell in enumerate(row)}
    texts, urls = ({p: cell[of] for p, cell in placed.items()} for of in ("count", "url"))
    articles = [canvas.article_count(row[0]["articles"], result) for row in grid]
    names = [f"{canvas.short_name(g)}\n{n}" for g, n in zip(groups, articles, strict=True)]
    words = f"Heat map, darker is more. {_in_words(cells, groups, topics, measure.unit)}"
    size = max(7.2, 1.6 + 1.45 * len(topics)), 1.5 + 0.55 * len(groups)
    with canvas.draw_on(ax, size, canvas.table_of(result), words) as ax:
        ax.set_facecolor("#dddddd")  # a group without text
        heads = [canvas.short_name(label(topic)) for topic in topics]
        top = float(np.nanmax(shares, initial=0.0)) or 1.0
        look: dict[str, Any] = {"axis": measure.axis, "top": top, "urls": urls}
        canvas.shade_cells(ax, shares, texts, (names, heads), **look)
        ax.set_title(f"Emphasis by group and topic: counts of {measure.unit}")
    return ax


@canvas.plot_of("positions")
def plot_positions(
    positions: pd.DataFrame,
    by: str | Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Return an Axes that shows where in each article each topic occurs.

    Notes
    -----
    One strip an article and topic, as long as the article has body sentences; a filled box is a
    sentence on the topic.
    """
    positions = canvas.table_of(positions)
    named, topics = group_labels(positions, by), sorted(positions["topic"].unique())
    styles = canvas.styles_of(groups, named)
    own = dict(zip(positions["doc_id"], named, strict=True))
    articles = sorted(own, key=lambda doc_id: (list(styles).index(own[doc_id]), doc_id))
    canvas.refuse_too_many(len(articles), "articles")
    titles = {doc_id: f"{own[doc_id]}: {doc_id}" for doc_id in articles}
    parts = [
        f"{titles[str(doc_id)]}, {label(str(topic))}: "
        f"{'sentence' if len(part) == 1 else 'sentences'} "
        f"{', '.join(map(str, part['position']))} of {part['sentences'].iloc[0]}."
        for (doc_id, topic), part in positions[positions["coded"]].groupby(["doc_id", "topic"])
    ]
    words = "One strip an article and topic, one box a body sentence. " + " ".join(parts)
    blocks = [(title, [canvas.Row(label(t)) for t in topics]) for title in titles.values()]
    with canvas.draw_rows(ax, blocks, positions, words, pitch=0.24) as ax:
        strips = [(doc_id, topic) for doc_id in articles for topic in topics]
        rows = dict(zip(strips, ax.get_yticks(), strict=True))
        for cell in rows_of(positions):
            y = rows[(cell["doc_id"], cell["topic"])]
            color = styles[own[cell["doc_id"]]][0] if cell["coded"] else "#ececec"
            ax.barh(y, 0.9, left=cell["position"] - 0.45, height=0.78, color=color)
        ax.set_xlim(0.5, positions["sentences"].max() + 0.5)
        ax.grid(False)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("body sentence of the article, first to last")
        ax.set_title("Where in each article each topic is mentioned")
    return ax
