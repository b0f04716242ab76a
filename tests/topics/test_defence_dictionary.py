"""The dictionary of the embedded study: coded sentences (reference/README.md), real ones, size."""

import pandas as pd
import pytest

import analysis as an
from tests import ROOT
from tests.benchmarks import dictionary as real

DICTIONARY = ROOT / "analysis/topics/data/defence_cooperation.toml"
CODED = ROOT / "tests/reference" / "coded_sentences.csv"
TOPICS = ["cybersecurity", "peacekeeping", "defense_industry", "training"]


@pytest.fixture(scope="module")
def coded():
    """Every sentence and topic with ``wanted`` and ``coded``.

    The sentences of a set are one article: all are about defence, which gives topics their context.
    """
    rows = pd.read_csv(CODED)
    sentences = rows[["text"]].assign(
        doc_id=rows["set"], sentence_id=rows.index, section="body", words=1, start=0
    )
    codes = an.codes(sentences, an.read_dictionary(DICTIONARY))
    assert list(codes["topic"].unique()) == TOPICS
    return codes.assign(wanted=(rows[TOPICS] == 1).to_numpy().ravel())


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("name", ["development", "b", "c", "d"])
def test_precision_and_recall_are_at_least_nine_tenths(coded, name, topic):
    rows = coded[(coded["doc_id"] == name) & (coded["topic"] == topic)]
    both = (rows["coded"] & rows["wanted"]).sum()
    assert both / rows["coded"].sum() >= 0.9
    assert both / rows["wanted"].sum() >= 0.9


def test_a_researcher_can_read_it():
    dictionary = an.read_dictionary(DICTIONARY)
    assert sum(len(topic.core) for topic in dictionary.topics) <= 400
    assert sum(len(topic.exclude) for topic in dictionary.topics) <= 300


def test_the_table_of_real_sentences_is_that_of_the_judgements():
    written = pd.read_csv(real.HERE / "dictionary.csv")
    pd.testing.assert_frame_equal(written, real.made().reset_index(drop=True), check_dtype=False)


def test_precision_on_real_sentences():
    table = real.made()
    main = table[table["corpus"].str.startswith("news") & (table["version"] == "after")]
    precision = main.set_index(["topic", "domain"])["precision"].unstack()
    assert set(precision.index) == set(TOPICS)
    assert (precision["in"] >= 0.9).all()
    assert (precision["out"] >= 0.7).all()


def test_the_page_has_the_figures_of_the_table():
    page = (ROOT / "docs/dictionaries.md").read_text("utf-8")
    table = real.made()
    main = table["corpus"].str.startswith("news") & table["version"].isin(["before", "after"])
    rounds = (table["corpus"] == real.ALL) & table["version"].isin(real.ROUNDS)
    assert main.sum() == 4 * len(TOPICS)
    assert rounds.sum() == 2 * len(real.ROUNDS) * len(TOPICS) - 1
    for row in table[main | rounds].itertuples():
        figures = [f"{one:.2f}".removeprefix("0") for one in (row.precision, row.low, row.high)]
        cell = "| {} of {}: {} ({} to {}) |".format(row.right, row.n, *figures)
        assert cell in page
    decoys = table[table["domain"] == "in"].groupby("version")[["right", "n"]].sum()
    near, rest = (tuple(decoys.loc[name]) for name in ("near_miss", "rest"))
    assert "of {1} near misses in the domain {0} were on the topic".format(*near) in page
    assert rest == (1, 245)


def test_what_was_unseen_was_judged_once():
    judged = pd.read_csv(real.JUDGEMENTS, dtype=str)
    assert not judged.duplicated(["topic", "sentence"]).any()
    unseen = judged[judged["sample"].isin(real.ROUNDS)]
    assert len(judged) == 3497
    assert set(unseen["right"]) == {"yes", "no", "unsure"}


def test_sentences_are_marked_anew(tmp_path, monkeypatch):
    texts = tmp_path / "texts.csv"
    texts.write_text(
        "doc_id,text\na,Hackers struck NATO. The weather was fine.\n", encoding="utf-8"
    )
    rows = [("Hackers struck NATO.", "no"), ("The weather was fine.", "yes"), ("Unknown.", "yes")]
    judged = pd.DataFrame(rows, columns=["sentence", "after"]).assign(topic="cybersecurity")
    judged["sentence"] = judged["sentence"].map(real.key)
    monkeypatch.setattr(real, "JUDGEMENTS", tmp_path / "judged.csv")
    judged.to_csv(real.JUDGEMENTS, index=False)
    real.mark(texts, DICTIONARY, "after")
    assert pd.read_csv(real.JUDGEMENTS)["after"].tolist() == ["yes", "no", "yes"]
