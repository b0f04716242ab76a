"""Topic models on matrices that can be read by eye: two topics that share no word."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import TfidfTransformer

from analysis.validation import topic_models
from analysis.validation.topic_models import METHODS, TOP_WORDS, Fit, overlaps

#                     a  b  c  d
COUNTS = csr_matrix([[2, 1, 0, 0],
                     [1, 2, 0, 0],
                     [0, 0, 2, 1],
                     [0, 0, 1, 2],
                     [0, 0, 1, 1]], dtype=float)  # fmt: skip
SEEDS = np.array([[0.0, 0, 1, 0], [1, 0, 0, 0]])  # the first topic has c, the second a
every_method = pytest.mark.parametrize("method", METHODS)


@every_method
def test_seeded_topics_come_first_and_take_the_words_that_go_with_their_seeds(method):
    for seed in range(5):
        fit = METHODS[method](COUNTS, SEEDS, 2, seed)
        assert (fit.words[0, 2:].sum(), fit.words[1, :2].sum()) == pytest.approx((1, 1), abs=0.2)
        assert fit.sentences.argmax(axis=1).tolist() == [1, 1, 0, 0, 0]
        assert fit.converged


@every_method
def test_seed_words_stay_together_also_where_the_text_keeps_them_apart(method):
    words = METHODS[method](COUNTS, np.array([[1.0, 0, 1, 0]]), 3, 0).words
    assert words[0, [0, 2]].min() > 0.1


def test_nmf_gives_each_sentence_the_weights_of_its_words():
    """With as many topics as words the fit can be exact: parts times words are the weights."""
    fit = METHODS["nmf"](COUNTS, SEEDS[:0], 4, 0)
    weights = TfidfTransformer().fit_transform(COUNTS).toarray()
    assert fit.sentences @ fit.words == pytest.approx(weights, abs=0.05)


@every_method
@pytest.mark.parametrize("topics", [1, 2, 3, 4])
@pytest.mark.parametrize("seeded", [0, 1, 2])
def test_the_contract(method, topics, seeded):
    if seeded > topics:
        return
    fit = METHODS[method](COUNTS, SEEDS[:seeded], topics, 3)
    assert fit.words.shape == (topics, 4)
    assert fit.sentences.shape == (5, topics)
    assert (fit.words >= 0).all()
    assert (fit.sentences >= 0).all()
    assert all(total == 0 or total == pytest.approx(1, abs=1e-5) for total in fit.words.sum(axis=1))
    again = METHODS[method](COUNTS.copy(), SEEDS[:seeded].copy(), topics, 3)
    assert [one.tobytes() for one in fit[:2]] == [one.tobytes() for one in again[:2]]
    assert np.array_equal(fit.words, fit.words.round(6))


@every_method
def test_the_input_stays_as_it_is(method):
    counts, seeds = COUNTS.copy(), SEEDS.copy()
    METHODS[method](counts, seeds, 3, 0)
    assert (counts != COUNTS).nnz == 0
    assert np.array_equal(seeds, SEEDS)


@every_method
def test_a_fit_that_does_not_come_to_rest_says_so(method, monkeypatch):
    monkeypatch.setattr(topic_models, "MOST_STEPS", 1)
    counts = csr_matrix(np.random.default_rng(0).poisson(1.0, (30, 12)).astype(float))
    assert not METHODS[method](counts, np.empty((0, 12)), 4, 0).converged


def test_a_step_of_lda_is_a_batch_step_of_scikit_learn():
    """What `_lda` rests on: without decay and in one batch, partial_fit keeps nothing."""
    one = LatentDirichletAllocation(2, max_iter=1, random_state=0).fit(COUNTS)
    options = {"learning_decay": 0.0, "total_samples": 5, "batch_size": 5}
    other = LatentDirichletAllocation(2, random_state=0, **options).partial_fit(COUNTS)
    assert np.array_equal(one.components_, other.components_)
    before = other.components_.copy()
    other.components_ = before * 1000  # the next step uses exp_dirichlet_component_ alone
    after = other.partial_fit(COUNTS).components_
    assert after.sum() == pytest.approx(COUNTS.sum() + 2 * 4 / 2)  # and the prior, 1/2 a word


def test_seeds_weigh_a_fifth_of_the_text():
    """Twice as many counts of the same seed words change nothing: their sum is fixed."""
    for method in METHODS.values():
        one, two = (method(COUNTS, times * SEEDS, 2, 0) for times in (1, 2))
        assert np.array_equal(one.words, two.words)


def fit_of(*rows):
    return Fit(np.array(rows, dtype=float), np.zeros((1, len(rows))), True)


def test_overlaps_match_topics_one_to_one():
    own = fit_of([0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5])
    assert overlaps(own, [own, fit_of(*own.words[::-1])]).tolist() == [1, 1]
    # Both own topics resemble the first of the others; only one of them gets it.
    both = fit_of([0.25] * 4, [0, 0, 0.9, 0.1])
    assert overlaps(own, [both]).tolist() == [2 / 4, 1]
    assert overlaps(own, [own, both]).tolist() == [(1 + 2 / 4) / 2, 1]
    # A topic without words overlaps with nothing, not even its like.
    assert overlaps(fit_of([0, 0]), [fit_of([0, 0])]).tolist() == [0]


def test_only_top_words_are_compared():
    falling = np.arange(12, 0, -1) / 78
    swapped = falling.copy()
    swapped[[TOP_WORDS - 1, TOP_WORDS]] = falling[[TOP_WORDS, TOP_WORDS - 1]]
    assert overlaps(fit_of(falling), [fit_of(swapped)]).tolist() == [9 / 11]
    swapped = falling.copy()
    swapped[[TOP_WORDS, TOP_WORDS + 1]] = falling[[TOP_WORDS + 1, TOP_WORDS]]
    assert overlaps(fit_of(falling), [fit_of(swapped)]).tolist() == [1]
