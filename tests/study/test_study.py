"""A study in one object: the plain functions, each called once, with what the settings say."""

import shutil
import warnings

import pandas as pd
import pytest
from matplotlib.text import Text

import analysis as an
from analysis import InputError, InputWarning
from analysis.figures.canvas import articles_of, nouns
from analysis.topics.dictionary import Dictionary
from tests import ROOT, TEMPLATE


@pytest.fixture(scope="module")
def embedded():
    return an.read_study(ROOT / "study.toml")


@pytest.fixture
def parties(documents, energy):
    return an.Study(documents, topics=energy, by="party")


def same(one, two):
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_each_step_is_one_call_of_a_plain_function(embedded):
    chosen = embedded.settings
    documents = an.read_articles(chosen.articles, chosen.metadata, by="partner")
    same(embedded.documents, documents)
    rules = an.read_boilerplate(chosen.boilerplate)
    sentences = an.sentences(documents, boilerplate=rules)
    same(embedded.sentences, sentences)
    topics = an.read_dictionary(chosen.dictionary)
    codes = an.codes(sentences, topics)
    same(embedded.codes, codes)
    evidence = an.evidence(sentences, an.matches(sentences, topics))
    same(embedded.evidence, evidence)
    design = {"within": ["outlet", "date"], "window": "year"}
    tally = an.tally(codes, "partner", **design)
    same(embedded.tally.to_frame(), tally.to_frame())
    emphasis = an.emphasis(tally)
    same(embedded.emphasis().to_frame(), emphasis.to_frame())
    specifications = an.specifications(sentences, topics, by="partner")
    same(embedded.specifications, specifications)
    body = sentences[sentences["section"] == "body"]
    confounds = an.confounds(body, "partner", with_=design["within"], window="year")
    contrasts = an.contrasts(tally, specifications=specifications)
    same(embedded.contrasts().to_frame(), contrasts.to_frame())
    same(embedded.confounds, confounds)
    roles = an.read_roles(chosen.roles, sentences)
    hand = pd.concat([an.read_codes(path, sentences) for path in chosen.hand], ignore_index=True)
    same(embedded.hand, hand)
    assert len(chosen.hand) == 2
    rates, corrected, shares = (
        make(hand, codes, by="partner")
        for make in (an.error_rates, an.corrected_contrasts, an.corrected_emphasis)
    )
    same(embedded.error_rates().to_frame(), rates.to_frame())
    same(embedded.corrected_emphasis().to_frame(), shares.to_frame())
    same(embedded.corrected_contrasts().to_frame(), corrected.to_frame())
    same(embedded.agreement().to_frame(), an.agreement(hand).to_frame())
    counts = an.counts(sentences, "partner", ignore=chosen.ignore)
    same(embedded.keyness().to_frame(), an.keyness(counts).to_frame())
    tables = an.Tables(
        sentences=sentences,
        evidence=evidence,
        emphasis=emphasis,
        contrasts=contrasts,
        specifications=specifications,
        rest=an.contrasts(tally, reference="rest", specifications=specifications),
        omnibus=an.omnibus(tally),
        dictionary=topics,
        confounds=confounds,
        roles=roles,
        error_rates=rates,
        agreement=an.agreement(hand),
        corrected=corrected,
        note=chosen.note,
    )
    assert embedded.findings()["text"].to_list() == an.findings(tables)["text"].to_list()


