"""Articles as given, and the sentences they are made of."""

import hashlib
import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import (
    InputError,
    InputWarning,
    document_status,
    read_articles,
    read_boilerplate,
    sentences,
)
from analysis.corpus.boilerplate import Rule
from analysis.corpus.readers.files import FILES
from analysis.corpus.scripts import mostly_unspaced, word_edges
from tests import SEEDS

AS_GIVEN = {
    "000_3c3918d211c6f417.txt": "7fc223081195ae81d980bde8bddee1d581a3f8d15fbdc727a9fff4e5147cb055",
    "001_516a2d7268a23fcb.txt": "ed3aed3da53a14f2c6c884cf80f343de231b82a63c72784098cf2637375fb1da",
    "002_b3dc4546d418ddfa.txt": "a091bac7a1e8776399cc31501c1cf685a6e065506c6e78912a296e7bf15647c6",
    "003_9b555c4f3d28dd1c.txt": "a176a0b5684b76e5f2900791425eb9f68f58d4d3cd922687e78f862936dd6da7",
    "004_14ce88c624aeec4f.txt": "e8c280771d8f5591ec542a2a6458637460b5f4aa1ff2397c8b3db51ff3928e16",
}


def test_the_seeds_are_as_given_byte_for_byte():
    files = {file.name: file.read_bytes() for file in SEEDS.glob("*.txt")}
    assert {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()} == AS_GIVEN


def test_every_sentence_of_the_seeds_stands_in_its_article():
    articles = read_articles(SEEDS, metadata=SEEDS / "articles.csv", by="partner")
    table = sentences(articles, boilerplate=read_boilerplate(SEEDS / "boilerplate.toml"))
    texts = articles.set_index("doc_id")["text"]
    assert all(texts[row.doc_id][row.start : row.end] == row.text for row in table.itertuples())
    for doc_id, rows in table.groupby("doc_id"):
        assert rows["sentence_id"].tolist() == list(range(1, len(rows) + 1))
        assert (rows["start"].to_numpy()[1:] >= rows["end"].to_numpy()[:-1]).all()
        covered = {index for row in rows.itertuples() for index in range(row.start, row.end)}
        text = texts[doc_id]
        assert all(text[index].isspace() for index in set(range(len(text))) - covered)


CREDIT = Rule("credit", line=re.compile("C.*"))
DATELINE = Rule("dateline", prefix=re.compile(r"A+ – "), place="first")


@given(st.text(st.sampled_from('ABCé.!–-’" \n\r\u2028\u200b\u0301'), max_size=40))
def test_a_sentence_is_a_slice_of_its_article(text):
    table = sentences(
        pd.DataFrame({"doc_id": ["a"], "text": [text]}), boilerplate=[DATELINE, CREDIT]
    )
    assert len(table) >= 1
    assert all(text[row.start : row.end] == row.text for row in table.itertuples())
    assert table["start"].is_monotonic_increasing
    assert (table["start"].to_numpy()[1:] >= table["end"].to_numpy()[:-1]).all()


def test_the_sentences_table(documents):
    table = sentences(documents)
    assert table.columns.tolist() == [
        *["doc_id", "sentence_id", "party", "section", "rule", "paragraph"],
        *["start", "end", "words", "text"],
    ]
    assert table["doc_id"].tolist() == ["a", "a", "a", "b", "b", "b"]
    assert table["sentence_id"].tolist() == [1, 2, 3, 1, 2, 3]
    assert table["words"].tolist() == [3, 3, 3, 2, 6, 2]
    assert set(table["section"]) == {"body"}
    assert table["party"].tolist() == ["Green"] * 3 + ["Red"] * 3


def test_sections(documents):
    documents["text"] = "Title\nCredit: me\nOne. Two."
    rules = [Rule("title", section="headline", line=re.compile("Title")), CREDIT]
    table = sentences(documents.head(1), boilerplate=rules)
    columns = table[["section", "rule", "paragraph", "text"]]
    assert columns.itertuples(index=False, name=None) and columns.to_numpy().tolist() == [
        ["headline", "title", 1, "Title"],
        ["boilerplate", "credit", 2, "Credit: me"],
        ["body", "", 3, "One."],
        ["body", "", 3, "Two."],
    ]


TEXT = "AA – One two.\nThree four (five) #six.\nCredit: me\nSeven and/or eight."


