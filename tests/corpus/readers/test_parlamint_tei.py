"""Speeches of ParlaMint in TEI, from files made by hand: two sittings, and who speaks in them."""

import re
import shutil

import pandas as pd
import pytest

from analysis import (
    InputError,
    InputWarning,
    Study,
    emphasis,
    read_articles,
    sentences,
    tally_files,
)
from analysis import codes as codes_of
from analysis import tally as tally_of
from analysis.corpus.readers import shards
from analysis.topics.dictionary import Dictionary, Topic
from tests.corpus.readers.test_readers import error, put

TEI = 'xmlns="http://www.tei-c.org/ns/1.0"'
PEOPLE = f"""\
<listPerson {TEI}>
 <person xml:id="AdaChair"><persName><surname>Chair</surname><forename>Ada</forename></persName>
  <affiliation role="member" ref="#LOW"/></person>
 <person xml:id="BoWind">
  <persName to="2019-12-31"><surname>Storm</surname><forename>Bo</forename></persName>
  <persName from="2020-01-01"><surname>Wind</surname><forename>Bo</forename>
   <forename>Ann</forename></persName>
  <sex value="F"/><birth when="1970-05-01"><placeName>Hill</placeName></birth>
  <affiliation role="member" ref="#party.Red" to="2020-05-31"/>
  <affiliation role="member" ref="#party.Green" from="2020-06"/>
  <affiliation role="member" ref="#LOW" from="2015"/>
  <affiliation role="minister" ref="#GOV" from="2020-06-15" to="2020-07-15"/>
 </person>
 <person xml:id="CyCoal"><persName>Cy Coal</persName>
  <affiliation role="member" ref="#politics.Coal"/></person>
</listPerson>
"""
PARTIES = f"""\
<listOrg {TEI}>
 <org xml:id="LOW" role="parliament"><orgName full="yes">Lower House</orgName></org>
 <org xml:id="GOV" role="government"><orgName full="yes">Government</orgName></org>
 <org xml:id="party.Green" role="parliamentaryGroup"><orgName full="yes">The Greens</orgName>
  <orgName full="abb" xml:lang="de">GRÜN</orgName>
  <orgName full="abb" xml:lang="en">GRN</orgName></org>
 <org xml:id="party.Red" role="parliamentaryGroup"><orgName full="yes">The Reds</orgName></org>
 <org xml:id="politics.Coal" role="politicalParty"><orgName full="abb">COAL</orgName></org>
</listOrg>
"""
SPEECHES = """\
<note type="speaker">Chair:</note>
<u who="#AdaChair" ana="#chair" xml:id="{0}.u1"><seg>The sitting is <note>at 9</note>open.</seg></u>
<u who="#BoWind" ana="#regular" xml:id="{0}.u2"><seg>Wind <gap reason="inaudible"/>grows
 &amp; pays.</seg><vocal><desc>Wind! Wind!</desc></vocal><seg>It <kinesic><desc>Applause
 for wind</desc></kinesic>blows {0}.</seg></u>
<u who="#CyCoal" ana="#guest" xml:id="{0}.u3"><seg>Coal, {0}.</seg></u>
"""
WORDS = """\
<u who="#BoWind" ana="#regular" xml:id="{0}.u2"><seg><s><w>Wind</w>
 <w join="right">does<w norm="do"/></w><w>n't</w> <name type="PER"><w>Bo</w></name>
 <w join="right">blow</w><pc>.</pc><linkGrp><link target="#a"/></linkGrp></s>
 <s><w>It</w> <w>pays</w> <w join="right">{0}</w><pc>.</pc></s></seg></u>
"""


def sitting(day, speeches=SPEECHES, number=3, name="P_{}"):
    called = name.format(day)
    return f"""\
<?xml version="1.0" encoding="UTF-8"?>
<TEI {TEI} xml:id="{called}"><teiHeader><fileDesc><titleStmt>
 <meeting n="7" ana="#parla.uni #parla.term">7th</meeting>
 <meeting n="60" ana="#parla.sitting">60</meeting></titleStmt>
 <extent><measure unit="words" quantity="9"/><measure unit="speeches" quantity="{number}"/></extent>
 </fileDesc><profileDesc><settingDesc><setting><date when="{day}"/></setting></settingDesc>
 </profileDesc></teiHeader>
<text><body><div type="debateSection">{speeches.format(called)}</div></body></text></TEI>
"""


def corpus(days):
    files = "".join(f'<xi:include href="2020/P_{day}.xml"/>' for day in days)
    return f'<teiCorpus {TEI} xmlns:xi="http://www.w3.org/2001/XInclude">{files}</teiCorpus>'