def test_text_is_searched_once(monkeypatch, tmp_path):
    """For codes, evidence, specifications, audit and one pattern left out; not counting
    the examples in the dictionary, which are texts of their own."""
    searched = []
    study = an.read_study(TEMPLATE / "study.toml").with_(folder=tmp_path / "figures")
    texts = study.sentences["text"].to_list()
    places = Dictionary.places

    def counted(self, given, *arguments, **options):
        given = list(given)
        searched.append(len(given))
        return places(self, given, *arguments, **options)

    monkeypatch.setattr(Dictionary, "places", counted)
    study.save()
    assert sum(number >= len(texts) // 2 for number in searched) <= 2


def test_nothing_is_computed_twice(parties, monkeypatch):
    first = parties.sentences
    assert parties.sentences is first
    assert parties.emphasis() is parties.emphasis(measure="sentence_share")
    assert parties.emphasis() is not parties.emphasis(measure="word_share")
    assert parties.findings() is parties.findings()


def test_a_study_does_not_change(parties):
    with pytest.raises(AttributeError, match=r"make another with study.with_\(by=...\)"):
        parties.by = ["outlet"]
    with pytest.raises(AttributeError):
        parties.settings.measure = "word_share"


def test_another_study_keeps_what_does_not_depend_on_the_change(parties):
    sentences, tally = parties.sentences, parties.tally
    words = parties.with_(measure="word_share")
    assert words.sentences is sentences
    assert words.tally is tally
    assert words.emphasis().measure == "word_share"
    assert parties.emphasis().measure == "sentence_share"
    other = parties.anew()
    assert "sentences" not in vars(other)
    same(other.sentences, sentences)


def test_other_topics_and_groups(parties):
    coal = an.Dictionary("coal", (an.Topic("coal", ("coal",)),))
    assert set(parties.with_(topics=coal).codes["topic"]) == {"coal"}
    with pytest.raises(InputError, match="outlet"):
        _ = parties.with_(by="outlet").tally


def test_with_another_dictionary_the_texts_are_not_read_again(tmp_path):
    folder = shutil.copytree(TEMPLATE, tmp_path / "study")
    (folder / "articles/green.txt").write_text("  ", encoding="utf-8")
    topics = (folder / "energy.toml").read_text(encoding="utf-8")
    (folder / "energy.toml").write_text(topics.replace("Wind farms pay", "Farms pay"), "utf-8")
    study = an.read_study(folder / "study.toml")
    with pytest.warns(InputWarning):
        _ = study.tally, study.document_status
    said = [str(one.message) for one in study.noted]
    assert [text for text in said if "energy.toml" in text]
    other = study.with_(topics=an.Dictionary("sun", (an.Topic("sun", ("solar",)),)))
    assert other.sentences is study.sentences
    assert [str(one.message) for one in other.noted] == [t for t in said if "energy" not in t]
    assert set(other.inputs) == set(study.inputs) - {folder / "energy.toml"}
    with pytest.warns(InputWarning, match="no text in green"):
        same(other.tally.to_frame(), other.anew().tally.to_frame())
    assert "sentences" not in vars(study.with_(topics=folder / "energy.toml"))


def test_a_wrong_keyword_is_refused(documents, energy):
    with pytest.raises(InputError, match=r"measur.*is not a setting of a study; choose one of"):
        an.Study(documents, topics=energy, by="party", measur="word_share")


def test_from_a_folder_and_a_dictionary_file(tmp_path):
    study = an.Study(TEMPLATE / "articles", topics=TEMPLATE / "energy.toml", by="party")
    settings = an.read_study(TEMPLATE / "study.toml")
    assert study.settings.metadata == TEMPLATE / "articles/articles.csv"
    assert study.settings.title == "Articles"
    same(study.emphasis().to_frame(), settings.emphasis().to_frame())
    study.save(tmp_path / "figures")
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"report.html", "findings.md", "emphasis.csv", "emphasis.svg", "run.json"} <= names
    assert study.with_(folder=tmp_path / "figures").check().empty


def test_evidence_of_a_cell_a_contrast_and_a_finding(embedded):
    cells = embedded.emphasis().to_frame()
    (cell,) = cells.query("partner == 'Israel' and topic == 'defense_industry'").index
    assert len(embedded.evidence_for(cells.loc[cell])) == cells.loc[cell, "hits"] == 9
    contrast = embedded.contrasts().to_frame().iloc[0]
    hits = contrast["hits_target"] + contrast["hits_reference"]
    assert len(embedded.evidence_for(contrast)) == hits
    finding = embedded.findings().query("kind == 'presence'").iloc[[0]]
    assert len(embedded.evidence_for(finding)) == len(finding["evidence"].iloc[0])


def test_warnings_are_given_once_and_kept_for_the_record(tmp_path, energy):
    body = "Wind turns turbines and wind pays well in every one of the coastal towns here."
    texts = pd.DataFrame({"doc_id": ["a", "b"], "party": "Green", "text": [body, body + " Yes."]})
    study = an.Study(texts, topics=energy, by="party")
    with pytest.warns(InputWarning, match="near duplicates.*a and b"):
        _ = study.duplicates
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _ = study.duplicates
    (noted,) = study.noted
    assert str(noted.message).startswith("near duplicates")
    study.save(tmp_path / "figures")
    assert "near duplicates" in (tmp_path / "figures/run.json").read_text("utf-8")


def test_a_prior_is_a_setting(tmp_path):
    text = (TEMPLATE / "study.toml").read_text("utf-8")
    text = text.replace('"articles', f'"{TEMPLATE.as_posix()}/articles')
    text = text.replace('"energy.toml"', f'"{TEMPLATE.as_posix()}/energy.toml"')
    path = tmp_path / "study.toml"
    path.write_text(f"{text}\n[estimates]\nprior = {{rho = 0.4}}\n", encoding="utf-8")
    study = an.read_study(path)
    assert study.settings.prior == an.Prior(rho=0.4)
    assert study.emphasis().provenance["prior"] == {"rho": 0.4, "df": 4}
    widths = [
        (table["conf_high"] - table["conf_low"]).sum()
        for table in (study.emphasis().to_frame(), an.read_study(TEMPLATE / "study.toml")
                      .emphasis().to_frame())
    ]  # fmt: skip
    assert widths[0] > widths[1]
    for wrong in ("{rho = 2}", "{rh = 0.1}", '{rho = "a"}', "3"):
        path.write_text(f"{text}\n[estimates]\nprior = {wrong}\n", encoding="utf-8")
        with pytest.raises(InputError, match=r"study.toml, line \d+: "):
            an.read_study(path)


def test_it_says_what_it_is(embedded, parties):
    assert repr(parties) == "Study('Study', articles='2 articles', by=['party'])"
    assert "Vietnam" in repr(embedded)


