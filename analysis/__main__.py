"""The command line: python -m analysis run | check | tally | report | evidence | new | lab."""

from __future__ import annotations

import argparse
import gc
import os
import re
import signal
import subprocess
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from analysis.errors import InputError, InputWarning, listing, near, of_system
from analysis.study.arguments import parser

if TYPE_CHECKING:
    from analysis.study.study import Study

# What would command a terminal, or stop it: controls, directions, halves of a pair.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_TOLD = ("lead", "story", "refusal")  # the kinds of findings that a run prints
_ALIKE = 5  # warnings that end alike; the report and run.json have all
Seen = Counter[tuple[str, int, str]]  # how many warnings, by their place and their end
_READER_GONE = 141  # as a shell calls a command that its reader left


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 bad input, 1 anything else."""
    options = parser().parse_args(arguments)
    with suppress(ValueError):  # not in the main thread: then signals are not ours
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stop, but tidy up first
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "run": _run,
        "check": _check,
        "tally": _tally,
        "report": _report,
        "evidence": _evidence,
        "new": _new,
        "lab": _lab,
    }
    with warnings.catch_warnings(), _much_kept():
        if not sys.warnoptions:
            warnings.simplefilter("always", InputWarning)
        seen: Seen = Counter()
        warnings.showwarning = lambda message, _, file, line, *__: _warn(message, file, line, seen)
        try:
            code = commands[options.command](options)
            print(end="", flush=True)
            return code
        except InputError as error:
            _say(f"error: {error}")
            return 2
        except RuntimeError as error:
            _say(f"error: {error}")
            return 1
        except MemoryError:
            _say("error: there is not enough memory; close other programs, or take fewer articles")
            return 2
        except BrokenPipeError:  # `| head` has read enough; at the end Python would try once more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return _READER_GONE
        except OSError as error:
            _say(f"error: {of_system(error, '')}")
            return 2
        except KeyboardInterrupt:
            _say("stopped; what is written is whole: as before, or all new")
            return 130
        finally:
            for (_, _, end), many in seen.items():
                if many > _ALIKE:
                    _say(f"warning: {many - _ALIKE} more like this: {end}")


@contextmanager
def _much_kept() -> Iterator[None]:
    """Look seldom for objects that only hold one another: most stay to the end of a command."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])  # else a twelfth of a run's time goes there
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _warn(message: Warning | str, file: str, line: int, seen: Seen) -> None:
    """Show a warning, unless as many that end like it, from the same place, have been shown."""
    kind = (file, line, str(message).rpartition("; ")[2])
    seen[kind] += 1
    if seen[kind] <= _ALIKE:
        _say(f"warning: {message}")


def _say(message: str) -> None:
    print(_clean(message), file=sys.stderr)


def _print(message: str) -> None:
    print(_clean(message))


def _clean(text: str) -> str:
    return _COMMANDS.sub("?", text.replace("\r\n", "\n"))


def _progress(message: str) -> None:
    if sys.stderr.isatty():
        print(f"  {message} ...", file=sys.stderr)


def _study(options: argparse.Namespace) -> Study:
    from analysis.study.study import read_study

    return read_study(options.study)


def _run(options: argparse.Namespace) -> int:
    from analysis.study.outputs import run
    from analysis.validation.auditing import found_nothing

    study = _study(options)
    changed = {
        name: getattr(options, name)
        for name in ("articles", "metadata", "dictionary", "group")
        if getattr(options, name) is not None
    }
    if "group" in changed:
        changed["group"] = changed["group"].split(",")
    if "articles" in changed:
        # The study's own metadata and roles are of other articles.
        changed = {"metadata": None, **changed, "roles": None}
    if options.out is not None:
        changed["folder"] = options.out
    # Notebooks show the study as its file says, in the study's own folder, or not at all.
    notebooks = not (changed or options.no_notebooks)
    study = study.with_(**changed) if changed else study
    run(study, notebooks=notebooks, overwrite=options.overwrite, progress=_progress)
    _print(f"{study.settings.title}\n")
    found = study.findings()
    told = found[found["kind"].isin(_TOLD)]
    for kind, topic, text in zip(told["kind"], told["topic"], told["text"], strict=True):
        _print(f"{study.language.heading(topic)}: {text}\n" if kind == "story" else f"{text}\n")
    if said := found_nothing(study.audit()):
        _print(f"{said}\n")
    _print(f"All {len(found)} findings, with their sentences: findings.md and report.html")
    _print(f"Figures, tables and findings: {study.settings.folder}")
    if notebooks and study.settings.notebooks is not None:
        _print(f"Executed notebooks: {study.settings.notebooks}")
    return 0


