"""The audit of a dictionary, on articles that can be counted on fingers."""

import pandas as pd
import pytest

from analysis import Dictionary, InputError, Topic, audit, sentences, suggestions

TABLE = sentences(
    pd.DataFrame(
        {
            "doc_id": ["a", "b"],
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
        Topic("fossil", core=("coal", "gas turbine")),
    ),
)


def test_what_each_pattern_does():
    table = audit(ENERGY, TABLE)
    assert list(table.columns) == [
        *["topic", "pattern", "tier", "matches", "sentences", "articles", "share", "lost"],
        "also_in",
    ]
    rows = [tuple(row) for row in table.to_numpy()]
    assert rows == [
        ("wind", "wind", "core", 2, 2, 2, 2 / 3, 1, ""),
        ("wind", "wind power", "core", 1, 1, 1, 1 / 3, 0, ""),
        ("wind", "storm", "core", 0, 0, 0, 0.0, 0, ""),
        ("wind", "gas turbine", "core", 0, 0, 0, 0.0, 1, "fossil"),
        ("wind", "turbine*", "broad", 2, 2, 1, 2 / 5, 1, ""),
        ("fossil", "coal", "core", 2, 1, 1, 2 / 3, 0, ""),
        ("fossil", "gas turbine", "core", 1, 1, 1, 1 / 3, 0, "wind"),
    ]


def test_suggestions_are_words_of_the_topic_that_no_pattern_has():
    table = suggestions(ENERGY, TABLE, "wind")
    words = table["feature"].to_list()
    assert "wind" not in words
    assert {"pays", "blows", "turbines", "turn", "power"} == set(words)
    turbines = table.set_index("feature").loc["turbines"]
    counted = turbines[["count_on_topic", "count_elsewhere", "articles"]]
    assert counted.to_list() == [1, 1, 1]
    assert table["statistic"].is_monotonic_decreasing
    assert len(suggestions(ENERGY, TABLE, "wind", most=2)) == 2


def test_nothing_to_suggest():
    nothing = Dictionary("d", (Topic("t", ("storm",)),))
    assert suggestions(nothing, TABLE, "t").empty
    assert list(suggestions(nothing, TABLE, "t").columns) == list(
        suggestions(ENERGY, TABLE, "wind").columns
    )
    with pytest.raises(InputError, match="topic='sun' is not a topic of the dictionary"):
        suggestions(ENERGY, TABLE, "sun")
