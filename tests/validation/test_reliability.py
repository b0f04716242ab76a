"""Agreement: published numbers, laws, and what cannot be said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis import InputError, agreement, read_codes, read_study
from analysis.validation.reliability import bootstrap_alpha, cohen_kappa, nominal_alpha
from tests import ROOT, VECTORS

PUBLISHED = VECTORS["krippendorff"]


def counts_of(matrix):
    values = sorted({value for row in matrix for value in row if value is not None})
    units = zip(*matrix, strict=True)
    return np.array([[unit.count(value) for value in values] for unit in units], float)


def test_the_published_matrices():
    assert nominal_alpha(counts_of(PUBLISHED["data_4x12"])) == pytest.approx(113 / 152, abs=1e-14)
    assert round(float(nominal_alpha(counts_of(PUBLISHED["data_4x12"]))), 3) == 0.743
    assert nominal_alpha(counts_of(PUBLISHED["binary_2x10"])) == pytest.approx(2 / 21, abs=1e-14)


def table_of(matrix, names="ABCD"):
    rows = [
        {"doc_id": "a", "sentence_id": unit, "topic": "wind", "coder": name, "answer": value}
        for name, row in zip(names, matrix, strict=False)
        for unit, value in enumerate(row)
        if value is not None
    ]
    return pd.DataFrame(rows)


def test_the_published_matrix_as_codes():
    words = {0: "no", 1: "yes"}
    matrix = [[words[value] for value in row] for row in PUBLISHED["binary_2x10"]]
    row = agreement(table_of(matrix)).to_frame().iloc[0]
    assert row[["sentences", "coders", "answers", "yes"]].to_list() == [10, 2, 20, 6]
    assert row["alpha"] == pytest.approx(2 / 21, abs=1e-14)
    assert row["agreed"] == pytest.approx(0.6)
    # By hand: 6 of 10 agreed; by chance .2 * .4 + .8 * .6 = .56
    assert row["kappa"] == pytest.approx((0.6 - 0.56) / (1 - 0.56))
    assert row["conf_low"] < row["alpha"] < row["conf_high"]
    assert row["warnings"] == "few_yes"


COUNTS = arrays(float, st.tuples(st.integers(2, 12), st.just(3)),
                elements=st.integers(0, 3).map(float))  # fmt: skip


@given(COUNTS, st.permutations([0, 1, 2]))
def test_laws_of_alpha(counts, order):
    alpha = nominal_alpha(counts)
    twice = nominal_alpha(counts, np.stack([np.ones(len(counts))] * 2))
    assert twice == pytest.approx([alpha, alpha], nan_ok=True)
    for same in (counts[::-1], counts[:, order], np.vstack([counts, [[1.0, 0, 0]]])):
        assert nominal_alpha(same) == pytest.approx(alpha, nan_ok=True)
    if not np.isnan(alpha):
        assert alpha <= 1
        weighted = nominal_alpha(counts, np.full((1, len(counts)), 2.0))
        assert weighted == pytest.approx(nominal_alpha(np.vstack([counts, counts])))


def test_alpha_is_1_where_all_agree_and_missing_where_nothing_varies():
    assert nominal_alpha(np.array([[2.0, 0], [0, 2]])) == 1
    assert np.isnan(nominal_alpha(np.array([[2.0, 0], [2, 0], [0, 1]])))
    assert np.isnan(bootstrap_alpha(np.array([[2.0, 0]] * 3), 0.95, 10, 0)).all()
    same = agreement(table_of([["no"] * 5] * 2)).to_frame().iloc[0]
    assert same["warnings"] == "one_answer_only few_yes"
    assert np.isnan(same["kappa"])


def test_the_bootstrap_covers():
    rng = np.random.default_rng(3)
    kinds = np.array([[2.0, 0], [0, 2], [1, 1]])
    whole = nominal_alpha(kinds, np.array([[0.6, 0.25, 0.15]]) * 1e6)
    held = 0
    for seed in range(200):
        counts = kinds[rng.choice(3, 120, p=[0.6, 0.25, 0.15])]
        low, high = bootstrap_alpha(counts, 0.95, 200, seed)
        held += low <= whole <= high
    assert 0.90 <= held / 200 <= 0.99


def test_kappa_of_cohen():
    # Two coders, 50 units: both yes 20, first only 5, second only 10, both no 15; kappa .4
    first = np.repeat([1.0, 1, 0, 0], [20, 5, 10, 15])
    second = np.repeat([1.0, 0, 1, 0], [20, 5, 10, 15])
    assert cohen_kappa(first, second) == pytest.approx(0.4)


def test_sentences_of_one_coder_do_not_count():
    codes = table_of([["yes", "no", "yes", None], [None, "no", "no", "yes"]])
    row = agreement(codes).to_frame().iloc[0]
    assert row[["sentences", "answers"]].to_list() == [2, 4]


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (table_of([["yes", "no"]]), "all codes are of one coder (A); let a second coder"),
        (table_of([["yes", None], [None, "no"]]), "no sentence was coded twice"),
        (table_of([["yes"], ["no"], ["no"]], "ABB"), "'B' has two answers for a 0 on 'wind'; keep"),
        (table_of([["yes"]]).drop(columns="coder"), "the codes table has no column 'coder'"),
    ],
)
def test_what_has_no_agreement(codes, message):
    with pytest.raises(InputError) as error:
        agreement(codes)
    assert message in str(error.value)


def test_the_embedded_study():
    sentences = read_study(ROOT / "study.toml").sentences
    both = [read_codes(ROOT / f"seeds/codes_{number}.csv", sentences) for number in (1, 2)]
    table = agreement(pd.concat(both)).to_frame().set_index("topic")
    assert (table["sentences"] == 72).all()
    assert table["agreed"].to_list() == [1, 1, 1, 1]  # also where both are unsure
    assert table["alpha"].to_list() == [1, 1, 1, 1]
    one, other = (codes.set_index(["doc_id", "sentence_id", "topic"])["answer"] for codes in both)
    assert (one.reindex(other.index) == other).all() and (one == "unsure").sum() == 1
