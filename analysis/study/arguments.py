"""The commands and their options, as a person types them."""

from __future__ import annotations

import argparse
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    main = argparse.ArgumentParser(
        prog="topic-emphasis",
        description="Compare how much texts about different groups emphasise chosen topics.",
    )
    commands = main.add_subparsers(
        dest="command", required=True, metavar="run|check|tally|report|evidence|new|lab"
    )
    run = commands.add_parser("run", help="articles in; figures, findings and notebooks out")
    check = commands.add_parser("check", help="recompute; list what differs from what is written")
    tally = commands.add_parser("tally", help="count an archive of any size, in several processes")
    report = commands.add_parser("report", help="write the report alone, to print or to send")
    evidence = commands.add_parser("evidence", help="print the sentences behind a number")
    for command in (run, check, tally, report, evidence):
        command.add_argument("study", nargs="?", default="study.toml", help="default: study.toml")
    for command in (run, check):
        command.add_argument("--no-notebooks", action="store_true", help="leave notebooks as is")
    for command in (run, tally):
        say = "replace tables that were edited too"
        command.add_argument("--overwrite", action="store_true", help=say)
    run.add_argument("--out", type=Path, help="write into this folder instead")
    run.add_argument("--articles", type=Path, help="read these articles instead")
    run.add_argument("--metadata", type=Path, help="read this metadata instead")
    run.add_argument("--dictionary", type=Path, help="use this dictionary instead")
    run.add_argument("--group", help="form the groups by this column instead (or A,B)")
    tally.add_argument("--jobs", type=int, help="so many processes; -1 for one a core")
    tally.add_argument("--articles", type=Path, help="read these articles instead")
    tally.add_argument("--out", type=Path, help="default: the output folder with _archive")
    tally.add_argument(
        "--keep", type=Path, help="finished parts and evidence; default: --out_parts"
    )
    tally.add_argument(
        "--leave-out-failing",
        action="store_true",
        help="go on without articles that cannot be read",
    )
    report.add_argument(
        "--out", type=Path, required=True, help="a file that ends in .docx, .html, .md or .pdf"
    )
    evidence.add_argument("--group", help='only this group; of several columns: "A, B"')
    evidence.add_argument("--topic", help="only this topic")
    evidence.add_argument("--finding", help="only what is behind this finding, such as F06")
    new = commands.add_parser("new", help="a study of your own, ready to run")
    new.add_argument("folder", type=Path)
    new.add_argument("--from", dest="table", type=Path, help="of the texts in this table")
    new.add_argument("--text", default="", help="the column of the texts")
    new.add_argument("--group", default="", help="the column that forms the groups (or A,B)")
    new.add_argument("--date", default="", help="the column of days")
    new.add_argument("--id", default="", help="the column of the articles' names")
    lab = commands.add_parser("lab", help="open the notebooks of a study in JupyterLab")
    lab.add_argument("study", nargs="?", default="study.toml", help="default: study.toml")
    lab.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on to JupyterLab")
    return main
