"""Every change is named: the input, the findings that it moved, the cell, the line."""

import json
import shutil
from pathlib import Path

import pytest

from analysis import InputWarning, check, read_study, role_table, run, to_csv
from analysis.__main__ import main
from analysis.study.check.checking import COLUMNS, EDITED, MOVED
from analysis.study.check.summary import summary
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


@pytest.fixture(scope="module")
def runs():
    return {}


@pytest.fixture
def remembered(runs, monkeypatch, tmp_path_factory):
    """What a check computes of the same inputs is computed once: for edits of what is written."""

    def run_once(study, **options):
        home = study.settings.articles.parent
        paths = [*home.glob("*.*"), *study.settings.articles.iterdir()]
        inputs = tuple(path.read_bytes() for path in sorted(paths))
        if inputs not in runs:
            runs[inputs] = tmp_path_factory.mktemp("known") / "figures"
            run(study, **options)
            shutil.copytree(study.settings.folder, runs[inputs])
        else:
            shutil.copytree(runs[inputs], study.settings.folder)

    monkeypatch.setattr("analysis.study.check.checking.run", run_once)


def checked(home):
    return check(read_study(home / "study.toml"), notebooks=False)


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def rows(differences, *kinds):
    """Everything but the reason, of some kinds."""
    chosen = differences[differences["kind"].isin(kinds)]
    return [tuple(row) for row in chosen[["what", "where", "was", "is"]].to_numpy()]


def reasons(differences, kind):
    return set(differences.loc[differences["kind"] == kind, "because"])


def moved_by_hand(before, after):
    """The kinds and topics (or group) of the findings that differ, place in the article apart."""

    def plain(path):
        found = {}
        for one in json.loads(path.read_text("utf-8")):
            quotes = [(e["doc_id"], e["quote"], e["patterns"]) for e in one["evidence"]]
            rest = {k: v for k, v in one.items() if k not in ("id", "evidence")}
            about = one["groups"][0] if one["kind"] == "profile" else one["topic"]
            found.setdefault((one["kind"], about), []).append((rest, quotes))
        return found

    old, new = plain(before), plain(after)
    return {key for key in old | new if old.get(key) != new.get(key)}


def reworded(before, after):
    """The kinds and topics (or group) of the findings whose texts differ."""

    def texts(path):
        return {
            (one["kind"], one["groups"][0] if one["kind"] == "profile" else one["topic"]): one[
                "text"
            ]
            for one in json.loads(path.read_text("utf-8"))
        }

    old, new = texts(before), texts(after)
    return {key for key in old | new if old.get(key) != new.get(key)}


def moved(differences):
    names = differences.loc[differences["kind"] == "finding", "what"]
    return {(*name.split(": "), None)[:2] for name in names}


def test_nothing_changed_is_nothing_to_tell(home, capsys):
    before = {path.name: path.read_bytes() for path in (home / "figures").iterdir()}
    differences = checked(home)
    assert differences.empty
    assert list(differences) == COLUMNS
    assert main(["check", str(home / "study.toml")]) == 0
    assert capsys.readouterr().out == "All is as written.\n"
    assert {path.name: path.read_bytes() for path in (home / "figures").iterdir()} == before


def test_a_word_of_an_article_names_the_findings_that_moved(home, made):
    edit(home / "articles/labour.txt", "Hydropower", "The dam")
    differences = checked(home)
    assert rows(differences, "input") == [
        ("article labour", "text", "as recorded", "changed"),
        ("articles/labour.txt", "", "as recorded", "changed"),
    ]
    run(read_study(home / "study.toml"))
    names = moved_by_hand(made / "figures/findings.json", home / "figures/findings.json")
    assert moved(differences) == names == {
        *((kind, "renewables") for kind in ("story", "presence", "absence", "ranking")),
        *(("lead", None), ("profile", "Labour"), ("refusal", None)),
    }  # fmt: skip
    assert reasons(differences, "finding") == {"article labour"}
    assert reasons(differences, "table") == {f"{MOVED} (article labour)"}
    assert ("tally.csv", "Labour, sentence_share, renewables: hits", "1", "0") in (
        rows(differences, "table")
    )
    words = summary(differences)
    assert "  article labour, text: changed\n" in words
    assert "    was: Of these 3 articles, 2 mention renewables: on Green, 2 of 4" in words
    assert "    is:  Of these 3 articles, 1 mentions renewables: on Green, 2 of 4" in words
    assert "\n      Labour, renewables: hits_full: 1, now 0\n" in words
    assert words.endswith(
        "2 inputs changed; 1 record, 7 findings, 18 tables, 12 figures and 3 other files differ."
    )