@pytest.mark.parametrize(
    ("unit", "rows"),
    [
        (
            "sentence",
            [(1, "One two."), (2, "Three four (five) #six."), (4, "Seven and/or eight.")],
        ),
        (
            "paragraph",
            [(1, "One two."), (2, "Three four (five) #six."), (4, "Seven and/or eight.")],
        ),
        # A window runs across paragraphs, not across boilerplate, and leaves no mark behind.
        (
            3,
            [
                *[(1, "One two.\nThree"), (2, "four (five) #six.")],
                *[(4, "Seven and/or"), (4, "eight.")],
            ],
        ),
        (5, [(1, "One two.\nThree four (five)"), (2, "#six."), (4, "Seven and/or eight.")]),
        (2, [(1, "One two."), (2, "Three four"), (2, "(five) #six."), (4, "Seven and"),
             (4, "/or eight.")]),
        (99, [(1, "One two.\nThree four (five) #six."), (4, "Seven and/or eight.")]),
    ],
)  # fmt: skip
def test_the_units_of_a_body(unit, rows):
    documents = pd.DataFrame({"doc_id": ["a"], "text": [TEXT]})
    table = sentences(documents, boilerplate=[DATELINE, CREDIT], unit=unit)
    body = table[table["section"] == "body"]
    assert list(zip(body["paragraph"], body["text"], strict=True)) == rows
    assert table["sentence_id"].tolist() == list(range(1, len(table) + 1))
    rest = table[table["section"] != "body"]
    assert rest["text"].tolist() == ["AA –", "Credit: me"]


def test_a_paragraph_of_several_sentences_is_one_unit(documents):
    table = sentences(documents, unit="paragraph")
    assert table["text"].tolist() == documents["text"].tolist()
    assert table["words"].tolist() == [9, 10]


@given(
    st.text(st.sampled_from("ABCé.!–-’#_ \n\u2028\u200b\u0301"), max_size=40),
    st.integers(1, 4),
)
def test_windows_cut_an_article_without_losing_anything(text, size):
    documents = pd.DataFrame({"doc_id": ["a"], "text": [text]})
    table = sentences(documents, boilerplate=[DATELINE, CREDIT], unit=size)
    whole = sentences(documents, boilerplate=[DATELINE, CREDIT], unit="paragraph")
    for rows in (table, whole):
        assert all(text[row.start : row.end] == row.text for row in rows.itertuples())
        assert (rows["start"].to_numpy()[1:] >= rows["end"].to_numpy()[:-1]).all()
        covered = {index for row in rows.itertuples() for index in range(row.start, row.end)}
        assert not {i for i in range(len(text)) if text[i].isalnum()} - covered
    stretch = (table["section"] != "body").cumsum()  # the last of a stretch may be shorter
    for _, rows in table[table["section"] == "body"].groupby(stretch):
        assert (rows["words"].iloc[:-1] == size).all()
        assert rows["words"].iloc[-1] <= size
    paragraph = [whole.loc[whole["start"] <= start, "paragraph"].max() for start in table["start"]]
    assert table["paragraph"].tolist() == paragraph


@pytest.mark.parametrize("unit", ["word", 0, -1, True, 2.5])
def test_a_unit_that_is_none(documents, unit):
    with pytest.raises(InputError, match=f"unit={unit!r} is not a unit; choose one of sentence, p"):
        sentences(documents, unit=unit)


def test_a_group_without_a_sentence_stays_a_group(documents):
    documents["party"] = pd.Categorical(documents["party"], categories=["Green", "Red", "Blue"])
    assert sentences(documents)["party"].cat.categories.tolist() == ["Green", "Red", "Blue"]


def test_sentences_needs_its_columns(documents):
    with pytest.raises(InputError, match=r"no column 'text'; it has 'doc_id', .*; did you mean"):
        sentences(documents.rename(columns={"text": "texts"}))


@pytest.mark.parametrize(
    ("names", "columns", "problem"),
    [
        (["a", "a"], ["party"], "two articles of the documents are called 'a'; give each article"),
        (["a", None], ["party"], "a doc_id of the documents is missing; give each article a name"),
        (["a", "b"], ["party", "party"], "two columns of the documents are called 'party'; give"),
    ],
)
def test_no_two_articles_or_columns_have_one_name(names, columns, problem):
    rows = [[name, "Wind.", *("A" for _ in columns)] for name in names]
    with pytest.raises(InputError, match=problem):
        sentences(pd.DataFrame(rows, columns=["doc_id", "text", *columns]))


