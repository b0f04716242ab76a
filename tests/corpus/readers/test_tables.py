"""Tables and folders as they come: other programs' habits, encodings, frames (B3, B5 to B7, B9)."""

import datetime
import gzip
import json
import os
import re

import openpyxl
import pandas as pd
import pyarrow
import pytest
from pyarrow import parquet

from analysis import InputError, InputWarning, Study, emphasis, read_articles, sentences
from analysis.corpus.readers.folder import article_files
from analysis.io import files
from analysis.io.frames import as_frame
from analysis.study.new import new_study_from
from tests.conftest import TEXTS as PARTY_TEXTS
from tests.corpus.readers.archives_by_hand import nexis_paragraphs, old_nexis, word
from tests.corpus.readers.test_readers import error, packed, page, put, repacked, rows

TWO = [{"party": "Green", "text": "Wind farms grow."}, {"party": "Red", "text": "Coal; oil."}]


def workbook(path, *lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.save(path)
    return path


@rows(
    {
        "sep": 'sep=;\nparty;text\nGreen;Wind farms grow.\nRed;"Coal; oil."\n',
        "sep quoted": '"sep=;"\nparty;text\nGreen;Wind farms grow.\nRed;"Coal; oil."\n',
        "sep CRLF": "sep=|\r\nparty|text\r\nGreen|Wind farms grow.\r\nRed|Coal; oil.\r\n",
        "empty columns": "party,text,,\nGreen,Wind farms grow.,,\nRed,Coal; oil.,,\n",
        "empty cells": "party,text\nGreen,Wind farms grow.,,\nRed,Coal; oil.\n",
        "BOM": "\ufeffparty,text\nGreen,Wind farms grow.\nRed,Coal; oil.\n",
    }
)
def test_b3_habits_of_spreadsheets(tmp_path, case):
    articles = read_articles(put(tmp_path / "c.csv", case), by="party")
    assert articles[["party", "text"]].to_dict("records") == TWO


@pytest.mark.parametrize("first", ["", "Unnamed: 0"])
@pytest.mark.parametrize("start", [0, 1, 7])
def test_b3_the_index_that_pandas_or_r_writes_is_left_out(tmp_path, first, start):
    lines = [f"{start + n},{row['party']},{row['text']}" for n, row in enumerate(TWO)]
    path = put(tmp_path / "c.csv", "\n".join([f"{first},party,text", *lines]))
    with pytest.warns(InputWarning, match="the first column has no name and numbers the rows"):
        articles = read_articles(path)
    assert articles[["party", "text"]].to_dict("records") == TWO
    assert list(articles.columns) == ["doc_id", "party", "text"]


def test_b3_a_row_of_empty_cells_and_an_index_beside_one_column(tmp_path):
    path = put(tmp_path / "c.csv", "party,text\n,\nGreen,Wind farms grow.\n")
    with pytest.warns(InputWarning, match="line 2: a row of empty cells is left out"):
        assert len(read_articles(path)) == 1
    path = put(tmp_path / "e.csv", "text,\nWind farms grow.\n")
    assert read_articles(path)["text"].to_list() == ["Wind farms grow."]
    path = put(tmp_path / "d.csv", ",text\n0,Wind farms grow.\n1,Coal; oil.\n")
    with pytest.warns(InputWarning, match="the first column has no name and numbers the rows"):
        assert read_articles(path)["text"].to_list() == ["Wind farms grow.", "Coal; oil."]


@rows(
    {
        "index of names": (",party,text\na,Green,x\nb,Red,y\n", 1, ["a column has no name"]),
        "index twice": (",party,text\n1,Green,x\n1,Red,y\n", 1, ["a column has no name"]),
        "no name": ("party,text,\nGreen,x,note\n", 1, ["a column has no name"]),
        "no name between": ("party,,text\nGreen,,x\n", 1, ["a column has no name"]),
        "beyond": ("party,text\nGreen,x,note\n", 2, ["3 values stand under 2"]),
    }
)
def test_b3_columns_without_a_name(tmp_path, case):
    content, line, words = case
    path = put(tmp_path / "c.csv", content)
    with pytest.raises(InputError, match=error(path, words, line)):
        read_articles(path)


def test_b3_a_workbook(tmp_path):
    day = datetime.datetime(2020, 3, 1)
    path = workbook(
        tmp_path / "c.xlsx",
        ["doc_id", "year", "day", "share", "seen", "text", None],
        ["001", 2019.0, day, 0.5, True, " Wind farms grow.\n", None],
        [2, None, day.replace(hour=9), 1e-5, None, "=Coal", None],
    )
    with pytest.warns(InputWarning, match="no text in 2"):  # of a formula only its value is read
        articles = read_articles(path.rename(tmp_path / "d.XLSX"))
    assert articles.to_dict("records") == [
        {"doc_id": "001", "year": "2019", "day": "2020-03-01", "share": "0.5", "seen": "True",
         "text": " Wind farms grow.\n"},
        {"doc_id": "2", "year": "", "day": "2020-03-01 09:00:00", "share": "1e-05", "seen": "",
         "text": ""},
    ]  # fmt: skip


@rows(
    {
        "no text": ([["a", "body"], ["x", "y"]], ["rename 'body' to 'text'"]),
        "twice": ([["text", "text"], ["x", "y"]], ["'text' stands twice"]),
        "empty": ([[]], ["the sheet is empty"]),
        "header": ([["text"]], ["a header and no row"]),
    }
)
def test_b3_workbooks_that_are_wrong(tmp_path, case):
    lines, words = case
    path = workbook(tmp_path / "c.xlsx", *lines)
    with pytest.raises(InputError, match="(?s)" + "".join(f"(?=.*{re.escape(w)})" for w in words)):
        read_articles(path)


SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b'<!DOCTYPE x [<!ENTITY e "ha">]><worksheet'


@rows(
    {
        "cut off": ("xl/workbook.xml", lambda raw: raw[:99], ["not a whole Excel workbook"]),
        "cut off in the sheet": (SHEET, lambda raw: raw[:-99], ["not a whole Excel workbook"]),
        "entity": (SHEET, lambda raw: raw.replace(b"<worksheet", ENTITY).replace(b"Wind", b"&e;"),
                   ["not a whole Excel workbook"]),
        "bomb": (SHEET, lambda raw: raw + b" " * 20_000_000, ["it unpacks to 200"]),
    }
)  # fmt: skip
def test_workbooks_that_are_damaged_or_hostile(tmp_path, case):
    part, change, words = case
    path = workbook(tmp_path / "c.xlsx", ["text"], ["Wind."])
    repacked(path, part, change)
    with pytest.raises(InputError, match=error(path, words)):
        read_articles(path)


def test_b3_what_stands_beside_the_columns_of_a_workbook_is_named(tmp_path):
    path = workbook(tmp_path / "c.xlsx", ["text"], ["Wind.", None, "a note"])
    with pytest.warns(InputWarning, match="line 2: what stands to the right of all named columns"):
        assert read_articles(path)["text"].tolist() == ["Wind."]


def test_b7_a_cell_that_excel_cut_is_named(tmp_path):
    path = workbook(tmp_path / "c.xlsx", ["text"], ["a" * 32_767], ["b" * 32_766])
    with pytest.warns(InputWarning, match="1 has exactly 32767 characters; a cell of Excel ends"):
        assert len(read_articles(path)) == 2


@pytest.mark.parametrize("mark", ["<p>", "</b>", "<br/>", '<a href="x">', "&nbsp;", "&#8209;"])
def test_b7_tags_in_a_cell_are_named(tmp_path, mark):
    path = put(tmp_path / "c.csv", f"text\n'Wind {mark} farms'\nCoal < oil & gas; R&D; a<b\n")
    put(path, path.read_text().replace('"', "''"))
    with pytest.warns(InputWarning, match="tags or entities of HTML stand in 1; counted as writ"):
        assert len(read_articles(path)) == 2


def test_b3_another_sheet_of_the_same_columns_is_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["party", "text"])
    book.active.append(["Green", "Wind."])
    book.create_sheet("notes").append(["of ours"])
    book.create_sheet("2021").append(["party", "text"])
    book.save(tmp_path / "c.xlsx")
    with pytest.warns(InputWarning, match=r"sheets '2021' have the columns of the first .* not re"):
        assert len(read_articles(tmp_path / "c.xlsx")) == 1


