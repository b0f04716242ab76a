"""What the explorer shows: its numbers are those of the plain functions, and text is only text."""

import pandas as pd
import pytest

import analysis as an
from analysis import Dictionary, InputError, Topic
from analysis.study import looking

EVIL = "<script>evil</script>"


@pytest.fixture
def study(documents, energy):
    return an.Study(documents, topics=energy, by="party")


@pytest.fixture
def evil():
    """A study whose names and texts would run in a browser."""
    texts = {"doc_id": [EVIL, "b"], EVIL: [EVIL, "Red"], "text": [f"Wind {EVIL} grows.", "Wind."]}
    return an.Study(pd.DataFrame(texts), topics=Dictionary("d", (Topic("w", ("wind",)),)), by=EVIL)


def test_the_picture_is_of_what_was_chosen(study):
    cells = study.emphasis().to_frame()
    shown = looking.chosen_emphasis(study, ["wind", "coal"], ["Red"]).to_frame()
    expected = cells[cells["topic"].isin(["wind", "coal"]) & (cells["party"] == "Red")]
    pd.testing.assert_frame_equal(shown, expected.reset_index(drop=True), check_exact=True)
    assert len(looking.chosen_emphasis(study, [], []).estimates) == len(cells)
    html = looking.picture(study, ["wind"], ["Red"]).html
    assert html.count("<img ") == 1
    assert html.count("<tr>") == 2  # the head, and one cell


def test_more_than_a_figure_holds_is_a_table(study, monkeypatch):
    monkeypatch.setattr("analysis.figures.canvas.MOST_GROUPS", 7)
    html = looking.picture(study).html
    assert "Choose fewer groups" in html
    assert (html.count("<img "), html.count("<tr>")) == (0, 9)


def test_the_spread_of_a_pattern_is_the_emphasis_of_a_topic_of_it(study):
    table = looking.spread(study, "wind")
    topics = Dictionary("d", (Topic("t", ("wind",)),))
    cells = study.anew(topics=topics).emphasis().to_frame().set_index("party")
    rows = table.set_index("party")
    assert list(rows.index) == ["Green", "Red"]
    assert rows["sentences"].to_dict() == cells["hits"].to_dict() == {"Green": 1, "Red": 1}
    assert rows["per_1000_words"].to_dict() == cells["per_1000_words"].to_dict()
    assert rows[["in articles", "of articles"]].to_numpy().tolist() == [[1, 1], [1, 1]]
    assert set(rows[""]) == {"█" * 24}
    assert set(looking.spread(study, "storm")[""]) == {""}


def test_lines_are_those_of_the_body_of_some_groups(study):
    found = looking.lines(study, "solar", sort="right")
    assert list(found["right"]) == ["bring jobs", "replaces coal", "roofs pay"]
    pd.testing.assert_frame_equal(
        looking.lines(study, "solar", groups=["Red"]),
        an.kwic(study.sentences[study.sentences["party"] == "Red"], "solar", window=8),
    )


def test_lines_that_are_not_shown_are_counted(study, monkeypatch):
    monkeypatch.setattr(looking, "MOST", 2)
    html = looking.lines_html(looking.lines(study, "solar"), study.by)
    assert html.count("<mark>Solar</mark>") == 2
    assert "The first 2 of 3 lines." in html
    assert "1 line." in looking.lines_html(looking.lines(study, "prices"), study.by)


def test_other_patterns_and_what_they_move(study):
    other = study.with_(topics=looking.edited(study.dictionary, "sun", core="solar roof*\n\nwind"))
    effect = looking.effect(study, other, "sun").set_index("party")
    assert effect.loc["Green"].to_list() == [2, 2, 3, 2 / 3, 2 / 3]
    assert effect.loc["Red"].to_list() == [1, 1, 3, 1 / 3, 1 / 3]
    found = looking.moved(study, other, "sun")
    assert found[["change", "doc_id", "sentence_id"]].to_numpy().tolist() == [
        ["new", "a", 1],
        ["gone", "a", 3],
        ["", "a", 2],
        ["", "b", 2],
    ]
    html = looking.moved_html(study, other, "sun", found)
    quotes = [item.partition(" <small>")[0] for item in html.split("<li>")[1:]]
    assert quotes == [
        "<b>new</b> <mark>Wind</mark> farms grow.",
        "<b>gone</b> <mark>Solar</mark> replaces coal.",
        "<mark>Solar roofs</mark> pay.",
        "<mark>Wind</mark>, <mark>wind</mark> and solar bring jobs.",
    ]
    assert "4 sentences. 1 new, 1 gone." in html
    none = looking.moved_html(study, other, "sun", found.head(0))
    assert "0 sentences. 0 new, 0 gone." in none
    assert set(looking.moved(study, other, "sun", ["Red"])["party"]) == {"Red"}
    assert [one.core for one in other.dictionary.topics if one.name != "sun"] == [
        one.core for one in study.dictionary.topics if one.name != "sun"
    ]


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        ({"core": "solar\n\n*"}, "patterns, line 3: core: "),
        ({"core": " \n"}, "topic 'sun' has no pattern; write one a line"),
        ({"exclude": "..."}, "patterns, line 1: exclude: "),
        ({"kore": "x"}, "part='kore' is not a part of a topic"),
    ],
)
def test_what_cannot_be_a_pattern_is_named_by_its_line(study, patterns, message):
    with pytest.raises(InputError) as error:
        looking.edited(study.dictionary, "sun", **patterns)
    assert str(error.value).startswith(message)


def test_patterns_that_find_nothing_are_named(study):
    assert looking.silent_html(looking.of_topic(study, "sun")) == ""
    other = study.with_(topics=looking.edited(study.dictionary, "sun", core="slar\nsolar"))
    assert (
        looking.silent_html(looking.of_topic(other, "sun"))
        == "<p>1 of 2 patterns found nothing: slar.</p>"
    )
    assert looking.silent_html(looking.of_topic(other, "wind")) == ""


def test_texts_and_names_never_act(evil):
    other = evil.with_(topics=looking.edited(evil.dictionary, "w", core=f"wind\n{EVIL}"))
    shown = [
        looking.picture(evil).html,
        an.table_html(looking.spread(evil, EVIL)).html,
        looking.lines_html(looking.lines(evil, "wind"), evil.by),
        looking.lines_html(looking.lines(evil, EVIL), evil.by),
        looking.moved_html(evil, other, "w", looking.moved(evil, other, "w")),
        looking.silent_html(
            looking.of_topic(
                evil.with_(topics=looking.edited(evil.dictionary, "w", core="<b>")), "w"
            )
        ),
        looking.alert_html(EVIL),
        looking.kept_html(looking.Path(f"{EVIL}.toml")),
    ]
    for html in shown:
        assert "&lt;" in html
        assert "<script" not in html
        assert "<b>." not in html
