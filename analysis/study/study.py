"""One object that carries a study: frozen settings, and tables computed when first asked for.

It holds no formula: each table and each method is one call of a plain function, with what the
settings say. A table is computed once; a method with options gives a `Result` of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar, Unpack

import pandas as pd

from analysis.errors import number_of
from analysis.io.frames import as_frame
from analysis.prose.tables import Tables
from analysis.prose.writing import findings
from analysis.study.consistency import metadata_beside
from analysis.study.estimating import StudyEstimates
from analysis.study.settings import Options, Settings, made_settings, read_settings
from analysis.topics.dictionary import Dictionary
from analysis.topics.evidence import evidence_for

T = TypeVar("T")

# What articles, sentences, codes, tally and specifications do not depend on ...
_LATE = frozenset(
    """title measure method conf_level prior ignore wording unit relation names folder notebooks
    excel hand sample note
    """.split()  # noqa: SIM905
)
_RENAMED = {"by": "group", "topics": "dictionary"}
_TEXTS = ("documents", "sentences", "document_status", "roles", "duplicates")
_EARLY = (  # ... so that a study with other such settings keeps these tables
    *(*_TEXTS, "inputs", "dictionary"),
    *("places", "codes", "evidence", "tally", "specifications"),
)


class Study(StudyEstimates):
    """A study of how much the articles of each group emphasise each topic.

    Parameters
    ----------
    articles : path or pandas.DataFrame
        What `read_articles` reads, or a table that it gave; one of polars or pyarrow too.
    topics : path or Dictionary
        What `read_dictionary` reads, or a dictionary.
    by : str or list of str
        The document variables that form the groups.
    **options
        The keys of study.toml (docs/input.md): ``metadata`` (in a folder, ``articles.csv`` or
        ``metadata.csv`` if there is one), ``text``, ``id``, ``encoding``, ``title``, ``dates``,
        ``confounders``, ``cluster``, ``period``, ``window``, ``boilerplate``, ``language``,
        ``roles``, ``measure``, ``method``, ``conf_level``, ``prior``, ``hand`` (files of codes by
        hand), ``sample``, ``note``, ``ignore``, ``wording``, ``unit``, ``relation``, ``names``,
        ``folder``, ``notebooks``, ``excel``.

    Attributes
    ----------
    documents, document_status, sentences, duplicates, codes, evidence, specifications : DataFrame
        Tables of the functions of that name, computed when first asked for; see
        docs/architecture.md for their columns. Likewise ``roles``, ``confounds`` and ``hand`` (the
        codes by hand), which are None where the settings name none, and ``dictionary``,
        ``places``, ``tally``.
    tables : Tables
        What findings and reports read.
    by : list of str
        The columns that form the groups.
    settings : Settings
        What the study is made with; they never change.

    Raises
    ------
    InputError
        For bad input, when the table that needs it is asked for.

    Examples
    --------
    >>> study = read_study("study.toml")
    >>> study.by
    ['partner']
    >>> cells = study.emphasis().to_frame()
    >>> (row,) = cells.query("partner == 'Israel' and estimate > 0.3").to_dict("records")
    >>> row["topic"], row["hits"], row["size"], len(study.evidence_for(row))
    ('defense_industry', 9, 23, 9)
    """

    def __init__(
        self,
        articles: str | Path | pd.DataFrame,
        *,
        topics: str | Path | Dictionary,
        by: str | Sequence[str],
        **options: Unpack[Options],
    ) -> None:
        values: dict[str, Any] = {"group": by, **options}
        if not isinstance(articles, str | Path):
            values.setdefault("title", "Study")
            given: dict[str, Any] = {"documents": as_frame(articles, "documents").copy()}
        else:
            values["articles"], given = articles, {}
            values.setdefault("title", Path(articles).stem.replace("_", " ").capitalize())
            values.setdefault("metadata", metadata_beside(Path(articles)))
        if isinstance(topics, Dictionary):
            given["dictionary"] = topics
        else:
            values["dictionary"] = topics
        self._start(made_settings(values), given)

    def _start(self, settings: Settings, given: Mapping[str, Any]) -> None:
        own = {"settings": settings, "by": list(settings.group), "_noted": [], "_made": {}}
        vars(self).update(own | dict(given))

    @classmethod
    def _of(cls, settings: Settings, given: Mapping[str, Any] | None = None) -> Study:
        study = cls.__new__(cls)
        study._start(settings, given or {})
        return study

    def __repr__(self) -> str:
        source = self.settings.articles or number_of(len(self.documents), "article")
        return f"Study({self.settings.title!r}, articles={str(source)!r}, by={self.by})"

    def with_(self, **options: Any) -> Study:
        """Return the same study with other settings; what does not depend on them is kept.

        Parameters
        ----------
        **options
            As in `Study`; ``articles``, ``topics`` and ``by`` too.

        Examples
        --------
        >>> words = read_study("study.toml").with_(measure="per_1000_words")
        >>> words.emphasis().measure
        'per_1000_words'
        """
        study = self.anew(**options)
        changed = {_RENAMED.get(key, key) for key in options}
        made: dict[str, Any] = {}
        if changed <= _LATE:
            made = {name: vars(self)[name] for name in _EARLY if name in vars(self)}
            study._noted.extend(self._noted)
        elif changed <= _LATE | {"dictionary"} and "dictionary" in vars(study):  # made in Python
            made = {name: vars(self)[name] for name in _TEXTS if name in vars(self)}
            if "inputs" in vars(self):
                old = self.settings.dictionary
                made["inputs"] = {path: known for path, known in self.inputs.items() if path != old}
            study._noted.extend(one for one in self._noted if one[0] in _TEXTS)
        vars(study).update(made)
        return study

    def anew(self, **options: Any) -> Study:
        """Return the same study, nothing of it computed yet; see `with_` for the options."""
        changes = {_RENAMED.get(key, key): value for key, value in options.items()}
        values = {field.name: getattr(self.settings, field.name) for field in fields(Settings)}
        path, given = values.pop("path"), {}
        for name, key in (("documents", "articles"), ("dictionary", "dictionary")):
            if isinstance(changes.get(key), pd.DataFrame | Dictionary):
                given[name], changes[key] = changes[key], None
            elif values[key] is None and key not in changes:
                given[name] = getattr(self, name)  # it came as an object
        return Study._of(made_settings(values | changes, path), given)

    # What is said

    @property
    def tables(self) -> Tables:
        """What findings and reports read, by the study's measure."""
        return self._tables(self.settings.measure)

    def _tables(self, measure: str) -> Tables:
        self.check_names()
        return Tables(
            sentences=self.sentences,
            evidence=self.evidence,
            emphasis=self.emphasis(measure=measure),
            contrasts=self.contrasts(measure=measure),
            specifications=self.specifications,
            rest=self.rest(measure=measure),
            omnibus=self.omnibus(measure=measure),
            dictionary=self.dictionary,
            confounds=self.confounds,
            roles=self.roles,
            change=self.trend(),
            keyness=self.keyness(),
            error_rates=self.error_rates(),
            agreement=self.agreement(),
            corrected=self.corrected_contrasts(),
            note=self.settings.note,
            documents=self.documents,
            title=self.settings.title,
        )

    def findings(self) -> pd.DataFrame:
        """Return what may be said, in words; see `findings`. They are of sentences."""
        tables = self._tables("sentence_share")
        return self.once("findings", lambda: findings(tables, language=self.language), {})

    def evidence_for(self, row: Any) -> pd.DataFrame:
        """Return the sentences behind a cell, a contrast or a finding; see `evidence_for`."""
        return evidence_for(row, self.evidence, by=self.by)

    # What is written

    def save(
        self,
        folder: str | Path | None = None,
        *,
        notebooks: bool = False,
        overwrite: bool = False,
    ) -> None:
        """Write every table, figure and finding, and the report; see `run`.

        Parameters
        ----------
        folder : path, optional
            Where to; else the folder of the settings.
        notebooks : bool
            Whether to execute the notebooks of the study too.
        overwrite : bool
            Whether to replace files of the last run that were edited since.
        """
        from analysis.study.outputs import run

        study = self if folder is None else self.with_(folder=folder)
        run(study, notebooks=notebooks, overwrite=overwrite)

    def check(self, *, notebooks: bool = False) -> pd.DataFrame:
        """Return every difference between what is written and what the study gives; see `check`."""
        from analysis.study.check.checking import check

        return check(self, notebooks=notebooks)


def read_study(path: str | Path = "study.toml") -> Study:
    """Return the study of a file; paths in it are relative to the file.

    Parameters
    ----------
    path : path
        A TOML file with the sections and keys that docs/input.md lists, and what the findings
        call topics, groups and document variables under ``[names]``.

    Raises
    ------
    InputError
        For an unknown section or key, a missing one, or a value of the wrong type, with the line.

    Examples
    --------
    >>> read_study("study.toml")
    Study("Vietnam's defense partners", articles='seeds', by=['partner'])
    """
    return Study._of(read_settings(path))
