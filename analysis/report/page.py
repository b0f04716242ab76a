"""The report: one self-contained page, in which every number is a link to its sentences.

The page asks no network for anything and needs no script. It has one, ``templates/report.js``:
with it, sentences stand beside what was chosen. A content security policy names it by its hash and
allows no other, and no request. The page's words stand in ``prose/wordings`` and ``answers``, its
structure in ``templates/report.html``, its looks in ``templates/report.css``; everything that comes
from articles, metadata or a dictionary is escaped by Jinja, and nothing here marks it as safe.
"""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.corpus.groups import group_labels
from analysis.errors import InputError
from analysis.estimates.stability import ordering_stability
from analysis.figures.colours import GROUP_COLORS
from analysis.io.results import rows_of
from analysis.prose.language import Language
from analysis.prose.numbers import heading
from analysis.prose.tables import Tables
from analysis.prose.writing import StudyLike, parts_of
from analysis.report.cells import cells_shown, contrasts_shown, head_width
from analysis.report.curves import curve_shown, leading_curve
from analysis.report.links import Links, linked_finding
from analysis.report.methods import methods_shown, rates_shown, sources_shown
from analysis.report.passages import cleaning_rules, typical_words, visible, whole_articles
from analysis.report.strips import strips_shown, trends_shown
from analysis.report.wordplots import word_plots, words_shown
from analysis.topics.dictionary import Dictionary, Topic
from analysis.topics.evidence import anchors, cell_anchors

MOST_ROWS = 12  # of a chart or a list; the others fold away below it
MOST_LETTERS = 1_000_000  # of all articles together, for their full texts to stand in the page


def report_html(
    study: StudyLike | Tables,
    *,
    findings: pd.DataFrame | None = None,
    made: Mapping[str, Any] | None = None,
    language: str | Path | Language | None = None,
) -> str:
    """Return a study as one page of HTML: what was found, and every sentence it was found in.

    Parameters
    ----------
    study : Study or Tables
        A study; or tables brought by oneself: with ``documents`` the full articles follow, with
        ``keyness`` the typical words, with ``roles`` what each sentence is about.
    findings : pandas.DataFrame, optional
        From `findings`, made of sentences; else they are made here.
    made : mapping, optional
        Settings, versions and inputs, as in ``run.json``; `warnings` among them.
    language : str, path or Language, optional
        The wording of page and findings; else that of the study, or English.

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
    >>> energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    >>> page = report_html(an.Study(texts, topics=energy, by="party"))
    >>> page.count("<mark>Wind</mark>")  # behind its number, as a word, in the article
    6
    """
    tables, findings, language = parts_of(study, findings, language)
    words, by = _answers(language) | language.words["report"], tables.emphasis.by
    articles = tables.documents
    if articles is None:
        problem = "the report shows the articles, and the tables have no documents"
        raise InputError(problem, do="pass documents=, from `read_articles`")
    links, whole = _links(tables, articles)
    said = {
        (row["doc_id"], row["sentence_id"]): words["roles"][row["role"]]
        for row in ([] if tables.roles is None else rows_of(tables.roles))
    }
    cells = cells_shown(
        tables.emphasis,
        tables.sentences,
        tables.evidence,
        columns=by,
        links=links,
        roles=said,
        language=language,
    )
    shown = [linked_finding(found, links, said, language) for found in rows_of(findings)]
    template = _templates(language)
    made, script = dict(made or {}), _own("report.js")
    groups = dict(zip(articles["doc_id"], group_labels(articles, by), strict=True))
    names = sorted({*groups.values(), *(group for (group,) in links.groups)})
    colors = {name: GROUP_COLORS[number % len(GROUP_COLORS)] for number, name in enumerate(names)}
    plotted, pairs, uses = words_shown(tables.keyness, tables.sentences, by)
    plots, pool = word_plots(plotted, uses, colors, links.sentences)
    topics = _topics(tables, cells, shown, links=links, colors=colors, language=language)
    return visible(
        template(_own("report.html")).render(
            say=lambda key, **values: Markup(template(words[key]).render(values)),
            style=Markup(_own("report.css")),  # our own files
            script=Markup(script),
            allowed=base64.b64encode(sha256(script.encode()).digest()).decode("ascii"),
            language=language.words["language"],
            title=tables.title,
            headings=language.words["headings"],
            noun=language.environment().filters["label"](language.called(by)),
            brief=[found for found in shown if found["kind"] == "lead"],
            general=[
                found
                for found in shown
                if not found["topic"] and found["kind"] not in ("lead", "profile")
            ],
            topics=topics,
            numbers={
                kind: {name: number for number, (name,) in enumerate(own)}
                for kind, own in (("t", links.topics), ("g", links.groups))
            },
            colors=colors,
            curve=curve_shown(leading_curve(tables.emphasis, tables.specifications), colors),
            strips=strips_shown(
                tables.sentences,
                tables.evidence,
                [str(topic) for (topic,) in links.topics],
                groups,
                links.sentences,
            ),
            most_rows=MOST_ROWS,
            plots=plots,
            pairs=pairs,
            pool=pool,
            groups=_groups(tables, articles, cells, shown, links),
            articles=whole_articles(
                whole,
                articles,
                tables.sentences,
                tables.evidence,
                places=links.sentences,
                link_article=links.articles,
            ),
            full=not whole.empty,
            rules=cleaning_rules(tables.sentences),
            words=typical_words(tables.keyness, uses, links.sentences),
            **methods_shown(tables, template, words),
            rates=rates_shown(tables, language),
            sources=sources_shown(tables, language),
            settings=_flat(made.get("settings", {})),
            versions=_flat({"analysis": made.get("analysis"), **made.get("packages", {})}),
            inputs=_flat(made.get("inputs", {})),
            warnings=made.get("warnings", ()),
        )
    )


