"""Corrected shares: worked values, laws, and what they keep in simulation."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis as an
from analysis import InputError, coding_sample, corrected_contrasts, corrected_emphasis
from analysis.estimates.intervals import Moments, intra_article_correlation
from analysis.estimates.prior import Prior
from analysis.validation.correction import _statuses, corrected_cells
from analysis.validation.design_based import (
    article_sums,
    contributions,
    corrected,
    label_variance,
    mover,
    phi,
    precision,
    tuned,
    without_each,
)
from analysis.validation.strata import Cell, Strata, cells_of
from tests import ROOT, VECTORS
from tests.benchmarks.correction import BASE, DESIGNS, FRESH, measured
from tests.validation.corpus import BROAD, CODES, SENTENCES, WIND, coded

SAMPLE = coding_sample(CODES, SENTENCES, by="party", n=60, dictionary=WIND)


def test_the_published_example_of_ppi():
    known = VECTORS["ppi++"]
    y, yhat, others = (np.array(known[name]) for name in ("Y", "Yhat", "Yhat_unlabelled"))
    code = np.concatenate([yhat, others])
    answer = np.concatenate([y, np.full(len(others), np.nan)])
    weight = np.where(np.isnan(answer), 0, len(code) / len(y))
    # PPI++ sums over what has no label, this over all: its lam is n/N larger.
    more = 1 + len(y) / len(others)
    lam = tuned(code, answer, weight)
    assert lam == pytest.approx(known["lam"] * more, abs=1e-12)
    assert contributions(code, answer, weight, lam).mean() == pytest.approx(known["est"], abs=1e-12)
    for name, fixed in known["fixed_lam"].items():
        own = float(name.removeprefix("lam=")) * more
        assert contributions(code, answer, weight, own).mean() == pytest.approx(fixed["est"])


def test_the_published_strata():
    known = VECTORS["stratified_correction"]
    share, k, n = (np.array(known[name], float) for name in "Wkn")
    strata = Strata(("hit", "rest"), np.array([1.0, 0]), share * 1e6, n, k)
    estimate = float(share @ (k / n))
    assert estimate == pytest.approx(known["est"], abs=1e-12)
    limits = mover(strata, (estimate, estimate, estimate), 0.95)
    assert limits == pytest.approx((known["lo"], known["hi"]), abs=1e-9)


def test_the_variance_of_the_answers_by_hand():
    strata = Strata(("hit", "rest"), *np.array([[1, 0], [50, 50], [50, 10], [20, 1]], float))
    p = 1.5 / 11
    assert label_variance(strata) == pytest.approx(0.25 * 0.8 * p * (1 - p) / 10)


def test_phi_is_the_correlation():
    code, answer = (
        np.repeat([1.0, 1, 0, 0], [30, 10, 10, 50]),
        np.repeat([1.0, 0, 1, 0], [30, 10, 10, 50]),
    )
    strata = Strata(("hit", "rest"), *np.array([[1, 0], [40, 60], [40, 60], [30, 10]], float))
    assert phi(strata) == pytest.approx(np.corrcoef(code, answer)[0, 1])


def emphasis_of(hand, **options):
    return corrected_emphasis(hand, CODES, by="party", **options).to_frame().set_index("party")


def test_a_census_is_the_coders_own_emphasis():
    hand = coded()
    got = emphasis_of(hand)
    own = an.emphasis(an.tally(hand, by="party")).to_frame().set_index("party")
    assert got["method"].to_list() == ["census"] * 2
    assert got["estimate"].to_list() == [50 / 200, 70 / 200]
    assert got["uncorrected"].to_list() == [40 / 200, 20 / 200]
    for name in ("estimate", "conf_low", "conf_high", "n_eff", "df"):
        assert got[name].to_list() == pytest.approx(own[name].to_list())


def test_a_sample_comes_near_it():
    got = emphasis_of(coded(SAMPLE), sample=SAMPLE)
    assert got["method"].to_list() == ["design_based"] * 2
    assert got["conf_low"].lt([0.25, 0.35]).all()
    assert got["conf_high"].gt([0.25, 0.35]).all()
    # sum of W_h k_h / n_h by hand
    keys = ["doc_id", "sentence_id", "topic"]
    both = SAMPLE.merge(coded(SAMPLE)[[*keys, "answer"]], on=keys)
    for party, own in both.groupby("party"):
        yes = (own["answer"] == "yes").groupby(own["stratum"]).mean()
        size = own.groupby("stratum")["stratum_size"].first()
        assert got.loc[party, "estimate"] == pytest.approx((yes * size).sum() / 200)


def test_articles_with_false_alarms_alone_lend_no_degrees_of_freedom():
    cells = cells_of(coded(SAMPLE), CODES, "party", SAMPLE)
    for cell in cells.values():
        hits = cell.strata.hit.astype(bool)
        right = float((cell.strata.yes / cell.strata.answered)[hits].sum())
        assert precision(cell.strata) == pytest.approx(right)
        sums = article_sums(cell.article, cell.code)
        nu = min(float(sums.n) - 1, float(sums.n_pos) * right, cell.errors)
        assert corrected(cell, 0.2).df == pytest.approx(4 + nu)
    assert precision(replace(cell.strata, hit=np.zeros(len(cell.strata.size)))) == 1


@given(st.floats(0, 1))
def test_within_strata_of_the_dictionary_lam_moves_nothing(lam):
    own = emphasis_of(coded(SAMPLE), sample=SAMPLE, lam=lam)["estimate"]
    assert own.to_list() == pytest.approx(
        emphasis_of(coded(SAMPLE), sample=SAMPLE)["estimate"].to_list()
    )


def test_a_dictionary_that_changed_since_is_still_corrected():
    got = corrected_emphasis(coded(SAMPLE), BROAD, by="party", sample=SAMPLE, lam=1.0).to_frame()
    assert got["uncorrected"].to_list() == [60 / 200, 40 / 200]
    assert (got["estimate"] - [0.25, 0.35]).abs().max() < 0.12


def test_few_errors_take_the_limits_of_the_strata():
    hand = coded(SAMPLE)
    keys = ["doc_id", "sentence_id", "topic"]
    said = hand[keys].merge(CODES[[*keys, "coded"]], on=keys)["coded"]
    hand["answer"] = said.map({True: "yes", False: "no"}).to_numpy()
    got = emphasis_of(hand, sample=SAMPLE)
    assert got["method"].to_list() == ["strata"] * 2
    assert got["errors"].to_list() == [0, 0]
    assert got["estimate"].to_list() == pytest.approx([0.2, 0.1])
    plain = an.emphasis(an.tally(CODES, by="party")).to_frame()
    assert (got["conf_high"].to_numpy() > plain["conf_high"].to_numpy()).all()


@pytest.mark.parametrize("missed", [0, 1])
def test_no_miss_seen_is_not_no_miss(missed, monkeypatch):
    # Forty articles of ten sentences, two of each coded; half of what was asked of these is wrong.
    code = np.tile(np.repeat([1.0, 0], [2, 8]), 40)
    asked = np.tile(np.repeat([1.0, 0], [3, 7]), 40) == 1
    truth = np.tile(np.repeat([1.0, 0], [1, 9]), 40)
    rest = np.flatnonzero(asked & (code == 0))
    truth[rest[:missed]] = 1
    sides = [code == 1, code == 0]
    rows = [[s.sum(), (s & asked).sum(), truth[s & asked].sum()] for s in sides]
    strata = Strata(("hit", "rest"), np.array([1.0, 0]), *np.array(rows, float).T)
    weight = asked * np.where(code == 1, 1.0, 8.0)
    drawn = np.where(code == 1, "hit", "rest").astype(object)
    answer = np.where(asked, truth, np.nan)
    cell = Cell(np.repeat(np.arange(40), 10), drawn, code, answer, weight, strata)
    got = corrected(cell, 0.1)
    monkeypatch.setattr("analysis.validation.design_based.no_miss_seen", lambda strata: False)
    plain = corrected(cell, 0.1)
    assert got.method == plain.method == "design_based"
    assert (got.high > plain.high) == (missed == 0)
    assert replace(got, high=0) == replace(plain, high=0)


def test_nothing_depends_on_the_order_of_rows():
    mixed = coded(SAMPLE).sample(frac=1, random_state=2), CODES.sample(frac=1, random_state=3)
    got = corrected_emphasis(*mixed, by="party", sample=SAMPLE).to_frame()
    want = corrected_emphasis(coded(SAMPLE), CODES, by="party", sample=SAMPLE).to_frame()
    pd.testing.assert_frame_equal(got, want)


def test_a_correction_turns_a_contrast_round():
    """The dictionary sees more wind in Green; the articles have more in Red."""
    plain = an.contrasts(an.tally(CODES, by="party")).to_frame().iloc[0]
    assert plain["estimate"] == pytest.approx(0.1)
    assert plain["status"] == "supported"
    got = corrected_contrasts(coded(), CODES, by="party").to_frame().iloc[0]
    assert got["estimate"] == pytest.approx(-0.1)
    assert got["uncorrected"] == pytest.approx(0.1)
    assert got["unequal_recall"]
    assert got["conf_low"] < -0.1 < got["conf_high"]


def test_contrasts_flip_their_sign_with_their_sides():
    one, two = (
        corrected_contrasts(coded(SAMPLE), CODES, by="party", sample=SAMPLE, reference=name)
        .to_frame().iloc[0] for name in ("Green", "Red")
    )  # fmt: skip
    assert one["estimate"] == -two["estimate"]
    assert (one["conf_low"], one["conf_high"]) == pytest.approx(
        (-two["conf_high"], -two["conf_low"])
    )
    assert one["p_value"] == pytest.approx(two["p_value"])
    rest = corrected_contrasts(coded(SAMPLE), CODES, by="party", sample=SAMPLE, reference="rest")
    numbers = ["estimate", "conf_low", "conf_high", "p_value"]
    assert rest.to_frame()[numbers].iloc[0].to_list() == pytest.approx(two[numbers].to_list())


def test_status_needs_articles():
    five = CODES["doc_id"].str.endswith(tuple("01234"))
    few = CODES["doc_id"].str.endswith(("0", "1"))
    # Every article of a party is alike: the difference is clear.
    hand = coded().assign(answer=np.where(CODES["party"] == "Red", "yes", "no"))
    for chosen, status in ((five, "supported"), (few, "suggestive")):
        got = corrected_contrasts(hand[chosen], CODES[chosen], by="party").to_frame()
        assert got["status"].to_list() == [status]
    one = CODES["doc_id"].str.endswith("0")
    got = corrected_contrasts(hand[one], CODES[one], by="party").to_frame()
    assert got["status"].to_list() == ["not_distinguishable"]
    assert got["p_adjusted"].isna().all()


@pytest.mark.parametrize("function", [corrected_emphasis, corrected_contrasts])
def test_what_cannot_be_corrected(function):
    with pytest.raises(InputError, match="280 of 400 sentences"):
        function(coded(SAMPLE), CODES, by="party")
    with pytest.raises(InputError, match="conf_level=95 is not between 0 and 1"):
        function(coded(), CODES, by="party", conf_level=95)


# Simulation; tests/benchmarks/correction.csv is the long version.


def test_unequal_recall_deceives_the_uncorrected_and_not_the_corrected():
    got = measured(BASE, 150)
    assert got["uncorrected_found"] > 0.25
    assert got["corrected_found"] <= 0.05 + 2.6 * (0.05 * 0.95 / 150) ** 0.5
    assert got["corrected_coverage"] >= 0.93 - 2.6 * (0.93 * 0.07 / 300) ** 0.5
    assert abs(got["corrected_bias"]) < 0.005
    again = measured(BASE, 150)
    assert again == got


def test_the_table_of_the_simulation_holds():
    table = pd.read_csv(ROOT / "tests/benchmarks/correction.csv")
    assert table["design"].to_list() == [design.name for design in [*DESIGNS, *FRESH]]
    assert table["fresh"].sum() == len(FRESH)
    null = table[~table["design"].str.startswith("power")]
    error = (0.93 * 0.07 / (2 * table["corpora"])) ** 0.5
    held = table["corrected_coverage"] >= 0.93 - 2 * error
    assert held.all()
    assert (null["corrected_found"] <= 0.08).all()
    assert null["uncorrected_found"].max() > 0.75
    power = table[table["design"].str.startswith("power: .10")]
    better, random = power["corrected_width"]
    assert better < random


def right(hits, conf_level=0.95, reference="pairs"):
    """Contrasts of a dictionary that errs nowhere, from the hits in articles of ten sentences."""
    rows = [
        {"doc_id": f"{party}{n}", "sentence_id": k, "party": party, "section": "body",
         "topic": "wind", "coded": k < own}
        for party, each in hits.items() for n, own in enumerate(each) for k in range(10)
    ]  # fmt: skip
    codes = pd.DataFrame(rows).assign(words=5, matches=0, matched_words=0)
    hand = codes.assign(coder="one", answer=np.where(codes["coded"], "yes", "no"))
    options = {"by": "party", "conf_level": conf_level, "reference": reference}
    return corrected_contrasts(hand, codes, **options).to_frame()


def test_the_status_goes_by_p_adjusted_at_the_level():
    # One of three intervals is clear of 0 at a level of .5; its p is .3, and times three .9.
    table = right({"Blue": [3, 4, 5, 4], "Green": [2, 4, 3, 4], "Red": [4, 5, 3, 5]}, 0.5)
    clear = table[table["conf_low"].gt(0) | table["conf_high"].lt(0)]
    assert clear["p_value"].between(0.2, 0.5).all()
    assert clear["p_adjusted"].between(0.5, 1).all()
    assert clear["status"].to_list() == ["not_distinguishable"] * len(clear) != []


@pytest.mark.parametrize(
    ("low", "high", "p", "status"),
    [
        (0.1, 0.3, 0.05, "supported"),
        (-0.3, -0.1, 0.05, "supported"),
        (0.1, 0.3, 0.051, "not_distinguishable"),
        (-0.1, 0.3, 0.01, "not_distinguishable"),
        (0.0, 0.3, 0.01, "not_distinguishable"),
        (-0.3, 0.0, 0.01, "not_distinguishable"),
        (0.1, 0.3, np.nan, "not_distinguishable"),
    ],
)
def test_a_status_needs_p_and_an_interval_clear_of_0(low, high, p, status):
    row = {"articles_target": 9, "articles_reference": 5, "sign_flips": 0}
    table = pd.DataFrame([row | {"conf_low": low, "conf_high": high, "p_adjusted": p}])
    assert _statuses(table, 0.05).to_list() == [status]


def test_each_contrast_names_its_sides():
    hits = {"Blue": [3, 4, 5], "Green": [2, 4, 3], "Red": [4, 5, 3]}
    pairs = right(hits)[["target", "reference"]].to_numpy().tolist()
    assert pairs == [["Blue", "Green"], ["Blue", "Red"], ["Green", "Red"]]
    rest = right(hits, reference="rest")[["target", "reference"]].to_numpy().tolist()
    assert rest == [[name, "rest"] for name in hits]


def test_a_difference_that_one_article_makes_is_not_supported():
    # Twelve articles of ten sentences a party; one sentence of each on Green says it.
    even, one = (
        right({"Green": [1] * 12, "Red": red}).iloc[0] for red in ([4] * 12, [1] * 10 + [0, 10])
    )
    assert (even["sign_flips"], even["status"]) == (0, "supported")
    assert one["sign_flips"] == 1
    turned = even.to_frame().T.assign(sign_flips=1)
    for fewest, status in ((5, "not_distinguishable"), (4, "suggestive")):
        assert _statuses(turned.assign(articles_target=fewest), 0.05).to_list() == [status]
    cells = cells_of(coded(SAMPLE), CODES, "party", SAMPLE)
    for cell in cells.values():
        left = without_each(cell, 1.0)
        names = np.unique(cell.article)
        assert len(left) == len(names)
        keep = cell.article != names[0]
        terms = contributions(cell.code, cell.answer, cell.weight, 1.0)
        assert left[0] == pytest.approx(terms[keep].mean())


def test_the_correlation_that_errors_hide_by_hand():
    # Long articles, so that their length moves the prior; errors, so that phi is below 1.
    random = np.random.default_rng(1)
    article = np.repeat(np.arange(6), 120)
    truth = random.random(720) < np.repeat(random.uniform(0.05, 0.4, 6), 120)
    code = np.where(random.random(720) < 0.15, ~truth, truth).astype(float)
    asked, answer = np.arange(720) % 2 == 0, truth.astype(float)
    parts = [code == 1, code == 0]
    numbers = [[p.sum(), (p & asked).sum(), (p & asked & truth).sum()] for p in parts]
    strata = Strata(("hit", "rest"), np.array([1.0, 0]), *np.array(numbers, float).T)
    drawn, weight = np.where(code == 1, "hit", "rest").astype(object), 2.0 * asked
    half = Cell(article, drawn, code, np.where(asked, answer, np.nan), weight, strata)
    got = corrected_cells({(("A",), "t"): half}, None, 0.95)[("A",), "t"]
    sums = article_sums(article, code)
    m_star = float(sums.smm / sums.sm)
    assert m_star == 120
    rho0 = 0.20 * (39 / 119) ** 0.5
    one = Moments(*(np.array([getattr(sums, n)]) for n in Moments.__annotations__))
    shrunk, nu = map(float, intra_article_correlation(one, Prior(rho0, 4)))
    phi2 = phi(strata) ** 2
    assert 0 < phi2 < 0.9
    rho = (4 * rho0 + min(shrunk * (4 + nu) - 4 * rho0, nu * phi2)) / (4 + nu * phi2)
    assert got == corrected(half, rho)


def all_or_nothing(asked):
    """Six articles of ten sentences: three wholly on the topic, as the dictionary says but once."""
    article = np.repeat(np.arange(6), 10)
    truth = article < 3
    code = np.where(np.arange(60) % 10 == 0, ~truth, truth).astype(float)
    parts = [code == 1, code == 0]
    numbers = [[p.sum(), (p & asked).sum(), (p & asked & truth).sum()] for p in parts]
    strata = Strata(("hit", "rest"), np.array([1.0, 0]), *np.array(numbers, float).T)
    drawn, weight = np.where(code == 1, "hit", "rest").astype(object), 60 / asked.sum() * asked
    cell = Cell(article, drawn, code, np.where(asked, truth.astype(float), np.nan), weight, strata)
    sums = article_sums(article, truth.astype(float) if cell.census else code)
    return cell, Moments(*(np.array([getattr(sums, n)]) for n in Moments.__annotations__))


def test_a_census_takes_the_correlation_of_its_answers():
    cell, sums = all_or_nothing(np.ones(60, bool))
    rho, nu = map(float, intra_article_correlation(sums))
    assert (rho, nu) == (pytest.approx((4 * 0.2 + 5) / 9), 5)  # of the answers: 1
    assert corrected_cells({(("A",), "t"): cell}, None, 0.95)[("A",), "t"] == corrected(cell, rho)


def test_codes_lend_no_more_degrees_of_freedom_than_phi_leaves_of_them():
    cell, sums = all_or_nothing(np.arange(60) % 2 == 0)
    shrunk, nu = map(float, intra_article_correlation(sums))
    phi2 = phi(cell.strata) ** 2
    assert shrunk * (4 + nu) - 4 * 0.2 > nu * phi2 > 0
    rho = (4 * 0.2 + nu * phi2) / (4 + nu * phi2)
    assert corrected_cells({(("A",), "t"): cell}, None, 0.95)[("A",), "t"] == corrected(cell, rho)


def twice(table):
    """A table of codes with a second topic, on which they are the same."""
    return pd.concat([table, table.assign(topic="sun")], ignore_index=True)


def test_rows_stand_by_topic_and_group():
    table = corrected_emphasis(twice(coded()), twice(CODES), by="party").to_frame()
    rows = [(topic, party) for topic in ("sun", "wind") for party in ("Green", "Red")]
    assert list(zip(table["topic"], table["party"], strict=True)) == rows
    assert table.index.to_list() == [0, 1, 2, 3]


@pytest.mark.parametrize("lacking", ["Green", "Red"])
def test_a_topic_that_a_group_lacks_has_no_contrast(lacking):
    both = (twice(table) for table in (coded(), CODES))
    hand, codes = (t[~(t["topic"].eq("sun") & t["party"].eq(lacking))] for t in both)
    table = corrected_contrasts(hand, codes, by="party").to_frame()
    assert table["topic"].to_list() == ["wind"]


def test_one_group_has_no_rest():
    own, hand = CODES[CODES["party"] == "Red"], coded()
    alone = corrected_contrasts(hand[hand["party"] == "Red"], own, by="party", reference="rest")
    assert alone.estimates.empty


def by_outlet(table):
    """Two articles of a party are of one outlet: the table, and as if that were one article."""
    outlet = table["party"] + table["doc_id"].str[-1].map(lambda digit: str(int(digit) // 2))
    number = table["sentence_id"] + 100 * (table["doc_id"].str[-1].astype(int) % 2)
    return table.assign(outlet=outlet), table.assign(doc_id=outlet, sentence_id=number)


@pytest.mark.parametrize("drawn", [True, False])
def test_chance_may_work_on_outlets(drawn):
    """As if each were one article; of a census, as a tally by outlets has it."""
    sample = SAMPLE if drawn else None
    (codes, joined), (hand, hand_joined) = by_outlet(CODES), by_outlet(coded(sample))
    own = {"sample": sample}
    as_one = {"sample": by_outlet(sample)[1] if drawn else None}
    for function in (corrected_emphasis, corrected_contrasts):
        got = function(hand, codes, by="party", cluster="outlet", **own)
        want = function(hand_joined, joined, by="party", **as_one).to_frame()
        pd.testing.assert_frame_equal(got.to_frame(), want)
        assert got.provenance["cluster"] == "outlet"
        plain = function(hand, codes, by="party", **own).to_frame()
        assert not plain.equals(want)
    assert got.to_frame()["articles_target"].item() == 5
    if not drawn:
        tally = an.tally(hand, by="party", cluster="outlet")
        shares = corrected_emphasis(hand, codes, by="party", cluster="outlet").to_frame()
        for name in ("estimate", "conf_low", "conf_high", "n_eff", "df"):
            want = an.emphasis(tally).to_frame()[name].to_list()
            assert shares[name].to_list() == pytest.approx(want)


def test_an_outlet_of_several_groups_counts_in_each():
    tables = (t.assign(outlet=t["doc_id"].str[-1]) for t in (coded(), CODES))
    hand, codes = tables
    three = codes["party"].where(codes["doc_id"].str[-1].astype(int) < 7, "Blue")
    table = corrected_contrasts(hand, codes.assign(party=three), by="party", reference="rest",
                                cluster="outlet").to_frame().set_index("target")  # fmt: skip
    assert table.loc["Blue", ["articles_target", "articles_reference"]].to_list() == [3, 14]


@pytest.mark.parametrize("lam", [-0.1, 1.1, float("nan")])
def test_lam_is_a_share(lam):
    with pytest.raises(InputError, match="is not between 0 and 1; leave it out for the best"):
        corrected_emphasis(coded(), CODES, by="party", lam=lam)


def test_nothing_coded_is_said():
    for function in (corrected_emphasis, corrected_contrasts, an.error_rates, an.codes_needed):
        with pytest.raises(InputError, match="there is no code by hand; read the sheets with"):
            function(coded().head(0), CODES, by="party")
    with pytest.raises(InputError, match="'outlet' is blank in green-0"):
        blank = CODES.assign(outlet=CODES["doc_id"].replace("green-0", ""))
        corrected_emphasis(coded(), blank, by="party", cluster="outlet")
