"""A study with codes by hand: whose they are, what they show, and what is wrong with them."""

import pandas as pd
import pytest

import analysis as an
from analysis import InputError, InputWarning
from analysis.report.methods import rates_shown
from tests.validation.corpus import CODES, SENTENCES, WIND, truth

ARTICLES = pd.DataFrame(
    {
        "doc_id": name,
        "party": own["party"].iloc[0],
        "text": " ".join(own["text"]),
    }
    for name, own in SENTENCES.groupby("doc_id", sort=False)
)


def sheet(path, coder, sample=None):
    """A sheet of a coder who makes no mistake, of a sample or of all."""
    table = CODES.assign(text=SENTENCES["text"]) if sample is None else sample
    rows = table[["doc_id", "sentence_id", "topic", "text"]]
    rows = rows.assign(coder=coder, answer=table["text"].map(truth))
    rows.to_csv(path, index=False)
    return path


@pytest.fixture
def study():
    return an.Study(ARTICLES, topics=WIND, by="party")


def test_without_codes_nothing_is_validated(study):
    assert study.hand is study.agreement() is study.error_rates() is None
    assert study.corrected_emphasis() is study.corrected_contrasts() is None
    assert rates_shown(study.tables, study.language)["all"] == []
    assert "Not validated." in an.findings_markdown(study.findings())


def test_a_census(study, tmp_path):
    """Green names wind more often in the dictionary's codes, Red in truth."""
    own = study.with_(hand=sheet(tmp_path / "anna.csv", "Anna"))
    assert own.agreement() is None
    (row,) = own.contrasts().to_frame().to_dict("records")
    assert row["status"] == "not_distinguishable"
    assert "recall_differs" in row["warnings"]
    rest = own.contrasts(reference="rest").to_frame()
    assert set(rest["status"]) == {"not_distinguishable"}
    (told,) = own.findings().query("kind == 'corrected'").to_dict("records")
    assert told["text"].startswith(
        "Corrected for the dictionary's errors, articles on Red mention wind 10 points more often "
        "than articles on Green ("
    )
    assert "uncorrected, it was −10 points: 20 of 200 body sentences" in told["text"]
    assert own.corrected_emphasis().to_frame()["estimate"].to_list() == [0.25, 0.35]
    shown = rates_shown(own.tables, own.language)
    assert shown["coders"] == ["Anna"]
    assert shown["all"] == [
        ("Wind", "all", "400 of 400", "83 % (72 % to 91 %)", "42 % (36 % to 47 %)")
    ]
    assert [row[1:3] for row in shown["groups"]] == [
        ("Green", "200 of 200"),
        ("Red", "200 of 200"),
    ]


@pytest.mark.parametrize("wording", ["english", "french"])
def test_lead_and_refusal_say_what_holds_once_corrected(study, tmp_path, wording):
    own = study.with_(hand=sheet(tmp_path / "anna.csv", "Anna"), wording=wording)
    found = own.findings().set_index("kind")["text"].str.replace("\u202f", " ")
    said = {
        "english": ("holds", "Corrected for the dictionary's errors, 1 of 1 holds: articles on "
                    "Red mention wind 10 points more often than articles on Green ("),
        "french": ("vaut", "Une fois corrigées les erreurs du dictionnaire, 1 sur 1 vaut au-delà. "
                   "Thème « wind » : les articles du groupe Red le mentionnent plus souvent"),
    }[wording]  # fmt: skip
    assert said[1] in found["lead"]
    assert "cannot show whether" not in found["lead"]
    assert f"1 {'of' if wording == 'english' else 'sur'} 1 {said[0]}" in found["refusal"]
    # Green is first by what the dictionary finds more easily there.
    assert "ranking" not in found
    (uncorrected,) = study.findings().query("kind == 'ranking'")["groups"]
    assert uncorrected == ["Green", "Red"]


