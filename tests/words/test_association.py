"""The measures of keyness: published and worked values, independent implementations, laws."""

import json
from fractions import Fraction
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, norm, power_divergence

from analysis.words.association import MEASURES, Association
from tests import ROOT

KNOWN = json.loads((ROOT / "tests/reference/vectors.json").read_text("utf-8"))
every_measure = pytest.mark.parametrize("name", MEASURES)


def associate(name, y1, n1, y2, n2, prior=1.0):
    """One word."""
    arrays = [np.array([float(y)]) for y in (y1, y2)]
    return MEASURES[name].function(arrays[0], n1, arrays[1], n2, np.array([prior, 10.0]))


def one(name, *numbers):
    return float(associate(name, *numbers).estimate[0])


def by_hand(y1, n1, y2, n2, alpha, alpha_0):
    """Equations 15, 20 and 21 of Monroe et al., with nothing rounded before the logarithm."""
    y1, n1, y2, n2, alpha, alpha_0 = map(Fraction, (y1, n1, y2, n2, alpha, alpha_0))
    delta = log((y1 + alpha) / (n1 + alpha_0 - y1 - alpha))
    delta -= log((y2 + alpha) / (n2 + alpha_0 - y2 - alpha))
    std_error = sqrt(1 / (y1 + alpha) + 1 / (y2 + alpha))
    return delta, std_error, delta / std_error


def test_log_odds_of_the_worked_value():
    known = KNOWN["log_odds_z"]
    y1, n1, y2, n2, alpha, alpha_0 = (
        known[key] for key in ("y1", "n1", "y2", "n2", "alpha_w", "alpha_0")
    )
    prior = np.array([alpha, alpha_0 - alpha])
    y1s, y2s = np.array([y1, n1 - y1], float), np.array([y2, n2 - y2], float)
    found = MEASURES["log_odds"].function(y1s, n1, y2s, n2, prior)
    got = [float(part[0]) for part in found]
    worked = [known["delta"], sqrt(known["var"]), known["z"]]
    assert got[:3] == pytest.approx(worked, abs=1e-12)
    assert got[:3] == pytest.approx(by_hand(y1, n1, y2, n2, alpha, alpha_0), abs=1e-12)
    assert got[3] == pytest.approx(2 * norm.sf(known["z"]), abs=1e-12)


def test_brezina_war():
    # E = 1,017,879 and 1,007,532 of 2,025,411 of 887 = 445.77 and 441.23
    # 2 (620 ln(620 / 445.77) + 267 ln(267 / 441.23)) = 2 (204.55 - 134.11) = 140.87
    assert round(one("g2", 620, 1_017_879, 267, 1_007_532), 2) == 140.87


def test_worked_values():
    known = KNOWN["G2"]
    numbers = [known[key] for key in ("a", "c", "b", "d")]
    assert one("g2", *numbers) == pytest.approx(known["rayson_garside"], abs=1e-12)
    assert one("g2_four_cell", *numbers) == pytest.approx(known["dunning4"], abs=1e-12)
    p_value = associate("g2_four_cell", *numbers).p_value[0]
    assert p_value == pytest.approx(known["p4"], abs=1e-12)
    assert one("log_ratio", *numbers) == pytest.approx(known["log2_ratio"], abs=1e-12)
    zero = known["zero_case"]
    got = one("g2", zero["a"], zero["c"], zero["b"], zero["d"])
    assert got == pytest.approx(zero["rayson_garside"], abs=1e-12)
    known = KNOWN["chi2"]
    (y1, others1), (y2, others2) = known["table"]
    numbers = [y1, y1 + others1, y2, y2 + others2]
    for name, key in (("chi2", "uncorrected"), ("chi2_yates", "yates")):
        found = associate(name, *numbers)
        assert found.estimate[0] == pytest.approx(known[key], abs=1e-12)
        assert found.p_value[0] == pytest.approx(known[f"p_{key}"], abs=1e-12)


def test_no_difference_is_a_plain_nought():
    # Yates' correction leaves nothing of 1/3; e1 is a tenth that rounding leaves above y1.
    for found in (associate("chi2_yates", 1, 20, 3, 40), associate("g2", 3, 10, 9, 30)):
        assert found.statistic[0] == pytest.approx(0, abs=1e-12)
        assert not np.signbit(found.statistic[0])
        assert found.p_value[0] == pytest.approx(1, abs=1e-6)


