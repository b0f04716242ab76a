"""Figures by their artists: what is drawn is what the table says."""

import hashlib
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from html import escape
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

import analysis as an
from analysis.figures.canvas import (
    GROUP_STYLES,
    LONGEST_NAME,
    MOST_GROUPS,
    relative_luminance,
    shade_cells,
)
from analysis.figures.differences import STATUS_STYLES
from analysis.figures.files import DRAWN, figure_of
from analysis.study.drawing import figures_of
from analysis.words.association import MEASURES
from tests import ROOT

OKABE_ITO = "#E69F00 #56B4E9 #009E73 #F0E442 #0072B2 #D55E00 #CC79A7 #000000"
TALLY = pd.DataFrame(
    [
        ("Green", "wind_power", 3, 10, 1),
        ("Green", "wind_power", 1, 20, 2),
        ("Red", "wind_power", 0, 12, 1),
        ("Blue", "wind_power", 0, 0, 0),
        ("Green", "sun", 0, 10, 1),
        ("Green", "sun", 4, 20, 2),
        ("Red", "sun", 2, 12, 1),
        ("Blue", "sun", 0, 0, 0),
    ],
    columns=["party", "topic", "hits", "size", "articles"],
)
TALLY.insert(1, "measure", "sentence_share")
RESULT = an.emphasis(TALLY)
TABLE = RESULT.to_frame()
WITH_TEXT = TABLE[TABLE["size"] > 0]
COUNTS = pd.DataFrame(
    [
        ("Green", "wind", 9, 3),
        ("Green", "coal", 1, 1),
        ("Red", "wind", 2, 1),
        ("Red", "coal", 8, 2),
    ],
    columns=["party", "feature", "count", "articles"],
)


PAIRS = pd.DataFrame(
    [
        *[("Green", "wind", 18, 20, 5), ("Red", "wind", 1, 20, 5), ("Blue", "wind", 9, 20, 4)],
        *[("Green", "sun", 0, 20, 5), ("Red", "sun", 0, 20, 5), ("Blue", "sun", 0, 0, 0)],
    ],
    columns=["party", "topic", "hits", "size", "articles"],
).assign(measure="sentence_share")
CONTRASTS = an.contrasts(PAIRS)
PERIODS = pd.DataFrame(
    [
        *[("Green", "2019-03-01", 2, 5), ("Green", "2020-01-31", 4, 6), ("Green", "2022", 8, 5)],
        *[("Red", "2019", 9, 5), ("Red", "2020", 6, 5)],
    ],
    columns=["party", "day", "hits", "articles"],
).assign(measure="sentence_share", topic="wind_power", size=20)
TREND = an.trend(PERIODS, "day")


@pytest.fixture(scope="module")
def codes():
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)), an.Topic("sun", ("solar",))))
    articles = pd.DataFrame(
        [("a", "Green", "Coal falls. Wind pays. Wind blows."), ("b", "Red", "Solar pays. No.")],
        columns=["doc_id", "party", "text"],
    )
    return an.codes(an.sentences(articles), energy)


def plots(codes):
    from analysis.topics.coding import positions

    return {
        "emphasis": lambda ax=None: an.plot_emphasis(RESULT, ax=ax),
        "heatmap": lambda ax=None: an.plot_heatmap(RESULT, ax=ax),
        "positions": lambda ax=None: an.plot_positions(positions(codes), "party", ax=ax),
        "keyness": lambda ax=None: an.plot_keyness(an.keyness(COUNTS), ax=ax),
        "contrasts": lambda ax=None: an.plot_contrasts(CONTRASTS, ax=ax),
        "trend": lambda ax=None: an.plot_trend(TREND, ax=ax),
    }


every_plot = pytest.mark.parametrize(
    "name", ["emphasis", "heatmap", "positions", "keyness", "contrasts", "trend"]
)


def lines(ax):
    """The intervals and the dots of an Axes, in the order in which they were drawn."""
    drawn = [line for line in ax.lines if len(line.get_xdata())]
    return (
        [line for line in drawn if len(line.get_xdata()) == 2],
        [line for line in drawn if len(line.get_xdata()) == 1],
    )


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_emphasis_draws_every_estimate_and_interval():
    ax = an.plot_emphasis(RESULT)
    intervals, dots = lines(ax)
    assert len(intervals) == len(dots) == len(WITH_TEXT) == 4
    drawn = WITH_TEXT.sort_values(["topic", "estimate"], ascending=[True, False])
    assert [d.get_xdata()[0] for d in dots] == list(100 * drawn["estimate"])
    ends = np.array([interval.get_xdata() for interval in intervals])
    assert ends.tolist() == (100 * drawn[["conf_low", "conf_high"]]).to_numpy().tolist()
    for interval, dot in zip(intervals, dots, strict=True):
        assert set(interval.get_ydata()) == set(dot.get_ydata())
    hollow = [dot.get_markerfacecolor() == "white" for dot in dots]
    assert hollow == list(drawn["hits"] == 0)
    assert ax.get_xlim() == pytest.approx((0, 80))  # the highest end is 77 %


