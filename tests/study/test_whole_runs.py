"""R1 to R3: a run is whole or not at all, and takes nothing of a researcher's away."""

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path

import pytest

from analysis import InputError, InputWarning, check, read_study, run
from analysis.__main__ import main
from analysis.study.keeping import keep
from tests import ROOT, TEMPLATE
from tests.study.test_notebooks import notebook

posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX")
GREEN = "articles/green.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study that has been run once; nobody may change it."""
    home = tmp_path_factory.mktemp("made") / "study"
    shutil.copytree(TEMPLATE, home)
    shutil.rmtree(home / "notebooks")
    run(read_study(home / "study.toml"))
    return home


@pytest.fixture
def home(made, tmp_path):
    """A copy of it, one of whose articles has a sentence more."""
    home = Path(shutil.copytree(made, tmp_path / "study"))
    (home / GREEN).write_text((home / GREEN).read_text("utf-8") + "Wind pays.\n", "utf-8")
    return home


def study_of(home):
    return read_study(home / "study.toml")


def contents(home):
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def with_notebook(home, *sources):
    (home / "notebooks").mkdir(exist_ok=True)
    path = home / "notebooks/look.ipynb"
    path.write_text(notebook(*sources), "utf-8")
    study = home / "study.toml"
    text = study.read_text("utf-8")
    study.write_text(text.replace("[output]", '[output]\nnotebooks = "notebooks"'), "utf-8")
    return path