def test_b3_signs_that_xml_cannot_hold_are_read_as_excel_means_them(tmp_path):
    path = workbook(tmp_path / "c.xlsx", ["text"], ["A policy_x000D_\nof _x005F_x0041_ and _x41_."])
    assert read_articles(path)["text"].tolist() == ["A policy\r\nof _x0041_ and _x41_."]


def test_b3_errors_of_excel_are_named(tmp_path):
    path = workbook(tmp_path / "c.xlsx", ["party", "text"], ["A", "a"], ["#N/A", "b"])
    with pytest.warns(InputWarning, match="c.xlsx, line 3: an error of Excel .* read as a text"):
        assert read_articles(path)["party"].tolist() == ["A", "#N/A"]


def test_b3_the_line_of_a_header_that_is_wrong(tmp_path):
    path = workbook(tmp_path / "c.xlsx", [], [None, "party", "text"], [None, "A", "a"])
    with pytest.raises(InputError, match=r"c\.xlsx, line 2: a column has no name"):
        read_articles(path)


def test_signs_that_were_lost_are_named(tmp_path):
    path = put(tmp_path / "c.csv", "text\nHerv\ufffd and Andr\ufffd\n")
    with pytest.warns(InputWarning, match="2 signs were lost before it was saved, and U.FFFD"):
        assert len(read_articles(path)) == 1


