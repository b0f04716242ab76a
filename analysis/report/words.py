"""A language as the report needs it, until `analysis.prose.language` has its own `Language`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.prose.language import environment, read_wording
from analysis.prose.numbers import called, heading, spelled
from analysis.prose.tables import Tables
from analysis.prose.writing import findings as findings_from


@dataclass(frozen=True, eq=False, kw_only=True)
class Language:
    """A wording, and what a study calls its topics, groups and variables."""

    wording: str | Path = "english"
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, Any]:
        """The wording as it stands."""
        return read_wording(self.wording)

    def called(self, value: Any) -> Any:
        """Return a value with every name in it as the study has it."""
        return called(value, self.names)

    def heading(self, name: str) -> str:
        """Return what a topic is called, as it begins a line."""
        return heading(self.called(name))

    def spelled(self, number: str) -> str:
        """Return a number, written as in English, as the wording writes it."""
        return spelled(number, self.words)

    def environment(self, *, html: bool = False) -> Any:
        """Return the Jinja environment in which the wording is filled in."""
        return environment(self.wording, html)


def read_language(
    wording: str | Path | Language = "english", *, names: Mapping[str, str] | None = None
) -> Language:
    """Return a language."""
    if isinstance(wording, Language):
        return wording
    return Language(wording=wording, names=names or {})


def findings_of(tables: Tables, language: Language) -> pd.DataFrame:
    """Return the findings of a study."""
    if tables.dictionary is None:
        raise InputError("the tables have no dictionary", do="pass one, or pass findings=")
    return findings_from(
        tables.sentences,
        tables.dictionary,
        tables.emphasis,
        tables.contrasts,
        tables.specifications,
        wording=language.wording,
        confounds=tables.confounds,
        roles=tables.roles,
        cluster=tables.emphasis.provenance.get("cluster", "doc_id"),
        change=tables.change,
        names=language.names,
    )
