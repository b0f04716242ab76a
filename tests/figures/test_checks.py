"""What holds of every figure: the contract, and one palette for a study."""

import gc
import inspect
from functools import partial

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure

import analysis as an
from analysis.figures import canvas
from analysis.figures.checks import check_figure
from analysis.figures.slides import QUIET
from tests.figures.test_curves import CURVE
from tests.figures.test_figures import CONTRASTS, COUNTS, RESULT, TREND
from tests.figures.test_maps import MAP, PAIRS, SHIFTS

POSITIONS = pd.DataFrame(
    [
        (doc_id, party, topic, position, 2, topic == "wind" and position == place)
        for doc_id, party, place in (("a", "Green", 1), ("b", "Red", 2))
        for topic in ("sun", "wind")
        for position in (1, 2)
    ],
    columns=["doc_id", "party", "topic", "position", "sentences", "coded"],
)
in_parties = partial(an.plot_positions, by="party")
# Every plot function, its data, and the column that it draws.
FIGURES = {
    "plot_emphasis": (an.plot_emphasis, RESULT, "estimate"),
    "plot_heatmap": (an.plot_heatmap, RESULT, "estimate"),
    "plot_positions": (in_parties, POSITIONS, "position"),
    "plot_contrasts": (an.plot_contrasts, CONTRASTS, "estimate"),
    "plot_slide": (partial(an.plot_slide, title="Red leads.", topic="sun"), RESULT, "estimate"),
    "plot_trend": (an.plot_trend, TREND, "estimate"),
    "plot_keyness": (an.plot_keyness, an.keyness(COUNTS), "statistic"),
    "plot_word_shift": (an.plot_word_shift, SHIFTS["jensen_shannon"], "estimate"),
    "plot_similarity": (an.plot_similarity, PAIRS, "estimate"),
    "plot_correspondence": (an.plot_correspondence, MAP, "principal"),
    "plot_specifications": (an.plot_specifications, CURVE, "relative"),
}


def test_no_figure_is_left_out():
    assert set(FIGURES) == {name for name in an.__all__ if name.startswith("plot_")}


@pytest.mark.parametrize(("plot", "data", "value"), FIGURES.values(), ids=FIGURES)
def test_the_contract(plot, data, value):
    check_figure(plot, data, value=value)


ELSEWHERE = Figure().add_subplot()


def broken(fault):
    """A plot with one fault."""

    def plot(result, ax=None):
        if fault == "a second figure":
            Figure()
        if fault == "the style":
            mpl.rcParams["axes.titlesize"] = 7
        if fault == "its data":
            result.estimates["estimate"] = 0.5
        if fault == "the Axes that it was given":
            ax = ELSEWHERE
        shown = result.to_frame()
        alt = "" if fault == "no alt text" else "One dot."
        with canvas.draw_on(ax, (2, 2), shown, alt) as ax:
            places = shown["estimate"].to_numpy()
            if fault == "not the column 'estimate'":
                places = places**2
            ax.plot(places, range(len(places)), "o")
            if fault == "its files differ":
                ax.set_xlabel(
                    str(sum(isinstance(thing, mpl.axes.Axes) for thing in gc.get_objects()))
                )
        return ax

    return plot


@pytest.mark.parametrize(
    "fault",
    [
        *("a second figure", "the style", "its data", "the Axes that it was given"),
        *("no alt text", "not the column 'estimate'", "its files differ"),
    ],
)
def test_the_check_sees_each_fault(fault):
    table = pd.DataFrame({"estimate": [0.1, 0.2, 0.4]})
    check_figure(broken("none"), an.Result(table.copy(), ()))
    with pytest.raises(AssertionError, match=fault):
        check_figure(broken(fault), an.Result(table.copy(), ()))


def test_a_backend_of_ones_own_survives():
    with mpl.rc_context():
        mpl.rcParams["backend"] = "svg"
        an.plot_emphasis(RESULT)
        assert mpl.rcParams["backend"] == "svg"