def _check(options: argparse.Namespace) -> int:
    from analysis.study.check.checking import check
    from analysis.study.check.summary import summary

    differences = check(_study(options), notebooks=not options.no_notebooks, progress=_progress)
    _print(summary(differences))
    # Other software is no difference while all that is written still holds.
    return 1 if (differences["kind"] != "software").any() else 0


def _tally(options: argparse.Namespace) -> int:
    from analysis.study.archive import tally_study

    study = _study(options)
    folder = study.settings.folder
    changed = {"folder": options.out or folder.with_name(f"{folder.name}_archive")}
    if options.articles is not None:
        changed |= {"articles": options.articles, "metadata": None}
    study = study.with_(**changed)
    try:
        archive = tally_study(
            study,
            n_jobs=options.jobs,
            keep=options.keep,
            failing="leave_out" if options.leave_out_failing else "raise",
            overwrite=options.overwrite,
            progress=lambda message: _say(f"  {message}"),
        )
    except KeyboardInterrupt:
        _say("stopped; what is finished is kept, and the same command goes on from there")
        return 130
    counted = archive.status.groupby("status")["articles"].sum()
    _print(f"{study.settings.title}: {listing(f'{n} {name}' for name, n in counted.items())}")
    _print(f"Tables, and what is left out at this size: {study.settings.folder / 'summary.md'}")
    return 0


def _report(options: argparse.Namespace) -> int:
    from analysis.study.outputs import report

    report(_study(options), options.out, progress=_progress)
    print(f"Report: {options.out}")
    return 0


def _evidence(options: argparse.Namespace) -> int:
    from analysis.corpus.groups import group_labels
    from analysis.io.display import mark

    study = _study(options)
    cells = study.emphasis().to_frame()
    cells = cells.assign(group=group_labels(cells, study.by))
    for column, noun, wanted in (
        ("group", " and ".join(study.by), options.group),
        ("topic", "topic", options.topic),
    ):
        if wanted is not None:
            _check_known(noun, wanted, cells[column])
            cells = cells[cells[column] == wanted]
    rows = study.evidence_for(cells.drop(columns="group"))
    if options.finding is not None:
        found = study.findings()
        _check_known("finding", options.finding, found["id"])
        found = found[found["id"] == options.finding]
        _print(f"{options.finding}  {found['text'].item()}\n")
        rows = rows.merge(study.evidence_for(found)[["doc_id", "sentence_id", "topic"]])
    for row in rows.assign(group=group_labels(rows, study.by)).to_dict("records"):
        _print(f"{row['group']}, {row['topic']}: {row['doc_id']} {row['start']}-{row['end']}")
        _print(f"  {mark(row['quote'], row['spans'], '[', ']')}")
        _print(f"  patterns: {', '.join(row['patterns'])}\n")
    _print(f"{len(rows)} evidence sentence{'' if len(rows) == 1 else 's'}")
    return 0


def _check_known(noun: str, wanted: str, known: Iterable[str]) -> None:
    if wanted not in set(known):
        raise InputError(
            f"there is no {noun} {wanted!r}",
            do=f"{near(wanted, known)}choose one of {listing(sorted(set(known)), most=20)}",
        )


def _new(options: argparse.Namespace) -> int:
    from analysis.study.new import new_study, new_study_from

    named = {name: getattr(options, name) for name in ("text", "group", "date", "id")}
    if options.table is not None:
        group = [name.strip() for name in options.group.split(",") if name.strip()]
        seen = new_study_from(options.table, options.folder, **named | {"group": group})
        _print("\n".join([*seen, ""]))
    elif given := [f"--{name}" for name, value in named.items() if value]:
        raise InputError(f"{listing(given)} is of a table", do="name the table by --from")
    else:
        new_study(options.folder)
    study = options.folder / "study.toml"
    _print(f"A study is ready in {options.folder}. To run it:")
    _print(f"  {sys.executable} -m analysis run {study}")
    _print("To open its notebook, with the explorer:")
    _print(f"  {sys.executable} -m analysis lab {study}")
    return 0


def _lab(options: argparse.Namespace) -> int:
    from analysis.study.lab import lab_command
    from analysis.study.settings import read_settings

    command, environment = lab_command(read_settings(options.study))
    command += options.arguments
    if os.name != "nt":
        os.execve(command[0], command, environment)
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C reaches JupyterLab too, and ends it
    return subprocess.call(command, env=environment)


if __name__ == "__main__":
    sys.exit(main())
