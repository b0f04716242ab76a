"""Drawings of whole profiles: a heat map of pairs, a map of groups and words.

The contract stands in `analysis.figures.canvas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from analysis.figures import canvas
from analysis.figures.describing import plot_of
from analysis.figures.files import figure_of
from analysis.io.results import Result, rows_of
from analysis.prose.numbers import format_level, format_percent, label

REASONS = {
    "no_count": "no count",
    "articles_unknown": "{articles} unknown",
    "one_article": "one {article}",
    "few_articles": "few {articles}",
    "resampling_fails": "if alike {if_alike:.2f}",
}
AXES = {
    "jensen_shannon": "Jensen-Shannon distance\n0: the same, 1: nothing shared",
    "hellinger": "Hellinger distance\n0: the same, 1: nothing shared",
    "cosine": "cosine similarity\n1: the same, 0: nothing shared",
}
TITLE = "Groups and what sets them apart: a correspondence map"
# Where a label can stand around its point, in points; the nearest first.
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
OFFSETS = np.array(
    [(right * r, up * r) for r in (7, 14, 24, 40, 60, 90) for right, up in DIRECTIONS]
)
LEADER: dict[str, Any] = {"arrowstyle": "-", "color": "#aaaaaa", "lw": 0.6}

Points = list[tuple[str, str, list[float]]]  # kind, name, coordinates
Label = tuple[str, tuple[Any, ...], dict[str, Any]]  # text, coordinates, look


@plot_of("similarity")
def plot_similarity(result: Result, *, ax: Axes | None = None) -> Axes:
    """Return an Axes with a coloured cell for every pair of groups, its value written in.

    Notes
    -----
    Under each value stands its interval, or why there is none.
    """
    table = canvas.table_of(result)
    groups = sorted({*table["group"], *table["other"]})
    canvas.refuse_too_many(len(groups), "groups")
    rows, columns = groups[1:], groups[:-1]
    values = np.full((len(rows), len(columns)), np.nan)
    nouns = dict(zip(("article", "articles"), canvas.articles_of(result), strict=True))
    texts, parts = {}, []
    for pair in rows_of(table):
        place = rows.index(pair["other"]), columns.index(pair["group"])
        values[place], texts[place] = pair["estimate"], _value(pair, nouns)
        parts.append(f"{pair['group']} and {pair['other']} {' '.join(texts[place].split())}")
    measure = result.provenance["measure"]
    scale = AXES.get(measure, measure)
    words = f"Heat map of pairs of groups, {' '.join(scale.split())}. {'; '.join(parts)}."
    size = 2.6 + 1.35 * len(columns), max(2.8, 1.5 + 0.7 * len(rows))
    with canvas.draw_on(ax, size, table, words) as ax:
        names = list(map(canvas.short_name, rows)), list(map(canvas.short_name, columns))
        canvas.shade_cells(ax, values, texts, names, axis=scale)
        level = format_level(result.conf_level)
        ax.set_title(f"How alike groups are, with {level} intervals where there are any")
    return ax


def _value(pair: dict[str, Any], nouns: dict[str, str]) -> str:
    reason = str(REASONS.get(pair["warnings"], pair["warnings"])).format(**pair, **nouns)
    if pair["status"] == "not_estimable":
        return reason
    if pair["status"] == "estimated":
        reason = f"{pair['conf_low']:.2f} to {pair['conf_high']:.2f}"
    return f"{pair['estimate']:.2f}\n{reason}"


@plot_of("correspondence")
def plot_correspondence(
    result: Result, *, most: int = 20, groups: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Return an Axes with groups and features on one map, or on one line if there are two groups.

    Notes
    -----
    Both kinds of points stand at their principal coordinates (a symmetric map): distances between
    groups can be read, and between features; of a group and a feature, whether they lie in the
    same direction from the middle. Features with the same shares in every group share a point.
    """
    table = canvas.table_of(result)
    table = table[(table["dimension"] <= 2) & (table["status"] == "estimated")]
    inertia = table["contribution"] * table["inertia"]
    weight = inertia.groupby([table["kind"], table["name"]]).sum().round(12)
    features = weight["feature"].sort_values(ascending=False, kind="stable").index[:most]
    styles = canvas.styles_of(groups, weight["group"].index)
    own = [group for group in styles if group in weight["group"].index]
    names = [("group", name) for name in own] + [("feature", name) for name in features]
    canvas.refuse_too_many(len(names), "points")
    places = table.pivot(index=["kind", "name"], columns="dimension", values="principal")
    points = [(kind, name, places.loc[(kind, name)].to_list()) for kind, name in names]
    shares = table.drop_duplicates("dimension").set_index("dimension")["inertia_share"]
    axes = [f"dimension {n}: {format_percent(share)} of inertia" for n, share in shares.items()]
    drawn = table[[pair in names for pair in zip(table["kind"], table["name"], strict=True)]]
    parts = [f"{name} ({', '.join(f'{x:.2f}' for x in place)})" for _, name, place in points]
    words = f"Correspondence map; {'; '.join(axes)}. Points: {'; '.join(parts)}."
    if len(axes) == 1:
        points = sorted(points, key=lambda point: (-round(point[2][0], 9), point[1]))
        rows = [
            canvas.Row(
                name=canvas.short_name(label(name) if kind == "feature" else name),
                value=x,
                ends=(0, x),
                look=styles[name] if kind == "group" else (canvas.NO_GROUP, "."),
            )
            for kind, name, (x,) in points
        ]
        with canvas.draw_rows(ax, [("", rows)], drawn, words, pitch=0.22) as ax:
            ax.set_xlabel(axes[0])
            ax.set_title(TITLE)
            for tick, (kind, _, _) in zip(ax.get_yticklabels(), points, strict=True):
                tick.set_fontweight("bold" if kind == "group" else "normal")
    else:
        with canvas.draw_on(ax, (7.2, 6.2), drawn, words) as ax:
            ax.set_xlabel(axes[0])
            ax.set_ylabel(axes[1])
            ax.set_title(TITLE)
            _map(ax, points, styles)
    return ax


