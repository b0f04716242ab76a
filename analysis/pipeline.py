"""The whole straight path: study.toml in, everything in the output folder out, all or nothing."""

from __future__ import annotations

import json
import unicodedata
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analysis import __version__
from analysis.accounting import status_counts
from analysis.coding import positions
from analysis.errors import InputError, InputWarning, warn
from analysis.files import replace_file, replace_folder, sha256
from analysis.leaving_out import leave_one_article_out, leave_one_pattern_out
from analysis.reading.folder import article_files
from analysis.report import markdown
from analysis.results import Result, rows_of, to_csv, to_json
from analysis.robustness import cleaning_effect
from analysis.settings import Study
from analysis.stability import ordering_stability, specification_curve
from analysis.tables import Tables, compute
from analysis.variables import group_labels


def write(study: Study, tables: Tables, folder: Path) -> None:
    """Write the figures, tables and findings of a study into a folder that exists."""
    from analysis.curves import plot_specifications
    from analysis.figures import save_figure
    from analysis.forest import plot_contrasts
    from analysis.plots import (
        MOST_GROUPS,
        plot_emphasis,
        plot_heatmap,
        plot_keyness,
        plot_positions,
    )

    groups = sorted(group_labels(tables.documents, study.group).unique())
    where = positions(tables.codes)
    if len(groups) > MOST_GROUPS:
        warn(f"{len(groups)} groups are too many for a figure; the tables hold them all")
    else:
        save_figure(plot_emphasis(tables.emphasis, groups), folder / "emphasis")
        save_figure(plot_heatmap(tables.emphasis), folder / "heatmap")
        if tables.keyness is not None:
            save_figure(plot_keyness(tables.keyness, groups=groups), folder / "wording")
        if curve := _leading_curve(tables):
            save_figure(plot_specifications(curve, groups), folder / "robustness")
    if 0 < len(tables.contrasts.to_frame()) <= MOST_GROUPS:
        save_figure(plot_contrasts(tables.contrasts), folder / "contrasts")
    if 0 < where["doc_id"].nunique() <= MOST_GROUPS:
        save_figure(plot_positions(where, study.group, groups), folder / "positions")
    if tables.keyness is not None:
        replace_file(folder / "keyness.csv", to_csv(tables.keyness.to_frame()))
    if tables.change is not None:
        replace_file(folder / "change.csv", to_csv(tables.change.to_frame()))
    if tables.confounds is not None:
        replace_file(folder / "confounds.csv", to_csv(tables.confounds))
    for name, table in {
        "documents": tables.document_status,
        "emphasis": tables.emphasis.to_frame(),
        "positions": where,
        "contrasts": tables.contrasts.to_frame(),
        "omnibus": tables.omnibus.to_frame(),
        "evidence": tables.evidence.drop(columns="spans").assign(
            patterns=tables.evidence["patterns"].map(" | ".join)
        ),
        "sentences": tables.sentences,
        "duplicates": tables.duplicates,
        "specifications": tables.specifications,
        "cleaning": cleaning_effect(tables.specifications),
        "stability": ordering_stability(tables.specifications),
        "without_article": leave_one_article_out(tables.codes, study.group, study.measure),
        "without_pattern": leave_one_pattern_out(
            tables.sentences, tables.dictionary, study.group, study.measure
        ),
        "tally": tables.tally,
        "audit": tables.audit,
    }.items():
        replace_file(folder / f"{name}.csv", to_csv(table))
    replace_file(folder / "findings.md", markdown(tables.findings, study.title))
    replace_file(folder / "findings.json", to_json(rows_of(tables.findings)))


def _leading_curve(tables: Tables) -> Result | None:
    """The specification curve of the topic that a group emphasises most, and the next group."""
    cells = tables.emphasis.to_frame().sort_values("estimate", ascending=False, kind="stable")
    cells = cells[cells["size"] > 0]
    first = cells[cells["topic"] == cells["topic"].iloc[0]].head(2) if len(cells) else cells
    if len(first) < 2 or first["hits"].sum() == 0:
        return None
    names = group_labels(first, [key for key in tables.emphasis.keys if key != "topic"])
    return specification_curve(tables.specifications, first["topic"].iloc[0], *names)


def run(
    study: Study,
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
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", InputWarning)
            tables = compute(study, say)
            say("drawing the figures")
            write(study, tables, folder)
        noted = [warning for warning in caught if issubclass(warning.category, InputWarning)]
        executed = execute_all(study, say) if notebooks else {}
        replace_file(folder / "run.json", to_json(_record(study, tables, folder, noted)))
    for path, text in executed.items():
        replace_file(path, text)
    for warning in noted:  # to whoever called, once nothing can fail any more
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)
    return tables


def _check_output(study: Study) -> None:
    """Raise if the output folder holds what the study is made from: it is replaced as a whole."""
    folder = study.folder.resolve()
    inputs = [Path.cwd(), study.path, study.articles, study.dictionary]
    inputs += [path for path in (study.metadata, study.furniture, study.notebooks) if path]
    for path in inputs:
        if folder in (path.resolve(), *path.resolve().parents) and not folder.is_file():
            raise InputError(
                f"the output folder holds {path}",
                file=study.folder,
                do="name a folder of its own: it is replaced as a whole",
            )


def written_before(folder: Path) -> list[str]:
    """Return the files that the last run wrote: one that is no longer made has to go."""
    try:
        return list(json.loads((folder / "run.json").read_text(encoding="utf-8"))["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def execute_all(study: Study, say: Callable[[str], None]) -> dict[Path, str]:
    """Return the notebooks of a study, executed anew, by their files."""
    from analysis.notebooks import execute

    if study.notebooks is None:
        return {}
    executed = {}
    for path in sorted(study.notebooks.glob("*.ipynb")):
        say(f"executing {path.name}")
        executed[path] = execute(path)
    return executed


def _record(
    study: Study, tables: Tables, folder: Path, noted: list[warnings.WarningMessage]
) -> dict[str, Any]:
    """What made the output: settings, versions, and a hash of every file in and out.

    Nothing that differs between two machines with the same packages and Python stands in it.
    """
    home = study.path.parent
    inputs = [study.path, study.metadata, study.furniture, study.dictionary]
    files = {path for path in inputs if path is not None}
    files |= set(article_files(study.articles)) if study.articles.is_dir() else {study.articles}
    packages = (
        "ahocorasick_rs",
        "matplotlib",
        "numpy",
        "nupunkt",
        "pandas",
        "scikit-learn",
        "scipy",
    )
    settings = {
        key: _relative(value, home) if isinstance(value, Path) else value
        for key, value in vars(study).items()
    }
    return {
        "analysis": __version__,
        "packages": {name: version(name) for name in packages},
        "unicode": unicodedata.unidata_version,
        "settings": settings,
        "articles": status_counts(tables.document_status),
        # A pattern that fits nowhere has 0 matches and 0 lost places in audit.csv.
        "patterns": {
            "in_the_dictionary": len(tables.audit),
            "that_fit_nowhere": int((tables.audit[["matches", "lost"]] == 0).all(axis=1).sum()),
        },
        "warnings": [str(warning.message) for warning in noted],
        "inputs": {_relative(path, home): sha256(path) for path in sorted(files)},
        "outputs": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }


def _relative(path: Path, home: Path) -> str:
    try:
        return path.resolve().relative_to(home.resolve()).as_posix()
    except ValueError:
        return path.name  # outside the study: its folder is nobody's business