DAYS = ("2020-04-01", "2020-07-01")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "2020").mkdir()
    put(tmp_path / "P-listPerson.xml", PEOPLE)
    put(tmp_path / "P-listOrg.xml", PARTIES)
    put(tmp_path / "P-taxonomy.xml", f"<taxonomy {TEI}><desc>Roles</desc></taxonomy>")
    put(tmp_path / "P.xml", corpus(DAYS))
    for day in DAYS:
        put(tmp_path / f"2020/P_{day}.xml", sitting(day))
    return tmp_path


def test_speeches_with_who_speaks_for_whom_on_the_day(folder):
    with pytest.warns(
        InputWarning, match=r"chairs are left out: P_2020-04-01\.u1, P_2020-07-01\.u1$"
    ):
        articles = read_articles(folder, by=["Speaker_party"], dates="Date")
    bo = {"Term": "7", "Speaker_role": "Regular", "Speaker_ID": "BoWind",
          "Speaker_name": "Wind, Bo Ann", "Speaker_gender": "F", "Speaker_birth": "1970-05-01",
          "Speaker_MP": "MP"}  # fmt: skip
    cy = {"Term": "7", "Speaker_role": "Guest", "Speaker_ID": "CyCoal", "Speaker_name": "Cy Coal",
          "Speaker_gender": "", "Speaker_birth": "", "Speaker_MP": "notMP",
          "Speaker_party": "COAL", "Speaker_minister": "notMinister"}  # fmt: skip
    before = {"Speaker_party": "party.Red", "Speaker_minister": "notMinister"}
    after = {"Speaker_party": "GRN", "Speaker_minister": "Minister"}
    first, second = ({"Text_ID": f"P_{day}", "Date": day} for day in DAYS)
    assert articles.drop(columns="text").to_dict("records") == [
        {"doc_id": "P_2020-04-01.u2", **first, **bo, **before},
        {"doc_id": "P_2020-04-01.u3", **first, **cy},
        {"doc_id": "P_2020-07-01.u2", **second, **bo, **after},
        {"doc_id": "P_2020-07-01.u3", **second, **cy},
    ]
    assert articles["text"].to_list() == [
        text.format(f"P_{day}") for day in DAYS
        for text in ("Wind grows & pays.\n\nIt blows {0}.", "Coal, {0}.")
    ]  # fmt: skip
    codes = codes_of(sentences(articles), Dictionary("d", (Topic("wind", ("wind",)),)))
    table = emphasis(tally_of(codes, "Speaker_party")).to_frame().set_index("Speaker_party")
    assert table["estimate"].to_dict() == {"COAL": 0, "GRN": 0.5, "party.Red": 0.5}


def test_a_speaker_of_two_parties_on_a_day_and_names_of_another_time(folder):
    both = PEOPLE.replace(' to="2020-05-31"', "").replace('"2020-06"', '"2020"')
    put(folder / "P-listPerson.xml", both)
    put(folder / "2020/P_2020-07-01.xml", sitting("2019-07-01", name="Q_{}"))
    with pytest.warns(InputWarning, match="chairs"):
        articles = read_articles(folder).set_index("doc_id")
    assert articles.at["P_2020-04-01.u2", "Speaker_party"] == "GRN;party.Red"
    old = articles.loc["Q_2019-07-01.u2"]
    assert (old["Speaker_party"], old["Speaker_name"]) == ("party.Red", "Storm, Bo")


def test_hours_belong_to_their_day_and_breaks_stand_between_words(folder):
    hours = PEOPLE.replace('to="2020-05-31"', 'from="2020-04-01T09:00:00" to="2020-04-01T10:00:00"')
    put(folder / "P-listPerson.xml", hours)
    broken = SPEECHES.replace("Coal, ", 'Coal<lb/>pays<pb n="2"/>in<lb break="no"/>deed, ')
    whole = sitting("2020-04-01", broken).replace('when="2020-04-01"', 'when="2020-04-01T08:30:00"')
    put(folder / "2020/P_2020-04-01.xml", whole)
    with pytest.warns(InputWarning, match="chairs"):
        articles = read_articles(folder, by="Speaker_party", dates="Date").set_index("doc_id")
    assert articles.at["P_2020-04-01.u2", "Speaker_party"] == "party.Red"
    assert articles.at["P_2020-04-01.u3", "Date"] == "2020-04-01"
    assert articles.at["P_2020-04-01.u3", "text"] == "Coal pays indeed, P_2020-04-01."


