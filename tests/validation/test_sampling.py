"""Which sentences are coded, with which probability, and what the coder is shown."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis import InputError, coding_sample, read_codes, save_coding_sheet
from analysis.io.sheets import read_sheet
from analysis.validation.sampling import SHARES, allocated
from tests.validation.corpus import CODES, SENTENCES, WIND

SAMPLE = coding_sample(CODES, SENTENCES, by="party", n=30, dictionary=WIND)
OF_SHEET = ["item", "topic", "before", "text", "after", "coder", "answer", "note"]


def test_strata_and_their_probabilities():
    # Each party has 20 hits (Green) or 40, 40 near misses, and the rest of 200.
    got = SAMPLE.groupby(["party", "stratum"]).agg(
        size=("stratum_size", "first"), n=("item", "size"), chance=("inclusion", "first")
    )
    assert got.reset_index().to_numpy().tolist() == [
        ["Green", "hit", 40, 6, 6 / 40],
        ["Green", "near_miss", 20, 12, 12 / 20],
        ["Green", "rest", 140, 12, 12 / 140],
        ["Red", "hit", 20, 6, 6 / 20],
        ["Red", "near_miss", 20, 12, 12 / 20],
        ["Red", "rest", 160, 12, 12 / 160],
    ]
    near = SAMPLE.loc[SAMPLE["stratum"] == "near_miss", "text"]
    assert near.str.startswith("Turbines").all()


def test_without_a_broad_tier_there_are_two_strata():
    sample = coding_sample(CODES, SENTENCES, by="party", n=30)
    assert sample.groupby(["party", "stratum"]).size().to_dict() == {
        ("Green", "hit"): 6, ("Green", "rest"): 24, ("Red", "hit"): 6, ("Red", "rest"): 24,
    }  # fmt: skip


@pytest.mark.parametrize("within", ["sentence", "article"])
def test_what_lacks_its_context_is_a_near_miss(within):
    text = "Wind grows. The army watches the wind. Turbines turn. Coal falls. " + "It rains. " * 30
    texts = pd.DataFrame({"doc_id": ["a", "b"], "party": "Green", "text": [text, "Wind grows."]})
    wind = an.Topic("wind", ("wind",), ("turbine*",), context=("army",), context_within=within)
    own, topics = an.sentences(texts), an.Dictionary("energy", (wind,))
    sample = coding_sample(an.codes(own, topics), own, by="party", n=12, dictionary=topics)
    drawn = sample.groupby("stratum").agg({"text": sorted, "stratum_size": "first"})
    hits = ["The army watches the wind.", *(["Wind grows."] if within == "article" else [])]
    near = ["Turbines turn.", *["Wind grows."] * (3 - len(hits))]  # article b has no army
    assert drawn.loc["hit"].to_list() == [hits, len(hits)]
    assert drawn.loc["near_miss"].to_list() == [near, len(near)]
    assert drawn.loc["rest", "stratum_size"] == 31


def test_a_share_is_coded_twice():
    assert SAMPLE.groupby(["party", "stratum"])["twice"].sum().to_list() == [2, 3, 3] * 2


def test_nothing_depends_on_order_or_on_other_groups():
    again = coding_sample(
        CODES.sample(frac=1, random_state=1), SENTENCES, by="party", n=30, dictionary=WIND
    )
    pd.testing.assert_frame_equal(again, SAMPLE)
    upside_down = coding_sample(CODES, SENTENCES[::-1], by="party", n=30, dictionary=WIND)
    pd.testing.assert_frame_equal(upside_down, SAMPLE)
    green = CODES[CODES["party"] == "Green"]
    alone = coding_sample(green, SENTENCES, by="party", n=30, dictionary=WIND)
    own = SAMPLE[SAMPLE["party"] == "Green"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, own)
    other = coding_sample(CODES, SENTENCES, by="party", n=30, dictionary=WIND, seed=1)
    assert set(other["item"]) != set(SAMPLE["item"])


def test_a_larger_sample_has_the_smaller_one_in_it():
    more = coding_sample(CODES, SENTENCES, by="party", n=60, dictionary=WIND)
    assert set(SAMPLE["item"]) < set(more["item"])


def test_a_small_corpus_is_coded_whole():
    whole = coding_sample(CODES, SENTENCES, by="party", n=200, dictionary=WIND)
    assert len(whole) == 400
    assert (whole["inclusion"] == 1).all()


def test_every_sentence_of_a_stratum_is_as_likely_as_the_others():
    drawn = pd.concat(
        coding_sample(CODES, SENTENCES, by="party", n=30, dictionary=WIND, seed=seed)
        for seed in range(100)
    )
    near = drawn[(drawn["party"] == "Green") & (drawn["stratum"] == "near_miss")]
    rates = near.groupby("item").size() / 100
    assert len(rates) == 20
    assert rates.between(0.4, 0.8).all()  # .6, with four standard errors of .05


@given(st.lists(st.integers(0, 500), min_size=3, max_size=3), st.integers(12, 400), st.booleans())
def test_laws_of_the_allocation(sizes, n, near):
    sizes = sizes if near else [sizes[0], 0, sizes[2]]
    got = allocated(sizes, n, SHARES[near])
    assert all(0 <= a <= b for a, b in zip(got, sizes, strict=True))
    assert all(a >= min(2, b) for a, b in zip(got, sizes, strict=True))
    assert sum(got) == min(n, sum(sizes))
    assert got[0] <= max(round(n * 0.2), n - sizes[1] - sizes[2], 2)


def test_the_sheet_is_blind(tmp_path):
    path = tmp_path / "anna.csv"
    save_coding_sheet(SAMPLE, path, coder="Anna")
    sheet = an.read_table(path)
    assert list(sheet.columns) == OF_SHEET
    assert len(sheet) == len(SAMPLE)
    assert set(sheet["coder"]) == {"Anna"}
    assert (sheet["answer"] == "").all()
    shown = path.read_text("utf-8")
    assert not any(word in shown for word in ("Green", "Red", "near_miss", "hit", *CODES["doc_id"]))
    strata = SAMPLE["stratum"].to_list()
    assert strata != sorted(strata)
    assert strata[: len(strata) // 2] != strata[len(strata) // 2 :]


def fill(path, answer):
    sheet = an.read_table(path)
    sheet["answer"] = [answer(text) for text in sheet["text"]]
    path.write_text(an.to_csv(sheet), "utf-8")


def test_what_is_filled_in_is_read_back(tmp_path):
    path = tmp_path / "anna.csv"
    save_coding_sheet(SAMPLE, path, coder="Anna")
    fill(path, lambda text: "yes" if text.startswith("Wind") else "no")
    got = read_codes(path, SENTENCES)
    assert len(got) == len(SAMPLE)
    keys = ["doc_id", "sentence_id", "topic"]
    both = got.merge(CODES, on=keys, suffixes=("", "_by_words"), validate="one_to_one")
    assert (both["coded"] == both["coded_by_words"]).all()
    key = pd.MultiIndex.from_frame(SAMPLE[keys])
    assert set(pd.MultiIndex.from_frame(got[keys])) == set(key)


def test_the_second_coder_gets_what_is_coded_twice(tmp_path):
    save_coding_sheet(SAMPLE, tmp_path / "ben.csv", coder="Ben", second=True)
    assert len(an.read_table(tmp_path / "ben.csv")) == SAMPLE["twice"].sum()


def test_a_workbook_has_choices_and_the_codebook(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    codebook = tmp_path / "book" / "CODEBOOK.md"
    codebook.parent.mkdir()
    codebook.write_text("# Wind\n=in: wind power", "utf-8")
    path = tmp_path / "sheets" / "anna.xlsx"
    save_coding_sheet(SAMPLE, path, coder="Anna", codebook=codebook)
    assert (tmp_path / "sheets/CODEBOOK.md").read_text("utf-8") == codebook.read_text("utf-8")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["codes", "how to", "codebook"]
    assert [cell.value for cell in book["codebook"]["A"]] == ["# Wind", "=in: wind power"]
    assert book["codebook"]["A2"].data_type == "s"
    (menu,) = book["codes"].data_validations.dataValidation
    assert menu.formula1 == '"yes,no,unsure"'
    assert str(menu.sqref) == f"G2:G{len(SAMPLE) + 1}"
    for row in book["codes"].iter_rows(min_row=2):
        row[6].value = "no"
    book.save(path)
    got = read_codes(path, SENTENCES)
    assert len(got) == len(SAMPLE)
    assert not got["coded"].any()


def test_a_sentence_that_looks_like_a_formula_comes_back(tmp_path):
    pytest.importorskip("openpyxl")
    texts = pd.DataFrame(
        {
            "doc_id": ["a"],
            "party": ["Green"],
            "text": ["=1+1 is 2.\n'Tis so.\n\x0b@Wind grows.\n_x005F_x0041_ pays."],
        }
    )
    own = an.sentences(texts)
    sample = coding_sample(an.codes(own, WIND), own, by="party", n=12)
    for name in ("a.csv", "a.xlsx"):
        save_coding_sheet(sample, tmp_path / name, coder="Anna")
        rows = read_sheet(tmp_path / name)
        assert {row["text"] for _, row in rows} == set(own["text"].str.strip())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n": 11}, "n=11 is too few for three strata; code 12 sentences or more of each group"),
        ({"twice": 1.5}, "twice=1.5 is not a share"),
        ({"by": "region"}, "the codes table has no column 'region'"),
        ({"by": "stratum"}, "no column 'stratum'"),
        (
            {"dictionary": an.Dictionary("d", (an.Topic("sun", ("sun",)),))},
            "400 rows of the codes are of other sentences or topics",
        ),
        ({"codes": CODES.assign(section="headline")}, "the codes have no body sentence"),
    ],
)
def test_samples_that_cannot_be_drawn(change, message):
    options = {"by": "party", "n": 30, "dictionary": WIND} | change
    with pytest.raises(InputError) as error:
        coding_sample(options.pop("codes", CODES), SENTENCES, **options)
    assert message in str(error.value)


def test_a_sheet_is_never_overwritten(tmp_path):
    path = tmp_path / "anna.csv"
    save_coding_sheet(SAMPLE, path, coder="Anna")
    with pytest.raises(InputError, match="there already, and answers may stand in it"):
        save_coding_sheet(SAMPLE, path, coder="Anna")
    with pytest.raises(InputError, match="coder= is blank"):
        save_coding_sheet(SAMPLE, tmp_path / "b.csv", coder=" ")
    with pytest.raises(InputError, match="not a kind of sheet that can be filled in"):
        save_coding_sheet(SAMPLE, tmp_path / "b.jsonl", coder="Anna")
    with pytest.raises(InputError, match="no sentence to code; draw with a larger twice="):
        save_coding_sheet(SAMPLE.assign(twice=False), tmp_path / "b.csv", coder="B", second=True)


def test_a_sample_comes_back_from_its_file(tmp_path):
    (tmp_path / "sample.csv").write_text(an.to_csv(SAMPLE), "utf-8")
    back = an.read_table(tmp_path / "sample.csv")
    pd.testing.assert_frame_equal(back, SAMPLE, check_dtype=False, rtol=1e-9)
