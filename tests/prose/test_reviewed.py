"""What a sceptical reader found: sentences that were false, or said more than the status allows."""

import re
import warnings
from types import SimpleNamespace

import pandas as pd
import pytest

import analysis as an
from analysis.prose.kinds.contrast import why_open
from analysis.prose.language import read_language
from tests.study import without_drawing

WIND = an.Dictionary("d", (an.Topic("wind", ("wind",)),))


def made(groups, topics=WIND, **options):
    """A study of {group: [(sentences, hits, variables)]}."""
    rows = [
        {
            "doc_id": f"{group}{i}",
            "party": group,
            "text": " ".join(
                [f"The wind {group} {i} {n} grows." for n in range(hits)]
                + [f"Plain {group} {i} {n} here." for n in range(size - hits)]
            ),
            **(more[0] if more else {}),
        }
        for group, own in groups.items()
        for i, (size, hits, *more) in enumerate(own)
    ]
    return an.Study(pd.DataFrame(rows), topics=topics, by="party", **options)


def told(study, kind):
    found = study.findings()
    return found.loc[found["kind"] == kind, "text"].iloc[0]


def outlet(name):
    return {"outlet": name}


def test_a_french_page_of_a_group_that_stands_out():
    groups = {"A": [(20, 8)] * 6, "B": [(20, 2)] * 6, "C": [(20, 1)] * 6}
    page = an.report_html(made(groups, wording="french"))
    assert "Se détachent du reste" in page
    assert "&lt;a" not in page


def test_one_that_stands_out_while_no_pair_does():
    study = made({f"G{i}": [(10, 3 if i == 0 else 1)] * 8 for i in range(9)})
    lead, refusal = told(study, "lead"), told(study, "refusal")
    assert "stands out from the rest" in lead
    assert "cannot show whether any difference" not in lead
    assert lead.endswith("stays open: none of 36 pairs can be distinguished.")
    assert "1 time, a group stands out from all others together, in rest.csv." in refusal


def test_what_is_only_probable_stands_out_probably():
    few = made({"A": [(20, 12)] * 3, "B": [(20, 2)] * 3, "C": [(20, 1)] * 3, "E": [(20, 2)] * 3})
    assert few.rest().to_frame()["status"].max() == "suggestive"
    for kind in ("lead", "story"):
        assert re.search(r"[Pp]robably A \(36 of 60 sentences", told(few, kind))
    mails, posts = [(20, 4, outlet("X"))] * 6, [(20, 15, outlet("Y"))] * 6
    study = made({"A": mails, "B": mails, "C": posts, "E": posts}, confounders=["outlet"])
    for kind in ("lead", "story"):
        assert "Probably C (" in told(study, kind)
        assert "; that is not found within each outlet" in told(study, kind)


def test_a_period_does_not_hide_the_dates():
    def quarter(year, i):
        return {"quarter": f"Q{i % 4 + 1}", "date": f"{year}-0{i % 4 * 2 + 1}-01"}

    groups = {
        "A": [(20, 8, quarter(2010, i)) for i in range(12)],
        "B": [(20, 1, quarter(2020, i)) for i in range(12)],
    }
    study = made(groups, dates=["date"], period="quarter")
    assert study.confounders == ["quarter", "date"]
    assert study.contrasts().to_frame()["status"].item() == "not_distinguishable"


def test_no_number_of_articles_helps_where_nothing_is_shared():
    groups = {"A": [(20, 6, outlet("X"))] * 20, "B": [(20, 1, outlet("Y"))] * 20}
    assert "would be needed" not in told(made(groups, confounders=["outlet"]), "story")
    three = [outlet(f"O{i}") for i in range(3)]
    groups = {
        "A": [(20, 6, three[i % 3]) for i in range(9)],
        "B": [(20, 4, three[i % 3]) for i in range(9)],
    }
    with pytest.warns(an.InputWarning):
        assert "would be needed" not in told(made(groups, cluster="outlet"), "story")


def test_what_articles_could_have_shown_is_beside_the_other_pairs():
    two = made({"A": [(20, 2)] * 6, "B": [(20, 3)] * 6}).contrasts().to_frame()
    four = made({name: [(20, 2 + n % 2)] * 6 for n, name in enumerate("ABCD")})
    alone = two["could_have_shown"].item()
    assert (four.contrasts().to_frame()["could_have_shown"] > alone * 1.1).all()


