"""Make output.md: every file and column that a run writes, from figures/ and output.toml.

The descriptions lie in analysis/study/output.toml, where the package reads them too.

    python docs/output.py

A test compares the page with what this makes. A file or column that output.toml does not describe
is an error here.
"""

import csv
import json
import tomllib
from pathlib import Path

from analysis.study.workbook import descriptions

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FIGURES = ROOT / "figures"
HEAD = """# Output

`run` writes one folder, `figures/` unless `study.toml` says otherwise. It is replaced as a whole,
together with the notebooks, or not at all: see [check](check.md#a-run-that-was-stopped). Tables
that you edited are never overwritten without a word. The table below each file names its columns.
This page is made from the folder of the embedded study by `python docs/output.py`; its groups are
formed by the column `partner`.

Tables are CSV in UTF-8. A text that a spreadsheet would take for a formula (`=1+1`, `-x`,
`@nato`) has an apostrophe before it. A text that would pass for a number or for nothing has
quotes around it (`"2020"`, `""`). `an.read_table` takes both away again, so that a table comes
back as it was. A number has ten digits. A missing number is an empty cell.

A figure has three files: `.svg`, `.png`, and `.csv` with what it draws. Its alternative text
stands inside the SVG.

Two kinds of columns depend on the study. **Group columns** have the names of the columns that
form the groups (here `partner`). **Document variables** are all other columns of your metadata
(here `title`, `outlet`, `author`, `date`, `inferred`).
"""


def page() -> str:
    """Return the page."""
    described = descriptions()
    common = described["columns"]
    order = described["order"]["files"]
    written = {path.name for path in FIGURES.iterdir()}
    drawn = {path.removesuffix(".png") for path in written if path.endswith(".png")}
    pictures = {f"{name}{ending}" for name in drawn for ending in (".svg", ".png")}
    undescribed = written - pictures - set(order)
    assert not undescribed, f"output.toml does not describe {sorted(undescribed)}"
    lines = [HEAD, "| file | what it is |", "|---|---|"]
    for name in order:
        what = described[name]["what"]
        lines.append(f"| [`{name}`](#{_anchor(name)}) | {what} |")
    for name in order:
        about = described[name]
        lines += ["", f"## {name}", "", about["what"]]
        if name.removesuffix(".csv") in drawn:
            lines += ["", f"Figure `{name.removesuffix('.csv')}`: {about['figure']}"]
        if "row" in about:
            lines += ["", f"A row is {about['row']}."]
        if "same_as" in about:
            other = about["same_as"]
            if (FIGURES / name).exists():
                assert _columns(name, about) == _columns(other, described[other]), name
            lines += ["", f"Its columns are those of [`{other}`](#{_anchor(other)})."]
        elif columns := _columns(name, about):
            own = common | about.get("columns", {})
            lines += ["", f"| {'key' if name.endswith('.json') else 'column'} | what it is |"]
            lines += ["|---|---|", *_rows(name, columns, own)]
    return "\n".join(lines) + "\n"


def _anchor(name: str) -> str:
    return name.replace(".", "")


def _columns(name: str, about: dict) -> list[str]:
    """The columns of a file as it is written; of one that this study lacks, as it is described."""
    file = FIGURES / name
    if not file.exists():
        return list(about.get("columns", {}))
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as lines:
            return next(csv.reader(lines))
    if file.suffix == ".json":
        content = json.loads(file.read_text(encoding="utf-8"))
        return list(content[0] if isinstance(content, list) else content)
    return []


def _rows(name: str, columns: list[str], described: dict[str, str]) -> list[str]:
    corpus = tomllib.loads((ROOT / "study.toml").read_text(encoding="utf-8"))["corpus"]
    metadata = (ROOT / corpus["metadata"]).read_text(encoding="utf-8")
    variables = metadata.partition("\n")[0].split(",")
    rows = []
    for column in columns:
        if column == corpus["group"]:
            what = "the group"
        elif column in described:
            what = described[column]
        else:
            assert column in variables, f"output.toml does not describe {column!r} of {name}"
            what = "document variable"
        rows.append(f"| `{column}` | {what} |")
    return rows


if __name__ == "__main__":
    (HERE / "output.md").write_text(page(), encoding="utf-8")
