"""The figures of docs/trust.md: whole, of this code, and tried again in short."""

import csv

import pytest

from tests import ROOT
from tests.campaigns import fuzz, mutation

CAMPAIGNS = ROOT / "tests/campaigns"
TARGETS = fuzz.targets()


def table(name):
    with (CAMPAIGNS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_one_table_of_hashes():
    rows = table("hashes")
    assert len({row["hash"] for row in rows}) == 1
    assert {row["what"] for row in rows} >= {
        *("PYTHONHASHSEED", "locale", "time zone", "threads", "rows of the metadata"),
    }
    same_order = {row["hash_of_all_files"] for row in rows if row["what"] != "rows of the metadata"}
    assert len(same_order) == 1


def test_every_target_was_tried_and_nothing_is_left():
    rows = table("fuzz")
    assert [row["target"] for row in rows] == list(TARGETS)
    assert all(int(row["tried"]) >= 100 and row["found"] == "0" for row in rows)


@pytest.mark.parametrize("name", TARGETS)
def test_a_short_campaign(name, monkeypatch, tmp_path):
    monkeypatch.setattr(fuzz, "FOUND", tmp_path)
    row = fuzz.campaign(name, TARGETS[name], 10, 0)
    assert row[3] == 0, row


@pytest.mark.parametrize("path", sorted((CAMPAIGNS / "found").iterdir()), ids=lambda one: one.name)
def test_what_was_found_once(path):
    name = path.stem.rpartition("-")[0].replace("_", " ")
    fuzz.tried(TARGETS[name].attempt, path.read_bytes())


def test_a_campaign_finds_what_is_wrong(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(fuzz, "FOUND", tmp_path)
    target = fuzz.Target(lambda raw, folder: raw.decode("ascii"), (b"Wind grows.",))
    assert fuzz.campaign("ascii only", target, 200, 0)[3:5] == [1, 1]
    (kept,) = tmp_path.iterdir()
    assert len(kept.read_bytes()) < 20
    assert "UnicodeDecodeError" in capsys.readouterr().out


def test_the_table_of_small_faults_is_whole():
    """What the rates are is said by the page; the command fails below 90 %."""
    rows = table("mutation")
    assert rows and {row["module"] for row in rows} <= {*mutation.TESTS}
    left = sum(int(row["tried"]) - int(row["killed"]) for row in rows)
    assert len(table("survivors")) == left
    for row in table("equivalent"):
        lines = (ROOT / f"analysis/{row['module']}.py").read_text("utf-8").splitlines()
        assert row["code"] in {" ".join(line.split()) for line in lines}, row


def test_every_change_is_of_one_place():
    source = "def f(a: int = 1) -> bool:\n    return a < 2 and not a\n"
    found = [(was, instead) for _, was, instead, _ in mutation.mutants(source)]
    assert found == [("1", "2"), ("a < 2 and (not a)", "a < 2 or not a"), ("a < 2", "a <= 2"),
                     ("not a", "a"), ("2", "3")]  # fmt: skip
