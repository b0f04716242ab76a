"""The types of the public names are those that a user's type checker needs."""

import re
import subprocess
import sys
from pathlib import Path

from tests import ROOT

USER = Path(__file__).with_name("user.py")


def mypy(path):
    """What mypy says of a file, strictly, and whether it is content."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return done.stdout, done.returncode == 0


def test_what_is_right_passes_and_what_is_wrong_is_refused():
    said, content = mypy(USER)
    assert content, said


def test_every_wrong_line_is_named(tmp_path):
    text = USER.read_text("utf-8")
    wrong = re.findall(r"^(.*?)  # type: ignore\[([\w-]+)\]$", text, re.MULTILINE)
    assert len(wrong) >= 8
    bare = tmp_path / "bare.py"
    bare.write_text(re.sub(r"  # type: ignore.*", "", text), encoding="utf-8")
    said, content = mypy(bare)
    assert not content
    assert re.findall(r"error: .*\[([\w-]+)\]$", said, re.MULTILINE) == [kind for _, kind in wrong]
