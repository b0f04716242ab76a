"""Drawings of emphasis, group by group and in the order of the articles, and of keyness.

The contract stands in `analysis.figures.canvas`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.corpus.groups import group_labels
from analysis.errors import listing
from analysis.estimates.measures import MEASURES
from analysis.figures.canvas import (
    TITLE,
    article_count,
    axes_of,
    factor_of,
    hits_of_size,
    label_rows,
    place_rows,
    refuse_too_many,
    shade_cells,
    short_name,
    styles_of,
    title_blocks,
    write_beside,
)
from analysis.figures.files import remember, style
from analysis.io.results import Result, rows_of
from analysis.prose.numbers import format_level, heading, label
from analysis.topics.evidence import cell_anchors
from analysis.words.association import MEASURES as ASSOCIATIONS
from analysis.words.keywords import most_typical

Cells = dict[tuple[str, str], dict[str, Any]]


def _cells(result: Result) -> tuple[Cells, list[str], list[str]]:
    """The estimates by topic and group, the groups, the topics."""
    table = result.to_frame()
    table = table.assign(group=group_labels(table, [key for key in result.keys if key != "topic"]))
    groups, topics = sorted(table["group"].unique()), list(table["topic"].unique())
    refuse_too_many(len(groups), "groups")
    return {(row["topic"], row["group"]): row for row in rows_of(table)}, groups, topics


def _in_words(cells: Cells, groups: Sequence[str], topics: Sequence[str], unit: str) -> str:
    """The counts of every cell, the largest share of a topic first."""
    parts = []
    for topic in topics:
        ordered = sorted(groups, key=lambda group: -_share(cells[(topic, group)]))
        counts = [f"{group} {_hits(cells[(topic, group)])}" for group in ordered]
        parts.append(f"{heading(topic)}: {listing(counts, most=len(counts))}.")
    return f"Counts on each topic, of {unit}. " + " ".join(parts)


def _hits(cell: dict[str, Any]) -> str:
    return hits_of_size(cell["hits"], cell["size"])


def _addresses(result: Result, report: str | None) -> dict[tuple[Hashable, ...], str]:
    """Where each cell's sentences stand, if there is a report."""
    if report is None:
        return {}
    return {key: f"{report}#{place}" for key, place in cell_anchors(result).items()}


def _share(cell: dict[str, Any]) -> float:
    return float(cell["estimate"]) if cell["size"] else -1.0


def plot_emphasis(
    result: Result,
    *,
    groups: Sequence[str] | None = None,
    ax: Axes | None = None,
    report: str | None = None,
) -> Axes:
    """Return an Axes with a dot and an interval for every group and topic.

    Parameters
    ----------
    result : Result
        From `emphasis`.
    groups : sequence of str, optional
        All groups of the study, so that colours are the same in every figure; default, those in
        the result.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.
    report : str, optional
        The address of a page from `report_html`, seen from where the figure will be saved: in
        the SVG, marks and counts are then links to their sentences.

    Notes
    -----
    A hollow marker is a group without a hit: its interval still has an upper end. Counts and
    numbers of articles stand at the right.
    """
    cells, drawn, topics = _cells(result)
    measure, factor = MEASURES[result.provenance["measure"]], factor_of(result)
    styles, places = styles_of(groups or drawn), _addresses(result, report)
    level = format_level(result.provenance["conf_level"])
    names = [short_name(group) for group in drawn]
    with style():
        width = 7.2 + 0.08 * max(0, max(map(len, names)) - 16)  # long names push the title out
        ax = axes_of(ax, width, 0.9 + 0.27 * (len(drawn) + TITLE) * len(topics))
        rows, titles = place_rows(dict.fromkeys(topics, drawn))
        for (topic, group), y in rows.items():
            cell = cells[(topic, group)]
            color, marker = styles[group]
            if cell["size"]:
                low, high = cell["conf_low"] * factor, cell["conf_high"] * factor
                ax.plot([low, high], [y, y], color=color, lw=2, alpha=0.55, solid_capstyle="butt")
                filled = color if cell["hits"] else "white"
                x = cell["estimate"] * factor
                dot: dict[str, Any] = {
                    "mfc": filled,
                    "ms": 7,
                    "mew": 1.5,
                    "url": places.get((topic, group)),
                }
                ax.plot(x, y, marker, color=color, clip_on=False, **dot)
            text = f"{_hits(cell)}, {article_count(cell['articles'], result)}"
            write_beside(ax, y, text, url=places.get((topic, group)))
        label_rows(ax, rows, names * len(topics))
        title_blocks(ax, titles, map(heading, topics))
        ax.set_xlim(0, 100 if factor == 100 else None)
        ax.set_xlabel(f"{measure.axis} on the topic (a hollow mark: none in these articles)")
        census = result.provenance.get("target") == "these_articles"
        intervals = "" if census else f" with {level} intervals"
        scope = " in these articles" if census else f",{intervals} for further articles like these"
        ax.set_title(f"Emphasis by group{scope}")
    words = _in_words(cells, drawn, topics, measure.unit)
    table = result.to_frame()
    widths = (table["conf_high"] - table["conf_low"]).dropna() * factor
    unit = "percentage points" if factor == 100 else measure.axis
    ends = f" The intervals are {widths.min():.0f} to {widths.max():.0f} {unit} wide."
    return remember(ax, table, f"Dots{intervals}. {words}{'' if widths.empty else ends}")


