"""Contrasts and change over time as figures; the contract stands in `analysis.figures.canvas`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from analysis.corpus.groups import group_labels
from analysis.errors import InputError, check_choice, listing
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
    short_name,
    styles_of,
    title_blocks,
    write_beside,
)
from analysis.figures.files import remember, style
from analysis.io.results import Result, rows_of
from analysis.prose.numbers import format_level, heading, label

# Colour, marker, and whether it is filled: a status can be told by each, and is written beside.
STATUS_STYLES = {
    "supported": ("#0072B2", "o", True),
    "suggestive": ("#D55E00", "D", True),
    "not_distinguishable": ("#555555", "s", False),
    "absent_in_both": ("#555555", "x", False),
}


def plot_contrasts(result: Result, *, ax: Axes | None = None) -> Axes:
    """Return an Axes with every difference between two groups, its limits and its status.

    Parameters
    ----------
    result : Result
        From `contrasts`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    Topic by topic, the largest difference (target minus reference) first. The marker, its colour
    and the word at the right say the status; a contrast that is not estimable has no marker.
    """
    table = result.to_frame()
    refuse_too_many(len(table), "contrasts")
    table = table.sort_values(["topic", "estimate"], ascending=[True, False], kind="stable")
    measure, factor = MEASURES[result.provenance["measure"]], factor_of(result)
    level = format_level(result.provenance["conf_level"])
    with style():
        height = len(table) + TITLE * table["topic"].nunique()
        ax = axes_of(ax, 8.2, 1.1 + 0.27 * height)
        ax.axvline(0, color="#999999", lw=1, zorder=0)
        rows, titles = place_rows(
            {str(topic): list(part.index) for topic, part in table.groupby("topic", sort=True)}
        )
        for y, row in zip(rows.values(), rows_of(table), strict=True):
            _contrast(ax, y, row, factor)
        names = table["target"].map(short_name) + " \u2212 " + table["reference"].map(short_name)
        label_rows(ax, rows, names)
        title_blocks(ax, titles, map(heading, titles))
        unit = "percentage points" if factor == 100 else measure.axis
        ax.set_xlabel(f"difference in {unit} of emphasis (first group minus second)")
        ax.set_title(f"Differences between groups, with {level} intervals")
    told = table["status"].value_counts()
    counts = listing([f"{told[name]} {label(str(name))}" for name in sorted(told.index)])
    told_apart = [
        f"{label(row['topic'])}: {row['target']} and {row['reference']}, {label(row['status'])}."
        for row in rows_of(table[table["status"].isin(["supported", "suggestive"])])
    ]
    words = f"Differences between two groups on one topic, with {level} intervals: {counts}. "
    return remember(ax, table.reset_index(drop=True), words + " ".join(told_apart))


def _contrast(ax: Axes, y: float, row: dict[str, Any], factor: int) -> None:
    if row["status"] in STATUS_STYLES:
        color, marker, filled = STATUS_STYLES[row["status"]]
        ends = [row["conf_low"] * factor, row["conf_high"] * factor]
        ax.plot(ends, [y, y], color=color, lw=2, alpha=0.55, solid_capstyle="butt")
        face = color if filled else "white"
        ax.plot(row["estimate"] * factor, y, marker, color=color, mfc=face, ms=6.5, mew=1.5)
    counts = [
        hits_of_size(row[f"hits_{side}"], row[f"size_{side}"]) for side in ("target", "reference")
    ]
    write_beside(ax, y, f"{label(row['status'])}, {' : '.join(counts)}")


def plot_trend(
    result: Result,
    *,
    topic: str | None = None,
    groups: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Return an Axes with the emphasis of every group on one topic, period by period.

    Parameters
    ----------
    result : Result
        From `trend`.
    topic : str, optional
        The topic; needed where the result has several.
    groups : sequence of str, optional
        All groups of the study, so that colours are the same in every figure.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    A period without text has no mark, and no line leads over it. The legend gives each slope with
    its limits, or says why there is none.
    """
    table = result.to_frame()
    topics = sorted(table["topic"].unique())
    if topic is None and len(topics) > 1:
        raise InputError(
            f"the result has {len(topics)} topics, and a figure shows one",
            do=f"name one of them: topic={topics[0]!r}",
        )
    topic = topic or topics[0]
    check_choice(topic, topics, "topic", "topic of the result")
    period = result.provenance["period"]
    by = [key for key in result.keys if key not in ("topic", period)]
    table = table[table["topic"] == topic].reset_index(drop=True)
    named = group_labels(table, by) if by else table["topic"].map(lambda _: "all articles")
    drawn = sorted(named.unique())
    refuse_too_many(len(drawn), "groups")
    styles = styles_of(groups or drawn)
    measure, factor = MEASURES[result.provenance["measure"]], factor_of(result)
    periods, level = result.provenance["periods"], format_level(result.provenance["conf_level"])
    words = []
    with style():
        ax = axes_of(ax, max(6.4, 1.2 + 0.55 * len(periods)), 3.6 + 0.24 * len(drawn))
        for number, group in enumerate(drawn):
            own = table[named == group]
            # Side by side, so that intervals of one period do not cover each other.
            x = np.arange(len(own)) + (number - (len(drawn) - 1) / 2) * min(0.12, 0.7 / len(drawn))
            color, marker = styles[group]
            shares, low, high = (
                own[column].to_numpy(float) * factor
                for column in ("estimate", "conf_low", "conf_high")
            )
            ax.vlines(x, low, high, color=color, lw=2, alpha=0.45)
            slope = _slope_in_words(own.iloc[0].to_dict())
            told = f"{short_name(group)}: {slope}"
            ax.plot(x, shares, marker, ls="-", color=color, lw=1, ms=6, label=told)
            words.append(f"{group}: {_periods_in_words(rows_of(own), result)}; {slope}.")
        empty = table.groupby(period)["size"].sum() == 0
        ticks = [f"{name}\nno data" if empty[name] else str(name) for name in periods]
        ax.set_xticks(range(len(periods)), ticks, parse_math=False)
        ax.set_ylim(0, None)
        ax.set_ylabel(f"{measure.axis} on the topic")
        ax.set_title(
            f"{heading(topic)} by {label(period)}, with {level} intervals", parse_math=False
        )
        legend = ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), frameon=False)
        for text in legend.get_texts():
            text.set_parse_math(False)
    return remember(ax, table, f"{heading(topic)} by {label(period)}. " + " ".join(words))


def _slope_in_words(row: dict[str, Any]) -> str:
    if row["slope_status"] != "estimated":
        return f"no slope ({row['slope_reason']})"
    numbers = [f"{row[f'slope{end}']:.2f}".replace("-", "\u2212") for end in ("", "_low", "_high")]
    return f"slope {numbers[0]} ({numbers[1]} to {numbers[2]}) logits a period"


def _periods_in_words(rows: Sequence[dict[str, Any]], result: Result) -> str:
    period = result.provenance["period"]
    parts = [
        f"{row[period]} {row['hits']} of {row['size']} ({article_count(row['articles'], result)})"
        if row["size"]
        else f"{row[period]} no data"
        for row in rows
    ]
    return listing(parts, most=len(parts))
