"""The texts are searched once: whoever is given the places finds what it would find itself."""

import tracemalloc

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis import Dictionary, InputError, Topic, places_of
from analysis.topics.matching import Matcher

TABLE = an.sentences(
    pd.DataFrame(
        {
            "doc_id": ["a", "b"],
            "party": ["Green", "Red"],
            "text": [
                "Wind power pays. They subsidise wind. Coal falls. Coal falls.",
                "The wind turbine hums. They subsidize coal. Solar pays.",
            ],
        }
    )
)
ENERGY = Dictionary(
    "energy",
    (
        Topic("wind", ("wind", "wind power", "subsidize*"), ("turbine*",), ("wind turbine hums",)),
        Topic("sun", ("solar",)),
    ),
    variants={"subsidize": ("subsidise",)},
)
READERS = {
    "codes": lambda table, **places: an.codes(table, ENERGY, **places),
    "broad codes": lambda table, **places: an.codes(table, ENERGY, tier="broad", **places),
    "matches": lambda table, **places: an.matches(table, ENERGY, **places),
    "specifications": lambda table, **places: an.specifications(
        table, ENERGY, by="party", **places
    ),
    "audit": lambda table, **places: an.audit(ENERGY, table, **places),
    "leave_one_pattern_out": lambda table, **places: an.leave_one_pattern_out(
        table, ENERGY, by="party", **places
    ),
    "suggestions": lambda table, **places: an.suggestions(ENERGY, table, topic="wind", **places),
}


@pytest.fixture
def searched(monkeypatch):
    """The texts of every search of the engine, a list a search."""
    searches = []
    search = Matcher.search

    def counted(self, texts):
        searches.append(list(texts))
        return search(self, texts)

    monkeypatch.setattr(Matcher, "search", counted)
    return searches


def test_the_texts_are_searched_once_and_those_with_another_spelling_again(searched):
    places = places_of(TABLE, ENERGY)
    for name, reader in READERS.items():
        if name != "suggestions":  # it looks for its words in the patterns as well
            reader(TABLE, places=places)
            reader(TABLE, places=places)
    assert searched == [
        list(dict.fromkeys(TABLE["text"])),
        ["They subsidise wind."],
    ]


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["state-run", "Staat-run", "state-\n", "Staat-\nrun", "run", "SUBSIDISED",
                 "subsi-\n", "dise", "subsidize", "re-subsidise", "off shore", "off-\nshore",
                 "offshore", "off-shore"]
            ),
            max_size=5,
        ).map(" ".join),
        max_size=4,
    )
)  # fmt: skip
def test_without_variants_the_places_are_those_of_a_search_without_them(texts):
    table = pd.DataFrame({"text": texts})
    topic = Topic("a", ("state-run", "subsidize*", "offshore", "* run", "{fuel} ... run"))
    spelled = {"state": ("staat",), "subsidize": ("subsidise",), "offshore": ("off shore",)}
    lists = {"fuel": ("offshore", "subsidized")}
    dictionary = Dictionary("d", (topic,), variants=spelled, lists=lists)
    got = places_of(table, dictionary).us_only
    expected = places_of(table, dictionary.us_only())

    def sets(places):
        return {
            number: {owner: sorted(own) for owner, own in here.items()}
            for number, here in places.found.items()
        }

    assert sets(got) == sets(expected)
    assert got.choose() == expected.choose()


@pytest.mark.parametrize("name", READERS)
def test_given_places_change_nothing(name):
    reader = READERS[name]
    pd.testing.assert_frame_equal(reader(TABLE, places=places_of(TABLE, ENERGY)), reader(TABLE))


@pytest.mark.parametrize("name", READERS)
def test_places_serve_for_a_part_of_their_sentences_in_any_order(name):
    reader, places = READERS[name], places_of(TABLE, ENERGY)
    part = TABLE[TABLE["sentence_id"] != 1].iloc[::-1]
    pd.testing.assert_frame_equal(reader(part, places=places), reader(part))


@pytest.mark.parametrize("name", READERS)
def test_places_of_other_sentences_or_another_dictionary_are_refused(name):
    few = places_of(TABLE.head(3), ENERGY)
    with pytest.raises(InputError, match=r"other sentences: 'The wind turbine hums.' is not among"):
        READERS[name](TABLE, places=few)
    other = places_of(TABLE, ENERGY.us_only())
    with pytest.raises(InputError, match=r"another dictionary \('energy'\) than 'energy', or with"):
        READERS[name](TABLE, places=other)


def test_places_of_an_equal_dictionary_serve():
    equal = Dictionary(ENERGY.name, ENERGY.topics, dict(ENERGY.variants))
    assert len(an.matches(TABLE, ENERGY, places=places_of(TABLE, equal))) == 5


def test_places_go_with_no_other_coder():
    vectorizer = an.DictionaryVectorizer(ENERGY)
    with pytest.raises(InputError, match="which this coder is not"):
        an.codes(TABLE, vectorizer, places=places_of(TABLE, ENERGY))


def test_the_table_has_a_row_a_match():
    places = places_of(TABLE, ENERGY)
    for tier in ("core", "broad"):
        columns = ["doc_id", "sentence_id", "topic", "pattern", "start", "end"]
        expected = an.matches(TABLE, ENERGY, tier=tier)[columns]
        pd.testing.assert_frame_equal(places.to_frame(tier=tier), expected)


def test_a_text_without_a_match_gives_empty_tables():
    table = TABLE[TABLE["text"] == "Coal falls."]
    places = places_of(table, ENERGY)
    assert places.to_frame().empty
    assert not an.codes(table, ENERGY, places=places)["coded"].any()


WORDS = st.sampled_from(["color", "colour", "grey", "gray", "wind", "red"])
PATTERNS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(
    st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=5),
    st.lists(PATTERNS | st.just("color ... gray"), min_size=1, max_size=4, unique=True),
    st.lists(PATTERNS, max_size=1),
)
def test_places_without_variants_are_those_of_the_dictionary_without(texts, patterns, exclude):
    table = pd.DataFrame({"text": texts})
    dictionary = Dictionary(
        "colours",
        (Topic("all", tuple(patterns), exclude=tuple(exclude)),),
        variants={"color": ("colour",), "gray": ("grey",)},
    )
    narrow, direct = places_of(table, dictionary).us_only, places_of(table, dictionary.us_only())
    assert narrow.choose() == direct.choose()


def test_places_hold_no_second_copy_of_the_texts():
    text = "".join(f"Number {n} of the long winter was a cold one in all. " for n in range(4000))
    table = an.sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    places_of(table[:9], ENERGY)  # what is made once
    tracemalloc.start()
    places = places_of(table, ENERGY)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(places.texts) == len(table) == 4000
    assert held < len(text)
    assert [*places.texts] == table["text"].to_list()
    assert places.texts[7:9] == table["text"].to_list()[7:9]
    assert (places.numbers(table) == places.numbers(table.copy())).all()