def test_a_word_that_counts_nowhere_moves_no_finding(home):
    edit(home / "articles/liberal.txt", "Prices", "Costs")
    differences = checked(home)
    assert rows(differences, "finding") == []
    text = ("Prices tell investors where to build.", "Costs tell investors where to build.")
    assert ("sentences.csv", "liberal, 2: text", *text) in rows(differences, "table")
    assert "article liberal, text: changed" in summary(differences)


@pytest.mark.usefixtures("remembered")
def test_a_table_edited_by_hand(home):
    edit(
        home / "figures/tally.csv",
        "Labour,sentence_share,renewables,1,",
        "Labour,sentence_share,renewables,3,",
    )
    differences = checked(home)
    assert rows(differences, *set(differences["kind"])) == [
        ("tally.csv", "Labour, sentence_share, renewables: hits", "3", "1")
    ]
    assert reasons(differences, "table") == {EDITED}
    assert summary(differences).splitlines() == [
        "Tables",
        "  edited since the run:",
        "    tally.csv",
        "      Labour, sentence_share, renewables: hits: 3, now 1",
        "",
        "1 table differs.",
    ]


def test_a_table_that_is_edited_and_moved(home):
    edit(home / "figures/documents.csv", "labour,Labour,4,", "labour,Labour,5,")
    edit(home / "articles/labour.txt", "Hydropower", "The dam")
    differences = checked(home)
    documents = differences[differences["what"] == "documents.csv"]
    assert set(documents["because"]) == {f"{EDITED} and {MOVED} (article labour)"}


@pytest.mark.usefixtures("remembered")
def test_a_figure_a_text_and_a_file_that_is_gone(home):
    figures = home / "figures"
    edit(figures / "findings.md", "# Three parties", "# Four parties")
    (figures / "emphasis.svg").write_text("<svg/>", encoding="utf-8")
    (figures / "heatmap.png").unlink()
    differences = checked(home)
    assert [(row[0], row[2], row[3]) for row in rows(differences, "figure")] == [
        ("emphasis.svg", "as recorded", "changed"),
        ("heatmap.png", "(not there)", "(there)"),
    ]
    [line] = rows(differences, "file")
    assert line[:2] == ("findings.md", "line 1")
    assert "Four parties" in line[2]
    assert "Three parties" in line[3]
    words = summary(differences)
    assert "  edited since the run:\n    emphasis.svg\n" in words
    assert "  removed since the run:\n    heatmap.png\n" in words


@pytest.mark.usefixtures("remembered")
def test_a_file_that_is_not_made_any_more(home):
    (home / "figures/old.csv").write_text("a", encoding="utf-8")
    record = json.loads((home / "figures/run.json").read_text("utf-8"))
    record["outputs"]["old.csv"] = "00"
    (home / "figures/run.json").write_text(json.dumps(record), encoding="utf-8")
    assert rows(checked(home), "table") == [("old.csv", "", "(there)", "(not there)")]


@pytest.mark.usefixtures("remembered")
def test_a_record_edited_by_hand(home):
    record = json.loads((home / "figures/run.json").read_text("utf-8"))
    record["outputs"]["tally.csv"] = "00"
    record["warnings"] = ["all is well"]
    record["articles"]["read"] = 7
    (home / "figures/run.json").write_text(json.dumps(record), encoding="utf-8")
    assert rows(checked(home), "record", "table") == [
        ("run.json", "articles, read", "7", "3"),
        ("run.json", "warnings, all is well", "(there)", "(not there)"),
        ("run.json", "outputs, tally.csv", "another hash", "its hash"),
    ]


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("record", [None, "", "[]", "{", "[" * 100_000])
def test_without_a_record_only_the_files_are_compared(home, record):
    path = home / "figures/run.json"
    path.unlink()
    if record is not None:
        path.write_text(record, encoding="utf-8")
    edit(home / "articles/labour.txt", "Hydropower", "The dam")
    differences = checked(home)
    assert rows(differences, "input", "software") == []
    assert rows(differences, "record")[0][2] == "missing, or not to be read"
    assert reasons(differences, "table") == {MOVED}


