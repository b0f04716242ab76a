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
from analysis.corpus.groups import REST, group_labels
from analysis.errors import InputError, number_of
from analysis.estimates.archives import Archive, tally_files
from analysis.estimates.by_article import omnibus
from analysis.estimates.comparison import contrasts
from analysis.estimates.shares import emphasis
from analysis.estimates.sums import Reading
from analysis.io.csv import to_csv
from analysis.io.exports import to_markdown
from analysis.io.files import replace_file, sha256
from analysis.io.results import Result, to_json
from analysis.io.swap import swapping
from analysis.study.keeping import check_unedited
from analysis.study.keeping import keep as keep_own
from analysis.study.record import of_dictionary, part_of, read_record, told_settings
from analysis.study.study import Study

SHOWN = 5  # sentences of each group and topic that are drawn for the sample
LEFT_OUT = """\
**Left out at this size, by rule:**

- findings in words and the report, which quote every sentence;
- specifications: a difference has to hold in the measures and poolings that a tally offers, not in
  other tiers, spellings and cleanings;
- estimates without one article or one pattern; positions; what codes by hand and roles say;
- near duplicates: articles are counted as often as they stand there.

Run the study on a sample of the articles for these. Every number has its sentences: they stand in
the Parquet files that `run.json` names. `evidence_sample.csv` has up to {shown} of each group and
topic, drawn at random.
"""
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
    results = _results(study, archive)
    sample = archive.sample(SHOWN)
    with swapping(target) as swap:
        folder, recorded = swap.folder, part_of(read_record(target), "outputs")
        frames = {name: result.to_frame() for name, result in results.items()}
        for name, frame in {**frames, **_tables(archive, sample)}.items():
            replace_file(folder / f"{name}.csv", to_csv(frame))
        replace_file(folder / "summary.md", _summary(study, archive, results))
        replace_file(folder / "run.json", to_json(_record(study, archive, folder)))
        keep_own(target, folder, recorded, overwrite=overwrite)
    return archive


def _results(study: Study, archive: Archive) -> dict[str, Result]:
    """What is estimated, by the functions and settings of a study."""
    from analysis.words.keywords import keyness

    chosen, tally = study.settings, archive.tally
    options: dict[str, Any] = {"measure": chosen.measure, "conf_level": chosen.conf_level}
    options["prior"] = chosen.prior
    groups = sorted(group_labels(tally.table, study.by).unique())
    found = {
        "emphasis": emphasis(tally, method=chosen.method, **options),
        "contrasts": contrasts(tally, **options),
        "omnibus": omnibus(tally, measure=chosen.measure),
    }
    if len(groups) > 2 and REST not in groups:
        found["rest"] = contrasts(tally, reference=REST, **options)
    if len(groups) > 1 and archive.words is not None and archive.words["feature"].nunique() > 1:
        found["keyness"] = keyness(archive.words)
    return found


def _tables(archive: Archive, sample: pd.DataFrame) -> dict[str, pd.DataFrame]:
    if len(sample):
        joined = [" | ".join(patterns) for patterns in sample["patterns"]]
        sample = sample.drop(columns="spans").assign(patterns=joined)
    return {
        "documents": archive.status,
        "tally": archive.tally.table,
        "warnings": archive.warnings,
        "evidence_sample": sample,
    }


def _summary(study: Study, archive: Archive, results: dict[str, Result]) -> str:
    """What was counted and what was not, and the main tables, in Markdown."""
    counted = archive.status.groupby("status")[["articles", "sentences", "words"]].sum()
    cells, compared = results["emphasis"].to_frame(), results["contrasts"].to_frame()
    differ = compared[compared["status"].isin(["supported", "suggestive"])]
    parts = [
        f"# {study.settings.title}",
        f"{number_of(int(archive.status['articles'].sum()), 'article')}, counted in shards.",
        to_markdown(counted.reset_index()),
        LEFT_OUT.format(shown=SHOWN),
        "## Emphasis",
        to_markdown(cells[[*study.by, "topic", "hits", "size", *_limits(cells)]]),
        "## Differences that are supported or suggestive",
        to_markdown(differ[[*_COUNTED, "status"]]) if len(differ) else "None.",
    ]
    if len(archive.warnings):
        parts += ["## Warnings", to_markdown(archive.warnings)]
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