def test_what_the_correction_takes_back_is_said(study, tmp_path):
    """The dictionary's difference holds, and what the coder answers shows none."""
    table = CODES.assign(text=SENTENCES["text"])
    rows = table[["doc_id", "sentence_id", "topic", "text"]].assign(coder="Anna")
    number = table["sentence_id"] + table["doc_id"].str[-1].astype(int)
    rows.assign(answer=number.mod(5).eq(0).map({True: "yes", False: "no"})).to_csv(
        tmp_path / "a.csv", index=False
    )
    own = study.with_(hand=tmp_path / "a.csv")
    assert own.contrasts().to_frame()["status"].to_list() == ["supported"]
    lead = own.findings().query("kind == 'lead'")["text"].item()
    assert lead.endswith("Corrected for the dictionary's errors, none of 1 holds.")
    assert "Corrected" not in study.findings().query("kind == 'lead'")["text"].item()


def test_a_finding_says_how_right_the_codes_of_its_own_groups_are(tmp_path):
    # Of three groups the dictionary sees half of Blue and all of the others; each has a finding.
    texts = {
        "Green": ["The wind blows here in {}."] * 4 + ["Coal is dear in {}."] * 16,
        "Red": ["The wind blows here in {}."] * 4 + ["Coal is dear in {}."] * 16,
        "Blue": ["The wind blows in {}."] * 2
        + ["A gale in {}."] * 2
        + ["Coal is dear in {}."] * 16,
        "Gold": ["Coal is dear in {}."] * 20,
    }
    articles = pd.DataFrame(
        {
            "doc_id": f"{party}{n}",
            "party": party,
            "text": " ".join(t.format(f"{party} {n} {k}") for k, t in enumerate(own)),
        }
        for party, own in texts.items()
        for n in range(5)
    )
    study = an.Study(articles, topics=WIND, by="party")
    rows = study.codes.assign(text=study.sentences["text"], coder="Anna")
    rows["answer"] = rows["text"].str.contains("wind|gale").map({True: "yes", False: "no"})
    rows[["doc_id", "sentence_id", "topic", "text", "coder", "answer"]].to_csv(
        tmp_path / "a.csv", index=False
    )
    own = study.with_(hand=tmp_path / "a.csv")
    found = own.findings()
    told = {
        kind: found.loc[found["kind"] == kind, "validation"].iloc[0]
        for kind in ("story", "absence", "corrected")
    }
    assert told["story"]["recall"] == pytest.approx(50 / 60)
    groups = {k: [(g["name"], g["recall"]) for g in one["groups"]] for k, one in told.items()}
    # Of many groups the lowest and the highest, where recall differs; of one or two, their own.
    assert groups["story"] == [("Blue", 0.5), ("Green", 1)]
    assert groups["absence"] == [("Gold", None)]
    assert dict(groups["corrected"])["Blue"] == 0.5
    assert [g["answered"] for g in told["absence"]["groups"]] == [100]
    # That any group differs could be the dictionary's recall.
    story = {name: st.findings().query("kind == 'story'")["values"].iloc[0]
             for name, st in (("uncoded", study), ("coded", own))}  # fmt: skip
    assert story["uncoded"]["any_p"] < 0.05
    assert story["coded"]["any_p"] is None
    page = an.report_html(own)
    assert "recall 83 % (" in page
    assert "; Gold: on 100<" in page.replace("</span>", "<")


def test_a_sample_and_two_coders(study, tmp_path):
    sample = an.coding_sample(CODES, SENTENCES, by="party", n=60, dictionary=WIND)
    (tmp_path / "sample.csv").write_text(an.to_csv(sample), "utf-8")
    files = [
        sheet(tmp_path / "anna.csv", "Anna", sample),
        sheet(tmp_path / "ben.csv", "Ben", sample[sample["twice"]]),
    ]
    own = study.with_(hand=files, sample=tmp_path / "sample.csv")
    hand = pd.concat([an.read_codes(path, SENTENCES) for path in files], ignore_index=True)
    want = an.corrected_contrasts(hand, CODES, by="party", sample=sample).to_frame()
    pd.testing.assert_frame_equal(own.corrected_contrasts().to_frame(), want)
    assert own.agreement().to_frame()["sentences"].item() == sample["twice"].sum()
    values = own.findings().query("kind == 'validation'")["values"].item()
    assert values["topics"][0]["answered"] == 120


