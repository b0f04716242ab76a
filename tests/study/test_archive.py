"""The same study counted in shards has the same numbers, and says what is left out."""

import json
from dataclasses import replace

import pandas as pd
import pytest

import analysis as an
from analysis.__main__ import main
from analysis.estimates.specifications import tally_specifications
from analysis.io.csv import to_csv
from analysis.prose.behind import SentenceTexts
from analysis.study.archived import _Texts

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


PERIODS = """
[corpus]
articles = "news.jsonl"
group = "party"
confounders = ["paper"]
dates = ["date"]
period = "date"
window = "year"
"""


def of_years(folder, repeat=1):
    """The study of five years in which one of three groups speaks more of wind each year."""
    texts = {False: "Nothing here. The sea.", True: "Wind pays. Wind and coal! The WIND, no sea."}
    lines = []
    for number in range(300 * repeat):
        party, year = ["Green", "Red", "Blue"][number % 3], number // 3 % 5
        on = number // 15 % 10 < (1 + 2 * year if party == "Green" else 4)
        row = {"doc_id": f"a{number:04}", "party": party, "paper": ["Post", "Times"][number % 2],
               "date": f"{2016 + year}-0{1 + number % 4}-01",
               "text": f"{texts[on]} No. {number % 7} ends here."}  # fmt: skip
        lines.append(json.dumps(row) + "\n")
    lines.append(json.dumps({"doc_id": "none", "party": "Red", "paper": "", "date": None,
                             "text": "Wind. " * 60}) + "\n")  # fmt: skip
    (folder / "news.jsonl").write_text("".join(lines), "utf-8")
    start, rest = STUDY.split("[corpus]")
    (folder / "study.toml").write_text(f"{start}{PERIODS}[topics]{rest.split('[topics]')[1]}")
    return an.read_study(folder / "study.toml")


@pytest.mark.filterwarnings("ignore::analysis.errors.InputWarning")  # of copies, in the study
@pytest.mark.usefixtures("drawn")
def test_the_findings_of_an_archive_say_what_those_of_the_study_say(folder):
    study = of_years(folder)
    assert main(["tally", str(folder / "study.toml")]) == 0
    out = folder / "figures_archive"
    told = json.loads((out / "findings.json").read_text("utf-8"))
    tables = study.tables
    alike = {"contrasts": an.contrasts(study.tally)}  # of the ways of counting that a tally offers
    alike |= {"specifications": tally_specifications(study.tally)}
    own = an.findings(replace(tables, **alike), language=study.language)
    assert [one["text"] for one in told] == own["text"].to_list()
    kinds = {*own["kind"]}
    assert {"lead", "scope", "confound", "story", "change", "co_emphasis", "ranking"} <= kinds
    for column in ("estimate", "interval", "contrast", "groups", "status", "warnings"):
        assert [one[column] for one in told] == [
            json.loads(json.dumps(value)) for value in own[column]
        ]
    for one, evidence in zip(told, own["evidence"], strict=True):
        assert bool(one["evidence"]) == bool(evidence)
        if evidence:
            number = len(evidence)
            if one["kind"] == "co_emphasis":  # a row a sentence and topic
                number //= 2
            assert one["evidence_cut"]["number"] == number
            places = {(row["doc_id"], row["start"]) for row in evidence}
            assert {(row["doc_id"], row["start"]) for row in one["evidence"]} <= places
    for name, table in {"change": study.trend().to_frame(), "confounds": study.confounds}.items():
        (folder / "own.csv").write_text(to_csv(table), "utf-8")
        pd.testing.assert_frame_equal(
            an.read_table(out / f"{name}.csv"), an.read_table(folder / "own.csv")
        )
    for figure in ("emphasis", "heatmap", "contrasts", "trend", "wording", "slide"):
        assert (out / f"{figure}.svg").stat().st_size > 1000


def test_findings_of_an_archive_stay_small_and_say_how_many_sentences_there_are(folder):
    of_years(folder, repeat=4)
    assert main(["tally", str(folder / "study.toml")]) == 0
    text = (folder / "figures_archive/findings.md").read_text("utf-8")
    assert "sentences are shown; figures\\_archive\\_parts has all." in text
    assert text.count("\n> ") <= 120  # of 1,700
    assert len(text) < 30_000
    (together,) = [
        one
        for one in json.loads((folder / "figures_archive/findings.json").read_text("utf-8"))
        if one["kind"] == "co_emphasis"
    ]
    assert len({(row["doc_id"], row["start"]) for row in together["evidence"]}) >= 3 * 5


def test_what_a_tally_says_of_texts_is_what_their_sentences_say(folder):
    study = an.read_study(folder / "study.toml")
    found = an.tally_files(
        folder / "news.jsonl",
        study.dictionary,
        by="party",
        reading=an.Reading(dates=("date",), within=("outlet", "date")),
    )
    body = study.sentences[study.sentences["section"] == "body"].assign(group=lambda t: t["party"])
    own = SentenceTexts(body, "doc_id", len(study.documents))
    made = _Texts(found.tally, found.status)
    for name in ("articles", "clusters", "totals"):
        assert getattr(made, name) == getattr(own, name)
    assert made.lengths == pytest.approx(own.lengths)
    for name in ("outlet", "date"):
        there, here = (texts.values_of(name, "month") for texts in (made, own))
        assert there.to_dict() == here.to_dict()
    (most,) = body.groupby("doc_id").size().pipe(lambda sizes: sizes[sizes.index == "a04"])
    assert own.size_of(("wind", "Red"), "a04", 2) == made.size_of(("wind", "Red"), "a04", 2) == most


def test_where_chance_works_on_outlets_there_are_no_findings_and_that_is_said(folder):
    path = folder / "study.toml"
    path.write_text(STUDY.replace('["outlet"]', '[]\ncluster = "outlet"'), "utf-8")
    assert main(["tally", str(path)]) == 0
    out = folder / "figures_archive"
    assert not (out / "findings.md").exists()
    assert "findings in words: they speak of articles" in (out / "summary.md").read_text("utf-8")
    assert (out / "emphasis.svg").exists()


def test_an_archive_without_a_hit_has_findings(folder):
    (folder / "energy.toml").write_text(DICTIONARY.replace('"wind"', '"gas"')
                                        .replace('"coal"', '"oil"'), "utf-8")  # fmt: skip
    assert main(["tally", str(folder / "study.toml")]) == 0
    assert "gas" in (folder / "figures_archive/findings.md").read_text("utf-8")


def test_what_is_left_out_is_said_and_every_number_has_its_sentences(folder):
    assert main(["tally", str(folder / "study.toml")]) == 0
    summary = (folder / "figures_archive/summary.md").read_text("utf-8")
    for left_out in ("report", "specifications", "near duplicates", "one pattern"):
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