@pytest.mark.parametrize(("times", "end"), [(1000, 5), (10, 40), (1, 80), (0.25, 100)])
def test_an_axis_of_shares_ends_where_the_shares_do_and_says_so(times, end):
    sizes = (times * TALLY["size"]).clip(lower=TALLY["hits"]).round().astype(int)
    result = an.emphasis(TALLY.assign(size=sizes))
    ax, highest = an.plot_emphasis(result), 100 * result.to_frame()["conf_high"].max()
    assert ax.get_xlim() == pytest.approx((0, end))
    assert end / 3 < highest <= end
    assert (f"the axis ends at {end} %" in ax.get_xlabel()) == (end < 100)


def test_emphasis_writes_counts_and_names():
    ax = an.plot_emphasis(RESULT)
    beside = [text for text in texts(ax) if "article" in text]
    assert beside == [
        *("2 of 12, 1 article", "8 of 50, 3 articles", "no text, 0 articles"),
        *("5 of 50, 3 articles", "0 of 12, 1 article", "no text, 0 articles"),
    ]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Red", "Green", "Blue", "Green", "Red", "Blue"]  # the higher first
    assert [text for text in texts(ax) if text in ("Sun", "Wind power")] == ["Sun", "Wind power"]
    assert "95 % intervals" in ax.get_title(loc="left")
    census = an.plot_emphasis(an.emphasis(TALLY, target="these_articles"))
    assert census.get_title("left") == "Emphasis by group in these articles"
    assert an.alt_text(census).startswith("Dots. ")
    assert "50 % intervals" in an.plot_emphasis(an.emphasis(TALLY, conf_level=0.5)).get_title(
        "left"
    )


def test_a_measure_that_is_no_share_is_not_drawn_in_percent():
    words = an.emphasis(TALLY.assign(measure="per_1000_words"), measure="per_1000_words")
    ax = an.plot_emphasis(words)
    _, dots = lines(ax)
    drawn = words.to_frame().query("size > 0")
    drawn = drawn.sort_values(["topic", "estimate"], ascending=[True, False])
    assert [dot.get_xdata()[0] for dot in dots] == list(drawn["estimate"])
    assert "per 1000 words" in ax.get_xlabel()


def test_colours_are_okabe_ito_and_fixed_by_group(codes):
    assert {color for color, _ in GROUP_STYLES} == set(OKABE_ITO.split())
    assert len({marker for _, marker in GROUP_STYLES}) == len(GROUP_STYLES)
    expected = dict(zip(["Blue", "Green", "Red"], GROUP_STYLES, strict=False))
    ax = an.plot_emphasis(RESULT)
    ordered = WITH_TEXT.sort_values(["topic", "estimate"], ascending=[True, False])
    for dot, group in zip(lines(ax)[1], ordered["party"], strict=True):
        assert (dot.get_color(), dot.get_marker()) == expected[group]
    without = an.plot_emphasis(an.emphasis(TALLY[TALLY["topic"] == "sun"]))
    assert [d.get_color() for d in lines(without)[1]] == [expected[g][0] for g in ("Red", "Green")]


def test_heatmap_writes_its_counts():
    ax = an.plot_heatmap(RESULT)
    assert texts(ax) == ["no text", "no text", "8 of 50", "5 of 50", "2 of 12", "0 of 12"]
    colors = ax.collections[0].to_rgba(np.array([0, 8 / 50, 2 / 12]) * 100)
    light = [relative_luminance(color) for color in colors]
    assert light == sorted(light, reverse=True)  # darker is more
    assert an.alt_text(ax).startswith("Heat map, darker is more. ")
    values = np.ma.masked_invalid(ax.collections[0].get_array()).reshape(3, 2)
    wide = TABLE.pivot(index="party", columns="topic", values="estimate")
    assert values.mask.tolist() == wide.isna().to_numpy().tolist()
    assert values.compressed().tolist() == (100 * wide.to_numpy()[1:]).ravel().tolist()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["sun", "wind power"]
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == ["Blue\n0 articles", "Green\n3 articles", "Red\n1 article"]


