"""Speeches of ParlaMint in plain text, from files made by hand."""

import warnings

import pytest

from analysis import InputError, InputWarning, Study, emphasis, read_articles, sentences
from analysis import codes as codes_of
from analysis import tally as tally_of
from analysis.topics.dictionary import Dictionary, Topic
from tests.corpus.readers.test_readers import error, put

META = """\
Text_ID\tID\tTitle\tSpeaker_role\tSpeaker_party\tSpeaker_name
P_2020\tP_2020.u1\tSitting\tChairperson\t-\tAda Chair
P_2020\tP_2020.u2\tSitting\tRegular\tGreen\tBo Wind
P_2020\tP_2020.u3\tSitting\tRegular\t-\tCy Coal
"""
SPEECHES = "P_2020.u1\tThe sitting is open.\nP_2020.u2\tWind grows. It pays.\nP_2020.u3\tCoal.\n"


def write(folder, meta=META, speeches=SPEECHES, name="P_2020"):
    folder.mkdir(parents=True, exist_ok=True)
    put(folder / f"{name}.txt", speeches)
    return put(folder / f"{name}-meta.tsv", meta)


@pytest.mark.parametrize("place", ["", "2020"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_speeches(tmp_path, place, end):
    write(tmp_path / place, META.replace("\n", end), SPEECHES.replace("\n", end))
    put(tmp_path / "README.txt", "On this corpus.")
    with pytest.warns(InputWarning, match=r"speeches of chairs are left out: P_2020\.u1$"):
        articles = read_articles(tmp_path)
    assert articles.drop(columns=["Text_ID", "Title"]).to_dict("records") == [
        {"doc_id": "P_2020.u2", "Speaker_role": "Regular", "Speaker_party": "Green",
         "Speaker_name": "Bo Wind", "text": "Wind grows. It pays."},
        {"doc_id": "P_2020.u3", "Speaker_role": "Regular", "Speaker_party": "",
         "Speaker_name": "Cy Coal", "text": "Coal."},
    ]  # fmt: skip
    study = Study(tmp_path, topics=Dictionary("d", (Topic("w", ("w",)),)), by="Speaker_name")
    assert {path.name for path in study.inputs} == {"P_2020.txt", "P_2020-meta.tsv"}
    codes = codes_of(sentences(articles), Dictionary("d", (Topic("wind", ("wind",)),)))
    row = emphasis(tally_of(codes, "Speaker_name")).to_frame().set_index("Speaker_name")
    assert row.at["Bo Wind", "estimate"] == 0.5
    with (
        pytest.raises(InputError, match=r"'Speaker_party' of 'P_2020\.u3' is blank"),
        pytest.warns(InputWarning),
    ):
        read_articles(tmp_path, by="Speaker_party")


@pytest.mark.parametrize(
    ("meta", "speeches", "line", "words"),
    [
        (META.replace("u3", "u9"), SPEECHES, 4, ["'P_2020.u9' stands in no line"]),
        (META.replace("u3", "u2"), SPEECHES, 4, ["or twice here"]),
        (META, SPEECHES + "P_2020.u4\tMore.\n", None, ["does not list P_2020.u4"]),
        (
            META.replace("\tCy Coal", ""),
            SPEECHES,
            4,
            ["the line has 5 values, and there are 6 columns"],
        ),
        (META.replace("\tID", "\tName"), SPEECHES, 1, ["one of them ID"]),
        (META.replace("Title", "text"), SPEECHES, 1, ["one of them ID"]),
    ],
)
def test_files_that_do_not_fit(tmp_path, meta, speeches, line, words):
    path = write(tmp_path, meta, speeches)
    with pytest.raises(InputError, match=error(path, words, line)):
        read_articles(tmp_path)


@pytest.mark.parametrize("speeches", ["P_2020.u1 The sitting.\n", SPEECHES + "P_2020.u1\tAgain.\n"])
def test_lines_that_are_no_speech(tmp_path, speeches):
    write(tmp_path, speeches=speeches)
    with pytest.raises(InputError, match="is no speech of its own"):
        read_articles(tmp_path)
    (tmp_path / "P_2020.txt").unlink()
    with pytest.raises(InputError, match="no such file"):
        read_articles(tmp_path)


def test_a_folder_without_a_speech(tmp_path):
    head, chair, *_ = META.splitlines()
    for meta, speeches in ((head, ""), (f"{head}\n{chair}", SPEECHES[:30])):
        write(tmp_path, meta, speeches.partition("\n")[0])
        with (
            warnings.catch_warnings(),
            pytest.raises(InputError, match=r"no speech in this .* but those of chairs"),
        ):
            warnings.simplefilter("ignore", InputWarning)
            read_articles(tmp_path)