def test_a_text_that_is_no_text():
    documents = pd.DataFrame({"doc_id": ["a"], "text": [b"Wind."]})
    with pytest.raises(InputError, match='a have no text but a bytes; write ""'):
        sentences(documents)


# Reading


@pytest.fixture
def folder(tmp_path):
    """Write a folder of articles and its metadata: folder({"a.txt": "..."}, "file,party\\n...")."""

    def write(texts, metadata):
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        table = tmp_path / "articles.csv"
        table.write_text(metadata, encoding="utf-8")
        return tmp_path, table

    return write


TWO = {"a.txt": "One.", "b.txt": "Two."}


def test_documents_in_the_order_of_the_metadata(folder):
    articles = read_articles(*folder(TWO, "file,party\nb.txt,Red\na.txt,Green\n"), by="party")
    assert articles.to_dict("list") == {
        "doc_id": ["b", "a"],
        "party": ["Red", "Green"],
        "text": ["Two.", "One."],
    }


def test_a_folder_without_metadata(folder):
    path, _ = folder(TWO, "")
    articles = read_articles(path)
    assert articles.to_dict("list") == {"doc_id": ["a", "b"], "text": ["One.", "Two."]}


def test_the_text_is_exactly_as_given(folder):
    path, table = folder({}, "file\na.txt\n")
    (path / "a.txt").write_bytes("\ufeff Hervé’s\r\n\r\nline \u00a0".encode())
    assert read_articles(path, metadata=table)["text"].tolist() == [" Hervé’s\r\n\r\nline \u00a0"]


@pytest.mark.parametrize("name", ["NA", "null", "None", "nan", "N/A", "1e5", "=1+1", "TRUE"])
def test_a_name_is_text(folder, name):
    metadata = f"file,doc_id,party\na.txt,001,{name}\nb.txt,1e5,Red\n"
    articles = read_articles(*folder(TWO, metadata), by="party")
    assert articles["party"].tolist() == [name, "Red"]
    assert articles["doc_id"].tolist() == ["001", "1e5"]
    assert sentences(articles)["party"].tolist() == [name, "Red"]


@pytest.mark.parametrize("space", [" ", "\u00a0"])
def test_spaces_around_a_name_are_trimmed_with_a_warning(folder, space):
    path, table = folder(TWO, f"file,party\na.txt,Red{space}\nb.txt,Red\n")
    with pytest.warns(InputWarning, match="spaces around 'party' are left out in a$"):
        assert read_articles(path, metadata=table, by="party")["party"].tolist() == ["Red", "Red"]


def test_names_that_differ_in_case_are_named_and_kept_apart(folder):
    path, table = folder(TWO, "file,party\na.txt,Red\nb.txt,RED\n")
    with pytest.warns(InputWarning, match="Red, RED differ in case, accents or spaces only"):
        assert read_articles(path, metadata=table, by="party")["party"].tolist() == ["Red", "RED"]


def test_the_same_text_twice_is_named_and_kept(folder):
    path, table = folder({"a.txt": "One.", "b.txt": "One."}, "file\na.txt\nb.txt\n")
    with pytest.warns(InputWarning, match="a, b have the same text"):
        assert len(read_articles(path, metadata=table)) == 2


@pytest.mark.parametrize("text", ["", " \n\u00a0"])
def test_an_empty_article_is_kept(folder, text):
    path, table = folder({"a.txt": text, "b.txt": "Two."}, "file,party\na.txt,Green\nb.txt,Red\n")
    with pytest.warns(InputWarning, match="no text in a; counted as articles without a sentence"):
        articles = read_articles(path, metadata=table, by="party")
    row = sentences(articles).iloc[0]
    assert row[["doc_id", "party", "section", "words", "text"]].tolist() == [
        *["a", "Green", "empty", 0, ""]
    ]


def test_a_file_that_the_metadata_does_not_list(folder):
    path, table = folder({**TWO, "c.txt": "Three."}, "file\na.txt\n")
    with pytest.warns(InputWarning, match=r"articles\.csv does not list b\.txt, c\.txt; left out"):
        assert read_articles(path, metadata=table)["doc_id"].tolist() == ["a"]


def test_the_name_of_a_file_in_any_normal_form(folder):
    decomposed = unicodedata.normalize("NFD", "é.txt")
    path, table = folder({decomposed: "One."}, "file\né.txt\n")
    assert read_articles(path, metadata=table)["doc_id"].tolist() == ["é"]