@lru_cache(maxsize=8)
def _templates(language: Language) -> Callable[[str], Any]:
    """A function that compiles a text of the page, each once: it takes a tenth of a run."""
    made = language.environment(html=True).overlay(trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"called": language.called, "heading": heading, "wide": head_width}
    return cache(made.from_string)


def _links(tables: Tables, articles: pd.DataFrame) -> tuple[Links, pd.DataFrame]:
    """Where everything stands, and the articles that stand there in full."""
    whole = articles if articles["text"].str.len().sum() <= MOST_LETTERS else articles.iloc[:0]
    cells = cell_anchors(tables.emphasis)
    topics, groups = (dict.fromkeys((str(key[side]),) for key in cells) for side in (0, 1))
    every = zip(tables.sentences["doc_id"], tables.sentences["sentence_id"], strict=True)
    links = Links(
        cells=cells,
        topics=anchors("topic", topics),
        groups=anchors("group", groups),
        articles=anchors("article", ((doc_id,) for doc_id in articles["doc_id"])),
        sentences={} if whole.empty else anchors("s", every),
    )
    return links, whole


def _topics(
    tables: Tables,
    cells: Sequence[Mapping[str, Any]],
    shown: Sequence[Mapping[str, Any]],
    *,
    links: Links,
    colors: Mapping[str, str],
    language: Language,
) -> list[dict[str, Any]]:
    """What the page has of each topic."""
    stability = ordering_stability(tables.specifications)
    trends = trends_shown(tables.change, colors, links.cells)
    return [
        {
            "name": language.heading(str(topic)),
            "anchor": anchor,
            "findings": [found for found in shown if found["topic"] == topic],
            "cells": [cell for cell in cells if cell["topic"] == topic],
            "ordered": sorted(
                (cell for cell in cells if cell["topic"] == topic),
                key=lambda cell: -cell["value"] if cell["has_text"] else 1.0,
            ),
            "head": head_width(language.heading(str(topic))),
            "trend": trends.get(str(topic)),
            "contrasts": contrasts_shown(tables.contrasts, str(topic), links, stability, language),
            "patterns": _patterns(tables.dictionary, str(topic)),
        }
        for (topic,), anchor in links.topics.items()
    ]


def _groups(
    tables: Tables,
    articles: pd.DataFrame,
    cells: Sequence[Mapping[str, Any]],
    shown: Sequence[Mapping[str, Any]],
    links: Links,
) -> list[dict[str, Any]]:
    """What the page has of each group: its profile, its cells and its articles."""
    profiles = {found["groups"][0]: found for found in shown if found["kind"] == "profile"}
    labels = group_labels(articles, tables.emphasis.by)
    return [
        {
            "name": group,
            "anchor": anchor,
            "profile": profiles.get(group),
            "cells": [cell for cell in cells if cell["group"] == group],
            "articles": [
                {"doc_id": doc_id, "anchor": links.articles[(doc_id,)]}
                for doc_id, own in zip(articles["doc_id"], labels, strict=True)
                if own == group
            ],
        }
        for (group,), anchor in links.groups.items()
    ]


def _answers(language: Language) -> dict[str, str]:
    """What the page says where it answers, in the language of a wording or in English."""
    folder = resources.files("analysis.report") / "answers"
    said = [tomllib.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir()]
    of = {words.pop("language"): words for words in said}
    return of.get(language.words["language"], of["en"])


def _own(name: str) -> str:
    return (resources.files("analysis.report") / "templates" / name).read_text(encoding="utf-8")


def _patterns(dictionary: Dictionary | None, name: str) -> Topic | dict[str, Any]:
    """What is searched for on a topic; nothing, if its sentences were coded by hand."""
    for topic in dictionary.topics if dictionary else ():
        if topic.name == name:
            return topic
    return {"description": "", "core": [], "exclude": [], "context": []}


def _flat(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (key, ", ".join(map(str, value)) if isinstance(value, list | tuple) else value)
        for key, value in values.items()
        if value not in (None, "", [], ())
    ]
