"""Contrasts within strata, by admissions to Berkeley and by what strata may not change."""

import numpy as np
import pandas as pd
import pytest

from analysis import contrasts
from analysis.estimates.intervals import Moments
from analysis.estimates.within import within

# UCBAdmissions (Bickel, Hammel & O'Connell 1975): admitted and rejected by department A to F.
MEN = np.array([[512, 313], [353, 207], [120, 205], [138, 279], [53, 138], [22, 351]], float)
WOMEN = np.array([[89, 19], [17, 8], [202, 391], [131, 244], [94, 299], [24, 317]], float)


def applicants(counts):
    """Each applicant an article of one unit."""
    x, m = counts[:, 0], counts.sum(axis=1)
    return Moments(m, x, x, m, x, x, m)


def test_admissions():
    found = within(applicants(MEN), applicants(WOMEN), rho=0.0, share=1755 / 4526)
    # Effective sizes of n - 1, more or less: -.0183; with n it is the classical -.0184.
    assert found.difference == pytest.approx(-0.0184, abs=2e-4)
    (men, women), p = (c.sum(axis=1) for c in (MEN, WOMEN)), MEN / MEN.sum(axis=1)[:, None]
    weight = men * women / (men + women)
    apart = p[:, 0] - WOMEN[:, 0] / women
    assert (weight * apart).sum() / weight.sum() == pytest.approx(-0.0184, abs=5e-5)
    crude = MEN[:, 0].sum() / MEN.sum() - WOMEN[:, 0].sum() / WOMEN.sum()
    assert crude == pytest.approx(0.1416, abs=5e-5)
    # The logit contrast weighs as Mantel & Haenszel do, and comes near to their odds ratio.
    odds, low, high, _ = mantel_haenszel(MEN, WOMEN)
    assert np.exp(found.log_odds) == pytest.approx(odds, abs=0.04)
    ends = np.exp(found.log_odds + np.array([-1.96, 1.96]) * found.std_error)
    assert ends == pytest.approx([low, high], abs=0.06)
    assert found.shared == 6
    assert found.p_value > 0.1


def test_admissions_by_the_public_way():
    rows = [
        (sex, department, hits, 1, int(number))
        for sex, counts in (("men", MEN), ("women", WOMEN))
        for department, counted in zip("ABCDEF", counts, strict=True)
        for hits, number in zip((1, 0), counted, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["sex", "department", "hits", "size", "articles"])
    table = table.assign(measure="article_share", topic="admitted")
    found = contrasts(table, measure="article_share", within="department").to_frame()
    (row,) = found.to_dict("records")
    assert row["estimate"] == pytest.approx(0.1416, abs=5e-5)
    assert row["p_adjusted"] < 1e-9
    assert row["within_estimate"] == pytest.approx(-0.0184, abs=1e-3)
    assert row["within_conf_low"] < 0 < row["within_conf_high"]
    assert row["status"] == "suggestive"
    assert row["warnings"] == "not_within_department"


def mantel_haenszel(first, second):
    """The classical common odds ratio with limits of Robins, Breslow & Greenland, and M2."""
    (a, b), (c, d) = first.T, second.T
    n = a + b + c + d
    r, s, p, q = a * d / n, b * c / n, (a + d) / n, (b + c) / n
    odds = r.sum() / s.sum()
    variance = (
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    limits = np.exp(np.log(odds) + np.array([-1.959964, 1.959964]) * np.sqrt(variance))
    expected = (a + b) * (a + c) / n
    spread = (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    m2 = (abs((a - expected).sum()) - 0.5) ** 2 / spread.sum()
    return odds, *limits, m2


def test_the_classical_values():
    crude = MEN.sum(axis=0), WOMEN.sum(axis=0)
    assert crude[0][0] * crude[1][1] / (crude[0][1] * crude[1][0]) == pytest.approx(1.841, abs=5e-4)
    assert mantel_haenszel(MEN, WOMEN) == pytest.approx((0.9047, 0.7719, 1.0603, 1.4269), abs=5e-5)


def test_a_stratum_of_one_group_weighs_nothing():
    found = within(applicants(MEN), applicants(WOMEN), rho=0.1, share=0.4)
    more = [np.vstack([MEN, [50, 0]]), np.vstack([WOMEN, [0, 0]])]
    again = within(*(applicants(counts) for counts in more), rho=0.1, share=0.4)
    for name in ("difference", "low", "high", "log_odds", "std_error", "df", "p_value", "shared"):
        assert getattr(found, name) == pytest.approx(getattr(again, name))


def test_one_stratum_is_the_contrast_itself_and_groups_trade_places():
    one = within(applicants(MEN[:1]), applicants(WOMEN[:1]), rho=0.0, share=0.5)
    assert one.difference == pytest.approx(512 / 825 - 89 / 108)
    there = within(applicants(MEN), applicants(WOMEN), rho=0.0, share=0.4)
    back = within(applicants(WOMEN), applicants(MEN), rho=0.0, share=0.4)
    assert (back.difference, back.log_odds) == pytest.approx((-there.difference, -there.log_odds))
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert back.p_value == pytest.approx(there.p_value)


def test_nothing_in_common():
    none = within(
        applicants(np.array([[5.0, 5], [0, 0]])),
        applicants(np.array([[0.0, 0], [5, 5]])),
        rho=0.2,
        share=0.5,
    )
    assert np.isnan([none.difference, none.p_value]).all()
