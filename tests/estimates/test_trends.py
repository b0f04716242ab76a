"""Change over time: slopes that two other ways of computing them give as well."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis import InputError, Prior, Tally, codes, emphasis, merge, tally, trend
from analysis.estimates.intervals import logit_contrast
from analysis.estimates.trends import logit_slope


def table(*rows, measure="sentence_share", topic="wind"):
    """A tally of rows (party, day, hits, size, articles)."""
    frame = pd.DataFrame(rows, columns=["party", "day", "hits", "size", "articles"])
    return frame.assign(measure=measure, topic=topic)


RISING = table(
    *[("A", "2019-03-01", 2, 20, 5), ("A", "2020-07", 4, 20, 6), ("A", "2021", 8, 20, 5)],
    *[("B", "2019-01-31", 3, 20, 5), ("B", "2021-01-01", 3, 20, 5)],
)
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
    assert set(result["slope_reason"]) == {""}


def test_straight_from_articles():
    from analysis import Dictionary, Topic, sentences

    texts = ["Wind pays. Coal falls."] * 5 + ["Wind pays. Wind grows."] * 5
    frame = pd.DataFrame({"text": texts, "day": ["2019-01-01"] * 5 + ["2020-01-01"] * 5})
    frame = frame.assign(doc_id=[f"d{number}" for number in range(10)])
    coded = codes(sentences(frame), Dictionary("energy", (Topic("wind", ("wind",)),)))
    result = trend(tally(coded, by="day"), "day").to_frame()
    assert list(result["estimate"]) == [0.5, 1]
    assert (result["slope"] > 0).all()


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([("A", "2019", 2, 20, 5)], "fewer than two periods"),
        ([("A", "2019", 2, 20, 5), ("A", "2020", 2, 20, 4)], "2020 has 4 of the 5 articles each"),
        ([("A", "2019", 2, 20, 5), ("A", "2020", 0, 0, 9)], "fewer than two periods"),
        # One article of one sentence is text as well.
        ([("A", "2018", 1, 1, 1), *(("A", day, 2, 20, 5) for day in ("2019", "2020"))], "2018 has"),
        ([("A", "2019", 0, 20, 5), ("A", "2020", 0, 20, 5)], "no hit in any period"),
        ([("A", "2019", 2, 20, 5), ("A", "2020", 2, 20, 4), ("A", "2020", 0, 0, 1)], "2020 has 4"),
    ],
)
def test_no_slope_and_why(given, reason):
    result = trend(table(*given), "day").to_frame()
    assert set(result["slope_status"]) == {"not_estimable"}
    assert result["slope_reason"].str.startswith(reason).all()


def test_periods_outside_a_groups_own_do_not_matter():
    late = table(*[("C", str(year), 3, 20, 5) for year in (2020, 2021)])
    own = rows(trend(merge(RISING, late), "day"), "C")
    assert list(own["status"]) == ["no_data", "estimated", "estimated"]
    assert set(own["slope_status"]) == {"estimated"}
    assert own["slope"].to_list() == pytest.approx([0] * 3, abs=1e-12)


def test_holm_takes_every_slope_for_one_family():
    both = merge(RISING[:3], RISING[:3].assign(party="B"), RISING[:3].assign(topic="sun"))
    frame = trend(both, "day").to_frame()
    assert frame["slope_p_holm"].to_list() == pytest.approx((3 * frame["slope_p_value"]).to_list())


def test_a_measure_with_a_scale():
    words = trend(RISING.assign(measure="per_1000_words"), "day", measure="per_1000_words")
    own = rows(words, "A")
    assert list(own["estimate"]) == pytest.approx([100, 200, 400])
    assert list(own["articles"]) == [5, 6, 5]
    assert own["slope"].iloc[0] == rows(trend(RISING, "day"), "A")["slope"].iloc[0]


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


# The slope by other ways

P, N, DF = np.array([0.1, 0.25, 0.2, 0.4]), np.array([90.0, 60, 120, 80]), np.array([8.0, 9, 8, 12])


def test_two_periods_are_a_contrast():
    slope = logit_slope(np.array([0.0, 1.0]), P[:2], N[:2], DF[:2], 0.95)
    pooled = (P[:2] * N[:2]).sum() / N[:2].sum()
    test = logit_contrast((P[1], N[1], DF[1]), (P[0], N[0], DF[0]), pooled)
    assert slope[0] == pytest.approx(test.difference)
    assert slope[1] == pytest.approx(test.std_error)
    assert slope[4:] == pytest.approx((test.statistic, test.df, float(test.p_value)))


def test_the_slope_is_that_of_weighted_least_squares():
    times, mu = np.arange(4.0), (P * N).sum() / N.sum()
    hits, misses = P * N + mu, (1 - P) * N + 1 - mu
    weights = 1 / (1 / hits + 1 / misses)
    fitted = sm.WLS(np.log(hits / misses), sm.add_constant(times), weights=weights)
    known = fitted.fit(cov_type="fixed scale")
    slope, error, low, high, *_ = logit_slope(times, P, N, DF, 0.95)
    assert [slope, error] == pytest.approx([known.params[1], known.bse[1]])
    assert slope - low == pytest.approx(high - slope)


def test_limits_of_the_slope():
    slope, error, low, high, t, freedom, p = logit_slope(np.arange(4.0), P, N, DF, 0.9)
    assert [low, high] == pytest.approx(stats.t.interval(0.9, freedom, slope, error))
    assert low < slope < high
    assert p == pytest.approx(2 * stats.t.sf(abs(t), freedom))


def test_the_slope_is_near_that_of_logistic_regression():
    times, p, many = np.arange(4.0), np.array([0.1, 0.15, 0.22, 0.31]), 100 * N
    slope, error, *_ = logit_slope(times, p, many, DF, 0.95)
    counts = np.column_stack([p * many, (1 - p) * many])
    known = sm.GLM(counts, sm.add_constant(times), family=sm.families.Binomial()).fit()
    assert slope == pytest.approx(known.params[1], rel=0.01)
    assert error == pytest.approx(known.bse[1], rel=0.01)


@given(st.floats(-20, 20), st.floats(0.1, 10))
def test_where_time_begins_does_not_matter_and_its_unit_scales(start, unit):
    first = logit_slope(np.arange(4.0), P, N, DF, 0.95)
    moved = logit_slope(start + unit * np.arange(4.0), P, N, DF, 0.95)
    assert np.array(moved[:4]) * unit == pytest.approx(np.array(first[:4]), rel=1e-6)
    assert moved[4:] == pytest.approx(first[4:], rel=1e-6)


def test_backwards_the_slope_is_its_negative():
    first = logit_slope(np.arange(4.0), P, N, DF, 0.95)
    back = logit_slope(-np.arange(4.0), P, N, DF, 0.95)
    assert (back[0], back[2], back[3]) == pytest.approx((-first[0], -first[3], -first[2]))


def test_the_slope_rests_on_the_prior_and_the_design_is_kept():
    rows = [("2019", 2), ("2020", 4), ("2021", 8)]
    table = pd.DataFrame(rows, columns=["year", "hits"]).assign(
        party="G", measure="sentence_share", topic="wind", size=20, articles=5
    )
    by_outlet = Tally(table, by=("party", "year"), cluster="outlet")
    loose, tight = (trend(by_outlet, "year", prior=Prior(rho=rho)) for rho in (0.0, 0.9))
    errors = [one.to_frame()["slope_std_error"].iloc[0] for one in (loose, tight)]
    assert errors[0] < errors[1]
    assert tight.provenance["prior"] == {"rho": 0.9, "df": 4}
    assert (tight.provenance["by"], tight.provenance["cluster"]) == (["party", "year"], "outlet")
