"""The simulation: that it draws what it says, and that the default holds where it is asked to."""

import numpy as np
import pandas as pd
import pytest

from analysis.estimates.intervals import Moments
from analysis.estimates.shares import METHODS
from analysis.report import calibration
from analysis.report.calibration import ARTICLES, held
from tests import ROOT
from tests.benchmarks.calibration import DESIGNS, LENGTHS, calibrate

COMMITTED = pd.read_csv(ROOT / "analysis/report/calibration.csv")
PLAIN = [one for one in DESIGNS if one.slope == 0 and one.touched == 1 and one.icc <= 0.30]


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: f"{design.name} {design.icc}")
def test_a_design_has_the_share_it_says(design):
    hits, size = design.draw(np.random.default_rng(1), (40_000,))
    assert (hits <= size).all()
    assert (size.min(), size.max()) == (LENGTHS.min(), LENGTHS.max())
    p = hits.sum() / size.sum()
    error = np.sqrt(np.sum((hits - p * size) ** 2)) / size.sum()
    assert abs(p - design.share) < 3 * error < 0.01
    if design.touched < 1:
        assert np.mean(hits == 0) >= 0.59
    if design in PLAIN:
        # The expectation of n/(n-1) Q - p q Sm is icc p q (Smm - Sm).
        sums = (len(hits), 1, hits.sum(), size.sum(), (hits**2).sum(), (hits * size).sum())
        q_form = Moments(*np.array([*sums, (size**2).sum()], float)).q_form
        pq = p * (1 - p)
        icc = (q_form - pq * size.sum()) / (pq * (np.sum(size**2) - size.sum()))
        assert icc == pytest.approx(design.icc, abs=0.02)


def test_length_goes_with_emphasis_where_it_should():
    random = np.random.default_rng(1)
    for design in DESIGNS[-2:]:
        hits, size = design.draw(random, (40_000,))
        long, short = (hits[half].sum() / size[half].sum() for half in (size > 32, size <= 32))
        assert (long > 1.5 * short) if design.slope > 0 else (short > 1.5 * long)


def test_the_default_holds():
    table = calibrate(PLAIN, [1, 5], ["moderated"], replicates=300)
    assert len(table) == 2 * 3 * len(PLAIN)
    assert table["holds"].all(), table[~table["holds"]].to_string()
    assert table["coverage"].min() >= 0.90
    assert table["false_positives"].max() <= 0.09


def test_what_does_not_hold_is_called_so():
    table = calibrate(DESIGNS[1:2], [5], replicates=300).set_index("method")
    assert list(table.index) == [*METHODS, "contrast", "permutation"]
    assert not table.loc[["wilson", "jeffreys", "bootstrap"], "holds"].any()
    assert table.loc["wilson", "width"] < table.loc["bootstrap", "width"]
    one = calibrate(DESIGNS[1:2], [1], ["bootstrap", "cluster_t"], replicates=20)
    assert list(one["estimable"][:2]) == [0, 0]
    assert one["coverage"].isna().all()


def test_the_same_seed_gives_the_same_table():
    one, other, another = (
        calibrate(DESIGNS[:2], [2], ["moderated"], replicates=50, seed=seed) for seed in (0, 0, 1)
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert not one.equals(another)
    alone = calibrate(DESIGNS[1:2], [2], ["moderated"], replicates=50)
    pd.testing.assert_frame_equal(one[3:].reset_index(drop=True), alone, check_exact=True)


def test_the_committed_table_is_whole_and_of_this_code():
    assert len(DESIGNS) == calibration.DESIGNS
    assert set(COMMITTED["method"]) == {*METHODS, "contrast", "permutation"}
    assert len(COMMITTED) == len(DESIGNS) * len(ARTICLES) * (len(METHODS) + 2)
    again = calibrate(DESIGNS[:1], [2]).round(4)
    keys = ["design", "icc", "articles"]
    was = COMMITTED.merge(again[keys].drop_duplicates(), on=keys)
    pd.testing.assert_frame_equal(was, again, rtol=1e-9)


def readme_rows():
    """The rows of the README's table: what stands in the committed one, from least to most."""
    for row in held().to_dict("records"):
        cells = []
        for articles in ARTICLES:
            rates = row[articles]
            least, most = (f"{100 * rate:.0f}" for rate in rates) if rates else ("–", "–")
            cells.append(least if least == most else f"{least}–{most}")
        yield f"| `{row['method']}` | {' | '.join(cells)} |"


def test_the_readme_has_the_committed_coverage():
    text = (ROOT / "README.md").read_text("utf-8")
    rows = list(readme_rows())
    assert len(rows) == len(METHODS) + 2
    assert [row for row in rows if row not in text] == []
