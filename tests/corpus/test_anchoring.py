"""Coded sentences are found again after their article has changed."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import sentences
from analysis.corpus.anchoring import Mark, anchored, but_for_typos, items

TEXT = "They met. Talks went well. Nothing was signed. They met. All left again."


def table(*texts):
    names = "abcdefgh"[: len(texts)]
    return sentences(pd.DataFrame({"doc_id": list(names), "text": list(texts)}))


def marks_of(sentences, *, text=True, place=True):
    names = ("doc_id", "start", "end", "text")
    for doc_id, start, end, own in zip(*(sentences[name] for name in names), strict=True):
        where = {"start": start, "end": end} if place else {}
        yield Mark(doc_id, text=own if text else "", **where)


def test_marks_fit_where_they_were():
    own = table(TEXT, TEXT)
    assert anchored(list(marks_of(own)), own) == [(n, "fits") for n in range(10)]
    assert anchored(list(marks_of(own, text=False)), own) == [(n, "fits") for n in range(10)]
    by_number = [Mark("a", sentence_id=2), Mark("b", sentence_id=2, text="Talks went well.")]
    assert anchored(by_number, own) == [(1, "fits"), (6, "fits")]
    assert anchored([Mark("a", sentence_id=6), Mark("c", start=0, end=9)], own) == [None, None]


def test_what_stands_elsewhere_is_found_by_its_words():
    now = table(f"A new first sentence. {TEXT}")
    assert anchored(list(marks_of(table(TEXT))), now) == [(n, "moved") for n in range(1, 6)]


def test_without_words_it_moves_with_its_neighbour():
    now = table(TEXT.replace("Talks", "The talks"))
    found = anchored(list(marks_of(table(TEXT), text=False)), now)
    assert found == [(0, "fits"), None, (2, "moved"), (3, "moved"), (4, "moved")]
    # One alone might be any sentence of its length.
    alone = [mark for mark in marks_of(table(TEXT), text=False) if mark.start == 27]
    assert anchored(alone, now) == [None]


def test_without_its_place_a_sentence_is_found_if_there_is_one_like_it():
    own = table(TEXT)
    found = anchored([Mark("a", text="Talks  went well."), Mark("a", text="They met.")], own)
    assert found == [(1, "fits"), None]
    assert anchored([Mark(text="All left again.")], table("Other.", TEXT)) == [(5, "fits")]


def test_a_corrected_typo_keeps_the_code_and_another_word_does_not():
    marks = list(marks_of(table("He spoke of the past yea. They bought two ships.")))
    typo = table("Now he is back. He spoke of the past year. They bought two ships.")
    assert anchored(marks, typo) == [(1, "edited"), (2, "moved")]
    other = table("He spoke of the past war. They bought two ships.")
    assert anchored(marks, other) == [None, (1, "fits")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("In 2013 they met.", "In 2018 they met."),  # a number is no spelling
        ("They sold 120,013 rifles.", "They sold 120,018 rifles."),
        ("They did not buy.", "They did now buy."),
        ("They buy ships.", "They buy two ships."),
        ("Yes.", "Yess."),  # nothing else says that it is the same sentence
        ("Same.", "Same."),
    ],
)
def test_what_is_no_typo(one, other):
    assert not but_for_typos(one, other)


def test_an_item_does_not_depend_on_the_place():
    before, after = table(TEXT), table(f"New. {TEXT}")
    assert items(after)[1:] == items(before)
    assert len(set(items(table(TEXT, TEXT)))) == 10
    item = items(before)[3]
    assert anchored([Mark(item=item, text="They met.")], after) == [(4, "fits")]


def test_items_do_not_depend_on_the_order_of_the_rows():
    own = table(TEXT).assign(item=lambda one: items(one))
    assert items(own[::-1]) == own["item"].to_list()[::-1]


def test_two_marks_are_never_found_in_one_sentence():
    again = list(marks_of(table("Two is here. Two is here. Two is here. The end.")))
    now = table(
        "A new sentence that is quite long. Two is here. Two is here. Two is here. The end."
    )
    assert [one[0] for one in anchored(again, now)] == [1, 2, 3, 4]
    # The first of three is gone: without words the others cannot be told from it.
    bare = [Mark("a", start=start, end=start + 8) for start in (0, 9, 18)]
    assert anchored(bare, table("We left. We stay.")) == [(0, "fits"), (1, "fits"), None]


@given(
    st.permutations(range(6)),
    st.lists(st.sampled_from(["A new one. ", "Two is here. ", "\n"])).map("".join),
)
def test_a_mark_is_found_in_its_own_words_or_not_at_all(order, before):
    old = table("One is here. Two is here. Two is here. Four. Five is not. Six.")
    new = table(before + "One is here. Two is here. Four. Two is here. Five is. Six.")
    marks = list(marks_of(old))
    found = anchored([marks[n] for n in order], new)
    kept = [one[0] for one in found if one]
    assert len(kept) == len(set(kept))
    for n, one in zip(order, found, strict=True):
        if one:
            assert new["text"][one[0]] == old["text"][n]
    assert found == [anchored(marks, new)[n] for n in order]
