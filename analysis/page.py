"""The report: one self-contained page, in which every number is a link to its sentences.

The page asks no network for anything, needs no script, and says so to the browser (a content
security policy that allows neither). Its words stand in ``wordings/*.toml``, its structure in
``pages/report.html``, its looks in ``pages/report.css``; everything that comes from articles,
metadata or a dictionary is escaped by Jinja, and nothing here marks it as safe.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.calibration import ARTICLES, DESIGNS, held
from analysis.counting import MEASURES
from analysis.dictionary import Dictionary, Topic
from analysis.languages import environment, read_wording
from analysis.ledger import anchors, cell_anchors, evidence_for
from analysis.linking import Links, linked_finding
from analysis.passages import (
    MOST_SENTENCES,
    Roles,
    cleaning_rules,
    passage,
    typical_words,
    visible,
    whole_articles,
)
from analysis.results import Result, rows_of
from analysis.selection import TOLD_APART
from analysis.variables import columns_of, group_labels
from analysis.wording import (
    called,
    format_p,
    format_percent,
    format_points,
    heading,
    label,
    spelled,
)

MOST_CONTRASTS = 40  # of a topic
MOST_BRIEF = 6  # topics in brief: those with the most telling findings
# What says most of a topic, most first; a contrast that tells groups apart goes before all.
_TELLING = ("ranking", "change", "presence", "absence", "background", "concentration", "contrast")
MOST_LETTERS = 2_000_000  # of all articles together, for their full texts to stand in the page


def report_html(
    title: str,
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    ledger: pd.DataFrame,
    emphasis: Result,
    contrasts: Result,
    findings: pd.DataFrame,
    by: str | Sequence[str],
    *,
    roles: pd.DataFrame | None = None,
    keyness: Result | None = None,
    stability: pd.DataFrame | None = None,
    figures: Iterable[tuple[str, str, str]] = (),
    made: Mapping[str, Any] | None = None,
    wording: str | Path | None = None,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return a study as one page of HTML: what was found, and every sentence it was found in.

    Parameters
    ----------
    title : str
        The study's title.
    articles, sentences : pandas.DataFrame
        From `read_articles` and `sentences`.
    dictionary : Dictionary
        What the sentences were coded with.
    ledger : pandas.DataFrame
        From `evidence`.
    emphasis, contrasts : Result
        From the functions of that name, by one measure.
    findings : pandas.DataFrame
        From `findings`.
    by : str or list of str
        The document variables that form the groups.
    roles : pandas.DataFrame, optional
        From `read_roles`: then each sentence behind a number says whether it is about the event.
    keyness : Result, optional
        From `keyness` of `counts` by its default vectorizer: the words most typical of each group,
        with every sentence that uses them.
    stability : pandas.DataFrame, optional
        From `ordering_stability`: in how many ways of counting each order holds.
    figures : iterable of (str, str, str)
        Name, SVG and alt text of each further figure.
    made : mapping, optional
        Settings, versions and inputs, as in ``run.json``; `warnings` among them.
    wording : str or path, optional
        The wording the findings were made with; needed where that is a file of your own.
    names : mapping, optional
        The names they were made with.

    Returns
    -------
    str
        A whole document. For each cell it shows as many sentences as were counted, up to
        `MOST_SENTENCES`; where it shows fewer it says so. The full articles follow, each
        sentence with its section and what was found in it, unless they are longer than
        `MOST_LETTERS` together.

    Raises
    ------
    InputError
        If the sentences of a cell do not add up to its number, or the text of a finding is not
        what its values and wording give.

    Examples
    --------
    >>> import analysis as an
    >>> texts = pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind grows. Wind pays.", "Coal grows. Coal pays."]})
    >>> table = an.sentences(texts)
    >>> energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    >>> ledger = an.evidence(table, an.matches(table, energy))
    >>> tally = an.tally(an.codes(table, energy), by="party")
    >>> emphasis, contrasts = an.emphasis(tally), an.contrasts(tally)
    >>> ways = an.specifications(table, energy, by="party")
    >>> told = an.findings(table, energy, emphasis, contrasts, ways)
    >>> page = report_html(
    ...     "Energy", texts, table, energy, ledger, emphasis, contrasts, told, by="party"
    ... )
    >>> page.count("<mark>Wind</mark>")
    4
    """
    columns = columns_of(by)
    wording = wording or findings["provenance"].iloc[0]["wording"]
    names = names or {}
    language = read_wording(wording)
    words = language["report"]
    spell = partial(spelled, words=language)
    with_text = articles if articles["text"].str.len().sum() <= MOST_LETTERS else articles.iloc[:0]
    place = cell_anchors(emphasis)
    topics, groups = (list(dict.fromkeys(str(key[side]) for key in place)) for side in (0, 1))
    every = zip(sentences["doc_id"], sentences["sentence_id"], strict=True)
    links = Links(
        cells=place,
        topics=anchors("topic", ((topic,) for topic in topics)),
        groups=anchors("group", ((group,) for group in groups)),
        articles=anchors("article", ((doc_id,) for doc_id in articles["doc_id"])),
        sentences={} if with_text.empty else anchors("s", every),
    )
    said = {
        (row["doc_id"], row["sentence_id"]): words["roles"][row["role"]]
        for row in ([] if roles is None else rows_of(roles))
    }
    cells = _cells(emphasis, sentences, ledger, columns, links, said, words, spell)
    told = [
        linked_finding(found, links, said, wording, names, words) for found in rows_of(findings)
    ]
    environment_ = environment(wording, html=True).overlay(trim_blocks=True, lstrip_blocks=True)
    environment_.filters |= {
        "called": lambda name: called(name, names),
        "heading": heading,
    }
    made = dict(made or {})

    measure, method = (emphasis.provenance[key] for key in ("measure", "method"))

    def say(key: str, **values: Any) -> Markup:
        return Markup(environment_.from_string(words[key]).render(values))

    page = environment_.from_string(_own("report.html"))
    html = page.render(
        say=say,
        style=Markup(_own("report.css")),  # our own file
        language=language["language"],
        title=title,
        headings=language["headings"],
        noun=environment_.filters["label"](called(list(columns), names)),
        totals={
            "articles": len(articles),
            "sentences": int((sentences["section"] == "body").sum()),
            "groups": len(groups),
            "topics": len(topics),
        },
        unit=words["units"][measure],
        level=emphasis.provenance["conf_level"],
        method=method,
        measure=measure,
        methods=[
            Markup(
                environment_.from_string(words["methods"][key]).render(
                    dictionary=dictionary.name, measure=measure, method=method
                )
            )
            for key in method_keys(measure, method)
        ],
        brief=_brief(told),
        general=[found for found in told if not found["topic"]],
        topics=[
            {
                "name": heading(called(topic, names)),
                "anchor": links.topics[(topic,)],
                "findings": [found for found in told if found["topic"] == topic],
                "cells": [cell for cell in cells if cell["topic"] == topic],
                "contrasts": _contrasts(contrasts, topic, links, stability, words, spell),
                "patterns": _patterns(dictionary, topic),
            }
            for topic in topics
        ],
        groups=[
            {
                "name": group,
                "anchor": links.groups[(group,)],
                "cells": [cell for cell in cells if cell["group"] == group],
                "articles": [
                    {"doc_id": doc_id, "anchor": links.articles[(doc_id,)]}
                    for doc_id, own in zip(
                        articles["doc_id"], group_labels(articles, columns), strict=True
                    )
                    if own == group
                ],
            }
            for group in groups
        ],
        most_contrasts=MOST_CONTRASTS,
        lists=[(name, list(items)) for name, items in dictionary.lists.items()],
        articles=whole_articles(
            with_text, articles, sentences, ledger, links.sentences, links.articles
        ),
        full=not with_text.empty,
        rules=cleaning_rules(sentences),
        words=typical_words(keyness, sentences, columns, links.sentences),
        figures=[
            {"title": words["figure_titles"].get(name, name), "source": _embedded(svg), "alt": alt}
            for name, svg, alt in figures
        ],
        calibration=[
            {"method": row["method"], "cells": [_range(row[number]) for number in ARTICLES]}
            for row in held().to_dict("records")
        ],
        sizes=ARTICLES,
        designs=len(DESIGNS),
        settings=_flat(made.get("settings", {})),
        versions=_flat({"analysis": made.get("analysis"), **made.get("packages", {})}),
        inputs=_flat(made.get("inputs", {})),
        warnings=made.get("warnings", ()),
    )
    return visible(html)


