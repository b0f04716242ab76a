"""Which figures a study has, and the finding that its slide shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.corpus.segmentation import segment
from analysis.io.results import rows_of
from analysis.report.curves import leading_curve
from analysis.topics.coding import positions

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.study.study import Study

# Findings that name a group and a topic, those that make the better slide first.
_TELLING = ("ranking", "presence")


def figures_of(study: Study) -> dict[str, Axes]:
    """Return the figures of a study by name; each says on itself what it has no room for."""
    from analysis.figures.curves import plot_specifications
    from analysis.figures.differences import plot_contrasts, plot_trend
    from analysis.figures.positions import plot_positions
    from analysis.figures.shares import plot_emphasis, plot_heatmap
    from analysis.figures.slides import plot_slide
    from analysis.figures.words import plot_keyness

    groups, emphasis = study.groups, study.emphasis()
    drawn: dict[str, Axes] = {}
    if told := slide_finding(study.findings()):
        drawn["slide"] = plot_slide(emphasis, **told, groups=groups, source=study.settings.title)
    drawn["emphasis"] = plot_emphasis(emphasis, groups=groups, report="report.html")
    drawn["heatmap"] = plot_heatmap(emphasis, report="report.html")
    if (words := study.keyness()) is not None:
        drawn["wording"] = plot_keyness(words, groups=groups)
    if (curve := leading_curve(emphasis, study.specifications)) is not None:
        drawn["robustness"] = plot_specifications(curve, groups=groups)
    if len(study.contrasts().estimates):
        drawn["contrasts"] = plot_contrasts(study.contrasts())
    if (change := study.trend()) is not None:
        topic = changing_most(change.to_frame())
        drawn["trend"] = plot_trend(change, topic=topic, groups=groups)
    if len(where := positions(study.codes)):
        drawn["positions"] = plot_positions(where, by=study.by, groups=groups)
    return drawn


def slide_finding(findings: pd.DataFrame) -> dict[str, Any] | None:
    """Return what the slide says: its title, its topic, the group that stands out; or None.

    It is the ranking with the largest difference in these articles; without one, the first topic
    that is mentioned at all.
    """
    rows = [row for row in rows_of(findings) if row["kind"] in _TELLING and row["topic"]]
    if not rows:
        return None

    def lead(row: dict[str, Any]) -> tuple[int, float]:
        if row["kind"] != _TELLING[0]:
            return 1, 0.0
        top, runner = row["values"]["top"], row["values"]["runners"][0]
        return 0, runner["share"] - top["share"]

    found = min(rows, key=lead)
    _, start, end = segment([found["text"]])[0]
    return {
        "title": found["text"][start:end],
        "topic": found["topic"],
        "highlight": found["groups"][0] if found["groups"] else None,
    }


def changing_most(change: pd.DataFrame) -> str:
    """Return the topic of the slope with the smallest p; without slopes, the most mentioned one."""
    slopes = change.groupby("topic")["slope_p_value"].min()
    if slopes.notna().any():
        return str(slopes.idxmin())
    return str(change.groupby("topic")["hits"].sum().idxmax())
