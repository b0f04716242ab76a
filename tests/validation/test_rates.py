"""Error rates by group, from samples and from all, and how many more codes are needed."""

import pandas as pd
import pytest

import analysis as an
from analysis import InputError, codes_needed, coding_sample, error_rates, refuse_unequal_recall
from analysis.validation.rates import unequal_recall
from analysis.validation.strata import Strata, cells_of
from tests import VECTORS
from tests.validation.corpus import BROAD, CODES, SENTENCES, WIND, coded

SAMPLE = coding_sample(CODES, SENTENCES, by="party", n=60, dictionary=WIND)
KEYS = ["doc_id", "sentence_id", "topic"]
IN_SAMPLE = pd.MultiIndex.from_frame(CODES[KEYS]).isin(pd.MultiIndex.from_frame(SAMPLE[KEYS]))
NOT_DRAWN = CODES.index[~IN_SAMPLE]


def rates_of(hand, **options):
    table = error_rates(hand, CODES, by="party", **options).to_frame()
    return table.set_index("party")


def test_all_coded_is_counted_on_fingers():
    got = rates_of(coded())
    # Green: 40 hits, 30 of them right; 10 near misses and 10 others on the topic too
    assert got.loc["Green", ["sentences", "answered", "hits", "errors"]].to_list() == [
        200,
        200,
        40,
        30,
    ]
    assert got.loc["Green", ["precision", "recall"]].to_list() == [30 / 40, 30 / 50]
    assert got.loc["Red", ["precision", "recall"]].to_list() == [1, 20 / 70]
    assert got.loc["(all)", ["precision", "recall"]].to_list() == [50 / 60, 50 / 120]
    assert got.loc["Green", "f1"] == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    low, high = got.loc["Green", ["precision_low", "precision_high"]]
    assert (low, high) == pytest.approx((0.598, 0.858), abs=1e-3)  # Wilson, 30 of 40


def test_a_sample_says_it_of_all():
    got = rates_of(coded(SAMPLE), sample=SAMPLE)
    whole = rates_of(coded())
    assert got.loc["Green", "answered"] == 60
    for group in ("Green", "Red", "(all)"):
        for name in ("precision", "recall", "f1"):
            low, high = got.loc[group, [f"{name}_low", f"{name}_high"]]
            assert low <= whole.loc[group, name] <= high
            assert low <= got.loc[group, name] <= high


def test_the_published_strata():
    """METHODS: hits 7 % of all, 18 of 20 right; of the rest 3 of 80 on the topic."""
    known = VECTORS["stratified_correction"]
    table = pd.DataFrame({
        "doc_id": ["a"] * 10_000, "sentence_id": range(10_000), "topic": "wind", "party": "Green",
        "section": "body", "coded": [True] * 700 + [False] * 9300,
    })  # fmt: skip
    drawn = table.iloc[[*range(20), *range(700, 780)]].assign(
        stratum=["hit"] * 20 + ["rest"] * 80, stratum_size=[700] * 20 + [9300] * 80, coder="A"
    )
    drawn["answer"] = ["yes"] * 18 + ["no"] * 2 + ["yes"] * 3 + ["no"] * 77
    row = error_rates(drawn, table, by="party", sample=drawn).to_frame().iloc[0]
    assert row["precision"] == known["ppv"]
    assert row["recall"] == pytest.approx(known["recall"], abs=1e-12)


def test_rates_of_one_group_depend_on_no_other():
    alone = error_rates(coded(), CODES[CODES["party"] == "Red"], by="party").to_frame()
    both = error_rates(coded(), CODES, by="party").to_frame()
    own = both[both["party"] == "Red"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone[alone["party"] == "Red"].reset_index(drop=True), own)


def test_other_codes_can_be_validated_by_the_same_sample():
    # Of the 60 sentences of Green that the broad tier codes 40 are right, of 50 on the topic.
    got = error_rates(coded(), BROAD, by="party").to_frame().set_index("party")
    assert got.loc["Green", ["precision", "recall"]].to_list() == [40 / 60, 40 / 50]
    samples = [coding_sample(CODES, SENTENCES, by="party", n=60, seed=seed) for seed in range(40)]
    other = pd.concat(
        error_rates(coded(own), BROAD, by="party", sample=own).to_frame() for own in samples
    )
    green = other[other["party"] == "Green"]
    for name, truth in (("precision", 2 / 3), ("recall", 0.8)):
        assert green[name].mean() == pytest.approx(truth, abs=0.04)
        held = green[f"{name}_low"].le(truth) & green[f"{name}_high"].ge(truth)
        assert held.mean() >= 0.85


def test_what_is_unsure_or_divided_is_no_answer():
    one, two = coded(coder="Anna"), coded(coder="Ben")
    first = one.index[one["doc_id"] == "red-0"][0]
    two.loc[first, "answer"] = "no" if two.loc[first, "answer"] == "yes" else "yes"
    got = rates_of(pd.concat([one, two]))
    assert got.loc["Red", ["sentences", "answered"]].to_list() == [200, 199]
    one.loc[first, "answer"] = "unsure"
    assert rates_of(one).loc["Red", "answered"] == 199
    # Of three coders the two who agree have it.
    three = pd.concat([coded(coder="Anna"), two, coded(coder="Cleo")])
    pd.testing.assert_frame_equal(rates_of(three), rates_of(coded()))


