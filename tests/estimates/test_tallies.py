"""The tally: six sentences whose counts can be checked on fingers, and the laws of merging."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import MEASURES, Dictionary, InputError, Tally, Topic, codes, merge, sentences, tally
from analysis.estimates.tallies import TALLY_COLUMNS, as_tally

ENERGY = Dictionary("energy", (Topic("wind", ("wind power", "wind")), Topic("sun", ("solar",))))
# Green: 4 sentences, 12 words; Red: 2 sentences, 5 words.
ARTICLES = pd.DataFrame(
    [
        ("a", "Green", "one", "Wind power and wind pay. Solar pays. Coal falls."),
        ("b", "Green", "one", "We close mines."),
        ("c", "Red", "two", "Coal pays people. Wind falls."),
    ],
    columns=["doc_id", "party", "outlet", "text"],
)


def coded(articles=ARTICLES):
    return codes(sentences(articles), ENERGY)


def same(one, other):
    """Two tallies, or a tally and its table, are equal in every cell."""
    one, other = as_tally(one), as_tally(other)
    pd.testing.assert_frame_equal(one.table, other.table)
    return one.design == other.design


def rows(counted, measure, topic):
    table = counted.to_frame()
    chosen = table[(table["measure"] == measure) & (table["topic"] == topic)]
    return list(chosen[["party", "hits", "size", "articles"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("measure", "topic", "expected"),
    [
        ("sentence_share", "wind", [("Green", 0, 1, 1), ("Green", 1, 3, 1), ("Red", 1, 2, 1)]),
        ("sentence_share", "sun", [("Green", 0, 1, 1), ("Green", 1, 3, 1), ("Red", 0, 2, 1)]),
        ("per_1000_words", "wind", [("Green", 0, 3, 1), ("Green", 2, 9, 1), ("Red", 1, 5, 1)]),
        ("word_share", "wind", [("Green", 0, 3, 1), ("Green", 3, 9, 1), ("Red", 1, 5, 1)]),
        ("word_share", "sun", [("Green", 0, 3, 1), ("Green", 1, 9, 1), ("Red", 0, 5, 1)]),
        ("composition", "wind", [("Green", 0, 0, 1), ("Green", 2, 3, 1), ("Red", 1, 1, 1)]),
        ("composition", "sun", [("Green", 0, 0, 1), ("Green", 1, 3, 1), ("Red", 0, 1, 1)]),
        ("article_share", "wind", [("Green", 0, 1, 1), ("Green", 1, 1, 1), ("Red", 1, 1, 1)]),
    ],
)
def test_measures_by_hand(measure, topic, expected):
    assert rows(tally(coded(), "party"), measure, topic) == expected


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_at_most_one_hit_a_unit(measure):
    table = tally(coded(), "party").of(measure)
    assert table["hits"].between(0, table["size"]).all()
    assert table["hits"].any()
    if MEASURES[measure].of_text:  # then every article of one sentence or more has a size
        assert (table["size"] > 0).all()
    assert MEASURES[measure].unit in MEASURES[measure].axis


def test_columns_are_integers_in_a_fixed_order():
    table = tally(coded(), "party").table
    assert list(table.columns) == ["party", *TALLY_COLUMNS]
    assert (table[["hits", "size", "articles"]].dtypes == np.int64).all()
    assert list(table["measure"].drop_duplicates()) == list(MEASURES)
    both = tally(coded(), ["outlet", "party"])
    assert both.by == ("outlet", "party")
    assert list(both.table.columns) == [*both.by, *TALLY_COLUMNS]


@given(st.permutations(range(3)), st.integers(0, 3), st.randoms())
@settings(max_examples=30, deadline=None)
def test_any_order_and_any_split_give_the_same_table(order, cut, random):
    whole = tally(coded(), "party")
    assert same(tally(coded(ARTICLES.iloc[order]), "party"), whole)
    parts = [ARTICLES.iloc[order[:cut]], ARTICLES.iloc[order[cut:]]]
    tallies = [tally(coded(part), "party") for part in parts if len(part)]
    tallies = [part.table.sample(frac=1, random_state=random.randint(0, 9)) for part in tallies]
    assert same(merge(*tallies), whole)


def test_merging_adds_articles_and_nothing_else():
    table = tally(coded(), "party")
    doubled = merge(table, table)
    assert same(doubled, table.table.assign(articles=2 * table.table["articles"]))
    three = merge(merge(table, table), table)
    assert same(three, merge(table, merge(table, table)))


def test_another_group_moves_nobody():
    alone = tally(coded(ARTICLES[ARTICLES["party"] == "Green"]), "party")
    table = tally(coded(), "party").table
    assert same(alone, table[table["party"] == "Green"].reset_index(drop=True))


def test_an_article_without_text_stays_with_size_0():
    empty = ARTICLES.assign(text=ARTICLES["text"].where(ARTICLES["doc_id"] != "b", ""))
    assert rows(tally(coded(empty), "party"), "sentence_share", "wind")[0] == ("Green", 0, 0, 1)
    assert rows(tally(coded(empty), "party"), "article_share", "wind")[0] == ("Green", 0, 0, 1)


def test_only_the_sections_asked_for_count():
    table = coded()
    table.loc[table["doc_id"] == "c", "section"] = "headline"
    assert rows(tally(table, "party"), "sentence_share", "wind")[-1] == ("Red", 0, 0, 1)
    both = tally(table, "party", sections=("headline", "body"))
    pd.testing.assert_frame_equal(both.table, tally(coded(), "party").table)


def test_categories_of_groups_and_clusters_are_counted_as_their_texts():
    named = {
        "party": pd.CategoricalDtype(["Red", "Green"]),
        "outlet": pd.CategoricalDtype(["two", "one", "none"]),
    }
    texts = tally(coded(), "party", cluster="outlet").to_frame()
    categories = tally(coded(ARTICLES.astype(named)), "party", cluster="outlet").to_frame()
    categories["party"] = categories["party"].astype(str)
    keys = ["measure", "topic", "party", "hits", "size"]
    texts, categories = (one.sort_values(keys, ignore_index=True) for one in (texts, categories))
    pd.testing.assert_frame_equal(categories, texts, check_dtype=False)


def test_a_category_without_an_article_is_a_group_without_articles():
    categories = pd.CategoricalDtype(["Blue", "Green", "Red"])
    counted = tally(coded(ARTICLES.astype({"party": categories})), "party")
    table = counted.to_frame()
    assert rows(counted, "sentence_share", "wind")[0] == ("Blue", 0, 0, 0)
    assert set(table["measure"][table["party"] == "Blue"]) == set(MEASURES)
    others = table[table["party"] != "Blue"].reset_index(drop=True)
    assert same(others.astype({"party": "str"}), tally(coded(), "party"))


def test_articles_of_a_cluster_are_summed():
    table = tally(coded(), "party", cluster="outlet")
    assert rows(table, "sentence_share", "wind") == [("Green", 1, 4, 1), ("Red", 1, 2, 1)]
    assert rows(table, "per_1000_words", "wind") == [("Green", 2, 12, 1), ("Red", 1, 5, 1)]
    assert rows(table, "composition", "sun") == [("Green", 1, 3, 1), ("Red", 0, 1, 1)]


@pytest.mark.parametrize("blank", ["", " ", None])
def test_a_blank_group_is_refused(blank):
    table = coded()
    table.loc[table["doc_id"] == "b", "party"] = blank
    with pytest.raises(InputError, match=r"^'party' is blank in b; give every article its party$"):
        tally(table, "party")


def test_what_is_not_a_table_is_refused():
    with pytest.raises(InputError, match="'colour'"):
        tally(coded(), "colour")
    with pytest.raises(InputError, match="'outlets'"):
        tally(coded(), "party", cluster="outlets")
    with pytest.raises(InputError, match="there is no tally to merge"):
        merge()
    with pytest.raises(InputError, match="'articles'"):
        merge(tally(coded(), "party").table.drop(columns="articles"))
    with pytest.raises(InputError, match="the tally table has no column 'colour'"):
        Tally(tally(coded(), "party").table, by=("colour",))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1, 0.5, "two", None])
def test_counts_that_are_none(bad):
    table = coded().astype({"words": object})
    table.loc[0, "words"] = bad
    with pytest.raises(InputError, match=r"^the codes table has a 'words' that is not a who"):
        tally(table, "party")
    table = tally(coded(), "party").table.astype({"hits": object})
    table.loc[0, "hits"] = bad
    with pytest.raises(InputError, match=r"^the tally table has a 'hits' .*; give counts, not sh"):
        as_tally(table)


def test_tallies_by_other_columns_are_not_merged():
    table = pd.DataFrame(
        {
            "party": ["G"],
            "measure": "sentence_share",
            "topic": "t",
            "hits": 1,
            "size": 2,
            "articles": 1,
        }
    )
    with pytest.raises(InputError, match=r"one tally is by party \(.*\), another by outlet \("):
        merge(table, table.rename(columns={"party": "outlet"}))
    with pytest.raises(InputError, match="measure='x' is not a measure"):
        merge(table.assign(measure="x"))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"cluster": "outlet"}, "by party (cluster outlet, sections body)"),
        ({"sections": ("body", "headline")}, "by party (cluster doc_id, sections body, headline)"),
        ({"within": "outlet"}, "by party (cluster doc_id, sections body, within outlet)"),
    ],
)
def test_tallies_of_another_design_are_not_merged(options, named):
    articles, other = tally(coded(), "party"), tally(coded(), "party", **options)
    assert other.design == named
    for pair in ((articles, other), (other, articles), (articles.to_frame(), other)):
        with pytest.raises(InputError) as error:
            merge(*pair)
        one, two = (as_tally(part).design for part in pair)
        assert str(error.value) == (
            f"one tally is {one}, another {two}; "
            "merge tallies that were made with the same by, cluster, sections and within"
        )
    assert same(merge(other, other), merge(other, other))
    assert merge(other, other).design == named


def test_a_tally_shows_its_table_and_its_design():
    counted = tally(coded(), ["party", "outlet"], cluster="outlet")
    design = "by party, outlet (cluster outlet, sections body)"
    assert (counted.by, counted.cluster) == (("party", "outlet"), "outlet")
    assert counted.sections == ("body",)
    assert repr(counted).endswith(f"\n{design}")
    assert counted._repr_html_().endswith(f"</table>\n<p>{design}</p>")
    assert len(counted) == len(counted.table)
    copied = counted.to_frame()
    copied["hits"] = 0
    assert counted.table["hits"].any()
    assert as_tally(counted) is counted
    assert as_tally(counted.to_frame()).cluster == "doc_id"


def test_a_group_that_is_empty_in_one_part_only_is_not_empty():
    table = pd.DataFrame(
        {"g": pd.Categorical(["G", "R"]), "measure": "sentence_share", "topic": "t",
         "hits": [1, 0], "size": [2, 3], "articles": [1, 1]}
    )  # fmt: skip
    empty = table.assign(hits=0, size=0, articles=0)
    first = pd.concat([table.iloc[:1], empty.iloc[1:]])
    second = pd.concat([empty.iloc[:1], table.iloc[1:]])
    assert same(merge(first, second), merge(table))
    assert len(merge(empty)) == 2


def test_articles_cannot_form_groups():
    frame = pd.DataFrame({"doc_id": ["a"], "g": ["G"], "text": ["Wind."]})
    coded = codes(sentences(frame), Dictionary("d", (Topic("t", ("wind",)),)))
    with pytest.raises(InputError, match="'doc_id' cannot form groups"):
        tally(coded, "doc_id")


def test_article_share_counts_articles_also_of_an_outlet():
    frame = pd.DataFrame(
        {"doc_id": ["a", "b"], "g": "G", "outlet": "X", "text": ["Wind.", "Coal."]}
    )
    coded = codes(sentences(frame), Dictionary("d", (Topic("t", ("wind",)),)))
    row = tally(coded, "g", cluster="outlet").of("article_share").iloc[0]
    assert [row["hits"], row["size"], row["articles"]] == [1, 2, 1]
    with pytest.raises(InputError, match="'outlet' is blank in a, b"):
        tally(coded.assign(outlet=None), "g", cluster="outlet")


def test_a_tally_knows_the_confounders_it_was_made_with():
    codes = coded()
    codes["outlet"] = codes["outlet"].where(codes["doc_id"] != "a", "")  # unknown of one article
    whole = tally(codes, "party", within="outlet")
    assert [*whole.within] == ["outlet"]
    known = codes[codes["outlet"] != ""]
    pd.testing.assert_frame_equal(
        whole.within["outlet"].to_frame(), tally(known, ["party", "outlet"]).to_frame()
    )
    parts = [
        tally(part, "party", within="outlet") for _, part in codes.groupby("doc_id", sort=False)
    ]
    merged = merge(*parts)
    pd.testing.assert_frame_equal(merged.table, whole.table)
    pd.testing.assert_frame_equal(merged.within["outlet"].table, whole.within["outlet"].table)
    with pytest.raises(InputError, match="'party' forms the groups"):
        tally(codes, "party", within="party")


@pytest.mark.parametrize("name", ["hits", "size", "measure"])
def test_a_group_column_has_no_name_of_the_tables_own(name):
    with pytest.raises(InputError, match=f"{name}"):
        tally(coded(ARTICLES.rename(columns={"outlet": name})), ["party", name])


def test_tallies_are_compared_as_objects_and_say_their_design():
    one, other = tally(coded(), "party"), tally(coded(), "party")
    assert one == one and one != other  # their tables cannot be compared so
    assert repr(one).endswith("\nby party (cluster doc_id, sections body)")


def test_two_coders_of_one_sentence_would_count_twice(documents, energy):
    table = codes(sentences(documents), energy).assign(answer="yes")
    both = pd.concat([table.assign(coder=name) for name in ("Anna", "Ben")])
    with pytest.raises(
        InputError, match=r"several coders .* \(Anna, Ben\), which would count twice"
    ):
        tally(both, "party")
    assert set(tally(both, ["party", "coder"]).table["coder"]) == {"Anna", "Ben"}
    # Each has sentences of his own; and rows of one coder that stand twice are no second coder's.
    shared = table.assign(coder=np.where(table["doc_id"] == "a", "Anna", "Ben"))
    assert tally(shared, "party").table.equals(tally(table, "party").table)
    doubled = tally(pd.concat([table, table]).assign(coder="Anna"), "party").of("sentence_share")
    once = tally(table, "party").of("sentence_share")
    assert doubled["hits"].sum() == 2 * once["hits"].sum()


def test_a_tally_without_a_measure_says_what_it_has(documents, energy):
    whole = tally(codes(sentences(documents), energy), "party")
    share = Tally(whole.table[whole.table["measure"] == "word_share"], ("party",))
    assert len(share.of("word_share")) == len(share)
    with pytest.raises(InputError, match="no row of measure 'sentence_share'; it has word_share"):
        share.of("sentence_share")


def test_a_tally_is_itself_and_shown_without_the_numbers_of_rows(documents, energy):
    one, two = (tally(codes(sentences(documents), energy), "party") for _ in range(2))
    assert len({one, one, two}) == 2
    assert '<table class="dataframe">' in one._repr_html_()
    assert "<th>0</th>" not in one._repr_html_()
    assert "<p>by party (cluster doc_id, sections body)</p>" in one._repr_html_()


def test_topics_that_only_one_group_of_categories_has_stay_with_it(documents, energy):
    documents["party"] = pd.Categorical(documents["party"])
    table = codes(sentences(documents), energy)
    green, wind = table["party"] == "Green", table["topic"] == "wind"
    found = tally(table[(green & wind) | (~green & (table["topic"] == "coal"))], "party").table
    assert {*zip(found["party"], found["topic"], strict=True)} == {
        ("Green", "wind"),
        ("Red", "coal"),
    }
    assert (found["articles"] == 1).all()
