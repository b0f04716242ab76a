"""The tables of one study, as findings and reports read them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.io.results import Result
from analysis.prose.behind import Mentions, Texts
from analysis.topics.dictionary import Dictionary


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Everything that findings and reports are made of; `Study.tables` holds them for a study.

    Attributes
    ----------
    sentences : pandas.DataFrame
        From `sentences`.
    evidence : pandas.DataFrame
        From `evidence` on these sentences.
    emphasis, contrasts : Result
        From the functions of that name.
    specifications : pandas.DataFrame
        From `specifications`.
    rest, omnibus : Result, optional
        From `contrasts` with ``reference="rest"`` and `omnibus`: which groups stand out, and
        whether any does.
    dictionary : Dictionary, optional
        What the sentences were coded with: it names the patterns that were searched for.
    confounds, roles : pandas.DataFrame, optional
        From `confounds` and `read_roles`.
    change, keyness : Result, optional
        From `trend` and `keyness`.
    error_rates, agreement, corrected : Result, optional
        From `error_rates`, `agreement` and `corrected_contrasts`: what codes by hand say of the
        dictionary's. Without the first, findings are not validated.
    note : str
        What has to be said of the codes by hand, in full sentences.
    documents : pandas.DataFrame, optional
        From `read_articles`: then a report can show the full articles.
    title : str
        The study's title.
    texts, mentions : optional
        Of an archive, what was counted of its texts and evidence: then `sentences` may have no
        row, and `evidence` be a sample.
    """

    sentences: pd.DataFrame
    evidence: pd.DataFrame
    emphasis: Result
    contrasts: Result
    specifications: pd.DataFrame
    rest: Result | None = None
    omnibus: Result | None = None
    dictionary: Dictionary | None = None
    confounds: pd.DataFrame | None = None
    roles: pd.DataFrame | None = None
    change: Result | None = None
    keyness: Result | None = None
    error_rates: Result | None = None
    agreement: Result | None = None
    corrected: Result | None = None
    note: str = ""
    documents: pd.DataFrame | None = None
    title: str = ""
    texts: Texts | None = None
    mentions: Mentions | None = None