def _map(ax: Axes, points: Points, styles: canvas.Styles) -> None:
    ax.set_aspect("equal", adjustable="datalim")
    ax.axhline(0, color="#bbbbbb", lw=0.8, zorder=0)
    ax.axvline(0, color="#bbbbbb", lw=0.8, zorder=0)
    ax.grid(False)
    ax.margins(0.15)
    labels: list[Label] = []
    alike: dict[tuple[float, ...], list[str]] = {}
    for kind, name, place in points:
        if kind == "group":
            color, marker = styles[name]
            ax.plot(*place, marker, color=color, ms=9, zorder=3)
            look = {"color": color, "weight": "bold"}
            labels.append((canvas.short_name(name), tuple(place), look))
        else:
            shared = tuple(round(x, 9) for x in place)
            alike.setdefault(shared, []).append(canvas.short_name(label(name)))
    for shared, names in alike.items():
        ax.plot(*shared, ".", color=canvas.NO_GROUP, ms=5)
        labels.append(("\n".join(names), shared, {"fontsize": 8}))
    _place(ax, labels)


def _place(ax: Axes, labels: Sequence[Label]) -> None:
    """Write each label in the nearest free place around its point, with a line if that is far.

    The figure is laid out first: whether a place is free shows on paper only. A label that has no
    free place is written where it covers least.
    """
    figure = figure_of(ax)
    figure.draw_without_rendering()
    inside, pixels = np.array(ax.get_window_extent().extents), figure.dpi / 72
    points = [ax.transData.transform(place) for _, place, _ in labels]
    taken = [np.concatenate([point - 6, point + 6]) for point in points]
    for (text, place, look), point in zip(labels, points, strict=True):
        probe = ax.text(0, 0, text, parse_math=False, **look)
        size = np.array(probe.get_window_extent().size)
        probe.remove()
        corners = point + OFFSETS * pixels + (np.sign(OFFSETS) - 1) / 2 * size
        boxes = np.hstack([corners, corners + size])
        outside = size.prod() - _common(boxes, inside)
        covers = outside + _common(boxes[:, None], np.array(taken)).sum(axis=1)
        best = int(np.argmax(covers < 1) if (covers < 1).any() else covers.argmin())
        right, up = OFFSETS[best].tolist()
        taken.append(boxes[best])
        ax.annotate(
            text,
            place,
            (right, up),
            textcoords="offset points",
            ha="left" if right > 0 else "right" if right < 0 else "center",
            va="bottom" if up > 0 else "top" if up < 0 else "center",
            arrowprops=LEADER if max(abs(right), abs(up)) > 14 else None,
            parse_math=False,
            annotation_clip=False,
            **look,
        )


def _common(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """The areas that boxes share; a box is left, low, right, high."""
    low = np.maximum(boxes[..., :2], others[..., :2])
    high = np.minimum(boxes[..., 2:], others[..., 2:])
    shared: np.ndarray = np.clip(high - low, 0, None).prod(axis=-1)
    return shared
