"""Every reasonable way of counting: how many there are, and what the first of them says."""

import re
from functools import cache

import pandas as pd
import pytest

from analysis import (
    MEASURES,
    Dictionary,
    InputError,
    Topic,
    codes,
    emphasis,
    matches,
    near_duplicates,
    sentences,
    specifications,
    tally,
)
from analysis.corpus.boilerplate import Rule
from analysis.estimates.specifications import cleaning_effect, tally_specifications
from analysis.estimates.stability import ordering_shares
from analysis.study.study import read_study
from tests.brute_force import without

FORKS = ["cleaning", "unit", "tier", "spelling", "measure", "pooling"]
PLAIN = Dictionary("energy", (Topic("wind", ("wind",)), Topic("sun", ("solar",))))
FULL = Dictionary(
    "energy",
    (Topic("wind", ("wind", "subsidize*"), broad=("turbine*",)), Topic("sun", ("solar",))),
    variants={"subsidize": ("subsidise",)},
)
ARTICLES = pd.DataFrame(
    [
        ("a", "Green", "Wind pays\nWind pays. Coal falls.\nRead on: wind\nRead on: wind"),
        ("b", "Green", "Turbines turn.\nThey subsidise wind. Wind pays. They subsidise mines."),
        ("c", "Red", "Coal pays.\nSolar pays.\nRead on: wind"),
    ],
    columns=["doc_id", "party", "text"],
)
RULES = (
    Rule("title", section="headline", line=re.compile("Wind pays")),
    Rule("links", line=re.compile("Read on: .*")),
)


def one_by_one(table, dictionary, by, measures=("sentence_share", "per_1000_words", "word_share")):
    """Every specification of a study with all forks and no copies, from texts to shares."""
    body = table["section"] == "body"
    copy = table.assign(text=table["text"].str.casefold()).duplicated(["doc_id", "text"])
    cleanings = {"none": ~body | body, "deduplicated": ~copy, "full": body}
    spellings = {"all": dictionary, "us_only": dictionary.us_only()}
    parts = []
    for spelling, spelled in spellings.items():
        found = matches(table[body], spelled).groupby("topic")["pattern"]
        top = found.agg(lambda patterns: patterns.mode().iloc[0]).to_dict()
        tiers = {"core": spelled, "broad": spelled, "core_without_top": without(spelled, top)}
        for tier, chosen in tiers.items():
            coded = codes(table, chosen, tier="broad" if tier == "broad" else "core")
            for cleaning, kept in cleanings.items():
                sentence = coded[kept.repeat(len(dictionary.topics)).to_numpy()]
                keys = [by, "doc_id", "section", "paragraph", "topic"]
                sums = {"coded": "any", "words": "sum", "matches": "sum", "matched_words": "sum"}
                paragraph = sentence.groupby(keys, sort=False).agg(sums).reset_index()
                for unit, units in {"sentence": sentence, "paragraph": paragraph}.items():
                    tallied = tally(units, by, sections=("headline", "body", "boilerplate"))
                    fork = {"cleaning": cleaning, "unit": unit, "tier": tier, "spelling": spelling}
                    parts.append(tally_specifications(tallied, measures).assign(**fork))
    together = pd.concat(parts, ignore_index=True)
    return together[[*FORKS, by, "topic", "top", "bottom", "estimate"]]


@cache
def ways(plain=False):
    dictionary, rules = (PLAIN, ()) if plain else (FULL, RULES)
    return specifications(sentences(ARTICLES, boilerplate=rules), dictionary, by="party")


def test_a_study_without_forks_has_only_units_measures_and_pooling():
    got = ways(plain=True)
    assert len(got[FORKS].drop_duplicates()) == 2 * 3 * 2
    for fork, branch in {"cleaning": "full", "tier": "core", "spelling": "all"}.items():
        assert set(got[fork]) == {branch}


