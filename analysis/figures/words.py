"""The word shift as a figure; the contract stands in `analysis.figures.canvas`."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from analysis.estimates.comparison import REST
from analysis.figures.canvas import NO_GROUP, axes_of, short_name, styles_of, write_beside
from analysis.figures.files import remember, style
from analysis.io.results import Result, rows_of

SHIFTS_DRAWN = {
    "proportion": "difference of the shares",
    "jensen_shannon": "contribution to the Jensen-Shannon divergence",
    "entropy": "contribution to the difference of entropy",
}


def plot_word_shift(
    result: Result, *, most: int = 20, groups: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Return an Axes with the words that carry the difference of two groups, as bars both ways.

    Parameters
    ----------
    result : Result
        From `word_shift`.
    most : int
        How many words, those that contribute most.
    groups : sequence of str, optional
        All groups of the study, so that colours are the same in every figure.
    ax : matplotlib.axes.Axes, optional
        Where to draw; default, a new figure.

    Notes
    -----
    What all words add up to stands above; uses and articles, target : reference, at the right.
    The colour is that of the group that uses the word more; contributions to the Jensen-Shannon
    divergence, none of which is negative, point to its side.
    """
    table = result.to_frame()
    drawn = table.head(most)
    measure, target, reference = (
        result.provenance[key] for key in ("measure", "target", "reference")
    )
    colors = {REST: NO_GROUP} | {
        group: color
        for group, (color, _) in styles_of(groups or {target, reference} - {REST}).items()
    }
    mirrored = measure == "jensen_shannon"
    here, there = short_name(target), "the rest" if reference == REST else short_name(reference)
    factor, unit = (100.0, "percentage points") if measure == "proportion" else (1.0, "bits")
    with style():
        ax = axes_of(ax, 7.2, 1.3 + 0.25 * len(drawn))
        for y, word in enumerate(rows_of(drawn)):
            width = word["estimate"] * factor
            if mirrored and word["higher_in"] == reference:
                width = -width
            ax.barh(-y, width, height=0.72, color=colors.get(word["higher_in"], NO_GROUP))
            uses = f"{word['count_target']} : {word['count_reference']}"
            write_beside(
                ax, -y, f"{uses}, articles {word['articles_target']} : {word['articles_reference']}"
            )
        ax.axvline(0, color="#888888", lw=0.8)
        ends = max(map(abs, ax.get_xlim()))
        ax.set_xlim(-ends, ends)
        ax.set_ylim(-len(drawn) + 0.4, 0.6)
        names = [short_name(feature) for feature in drawn["feature"]]
        ax.set_yticks(range(0, -len(drawn), -1), names, parse_math=False)
        if mirrored:
            ax.xaxis.set_major_formatter(lambda x, _: f"{abs(x):g}")
        ax.set_xlabel(f"{SHIFTS_DRAWN[measure]}, {unit}")
        ax.set_title(f"Words that set {here} apart from {there}", pad=24, parse_math=False)
        whole = (
            f"all {len(table)} words together: {table['difference'].iloc[0] * factor:.3g} {unit}"
        )
        sides = f"\u2190 more in {there}   |   more in {here} \u2192"
        note = f"{whole};  {sides}" if mirrored else whole
        ax.text(0, 1.02, note, transform=ax.transAxes, va="bottom", fontsize=8.5, parse_math=False)
    words = [f"{row['feature']} ({row['higher_in']})" for row in rows_of(drawn)]
    alt = f"Word shift of {target} against {reference}, by {measure}; {whole}."
    return remember(
        ax, drawn, f"{alt} The largest, with the group that uses them more: {', '.join(words)}."
    )
