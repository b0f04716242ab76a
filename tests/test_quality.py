"""The repository as a whole: linted, typed, and every document that can be run is run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import analysis
from tests import ROOT


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["typos"]],
    ids=" ".join,
)
def test_tools(command):
    tool = shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert tool, f"{command[0]} is not installed beside {sys.executable}"
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_type_checker_names_every_wrong_line(tmp_path):
    """That the right lines are right, mypy has said above; it remembers what it read there."""
    text = (ROOT / "tests/typing/user.py").read_text("utf-8")
    wrong = re.findall(r"^(.*?)  # type: ignore\[([\w-]+)\]$", text, re.MULTILINE)
    assert len(wrong) >= 8
    bare = tmp_path / "bare.py"
    bare.write_text(re.sub(r"  # type: ignore.*", "", text), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", str(bare)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    found = re.findall(r"error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)
    assert found == [kind for _, kind in wrong]


def test_public_names_are_there():
    assert set(analysis.__all__) <= set(dir(analysis))
    for name in analysis.__all__:
        assert getattr(analysis, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        analysis.nonsense  # noqa: B018


def test_the_lock_names_no_address():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock


def test_no_module_is_longer_than_a_reader_can_hold():
    modules = (ROOT / "analysis").rglob("*.py")
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules}
    assert {path.name: lines for path, lines in lengths.items() if lines > 300} == {}


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_every_file_ends_with_one_newline():
    given = {"seeds", "figures", "reference", "found"}  # as it was given, or as a run writes it
    texts = [path for path in tracked() if not given & {*path.parts} and path.suffix != ".png"]
    ends = {path: path.read_bytes()[-2:] for path in texts if path.is_file()}
    assert [path for path, end in ends.items() if end[-1:] not in (b"", b"\n")] == []
    assert [path for path, end in ends.items() if end == b"\n\n"] == []


def test_the_hooks_before_a_commit_need_no_network():
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert re.findall(r"- repo: (.*)", text) == ["local"]
    for tool in re.findall(r"entry: \.venv/bin/(\w+)", text):
        assert shutil.which(tool, path=str(Path(sys.executable).parent)), tool


def test_no_tracked_file_names_a_home():
    homes = re.compile(rb"(?<![\w.])/(?:ro" + rb"ot|wo" + rb"rk|ho" + rb"me/\w+)/")
    files = [path for path in tracked() if path.is_file()]
    assert files
    named = [
        f"{path.relative_to(ROOT)}: {found[0].decode()}"
        for path in files
        if path.suffix != ".png" and (found := homes.search(path.read_bytes()))
    ]
    assert named == []
