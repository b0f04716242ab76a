"""Drawings of whole profiles: a heat map of pairs, a map of groups and words.

The contract stands in `analysis.figures.canvas`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from analysis.figures.canvas import (
    NO_GROUP,
    Styles,
    axes_of,
    refuse_too_many,
    shade_cells,
    short_name,
    styles_of,
)
from analysis.figures.files import remember, style
from analysis.io.results import Result, rows_of
from analysis.prose.numbers import format_level, format_percent, label

REASONS = {
    "no_count": "no count",
    "articles_unknown": "articles unknown",
    "one_article": "one article",
    "few_articles": "few articles",
    "resampling_fails": "if alike {if_alike:.2f}",
}
AXES = {
    "jensen_shannon": "Jensen-Shannon distance\n0: the same, 1: nothing shared",
    "hellinger": "Hellinger distance\n0: the same, 1: nothing shared",
    "cosine": "cosine similarity\n1: the same, 0: nothing shared",
}
RADII = (7, 14, 24, 40, 60, 90)  # points
DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
LEADER: dict[str, Any] = {"arrowstyle": "-", "color": "#aaaaaa", "lw": 0.6}

Points = list[tuple[str, str, list[float]]]  # kind, name, coordinates
Label = tuple[str, tuple[Any, ...], dict[str, Any]]  # text, coordinates, look


def plot_similarity(result: Result, *, ax: Axes | None = None) -> Axes:
    """Return an Axes with a coloured cell for every pair of groups, its value written in.

    Parameters
    ----------
    result : Result
        From `similarity`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    Under each value stands its interval, or why there is none.
    """
    table = result.to_frame()
    groups = sorted({*table["group"], *table["other"]})
    refuse_too_many(len(groups), "groups")
    rows, columns = groups[1:], groups[:-1]
    values = np.full((len(rows), len(columns)), np.nan)
    texts = {}
    for pair in rows_of(table):
        place = rows.index(pair["other"]), columns.index(pair["group"])
        values[place], texts[place] = pair["estimate"], _value(pair)
    measure = result.provenance["measure"]
    with style():
        ax = axes_of(ax, 2.6 + 1.35 * len(columns), max(2.8, 1.5 + 0.7 * len(rows)))
        names = [short_name(name) for name in rows], [short_name(name) for name in columns]
        shade_cells(ax, values, texts, names, AXES.get(measure, measure))
        level = format_level(result.provenance["conf_level"])
        ax.set_title(f"How alike groups are, with {level} intervals where there are any")
    parts = [f"{p['group']} and {p['other']} {' '.join(_value(p).split())}" for p in rows_of(table)]
    scale = " ".join(AXES.get(measure, measure).split())
    words = f"Heat map of pairs of groups, {scale}. {'; '.join(parts)}."
    return remember(ax, table, words)


def _value(pair: dict[str, Any]) -> str:
    reason = REASONS.get(pair["warnings"], pair["warnings"]).format(**pair)
    if pair["status"] == "not_estimable":
        return reason
    if pair["status"] == "estimated":
        reason = f"{pair['conf_low']:.2f} to {pair['conf_high']:.2f}"
    return f"{pair['estimate']:.2f}\n{reason}"


def plot_correspondence(
    result: Result, *, most: int = 20, groups: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Return an Axes with groups and features on one map, or on one line if there are two groups.

    Parameters
    ----------
    result : Result
        From `correspondence`.
    most : int
        How many features, those that carry most of the inertia shown.
    groups : sequence of str, optional
        All groups of the study, so that colours are the same in every figure.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    Both kinds of points stand at their principal coordinates (a symmetric map): distances between
    groups can be read, and between features; of a group and a feature, whether they lie in the
    same direction from the middle. Features with the same shares in every group share a point.
    """
    table = result.to_frame()
    table = table[(table["dimension"] <= 2) & (table["status"] == "estimated")]
    table = table.assign(weight=table["contribution"] * table["inertia"])
    weight = table.groupby(["kind", "name"])["weight"].sum().round(12)
    features = weight["feature"].sort_values(ascending=False, kind="stable").index[:most]
    drawn_groups = list(weight["group"].index)
    refuse_too_many(len(drawn_groups) + len(features), "points")
    names = pd.MultiIndex.from_tuples(
        [("group", name) for name in drawn_groups] + [("feature", name) for name in features]
    )
    places = table.pivot(index=["kind", "name"], columns="dimension", values="principal")
    points = [
        (kind, name, place)
        for (kind, name), place in zip(
            names.to_list(), places.loc[names].to_numpy().tolist(), strict=True
        )
    ]
    shares = table.drop_duplicates("dimension").set_index("dimension")["inertia_share"]
    axes = [
        f"dimension {number}: {format_percent(share)} of inertia"
        for number, share in shares.items()
    ]
    draw = _map if len(axes) > 1 else _line
    with style():
        ax = draw(points, axes, styles_of(groups or drawn_groups), ax)
        ax.set_title("Groups and what sets them apart: a correspondence map")
    drawn = table[[pair in names for pair in zip(table["kind"], table["name"], strict=True)]]
    parts = [f"{name} ({', '.join(f'{x:.2f}' for x in place)})" for _, name, place in points]
    words = f"Correspondence map; {'; '.join(axes)}. Points: {'; '.join(parts)}."
    return remember(ax, drawn.drop(columns="weight"), words)


