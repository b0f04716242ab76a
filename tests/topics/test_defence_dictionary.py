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


def test_games_fiction_sport_and_older_wars_are_mostly_left_alone(coded):
    other = coded[coded["doc_id"] == "e"]
    assert len(other) == 51 * len(TOPICS)
    assert not other["wanted"].any()
    assert other["coded"].sum() <= 17


def test_a_researcher_can_read_it():
    dictionary = an.read_dictionary(DICTIONARY)
    core = sum(len(topic.core) for topic in dictionary.topics)
    assert core <= 370
    assert f"{core} core patterns" in (ROOT / "docs/dictionaries.md").read_text("utf-8")
    assert sum(len(topic.exclude) for topic in dictionary.topics) <= 270


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


def test_the_pages_have_the_figures_of_the_table():
    page = (ROOT / "docs/dictionaries.md").read_text("utf-8")
    more = (real.HERE / "README.md").read_text("utf-8")
    table = real.made()
    main = table["corpus"].str.startswith("news") & table["version"].isin(["before", "after"])
    rounds = (table["corpus"] == real.ALL) & table["version"].isin(real.ROUNDS)
    assert main.sum() == 4 * len(TOPICS)
    assert rounds.sum() == 2 * len(real.ROUNDS) * len(TOPICS) - 2
    for text, rows in ((more, table[main]), (page, table[rounds])):
        for row in rows.itertuples():
            figures = [f"{one:.2f}".removeprefix("0") for one in (row.precision, row.low, row.high)]
            assert "| {} of {}: {} ({} to {}) |".format(row.right, row.n, *figures) in text


def test_what_the_page_says_of_the_rounds():
    page = " ".join((ROOT / "docs/dictionaries.md").read_text("utf-8").split())
    judged = real.judgements()

    def of(rows):
        return f"{rows['right'].sum()} of {len(rows)}"

    hits = judged[judged["sample"].isin(real.ROUNDS)]
    last = hits["sample"] == "unseen_6"
    earlier = hits[(hits["sample"] < "unseen_6") & (hits["domain"] == "out")].groupby("topic")
    cyber, peace, arms, lessons = (of(earlier.get_group(topic)) for topic in TOPICS)
    assert f"{cyber}, {arms} and {lessons}. " in page
    assert f"before, {peace} were right" in page
    inside = hits[last & (hits["domain"] == "in")]
    kinds = {key: of(rows) for key, rows in inside.groupby(["topic", "corpus"])}
    prose, technical = "addresses and news", "mail, manuals, jargon"
    known = inside["corpus"].isin([prose, "profiles"]) & (inside["topic"] == "cybersecurity")
    assert f"cybersecurity {of(inside[known])} hits are right in prose and profiles" in page
    assert f"and {kinds['cybersecurity', technical]} in technical text" in page
    assert f"prose {kinds['peacekeeping', prose]} are right for peacekeeping" in page
    assert f"{kinds['defense_industry', prose]} for defense_industry" in page
    assert f"{kinds['training', prose]} for training" in page
    profiles = (kinds[topic, "profiles"] for topic in ("defense_industry", "training"))
    assert "In profiles it is {} and {}.".format(*profiles) in page
    unsure = pd.read_csv(real.JUDGEMENTS, dtype=str).query("right == 'unsure'")
    assert f"{unsure['sample'].isin(real.ROUNDS).sum()} hits on which the judge was unsure" in page
    decoys = judged[judged["domain"] == "in"]
    near, rest = (decoys[decoys["sample"].str.contains(name)] for name in ("near_miss", "rest"))
    assert f"of {len(near)} near misses in the domain {near['right'].sum()} were" in page
    assert f"of {len(rest)} random sentences of such documents {rest['right'].sum()}." in page
    for last_rows in ("_6", "_7", "_8"):
        ends = (of(rows[rows["sample"].str.endswith(last_rows)]) for rows in (near, rest))
        assert "{} and {}".format(*ends) in page
    gone = hits.loc[last & ~hits["after"], "right"]
    assert f"{(~gone).sum()} of the wrong hits of round 6 are gone, and {gone.sum()} right" in page


def test_what_the_page_says_of_the_last_round():
    page = " ".join((ROOT / "docs/dictionaries.md").read_text("utf-8").split())
    judged = real.judgements()
    rows = judged[(judged["sample"] == "unseen_7") & (judged["topic"] == "defense_industry")]
    inside, outside = (rows[rows["domain"] == name] for name in ("in", "out"))
    for part, names in (
        (inside, ["addresses before 1934", "fiction of a game", "openings of an encyclopedia"]),
        (outside, ["definitions", "openings of an encyclopedia", "addresses before 1934"]),
    ):
        kinds = part.groupby("corpus")["right"]
        for name in names:
            assert f"{kinds.sum()[name]} of {kinds.size()[name]} " in page
    gone = judged.loc[(judged["sample"] == "unseen_7") & ~judged["after"], "right"]
    assert f"{(~gone).sum()} of the wrong hits of round 7 are gone, and {gone.sum()} right" in page
    rows = judged[judged["sample"] == "unseen_8"]
    right = rows.groupby(["topic", "domain"])["right"].mean()
    inside = [right[topic, "in"] for topic in TOPICS if topic != "peacekeeping"]
    assert round(min(inside), 2) == 0.95
    beyond = [f"{right[topic, 'out']:.2f}"[1:] for topic in ("defense_industry", "training")]
    assert "outside {} and {} for the last two".format(*beyond) in page


def test_what_was_unseen_was_judged_once():
    judged = pd.read_csv(real.JUDGEMENTS, dtype=str)
    assert not judged.duplicated(["topic", "sentence"]).any()
    unseen = judged[judged["sample"].isin(real.ROUNDS)]
    assert len(judged) == 4584
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
