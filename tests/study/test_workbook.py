"""The workbook has what the CSV files have, and nothing in it acts."""

import io
import shutil
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis import InputError, InputWarning, read_study, read_table
from analysis.study import workbook as module
from analysis.study.outputs import TABLES
from analysis.study.workbook import _explained, descriptions, heading, workbook
from tests import ROOT, TEMPLATE

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PATH = Path("figures/tables.xlsx")


def sheets(raw):
    """The sheets of a workbook as rows of values, by name."""
    book = zipfile.ZipFile(io.BytesIO(raw))

    def tree(name):
        return ElementTree.fromstring(book.read(f"xl/{name}.xml"))

    found = {}
    for number, sheet in enumerate(tree("workbook").iter(f"{SPACE}sheet"), 1):
        rows = []
        for row in tree(f"worksheets/sheet{number}").iter(f"{SPACE}row"):
            cells = {}
            for cell in row.iter(f"{SPACE}c"):
                assert cell.find(f"{SPACE}f") is None  # a formula
                if len(cell) or cell.get("t") == "inlineStr":
                    column, text = cell.get("r").rstrip("0123456789"), "".join(cell.itertext())
                    kinds = {"inlineStr": str, "b": lambda text: text == "1", "n": float}
                    cells[column] = kinds[cell.get("t")](text)
            rows.append(cells)
        found[sheet.get("name")] = rows
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The study of the template, run with a workbook."""
    home = shutil.copytree(TEMPLATE, tmp_path_factory.mktemp("made") / "study")
    settings = home / "study.toml"
    text = settings.read_text("utf-8").replace("[output]", "[output]\nexcel = true")
    settings.write_text(text, encoding="utf-8")
    an.run(read_study(settings), notebooks=False)
    return home


def test_every_table_stands_there_as_in_its_csv_file(made):
    found = sheets((made / "figures/tables.xlsx").read_bytes())
    names = [name for name in TABLES if (made / f"figures/{name}.csv").exists()]
    assert list(found) == ["explained", *names]
    for name in names:
        table = read_table(made / f"figures/{name}.csv")
        head, *rows = found[name]
        assert list(head.values()) == [
            column if column == "party" else heading(column) for column in table.columns
        ]
        for cells, values in zip(rows, table.to_numpy().tolist(), strict=True):
            assert list(cells.values()) == [v for v in values if not (v != v or v is None)]


def test_every_column_is_explained_once(made):
    found = sheets((made / "figures/tables.xlsx").read_bytes())
    _, *rows = [list(row.values()) for row in found["explained"]]
    columns = [tuple(row[:2]) for row in rows if len(row) == 4 and row[1]]
    expected = [(n, c) for n in found if n != "explained" for c in found[n][0].values()]
    explained = [pair for pair in columns if not pair[1].endswith(".csv")]
    assert [pair for pair in expected if explained.count(pair) != 1] == []
    texts = {row[-1] for row in rows}
    assert "what forms the groups" in texts
    assert not [text for text in texts if "](" in text or "`" in text]


def test_a_table_that_has_the_columns_of_another_is_explained_by_it():
    table = pd.DataFrame({"target": ["A"], "could_have_shown": [0.1]})
    told = {name: list(_explained({name: table}, [])) for name in ("contrasts", "rest")}
    assert [row[1:] for row in told["rest"][1:]] == [row[1:] for row in told["contrasts"][1:]]
    assert told["rest"][2][3].startswith("the smallest difference")


def test_headings_are_of_columns_and_differ_within_a_table():
    described = descriptions()
    tables = [about["columns"] for about in described.values() if "columns" in about]
    known = set(described["columns"]).union(*tables)
    assert set(described["headings"]) - known == set()
    for path in (ROOT / "figures").glob("*.csv"):
        names = [heading(column) for column in read_table(path).columns]
        assert len(set(names)) == len(names), path


def test_running_twice_gives_the_same_bytes(made, tmp_path):
    read_study(made / "study.toml").save(tmp_path / "figures")
    again = (tmp_path / "figures/tables.xlsx").read_bytes()
    assert again == (made / "figures/tables.xlsx").read_bytes()
    assert read_study(made / "study.toml").check().empty


def test_a_text_is_a_text_and_a_number_a_number():
    texts = ["=1+1", "{=SUM(A1)}", "http://x.org", "007", "@x", "a\x00b\ud800", "NA", ""]
    numbers = [1, np.int64(2), 1 / 3, np.nan, -0.5, 1e300, 0.1 + 0.2, np.inf]
    table = pd.DataFrame(
        {"=a": texts, "n": numbers, "b": [True, np.bool_(False)] * 4}, dtype=object
    )
    _, *rows = sheets(workbook({"t": table}, ["=a"], PATH))["t"]
    assert [row.get("A", "") for row in rows] == [*texts[:5], "a\\x00b\\ud800", "NA", ""]
    assert [row.get("B") for row in rows] == [1, 2, 0.3333333333, None, -0.5, 1e300, 0.3, "inf"]
    assert [row["C"] for row in rows] == [True, False] * 4


def test_what_a_sheet_cannot_hold_is_said(monkeypatch):
    long = pd.DataFrame({"text": ["x" * 40_000]})
    (_, row) = sheets(workbook({"t": long}, [], PATH))["t"]
    assert len(row["A"]) == 32_767
    assert row["A"].endswith("(cut: the CSV file has all of it)")
    monkeypatch.setattr(module, "MAX_ROWS", 1)
    two = pd.DataFrame({"a": [1, 2]})
    with pytest.warns(InputWarning, match=r"two have more rows than a sheet holds; see the CSV"):
        found = sheets(workbook({"one": long, "two": two}, [], PATH))
    assert list(found) == ["explained", "one"]


def test_it_needs_its_extra(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    before = (made / "figures/run.json").read_bytes()
    with pytest.raises(InputError, match=r"pip install 'topic-emphasis\[excel\]'"):
        an.run(read_study(made / "study.toml"), notebooks=False)
    assert (made / "figures/run.json").read_bytes() == before
