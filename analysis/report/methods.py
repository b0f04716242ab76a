"""What the report says of how its numbers were made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.corpus.groups import WINDOWS, group_labels, known_values, window_of
from analysis.estimates.prior import DEFAULT_PRIOR
from analysis.io.results import Result, rows_of
from analysis.prose.language import Language
from analysis.prose.tables import Tables
from analysis.report.calibration import ARTICLES, DESIGNS, held
from analysis.validation.rates import ALL

MOST_SOURCES = 6  # named at the head of the page; the others are counted


def methods_shown(
    tables: Tables, template: Callable[[str], Any], words: Mapping[str, Any]
) -> dict[str, Any]:
    """What was counted and how: the texts of the methods and the table of coverage."""
    made, dictionary = tables.emphasis.provenance, tables.dictionary
    measure, method = made["measure"], made["method"]
    values = method_values(tables.emphasis, "" if dictionary is None else dictionary.name)
    body = tables.sentences["section"] == "body"
    return {
        "measure": measure,
        "method": method,
        "unit": words["units"][measure],
        "level": made["conf_level"],
        "totals": {
            "articles": len(tables.documents if tables.documents is not None else ()),
            "sentences": int(body.sum()),
            "groups": tables.emphasis.to_frame()[tables.emphasis.by].drop_duplicates().shape[0],
            "topics": tables.emphasis.to_frame()["topic"].nunique(),
        },
        "methods": [
            Markup(template(words["methods"][key]).render(values))
            for key in method_keys(measure, method)
        ],
        "lists": [] if dictionary is None else [(k, list(v)) for k, v in dictionary.lists.items()],
        "calibration": [
            {"method": row["method"], "cells": [_range(row[number]) for number in ARTICLES]}
            for row in held().to_dict("records")
        ],
        "sizes": ARTICLES,
        "designs": DESIGNS,
    }


def sources_shown(tables: Tables, language: Language) -> list[dict[str, Any]]:
    """Where the articles are from: of each variable that was compared, its values or its dates."""
    shown: list[dict[str, Any]] = []
    articles, checked = tables.documents, tables.confounds
    if articles is None or checked is None:
        return shown
    for name in checked["variable"].unique():
        known = known_values(articles[name], "year")
        dates = window_of(known) in WINDOWS
        counts = known.value_counts().sort_index().sort_values(ascending=False, kind="stable")
        shown.append(
            {
                "name": language.called(name),
                "first": known.min() if dates else "",
                "last": known.max() if dates else "",
                "held": [
                    {"name": language.called(str(value)), "articles": int(number)}
                    for value, number in counts[:MOST_SOURCES].items()
                ],
                "others": int(counts[MOST_SOURCES:].sum()),
                "unknown": int(known.isna().sum()),
            }
        )
    return shown


def rates_shown(tables: Tables, language: Language) -> dict[str, Any]:
    """The error rates as rows of texts, of all groups together and of each; and whose codes."""
    rates = tables.error_rates
    shown: dict[str, Any] = {"coders": [], "note": tables.note, "all": [], "groups": []}
    if rates is None:
        return shown
    shown["coders"] = list(rates.provenance["coders"])
    environment, words = language.environment(), language.words["report"]
    percent = environment.filters["percent"]
    coded, interval = (
        environment.from_string(words[name]) for name in ("coded_of", "share_and_interval")
    )

    def share(row: Mapping[str, Any], name: str) -> str:
        if pd.isna(row[name]):
            return "–"
        ends = {key: percent(row[f"{name}_{key}"]) for key in ("low", "high")}
        return str(interval.render(share=percent(row[name]), **ends))

    table = rates.to_frame()
    for group, row in zip(group_labels(table, rates.by), rows_of(table), strict=True):
        together = row[rates.by[0]] == ALL
        name = words["rates_all"] if together else language.called(group)
        cells = language.heading(row["topic"]), name, coded.render(row)
        shown["all" if together else "groups"].append(
            (*cells, share(row, "precision"), share(row, "recall"))
        )
    return shown


def method_keys(measure: str, method: str) -> tuple[str, ...]:
    """Return which texts of ``[report.methods]`` are true of a study, in their order."""
    return (
        "unit" if measure == "sentence_share" else "unit_other",
        "interval" if method == "moderated" else "interval_other",
        "contrast",
        "silence",
    )


def method_values(emphasis: Result, dictionary: str) -> dict[str, Any]:
    """Return what the texts of ``[report.methods]`` are filled in with."""
    made = emphasis.provenance
    prior = made.get("prior", vars(DEFAULT_PRIOR))  # of results that do not say it
    df = int(prior["df"]) if prior["df"] == int(prior["df"]) else prior["df"]
    return {
        "dictionary": dictionary,
        "measure": made["measure"],
        "method": made["method"],
        "prior": {"rho": prior["rho"], "df": df},
        "alpha": round(1 - made.get("conf_level", 0.95), 10),
    }


def _range(rates: tuple[float, float] | None) -> str:
    if rates is None:
        return "–"
    least, most = (f"{100 * rate:.0f}" for rate in rates)
    return least if least == most else f"{least}–{most}"