JSON_ROWS = [
    {"text": "Wind.", "year": 2019, "share": 0.50, "seen": True, "who": None},
    {"text": "Coal.", "year": 2020, "note": "x"},
]


def test_b3_typed_values_and_missing_keys_of_jsonl(tmp_path):
    written = "\n".join(map(json.dumps, JSON_ROWS)).replace("0.5", "0.50")
    articles = read_articles(put(tmp_path / "c.jsonl", written))
    assert articles.to_dict("records") == [
        {"doc_id": "1", "year": "2019", "share": "0.50", "seen": "True", "who": "", "note": "",
         "text": "Wind."},
        {"doc_id": "2", "year": "2020", "share": "", "seen": "", "who": "", "note": "x",
         "text": "Coal."},
    ]  # fmt: skip


RENAMED = (
    "have columns .* of their own; yours are called .document_topic., .document_count., .document_g"
)


def test_b3_columns_that_are_the_tables_own_get_another_name(tmp_path):
    rows = [{"text": "a"}, {"text": "b", "topic": "x", "count": "1", "group": "z"}]
    files = {
        "c.csv": "text,topic,count,group\na,,,\nb,x,1,z\n",
        "c.jsonl": "\n".join(map(json.dumps, rows)),
    }
    paths = [put(tmp_path / name, content) for name, content in files.items()]
    pd.DataFrame(rows).astype("string").to_parquet(tmp_path / "c.parquet", index=False)
    for path in (*paths, tmp_path / "c.parquet"):
        with pytest.warns(InputWarning, match=RENAMED):
            articles = read_articles(path)
        assert articles.fillna("").to_dict("list") == {
            "doc_id": ["1", "2"],
            "document_topic": ["", "x"],
            "document_count": ["", "1"],
            "document_group": ["", "z"],
            "text": ["a", "b"],
        }
        assert len(sentences(articles)) == 2


