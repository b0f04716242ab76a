"""What goes in comes out, analysed or named as left out: the numbers add up."""

import json
import re
import shutil

import pandas as pd
import pytest

from analysis import InputWarning, document_status, read_study, run, sentences
from analysis.corpus.boilerplate import Rule
from analysis.corpus.status import status_counts, unlisted_files
from tests import TEMPLATE

ARTICLES = pd.DataFrame(
    [
        ("a", "Green", "one", "Wind power pays. Coal falls."),
        ("b", "Green", "two", "Share: this"),
        ("c", "Red", "one", " \n"),
        ("d", "Red", "one", "Share: this\nCoal stays."),
    ],
    columns=["doc_id", "party", "outlet", "text"],
)
SHARE = [Rule("share", line=re.compile("Share:.*"))]


def test_every_article_has_a_status():
    table = document_status(
        ARTICLES, sentences(ARTICLES, boilerplate=SHARE), by="party", unlisted=["e.txt", "f.txt"]
    )
    assert list(table.columns) == ["doc_id", "party", "sentences", "words", "status"]
    assert table.fillna("").to_numpy().tolist() == [
        ["a", "Green", 2, 5, "analysed"],
        ["b", "Green", 0, 0, "no_body_sentence"],
        ["c", "Red", 0, 0, "no_text"],
        ["d", "Red", 1, 2, "analysed"],
        ["e.txt", "", 0, 0, "not_listed"],
        ["f.txt", "", 0, 0, "not_listed"],
    ]
    assert status_counts(table) == {
        **{"found": 6, "not_listed": 2, "read": 4},
        **{"no_text": 1, "no_body_sentence": 1, "analysed": 2},
    }


def test_columns_do_not_depend_on_what_is_left_out():
    table = sentences(ARTICLES, boilerplate=SHARE)
    few, more = (
        document_status(ARTICLES, table, by=["party", "outlet"], unlisted=u)
        for u in ([], ["e.txt"])
    )
    assert list(few.columns) == ["doc_id", "party", "outlet", "sentences", "words", "status"]
    pd.testing.assert_frame_equal(few, more.head(4))


def test_files_that_nothing_lists(tmp_path):
    for name in ("a.txt", "\u00e9.txt", "o\u0302.txt", "z.TXT", "b.txt", "notes.xyz"):
        (tmp_path / name).write_text("One.", encoding="utf-8")
    metadata = tmp_path / "articles.csv"
    metadata.write_text(
        "party,file\nRed, a.txt\nRed,e\u0301.txt\nRed,\u00f4.txt\n", encoding="utf-8"
    )
    assert unlisted_files(tmp_path, metadata) == ["b.txt", "z.TXT"]
    assert unlisted_files(tmp_path, None) == []
    assert unlisted_files(metadata, None) == []


@pytest.fixture
def study(tmp_path):
    """The example study with an article of every kind."""
    home = shutil.copytree(TEMPLATE, tmp_path / "study")
    (home / "articles/blank.txt").write_text("", encoding="utf-8")
    (home / "articles/links.txt").write_text("Share: this\n", encoding="utf-8")
    (home / "articles/extra.txt").write_text("Coal is dear.", encoding="utf-8")
    with (home / "articles/articles.csv").open("a", encoding="utf-8") as metadata:
        metadata.write("blank.txt,Green,\nlinks.txt,Other,\n")
    rule = "[[rule]]\nname = \"share\"\nline = 'Share:.*'\n"
    (home / "boilerplate.toml").write_text(rule, encoding="utf-8")
    text = (home / "study.toml").read_text("utf-8")
    text = text.replace("[topics]", 'boilerplate = "boilerplate.toml"\n[topics]')
    (home / "study.toml").write_text(text, encoding="utf-8")
    return read_study(home / "study.toml")


def test_articles_in_are_articles_analysed_and_articles_left_out(study):
    with pytest.warns(InputWarning) as caught:
        tables = run(study)
    said = [str(warning.message) for warning in caught]
    for words in ("does not list extra.txt", "no text in blank", "no body sentence in links;"):
        assert sum(words in message for message in said) == 1

    status = pd.read_csv(study.settings.folder / "documents.csv").set_index("doc_id")
    left_out = status.loc[status["status"] != "analysed", "status"].to_dict()
    assert left_out == {
        **{"blank": "no_text", "links": "no_body_sentence"},
        "extra.txt": "not_listed",
    }
    texts = {path.name for path in study.settings.articles.glob("*.txt")}
    assert len(status) == len(texts) == 6

    record = json.loads((study.settings.folder / "run.json").read_text("utf-8"))
    counts = record["articles"]
    assert counts["found"] == len(status)
    assert counts["found"] == counts["not_listed"] + counts["read"]
    assert counts["read"] == counts["no_text"] + counts["no_body_sentence"] + counts["analysed"]

    told = tables.findings()
    scope = told.loc[told["kind"] == "scope", "text"].item()
    found = re.match(r"(\d+) articles were read, (\d+) of them with body text: (\d+) body", scope)
    assert [int(number) for number in found.groups()] == [
        *(counts["read"], counts["analysed"], status["sentences"].sum())
    ]


def test_the_account_agrees_with_the_estimates(study):
    with pytest.warns(InputWarning):
        tables = run(study)
    account = tables.document_status.query("status != 'not_listed'")
    analysed = account.assign(articles=account["status"] == "analysed").groupby("party")
    estimates = tables.emphasis().to_frame().query("topic == 'coal'").set_index("party")
    for column in ("articles", "sentences", "words"):
        assert analysed[column].sum().to_dict() == estimates[column].to_dict()
