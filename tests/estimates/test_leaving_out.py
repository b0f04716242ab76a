"""What the numbers rest on: one article, one pattern, the event."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import (
    MEASURES,
    Dictionary,
    InputError,
    Topic,
    codes,
    contrasts,
    emphasis,
    event_only,
    leave_one_article_out,
    leave_one_out,
    leave_one_pattern_out,
    sentences,
    tally,
)
from tests.brute_force import without as without_pattern

ENERGY = Dictionary(
    "energy", (Topic("wind", ("wind", "wind power", "gale*", "storm*")), Topic("sun", ("solar",)))
)
ARTICLES = pd.DataFrame(
    [
        ("a", "Green", "Wind power pays. Wind. Coal."),
        ("b", "Green", "Gales. Coal. Coal. Coal. Solar."),
        ("c", "Red", "Wind. Coal. Coal."),
        ("d", "Blue", "Coal. Coal."),
    ],
    columns=["doc_id", "party", "text"],
)
TABLE = sentences(ARTICLES)
CODES = codes(TABLE, ENERGY)
COLUMNS = ["party", "topic", "left_out", "hits", "size", "estimate", "change", "flips"]


def rows(table, topic, *columns):
    return table.loc[table["topic"] == topic, list(columns)].to_numpy().tolist()


def test_without_each_article():
    got = leave_one_article_out(CODES, "party")
    assert list(got.columns) == COLUMNS
    assert rows(got, "wind", "party", "left_out", "hits", "size", "flips") == [
        ["Blue", "d", 0, 0, ""],
        ["Green", "a", 1, 5, "Red"],  # 3 of 8 led 1 of 3; 1 of 5 does not
        ["Green", "b", 2, 3, ""],
        ["Red", "c", 0, 0, ""],
    ]
    change = got.set_index(["topic", "left_out"])["change"]
    assert change["wind", "a"] == 1 / 5 - 3 / 8
    assert pd.isna(change["wind", "c"])
    assert rows(got, "sun", "left_out", "flips")[2] == ["b", "Blue; Red"]  # ties do not hold


def test_without_each_pattern():
    got = leave_one_pattern_out(TABLE, ENERGY, by="party")
    assert list(got.columns) == COLUMNS
    assert rows(got, "wind", "left_out", "party", "hits", "size", "flips") == [
        ["gale*", "Blue", 0, 2, ""],
        ["gale*", "Green", 2, 8, "Red"],  # 2 of 8 against 1 of 3
        ["gale*", "Red", 1, 3, "Green"],
        ["wind", "Blue", 0, 2, "Red"],
        ["wind", "Green", 2, 8, ""],
        ["wind", "Red", 0, 3, "Blue"],
        ["wind power", "Blue", 0, 2, ""],
        ["wind power", "Green", 3, 8, ""],  # "wind" takes its place
        ["wind power", "Red", 1, 3, ""],
    ]
    assert {row[0] for row in rows(got, "sun", "left_out")} == {"solar"}


def test_a_pattern_left_out_leaves_the_matches_of_all_topics():
    got = leave_one_pattern_out(TABLE, ENERGY, by="party", measure="composition")
    green = got[(got["party"] == "Green") & (got["left_out"] == "gale*")]
    assert green[["hits", "size"]].to_numpy().tolist() == [[2, 3]]  # of 3 on wind, 1 on the sun


@settings(deadline=None, max_examples=10)
@given(
    st.lists(
        st.lists(
            st.sampled_from(["Wind", "Wind power", "Gales", "Solar gales", "Coal"]), max_size=4
        ),
        min_size=2,
        max_size=4,
    ),
    st.sampled_from(list(MEASURES)),
    st.booleans(),
)
def test_it_is_what_one_gets_without_it(texts, measure, exclusive):
    articles = pd.DataFrame(
        [(str(n), "Green" if n % 2 else "Red", ". ".join(text)) for n, text in enumerate(texts)],
        columns=["doc_id", "party", "text"],
    )
    wind = Topic("wind", ("wind", "wind power", "gale*"))
    dictionary = Dictionary(
        "energy", (wind, Topic("sun", ("solar", "solar gale*"))), exclusive=exclusive
    )
    table = sentences(articles)

    def estimates(table, dictionary):
        found = emphasis(tally(codes(table, dictionary), "party"), measure=measure).to_frame()
        return found.set_index(["party", "topic"])[["hits", "size", "estimate"]]

    full = estimates(table, dictionary)
    columns = ["hits", "size", "estimate"]
    for row in leave_one_article_out(
        codes(table, dictionary), "party", measure=measure
    ).itertuples():
        without = estimates(table.assign(section=table["section"].where(
            table["doc_id"] != row.left_out, "left out")), dictionary)  # fmt: skip
        wanted = without.loc[(row.party, row.topic)]
        assert [getattr(row, c) for c in columns] == pytest.approx(list(wanted), nan_ok=True)
    for row in leave_one_pattern_out(table, dictionary, by="party", measure=measure).itertuples():
        without = estimates(table, without_pattern(dictionary, {row.topic: row.left_out}))
        wanted = without.loc[(row.party, row.topic)]
        assert [getattr(row, c) for c in columns] == pytest.approx(list(wanted), nan_ok=True)
        change = wanted["estimate"] - full.loc[(row.party, row.topic), "estimate"]
        assert row.change == pytest.approx(change, nan_ok=True, abs=1e-9)


def test_a_dictionary_that_finds_nothing_rests_on_no_pattern():
    nothing = Dictionary("energy", (Topic("wind", ("gas",)),))
    got = leave_one_pattern_out(TABLE, nothing, by="party")
    assert list(got.columns) == COLUMNS
    assert got.empty


def test_groups_of_several_columns():
    table = TABLE.assign(year=["2020", "2024"][0])
    got = leave_one_article_out(codes(table, ENERGY), ["party", "year"])
    assert list(got.columns)[:2] == ["party", "year"]
    assert rows(got, "wind", "left_out", "flips")[1] == ["a", "Red, 2020"]


ROLES = TABLE[["doc_id", "sentence_id"]].assign(role="event")
# The second sentence of a, and all of c, are background.
ROLES.loc[[1, 8, 9, 10], "role"] = "background"


def test_the_event_alone():
    got = event_only(CODES, ROLES, by="party")
    assert list(got.columns) == COLUMNS
    assert rows(got, "wind", "party", "left_out", "hits", "size", "flips") == [
        ["Blue", "background", 0, 2, ""],
        ["Green", "background", 2, 7, ""],
        ["Red", "background", 0, 0, ""],
    ]
    background = event_only(CODES, ROLES, by="party", role="background")
    assert rows(background, "wind", "hits", "size") == [[0, 0], [1, 1], [1, 3]]
    assert set(background["left_out"]) == {"event"}


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (ROLES[1:], "have no role: a 1;"),
        (pd.concat([ROLES, ROLES[:1]]), "have two roles: a 1;"),
        (pd.concat([ROLES, ROLES[:1].assign(sentence_id=9)]), "no body sentences: a 9;"),
        (ROLES.assign(role="x"), "role='event' is not a role in the table; choose one of x"),
        (ROLES.drop(columns="role"), "the roles table has no column 'role'"),
    ],
)
def test_roles_that_do_not_fit(roles, message):
    with pytest.raises(InputError, match=message):
        event_only(CODES, roles, by="party")


def test_refusals():
    with pytest.raises(InputError, match="measure='share' is not a measure"):
        leave_one_article_out(CODES, "party", measure="share")
    with pytest.raises(InputError, match="the codes table has no column 'group'"):
        leave_one_article_out(CODES, "group")
    with pytest.raises(InputError, match="'topic' cannot form groups"):
        leave_one_article_out(CODES, "topic")


# The differences between groups


WIND = Dictionary("energy", (Topic("wind", ("wind",)), Topic("sun", ("solar",))))


def codes_of(*rows):
    """Codes of articles of rows (party, sentences on wind, sentences)."""
    texts = [
        (
            f"{party}{number}",
            party,
            " ".join(["Wind pays."] * hits + ["Coal falls."] * (size - hits)),
        )
        for number, (party, hits, size) in enumerate(rows)
    ]
    frame = pd.DataFrame(texts, columns=["doc_id", "party", "text"])
    return codes(sentences(frame.assign(outlet=list("xxyzz")[: len(rows)])), WIND)


CARRIED = codes_of(("A", 4, 5), ("A", 0, 5), ("B", 1, 5))


def test_each_article_is_left_out():
    table = leave_one_out(CARRIED, "party")
    assert set(table["topic"]) == {"wind"}  # nobody mentions the sun
    by_article = table.set_index("left_out")
    assert list(by_article.index) == ["A0", "A1", "B2"]
    assert by_article["difference"].to_list() == pytest.approx([4 / 10 - 1 / 5] * 3)
    assert by_article["difference_without"].to_list() == pytest.approx(
        [0 - 1 / 5, 4 / 5 - 1 / 5, np.nan], nan_ok=True
    )
    assert by_article["flips"].to_list() == [True, False, False]
    assert by_article[["hits", "size"]].to_numpy().tolist() == [[4, 5], [0, 5], [1, 5]]


def test_contrasts_count_what_it_names():
    counted = contrasts(tally(CARRIED, "party")).to_frame()
    wind = counted[counted["topic"] == "wind"]
    assert wind["sign_flips"].item() == leave_one_out(CARRIED, "party")["flips"].sum() == 1


COUNTS = st.sampled_from([(0, 2), (1, 2), (1, 3), (2, 4)])


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.sampled_from("ABC"), COUNTS), min_size=1, max_size=5))
def test_the_estimates_without_an_article_name_the_same_flips(articles):
    coded = codes_of(*((party, *counts) for party, counts in articles))
    pairs = leave_one_out(coded, "party").query("flips == True")
    other = pairs["target"].where(pairs["target"] != pairs["group"], pairs["reference"])
    named = pd.Series(other.to_list(), pairs["left_out"].to_list(), dtype=object)
    cells = leave_one_article_out(coded, "party").set_index("left_out")["flips"]
    cells = cells[cells != ""].str.split("; ").explode()
    assert sorted(named.items()) == sorted(cells.items())


def test_other_references_and_clusters():
    coded = codes_of(("A", 4, 5), ("A", 0, 5), ("B", 1, 5), ("C", 0, 5))
    rest = leave_one_out(coded, "party", reference="rest")
    assert set(rest["reference"]) == {"rest"}
    assert len(rest) == 3 * 4
    outlets = leave_one_out(coded, "party", cluster="outlet")
    own = outlets[(outlets["target"] == "A") & (outlets["reference"] == "B")]
    assert list(own["left_out"]) == ["x", "y"]
    assert own["difference_without"].isna().all()  # each is all that its group has
    scaled = leave_one_out(coded, "party", measure="per_1000_words")
    assert scaled["difference"].max() == pytest.approx(1000 * 4 / 20)


def test_an_article_of_one_sentence_is_left_out_too():
    table = leave_one_out(codes_of(("A", 1, 1), ("A", 0, 3), ("B", 1, 5)), "party")
    assert table["difference_without"].to_list()[:2] == pytest.approx([0 - 1 / 5, 1 - 1 / 5])


def test_pairs_are_those_of_contrasts_also_where_columns_sort_otherwise():
    # By columns "A" stands before "A B"; as labels, "A B, x" before "A, y".
    coded = codes_of(("A", 4, 5), ("A", 0, 5), ("A B", 1, 5)).assign(region="x")
    coded.loc[coded["party"] == "A", "region"] = "y"
    by = ["party", "region"]
    left_out = leave_one_out(coded, by)[["target", "reference"]].drop_duplicates()
    contrast = contrasts(tally(coded, by)).to_frame().query("topic == 'wind'")
    assert left_out.iloc[0].to_list() == contrast.iloc[0][["target", "reference"]].to_list()
    assert left_out["target"].item() == "A B, x"


def test_nothing_to_compare():
    table = leave_one_out(codes_of(("A", 1, 5), ("A", 0, 5)), "party")
    assert table.empty
    assert list(table.columns)[:4] == ["topic", "target", "reference", "left_out"]
