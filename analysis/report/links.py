"""Findings as the report shows them: the same texts, their counts linked to their sentences."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from analysis.errors import InputError
from analysis.prose.context import DISTINGUISHABLE, Finding
from analysis.prose.language import Language
from analysis.prose.numbers import Count
from analysis.report.passages import Roles, passage, quoted
from analysis.topics.evidence import Anchors

_SHARE = re.compile(r"\d[\d.,]* %")


class Links(NamedTuple):
    """Where on the page everything stands that a link leads to."""

    cells: Anchors  # by topic and group
    topics: Anchors
    groups: Anchors
    articles: Anchors
    sentences: Anchors  # by article and number; empty if the articles are not on the page


def linked_finding(found: Finding, links: Links, said: Roles, language: Language) -> dict[str, Any]:
    """A finding as the page shows it: the same text, its counts linked to their sentences."""
    anchor, topic = str(found["id"]), found["topic"] or ""
    topics = {(*key, ""): place for key, place in links.topics.items()}
    places = {**links.cells, **topics, **links.groups, (): f"{anchor}-sentences"}
    values = _linked(found["values"], places)
    html = Markup(language.text(found["provenance"]["template"], values, html=True))
    if html.striptags() != Markup(escape(found["text"])).striptags():
        raise InputError(
            f"the text of finding {anchor} is not what its values give",
            do="make the findings anew: their texts are not to be edited",
        )
    cells = [
        {"group": group, "anchor": links.cells[(topic, group)]}
        for group in found["groups"]
        if (topic, group) in links.cells
    ]
    return {
        "anchor": anchor,
        "topic": topic,
        "kind": found["kind"],
        "groups": found["groups"],
        # A line never ends between a number and its sign; the text stays as it is.
        "html": Markup(_SHARE.sub(r'<span class="share">\g<0></span>', str(html))),
        "status": language.words["report"]["status"].get(found["status"], found["status"]),
        "distinguishable": found["status"] in DISTINGUISHABLE,
        "validation": language.called(found["validation"]),
        "cells": cells,
        "searched": 0 if found["evidence"] else len(found["searched"].get("core", ())),
        # Two hyphens, here and in the page: no anchor of another name has them.
        "patterns": f"{links.topics[(topic,)]}--patterns" if topic else "",
        # A finding on several topics shows its sentences itself: no cell holds them.
        "evidence": [
            passage(row, links.sentences, said.get((row["doc_id"], row["sentence_id"]), ""))
            for row in quoted([] if topic else found["evidence"])
        ],
    }


def _linked(value: Any, places: Anchors) -> Any:
    """Values of a finding whose counts are links to their sentences."""
    if isinstance(value, list):
        return [_linked(item, places) for item in value]
    if isinstance(value, dict):
        return {key: _linked(item, places) for key, item in value.items()}
    return Count(value, anchor=places.get(value.of, "")) if isinstance(value, Count) else value
