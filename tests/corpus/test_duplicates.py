"""Near duplicates: the fingers and brute force agree with the fast search."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis import InputError, near_duplicates, sentences
from analysis.corpus import duplicates
from analysis.corpus.boilerplate import Rule
from analysis.corpus.folding import WORD, fold

COLUMNS = ["doc_id", "other_doc_id", "similarity", "shared"]


def pairs(texts, threshold=0.8):
    documents = pd.DataFrame({"doc_id": list(texts), "text": list(texts.values())})
    table = near_duplicates(documents, threshold=threshold)
    assert list(table.columns) == COLUMNS
    return list(table.itertuples(index=False, name=None))


def numbered(first, last):
    """Words that stand once: "w3 w4 w5"."""
    return " ".join(f"w{number}" for number in range(first, last))


WIRE = numbered(0, 44)  # 40 shingles


def test_wire_copy_with_another_headline():
    # Five words more are five shingles more: 40 of 45 are shared.
    assert pairs({"a": WIRE, "b": f"A new headline stands here\n{WIRE}"}) == [
        ("a", "b", 40 / 45, 40)
    ]


def test_shared_boilerplate_alone_is_no_near_duplicate():
    menu = numbered(100, 114)  # 10 shingles
    texts = {"a": f"{menu}\n{numbered(0, 30)}", "b": f"{menu}\n{numbered(50, 80)}"}
    assert pairs(texts) == []
    assert pairs(texts, 0.1) == [("a", "b", 10 / (40 + 40 - 10), 10)]


def test_typography_and_case_do_not_matter_but_order_does():
    texts = {"a": "The minister’s five‑day visit ends today.", "c": "Today ends the visit, he says"}
    texts["b"] = "THE MINISTER'S  five-day visit ends today"
    assert pairs(texts) == [("a", "b", 1, 2)]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ("Coal falls.", "coal falls", [("a", "b", 1, 1)]),
        ("Coal falls.", "Coal falls today.", []),
        ("One two three four five", "One two three four five", [("a", "b", 1, 1)]),
        ("", "", []),
        ("...", "—", []),
        ("", "Coal falls.", []),
    ],
)
def test_short_texts(first, second, found):
    assert pairs({"a": first, "b": second}, 0.01) == found


def test_a_shingle_does_not_run_from_one_article_into_the_next():
    assert pairs({"a": "x y z", "b": "x y z", "c": "x y", "d": "z x y z x y"}, 0.01) == [
        ("a", "b", 1, 1)
    ]


def test_a_shingle_repeated_inside_an_article_counts_once():
    assert pairs({"a": "x x x x x x x x", "b": "x x x x x", "c": "y y y y y y"}) == [
        ("a", "b", 1, 1)
    ]


def test_the_most_similar_pair_stands_first_and_names_are_in_order():
    texts = {"c": WIRE, "b": f"{WIRE} more", "a": WIRE}
    assert pairs(texts) == [
        ("a", "c", 1, 40),
        ("a", "b", 40 / 41, 40),
        ("b", "c", 40 / 41, 40),
    ]


def test_the_threshold_is_a_least_similarity():
    texts = {"a": numbered(0, 12), "b": numbered(0, 14)}  # 8 of 10 shingles
    assert len(pairs(texts, 0.8)) == 1
    assert pairs(texts, 0.81) == []


@pytest.mark.parametrize("threshold", [0, -1, 80, float("nan")])
def test_a_threshold_that_is_none(threshold):
    with pytest.raises(InputError, match=f"threshold={threshold} is not above 0 and at most 1; wr"):
        pairs({"a": "x"}, threshold)


def test_the_body_of_a_sentences_table():
    texts = {"a": f"Menu.\n{WIRE}", "b": f"{WIRE}\nMenu."}
    documents = pd.DataFrame({"doc_id": list(texts), "text": list(texts.values())})
    assert len(near_duplicates(documents, threshold=1)) == 0
    table = sentences(documents, boilerplate=[Rule("menu", line=re.compile("Menu."))])
    assert len(near_duplicates(table[table["section"] == "body"], threshold=1)) == 1


def brute_force(texts, threshold):
    sets = {}
    for name, text in texts.items():
        words = re.findall(WORD, fold(text).text)
        places = range(max(len(words) - 4, 1)) if words else ()
        sets[name] = {tuple(words[place : place + 5]) for place in places}
    found = []
    for name in texts:
        for other in texts:
            shared = len(sets[name] & sets[other])
            either = len(sets[name] | sets[other])
            if name < other and shared and shared / either >= threshold:
                found.append((name, other, shared / either, shared))
    return sorted(found, key=lambda row: (-row[2], row))


# Passages of a few words put together, so that articles share some and not others.
passage = st.sampled_from(
    ["a b c d e f", "g h", "a b c d e", "i j k l m n o p", "q", "a a a a a a"]
)
article = st.lists(passage, max_size=6).map(" ".join)


@given(st.lists(article, max_size=8), st.sampled_from([0.01, 0.3, 0.5, 0.7, 0.8, 0.95, 1.0]))
@example(["a b c d e f g", "a b c d e f g h"] * 4, 0.75)
def test_the_search_finds_what_brute_force_finds(texts, threshold):
    named = {f"d{number}": text for number, text in enumerate(texts)}
    assert pairs(named, threshold) == brute_force(named, threshold)


def test_a_corpus_larger_than_a_block(monkeypatch):
    monkeypatch.setattr(duplicates, "_BLOCK", 2)
    texts = {f"d{number}": f"{WIRE} and {number % 3}" for number in range(7)}
    found = pairs(texts, 0.9)
    assert found == brute_force(texts, 0.9)
    assert len(found) == 7 * 6 / 2


def test_boilerplate_makes_no_candidates():
    menu = numbered(100, 125)
    texts = [f"{menu}\n{numbered(first, first + 30)}" for first in range(1000, 1100, 30)]
    first, _ = duplicates._candidates(*duplicates._shingles([(0, texts)]), 0.8)
    assert len(first) == 0
    first, _ = duplicates._candidates(*duplicates._shingles([(0, texts)]), 0.2)
    assert len(first) == 4 * 3 / 2


@given(st.permutations(["x", "y", WIRE, f"{WIRE} more", f"less {WIRE}"]))
def test_the_order_of_the_articles_changes_nothing(texts):
    names = {text: f"d{number}" for number, text in enumerate(sorted(texts))}
    assert pairs({names[text]: text for text in texts}) == pairs(
        {names[text]: text for text in sorted(texts)}
    )


def test_what_shares_numbers_alone_is_no_pair(monkeypatch):
    """Every word has the same number: the search takes all texts for copies."""
    texts = [
        "one two three four five six",
        "Wind farms pay in the north",
        "ONE two three four five six",
    ]

    def same_numbers(texts):
        return np.ones(6 * len(texts), np.uint64), np.full(len(texts), 6)

    monkeypatch.setattr(duplicates, "hashes", same_numbers)
    assert len(duplicates._candidates(*duplicates._shingles([(0, texts)]), 0.8)[0]) == 3
    found = near_duplicates(pd.DataFrame({"doc_id": list("abc"), "text": texts}))
    assert found.to_dict("records") == [
        {"doc_id": "a", "other_doc_id": "c", "similarity": 1, "shared": 2}
    ]


@given(st.lists(st.sampled_from([0, 1, 1 << 61, (1 << 61) + 1, 5 << 61, (1 << 64) - 1])))
def test_numbers_that_stand_again_are_found_an_eighth_at_a_time(numbers):
    given = np.array(numbers, dtype=np.uint64)
    parts = list(duplicates._again(given))
    kept, places = (np.concatenate([part[of] for part in parts]) for of in (0, 1))
    assert kept.tolist() == sorted(n for n in numbers if numbers.count(n) > 1)
    assert given[places].tolist() == kept.tolist()
    assert len(set(places.tolist())) == len(places)
