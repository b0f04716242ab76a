"""The repository as a whole: linted, typed, and every document that can be run is run."""

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import analysis
from tests import ROOT

README = ROOT / "README.md"
ARTICLES = {
    "a.txt": ("Green", "The climate is warming. Emissions must fall. We build wind farms."),
    "b.txt": ("Green", "Wind farms pay. Flood walls protect the towns. Schools matter too."),
    "c.txt": ("Red", "Schools come first. Emissions must fall as well. Roads need repair."),
    "d.txt": ("Red", "Flood walls are dear. We repair every road. Trains run late."),
}
TOPICS = """\
name = "Climate"
[topics.mitigation]
description = "Fewer emissions."
core = ["emission*", "wind farm*"]
[topics.adaptation]
description = "Living with a changed climate."
core = ["flood wall*"]
"""


@pytest.mark.parametrize(
    "command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]], ids=" ".join
)
def test_tools(command):
    tool = shutil.which(command[0], path=str(Path(sys.executable).parent))
    assert tool, f"{command[0]} is not installed beside {sys.executable}"
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_readme_runs(tmp_path, monkeypatch):
    folder = tmp_path / "speeches"
    folder.mkdir()
    for name, (_, text) in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    rows = [f"{name},{party}" for name, (party, _) in ARTICLES.items()]
    (folder / "articles.csv").write_text("\n".join(["file,party", *rows, ""]), encoding="utf-8")
    (tmp_path / "climate.toml").write_text(TOPICS, encoding="utf-8")
    blocks = list(
        re.finditer(r"^```python\n(.*?)^```", README.read_text("utf-8"), flags=re.M | re.S)
    )
    assert blocks, "README.md has no python block"
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for block in blocks:
        line = block.string.count("\n", 0, block.start(1))
        exec(compile("\n" * line + block[1], str(README), "exec"), names)


def test_the_reference_is_what_the_package_gives():
    made = runpy.run_path(str(ROOT / "docs/reference.py"))["reference"]()
    assert (ROOT / "docs/reference.md").read_text("utf-8") == made, "run python docs/reference.py"
    assert [name for name in analysis.__all__ if f"| `{name}` |" not in made] == []


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


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


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
