"""From numbers to sentences: findings, chosen by rules, worded by templates, with their evidence.

A finding is an object and its text a pure function of it: ``text`` is the template of its kind
filled with ``values``. The templates stand in ``wordings/*.toml``; no word of a finding stands in
this room's code, and no number in a text comes from anywhere but the object. Which findings there
are is decided in `kinds`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pandas as pd

from analysis.corpus.roles import check_roles
from analysis.errors import InputError
from analysis.prose.facts import Facts
from analysis.prose.kinds import select
from analysis.prose.language import Language, read_language
from analysis.prose.tables import Tables

FINDING_COLUMNS = [
    *("id", "kind", "topic", "groups", "scope", "status", "text", "values", "estimate"),
    *("interval", "contrast", "robustness", "validation", "warnings", "evidence", "searched"),
    "provenance",
]


def findings(tables: Tables, *, language: str | Path | Language = "english") -> pd.DataFrame:
    """Return what may be said, in words: one row a finding, in a stable order.

    Which findings are written is a rule, never a choice. Each kind of finding, its rule and its
    values stand in ``analysis/prose/kinds``, one file a kind. A text names six groups at most,
    those with the most sentences on its topic, and counts the others; the values keep them all.

    Parameters
    ----------
    tables : Tables
        The tables of a study, or any object with these attributes. ``emphasis`` and ``contrasts``
        are by the measure ``sentence_share``, of the same sentences and pairs of groups;
        ``evidence`` is complete. With ``confounds`` (those of the contrasts), ``roles`` or
        ``change`` (by the same groups) there are findings on these too; with ``error_rates``,
        each says how right the codes of its topic are. Without ``dictionary`` no patterns are
        named that were searched for.
    language : str, path or Language
        The name of a file in ``analysis/prose/wordings``, a ``.toml`` file of your own, or a
        `Language`, which also has names for topics, groups and document variables.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``kind``, ``topic``, ``groups``, ``scope`` (these_articles or
        articles_like_these), ``status``, ``text``, ``values`` (what the text was made from),
        ``estimate``, ``interval``, ``contrast``, ``robustness``, ``validation`` (how right the
        codes of the topic are; None: not validated), ``warnings``, ``evidence`` (a list of
        ``doc_id``, ``sentence_id``, ``start``, ``end``, ``patterns``, ``spans``, ``quote``),
        ``searched`` (of the topic: its ``core`` and ``exclude`` patterns, its ``context`` and
        ``context_within``), ``provenance``.

    Raises
    ------
    InputError
        If the estimates are not of sentences, the evidence of a cell does not add up to its
        numerator (numbers and evidence were made from other sentences or with another
        dictionary), or the roles are not those of the sentences.

    Examples
    --------
    >>> import analysis as an
    >>> texts = an.sentences(pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind grows. Wind pays.", "Coal grows. Coal pays."]}))
    >>> energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    >>> tally = an.tally(an.codes(texts, energy), by="party")
    >>> tables = an.Tables(
    ...     sentences=texts,
    ...     evidence=an.evidence(texts, an.matches(texts, energy)),
    ...     emphasis=an.emphasis(tally),
    ...     contrasts=an.contrasts(tally),
    ...     specifications=an.specifications(texts, energy, by="party"),
    ...     dictionary=energy,
    ... )
    >>> found = findings(tables)
    >>> print(found.loc[found["kind"] == "presence", "text"].item())
    Of these 2 articles, 1 mentions wind: on Green, 2 of 2 body sentences (1 of 1 article).
    """
    _check_made_alike(tables)
    if tables.roles is not None:
        check_roles(tables.sentences, tables.roles)
    language, rows = read_language(language), []
    made = {
        "dictionary": tables.dictionary.name if tables.dictionary else "",
        **{key: tables.emphasis.provenance[key] for key in ("measure", "method", "conf_level")},
        "wording": Path(language.wording).name,
    }
    for number, found in enumerate(select(Facts(tables)), 1):
        found["id"] = f"F{number:02d}"
        found["text"] = language.text(found["kind"], found["values"])
        found["provenance"] = made | {"template": found["kind"]}
        rows.append(found)
    # A part that a finding has not is None, not NaN.
    rows = [{column: found.get(column) for column in FINDING_COLUMNS} for found in rows]
    return pd.DataFrame(rows, columns=FINDING_COLUMNS, dtype=object)


def _check_made_alike(tables: Tables) -> None:
    """Raise unless the numbers are of sentences, at one level, by the same groups."""
    emphasis, contrasts, change = tables.emphasis, tables.contrasts, tables.change
    for result in (emphasis, contrasts):
        if (measure := result.provenance.get("measure")) != "sentence_share":
            raise InputError(
                f"findings speak of sentences, not of {measure!r}",
                do="make emphasis and contrasts with measure='sentence_share'",
            )
    if emphasis.conf_level != contrasts.conf_level:
        raise InputError(
            f"the intervals are at {emphasis.conf_level}, the contrasts at {contrasts.conf_level}",
            do="make both with one conf_level",
        )
    made = contrasts.provenance.get("within")
    given = None if tables.confounds is None else list(tables.confounds["variable"].unique())
    if (made or None) != (given or None) and not contrasts.to_frame().empty:
        raise InputError(
            f"the contrasts were made within {made or None}, the confounds are of {given}",
            do="name the same variables in `tally` (within=) and `confounds` (with_=)",
        )
    if change is not None and (change.keys[:-1], change.measure, change.conf_level) != (
        emphasis.keys,
        "sentence_share",
        emphasis.conf_level,
    ):
        raise InputError(
            f"the change is by {list(change.keys)}, of {change.measure!r} at {change.conf_level}; "
            f"the estimates are by {list(emphasis.keys)} at {emphasis.conf_level}",
            do="make it of 'sentence_share', with the same groups and conf_level",
        )


class StudyLike(Protocol):
    """What a report needs of a `Study`."""

    @property
    def tables(self) -> Tables: ...

    @property
    def language(self) -> Language: ...

    def findings(self) -> pd.DataFrame: ...


def parts_of(
    study: StudyLike | Tables,
    found: pd.DataFrame | None,
    language: str | Path | Language | None,
) -> tuple[Tables, pd.DataFrame, Language]:
    """Return the tables, the findings and the language of a report, made where not given."""
    if isinstance(study, Tables):
        language = read_language(language or "english")
        return study, findings(study, language=language) if found is None else found, language
    own = study.language if language is None else read_language(language)
    if found is None:
        found = study.findings() if language is None else findings(study.tables, language=own)
    return study.tables, found, own
