"""The whole straight path: study.toml in, everything in the output folder out, all or nothing."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from analysis.corpus.groups import group_labels
from analysis.errors import InputError, InputWarning, warn
from analysis.estimates.leaving_out import event_only, leave_one_article_out, leave_one_pattern_out
from analysis.estimates.specifications import cleaning_effect
from analysis.estimates.stability import specification_curve
from analysis.io.csv import to_csv
from analysis.io.files import replace_bytes, replace_file, replace_folder, sha256
from analysis.io.results import Result, rows_of, to_json
from analysis.report.notebook import markdown
from analysis.report.page import report_html
from analysis.report.printers import check_printable, save_report
from analysis.study.fingerprints import of_notebook
from analysis.study.record import made_of, part_of, read_record
from analysis.study.settings import Study
from analysis.study.tables import Tables, compute
from analysis.topics.coding import positions

_PLACES = ("path", "folder", "notebooks", "names")


def write(study: Study, tables: Tables, folder: Path) -> dict[str, str]:
    """Write the figures, tables and findings of a study into a folder that exists.

    Returns the alt text of each figure, by its name.
    """
    from analysis.figures.canvas import MOST_GROUPS
    from analysis.figures.curves import plot_specifications
    from analysis.figures.differences import plot_contrasts
    from analysis.figures.files import alt_text, save_figure
    from analysis.figures.shares import (
        plot_emphasis,
        plot_heatmap,
        plot_keyness,
        plot_positions,
    )

    groups = sorted(group_labels(tables.documents, study.group).unique())
    where = positions(tables.codes)
    drawn = {}
    if len(groups) > MOST_GROUPS:
        warn(f"{len(groups)} groups are too many for a figure; the tables hold them all")
    else:
        drawn["emphasis"] = plot_emphasis(tables.emphasis, groups=groups, report="report.html")
        drawn["heatmap"] = plot_heatmap(tables.emphasis, report="report.html")
        if tables.keyness is not None:
            drawn["wording"] = plot_keyness(tables.keyness, groups=groups)
        if curve := _leading_curve(tables):
            drawn["robustness"] = plot_specifications(curve, groups=groups)
    if 0 < len(tables.contrasts.to_frame()) <= MOST_GROUPS:
        drawn["contrasts"] = plot_contrasts(tables.contrasts)
    if 0 < where["doc_id"].nunique() <= MOST_GROUPS:
        drawn["positions"] = plot_positions(where, study.group, groups=groups)
    for name, ax in drawn.items():
        save_figure(ax, folder / name)
    written: dict[str, Result | pd.DataFrame | None] = {
        "documents": tables.document_status,
        "emphasis": tables.emphasis,
        "positions": where,
        "contrasts": tables.contrasts,
        "omnibus": tables.omnibus,
        "evidence": tables.evidence.drop(columns="spans").assign(
            patterns=tables.evidence["patterns"].map(" | ".join)
        ),
        "sentences": tables.sentences,
        "duplicates": tables.duplicates,
        "specifications": tables.specifications,
        "cleaning": cleaning_effect(tables.specifications),
        "stability": tables.stability,
        "without_article": leave_one_article_out(tables.codes, study.group, measure=study.measure),
        "without_pattern": leave_one_pattern_out(
            tables.sentences, tables.dictionary, by=study.group, measure=study.measure
        ),
        "tally": tables.tally.to_frame(),
        "audit": tables.audit,
        "keyness": tables.keyness,
        "change": tables.change,
        "confounds": tables.confounds,
        "event_only": None
        if tables.roles is None
        else event_only(tables.codes, tables.roles, by=study.group, measure=study.measure),
    }
    for name, table in written.items():
        if table is not None:
            frame = table.to_frame() if isinstance(table, Result) else table
            replace_file(folder / f"{name}.csv", to_csv(frame))
    text = markdown(tables.findings, study.title, study.wording, study.names)
    replace_file(folder / "findings.md", text)
    replace_file(folder / "findings.json", to_json(rows_of(tables.findings)))
    return {name: alt_text(ax) for name, ax in drawn.items()}


def _leading_curve(tables: Tables) -> Result | None:
    """The specification curve of the topic that a group emphasises most, and the next group."""
    cells = tables.emphasis.to_frame().sort_values("estimate", ascending=False, kind="stable")
    cells = cells[cells["size"] > 0]
    first = cells[cells["topic"] == cells["topic"].iloc[0]].head(2) if len(cells) else cells
    if len(first) < 2 or first["hits"].sum() == 0:
        return None
    one, two = group_labels(first, [key for key in tables.emphasis.keys if key != "topic"])
    topic = first["topic"].iloc[0]
    return specification_curve(tables.specifications, topic, target=one, reference=two)


def run(
    study: Study,
    *,
    notebooks: bool = True,
    say: Callable[[str], None] = lambda message: None,
) -> Tables:
    """Compute a study and write everything it gives; return its tables.

    Everything is made in a folder beside the output folder first, the notebooks included. Only
    when all of it is there does it take the old files' place; an error leaves them as they were.

    Parameters
    ----------
    study : Study
        From `read_study`.
    notebooks : bool
        Whether to execute the notebooks of the study too.
    say : callable
        Told, in a few words, what is being done.

    Raises
    ------
    InputError
        For bad input; nothing has been written then.
    """
    _check_output(study)
    with replace_folder(study.folder, outdated=written_before(study.folder)) as folder:
        tables, made, noted = _fill(study, folder, say)
        executed = execute_all(study, say) if notebooks else {}
        outputs = {path.name: sha256(path) for path in sorted(folder.iterdir())}
        record = made | {"outputs": outputs, "notebooks": _notebooks(study, executed)}
        replace_file(folder / "run.json", to_json(record))
    for path, text in executed.items():
        replace_file(path, text)
    _warn_again(noted)  # to whoever called, once nothing can fail any more
    return tables


def _fill(
    study: Study, folder: Path, say: Callable[[str], None]
) -> tuple[Tables, dict[str, Any], list[warnings.WarningMessage]]:
    """Compute a study and write all but the notebooks and the record, which is returned."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InputWarning)
        tables = compute(study, say)
        say("drawing the figures")
        alts = write(study, tables, folder)
    noted = [warning for warning in caught if issubclass(warning.category, InputWarning)]
    made = made_of(study, tables, noted)
    replace_file(folder / "report.html", _report(study, tables, folder, made, alts))
    return tables, made, noted