def colours(name, groups):
    """The colour of each group, and its marker where there is one, as the figure shows them."""
    plot, data, _ = FIGURES[name]
    if name == "plot_slide":  # one group has its colour, the others are grey
        told = {group: plot(data, groups=groups, highlight=group) for group in ("Green", "Red")}
        bars = {group: [bar.get_facecolor() for bar in ax.patches] for group, ax in told.items()}
        hexes = {group: {mpl.colors.to_hex(bar).upper() for bar in own}
                 for group, own in bars.items()}  # fmt: skip
        return {group: tuple(own - {QUIET.upper()}) for group, own in hexes.items()}
    ax = plot(data, groups=groups)
    rows = dict(
        zip(ax.get_yticks().round(6), (t.get_text() for t in ax.get_yticklabels()), strict=True)
    )
    dots = [line for line in ax.lines if line.get_marker() not in ("None", "|", ".")]
    if name == "plot_emphasis":
        return {rows[round(d.get_ydata()[0], 6)]: (d.get_color(), d.get_marker()) for d in dots}
    if name == "plot_keyness":
        of = {"wind": "Green", "coal": "Red"}
        return {of[rows[round(d.get_ydata()[0], 6)]]: (d.get_color(), d.get_marker()) for d in dots}
    if name == "plot_trend":
        return {d.get_label().split(":")[0]: (d.get_color(), d.get_marker()) for d in dots}
    if name == "plot_correspondence":
        places = {tuple(d.get_xydata()[0]): (d.get_color(), d.get_marker()) for d in dots}
        bold = [text for text in ax.texts if text.get_weight() == "bold"]
        return {text.get_text(): places[text.xy] for text in bold}
    if name == "plot_specifications":
        one, two = (d.get_color() for d in dots[:2])
        return {CURVE.provenance["target"]: (one,), CURVE.provenance["reference"]: (two,)}
    bars = [(mpl.colors.to_hex(bar.get_facecolor()).upper(), bar) for bar in ax.patches]
    if name == "plot_positions":
        middle = sum(rows) / len(rows)
        upper, lower = ("Red", "Green") if groups and groups[0] == "Red" else ("Green", "Red")
        coded = [(color, bar.get_y() > middle) for color, bar in bars if color != "#ECECEC"]
        return {upper if above else lower: (color,) for color, above in coded}
    table = data.to_frame().set_index("feature")["higher_in"]
    return {table[rows[round(b.get_y() + b.get_height() / 2, 6)]]: (c,) for c, b in bars}


TAKE_GROUPS = [
    name for name in FIGURES if "groups" in inspect.signature(getattr(an, name)).parameters
]


@pytest.mark.parametrize("name", TAKE_GROUPS)
@pytest.mark.parametrize("order", [1, -1])
def test_a_study_has_one_palette(name, order):
    # As a column of articles is: in any order, with each name many times.
    letters = name in ("plot_correspondence", "plot_word_shift")
    study = (["A", "B", "B", "C", "A"] if letters else ["Blue", "Green", "Green", "Red"])[::order]
    expected = dict(zip(dict.fromkeys(study), canvas.GROUP_STYLES, strict=False))
    shown = colours(name, study)
    assert len(shown) >= 2
    for group, look in shown.items() - {("", (canvas.NO_GROUP,))}:  # a word used alike in both
        assert look == expected[group][: len(look)]


@pytest.mark.parametrize("name", TAKE_GROUPS)
def test_without_a_list_the_order_is_that_of_the_names_in_the_result(name):
    names = {
        "plot_emphasis": ["Blue", "Green", "Red"],
        "plot_slide": ["Blue", "Green", "Red"],
        "plot_correspondence": ["A", "B", "C"],
        "plot_word_shift": ["A", "B"],
    }.get(name, ["Green", "Red"])
    assert colours(name, None) == colours(name, names)


@pytest.mark.parametrize("name", TAKE_GROUPS)
def test_a_group_that_the_study_does_not_have_is_refused(name):
    plot, data, _ = FIGURES[name]
    with pytest.raises(an.InputError, match=r"groups= has no '.*name all groups of the study"):
        plot(data, groups=["Blue", "Brown"])


def test_forty_groups_look_different():
    names = [f"g{number:02d}" for number in range(canvas.MOST_GROUPS)]
    styles = canvas.styles_of(None, names)
    assert len(set(styles.values())) == len(names)


@pytest.mark.parametrize(("plot", "data", "value"), FIGURES.values(), ids=FIGURES)
def test_nothing_is_not_drawn(plot, data, value):
    empty = (
        an.Result(data.estimates[:0], data.keys, data.provenance)
        if isinstance(data, an.Result)
        else data[:0]
    )
    with pytest.raises(an.InputError, match="there is nothing to draw"):
        plot(empty)
