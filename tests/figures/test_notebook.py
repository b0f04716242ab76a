"""A plot as the last line of a notebook cell."""

import re

import nbformat
import pytest
from matplotlib.figure import Figure
from nbclient import NotebookClient

import analysis as an
from tests.figures.test_figures import RESULT, TALLY

SET_UP = f"""
import pandas as pd
import analysis as an
emphasis = an.emphasis(pd.DataFrame({TALLY.to_dict("list")!r}))
"""
CELLS = {
    "alone": "an.plot_emphasis(emphasis)",
    "inline": "%matplotlib inline\nimport matplotlib.pyplot as plt\nan.plot_heatmap(emphasis)",
    "shown": "ax = an.plot_emphasis(emphasis)\nax.set_title('Mine')\nax",
    "own": "figure, ax = plt.subplots()\nan.plot_emphasis(emphasis, ax=ax);",
}


@pytest.fixture(scope="module")
def outputs():
    cells = [nbformat.v4.new_code_cell(source) for source in (SET_UP, *CELLS.values())]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells[1:]), strict=True))


@pytest.mark.parametrize("name", ["alone", "inline", "shown"])
def test_a_cell_shows_one_picture_with_its_alt_text(outputs, name):
    (output,) = outputs[name]
    assert set(output.data) == {"text/html", "text/plain"}
    (alt,) = re.findall(
        r'<img src="data:image/png;base64,[^"]+" alt="([^"]*)"', output.data["text/html"]
    )
    assert alt == output.data["text/plain"]
    assert alt.startswith(("Dots with 95 % intervals.", "Heat map, darker is more."))


def test_the_axes_of_the_user_is_shown_once_as_it_always_was(outputs):
    assert [sorted(output.data) for output in outputs["own"]] == [["image/png", "text/plain"]]


def test_looking_changes_nothing(tmp_path):
    looked, other = an.plot_emphasis(RESULT), an.plot_emphasis(RESULT)
    assert looked._repr_mimebundle_() == looked._repr_mimebundle_() == other._repr_mimebundle_()
    for name, ax in (("looked", looked), ("other", an.plot_emphasis(RESULT))):
        an.save_figure(ax, tmp_path / name)
    for kind in ("svg", "png", "csv"):
        assert (tmp_path / f"looked.{kind}").read_bytes() == (
            tmp_path / f"other.{kind}"
        ).read_bytes()
    an.save_figure(other, tmp_path / "shown_then_saved")
    assert other._repr_mimebundle_() == looked._repr_mimebundle_()
    assert other.figure.get_layout_engine() is not None


def test_a_given_axes_is_returned_as_it_is():
    ax = Figure().add_subplot()
    assert not hasattr(an.plot_emphasis(RESULT, ax=ax), "_repr_mimebundle_")
