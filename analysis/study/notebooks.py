"""Executing notebooks so that the same notebook and data give the same file, byte for byte.

A notebook is run top to bottom in a fresh kernel. What would change from run to run is left out:
timings, versions and kernel ids in the metadata, where the package lies, and widgets,
which have ids from nowhere and are dead without a kernel: what stands for them stays. Cells keep
the ids they have.
"""

from __future__ import annotations

import re
from pathlib import Path

from analysis.errors import InputError

_WIDGET = "application/vnd.jupyter.widget-view+json"
# A warning as Python shows it, with the place and the line of the code that gave it.
_WARNING = re.compile(r"^.*?:\d+: InputWarning: (.*)\n(?:  .*\n)?", re.MULTILINE)


def execute(path: Path) -> str:
    """Return a notebook, executed in its own folder, as the text of its file.

    Parameters
    ----------
    path : pathlib.Path
        A notebook; it is not changed.

    Raises
    ------
    InputError
        If it is not a notebook, or the packages to run notebooks are missing.
    RuntimeError
        If a cell fails; the message names the notebook and the cell and ends with the error.
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
    try:
        client.execute()
    except (CellExecutionError, DeadKernelError) as error:
        raise RuntimeError(f"{path}: {str(error).strip()}") from None
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(_WIDGET, None)
            if output.get("name") == "stderr":
                output.text = _WARNING.sub(r"warning: \1\n", output.text)
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"
