"""The same study counted in shards has the same numbers, and says what is left out."""

import json

import pandas as pd
import pytest

import analysis as an
from analysis.__main__ import main

DICTIONARY = """
name = "Energy"
[topics.wind]
core = ["wind"]
[topics.coal]
core = ["coal"]
"""
STUDY = """
[study]
title = "Energy in the news"
[corpus]
articles = "news.jsonl"
group = "party"
confounders = ["outlet"]
dates = ["date"]
[topics]
dictionary = "energy.toml"
"""


@pytest.fixture
def folder(tmp_path):
    texts = ["Wind grows. Coal falls.", "Wind and coal. The sea. Wind pays.", "Nothing. Of this."]
    rows = [
        {
            "doc_id": f"a{number:02}",
            "party": ["Green", "Red", "Blue"][number % 3],
            "outlet": ["Post", "Times"][number % 2],
            "date": f"2020-0{1 + number % 4}-01",
            "text": f"{texts[(number // 3) % (2 + number % 3 // 2)]} No. {number} ends here.",
        }
        for number in range(36)
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "news.jsonl").write_text(lines, "utf-8")
    (tmp_path / "energy.toml").write_text(DICTIONARY, "utf-8")
    (tmp_path / "study.toml").write_text(STUDY, "utf-8")
    return tmp_path


def test_a_study_of_an_archive_has_the_numbers_of_the_study(folder, capsys):
    assert main(["tally", str(folder / "study.toml"), "--jobs", "1"]) == 0
    said = capsys.readouterr()
    assert "Energy in the news: 36 analysed" in said.out
    assert "1 of 1 shard, 36 articles" in said.err
    out, study = folder / "figures_archive", an.read_study(folder / "study.toml")
    for name, expected in {
        "tally": study.tally.table,
        "emphasis": study.emphasis().to_frame(),
        "omnibus": study.omnibus().to_frame(),
    }.items():
        pd.testing.assert_frame_equal(
            an.read_table(out / f"{name}.csv"), expected, check_dtype=False, check_exact=False
        )
    compared = an.read_table(out / "contrasts.csv")
    own = study.contrasts().to_frame()
    for column in ("target", "hits_target", "estimate", "p_adjusted", "within_estimate"):
        pd.testing.assert_series_equal(compared[column], own[column], check_dtype=False)
    words = an.read_table(out / "keyness.csv").set_index(["target", "feature"])["estimate"]
    plain = study.keyness().to_frame().set_index(["target", "feature"])["estimate"]
    pd.testing.assert_series_equal(words, plain)


def test_what_is_left_out_is_said_and_every_number_has_its_sentences(folder):
    assert main(["tally", str(folder / "study.toml")]) == 0
    summary = (folder / "figures_archive/summary.md").read_text("utf-8")
    for left_out in ("findings", "specifications", "near duplicates", "one pattern"):
        assert left_out in summary
    record = json.loads((folder / "figures_archive/run.json").read_text("utf-8"))
    assert record["articles"] == 36
    assert str(folder) not in json.dumps(record)
    (evidence,) = (folder / "figures_archive_parts").glob("*/evidence/*.parquet")
    assert record["evidence"] == [evidence.name]
    cells = an.read_table(folder / "figures_archive/emphasis.csv")
    assert len(pd.read_parquet(evidence)) == cells["hits"].sum()
    sample = an.read_table(folder / "figures_archive/evidence_sample.csv")
    assert sample.groupby(["party", "topic"]).size().max() == 5


def test_an_article_that_cannot_be_read_is_named_or_left_out_if_asked(folder, capsys):
    with (folder / "news.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"doc_id": "bad", "party": "Red", "text": null}\n')
    assert main(["tally", str(folder / "study.toml")]) == 2
    assert "line 37: 'text' has no value" in capsys.readouterr().err
    assert not (folder / "figures_archive").exists()
    assert main(["tally", str(folder / "study.toml"), "--leave-out-failing"]) == 0
    assert "36 analysed, 1 left_out" in capsys.readouterr().out
    assert "line 37" in (folder / "figures_archive/summary.md").read_text("utf-8")


def test_edited_tables_are_named_before_the_counting_and_replaced_if_asked(
    folder, capsys, monkeypatch
):
    study, table = str(folder / "study.toml"), folder / "figures_archive/emphasis.csv"
    assert main(["tally", study]) == 0
    written = table.read_bytes()
    table.write_bytes(written + b"mine\n")
    with monkeypatch.context() as patched:
        patched.setattr("analysis.study.archive.tally_files", None)  # nothing is counted
        assert main(["tally", study]) == 2
    assert "emphasis.csv: edited since the last run; copy" in capsys.readouterr().err
    assert main(["tally", study, "--overwrite"]) == 0
    assert table.read_bytes() == written


def test_the_output_does_not_replace_the_articles(folder, capsys):
    assert main(["tally", str(folder / "study.toml"), "--out", str(folder)]) == 2
    assert "name a folder of its own" in capsys.readouterr().err
