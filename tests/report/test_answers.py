"""What the page answers with: its own pictures, words against words, many groups, one palette."""

import re
import tomllib
from collections import Counter
from dataclasses import replace
from itertools import combinations

import lxml.html
import numpy as np
import pandas as pd
import pytest

import analysis as an
from analysis.figures.canvas import styles_of
from analysis.figures.colours import axis_end
from analysis.prose.language import read_language
from analysis.report import page, wordplots
from analysis.report.cells import head_width
from analysis.report.curves import curve_shown, leading_curve
from analysis.report.page import report_html
from analysis.report.passages import at_most
from analysis.report.strips import strips_shown, trends_shown
from analysis.report.wordplots import word_plots, words_shown
from tests import ROOT
from tests.figures.test_figures import PERIODS
from tests.prose import tables_of

COLORS = {"France": "#0072B2", "Israel": "#D55E00", "Italy": "#009E73", "Russia": "#CC79A7"}


def words(element):
    return " ".join(element.text_content().split())


@pytest.fixture(scope="module")
def study():
    return an.read_study()


@pytest.fixture(scope="module")
def html(study):
    return report_html(study)


@pytest.fixture(scope="module")
def embedded(html):
    return lxml.html.document_fromstring(html)


def test_the_page_is_small(html):
    assert len(html.encode("utf-8")) < 390_000  # a run adds some settings and versions


def test_every_mark_leads_to_sentences_that_are_on_the_page(embedded):
    ids = set(embedded.xpath("//@id"))
    marks = embedded.xpath("//a[@data-s]")
    assert len(marks) > 300
    for mark in marks:
        to = mark.get("data-s").split()
        assert set(to) <= ids
        assert mark.get("href") == f"#{to[0]}"
        assert mark.get("aria-label") or words(mark)


def test_boxes_of_articles_are_the_sentences_on_a_topic(study, embedded):
    boxes = [mark.get("data-s") for mark in embedded.xpath("//div[@class='strip']//a")]
    assert len(boxes) == len(study.evidence) == 23
    places = {span.get("id"): words(span) for span in embedded.xpath("//article//span[@id]")}
    quoted = Counter(" ".join(quote.split()) for quote in study.evidence["quote"])
    assert Counter(places[box] for box in boxes) == quoted
    grounds = embedded.xpath("//div[@class='strip']//*[@class='ground']/@d")
    assert len(grounds) == 5 * 4
    assert {int(re.findall("H([0-9]+)V", path)[0]) for path in grounds} == {9, 14, 15, 19}


def strips(sentences, most_hits):
    rows = [("d00", k, "body") for k in range(1, sentences + 1)]
    table = pd.DataFrame(rows, columns=["doc_id", "sentence_id", "section"])
    hits = table.groupby("doc_id").head(most_hits).assign(topic="wind")
    own = dict.fromkeys(table["doc_id"], "Green")
    places = {(doc_id, k): f"s-{doc_id}-{k}" for doc_id, k, _ in rows}
    return strips_shown(table, hits, ["wind"], own, places)


def test_a_long_article_has_a_hundred_boxes_and_a_box_its_sentences():
    shown = strips(10_000, 150)
    assert shown["per"] == 100
    (first, second) = shown["articles"][0]["strips"][0]["marks"]
    assert (first["x"], second["x"]) == (0, 100)
    assert (len(first["to"]), len(second["to"])) == (20, 20)
    assert first["part"] == 1 > second["part"] == 0.65  # darker for more: 100 sentences, and 50
    assert second["to"][0] == "s-d00-101"


def test_of_many_articles_those_with_the_most_sentences_are_strips():
    rows = [(f"d{n:02d}", k, "body") for n in range(70) for k in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["doc_id", "sentence_id", "section"])
    hits = table[table["doc_id"] >= "d10"].assign(topic="wind")
    shown = strips_shown(table, hits, ["wind"], dict.fromkeys(table["doc_id"], "Green"), {})
    assert [one["doc_id"] for one in shown["articles"]] == [f"d{n}" for n in range(10, 70)]
    assert shown["number"] == 70


