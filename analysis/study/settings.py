"""What a study is made with: the keys of study.toml, or the keywords of `Study`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypedDict

from analysis.corpus.groups import WINDOWS, columns_of, names_of
from analysis.corpus.languages import languages
from analysis.errors import InputError, check_choice, check_conf_level, placed
from analysis.estimates.measures import MEASURES
from analysis.estimates.prior import Prior
from analysis.estimates.shares import METHODS
from analysis.io.toml import Key, check_keys, check_table, line_of, read_toml
from analysis.prose.language import read_language

# What study.toml may say: section, key, kind and default.
SETTINGS: dict[str, dict[str, Key]] = {
    "study": {"title": Key(str)},
    "corpus": {
        "articles": Key(str),
        "metadata": Key(str, ""),
        "text": Key(str, "text"),
        "id": Key(str, "doc_id"),
        "encoding": Key(str, ""),
        "group": Key((str, list)),
        "dates": Key(list, ()),
        "confounders": Key(list, ()),
        "cluster": Key(str, "article"),
        "period": Key(str, ""),
        "window": Key(str, "month"),
        "boilerplate": Key(str, ""),
        "language": Key(str, ""),
        "roles": Key(str, ""),
    },
    "topics": {"dictionary": Key(str)},
    "estimates": {
        "measure": Key(str, "sentence_share"),
        "method": Key(str, "moderated"),
        "conf_level": Key(float, 0.95),
        "prior": Key(dict, {}),
    },
    "validation": {"codes": Key((str, list), ()), "sample": Key(str, ""), "note": Key(str, "")},
    "wording": {"ignore": Key(list, ())},
    "findings": {"wording": Key(str, "english"), "unit": Key(str, ""), "relation": Key(str, "")},
    "output": {
        "folder": Key(str, "figures"),
        "notebooks": Key(str, ""),
        "excel": Key(bool, False),
    },
}
_PATHS = (
    *("articles", "metadata", "boilerplate", "roles", "dictionary", "sample"),
    *("folder", "notebooks"),
)


MIRROR = "TOPIC_EMPHASIS_MIRROR"  # where a run shows its notebooks the files as they will be


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a study is made with; every path is resolved against the folder of study.toml.

    ``path`` is the file of the settings, or None where they came by keyword.
    """

    path: Path | None = None
    title: str
    articles: Path | None = None
    metadata: Path | None = None
    text: str = "text"
    id: str = "doc_id"
    encoding: str = ""
    group: tuple[str, ...]
    dates: tuple[str, ...] = ()
    confounders: tuple[str, ...] = ()
    cluster: str = "article"
    period: str = ""
    window: str = "month"
    boilerplate: Path | None = None
    language: str = ""
    roles: Path | None = None
    dictionary: Path | None = None
    measure: str = "sentence_share"
    method: str = "moderated"
    conf_level: float = 0.95
    prior: Prior = Prior()  # noqa: RUF009 (frozen)
    hand: tuple[Path, ...] = ()
    sample: Path | None = None
    note: str = ""
    ignore: tuple[str, ...] = ()
    wording: str | Path = "english"
    unit: str = ""
    relation: str = ""
    names: Mapping[str, str]
    folder: Path = Path("figures")
    notebooks: Path | None = None
    excel: bool = False

    @property
    def home(self) -> Path:
        """The folder that paths in the outputs are relative to."""
        return Path() if self.path is None else self.path.parent

    @property
    def files(self) -> list[Path]:
        """The files that the study is made from, but for the articles."""
        named = (self.path, self.metadata, self.boilerplate, self.roles, self.dictionary)
        more = (self.sample, *self.hand, self.wording)
        return [path for path in (*named, *more) if isinstance(path, Path)]

    @property
    def prefix(self) -> str:
        """What a warning about the settings begins with."""
        return "" if self.path is None else f"{self.path}: "

    def located(self, key: str, table: str = "") -> AbstractContextManager[None]:
        """Give an error about a setting its place in the file."""
        return located(self.path, key, table)

    def error(self, problem: str, key: str, do: str, table: str = "") -> InputError:
        """Return an error about a setting, with its place in the file."""
        line = None if self.path is None else line_of(self.path, key, table)
        return InputError(problem, file=self.path, line=line, do=do)


class Options(TypedDict, total=False):
    """The options of `Study`, as study.toml has them; ``topics`` and ``by`` are in both."""

    title: str
    metadata: str | Path | None
    text: str
    id: str
    encoding: str
    dates: Sequence[str]
    confounders: Sequence[str]
    cluster: str
    period: str
    window: str
    boilerplate: str | Path | None
    language: str
    roles: str | Path | None
    measure: str
    method: str
    conf_level: float
    prior: Prior
    hand: str | Path | Sequence[str | Path]
    sample: str | Path | None
    note: str
    ignore: Sequence[str]
    wording: str | Path
    unit: str
    relation: str
    names: Mapping[str, str]
    folder: str | Path
    notebooks: str | Path | None
    excel: bool