def test_all_forks_are_crossed():
    got = ways()
    branches = {
        "cleaning": {"none", "deduplicated", "full"},
        "unit": {"sentence", "paragraph"},
        "tier": {"core", "broad", "core_without_top"},
        "spelling": {"all", "us_only"},
        "measure": {"sentence_share", "per_1000_words", "word_share"},
        "pooling": {"pooled", "article_mean"},
    }
    assert {fork: set(got[fork]) for fork in FORKS} == branches
    assert len(got[FORKS].drop_duplicates()) == 3 * 2 * 3 * 2 * 3 * 2
    assert not got.duplicated([*FORKS, "party", "topic"]).any()
    assert list(got.columns) == [*FORKS, "party", "topic", "top", "bottom", "estimate"]


@pytest.mark.parametrize("exclusive", [False, True])
def test_all_at_once_is_one_by_one(exclusive):
    dictionary = Dictionary(
        "energy",
        (
            Topic("wind", ("wind", "wind pays", "subsidize*", "coal"), ("turb*",), ("coal falls",)),
            Topic("sun", ("solar", "solar pays"), broad=("pays", "coal pays")),
        ),
        variants={"subsidize": ("subsidise",)},
        exclusive=exclusive,
    )
    table, measures = sentences(ARTICLES, boilerplate=RULES), list(MEASURES)
    got = specifications(table, dictionary, by="party", measures=measures)
    pd.testing.assert_frame_equal(got, one_by_one(table, dictionary, "party", measures))


def test_a_group_without_text_in_a_branch_keeps_its_rows():
    articles = pd.DataFrame(
        {"doc_id": ["a", "b"], "party": ["Green", "Red"], "text": ["Read on: wind", "Wind."]}
    )
    got = specifications(sentences(articles, boilerplate=RULES), PLAIN, by="party").set_index(
        "party"
    )
    assert got.groupby("party").size().to_dict() == {"Green": 2 * 12, "Red": 2 * 12}
    full = got.loc["Green"][got.loc["Green", "cleaning"] == "full"]
    assert set(full["bottom"]) == {0}
    assert full["estimate"].isna().all()
    effect = cleaning_effect(got.reset_index()).set_index(["party", "topic"])
    assert list(effect.loc[("Green", "wind")])[:4] == [1, 1, 0, 0]


def test_line_breaks_alone_make_no_paragraphs():
    """In one paragraph an article each, or most of them: the paragraph would be the article."""
    texts = ["Wind. Sun.", "Wind. Coal. Sun.", "Sun.\nWind.\nCoal."]
    articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "party": "Green", "text": texts})
    got = specifications(sentences(articles), PLAIN, by="party")
    assert set(got["unit"]) == {"sentence"}
    broken = articles.assign(text=articles["text"].str.replace(". ", ".\n"))
    got = specifications(sentences(broken), PLAIN, by="party")
    assert set(got["unit"]) == {"sentence", "paragraph"}


def test_spelling_is_no_fork_where_no_variant_stands():
    texts = ["They subsidize wind.\nWind.", "Mines.\nWind."]
    articles = pd.DataFrame({"doc_id": ["a", "b"], "party": "Green", "text": texts})
    got = specifications(sentences(articles), FULL, by="party")
    assert set(got["spelling"]) == {"all"}
    articles["text"] = articles["text"].str.replace("subsidize", "subsidise")
    got = specifications(sentences(articles), FULL, by="party")
    assert set(got["spelling"]) == {"all", "us_only"}


def test_a_text_that_stands_twice_counts_twice():
    articles = pd.DataFrame(
        {"doc_id": ["a", "b"], "party": ["Green", "Red"], "text": ["Wind.\nWind.\nSun.", "Wind."]}
    )
    got = specifications(sentences(articles), PLAIN, by="party", measures=["sentence_share"])
    wind = got[(got["topic"] == "wind") & (got["pooling"] == "pooled")]
    assert set(wind.loc[wind["party"] == "Green", "top"]) == {2}


