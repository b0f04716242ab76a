"""Change over time: what each period has, and when a slope may be estimated."""

import numpy as np
import pandas as pd
import pytest

from analysis import InputError, Prior, Tally, codes, emphasis, merge, tally, trend
from analysis.estimates.slopes import slope


def table(*rows, measure="sentence_share", topic="wind"):
    """A tally of rows (party, day, hits, size, articles)."""
    frame = pd.DataFrame(rows, columns=["party", "day", "hits", "size", "articles"])
    return frame.assign(measure=measure, topic=topic)


RISING = table(
    *[("A", "2019-03-01", 2, 20, 5), ("A", "2020-07", 4, 20, 6), ("A", "2021", 8, 20, 5)],
    *[("B", "2019-01-31", 3, 20, 5), ("B", "2021-01-01", 3, 20, 5)],
)
FOUR = table(*[("A", str(2018 + n), 2**n, 20, 5) for n in range(4)])
SLOPE = ["slope", "slope_std_error", "slope_statistic", "slope_df", "slope_p_value"]


def rows(result, party):
    frame = result.to_frame()
    return frame[frame["party"] == party]


def test_every_period_has_its_emphasis():
    result = trend(RISING, "day")
    own = rows(result, "A")
    assert result.keys == ("party", "topic", "day")
    assert list(own["day"]) == result.provenance["periods"] == ["2019", "2020", "2021"]
    assert list(own["estimate"]) == pytest.approx([0.1, 0.2, 0.4])
    assert list(own["articles"]) == [5, 6, 5]
    assert list(own["hits"]) == [10, 24, 40]
    direct = emphasis(merge(RISING.assign(day=RISING["day"].str[:4]))).to_frame()
    direct = direct[direct["party"] == "A"]
    assert list(own["conf_low"]) == list(direct["conf_low"])


def test_an_empty_period_has_no_data_and_not_0():
    own = rows(trend(RISING, "day"), "B").set_index("day")
    assert list(own["status"]) == ["estimated", "no_data", "estimated"]
    assert own.loc["2020", ["articles", "size"]].to_list() == [0, 0]
    assert own.loc["2020", ["estimate", "conf_low", "conf_high"]].isna().all()
    assert set(own["slope_status"]) == {"not_estimable"}
    assert set(own["slope_reason"]) == {"2020 has 0 of the 5 articles each period needs"}
    assert own[[*SLOPE, "slope_p_holm"]].isna().all(axis=None)


def test_months_in_between_are_filled_over_the_year():
    months = trend(
        table(("A", "2019-11-30", 1, 9, 5), ("A", "2020-02-01", 1, 9, 5)), "day", order="month"
    )
    assert months.provenance["periods"] == ["2019-11", "2019-12", "2020-01", "2020-02"]


def test_any_ordered_variable():
    named = RISING.replace({"day": {"2019-03-01": "late", "2020-07": "early", "2021": "middle"}})
    result = trend(named[:3], "day", order=["early", "middle", "late"])
    own = rows(result, "A")
    assert list(own["estimate"]) == pytest.approx([0.2, 0.4, 0.1])
    with pytest.raises(InputError, match="'day' is 'late', which is not in the order given; the"):
        trend(named[:3], "day", order=["early", "middle"])


def test_a_tally_by_period_alone_is_one_group():
    result = trend(merge(RISING.drop(columns="party")), "day").to_frame()
    assert len(result) == 3
    assert set(result["slope_reason"]) == {"fewer than four periods"}


def test_straight_from_articles():
    from analysis import Dictionary, Topic, sentences

    texts = ["Wind pays. Coal falls."] * 5 + ["Wind pays. Wind grows."] * 5
    frame = pd.DataFrame({"text": texts, "day": ["2019-01-01"] * 5 + ["2020-01-01"] * 5})
    frame = pd.concat([frame, frame.replace({"day": {"2019-01-01": "2017", "2020-01-01": "2018"}})])
    frame = frame.assign(doc_id=[f"d{number}" for number in range(20)])
    coded = codes(sentences(frame), Dictionary("energy", (Topic("wind", ("wind",)),)))
    result = trend(tally(coded, by="day"), "day").to_frame()
    assert list(result["estimate"]) == [0.5, 1, 0.5, 1]
    assert (result["slope"] > 0).all()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([("A", "2019", 2, 20, 5)], "fewer than four periods"),
        ([("A", day, 2, 20, 5) for day in ("2018", "2019", "2020")], "fewer than four periods"),
        ([("A", "2019", 2, 20, 5), ("A", "2020", 2, 20, 4)], "2020 has 4 of the 5 articles each"),
        ([("A", "2019", 2, 20, 5), ("A", "2020", 0, 0, 9)], "fewer than four periods"),
        # One article of one sentence is text as well.
        ([("A", "2018", 1, 1, 1), *(("A", day, 2, 20, 5) for day in ("2019", "2020"))], "2018 has"),
        ([("A", str(2017 + n), 0, 20, 5) for n in range(4)], "no hit in any period"),
        ([("A", "2019", 2, 20, 5), ("A", "2020", 2, 20, 4), ("A", "2020", 0, 0, 1)], "2020 has 4"),
    ],
)
def test_no_slope_and_why(given, reason):
    result = trend(table(*given), "day").to_frame()
    assert set(result["slope_status"]) == {"not_estimable"}
    assert result["slope_reason"].str.startswith(reason).all()


