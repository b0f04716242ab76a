"""Figures: every drawing takes a table or a Result, computes nothing, and returns its Axes.

Contract of a ``plot_`` function: the data first, ``ax=None`` last; no global style, no showing, no
saving. Groups have fixed colours (Okabe & Ito, safe for colour-blind readers) and markers of their
own; amounts are cividis. Intervals are drawn wherever they exist, and counts stand beside them.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.comparison import group_labels
from analysis.counting import MEASURES
from analysis.errors import InputError
from analysis.files import replace_file
from analysis.prose import label
from analysis.report import Html
from analysis.results import Result, rows_of, to_csv

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


@dataclass(frozen=True)
class Drawn:
    """What an Axes shows: the table that is drawn, and its text for those who cannot see it."""

    table: pd.DataFrame
    alt: str


_DRAWN: WeakKeyDictionary[Axes, Drawn] = WeakKeyDictionary()


@contextmanager
def _style() -> Iterator[None]:
    with resources.as_file(resources.files("analysis") / "figures.mplstyle") as path:
        style = mpl.rc_params_from_file(str(path), use_default_template=False)
    with mpl.rc_context():
        mpl.rcParams.update(mpl.rcParamsDefault)
        mpl.rcParams.update(style)
        yield


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    return ax or Figure(figsize=(width, height), layout="constrained").add_subplot()


def _styles(groups: Sequence[str]) -> dict[str, tuple[str, str]]:
    return {group: GROUP_STYLES[number % len(GROUP_STYLES)] for number, group in enumerate(groups)}


def _labelled(result: Result) -> tuple[pd.DataFrame, list[str], list[str]]:
    """The estimates with one label a group, the groups, the topics; refused if too many."""
    by = [key for key in result.keys if key != "topic"]
    table = result.to_frame()
    table = table.assign(group=group_labels(table, by))
    groups, topics = sorted(table["group"].unique()), list(table["topic"].unique())
    if len(groups) > MOST_GROUPS:
        raise InputError(
            f"{len(groups)} groups are too many for one figure",
            do=f"choose at most {MOST_GROUPS}, or read the table",
        )
    return table, groups, topics


def _count(cell: dict[str, Any]) -> str:
    return f"{cell['hits']} of {cell['size']}" if cell["size"] else "no text"


def _articles(number: int) -> str:
    return f"{number} article" + ("" if number == 1 else "s")


def plot_emphasis(result: Result, ax: Axes | None = None) -> Axes:
    """Return an Axes with a dot and an interval for every group and topic.

    Parameters
    ----------
    result : Result
        From `emphasis`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    A hollow marker is a group without a hit: its interval still has an upper end. Counts and
    numbers of articles stand at the right.
    """
    table, groups, topics = _labelled(result)
    measure = MEASURES[result.provenance["measure"]]
    percent = measure.scale == 1
    factor = 100 if percent else 1
    styles = _styles(groups)
    with _style():
        ax = _axes(ax, 7.2, 0.9 + 0.27 * (len(groups) + 1.35) * len(topics))
        rows, marks = _blocks(topics, groups)
        cells = {(cell["topic"], cell["group"]): cell for cell in rows_of(table)}
        for (topic, group), y in rows.items():
            cell = cells[(topic, group)]
            color, marker = styles[group]
            if cell["size"]:
                low, high = cell["conf_low"] * factor, cell["conf_high"] * factor
                ax.plot([low, high], [y, y], color=color, lw=2, alpha=0.55, solid_capstyle="butt")
                filled = color if cell["hits"] else "white"
                x = cell["estimate"] * factor
                ax.plot(x, y, marker, color=color, mfc=filled, ms=7, mew=1.5, clip_on=False)
            beside = f"{_count(cell)}, {_articles(cell['articles'])}"
            ax.text(1.01, y, beside, transform=ax.get_yaxis_transform(), va="center", fontsize=8.5)
        _label_blocks(ax, rows, marks)
        ax.set_xlim(0, 100 if percent else None)
        ax.set_xlabel(
            f"{measure.unit} of body text on the topic"
            if not percent
            else "% of body sentences on the topic"
            if result.provenance["measure"] == "sentence_share"
            else f"% ({measure.unit})"
        )
        level = f"{100 * result.provenance['conf_level']:g} %"
        ax.set_title(f"Emphasis by group, with {level} intervals for further articles like these")
    _DRAWN[ax] = Drawn(
        result.to_frame(),
        f"Dots with {level} intervals. "
        + _list_cells(topics, groups, cells)
        + _widths(table, "percentage points" if percent else measure.unit, factor),
    )
    return ax


def _widths(table: pd.DataFrame, unit: str, factor: int) -> str:
    widths = (table["conf_high"] - table["conf_low"]).dropna() * factor
    if widths.empty:
        return ""
    return f" The intervals are {widths.min():.0f} to {widths.max():.0f} {unit} wide."


def _list_cells(
    topics: Sequence[str], groups: Sequence[str], cells: dict[tuple[str, str], dict[str, Any]]
) -> str:
    """The counts of every cell in words, the largest share of a topic first."""
    parts = []
    for topic in topics:
        ordered = sorted(groups, key=lambda group: -_share(cells[(topic, group)]))
        counts = ", ".join(f"{group} {_count(cells[(topic, group)])}" for group in ordered)
        parts.append(f"{label(topic).capitalize()}: {counts}.")
    return "Body sentences on each topic. " + " ".join(parts)


def _share(cell: dict[str, Any]) -> float:
    return float(cell["estimate"]) if cell["size"] else -1.0


def _blocks(
    topics: Sequence[str], groups: Sequence[str]
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Place rows in blocks, one block a topic: the y of each row, and of each block's title."""
    rows: dict[tuple[str, str], float] = {}
    titles: dict[str, float] = {}
    y = 0.0
    for topic in topics:
        titles[topic] = y
        for group in groups:
            y -= 1
            rows[(topic, group)] = y
        y -= 1.35
    return rows, titles