@pytest.mark.usefixtures("remembered")
def test_a_recorded_file_that_nobody_has(home):
    path = home / "figures/run.json"
    record = json.loads(path.read_text("utf-8"))
    names = ["change.csv", "../study.toml", "x" * 300]
    record["outputs"] |= dict.fromkeys(names, "0")
    path.write_text(json.dumps(record), encoding="utf-8")
    differences = checked(home)
    assert set(differences["kind"]) == {"record"}
    assert {(row[1], *row[2:]) for row in rows(differences, "record")} == {
        (f"outputs, {name}", "(there)", "(not there)") for name in names
    }


@pytest.mark.usefixtures("remembered")
def test_a_record_of_another_shape_is_read_as_far_as_it_goes(home):
    path = home / "figures/run.json"
    record = json.loads(path.read_text("utf-8"))
    record["settings"] |= {"boilerplate": ["a"], "roles": {"a": 1}}
    path.write_text(json.dumps(record), encoding="utf-8")
    assert [row[0] for row in rows(checked(home), "input")] == [
        "setting boilerplate",
        "setting roles",
    ]


@pytest.mark.usefixtures("remembered")
def test_nothing_was_run_yet(home):
    shutil.rmtree(home / "figures")
    differences = checked(home)
    assert set(differences["is"]) == {"(there)", "a record of the run"}
    assert not (home / "figures").exists()


@pytest.mark.usefixtures("remembered")
def test_a_finding_edited_by_hand(home):
    edit(home / "figures/findings.json", "3 articles were read", "30 articles were read")
    differences = checked(home)
    [finding] = rows(differences, "finding")
    assert finding[:2] == ("scope", "text")
    assert finding[2].startswith("30 articles were read")
    assert finding[3].startswith("3 articles were read")
    assert reasons(differences, "finding") == reasons(differences, "file") == {EDITED}


@pytest.mark.usefixtures("remembered")
def test_numbers_of_a_finding_whose_text_stands(home):
    path = home / "figures/findings.json"
    found = json.loads(path.read_text("utf-8"))
    one = next(one for one in found if one["kind"] == "presence")
    one["status"] = "supported"
    one["interval"]["low"] += 0.25
    one["evidence"][0]["patterns"] = ["sun"]
    one["evidence"][0]["start"] += 1  # where it stands is no part of the finding
    path.write_text(json.dumps(found), encoding="utf-8")
    differences = checked(home)
    places = [row[1] for row in rows(differences, "finding")]
    assert places[:2] == ["status", "interval, low"]
    assert [place.rpartition(", ")[2] for place in places[2:]] == ["coal", "sun"]
    words = summary(differences)
    assert "    the same text; what changed:\n    status: supported, now observed\n" in words


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(
    "content",
    [
        '[{"kind": "scope"}]',
        "[1]",
        '{"kind": "scope"}',
        "[" * 100_000,
        '[{"kind": "a", "topic": ["b"], "groups": [], "text": "", "evidence": []}]',
        '[{"kind": 1, "topic": 2, "groups": [], "text": "", "evidence": []}]',
        '[{"kind": "a", "topic": "b", "groups": [[]], "text": "", "evidence": []}]',
        '[{"kind": "a", "topic": "b", "groups": [], "text": "", "evidence": '
        '[{"doc_id": [], "quote": "", "patterns": []}]}]',
    ],
)
def test_findings_that_cannot_be_read(home, content):
    (home / "figures/findings.json").write_text(content, encoding="utf-8")
    differences = checked(home)
    assert rows(differences, "finding") == []
    assert rows(differences, "file") == [("findings.json", "", "as recorded", "changed")]


def test_a_pattern_names_its_topic(home):
    edit(home / "energy.toml", '"hydropower"', '"@coast"')
    differences = checked(home)
    assert rows(differences, "input") == [
        ("topic renewables", "core patterns", "hydropower", "@coast"),
        ("energy.toml", "", "as recorded", "changed"),
    ]
    names = moved(differences)
    assert names
    assert {topic for _, topic in names} == {"renewables", "Labour", None}
    assert reasons(differences, "finding") == {"topic renewables"}


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (
            '"gas turbine*"',
            '"gas turbine*", "sea"',
            ("topic renewables", "exclude patterns", "as recorded", "changed"),
        ),
        (
            'exclude = ["gas turbine*"]',
            'exclude = ["gas turbine*"]\ncontext = ["*s"]\ncontext_within = "article"',
            ("topic renewables", "context patterns", "as recorded", "changed"),
        ),
        (
            '["clean energy"]',
            '["clean air"]',
            ("topic renewables", "broad patterns", "clean energy", "clean air"),
        ),
        (
            "[topics.coal]",
            '[topics.gas]\ncore = ["gas"]\n[topics.coal]',
            ("topic gas", "", "(not there)", "(there)"),
        ),
        (
            '["subsidise"]',
            '["subsidise", "fund"]',
            ("dictionary", "name, variants, lists or exclusive", "as recorded", "changed"),
        ),
    ],
)
def test_what_of_a_dictionary_changed(home, old, new, changed):
    edit(home / "energy.toml", old, new)
    assert rows(checked(home), "input")[0] == changed


