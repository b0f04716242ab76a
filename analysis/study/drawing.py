"""Which figures a study has, and the finding that its slide shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.corpus.segmentation import segment
from analysis.io.results import rows_of
from analysis.report.curves import leading_curve
from analysis.topics.coding import coded_on, positions_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from analysis.study.study import Study


def figures_of(study: Study, *, texts: bool = True) -> dict[str, Axes]:
    """Return the figures of a study by name; each says on itself what it has no room for.

    Without `texts` those that can be drawn of a tally.
    """
    from analysis.figures.curves import plot_specifications
    from analysis.figures.differences import plot_contrasts, plot_trend
    from analysis.figures.positions import plot_positions
    from analysis.figures.shares import plot_emphasis, plot_heatmap
    from analysis.figures.slides import plot_slide
    from analysis.figures.words import plot_keyness

    groups, emphasis = study.groups, study.emphasis()
    called = emphasis.provenance
    unit = called.get("unit", "article"), called.get("units", "")
    report = "report.html" if texts else None
    drawn: dict[str, Axes] = {}
    if told := slide_of(study):
        drawn["slide"] = plot_slide(emphasis, **told, groups=groups, source=study.settings.title)
    drawn["emphasis"] = plot_emphasis(emphasis, groups=groups, report=report)
    drawn["heatmap"] = plot_heatmap(emphasis, report=report)
    if (words := study.keyness()) is not None:
        drawn["wording"] = plot_keyness(words, groups=groups)
    if texts and (curve := leading_curve(emphasis, study.specifications)) is not None:
        drawn["robustness"] = plot_specifications(curve, groups=groups)
    if len(study.contrasts().estimates):
        drawn["contrasts"] = plot_contrasts(study.contrasts())
    if (change := study.trend()) is not None:
        topic = changing_most(change.to_frame())
        drawn["trend"] = plot_trend(change, topic=topic, groups=groups)
    if texts and len(where := _positions(study)):
        drawn["positions"] = plot_positions(where, by=study.by, groups=groups, unit=unit)
    return drawn


def _positions(study: Study) -> pd.DataFrame:
    """The positions, with what is drawn of them alone: of many sentences they take much memory."""
    names = ["doc_id", *study.by]
    own = study.sentences[[*names, "sentence_id", "section"]]
    own = own.astype(dict.fromkeys(names, "category"))
    coded = coded_on(study.sentences, study.places)
    return positions_of(own, coded, study.dictionary.topic_names)


def slide_of(study: Study) -> dict[str, Any] | None:
    """Return what the slide says: its title, its topic, the group that stands out; or None.

    It is what stands out in the lead; where nothing does, the first topic that is mentioned.
    """
    found = study.findings()
    said = study.language.words["report"]["slide"]
    for values in found.loc[found["kind"] == "lead", "values"]:
        if values["out"]:
            topic, group = values["out_topic"], values["out"][0]["higher"]["name"]
        elif one := values["pair"]:
            topic, group = one["topic"], one["higher"]["name"]
        elif one := values["leading"]:
            topic, group = one["topic"], one["top"]["name"]
        else:
            continue
        called = study.language.called(values)
        title = study.language.environment().from_string(said).render(called)
        return {"title": title, "topic": topic, "highlight": group}
    stories = [row for row in rows_of(found) if row["kind"] == "story" and row["values"]["hits"]]
    if not stories:
        return None
    _, start, end = segment([stories[0]["text"]])[0]
    title = stories[0]["text"][start:end]
    name = study.language.heading(stories[0]["topic"])
    return {"title": f"{name}: {title}", "topic": stories[0]["topic"], "highlight": None}


def changing_most(change: pd.DataFrame) -> str:
    """Return the topic of the slope with the smallest p; without slopes, the most mentioned one."""
    slopes = change.groupby("topic")["slope_p_value"].min()
    if slopes.notna().any():
        return str(slopes.idxmin())
    return str(change.groupby("topic")["hits"].sum().idxmax())
