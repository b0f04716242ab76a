"""JupyterLab, opened at the notebooks of a study."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from analysis.errors import InputError
from analysis.study.settings import Settings

CONFIG = Path(__file__).parent / "jupyter"  # says that there is no news box


def lab_command(settings: Settings) -> tuple[list[str], dict[str, str]]:
    """Return the command that opens JupyterLab in a study's folder, and its environment."""
    if find_spec("jupyterlab") is None:
        raise InputError(
            "the notebooks cannot be opened: the package 'jupyterlab' is missing",
            do="install topic-emphasis[notebooks]",
        )
    home = settings.home.resolve()
    folder = settings.notebooks or home / "notebooks"
    found = sorted(folder.glob("*.ipynb"))
    page = found[0] if len(found) == 1 else folder
    inside = page.exists() and page.resolve().is_relative_to(home)
    place = f"/tree/{quote(page.resolve().relative_to(home).as_posix())}" if inside else ""
    config = filter(None, [str(CONFIG), os.environ.get("JUPYTER_CONFIG_PATH")])
    command = [sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={home}"]
    command.append(f"--LabApp.default_url=/lab{place}")
    return command, {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(config)}
