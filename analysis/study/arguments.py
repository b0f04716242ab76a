"""The commands and their options, as a person types them."""

from __future__ import annotations

import argparse
from pathlib import Path

COMMANDS = {
    "run": "read the articles; write figures, tables, findings, report and notebooks",
    "check": "compute the study again; list what differs from what is written",
    "tally": "count an archive of any size, in several processes",
    "report": "write the report alone, to print or to send",
    "evidence": "print the sentences behind a number",
    "new": "make a study of your own, ready to run",
    "lab": "open the notebooks of a study in JupyterLab",
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    main = argparse.ArgumentParser(
        prog="topic-emphasis",
        description="Compare how much texts about different groups emphasise chosen topics.",
        epilog="Each command says more: topic-emphasis run --help",
    )
    commands = main.add_subparsers(dest="command", required=True, metavar="|".join(COMMANDS))
    run, check, tally, report, evidence, new, lab = (
        commands.add_parser(name, help=says, description=f"{says[0].upper()}{says[1:]}.")
        for name, says in COMMANDS.items()
    )
    for command in (run, check, tally, report, evidence):
        say = "the settings of a study; default: study.toml"
        command.add_argument("study", nargs="?", default="study.toml", help=say)
    for command in (run, check):
        say = "do not execute the notebooks"
        command.add_argument("--no-notebooks", action="store_true", help=say)
    for command in (run, tally):
        say = "replace files of the last run that you edited, too"
        command.add_argument("--overwrite", action="store_true", help=say)
    run.add_argument("--out", type=Path, help="write into this folder instead")
    run.add_argument("--articles", type=Path, help="read these articles instead")
    run.add_argument("--metadata", type=Path, help="read this metadata instead")
    run.add_argument("--dictionary", type=Path, help="use this dictionary instead")
    run.add_argument("--group", help="form the groups by this column instead (or A,B)")
    tally.add_argument("--jobs", type=int, help="how many processes; -1: one for each core")
    tally.add_argument("--articles", type=Path, help="read these articles instead")
    say = "write here; default: the output folder with _archive"
    tally.add_argument("--out", type=Path, help=say)
    say = "where finished parts and evidence are kept; default: --out with _parts"
    tally.add_argument("--keep", type=Path, help=say)
    say = "go on without articles that cannot be read"
    tally.add_argument("--leave-out-failing", action="store_true", help=say)
    report.add_argument(
        "--out", type=Path, required=True, help="a file that ends in .docx, .html, .md or .pdf"
    )
    evidence.add_argument("--group", help='only this group; of several columns: "A, B"')
    evidence.add_argument("--topic", help="only this topic")
    evidence.add_argument("--finding", help="only what is behind this finding, such as F06")
    new.add_argument("folder", type=Path, help="a new folder for the study")
    new.add_argument(
        "--from", dest="table", metavar="TABLE", type=Path, help="a table with your texts"
    )
    new.add_argument("--text", default="", help="the column of the texts")
    new.add_argument("--group", default="", help="the column that forms the groups (or A,B)")
    new.add_argument("--date", default="", help="the column of days")
    new.add_argument("--id", default="", help="the column of the articles' names")
    lab.add_argument(
        "study",
        nargs="?",
        default="study.toml",
        help="the settings of a study; default: study.toml",
    )
    lab.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on to JupyterLab")
    return main
