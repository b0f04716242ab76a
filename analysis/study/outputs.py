"""What a study writes: one register of tables, one of figures; all or nothing."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import InputError, InputWarning
from analysis.estimates.specifications import cleaning_effect
from analysis.io.csv import csv_parts
from analysis.io.files import replace_bytes, replace_file, sha256
from analysis.io.kept import free_memory, lean_memory
from analysis.io.results import Result, rows_of, to_json
from analysis.io.swap import swapping
from analysis.report.notebook import findings_markdown
from analysis.report.page import report_html
from analysis.report.printers import check_printable, save_report
from analysis.study.consistency import check_codes, check_size
from analysis.study.drawing import figures_of
from analysis.study.keeping import check_unedited, keep
from analysis.study.notebooks import execute_all
from analysis.study.record import made_of, part_of, read_record
from analysis.study.workbook import workbook
from analysis.topics.evidence import evidence_for
from analysis.validation.auditing import found_nothing

if TYPE_CHECKING:
    from analysis.study.study import Study

Progress = Callable[[str], None]
_PLACES = ("path", "folder", "notebooks", "names")

# The register of tables: the name of a file, and the table of a study that it holds. What gives
# None is not written.
TABLES: dict[str, Callable[[Study], Any]] = {
    "documents": lambda study: study.document_status,
    "sentences": lambda study: study.sentences,
    "duplicates": lambda study: study.duplicates,
    "evidence": lambda study: study.evidence.drop(columns="spans").assign(
        patterns=study.evidence["patterns"].map(" | ".join)
    ),
    "positions": lambda study: _positions(study),
    "tally": lambda study: study.tally,
    "emphasis": lambda study: study.emphasis(),
    "contrasts": lambda study: study.contrasts(),
    "rest": lambda study: study.rest(),
    "omnibus": lambda study: study.omnibus(),
    "change": lambda study: study.trend(),
    "confounds": lambda study: study.confounds,
    "specifications": lambda study: study.specifications,
    "stability": lambda study: study.ordering_stability(),
    "cleaning": lambda study: cleaning_effect(study.specifications),
    "without_article": lambda study: study.leave_one_article_out(),
    "without_pattern": lambda study: study.leave_one_pattern_out(),
    "event_only": lambda study: study.event_only(),
    "keyness": lambda study: _keyness(study),
    "audit": lambda study: study.audit(),
    "agreement": lambda study: study.agreement(),
    "error_rates": lambda study: study.error_rates(),
    "corrected": lambda study: study.corrected_emphasis(),
    "corrected_contrasts": lambda study: study.corrected_contrasts(),
}


MOST_POSITIONS = 250_000  # rows; of more, those of sentences on a topic say all


def _positions(study: Study) -> pd.DataFrame:
    body = int((study.sentences["section"] == "body").sum())
    return study.positions(every=body * len(study.dictionary.topics) <= MOST_POSITIONS)


MOST_KEYNESS = 250_000  # rows; of more, those of the words that are used most


def _keyness(study: Study) -> Result | pd.DataFrame | None:
    if (found := study.keyness()) is None or len(table := found.to_frame()) <= MOST_KEYNESS:
        return found
    uses = table["count_target"] + table["count_reference"]
    least = np.sort(uses)[-MOST_KEYNESS - 1] + 1  # so few rows, whatever words are used as often
    return pd.DataFrame(table[uses >= least]).reset_index(drop=True)


def run(
    study: Study,
    *,
    notebooks: bool = True,
    overwrite: bool = False,
    progress: Progress = lambda message: None,
) -> Study:
    """Compute a study, write everything it gives into its folder, and return it.

    Everything is made beside the output folder first, the notebooks included. Only when all of it
    is there and on the disk does it take the old files' place, all together; an error leaves them
    as they were. A run that was killed is finished or undone by the next one.

    Parameters
    ----------
    study : Study
        From `Study` or `read_study`.
    notebooks : bool
        Whether to execute the notebooks of the study too.
    overwrite : bool
        Whether to replace files of the last run that were edited since; else they are an error.
    progress : callable
        Gets, in a few words, what is being done.

    Raises
    ------
    InputError
        For bad input, edited files, or another run at work; nothing has been written then.
    """
    target = study.settings.folder
    _check_output(study)

    def told(message: str) -> None:
        free_memory()  # a step begins with what is of use, not with what the last one left behind
        progress(message)

    with lean_memory(), swapping(target) as swap:
        before = read_record(target)
        recorded = part_of(before, "outputs")
        check_unedited(target, recorded, overwrite=overwrite)
        made, noted = _fill(study, swap.folder, told)
        _check_inputs(study)
        outputs = {path.name: sha256(path) for path in sorted(swap.folder.iterdir())}
        record = made | {"outputs": outputs, "notebooks": part_of(before, "notebooks")}
        replace_file(swap.folder / "run.json", to_json(record))
        if notebooks and study.settings.notebooks is not None:
            record["notebooks"] = execute_all(study.settings.notebooks, swap, told)
            replace_file(swap.folder / "run.json", to_json(record))
        keep(target, swap.folder, recorded, overwrite=overwrite)
    _warn_again(noted)  # to whoever called, once nothing can fail any more
    return study


def _fill(
    study: Study, folder: Path, progress: Progress
) -> tuple[dict[str, Any], list[warnings.WarningMessage]]:
    """Write all but the notebooks and the record, which is returned with the new warnings."""
    from analysis.figures.files import save_figure

    known = len(study.noted)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InputWarning)
        compute(study, progress)
        progress("drawing the figures")
        drawn = figures_of(study)
        free_memory()
        for name in list(drawn):
            save_figure(drawn.pop(name), folder / name)
        gc.collect()  # a figure and what is in it hold one another
        progress("writing the tables")
        kept: dict[str, pd.DataFrame] = {}
        for name, frame in _frames(study):
            replace_file(folder / f"{name}.csv", csv_parts(frame))
            if study.settings.excel:
                kept[name] = frame
        if study.settings.excel:
            shown = study.settings.folder / "tables.xlsx"
            replace_bytes(folder / "tables.xlsx", workbook(kept, study.by, shown))
    found = study.findings()
    text = findings_markdown(found, title=study.settings.title, language=study.language)
    replace_file(folder / "findings.md", text)
    replace_file(folder / "findings.json", to_json([_with_some(one) for one in rows_of(found)]))
    new = [one for one in caught if issubclass(one.category, InputWarning)]
    every = {id(one.message): str(one.message) for one in [*study.noted[:known], *new]}
    made = made_of(study, list(every.values()))
    progress("writing the report")
    replace_file(folder / "report.html", _report(study, made))
    return made, new


def _frames(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables that are written, one after the other: all at once may be large."""
    for name, table_of in TABLES.items():
        table = table_of(study)
        if table is not None:
            yield name, table if isinstance(table, pd.DataFrame) else table.to_frame()
            del table
            free_memory()


