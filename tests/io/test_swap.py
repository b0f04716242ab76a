"""All old or all new, together: what is made beside, the journal, and what a killed run leaves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import InputError, InputWarning
from analysis.io.swap import mend, swapping
from tests import ROOT


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def fill(folder, **texts):
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


OLD = {"out/made": "old", "book": "old"}
NEW = {"out/made": "new", "out/more": "new", "book": "new"}


@pytest.fixture
def home(tmp_path):
    """A folder with an output folder and a file beside it."""
    (tmp_path / "out").mkdir()
    fill(tmp_path / "out", made="old")
    fill(tmp_path, book="old")
    return tmp_path


def write(home):
    with swapping(home / "out") as swap:
        fill(swap.folder, made="new", more="new")
        swap.beside(home / "book").write_text("new", encoding="utf-8")


def test_a_folder_and_a_file_are_replaced_together_and_nothing_is_left(home):
    (home / "out").chmod(0o750)
    (home / "book").chmod(0o600)
    with swapping(home / "out") as swap:
        fill(swap.folder, made="new", more="new")
        swap.beside(home / "book").write_text("new", encoding="utf-8")
        (swap.aside() / "x").symlink_to(home)
        assert {name: content(home)[name] for name in OLD} == OLD
    assert content(home) == NEW
    modes = [(home / name).stat().st_mode & 0o777 for name in ("out", "book")]
    assert modes == [0o750, 0o600]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_old_and_nothing_else(home, error):
    with pytest.raises(error), swapping(home / "out") as swap:
        fill(swap.folder, made="half")
        swap.beside(home / "book").write_text("half", encoding="utf-8")
        raise error
    assert content(home) == OLD
    assert sorted(path.name for path in home.iterdir()) == ["book", "out"]


def test_a_new_folder_is_made_with_its_parents_or_not_at_all(tmp_path):
    with pytest.raises(KeyError), swapping(tmp_path / "a" / "b"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []
    plain = tmp_path / "plain"
    plain.mkdir()
    with swapping(tmp_path / "a" / "b") as swap:
        fill(swap.folder, made="new")
    assert content(tmp_path / "a" / "b") == {"made": "new"}
    assert (tmp_path / "a" / "b").stat().st_mode == plain.stat().st_mode


def test_a_file_in_the_place_of_the_folder(tmp_path):
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="the output folder is a file"), swapping(file):
        pass
    with pytest.raises(InputError, match="refuses to read or write it: Not a directory"):
        write(file / "out")
    assert file.read_text(encoding="utf-8") == "x"


def fails_after(monkeypatch, number, error):
    """One rename fails; those that put things back do not."""
    real, calls = os.rename, []

    def call(*arguments):
        calls.append(arguments)
        if len(calls) == number:
            raise error
        return real(*arguments)

    monkeypatch.setattr(os, "rename", call)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_a_rename_that_fails_puts_the_old_back(home, monkeypatch, number, error):
    fails_after(monkeypatch, number, error)
    with pytest.raises((InputError, KeyboardInterrupt)):
        write(home)
    assert content(home) == OLD
    assert sorted(path.name for path in home.iterdir()) == ["book", "out"]


def killed(home, number):
    """Write in another process, which ends at a rename."""
    code = (
        "import os, sys; from pathlib import Path; from tests.io.test_swap import write\n"
        "real, left = os.rename, [int(sys.argv[2])]\n"
        "def rename(*names):\n"
        "    left[0] -= 1\n"
        "    os._exit(9) if left[0] == 0 else real(*names)\n"
        "os.rename = rename; write(Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, str(home), str(number)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9


@pytest.mark.parametrize("number", [1, 3])
def test_a_run_killed_between_its_renames_is_finished_by_the_next_start(home, number):
    killed(home, number)
    assert content(home) != OLD
    with pytest.warns(InputWarning, match=r"\.out\.run: the run that .* all files are new$"):
        mend(home / "out")
    assert content(home) == NEW
    mend(home / "out")  # there is nothing more to mend


def test_what_stands_in_the_way_of_finishing_is_named_and_nothing_is_lost(home):
    killed(home, 2)  # the old folder is moved, the new one is not
    (home / "out").mkdir()
    fill(home / "out", mine="own")
    before = content(home)
    with pytest.raises(InputError, match=r"out: it was made while the run before .*; move it"):
        mend(home / "out")
    assert content(home) == before
    (home / "out").rename(home / "mine")
    with pytest.warns(InputWarning, match="all files are new"):
        mend(home / "out")
    assert content(home) == NEW | {"mine/mine": "own"}


def left(home, *lines):
    made = home / ".out.new-0"
    made.mkdir()
    fill(made, made="half")
    first = {"run": 1, "since": "yesterday"}
    text = "".join(json.dumps(line) + "\n" for line in (first, {"made": str(made)}))
    (home / ".out.run").write_text(text + "".join(lines), encoding="utf-8")


@pytest.mark.parametrize("torn", ["", '{"moves": [["', '{"made": "'])
def test_what_a_killed_run_left_goes_and_only_that(home, torn):
    left(home, torn)
    (home / ".out.new-1").mkdir()  # somebody else's
    said = r"yesterday \(process 1\) was stopped before its end; all files are as before"
    with pytest.warns(InputWarning, match=said):
        write(home)
    assert content(home) == NEW
    assert sorted(path.name for path in home.iterdir()) == [".out.new-1", "book", "out"]


def test_somebody_elses_file_in_the_place_of_the_record(home):
    fill(home, **{".out.run": "my notes"})
    with pytest.raises(InputError, match=r"\.out\.run: .* is none; move it elsewhere"):
        write(home)
    assert content(home) == OLD | {".out.run": "my notes"}


def test_two_runs_into_one_folder(home):
    with swapping(home / "out") as swap:
        said = rf"out: another run is writing this folder \(process {os.getpid()}, since 2"
        for second in (write, lambda home: mend(home / "out")):
            with pytest.raises(InputError, match=said):
                second(home)
        fill(swap.folder, made="new")
    assert content(home) == {"out/made": "new", "book": "old"}


def test_all_is_on_the_disk_before_anything_moves(home, monkeypatch):
    flushed, sync, rename = [], os.fsync, os.rename

    def syncs(file):
        flushed.append(str(Path(f"/proc/self/fd/{file}").readlink()))
        return sync(file)

    def renames(*names):
        if not flushed[-1].endswith(str(home)):
            new = [name for name in flushed if ".new-" in name]
            assert len(new) == 4  # two files, their folder, and the file beside
            assert flushed[-1].endswith(".out.run")  # the journal last
        return rename(*names)

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc")
    monkeypatch.setattr(os, "fsync", syncs)
    monkeypatch.setattr(os, "rename", renames)
    write(home)
    assert flushed[-1] == str(home)  # and the names when all is in its place
