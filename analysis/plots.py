"""Drawings: each takes a table or a Result, computes nothing, and returns its Axes.

Contract of a ``plot_`` function: the data first, ``ax=None`` last; no global style, no showing, no
saving. Groups have fixed colours (Okabe & Ito, safe for colour-blind readers) and markers of their
own, in the order of ``groups``; amounts are cividis. Intervals are drawn wherever they exist, and
counts stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.association import MEASURES as ASSOCIATIONS
from analysis.counting import MEASURES
from analysis.errors import InputError, listing
from analysis.figures import remember, style
from analysis.results import Result, rows_of
from analysis.variables import group_labels
from analysis.wording import format_level, heading, label

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
MOST_GROUPS = 40  # more rows than this are a table, not a figure
LONGEST_NAME = 28  # longer names would leave no room for what is drawn

Cells = dict[tuple[str, str], dict[str, Any]]


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    return ax or Figure(figsize=(width, height), layout="constrained").add_subplot()


def _styles(groups: Iterable[str]) -> dict[str, tuple[str, str]]:
    return {
        group: GROUP_STYLES[number % len(GROUP_STYLES)]
        for number, group in enumerate(sorted(groups))
    }


def _refuse_too_many(number: int, noun: str) -> None:
    if number > MOST_GROUPS:
        raise InputError(
            f"{number} {noun} are too many for one figure",
            do=f"choose at most {MOST_GROUPS}, or read the table",
        )


def _cells(result: Result) -> tuple[Cells, list[str], list[str]]:
    """The estimates by topic and group, the groups, the topics."""
    table = result.to_frame()
    table = table.assign(group=group_labels(table, [key for key in result.keys if key != "topic"]))
    groups, topics = sorted(table["group"].unique()), list(table["topic"].unique())
    _refuse_too_many(len(groups), "groups")
    return {(row["topic"], row["group"]): row for row in rows_of(table)}, groups, topics


def _factor(result: Result) -> int:
    return 100 if MEASURES[result.provenance["measure"]].scale == 1 else 1


def _count(cell: dict[str, Any]) -> str:
    return f"{cell['hits']} of {cell['size']}" if cell["size"] else "no text"


def _name(name: str) -> str:
    """A name that fits beside a figure, on one line.

    Its middle gives way: groups of several columns begin alike and differ at the end.
    """
    name = " ".join(name.split())
    if len(name) <= LONGEST_NAME:
        return name
    half = LONGEST_NAME // 2
    return f"{name[:half]}\u2026{name[half - LONGEST_NAME + 1 :]}"


def _articles(number: int) -> str:
    return f"{number} article" + ("" if number == 1 else "s")


def _in_words(cells: Cells, groups: Sequence[str], topics: Sequence[str], unit: str) -> str:
    """The counts of every cell, the largest share of a topic first."""
    parts = []
    for topic in topics:
        ordered = sorted(groups, key=lambda group: -_share(cells[(topic, group)]))
        counts = [f"{group} {_count(cells[(topic, group)])}" for group in ordered]
        parts.append(f"{heading(topic)}: {listing(counts, most=len(counts))}.")
    return f"Counts on each topic, of {unit}. " + " ".join(parts)


def _share(cell: dict[str, Any]) -> float:
    return float(cell["estimate"]) if cell["size"] else -1.0


def plot_emphasis(
    result: Result, groups: Sequence[str] | None = None, ax: Axes | None = None
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

    Notes
    -----
    A hollow marker is a group without a hit: its interval still has an upper end. Counts and
    numbers of articles stand at the right.
    """
    cells, drawn, topics = _cells(result)
    measure, factor = MEASURES[result.provenance["measure"]], _factor(result)
    styles = _styles(groups or drawn)
    level = format_level(result.provenance["conf_level"])
    names = [_name(group) for group in drawn]
    with style():
        width = 7.2 + 0.08 * max(0, max(map(len, names)) - 16)  # long names push the title out
        ax = _axes(ax, width, 0.9 + 0.27 * (len(drawn) + 1.35) * len(topics))
        rows, titles = _blocks(topics, drawn)
        for (topic, group), y in rows.items():
            cell = cells[(topic, group)]
            color, marker = styles[group]
            if cell["size"]:
                low, high = cell["conf_low"] * factor, cell["conf_high"] * factor
                ax.plot([low, high], [y, y], color=color, lw=2, alpha=0.55, solid_capstyle="butt")
                filled = color if cell["hits"] else "white"
                x = cell["estimate"] * factor
                ax.plot(x, y, marker, color=color, mfc=filled, ms=7, mew=1.5, clip_on=False)
            _beside(ax, y, f"{_count(cell)}, {_articles(cell['articles'])}")
        _label_rows(ax, rows, names * len(topics))
        _title_blocks(ax, {heading(topic): y for topic, y in titles.items()})
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