@pytest.mark.parametrize(
    ("metadata", "line", "message"),
    [
        ("file,party\na.txt,Red\nc.txt,Red\n", 3, r"'c\.txt'.*; did you mean 'b\.txt'"),
        ("file,party\n../a.txt,Red\n", 2, r"'\.\./a\.txt'.*outside the folder"),
        ("file,party\na.md,Red\n", 2, r"'a\.md'"),
        ("file,party\na.txt,Red\nb.txt,\n", 3, "'party' of 'b' is blank; write the article's"),
        ("file,party\na.txt,Red\nb.txt, \u00a0\n", 3, "'party' of 'b' is blank"),
        ("file,doc_id,party\na.txt,a,Red\nb.txt,a,Red\n", 3, "'a' stands on lines 2, 3; give each"),
        (
            "File,party\na.txt,Red\n",
            1,
            r"no column 'file'; rename 'File'\? the columns are File, party",
        ),
        (
            "file,party,start,document_start\na.txt,Red,1,2\n",
            1,
            "the column 'start' would be read as 'document_start', and there is one of th",
        ),
        ("file,party\n", 1, "a header and no row; add"),
    ],
)
def test_metadata_that_is_wrong(folder, metadata, line, message):
    path, table = folder(TWO, metadata)
    with pytest.raises(InputError, match=f"^{re.escape(str(table))}, line {line}: .*{message}"):
        read_articles(path, metadata=table, by="party")


def test_a_group_column_that_is_not_there(folder):
    path, table = folder(TWO, "file,party\na.txt,Red\nb.txt,Red\n")
    with pytest.raises(
        InputError, match="no column 'partie' to form groups by; did you mean 'party'"
    ):
        read_articles(path, metadata=table, by="partie")


def test_a_csv_corpus(tmp_path):
    file = tmp_path / "corpus.csv"
    file.write_text('party,text\nGreen,"One.\nTwo."\nRed,Three.\n', encoding="utf-8")
    articles = read_articles(file, by="party")
    assert articles.to_numpy().tolist() == [["1", "Green", "One.\nTwo."], ["2", "Red", "Three."]]
    with pytest.raises(InputError, match="its own metadata; leave metadata out"):
        read_articles(file, metadata=file)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none", "no such file or folder"),
        ("x.odt", "x.odt: '.odt' is not a kind of corpus; name a folder"),
    ],
)
def test_no_corpus(tmp_path, name, message):
    (tmp_path / "x.odt").touch()
    with pytest.raises(InputError, match=message):
        read_articles(tmp_path / name)


def test_an_empty_folder(tmp_path):
    endings = re.escape(", ".join(FILES))
    with pytest.raises(InputError, match=f"holds no article; put {endings} files"):
        read_articles(tmp_path)


def test_a_file_named_twice(folder):
    path, table = folder(TWO, "file,doc_id,party\na.txt,x,Red\na.txt,y,Red\n")
    with pytest.raises(InputError, match=r"line 3: 'a.txt' stands on line 2 too"):
        read_articles(path, metadata=table)


def test_columns_that_are_the_tables_own():
    with pytest.raises(
        InputError, match=r"'section', 'topic' are .* documents.rename.columns=..section"
    ):
        sentences(pd.DataFrame({"doc_id": ["a"], "topic": "t", "section": "s", "text": "x"}))


def test_a_missing_text_is_not_an_empty_one():
    with pytest.raises(InputError, match="b have no text but a missing value"):
        sentences(pd.DataFrame({"doc_id": ["a", "b"], "text": ["One.", None]}))


def test_a_link_out_of_the_folder(folder, tmp_path):
    path, table = folder({"a.txt": "One."}, "file\na.txt\nb.txt\n")
    outside = tmp_path.parent / f"{tmp_path.name}-outside.txt"
    outside.write_text("Secret.", "utf-8")
    (path / "b.txt").symlink_to(outside)
    with pytest.raises(InputError, match=r"b.txt: this link leads out of the folder"):
        read_articles(path, metadata=table)


def test_a_metadata_column_called_text_gets_another_name(folder):
    path, table = folder(TWO, "file,text\na.txt,x\nb.txt,y\n")
    with pytest.warns(InputWarning, match="columns 'text' of their own; yours are called 'docum"):
        articles = read_articles(path, metadata=table)
    assert articles[["document_text", "text"]].to_numpy().tolist() == [["x", "One."], ["y", "Two."]]