MOST_IN_JSON = 200  # sentences of a finding; evidence.csv has them all


def _with_some(found: Mapping[str, Any]) -> dict[str, Any]:
    """A finding with so many of its sentences that a file of findings can be read."""
    here = found["evidence"]
    if len(here) <= MOST_IN_JSON:
        return dict(found)
    some = {"shown": MOST_IN_JSON, "number": len(here), "file": "evidence.csv"}
    return {**found, "evidence": here[:MOST_IN_JSON], "evidence_cut": some}


def compute(study: Study, progress: Progress) -> None:
    """Compute what a run needs, in the order of the straight path; the study keeps it."""
    progress("reading the articles")
    _ = study.documents
    topics = len(study.dictionary.topics)
    check_size(topics, study.documents["text"])
    progress("finding the sentences")
    check_codes(topics, len(study.sentences))
    progress("looking for copies")
    _ = study.roles, study.document_status, study.duplicates
    study.check_names()
    progress("coding the sentences")
    _ = study.places, study.evidence, study.tally, study.hand
    progress("estimating")
    _ = study.specifications, study.contrasts(), study.trend()
    # Every number has all of its sentences, or none is written.
    evidence_for(study.emphasis(), study.evidence, by=study.by)
    progress("counting the words")
    _ = study.keyness()
    vars(study).pop("counted", None)  # which is large: whoever asks for it again gets it anew
    progress("writing the findings")
    _ = study.findings(), study.audit()


def _warn_again(noted: list[warnings.WarningMessage]) -> None:
    for warning in noted:
        warnings.warn_explicit(warning.message, warning.category, warning.filename, warning.lineno)


def report(study: Study, path: str | Path, *, progress: Progress = lambda message: None) -> None:
    """Compute a study and write its report alone: ``.html`` as `run` does, others by `save_report`.

    If there is bad input, or the file cannot be written, nothing has been written.
    """
    path = Path(path)
    check_printable(path, others=[".html"])
    articles = study.settings.articles
    if articles and articles.resolve() in (path.resolve(), *path.resolve().parents):
        raise InputError(
            "it lies among the articles and would be read as one",
            file=path,
            do="name a file in another folder",
        )
    if path.suffix.lower() != ".html":
        compute(study, progress)
        save_report(study, path)
        return
    with TemporaryDirectory() as folder:
        noted = _fill(study, Path(folder), progress)[-1]
        replace_bytes(path, (Path(folder) / "report.html").read_bytes())
    _warn_again(noted)


def _check_inputs(study: Study) -> None:
    """Raise if a file is not what the study read: old tables would stand beside its new hash."""
    for path, read in study.inputs.items():
        if not path.is_file() or sha256(path) != read:
            raise InputError(
                "it has changed since the study was read",
                file=path,
                do="read the study again: read_study(...), or study.anew()",
            )


def _check_output(study: Study) -> None:
    """Raise if the output folder holds what the study is made from: it is replaced as a whole."""
    chosen = study.settings
    folder = chosen.folder.resolve()
    for path in (Path.cwd(), *chosen.files, chosen.articles, chosen.notebooks):
        if path is None:
            continue
        if folder in (path.resolve(), *path.resolve().parents) and not folder.is_file():
            raise InputError(
                f"the output folder holds {path}",
                file=chosen.folder,
                do="name a folder of its own: it is replaced as a whole",
            )


def _report(study: Study, made: dict[str, Any]) -> str:
    # Where the files of a study lie says nothing of its numbers.
    settings = {key: value for key, value in made["settings"].items() if key not in _PLACES}
    said = [*made.get("warnings", []), *filter(None, [found_nothing(study.audit())])]
    return report_html(study, made=made | {"settings": settings, "warnings": said})
