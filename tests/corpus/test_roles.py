"""Event or background: a coder's table, read against the sentences it speaks of."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    InputError,
    InputWarning,
    read_articles,
    read_boilerplate,
    read_roles,
    role_table,
    sentences,
)
from tests import SEEDS

ARTICLES = pd.DataFrame(
    {
        "doc_id": ["a", "b"],
        "text": ["They met. They had met in 2015.", "He came on a Monday.\nHe left again."],
    }
)
TABLE = sentences(ARTICLES)
HEADER = "doc_id,start,end,begins,role,by\n"
CODED = HEADER + (
    "a,0,9,They met.,event,hand\n"
    'a,10,31,"They  had met",background,rule\n'
    "b,0,20,He came on a Monday.,event,hand\n"
    "b,21,35,He left,event,hand\n"
)


@pytest.fixture
def read(tmp_path):
    def read_text(text, table=TABLE):
        path = tmp_path / "roles.csv"
        path.write_text(text, encoding="utf-8")
        return read_roles(path, table)

    return read_text


def test_roles_are_read(read):
    got = read(CODED)
    assert list(got.columns) == ["doc_id", "sentence_id", "role", "by"]
    assert got.to_numpy().tolist() == [
        ["a", 1, "event", "hand"],
        ["a", 2, "background", "rule"],
        ["b", 1, "event", "hand"],
        ["b", 2, "event", "hand"],
    ]


def test_neither_the_order_of_rows_nor_other_columns_matter(read):
    first, *rows = CODED.splitlines()
    turned = "\n".join([f"{first},note", *(f"{row},why not" for row in reversed(rows))])
    assert read(turned).equals(read(CODED))


def test_the_table_to_fill_in():
    got = role_table(TABLE)
    assert list(got.columns) == HEADER.strip().split(",")
    assert got["begins"].to_list() == [
        *("They met.", "They had met in 2015.", "He came on a Monday.", "He left again.")
    ]
    assert set(got["role"]) == set(got["by"]) == {""}


@given(
    st.lists(
        st.lists(st.text("aéΩ ,\"'\u2028\u00a0=", min_size=1), min_size=1, max_size=3),
        min_size=1,
        max_size=3,
    ),
    st.data(),
)
def test_what_is_filled_in_comes_back(tmp_path_factory, texts, data):
    articles = pd.DataFrame(
        {"doc_id": [str(n) for n in range(len(texts))], "text": ["\n".join(t) for t in texts]}
    )
    table = sentences(articles)
    empty = role_table(table)
    if empty.empty:
        return
    others = st.lists(st.sampled_from(["event", "background"]), min_size=len(empty) - 1,
                      max_size=len(empty) - 1)  # fmt: skip
    filled = empty.assign(role=["event", *data.draw(others)], by="hand")
    path = tmp_path_factory.mktemp("roles") / "roles.csv"
    filled.to_csv(path, index=False)
    assert read_roles(path, table)["role"].to_list() == filled["role"].to_list()


def test_boilerplate_has_no_role(tmp_path):
    (tmp_path / "f.toml").write_text('[[rule]]\nname = "left"\nline = "He left.*"\n', "utf-8")
    table = sentences(ARTICLES, boilerplate=read_boilerplate(tmp_path / "f.toml"))
    assert role_table(table)["doc_id"].to_list() == ["a", "a", "b"]


def test_what_is_not_coded_is_counted(read):
    text = CODED.replace("event,hand\n", ",\n", 1).replace("b,21,35,He left,event,hand\n", "")
    with pytest.warns(InputWarning) as warned:
        got = read(text)
    (message,) = (str(warning.message) for warning in warned)
    assert message.endswith(
        "roles.csv: 2 of 4 body sentences have no role (1 in a, 1 in b); they count as neither "
        "event nor background"
    )
    assert got["role"].to_list() == ["not_coded", "background", "event", "not_coded"]
    assert got["by"].to_list() == ["", "rule", "hand", ""]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("a,0,9", "A,0,9", 2, "there is no article 'A' with body sentences; correct the name, or"),
        ("0,9,They", "0,nine,They", 2, "'end' is 'nine', not a place in the article; make a new"),
        ("They met.", "", 2, "'begins' is blank; write the first words of the sentence"),
        ("event,hand", "Event,hand", 2, "'role' is 'Event'; write one of event, background, or l"),
        ("event,hand", "event,", 2, "'by' is ''; write one of rule, hand, or leave both"),
        ("event,hand", ",hand", 2, "'role' is ''; write one of event, background, or leave both"),
        ("b,0,20,He came on a Monday.", "a,0,9,They", 4, "line 2 has this sentence too; keep one"),
        (",begins", ",words", 1, "there is no column 'begins'; the columns of a table of roles"),
        (CODED, HEADER, None, "no sentence has the role 'event'; code the sentences first"),
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit(read, tmp_path, old, new, line, message):
    assert old in CODED
    with pytest.raises(InputError) as error:
        read(CODED.replace(old, new, 1))
    place = f", line {line}" if line else ""
    assert str(error.value).startswith(f"{tmp_path / 'roles.csv'}{place}: ")
    assert message in str(error.value)


def changed(text, old, new):
    """The sentences after a change in one article."""
    assert old in text
    texts = ARTICLES["text"].replace(text, text.replace(old, new, 1))
    return sentences(ARTICLES.assign(text=texts))


def test_sentences_that_moved_keep_their_roles(read):
    table = changed(ARTICLES["text"][0], "They met. ", "Soon they met. ")
    with pytest.warns(InputWarning) as warned:
        got = read(CODED, table)
    named, counted = (str(warning.message) for warning in warned)
    assert named.endswith(
        "roles.csv: 1 of 4 rows are about a sentence that has changed or gone "
        "(line 2, a: 'They met.'); it is not coded"
    )
    assert "1 of 4 body sentences have no role (1 in a)" in counted
    assert got["role"].to_list() == ["not_coded", "background", "event", "event"]


def test_a_sentence_that_changed_after_its_first_words_is_not_coded(read):
    table = changed(ARTICLES["text"][1], "on a Monday", "on a Tuesday")
    with pytest.warns(InputWarning) as warned:
        got = read(CODED.replace("0,20,He came on a Monday.", "0,20,He came"), table)
    assert "(line 4, b: 'He came')" in str(warned[0].message)
    assert got["role"].to_list() == ["event", "background", "not_coded", "event"]


def test_of_two_rows_for_one_sentence_the_one_that_fits_counts(read):
    text = CODED.replace("b,21,35,He left", "a,90,99,They met.")
    with pytest.warns(InputWarning) as warned:
        assert read(text)["role"].to_list() == ["event", "background", "event", "not_coded"]
    assert "(line 5, a: 'They met.')" in str(warned[0].message)


def test_roles_of_other_articles_are_refused(read):
    others = ARTICLES.assign(text=["Ships sail. Trains run late.", "Nothing of it."])
    with pytest.raises(InputError, match=r"no row is about a sentence of these articles \(line 2"):
        read(CODED, sentences(others))


def test_one_changed_word_of_the_seeds_leaves_one_sentence_without_a_role():
    articles = read_articles(SEEDS, metadata=SEEDS / "articles.csv")
    texts = articles["text"].str.replace("cyber security", "sports")
    assert (texts != articles["text"]).sum() == 1
    rules = read_boilerplate(SEEDS / "boilerplate.toml")
    table = sentences(articles.assign(text=texts), boilerplate=rules)
    with pytest.warns(InputWarning) as warned:
        roles = read_roles(SEEDS / "roles.csv", table)
    assert "1 of 72 rows" in str(warned[0].message)
    assert "france_dialogue: 'With respect to bilateral" in str(warned[0].message)
    assert (roles["role"] == "not_coded").sum() == 1


# The embedded study: the rules of seeds/ROLES.md, in the words that stand there

RULES = [
    ("event_time", "event", r"last week|over the past week|earlier this month|October 8|"
                            r"February 3|July 1 to 4|released Monday"),
    ("earlier_time", "background", r"in recent years|past few years|the past yea|last year|"
                                   r"dates back"),
    ("event_named", "event", r"\bthe (event|dialogue|meeting|trip|interaction)\b"),
]  # fmt: skip
YEARS = {"israel_dialogue": 2018, "italy_dialogue": 2019, "russia_visit": 2020,
         "france_dialogue": 2019, "israel_imi": 9999}  # fmt: skip


def by_rule(doc_id, text):
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", text)]
    for name, role, signs in RULES:
        earlier = name == "earlier_time" and any(year < YEARS[doc_id] for year in years)
        if earlier or re.search(signs, text, re.I):
            return role, "rule", name
    return None


def test_the_roles_of_the_seeds_follow_the_codebook():
    articles = read_articles(SEEDS, metadata=SEEDS / "articles.csv")
    table = sentences(articles, boilerplate=read_boilerplate(SEEDS / "boilerplate.toml"))
    roles = read_roles(SEEDS / "roles.csv", table)
    assert roles.groupby(["role", "by"]).size().to_dict() == {
        ("event", "rule"): 26,
        ("event", "hand"): 20,
        ("background", "rule"): 17,
        ("background", "hand"): 9,
    }
    body = table[table["section"] == "body"]
    notes = pd.read_csv(SEEDS / "roles.csv")["note"]
    for doc_id, text, role, by, note in zip(
        body["doc_id"], body["text"], roles["role"], roles["by"], notes, strict=True
    ):
        assert by_rule(doc_id, text) == ((role, by, note) if by == "rule" else None)
        assert note
