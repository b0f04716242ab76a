"""The context of a topic: what has to stand near a match, in its sentence, passage or article."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis import Dictionary, InputError, Topic

TEXTS = pd.DataFrame(
    {
        "doc_id": ["army", "school"],
        "text": [
            "The army grew. Courses begin. Soldiers took courses.",
            "Courses begin. Drill courses for a soldier begin.",
        ],
    }
)
TABLE = an.sentences(TEXTS)
STUDIES = ("course*",)


def topics(within="sentence", **parts):
    given = {"broad": ("took",), "context": ("soldier*", "army"), "context_within": within}
    return Dictionary("d", (Topic("study", STUDIES, **given | parts), Topic("other", ("begin",))))


def places(dictionary, table=TABLE, **options):
    coded = an.codes(table, dictionary, **options)
    kept = coded[(coded["topic"] == "study") & coded["coded"]]
    return list(kept[["doc_id", "sentence_id"]].itertuples(index=False, name=None))


def test_a_sentence_needs_the_context_itself():
    assert places(topics()) == [("army", 3), ("school", 2)]


def test_an_article_gives_its_context_to_all_its_sentences():
    own = topics("article", context=("army",))
    assert places(own) == [("army", 2), ("army", 3)]  # the same sentence elsewhere does not count
    assert places(own, tier="broad") == [("army", 2), ("army", 3)]


def test_a_passage_is_three_sentences_before_and_after():
    text = "Courses begin. It rains. It snows. It hails. The army grew. It rains. Courses begin."
    table = an.sentences(pd.DataFrame({"doc_id": ["a", "b"], "text": [text, "Courses begin."]}))
    own = topics("passage", context=("army",))
    assert places(own, table) == [("a", 7)]  # the first is four sentences away
    page = table.assign(
        section=table["sentence_id"].eq(5).map({True: "boilerplate", False: "body"})
    )
    assert places(own, page) == []
    assert places(own, page.assign(section=page["section"].where(page["sentence_id"] != 6, "empty")
                                   .replace("boilerplate", "body"))) == [("a", 7)]  # fmt: skip
    part = table[table["sentence_id"] == 7]
    assert places(own, part, places=an.places_of(table, own)) == [("a", 7)]
    mixed = table.iloc[[5, 0, 2, 7, 4, 1, 3, 6]]  # the order of the rows says nothing
    assert places(own, mixed) == [("a", 7)]


def test_passages_and_articles_stand_side_by_side():
    text = "Courses begin. It rains. It snows. It hails. The army grew. Drill begins."
    table = an.sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}))
    near = Topic("near", ("course*", "drill"), context=("army",), context_within="passage")
    wide = Topic("wide", ("course*", "drill"), context=("army",), context_within="article")
    found = an.matches(table, Dictionary("d", (near, wide)))
    assert found.groupby("topic")["sentence_id"].agg(list).to_dict() == {
        "near": [6],
        "wide": [1, 6],
    }


def test_the_broad_tier_needs_it_too():
    taken = an.sentences(
        pd.DataFrame({"doc_id": ["a"], "text": ["They took it. The army took it."]})
    )
    assert places(topics(), taken, tier="broad") == [("a", 2)]


def test_a_match_may_be_its_own_context_and_exclusions_do_not_touch_one():
    one = Topic("t", ("military academ*",), exclude=("army",), context=("military", "army"))
    found = Dictionary("d", (one,)).find("A military academy.")
    assert [match.pattern for match in found] == ["military academ*"]
    assert Dictionary("d", (Topic("t", ("drill",), exclude=("army",), context=("army",)),)).find(
        "army drill"
    )


def test_furniture_gives_no_context_and_the_headline_does():
    table = TABLE.assign(section=["headline", *["body"] * 4])
    own = topics("article", context=("army",))
    assert places(own, table) == [("army", 2), ("army", 3)]
    assert places(own, table.assign(section=["boilerplate", *["body"] * 4])) == []
    audited = an.audit(own, table)
    assert audited.loc[audited["pattern"] == "course*", "matches"].tolist() == [2]


def test_a_part_of_the_sentences_keeps_the_context_of_the_whole():
    own = topics("article", context=("army",))
    part = TABLE[TABLE["sentence_id"] == 2]
    assert places(own, part) == []
    assert places(own, part, places=an.places_of(TABLE, own)) == [("army", 2)]


def test_every_table_says_the_same():
    scopes = ("passage", "article")
    for own in (
        topics(),
        *(topics(one, **c) for one in scopes for c in ({}, {"context": ("army",)})),
    ):
        searched = an.places_of(TABLE, own)
        found = an.matches(TABLE, own)
        pd.testing.assert_frame_equal(found, an.matches(TABLE, own, places=searched))
        shown = an.evidence(TABLE, found)
        counted = an.audit(own, TABLE, places=searched)
        core = counted[(counted["topic"] == "study") & (counted["tier"] == "core")]
        hits = places(own, places=searched)
        assert shown.loc[shown["topic"] == "study", "sentence_id"].size == len(hits)
        assert core["matches"].sum() == len(hits) == (found["topic"] == "study").sum()


def test_the_audit_counts_what_is_left_out():
    audited = an.audit(topics("article", context=("army",)), TABLE)
    row = audited[audited["pattern"] == "course*"].iloc[0]
    assert (row["matches"], row["lost"], row["taken_by"]) == (2, 2, "no context (2)")
    barred = an.audit(topics(exclude=("courses begin",)), TABLE)
    assert barred["taken_by"].iloc[0] == "exclude: courses begin (2)"


def test_a_topic_without_its_context_takes_nothing_from_others():
    one = Topic("study", ("course* begin",), context=("soldier*",))
    both = Dictionary("d", (one, Topic("other", ("course*",))), exclusive=True)
    found = an.matches(TABLE, both).groupby("topic")["sentence_id"].size()
    assert found.to_dict() == {"other": 4}
    first = an.audit(both, TABLE).iloc[0]
    assert first["taken_by"] == "no context (2)"


def test_other_spellings_of_a_context_do_not_move_the_matches_of_us_spelling():
    own = Dictionary(
        "d",
        (Topic("t", ("course",), context=("defense",)),),
        variants={"defense": ("defence",)},
    )
    table = an.sentences(pd.DataFrame({"doc_id": ["a"], "text": ["A course in defence."]}))
    searched = an.places_of(table, own)
    assert searched.us_only.choose() == searched.choose() != {}


def test_a_vectorizer_takes_the_text_for_the_article():
    texts = TEXTS["text"].tolist()
    own = topics("article", context=("army",))
    vectorizer = an.DictionaryVectorizer(own, sparse_output=False)
    assert vectorizer.fit_transform(texts)[:, 0].tolist() == [2, 0]
    vectorizer = an.DictionaryVectorizer(topics(), sparse_output=False)
    assert vectorizer.fit_transform(texts)[:, 0].tolist() == [1, 1]


WORDS = st.sampled_from(["course", "army", "begin", "took", "soldier"])
SENTENCES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@given(st.lists(st.lists(SENTENCES, min_size=1, max_size=9), min_size=1, max_size=3))
def test_a_context_takes_away_exactly_the_sentences_without_it(articles):
    rows = [(str(doc), text) for doc, own in enumerate(articles) for text in own]
    table = pd.DataFrame(rows, columns=["doc_id", "text"])
    table = table.assign(sentence_id=range(len(table)), section="body", words=1, start=0)
    free = set(places(topics(context=()), table))
    words = table["text"].str.split()
    for within in ("sentence", "passage", "article"):
        near = words.map(lambda own: not {"army", "soldier"}.isdisjoint(own))
        own = near.groupby(table["doc_id"])
        if within == "article":
            near = own.transform("any")
        elif within == "passage":
            around = [own.shift(by, fill_value=False) for by in range(-3, 4)]
            near = pd.concat(around, axis=1).any(axis=1)
        keys = set(table.loc[near, ["doc_id", "sentence_id"]].itertuples(index=False, name=None))
        assert set(places(topics(within), table)) == free & keys


def test_an_unknown_scope_is_refused():
    with pytest.raises(InputError, match=r"context_within of topic 'study'='page' is not a place"):
        topics("page")


def test_it_is_read_written_shown_and_lost_elsewhere(tmp_path):
    own = topics("article")
    an.write_dictionary(own, tmp_path / "d.toml")
    assert an.read_dictionary(tmp_path / "d.toml") == own
    assert "<i>context, in the same article</i> (2)" in own._repr_html_()
    with pytest.warns(an.InputWarning, match=r"2 context patterns \('soldier\*', 'army'\)"):
        an.write_dictionary(own, tmp_path / "d.dic")


def test_a_context_is_looked_for_only_where_it_may_be_needed(monkeypatch):
    asked = []
    search = Dictionary.contexts

    def watched(self, texts):
        asked.extend(texts)
        return search(self, texts)

    monkeypatch.setattr(Dictionary, "contexts", watched)
    text = "The army slept. It rains. It snows. It hails. Courses begin. An army left. Drill ended."
    table = an.sentences(pd.DataFrame({"doc_id": ["a", "b"], "text": [text, "The army is here."]}))
    assert places(topics("passage", context=("army",)), table) == [("a", 5)]
    assert set(asked) == set(table["text"][1:7])
    asked.clear()
    assert places(topics("article", context=("army",)), table) == [("a", 5)]
    assert set(asked) == set(table["text"][:7])
    asked.clear()
    assert places(topics("sentence", context=("army",)), table) == []
    assert asked == ["Courses begin."]
