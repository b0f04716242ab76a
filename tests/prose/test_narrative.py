"""What a reader with a minute reads: the lead, a story a topic, a profile a group."""

import re
from itertools import pairwise

import pandas as pd
import pytest

import analysis as an
from analysis.study.study import read_study
from tests import ROOT
from tests.prose.test_writing import ENERGY, NAMES, article, only, rows, studies, study, text_in

__all__ = ["studies"]  # a fixture


@pytest.fixture(scope="module")
def embedded():
    return read_study(ROOT / "study.toml").findings()


def text_of(found, kind, about=None):
    own = found[found["kind"] == kind]
    if about is not None:
        own = own[(own["topic"] == about) | own["groups"].map(lambda names: names == [about])]
    return own["text"].item()


def test_the_lead_of_the_embedded_study(embedded):
    assert text_of(embedded, "lead") == (
        "All 5 articles mention training. Defense industry is mentioned most on Israel: 9 of 23 "
        "sentences, against 2 of 15 on Italy, 1 of 15 on Russia and 0 of 19 on France. 7 of "
        "these 9 come from one article, the “Defense News” one; without it, Israel has 2 of 14. "
        "No other topic takes more than 2 sentences on any partner. Cybersecurity takes 2 of the "
        "72 sentences and peacekeeping 3. With one article each on France, Italy and Russia, the "
        "texts cannot show whether any difference holds beyond them (none of 24 comparisons does)."
    )


def test_the_stories_of_the_embedded_study(embedded):
    story = text_of(embedded, "story", "defense_industry")
    assert story.startswith(
        "Above all on Israel: 9 of 23 sentences, against 2 of 15 on Italy and 1 of 15 on Russia. "
        "7 of the 9 on Israel come from one article, the “Defense News” one; without it, Israel "
        "has 2 of 14. The sentences speak of “technology transfer” (3), “defense industry” (3), "
    )
    assert (
        "5 of the 12 sentences are about the reported event itself; on Italy and Russia, it is "
        "background alone. Within these articles, that order holds in every way of" in story
    )
    assert re.search(
        r"No sentence on France mentions it, but up to \d+ % of the sentences of further articles "
        r"still could\. Beyond these articles, Israel and Italy cannot be distinguished: 26 points "
        r"apart here \(−\d+ to \d+\)\. To show a difference like the one between Israel and Italy, "
        r"about \d+ articles on each would be needed\.$",
        story,
    )
    assert text_of(embedded, "story", "cybersecurity").startswith(
        "Rarely mentioned: 1 of 19 sentences on France and 1 of 23 on Israel. The sentences "
        "speak of "
    )


def test_a_profile(embedded):
    assert text_of(embedded, "profile", "Italy") == (
        "Of the 15 sentences on Italy (1 article), 2 are about defense industry (“naval "
        "shipbuilding” and “defense industry”), 2 about training (“training”) and 1 about "
        "peacekeeping (“UN peacekeeping operations”). None is about cybersecurity."
    )


def test_a_clear_difference_comes_first():
    made = study([("A", article(9, 10))] * 8 + [("B", article(1, 10))] * 8)
    (lead,) = rows(made, "lead")
    assert lead["text"].startswith(
        "All 16 articles mention wind. Articles on A mention wind more often than articles on "
        "B: 72 of 80 sentences, 90 % ("
    )
    assert "1 of 2 comparisons between two groups on one topic holds beyond" in lead["text"]
    story = only(made, "story")["text"]
    assert re.search(
        r"The difference is 80 points \(\d+ to \d+\), or 9\.0 times as often; adjusted p < \.001\.",
        story,
    )
    assert "Above all" not in story
    contrast = only(made, "contrast")
    assert re.search(r"or 9\.0 times as often \(\d\.\d to \d+\)\.", contrast["text"])
    assert "unadjusted p < .001" in contrast["text"]


def test_groups_that_stand_out_from_the_rest():
    texts = [(name, article(6, 10)) for name in "AB" for _ in range(6)]
    texts += [(name, article(1 + n % 2, 12)) for name in "CDEFG" for n in range(6)]
    (lead,) = rows(made := ranked(texts), "lead")
    assert re.search(
        r"Wind: A \(36 of 60 sentences, 60 % \(.*\) and B \(36 of 60 sentences, .*stand "
        r"out from the rest\.",
        lead["text"],
    )
    story = only(made, "story")
    assert "The other 5 cannot be distinguished from one another." in story["text"]
    assert len(rows(made, "contrast", "wind")) == 3
    assert (
        "7 more pairs differ on this topic, in contrasts.csv."
        in (rows(made, "contrast", "wind")[0]["text"])
    )


def ranked(texts):
    """A study with what the rest and all groups show."""
    made = study(texts)
    tally = an.tally(made.codes, "party")
    more = {
        "rest": an.contrasts(tally, reference="rest", specifications=made.specifications),
        "omnibus": an.omnibus(tally),
    }
    made.findings = an.findings(pd_replace(made.tables, **more))
    return made