def test_b3_typed_columns_of_parquet(tmp_path):
    frame = pd.DataFrame(
        {
            "text": ["Wind.", "Coal."],
            "year": [2019, None],
            "day": pd.to_datetime(["2020-03-01", None]),
            "seen": [True, False],
            "kind": pd.Categorical([3, 4]),
        },
        index=[5, 9],
    )
    frame.to_parquet(tmp_path / "c.parquet")
    assert read_articles(tmp_path / "c.parquet").to_dict("records") == [
        {"doc_id": "1", "year": "2019", "day": "2020-03-01", "seen": "True", "kind": "3",
         "text": "Wind."},
        {"doc_id": "2", "year": "", "day": "", "seen": "False", "kind": "4", "text": "Coal."},
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_b3_packed_tables(tmp_path, kind):
    parquet.write_table(pyarrow.Table.from_pylist(TWO), tmp_path / "c.parquet")
    put(tmp_path / "c.csv", "party,text\nGreen,Wind farms grow.\nRed,Coal; oil.\n")
    put(tmp_path / "c.jsonl", "\n".join(map(json.dumps, TWO)))
    raw = (tmp_path / f"c.{kind}").read_bytes()
    path = put(tmp_path / f"c.{kind}.gz", gzip.compress(raw))
    assert read_articles(path)[["party", "text"]].to_dict("records") == TWO
    with pytest.raises(InputError, match=rf"a \.{kind} corpus holds its own metadata"):
        read_articles(path, metadata=path)
    put(path, gzip.compress(raw)[:-9])
    with pytest.raises(InputError, match=error(path, ["not a whole gzip file"])):
        read_articles(path)


def test_b3_a_packed_table_that_unpacks_to_too_much(tmp_path, monkeypatch):
    path = put(tmp_path / "c.csv.gz", gzip.compress(b"text\n" + b"a" * 2_000_000))
    monkeypatch.setattr(files.read_text, "__defaults__", (1_000_000,))
    with pytest.raises(InputError, match=error(path, ["unpacks to more than 1000000 bytes"])):
        read_articles(path)


# Encodings

ENCODED = {"cp1251": "Ветер дует", "gb18030": "风力发电", "Shift-JIS": "風が吹く", "euc-kr": "바람"}


@pytest.mark.parametrize(("encoding", "text"), ENCODED.items(), ids=ENCODED)
def test_b5_encodings_by_name(tmp_path, encoding, text):
    raw = text.encode(encoding)
    put(tmp_path / "a.txt", raw)
    put(tmp_path / "b.html", page(f"<p>{text}!</p>").encode(encoding))
    put(tmp_path / "c.txt", codecs_utf16 := f"{text}?".encode("utf-16"))
    assert codecs_utf16[:2] in (b"\xff\xfe", b"\xfe\xff")
    articles = read_articles(tmp_path, encoding=encoding)
    assert articles["text"].tolist() == [text, f"{text}!", f"{text}?"]
    for kind, content in (("csv", f"text\n{text}\n"), ("jsonl", f'{{"text": "{text}"}}')):
        path = put(tmp_path / f"t.{kind}", content.encode(encoding))
        assert read_articles(path, encoding=encoding)["text"].tolist() == [text]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("utf-9", ["encoding='utf-9' is not known", "cp1251"]), ("utf-8", ["byte 6", "is not utf-8"]),
     ("rot13", ["encoding='rot13' is not known"]), ("a\0b", ["is not known; name it as"])],
)  # fmt: skip
def test_b5_an_encoding_that_is_not_the_text_s(tmp_path, encoding, words):
    path = put(tmp_path / "a.txt", "Wind, Ветер".encode("cp1251"))
    with pytest.raises(InputError, match="".join(f"(?=.*{re.escape(one)})" for one in words)):
        read_articles(tmp_path, encoding=encoding)
    with pytest.warns(InputWarning, match="read as Windows-1252, as in 'Wind, Âåòåð'; save it as"):
        read_articles(path.parent)


def test_b5_a_study_names_its_encoding(tmp_path):
    put(tmp_path / "t.csv", "party,text\nGreen,Ветер дует\n".encode("cp1251"))
    put(tmp_path / "d.toml", '[[topic]]\nname = "wind"\npatterns = ["ветер"]\n')
    study = Study(tmp_path / "t.csv", topics=tmp_path / "d.toml", by="party", encoding="cp1251")
    assert study.documents["text"].tolist() == ["Ветер дует"]


# Folders


def test_b6_what_is_not_read_is_named(tmp_path):
    put(tmp_path / "a.txt", "Wind.")
    for name in ("b.odt", "c.pages", "d", "README", "._x.txt", "~$a.docx", "Thumbs.db", ".git",
                 "articles.csv", "study.toml", "desktop.ini"):  # fmt: skip
        put(tmp_path / name, "x")
    (tmp_path / "more").mkdir()
    (tmp_path / "__pycache__").mkdir()
    with pytest.warns(InputWarning) as said:
        assert read_articles(tmp_path)["doc_id"].tolist() == ["a"]
    (one,) = said
    assert f"{tmp_path}: README, b.odt, c.pages, d, more not read; articles are" in str(one.message)


