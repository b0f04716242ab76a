"""Studies as wholes. Drawing is more than half of a run, and few of these tests are about it."""

from contextlib import nullcontext
from unittest.mock import patch

from analysis import alt_text
from analysis.figures import files

DRAWING = {name: getattr(files, name) for name in ("_render", "_laid_out")}


def without_drawing():
    """A context in which the files of a figure have what it says; the plots are still made."""
    return patch.multiple(
        files,
        _render=lambda ax, kind, **_: alt_text(ax).encode(),
        _laid_out=lambda ax: nullcontext(),
    )
