"""The dictionary of the embedded study against coded sentences; see reference/README.md."""

import csv

import pytest

import analysis as an
from tests import ROOT

CODED = ROOT / "tests/reference" / "coded_sentences.csv"
TOPICS = ["cybersecurity", "peacekeeping", "defense_industry", "training"]


@pytest.fixture(scope="module")
def coded():
    """(codes, topics found) of every sentence."""
    dictionary = an.read_dictionary("analysis/topics/data/defence_cooperation.toml")
    assert dictionary.topic_names == TOPICS
    with CODED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row, {match.topic for match in dictionary.find(row["text"])}) for row in rows]


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("name", ["development", "b", "c", "d"])
def test_precision_and_recall_are_at_least_nine_tenths(coded, name, topic):
    rows = [(row, found) for row, found in coded if row["set"] == name]
    found = [row for row, topics in rows if topic in topics]
    wanted = [row for row, _ in rows if row[topic] == "1"]
    both = sum(row[topic] == "1" for row in found)
    assert both / len(found) >= 0.9
    assert both / len(wanted) >= 0.9
