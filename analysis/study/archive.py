"""A study of an archive: what can be had from tallies alone, and what is left out, said.

The study is the same file; its articles are counted shard by shard (see `tally_files`). Whatever
needs all texts at once is left out by rule: `LEFT_OUT` says what, in the words of the summary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.boilerplate import read_boilerplate
from analysis.errors import InputError, number_of
from analysis.estimates.archives import Archive, tally_files
from analysis.estimates.sums import Reading
from analysis.io.csv import csv_parts
from analysis.io.exports import to_markdown
from analysis.io.files import replace_file, sha256
from analysis.io.results import rows_of, to_json
from analysis.io.swap import swapping
from analysis.report.notebook import findings_markdown
from analysis.study.archived import SHOWN, ArchivedStudy
from analysis.study.drawing import figures_of
from analysis.study.keeping import check_unedited
from analysis.study.keeping import keep as keep_own
from analysis.study.outputs import TABLES
from analysis.study.record import of_dictionary, part_of, read_record, told_settings
from analysis.study.study import Study

LEFT_OUT = """\
**Left out at this size, by rule:**

- the report, which has every article;{findings}
- specifications: a difference has to hold in the measures and poolings that a tally offers, not in
  other tiers, spellings and cleanings;
- estimates without one article or one pattern; positions; what codes by hand and roles say;
- near duplicates: articles are counted as often as they stand there.

Run the study on a sample of the articles for these. Every number has its sentences: they stand in
the Parquet files that `run.json` names. `evidence_sample.csv` has up to {shown} of each group and
topic, drawn at random.
"""
_NOT_TOLD = (
    "\n- findings in words: they speak of articles, and chance works on something else here;"
)
_COUNTED = ("topic", "target", "reference", "estimate", "conf_low", "conf_high", "p_adjusted")


def tally_study(
    study: Study,
    *,
    n_jobs: int | None = None,
    keep: Path | None = None,
    failing: str = "raise",
    overwrite: bool = False,
    progress: Callable[[str], None] = lambda message: None,
) -> Archive:
    """Count the articles of a study in shards, write what follows from it, and return it.

    Parameters
    ----------
    study : Study
        Its articles may be anything that `tally_files` takes.
    n_jobs, progress
        As for `tally_files`.
    keep : path, optional
        A folder for finished shards and the evidence. Default: that of the output, with `_parts`.
    failing : {"raise", "leave_out"}
        What becomes of an article that cannot be read or counted.
    overwrite : bool
        Whether tables that were edited are replaced too.
    """
    from analysis.figures.files import save_figure

    chosen = study.settings
    if chosen.articles is None:
        raise InputError("the articles are in memory", do="name the files of an archive")
    target = chosen.folder
    inside = [path.resolve() for path in (chosen.articles, *chosen.files) if path is not None]
    if any(target.resolve() in (path, *path.parents) for path in inside):
        do = "name a folder of its own: it is replaced as a whole"
        raise InputError("the output folder holds what the study is made from", file=target, do=do)
    # Before the counting, which may take hours.
    check_unedited(target, part_of(read_record(target), "outputs"), overwrite=overwrite)
    reading = Reading(
        text=chosen.text,
        id=chosen.id,
        encoding=chosen.encoding,
        metadata=chosen.metadata,
        dates=chosen.dates,
        boilerplate=read_boilerplate(chosen.boilerplate) if chosen.boilerplate else (),
        language=chosen.language or None,
        cluster="doc_id" if chosen.cluster == "article" else chosen.cluster,
        within=tuple(study.confounders),
        window=chosen.window,
        words=True,
        ignore=chosen.ignore,
        failing=failing,
    )
    archive = tally_files(
        chosen.articles,
        study.dictionary,
        by=study.by,
        reading=reading,
        n_jobs=n_jobs,
        keep=keep or target.with_name(f"{target.name}_parts"),
        progress=progress,
    )
    progress("estimating")
    counted = ArchivedStudy.of(study, archive)
    tables = _tables(counted)
    with swapping(target) as swap:
        folder, recorded = swap.folder, part_of(read_record(target), "outputs")
        if told := chosen.cluster == "article":
            progress("writing the findings")
            _write_findings(counted, folder)
        progress("drawing the figures")
        for name, ax in figures_of(counted, texts=False).items():
            save_figure(ax, folder / name)
        for name, frame in tables.items():
            replace_file(folder / f"{name}.csv", csv_parts(frame))
        replace_file(folder / "summary.md", _summary(counted, tables, told=told))
        replace_file(folder / "run.json", to_json(_record(study, archive, folder)))
        keep_own(target, folder, recorded, overwrite=overwrite)
    return archive


# The tables of a run that a tally gives.
_TALLIED = ("emphasis", "contrasts", "rest", "omnibus", "change", "confounds", "keyness")


def _tables(study: ArchivedStudy) -> dict[str, pd.DataFrame]:
    """The tables that are written, by name."""
    archive = study.archive
    sample = archive.sample(SHOWN)
    if len(sample):
        joined = [" | ".join(patterns) for patterns in sample["patterns"]]
        sample = sample.drop(columns="spans").assign(patterns=joined)
    made = {name: TABLES[name](study) for name in _TALLIED}
    frames = {
        name: table if isinstance(table, pd.DataFrame) else table.to_frame()
        for name, table in made.items()
        if table is not None
    }
    return frames | {
        "documents": archive.status,
        "tally": archive.tally.table,
        "warnings": archive.warnings,
        "evidence_sample": sample,
    }


def _write_findings(study: ArchivedStudy, folder: Path) -> None:
    found = study.findings()
    text = findings_markdown(found, title=study.settings.title, language=study.language)
    replace_file(folder / "findings.md", text)
    replace_file(folder / "findings.json", to_json(rows_of(found)))


def _summary(study: ArchivedStudy, tables: dict[str, pd.DataFrame], *, told: bool) -> str:
    """What was counted and what was not, and the main tables, in Markdown."""
    status, warned = (tables[name] for name in ("documents", "warnings"))
    counted = status.groupby("status")[["articles", "sentences", "words"]].sum()
    cells, compared = tables["emphasis"], tables["contrasts"]
    differ = compared[compared["status"].isin(["supported", "suggestive"])]
    parts = [
        f"# {study.settings.title}",
        f"{number_of(int(status['articles'].sum()), 'article')}, counted in shards.",
        to_markdown(counted.reset_index()),
        LEFT_OUT.format(shown=SHOWN, findings="" if told else _NOT_TOLD),
        "## Emphasis",
        to_markdown(cells[[*study.by, "topic", "hits", "size", *_limits(cells)]]),
        "## Differences that are supported or suggestive",
        to_markdown(differ[[*_COUNTED, "status"]]) if len(differ) else "None.",
    ]
    if len(warned):
        parts += ["## Warnings", to_markdown(warned)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _limits(cells: pd.DataFrame) -> Sequence[str]:
    return [name for name in ("estimate", "conf_low", "conf_high") if name in cells]


def _record(study: Study, archive: Archive, folder: Path) -> dict[str, Any]:
    from analysis import __version__
    from analysis.io.code import of_code

    return {
        "analysis": __version__,
        "code": of_code(),
        "settings": told_settings(study.settings),
        "dictionary": of_dictionary(study.dictionary),
        "articles": int(archive.status["articles"].sum()),
        "evidence": [path.name for path in archive.evidence],
        "outputs": {path.name: sha256(path) for path in sorted(folder.iterdir())},
    }