def test_figures_have_the_plural_of_the_studys_language(documents, energy):
    study = an.Study(documents, topics=energy, by="party", wording="french", unit="journal")
    axes = an.plot_emphasis(study.emphasis())
    assert "1 journal" in " ".join(text.get_text() for text in axes.figure.findobj(Text))
    assert articles_of(study.emphasis()) == ("journal", "journaux")
    assert articles_of(study.contrasts()) == ("journal", "journaux")
    assert nouns(("journal", "journaux")) == ("journal", "journaux")
    english = an.Study(documents, topics=energy, by="party", unit="speech")
    assert articles_of(english.emphasis()) == nouns("speech") == ("speech", "speeches")


def test_a_report_takes_a_study_or_its_tables(tmp_path, documents, energy):
    study = an.Study(documents, topics=energy, by="party", title="Energy")
    assert an.report_html(study) == an.report_html(study.tables)
    an.save_report(study, tmp_path / "one.md")
    an.save_report(study.tables, tmp_path / "two.md", findings=study.findings())
    assert (tmp_path / "one.md").read_bytes() == (tmp_path / "two.md").read_bytes()
    french = study.with_(wording="french", names={"wind": "vent"})
    page = an.report_html(french)
    assert '<html lang="fr">' in page
    assert "Vent" in page
    assert an.report_html(study, language=french.language) == page


def test_a_file_that_changed_since_it_was_read_is_not_recorded(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(TEMPLATE, folder)
    study = an.read_study(folder / "study.toml")
    _ = study.emphasis()
    article = folder / "articles/green.txt"
    article.write_text(article.read_text("utf-8") + "\nMore.\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"green.txt: it has changed since the study was read"):
        study.save()
    assert not (folder / "figures").exists()
    study.anew().save()
    assert study.anew().check().empty


@pytest.mark.parametrize(
    ("speakers", "told"),
    [
        (["Ann", "Bob"] * 3 + ["Cid", "Dan"] * 3, True),
        (["Ann", "Bob"] * 6, False),  # they speak of both
        (["Ann"] * 6 + ["Cid"] * 6, False),  # one a group: an outlet is no other
        ([f"s{n}" for n in range(12)], False),  # each speaks once: an article is a draw already
    ],
)
def test_what_belongs_to_a_group_by_nature_is_what_chance_works_on(energy, speakers, told):
    rows = [(f"d{n}", "Green" if n < 6 else "Red", "Wind pays. Coal falls.") for n in range(12)]
    texts = pd.DataFrame(rows, columns=["doc_id", "party", "text"]).assign(speaker=speakers)
    study = an.Study(texts, topics=energy, by="party", confounders=["speaker"])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        _ = study.confounds
    said = [str(one.message) for one in caught if "belongs to one group" in str(one.message)]
    assert bool(said) == told
    assert not told or 'write cluster = "speaker"' in said[0]
    # Where chance works on it, it is no confounder, and bars nothing.
    clustered = study.with_(cluster="speaker", confounders=["speaker"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert clustered.confounds is None
        assert clustered.contrasts().provenance["within"] == []


@pytest.mark.parametrize("kind", ["str", "category"])
@pytest.mark.parametrize("cluster", ["article", "outlet"])
def test_tables_without_a_row_a_sentence_and_topic_are_those_of_the_codes(cluster, kind, tmp_path):
    texts = [
        "Wind pays. Sun.\n\nWind: more\n\nSun, gas.",
        "",
        "Gas. Sun and wind. Sun.",
        "Sun pays.",
        "Wind.",
    ]
    table = pd.DataFrame(
        {
            "doc_id": [*"edcba"],
            "party": [*"xyxyx"],
            "outlet": [*"oppoo"],
            "style": ["a", "", None, "b", "a"],
            "date": ["2020-01-02", None, "2020-03-04", "2021-01-01", "2021-01-02"],
            "text": texts,
        }
    ).astype({"party": kind, "outlet": kind})
    topics = an.Dictionary("energy", (an.Topic("wind", ("wind",)), an.Topic("sun", ("sun", "gas"))))
    rules = tmp_path / "rules.toml"
    rules.write_text("[[rule]]\nname = 'more'\nline = '.*more'\n", encoding="utf-8")
    options = {"cluster": cluster, "confounders": ["style"], "dates": ["date"], "window": "year"}
    options |= {"boilerplate": rules}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = an.Study(table, topics=topics, by="party", **options)
        unit = "doc_id" if cluster == "article" else cluster
        own = an.tally(study.codes, "party", cluster=unit, within=study.confounders, window="year")
        for name in (None, *own.within):
            made, expected = (
                one if name is None else one.within[name] for one in (study.tally, own)
            )
            pd.testing.assert_frame_equal(made.to_frame(), expected.to_frame())
            assert made.design == expected.design
        pd.testing.assert_frame_equal(study.positions(), an.positions(study.codes))
        without = an.leave_one_article_out(study.codes, "party")
        pd.testing.assert_frame_equal(study.leave_one_article_out(), without)
