"""The report: one self-contained page, in which every number is a link to its sentences.

The page asks no network for anything, needs no script, and says so to the browser (a content
security policy that allows neither). Its words stand in ``wordings/*.toml``, its structure in
``pages/report.html``, its looks in ``pages/report.css``; everything that comes from articles,
metadata or a dictionary is escaped by Jinja, and nothing here marks it as safe.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from analysis.calibration import ARTICLES, held
from analysis.counting import MEASURES
from analysis.dictionary import Dictionary, Topic
from analysis.errors import InputError
from analysis.facts import Finding
from analysis.keywords import most_typical
from analysis.languages import environment, read_wording, worded
from analysis.ledger import Anchors, anchors, cell_anchors, evidence_for
from analysis.report import mark
from analysis.results import Result, rows_of
from analysis.selection import TOLD_APART
from analysis.variables import columns_of, group_labels
from analysis.wording import (
    Linked,
    called,
    format_p,
    format_percent,
    format_points,
    heading,
    label,
    spelled,
)

MOST_SENTENCES = 200  # of a cell, shown in the page; evidence.csv has them all
MOST_CONTRASTS = 40  # of a topic
MOST_LETTERS = 2_000_000  # of all articles together, for their full texts to stand in the page
_BRIEF = ("scope", "ranking", "change", "refusal")

# Letters that a browser would obey or cannot show: controls, directions, halves of a pair.
_UNSHOWN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


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
    places = anchors("s", zip(sentences["doc_id"], sentences["sentence_id"], strict=True))
    if with_text.empty:
        places = {}
    said = {
        (row["doc_id"], row["sentence_id"]): words["roles"][row["role"]]
        for row in ([] if roles is None else rows_of(roles))
    }
    cells = _cells(emphasis, sentences, ledger, columns, places, said, words, spell)
    groups = list(dict.fromkeys(cell["group"] for cell in cells))
    topics = list(dict.fromkeys(cell["topic"] for cell in cells))
    links = cell_anchors(emphasis)
    link_topic = anchors("topic", ((topic,) for topic in topics))
    link_group = anchors("group", ((group,) for group in groups))
    link_article = anchors("article", ((doc_id,) for doc_id in articles["doc_id"]))
    told = [
        _finding(found, links, link_topic, link_group, places, wording, names, words)
        for found in rows_of(findings)
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
        brief=[found for found in told if found["brief"]],
        general=[found for found in told if not found["topic"]],
        topics=[
            {
                "name": heading(called(topic, names)),
                "anchor": link_topic[(topic,)],
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
                "anchor": link_group[(group,)],
                "cells": [cell for cell in cells if cell["group"] == group],
                "articles": [
                    {"doc_id": doc_id, "anchor": link_article[(doc_id,)]}
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
        articles=_articles(with_text, articles, sentences, ledger, places, link_article),
        full=not with_text.empty,
        rules=_rules(sentences),
        words=_typical_words(keyness, sentences, columns, places),
        figures=[
            {"title": words["figure_titles"].get(name, name), "source": _embedded(svg), "alt": alt}
            for name, svg, alt in figures
        ],
        calibration=[
            {"method": row["method"], "cells": [_range(row[number]) for number in ARTICLES]}
            for row in held().to_dict("records")
        ],
        sizes=ARTICLES,
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


def _own(name: str) -> str:
    return (resources.files("analysis") / "pages" / name).read_text(encoding="utf-8")


def visible(text: Any) -> str:
    """Return a text as it may be shown: what a browser would obey or refuse is named instead."""
    return _UNSHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", str(text))


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> Markup:
    return Markup(mark(text, spans, "<mark>", "</mark>", escape))


def _cells(
    emphasis: Result,
    sentences: pd.DataFrame,
    ledger: pd.DataFrame,
    columns: Sequence[str],
    places: Anchors,
    roles: Mapping[tuple[str, int], str],
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
    links = cell_anchors(emphasis)
    cells = []
    for cell in rows_of(table):
        key = (cell["topic"], cell["group"])
        rows = rows_of(own.get(key, behind.iloc[:0]))
        has_text, has_limits = bool(cell["size"]), pd.notna(cell["conf_high"])
        cells.append(
            {
                "anchor": links[key],
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
                    _sentence(row, places, roles.get((row["doc_id"], row["sentence_id"]), ""))
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


def _sentence(row: Mapping[str, Any], places: Anchors, note: str = "") -> dict[str, Any]:
    return {
        "html": _marked(row["quote"], row["spans"]),
        "doc_id": row["doc_id"],
        "start": int(row["start"]),
        "end": int(row["end"]),
        "place": places.get((row["doc_id"], row["sentence_id"])),
        "patterns": list(dict.fromkeys(row["patterns"])),
        "note": note,
    }


def _finding(
    found: Finding,
    links: Anchors,
    link_topic: Anchors,
    link_group: Anchors,
    places: Anchors,
    wording: str | Path,
    names: Mapping[str, str],
    words: Mapping[str, Any],
) -> dict[str, Any]:
    """A finding as the page shows it: the same text, its counts linked to their sentences."""
    anchor, topic = str(found["id"]), found["topic"] or ""
    values = _linked(found["values"], topic, links, link_group)
    if not topic and found["evidence"]:
        values = _link_own(values, anchor)
    html = Markup(worded(found["provenance"]["template"], values, wording, names, html=True))
    if html.striptags() != Markup(escape(found["text"])).striptags():
        raise InputError(
            f"the text of finding {anchor} is not what its values give",
            do="make the findings anew: their texts are not to be edited",
        )
    cells = [
        {"group": group, "anchor": links[(topic, group)]}
        for group in found["groups"]
        if (topic, group) in links
    ]
    told = found["status"] in TOLD_APART
    return {
        "anchor": anchor,
        "topic": topic,
        "kind": found["kind"],
        "html": html,
        "status": words["status"].get(found["status"], found["status"]),
        "told": told,
        "brief": found["kind"] in _BRIEF or told,
        "cells": cells,
        "searched": len(found["searched"]) if found["kind"] == "absence" else 0,
        # Two hyphens, here and in the page: no anchor of another name has them.
        "patterns": f"{link_topic[(topic,)]}--patterns" if topic else "",
        # A finding on several topics shows its sentences itself: no cell holds them.
        "evidence": [] if topic else _quoted(found["evidence"], places),
    }


def _quoted(quotes: Sequence[Mapping[str, Any]], places: Anchors) -> list[dict[str, Any]]:
    """Each sentence of a finding once, with all that was matched in it."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for quote in quotes:
        key = (quote["doc_id"], quote["sentence_id"])
        row = found.setdefault(key, dict(quote) | {"spans": [], "patterns": []})
        row["spans"] += quote["spans"]
        row["patterns"] += quote["patterns"]
    return [_sentence(row, places) for row in found.values()]