def test_two_speeches_of_one_name_are_told_with_their_files(folder):
    first, second = (folder / f"2020/P_{day}.xml" for day in DAYS)
    put(second, sitting(DAYS[0]))
    words = rf"07-01.xml, line \d+: 'P_{DAYS[0]}.u2' stands in {first}, {second}; give each"
    with pytest.warns(InputWarning), pytest.raises(InputError, match=words):
        read_articles(folder)


def test_words_are_put_together_and_read_only_where_there_is_nothing_else(folder):
    for day in DAYS:
        put(folder / f"2020/P_{day}.ana.xml", sitting(day, WORDS, 1))
    with pytest.warns(InputWarning) as told:
        assert len(read_articles(folder)) == 4
    assert "2 files .ana.xml are left out, as others hold the same" in str(told[0].message)
    for day in DAYS:
        (folder / f"2020/P_{day}.xml").unlink()
    (folder / "P.xml").rename(folder / "P.ana.xml")
    put(folder / "P.ana.xml", corpus(DAYS).replace(".xml", ".ana.xml"))
    assert read_articles(folder)["text"].to_list() == [
        f"Wind doesn't Bo blow. It pays P_{day}." for day in DAYS
    ]


def test_a_study_knows_every_file_that_it_reads(folder):
    study = Study(folder, topics=Dictionary("d", (Topic("wind", ("wind",)),)), by="Speaker_party")
    with pytest.warns(InputWarning, match="chairs"):
        assert len(study.documents) == 4
    assert {*study.inputs} == {*folder.glob("*.xml"), *folder.glob("2020/*.xml")}
    assert len(study.inputs) == 6


def counted_alike(folder, monkeypatch, keep=None):
    """An archive of a folder, whose tally is that of its articles at once, however it is cut."""
    topics = Dictionary("d", (Topic("wind", ("wind",)),))
    with pytest.warns(InputWarning, match="chairs"):
        articles = read_articles(folder, by="Speaker_party")
    whole = tally_of(codes_of(sentences(articles), topics), "Speaker_party").to_frame()
    for number in (1, 20):
        monkeypatch.setattr(shards, "SITTINGS", number)
        found = tally_files(folder, topics, by="Speaker_party", keep=keep)
        pd.testing.assert_frame_equal(found.tally.to_frame(), whole, check_dtype=False)
        (told,) = found.warnings.to_dict("records")
        assert told["warning"].endswith("speeches of chairs are left out: …")
        assert told["articles"] == 2
    return found


def test_a_folder_of_speeches_is_counted_in_parts(folder, monkeypatch, tmp_path_factory):
    keep = tmp_path_factory.mktemp("keep")
    assert counted_alike(folder, monkeypatch, keep).status["articles"].sum() == 4
    # The lists of speakers belong to what a part is made from.
    put(folder / "P-listPerson.xml", PEOPLE.replace("#politics.Coal", "#party.Green"))
    found = counted_alike(folder, monkeypatch, keep)
    assert set(found.status["Speaker_party"]) == {"GRN", "party.Red"}
    for day in DAYS:  # a table beside each file of speeches is the other way they come
        rows = [f"{day}.u{n}\t{role}\t{party}" for n, role, party in
                ((1, "Chairperson", "-"), (2, "Regular", "A"), (3, "Regular", "B"))]  # fmt: skip
        put(
            folder / f"2020/P_{day}-meta.tsv", "\n".join(["ID\tSpeaker_role\tSpeaker_party", *rows])
        )
        texts = (f"{day}.u{n}\tWind {n} of {day}. Coal." for n in (1, 2, 3))
        put(folder / f"2020/P_{day}.txt", "\n".join(texts))
    found = counted_alike(folder, monkeypatch, keep)
    assert set(found.status["Speaker_party"]) == {"A", "B"}
    (folder / f"2020/P_{DAYS[1]}.txt").unlink()
    with pytest.raises(InputError, match=rf"P_{DAYS[1]}\.txt: there is no such file"):
        tally_files(folder, Dictionary("d", (Topic("w", ("w",)),)), by="Speaker_party", keep=keep)


def test_a_sitting_with_nothing_but_chairs_and_a_folder_with_nothing_else(folder, monkeypatch):
    monkeypatch.setattr(shards, "SITTINGS", 1)
    topics = Dictionary("d", (Topic("wind", ("wind",)),))
    only = SPEECHES.partition("</u>")[0] + "</u>"
    put(folder / "2020/P_2020-07-01.xml", sitting("2020-07-01", only, 1))
    found = tally_files(folder, topics, by="Speaker_party")
    assert found.status["articles"].sum() == 2
    put(folder / "2020/P_2020-04-01.xml", sitting("2020-04-01", only, 1))
    with pytest.raises(InputError, match="there is no article in these files"):
        tally_files(folder, topics, by="Speaker_party")


