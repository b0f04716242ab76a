"""From a table of texts to a study that runs: what is seen, what is said, what is written."""

import csv
import io
import json
import sys
import warnings

import pandas as pd
import pytest

import analysis as an
from analysis import InputError
from analysis.__main__ import main
from analysis.study.lab import lab_command
from analysis.study.new import new_study_from
from analysis.study.notebooks import execute
from analysis.study.settings import read_settings
from tests import TEMPLATE

WORDS = {"Green": "Wind farms pay.", "Red": "Coal mines close.", "Blue": "Taxes must fall."}


def row(number):
    party = [*WORDS][number % 3]
    text = f"{WORDS[party]} The parliament debates number {number}. Voters listen to parliament."
    outlet = "Post" if number < 6 else "Mail"
    return {
        **{"nr": f"s{number:02}", "party": party, "day": f"2024-05-{number + 1:02}"},
        **{"outlet": outlet, "link": f"page {number}", "body": text},
    }


ROWS = [row(number) for number in range(12)]


def table_file(path, rows=ROWS, separator=","):
    if path.suffix == ".jsonl":
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    elif path.suffix == ".parquet":
        pd.DataFrame(rows).to_parquet(path)
    else:
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(out.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "separator"),
    [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.jsonl", ""), ("a.parquet", "")],
)
def test_every_kind_of_table_gives_a_study_that_runs(tmp_path, request, name, separator):
    if separator == ",":
        request.getfixturevalue("drawn")
    table, folder = table_file(tmp_path / name, separator=separator), tmp_path / "my_study"
    seen = new_study_from(table, folder, text="body", group=["party"], id="nr")
    assert "\n".join(seen) == (
        f"{name}: 12 articles\n"
        "  texts   'body'\n"
        "  names   'nr'\n"
        "  groups  'party': Blue (4), Green (4), Red (4)\n"
        "  days    'day' (guessed)\n"
        "  checked 'day', 'outlet' (guessed)\n"
        "  unused  'link'"
    )
    assert (folder / name).read_bytes() == table.read_bytes()
    study = an.read_study(folder / "study.toml")
    assert study.settings.title == "My study"
    assert list(study.documents["doc_id"]) == [one["nr"] for one in ROWS]
    assert list(study.documents["text"]) == [one["body"] for one in ROWS]
    assert study.settings.dates == ("day",)
    assert study.settings.confounders == ("day", "outlet")
    # Words that stand in most articles, whoever wrote them; the second one in other sentences.
    topics = study.dictionary.topics
    assert [one.core for one in topics] == [("parliament",), ("close",)]
    assert topics[0].match == ("Voters listen to parliament.",)
    assert study.emphasis().to_frame().query("topic == 'parliament'")["hits"].to_list() == [8, 8, 8]
    study.save(tmp_path / "figures")
    assert (tmp_path / "figures/emphasis.svg").is_file()


def test_what_is_not_said_is_guessed(tmp_path):
    rows = [{"id": r["nr"], **{k: v for k, v in r.items() if k != "nr"}} for r in ROWS]
    seen = new_study_from(table_file(tmp_path / "a.csv", rows), tmp_path / "s")
    assert "  texts   'body' (guessed)" in seen
    assert "  names   'id' (guessed)" in seen
    assert "  groups  'party' (guessed): Blue (4), Green (4), Red (4)" in seen
    assert read_settings(tmp_path / "s/study.toml").id == "id"


@pytest.mark.parametrize(
    ("name", "values", "checked"),
    [
        ("party.id", ["x7", "x8", "x9"], False),  # called like the groups
        ("party_kind", ["x7", "x8", "x7"], True),  # of two groups
        ("paper", ["Echo", "Post", "Sun"], True),  # what may make them differ
        ("year", ["2001", "2002", "2003"], True),
    ],
)
def test_another_name_for_the_groups_is_not_checked(tmp_path, name, values, checked):
    own = dict(zip(["Blue", "Green", "Red"], values, strict=True))
    rows = [{**one, name: own[one["party"]]} for one in ROWS]
    seen = new_study_from(table_file(tmp_path / "a.csv", rows), tmp_path / "s", group=["party"])
    assert (name in read_settings(tmp_path / "s/study.toml").confounders) == checked
    said = f"  same    {name!r} (guessed): other names for the groups, not checked"
    assert (said in seen) == (not checked)


def test_a_guess_says_a_warning_once(tmp_path):
    rows = [{**one, "body": one["body"] + " It cost Â£ 5."} for one in ROWS]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        new_study_from(table_file(tmp_path / "a.csv", rows), tmp_path / "s")
    assert sum("decoded twice" in str(one.message) for one in caught) == 1


def test_texts_are_the_longest_column_where_none_is_called_so(tmp_path):
    rows = [{"x": r["party"], "y": r["body"], "id": "1"} for r in ROWS]
    with pytest.warns(an.InputWarning, match="called by their number"):  # the ids are no names
        seen = new_study_from(table_file(tmp_path / "a.csv", rows), tmp_path / "s")
    assert seen[1:3] == ["  texts   'y' (guessed)", "  names   no column; articles have numbers"]
    assert seen[3].startswith("  groups  'x' (guessed)")


def test_a_name_that_toml_would_take_for_something_else(tmp_path):
    rows = [{'te"xt\\': r["body"], "pär ty": r["party"]} for r in ROWS]
    table = table_file(tmp_path / "a 'b'.csv", rows)
    new_study_from(table, tmp_path / "s", text='te"xt\\', group=["pär ty"])
    assert an.read_study(tmp_path / "s/study.toml").by == ["pär ty"]