def plot_heatmap(result: Result, *, ax: Axes | None = None, report: str | None = None) -> Axes:
    """Return an Axes with a coloured cell for every group and topic, its counts written in.

    Parameters
    ----------
    result : Result
        From `emphasis`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.
    report : str, optional
        The address of a page from `report_html`, seen from where the figure will be saved: in
        the SVG, marks and counts are then links to their sentences.
    """
    cells, groups, topics = _cells(result)
    measure, factor = MEASURES[result.provenance["measure"]], factor_of(result)
    shares = np.array(
        [[cells[(topic, group)]["estimate"] * factor for topic in topics] for group in groups]
    )
    texts = {
        (row, column): _hits(cells[(topic, group)])
        for row, group in enumerate(groups)
        for column, topic in enumerate(topics)
    }
    with style():
        ax = axes_of(ax, max(7.2, 1.6 + 1.45 * len(topics)), 1.5 + 0.55 * len(groups))
        ax.set_facecolor("#dddddd")  # a group without text
        top = float(np.nanmax(shares, initial=0.0)) or 1.0
        names = [
            f"{short_name(group)}\n{article_count(cells[(topics[0], group)]['articles'], result)}"
            for group in groups
        ]
        heads = [short_name(label(topic)) for topic in topics]
        places = _addresses(result, report)
        urls = {
            (row, column): places.get((topic, group))
            for row, group in enumerate(groups)
            for column, topic in enumerate(topics)
        }
        shade_cells(ax, shares, texts, (names, heads), measure.axis, top, fontsize=10, urls=urls)
        ax.set_title(f"Emphasis by group and topic: counts of {measure.unit}")
    words = _in_words(cells, groups, topics, measure.unit)
    return remember(ax, result.to_frame(), f"Heat map. {words}")