def test_periods_outside_a_groups_own_do_not_matter():
    late = table(*[("C", str(year), 3, 20, 5) for year in (2018, 2019, 2020, 2021)])
    early = table(("D", "2017", 3, 20, 5))
    own = rows(trend(merge(early, late), "day"), "C")
    assert list(own["status"]) == ["no_data", *["estimated"] * 4]
    assert set(own["slope_status"]) == {"estimated"}
    assert own["slope"].to_list() == pytest.approx([0] * 5, abs=1e-12)


def test_holm_takes_every_slope_for_one_family():
    both = merge(FOUR, FOUR.assign(party="B"), FOUR.assign(topic="sun"))
    frame = trend(both, "day").to_frame()
    assert frame["slope_p_holm"].to_list() == pytest.approx((3 * frame["slope_p_value"]).to_list())


def test_a_measure_with_a_scale():
    words = trend(RISING.assign(measure="per_1000_words"), "day", measure="per_1000_words")
    own = rows(words, "A")
    assert list(own["estimate"]) == pytest.approx([100, 200, 400])
    assert list(own["articles"]) == [5, 6, 5]
    words = trend(FOUR.assign(measure="per_1000_words"), "day", measure="per_1000_words")
    assert list(words.to_frame()["slope"]) == list(trend(FOUR, "day").to_frame()["slope"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"period": "dya"}, "no column 'dya'.* did you mean 'day'?"),
        ({"period": "hits"}, "'hits' forms no groups of the tally; make the tally by it as well"),
        ({"period": "day", "order": "week"}, "order='week' is no way of cutting dates"),
        ({"period": "day", "order": "month"}, "'day' is '2021', which has no month; write YYYY"),
        ({"period": "party"}, "'party' is 'A', which has no year"),
    ],
)
def test_refusals(options, message):
    with pytest.raises(InputError, match=message):
        trend(RISING, **options)


def test_the_slope_rests_on_the_prior_and_the_design_is_kept():
    rows = [("2018", 1), ("2019", 2), ("2020", 4), ("2021", 8)]
    table = pd.DataFrame(rows, columns=["year", "hits"]).assign(
        party="G", measure="sentence_share", topic="wind", size=20, articles=5
    )
    by_outlet = Tally(table, by=("party", "year"), cluster="outlet")
    loose, tight = (trend(by_outlet, "year", prior=Prior(rho=rho)) for rho in (0.0, 0.9))
    errors = [one.to_frame()["slope_std_error"].iloc[0] for one in (loose, tight)]
    assert errors[0] < errors[1]
    assert tight.provenance["prior"] == {"rho": 0.9, "df": 4}
    assert (tight.provenance["by"], tight.provenance["cluster"]) == (["party", "year"], "outlet")


def test_the_slope_is_the_scaled_one_of_the_shares_and_effective_sizes():
    frame = trend(FOUR, "day").to_frame()
    sizes = emphasis(merge(FOUR)).to_frame()["n_eff"].to_numpy(float)
    known = slope(np.arange(4.0), frame["estimate"].to_numpy(float), sizes)
    columns = {"slope": "slope", "std_error": "slope_std_error", "p_value": "slope_p_value"}
    columns |= {"first": "slope_first", "last": "slope_last", "df": "slope_df"}
    columns |= {"change_low": "slope_change_low", "change_high": "slope_change_high"}
    for name, column in columns.items():
        assert frame[column].to_list() == pytest.approx([float(getattr(known, name))] * 4)


def test_periods_that_differ_by_themselves_are_no_trend():
    random = np.random.default_rng(5)
    found = []
    for _ in range(60):
        share = 1 / (1 + np.exp(2.2 - 0.5 * random.standard_normal((6, 1))))
        hits = random.binomial(10, random.beta(share * 5.7, (1 - share) * 5.7, (6, 50)))
        periods = [("A", str(2015 + n), k, 10, 1) for n, own in enumerate(hits) for k in own]
        found.append(trend(merge(table(*periods)), "day").to_frame()["slope_p_value"].iloc[0])
    assert np.mean(np.array(found) <= 0.05) <= 0.15