def test_a_quote_is_what_stands_in_the_text():
    study = made({"A": [(20, 8)] * 6, "B": [(20, 1)] * 6}, names={"wind": "renewable energy"})
    assert "The sentences speak of “wind” (54)." in told(study, "story")
    assert "renewable energy" in told(study, "story")


def test_the_rest_has_a_table(tmp_path):
    study = made({f"G{i}": [(20, 12 if i < 5 else 1)] * 6 for i in range(12)})
    assert re.search(
        r"and 2 others \(all in rest\.csv\) stand out from the rest", told(study, "lead")
    )
    with without_drawing(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a figure has no room for
        study.save(tmp_path / "out")
    rest = an.read_table(tmp_path / "out/rest.csv")
    assert set(rest["reference"]) == {"rest"}
    assert (rest["status"] == "supported").any()


def test_nothing_can_be_shown_above_all_there_is():
    text = told(made({"A": [(10, 10)] * 6, "B": [(10, 10)] * 6}), "story")
    assert "difference of 0 points" not in text


def test_a_group_with_less_than_all_others_is_named():
    groups = {name: [(20, 0 if name == "B" else 10)] * 6 for name in "ABCE"}
    for kind in ("lead", "story"):
        text = told(made(groups), kind)
        assert re.search(r"B \(0 of 120 .*\) has less than the rest, which has 180 of 360", text)


def test_a_bound_is_of_all_that_it_speaks_of():
    groups = {
        "A": [(20, 18, outlet("XY"[i % 2])) for i in range(6)],
        **dict.fromkeys("BC", [(20, 1, outlet("X"))] * 6),
        "F": [(20, 1, outlet("Y"))] * 6,
    }
    text = told(made(groups, confounders=["outlet"]), "story")
    assert "stands out from the rest" in text
    assert "The other" not in text  # of F and B these articles can say nothing
    assert "The other 3 cannot be" in told(made(groups), "story")


def test_a_group_that_is_called_rest():
    three = made({"A": [(20, 10)] * 6, "rest": [(20, 1)] * 6, "C": [(20, 10)] * 6})
    assert three.rest() is None
    tables = an.Tables(
        sentences=three.sentences,
        evidence=three.evidence,
        emphasis=three.emphasis(),
        contrasts=three.contrasts(),
        specifications=three.specifications,
    )
    found = " ".join(an.findings(tables)["text"])
    assert "articles on rest" in found
    assert "all other articles" not in found
    assert "all others" not in found


def test_names_with_and_in_them():
    topics = an.Dictionary(
        "d", (*WIND.topics, an.Topic("law_and_order", ("police",)), an.Topic("coal", ("coal",)))
    )
    lead = told(made({"A": [(9, 3)] * 2, "B": [(9, 1)] * 2}, topics=topics), "lead")
    assert "No sentence mentions law and order or coal." in lead or (
        "No sentence mentions coal or law and order." in lead
    )


def test_nouns_and_relations_are_the_same_throughout():
    groups = {"A": [(20, 3)], "B": [(20, 1)] * 6}
    study = made(groups, unit="speech", relation="by")
    for text in study.findings()["text"]:
        assert not re.search(r"\barticles?\b|\bon (A|B|each)\b", text), text


def test_dates_are_alike_by_month():
    def day(number, i):
        return {"date": f"2020-0{i % 6 + 1}-{number}"}

    groups = {
        "A": [(20, 9, day("01", i)) for i in range(12)],
        "B": [(20, 2, day("20", i)) for i in range(12)],
    }
    study = made(groups, dates=["date"])
    assert "Within the same months it is 35 points." in told(study, "contrast")
    assert "at least one in common" in told(study, "confound")


def test_the_level_of_the_report_is_that_of_the_study():
    page = an.report_html(made({"A": [(9, 3)] * 2, "B": [(9, 1)] * 2}, conf_level=0.9))
    assert "Only if p is at most .10, adjusted" in page


def test_findings_of_groups_against_the_rest_alone():
    study = made({"A": [(20, 2)] * 6, "B": [(20, 2)] * 6, "C": [(20, 1)] * 6})
    tables = study.tables
    rest = an.Tables(**{**vars(tables), "contrasts": study.rest()})
    found = an.findings(rest)
    texts = " ".join(found["text"])
    assert "No two of the 3 groups can be distinguished" in texts
    assert "between rest" not in texts


def test_a_difference_that_stays_open_though_its_interval_is_clear_says_why():
    groups = {"A": [(20, 6, outlet("X"))] * 20, "B": [(20, 1, outlet("Y"))] * 20}
    study = made(groups, confounders=["outlet"])
    why = r"\(\d+ to \d+\), but they have no outlet in common\."
    assert re.search("cannot be distinguished: 25 points apart here " + why, told(study, "story"))
    assert re.search(r"interval \d+ to \d+, but they have no outlet in", told(study, "refusal"))
    assert told(study, "lead").endswith(
        "beyond them: in 1 of 1 comparison, the two groups have no outlet in common."
    )
    french = made(groups, confounders=["outlet"], wording="french")
    for kind in ("lead", "story", "refusal"):
        assert "aucune valeur en commun («\u202foutlet\u202f»)" in told(french, kind)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"conf_low": -1.0}, None),
        ({}, "unsure"),
        ({"p_adjusted": 0.04}, "order"),
        ({"warnings": "confounded_with_outlet"}, "confounded"),
        ({"warnings": "confounded_with_outlet recall_differs"}, "recall"),
        ({"warnings": "one_article confounded_with_outlet"}, "single"),
    ],
)
def test_the_first_reason_why_a_contrast_is_open(changed, why):
    facts = SimpleNamespace(level=0.95, confounders=["outlet"])
    row = {"conf_low": 1.0, "conf_high": 2.0, "p_adjusted": 0.3, "warnings": ""} | changed
    found = why_open(facts, row)
    assert found == why if why is None else found["why"] == why