def _line(points: Points, axes: Sequence[str], styles: Styles, ax: Axes | None) -> Axes:
    points = sorted(points, key=lambda point: (round(point[2][0], 9), point[1]))
    ax = axes_of(ax, 7.2, 1.2 + 0.22 * len(points))
    for y, (kind, name, (x,)) in enumerate(points):
        color, marker = styles[name] if kind == "group" else (NO_GROUP, ".")
        ax.plot([0, x], [y, y], color=color, lw=1, alpha=0.5)
        ax.plot(x, y, marker, color=color)
    names = [short_name(label(name) if kind == "feature" else name) for kind, name, _ in points]
    ax.set_yticks(range(len(points)), names, parse_math=False)
    for tick, (kind, _, _) in zip(ax.get_yticklabels(), points, strict=True):
        tick.set_fontweight("bold" if kind == "group" else "normal")
    ax.set_xlabel(axes[0])
    return ax


def _map(points: Points, axes: Sequence[str], styles: Styles, ax: Axes | None) -> Axes:
    ax = axes_of(ax, 7.2, 6.2)
    ax.set_aspect("equal", adjustable="datalim")
    ax.axhline(0, color="#bbbbbb", lw=0.8, zorder=0)
    ax.axvline(0, color="#bbbbbb", lw=0.8, zorder=0)
    ax.grid(False)
    ax.margins(0.15)
    ax.set_xlabel(axes[0])
    ax.set_ylabel(axes[1])
    labels: list[Label] = []
    alike: dict[tuple[float, ...], list[str]] = {}
    for kind, name, place in points:
        if kind == "group":
            color, marker = styles[name]
            ax.plot(*place, marker, color=color, ms=9, zorder=3)
            labels.append((short_name(name), tuple(place), {"color": color, "weight": "bold"}))
        else:
            alike.setdefault(tuple(round(x, 9) for x in place), []).append(short_name(label(name)))
    for shared, names in alike.items():
        ax.plot(*shared, ".", color=NO_GROUP, ms=5)
        labels.append(("\n".join(names), shared, {"fontsize": 8}))
    _place(ax, labels)
    return ax


def _place(ax: Axes, labels: Sequence[Label]) -> None:
    """Write each label in the nearest free place around its point, with a line if that is far.

    The figure is laid out first: whether a place is free shows on paper only. A label that has no
    free place is written where it covers least.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()
    inside, pixels = ax.get_window_extent(), figure.dpi / 72
    points = [ax.transData.transform(place) for _, place, _ in labels]
    taken = [Bbox.from_bounds(x - 6, y - 6, 12, 12) for x, y in points]
    for (text, place, look), (x, y) in zip(labels, points, strict=True):
        probe = ax.text(0, 0, text, parse_math=False, **look)
        size = probe.get_window_extent()
        probe.remove()
        best: tuple[float, tuple[int, int], Bbox] | None = None
        for radius, (right, up) in product(RADII, DIRECTIONS):
            left = x + right * radius * pixels + (right - 1) / 2 * size.width
            low = y + up * radius * pixels + (up - 1) / 2 * size.height
            box = Bbox.from_bounds(left, low, size.width, size.height)
            within = _common(box, inside)
            covers = size.width * size.height - within + sum(_common(box, b) for b in taken)
            if best is None or covers < best[0] - 1:
                best = covers, (right * radius, up * radius), box
            if covers < 1:
                break
        assert best is not None
        _, (right, up), box = best
        taken.append(box)
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


def _common(one: Bbox, other: Bbox) -> float:
    """The area that two boxes share."""
    both = Bbox.intersection(one, other)
    return float(both.width * both.height) if both is not None else 0.0
