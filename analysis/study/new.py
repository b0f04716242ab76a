"""A study of one's own: the example, or one made for a table of texts by what is seen in it."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.corpus.readers import READERS, read_articles
from analysis.corpus.readers.named import IDS, TEXTS, kind_of, named_like
from analysis.corpus.readers.tables import column_names
from analysis.corpus.units import sentences
from analysis.errors import InputError, InputWarning, listing, number_of
from analysis.io.files import replace_file
from analysis.io.swap import swapping
from analysis.study.example_topics import example_topics, toml

# What columns are often called; the texts and the names of articles stand in `readers.named`.
GROUPS = ("group", "party", "partner", "country", "outlet", "speaker", "author", "class", "label")
DATES = ("date", "day", "published", "created", "time")
_MOST_GROUPS, _MOST_CONFOUNDERS = 12, 3
_LONGEST = 40  # characters of the name of a group; the texts are longer on average
_NEARLY = 0.95  # of the articles
# What stands before the name of a group, where it is not "on".
_RELATIONS = {"party": "by", "speaker": "by", "author": "by", "outlet": "in"}
_TEMPLATE = resources.files("analysis.study") / "template"


@dataclass(frozen=True)
class Columns:
    """Which columns of a table hold what; "" where there is none."""

    text: str
    id: str
    group: Sequence[str]
    date: str
    confounders: Sequence[str]
    alike: Sequence[str]


def new_study(folder: Path) -> None:
    """Copy the example study into a new folder."""
    _check_new(folder)
    with swapping(folder) as swap, resources.as_file(_TEMPLATE) as template:
        shutil.copytree(template, swap.folder, dirs_exist_ok=True)
        study = swap.folder / "study.toml"
        replace_file(study, _with_notebooks(study.read_text(encoding="utf-8")))


def new_study_from(
    table: Path,
    folder: Path,
    *,
    text: str = "",
    group: Sequence[str] = (),
    date: str = "",
    id: str = "",
) -> list[str]:
    """Make a study of a table of texts in a new folder; return what was seen in the table.

    What is not named is guessed. If the table cannot be read, or a column is not there or cannot
    be guessed, that is an `InputError`, and nothing has been written.
    """
    _check_new(folder)
    if not table.is_file() or kind_of(table) not in READERS:
        read_articles(table)  # which says what is wrong
        do = "name a table; texts in a folder go into the folder articles of a study made without"
        raise InputError("--from names a folder", file=table, do=do)
    with warnings.catch_warnings():  # the reading that counts will say it
        warnings.simplefilter("ignore", InputWarning)
        columns = _look(table, text, group, date, id)
    documents = read_articles(
        table, by=columns.group, dates=[columns.date] if columns.date else [],
        text=columns.text, id=columns.id or "doc_id",
    )  # fmt: skip
    units = sentences(documents)
    with swapping(folder) as swap, resources.as_file(_TEMPLATE) as template:
        made = swap.folder
        shutil.copyfile(table, made / table.name)
        shutil.copytree(template / "notebooks", made / "notebooks")
        title = folder.name.replace("_", " ").capitalize()
        replace_file(made / "study.toml", _with_notebooks(_settings(table.name, title, columns)))
        replace_file(made / "topics.toml", example_topics(units[units["section"] == "body"]))
    return _seen(table, columns, documents, {text, id, date, *group})


def _check_new(folder: Path) -> None:
    if folder.exists():
        raise InputError("it is there already", file=folder, do="name a new folder")


def _with_notebooks(study: str) -> str:
    """A study file whose runs execute its notebooks, if the packages for that are installed."""
    installed = all(map(find_spec, ("nbclient", "ipykernel", "ipywidgets")))
    return study.replace("# notebooks =", "notebooks =", 1) if installed else study


def _look(table: Path, text: str, group: Sequence[str], date: str, id: str) -> Columns:
    """What the columns of a table hold: as was said, or as it seems."""
    columns = names = column_names(table)
    text = text or named_like(names, TEXTS) or _longest(table, names)
    documents = read_articles(table, text=text, id=id or "doc_id")
    names = [str(name) for name in documents.columns if name not in ("doc_id", "text")]
    like = named_like(names, IDS)
    if not id:
        values = documents[like] if like else pd.Series([""])
        own = "doc_id" if "doc_id" in columns else ""
        id = like if values.is_unique and values.str.strip().all() else own
    names = [name for name in names if name != id]
    days = [name for name in names if _holds_days(documents[name])]
    date = date or named_like(days, DATES) or (days[0] if days else "")
    kinds = [name for name in names if name != date and _tells_apart(documents[name])]
    if not (group or kinds):
        raise InputError(
            "no column looks as if it formed groups",
            file=table,
            do=f"name one by --group: {listing(names, most=20) or 'there is no other column'}",
        )
    group = group or [named_like(kinds, GROUPS) or kinds[0]]
    # A number of each party is no more than another name of it.
    known = [name for name in group if name in documents]  # the reading names those that are not
    alike = [name for name in kinds if name not in group and _renames(documents, known, name)]
    others = [name for name in [date, *kinds] if name and name not in (*group, *alike)]
    return Columns(text, id, group, date, others[:_MOST_CONFOUNDERS], alike)


def _renames(documents: pd.DataFrame, group: Sequence[str], name: str) -> bool:
    """Whether a column is another name for the groups: called like one, and nearly one value each.

    An outlet for each group is not: it may be what makes them differ.
    """
    if not any(name.casefold().startswith(one.casefold()) for one in group):
        return False
    pairs = documents.groupby([name, *group]).size()
    return bool(pairs.groupby(name).max().sum() >= _NEARLY * len(documents))


def _longest(table: Path, names: Sequence[str]) -> str:
    """The column with the longest values, if they are longer than names."""
    others = [name for name in names if name != "doc_id"]
    if others:
        values = read_articles(table, text=others[0]).rename(columns={"text": others[0]})[others]
        lengths = values.apply(lambda column: column.str.len().mean())
        if lengths.max() > _LONGEST:
            return str(lengths.idxmax())
    raise InputError(
        "no column looks as if it held the texts",
        file=table,
        do=f"name it by --text: {listing(names, most=20)}",
    )


def _holds_days(values: pd.Series) -> bool:
    known = values[values.str.strip() != ""].str.strip()
    return len(known) > 0 and bool(known.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").all())


def _tells_apart(values: pd.Series) -> bool:
    """Whether a column may form groups: a few short names, each of several articles or so."""
    names = values.str.strip()
    few = 2 <= names.nunique() <= min(_MOST_GROUPS, max(2, len(names) // 2))
    return few and bool(names.str.len().between(1, _LONGEST).all())


def _settings(table: str, title: str, columns: Columns) -> str:
    """The text of study.toml."""
    group = columns.group[0] if len(columns.group) == 1 else list(columns.group)
    lines = [
        "# A study of your own. Every path is relative to this file; the other settings stand in",
        "# docs/input.md.",
        "",
        "[study]",
        f"title = {toml(title)}",
        "",
        "[corpus]",
        f"articles = {toml(table)}  # a copy of your table: a row an article",
        f"text = {toml(columns.text)}  # the column of the texts",
        f"id = {toml(columns.id)}  # the column of the articles' names"
        if columns.id not in ("", "doc_id")
        else '# id = "..."  # the column of the articles\' names, if it is not doc_id',
        f"group = {toml(group)}  # what forms the groups; several: [{toml('a')}, {toml('b')}]",
        f"confounders = {toml(list(columns.confounders))}  # in what else the groups may differ",
    ]
    if columns.date:
        lines += [f"dates = {toml([columns.date])}  # days, written YYYY-MM-DD"]
        lines += [f"# period = {toml(columns.date)}  # shows change from year to year"]
    lines += ["", "[topics]", 'dictionary = "topics.toml"  # write your topics there', ""]
    if columns.group[0] in _RELATIONS:
        relation = toml(_RELATIONS[columns.group[0]])
        lines += [
            "[findings]",
            f"relation = {relation}  # what stands before a group in the texts",
            "",
        ]
    excel = "" if find_spec("openpyxl") else "# "
    lines += ["[output]", 'folder = "figures"', '# notebooks = "notebooks"  # a run executes them']
    lines += [f"{excel}excel = true  # the tables in one workbook too: figures/tables.xlsx"]
    return "\n".join([*lines, ""])


def _seen(table: Path, columns: Columns, documents: pd.DataFrame, said: set[str]) -> list[str]:
    """What a table holds, a line each; what nobody said is guessed."""

    def line(what: str, *names: str) -> str:
        guessed = "" if set(names) <= said else " (guessed)"
        return f"  {what:<7} {listing(map(repr, names))}{guessed}"

    sizes = group_labels(documents, columns.group).value_counts().sort_index()
    groups = listing([f"{name} ({number})" for name, number in sizes.items()])
    lines = [
        f"{table.name}: {number_of(len(documents), 'article')}",
        line("texts", columns.text),
        line("names", columns.id) if columns.id else "  names   no column; articles have numbers",
        f"{line('groups', *columns.group)}: {groups}",
    ]
    lines += [line("days", columns.date)] if columns.date else []
    lines += [line("checked", *columns.confounders)] if columns.confounders else []
    if columns.alike:
        lines.append(f"{line('same', *columns.alike)}: other names for the groups, not checked")
    used = {columns.text, columns.id, *columns.group, columns.date, *columns.confounders}
    used |= {"doc_id", "text", *columns.alike}
    if unused := [str(name) for name in documents.columns if name not in used]:
        lines.append(f"  unused  {listing(map(repr, unused))}")
    return lines