@pytest.mark.parametrize("name", ["english", "french"])
def test_every_reason_has_its_words(name):
    study = made({"A": [(20, 6, outlet("X"))] * 20, "B": [(20, 1, outlet("Y"))] * 20},
                 confounders=["outlet"])  # fmt: skip
    found = study.findings().query("kind == 'story'").iloc[0]
    opens = [
        {"why": why, "names": ["outlet"], "p_adjusted": p_adjusted}
        for why in ("single", "recall", "confounded", "order", "unsure")
        for p_adjusted in (0.3, None)
    ]
    said = {
        read_language(name).text(
            "story", found["values"] | {"beside": found["values"]["beside"] | {"open": one}}
        )
        for one in opens
    }
    assert len(said) == 6
    assert len({re.split(r"[,;] (?:but|mais) ", text)[1] for text in said}) == 6


def test_a_topic_that_is_its_own_only_word_is_not_said_to_speak_of_it():
    groups = {"A": [(20, 8)] * 6, "B": [(20, 2)] * 6}
    assert "speak of" not in told(made(groups), "story")
    other = an.Dictionary("d", (an.Topic("wind_grows", ("wind",)),))
    assert "speak of" in told(made(groups, topics=other), "story")


def test_a_group_of_one_article_does_not_lead_where_others_have_several():
    topics = an.Dictionary("d", (an.Topic("grows", ("wind",)), an.Topic("plain", ("here",))))
    groups = {"A": [(4, 4)], "B": [(20, 6), (20, 4)], "C": [(20, 3), (20, 2)]}
    values = made(groups, topics=topics).findings().query("kind == 'lead'").iloc[0]["values"]
    assert values["leading"]["topic"] == "plain"
    alone = {group: own[:1] for group, own in groups.items()}
    values = made(alone, topics=topics).findings().query("kind == 'lead'").iloc[0]["values"]
    assert values["leading"]["top"]["name"] == "A"


def test_the_lead_says_the_commonest_reason():
    many = {name: [(20, 4), (20, 6)] * 4 for name in "ABCD"}
    lead = told(made({**many, "E": [(20, 5)]}), "lead")
    assert "cannot show whether any difference" in lead
    assert "one article" not in lead  # of ten pairs, four
    lead = told(made({"A": [(20, 6)] * 2, "B": [(20, 4)], "C": [(20, 2)]}), "lead")
    assert "With one article each on B and C, the texts cannot" in lead