def test_patterns_are_not_named_by_an_edited_audit(home):
    edit(home / "figures/audit.csv", "renewables,hydropower,", "renewables,moon,")
    edit(home / "energy.toml", '"hydropower", ', "")
    changed = rows(checked(home), "input")[0]
    assert changed == ("topic renewables", "core patterns", "as recorded", "changed")


def test_a_comment_is_a_change_that_moves_no_number(home):
    edit(home / "energy.toml", "# Topics and the patterns", "# The topics and the patterns")
    differences = checked(home)
    assert set(differences["what"]) == {"energy.toml", "report.html"}  # it shows the file's hash
    assert reasons(differences, "file") == {f"{MOVED} (energy.toml)"}
    assert summary(differences).endswith("1 input changed; 1 other file differs.")


def test_a_setting(home):
    edit(
        home / "study.toml",
        "[output]",
        "[estimates]\nconf_level = 0.9\n[wording]\nignore = ['coal']\n[output]",
    )
    differences = checked(home)
    assert rows(differences, "input") == [
        ("setting conf_level", "", "0.95", "0.9"),
        ("setting ignore", "", "(not there)", "coal"),
        ("study.toml", "", "as recorded", "changed"),
    ]
    assert reasons(differences, "finding") == {"setting conf_level, setting ignore"}


def test_metadata(home):
    edit(home / "articles/articles.csv", "green.txt,Green,", "green.txt,Blue,")
    differences = checked(home)
    assert rows(differences, "input")[0] == ("article green", "metadata", "as recorded", "changed")
    assert reasons(differences, "finding") == {"article green"}  # by the group that it was in


def test_articles_that_come_and_go(home):
    (home / "articles/labour.txt").rename(home / "articles/left.txt")
    edit(home / "articles/articles.csv", "labour.txt", "left.txt")
    assert rows(checked(home), "input") == [
        ("article labour", "", "(there)", "(not there)"),
        ("article left", "", "(not there)", "(there)"),
        ("articles/articles.csv", "", "as recorded", "changed"),
        ("articles/labour.txt", "", "(there)", "(not there)"),
        ("articles/left.txt", "", "(not there)", "(there)"),
    ]


def test_boilerplate_can_move_anything(home):
    edit(
        home / "study.toml", 'group = "party"', 'group = "party"\nboilerplate = "boilerplate.toml"'
    )
    rule = '[[rule]]\nname = "slogan"\nprefix = "People deserve"\n'
    (home / "boilerplate.toml").write_text(rule, encoding="utf-8")
    with pytest.warns(InputWarning, match="no line fits the rule slogan"):
        run(read_study(home / "study.toml"))
    edit(home / "boilerplate.toml", "People deserve", "We will build wind farms")
    edit(home / "articles/liberal.txt", "Prices", "Costs")
    differences = checked(home)
    assert ("boilerplate.toml", "", "as recorded", "changed") in rows(differences, "input")
    assert reasons(differences, "finding") == {"boilerplate.toml"}


