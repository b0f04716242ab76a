"""Where in the articles topics stand, and how shares change: the pictures that the page draws.

Each mark leads to its sentences. The pictures stretch; their words are the page's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.estimates.measures import MEASURES
from analysis.figures.colours import axis_end
from analysis.io.results import Result, rows_of
from analysis.topics.evidence import Anchors

MOST_BOXES = 100  # of an article: where it has more sentences, a box is several
MOST_STRIPS = 60  # of articles and topics together
MOST_BEHIND = 20  # sentences that one mark leads to
MOST_LINES = 8  # of a trend; the other groups are a band


def strips_shown(
    sentences: pd.DataFrame,
    evidence: pd.DataFrame,
    topics: Sequence[str],
    own: Mapping[str, str],
    places: Anchors,
) -> dict[str, Any]:
    """The articles with the most sentences on a topic, as strips; `own` has each one's group."""
    body = sentences[sentences["section"] == "body"]
    body = body.assign(position=body.groupby("doc_id").cumcount())
    sizes = body.groupby("doc_id").size()
    keys = ["doc_id", "sentence_id"]
    found = evidence[[*keys, "topic"]].merge(body[[*keys, "position"]], on=keys)
    hits = found["doc_id"].value_counts()
    ranked = sorted(sizes.index, key=lambda doc_id: -hits.get(doc_id, 0))
    chosen = set(ranked[: max(1, MOST_STRIPS // max(1, len(topics)))])
    per = -(-int(sizes[list(chosen)].max()) // MOST_BOXES) if chosen else 1
    found = found[found["doc_id"].isin(chosen)]
    cells = dict(list(found.groupby(["doc_id", "topic"], sort=False)))
    articles = []
    for doc_id in sorted(chosen, key=lambda doc_id: (own[doc_id], doc_id)):
        strips = []
        for topic in topics:
            boxes: dict[int, list[int]] = {}
            for row in rows_of(cells.get((doc_id, topic), found.iloc[:0])):
                boxes.setdefault(row["position"] // per, []).append(row["sentence_id"])
            fullest = max(map(len, boxes.values()), default=1)
            marks = [
                {
                    "part": round(0.3 + 0.7 * len(ids) / fullest, 2) if per > 1 else 1,
                    "x": box * per,
                    "first": box * per + 1,
                    "to": [places[(doc_id, n)] for n in ids[:MOST_BEHIND] if (doc_id, n) in places],
                }
                for box, ids in sorted(boxes.items())
            ]
            strips.append({"topic": topic, "marks": marks})
        size = int(sizes[doc_id])
        articles.append({"doc_id": doc_id, "group": own[doc_id], "size": size, "strips": strips})
    longest = max((one["size"] for one in articles), default=0)
    return {"articles": articles, "number": len(sizes), "per": per, "longest": longest}


def trends_shown(
    change: Result | None, colors: Mapping[str, str], cells: Anchors
) -> dict[str, dict[str, Any]]:
    """Of each topic the share of every group, period by period, as lines."""
    if change is None:
        return {}
    table, period = change.to_frame(), change.provenance["period"]
    periods = list(change.provenance["periods"])
    by = [key for key in change.by if key != period]
    table = table.assign(group=group_labels(table, by) if by else "")
    shares = MEASURES[change.measure].scale == 1
    shown = {}
    for topic, own in table.groupby("topic", sort=True):
        highest = float(own["conf_high"].fillna(own["estimate"]).max())
        end = axis_end(highest) if shares else highest or 1.0
        spread = own.groupby("group")["estimate"].agg(lambda share: share.max() - share.min())
        first = set(spread.sort_values(ascending=False, kind="stable").index[:MOST_LINES])
        rest = own[~own["group"].isin(first)]
        shown[str(topic)] = {
            "periods": [str(name) for name in periods],
            "end": end,
            "shares": shares,
            "period": period,
            "others": rest["group"].nunique(),
            "band": _band(rest, period, periods, end),
            "lines": [
                {
                    "group": group,
                    "color": colors.get(str(group), "#0b57a4"),
                    "anchor": cells.get((topic, group), ""),
                    **_line(part, period, periods, end, 0.9 * (number - (len(first) - 1) / 2)),
                }
                for number, (group, part) in enumerate(
                    own[own["group"].isin(first)].groupby("group", sort=True)
                )
            ],
        }
    return shown


def _line(
    part: pd.DataFrame, period: str, periods: Sequence[Any], end: float, aside: float
) -> dict[str, str]:
    """The paths of a group: its line, broken where there is no text, its dots, its intervals.

    Groups stand `aside` of one another, so that intervals of one period do not cover each other.
    """
    line, dots, limits, broken = "", "", "", True
    for row in rows_of(part):
        if pd.isna(row["estimate"]):
            broken = True
            continue
        x, y = round(10 * periods.index(row[period]) + aside, 1), _down(row["estimate"], end)
        x = int(x) if x == int(x) else x
        line += f"{'M' if broken else 'L'}{x} {y:g}"
        dots += f"M{x} {y:g}h0"
        broken = False
        if pd.notna(row["conf_high"]):
            limits += f"M{x} {_down(row['conf_low'], end):g}V{_down(row['conf_high'], end):g}"
    return {"line": line, "dots": dots, "limits": limits}


def _band(rest: pd.DataFrame, period: str, periods: Sequence[Any], end: float) -> str:
    """The path from the lowest to the highest share of the other groups, period by period."""
    ends = rest.groupby(period)["estimate"].agg(["min", "max"]).reindex(list(periods)).reset_index()
    known = ends.dropna()
    lower, upper = (
        [f"{10 * place} {_down(y, end):g}" for place, y in zip(known.index, known[of], strict=True)]
        for of in ("min", "max")
    )
    return f"M{'L'.join([*lower, *reversed(upper)])}Z" if lower else ""


def _down(value: float, end: float) -> float:
    return round(100 * (1 - min(value / end, 1.0)), 2)