def _label_blocks(ax: Axes, rows: dict[tuple[str, str], float], titles: dict[str, float]) -> None:
    ax.set_yticks(list(rows.values()), [name for _, name in rows])
    for title, y in titles.items():
        ax.text(
            0,
            y,
            label(title).capitalize(),
            transform=ax.get_yaxis_transform(),
            va="center",
            weight="bold",
        )
    ax.set_ylim(min(rows.values()) - 0.7, 0.6)


def plot_heatmap(result: Result, ax: Axes | None = None) -> Axes:
    """Return an Axes with a coloured cell for every group and topic, its counts written in.

    Parameters
    ----------
    result : Result
        From `emphasis`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.
    """
    table, groups, topics = _labelled(result)
    measure = MEASURES[result.provenance["measure"]]
    factor = 100 if measure.scale == 1 else 1
    wide = table.pivot(index="group", columns="topic", values="estimate")[topics] * factor
    cells = {(cell["topic"], cell["group"]): cell for cell in rows_of(table)}
    with _style():
        ax = _axes(ax, 1.6 + 1.45 * len(topics), 1.5 + 0.55 * len(groups))
        ax.grid(False)
        ax.set_facecolor("#dddddd")  # a group without text
        top = float(wide.max().max() or 0) or 1.0
        mesh = ax.pcolormesh(
            wide.to_numpy(), cmap="cividis", vmin=0, vmax=top, edgecolors="white", linewidth=2
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
        ax.set_xticks([number + 0.5 for number in range(len(topics))], [*map(label, topics)])
        names = [f"{group}\n{_articles(cells[(topics[0], group)]['articles'])}" for group in groups]
        ax.set_yticks([number + 0.5 for number in range(len(groups))], names)
        ax.invert_yaxis()
        ax.tick_params(length=0)
        ax.spines["bottom"].set_visible(False)
        unit = "% of body sentences" if factor == 100 else measure.unit
        bar = ax.figure.colorbar(mesh, ax=ax, label=unit, pad=0.02)
        bar.outline.set_visible(False)
        ax.set_title("Emphasis by group and topic: sentences on the topic of all sentences")
    _DRAWN[ax] = Drawn(result.to_frame(), "Heat map. " + _list_cells(topics, groups, cells))
    return ax


def _luminance(color: Sequence[float]) -> float:
    """Relative luminance (WCAG 2): black and white text read equally well at 0.18."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def plot_positions(positions: pd.DataFrame, by: str, ax: Axes | None = None) -> Axes:
    """Return an Axes that shows where in each article each topic occurs.

    Parameters
    ----------
    positions : pandas.DataFrame
        From `positions`.
    by : str
        The group column: gives the articles their order and colour.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    One strip an article and topic, as long as the article has body sentences; a filled box is a
    sentence on the topic.
    """
    articles = positions[[by, "doc_id"]].drop_duplicates().sort_values([by, "doc_id"])
    groups = sorted(positions[by].unique())
    topics = sorted(positions["topic"].unique())
    styles = _styles(groups)
    titles = {doc_id: f"{group}: {doc_id}" for group, doc_id in articles.itertuples(index=False)}
    if len(titles) > MOST_GROUPS:
        raise InputError(
            f"{len(titles)} articles are too many for one figure",
            do=f"choose at most {MOST_GROUPS}",
        )
    with _style():
        ax = _axes(ax, 7.2, 0.9 + 0.24 * (len(topics) + 1.35) * len(titles))
        rows, marks = _blocks(list(titles), topics)
        for cell in rows_of(positions):
            y = rows[(cell["doc_id"], cell["topic"])]
            color = styles[cell[by]][0] if cell["coded"] else "#ececec"
            ax.barh(y, 0.9, left=cell["position"] - 0.45, height=0.78, color=color)
        ax.set_yticks(list(rows.values()), [label(topic) for _, topic in rows])
        for doc_id, y in marks.items():
            ax.text(0.5, y, titles[doc_id], va="center", weight="bold")
        ax.set_ylim(min(rows.values()) - 0.7, 0.6)
        ax.set_xlim(0.5, positions["sentences"].max() + 0.5)
        ax.grid(False)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("body sentence of the article, first to last")
        ax.set_title("Where in each article each topic is mentioned")
    coded = positions[positions["coded"]]
    parts = [
        f"{titles[str(doc_id)]}, {label(str(topic))}: sentence "
        f"{', '.join(map(str, part['position']))} of {part['sentences'].iloc[0]}."
        for (doc_id, topic), part in coded.groupby(["doc_id", "topic"])
    ]
    _DRAWN[ax] = Drawn(positions, "Strips with a box a body sentence. " + " ".join(parts))
    return ax


def plot_keyness(result: Result, most: int = 6, ax: Axes | None = None) -> Axes:
    """Return an Axes with the words that set each group's wording apart.

    Parameters
    ----------
    result : Result
        From `keyness`.
    most : int
        How many words of each group, those with the largest z.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    z ranks the words; it decides nothing about groups. Both counts and the number of articles
    that use the word stand at the right.
    """
    table = result.to_frame()
    drawn = table[table["count_target"] > 0].groupby("target").head(most).reset_index(drop=True)
    groups = sorted(drawn["target"].unique())
    styles = _styles(groups)
    with _style():
        ax = _axes(ax, 7.2, 0.9 + 0.25 * (len(drawn) + 1.35 * len(groups)))
        y, places, names, marks = 0.0, [], [], {}
        for group, words in drawn.groupby("target"):
            marks[str(group)] = y
            color, marker = styles[str(group)]
            for word in rows_of(words):
                y -= 1
                places.append(y)
                names.append(word["feature"])
                ax.plot([0, word["statistic"]], [y, y], color=color, lw=1.5, alpha=0.5)
                ax.plot(word["statistic"], y, marker, color=color, ms=6)
                ax.text(
                    1.01,
                    y,
                    f"{word['count_target']} : {word['count_reference']}, "
                    f"{_articles(word['articles_target'])}",
                    transform=ax.get_yaxis_transform(),
                    va="center",
                    fontsize=8.5,
                )
            y -= 1.35
        ax.set_yticks(places, names)
        for group_name, place in marks.items():
            ax.text(
                0, place, group_name, transform=ax.get_yaxis_transform(), va="center", weight="bold"
            )
        ax.set_ylim(min(places) - 0.7, 0.6)
        ax.set_xlim(0, None)
        against = result.provenance["reference"]
        ax.set_xlabel("z of the log-odds ratio: ranks words, decides nothing")
        ax.set_title(f"Words that set each group apart (uses here : uses in the {against})")
    parts = [f"{group}: {', '.join(words['feature'])}." for group, words in drawn.groupby("target")]
    _DRAWN[ax] = Drawn(drawn, "The words most typical of each group. " + " ".join(parts))
    return ax


def _render(ax: Axes, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with _style():
        figure = ax.get_figure(root=True)
        assert figure is not None
        figure.savefig(buffer, format=kind, **options)
    return buffer.getvalue()


def _drawn(ax: Axes) -> Drawn:
    if ax not in _DRAWN:
        raise InputError("this Axes was not made by a plot_ function", do="pass what one returns")
    return _DRAWN[ax]


def alt_text(ax: Axes) -> str:
    """Return the text that stands for a figure, for those who cannot see it."""
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
    svg = _render(ax, "svg", metadata=metadata).decode("utf-8")
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