def test_software_that_moves_nothing_is_told_and_is_no_difference(home, monkeypatch, capsys):
    monkeypatch.setattr("analysis.study.record.of_code", lambda: "00")
    assert main(["check", str(home / "study.toml")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Software that changed since the run",
        "  code: changed",
        "",
        "1 software version changed; nothing moved.",
    ]


def test_the_versions_of_the_software(home, monkeypatch):
    monkeypatch.setattr("analysis.study.record.__version__", "9.9")
    monkeypatch.setattr("analysis.study.record.unicodedata.unidata_version", "99.0")
    monkeypatch.setattr("analysis.study.record.version", lambda package: f"new {package}")
    software = rows(checked(home), "software")
    assert [(what, now) for what, _, _, now in software[:3]] == [
        ("version of analysis", "9.9"),
        ("Unicode data", "99.0"),
        ("package matplotlib", "new matplotlib"),
    ]


def test_what_is_told_ends_the_command_with_one_or_two(home, capsys):
    (home / "figures/tally.csv").unlink()
    assert main(["check", str(home / "study.toml")]) == 1
    assert capsys.readouterr().out.endswith("\n1 table differs.\n")
    (home / "energy.toml").write_text("nonsense", encoding="utf-8")
    assert main(["check", str(home / "study.toml")]) == 2


# The embedded study


@pytest.mark.filterwarnings("ignore:.*4 of 288 codes are of sentences that have changed")
def test_one_word_of_one_article_of_the_embedded_study(tmp_path):
    for name in ("seeds", "figures", "study.toml", "analysis/topics/data"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    edit(tmp_path / "study.toml", 'notebooks = "notebooks"\n', "")
    article = next((tmp_path / "seeds").glob("002_*.txt"))
    text = article.read_text("utf-8")
    word = "training"
    assert word in text
    article.write_text(text.replace(word, "football", 1), encoding="utf-8")
    differences = checked(tmp_path)
    old = tmp_path / "old.json"
    shutil.copy(tmp_path / "figures/findings.json", old)
    run(read_study(tmp_path / "study.toml"))
    assert moved(differences) == moved_by_hand(old, tmp_path / "figures/findings.json")
    # One sentence less is validated, on every topic.
    assert ("validation", None) in moved(differences)
    assert reworded(old, tmp_path / "figures/findings.json") == {
        *((kind, "training") for kind in ("story", "presence", "absence", "background")),
        *(("lead", None), ("profile", "Russia"), ("validation", None)),
    }
    changed = rows(differences, "input")
    assert ("article russia_visit", "text", "as recorded", "changed") in changed
    assert all("article russia_visit" in one for one in reasons(differences, "finding"))


# Notebooks, executed: where their cells differ is tested with the differences


@pytest.fixture
def with_notebook(home):
    """The study with one notebook of two cells, executed by its run."""
    edit(home / "study.toml", 'folder = "figures"', 'folder = "figures"\nnotebooks = "notebooks"')
    (home / "notebooks/explore.ipynb").unlink()
    cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    cells = [cell | {"id": f"c{n}", "source": text} for n, text in enumerate(["6 * 2", "1 + 1"])]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (home / "notebooks/one.ipynb").write_text(json.dumps(content), encoding="utf-8")
    run(read_study(home / "study.toml"))
    return home


@pytest.mark.usefixtures("remembered")
def test_notebooks_that_were_edited(with_notebook):
    study, path = read_study(with_notebook / "study.toml"), with_notebook / "notebooks/one.ipynb"
    written = path.read_text("utf-8")
    assert check(study).empty
    path.write_text(written.replace('"12"', '"13"'), encoding="utf-8")
    differences = check(study)
    assert rows(differences, "notebook") == [("one.ipynb", "cell [1], line 1", "13", "12")]
    assert reasons(differences, "notebook") == {EDITED}
    assert "    one.ipynb\n      cell [1], line 1: 13, now 12\n" in summary(differences)
    path.write_text(written.replace("6 * 2", "6 * 3"), encoding="utf-8")
    differences = check(study)
    assert rows(differences, "notebook") == [("one.ipynb", "cell [1], line 1", "12", "18")]
    assert reasons(differences, "notebook") == {
        "its code was changed and not executed since the run"
    }
    run(study, notebooks=False)  # leaves what is recorded of the notebooks as it is
    assert reasons(check(study), "notebook") == reasons(differences, "notebook")
    path.write_text(written.replace("6 * 2", "6 / 0"), encoding="utf-8")
    differences = check(study)
    [(name, where, _, now)] = rows(differences, "notebook")
    assert (name, where) == ("one.ipynb", "")
    assert "ZeroDivisionError" in now
    path.unlink()
    assert rows(check(study), "notebook") == [("one.ipynb", "", "(not there)", "(there)")]


def test_a_changed_word_costs_one_role_and_is_told(home, capsys):
    study = read_study(home / "study.toml")
    roles = role_table(study.sentences).assign(role="event", by="hand")
    (home / "roles.csv").write_text(to_csv(roles), encoding="utf-8")
    edit(home / "study.toml", 'group = "party"', 'roles = "roles.csv"\ngroup = "party"')
    run(read_study(home / "study.toml"))
    assert main(["check", str(home / "study.toml")]) == 0
    edit(home / "articles/labour.txt", "works in coal", "works in gas")
    capsys.readouterr()
    assert main(["check", str(home / "study.toml")]) == 1
    said = capsys.readouterr()
    assert "labour: 'Nobody who works in coal will be left'" in said.out + said.err
    assert "Findings that moved" in said.out
