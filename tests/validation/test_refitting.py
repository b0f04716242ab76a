"""A sample follows its sentences when their articles change, as codes do."""

import pandas as pd
import pytest

import analysis as an
from analysis import InputError, InputWarning, coding_sample, refit_sample
from tests.validation.corpus import CODES, SENTENCES, WIND, coded, truth

SAMPLE = coding_sample(CODES, SENTENCES, by="party", n=30, dictionary=WIND)
KEYS = ["party", "topic", "stratum"]


def articles(change=lambda text: text):
    texts = SENTENCES.groupby(["doc_id", "party"], sort=False)["text"].agg(" ".join).reset_index()
    return texts.assign(text=texts["text"].map(change))


def sentences(change):
    return an.sentences(articles(change))


def sizes(sample):
    return sample.groupby(KEYS)["stratum_size"].first().to_dict()


def test_nothing_changes_where_nothing_changed():
    pd.testing.assert_frame_equal(refit_sample(SAMPLE, SENTENCES), SAMPLE)


def test_rows_follow_their_sentences_and_new_ones_count_to_the_largest_stratum():
    now = sentences(lambda text: f"Something new stands first. {text}" if "1 Gx" in text else text)
    with pytest.warns(InputWarning, match=r"0 of 60 rows are left out; .* fewer: Green \+1"):
        refitted = refit_sample(SAMPLE, now)
    texts = now.set_index(["doc_id", "sentence_id"])["text"]
    keys = list(zip(refitted["doc_id"], refitted["sentence_id"], strict=True))
    assert texts.loc[keys].tolist() == SAMPLE["text"].tolist()
    assert (refitted["sentence_id"] != SAMPLE["sentence_id"]).any()
    rest = ("Green", "wind", "rest")
    assert sizes(refitted) == sizes(SAMPLE) | {rest: sizes(SAMPLE)[rest] + 1}
    own = refitted[refitted["stratum"].eq("rest") & refitted["party"].eq("Green")]
    assert own["inclusion"].unique().tolist() == [12 / 141]


@pytest.mark.parametrize("stratum", ["hit", "near_miss", "rest"])
def test_a_sentence_that_is_gone_counts_against_its_stratum(stratum):
    gone = SAMPLE[SAMPLE["stratum"].eq(stratum) & SAMPLE["party"].eq("Red")]["text"].iloc[0]
    now = sentences(lambda text: text.replace(gone, "").strip())
    with pytest.warns(InputWarning, match=r"1 of 60 rows are left out; .* fewer: Red -1"):
        refitted = refit_sample(SAMPLE, now)
    assert gone not in set(refitted["text"])
    key = ("Red", "wind", stratum)
    assert sizes(refitted) == sizes(SAMPLE) | {key: sizes(SAMPLE)[key] - 1}


def test_a_changed_word_loses_the_row_and_no_size():
    lost = SAMPLE["text"].iloc[0]
    now = sentences(lambda text: text.replace(lost, "Quite another thing is said here."))
    with pytest.warns(InputWarning, match="1 of 60 rows are left out; .* fewer: none"):
        assert sizes(refit_sample(SAMPLE, now)) == sizes(SAMPLE)


def test_another_corpus_is_refused():
    with pytest.raises(InputError, match="30 of 30 rows are not among them; the articles, the g"):
        refit_sample(SAMPLE, sentences(lambda text: text.replace(" ", " x")))
    more = "One more. " * 2
    with pytest.raises(InputError, match=r"drawn from 200 sentences, .* 220; 0 of 30 rows"):
        refit_sample(SAMPLE, sentences(more.__add__))


def test_a_sample_of_other_groups_is_refused():
    with pytest.raises(
        InputError, match=r"Rouge, wind: the sample was drawn from 200 .* the groups"
    ):
        refit_sample(SAMPLE.assign(party=SAMPLE["party"].replace("Red", "Rouge")), SENTENCES)


def test_a_study_is_corrected_after_its_articles_changed(tmp_path):
    sheet = coded(SAMPLE).merge(SAMPLE[["doc_id", "sentence_id", "topic", "item", "text"]])
    sheet["answer"] = sheet["text"].map(truth)
    sheet[["item", "topic", "text", "coder", "answer"]].to_csv(tmp_path / "anna.csv", index=False)
    (tmp_path / "sample.csv").write_text(an.to_csv(SAMPLE), encoding="utf-8")
    options = {"topics": WIND, "by": "party", "hand": tmp_path / "anna.csv"}
    options |= {"sample": tmp_path / "sample.csv"}
    before = an.Study(articles(), **options).error_rates().to_frame()
    changed = articles(lambda text: f"This came later. {text}" if "1 Rx" in text else text)
    with pytest.warns(InputWarning, match=r"sentences more or fewer: Red \+1"):
        after = an.Study(changed, **options).error_rates().to_frame()
    assert after["answered"].tolist() == before["answered"].tolist()
    assert after["errors"].tolist() == before["errors"].tolist()
    assert (after["sentences"] - before["sentences"]).tolist() == [0, 1, 1]