def read_settings(path: str | Path = "study.toml") -> Settings:
    """Return the settings of a study file, checked; an error names the line."""
    path = Path(path)
    content = read_toml(path)
    check_keys(content, SETTINGS | {"names": {}}, "the study", path)
    values: dict[str, Any] = {"names": content.get("names", {})}
    for section, keys in SETTINGS.items():
        found = content.get(section, {})
        if not isinstance(found, Mapping):
            raise InputError(
                f"{section!r} is a value, not a section", file=path, do=f"write [{section}]"
            )
        values |= check_table(found, keys, f"[{section}]", path)
    values["hand"] = [path.parent / name for name in names_of(values.pop("codes"))]
    for key in _PATHS:
        values[key] = path.parent / values[key] if values[key] else None
    if values["wording"].endswith(".toml"):
        values["wording"] = path.parent / values["wording"]
    # A notebook that a run executes finds the new folder there, by whichever path it is named,
    # links to it included.
    mirror, folder = os.environ.get(MIRROR), values["folder"]
    if mirror and folder.is_absolute() and not folder.is_relative_to(mirror):
        values["folder"] = Path(mirror, folder.resolve().relative_to(folder.anchor))
    return made_settings(values, path)


def made_settings(values: Mapping[str, Any], path: Path | None = None) -> Settings:
    """Return settings from plain values, checked."""
    values = dict(values)
    known = {field.name for field in fields(Settings)} - {"path"}
    for key in values:
        if key not in known:
            check_choice(key, sorted(known), "keyword", "setting of a study")
    values["names"] = _names(values.get("names", {}), path)
    hand = values.get("hand", ())
    values["hand"] = tuple(map(Path, [hand] if isinstance(hand, str | Path) else hand))
    for key in _PATHS:
        if values.get(key) is not None:
            values[key] = Path(values[key])
    for name in (*map(values.get, _PATHS), *values["hand"]):
        if "\0" in str(name):
            raise InputError(
                f"the path {str(name)!r} has a NUL character", file=path, do="write it without"
            )
    for key in ("dates", "confounders", "ignore"):
        value = values.get(key, ())
        values[key] = (value,) if isinstance(value, str) else tuple(value)
    with located(path, "group"):
        values["group"] = tuple(columns_of(values["group"]))
    with located(path, "prior"):
        prior = values.get("prior", {})
        values["prior"] = prior if isinstance(prior, Prior) else _prior(prior)
    settings = Settings(path=path, **values)
    with settings.located("language"):
        if settings.language:
            check_choice(settings.language, languages(), "language", "language with a segmenter")
    with settings.located("measure"):
        check_choice(settings.measure, MEASURES, "measure", "measure of emphasis")
    with settings.located("method"):
        check_choice(settings.method, METHODS, "method", "method for an interval")
    with settings.located("window"):
        check_choice(settings.window, WINDOWS, "window", "window of time")
    with settings.located("conf_level"):
        check_conf_level(settings.conf_level)
    if isinstance(settings.wording, Path):
        read_language(settings.wording)
    else:
        with settings.located("wording", table="findings"):
            read_language(settings.wording)
    for key in ("cluster", "period"):
        if (column := getattr(settings, key)) in settings.group:
            raise settings.error(
                f"[corpus] {key} is {column!r}, which forms the groups",
                key,
                do="name another document variable, or leave the line out",
            )
    if settings.notebooks is not None and not settings.notebooks.is_dir():
        raise settings.error(
            f"[output] notebooks is {str(settings.notebooks)!r}, which is not a folder",
            "notebooks",
            do="name the folder of the notebooks, or leave the line out",
        )
    return settings


def _prior(found: Mapping[str, Any]) -> Prior:
    """The prior of a study file, with the default for what it leaves out."""
    default = Prior()
    for key, value in found.items():
        check_choice(key, ["rho", "df"], "prior", "part of a prior")
        if type(value) not in (int, float):
            raise InputError(f"prior has {key} = {value!r}", do="write a number")
    return Prior(rho=found.get("rho", default.rho), df=found.get("df", default.df))


def _names(found: Any, path: Path | None) -> dict[str, str]:
    """What the findings call things, by their names in the tables."""
    if not isinstance(found, Mapping):
        raise InputError("'names' is a value, not a section", file=path, do="write [names]")
    for name, instead in found.items():
        if not isinstance(instead, str) or not instead.strip():
            raise InputError(
                f"[names] {name} is {instead!r}",
                file=path,
                line=None if path is None else line_of(path, name, table="names"),
                do="write a text in quotes",
            )
    return dict(found)


def located(path: Path | None, key: str, table: str = "") -> AbstractContextManager[None]:
    """Give an error about a setting its place in the file, if there is one."""
    return nullcontext() if path is None else placed(path, lambda: line_of(path, key, table))