def test_the_curve_is_every_specification_once(study):
    curve = leading_curve(study.emphasis(), study.specifications)
    shown = curve_shown(curve, COLORS)
    table = curve.to_frame().dropna(subset="relative")
    dots = [re.findall(r"M([\d.]+) ([\d.]+)h0", path) for _, path in shown["dots"]]
    assert sum(map(len, dots)) == shown["number"] == len(table)
    heights = np.array([float(y) for _, y in dots[0]])
    assert heights == pytest.approx(100 * (1 - table["relative"]), abs=0.01)
    assert shown["dots"][0][0] == COLORS["Israel"]
    ticks = Counter()
    for row in shown["rows"]:
        ticks[row["name"].partition(":")[0]] += row["path"].count("M")
    assert set(ticks.values()) == {len(table)}
    assert [level["kind"] for level in shown["levels"]] == ["equal", *["times"] * 3, "only"]
    assert [level["at"] for level in shown["levels"]] == [100, 66.67, 50, 33.33, 0]
    assert curve_shown(None, COLORS) is None


def test_no_curve_is_led_where_nothing_is_mentioned():
    counts = pd.DataFrame({"party": ["A", "B"], "topic": "wind", "hits": 0, "size": 9})
    tally = counts.assign(measure="sentence_share", articles=1)
    assert leading_curve(an.emphasis(tally), pd.DataFrame()) is None


def test_a_trend_is_a_line_that_breaks_where_there_is_no_text():
    change = an.trend(PERIODS, "day")
    shown = trends_shown(change, {"Green": "#111111", "Red": "#222222"}, {})
    (wind,) = shown.values()
    assert wind["periods"] == ["2019", "2020", "2021", "2022"]
    green, red = wind["lines"]
    assert (green["color"], red["color"]) == ("#111111", "#222222")
    table = change.to_frame()
    own = table[(table["party"] == "Green") & (table["size"] > 0)]
    drawn = [(float(x), float(y)) for x, y in re.findall(r"M([-\d.]+) ([\d.]+)h0", green["dots"])]
    assert [x + 0.45 for x, _ in drawn] == pytest.approx([0, 10, 30], abs=0.06)  # beside the other
    assert wind["end"] == 0.6
    assert [y for _, y in drawn] == pytest.approx(100 * (1 - own["estimate"] / 0.6), abs=0.01)
    assert re.findall("[ML]", green["line"]) == ["M", "L", "M"]
    assert trends_shown(None, {}, {}) == {}


def test_a_trend_of_many_groups_has_a_band():
    rows = [(f"g{n}", str(2018 + k), 50 + n * k, 5) for n in range(10) for k in range(4)]
    table = pd.DataFrame(rows, columns=["party", "day", "hits", "articles"])
    table = table.assign(measure="sentence_share", topic="wind", size=200)
    shown = trends_shown(an.trend(table, "day"), {}, {})["wind"]
    assert [line["group"] for line in shown["lines"]] == [f"g{n}" for n in range(2, 10)]
    assert shown["others"] == 2
    lower, upper = 100 * (1 - 0.25 / shown["end"]), 100 * (1 - 0.265 / shown["end"])
    assert f"30 {lower:g}" in shown["band"] and f"30 {upper:g}" in shown["band"]


def test_a_study_with_a_period_shows_its_trend():
    rows = [
        {"doc_id": f"{group}{year}{n}", "party": group, "year": year, "text": "Wind. Rain."}
        for group in ("Green", "Red")
        for year in ("2018", "2019", "2020", "2021")
        for n in range(2)
    ]
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    study = an.Study(pd.DataFrame(rows), topics=energy, by="party", period="year")
    tree = lxml.html.document_fromstring(report_html(study))
    (trend,) = tree.xpath("//div[@class='trend']")
    assert len(trend.xpath(".//*[@class='dots']")) == 2
    assert words(trend.xpath("./p[@class='legend']")[0]) == "Green Red"
    assert "2018" in words(trend) and "2021" in words(trend)


# Words against words


def plots_of(study, places=None, **options):
    keyness = study.keyness(**options)
    every = {(d, n): f"s-{d}-{n}" for d, n in zip(study.sentences["doc_id"],
             study.sentences["sentence_id"], strict=True)}  # fmt: skip
    colors = dict(zip(study.groups, COLORS.values(), strict=False))
    plotted, pairs, uses = words_shown(keyness, study.sentences, study.by)
    plots, pool = word_plots(plotted, uses, colors, every if places is None else places)
    return plots, pairs, pool