def test_effects_by_hand():
    # 8 of 100 against 2 of 50: twice as frequent; 20 / 3 expected of 10
    assert one("log_ratio", 8, 100, 2, 50) == pytest.approx(1)
    assert one("percent_diff", 8, 100, 2, 50) == pytest.approx(100)
    assert one("pmi", 8, 100, 2, 50) == pytest.approx(np.log2(8 / (20 / 3)))
    # a count of 0 is read as one half: 4 of 100 against half a use in 50; of 3 1/2 uses 7/3
    assert one("log_ratio", 4, 100, 0, 50) == pytest.approx(2)
    assert one("percent_diff", 4, 100, 0, 50) == pytest.approx(300)
    assert one("percent_diff", 0, 100, 4, 50) == -100
    assert one("pmi", 0, 100, 3, 50) == pytest.approx(np.log2(0.5 / (7 / 3)))


cells = st.tuples(*[st.integers(0, 50)] * 2, *[st.integers(1, 5000)] * 2).filter(
    lambda cell: cell[0] + cell[1] > 0
)


@given(cells)
def test_the_tests_are_those_of_scipy(cell):
    y1, y2, rest1, rest2 = cell
    n1, n2 = y1 + rest1, y2 + rest2
    table = [[y1, rest1], [y2, rest2]]
    for name, options in {
        "g2_four_cell": {"lambda_": "log-likelihood", "correction": False},
        "chi2": {"correction": False},
        "chi2_yates": {"correction": True},
    }.items():
        theirs, ours = chi2_contingency(table, **options), associate(name, y1, n1, y2, n2)
        assert abs(ours.statistic[0]) == pytest.approx(theirs.statistic, rel=1e-9, abs=1e-10)
        assert ours.p_value[0] == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-6)
    expected = [n * (y1 + y2) / (n1 + n2) for n in (n1, n2)]
    two = power_divergence([y1, y2], expected, lambda_="log-likelihood")
    assert abs(one("g2", y1, n1, y2, n2)) == pytest.approx(two.statistic, rel=1e-9, abs=1e-10)


@every_measure
@given(cells)
def test_the_contract(name, cell):
    y1, y2, rest1, rest2 = cell
    n1, n2 = y1 + rest1, y2 + rest2
    there, back = associate(name, y1, n1, y2, n2), associate(name, y2, n2, y1, n1)
    assert isinstance(there, Association)
    assert np.isfinite(there.estimate).all()
    if MEASURES[name].antisymmetric:
        assert there.estimate == pytest.approx(-back.estimate, abs=1e-9)
    if MEASURES[name].ranks_by == "estimate":
        assert there[1:] == (None, None, None)
    else:
        error = 1 if there.std_error is None else there.std_error
        assert there.statistic == pytest.approx(there.estimate / error, rel=1e-12)
        assert there.statistic == pytest.approx(-back.statistic, abs=1e-9)
        assert there.p_value == pytest.approx(back.p_value, abs=1e-9)
        assert 0 <= there.p_value[0] <= 1
    more = one(name, y1 + 1, n1, y2, n2)
    assert more >= there.estimate[0] - 1e-9


def test_only_log_odds_has_a_standard_error():
    errors = [name for name in MEASURES if associate(name, 5, 50, 3, 50).std_error is not None]
    assert errors == ["log_odds"]


@every_measure
def test_huge_counts_lose_nothing(name):
    same = one(name, 10**9, 10**12, 10**9, 10**12)
    assert same == pytest.approx(0, abs=1e-3)
    assert one(name, 2 * 10**9, 10**12, 10**9, 10**12) > 0


@given(cells)
def test_percent_diff_is_the_log_ratio_in_other_words(cell):
    y1, y2, rest1, rest2 = cell
    if y1:
        numbers = (y1, y1 + rest1, y2, y2 + rest2)
        times = 2 ** one("log_ratio", *numbers)
        assert one("percent_diff", *numbers) == pytest.approx(100 * (times - 1), abs=1e-9)
