"""Leaving one article out: three articles, and what is left without each."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import analysis as an
from analysis.estimates.influence import flips, without_each

ENERGY = an.Dictionary("energy", (an.Topic("wind", ("wind",)), an.Topic("sun", ("solar",))))


def codes(*rows):
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
    return an.codes(an.sentences(frame.assign(outlet=list("xxyzz")[: len(rows)])), ENERGY)


CARRIED = codes(("A", 4, 5), ("A", 0, 5), ("B", 1, 5))


def test_each_article_is_left_out():
    table = an.leave_one_out(CARRIED, "party")
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
    counted = an.contrasts(an.tally(CARRIED, "party")).to_frame()
    wind = counted[counted["topic"] == "wind"]
    assert wind["sign_flips"].item() == an.leave_one_out(CARRIED, "party")["flips"].sum() == 1


COUNTS = st.sampled_from([(0, 2), (1, 2), (1, 3), (2, 4)])


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.sampled_from("ABC"), COUNTS), min_size=1, max_size=5))
def test_the_estimates_without_an_article_name_the_same_flips(articles):
    coded = codes(*((party, *counts) for party, counts in articles))
    pairs = an.leave_one_out(coded, "party").query("flips == True")
    other = pairs["target"].where(pairs["target"] != pairs["group"], pairs["reference"])
    named = pd.Series(other.to_list(), pairs["left_out"].to_list(), dtype=object)
    cells = an.leave_one_article_out(coded, "party").set_index("left_out")["flips"]
    cells = cells[cells != ""].str.split("; ").explode()
    assert sorted(named.items()) == sorted(cells.items())


def test_other_references_and_clusters():
    coded = codes(("A", 4, 5), ("A", 0, 5), ("B", 1, 5), ("C", 0, 5))
    rest = an.leave_one_out(coded, "party", reference="rest")
    assert set(rest["reference"]) == {"rest"}
    assert len(rest) == 3 * 4
    outlets = an.leave_one_out(coded, "party", cluster="outlet")
    own = outlets[(outlets["target"] == "A") & (outlets["reference"] == "B")]
    assert list(own["left_out"]) == ["x", "y"]
    assert own["difference_without"].isna().all()  # each is all that its group has
    scaled = an.leave_one_out(coded, "party", measure="per_1000_words")
    assert scaled["difference"].max() == pytest.approx(1000 * 4 / 20)


def test_an_article_of_one_sentence_is_left_out_too():
    table = an.leave_one_out(codes(("A", 1, 1), ("A", 0, 3), ("B", 1, 5)), "party")
    assert table["difference_without"].to_list()[:2] == pytest.approx([0 - 1 / 5, 1 - 1 / 5])


def test_pairs_are_those_of_contrasts_also_where_columns_sort_otherwise():
    # By columns "A" stands before "A B"; as labels, "A B, x" before "A, y".
    coded = codes(("A", 4, 5), ("A", 0, 5), ("A B", 1, 5)).assign(region="x")
    coded.loc[coded["party"] == "A", "region"] = "y"
    by = ["party", "region"]
    left_out = an.leave_one_out(coded, by)[["target", "reference"]].drop_duplicates()
    contrast = an.contrasts(an.tally(coded, by)).to_frame().query("topic == 'wind'")
    assert left_out.iloc[0].to_list() == contrast.iloc[0][["target", "reference"]].to_list()
    assert left_out["target"].item() == "A B, x"


def test_nothing_to_compare():
    table = an.leave_one_out(codes(("A", 1, 5), ("A", 0, 5)), "party")
    assert table.empty
    assert list(table.columns)[:4] == ["topic", "target", "reference", "left_out"]


def side(*pairs):
    return tuple(np.array(pairs, float).T)


@pytest.mark.parametrize(
    ("target", "reference", "number"),
    [
        (side((9, 20), (9, 20)), side((1, 20), (1, 20)), 0),
        (side((9, 20), (0, 20)), side((1, 20), (1, 20)), 1),
        (side((9, 20), (1, 20)), side((1, 20), (1, 20)), 1),  # nothing is left
        (side((1, 20), (3, 20)), side((2, 20), (2, 20)), 0),  # no difference, no sign to turn
    ],
)
def test_flips(target, reference, number):
    assert flips(*without_each(target, reference)).sum() == number
    assert flips(*without_each(reference, target)).sum() == number