def test_the_report_shows_error_rates_and_the_note(study, tmp_path):
    own = study.with_(hand=sheet(tmp_path / "a.csv", "Anna <b>"), note="She knows <i>wind</i>.")
    page = an.report_html(own)
    assert "<td>83 % (72 % to 91 %)</td>" in page
    assert "Codes of Anna &lt;b&gt; beside" in page
    # in the finding and beside the table
    assert page.count("She knows &lt;i&gt;wind&lt;/i&gt;.") == 2
    assert (
        "validated on 400 sentences coded by Anna &lt;b&gt;, recall 42 % (36 to 47), "
        "precision 83 % (72 to 91); Red: on 200, recall 29 % ("
    ) in page
    an.save_report(own, tmp_path / "report.md")
    paper = (tmp_path / "report.md").read_text("utf-8")
    assert "| Wind | Green | 200 of 200 | 75 % (" in paper
    assert "Validated on 400 sentences coded by Anna" in paper


def test_the_report_calls_groups_as_the_study_does(study, tmp_path):
    names = {"Red": "the Reds", "Green": "the Greens"}
    own = study.with_(hand=sheet(tmp_path / "a.csv", "Anna"), names=names)
    an.save_report(own, tmp_path / "report.md")
    for text in (an.report_html(own), (tmp_path / "report.md").read_text("utf-8")):
        assert "; the Reds: on 200, recall 29 % (" in text
        assert "; Red: on" not in text


def test_a_run_writes_and_records_them(study, tmp_path):
    own = study.with_(hand=sheet(tmp_path / "a.csv", "Anna"), folder=tmp_path / "out", excel=True)
    own.save()
    for name in ("error_rates", "corrected", "corrected_contrasts"):
        got = an.read_table(tmp_path / "out" / f"{name}.csv")
        want = getattr(own, {"corrected": "corrected_emphasis"}.get(name, name))().to_frame()
        assert list(got.columns) == list(want.columns)
        assert len(got) == len(want)
    assert not (tmp_path / "out" / "agreement.csv").exists()
    assert '"hand": [\n   "a.csv"' in (tmp_path / "out" / "run.json").read_text("utf-8")


def test_what_is_wrong_with_codes_is_said(study, tmp_path):
    one = sheet(tmp_path / "a.csv", "Anna")
    with pytest.raises(InputError, match="two files have answers of Anna for the same sentences"):
        _ = study.with_(hand=[one, one]).hand
    with pytest.raises(InputError, match="there is a sample and there are no codes of it"):
        study.with_(sample=one).error_rates()


def test_codes_that_do_not_suffice_validate_nothing(study, tmp_path):
    few = sheet(tmp_path / "a.csv", "Anna", CODES.assign(text=SENTENCES["text"]).iloc[:9])
    own = study.with_(hand=few)
    with pytest.warns(InputWarning, match=r"391 of 400 .* until then nothing is validated"):
        assert own.error_rates() is None
    assert own.corrected_contrasts() is own.corrected_emphasis() is None
    assert "Not validated" in own.findings().query("kind == 'validation'")["text"].item()


def test_a_sentence_that_changed_since_has_no_answer(study, tmp_path):
    path = sheet(tmp_path / "a.csv", "Anna")
    text = ARTICLES["text"].str.replace("Coal falls in place 0 of 0 Gx", "Gas falls with it")
    own = an.Study(ARTICLES.assign(text=text), topics=WIND, by="party", hand=path)
    with pytest.warns(InputWarning, match="1 of 400 codes are of sentences that have changed"):
        rates = own.error_rates().to_frame().set_index("party")
    assert rates.loc["Green", ["sentences", "answered"]].to_list() == [200, 199]
    assert own.contrasts().to_frame()["warnings"].str.contains("recall_differs").all()