def pd_replace(tables, **more):
    return an.Tables(**{**vars(tables), **more})


@pytest.mark.parametrize(
    ("mention", "begins"), [(2, "Rarely mentioned. "), (3, "3 of 4 articles ")]
)
def test_a_topic_that_most_articles_mention_is_not_called_rare(mention, begins):
    texts = [("AB"[number % 2], article(number < mention, 40)) for number in range(4)]
    story = only(study(texts), "story")
    assert story["values"]["hits"] == mention  # of 160 sentences
    assert story["text"].startswith(begins)


def test_a_null_says_what_could_have_been_seen():
    few = study([("A", article(n % 3, 10)) for n in range(6)] + [("B", article(1, 10))] * 6)
    assert re.search(
        r"A and B cannot be distinguished: .* These articles could have shown a difference of \d+ "
        r"points, no smaller one; what they do not show is open\.",
        only(few, "story")["text"],
    )
    texts = [(name, article(2, 20)) for name in "AB" for _ in range(80)]
    many = only(study(texts), "story")["text"]
    assert re.search(
        r"Further articles are at most \d points apart; a difference of \d+ points would have been "
        r"seen four times in five\.$",
        many,
    )


def test_findings_take_contrasts_with_the_rest():
    texts = [("A", article(9, 10))] * 6 + [
        (name, article(1, 10)) for name in "BC" for _ in range(6)
    ]
    made = study(texts)
    tally = an.tally(made.codes, "party")
    contrasts = an.contrasts(tally, reference="rest", specifications=made.specifications)
    found = an.findings(pd_replace(made.tables, contrasts=contrasts))
    texts = list(found.loc[found["kind"] == "contrast", "text"])
    assert texts[0].startswith(
        "Articles on A mention wind more often than all other articles: 54 of 60 body sentences "
        "(6 articles) against 12 of 120 (12 articles)."
    )
    # Against A among the others, B and C have fewer: then the others come first.
    assert any(text.startswith("All other articles mention wind more often than") for text in texts)


def test_what_a_study_calls_its_articles():
    docs = pd.DataFrame(
        [(f"{name}{n}", name, article(hits, 10)) for name, hits in (("A", 9), ("B", 1))
         for n in range(6)],
        columns=["doc_id", "party", "text"],
    )  # fmt: skip
    made = an.Study(docs, topics=ENERGY, by="party", unit="speech", relation="by")
    found = made.findings()
    lead = text_of(found, "lead")
    assert "Speeches by A mention wind more often than speeches by B" in lead
    for text in found["text"]:
        assert not re.search(r"\barticles? (on|by)\b", text, re.I), text
    assert "6 speeches" in found.loc[found["kind"] == "scope", "text"].item()


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ({"title": "Wind pays", "outlet": "Mail"}, "“Wind pays” (“Mail”)"),
        ({"title": "Wind pays"}, "“Wind pays”"),
        ({"outlet": "Mail"}, "the “Mail” one"),
        (
            {"outlet": ["Mail", "Mail", "Post"], "date": "2020-05-01"},
            "the “Mail” one of “2020-05-01”",
        ),
        ({}, None),
    ],
)
def test_an_article_is_called_by_what_people_know(known, named):
    docs = pd.DataFrame(
        {
            "doc_id": ["a.txt", "b.txt", "c.txt"],
            "party": ["A", "A", "B"],
            "text": [article(5, 10), article(0, 10), article(1, 10)],
        }
    ).assign(**known)
    if known.get("title") is None and known.get("outlet") == "Mail":
        docs["outlet"] = ["Mail", "Post", "Mail"]
    lead = text_of(an.Study(docs, topics=ENERGY, by="party").findings(), "lead")
    assert f"come from one article{f', {named}' if named else ''}; without it" in lead
    assert "a.txt" not in lead


# How it reads

WORDS = {"lead": 40, "story": 45, "profile": 60}


def sentences_of(text):
    plain = re.sub(r"“[^”]*”|«[^»]*»", "X", text)
    return re.split(r"(?<=[.])\s+(?=[A-Z0-9])", plain)


@pytest.mark.parametrize("language", ["english", "french"])
@pytest.mark.parametrize("name", NAMES)
def test_it_reads_easily(studies, name, language):
    for found in rows(studies[name]):
        if found["kind"] not in WORDS:
            continue
        told = sentences_of(text_in(language, found))
        assert len(told) <= 8
        for sentence in told:
            # A count "9 of 23" is read as one number.
            counts = re.sub(r"\d+ (of|sur)( the)? \d+", "n", sentence)
            assert len(counts.split()) <= WORDS[found["kind"]], sentence
        openings = [" ".join(sentence.split()[:2]) for sentence in told]
        if found["kind"] != "profile":
            assert all(a != b for a, b in pairwise(openings)), told


def test_the_readme_says_what_the_study_gives(embedded):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    quoted = " ".join(line[2:] for line in readme.split("\n") if line.startswith("> "))
    assert quoted == text_of(embedded, "lead")