@pytest.mark.parametrize(
    ("change", "measures", "message"),
    [
        ({}, ["share"], "is not a measure of emphasis"),
        ({"party": ""}, ["word_share"], "'party' is blank in a, b"),
        ({"topic": "x"}, ["word_share"], "'topic' cannot form groups"),
    ],
)
def test_refusals(change, measures, message):
    table = sentences(ARTICLES).assign(**change)
    by = next(iter(change), "party")
    with pytest.raises(InputError, match=message):
        specifications(table, PLAIN, by=by, measures=measures)


@pytest.mark.parametrize(
    ("branch", "top", "bottom"),
    [
        # body sentences: a 2, b 4; wind matches in 1 of a, and 3 of b (two by their spelling).
        ({}, 4, 6),
        ({"tier": "broad"}, 5, 6),
        ({"tier": "core_without_top"}, 2, 6),  # without wind, the most frequent
        ({"spelling": "us_only"}, 3, 6),
        ({"unit": "paragraph"}, 2, 3),
        ({"cleaning": "none"}, 7, 9),
        ({"cleaning": "deduplicated"}, 6, 8),
        ({"pooling": "article_mean"}, 1 / 2 + 3 / 4, 2),
        ({"measure": "per_1000_words"}, 5, 14),
    ],
)
def test_branches_by_hand(branch, top, bottom):
    default = {
        **{"cleaning": "full", "unit": "sentence", "tier": "core", "spelling": "all"},
        **{"measure": "sentence_share", "pooling": "pooled", "party": "Green", "topic": "wind"},
    }
    row = ways()
    for column, value in (default | branch).items():
        row = row[row[column] == value]
    assert [row["top"].item(), row["bottom"].item()] == [top, bottom]
    assert row["estimate"].item() == top / bottom


@pytest.mark.parametrize("measure", ["sentence_share", "per_1000_words", "word_share"])
@pytest.mark.parametrize("pooling", ["estimate", "article_mean"])
def test_the_default_branch_is_emphasis(measure, pooling):
    counted = tally(codes(sentences(ARTICLES, boilerplate=RULES), FULL), "party")
    wanted = emphasis(counted, measure=measure).to_frame().set_index(["party", "topic"])[pooling]
    if measure == "per_1000_words":
        wanted = wanted / 1000
    got = ways()
    branches = ["full", "sentence", "core", "all", measure]
    branches.append("pooled" if pooling == "estimate" else "article_mean")
    for fork, branch in zip(FORKS, branches, strict=True):
        got = got[got[fork] == branch]
    got = got.set_index(["party", "topic"])["estimate"].loc[wanted.index]
    assert list(got) == pytest.approx(list(wanted), abs=1e-15)


def test_cleaning_effect_by_hand():
    got = cleaning_effect(ways()).set_index(["party", "topic"])
    # Green, wind: body 4 of 6; a headline and two links, one of them a copy, come on top.
    assert list(got.loc[("Green", "wind")])[:6] == [7, 9, 6, 8, 4, 6]
    assert got.loc[("Green", "wind"), "change"] == pytest.approx(4 / 6 - 7 / 9, abs=1e-15)
    assert list(got.loc[("Red", "wind")])[:6] == [1, 3, 1, 3, 0, 2]
    counts = [f"{part}_{b}" for b in ("none", "deduplicated", "full") for part in ("hits", "size")]
    assert list(got.columns) == [*counts, "change"]
    nothing = cleaning_effect(ways(plain=True))
    assert list(nothing["change"]) == [0] * 4