def _warn_again(noted: list[warnings.WarningMessage]) -> None:
    for warning in noted:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def report(
    study: Study, path: str | Path, say: Callable[[str], None] = lambda message: None
) -> None:
    """Compute a study and write nothing but its report, into one file.

    Parameters
    ----------
    study : Study
        From `read_study`.
    path : path
        The file: ``.html`` is the page that `run` writes, the others are those of `save_report`.
    say : callable
        Told, in a few words, what is being done.

    Raises
    ------
    InputError
        For bad input, or if the file cannot be written; nothing has been written then.
    """
    path = Path(path)
    check_printable(path, others=[".html"])
    articles = study.articles.resolve()
    if articles in (path.resolve(), *path.resolve().parents):
        raise InputError(
            "it lies among the articles and would be read as one",
            file=path,
            do="name a file in another folder",
        )
    if path.suffix.lower() != ".html":
        tables = compute(study, say)
        save_report(path, study.title, tables.emphasis, tables.findings, study.wording, study.names)
        return
    with TemporaryDirectory() as folder:
        noted = _fill(study, Path(folder), say)[-1]
        replace_bytes(path, (Path(folder) / "report.html").read_bytes())
    _warn_again(noted)


def _check_output(study: Study) -> None:
    """Raise if the output folder holds what the study is made from: it is replaced as a whole."""
    folder = study.folder.resolve()
    inputs = [Path.cwd(), study.path, study.articles, study.dictionary]
    optional = (study.metadata, study.furniture, study.roles, study.notebooks)
    inputs += [path for path in (*optional, study.wording) if isinstance(path, Path)]
    for path in inputs:
        if folder in (path.resolve(), *path.resolve().parents) and not folder.is_file():
            raise InputError(
                f"the output folder holds {path}",
                file=study.folder,
                do="name a folder of its own: it is replaced as a whole",
            )


def written_before(folder: Path) -> list[str]:
    """Return the files that the last run wrote: one that is no longer made has to go."""
    return list(part_of(read_record(folder), "outputs"))


def _notebooks(study: Study, executed: Mapping[Path, str]) -> dict[str, Any]:
    """The fingerprints of the notebooks; those of a run that left them as they are stay too."""
    before = {} if executed else part_of(read_record(study.folder), "notebooks")
    return before | {path.name: of_notebook(text) for path, text in executed.items()}


def execute_all(study: Study, say: Callable[[str], None]) -> dict[Path, str]:
    """Return the notebooks of a study, executed anew, by their files."""
    from analysis.study.notebooks import execute

    if study.notebooks is None:
        return {}
    executed = {}
    for path in sorted(study.notebooks.glob("*.ipynb")):
        say(f"executing {path.name}")
        executed[path] = execute(path)
    return executed


def _report(
    study: Study, tables: Tables, folder: Path, made: dict[str, Any], alts: dict[str, str]
) -> str:
    # Emphasis and contrasts the page draws itself, so that their marks are links.
    figures = [
        (name, (folder / f"{name}.svg").read_text(encoding="utf-8"), alts[name])
        for name in ("positions", "robustness")
        if name in alts
    ]
    return report_html(
        study.title,
        tables.documents,
        tables.sentences,
        tables.dictionary,
        tables.evidence,
        tables.emphasis,
        tables.contrasts,
        tables.findings,
        study.group,
        roles=tables.roles,
        keyness=tables.keyness,
        stability=tables.stability,
        figures=figures,
        # Where the files of a study lie says nothing of its numbers.
        made=made | {"settings": {k: v for k, v in made["settings"].items() if k not in _PLACES}},
        wording=study.wording,
        names=study.names,
    )