def _blocks(
    titles: Sequence[str], rows: Sequence[str]
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Place rows in blocks, one block a title: the y of each row, and of each title."""
    places: dict[tuple[str, str], float] = {}
    heads: dict[str, float] = {}
    y = 0.0
    for title in titles:
        heads[title] = y
        for row in rows:
            y -= 1
            places[(title, row)] = y
        y -= 1.35
    return places, heads


def _label_rows(ax: Axes, rows: dict[tuple[str, str], float], names: Sequence[str]) -> None:
    ax.set_yticks(list(rows.values()), names, parse_math=False)
    ax.set_ylim(min(rows.values()) - 0.7, 0.6)


def _title_blocks(ax: Axes, titles: dict[str, float]) -> None:
    for title, y in titles.items():
        ax.text(
            0,
            y,
            title,
            transform=ax.get_yaxis_transform(),
            va="center",
            weight="bold",
            parse_math=False,
        )


def _beside(ax: Axes, y: float, text: str) -> None:
    ax.text(1.01, y, text, transform=ax.get_yaxis_transform(), va="center", fontsize=8.5)


def plot_heatmap(result: Result, ax: Axes | None = None) -> Axes:
    """Return an Axes with a coloured cell for every group and topic, its counts written in.

    Parameters
    ----------
    result : Result
        From `emphasis`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.
    """
    cells, groups, topics = _cells(result)
    measure, factor = MEASURES[result.provenance["measure"]], _factor(result)
    shares = np.array(
        [[cells[(topic, group)]["estimate"] * factor for topic in topics] for group in groups]
    )
    with style():
        ax = _axes(ax, max(7.2, 1.6 + 1.45 * len(topics)), 1.5 + 0.55 * len(groups))
        ax.grid(False)
        ax.set_facecolor("#dddddd")  # a group without text
        top = float(np.nanmax(shares, initial=0.0)) or 1.0
        mesh = ax.pcolormesh(
            shares, cmap="cividis", vmin=0, vmax=top, edgecolors="white", linewidth=2
        )
        for row, group in enumerate(groups):
            for column, topic in enumerate(topics):
                cell = cells[(topic, group)]
                shade = mesh.to_rgba(np.array([_share(cell) * factor]))[0]
                dark = bool(cell["size"]) and _luminance(shade) < 0.18
                ax.text(
                    column + 0.5,
                    row + 0.5,
                    _count(cell),
                    ha="center",
                    va="center",
                    color="white" if dark else "black",
                    fontsize=10,
                )
        middles = [number + 0.5 for number in range(max(len(topics), len(groups)))]
        heads = [_name(label(topic)) for topic in topics]
        ax.set_xticks(middles[: len(topics)], heads, parse_math=False)
        names = [
            f"{_name(group)}\n{_articles(cells[(topics[0], group)]['articles'])}"
            for group in groups
        ]
        ax.set_yticks(middles[: len(groups)], names, parse_math=False)
        ax.invert_yaxis()
        ax.tick_params(length=0)
        ax.spines["bottom"].set_visible(False)
        bar = ax.figure.colorbar(mesh, ax=ax, label=measure.axis, pad=0.02)
        bar.outline.set_visible(False)
        ax.set_title(f"Emphasis by group and topic: counts of {measure.unit}")
    words = _in_words(cells, groups, topics, measure.unit)
    return remember(ax, result.to_frame(), f"Heat map. {words}")


def _luminance(color: Sequence[float]) -> float:
    """Relative luminance (WCAG 2): black and white text read equally well at 0.18."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def plot_positions(
    positions: pd.DataFrame,
    by: str | Sequence[str],
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
    styles = _styles(groups or list(articles["group"].unique()))
    titles = {doc_id: f"{group}: {doc_id}" for group, doc_id in articles.itertuples(index=False)}
    _refuse_too_many(len(titles), "articles")
    with style():
        ax = _axes(ax, 7.2, 0.9 + 0.24 * (len(topics) + 1.35) * len(titles))
        rows, heads = _blocks(list(titles), topics)
        for cell in rows_of(table):
            y = rows[(cell["doc_id"], cell["topic"])]
            color = styles[cell["group"]][0] if cell["coded"] else "#ececec"
            ax.barh(y, 0.9, left=cell["position"] - 0.45, height=0.78, color=color)
        _label_rows(ax, rows, [label(topic) for _, topic in rows])
        _title_blocks(ax, {titles[doc_id]: y for doc_id, y in heads.items()})
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
    result: Result, most: int = 6, groups: Sequence[str] | None = None, ax: Axes | None = None
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
    table, by = result.to_frame(), result.provenance["ranked_by"]
    typical = table[(table["count_target"] > 0) & (table[by] > 0)]
    drawn = typical.groupby("target").head(most).reset_index(drop=True)
    targets = sorted(drawn["target"].unique())
    _refuse_too_many(len(targets), "groups")
    styles = _styles(groups or targets)
    with style():
        ax = _axes(ax, 7.2, 0.9 + 0.25 * (len(drawn) + 1.35 * len(targets)))
        y = 0.0
        rows: dict[tuple[str, str], float] = {}
        titles: dict[str, float] = {}
        for word in rows_of(drawn):
            if word["target"] not in titles:
                y -= 1.35 if titles else 0
                titles[word["target"]] = y
            y -= 1
            rows[(word["target"], word["feature"])] = y
            color, marker = styles[word["target"]]
            filled = "white" if word["carried_by_one_article"] else color
            ax.plot([0, word[by]], [y, y], color=color, lw=1.5, alpha=0.5)
            ax.plot(word[by], y, marker, color=color, mfc=filled, ms=6, mew=1.5)
            _beside(ax, y, _uses(word))
        _label_rows(ax, rows, [_name(feature) for _, feature in rows])
        _title_blocks(ax, titles)
        ax.set_xlim(0, None)
        against, measure = result.provenance["reference"], result.provenance["measure"]
        axis = ASSOCIATIONS[measure].axis if measure in ASSOCIATIONS else measure
        ax.set_xlabel(f"{axis}: ranks words, decides nothing (hollow: carried by one article)")
        ax.set_title(f"Words most typical of each group (uses here : uses in {against})")
    parts = [f"{name}: {', '.join(part['feature'])}." for name, part in drawn.groupby("target")]
    carried = int(drawn["carried_by_one_article"].sum())
    words = f"The words most typical of each group, by {axis}. {' '.join(parts)}"
    return remember(ax, drawn, f"{words} One article carries {carried} of these {len(drawn)}.")


def _uses(word: dict[str, Any]) -> str:
    uses = f"{word['count_target']} : {word['count_reference']}"
    spread = "" if np.isnan(word["dp_norm_target"]) else f", DPnorm {word['dp_norm_target']:.2f}"
    return f"{uses}, {_articles(word['articles_target'])}{spread}"