def test_a_plot_has_the_counts_of_both_groups_and_their_sentences(study):
    plots, pairs, pool = plots_of(study)
    assert (len(plots), pairs, pool) == (6, 6, [])
    counts = study.counts().set_index(["partner", "feature"])["count"]
    totals = counts.groupby("partner").sum()
    texts = study.sentences.set_index(["doc_id", "sentence_id"])["text"]
    for plot in plots:
        here, there = plot["here"], plot["there"]
        assert plot["totals"] == [totals[here], totals[there]]
        for point in plot["points"]:
            found = tuple(int(counts.get((side, point["word"]), 0)) for side in (here, there))
            assert point["counts"] == found
            assert 0 < point["number"] <= sum(found)
            for to in point["to"]:
                _, doc_id, number = to.split("-")
                assert point["word"] in texts[doc_id, int(number)].casefold()
            assert len(point["to"]) == min(point["number"], 20)


def test_words_of_one_side_have_its_colour_the_stronger_the_more_typical(study):
    plots, _, _ = plots_of(study)
    plot = next(one for one in plots if (one["here"], one["there"]) == ("France", "Israel"))
    table = an.keyness(
        study.counts().query("partner in ['France', 'Israel']"), reference="Israel"
    ).to_frame()
    z = table.set_index("feature")["statistic"]
    assert [point["side"] for point in plot["points"]] == [
        int(np.sign(z[point["word"]])) for point in plot["points"]
    ]
    strengths = [abs(z[point["word"]]) for point in plot["points"]]
    assert strengths == sorted(strengths, reverse=True)
    strongest = plot["points"][0]
    assert strongest["color"].upper() == COLORS["France" if strongest["side"] > 0 else "Israel"]


def test_the_higher_a_point_the_more_the_first_group_uses_the_word(study):
    for plot in plots_of(study)[0]:
        centres = {}
        for point in plot["points"]:
            centres.setdefault(point["counts"], []).append((point["x"], point["y"]))
        first = {counts: places[0] for counts, places in centres.items()}  # the seed in the middle
        for (one, at), (two, there) in combinations(first.items(), 2):
            assert np.sign(one[0] - two[0]) == np.sign(there[1] - at[1])
            assert np.sign(one[1] - two[1]) == np.sign(at[0] - there[0])


def test_labels_do_not_collide_and_stay_in_the_plot(study):
    for plot in plots_of(study)[0]:
        boxes = [point["box"] for point in plot["points"] if point["label"]]
        assert len(boxes) > 9
        assert not any(one.meets(two) for one, two in combinations(boxes, 2))
        assert all(box.left >= 34 and box.right <= 380 and box.bottom <= 306 for box in boxes)


@pytest.fixture(scope="module")
def many():
    """Twelve groups, each with a word of its own."""
    rows = [
        (f"d{n:02d}", f"g{n:02d}", f"Wind pays. The word{chr(97 + n)} is a word{chr(97 + n)}.")
        for n in range(14)
    ]
    articles = pd.DataFrame(rows, columns=["doc_id", "party", "text"])
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    return an.Study(articles, topics=energy, by="party")


def test_of_many_groups_each_is_plotted_against_the_rest_and_the_cut_is_said(many):
    plotted, pairs, uses = words_shown(many.keyness(), many.sentences, many.by)
    plots, _ = word_plots(plotted, uses, dict.fromkeys(many.groups, "#0072B2"), {})
    assert (len(plots), pairs) == (6, 14)
    assert {plot["there"] for plot in plots} == {""}
    text = words(lxml.html.document_fromstring(report_html(many)))
    assert "6 of 14 comparisons are shown; keyness.csv has all words." in text
    assert "and all others" in text


def test_without_whole_articles_the_words_bring_their_sentences(many, monkeypatch):
    monkeypatch.setattr(page, "MOST_LETTERS", 10)
    tree = lxml.html.document_fromstring(report_html(many))
    ids = set(tree.xpath("//@id"))
    marks = tree.xpath("//section[@id='plots']//a[@data-s]")
    assert marks and all(set(mark.get("data-s").split()) <= ids for mark in marks)
    assert "Sentences behind the words" in words(tree)
    assert tree.xpath("//div[@class='strip']//a") == []  # the boxes stay, without a link


def test_keyness_against_one_group_is_not_plotted(study):
    assert plots_of(study, reference="Israel") == ([], 0, [])
    assert words_shown(None, study.sentences, study.by)[:2] == ([], 0)


# Many groups, one palette, what is cut


def test_at_most_shares_the_room():
    assert at_most([], 10, 5) == 5
    assert at_most([3, 3], 10, 5) == 5
    assert at_most([3, 9, 9], 10, 9) == 3
    assert at_most([9] * 100, 10, 9) == 1  # one of each, whatever the room