def test_texts_without_words_still_give_a_study(tmp_path):
    rows = [{"text": f"1 2 {n}.", "g": "ab"[n % 2]} for n in range(4)]
    table = table_file(tmp_path / "a.csv", rows)
    new_study_from(table, tmp_path / "s", group=["g"])
    study = an.read_study(tmp_path / "s/study.toml")
    assert study.emphasis().to_frame()["hits"].sum() == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"text": "bdy"}, "no column 'bdy'; did you mean 'body'?"),
        ({"group": ["prty"]}, "no column 'prty' to form groups by; did you mean 'party'?"),
        ({"date": "party"}, "'party' of '1' is 'Green'; write YYYY-MM-DD"),
        ({"id": "outlet"}, "'Post' stands on lines 2, 3, 4, 5, 6, 7"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_and_nothing_is_written(tmp_path, options, message):
    table = table_file(tmp_path / "a.csv")
    with pytest.raises(InputError) as error:
        new_study_from(table, tmp_path / "s", **options)
    assert message in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [{"text": "One.", "x": str(n)} for n in range(4)],
            "no column looks as if it formed groups",
        ),
        (
            [{"a": "x", "b": "y"}] * 4,
            "no column looks as if it held the texts; name it by --text: a",
        ),
    ],
)
def test_what_cannot_be_guessed_is_asked_for(tmp_path, rows, message):
    with pytest.raises(InputError, match=message):
        new_study_from(table_file(tmp_path / "a.csv", rows), tmp_path / "s")


def test_a_folder_and_a_spreadsheet_are_sent_elsewhere(tmp_path):
    (tmp_path / "a.txt").write_text("Wind.", encoding="utf-8")
    with pytest.raises(InputError, match="--from names a folder; name a table"):
        new_study_from(tmp_path, tmp_path / "s")
    (tmp_path / "a.ods").write_bytes(b"PK")
    with pytest.raises(InputError, match="save the sheet as CSV"):
        new_study_from(tmp_path / "a.ods", tmp_path / "s")


def test_the_command_says_what_it_saw_and_how_to_go_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    table_file(tmp_path / "a.csv")
    assert main(["new", "s", "--from", "a.csv", "--text", "body", "--group", "party,outlet"]) == 0
    out = capsys.readouterr().out
    assert "'party', 'outlet': Blue, Mail (2)" in out
    assert "-m analysis run s" in out
    assert "-m analysis lab s" in out
    assert main(["new", "t", "--text", "body"]) == 2
    assert "--text is of a table; name the table by --from" in capsys.readouterr().err
    assert main(["new", "s", "--from", "a.csv"]) == 2
    assert not (tmp_path / "t").exists()


@pytest.mark.parametrize("installed", [True, False])
def test_a_run_executes_the_notebook_where_it_can(tmp_path, monkeypatch, installed):
    monkeypatch.setattr("analysis.study.new.find_spec", lambda name: installed or None)
    assert main(["new", str(tmp_path / "s")]) == 0
    found = read_settings(tmp_path / "s/study.toml").notebooks
    assert found == (tmp_path / "s/notebooks" if installed else None)
    assert (tmp_path / "s/notebooks/explore.ipynb").is_file()


def test_its_notebook_runs_and_says_nothing_of_the_machine(tmp_path):
    new_study_from(table_file(tmp_path / "a.csv"), tmp_path / "s", text="body", group=["party"])
    text = execute(tmp_path / "s/notebooks/explore.ipynb")
    assert str(tmp_path) not in text
    assert "widget-view" not in text
    assert text.count("data:image/png;base64") == 1


def test_jupyter_opens_at_the_notebook_without_news(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
    assert main(["new", str(tmp_path / "my study")]) == 0
    command, environment = lab_command(read_settings(tmp_path / "my study/study.toml"))
    assert command == [
        *[sys.executable, "-P", "-m", "jupyterlab"],
        f"--ServerApp.root_dir={(tmp_path / 'my study').resolve()}",
        "--LabApp.default_url=/lab/tree/notebooks/explore.ipynb",
    ]
    first, own = environment["JUPYTER_CONFIG_PATH"].split(":")
    assert own == "mine"
    assert "announcements" in (an.study.lab.CONFIG / "labconfig/page_config.json").read_text()
    assert first == str(an.study.lab.CONFIG)
    command = lab_command(read_settings(TEMPLATE.parents[2] / "study.toml"))[0]
    assert command[-1].endswith("/lab/tree/notebooks")
    monkeypatch.setattr("analysis.study.lab.find_spec", lambda name: None)
    assert main(["lab", str(tmp_path / "my study/study.toml")]) == 2


def test_what_stands_before_a_group_is_guessed_by_what_it_is(tmp_path):
    new_study_from(table_file(tmp_path / "a.csv"), tmp_path / "s", group=["party"])
    assert read_settings(tmp_path / "s/study.toml").relation == "by"
    new_study_from(table_file(tmp_path / "b.csv"), tmp_path / "t", group=["outlet"])
    assert read_settings(tmp_path / "t/study.toml").relation == "in"
    rows = [{**one, "land": one["party"]} for one in ROWS]
    new_study_from(table_file(tmp_path / "c.csv", rows), tmp_path / "u", group=["land"])
    assert read_settings(tmp_path / "u/study.toml").relation == ""
