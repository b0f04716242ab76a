"""From numbers to sentences: findings, chosen by rules, worded by templates, with their evidence.

A finding is an object and its text a pure function of it: ``text`` is the template of its kind
filled with ``values``. The templates stand in ``wordings/*.toml``; no word of a finding stands in
this module, and no number in a text comes from anywhere but the object. Which findings there are
is decided in `selection`.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.corpus.roles import check_roles
from analysis.errors import InputError
from analysis.io.results import Result
from analysis.prose.context import Facts
from analysis.prose.language import Language, read_language
from analysis.prose.selection import select
from analysis.topics.dictionary import Dictionary

FINDING_COLUMNS = [
    "id",
    "kind",
    "topic",
    "groups",
    "scope",
    "status",
    "text",
    "values",
    "estimate",
    "interval",
    "contrast",
    "robustness",
    "warnings",
    "evidence",
    "searched",
    "provenance",
]


def findings(
    sentences: pd.DataFrame,
    dictionary: Dictionary,
    emphasis: Result,
    contrasts: Result,
    specifications: pd.DataFrame,
    confounds: pd.DataFrame | None = None,
    roles: pd.DataFrame | None = None,
    cluster: str = "doc_id",
    change: Result | None = None,
    language: str | Path | Language = "english",
) -> pd.DataFrame:
    """Return what may be said, in words: one row a finding, in a stable order.

    Which findings are written is a rule, never a choice: the scope; what else the groups differ
    in, if that was checked; for each topic a ranking (if
    the first group leads in .8 of the specifications and one sentence less would not undo it),
    who mentions the topic, who does not (with the bound that zero hits leave, if the method
    of the intervals gives one), how much of it is about the reported event (if that was coded),
    cells that one
    article carries, and the contrasts (each that can be told apart; else the largest); sentences
    that name several topics; and one refusal, what these articles cannot show. A text names six
    groups at most, those with the most sentences on its topic, and counts the others; the values
    keep them all.

    Parameters
    ----------
    sentences : pandas.DataFrame
        From `sentences`.
    dictionary : Dictionary
        The dictionary that the numbers were made with.
    emphasis, contrasts : Result
        From `emphasis` (measure ``sentence_share``) and `contrasts`.
    specifications : pandas.DataFrame
        From `specifications`.
    wording : str or path
        The name of a file in ``analysis/prose/wordings``, or a ``.toml`` file of your own.
    confounds : pandas.DataFrame, optional
        The table from `confounds` that the contrasts were made with.
    roles : pandas.DataFrame, optional
        From `read_roles` on the same sentences.
    cluster : str
        The one of the `tally` that the numbers were made from: what is drawn at random, an
        article or a document variable such as ``outlet``.
    change : Result, optional
        From `trend`, by the same groups. With five articles or more in each of its periods, it is
        written how a group's share on a topic changes: at most as probable, since ways of counting
        and single articles are not tried period by period.
    names : mapping, optional
        What the texts call topics, groups and document variables; the other columns keep them.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``kind``, ``topic``, ``groups``, ``scope`` (these_articles or
        articles_like_these), ``status``, ``text``, ``values`` (what the text was made from),
        ``estimate``, ``interval``, ``contrast``, ``robustness``, ``warnings``, ``evidence`` (a
        list of ``doc_id``, ``sentence_id``, ``start``, ``end``, ``patterns``, ``spans``,
        ``quote``), ``searched`` (the patterns of the topic), ``provenance``.

    Raises
    ------
    InputError
        If the estimates are not of sentences, the evidence of a cell does not add up to its
        numerator (the numbers were made from other sentences or with another dictionary), or the
        roles are not those of the sentences.

    Examples
    --------
    >>> import analysis as an
    >>> texts = an.sentences(pd.DataFrame({"doc_id": ["a", "b"], "party": ["Green", "Red"],
    ...     "text": ["Wind grows. Wind pays.", "Coal grows. Coal pays."]}))
    >>> energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    >>> tally = an.tally(an.codes(texts, energy), by="party")
    >>> ways = an.specifications(texts, energy, by="party")
    >>> found = findings(texts, energy, an.emphasis(tally), an.contrasts(tally), ways)
    >>> print(found.loc[found["kind"] == "presence", "text"].item())
    Of these 2 articles, 1 mentions wind: on Green, 2 of 2 body sentences (1 of 1 article).
    """
    _check_made_alike(emphasis, contrasts)
    _check_change(emphasis, change)
    _check_confounds(contrasts, confounds)
    facts = Facts(sentences, dictionary, emphasis, contrasts, specifications, cluster, change)
    if roles is not None:
        check_roles(sentences, roles)
    provenance = {
        "dictionary": dictionary.name,
        **{key: emphasis.provenance[key] for key in ("measure", "method", "conf_level")},
    }
    language, rows = read_language(language), []
    for number, found in enumerate(select(facts, confounds, roles), 1):
        template = found.pop("template", found["kind"])
        text = language.text(template, found["values"])
        row = dict.fromkeys(FINDING_COLUMNS) | found
        made = provenance | {"wording": Path(language.wording).name, "template": template}
        rows.append(row | {"id": f"F{number:02d}", "text": text, "provenance": made})
    return pd.DataFrame(rows, columns=FINDING_COLUMNS, dtype=object)


def _check_made_alike(emphasis: Result, contrasts: Result) -> None:
    """Raise unless both are of sentences, at one level, and the contrasts are all pairs."""
    for result in (emphasis, contrasts):
        if (measure := result.provenance.get("measure")) != "sentence_share":
            raise InputError(
                f"findings speak of sentences, not of {measure!r}",
                do="make emphasis and contrasts with measure='sentence_share'",
            )
    levels = [result.provenance.get("conf_level") for result in (emphasis, contrasts)]
    if levels[0] != levels[1]:
        raise InputError(
            f"the intervals are at {levels[0]}, the contrasts at {levels[1]}",
            do="make both with one conf_level",
        )
    if (reference := contrasts.provenance.get("reference")) != "pairs":
        raise InputError(
            f"the contrasts are with reference={reference!r}",
            do="findings compare every pair: make them with reference='pairs'",
        )


def _check_change(emphasis: Result, change: Result | None) -> None:
    """Raise unless the change is of sentences, by the groups and at the level of the estimates."""
    if change is None:
        return
    made = (change.provenance.get("measure"), change.provenance.get("conf_level"))
    needed = ("sentence_share", emphasis.provenance["conf_level"])
    if change.keys[:-1] != emphasis.keys or made != needed:
        raise InputError(
            f"the change is by {list(change.keys)}, of {made[0]!r} at {made[1]}; the estimates are "
            f"by {list(emphasis.keys)} at {needed[1]}",
            do="make it of 'sentence_share', with the same groups and conf_level",
        )


def _check_confounds(contrasts: Result, confounds: pd.DataFrame | None) -> None:
    made = contrasts.provenance.get("confounders")
    given = None if confounds is None else list(confounds["variable"].unique())
    if made != given:
        raise InputError(
            f"the contrasts were made with confounds of {made}, the findings with {given}",
            do="pass the same table from `confounds` to both",
        )
