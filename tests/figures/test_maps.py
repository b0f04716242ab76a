"""Drawings of whole profiles by their artists."""

import hashlib
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import analysis as an
from analysis.figures.canvas import GROUP_STYLES, MOST_GROUPS, NO_GROUP, relative_luminance
from analysis.figures.maps import REASONS

COUNTS = pd.DataFrame(
    [
        *[(party, f"{party}{n}", "wind", wind, 1) for party, own in (("A", (4, 3, 5, 2, 3)),
          ("B", (1, 2, 1, 1, 3)), ("C", (2,))) for n, wind in enumerate(own)],
        *[(party, f"{party}{n}", "sun", sun, 1) for party, own in (("A", (1, 0, 1, 0, 1)),
          ("B", (5, 4, 2, 3, 4)), ("C", (1,))) for n, sun in enumerate(own)],
        ("A", "A0", "coal", 2, 1), ("A", "A1", "gas", 2, 1), ("C", "C0", "jobs", 3, 1),
        ("D", "D0", "sun", 0, 1),
    ],
    columns=["party", "doc_id", "feature", "count", "articles"],
)  # fmt: skip
PAIRS = an.similarity(COUNTS, "party")
WORDS = COUNTS.drop(columns="doc_id").groupby(["party", "feature"], as_index=False).sum()
MAP = an.correspondence(WORDS)
SHIFTS = {name: an.word_shift(WORDS, "A", reference="B", measure=name) for name in
          ("jensen_shannon", "entropy", "proportion")}  # fmt: skip
PLOTS = {
    "similarity": lambda ax=None: an.plot_similarity(PAIRS, ax=ax),
    "correspondence": lambda ax=None: an.plot_correspondence(MAP, ax=ax),
    "shift": lambda ax=None: an.plot_word_shift(SHIFTS["jensen_shannon"], ax=ax),
}
every_plot = pytest.mark.parametrize("name", PLOTS)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def dots(ax):
    drawn = (line.get_xydata()[0].tolist() for line in ax.lines if len(line.get_xdata()) == 1)
    return sorted(drawn)