def _linked(
    value: Any,
    topic: str,
    links: Anchors,
    link_group: Anchors,
) -> Any:
    """Values of a finding with the counts of a group leading to its sentences."""
    if isinstance(value, list):
        return [_linked(item, topic, links, link_group) for item in value]
    if not isinstance(value, dict):
        return value
    linked = {  # a period is no group, even one of the same name
        key: item if key == "periods" else _linked(item, topic, links, link_group)
        for key, item in value.items()
    }
    name = value.get("name")
    if "hits" in value and (topic, name) in links:
        linked["hits"] = Linked(value["hits"], links[(topic, name)])
    if "events" in value:  # a part of the cell's sentences: those about the reported event
        linked["events"] = Linked(value["events"], links[(topic, value["group"]["name"])])
    if value.get("carrier"):
        # The article that carries a group: its sentences are among those of the group's cell.
        group = value["top"] if "top" in value else value["group"]
        cell = links[(topic, group["name"])]
        linked["carrier"] |= {
            key: Linked(value["carrier"][key], cell) for key in ("hits", "rest_hits")
        }
    if "size" in value and not topic and (name,) in link_group:
        linked["size"] = Linked(value["size"], link_group[(name,)])
    return linked


def _link_own(values: dict[str, Any], anchor: str) -> dict[str, Any]:
    """Counts of a finding that shows its sentences itself lead to them."""
    own = f"{anchor}-sentences"
    linked = dict(values)
    if "hits" in values:
        linked["hits"] = Linked(values["hits"], own)
    if "sets" in values:
        linked["sets"] = [entry | {"hits": Linked(entry["hits"], own)} for entry in values["sets"]]
    return linked


def _contrasts(
    contrasts: Result,
    topic: str,
    links: Anchors,
    stability: pd.DataFrame | None,
    words: Mapping[str, Any],
    spell: Callable[[str], str],
) -> dict[str, Any]:
    """The comparisons of a topic: those that tell groups apart first, then the largest."""
    keys = ["topic", "target", "reference"]
    table = contrasts.to_frame()
    table = table[table["topic"] == topic]
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
                    "anchor": links.get((topic, row[side])),
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
            "ways": f"{int(row['ways'])}" if pd.notna(row.get("ways")) else "",
            "status": words["status"].get(row["status"], row["status"]),
            "told": row["told"],
        }
        for row in rows_of(table.head(MOST_CONTRASTS))
    ]
    return {"rows": rows, "number": len(table)}


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