def plot_positions(
    positions: pd.DataFrame,
    by: str | Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Return an Axes that shows where in each article each topic occurs.

    Parameters
    ----------
    positions : pandas.DataFrame
        From `positions`.
    by : str or list of str
        The group columns: they give the articles their order and colour.
    groups : sequence of str, optional
        All groups of the study, so that colours are the same in every figure.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    One strip an article and topic, as long as the article has body sentences; a filled box is a
    sentence on the topic.
    """
    table = positions.assign(group=group_labels(positions, by))
    articles = table[["group", "doc_id"]].drop_duplicates().sort_values(["group", "doc_id"])
    topics = sorted(positions["topic"].unique())
    styles = styles_of(groups or list(articles["group"].unique()))
    titles = {doc_id: f"{group}: {doc_id}" for group, doc_id in articles.itertuples(index=False)}
    refuse_too_many(len(titles), "articles")
    with style():
        ax = axes_of(ax, 7.2, 0.9 + 0.24 * (len(topics) + TITLE) * len(titles))
        rows, heads = place_rows(dict.fromkeys(titles, topics))
        for cell in rows_of(table):
            y = rows[(cell["doc_id"], cell["topic"])]
            color = styles[cell["group"]][0] if cell["coded"] else "#ececec"
            ax.barh(y, 0.9, left=cell["position"] - 0.45, height=0.78, color=color)
        label_rows(ax, rows, [label(topic) for _, topic in rows])
        title_blocks(ax, heads, titles.values())
        ax.set_xlim(0.5, positions["sentences"].max() + 0.5)
        ax.grid(False)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("body sentence of the article, first to last")
        ax.set_title("Where in each article each topic is mentioned")
    coded = positions[positions["coded"]]
    parts = [
        f"{titles[str(doc_id)]}, {label(str(topic))}: "
        f"{'sentence' if len(part) == 1 else 'sentences'} "
        f"{', '.join(map(str, part['position']))} of {part['sentences'].iloc[0]}."
        for (doc_id, topic), part in coded.groupby(["doc_id", "topic"])
    ]
    words = "One strip an article and topic, one box a body sentence. " + " ".join(parts)
    return remember(ax, positions, words)


def plot_keyness(
    result: Result, *, most: int = 6, groups: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Return an Axes with the words that set each group's wording apart.

    Parameters
    ----------
    result : Result
        From `keyness`, by any measure.
    most : int
        How many words of each group, those the measure ranks highest.
    groups : sequence of str, optional
        All groups of the study, so that colours are the same in every figure.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    A measure ranks words; it decides nothing about groups. A hollow marker is a word that one
    article carries (``carried_by_one_article``). Both counts, the number of the group's articles
    that use the word and, where there is one, DPnorm (0: spread as the text is; 1: in one
    article) stand at the right.
    """
    drawn, by = most_typical(result, most), result.provenance["ranked_by"]
    targets = sorted(drawn["target"].unique())
    refuse_too_many(len(targets), "groups")
    styles = styles_of(groups or targets)
    with style():
        ax = axes_of(ax, 7.2, 0.9 + 0.25 * (len(drawn) + TITLE * len(targets)))
        own = drawn.groupby("target", sort=False)["feature"]
        rows, titles = place_rows({str(name): list(features) for name, features in own})
        for y, word in zip(rows.values(), rows_of(drawn), strict=True):
            color, marker = styles[word["target"]]
            filled = "white" if word["carried_by_one_article"] else color
            ax.plot([0, word[by]], [y, y], color=color, lw=1.5, alpha=0.5)
            ax.plot(word[by], y, marker, color=color, mfc=filled, ms=6, mew=1.5)
            write_beside(ax, y, _uses(word))
        label_rows(ax, rows, [short_name(feature) for _, feature in rows])
        title_blocks(ax, titles, titles)
        ax.set_xlim(0, None)
        against, measure = result.provenance["reference"], result.provenance["measure"]
        axis = ASSOCIATIONS[measure].axis if measure in ASSOCIATIONS else measure
        ax.set_xlabel(f"{axis}: ranks words, decides nothing (hollow: carried by one article)")
        ax.set_title(f"Words most typical of each group (uses here : uses in {against})")
    if drawn.empty:
        return remember(ax, drawn, f"No word is typical of a group, by {axis}.")
    parts = [f"{name}: {', '.join(part['feature'])}." for name, part in drawn.groupby("target")]
    carried = int(drawn["carried_by_one_article"].sum())
    words = f"The words most typical of each group, by {axis}. {' '.join(parts)}"
    return remember(ax, drawn, f"{words} One article carries {carried} of these {len(drawn)}.")


def _uses(word: dict[str, Any]) -> str:
    uses = f"{word['count_target']} : {word['count_reference']}"
    spread = "" if np.isnan(word["dp_norm_target"]) else f", DPnorm {word['dp_norm_target']:.2f}"
    return f"{uses}, {article_count(word['articles_target'])}{spread}"
