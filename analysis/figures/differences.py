"""Contrasts and change over time as figures; the contract stands in `analysis.figures.canvas`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.corpus.groups import group_labels
from analysis.errors import InputError, check_choice, listing, number_of
from analysis.figures import canvas
from analysis.figures.describing import plot_of
from analysis.io.results import Result, rows_of
from analysis.prose.context import higher_first
from analysis.prose.numbers import format_level, heading, label

# Colour, marker, and whether it is filled: each alone says the status, which stands beside too.
STATUS_STYLES = {
    "supported": ("#0072B2", "o", True),
    "suggestive": ("#D55E00", "D", True),
    "not_distinguishable": ("#555555", "s", False),
    "absent_in_both": ("#555555", "x", False),
    "not_estimable": ("#555555", ".", False),  # has no estimate, and so no marker
}

MOST_LINES = 8  # of a trend


@plot_of("contrasts")
def plot_contrasts(result: Result, *, ax: Axes | None = None) -> Axes:
    """Return an Axes with every difference between two groups, its limits and its status.

    Notes
    -----
    The higher group of each pair stands first, and the largest difference of each topic. The
    marker, its colour and the word at the right say the status; a contrast that is not estimable
    has no marker. Of more than `MOST_GROUPS` contrasts it shows those that are distinguishable
    and then the largest, of groups with several articles before others; it says so, and warns.
    """
    table = canvas.table_of(result)
    table = pd.DataFrame(map(higher_first, rows_of(table)), table.index).astype(table.dtypes)
    number = table["status"].value_counts()
    note, every = "", len(table)
    if every > canvas.MOST_GROUPS:
        ranks = {"supported": 0, "suggestive": 1}
        fewest = table[["articles_target", "articles_reference"]].min(axis=1)
        rank = [
            ranks.get(status, 2 if several else 3)
            for status, several in zip(table["status"], fewest > 1, strict=True)
        ]
        order = table.assign(_rank=rank, _size=-table["estimate"]).sort_values(["_rank", "_size"])
        table = table.loc[sorted(order.index[: canvas.MOST_GROUPS])]
        note = canvas.say(
            "contrasts", f"{len(table)} of {every}, first those that are distinguishable"
        )
    table = table.sort_values(["topic", "estimate"], ascending=[True, False], kind="stable")
    table = table.reset_index(drop=True)
    (_, factor, unit), level = canvas.scale_of(result), format_level(result.conf_level)

    short = canvas.short_names([*table["target"], *table["reference"]])

    def row(pair: dict[str, Any]) -> canvas.Row:
        sides = "target", "reference"
        color, marker, filled = STATUS_STYLES[pair["status"]]
        hits = [canvas.hits_of_size(pair[f"hits_{side}"], pair[f"size_{side}"]) for side in sides]
        return canvas.Row(
            name=" \u2212 ".join(short[pair[side]] for side in sides),
            beside=f"{label(pair['status'])}, {' : '.join(hits)}",
            value=pair["estimate"] * factor,
            ends=(pair["conf_low"] * factor, pair["conf_high"] * factor),
            look=(color, marker),
            filled=filled,
        )

    topics = table.groupby("topic", sort=True)
    blocks = [(heading(str(topic)), list(map(row, rows_of(own)))) for topic, own in topics]
    counts = listing([f"{number[name]} {label(str(name))}" for name in sorted(number.index)])
    apart = [
        f"{label(pair['topic'])}: {pair['target']} and {pair['reference']}, "
        f"{label(pair['status'])}."
        for pair in rows_of(table[table["status"].isin(["supported", "suggestive"])])
    ]
    words = f"Differences between two groups on one topic, with {level} intervals: {counts}. "
    with canvas.draw_rows(ax, blocks, table, words + " ".join(apart) + note, width=8.2) as ax:
        ax.axvline(0, color="#999999", lw=1, zorder=0)
        ax.set_xlabel(f"difference in {unit} of emphasis (first group minus second){note}")
        ax.set_title(f"Differences between groups, with {level} intervals")
    return ax


@plot_of("trend")
def plot_trend(
    result: Result,
    *,
    topic: str | None = None,
    groups: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Return an Axes with the emphasis of every group on one topic, period by period.

    Notes
    -----
    A period without text has no marker, and no line leads over it. The legend gives each slope
    with its limits, or says why there is none. Of more than `MOST_LINES` groups, those that change
    most have a line, and the others are a band from their lowest share to their highest.
    """
    table = canvas.table_of(result)
    topics = sorted(table["topic"].unique())
    if topic is None and len(topics) > 1:
        raise InputError(
            f"the result has {len(topics)} topics, and a figure shows one",
            do=f"name one of them: topic={topics[0]!r}",
        )
    topic = topic or topics[0]
    check_choice(topic, topics, "topic", "topic of the result")
    table = table[table["topic"] == topic].reset_index(drop=True)
    period, periods = result.provenance["period"], result.provenance["periods"]
    by = [key for key in result.by if key != period]
    _, texts = canvas.articles_of(result)
    whole = f"all {texts}"
    named = group_labels(table, by) if by else table["topic"].map(lambda _: whole)
    styles = canvas.styles_of(groups if by else None, named)
    own = {group: table[named == group] for group in styles if (named == group).any()}
    kept, left = canvas.standing_out(table.assign(group=named), "group", MOST_LINES)
    others = table[~named.isin(kept)]
    note = canvas.say(
        "change", f"{len(kept)} of {len(own)} groups, the others as a band" if left else ""
    )
    own = {group: rows for group, rows in own.items() if group in kept}
    slopes = {group: _slope_in_words(rows_of(rows)[0], texts) for group, rows in own.items()}
    parts = [f"{g}: {_periods_in_words(rows, result)}; {slopes[g]}." for g, rows in own.items()]
    words = f"{heading(topic)} by {label(period)}. " + " ".join(parts)
    (measure, factor, _), level = canvas.scale_of(result), format_level(result.conf_level)
    size = max(6.4, 1.2 + 0.55 * len(periods)), 3.6 + 0.24 * len(own)
    with canvas.draw_on(ax, size, table, words + note) as ax:
        if left:
            ends = others.groupby(period)["estimate"].agg(["min", "max"])
            low, high = ends.reindex(periods).to_numpy(float).T * factor
            look: dict[str, Any] = {"color": canvas.NO_GROUP, "alpha": 0.2, "lw": 0}
            ax.fill_between(range(len(periods)), low, high, label=number_of(left, "other"), **look)
        for number, (group, rows) in enumerate(own.items()):
            # Side by side, so that intervals of one period do not cover each other.
            x = np.arange(len(rows)) + (number - (len(own) - 1) / 2) * min(0.12, 0.7 / len(own))
            color, marker = styles[group]
            shares = rows[["estimate", "conf_low", "conf_high"]].to_numpy(float).T * factor
            ax.vlines(x, *shares[1:], color=color, lw=2, alpha=0.45)
            entry = f"{canvas.short_name(group)}: {slopes[group]}"
            ax.plot(x, shares[0], marker, ls="-", color=color, lw=1, ms=6, label=entry)
        empty = table.groupby(period)["size"].sum() == 0
        ticks = [f"{name}\nno data" if empty[name] else str(name) for name in periods]
        ax.set_xticks(range(len(periods)), ticks, parse_math=False)
        ax.set_ylim(0, None)
        ax.set_ylabel(f"{measure.axis} on the topic")
        title = f"{heading(topic)} by {label(period)}, with {level} intervals{note}"
        ax.set_title(title, parse_math=False)
        legend = ax.legend(loc="upper left", bbox_to_anchor=(0, -0.16), frameon=False)
        for text in legend.get_texts():
            text.set_parse_math(False)
    return ax


def _slope_in_words(row: dict[str, Any], texts: str) -> str:
    if row["slope_status"] != "estimated":
        return f"no slope ({row['slope_reason'].replace('articles', texts)})"
    numbers = [f"{row[f'slope{end}']:.2f}".replace("-", "\u2212") for end in ("", "_low", "_high")]
    return f"slope {numbers[0]} ({numbers[1]} to {numbers[2]}) logits a period"


def _periods_in_words(table: pd.DataFrame, result: Result) -> str:
    parts = []
    for row in rows_of(table):
        articles = canvas.article_count(row["articles"], result)
        counts = f"{row['hits']} of {row['size']} ({articles})" if row["size"] else "no data"
        parts.append(f"{row[result.provenance['period']]} {counts}")
    return listing(parts, most=len(parts))
