"""Findings as the report shows them: the same texts, their counts linked to their sentences."""

from __future__ import annotations

from typing import Any, NamedTuple

from markupsafe import Markup, escape

from analysis.errors import InputError
from analysis.prose.context import Finding
from analysis.prose.language import Language
from analysis.prose.numbers import Linked
from analysis.prose.selection import TOLD_APART
from analysis.report.passages import Roles, passage, quoted
from analysis.topics.evidence import Anchors


class Links(NamedTuple):
    """Where on the page everything stands that a link leads to."""

    cells: Anchors  # by topic and group
    topics: Anchors
    groups: Anchors
    articles: Anchors
    sentences: Anchors  # by article and number; empty if the articles are not on the page


def linked_finding(
    found: Finding,
    links: Links,
    said: Roles,
    language: Language,
) -> dict[str, Any]:
    """A finding as the page shows it: the same text, its counts linked to their sentences."""
    anchor, topic = str(found["id"]), found["topic"] or ""
    values = _linked(found["values"], topic, links)
    if not topic and found["evidence"]:
        values = _link_own(values, anchor)
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
    told = found["status"] in TOLD_APART
    return {
        "anchor": anchor,
        "topic": topic,
        "kind": found["kind"],
        "html": html,
        "status": language.words["report"]["status"].get(found["status"], found["status"]),
        "told": told,
        "cells": cells,
        "searched": len(found["searched"]) if found["kind"] == "absence" else 0,
        # Two hyphens, here and in the page: no anchor of another name has them.
        "patterns": f"{links.topics[(topic,)]}--patterns" if topic else "",
        # A finding on several topics shows its sentences itself: no cell holds them.
        "evidence": [
            passage(row, links.sentences, said.get((row["doc_id"], row["sentence_id"]), ""))
            for row in quoted([] if topic else found["evidence"])
        ],
    }


def _linked(value: Any, topic: str, links: Links) -> Any:
    """Values of a finding with the counts of a group leading to its sentences."""
    if isinstance(value, list):
        return [_linked(item, topic, links) for item in value]
    if not isinstance(value, dict):
        return value
    linked = {  # a period is no group, even one of the same name
        key: item if key == "periods" else _linked(item, topic, links)
        for key, item in value.items()
    }
    name = value.get("name")
    if "hits" in value and (topic, name) in links.cells:
        linked["hits"] = Linked(value["hits"], links.cells[(topic, name)])
    if "events" in value:  # a part of the cell's sentences: those about the reported event
        linked["events"] = Linked(value["events"], links.cells[(topic, value["group"]["name"])])
    if value.get("carrier"):
        # The article that carries a group: its sentences are among those of the group's cell.
        group = value["top"] if "top" in value else value["group"]
        cell = links.cells[(topic, group["name"])]
        linked["carrier"] |= {
            key: Linked(value["carrier"][key], cell) for key in ("hits", "rest_hits")
        }
    if "size" in value and not topic and (name,) in links.groups:
        linked["size"] = Linked(value["size"], links.groups[(name,)])
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