def test_sentences_of_all_numbers_together_are_capped_and_it_is_said(study, monkeypatch):
    monkeypatch.setattr("analysis.report.cells.MOST_SHOWN", 12)
    tree = lxml.html.document_fromstring(report_html(study))
    assert len(tree.xpath("//section[@class='cell']//li")) < 23
    assert "1 of 9 sentences are shown; evidence.csv has all." in words(tree)


def test_a_chart_of_a_topic_has_the_higher_group_first_and_folds_the_rest(embedded, many):
    (chart,) = embedded.xpath("//section[@id='topic-defense_industry']/ul[@class='chart']")
    names = [words(one) for one in chart.xpath(".//*[@class='name']")]
    assert names == ["Israel", "Italy", "Russia", "France"]
    tree = lxml.html.document_fromstring(report_html(many))
    (topic,) = tree.xpath("//section[@id='topic-wind']")
    (chart,) = topic.xpath("./ul[@class='chart']")
    assert len(chart.xpath("./li")) == 12
    (rest,) = topic.xpath("./details[ul[@class='chart']]")
    assert words(rest.xpath("./summary")[0]) == "The other 2, from 50 % to 50 %"
    assert len(rest.xpath(".//li")) == 2


def test_colours_of_groups_are_those_of_the_figures(study, embedded):
    styles = styles_of(study.groups, study.groups)
    for group, (color, _) in styles.items():
        for link in embedded.xpath("//section[@id='topics']//ul[@class='chart']/li/a"):
            if words(link.xpath("./*[@class='name']")[0]) == group:
                assert link.get("style") == f"--g:{color}"
        (strip, *_) = embedded.xpath(f"//div[@class='strips'][h4[starts-with(., '{group}')]]")
        assert strip.get("style") == f"--g:{color}"


def test_heads_of_a_table_have_room_for_their_longest_word(study):
    assert head_width("Law") == 6.5
    assert head_width("Law and misunderstanding") > 16 * 0.6
    assert head_width("x" * 500) == head_width("x" * 28)  # a name without end may be broken


def test_a_share_axis_ends_near_the_highest_share_and_the_page_says_so():
    assert [axis_end(share) for share in (0, 0.05, 0.06, 0.31, 0.81, 1)] == [
        *(0.05, 0.05, 0.1, 0.4, 1.0, 1.0)
    ]
    rows = [(f"d{n}", "AB"[n % 2], "Wind pays. " + "Rain falls. " * 60) for n in range(12)]
    articles = pd.DataFrame(rows, columns=["doc_id", "party", "text"])
    energy = an.Dictionary("energy", (an.Topic("wind", ("wind",)),))
    tree = lxml.html.document_fromstring(report_html(an.Study(articles, topics=energy, by="party")))
    assert "The axis ends at 5 %." in words(tree)


def test_what_the_page_answers_with_is_there_in_both_languages(study):
    files = (ROOT / "analysis/report/answers").glob("*.toml")
    read = [tomllib.loads(file.read_text("utf-8")) for file in files]
    said = {words.pop("language"): words for words in read}
    assert said["en"].keys() == said["fr"].keys()
    placed = {key: [sorted(set(re.findall(r"{{ (\w+)", one[key]))) for one in said.values()]
              for key in said["en"]}  # fmt: skip
    assert [key for key, (one, two) in placed.items() if one != two] == []
    assert {re.match(r"\w+", one["language"])[0] for one in
            (read_language(name).words for name in ("english", "french"))} == set(said)  # fmt: skip
    french = words(lxml.html.document_fromstring(report_html(study, language="french")))
    assert "Deux groupes, mot à mot" in french and "Two groups" not in french


def test_an_article_without_a_body_sentence_has_no_strip(documents, energy):
    empty = pd.DataFrame({"doc_id": ["c"], "party": ["Blue"], "text": [" "]})
    articles = pd.concat([documents, empty], ignore_index=True)
    sentences = an.sentences(articles)
    tally = an.tally(an.codes(sentences, energy), "party")
    ways = an.specifications(sentences, energy, by="party")
    tables = tables_of(sentences, energy, an.emphasis(tally), an.contrasts(tally), ways)
    tree = lxml.html.document_fromstring(report_html(replace(tables, documents=articles)))
    assert len(tree.xpath("//div[@class='strips']")) == 2


def test_letters_are_wide_enough_for_any_font():
    assert wordplots.LETTER >= 0.6 * wordplots.SIDE
