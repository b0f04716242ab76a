"""Anyone's codes are read, named where they do not fit, and go where a dictionary's go."""

import json
import warnings

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis import InputError, InputWarning, read_codes
from analysis.corpus.anchoring import items
from analysis.io.sheets import write_sheet
from tests import ROOT

TEXTS = {
    "a": "Wind farms grow. Solar roofs pay. Solar replaces coal.",
    "b": "Coal stays. Wind, wind and solar bring jobs. Prices rise.",
}


def table(**texts):
    texts = {**TEXTS, **texts}
    return an.sentences(
        pd.DataFrame({"doc_id": list(texts), "party": ["Green", "Red"], "text": texts.values()})
    )


SHEET = """\
doc_id,start,end,topic,coder,answer,note,text
a,0,16,wind,Anna,yes,,Wind farms grow.
a,17,33,wind,Anna,no,,Solar roofs pay.
a,34,54,wind,Anna,unsure,,Solar replaces coal.
b,0,11,wind,Anna,no,,Coal stays.
b,12,44,wind,Anna,yes,twice,"Wind, wind and solar bring jobs."
b,45,57,wind,Anna,no,,Prices rise.
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text, sentences=None, name="codes.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_codes(path, table() if sentences is None else sentences, **options)

    return read_text


def test_codes_have_the_columns_of_a_dictionarys(read, energy):
    got = read(SHEET)
    own = an.codes(table(), energy)
    assert list(got.columns) == [*own.columns, "coder", "answer"]
    assert got["coded"].to_list() == [True, False, False, False, True, False]
    assert got["answer"].to_list() == ["yes", "no", "unsure", "no", "yes", "no"]
    same = own[own["topic"] == "wind"].reset_index(drop=True)
    for column in ("doc_id", "sentence_id", "party", "section", "start", "end", "words"):
        assert got[column].equals(same[column])
    assert got["coded"].dtype == same["coded"].dtype


def test_everything_downstream_takes_them(read, energy):
    codes, own = read(SHEET), an.codes(table(), energy)
    emphasis = an.emphasis(an.tally(codes, by="party"))
    wind = an.tally(own[own["topic"] == "wind"], by="party")
    assert emphasis.to_frame()["estimate"].equals(an.emphasis(wind).to_frame()["estimate"])
    assert len(an.contrasts(an.tally(codes, by="party")).to_frame()) == 1
    assert an.positions(codes)["coded"].sum() == 2
    evidence = an.evidence(table(), codes)
    assert evidence["patterns"].to_list() == [("coded by Anna",)] * 2
    assert evidence["quote"].to_list() == ["Wind farms grow.", "Wind, wind and solar bring jobs."]
    assert evidence["spans"].to_list() == [((0, 16),), ((0, 32),)]
    assert len(an.evidence_for(emphasis, evidence)) == 2


def test_several_coders_stand_side_by_side(read):
    rows = SHEET.splitlines()
    second = [row.replace("Anna", "Ben").replace(",no,", ",yes,") for row in rows[1:]]
    codes = read("\n".join([*rows, *second]))
    emphasis = an.emphasis(an.tally(codes, by=["coder", "party"])).to_frame()
    assert list(zip(emphasis["coder"], emphasis["party"], emphasis["hits"], strict=True)) == [
        ("Anna", "Green", 1), ("Anna", "Red", 1), ("Ben", "Green", 2), ("Ben", "Red", 3),
    ]  # fmt: skip


def test_several_coders_together_would_count_twice(read):
    rows = SHEET.splitlines()
    second = [row.replace("Anna", "Ben") for row in rows[1:]]
    codes = read("\n".join([*rows, *second]))
    for count in (an.tally, an.leave_one_out):
        with pytest.raises(InputError, match=r"\(Anna, Ben\), which would count twice; choose one"):
            count(codes, by="party")
    one = an.tally(codes[codes["coder"] == "Ben"], by="party").to_frame()
    assert one.equals(an.tally(read(SHEET), by="party").to_frame())
    # Two who shared the work count each sentence once.
    shared = read("\n".join([*rows[:4], *second[3:]]))
    assert an.tally(shared, by="party").to_frame().equals(one)


def as_jsonl(frame):
    return "".join(f"{json.dumps(row)}\n" for row in frame.to_dict("records"))


@pytest.mark.parametrize("kind", [".jsonl", ".xlsx", ".csv"])
def test_kinds_of_sheets(read, tmp_path, kind):
    want = read(SHEET)
    frame = pd.read_csv(tmp_path / "codes.csv", keep_default_na=False)
    path = tmp_path / f"other{kind}"
    if kind == ".xlsx":
        pytest.importorskip("openpyxl")
        frame.to_excel(path, index=False)
    else:
        text = as_jsonl(frame) if kind == ".jsonl" else an.to_csv(frame)
        path.write_text(text, "utf-8")
    assert read_codes(path, table()).equals(want)


def test_neither_the_order_of_rows_nor_other_columns_matter(read):
    header, *rows = SHEET.splitlines()
    frame = [dict(zip(header.split(","), row.split(",", 7), strict=True)) for row in rows]
    turned = pd.DataFrame(frame[::-1])[["answer", "start", "topic", "coder", "doc_id", "end"]]
    assert read(an.to_csv(turned)).equals(read(SHEET))


@pytest.mark.parametrize(
    "columns", [["doc_id", "sentence_id"], ["doc_id", "start", "end"], ["doc_id", "text"], ["text"]]
)
def test_ways_to_say_which_sentence(read, columns):
    sheet = table().assign(topic="wind", answer="no")[[*columns, "topic", "answer"]]
    got = read(an.to_csv(sheet), coder="Anna")
    assert got["start"].to_list() == table()["start"].to_list()
    assert set(got["coder"]) == {"Anna"}


def test_probabilities(read):
    text = "text,topic,coder,probability\nCoal stays.,wind,model,.2\nPrices rise.,wind,model,0.5\n"
    got = read(text)
    assert got["answer"].to_list() == ["no", "yes"]
    assert got["probability"].to_list() == [0.2, 0.5]
    text = "text,topic,coder,answer,probability\nCoal stays.,wind,model,Yes,.2\n"
    assert read(text)["coded"].to_list() == [True]  # an answer is an answer


@pytest.mark.parametrize(("written", "answer"), [("Y", "yes"), ("0", "no"), ("?", "unsure")])
def test_other_words_for_answers(read, written, answer):
    assert (
        read(f"text,topic,answer\nCoal stays.,wind,{written}\n", coder="A")["answer"][0] == answer
    )


def warned(read, *arguments):
    with pytest.warns(InputWarning) as caught:
        got = read(*arguments)
    return got, [str(one.message).partition("codes.csv: ")[2] for one in caught]


def test_codes_survive_a_corrected_typo_and_lose_a_changed_sentence(read):
    now = table(
        a="New. Wind farms grew. Solar roofs pay. Solar replaces gas.", b=f"Well. {TEXTS['b']}"
    )
    got, messages = warned(read, SHEET, now)
    assert messages == [
        "1 of 6 codes are of sentences that have changed or gone "
        "(line 4: a 34 to 54 'Solar replaces coal.'); they are left out: code them anew",
        "1 of 6 codes are of sentences that are spelled otherwise now "
        "(line 2: a 0 to 16 'Wind farms grow.', now 'Wind farms grew.'); they are kept",
    ]
    texts = now.set_index(["doc_id", "sentence_id"])["text"]
    found = [texts[key] for key in zip(got["doc_id"], got["sentence_id"], strict=True)]
    assert found == ["Wind farms grew.", "Solar roofs pay.", "Coal stays.",
                     "Wind, wind and solar bring jobs.", "Prices rise."]  # fmt: skip
    assert got["answer"].to_list() == ["yes", "no", "no", "yes", "no"]


def test_rows_without_an_answer_are_counted(read):
    got, messages = warned(read, SHEET.replace("Anna,no", "Anna,"))
    assert messages == ["3 of 6 rows have no answer yet"]
    assert len(got) == 3


def test_a_changed_unit_is_said(read):
    paragraphs = an.sentences(pd.DataFrame({"doc_id": list(TEXTS), "text": TEXTS.values()}),
                              unit="paragraph")  # fmt: skip
    with pytest.raises(InputError, match=r"no row is about a sentence .* or of another unit"):
        read(SHEET, paragraphs)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("a,0,16,wind,Anna,yes", "a,0,16,wind,Anna,maybe", 2,
         "'answer' is 'maybe'; write yes, no or unsure, or leave it blank"),
        ("note,text", "probability,text", 6, "'probability' is 'twice'; write a number from 0 to"),
        ("a,0,16", "a,zero,16", 2, "'start' is 'zero'; write a whole number"),
        ("a,17,33,wind,Anna,no,,Solar roofs pay.", "a,0,16,wind,Anna,no,,Wind farms grow.", 3,
         "line 2 has an answer of 'Anna' on 'wind' for this sentence too ('Wind farms grow.'); k"),
        ("a,0,16,wind", "a,0,16,", 2, "'topic' is blank; write the topic of the answer"),
        ("0,16,wind,Anna", "0,16,wind,", 2, "'coder' is blank; write the coder of the answer"),
        ("a,0,16,wind,Anna,yes,,Wind farms grow.", "a,,,wind,Anna,yes,,", 2, "does not say which"),
        (",topic", ",thema", 1, "there is no column 'topic'; the columns are doc_id, start,"),
        (",coder", ",who", 1, "there is no column 'coder'; the columns are"),
        (",answer", ",said", 1, "there is no column 'answer'; the columns are"),
        ("doc_id,start,end", "document,from,to", None, "no row is about a sentence of these"),
        (SHEET, SHEET.splitlines()[0], 1, "there is no row; write one row an answer"),
    ],
)  # fmt: skip
def test_a_sheet_that_does_not_fit(read, tmp_path, old, new, line, message):
    assert old in SHEET
    text = SHEET.replace(old, new, 1)
    if line is None:
        text = text.replace("text\n", "words\n").replace("document", "text")
    with pytest.raises(InputError) as error:
        read(text)
    place = f", line {line}" if line else ""
    assert str(error.value).startswith(f"{tmp_path / 'codes.csv'}{place}: ")
    assert message in str(error.value)


@pytest.mark.parametrize("value", ["1.1", "-0.1", "nan", "half"])
def test_a_probability_is_between_0_and_1(read, value):
    with pytest.raises(InputError, match=f"line 2: 'probability' is '{value}'"):
        read(f"text,topic,coder,probability\nCoal stays.,wind,model,{value}\n")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("codes.txt", SHEET, "path='.txt' is not a kind of sheet; choose one of .csv"),
        ("codes.xlsx", SHEET, "this is not a whole Excel workbook"),
        ("codes.jsonl", '{"a": 1}\n[1]\n', "line 2: this is not an object"),
        ("codes.jsonl", '{"text": "Coal stays.", "topic": "wind", "coder": "A", "answer": ["yes"]}',
         """line 1: 'answer' is '["yes"]'; write yes, no or unsure"""),
        ("codes.jsonl", "{\n", "line 1: this is not JSON"),
        ("codes.jsonl", '{"note": "\\ud800"}', "line 1: the character U+D800 stands in it"),
        ("codes.csv", "a,b\n1,2\n", "line 1: there is no column 'topic', 'answer', 'coder'"),
        ("codes.csv", "topic,answer,coder\nwind,yes,A\n", "line 1: no columns say which sentence"),
        ("codes.csv", SHEET.replace(",no,", ",,").replace(",yes,", ",,").replace("unsure", ""),
         "no row has an answer; code the sentences first"),
    ],
)  # fmt: skip
def test_what_is_no_sheet(read, name, text, message):
    if name.endswith(".xlsx"):
        pytest.importorskip("openpyxl")
    with pytest.raises(InputError) as error:
        read(text, name=name)
    assert message in str(error.value)


def test_columns_that_were_sorted_apart_are_refused(read):
    """An item is made of a sentence's words: the text of another beside it was moved there."""
    sentences = table()
    rows = sentences.assign(item=items(sentences), topic="wind", coder="A", answer="no")
    rows = rows[["item", "topic", "text", "coder", "answer"]]
    assert len(read(an.to_csv(rows))) == 6
    apart = rows.assign(text=sorted(rows["text"]))
    with pytest.raises(
        InputError, match=r"line 2: 'item' \w+ is 'Wind farms.*', and 'text' is 'Co"
    ):
        read(an.to_csv(apart))
    # A text that only lost a word is left out and named, as ever.
    got, messages = warned(read, an.to_csv(rows.replace("Coal stays.", "Coal.")))
    assert len(got) == 5
    assert "line 5: " in messages[0]