def test_a_jsonl_corpus(tmp_path):
    file = tmp_path / "corpus.jsonl"
    file.write_text(
        '{"party": "NA", "text": "One.\\nTwo\u2028."}\n{"text": "Three.", "party": "Red"}\n',
        "utf-8",
    )
    articles = read_articles(file, by="party")
    assert articles.to_numpy().tolist() == [["1", "NA", "One.\nTwo\u2028."], ["2", "Red", "Three."]]
    with pytest.raises(InputError, match=r"a \.jsonl corpus holds its own metadata"):
        read_articles(file, metadata=file)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("", "the file is empty"),
        ('{"text": "a"}\n{"text": "b",}', "line 2: this is not JSON"),
        ('{"text": "a", "text": "b"}', "line 1: this is not JSON (the key 'text' stands twice)"),
        ('["a"]', "line 1: this is not an object"),
        ('{"text": "a", "n": [1]}', "line 1: 'n' is ['1']; write one value a key"),
        ('{"words": "a"}', "line 1: there is no column 'text'; say which column has the texts"),
        (
            '{"text": "a", "document_topic": "b"}\n{"text": "a", "topic": "b"}',
            "line 2: the column 'topic' would be read as 'document_topic', and there is one",
        ),
        ('{"text": "a"}\n{"Text": "b"}', "line 2: 'text' has no value"),
        ('{"text": ' + "[" * 100_000, "line 1: this is not JSON"),
    ],
)
def test_jsonl_that_is_wrong(tmp_path, lines, problem):
    file = tmp_path / "corpus.jsonl"
    file.write_text(lines, "utf-8")
    with pytest.raises(InputError, match=re.escape(problem)):
        read_articles(file)


def one_text(text):
    return pd.DataFrame({"doc_id": ["a"], "text": [text]})


def test_words_that_mix_scripts_are_named():
    with pytest.warns(InputWarning, match=r"a mixes scripts in '\\u0441yber'; no pattern finds"):
        sentences(one_text("The сyber and cyber."))


@pytest.mark.parametrize("text", ["Кибер war", "5 μm of βcell", "naïve Ngô", "Ωmega ω"])
def test_words_of_one_script_or_of_letters_apart_are_not(text):
    sentences(one_text(text))


def test_a_text_is_unspaced_when_most_of_it_is():
    assert [mostly_unspaced(text) for text in ("ab网络", "a网络")] == [False, True]


def test_a_word_of_a_segmenter_stands_after_the_one_before():
    assert word_edges("网网", list) == ({0, 1}, {1, 2})


def test_scripts_without_spaces():
    text = "加强网络安全。NATO来了。"
    with pytest.warns(InputWarning, match="a put no spaces between words.*pass segmenter="):
        table = sentences(one_text(text))
    assert table["text"].to_list() == ["加强网络安全。", "NATO来了。"]
    assert table["words"].to_list() == [1, 1]
    known = {
        "加强网络安全。": ["加强", "网络", "安全", "。"],
        "NATO来了。": ["NATO", "来", "了", "。"],
    }
    table = sentences(one_text(text), segmenter=known.__getitem__)
    assert table["words"].to_list() == [3, 3]
    sentences(one_text("The word 网络 is Chinese."))


@pytest.mark.parametrize("unit", ["sentence", "paragraph"])
def test_signs_alone_are_no_sentence(unit):
    text = "Wind grows.\n\n* * *\n\n-----\n\nCoal falls.\n\n😀\n\n5\n\n•"
    table = sentences(pd.DataFrame({"doc_id": ["a"], "text": [text]}), unit=unit)
    body = table[table["section"] == "body"]
    assert body["text"].tolist() == ["Wind grows.", "Coal falls.", "😀", "5"]
    assert table.loc[table["section"] == "empty", "text"].tolist() == ["* * *", "-----", "•"]
    assert table["sentence_id"].tolist() == list(range(1, 8))


def test_an_article_of_signs_alone_is_left_out_by_name():
    articles = pd.DataFrame({"doc_id": ["a", "b"], "party": ["A", "B"], "text": ["***", "Wind."]})
    status = document_status(articles, sentences(articles), by="party")
    assert status["status"].tolist() == ["no_body_sentence", "analysed"]