def test_nothing_to_find_has_no_rate():
    hand = coded().assign(answer="no")
    got = rates_of(hand)
    assert got["recall"].isna().all()
    assert (got["precision"] == 0).all()
    empty = an.codes(SENTENCES, an.Dictionary("x", (an.Topic("wind", core=("nothing",)),)))
    got = error_rates(hand, empty, by="party").to_frame()
    assert got[["precision", "recall", "f1"]].isna().all().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hand": coded().head(390)},
         "10 of 400 sentences and topics have no code by hand (red-9 11, red-9 12, red-9 13, ...)"),
        ({"hand": coded().assign(topic="sun")}, "'sun' was coded by hand and is no topic; the to"),
        ({"hand": coded(SAMPLE[SAMPLE["stratum"] != "near_miss"]), "sample": SAMPLE},
         "Green, wind: no sentence of the stratum 'near_miss' has an answer, and it has 20; code"),
        ({"hand": coded(SAMPLE), "sample": SAMPLE.assign(doc_id="x" + SAMPLE["doc_id"])},
         "120 of 120 sentences of the sample are not among the codes; the articles, or the unit"),
        ({"hand": coded(SAMPLE), "sample": SAMPLE,
          "codes": CODES.drop(NOT_DRAWN[0])},
         "Green, wind: the sample was drawn from 200 sentences, and there are 199; the articles"),
        ({"hand": coded(), "by": "region"}, "the codes table has no column 'region'"),
        ({"hand": CODES}, "the codes table has no column 'coder'"),
    ],
)  # fmt: skip
def test_what_has_no_rates(change, message):
    options = {"codes": CODES, "by": "party"} | change
    with pytest.raises(InputError) as error:
        error_rates(options.pop("hand"), options.pop("codes"), **options)
    assert message in str(error.value)


def test_a_contrast_of_groups_with_unequal_recall_is_refused():
    rates = error_rates(coded(), CODES, by="party")
    assert unequal_recall(rates) == {
        ("wind", "Green", "Red"), ("wind", "Red", "Green"),
        ("wind", "Green", "rest"), ("wind", "Red", "rest"),
    }  # fmt: skip
    tally = an.tally(CODES, by="party")
    for reference in ("pairs", "rest", "Red"):
        contrasts = an.contrasts(tally, reference=reference)
        assert set(contrasts.to_frame()["status"]) == {"supported"}
        refused = refuse_unequal_recall(contrasts, rates).to_frame()
        assert set(refused["status"]) == {"not_distinguishable"}
        assert refused["warnings"].str.endswith("recall_differs").all()
        assert refused.drop(columns=["status", "warnings"]).equals(
            contrasts.to_frame().drop(columns=["status", "warnings"])
        )


def test_alike_recall_refuses_nothing():
    hand = coded().assign(answer=CODES["coded"].map({True: "yes", False: "no"}))
    rates = error_rates(hand, CODES, by="party")
    contrasts = an.contrasts(an.tally(CODES, by="party"))
    assert refuse_unequal_recall(contrasts, rates).to_frame().equals(contrasts.to_frame())


def test_codes_needed():
    hand = coded(SAMPLE)
    table = codes_needed(hand, CODES, by="party", sample=SAMPLE, margin=0.04)
    assert list(table.columns) == [
        "party", "topic", "stratum", "sentences", "answered", "needed", "more"
    ]  # fmt: skip
    assert (table["more"] == (table["needed"] - table["answered"]).clip(lower=0)).all()
    assert (table["needed"] <= table["sentences"]).all()
    less = codes_needed(hand, CODES, by="party", sample=SAMPLE, margin=0.10)
    assert (less["needed"] <= table["needed"]).all()
    # The rest is where misses are: most is to be coded there.
    red = table[table["party"] == "Red"].set_index("stratum")["needed"]
    assert red.idxmax() == "rest"
    with pytest.raises(InputError, match="margin=5 is not between 0 and 1"):
        codes_needed(hand, CODES, by="party", sample=SAMPLE, margin=5)


def test_what_is_needed_gives_the_margin():
    cell = cells_of(coded(SAMPLE), CODES, "party", SAMPLE)[("Red",), "wind"]
    table = codes_needed(coded(SAMPLE), CODES, by="party", sample=SAMPLE, margin=0.04)
    n = table.loc[table["party"] == "Red", "needed"].to_numpy(float)
    parts = cell.strata
    p = (parts.yes + 0.5) / (parts.answered + 1)
    variance = (parts.share**2 * (1 - n / parts.size) * p * (1 - p) / n).sum()
    assert 0.9 * 0.04 < 1.96 * variance**0.5 <= 0.04 * 1.001
    assert isinstance(parts, Strata)


def test_the_dictionary_of_the_tests_is_the_one_described():
    assert WIND.topic_names == ["wind"]
    assert CODES.groupby("party")["coded"].sum().to_dict() == {"Green": 40, "Red": 20}
    assert BROAD.groupby("party")["coded"].sum().to_dict() == {"Green": 60, "Red": 40}