def test_corpora_in_folders_beside_each_other_each_know_their_own(folder, tmp_path_factory):
    """As ParlaMint ships them: corpus, year, file; the same name may be somebody else elsewhere."""
    above = tmp_path_factory.mktemp("above")
    folder.rename(above / "ParlaMint-AA.TEI")
    other = above / "ParlaMint-BB.TEI"
    shutil.copytree(above / "ParlaMint-AA.TEI", other)
    put(other / "P-listPerson.xml", PEOPLE.replace("Cy Coal", "Di Gas"))
    for day in DAYS:
        put(other / f"2020/P_{day}.xml", sitting(day, name="Q_{}"))
    with pytest.warns(InputWarning, match="chairs"):
        articles = read_articles(above)
    names = articles.groupby(articles["doc_id"].str[:1])["Speaker_name"].agg(set)
    assert names.to_dict() == {"P": {"Wind, Bo Ann", "Cy Coal"}, "Q": {"Wind, Bo Ann", "Di Gas"}}
    study = Study(above, topics=Dictionary("d", (Topic("w", ("w",)),)), by="Speaker_name")
    assert len(study.inputs) == 12


@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-16-be"])
def test_files_in_utf_16(folder, code):
    path = folder / "2020/P_2020-07-01.xml"
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(code, "")
    path.write_bytes((mark + sitting("2020-07-01").replace("UTF-8", "UTF-16")).encode(code))
    with pytest.warns(InputWarning, match="chairs"):
        assert len(read_articles(folder)) == 4
    (folder / "2020/P_2020-04-01.xml").unlink()
    (folder / "P.xml").unlink()
    with pytest.warns(InputWarning, match="chairs"):  # also where no other file has speeches
        assert len(read_articles(folder)) == 2


def test_speakers_whom_no_list_names_are_told(folder):
    (folder / "P-listPerson.xml").unlink()
    with pytest.warns(InputWarning) as told:
        articles = read_articles(folder)
    said = f"no list of persons names who speaks in P_{DAYS[0]}.u1, P_{DAYS[0]}.u2, "
    assert any(said in str(one.message) for one in told)
    assert set(articles["Speaker_party"]) == set(articles["Speaker_name"]) == {""}


@pytest.mark.parametrize("number", [2, 4])
def test_the_number_announced_is_held_against_the_number_found(folder, number):
    path = put(folder / "2020/P_2020-07-01.xml", sitting("2020-07-01", number=number))
    words = [f"announces {number} speeches, and has 3", "download it anew"]
    with pytest.raises(InputError, match=error(path, words, None)):
        read_articles(folder)
    gap = "<gap><desc>SAMPLING</desc></gap>"
    put(path, sitting("2020-07-01", gap + SPEECHES, number))
    with pytest.warns(InputWarning) as told:
        assert len(read_articles(folder)) == 4
    assert any(f"announces {number} speeches, and has 3" in str(one.message) for one in told)
    put(path, sitting("2020-07-01", number=""))  # nothing is announced
    with pytest.warns(InputWarning, match="chairs"):
        assert len(read_articles(folder)) == 4


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.99])
def test_a_file_that_was_cut_off_is_an_error(folder, kept):
    whole = sitting("2020-07-01")
    path = put(folder / "2020/P_2020-07-01.xml", whole[: int(kept * len(whole))])
    with pytest.raises(InputError, match=r"P_2020-07-01.xml, line \d+: the file was cut off or"):
        read_articles(folder)
    path.unlink()
    words = ["it names 2 files, of which these are not here: 2020/P_2020-07-01.xml"]
    with pytest.raises(InputError, match=error(folder / "P.xml", words, None)):
        read_articles(folder)


def test_a_speech_without_a_name_and_a_document_type_are_refused(folder):
    path = folder / "2020/P_2020-07-01.xml"
    put(path, sitting("2020-07-01").replace(' xml:id="P_2020-07-01.u3"', ""))
    with pytest.raises(InputError, match="this speech has no name"):
        read_articles(folder)
    bomb = '<!DOCTYPE TEI [<!ENTITY a "wind"><!ENTITY b "&a;&a;">]>'
    put(path, re.sub(r"\?>\n", f"?>\n{bomb}", sitting("2020-07-01"), count=1))
    with pytest.raises(InputError, match="it declares a document type"):
        read_articles(folder)
