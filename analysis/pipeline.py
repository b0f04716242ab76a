"""The whole straight path: study.toml in, everything in the output folder out, all or nothing."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import __version__
from analysis.accounting import document_status, status_counts, unlisted_files
from analysis.coding import codes, evidence, matches, positions
from analysis.comparison import contrasts, omnibus
from analysis.confounding import confounds
from analysis.corpus import sentences
from analysis.counting import tally
from analysis.dictionary import Dictionary
from analysis.duplicates import near_duplicates
from analysis.errors import InputError, InputWarning, listing, warn
from analysis.estimation import emphasis
from analysis.files import line_of, replace_file, replace_folder, sha256
from analysis.formats import read_dictionary
from analysis.furniture import read_furniture
from analysis.leaving_out import leave_one_article_out, leave_one_pattern_out
from analysis.prose import findings
from analysis.reading import read_articles
from analysis.reading.folder import article_files
from analysis.report import markdown
from analysis.results import Result, rows_of, to_csv, to_json
from analysis.robustness import cleaning_effect, specifications
from analysis.settings import Study
from analysis.stability import ordering_stability, specification_curve
from analysis.variables import group_labels


@dataclass(frozen=True)
class Tables:
    """Everything a run computes, table by table, in the order of the straight path."""

    documents: pd.DataFrame
    document_status: pd.DataFrame
    sentences: pd.DataFrame
    duplicates: pd.DataFrame
    dictionary: Dictionary
    codes: pd.DataFrame
    evidence: pd.DataFrame
    tally: pd.DataFrame
    emphasis: Result
    specifications: pd.DataFrame
    confounds: pd.DataFrame | None
    contrasts: Result
    omnibus: Result
    keyness: Result | None
    audit: pd.DataFrame
    findings: pd.DataFrame


def compute(study: Study, say: Callable[[str], None] = lambda message: None) -> Tables:
    """Return every table of a study, from its articles to its findings; nothing is written.

    Parameters
    ----------
    study : Study
        From `read_study`.
    say : callable
        Told, in a few words, what is being done.
    """
    say("reading the articles")
    documents = read_articles(study.articles, study.metadata, study.group, study.dates)
    rules = read_furniture(study.furniture) if study.furniture else ()
    dictionary = read_dictionary(study.dictionary)
    for failing in dictionary.failing_examples():
        warn(f"{study.dictionary}: {failing}")
    table = sentences(documents, rules)
    left_out = unlisted_files(study.articles, study.metadata)
    status = document_status(documents, table, study.group, left_out)
    if bare := list(status.loc[status["status"] == "no_body_sentence", "doc_id"]):
        warn(f"no body sentence in {listing(bare)}; left out")
    duplicates = near_duplicates(table[table["section"] == "body"])
    _warn_of_copies(duplicates, documents)
    say("coding the sentences")
    coded = codes(table, dictionary)
    found = evidence(table, matches(table, dictionary))
    counted = tally(coded, study.group)
    say("estimating")
    ways = specifications(table, dictionary, study.group)
    differing = _confounds(table, study)

    def estimate(measure: str) -> tuple[Result, Result]:
        level = study.conf_level
        return (
            emphasis(counted, measure, method=study.method, conf_level=level),
            contrasts(
                counted,
                measure=measure,
                conf_level=level,
                specifications=ways,
                confounds=differing,
            ),
        )

    estimates, differences = estimate(study.measure)
    say("writing the findings")
    told = findings(table, dictionary, *estimate("sentence_share"), ways, confounds=differing)
    return Tables(
        documents=documents,
        document_status=status,
        sentences=table,
        duplicates=duplicates,
        dictionary=dictionary,
        codes=coded,
        evidence=found,
        tally=counted,
        emphasis=estimates,
        specifications=ways,
        confounds=differing,
        contrasts=differences,
        omnibus=omnibus(counted, study.measure),
        keyness=_keyness(table, study),
        audit=_audit(dictionary, table, study),
        findings=told,
    )


def _warn_of_copies(duplicates: pd.DataFrame, documents: pd.DataFrame) -> None:
    texts = documents.set_index("doc_id")["text"]
    pairs = [
        f"{row['doc_id']} and {row['other_doc_id']} ({row['similarity']:.2f})"
        for row in rows_of(duplicates)
        if texts[row["doc_id"]] != texts[row["other_doc_id"]]  # else the reader has told of them
    ]
    if pairs:
        warn(
            f"near duplicates, with the similarity of their bodies: {listing(pairs)}; all are kept"
        )


def _confounds(table: pd.DataFrame, study: Study) -> pd.DataFrame | None:
    if not study.confounders:
        return None
    try:
        return confounds(table[table["section"] == "body"], study.group, study.confounders)
    except InputError as error:
        line = line_of(study.path, "confounders")
        raise InputError(error.problem, file=study.path, line=line, do=error.do) from None


def _keyness(table: pd.DataFrame, study: Study) -> Result | None:
    from analysis.keywords import keyness
    from analysis.vectorize import counts

    counted = counts(table, study.group, ignore=study.ignore)
    if group_labels(counted, study.group).nunique() < 2 or counted["feature"].nunique() < 2:
        return None  # one group has no wording to be set apart from
    return keyness(counted)


def _audit(dictionary: Dictionary, table: pd.DataFrame, study: Study) -> pd.DataFrame:
    from analysis.auditing import audit

    audited = audit(dictionary, table)
    core = audited[audited["tier"] == "core"]
    for topic, own in core.groupby("topic", sort=False):
        takers = own.loc[own["taken_by"].str.contains("exclude: "), "taken_by"]
        if len(takers) and not own["matches"].any():
            warn(
                f"{study.dictionary}: topic {topic!r} has no match because exclusions touch every "
                f"place where it fits: {listing(takers.unique())}"
            )
    return audited


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
    with replace_folder(study.folder, outdated=_written_before(study.folder)) as folder:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", InputWarning)
            tables = compute(study, say)
            say("drawing the figures")
            write(study, tables, folder)
        noted = [warning for warning in caught if issubclass(warning.category, InputWarning)]
        executed = _execute_all(study, say) if notebooks else {}
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


def _written_before(folder: Path) -> list[str]:
    """The files that the last run wrote, so that one no longer made does not stay for ever."""
    try:
        return list(json.loads((folder / "run.json").read_text(encoding="utf-8"))["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _execute_all(study: Study, say: Callable[[str], None]) -> dict[Path, str]:
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


def check(
    study: Study, notebooks: bool = True, say: Callable[[str], None] = lambda message: None
) -> list[str]:
    """Return every difference between what is written and what the study gives now.

    Parameters
    ----------
    study : Study
        From `read_study`.
    notebooks : bool
        Whether to execute and compare the notebooks too.
    say : callable
        Told, in a few words, what is being done.

    Returns
    -------
    list of str
        Each finding whose text changed, with both texts; each file that changed, is missing or
        is not made any more; each notebook whose outputs changed. Empty: all is as committed.
    """
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary) / "fresh"
        tables = run(replace(study, folder=fresh), notebooks=False, say=say)
        differences = _changed_findings(study.folder / "findings.json", rows_of(tables.findings))
        names = {path.name for path in fresh.iterdir()} | set(_written_before(study.folder))
        for name in sorted(names - {"run.json"}):
            old, new = study.folder / name, fresh / name
            if not old.exists():
                differences.append(f"{name} is missing")
            elif not new.exists():
                differences.append(f"{name} is not made any more")
            elif old.read_bytes() != new.read_bytes():
                differences.append(f"{name} changed")
    executed = _execute_all(study, say) if notebooks else {}
    for path, text in executed.items():
        if path.read_text(encoding="utf-8") != text:
            differences.append(f"{path.name} changed")
    return differences


def _changed_findings(committed: Path, now: list[dict[str, Any]]) -> list[str]:
    try:
        before = json.loads(committed.read_text(encoding="utf-8"))
        old = {_name(found): found for found in before}
    except (OSError, ValueError, TypeError, KeyError):
        return [f"{committed.name} cannot be read"]
    new = {_name(found): found for found in json.loads(to_json(now))}
    changes = []
    for name in [*old, *(name for name in new if name not in old)]:
        was, is_now = old.get(name), new.get(name)
        texts = ["(not there)" if found is None else found["text"] for found in (was, is_now)]
        if texts[0] != texts[1]:
            changes.append(f"{name}\n  was: {texts[0]}\n  is:  {texts[1]}")
        elif was is not None and is_now is not None:
            moved = [key for key in is_now if key != "id" and was.get(key) != is_now[key]]
            if moved:
                changes.append(f"{name}\n  same text; changed: {', '.join(moved)}")
    return changes


def _name(found: Mapping[str, Any]) -> str:
    """What a finding is called across runs: its number moves when another comes or goes."""
    parts = [found["kind"], found["topic"], " and ".join(found["groups"])]
    return re.sub(r"\s+", " ", ": ".join(part for part in parts if part))