def method_keys(measure: str, method: str) -> tuple[str, ...]:
    """Return which texts of ``[report.methods]`` are true of a study, in their order."""
    return (
        "unit" if measure == "sentence_share" else "unit_other",
        "interval" if method == "moderated" else "interval_other",
        "contrast",
        "silence",
    )


def _brief(told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was compared, the most telling finding of each topic, and what cannot be shown."""
    kept = []
    for topic in dict.fromkeys(found["topic"] for found in told if found["topic"]):
        own = [found for found in told if found["topic"] == topic]
        own.sort(key=lambda found: (not found["told"], _TELLING.index(found["kind"])))
        kept.append(own[0])
    kept.sort(key=lambda found: (not found["told"], _TELLING.index(found["kind"])))
    anchors_ = {found["anchor"] for found in kept[:MOST_BRIEF]}
    frame = ("scope", "refusal")
    return [one for one in told if one["kind"] in frame or one["anchor"] in anchors_]


def _own(name: str) -> str:
    return (resources.files("analysis") / "pages" / name).read_text(encoding="utf-8")


def _cells(
    emphasis: Result,
    sentences: pd.DataFrame,
    ledger: pd.DataFrame,
    columns: Sequence[str],
    links: Links,
    roles: Roles,
    words: Mapping[str, Any],
    spell: Callable[[str], str],
) -> list[dict[str, Any]]:
    """Every group and topic: its number, its interval, and the sentences it was counted from."""
    table = emphasis.to_frame()
    table = table.assign(group=group_labels(table, columns))
    behind = evidence_for(emphasis, ledger, columns)
    behind = behind.assign(group=group_labels(behind, columns))
    own = dict(list(behind.groupby(["topic", "group"], sort=False)))
    body = sentences[sentences["section"] == "body"]
    # The articles of an estimate are what is drawn at random: outlets, say.
    articles = body.groupby(group_labels(body, columns))["doc_id"].nunique()
    measure = MEASURES[emphasis.provenance["measure"]]

    def written(value: float) -> str:
        return spell(format_percent(value) if measure.scale == 1 else f"{value:.1f}")

    highest = table["conf_high"].fillna(table["estimate"]).max()
    top = 1.0 if measure.scale == 1 else max(float(highest), 1e-9)
    largest = max(float(table["estimate"].max()), 1e-9)
    cells = []
    for cell in rows_of(table):
        key = (cell["topic"], cell["group"])
        rows = rows_of(own.get(key, behind.iloc[:0]))
        has_text, has_limits = bool(cell["size"]), pd.notna(cell["conf_high"])
        cells.append(
            {
                "anchor": links.cells[key],
                "topic": cell["topic"],
                "group": cell["group"],
                "hits": int(cell["hits"]),
                "size": int(cell["size"]),
                "articles": int(articles.get(cell["group"], 0)),
                "articles_with_topic": len({row["doc_id"] for row in rows}),
                "sentences": len(rows),
                "has_text": has_text,
                "share": written(cell["estimate"]) if has_text else "",
                "low": written(cell["conf_low"]) if has_limits else "",
                "high": written(cell["conf_high"]) if has_limits else "",
                "at": _part(cell["estimate"], top) if has_text else None,
                "left": _part(cell["conf_low"], top) if has_limits else None,
                "width": _part(cell["conf_high"] - cell["conf_low"], top) if has_limits else None,
                **_colour(cell["estimate"] / largest if has_text else None),
                "warnings": [_warning(name, words) for name in cell["warnings"].split()],
                "evidence": [
                    passage(
                        row, links.sentences, roles.get((row["doc_id"], row["sentence_id"]), "")
                    )
                    for row in rows[:MOST_SENTENCES]
                ],
            }
        )
    return cells


def _part(value: float, whole: float) -> str:
    return f"{100 * min(value / whole, 1.0):.2f}"


def _colour(part: float | None) -> dict[str, str]:
    """The background of a cell from white to a dark blue, and the ink that is read on it best."""
    if part is None:
        return {"paper": "#dddddd", "ink": "#000000"}
    light, dark = (244, 247, 251), (23, 62, 112)
    mixed = [round(a + (b - a) * part) for a, b in zip(light, dark, strict=True)]
    linear = [
        value / 3294.6 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in mixed
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    # White and black on this background have the same contrast at a luminance of .179 (WCAG 2).
    ink = "#ffffff" if luminance < 0.179 else "#000000"
    return {"paper": "#" + "".join(f"{value:02x}" for value in mixed), "ink": ink}


def _warning(name: str, words: Mapping[str, Any]) -> str:
    return str(words["warnings"].get(name, label(name)))


def _contrasts(
    contrasts: Result,
    topic: str,
    links: Links,
    stability: pd.DataFrame | None,
    words: Mapping[str, Any],
    spell: Callable[[str], str],
) -> dict[str, Any]:
    """The comparisons of a topic: those that tell groups apart first, then the largest."""
    keys = ["topic", "target", "reference"]
    table = contrasts.to_frame()
    table = _higher_first(table[table["topic"] == topic])
    if stability is not None and len(table):
        ways = stability[[*keys, "holds", "ways"]]
        table = table.merge(ways, on=keys, how="left", validate="one_to_one")
    scale = MEASURES[contrasts.provenance["measure"]].scale
    table = table.assign(told=table["status"].isin(TOLD_APART), wide=table["estimate"].abs())
    table = table.sort_values(["told", "wide"], ascending=False, kind="stable")
    rows = [
        {
            "sides": [
                {
                    "group": row[side],
                    "anchor": links.cells.get((topic, row[side])),
                    "hits": int(row[f"hits_{side}"]),
                    "size": int(row[f"size_{side}"]),
                }
                for side in ("target", "reference")
            ],
            "difference": spell(_points(row["estimate"], scale)),
            "low": spell(_points(row["conf_low"], scale)),
            "high": spell(_points(row["conf_high"], scale)),
            "p": spell(format_p(row["p_holm"]).removeprefix("= "))
            if pd.notna(row["p_holm"])
            else "",
            "holds": f"{int(row['holds'])}" if pd.notna(row.get("holds")) else "",
            "ways": f"{int(row['ways'])}" if row.get("ways", 0) > 0 else "",
            "status": words["status"].get(row["status"], row["status"]),
            "told": row["told"],
        }
        for row in rows_of(table.head(MOST_CONTRASTS))
    ]
    return {"rows": rows, "number": len(table)}


def _higher_first(contrasts: pd.DataFrame) -> pd.DataFrame:
    """Contrasts with the group of the larger share first; one turned round is its negative."""
    turned = contrasts["estimate"] < 0
    table = contrasts.copy()
    sides = ["", "hits_", "size_"]
    for one in sides:
        names = [f"{one}target", f"{one}reference"]
        table.loc[turned, names] = contrasts.loc[turned, names[::-1]].to_numpy()
    table.loc[turned, "estimate"] = -contrasts.loc[turned, "estimate"]
    limits = ["conf_low", "conf_high"]
    table.loc[turned, limits] = -contrasts.loc[turned, limits[::-1]].to_numpy()
    return table


def _points(value: float, scale: int) -> str:
    if pd.isna(value):
        return ""
    return format_points(value) if scale == 1 else f"{value:.1f}".replace("-", "\u2212")


def _patterns(dictionary: Dictionary, name: str) -> Topic | dict[str, Any]:
    """What is searched for on a topic; nothing, if its sentences were coded by hand."""
    for topic in dictionary.topics:
        if topic.name == name:
            return topic
    return {"description": "", "core": [], "exclude": []}


def _embedded(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def _range(rates: tuple[float, float] | None) -> str:
    if rates is None:
        return "–"
    least, most = (f"{100 * rate:.0f}" for rate in rates)
    return least if least == most else f"{least}–{most}"


def _flat(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (key, ", ".join(map(str, value)) if isinstance(value, list | tuple) else value)
        for key, value in values.items()
        if value not in (None, "", [], ())
    ]
