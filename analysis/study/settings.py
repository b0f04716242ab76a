"""What study.toml may say, and the study it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.corpus.groups import columns_of
from analysis.errors import InputError, check_choice, check_conf_level
from analysis.estimates.measures import MEASURES
from analysis.estimates.shares import METHODS
from analysis.io.files import check_keys, line_of, read_toml
from analysis.prose.language import read_wording

# What study.toml may say: section, key, its types, and the default (... where one is needed).
SETTINGS: dict[str, dict[str, tuple[Any, Any]]] = {
    "study": {"title": (str, ...)},
    "corpus": {
        "articles": (str, ...),
        "metadata": (str, ""),
        "group": ((str, list), ...),
        "dates": (list, ()),
        "confounders": (list, ()),
        "cluster": (str, "article"),
        "period": (str, ""),
        "furniture": (str, ""),
        "roles": (str, ""),
    },
    "topics": {"dictionary": (str, ...)},
    "estimates": {
        "measure": (str, "sentence_share"),
        "method": (str, "moderated"),
        "conf_level": (float, 0.95),
    },
    "wording": {"ignore": (list, ())},
    "findings": {"wording": (str, "english")},
    "output": {"folder": (str, "figures"), "notebooks": (str, "")},
}


@dataclass(frozen=True)
class Study:
    """The settings of a study, paths resolved; see `read_study`."""

    path: Path
    title: str
    articles: Path
    metadata: Path | None
    group: tuple[str, ...]
    dates: tuple[str, ...]
    confounders: tuple[str, ...]
    cluster: str
    period: str
    furniture: Path | None
    roles: Path | None
    dictionary: Path
    measure: str
    method: str
    conf_level: float
    ignore: tuple[str, ...]
    wording: str | Path
    names: Mapping[str, str]
    folder: Path
    notebooks: Path | None


def read_study(path: str | Path = "study.toml") -> Study:
    """Return the settings of a study file; paths in it are relative to the file.

    Parameters
    ----------
    path : path
        A TOML file with the sections and keys of `SETTINGS`, and what the findings call topics,
        groups and document variables under ``[names]``.

    Raises
    ------
    InputError
        For an unknown section or key, a missing one, or a value of the wrong type, with the line.

    Examples
    --------
    >>> read_study("study.toml").group
    ('partner',)
    """
    path = Path(path)
    content = read_toml(path)
    check_keys(content, SETTINGS | {"names": {}}, "the study", path)
    values: dict[str, Any] = {"names": _names(content.get("names", {}), path)}
    for section, keys in SETTINGS.items():
        found = content.get(section, {})
        if not isinstance(found, Mapping):
            raise InputError(
                f"{section!r} is a value, not a section", file=path, do=f"write [{section}]"
            )
        check_keys(found, keys, f"[{section}]", path)
        for key, (kind, default) in keys.items():
            values[key] = _setting(dict(found), section, key, kind, default, path)
    with located(path, "measure"):
        check_choice(values["measure"], MEASURES, "measure", "measure of emphasis")
    with located(path, "method"):
        check_choice(values["method"], METHODS, "method", "method for an interval")
    with located(path, "conf_level"):
        check_conf_level(values["conf_level"])
    values["wording"] = _wording(values["wording"], path)
    paths = ("articles", "metadata", "furniture", "roles", "dictionary", "folder", "notebooks")
    for key in paths:
        values[key] = path.parent / values[key] if values[key] else None
    with located(path, "group"):
        values["group"] = columns_of(values["group"])
    for key in ("cluster", "period"):
        _check_apart(values, key, path)
    if values["notebooks"] is not None and not values["notebooks"].is_dir():
        raise InputError(
            f"[output] notebooks is {str(values['notebooks'])!r}, which is not a folder",
            file=path,
            line=line_of(path, "notebooks"),
            do="name the folder of the notebooks, or leave the line out",
        )
    texts = {key: tuple(values[key]) for key in ("group", "dates", "confounders", "ignore")}
    return Study(path=path, **values | texts)


def _check_apart(values: Mapping[str, Any], key: str, path: Path) -> None:
    """Raise if a document variable forms the groups, and so cannot vary within one."""
    if values[key] in values["group"]:
        raise InputError(
            f"[corpus] {key} is {values[key]!r}, which forms the groups",
            file=path,
            line=line_of(path, key),
            do="name another document variable, or leave the line out",
        )


def _wording(wording: str, path: Path) -> str | Path:
    """A wording by its name, or the file of one, read to see whether it can be used."""
    if wording.endswith(".toml"):
        read_wording(path.parent / wording)
        return path.parent / wording
    with located(path, "wording", table="findings"):
        read_wording(wording)
    return wording


def _names(found: Any, path: Path) -> dict[str, str]:
    """What the findings call things, by their names in the tables."""
    if not isinstance(found, dict):
        raise InputError("'names' is a value, not a section", file=path, do="write [names]")
    for name, instead in found.items():
        if not isinstance(instead, str) or not instead.strip():
            raise InputError(
                f"[names] {name} is {instead!r}",
                file=path,
                line=line_of(path, name, table="names"),
                do="write a text in quotes",
            )
    return found


def _setting(
    found: Mapping[str, Any], section: str, key: str, kind: Any, default: Any, path: Path
) -> Any:
    if key not in found:
        if default is ...:
            raise InputError(
                f"[{section}] has no {key!r}",
                file=path,
                line=line_of(path, section),
                do=f"write {key} = ... there",
            )
        return default
    value = found[key]
    if kind is float and type(value) is int:
        value = float(value)
    texts = not isinstance(value, list) or all(isinstance(item, str) for item in value)
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if type(value) not in kinds or not texts:
        names = {str: "a text in quotes", float: "a number", list: "a list of texts"}
        raise InputError(
            f"[{section}] {key} is {value!r}",
            file=path,
            line=line_of(path, key),
            do=f"write {' or '.join(names[one] for one in kinds)}",
        )
    if value in ("", []) and default not in ("", ()):
        raise InputError(
            f"[{section}] {key} is empty",
            file=path,
            line=line_of(path, key),
            do=f"write what {key} is, or leave the line out",
        )
    return value


@contextmanager
def located(path: Path, key: str, table: str = "") -> Iterator[None]:
    """Give an error about a setting its place in the file."""
    try:
        yield
    except InputError as error:
        raise InputError(
            error.problem, file=path, line=line_of(path, key, table), do=error.do
        ) from None