def test_codes_on_what_is_no_topic_are_left_out(study, tmp_path):
    coal = an.Dictionary("coal", (an.Topic("coal", ("coal",)),))
    own = study.with_(hand=sheet(tmp_path / "a.csv", "Anna"), topics=coal)
    with pytest.warns(InputWarning, match="codes by hand on 'wind' are left out: no such topic"):
        assert own.hand is None
    assert own.error_rates() is None


def test_a_dictionary_that_was_changed_since_is_said(study, tmp_path):
    sample = an.coding_sample(CODES, SENTENCES, by="party", n=60, dictionary=WIND)
    (tmp_path / "sample.csv").write_text(an.to_csv(sample), "utf-8")
    own = study.with_(
        hand=sheet(tmp_path / "anna.csv", "Anna", sample), sample=tmp_path / "sample.csv"
    )
    assert own.error_rates() is not None  # and says nothing
    near = int((sample["stratum"] == "near_miss").sum())
    wider = an.Dictionary("energy", (an.Topic("wind", ("wind", "turbine*")),))
    changed = own.with_(topics=wider)
    with pytest.warns(InputWarning, match=f"{near} of 120 rows of the sample are coded otherwise"):
        rates = changed.error_rates().to_frame()
    assert rates["hits"].to_list() == [60, 40, 100]


def test_coders_who_shared_the_work(study, tmp_path):
    table = CODES.assign(text=SENTENCES["text"])
    files = [
        sheet(tmp_path / "a.csv", "Anna", table[::2]),
        sheet(tmp_path / "b.csv", "Ben", table[1::2]),
    ]
    own = study.with_(hand=files)
    assert own.agreement() is None
    assert own.error_rates().to_frame()["answered"].to_list() == [200, 200, 400]


def test_the_keys_of_a_study_file(tmp_path):
    table = ARTICLES.to_csv(tmp_path / "articles.csv", index=False)
    assert table is None
    an.write_dictionary(WIND, tmp_path / "wind.toml")
    sheet(tmp_path / "anna.csv", "Anna")
    text = """[study]
title = "Wind"
[corpus]
articles = "articles.csv"
group = "party"
[topics]
dictionary = "wind.toml"
[validation]
codes = "anna.csv"
note = "Anna reads well."
"""
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    own = an.read_study(path)
    assert own.settings.hand == (tmp_path / "anna.csv",)
    assert tmp_path / "anna.csv" in own.inputs
    values = own.findings().query("kind == 'validation'")["values"].item()
    assert (values["coders"], values["note"]) == (["Anna"], "Anna reads well.")
    path.write_text(text.replace('"anna.csv"', '"ben.csv"'), encoding="utf-8")
    with pytest.raises(InputError, match=r"ben\.csv"):
        an.read_study(path).findings()
    path.write_text(text + "sample = 7\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"line 11: \[validation\] sample is 7; write a text"):
        an.read_study(path)


def test_chance_works_on_what_the_study_says(study, tmp_path):
    """A text on outlets rests on outlets."""
    outlets = ARTICLES.assign(outlet=ARTICLES["party"] + (ARTICLES.index // 2).astype(str))
    own = an.Study(outlets, topics=WIND, by="party", cluster="outlet",
                   hand=sheet(tmp_path / "a.csv", "Anna"))  # fmt: skip
    assert own.corrected_contrasts().to_frame()["articles_target"].item() == 5
    assert own.corrected_emphasis().provenance["cluster"] == "outlet"
    assert (
        study.with_(hand=own.settings.hand).corrected_contrasts().provenance["cluster"] == "doc_id"
    )
