"""From a number back to its sentences."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis import evidence_for
from tests.prose import tables_of


@pytest.fixture
def study(documents, energy):
    """Every table that a number or its evidence comes from."""
    sentences = an.sentences(documents)
    tally = an.tally(an.codes(sentences, energy), by="party")
    emphasis, contrasts = an.emphasis(tally), an.contrasts(tally)
    ways = an.specifications(sentences, energy, by="party")
    return {
        "evidence": an.evidence(sentences, an.matches(sentences, energy)),
        "emphasis": emphasis,
        "contrasts": contrasts,
        "findings": an.findings(tables_of(sentences, energy, emphasis, contrasts, ways)),
        "tally": tally,
    }


def places(rows):
    return list(zip(rows["doc_id"], rows["sentence_id"], rows["topic"], strict=True))


def test_a_cell_leads_to_its_sentences(study):
    cells = study["emphasis"].to_frame()
    green_sun = cells[(cells["party"] == "Green") & (cells["topic"] == "sun")]
    assert places(evidence_for(green_sun, study["evidence"])) == [("a", 2, "sun"), ("a", 3, "sun")]
    # One row of the frame will do, as a Series or as a mapping.
    for row in (green_sun.iloc[0], dict(green_sun.iloc[0])):
        assert len(evidence_for(row, study["evidence"])) == 2


@pytest.mark.parametrize("measure", an.MEASURES)
def test_all_cells_lead_to_the_whole_evidence(study, measure):
    emphasis = an.emphasis(study["tally"], measure=measure)
    pd.testing.assert_frame_equal(evidence_for(emphasis, study["evidence"]), study["evidence"])


def test_evidence_may_be_put_together_from_parts(study, documents, energy):
    sentences = [an.sentences(documents[documents["doc_id"] == name]) for name in "ab"]
    evidence = pd.concat([an.evidence(part, an.matches(part, energy)) for part in sentences])
    assert not evidence.index.is_unique
    cells = study["emphasis"].to_frame()
    red = cells[cells["party"] == "Red"]
    assert set(evidence_for(red, evidence)["doc_id"]) == {"b"}


def test_a_contrast_leads_to_the_sentences_of_both_sides(study):
    rows = study["contrasts"].to_frame()
    wind = evidence_for(rows[rows["topic"] == "wind"], study["evidence"], by="party")
    assert places(wind) == [("a", 1, "wind"), ("b", 2, "wind")]


def test_against_the_rest_the_other_side_is_everybody_else(study):
    rest = an.contrasts(study["tally"], reference="rest").to_frame()
    coal = rest[(rest["topic"] == "coal") & (rest["target"] == "Red")]
    shown = evidence_for(coal, study["evidence"], by="party")
    assert places(shown) == [("a", 3, "coal"), ("b", 1, "coal")]


def test_a_finding_leads_to_the_sentences_it_quotes(study):
    findings = study["findings"]
    found = findings[(findings["kind"] == "presence") & (findings["topic"] == "jobs")]
    assert places(evidence_for(found, study["evidence"])) == [("b", 2, "jobs")]
    # Sentence 3 of a names sun and coal, sentence 2 of b wind, sun and jobs.
    together = evidence_for(findings[findings["kind"] == "co_emphasis"], study["evidence"])
    assert [place[:2] for place in places(together)] == 2 * [("a", 3)] + 3 * [("b", 2)]


def test_headlines_are_no_evidence_for_a_number(documents, energy):
    sentences = an.sentences(documents)
    sentences.loc[0, "section"] = "headline"  # "Wind farms grow."
    evidence = an.evidence(sentences, an.matches(sentences, energy))
    emphasis = an.emphasis(an.tally(an.codes(sentences, energy), by="party"))
    assert len(evidence) == len(evidence_for(emphasis, evidence)) + 1


@pytest.mark.parametrize("lost", range(7))
def test_a_sentence_too_few_is_an_error(study, lost):
    fewer = study["evidence"].drop(index=lost)
    row = study["evidence"].loc[lost]
    said = f"{row['topic']} in {row['party']}: . sentences are counted and . can be shown"
    for rows in (study["emphasis"], study["contrasts"]):
        with pytest.raises(an.InputError, match=said):
            evidence_for(rows, fewer, by="party")
    with pytest.raises(an.InputError, match=r"1 of its . sentences are not in the evidence"):
        evidence_for(study["findings"], fewer)


def test_a_match_too_few_is_an_error(study):
    evidence = study["evidence"]
    (windy,) = evidence.index[evidence["spans"].map(len) == 2]  # "Wind, wind and solar bring jobs."
    evidence.at[windy, "spans"] = evidence.at[windy, "spans"][:1]
    with pytest.raises(an.InputError, match="wind in Red: 2 matches are counted and 1 can be"):
        evidence_for(study["emphasis"], evidence)


def test_what_has_no_sentences_is_refused(study):
    with pytest.raises(an.InputError, match="contrasts name groups, not the columns"):
        evidence_for(study["contrasts"].to_frame(), study["evidence"])
    with pytest.raises(an.InputError, match="neither cells, contrasts nor findings"):
        evidence_for({"word": "wind"}, study["evidence"])


@given(st.lists(st.sampled_from(["Wind.", "Solar.", "Coal. Wind.", "Jobs, wind."]), min_size=1))
def test_the_evidence_is_as_long_as_the_numerators_together(texts):
    energy = an.Dictionary("e", (an.Topic("wind", ("wind",)), an.Topic("coal", ("coal",))))
    sentences = an.sentences(
        pd.DataFrame(
            {
                "doc_id": [str(n) for n in range(len(texts))],
                "party": ["A" if n % 3 else "B" for n in range(len(texts))],
                "text": texts,
            }
        )
    )
    evidence = an.evidence(sentences, an.matches(sentences, energy))
    emphasis = an.emphasis(an.tally(an.codes(sentences, energy), by="party"))
    assert len(evidence_for(emphasis, evidence)) == emphasis.to_frame()["hits"].sum()


def test_a_result_that_knows_its_groups_needs_no_by(study):
    contrasts = study["contrasts"]
    knows = an.Result(
        contrasts.estimates, contrasts.keys, {**contrasts.provenance, "by": ["party"]}
    )
    expected = evidence_for(contrasts, study["evidence"], by="party")
    pd.testing.assert_frame_equal(evidence_for(knows, study["evidence"]), expected)