@posix
def test_whatever_fails_or_ends_it_all_is_old_or_all_is_new():
    """Some operations, and all from the journal on; interruptions.csv has more."""
    command = [sys.executable, "-P", str(ROOT / "tests/benchmarks/interruptions.py")]
    command += ["300", "last", "fails"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    rows = {row["fault"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert {row["wrong"] for row in rows.values()} == {"0"}
    for fault in ("last", "fails"):  # both ends were seen
        assert min(int(rows[fault]["old"]), int(rows[fault]["new"])) > 2
    assert int(rows["last"]["mended_to_new"]) > 2


@posix
def test_of_more_operations_and_faults_the_committed_table_says_the_same():
    with (ROOT / "tests/benchmarks/interruptions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["fault"] for row in rows] == ["last", "fails", "full", "broken"]
    assert all(row["wrong"] == "0" and int(row["tried"]) > 40 for row in rows)


def test_a_run_writes_only_where_its_record_says(home, monkeypatch):
    """What lies elsewhere when it is killed, nobody would know and take away."""
    with_notebook(home, "1 + 1")
    opened, real_open = [], Path.open

    def opens(path, mode="r", *more, **named):
        opened.extend([path] if "w" in mode else [])
        return real_open(path, mode, *more, **named)

    monkeypatch.setattr(Path, "open", opens)
    run(study_of(home))
    assert len(opened) > 20
    assert [path for path in opened if ".figures." not in str(path)] == []


def test_a_notebook_sees_the_tables_that_it_will_stand_beside(home):
    path = with_notebook(
        home,
        "import analysis as an, os, pathlib\n"
        "print(len(an.read_table('../figures/sentences.csv')), os.getcwd())",
        "pathlib.Path('../figures/mine.txt').write_text('a'), pathlib.Path('b').write_text('b')",
        "sorted(os.listdir('..')), len(an.read_study('../study.toml').documents)",
    )
    before = len((home / "figures/sentences.csv").read_text("utf-8").splitlines()) - 1
    study = run(study_of(home))
    assert len(study.sentences) == before + 1
    cells = json.loads(path.read_text("utf-8"))["cells"]
    # As it would be if the notebook lay beside them already.
    shown = "".join(cells[0]["outputs"][0]["text"])
    assert shown == f"{before + 1} {home.resolve() / 'notebooks'}\n"
    told = "".join(cells[2]["outputs"][0]["data"]["text/plain"]).replace("\n", "")
    assert told == "(['articles', 'energy.toml', 'figures', 'notebooks', 'study.toml'], 3)"
    # What it makes is there too.
    assert (home / "figures/mine.txt").read_text("utf-8") == "a"
    assert (home / "notebooks/b").read_text("utf-8") == "b"
    assert not list(home.rglob(".figures*"))
    assert "mine.txt" not in json.loads((home / "figures/run.json").read_text("utf-8"))["outputs"]
    # In its own place it gives the same, but for the file that is there now.
    found = check(study_of(home))
    assert set(found["kind"]) <= {"notebook"}
    assert not found["was"].str.contains("figures.run|figures.new", regex=True).any()


def test_a_notebook_that_cannot_see_the_new_tables_is_named(home):
    """A whole path is the place of the old ones, until all that is new is made."""
    folder = home.resolve() / "figures"
    path = with_notebook(home, f"len(open({str(folder / 'sentences.csv')!r}).read())")
    with pytest.warns(InputWarning, match="by its whole path, it sees") as caught:
        run(study_of(home))
    assert str(caught[-1].message) == (
        f"{path.resolve()}: by its whole path, it sees {folder} as the run before left it; "
        "name it from the notebook's own folder, as in ../figures"
    )


@pytest.mark.parametrize("named", ["figures", "whole", "linked"])
def test_a_notebook_finds_the_folder_by_the_settings_too(home, named):
    places = {"whole": home.resolve(), "linked": home.resolve().with_name("linked")}
    if place := places.get(named):
        places["linked"].symlink_to(home.resolve())
        study = home / "study.toml"
        text = study.read_text("utf-8").replace('"figures"', f'"{place / "figures"}"')
        study.write_text(text, "utf-8")
    path = with_notebook(
        home,
        "import analysis as an\n"
        "folder = an.read_study('../study.toml').settings.folder\n"
        "print(len(an.read_table(folder / 'sentences.csv')), folder.resolve())",
    )
    study = run(study_of(home))
    shown = json.loads(path.read_text("utf-8"))["cells"][0]["outputs"][0]["text"]
    assert shown == [f"{len(study.sentences)} {home.resolve() / 'figures'}\n"]


def test_a_failing_notebook_that_looks_at_the_tables_says_where_as_we_know_it(home):
    path = with_notebook(home, "open('../figures/none.csv')")
    before = contents(home)
    with pytest.raises(RuntimeError) as error:
        run(study_of(home))
    assert str(error.value).startswith(f"{path.resolve()}: ")
    assert ".figures" not in str(error.value)
    assert contents(home) == before


def test_a_notebook_that_is_saved_while_it_is_executed_is_not_lost(home):
    path = with_notebook(home, "open('look.ipynb', 'a').write(' ')")
    with pytest.raises(InputError, match=r"look\.ipynb: it was saved while it was executed; clo"):
        run(study_of(home))
    assert path.read_text("utf-8") == notebook("open('look.ipynb', 'a').write(' ')") + " "


def test_a_notebook_that_was_worked_on_is_executed_anew(home):
    """What people write into a notebook are its cells, and these stay."""
    path = with_notebook(home, "1 + 1")
    run(study_of(home))
    book = json.loads(path.read_text("utf-8"))
    book["cells"][0] |= {"source": "1 + 2", "outputs": [], "execution_count": 5}
    path.write_text(json.dumps(book), "utf-8")
    run(study_of(home))
    (cell,) = json.loads(path.read_text("utf-8"))["cells"]
    assert ["".join(cell["source"]), cell["outputs"][0]["data"]["text/plain"]] == ["1 + 2", ["3"]]


def edit(path):
    path.write_text(path.read_text("utf-8") + "mine\n", "utf-8")


def test_a_table_that_was_edited_is_named_before_anything_is_computed(home, capsys, monkeypatch):
    edit(home / "figures/emphasis.csv")
    edit(home / "figures/findings.md")
    before = contents(home)
    with monkeypatch.context() as patched:
        patched.setattr("analysis.study.outputs.compute", None)
        assert main(["run", str(home / "study.toml")]) == 2
    assert capsys.readouterr().err == (
        f"error: {home / 'figures'}: emphasis.csv, findings.md: edited since the last run; copy "
        "them into another folder, then run again with --overwrite (overwrite=True)\n"
    )
    assert contents(home) == before
    assert main(["run", str(home / "study.toml"), "--overwrite"]) == 0
    assert not (home / "figures/emphasis.csv").read_text("utf-8").endswith("mine\n")


def test_other_line_ends_are_no_edit(home):
    for path in (home / "figures").glob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    study_of(home).save()


def test_a_file_of_ones_own_that_a_run_would_write_is_named(home):
    (home / "figures/run.json").unlink()  # so nobody knows whose files these are
    before = contents(home)
    with pytest.raises(InputError, match=r"documents\.csv, .* and \d+ more: no files of the last"):
        study_of(home).save()
    assert contents(home) == before
    study_of(home).save(overwrite=True)


def test_what_is_the_same_is_kept_or_replaced_as_one_likes(tmp_path):
    folders = [tmp_path / name for name in ("old", "new")]
    for folder in folders:
        folder.mkdir()
        (folder / "same").write_text("x", "utf-8")
    (folders[0] / "own").write_text("y", "utf-8")
    (folders[0] / "link").symlink_to("own")
    keep(*folders, {}, overwrite=False)
    assert sorted(path.name for path in folders[1].iterdir()) == ["link", "own", "same"]
    assert (folders[1] / "link").is_symlink()


@posix
def test_a_pipe_among_the_old_files(home):
    os.mkfifo(home / "figures/pipe")
    with pytest.raises(InputError, match=r"figures/pipe: this is a pipe, .*; move it elsewhere"):
        run(study_of(home))
    assert (home / "figures/pipe").exists()


START = """
import sys
from analysis.__main__ import main
from tests.study import without_drawing
with without_drawing():
    sys.exit(main(sys.argv[1:]))
"""


def started(home):
    """A run whose notebook waits, so far that it is executed."""
    with_notebook(home, "import pathlib, time\npathlib.Path('here').write_text('')\ntime.sleep(60)")
    command = [sys.executable, "-P", "-c", START, "run", str(home / "study.toml")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, encoding="utf-8")
    for _ in range(600):
        if (home / "notebooks/here").exists():
            return running
        time.sleep(0.1)
    raise AssertionError(running.stderr.read())


@posix
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped(home, sign, capsys):
    running = started(home)
    before = contents(home)
    study = str(home / "study.toml")
    for command in ("run", "check"):
        assert main([command, study]) == 2
        said = capsys.readouterr().err
        assert f"another run is writing this folder (process {running.pid}, since " in said
    running.send_signal(sign)
    said = running.communicate(timeout=30)[1]
    if sign != signal.SIGKILL:
        assert running.returncode in (1, 130)
        assert f"{ROOT / 'analysis'}" not in said  # what the kernel says at its end is its own
    else:
        assert (home / ".figures.run").exists()
        assert main(["check", study, "--no-notebooks"]) == 1  # of the article with a sentence more
        assert "was stopped before its end; all files are as before" in capsys.readouterr().err
    assert {name: raw for name, raw in before.items() if ".figures." not in name} == contents(home)


def test_check_says_nothing_of_a_run_that_ended(home):
    with warnings.catch_warnings():
        warnings.simplefilter("error", InputWarning)
        check(study_of(home), notebooks=False)


def test_the_order_of_the_metadata_orders_articles_and_changes_nothing_else(made, tmp_path):
    """docs/input.md says so; two groups have two articles, so that order could matter."""
    seen = []
    for turned in (False, True):
        home = Path(shutil.copytree(made, tmp_path / f"{turned}" / "study"))
        shutil.rmtree(home / "figures")
        table = home / "articles/articles.csv"
        for name, party in (("one", "Green"), ("two", "Labour")):
            (home / f"articles/{name}.txt").write_text(f"Coal and wind for {name}.", "utf-8")
            table.write_text(table.read_text("utf-8") + f"{name}.txt,{party},2024-05-04\n", "utf-8")
        head, *rows = table.read_text("utf-8").splitlines()
        table.write_text("\n".join([head, *(rows[::-1] if turned else rows)]) + "\n", "utf-8")
        study = run(study_of(home))
        figures = {path.name: path.read_bytes() for path in (home / "figures").iterdir()}
        seen.append((figures, study.findings().drop(columns="evidence").to_dict("records")))
    (before, findings), (after, again) = seen
    assert again == findings
    assert before.keys() == after.keys()
    differ = {name for name in before if before[name] != after[name]}
    assert differ == {
        *("documents.csv", "sentences.csv", "evidence.csv"),
        *("findings.json", "findings.md", "report.html", "run.json"),
    }
    for name in differ:
        if name.endswith(".csv"):
            assert sorted(before[name].splitlines()) == sorted(after[name].splitlines())