def test_b6_notes_in_markdown_stand_beside_a_table_and_articles_do_not_need_one(tmp_path):
    put(tmp_path / "a.md", "# Wind\n\nIt grows.")
    put(tmp_path / "b.txt", "Coal.")
    assert read_articles(tmp_path)["text"].tolist() == ["# Wind\n\nIt grows.", "Coal."]
    table = put(tmp_path / "articles.csv", "file\nb.txt\n")
    assert read_articles(tmp_path, table)["doc_id"].tolist() == ["b"]
    put(table, "file\na.md\nb.txt\n")
    assert read_articles(tmp_path, table)["doc_id"].tolist() == ["a", "b"]


def test_b6_subfolders_are_groups_where_asked(tmp_path):
    for name in ("Green/a.txt", "Red/a.txt", "Red/2020/b.txt", ".git/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        put(tmp_path / name, f"{name}.")
    articles = read_articles(tmp_path, by="folder")
    assert articles.drop(columns="text").to_dict("records") == [
        {"doc_id": "Green_a", "folder": "Green"},
        {"doc_id": "Red_2020_b", "folder": "Red"},
        {"doc_id": "Red_a", "folder": "Red"},
    ]
    assert len(article_files(tmp_path, subfolders=True)) == 3
    put(tmp_path / "d.toml", '[[topic]]\nname = "t"\npatterns = ["txt"]\n')
    study = Study(tmp_path, topics=tmp_path / "d.toml", by="folder")
    assert sum(path.suffix == ".txt" for path in study.inputs) == 3
    path = put(tmp_path / "e.txt", "Alone.")
    with pytest.raises(InputError, match=error(path, ["stands in no folder that could be its"])):
        read_articles(tmp_path, by="folder")


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_b6_a_link_to_a_folder_is_not_followed(tmp_path):
    (tmp_path / "a").mkdir()
    put(tmp_path / "a" / "x.txt", "Wind.")
    (tmp_path / "b").symlink_to(tmp_path)
    with pytest.warns(InputWarning, match=": b not read"):
        assert read_articles(tmp_path, by="folder")["doc_id"].tolist() == ["a_x"]


# Frames


class Polars:
    """What a data frame of polars has that is used here."""

    def __init__(self, columns):
        self.columns = list(columns)
        self._columns = columns

    def rows(self):
        return list(zip(*self._columns.values(), strict=True))

    def to_dict(self, *, as_series):
        assert not as_series
        return self._columns


DOCUMENTS = {"doc_id": list(PARTY_TEXTS), "party": ["Green", "Red"],
             "text": list(PARTY_TEXTS.values())}  # fmt: skip


@pytest.mark.parametrize("make", [pd.DataFrame, pyarrow.table, Polars])
def test_b9_frames_of_other_libraries(tmp_path, make):
    frame = make(DOCUMENTS)
    assert sentences(frame).equals(sentences(pd.DataFrame(DOCUMENTS)))
    topics = put(tmp_path / "d.toml", '[[topic]]\nname = "t"\npatterns = ["wind"]\n')
    assert Study(frame, topics=topics, by="party").documents["party"].tolist() == ["Green", "Red"]


@pytest.mark.parametrize("given", [["Wind."], None, {"text": "Wind."}])
def test_b9_what_is_no_frame_is_refused_in_one_sentence(given):
    kind = type(given).__name__
    problem = f"the documents table is a {kind}; give a data frame of pandas, polars or pyarrow"
    with pytest.raises(InputError, match=problem):
        sentences(given)
    with pytest.raises(InputError, match=problem):
        as_frame(given, "documents")


def test_b9_frames_elsewhere_are_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"a pyarrow\.lib Table; give it as pandas: table"):
        emphasis(pyarrow.table({"topic": ["a"]}))


# A study of a download


def test_a_study_is_made_of_a_download_as_of_a_table(tmp_path):
    path = put(tmp_path / "n.docx", word(nexis_paragraphs()))
    seen = new_study_from(path, tmp_path / "study", group=["language"])
    assert (
        seen[0] == "n.docx: 3 articles" and "  groups  'language': English (2), German (1)" in seen
    )
    assert (tmp_path / "study" / "n.docx").is_file()


def test_an_old_download_in_a_zip(tmp_path):
    path = packed(tmp_path / "o.zip", {"o.txt": old_nexis()})
    with pytest.warns(InputWarning, match="far fewer or more words"):
        assert len(read_articles(path)) == 3
