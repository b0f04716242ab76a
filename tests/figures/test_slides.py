"""The slide: 16:9, its title the finding, one group in its colour, nothing that does not fit."""

import matplotlib as mpl
import pandas as pd
import pytest

import analysis as an
from analysis.figures.canvas import GROUP_STYLES
from analysis.figures.slides import QUIET, SIZE
from analysis.study.drawing import changing_most, slide_of
from tests.figures.test_figures import MANY, RESULT, TREND


def slide(title="Green speaks of the sun most.", **options):
    return an.plot_slide(RESULT, title, topic="sun", **options)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_a_slide_is_16_to_9_with_the_finding_as_its_title():
    ax = slide()
    assert round(SIZE[0] / SIZE[1], 3) == round(16 / 9, 3)
    assert tuple(ax.get_figure().get_size_inches()) == SIZE
    assert ax.get_title("left") == "Green speaks of the sun most."
    assert texts(ax)[:3] == ["Red   2 of 12", "Green   8 of 50", "Blue   no text"]
    assert an.alt_text(ax).startswith("Green speaks of the sun most. Red 2 of 12; Green 8 of 50;")


def test_one_group_has_its_colour():
    for told, place in (("Red", 0), ("Green", 1)):
        ax = slide(highlight=told)
        colours = [mpl.colors.to_hex(bar.get_facecolor()).upper() for bar in ax.patches]
        own = dict(zip(("Blue", "Green", "Red"), GROUP_STYLES, strict=False))[told][0]
        assert colours == [own if n == place else QUIET.upper() for n in range(2)]
        weights = [text.get_weight() for text in ax.texts[:3]]
        assert weights == ["bold" if n == place else "normal" for n in range(3)]


def test_the_line_below_says_what_was_read():
    (line,) = [text for text in texts(slide(source="Energy")) if "Bars" in text]
    assert line.startswith("Energy: 4 articles, 62 body sentences. Bars: these articles; lines: 95")
    census = an.emphasis(RESULT_TALLY, target="these_articles")
    (line,) = [t for t in texts(an.plot_slide(census, "x", topic="sun")) if "Bars" in t]
    assert line == "4 articles, 62 body sentences. Bars: these articles."


RESULT_TALLY = pd.DataFrame(
    [("Green", "sun", 0, 10, 1), ("Green", "sun", 4, 20, 2), ("Red", "sun", 2, 12, 1)],
    columns=["party", "topic", "hits", "size", "articles"],
).assign(measure="sentence_share")


@pytest.mark.parametrize("words", [3, 15, 22, 80])
def test_a_title_of_any_length_stays_on_the_slide(words):
    ax = slide(title=" ".join(["sentences"] * words))
    figure = ax.get_figure()
    figure.draw_without_rendering()
    box = ax._left_title.get_window_extent()
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
    assert ax.get_title("left").endswith("\u2026") == (words == 80)


def test_many_groups_are_the_highest_the_one_told_of_and_a_band():
    ax = an.plot_slide(an.emphasis(MANY), "x", topic="coal", highlight="g03")
    names = [text.split("   ")[0] for text in texts(ax)[:7]]
    assert names == ["g40", "g39", "g38", "g37", "g36", "g03", "35 others"]
    assert texts(ax)[6] == "35 others   0 to 18 %"  # g00 to g35: 0 to 35 of 200
    few = MANY.assign(size=10_000)
    ax = an.plot_slide(an.emphasis(few), "x", topic="coal", highlight="g03")
    assert texts(ax)[6] == "35 others   0 to 0.35 %"
    alike = MANY.assign(hits=1)
    ax = an.plot_slide(an.emphasis(alike), "x", topic="coal", highlight="g03")
    assert any(text.endswith(" others   0.5 %") for text in texts(ax))


def test_what_a_slide_cannot_show_is_said():
    with pytest.raises(an.InputError, match="topic='son' is not a topic of the result; choose"):
        an.plot_slide(RESULT, "x", topic="son")
    with pytest.raises(an.InputError, match="highlight='Grey' is not a group of the result"):
        slide(highlight="Grey")


def test_the_slide_of_a_study_tells_what_stands_out():
    assert slide_of(an.read_study()) == {
        "title": (
            "9 of 23 sentences on Israel are about defense industry; 7 come from one article"
        ),
        "topic": "defense_industry",
        "highlight": "Israel",
    }


def made(*hits, by="party"):
    rows = [
        (f"{group}{n}", group, " ".join(["Wind pays."] * on + ["Coal falls."] * (10 - on)))
        for group, own in zip(("Ann", "Bob", "Cid"), hits, strict=False)
        for n, on in enumerate(own)
    ]
    texts = pd.DataFrame(rows, columns=["doc_id", by, "text"])
    return an.Study(texts, topics=an.Dictionary("e", (an.Topic("wind", ("wind",)),)), by=by)


def test_a_difference_that_holds_is_told_first():
    told = slide_of(made([9] * 6, [1] * 6))
    assert told["title"] == "54 of 60 sentences on Ann mention wind, 6 of 60 on Bob"
    told = slide_of(made([9] * 6, [1] * 6, [1] * 6))
    assert told["title"] == "Ann stands out on wind: 54 of 60 sentences"


def test_where_nothing_stands_out_the_slide_tells_of_a_topic_that_is_mentioned():
    told = slide_of(made([3], [3]))
    assert told["title"] == (
        "Wind: All 2 articles mention it: 3 of 10 sentences on Ann and 3 of 10 on Bob."
    )
    assert told["highlight"] is None
    assert slide_of(made([0], [0])) is None


def test_the_trend_that_is_drawn_is_of_the_topic_that_changes_most():
    table = TREND.to_frame()
    two = pd.concat([table, table.assign(topic="sun", hits=0)])
    assert changing_most(two) == "wind_power"
    assert changing_most(two.assign(slope_p_value=[0.5] * len(table) + [0.1] * len(table))) == "sun"
