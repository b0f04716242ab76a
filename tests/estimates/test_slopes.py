import numpy as np
import pytest
import statsmodels.api as sm

from analysis.estimates.slopes import slope


def test_on_a_line_it_is_the_weighted_slope_of_before():
    times, p, n = np.arange(5.0), np.array([0.1, 0.12, 0.15, 0.19, 0.23]), np.full(5, 80.0)
    found = slope(times, p, n)
    mu = p.mean()
    hits, misses = p * n + mu, (1 - p) * n + 1 - mu
    w = 1 / (1 / hits + 1 / misses)
    line, covariance = np.polyfit(times, np.log(hits / misses), 1, w=np.sqrt(w), cov="unscaled")
    assert (found.slope, found.std_error) == pytest.approx((line[0], covariance[0, 0] ** 0.5))
    assert found.scale == 1
    assert found.df == 3


def test_periods_that_vary_by_themselves_make_it_unsure():
    times, n = np.arange(6.0), np.full(6, 500.0)
    steady = slope(times, np.array([0.10, 0.11, 0.12, 0.13, 0.14, 0.15]), n)
    unruly = slope(times, np.array([0.10, 0.20, 0.07, 0.22, 0.10, 0.25]), n)
    assert steady.scale == 1 and steady.p_value < 0.05
    assert unruly.scale > 3 and unruly.p_value > 0.05


def test_the_scale_by_hand():
    # Equal weights in the middle: the residuals of eta about the line, over T - 2.
    p, n = np.array([0.4, 0.6, 0.4, 0.6]), np.full(4, 1000.0)
    hits, misses = p * n + 0.5, (1 - p) * n + 0.5
    eta, w = np.log(hits / misses), 1 / (1 / hits + 1 / misses)
    line = np.polyval(np.polyfit(np.arange(4.0), eta, 1, w=np.sqrt(w)), np.arange(4.0))
    found = slope(np.arange(4.0), p, n)
    assert found.scale == pytest.approx(np.sqrt(np.sum(w * (eta - line) ** 2) / 2))
    assert found.first == pytest.approx(1 / (1 + np.exp(-line[0])))
    assert found.last == pytest.approx(1 / (1 + np.exp(-line[3])))


def test_three_periods_are_refused():
    with pytest.raises(ValueError, match="3 periods; a slope needs 4"):
        slope(np.arange(3.0), np.full(3, 0.1), np.full(3, 50.0))


def test_the_slope_is_that_of_weighted_least_squares():
    times, p, n = np.arange(4.0), np.array([0.1, 0.25, 0.2, 0.4]), np.array([90.0, 60, 120, 80])
    mu = (p * n).sum() / n.sum()
    hits, misses = p * n + mu, (1 - p) * n + 1 - mu
    model = sm.WLS(
        np.log(hits / misses), sm.add_constant(times), weights=1 / (1 / hits + 1 / misses)
    )
    fixed, free = model.fit(cov_type="fixed scale"), model.fit()
    found = slope(times, p, n)
    assert found.slope == pytest.approx(fixed.params[1])
    assert found.std_error == pytest.approx(max(fixed.bse[1], free.bse[1]))


def test_backwards_the_slope_is_its_negative():
    p, n = np.array([0.1, 0.25, 0.2, 0.4]), np.array([90.0, 60, 120, 80])
    first, back = slope(np.arange(4.0), p, n), slope(-np.arange(4.0), p, n)
    assert (back.slope, back.low, back.high) == pytest.approx(
        (-first.slope, -first.high, -first.low)
    )
    assert (back.first, back.last) == pytest.approx((first.first, first.last))


def test_false_trends_in_periods_that_drift():
    random = np.random.default_rng(2)
    shares = 1 / (1 + np.exp(2.2 - 0.5 * random.standard_normal((1000, 6))))
    found = slope(np.arange(6.0), random.binomial(400, shares) / 400, np.full((1000, 6), 400.0))
    assert np.mean(found.p_value <= 0.05) <= 0.08


def test_the_limits_of_the_change_by_hand():
    # With equal shares at both ends the level adds nothing: the limits are those of the slope.
    flat = slope(np.arange(4.0), np.array([0.2, 0.3, 0.3, 0.2]), np.full(4, 200.0))
    level = np.log(flat.first / (1 - flat.first)) - flat.slope * -1.5
    ends = [1 / (1 + np.exp(-(level + flat.high * t))) for t in (-1.5, 1.5)]
    assert flat.change_high == pytest.approx(ends[1] - ends[0], rel=1e-3)
    assert flat.change_low == pytest.approx(-flat.change_high, rel=1e-3)
    rising = slope(np.arange(4.0), np.array([0.1, 0.13, 0.16, 0.2]), np.full(4, 2000.0))
    change = rising.last - rising.first
    assert 0 < rising.change_low < change < rising.change_high


def test_where_the_slope_is_not_zero_the_change_is_not():
    random = np.random.default_rng(2)
    p = random.uniform(0.02, 0.6, (5000, 4)) * np.linspace(0.3, 1, 4)
    found = slope(np.arange(4.0), np.sort(p, axis=-1), np.full(4, 300.0))
    for sure, limit in ((found.low > 0, found.change_low), (found.high < 0, -found.change_high)):
        assert (limit[sure] >= 0).all()
    assert (found.low > 0).sum() > 1000
    assert (found.change_low <= found.last - found.first).all()
    assert (found.last - found.first <= found.change_high).all()
