"""A classifier's codes rest on other articles only, and go where a dictionary's go."""

import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier

import analysis as an
from analysis import InputError, classified_codes, coding_sample, corrected_emphasis, error_rates
from tests.validation.corpus import CODES, SENTENCES, WIND, coded

SAMPLE = coding_sample(CODES, SENTENCES, by="party", n=60, dictionary=WIND)
CLASSIFIED = classified_codes(coded(SAMPLE), SENTENCES)


def test_it_learns_what_the_dictionary_misses():
    rates = error_rates(coded(), CLASSIFIED, by="party").to_frame().set_index("party")
    words = error_rates(coded(), CODES, by="party").to_frame().set_index("party")
    assert rates.loc["(all)", "recall"] > 0.85 > words.loc["(all)", "recall"]
    assert rates.loc["(all)", "precision"] > 0.6


def test_its_codes_have_the_columns_of_others_and_all_sentences():
    assert list(CLASSIFIED.columns) == [*CODES.columns, "coder", "answer", "probability"]
    assert CLASSIFIED[["doc_id", "sentence_id"]].equals(CODES[["doc_id", "sentence_id"]])
    assert (CLASSIFIED["coded"] == (CLASSIFIED["probability"] >= 0.5)).all()
    assert len(an.emphasis(an.tally(CLASSIFIED, by="party")).to_frame()) == 2


def test_it_is_corrected_by_the_same_sample():
    got = corrected_emphasis(coded(SAMPLE), CLASSIFIED, by="party", sample=SAMPLE).to_frame()
    assert (got["conf_low"] < [0.25, 0.35]).all()
    assert (got["conf_high"] > [0.25, 0.35]).all()


def test_no_code_rests_on_an_answer_of_its_own_article():
    hand = coded()
    own = hand["doc_id"] == "red-3"
    turned = hand["answer"].where(~own, hand["answer"].map({"yes": "no", "no": "yes"}))
    one, two = (classified_codes(table, SENTENCES) for table in (hand, hand.assign(answer=turned)))
    here = one["doc_id"] == "red-3"
    assert one[here].equals(two[here])
    assert not one.equals(two)


def test_any_classifier_and_any_order():
    dummy = DummyClassifier(strategy="prior")
    got = classified_codes(coded(), SENTENCES, classifier=dummy, coder="none")
    assert not got["coded"].any()
    assert set(got["coder"]) == {"none"}
    assert not hasattr(dummy, "classes_")
    mixed = coded(SAMPLE).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(classified_codes(mixed, SENTENCES), CLASSIFIED)


def test_where_all_answers_are_alike_so_is_the_code():
    assert not classified_codes(coded().assign(answer="no"), SENTENCES)["coded"].any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"folds": 1}, "folds=1 is fewer than two"),
        ({"sentences": SENTENCES[SENTENCES["doc_id"] == "red-0"]}, "there is one article only"),
        ({"hand": coded().assign(answer="unsure")}, "no body sentence has an answer on 'wind'"),
        ({"hand": coded()[CODES["doc_id"] == "red-0"]}, "all answers are in one fold of articles"),
    ],
)
def test_what_cannot_be_learned(change, message):
    options = {"hand": coded(), "sentences": SENTENCES} | change
    with pytest.raises(InputError) as error:
        classified_codes(options.pop("hand"), options.pop("sentences"), **options)
    assert message in str(error.value)
