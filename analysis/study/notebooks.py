"""Executing notebooks so that the same notebook and data give the same file, byte for byte.

A notebook is run top to bottom in a fresh kernel. What would change from run to run is left out:
timings, versions and kernel ids in the metadata, where the package lies, and widgets,
which have ids from nowhere and are dead without a kernel: what stands for them stays. Cells keep
the ids they have.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from analysis.errors import InputError, warn
from analysis.io.swap import Swap
from analysis.study.record import code_of, of_notebook, part_of, read_record
from analysis.study.settings import MIRROR

_WIDGET = "application/vnd.jupyter.widget-view+json"
# A warning as Python shows it, with the place and the line of the code that gave it.
_WARNING = re.compile(r"^.*?:\d+: InputWarning: (.*)\n(?:  .*\n)?", re.MULTILINE)


def execute_all(folder: Path, swap: Swap, progress: Callable[[str], None]) -> dict[str, Any]:
    """Execute the notebooks of a folder, to take their places with what a run writes.

    Returns their fingerprints. A notebook that names the output folder finds the new one there.
    """
    recorded = {}
    read = {path: path.read_bytes() for path in sorted(folder.resolve().glob("*.ipynb"))}
    codes = {path: _code(raw) for path, raw in read.items()}
    looking = {path for path, code in codes.items() if swap.target.name in code or "folder" in code}
    mirror = _mirror(swap, folder.resolve()) if looking else None
    for path in read:
        progress(f"executing {path.name}")
        if re.search(rf"(?<![\w.]){re.escape(str(swap.target))}(?!\w)", codes[path]):
            say = f"by its whole path, it sees {swap.target} as the run before left it"
            warn(f"{path}: {say}; name it from the notebook's own folder, as in ../figures")
        text = execute(path, mirror if path in looking else None)
        recorded[path.name] = of_notebook(text)
        # Not by way of a file beside it: of such a one the record of the run would not know.
        swap.beside(path.resolve()).write_bytes(text.encode("utf-8", "backslashreplace"))
    if mirror is not None:
        mirror.bring_back()
    for path, raw in read.items():
        if path.read_bytes() != raw:
            problem = "it was saved while it was executed"
            raise InputError(problem, file=path, do="close it, then run again")
    return recorded


def _code(raw: bytes) -> str:
    """The code of a notebook: it may name the output folder, or ask the settings for it."""
    try:
        return "\n".join(code_of(json.loads(raw)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""  # `execute` says that it is no notebook


def _mirror(swap: Swap, folder: Path) -> Mirror | None:
    try:
        return Mirror(swap, folder)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EINVAL, errno.ENOTSUP):
            raise
        # Windows allows links to some users only, and some disks have none.
        warn(f"{swap.target}: no links can be made here; notebooks see the files of the run before")
        return None


def execute(path: Path, mirror: Mirror | None = None) -> str:
    """Return a notebook, executed in its own folder, as the text of its file.

    Parameters
    ----------
    path : pathlib.Path
        A notebook; it is not changed.
    mirror : Mirror, optional
        Where the output folder is the new one.

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
        resources={"metadata": {"path": str(mirror.at(path.parent) if mirror else path.parent)}},
    )
    try:
        client.execute(env={**os.environ, MIRROR: str(mirror.root) if mirror else ""})
    except AssertionError:  # at SIGTERM nbclient ends its kernel, and is then surprised
        raise KeyboardInterrupt from None
    except (CellExecutionError, DeadKernelError) as error:
        said = _real(str(error).strip(), mirror)
        raise RuntimeError(f"{path}: {said}") from None
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
    return _real(f"{nbformat.writes(notebook)}\n", mirror)


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


def _real(text: str, mirror: Mirror | None) -> str:
    return text if mirror is None else text.replace(str(mirror.root), "")


class Mirror:
    """The file system in links, but with the new output folder in the place of the old one.

    So notebooks read ``../figures`` as it will be, while everybody else still finds the old one.
    The folders that lead to the notebooks and to the output folder are folders of their own; what
    notebooks make in them belongs to the real ones.
    """

    def __init__(self, swap: Swap, notebooks: Path) -> None:
        self._swap, self.root = swap, swap.aside()
        self._own = {swap.target, notebooks, *swap.target.parents, *notebooks.parents}
        for folder in sorted(self._own):
            here = self.at(folder)
            here.mkdir(exist_ok=True)
            if folder == swap.target:
                outdated = part_of(read_record(folder), "outputs")
                self._link(swap.folder.iterdir(), here)
                self._link((path for path in _in(folder) if path.name not in outdated), here)
            else:
                self._link(_in(folder), here)

    def at(self, path: Path) -> Path:
        return self.root / path.relative_to(path.anchor)

    def _link(self, paths: Iterable[Path], here: Path) -> None:
        for path in paths:
            hidden = path.name.startswith(f".{self._swap.target.name}.")  # what the run makes
            if not hidden and path not in self._own and not os.path.lexists(here / path.name):
                (here / path.name).symlink_to(path)

    def bring_back(self) -> None:
        """Give what notebooks made its real place, together with all that the run makes."""
        for folder in sorted(self._own):
            for made in sorted(self.at(folder).iterdir()):
                place = folder / made.name
                if made.is_symlink() or place in self._own:
                    continue
                inside = folder == self._swap.target
                goal = self._swap.folder / made.name if inside else self._swap.beside(place)
                shutil.move(made, goal)


def _in(folder: Path) -> Iterable[Path]:
    return folder.iterdir() if folder.is_dir() and os.access(folder, os.R_OK) else ()