def test_heatmap_text_can_be_read():
    ax = an.plot_heatmap(RESULT)
    mesh = ax.collections[0]
    for text, estimate in zip(ax.texts[2:], [8 / 50, 5 / 50, 2 / 12, 0], strict=True):
        behind = relative_luminance(mesh.to_rgba(np.array([100 * estimate]))[0])
        letters = relative_luminance(mpl.colors.to_rgb(text.get_color()))
        light, dark = sorted([behind, letters], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2, AA


def test_the_text_of_a_cell_can_be_read_whatever_its_value():
    ax = Figure().add_subplot()
    values = np.linspace(0, 1, 51)[None]
    texts = {(0, column): "1 of 2" for column in range(51)}
    shade_cells(ax, values, texts, ([""], [""] * 51), axis="share")
    for text, shade in zip(ax.texts, ax.collections[0].to_rgba(values)[0], strict=True):
        letters = relative_luminance(mpl.colors.to_rgb(text.get_color()))
        light, dark = sorted([relative_luminance(shade), letters], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2, AA


def test_a_cell_without_a_value_has_black_text():
    ax = Figure().add_subplot()
    shade_cells(
        ax, np.array([[np.nan, 0]]), {(0, 0): "no text", (0, 1): "0 of 9"}, ("a", "bc"), axis=""
    )
    assert {text.get_text(): text.get_color() for text in ax.texts} == {
        "no text": "black",  # the page shows through
        "0 of 9": "black",
    }


def test_positions_has_a_box_a_sentence_and_topic(codes):
    ax = plots(codes)["positions"]()
    assert len(ax.patches) == 2 * (3 + 2)
    filled = [
        (patch.get_x() + 0.45, mpl.colors.to_hex(patch.get_facecolor()).upper())
        for patch in ax.patches
        if mpl.colors.to_hex(patch.get_facecolor()) != "#ececec"
    ]
    green, red = GROUP_STYLES[0][0].upper(), GROUP_STYLES[1][0].upper()
    assert sorted(filled) == [(1, red), (2, green), (3, green)]
    assert [text for text in texts(ax) if ":" in text] == ["Green: a", "Red: b"]
    assert ax.get_xlim() == (0.5, 3.5)


def test_keyness_ranks_words_with_their_counts():
    table = an.keyness(COUNTS).to_frame()
    ax = an.plot_keyness(an.keyness(COUNTS), most=1)
    stems, dots = lines(ax)
    best = table.groupby("target").head(1)
    assert [dot.get_xdata()[0] for dot in dots] == list(best["statistic"])
    assert [list(stem.get_xdata()) for stem in stems] == [[0, z] for z in best["statistic"]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["wind", "coal"]
    assert [text for text in texts(ax) if "article" in text] == [
        "9 : 2, 3 articles",
        "8 : 1, 2 articles",
    ]


def higher_first():
    """The contrasts in the order of the figure, each with its higher group first."""
    table = CONTRASTS.to_frame()
    lower = table["estimate"] < 0
    ends = ["estimate", "conf_low", "conf_high"]
    table.loc[lower, ends] = -table.loc[lower, ["estimate", "conf_high", "conf_low"]].to_numpy()
    for column in ("", "hits_", "size_"):
        sides = [f"{column}target", f"{column}reference"]
        table.loc[lower, sides] = table.loc[lower, sides[::-1]].to_numpy()
    return table.sort_values(["topic", "estimate"], ascending=[True, False], kind="stable")


def test_contrasts_are_drawn_topic_by_topic_the_higher_group_and_the_largest_first():
    ax, table = an.plot_contrasts(CONTRASTS), higher_first()
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        *("Green − Red", "Blue − Green", "Blue − Red"),
        *("Green − Red", "Green − Blue", "Blue − Red"),
    ]
    places = [text.get_position()[1] for text in ax.texts if text.get_text() in ("Sun", "Wind")]
    assert places == sorted(places, reverse=True)
    *intervals, zero = lines(ax)[0]
    assert list(zero.get_xdata()) == [0, 0]
    drawn = table[table["estimate"].notna()]
    assert (drawn["estimate"] >= 0).all()
    dots = lines(ax)[1]
    assert [dot.get_xdata()[0] for dot in dots] == list(100 * drawn["estimate"])
    ends = np.array([interval.get_xdata() for interval in intervals])
    assert ends.tolist() == (100 * drawn[["conf_low", "conf_high"]]).to_numpy().tolist()


def test_the_table_of_contrasts_is_turned_as_the_figure_is(tmp_path):
    an.save_figure(an.plot_contrasts(CONTRASTS), tmp_path / "x")
    drawn = pd.read_csv(tmp_path / "x.csv").set_index(["topic", "target", "reference"])
    result = CONTRASTS.to_frame()
    assert list(drawn.reset_index().columns) == list(result.columns)
    assert drawn.index.to_list() == list(
        higher_first()[["topic", "target", "reference"]].itertuples(index=False, name=None)
    )
    turned = drawn.loc[("wind", "Green", "Blue")]
    given = result.set_index(["topic", "target", "reference"]).loc[("wind", "Blue", "Green")]
    for column in ("estimate", "statistic"):
        assert turned[column] > 0
        assert turned[column] == pytest.approx(-given[column])
    assert turned["conf_low"] == pytest.approx(-given["conf_high"])
    assert turned["prob_higher"] == pytest.approx(1 - given["prob_higher"])
    for column in ("hits", "size", "articles"):
        assert turned[f"{column}_target"] == given[f"{column}_reference"]
    for column in ("p_value", "p_adjusted", "ordering_share"):
        assert turned[column] == pytest.approx(given[column], rel=1e-8)
    assert turned["status"] == given["status"]


def test_contrasts_of_groups_that_shorten_alike_are_named_by_what_sets_them_apart():
    groups = [f"The party of the {middle} and of nothing else" for middle in ("sun", "sea")]
    named = {"Green": groups[0], "Red": groups[1]}
    ax = an.plot_contrasts(an.contrasts(PAIRS.replace(named), reference="Blue"))
    shortened = [label.get_text() for label in ax.get_yticklabels()]
    assert len(shortened) == 4
    apart = {"…sun and of nothing else", "…sea and of nothing else"}
    assert {part for name in shortened for part in name.split(" − ")} == {"Blue", *apart}


def test_a_status_has_a_marker_a_colour_and_a_word():
    ax = an.plot_contrasts(CONTRASTS)
    beside = [text for text in texts(ax) if "," in text]
    assert beside == [
        *("absent in both, 0 of 100 : 0 of 100", "not estimable, no text : 0 of 100"),
        *("not estimable, no text : 0 of 100", "supported, 90 of 100 : 5 of 100"),
        *("suggestive, 90 of 100 : 36 of 80", "suggestive, 36 of 80 : 5 of 100"),
    ]
    styles = [
        (dot.get_color(), dot.get_marker(), dot.get_markerfacecolor() == dot.get_color())
        for dot in lines(ax)[1]
    ]
    names = ["absent_in_both", "supported", "suggestive", "suggestive"]
    assert styles == [STATUS_STYLES[name] for name in names]
    assert len({marker for _, marker, _ in STATUS_STYLES.values()}) == len(STATUS_STYLES)
    assert set(STATUS_STYLES) == {*CONTRASTS.to_frame()["status"], "not_distinguishable"}
    alt = an.alt_text(ax)
    assert "1 absent in both, 2 not estimable, 2 suggestive, 1 supported" in alt
    assert "wind: Green and Red, supported." in alt


def test_trend_draws_each_period_and_nothing_where_there_is_no_data():
    ax = an.plot_trend(TREND)
    table = TREND.to_frame()
    for line, group in zip(ax.lines, ["Green", "Red"], strict=True):
        own = table[table["party"] == group]
        shares = 100 * own["estimate"].to_numpy()
        np.testing.assert_array_equal(line.get_ydata(), shares)
        expected = dict(zip(["Green", "Red"], GROUP_STYLES, strict=False))[group]
        assert (line.get_color(), line.get_marker()) == expected
    assert np.isnan(ax.lines[1].get_ydata()[2:]).all()
    ends = [segment[:, 1] for segment in ax.collections[0].get_segments() if len(segment)]
    green = table[(table["party"] == "Green") & (table["size"] > 0)]
    drawn = np.array([end for end in ends if not np.isnan(end).any()])
    np.testing.assert_array_equal(drawn, 100 * green[["conf_low", "conf_high"]].to_numpy())
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == ["2019", "2020", "2021\nno data", "2022"]
    first, second = (text.get_text() for text in ax.get_legend().get_texts())
    assert first == "Green: no slope (2021 has 0 of the 5 articles each period needs)"
    assert second == "Red: no slope (fewer than four periods)"
    steady = an.trend(
        pd.concat([PERIODS[:1].assign(party="Blue", day=str(2019 + n)) for n in range(4)]), "day"
    )
    (blue,) = (text.get_text() for text in an.plot_trend(steady).get_legend().get_texts())
    assert blue.startswith("Blue: slope 0.00 (")
    assert "Red: 2019 45 of 100 (5 articles), 2020 30 of 100 (5 articles), 2021 no data" in (
        an.alt_text(ax)
    )


def test_figures_name_what_is_counted():
    result = an.emphasis(an.Tally(TALLY, ("party",), "news_agency"))
    beside = texts(an.plot_emphasis(result))
    assert "8 of 50, 3 news agencies" in beside
    assert "2 of 12, 1 news agency" in beside
    names = [label.get_text() for label in an.plot_heatmap(result).get_yticklabels()]
    assert names == ["Blue\n0 news agencies", "Green\n3 news agencies", "Red\n1 news agency"]
    dated = TALLY[TALLY["size"] > 0].query("topic == 'sun'").assign(year="2020")
    by_year = an.trend(an.Tally(dated, ("party", "year"), "news_agency"), "year")
    words = an.alt_text(an.plot_trend(by_year))
    assert "2020 8 of 50 (3 news agencies)" in words


def test_trend_shows_one_topic():
    both = an.trend(pd.concat([PERIODS, PERIODS.assign(topic="sun", hits=1)]), "day")
    with pytest.raises(an.InputError, match=r"has 2 topics.*name one of them: topic='su"):
        an.plot_trend(both)
    with pytest.raises(an.InputError, match="topic='wnd' is not a topic of the result; choose one"):
        an.plot_trend(both, topic="wnd")
    assert an.plot_trend(both, topic="sun").get_title("left").startswith("Sun by day")
    alone = an.plot_trend(an.trend(PERIODS[:2].drop(columns="party"), "day"))
    assert alone.get_legend().get_texts()[0].get_text().startswith("all articles: no slope ")


def test_keyness_of_groups_that_use_the_same_words_alike():
    ax = an.plot_keyness(an.keyness(COUNTS.assign(count=4)))
    assert ax.get_lines() == []
    assert an.alt_text(ax) == "No word is typical of a group, by z of the log-odds ratio."


def test_keyness_shows_which_words_one_article_carries():
    spread = COUNTS.assign(dp=0.25, dp_norm=[0.5, 0.6, np.nan, 0.4], most=1)
    spread.loc[len(spread)] = ["Green", "a" * 30, 9, 2, 0.4, 0.51, 5]
    spread.loc[len(spread)] = ["Green", "once", 7, 1, 0.4, np.nan, 7]
    ax = an.plot_keyness(an.keyness(spread))
    words = [label.get_text() for label in ax.get_yticklabels()]
    assert [len(word) for word in words] == [LONGEST_NAME, 4, 4, 4]
    hollow = [dot.get_markerfacecolor() == "white" for dot in lines(ax)[1]]
    assert dict(zip(words[1:], hollow[1:], strict=True)) == {
        "wind": False, "once": True, "coal": False}  # fmt: skip
    assert hollow[0]
    assert [text for text in texts(ax) if "article" in text] == [
        "9 : 0, 2 articles, DPnorm 0.51",
        "7 : 0, 1 article",
        "9 : 2, 3 articles, DPnorm 0.50",
        "8 : 1, 2 articles, DPnorm 0.40",
    ]
    assert "by z of the log-odds ratio. Green: " in an.alt_text(ax)
    assert an.alt_text(ax).endswith("One article carries 2 of these 4.")


@pytest.mark.parametrize("measure", MEASURES)
def test_keyness_names_its_measure(measure):
    result = an.keyness(COUNTS, measure=measure)
    ax = an.plot_keyness(result)
    assert ax.get_xlabel().startswith(f"{MEASURES[measure].axis}: ranks words, decides nothing")
    ranked = result.to_frame().groupby("target").head(1)[result.provenance["ranked_by"]]
    assert [dot.get_xdata()[0] for dot in lines(ax)[1]] == list(ranked)


def test_keyness_names_a_measure_of_ones_own():
    def difference(y1, n1, y2, n2, prior):
        return y1 / n1 - y2 / n2

    assert (
        an.plot_keyness(an.keyness(COUNTS, measure=difference))
        .get_xlabel()
        .startswith("difference: ")
    )


def test_alt_text_says_what_is_drawn(codes):
    alt = an.alt_text(an.plot_emphasis(RESULT))
    assert "Sun: Red 2 of 12, Green 8 of 50, Blue no text." in alt
    numbers = set(re.findall(r"(\d+) of (\d+)", alt))
    assert numbers == {(str(r["hits"]), str(r["size"])) for r in WITH_TEXT.to_dict("records")}
    widths = 100 * (WITH_TEXT["conf_high"] - WITH_TEXT["conf_low"])
    assert f"{widths.min():.0f} to {widths.max():.0f} percentage points wide" in alt
    assert set(re.findall(r"(\d+) of (\d+)", an.alt_text(an.plot_heatmap(RESULT)))) == numbers
    where = an.alt_text(plots(codes)["positions"]())
    assert "Green: a, wind: sentences 2, 3 of 3." in where
    assert "Red: b, sun: sentence 1 of 2." in where
    assert "Green: wind. Red: coal." in an.alt_text(plots(codes)["keyness"]())


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


SAVE = """
import sys, pathlib; sys.path.insert(0, sys.argv[2])
import tests.figures.test_figures as t
folder = pathlib.Path(sys.argv[1]); folder.mkdir()
t.save_all(folder)
"""


def save_all(folder):
    for name, plot in {
        "emphasis": an.plot_emphasis,
        "heatmap": an.plot_heatmap,
    }.items():
        an.save_figure(plot(RESULT), folder / name)
    an.save_figure(an.plot_keyness(an.keyness(COUNTS)), folder / "keyness")


def test_files_are_the_same_in_every_process(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        save_all(tmp_path / name)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    seed = "7" if os.environ.get("PYTHONHASHSEED") != "7" else "8"
    subprocess.run(
        [sys.executable, "-c", SAVE, str(tmp_path / "three"), str(ROOT)],
        env=os.environ | {"PYTHONHASHSEED": seed},
        check=True,
    )
    assert digests(tmp_path / "one") == digests(tmp_path / "three")
    assert len(digests(tmp_path / "one")) == 9


@every_plot
def test_saved_files(name, codes, tmp_path):
    ax = plots(codes)[name]()
    an.save_figure(ax, tmp_path / "a.b")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.b.csv", "a.b.png", "a.b.svg"]
    svg = (tmp_path / "a.b.svg").read_text("utf-8")
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    titles = [element.text for element in root if element.tag.endswith("}title")]
    assert titles == [an.alt_text(ax)]
    assert "dc:date" not in svg
    assert not re.search(r"matplotlib v?\d", svg.lower())
    assert not re.search(r"[ \t]$", svg, re.M)
    png = (tmp_path / "a.b.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert b"Software" not in png
    drawn = pd.read_csv(tmp_path / "a.b.csv", keep_default_na=False)
    if name in ("emphasis", "heatmap"):
        assert list(drawn.columns) == list(TABLE.columns)
        assert list(drawn["hits"]) == list(TABLE["hits"])


@every_plot
def test_a_plot_draws_where_it_is_told_and_changes_no_style(name, codes):
    plot = plots(codes)[name]
    with mpl.rc_context({"axes.titlesize": 33, "svg.hashsalt": "mine"}):
        before = dict(mpl.rcParams)
        ax = Figure().add_subplot()
        assert plot(ax) is ax
        assert dict(mpl.rcParams) == before
    assert isinstance(plot(), Axes)
    assert "matplotlib.pyplot" not in sys.modules or not mpl._pylab_helpers.Gcf.figs


MANY = pd.DataFrame(
    [
        (f"g{n:02d}", topic, n * (k + 1), 200, 1)
        for n in range(MOST_GROUPS + 1)
        for k, topic in enumerate(("coal", "sun", "wind"))
    ],
    columns=["party", "topic", "hits", "size", "articles"],
).assign(measure="sentence_share")


def test_emphasis_of_many_groups_is_the_highest_and_a_band():
    with pytest.warns(an.InputWarning, match=r"the highest 12 of 41 groups, the others as a band"):
        ax = an.plot_emphasis(an.emphasis(MANY))
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert names == [*[f"g{n}" for n in range(40, 28, -1)], "29 others"] * 3
    bands = [line for line in ax.lines if line.get_linewidth() == 9]
    ends = [tuple(band.get_xdata()) for band in bands]
    assert np.array(ends) == pytest.approx(np.array([(0, 14), (0, 28), (0, 42)]))  # g00 to g28
    assert "shown: of each topic the highest 12 of 41 groups" in ax.get_xlabel().replace("\n", " ")
    assert ax.get_figure().get_figheight() < 16


def test_emphasis_of_many_topics_shows_those_that_groups_differ_in_most():
    rows = [(f"g{n}", f"t{k:02d}", n * k, 200, 1) for n in range(9) for k in range(20)]
    table = pd.DataFrame(rows, columns=MANY.columns[:-1]).assign(measure="sentence_share")
    with pytest.warns(an.InputWarning, match=r"shows 10 of 20 topics, those that groups differ in"):
        ax = an.plot_emphasis(an.emphasis(table))
    assert [text for text in texts(ax) if text.startswith("T")] == [f"T{k}" for k in range(10, 20)]
    assert len(an.plot_heatmap(an.emphasis(table)).get_xticklabels()) == 20


def test_a_heatmap_of_many_groups_shows_those_with_the_largest_shares():
    with pytest.warns(an.InputWarning, match=r"shows 40 of 41 groups, those with the largest"):
        ax = an.plot_heatmap(an.emphasis(MANY))
    names = [label.get_text().split(" ")[0] for label in ax.get_yticklabels()]
    assert names == [f"g{n:02d}" for n in range(1, 41)]


@pytest.mark.parametrize("number", [2, 4, 8, 9, 20])
def test_heads_of_a_heatmap_do_not_overlap(number):
    """Boxes of neighbours have nothing in common; tilted ones run in parallel."""
    names = [f"the_government_and_its_administration_{chr(97 + k)}" for k in range(number)]
    rows = [(party, name, 1, 9, 1) for party in ("A", "B") for name in names]
    table = pd.DataFrame(rows, columns=MANY.columns[:-1]).assign(measure="sentence_share")
    ax = an.plot_heatmap(an.emphasis(table))
    figure = ax.get_figure()
    figure.draw_without_rendering()
    heads = [head for head in ax.get_xticklabels() if head.get_text()]
    boxes = [head.get_window_extent() for head in heads]
    assert {head.get_rotation() for head in heads} == {40.0 if number > 8 else 0.0}
    if number <= 8:
        assert not any(one.overlaps(two) for one, two in pairwise(boxes))
    else:
        across = np.diff([box.x1 for box in boxes]).min() * np.sin(np.radians(40))
        assert across > heads[0].get_fontsize() * figure.dpi / 72
    assert min(box.x0 for box in boxes) >= 0


def test_of_many_contrasts_the_distinguishable_ones_are_shown_first():
    result = an.contrasts(MANY)
    table = result.to_frame()
    table.loc[5, "status"] = "supported"
    changed = an.Result(table, result.keys, result.provenance)
    with pytest.warns(an.InputWarning, match=r"shows 40 of 2460, first those that are disting"):
        ax = an.plot_contrasts(changed)
    beside = [text for text in texts(ax) if " : " in text]
    assert len(beside) == 40
    assert sum(text.startswith("supported") for text in beside) == 1
    assert "1 supported" in an.alt_text(ax)


def test_of_many_contrasts_those_of_single_articles_come_last(tmp_path):
    result = an.contrasts(MANY)
    table = result.to_frame()
    table["articles_target"] = 3
    table["articles_reference"] = np.where(table.index % 30 == 0, 2, 1)
    with pytest.warns(an.InputWarning, match=r"shows 40 of 2460"):
        ax = an.plot_contrasts(an.Result(table, result.keys, result.provenance))
    an.save_figure(ax, tmp_path / "x")
    drawn = pd.read_csv(tmp_path / "x.csv")
    assert (drawn[["articles_target", "articles_reference"]].min(axis=1) == 2).all()


def long_article(sentences, topics=("wind",), articles=("a",)):
    rows = [
        (doc_id, "Green", topic, n, sentences, n in (5, 6, sentences))
        for doc_id in articles for topic in topics for n in range(1, sentences + 1)
    ]  # fmt: skip
    columns = ["doc_id", "party", "topic", "position", "sentences", "coded"]
    return pd.DataFrame(rows, columns=columns)


def test_a_long_article_is_drawn_as_a_hundred_boxes():
    ax = an.plot_positions(long_article(10_000), "party")
    assert len(ax.patches) == 100
    filled = [bar for bar in ax.patches if mpl.colors.to_hex(bar.get_facecolor()) != "#ececec"]
    assert [round(bar.get_x()) for bar in filled] == [6, 9906]  # of sentences 1 to 100, and the end
    two, one = (relative_luminance(bar.get_facecolor()) for bar in filled)
    assert two < one  # darker for more
    assert "a box is 100 body sentences, darker for more on the topic" in ax.get_xlabel()
    assert an.plot_positions(long_article(100), "party").get_xlabel().endswith("first to last")


def test_of_many_articles_positions_shows_those_with_the_most_sentences_on_a_topic():
    where = long_article(6, ("sun", "wind"), [f"d{n:02d}" for n in range(41)])
    where.loc[where["doc_id"] == "d40", "coded"] = True
    where.loc[where["doc_id"] == "d00", "coded"] = False
    with pytest.warns(an.InputWarning, match=r"shows 30 of 41 articles, those with the most"):
        ax = an.plot_positions(where, "party")
    titles = [text for text in texts(ax) if text.startswith("Green: ")]
    assert titles == [f"Green: d{n:02d}" for n in (*range(1, 30), 40)]
    assert "shown: 30 of 41 articles" in ax.get_xlabel()
    where.loc[where["doc_id"] == "d00", "sentences"] = 600  # the longest one is not shown
    with pytest.warns(an.InputWarning, match=r"shows 30 of 41 articles"):
        assert an.plot_positions(where, "party").get_xlim()[1] == 6.5


def test_words_of_many_groups_are_those_of_the_most_typical():
    rows = [(f"g{n:02d}", f"w{n}", 5 + n, 1) for n in range(20)]
    rows += [(f"g{n:02d}", "all", 50, 1) for n in range(20)]
    counts = pd.DataFrame(rows, columns=["party", "feature", "count", "articles"])
    with pytest.warns(an.InputWarning, match=r"shows 12 of 20 groups, those with the most typ"):
        ax = an.plot_keyness(an.keyness(counts))
    assert [text for text in texts(ax) if text.startswith("g")] == [
        f"g{n:02d}" for n in range(8, 20)
    ]


def test_a_trend_of_many_groups_is_the_most_changing_ones_and_a_band():
    rows = [(f"g{n}", str(2018 + k), 50 + n * k, 5) for n in range(10) for k in range(4)]
    table = pd.DataFrame(rows, columns=["party", "day", "hits", "articles"])
    table = table.assign(measure="sentence_share", topic="wind", size=200)
    with pytest.warns(an.InputWarning, match=r"shows 8 of 10 groups, the others as a band"):
        ax = an.plot_trend(an.trend(table, "day"))
    assert [line.get_label().split(":")[0] for line in ax.lines] == [f"g{n}" for n in range(2, 10)]
    (band,) = [part for part in ax.collections if part.get_label() == "2 others"]
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == pytest.approx((25, 26.5))  # g0 and g1: 50 to 53 of 200


def test_refusals(codes):
    for function in (an.alt_text, lambda ax: an.save_figure(ax, "x")):
        with pytest.raises(an.InputError, match="not made by a plot_ function"):
            function(Figure().add_subplot())


def test_html_is_escaped():
    nasty = '<script>"&'
    result = an.emphasis(TALLY.replace({"party": {"Red": nasty}}))
    shown = an.figure_html(an.plot_emphasis(result), caption=nasty)
    page = shown._repr_html_()
    assert "<script" not in page
    assert f"<figcaption>{escape(nasty)}</figcaption>" in page
    (alt,) = re.findall(r' alt="([^"]*)"', page)
    assert escape(nasty) in alt
    assert 'src="data:image/png;base64,' in page
    assert repr(shown) == an.alt_text(an.plot_emphasis(result))
    assert page == an.figure_html(an.plot_emphasis(result), caption=nasty)._repr_html_()


@pytest.mark.parametrize("plot", [an.plot_emphasis, an.plot_heatmap])
def test_dollars_in_names_are_not_formulas(plot, tmp_path):
    result = an.emphasis(TALLY.replace({"party": {"Red": "R$d $x^"}, "topic": {"sun": "a$b_$"}}))
    an.save_figure(plot(result), tmp_path / "x")


def test_a_name_that_xml_cannot_write_leaves_the_figure_readable(tmp_path):
    tally = TALLY.assign(party=TALLY["party"].replace("Green", "Gr\x1been\x0c"))
    with pytest.warns(an.InputWarning, match="no font here has the letters"):
        an.save_figure(an.plot_emphasis(an.emphasis(tally)), tmp_path / "odd")
    svg = ET.fromstring((tmp_path / "odd.svg").read_text("utf-8"))
    assert "Gr?een?" in "".join(svg.itertext())


def test_figures_call_an_article_what_the_study_does():
    said = ["Wind grows.", "Coal pays.", "Wind and coal.", "Nothing happened.", "People spoke."]
    rows = [
        {"doc_id": f"s{n}", "party": party, "year": 2000 + n % 3, "text": " ".join(said[n % 4 :])}
        for n in range(24)
        for party in (("Green", "Red")[n // 3 % 2],)
    ]
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)), an.Topic("coal", ("coal",))))
    own = {"topics": energy, "by": "party", "period": "year"}
    drawn = figures_of(an.Study(pd.DataFrame(rows), unit="speech", relation="by", **own))
    assert {*drawn} >= {"slide", "emphasis", "heatmap", "wording", "contrasts", "trend"}
    for name, ax in drawn.items():
        legends = [ax.get_legend()] if ax.get_legend() else []
        texts = [*figure_of(ax).findobj(Text), *(t for one in legends for t in one.get_texts())]
        words = " ".join([*(text.get_text() for text in texts), DRAWN[ax][1]])
        assert not re.search(r"\barticles?\b(?! mean)", words), name
        assert name in ("contrasts", "robustness") or "speech" in words, name


def test_a_contrast_turned_round_is_what_the_other_way_round_gives(tmp_path):
    said = {"Green": ("Wind. Wind. Rain.", "Wind. Coal. Rain."),
            "Red": ("Wind. Coal. Rain.", "Coal. Coal. Rain.")}  # fmt: skip
    rows = [
        {"doc_id": f"{party}{n}", "party": party, "outlet": ("Mail", "Post")[n // 6],
         "text": texts[n % 2]}
        for party, texts in said.items() for n in range(12)
    ]  # fmt: skip
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    counted = an.tally(
        an.codes(an.sentences(pd.DataFrame(rows)), energy), "party", within=["outlet"]
    )
    tables = []
    for name in ("Green", "Red"):
        own = an.contrasts(counted, reference=name)
        an.save_figure(an.plot_contrasts(own), tmp_path / name)
        tables.append(pd.read_csv(tmp_path / f"{name}.csv"))
    one, other = tables
    assert one["estimate"][0] > 0 and one["within_estimate"].notna().all()
    given = (one["within_conf_low"] <= one["within_estimate"]) & (one["ratio"] >= 1)
    assert given.all()
    pd.testing.assert_frame_equal(one, other)


def test_a_figure_is_laid_out_once_for_all_its_files(monkeypatch, tmp_path):
    layouts, drawn = [], []
    layout, draw = ConstrainedLayoutEngine.execute, Figure.draw

    def counted(engine, figure):
        layouts.append(figure)
        return layout(engine, figure)

    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", counted)
    monkeypatch.setattr(Figure, "draw", lambda *a, **b: (drawn.append(a), draw(*a, **b)))
    an.save_figure(an.plot_emphasis(RESULT), tmp_path / "emphasis")
    assert len(layouts) == 1
    assert len(drawn) == 2  # as SVG and as PNG