def test_what_dropping_copies_does():
    wire = "Wind pays in the north and in the south of the land.\n"
    longer = wire * 2 + "Coal does not pay at all here today."
    articles = pd.DataFrame(
        [
            *[("c", "Green", wire), ("a", "Green", f"Wind pays\n{wire}"), ("b", "Green", longer)],
            *[("d", "Green", f"Read on: wind\n{longer}"), ("e", "Red", wire), ("f", "Red", "No.")],
        ],
        columns=["doc_id", "party", "text"],
    )
    specified = specifications(sentences(articles, boilerplate=RULES), PLAIN, by="party")
    assert set(specified["cleaning"]) == {"none", "deduplicated", "full", "without_copies"}
    got = cleaning_effect(specified).set_index(["party", "topic"])
    # Green: a and c are alike, and so are b and d; e is a copy too, but of another group's.
    columns = ["hits_full", "size_full", "hits_without_copies", "size_without_copies"]
    assert list(got.loc[("Green", "wind"), columns]) == [1 + 1 + 2 + 2, 1 + 1 + 3 + 3, 1 + 2, 1 + 3]
    assert list(got.loc[("Red", "wind"), columns]) == [1, 2, 1, 2]
    assert got.loc[("Green", "wind"), "change"] == pytest.approx(6 / 8 - 8 / 10, abs=1e-15)
    shuffled = specifications(sentences(articles[::-1], boilerplate=RULES), PLAIN, by="party")
    assert cleaning_effect(shuffled).equals(cleaning_effect(specified))
    table = sentences(articles, boilerplate=RULES)
    found = near_duplicates(table[table["section"] == "body"])
    given = specifications(table, PLAIN, by="party", duplicates=found)
    assert given.equals(specified)
    given = specifications(table, PLAIN, by="party", duplicates=found.iloc[:0])
    assert "without_copies" not in set(given["cleaning"])


def test_copies_are_looked_for_in_what_an_article_has_in_each_group():
    """A group may be a part of an article: there it is another text."""
    articles = pd.DataFrame({"doc_id": ["a", "b"], "text": ["Wind.\nSun.", "Wind.\nCoal."]})
    table = sentences(articles)
    table["part"] = table["paragraph"].map({1: "first", 2: "second"})
    got = specifications(table, PLAIN, by="part", measures=["sentence_share"])
    copies = got[(got["cleaning"] == "without_copies") & (got["pooling"] == "pooled")]
    assert copies.groupby("part")["bottom"].max().to_dict() == {"first": 1, "second": 1}


def test_an_article_like_a_copy_but_not_like_what_is_kept_counts():
    words = [f"w{number}" for number in range(60)]
    texts = [" ".join(words[first : first + 44]) for first in (0, 4, 8)]  # 36 of 44, 32 of 48
    articles = pd.DataFrame({"doc_id": list("abc"), "party": "Green", "text": texts})
    got = cleaning_effect(specifications(sentences(articles), PLAIN, by="party"))
    assert set(got["size_full"]) == {3}
    assert set(got["size_without_copies"]) == {2}


def test_ties_do_not_hold():
    table = ways().rename(columns={"party": "group"})
    sun = table[table["topic"] == "sun"]
    assert ordering_shares(sun, [("Red", "Green")], [0.1]) == [1]
    assert ordering_shares(sun.assign(top=1, bottom=2), [("Red", "Green")], [0.1]) == [0]


def test_the_embedded_study_crosses_all_its_forks():

    tables = read_study("study.toml")
    got = tables.specifications
    number = 1
    for fork in FORKS:
        number *= got[fork].nunique()
    assert len(got[FORKS].drop_duplicates()) == number >= 2 * 3 * 2
    groups = tables.emphasis().to_frame()
    assert len(got) == number * len(groups)
    main = got
    for fork, branch in zip(
        FORKS, ["full", "sentence", "core", "all", "sentence_share", "pooled"], strict=True
    ):
        main = main[main[fork] == branch]
    merged = main.merge(groups, on=["partner", "topic"], suffixes=("", "_main"))
    assert list(merged["top"]) == list(merged["hits"])
    assert list(merged["estimate"]) == list(merged["estimate_main"])
