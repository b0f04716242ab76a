"""The whole path: all of it or nothing, the same bytes every time, every change named."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow
import pytest

from analysis import (
    InputError,
    InputWarning,
    read_study,
    read_table,
    role_table,
    run,
    to_csv,
)
from analysis.__main__ import main
from analysis.study.consistency import order_of_periods
from analysis.study.settings import SETTINGS
from tests import ROOT, TEMPLATE


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study that has been run once; nobody may change it."""
    home = tmp_path_factory.mktemp("made") / "study"
    shutil.copytree(TEMPLATE, home)
    run(read_study(home / "study.toml"))
    return home


@pytest.fixture
def home(made, tmp_path):
    """A copy of a study that has been run."""
    return Path(shutil.copytree(made, tmp_path / "study"))


def study_of(home):
    return read_study(home / "study.toml")


def contents(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_run_imports_no_scikit_learn_and_no_statistics_of_scipy(tmp_path):
    # They take longer to import than most of a small study takes.
    shutil.copytree(TEMPLATE, tmp_path / "study")
    code = (
        "import sys, analysis as an; made = an.run(an.read_study(sys.argv[1]), notebooks=False); "
    )
    # Nor has it codes, a row a sentence and topic, where nothing needs them.
    code += "print(sorted({'sklearn', 'scipy.stats', 'codes'} & {*sys.modules, *vars(made)}))"
    command = [sys.executable, "-P", "-c", code, str(tmp_path / "study" / "study.toml")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert (tmp_path / "study" / "figures" / "keyness.csv").exists()


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_running_twice_gives_the_same_bytes(made, home):
    tables = run(study_of(home))
    assert contents(home / "figures") == contents(made / "figures")
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []
    assert set(tables.documents["party"]) == {"Green", "Labour", "Liberal"}


def test_what_a_run_writes(made):
    names = set(contents(made / "figures"))
    figures = {f"{n}.{e}"
               for n in ("contrasts", "emphasis", "heatmap", "positions", "robustness", "slide",
                         "wording")
               for e in ("svg", "png", "csv")}  # fmt: skip
    tables = {
        "documents",
        "audit",
        "duplicates",
        "contrasts",
        "evidence",
        "sentences",
        "specifications",
        "cleaning",
        "tally",
    }
    tables |= {"omnibus", "rest", "keyness", "stability", "without_article", "without_pattern"}
    documents = {"findings.md", "findings.json", "report.html", "run.json"}
    assert names == figures | {f"{name}.csv" for name in tables} | documents


def test_every_csv_comes_back_as_it_was(made):
    """O1"""
    files = sorted((made / "figures").glob("*.csv"))
    assert len(files) > 10
    for file in files:
        assert to_csv(read_table(file)) == file.read_text("utf-8"), file.name


def test_patterns_that_fit_nowhere_are_listed(made):
    """D10"""
    record = json.loads((made / "figures/run.json").read_text("utf-8"))
    assert record["patterns"] == {"in_the_dictionary": 10, "that_fit_nowhere": 5}
    lines = (made / "figures/audit.csv").read_text("utf-8").splitlines()
    dead = [
        row["pattern"]
        for row in csv.DictReader(lines)
        if (row["matches"], row["lost"]) == ("0", "0")
    ]
    assert dead == ["wind power", "turbine*", "renewable*", "clean energy", "lignite"]


def test_exclusions_that_block_a_topic_are_warned_of(home):
    """D28"""
    edit(home / "energy.toml", 'exclude = ["gas turbine*"]', 'exclude = ["*a*", "*o*"]')
    with (home / "energy.toml").open("a", encoding="utf-8") as file:  # one match fewer; none at all
        file.write('exclude = ["old power"]\n[topics.oil]\ncore = ["oil"]\n')
    with pytest.warns(InputWarning) as warned:
        run(study_of(home), notebooks=False)
    told = [str(one.message) for one in warned]
    assert "topic 'renewables' has no match because exclusions touch every place" in told[-1]
    assert "exclude: *o* (1)" in told[-1]
    assert sum("has no match" in one for one in told) == 1
    record = json.loads((home / "figures/run.json").read_text("utf-8"))
    assert record["patterns"]["that_fit_nowhere"] == 6


def test_a_context_that_stands_nowhere_is_warned_of(home):
    edit(home / "energy.toml", 'exclude = ["gas turbine*"]', 'context = ["submarine"]')
    with pytest.warns(InputWarning) as warned:
        run(study_of(home), notebooks=False)
    told = " ".join(str(one.message) for one in warned)
    assert "topic 'renewables' has no match because its context stands at none of the" in told
    page = (home / "figures/report.html").read_text("utf-8")
    assert "and only in a sentence where one of these matches, too: <code>submarine</code>" in page


def test_the_record_names_every_file_by_its_hash(made):
    record = json.loads((made / "figures/run.json").read_text("utf-8"))
    hashes = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in contents(made / "figures").items()
        if name != "run.json"
    }
    assert record["outputs"] == hashes
    for name, digest in record["inputs"].items():
        assert hashlib.sha256((made / name).read_bytes()).hexdigest() == digest
    assert set(record["inputs"]) == {
        *("study.toml", "energy.toml", "articles/articles.csv"),
        *(f"articles/{party}.txt" for party in ("green", "labour", "liberal")),
    }
    left_out = {"not_listed": 0, "no_text": 0, "no_body_sentence": 0}
    assert record["articles"] == {"found": 3, "read": 3, "analysed": 3} | left_out
    assert str(made) not in json.dumps(record)


def test_findings_are_the_same_in_every_document(made):
    record = json.loads((made / "figures/findings.json").read_text("utf-8"))
    text = (made / "figures/findings.md").read_text("utf-8").replace("\\", "")
    for found in record:
        assert found["text"] in text


@pytest.mark.parametrize("name", ["energy.toml", "articles/articles.csv"])
def test_a_failing_run_leaves_everything_as_it_was(home, name):
    before = contents(home / "figures")
    (home / name).write_text("nonsense", encoding="utf-8")
    with pytest.raises(InputError):
        run(study_of(home))
    assert contents(home / "figures") == before
    assert sorted(p.name for p in home.iterdir()) == [
        *("articles", "energy.toml", "figures", "notebooks", "study.toml")
    ]


def test_a_run_that_fails_late_leaves_everything_as_it_was(home, monkeypatch):
    before = contents(home / "figures")
    edit(home / "articles/green.txt", "Solar roofs", "Roofs")
    monkeypatch.setattr("analysis.study.outputs.findings_markdown", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(study_of(home))
    assert contents(home / "figures") == before
    assert not [path for path in home.iterdir() if path.name.startswith(".")]


def test_a_failing_notebook_fails_the_run(home):
    (home / "notebooks/explore.ipynb").unlink()
    (home / "notebooks/bad.ipynb").write_text("{", encoding="utf-8")
    before = contents(home / "figures")
    study = study_of(home).with_(notebooks=home / "notebooks")
    with pytest.raises(InputError, match=r"bad\.ipynb"):
        run(study)
    assert contents(home / "figures") == before
    run(study, notebooks=False)


def test_a_file_of_ones_own_survives_and_an_outdated_one_goes(home):
    figures = home / "figures"
    (figures / "notes.txt").write_text("mine", encoding="utf-8")
    record = json.loads((figures / "run.json").read_text("utf-8"))
    (figures / "old.csv").write_text("a", encoding="utf-8")
    record["outputs"]["old.csv"] = hashlib.sha256(b"a").hexdigest()
    (figures / "run.json").write_text(json.dumps(record), encoding="utf-8")
    run(study_of(home))
    assert (figures / "notes.txt").read_text("utf-8") == "mine"
    assert not (figures / "old.csv").exists()
    assert "notes.txt" not in json.loads((figures / "run.json").read_text("utf-8"))["outputs"]


def test_warnings_reach_the_caller_and_the_record(home):
    for name in ("articles/green.txt", "articles/labour.txt"):
        (home / name).write_text("The wind turns.\nWind farms pay.\n", encoding="utf-8")
    with pytest.warns(InputWarning, match="green, labour have the same text"):
        run(study_of(home))
    record = json.loads((home / "figures/run.json").read_text("utf-8"))
    assert record["warnings"] == ["green, labour have the same text; all are kept"]


def test_near_duplicates_are_named_written_and_kept(home):
    text = (home / "articles/green.txt").read_text("utf-8")
    (home / "articles/labour.txt").write_text(f"Our plan: {text}", encoding="utf-8")
    # Thirty words are 26 shingles; two words more, two more.
    with pytest.warns(InputWarning, match=r"bodies: green and labour \(0\.93\); all are kept$"):
        tables = run(study_of(home))
    assert set(tables.sentences["doc_id"]) == {"green", "labour", "liberal"}
    written = (home / "figures/duplicates.csv").read_text("utf-8").splitlines()
    assert written[0] == "doc_id,other_doc_id,similarity,shared"
    assert written[1:] == ["green,labour,0.9285714286,26"]


@pytest.mark.parametrize("method", ["bootstrap", "cluster_t"])
def test_a_method_without_an_interval_for_one_article_runs_too(home, method):
    edit(home / "study.toml", "[output]", f'[estimates]\nmethod = "{method}"\n\n[output]')
    run(study_of(home))
    found = json.loads((home / "figures/findings.json").read_text("utf-8"))
    assert {one["kind"] for one in found} >= {"story", "presence", "absence"}
    assert all(one["interval"] is None for one in found)


def test_chance_may_work_on_outlets(home):
    edit(home / "study.toml", "[topics]", 'cluster = "outlet"\n\n[topics]')
    edit(home / "articles/articles.csv", "file,party,date", "file,party,date,outlet")
    for row, outlet in (("2024-05-01", "Mail"), ("2024-05-03", "Mail"), ("2024-05-02", "Post")):
        edit(home / "articles/articles.csv", row, f"{row},{outlet}")
    crossing = r"Mail \(outlet\) have articles in several groups"
    chance = "chance works on each 'outlet'; where the tables"
    with pytest.warns(InputWarning, match=chance), pytest.warns(InputWarning, match=crossing):
        run(study_of(home))
    found = json.loads((home / "figures/findings.json").read_text("utf-8"))
    (scope,) = [one for one in found if one["kind"] == "scope"]
    assert scope["values"]["clusters"] == 2
    assert "the 2 outlets that they are from" in scope["text"]
    page = (home / "figures/report.html").read_text("utf-8")
    assert re.findall(r"<small>(\d+ \w+)</small>", page) == ["1 article"] * 3
    assert '<p class="after">1 of 1 article' in page


@pytest.mark.filterwarnings("ignore:.*chance works on each")
@pytest.mark.parametrize(
    ("cluster", "message"),
    [
        (
            "newspaper",
            "line 13: [corpus] cluster is 'newspaper', and the articles have no such column; ",
        ),
        ("date", "line 13: 'date' is blank in green; give every article its date"),
        ("party", "line 13: [corpus] cluster is 'party', which forms the groups; name another"),
    ],
)
def test_a_cluster_that_is_none(home, cluster, message):
    edit(home / "study.toml", "[topics]", f'cluster = "{cluster}"\n\n[topics]')
    edit(home / "articles/articles.csv", "2024-05-01", "")
    with pytest.raises(InputError) as error:
        _ = study_of(home).tally
    assert message in str(error.value)


def test_change_by_year_of_a_declared_date(home):
    edit(home / "study.toml", "[topics]", 'dates = ["date"]\nperiod = "date"\n\n[topics]')
    edit(home / "articles/articles.csv", "2024-05-01", "")
    with pytest.warns(InputWarning, match="'date' is blank in green; change is shown without"):
        run(study_of(home))
    assert "because 2 of the 2 periods" in (home / "figures/findings.md").read_text("utf-8")
    lines = (home / "figures/change.csv").read_text("utf-8").splitlines()
    assert lines[0].startswith("party,topic,date,articles,hits,size")
    assert {line.split(",")[2] for line in lines[1:]} == {'"2024"'}


@pytest.mark.parametrize(
    ("values", "dates", "order"),
    [
        (["2019", "2021"], False, "year"),
        (["2019-05", "2019-12"], False, "month"),
        (["2019-05-01", "2019"], True, "year"),
        (["early", "late", "early"], False, ["early", "late"]),
        (["2019-05-02", "2019-05-01"], False, ["2019-05-01", "2019-05-02"]),
    ],
)
def test_the_order_of_periods(values, dates, order):
    assert order_of_periods(pd.Series(values), dates=dates) == order


def test_a_period_that_is_none(home):
    edit(home / "study.toml", "[topics]", 'period = "party"\n\n[topics]')
    with pytest.raises(InputError, match=r"line 13: .corpus. period is 'party', which forms"):
        read_study(home / "study.toml")
    edit(home / "study.toml", 'period = "party"', 'period = "year"')
    with pytest.raises(
        InputError,
        match=r"line 13: \[corpus\] period is 'year', and the articles have no such",
    ):
        _ = study_of(home).documents


def test_settings_are_read():
    study = read_study(TEMPLATE / "study.toml").settings
    assert (study.group, study.cluster, study.measure) == (
        ("party",),
        "article",
        "sentence_share",
    )
    assert (study.conf_level, study.notebooks, study.ignore) == (
        0.95,
        None,
        (),
    )
    assert study.articles == TEMPLATE / "articles"
    assert read_study(ROOT / "study.toml").settings.folder == ROOT / "figures"


SMALL = """\
[study]
title = "T"
[corpus]
articles = "a"
group = "party"
[topics]
dictionary = "d.toml"
[estimates]
measure = "sentence_share"
method = "moderated"
conf_level = 0.95
[wording]
ignore = ["a"]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "[study]",
            "[studies]",
            1,
            "the study has an unknown key 'studies'; did you mean 'study'?",
        ),
        (
            '"T"\n',
            '"T"\ntitel = "T"\n',
            3,
            "[study] has an unknown key 'titel'; did you mean 'title'?",
        ),
        ('title = "T"\n', "", 1, "[study] has no 'title'; write title = ... there"),
        ('"a"\n', "7\n", 4, "[corpus] articles is 7; write a text in quotes"),
        ('"party"', "[5]", 5, "[corpus] group is [5]; write a text in quotes or a list of texts"),
        ('"party"', "[]", 5, "[corpus] group is empty; write what group is"),
        ('"party"', '["party", "party"]', 5, "does not say what forms the groups; name one column"),
        ('"party"', '"party"\ndates = "day"', 6, "[corpus] dates is 'day'; write a list of texts"),
        ('"sentence_share"', '"share"', 9, "measure='share' is not a measure of emphasis; choose"),
        ('"moderated"', '"exact"', 10, "method='exact' is not a method for an interval; choose"),
        ("0.95", "95", 11, "conf_level=95"),
        ("0.95", '"high"', 11, "[estimates] conf_level is 'high'; write a number"),
        ("0.95", "true", 11, "[estimates] conf_level is True; write a number"),
        ('["a"]', "[1]", 13, "[wording] ignore is [1]; write a list of texts"),
        ("[study]\n", "[study\n", 1, "mend the TOML there"),
    ],
)
def test_settings_that_are_wrong(tmp_path, old, new, line, message):
    path = tmp_path / "study.toml"
    assert old in SMALL
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_study(path)
    assert str(error.value).startswith(f"{path}, line {line}: ")
    assert message in str(error.value)


def test_every_setting_is_known():
    assert set(SETTINGS) == {
        "study",
        "corpus",
        "topics",
        "estimates",
        "validation",
        "wording",
        "findings",
        "output",
    }


# The embedded study: what is committed is what the code gives now


def test_the_committed_figures_are_what_the_study_gives(tmp_path):
    study = read_study(ROOT / "study.toml")
    run(study.with_(folder=tmp_path / "figures"), notebooks=False)
    committed, now = contents(study.settings.folder), contents(tmp_path / "figures")
    assert set(now) == set(committed)
    texts = [name for name in now if not name.endswith((".png", ".svg", "run.json"))]
    assert [name for name in texts if now[name] != committed[name]] == []


@pytest.mark.parametrize("folder", [".", "articles", ".."])
def test_the_output_may_not_swallow_the_study(home, folder):
    edit(home / "study.toml", '"figures"', f'"{folder}"')
    before = sorted(home.parent.rglob("*"))
    with pytest.raises(InputError, match=r"the output folder holds .*; name a folder of its own"):
        run(study_of(home))
    assert sorted(home.parent.rglob("*")) == before


def test_notebooks_that_are_not_there(home):
    edit(home / "study.toml", 'folder = "figures"', 'folder = "figures"\nnotebooks = "nb"')
    with pytest.raises(InputError, match=r"notebooks is .* which is not a folder"):
        study_of(home)


def test_an_example_that_fails_is_warned_of(home):
    edit(home / "energy.toml", '"Wind farms pay off."', '"Coal pays off."')
    with pytest.warns(InputWarning, match="the example 'Coal pays off.' should match"):
        run(study_of(home))
    record = json.loads((home / "figures/run.json").read_text("utf-8"))
    [warning] = record["warnings"]  # no word of where the study lies on this machine
    assert warning.startswith("energy.toml: topic 'renewables'")


def test_confounders_are_checked_and_told(home):
    edit(home / "study.toml", 'group = "party"', 'group = "party"\nconfounders = ["outlet"]')
    lines = (home / "articles/articles.csv").read_text("utf-8").splitlines()
    outlets = ["outlet", "Mail", "Mail", ""]
    table = [f"{line},{outlet}" for line, outlet in zip(lines, outlets, strict=True)]
    (home / "articles/articles.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    tables = run(study_of(home), notebooks=False)
    assert list(tables.confounds["overlap"]) == ["shared", "unknown", "unknown"]
    written = (home / "figures/confounds.csv").read_text("utf-8").splitlines()
    assert len(written) == 1 + 3
    assert "The outlet is known for 2 of the 3 articles" in (
        (home / "figures/findings.md").read_text("utf-8")
    )
    assert tables.contrasts().provenance["within"] == ["outlet"]


def test_a_confounder_that_is_no_column_is_told_with_its_line(home):
    edit(home / "study.toml", 'group = "party"', 'group = "party"\nconfounders = ["outlt"]')
    with pytest.raises(InputError) as error:
        run(study_of(home), notebooks=False)
    assert str(error.value).startswith(f"{home / 'study.toml'}, line 12: the codes table has no")


def test_roles_are_read_told_and_recorded(home):
    study = study_of(home)
    edit(home / "study.toml", 'group = "party"', 'group = "party"\nroles = "coded/roles.csv"')
    table = role_table(study.sentences)
    table["role"] = ["event", *["background"] * (len(table) - 1)]
    (home / "coded").mkdir()
    table.assign(by="hand").to_csv(home / "coded/roles.csv", index=False)
    tables = run(study_of(home), notebooks=False)
    assert "background" in set(tables.findings()["kind"])
    rows = list(csv.DictReader((home / "figures/event_only.csv").read_text("utf-8").splitlines()))
    assert {row["left_out"] for row in rows} == {"background"}
    assert {(row["party"], row["size"]) for row in rows} == {
        *(("Green", "1"), ("Labour", "0"), ("Liberal", "0")),
    }
    record = json.loads((home / "figures/run.json").read_text("utf-8"))
    assert "coded/roles.csv" in record["inputs"]
    assert record["settings"]["roles"] == "coded/roles.csv"
    with pytest.raises(InputError, match=r"holds .*roles\.csv"):
        run(study_of(home).with_(folder=home / "coded"))


def test_other_articles_have_other_sentences(home, capsys):
    edit(home / "study.toml", 'group = "party"', 'group = "party"\nroles = "no_file.csv"')
    folder, study = str(home / "articles"), str(home / "study.toml")
    assert main(["run", study, "--out", str(home / "out")]) == 2
    assert "no_file.csv: there is no such file" in capsys.readouterr().err
    metadata = ["--articles", folder, "--metadata", f"{folder}/articles.csv"]
    assert main(["run", study, "--out", str(home / "out"), *metadata]) == 0
    assert not (home / "out/event_only.csv").exists()


def test_one_group_has_nothing_to_be_confounded_with(home):
    edit(home / "study.toml", 'group = "party"', 'group = "party"\nconfounders = ["title"]')
    path = home / "articles/articles.csv"
    lines = path.read_text("utf-8").splitlines()
    one = [f"{line.split(',')[0]},Green,t" for line in lines[1:]]
    path.write_text("\n".join(["file,party,title", *one]) + "\n", encoding="utf-8")
    tables = run(study_of(home), notebooks=False)
    assert tables.confounds.empty
    assert "confound" not in set(tables.findings()["kind"])


def everything(home):
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


@pytest.mark.parametrize("ending", [".html", ".md"])
def test_the_report_alone(made, home, capsys, ending):
    study, path = str(home / "study.toml"), home / f"mine{ending}"
    before = everything(home)
    assert main(["report", study, "--out", str(path)]) == 0
    assert capsys.readouterr().out == f"Report: {path}\n"
    assert everything(home) == before | {path: path.read_bytes()}
    if ending == ".html":
        assert path.read_bytes() == (home / "figures/report.html").read_bytes()
    else:
        for found in json.loads((home / "figures/findings.json").read_text("utf-8")):
            assert f" `{found['id']}`\n" in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("mine.odt", "choose .docx, .html, .md, .pdf"),
        ("none/mine.md", "its folder does not exist"),
        ("articles/mine.html", "it lies among the articles"),
    ],
)
def test_a_report_that_cannot_be_is_refused_before_anything_is_computed(
    home, capsys, monkeypatch, name, message
):
    monkeypatch.setattr("analysis.study.outputs.compute", None)
    before = everything(home)
    assert main(["report", str(home / "study.toml"), "--out", str(home / name)]) == 2
    assert message in capsys.readouterr().err
    assert everything(home) == before


def test_of_many_sentences_the_files_for_reading_have_some(home, monkeypatch):
    full = json.loads((home / "figures/findings.json").read_text("utf-8"))
    positions = read_table(home / "figures/positions.csv")
    monkeypatch.setattr("analysis.study.outputs.MOST_IN_JSON", 1)
    words = read_table(home / "figures/keyness.csv")
    monkeypatch.setattr("analysis.study.outputs.MOST_POSITIONS", len(positions) - 1)
    monkeypatch.setattr("analysis.study.outputs.MOST_KEYNESS", 100)
    monkeypatch.setattr("analysis.report.paper.MOST_QUOTED", 1)
    run(study_of(home))
    cut = json.loads((home / "figures/findings.json").read_text("utf-8"))
    for before, after in zip(full, cut, strict=True):
        number = len(before["evidence"])
        assert after["evidence"] == before["evidence"][:1]
        told = {"shown": 1, "number": number, "file": "evidence.csv"} if number > 1 else None
        assert after.pop("evidence_cut", None) == told
        assert after | {"evidence": 0} == before | {"evidence": 0}
    assert max(len(found["evidence"]) for found in full) > 1
    coded = read_table(home / "figures/positions.csv")
    assert len(coded) < len(positions)
    pd.testing.assert_frame_equal(coded, positions[positions["coded"]].reset_index(drop=True))
    frequent = read_table(home / "figures/keyness.csv")
    assert 0 < len(frequent) <= 100 < len(words)
    uses = words["count_target"] + words["count_reference"]
    least = uses[words["feature"].isin(frequent["feature"])].min()
    pd.testing.assert_frame_equal(frequent, words[uses >= least].reset_index(drop=True))
    text = (home / "figures/findings.md").read_text("utf-8").replace("\\", "")
    assert re.search(r"1 of \d+ sentences are shown; evidence.csv has all", text)


def test_a_run_counts_the_words_once_and_does_not_keep_them(tmp_path, monkeypatch):
    shutil.copytree(TEMPLATE, tmp_path / "study")
    made, calls = read_study(tmp_path / "study/study.toml"), []
    counts = type(made).counts
    monkeypatch.setattr(
        type(made), "counts", lambda self, **options: calls.append(1) or counts(self, **options)
    )
    run(made, notebooks=False)
    assert calls == [1]
    assert made.keyness() is not None
    assert calls == [1]
    assert "counted" not in vars(made)
    made.keyness(measure="log_ratio")
    assert calls == [1, 1]


def test_memory_is_taken_as_before_after_a_run_that_fails(home, monkeypatch):
    before, taken = pyarrow.default_memory_pool().backend_name, []
    monkeypatch.setattr(pyarrow, "set_memory_pool", lambda pool: taken.append(pool.backend_name))
    (home / "figures/findings.md").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="edited since"):
        run(study_of(home), notebooks=False)
    assert taken == ["system", before]
