"""The report: one self-contained page, in which every number is a link to its sentences.

The page asks no network for anything, needs no script, and says so to the browser (a content
security policy that allows neither). Its words stand in ``wordings/*.toml``, its structure in
``pages/report.html``, its looks in ``pages/report.css``; everything that comes from articles,
metadata or a dictionary is escaped by Jinja, and nothing here marks it as safe.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.corpus.groups import columns_of, group_labels
from analysis.io.results import Result, rows_of
from analysis.prose.language import environment, read_wording
from analysis.prose.numbers import (
    called,
    heading,
    spelled,
)
from analysis.report.calibration import ARTICLES, DESIGNS, held
from analysis.report.cells import cells_shown, contrasts_shown
from analysis.report.links import Links, linked_finding
from analysis.report.passages import (
    cleaning_rules,
    typical_words,
    visible,
    whole_articles,
)
from analysis.topics.dictionary import Dictionary, Topic
from analysis.topics.evidence import anchors, cell_anchors

MOST_BRIEF = 6  # topics in brief: those with the most telling findings
# What says most of a topic, most first; a contrast that tells groups apart goes before all.
_TELLING = ("ranking", "change", "presence", "absence")
_FRAME = ("scope", "refusal")
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
    cells = cells_shown(emphasis, sentences, ledger, columns, links, said, words, spell)
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

    @cache
    def text(key: str) -> Any:
        return environment_.from_string(words[key])

    def say(key: str, **values: Any) -> Markup:
        return Markup(text(key).render(values))

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
                "contrasts": contrasts_shown(contrasts, topic, links, stability, words, spell),
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
        designs=DESIGNS,
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

    def rank(found: Mapping[str, Any]) -> tuple[bool, int]:
        kind = found["kind"]
        return not found["told"], _TELLING.index(kind) if kind in _TELLING else len(_TELLING)

    first: dict[str, str] = {}
    for found in sorted((one for one in told if one["topic"]), key=rank):
        first.setdefault(found["topic"], found["anchor"])
    chosen = list(first.values())[:MOST_BRIEF]
    return [one for one in told if one["kind"] in _FRAME or one["anchor"] in chosen]


def _own(name: str) -> str:
    return (resources.files("analysis.report") / "templates" / name).read_text(encoding="utf-8")


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