def test_similarity_writes_values_and_intervals_or_why_there_is_none():
    ax = an.plot_similarity(PAIRS)
    table = PAIRS.to_frame().set_index(["group", "other"])
    row = table.loc[("A", "B")]
    assert row["status"] == "estimated"
    interval = f"{row['conf_low']:.2f} to {row['conf_high']:.2f}"
    written = dict(zip(table.index, texts(ax), strict=True))
    assert written[("A", "B")] == f"{row['estimate']:.2f}\n{interval}"
    assert written[("A", "C")] == f"{table.loc[('A', 'C'), 'estimate']:.2f}\none article"
    assert written[("C", "D")] == "no count"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["A", "B", "C"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["B", "C", "D"]
    values = np.ma.masked_invalid(ax.collections[0].get_array()).reshape(3, 3)
    assert values.mask.tolist() == [[False, True, True], [False, False, True], [True] * 3]
    assert values[0, 0] == row["estimate"]
    places = {pair: text.get_position() for pair, text in zip(table.index, ax.texts, strict=True)}
    assert places[("A", "B")] == (0.5, 0.5)
    assert places[("A", "C")] == (0.5, 1.5)
    assert "95 % intervals" in ax.get_title(loc="left")


def test_every_warning_has_its_words():
    apart = COUNTS[COUNTS["party"].isin(["A", "B"])].copy()
    apart["feature"] = apart["party"]
    row = an.similarity(apart, "party")
    assert row.to_frame()["warnings"].item() == "resampling_fails"
    alike = row.to_frame()["if_alike"].item()
    assert texts(an.plot_similarity(row)) == [f"1.00\nif alike {alike:.2f}"]
    known = {"no_count", "articles_unknown", "one_article", "few_articles", "resampling_fails"}
    assert set(REASONS) == known


def test_correspondence_stands_at_principal_coordinates():
    ax = an.plot_correspondence(MAP)
    places = MAP.to_frame().pivot(index=["kind", "name"], columns="dimension", values="principal")
    wanted = places.dropna().drop(("feature", "gas")).to_numpy().tolist()
    assert np.array(dots(ax)) == pytest.approx(np.array(sorted(wanted)), abs=1e-9)
    # "coal" and "gas" have the same shares in every group: one point, one label.
    assert sorted(texts(ax)) == ["A", "B", "C", "coal\ngas", "jobs", "sun", "wind"]
    share = MAP.to_frame().drop_duplicates("dimension")["inertia_share"]
    first, second = (f"{100 * value:.0f} % of inertia" for value in share)
    assert ax.get_xlabel() == f"dimension 1: {first}"
    assert ax.get_ylabel() == f"dimension 2: {second}"
    assert ax.get_aspect() == 1


def test_labels_of_the_map_do_not_overlap():
    rng = np.random.default_rng(0)
    rows = [
        (party, f"word{n}", int(count), 1)
        for party in "ABCDE"
        for n, count in enumerate(rng.poisson(3, 40))
    ]
    ax = an.plot_correspondence(an.correspondence(pd.DataFrame(rows, columns=WORDS.columns)))
    ax.figure.draw_without_rendering()
    assert len(ax.texts) == 5 + 20
    boxes = [Text.get_window_extent(text) for text in ax.texts]
    for one, other in combinations(boxes, 2):
        assert not one.padded(-1).overlaps(other.padded(-1))
    inside = ax.get_window_extent()
    for box in boxes:
        assert inside.padded(1).containsx(box.x0)
        assert inside.padded(1).containsx(box.x1)


def test_values_can_be_read_on_their_colour():
    ax = an.plot_similarity(PAIRS)
    mesh = ax.collections[0]
    for text, value in zip(ax.texts, PAIRS.to_frame()["estimate"], strict=True):
        if np.isnan(value):
            continue
        behind = relative_luminance(mesh.to_rgba(np.array([value]))[0])
        letters = relative_luminance(mpl.colors.to_rgb(text.get_color()))
        light, dark = sorted([behind, letters], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2, AA


def test_a_group_keeps_the_colour_it_has_in_the_study():
    two = an.correspondence(WORDS[WORDS["party"].isin(["B", "C"])])
    ax = an.plot_correspondence(two, groups=["A", "B", "C"])
    colors = {line.get_color() for line in ax.lines} - {NO_GROUP}
    assert colors == {GROUP_STYLES[1][0], GROUP_STYLES[2][0]}


def test_most_keeps_what_carries_the_inertia():
    ax = an.plot_correspondence(MAP, most=1)
    table = MAP.to_frame().query("kind == 'feature'")
    weight = (table["contribution"] * table["inertia"]).groupby(table["name"]).sum()
    assert [text for text in texts(ax) if text not in "ABC"] == [weight.idxmax()]


def test_two_groups_stand_on_a_line():
    two = an.correspondence(WORDS[WORDS["party"].isin(["A", "B"])])
    ax = an.plot_correspondence(two, groups=["A", "B", "C"])
    assert sorted(label.get_text() for label in ax.get_yticklabels()) == sorted(
        two.to_frame()["name"]
    )
    points = two.to_frame().set_index("name")["principal"]
    for label, (x, _) in zip(
        ax.get_yticklabels(), sorted(dots(ax), key=lambda dot: -dot[1]), strict=True
    ):
        assert x == points[label.get_text()]
        bold = label.get_fontweight() == "bold"
        assert bold == (label.get_text() in "AB")
    assert ax.get_xlabel() == "dimension 1: 100 % of inertia"


@pytest.mark.parametrize("measure", SHIFTS)
def test_word_shift_has_bars_both_ways_and_the_whole_above(measure):
    result = SHIFTS[measure]
    table, ax = result.to_frame(), an.plot_word_shift(result, most=3, groups=["A", "B", "C"])
    drawn = table.head(3)
    factor = 100 if measure == "proportion" else 1
    turned = np.where((measure == "jensen_shannon") & (drawn["higher_in"] == "B"), -1, 1)
    assert [bar.get_width() for bar in ax.patches] == list(drawn["estimate"] * factor * turned)
    assert {np.sign(bar.get_width()) for bar in ax.patches} == {-1, 1}
    assert -ax.get_xlim()[0] == ax.get_xlim()[1] > max(abs(bar.get_width()) for bar in ax.patches)
    colors = {"A": GROUP_STYLES[0][0], "B": GROUP_STYLES[1][0]}
    for bar, name in zip(ax.patches, drawn["higher_in"], strict=True):
        assert mpl.colors.to_hex(bar.get_facecolor()).upper() == colors[name]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(drawn["feature"])
    *beside, whole = texts(ax)
    first = drawn.iloc[0]
    assert beside[0] == (
        f"{first['count_target']} : {first['count_reference']}, "
        f"articles {first['articles_target']} : {first['articles_reference']}"
    )
    assert f"all 5 words together: {first['difference'] * factor:.3g} " in whole
    assert ("more in B" in whole) == (measure == "jensen_shannon")


def test_the_rest_is_grey():
    ax = an.plot_word_shift(an.word_shift(WORDS, "A"))
    assert NO_GROUP in {mpl.colors.to_hex(bar.get_facecolor()) for bar in ax.patches}
    assert ax.get_title(loc="left") == "Words that set A apart from the rest"


def test_alt_text_says_what_is_drawn():
    assert "A and C 0." in an.alt_text(an.plot_similarity(PAIRS))
    assert "C and D no count." in an.alt_text(an.plot_similarity(PAIRS))
    alt = an.alt_text(an.plot_correspondence(MAP))
    assert "% of inertia" in alt
    assert "jobs (" in alt
    assert "wind (A)" in an.alt_text(an.plot_word_shift(SHIFTS["jensen_shannon"]))


@every_plot
def test_a_plot_draws_where_it_is_told_and_changes_no_style(name, tmp_path):
    with mpl.rc_context({"axes.titlesize": 33}):
        before = dict(mpl.rcParams)
        ax = Figure().add_subplot()
        assert PLOTS[name](ax) is ax
        assert dict(mpl.rcParams) == before
    assert isinstance(PLOTS[name](), Axes)
    digests = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        an.save_figure(PLOTS[name](), tmp_path / folder / "x")
        files = sorted((tmp_path / folder).iterdir())
        digests.append([hashlib.sha256(file.read_bytes()).hexdigest() for file in files])
    assert digests[0] == digests[1]
    assert len(digests[0]) == 3


@every_plot
def test_dollars_in_names_are_not_formulas(name, tmp_path):
    odd = {"A": "R$d $x^", "wind": "a$b_$"}
    words = WORDS.replace(odd)
    ax = {
        "similarity": lambda: an.plot_similarity(an.similarity(COUNTS.replace(odd), "party")),
        "correspondence": lambda: an.plot_correspondence(an.correspondence(words)),
        "shift": lambda: an.plot_word_shift(an.word_shift(words, "R$d $x^")),
    }[name]()
    an.save_figure(ax, tmp_path / "x")


def test_too_many_groups_are_refused():
    rows = [(f"g{n:02d}", word, n + 1, 1) for n in range(MOST_GROUPS + 1) for word in "ab"]
    table = pd.DataFrame(rows, columns=WORDS.columns)
    with pytest.raises(an.InputError, match=r"^41 groups are too many for one figure"):
        an.plot_similarity(an.similarity(table, "party"))
    table.loc[0, "count"] = 5
    with pytest.raises(an.InputError, match=r"^43 points are too many for one figure"):
        an.plot_correspondence(an.correspondence(table))
