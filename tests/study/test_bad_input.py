"""The command line, above all when something is wrong: exit code, one message, nothing written."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from analysis.__main__ import main
from tests import ROOT

GREEN = "articles/green.txt"
TABLE = "articles/articles.csv"


def command(folder, *arguments, python=()):
    return subprocess.run(
        [sys.executable, *python, "-m", "analysis", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The study that `new` makes, after a run: (folder, what `new` said, what `run` said)."""
    folder = tmp_path_factory.mktemp("made")
    new = command(folder, "new", "study")
    return folder / "study", new, command(folder / "study", "run", "--no-notebooks")


@pytest.fixture
def study(made, tmp_path, monkeypatch):
    """A fresh copy of that study, which is also the working folder."""
    folder = shutil.copytree(made[0], tmp_path / "study")
    monkeypatch.chdir(folder)
    return folder


def change(study, file, old, new):
    text = (study / file).read_text(encoding="utf-8")
    assert old in text
    (study / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def content(folder):
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(capsys, *arguments):
    """Exit code, standard output and the lines of standard error."""
    code = main(["run", "--no-notebooks", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err.splitlines()


def test_new_and_run(made):
    folder, new, done = made
    assert (new.returncode, new.stderr) == (0, "")
    assert "python -m analysis run study" in new.stdout.replace("/study.toml", "")
    assert (done.returncode, done.stderr) == (0, "")
    findings = json.loads((folder / "figures/findings.json").read_text(encoding="utf-8"))
    # On screen what a reader wants first; the file has all.
    told = [found for found in findings if found["kind"] in ("lead", "story", "refusal")]
    assert all(found["text"] in done.stdout for found in told)
    assert f"All {len(findings)} findings, with their sentences: findings.md" in done.stdout
    record = json.loads((folder / "figures/run.json").read_text(encoding="utf-8"))
    assert set(record["outputs"]) | {"run.json"} == {
        path.name for path in (folder / "figures").iterdir()
    }
    assert record["warnings"] == []
    assert {path.name for path in folder.iterdir()} == {
        *["articles", "energy.toml", "figures", "notebooks", "study.toml"]
    }


def test_a_run_names_the_patterns_that_find_nothing(study, capsys):
    before, after = "lignite.\n", "lignite. Topics without a match: coal.\n"
    assert before in run(capsys)[1]
    change(study, "energy.toml", '"coal", ', '"coa", ')
    change(study, "energy.toml", ', "clos* ... {plant}"', "")
    assert after in run(capsys)[1]


def test_new_refuses_a_folder_that_is_there(study, capsys):
    before = content(study)
    assert main(["new", str(study)]) == 2
    assert capsys.readouterr().err == f"error: {study}: it is there already; name a new folder\n"
    assert content(study) == before


def text(file, old, new):
    return lambda study: change(study, file, old, new)


def raw(file, value):
    return lambda study: (study / file).write_bytes(value)


def gone(file):
    return lambda study: (study / file).unlink()


def damaged_word(study):
    change(study, TABLE, "green.txt", "green.docx")
    (study / GREEN).unlink()
    (study / "articles/green.docx").write_bytes(b"PK\3\4")


SETTINGS = "\n[estimates]\n{}\n[output]"
BAD = {
    "no metadata file": (gone(TABLE), TABLE, None, "no such file; check"),
    "no file for a row": (gone(GREEN), TABLE, 2, "'green.txt'; the folder holds labour.txt"),
    "blank group": (text(TABLE, "Labour", " "), TABLE, 3, "'party' of 'labour' is blank; write"),
    "way out": (text(TABLE, "green.txt", "../green.txt"), TABLE, 2, "outside the folder; name"),
    "another ending": (text(TABLE, "green.txt", "green.md"), TABLE, 2, "'green.md'; did you mean"),
    "short row": (text(TABLE, ",Labour", ""), TABLE, 3, "2 values stand under 3; write one"),
    "long row": (text(TABLE, "Labour", "Labour,x"), TABLE, 3, "4 values; write one"),
    "open quote": (text(TABLE, "Labour", '"Labour'), TABLE, 3, "not CSV; check its quotes"),
    "semicolons": (raw(TABLE, b"file;party\na;b;c\n"), TABLE, 2, "3 values; write one"),
    "empty metadata": (raw(TABLE, b""), TABLE, None, "empty; write a header"),
    "one article twice": (
        text(TABLE, "labour.txt", "green.txt"), TABLE, 3, "'green.txt' stands on line 2 too; give"),
    "PDF": (raw(GREEN, b"%PDF-1.7 \xff"), GREEN, None, "a PDF; save it as text"),
    "NUL": (raw(GREEN, b"ab\0c"), GREEN, None, "NUL byte stands at byte 2; save"),
    "gzip": (raw(GREEN, b"\x1f\x8b\x08\x00"), GREEN, None, "gzip data; save"),
    "page": (raw(GREEN, b"<html><p>Coal."), GREEN, None, "HTML page; save its text, or name"),
    "mixed": (raw(GREEN, b"\xc3\xa9\n\xe9"), GREEN, 2, "byte 3 while other; save it as UTF-8"),
    "a damaged Word file": (damaged_word, "articles/green.docx", None,
                            "not a whole Word; open it in its own program"),
    "not text": (raw(GREEN, b"One.\n\x81"), GREEN, 2, "byte 5; save it as UTF-8"),
    "no dictionary": (gone("energy.toml"), "energy.toml", None, "no such file; check"),
    "empty topic": (
        text("energy.toml", "[topics.coal]", "[topics.zz]\ncore = []\n[topics.coal]"),
        "energy.toml", 23, "'zz' has no pattern; write core"),
    "broken dictionary": (text("energy.toml", "[lists]", "[lists"), "energy.toml", 10, "; mend"),
    "unknown section": (text("study.toml", "[output]", "[outputs]"), "study.toml", 16,
                        "'outputs'; known keys are study, corpus"),
    "unknown key": (text("study.toml", "folder =", "folders ="), "study.toml", 17,
                    "[output] 'folders'; known keys are folder"),
    "missing section": (raw("study.toml", b"[study]\ntitle = 'x'\n"), "study.toml", None,
                        "[corpus] has no 'articles'; write articles"),
    "missing key": (text("study.toml", "group =", "# group ="), "study.toml", 8,
                    "[corpus] has no 'group'; write group"),
    "wrong type": (text("study.toml", '"Three parties on energy"', "3"), "study.toml", 6,
                   "title is 3; write a text"),
    "list of numbers": (text("study.toml", "[output]", "[wording]\nignore = [1]\n[output]"),
                        "study.toml", 17, "ignore is [1]; write a list of texts"),
    "a value for a section": (text("study.toml", "[output]\nfolder", "[x]\nfolder"), "study.toml",
                              16, "unknown key 'x'; known"),
    "unknown measure": (text("study.toml", "[output]", SETTINGS.format('measure = "share"')),
                        "study.toml", 18, "'share'; choose one of sentence_share"),
    "unknown method": (text("study.toml", "[output]", SETTINGS.format('method = "magic"')),
                       "study.toml", 18, "'magic'; choose one of"),
    "95 %": (text("study.toml", "[output]", SETTINGS.format("conf_level = 95")), "study.toml", 18,
             "95; write .95"),
    "broken study": (text("study.toml", "[output]", "[output"), "study.toml", 16, "; mend"),
    "output is a file": (text("study.toml", '"figures"', '"energy.toml"'), "energy.toml", None,
                         "is a file; name another folder"),
    "unknown group": (text("study.toml", '"party"', '"partie"'), TABLE, None,
                      "no column 'partie' to form groups by; did you mean 'party'? choose one of"),
    "empty path": (text("study.toml", '"energy.toml"', '""'), "study.toml", 14,
                   "dictionary is empty; write what dictionary is"),
    "grouping by article": (text("study.toml", '"party"', '"doc_id"'), TABLE, None,
                            "no column 'doc_id' to form groups by; choose one of party"),
    "an odd corpus": (text("study.toml", 'articles = "articles"', 'articles = "energy.toml"'),
                      "energy.toml", None, "'.toml' is not a kind of corpus; name a folder"),
    "unknown cluster": (text("study.toml", "group =", 'cluster = "zz"\ngroup ='), "study.toml", 11,
                        "cluster 'zz', no such column; choose article or one of party, date"),
    "too long a number": (text("study.toml", "[output]", f"[estimates]\nconf_level = {'9' * 5000}\n"
                               "[output]"), "study.toml", 17, "too many digits; write a shorter"),
    "too long a number in the dictionary": (
        text("energy.toml", "[lists]", f"x = {'9' * 5000}\n[lists]"), "energy.toml", 10,
        "too many digits; write a shorter"),
    "NUL in a path": (text("study.toml", '"energy.toml"', '"en\\u0000ergy.toml"'), "study.toml",
                      None, "NUL; write it without"),
    "too long a path": (text("study.toml", '"energy.toml"', f'"{"e" * 300}.toml"'), "toml", None,
                        "File name too long; choose a shorter"),
    "two groups of one name": (
        text("study.toml", "[output]", '[names]\nLabour = "Green"\n\n[output]'), "study.toml", 17,
        "'Green' two groups 'Labour'; give each a name of its own"),
    "two topics of one name": (
        text("study.toml", "[output]", '[names]\ncoal = "Renewables"\nrenewables = "Renewables"\n'
             "[output]"), "study.toml", 17, "two topics 'Renewables'; give each"),
    "unknown period": (text("study.toml", "group =", 'period = "zz"\ngroup ='), "study.toml", 11,
                       "period 'zz', no such column; choose one of party, date"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "file", "line", "words"), BAD.values(), ids=BAD)
def test_bad_input_is_told_in_one_line_and_nothing_is_written(
    study, capsys, spoil, file, line, words
):
    spoil(study)
    before = content(study.parent)
    code, shown, (message, *more) = run(capsys)
    assert (code, shown, more) == (2, "", [])
    place = f"{file}, line {line}: " if line else f"{file}: " if file else ""
    assert message.startswith("error: ")
    assert place in message
    found, _, advice = words.rpartition(";")
    assert all(word in message for word in found.split())
    assert advice.strip() in message.partition("; ")[2]
    assert content(study.parent) == before
    assert sorted(path.name for path in study.parent.iterdir()) == ["study"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.toml"], "nowhere.toml: there is no such file"),
        (["."], "this is a folder"),
        (["--out", "study.toml"], "the output folder is a file"),
        (["--articles", "nowhere"], "nowhere: there is no such file or folder"),
        (["--metadata", "nowhere.csv"], "nowhere.csv: there is no such file"),
        (["--dictionary", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["--group", "colour"], "no column 'colour'"),
        (["--out", "fresh", "--group", "colour"], "no column 'colour'"),
    ],
)
def test_bad_arguments(study, capsys, arguments, words):
    before = content(study)
    code, shown, (message,) = run(capsys, *arguments)
    assert (code, shown) == (2, "")
    assert words in message
    assert content(study) == before
    assert not (study / "fresh").exists()


def test_an_error_and_its_exit_code_from_outside(study):
    (study / GREEN).unlink()
    before = content(study)
    done = command(study, "run", "--no-notebooks")
    assert done.returncode == 2
    assert done.stdout == ""
    assert re.fullmatch(r"error: articles/articles\.csv, line 2: .*; .*\n", done.stderr)
    assert content(study) == before


def test_control_characters_do_not_reach_the_terminal(study, capsys):
    code, _, (message,) = run(capsys, "--metadata", "a\x1b[31m.csv")
    assert code == 2
    assert "a?[31m.csv: there is no such file" in message


def test_a_text_does_not_command_the_terminal(study, capsys):
    (study / GREEN).write_text(
        "Coal\x1b[2J\u202e is na\u00a0bad\u200d.\r\nIt ends.", encoding="utf-8"
    )
    change(study, TABLE, "Green", "Gr\x1b[31meen")
    assert main(["evidence", "--topic", "coal"]) == 0
    shown = capsys.readouterr().out
    assert "Gr?[31meen, coal: green 0-" in shown
    assert "  [Coal]?[2J? is na\u00a0bad\u200d." in shown  # what commands nothing stays
    code, shown, _ = run(capsys)
    assert code == 0
    assert "Gr?[31meen" in shown
    assert "\x1b" not in shown


def test_a_reader_that_leaves_is_no_error(study):
    reading, writing = os.pipe()
    os.close(reading)
    arguments = [sys.executable, "-m", "analysis", "evidence"]
    done = subprocess.run(
        arguments,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_names_like_na_and_warnings(study, capsys):
    change(study, TABLE, "Green", "NA ")
    (study / "articles/extra.txt").write_text("Coal.", encoding="utf-8")
    (study / "articles/liberal.txt").write_text("", encoding="utf-8")
    code, shown, warnings = run(capsys)
    assert code == 0
    assert re.search(r"\bNA\b", shown)
    assert [warning.partition(" ")[0] for warning in warnings] == ["warning:"] * 3
    for words in ("does not list extra.txt", "spaces around 'party'", "no text in liberal"):
        assert sum(words in warning for warning in warnings) == 1
    record = json.loads((study / "figures/run.json").read_text(encoding="utf-8"))
    assert [f"warning: {warning}" for warning in record["warnings"]] == warnings
    assert record["articles"] == {
        **{"found": 4, "not_listed": 1, "read": 3},
        **{"no_text": 1, "no_body_sentence": 0, "analysed": 2},
    }
    lines = (study / "figures/emphasis.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in lines].count("NA") == 2


def test_a_page_counts_as_the_text_it_was_made_of(study, capsys):
    before = (study / "figures/emphasis.csv").read_bytes()
    text = (study / GREEN).read_text(encoding="utf-8")
    page = "".join(f"<p>{line}</p>" for line in text.splitlines())
    (study / "articles/green.html").write_text(f"<nav>Coal</nav>{page}", encoding="utf-8")
    (study / GREEN).unlink()
    change(study, TABLE, "green.txt", "green.html")
    assert run(capsys)[::2] == (0, [])
    assert (study / "figures/emphasis.csv").read_bytes() == before
    record = json.loads((study / "figures/run.json").read_text(encoding="utf-8"))
    assert "articles/green.html" in record["inputs"]


@pytest.mark.usefixtures("drawn")
def test_another_run_writes_the_same_bytes_elsewhere(study, capsys):
    before = content(study)
    code, _, errors = run(capsys, "--out", "again")
    assert (code, errors) == (0, [])
    again = {path.name: path.read_bytes() for path in (study / "again").iterdir()}
    first = {path.name: path.read_bytes() for path in (study / "figures").iterdir()}
    different = {name for name in again | first if again.get(name) != first.get(name)}
    assert different <= {"run.json"}
    assert {path: raw for path, raw in content(study).items() if "/again/" not in path} == before


@pytest.mark.usefixtures("drawn")
def test_check(study, capsys):
    before = content(study)
    assert main(["check", "--no-notebooks"]) == 0
    assert capsys.readouterr() == ("All is as written.\n", "")

    findings = study / "figures/findings.json"
    edited = findings.read_text(encoding="utf-8").replace("3 articles were", "4 articles were")
    findings.write_text(edited, encoding="utf-8")
    (study / "figures/tally.csv").unlink()
    assert main(["check", "--no-notebooks"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert "4 articles were read" in next(line for line in shown if line.startswith("    was:"))
    assert "3 articles were read" in next(line for line in shown if line.startswith("    is:"))
    assert shown[-1] == "1 finding, 1 table and 1 other file differ."
    after = content(study)
    assert {path for path in before if before[path] != after.get(path)} == {
        str(findings),
        str(study / "figures/tally.csv"),
    }


@pytest.mark.parametrize(
    ("arguments", "count", "marked"),
    [
        (["--group", "Green", "--topic", "renewables"], 2, "[wind farms]"),
        (["--group", "Labour"], 3, "[close the old power stations]"),
        (["--topic", "coal"], 3, "[coal]"),
        (["--group", "Liberal", "--topic", "coal"], 0, ""),
        (["--finding", "F04"], 3, "F04  Of these 3 articles, 2 mention coal"),
        (["--finding", "F04", "--group", "Green"], 1, "[coal]"),
        (["--finding", "F13"], 0, "F13  There is only one article each"),
        ([], 6, "[Hydropower]"),
    ],
)
def test_evidence(study, capsys, arguments, count, marked):
    assert main(["evidence", *arguments]) == 0
    shown = capsys.readouterr().out
    assert shown.endswith(f"{count} evidence sentence{'s' * (count != 1)}\n")
    assert shown.count("  patterns: ") == count
    assert marked in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--group", "Grey"], "there is no party 'Grey'; choose one of Green, Labour, Liberal"),
        (["--topic", "gas"], "there is no topic 'gas'; choose one of coal, renewables"),
        (
            ["--finding", "F99"],
            "there is no finding 'F99'; choose one of F01, F02, F03, F04, F05, F06, F07, F08, "
            "F09, F10, F11, F12, F13",
        ),
    ],
)
def test_evidence_of_what_is_not_there(study, capsys, arguments, message):
    assert main(["evidence", *arguments]) == 2
    assert capsys.readouterr() == ("", f"error: {message}\n")


@pytest.mark.parametrize("arguments", [[], ["walk"], ["run", "--colour"], ["new"]])
def test_usage(capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("usage: topic-emphasis")


def test_help_answers_without_the_heavy_packages(tmp_path):
    done = command(tmp_path, "--help", python=["-X", "importtime"])
    assert done.returncode == 0
    for name in ("run", "check", "evidence", "new"):
        assert f"    {name} " in done.stdout
    imports = re.findall(r"^import time: +(\d+) \| .* ([\w.]+)$", done.stderr, re.MULTILINE)
    packages = {name.partition(".")[0] for _, name in imports}
    assert "analysis" in packages
    assert not packages & {"pandas", "numpy", "scipy", "sklearn", "matplotlib", "nupunkt"}
    assert sum(int(microseconds) for microseconds, _ in imports) < 500_000