def _typical_words(
    keyness: Result | None, sentences: pd.DataFrame, columns: Sequence[str], places: Anchors
) -> list[dict[str, Any]]:
    """Of each group its most typical words, and the sentences that use them, its own first."""
    if keyness is None:
        return []
    from analysis.vectorize import word_uses

    drawn = most_typical(keyness)
    uses = word_uses(sentences, drawn["feature"].unique().tolist())
    uses = uses.assign(group=group_labels(uses, columns))
    own = dict(list(uses.groupby("feature", sort=False)))
    groups: dict[str, list[dict[str, Any]]] = {}
    for word in rows_of(drawn):
        rows = own[word["feature"]]
        here = rows["group"] == word["target"]
        numbers = [int(rows.loc[side, "spans"].map(len).sum()) for side in (here, ~here)]
        counted = [word["count_target"], word["count_reference"]]
        if numbers != counted and word["reference"] == "rest":
            raise InputError(
                f"{word['feature']!r} in {word['target']}: {counted} uses are counted and "
                f"{numbers} can be shown",
                do="make keyness from `counts` of the same sentences, by its default vectorizer",
            )
        ordered = rows_of(pd.concat([rows[here], rows[~here]]))
        groups.setdefault(word["target"], []).append(
            {
                "word": word["feature"],
                "here": numbers[0],
                "elsewhere": numbers[1],
                "articles": int(word["articles_target"]),
                "evidence": [
                    _sentence(row | {"patterns": []}, places, row["group"])
                    for row in ordered[:MOST_SENTENCES]
                ],
                "number": len(ordered),
            }
        )
    return [{"name": name, "words": words} for name, words in groups.items()]


def _articles(
    with_text: pd.DataFrame,
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    ledger: pd.DataFrame,
    places: Anchors,
    link_article: Anchors,
) -> list[dict[str, Any]]:
    """Every article: what is known of it, and its whole text, sentence by sentence."""
    texts = dict(zip(with_text["doc_id"], with_text["text"], strict=True))
    own = dict(list(sentences.groupby("doc_id", sort=False)))
    spans: dict[tuple[str, int], list[tuple[int, int]]] = {}
    topics: dict[tuple[str, int], list[str]] = {}
    for row in rows_of(ledger):
        key = (row["doc_id"], row["sentence_id"])
        spans.setdefault(key, []).extend(row["spans"])
        topics.setdefault(key, []).append(row["topic"])
    shown = []
    for article in rows_of(articles.drop(columns="text")):
        doc_id = article.pop("doc_id")
        rows = rows_of(own.get(doc_id, sentences.iloc[:0]))
        shown.append(
            {
                "anchor": link_article[(doc_id,)],
                "doc_id": doc_id,
                "variables": [
                    (key, value)
                    for key, value in article.items()
                    if pd.notna(value) and str(value) != ""
                ],
                "body": sum(row["section"] == "body" for row in rows),
                "furniture": sum(row["section"] == "furniture" for row in rows),
                "pieces": _pieces(texts.get(doc_id, ""), rows, spans, topics, places),
            }
        )
    return shown


def _pieces(
    text: str,
    rows: Sequence[Mapping[str, Any]],
    spans: Mapping[tuple[str, int], list[tuple[int, int]]],
    topics: Mapping[tuple[str, int], list[str]],
    places: Anchors,
) -> list[dict[str, Any]]:
    """The text as given, cut into sentences and what stands between them."""
    if not text:
        return []
    pieces: list[dict[str, Any]] = []
    place, last = 0, ("body", "")
    for row in rows:
        if row["section"] == "empty":
            continue
        key = (row["doc_id"], row["sentence_id"])
        if row["start"] > place:
            pieces.append({"gap": text[place : row["start"]]})
        place = max(place, row["end"])
        kind = (row["section"], row["rule"])
        pieces.append(
            {
                "anchor": places[key],
                "section": row["section"],
                "rule": row["rule"] if kind != last else "",
                "html": _marked(row["text"], spans.get(key, [])),
                "topics": topics.get(key, []),
            }
        )
        last = kind
    return [*pieces, {"gap": text[place:]}]


def _rules(sentences: pd.DataFrame) -> list[dict[str, Any]]:
    """What cleaning took out: the sentences of each rule."""
    out = sentences[sentences["section"] == "furniture"]
    counted = out.groupby("rule", sort=False).agg(
        sentences=("text", "size"), articles=("doc_id", "nunique"), example=("text", "first")
    )
    rows = rows_of(counted.reset_index())
    return [row | {"example": " ".join(str(row["example"]).split())[:120]} for row in rows]


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
