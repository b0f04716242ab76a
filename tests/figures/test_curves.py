"""The specification curve by its artists."""

import numpy as np
import pytest

import analysis as an
from analysis.estimates.specifications import FORKS
from analysis.figures.canvas import GROUP_STYLES
from analysis.report.curves import leading_curve
from analysis.report.page import report_html
from tests import ROOT
from tests.estimates.test_stability import WAYS, ways

CURVE = an.specification_curve(
    WAYS, "wind", target="Green", reference="Red"
)  # -0.5, 0, 0.5, and one silent


def drawn(ax, marker):
    return [line for line in ax.lines if line.get_marker() == marker and len(line.get_xdata())]


def tick_labels(ax):
    return dict(
        zip(ax.get_yticks(), (label.get_text() for label in ax.get_yticklabels()), strict=True)
    )


def test_a_dot_a_specification_smallest_first():
    ax = an.plot_specifications(CURVE, groups=["Blue", "Green", "Red"])
    *dots, ring = drawn(ax, "o")
    points = sorted((x, y) for line in dots for x, y in line.get_xydata().tolist())
    assert [x for x, _ in points] == [1, 2, 3]
    low, middle, high = (y for _, y in points)
    assert high - middle == middle - low > 0
    assert ring.get_xydata().tolist() == [[3, high]]
    assert ring.get_markerfacecolor() == "none"
    colors = {line.get_color(): line.get_xdata().tolist() for line in dots}
    assert colors == {GROUP_STYLES[1][0]: [3], GROUP_STYLES[2][0]: [1], "#888888": [2]}


def test_heights_have_names():
    ax = an.plot_specifications(CURVE)
    heights = {name: y for y, name in tick_labels(ax).items()}
    middle = heights["equal"]
    one = heights["only Green"] - middle
    assert heights["only Red"] - middle == -one
    assert (heights["Green 3 times as much"] - middle) / one == pytest.approx(0.5)
    assert (heights["Red 2 times as much"] - middle) / one == pytest.approx(-1 / 3)
    dots = [y for line in drawn(ax, "o") for y in line.get_ydata()]
    assert heights["equal"] in dots
    assert heights["Green 3 times as much"] in dots


def test_below_stands_which_branch_each_takes():
    ax = an.plot_specifications(CURVE)
    names = tick_labels(ax)
    rows = {names[line.get_ydata()[0]]: line.get_xdata().tolist() for line in drawn(ax, "|")}
    # Forks with one branch only are none.
    assert rows == {
        "measure: word share": [1],
        "measure: sentence share": [2, 3],
        "tier: core": [1, 3],
        "tier: broad": [2],
    }
    assert max(line.get_ydata()[0] for line in drawn(ax, "|")) < min(
        y for line in drawn(ax, "o") for y in line.get_ydata()
    )


def test_a_side_that_no_specification_reaches_is_left_out():
    ax = an.plot_specifications(
        an.specification_curve(
            ways(Green=[2] * 4, Red=[1] * 4), "wind", target="Green", reference="Red"
        )
    )
    names = set(tick_labels(ax).values())
    assert "only Green" in names
    assert "only Red" not in names


def test_title_axis_and_alt_text():
    ax = an.plot_specifications(CURVE)
    assert ax.get_title(loc="left") == "Wind: Green against Red, whichever way one counts"
    counted = "3 specifications (in 1 more, neither has a match)"
    assert ax.get_xlabel() == f"{counted}, sorted; the ring is the default"
    assert an.alt_text(ax) == (
        f"Specification curve of wind. In {counted}, Green has more in 1, Red in 1, and they are "
        "equal in 1."
    )


def test_nothing_to_draw_is_an_empty_curve():
    nothing = an.specification_curve(
        ways(Green=[0] * 4, Red=[0] * 4), "wind", target="Green", reference="Red"
    )
    ax = an.plot_specifications(nothing)
    assert drawn(ax, "o") == []
    assert ax.get_xlabel().startswith("0 specifications (in 4 more")


def test_what_is_saved_is_what_is_drawn(tmp_path):
    an.save_figure(an.plot_specifications(CURVE), tmp_path / "curve")
    header, *lines = (tmp_path / "curve.csv").read_text("utf-8").splitlines()
    assert header.split(",")[:6] == list(FORKS)
    assert len(lines) == 3
    assert "<title>Specification curve of wind" in (tmp_path / "curve.svg").read_text("utf-8")


def test_it_draws_where_it_is_told():
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    assert an.plot_specifications(CURVE, ax=ax) is ax
    assert np.isfinite(ax.get_ylim()).all()


def test_the_figure_counts_the_ways_that_the_findings_count():
    study = an.read_study(ROOT / "study.toml")
    curve = leading_curve(study.emphasis(), study.specifications)
    found = study.findings()
    (leader,) = (
        values["leader"]
        for values in found.loc[found["kind"] == "story", "values"]
        if values["topic"] == curve.provenance["topic"]
    )
    ways = curve.provenance["ways"]
    assert ways == leader["ways"] < len(curve.to_frame())
    label = an.plot_specifications(curve).get_xlabel()
    assert f"{len(curve.to_frame())} specifications, {ways} of them different, sorted" in label
    assert f"{ways} of them different" in report_html(study)