def test_what_a_language_model_says_beside_its_answer(read):
    """Keys that are not ours may hold anything: usage, lists of labels."""
    rows = [
        {"text": text, "topic": "wind", "answer": "no", "usage": {"in": 3}, "labels": ["a", "b"]}
        for text in table()["text"]
    ]
    got = read("".join(f"{json.dumps(row)}\n" for row in rows), name="codes.jsonl", coder="model")
    assert got["answer"].to_list() == ["no"] * 6


def test_whole_numbers_of_a_column_with_blanks(read):
    """pandas writes them as 1.0 once a cell is missing, in CSV too."""
    frame = table().assign(topic="wind", answer=[1, 0, None, 1, 0, 0], coder="A")
    frame = frame[["doc_id", "sentence_id", "topic", "coder", "answer"]]
    text = frame.astype({"sentence_id": float}).to_csv(index=False)
    assert "b,1.0,wind,A,1.0" in text
    got, messages = warned(read, text)
    assert got["answer"].to_list() == ["yes", "no", "yes", "no", "no"]
    assert messages == ["1 of 6 rows have no answer yet"]


@pytest.mark.parametrize("sign", ["\x01", "\x1f", "\uffff"])
def test_signs_that_no_workbook_can_hold_lose_no_code(tmp_path, sign):
    pytest.importorskip("openpyxl")
    sentences = table(a=TEXTS["a"].replace("farms ", f"farms{sign}"))
    path = tmp_path / "codes.xlsx"
    sheet = sentences.assign(topic="wind", coder="A", answer="yes")[
        ["doc_id", "text", "topic", "coder", "answer"]
    ]
    write_sheet(path, sheet, choices={}, widths={}, pages={})
    assert len(read_codes(path, sentences)) == 6


def test_no_item_is_a_number():
    many = pd.DataFrame({"doc_id": "a", "sentence_id": range(3000), "text": map(str, range(3000))})
    for name in items(many):
        with pytest.raises(ValueError, match="could not convert"):
            float(name)


@given(st.lists(st.sampled_from(["yes", "no", "unsure"]), min_size=6, max_size=6))
def test_what_is_written_comes_back(tmp_path_factory, answers):
    sheet = table().assign(topic="wind", coder="A", answer=answers)
    path = tmp_path_factory.mktemp("codes") / "codes.csv"
    path.write_text(an.to_csv(sheet), "utf-8")
    assert read_codes(path, table())["answer"].to_list() == answers


def test_the_codings_of_the_embedded_study():
    study = an.read_study(ROOT / "study.toml")
    body = study.sentences.query("section == 'body'")
    for number in (1, 2):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            codes = read_codes(ROOT / f"seeds/codes_{number}.csv", study.sentences)
        assert len(codes) == 4 * len(body) == 288
        assert set(codes["coder"]) == {f"language model {'AB'[number - 1]}"}
        assert set(codes["topic"]) == set(study.dictionary.topic_names)
