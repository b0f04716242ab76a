"""What the report shows of numbers: cells and comparisons, each with links to its sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.estimates.measures import MEASURES
from analysis.figures.colours import NO_TEXT, axis_end, shade
from analysis.io.results import Result, rows_of
from analysis.prose.context import DISTINGUISHABLE, higher_first
from analysis.prose.language import Language
from analysis.prose.numbers import format_p, format_percent, format_points, label
from analysis.report.links import Links
from analysis.report.passages import MOST_SENTENCES, MOST_SHOWN, Roles, at_most, passage
from analysis.topics.evidence import evidence_for

MOST_CONTRASTS = 40  # of a topic; fewer of each where there are many


def cells_shown(
    emphasis: Result,
    sentences: pd.DataFrame,
    evidence: pd.DataFrame,
    *,
    columns: Sequence[str],
    links: Links,
    roles: Roles,
    language: Language,
) -> list[dict[str, Any]]:
    """Every group and topic: its number, its interval, and the sentences it was counted from."""
    words, table = language.words["report"], emphasis.to_frame()
    table = table.assign(group=group_labels(table, columns))
    behind = evidence_for(emphasis, evidence, by=columns)
    behind = behind.assign(group=group_labels(behind, columns))
    own = dict(list(behind.groupby(["topic", "group"], sort=False)))
    body = sentences[sentences["section"] == "body"]
    # The articles of an estimate are what is drawn at random: outlets, say.
    articles = body.groupby(group_labels(body, columns))["doc_id"].nunique()
    measure = MEASURES[emphasis.measure]

    def written(value: float, *beside: float) -> str:
        form = format_percent(value, *beside) if measure.scale == 1 else f"{value:.1f}"
        return language.spelled(form)

    highest = table["conf_high"].fillna(table["estimate"]).max()
    top = axis_end(float(highest)) if measure.scale == 1 else max(float(highest), 1e-9)
    shown = at_most(behind.groupby(["topic", "group"]).size(), MOST_SHOWN, MOST_SENTENCES)
    largest = max(float(table["estimate"].max()), 1e-9)
    cells = []
    for cell in rows_of(table):
        key = (cell["topic"], cell["group"])
        rows = own.get(key, behind.iloc[:0])
        paper, ink = shade(cell["estimate"] / largest) if cell["size"] else (NO_TEXT, "#000000")
        has_text, has_limits = bool(cell["size"]), pd.notna(cell["conf_high"])
        cells.append(
            {
                "anchor": links.cells[key],
                "topic": cell["topic"],
                "group": cell["group"],
                "end": written(top) if measure.scale == 1 and top < 1 else "",
                "hits": int(cell["hits"]),
                "size": int(cell["size"]),
                "articles": int(articles.get(cell["group"], 0)),
                "articles_with_topic": rows["doc_id"].nunique(),
                "sentences": len(rows),
                "has_text": has_text,
                "share": written(cell["estimate"]) if has_text else "",
                "low": written(cell["conf_low"], cell["conf_high"]) if has_limits else "",
                "high": written(cell["conf_high"], cell["conf_low"]) if has_limits else "",
                "at": _part(cell["estimate"], top) if has_text else None,
                "left": _part(cell["conf_low"], top) if has_limits else None,
                "width": _part(cell["conf_high"] - cell["conf_low"], top) if has_limits else None,
                "value": float(cell["estimate"]) if has_text else "",
                "paper": paper,
                "ink": ink,
                "warnings": [
                    words["warnings"].get(name, label(name)) for name in cell["warnings"].split()
                ],
                "evidence": [
                    passage(
                        row, links.sentences, roles.get((row["doc_id"], row["sentence_id"]), "")
                    )
                    for row in rows_of(rows.head(shown))
                ],
            }
        )
    return cells


def _part(value: float, whole: float) -> str:
    return f"{100 * min(value / whole, 1.0):.2f}"


def head_width(name: str) -> float:
    """Return how wide a column is, in rem, so that no word of its head is broken."""
    return round(max(6.5, 0.62 * min(max(map(len, name.split()), default=0), 28) + 1.4), 1)


def contrasts_shown(
    contrasts: Result,
    topic: str,
    links: Links,
    stability: pd.DataFrame | None,
    language: Language,
) -> dict[str, Any]:
    """The comparisons of a topic: those that are distinguishable first, then the largest."""
    table = contrasts.to_frame()
    rows = [higher_first(row) for row in rows_of(table[table["topic"] == topic])]
    # Those that cannot be estimated come last.
    rows.sort(key=lambda row: -row["estimate"] if pd.notna(row["estimate"]) else 1.0)
    rows.sort(key=lambda row: row["status"] not in DISTINGUISHABLE)
    ways = {
        (row["topic"], row["target"], row["reference"]): row
        for row in ([] if stability is None else rows_of(stability))
    }
    status = language.words["report"]["status"]

    def points(value: float) -> str:
        if pd.isna(value):
            return ""
        if MEASURES[contrasts.measure].scale == 1:
            return language.spelled(format_points(value))
        return language.spelled(f"{value:.1f}".replace("-", "\u2212"))

    shown = []
    topics = contrasts.to_frame()["topic"].nunique()
    most = min(MOST_CONTRASTS, max(6, 10 * MOST_CONTRASTS // max(1, topics)))
    for row in rows[:most]:
        order = ways.get((topic, row["target"], row["reference"]), {"ways": 0})
        p = format_p(row["p_adjusted"]).removeprefix("= ") if pd.notna(row["p_adjusted"]) else ""
        sides = [
            {
                "group": row[side],
                "anchor": links.cells.get((topic, row[side])),
                "hits": int(row[f"hits_{side}"]),
                "size": int(row[f"size_{side}"]),
            }
            for side in ("target", "reference")
        ]
        shown.append(
            {
                "sides": sides,
                "value": "" if pd.isna(row["estimate"]) else f"{row['estimate']:.6g}",
                "p_value": "" if pd.isna(row["p_adjusted"]) else f"{row['p_adjusted']:.6g}",
                "difference": points(row["estimate"]),
                "low": points(row["conf_low"]),
                "high": points(row["conf_high"]),
                "p": language.spelled(p),
                "holds": f"{order['holds']:.0f}" if order["ways"] else "",
                "ways": f"{order['ways']:.0f}" if order["ways"] else "",
                "status": status.get(row["status"], row["status"]),
                "distinguishable": row["status"] in DISTINGUISHABLE,
            }
        )
    return {"rows": shown, "number": len(rows)}
