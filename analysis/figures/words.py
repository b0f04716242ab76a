"""Keyness and the word shift as figures; the contract stands in `analysis.figures.canvas`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from analysis.corpus.groups import REST
from analysis.figures import canvas
from analysis.figures.describing import plot_of
from analysis.io.results import Result, rows_of
from analysis.words.association import MEASURES
from analysis.words.keywords import most_typical

MOST_BLOCKS = 12  # groups of a figure of words
SHIFTS_DRAWN = {
    "proportion": "difference of the shares",
    "jensen_shannon": "contribution to the Jensen-Shannon divergence",
    "entropy": "contribution to the difference of entropy",
}


@plot_of("keyness")
def plot_keyness(
    result: Result, *, most: int = 6, groups: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Return an Axes with the words that set each group's wording apart.

    Notes
    -----
    A measure ranks words; it decides nothing about groups. A hollow marker is a word that one
    article carries (``carried_by_one_article``). Both counts, the number of the group's articles
    that use the word and, where there is one, DPnorm (0: spread as the text is; 1: in one
    article) stand at the right. Of many groups fewer words are shown, and of more than
    `MOST_BLOCKS` those with the most typical words; it says so, and warns.
    """
    canvas.table_of(result)
    drawn, by = most_typical(result, most), result.provenance["ranked_by"]
    best = drawn.groupby("target", as_index=False)[by].max()
    kept, left = canvas.standing_out(best, "target", MOST_BLOCKS, by=by)
    room = max(most, 1) if not left else min(most, 6)
    note = canvas.say(
        "words",
        f"{len(kept)} of {len(best)} groups, those with the most typical words" if left else "",
        f"{room} words a group" if room < most else "",
    )
    drawn = drawn[drawn["target"].isin(kept)].groupby("target").head(room).reset_index(drop=True)
    styles = canvas.styles_of(groups, drawn["target"])
    own = {group: part for group in styles if len(part := drawn[drawn["target"] == group])}

    def row(word: dict[str, Any]) -> canvas.Row:
        uses = f"{word['count_target']} : {word['count_reference']}"
        spread = word["dp_norm_target"]
        end = "" if np.isnan(spread) else f", DPnorm {spread:.2f}"
        return canvas.Row(
            name=canvas.short_name(word["feature"]),
            beside=f"{uses}, {canvas.article_count(word['articles_target'], result)}{end}",
            value=word[by],
            ends=(0, word[by]),
            look=styles[word["target"]],
            filled=not word["carried_by_one_article"],
        )

    blocks = [(group, list(map(row, rows_of(part)))) for group, part in own.items()]
    against, measure = result.provenance["reference"], result.provenance["measure"]
    one, _ = canvas.articles_of(result)
    axis = MEASURES[measure].axis if measure in MEASURES else measure
    words = f"No word is typical of a group, by {axis}."
    if len(drawn):
        parts = [f"{group}: {', '.join(part['feature'])}." for group, part in own.items()]
        carried = f"One {one} carries {drawn['carried_by_one_article'].sum()} of these"
        words = f"The words most typical of each group, by {axis}. {' '.join(parts)} "
        words += f"{carried} {len(drawn)}."
    with canvas.draw_rows(ax, blocks, drawn, words + note, pitch=0.25) as ax:
        ax.set_xlim(0, None)
        ax.set_xlabel(f"{axis}: ranks words, decides nothing (hollow: carried by one {one}){note}")
        ax.set_title(f"Words most typical of each group (uses here : uses in {against})")
    return ax


@plot_of("word_shift")
def plot_word_shift(
    result: Result, *, most: int = 20, groups: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Return an Axes with the words that carry the difference of two groups, as bars both ways.

    Notes
    -----
    What all words add up to stands above; uses and articles, target : reference, at the right.
    The colour is that of the group that uses the word more; contributions to the Jensen-Shannon
    divergence, none of which is negative, point to its side.
    """
    table = canvas.table_of(result)
    drawn = table.head(most)
    made = result.provenance
    measure, target, reference = made["measure"], made["target"], made["reference"]
    styles = canvas.styles_of(groups, {target, reference} - {REST})
    mirrored, (_, several) = measure == "jensen_shannon", canvas.articles_of(result)
    here = canvas.short_name(target)
    there = "the rest" if reference == REST else canvas.short_name(reference)
    factor, unit = (100.0, "percentage points") if measure == "proportion" else (1.0, "bits")
    whole = f"all {len(table)} words together: {table['difference'].iloc[0] * factor:.3g} {unit}"
    parts = [f"{word['feature']} ({word['higher_in']})" for word in rows_of(drawn)]
    words = f"Word shift of {target} against {reference}, by {measure}; {whole}. "
    words += f"The largest, with the group that uses them more: {', '.join(parts)}."

    def row(word: dict[str, Any]) -> canvas.Row:
        uses = f"{word['count_target']} : {word['count_reference']}"
        articles = f"{several} {word['articles_target']} : {word['articles_reference']}"
        return canvas.Row(canvas.short_name(word["feature"]), beside=f"{uses}, {articles}")

    blocks = [("", list(map(row, rows_of(drawn))))]
    with canvas.draw_rows(ax, blocks, drawn, words, pitch=0.25) as ax:
        for y, word in zip(ax.get_yticks(), rows_of(drawn), strict=True):
            turned = -1 if mirrored and word["higher_in"] == reference else 1
            color, _ = styles.get(word["higher_in"], (canvas.NO_GROUP, ""))
            ax.barh(y, word["estimate"] * factor * turned, height=0.72, color=color)
        ax.axvline(0, color="#888888", lw=0.8)
        ends = max(map(abs, ax.get_xlim()))
        ax.set_xlim(-ends, ends)
        if mirrored:
            ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):g}")
        ax.set_xlabel(f"{SHIFTS_DRAWN[measure]}, {unit}")
        ax.set_title(f"Words that set {here} apart from {there}", pad=24, parse_math=False)
        sides = f"\u2190 more in {there}   |   more in {here} \u2192"
        note = f"{whole};  {sides}" if mirrored else whole
        ax.text(0, 1.02, note, transform=ax.transAxes, va="bottom", fontsize=8.5, parse_math=False)
    return ax
