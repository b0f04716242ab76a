"""Executing notebooks so that the same notebook and data give the same file, byte for byte.

A notebook is run top to bottom in a fresh kernel. What would change from run to run is left out:
timings, versions and kernel ids in the metadata, where the package lies, and widgets,
which have ids from nowhere and are dead without a kernel: what stands for them stays. Cells keep
the ids they have.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analysis.errors import InputError, warn
from analysis.io.swap import Swap
from analysis.study.record import code_of, of_notebook
from analysis.study.settings import OUTPUT

_WIDGET = "application/vnd.jupyter.widget-view+json"
# A warning as Python shows it, with the place and the line of the code that gave it.
_WARNING = re.compile(r"^.*?:\d+: InputWarning: (.*)\n(?:  .*\n)?", re.MULTILINE)


def execute_all(folder: Path, swap: Swap, progress: Callable[[str], None]) -> dict[str, Any]:
    """Execute the notebooks of a folder, to take their places with what a run writes.

    Returns their fingerprints. A notebook that asks the settings for the output folder gets the
    new one; one that names the folder itself sees the old one, and a warning says so.
    """
    recorded = {}
    read = {path: path.read_bytes() for path in sorted(folder.resolve().glob("*.ipynb"))}
    for path in read:
        progress(f"executing {path.name}")
        text = execute(path, swap)
        recorded[path.name] = of_notebook(text)
        # Not by way of a file beside it: of such a one the record of the run would not know.
        swap.beside(path.resolve()).write_bytes(text.encode("utf-8", "backslashreplace"))
    for path, raw in read.items():
        if path.read_bytes() != raw:
            problem = "it was saved while it was executed"
            raise InputError(problem, file=path, do="close it, then run again")
    return recorded


def execute(path: Path, swap: Swap | None = None) -> str:
    """Return a notebook, executed in its own folder, as the text of its file; it is not changed.

    In a run at work, `swap`, the settings name the new folder. A cell that fails is a RuntimeError,
    whose message names the notebook and the cell and ends with the error.
    """
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, DeadKernelError
        from traitlets.config import Config
    except ModuleNotFoundError as error:
        raise InputError(
            f"notebooks cannot be executed: the package {error.name!r} is missing",
            do="install topic-emphasis[notebooks], or run with --no-notebooks",
        ) from None
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)  # which reading only logs
    except (ValueError, AttributeError, KeyError, TypeError, nbformat.ValidationError) as error:
        raise InputError(
            f"this is not a notebook ({error})", file=path, do="restore it, or write it anew"
        ) from None
    if swap is not None:
        _warn_of_old("\n".join(code_of(notebook)), path, swap.target)
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    config = Config()
    # Else ipykernel warns, into the notebook, of an unencrypted connection.
    config.KernelManager.transport_encryption = "auto"
    client = NotebookClient(
        notebook,
        config=config,
        kernel_name="python3",
        timeout=600,
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    new, place = (str(swap.folder), str(swap.target)) if swap else ("", "")
    try:
        client.execute(env={**os.environ, OUTPUT: f"{place}\n{new}"})
    except AssertionError:  # at SIGTERM nbclient ends its kernel, and is then surprised
        raise KeyboardInterrupt from None
    except (CellExecutionError, DeadKernelError) as error:
        said = f"{path}: {str(error).strip()}"
        raise RuntimeError(said.replace(new, place) if new else said) from None
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(_WIDGET, None)
            if output.get("name") == "stderr":
                output.text = _WARNING.sub(r"warning: \1\n", output.text)
    nbformat.validate(notebook)
    text = f"{nbformat.writes(notebook)}\n"
    return text.replace(new, place) if new else text


def _warn_of_old(code: str, path: Path, target: Path) -> None:
    """Warn of a notebook that names the output folder: until all is made, that is the old one."""
    names = "|".join(map(re.escape, (str(target), os.path.relpath(target, path.parent))))
    if re.search(rf"(?<![\w./])({names})(?!\w)", code):
        say = f"it names {target} and sees what the run before left there"
        warn(f"{path}: {say}; take the folder from read_study(...).settings.folder")


def _joined(outputs: list[Any]) -> list[Any]:
    """The outputs of a cell; what was printed in one go is one, however many parts it came in."""
    joined: list[Any] = []
    for output in outputs:
        last = joined[-1] if joined else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] += output["text"]
        else:
            joined.append(output)
    return joined
