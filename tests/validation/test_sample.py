"""A sample is what a correction rests on: what is wrong with one is named, row by row."""

import pandas as pd
import pytest

import analysis as an
from analysis import InputError, coding_sample, corrected_emphasis, error_rates, refit_sample
from analysis.validation.sample import checked_sample
from tests.study.test_validation import ARTICLES, sheet
from tests.validation.corpus import CODES, SENTENCES, WIND, coded

SAMPLE = coding_sample(CODES, SENTENCES, by="party", n=60, dictionary=WIND)


def changed(**columns):
    """The sample with another value in its first row."""
    return SAMPLE.astype(dict.fromkeys(columns, object)).assign(
        **{name: [value, *SAMPLE[name].iloc[1:]] for name, value in columns.items()}
    )


FAULTS = {
    "a blank size": (changed(stratum_size=""), "has stratum_size ''; write a whole number"),
    "half a sentence": (changed(stratum_size=40.5), "has stratum_size '40.5'; write a whole"),
    "less than none": (changed(stratum_size=-1), "has stratum_size '-1'; write a whole number"),
    "a size in words": (changed(stratum_size="ten"), "has stratum_size 'ten'; write a whole"),
    "no place": (changed(sentence_id="?"), r"has sentence_id '\?'; write a whole number"),
    "two sizes": (changed(stratum_size=41), "a stratum of party, topic has one size, and no more"),
    "another stratum": (changed(stratum="HIT"), "'HIT'; write one of hit, near_miss, rest"),
    "more rows than sentences": (
        SAMPLE.assign(stratum_size=1), "has stratum_size '1'; a stratum of party, topic has one"
    ),
    "a row twice": (
        pd.concat([SAMPLE, SAMPLE.head(1)]), "row 121 of the sample .* stands twice: keep one row"
    ),
    "no groups": (SAMPLE.drop(columns="party"), "the sample table has no column 'party'"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("function", [error_rates, corrected_emphasis])
def test_a_fault_is_named(function, fault):
    sample, message = FAULTS[fault]
    with pytest.raises(InputError, match=message):
        function(coded(SAMPLE), CODES, by="party", sample=sample)
    if fault != "no groups":
        with pytest.raises(InputError, match=message):
            refit_sample(sample, SENTENCES)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_study_names_the_file(tmp_path, fault):
    sample, message = FAULTS[fault]
    sample.to_csv(tmp_path / "sample.csv", index=False)
    files = {"hand": sheet(tmp_path / "a.csv", "Anna", SAMPLE), "sample": tmp_path / "sample.csv"}
    study = an.Study(ARTICLES, topics=WIND, by="party", **files)
    with pytest.raises(InputError, match=rf"sample\.csv: .*{message}"):
        study.error_rates()


def test_groups_that_were_not_drawn_by():
    codes = CODES.assign(party=CODES["party"].replace("Red", "Rouge"))
    with pytest.raises(
        InputError, match="Rouge, wind: the sample has no sentence of it; if the gr"
    ):
        error_rates(coded(SAMPLE), codes, by="party", sample=SAMPLE)
    finer = SAMPLE.assign(year=SAMPLE["doc_id"].str[-1], stratum_size=SAMPLE.index + 60)
    with pytest.raises(InputError, match="was the sample drawn by other groups"):
        error_rates(coded(SAMPLE), CODES, by="party", sample=finer)


def test_a_sample_that_a_spreadsheet_saved_is_the_same(tmp_path):
    """Semicolons, decimal commas, words for true and false, and numbers that were texts."""
    words = {True: "WAHR", False: "FALSCH"}
    path = tmp_path / "sample.csv"
    SAMPLE.assign(twice=SAMPLE["twice"].map(words)).to_csv(path, index=False, sep=";", decimal=",")
    files = {"hand": sheet(tmp_path / "a.csv", "Anna", SAMPLE), "sample": path}
    study = an.Study(ARTICLES, topics=WIND, by="party", **files)
    pd.testing.assert_frame_equal(study.sample.drop(columns="twice"), SAMPLE.drop(columns="twice"))
    want = corrected_emphasis(coded(SAMPLE), CODES, by="party", sample=SAMPLE).to_frame()
    pd.testing.assert_frame_equal(study.corrected_emphasis().to_frame(), want)
    with pytest.raises(
        InputError, match=r"row 1 of the sample .* has twice '[A-Z]+'; write True or"
    ):
        an.save_coding_sheet(study.sample, tmp_path / "b.csv", coder="Ben", second=True)
    # Everything as text, as a reader of sheets has it.
    pd.testing.assert_frame_equal(checked_sample(SAMPLE.astype(str), ["party"]), SAMPLE)


def test_groups_may_be_numbers():
    years = {"Green": 2019, "Red": 2020}
    codes, sample = (table.assign(party=table["party"].map(years)) for table in (CODES, SAMPLE))
    got = error_rates(coded(SAMPLE), codes, by="party", sample=sample).to_frame()
    want = error_rates(coded(SAMPLE), CODES, by="party", sample=SAMPLE).to_frame()
    assert got["recall"].equals(want["recall"])


@pytest.mark.parametrize("name", ["item", "stratum", "errors", "recall", "chance", "before"])
def test_groups_of_a_name_of_our_own_are_refused(name):
    """They were a traceback, or the numbers of the table stood where the group should."""
    codes, sentences = (t.rename(columns={"party": name}) for t in (CODES, SENTENCES))
    message = f"'{name}' cannot form groups: the tables have columns of that name"
    with pytest.raises(InputError, match=message):
        coding_sample(codes, sentences, by=name, n=60)
    for function in (error_rates, corrected_emphasis):
        with pytest.raises(InputError, match=message):
            function(coded(), codes, by=name)


@pytest.mark.parametrize("n", [60.5, "60", None])
def test_how_many_is_a_whole_number(n):
    with pytest.raises(InputError, match="is no whole number; write how many sentences to code"):
        coding_sample(CODES, SENTENCES, by="party", n=n)
