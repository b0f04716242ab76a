"""The audit of a dictionary, on articles that can be counted on fingers."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import Dictionary, InputError, Topic, audit, kwic, matches, sentences, suggestions
from analysis.validation.auditing import found_nothing

TABLE = sentences(
    pd.DataFrame(
        {
            "doc_id": ["a", "b"],
            "party": ["Red", "Green"],
            "text": [
                "Wind power pays. Wind blows. The gas turbine hums.",
                "Turbines turn in the wind. Turbines pay. Coal burns and coal smokes.",
            ],
        }
    )
)
ENERGY = Dictionary(
    "energy",
    (
        Topic(
            "wind",
            core=("wind", "wind power", "storm", "gas turbine"),
            broad=("turbine*",),
            exclude=("the gas *",),
        ),
        Topic("fossil", core=("coal", "Gas Turbine")),
    ),
)
COLUMNS = [
    *["topic", "pattern", "tier", "matches", "sentences", "articles", "share", "lost", "taken_by"],
    "also_in",
]
BARRED = "exclude: the gas * (1)"


def rows(table):
    return [tuple(row) for row in table.to_numpy(object)]


def test_what_each_pattern_does():
    table = audit(ENERGY, TABLE)
    assert list(table.columns) == COLUMNS
    assert rows(table) == [
        ("wind", "wind", "core", 2, 2, 2, 2 / 3, 1, "wind power (1)", ""),
        ("wind", "wind power", "core", 1, 1, 1, 1 / 3, 0, "", ""),
        ("wind", "storm", "core", 0, 0, 0, 0.0, 0, "", ""),
        ("wind", "gas turbine", "core", 0, 0, 0, 0.0, 1, BARRED, "fossil"),
        ("wind", "turbine*", "broad", 2, 2, 1, 2 / 5, 1, BARRED, ""),
        ("fossil", "coal", "core", 2, 1, 1, 2 / 3, 0, "", ""),
        ("fossil", "Gas Turbine", "core", 1, 1, 1, 1 / 3, 0, "", "wind"),
    ]


def test_by_group_every_group_has_every_pattern():
    table = audit(ENERGY, TABLE, by="party")
    assert list(table.columns) == ["party", *COLUMNS]
    assert table["party"].to_list() == ["Green"] * 7 + ["Red"] * 7
    assert rows(table[table["pattern"] == "wind"]) == [
        ("Green", "wind", "wind", "core", 1, 1, 1, 1.0, 0, "", ""),
        ("Red", "wind", "wind", "core", 1, 1, 1, 1 / 2, 1, "wind power (1)", ""),
    ]
    assert table.groupby("party")["matches"].sum().to_dict() == {"Green": 5, "Red": 3}
    whole = audit(ENERGY, TABLE).drop(columns=["share", "taken_by"])
    counted = ["matches", "sentences", "articles", "lost"]
    assert table.groupby("pattern")[counted].sum().equals(whole.groupby("pattern")[counted].sum())


def test_a_group_without_text_has_every_pattern_too():
    empty = TABLE.assign(section=TABLE["section"].where(TABLE["party"] == "Red", "boilerplate"))
    table = audit(ENERGY, empty, by=["party"])
    assert table.groupby("party")["matches"].sum().to_dict() == {"Green": 0, "Red": 3}
    assert len(table) == 14


@pytest.mark.parametrize("by", ["share", "doc_id", "pattern"])
def test_columns_that_cannot_form_groups(by):
    with pytest.raises(InputError, match=f"'{by}' cannot form groups"):
        audit(ENERGY, TABLE.assign(share=1, pattern=1), by=by)
    with pytest.raises(InputError, match="no column 'colour'"):
        audit(ENERGY, TABLE, by="colour")


def taken(text, *topics, **parts):
    """What each pattern loses, and to whom, in one text."""
    table = audit(
        Dictionary("d", topics, **parts),
        sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]})),
    )
    return {
        row.pattern: (row.matches, row.lost, row.taken_by)
        for row in table.itertuples()
    }  # fmt: skip


def test_who_takes_a_place():
    patterns = ("york", "new york", "new york times")
    text = "New York Times, York, new york; New York times"
    assert taken(text, Topic("x", patterns)) == {
        "york": (1, 3, "new york times (2), new york (1)"),
        "new york": (1, 2, "new york times (2)"),
        "new york times": (2, 0, ""),
    }
    # The same words twice: one of the two has the match.
    assert taken("Wind.", Topic("x", ("wind", "WIND"))) == {
        "WIND": (1, 0, ""),
        "wind": (0, 1, "WIND (1)"),
    }
    # A match of its own takes nothing from a pattern.
    assert taken("a a a a", Topic("x", ("a a",))) == {"a a": (2, 0, "")}
    assert taken("a b b, b", Topic("x", ("a ... b",))) == {"a ... b": (1, 0, "")}


def test_where_topics_compete_another_may_take_a_place():
    topics = (Topic("city", ("new york",)), Topic("paper", ("new york times", "times")))
    assert taken("The New York Times.", *topics, exclusive=True) == {
        "new york": (0, 1, "paper: new york times (1)"),
        "new york times": (1, 0, ""),
        "times": (0, 1, "new york times (1)"),
    }
    assert taken("The New York Times.", *topics)["new york"] == (1, 0, "")


unit = st.sampled_from(["a", "b", "a*", "a b", "b a", "a b a", "a ... b", "*b"])
some = st.lists(unit, max_size=4, unique=True).map(tuple)
topic = st.builds(lambda core, broad, bars: (core, broad, bars), some.filter(bool), some, some)


@given(st.text("ab ", max_size=12), st.lists(topic, min_size=1, max_size=3), st.booleans())
def test_the_audit_agrees_with_the_matches(text, parts, exclusive):
    topics = tuple(Topic(f"t{n}", *each) for n, each in enumerate(parts))
    dictionary = Dictionary("d", topics, exclusive=exclusive)
    table = sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    audited = audit(dictionary, table)
    for tier in ("core", "broad"):
        found = matches(table, dictionary, tier=tier).groupby(["topic", "pattern"]).size().to_dict()
        for row in audited[audited["tier"] == tier].itertuples():
            assert row.matches == found.get((row.topic, row.pattern), 0)
    taken = audited["taken_by"].str.findall(r"\((\d+)\)(?:, |$)")
    assert taken.map(lambda counts: sum(map(int, counts))).to_list() == audited["lost"].to_list()


def test_suggestions_are_words_of_the_topic_that_no_pattern_has():
    table = suggestions(ENERGY, TABLE, topic="wind")
    words = table["feature"].to_list()
    assert "wind" not in words
    assert {"pays", "blows", "turbines", "turn", "power"} == set(words)
    turbines = table.set_index("feature").loc["turbines"]
    counted = turbines[["count_on_topic", "count_elsewhere", "articles"]]
    assert counted.to_list() == [1, 1, 1]
    assert table["statistic"].is_monotonic_decreasing
    assert len(suggestions(ENERGY, TABLE, topic="wind", most=2)) == 2


def test_phrases_are_suggested_as_they_would_be_written_in_a_dictionary():
    before = repr(ENERGY)
    text = "The wind turns the blades of towers; France's fans/rotors need 12 engineers. They rest."
    table = sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    found = {
        n: set(suggestions(ENERGY, table, topic="wind", most=99, most_words=n)["feature"])
        for n in (1, 2, 3)
    }
    words = {"turns", "blades", "towers", "france", "fans", "rotors", "need", "engineers"}
    assert found[1] == words
    # Not "turns the" (a stop word), "france fans", "fans rotors", "need engineers" (not so written)
    assert found[2] == words | {"rotors need"}
    assert found[3] == words | {"rotors need", "turns the blades", "blades of towers"}
    for phrase in found[3]:
        assert len(kwic(table, phrase)) > 0
    assert repr(ENERGY) == before
    with pytest.raises(InputError, match="most_words=0 is less than 1"):
        suggestions(ENERGY, table, topic="wind", most_words=0)


def test_nothing_to_suggest():
    nothing = Dictionary("d", (Topic("t", ("storm",)),))
    assert suggestions(nothing, TABLE, topic="t").empty
    assert list(suggestions(nothing, TABLE, topic="t").columns) == list(
        suggestions(ENERGY, TABLE, topic="wind").columns
    )
    with pytest.raises(InputError, match="topic='sun' is not a topic of the dictionary"):
        suggestions(ENERGY, TABLE, topic="sun")


def test_where_words_end_is_for_the_segmenter_to_say():
    words = {"中国网络": ["中国", "网络"]}
    topics = Dictionary("d", (Topic("x", ("国网", "网络")),), segmenter=words.get)
    documents = pd.DataFrame({"doc_id": ["a"], "text": ["中国网络"]})
    table = audit(topics, sentences(documents, segmenter=words.get))
    assert table[["pattern", "matches", "lost"]].to_numpy().tolist() == [
        ["国网", 0, 0],
        ["网络", 1, 0],
    ]


def test_patterns_that_find_nothing_are_named_or_counted():
    table = sentences(pd.DataFrame({"doc_id": ["a"], "text": ["Wind power pays."]}))

    def said(*topics):
        return found_nothing(audit(Dictionary("d", topics), table))

    assert said(Topic("wind", ("wind", "wind power"))) == ""  # a place that another takes is one
    assert (
        said(Topic("wind", ("wind*",), broad=("gale",))) == "1 of 2 patterns found nothing: gale."
    )
    many = tuple(f"word{number}" for number in range(13))
    assert said(Topic("wind", ("wind",)), Topic("storm", many)) == (
        "13 of 14 patterns found nothing. Topics without a match: storm."
    )
