"""Topic models: the words of sentences divided among topics; numbers in, numbers out.

A method is a function of ``counts`` (sentences x words), ``seeds`` (the counts of the seed words,
one row a seeded topic), the number of topics and a random seed. The fit sees the seed words as one
more part of the text, and is otherwise free. Contract: the seeded topics
come first; each row of ``words`` sums to 1, or is 0 where the topic has no word; ``sentences``
says how much of each sentence each topic has; the same input gives the same numbers; no warning is
issued, and ``converged`` says whether the fit came to rest. Numbers have six digits, so that the
last ones of a machine decide no order.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix, vstack
from scipy.special import digamma

TOP_WORDS = 10  # of a topic: those that are shown, and compared from fit to fit
SEED_SHARE = 0.2  # what the seeds of all topics together weigh, as a part of the text
MOST_STEPS = 1000


class Fit(NamedTuple):
    """One fit: topics x words, sentences x topics, and whether it came to rest."""

    words: np.ndarray
    sentences: np.ndarray
    converged: bool


def _nmf(counts: csr_matrix, seeds: np.ndarray, topics: int, seed: int) -> Fit:
    """Non-negative factors of the TF-IDF weights; a topic's seed words are one more sentence."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.feature_extraction.text import TfidfTransformer

    size, seeded = counts.shape[0], len(seeds)
    weigher = TfidfTransformer().fit(counts)
    seed_rows = seeds * weigher.idf_
    seed_rows /= np.linalg.norm(seed_rows, axis=1, keepdims=True)
    # A sentence that is w times as long costs as much to miss as w**2 sentences.
    length = np.sqrt(SEED_SHARE * size / max(seeded, 1))
    weights = vstack([weigher.transform(counts), csr_matrix(length * seed_rows)], format="csr")
    level = np.sqrt(weights.mean() / topics)  # as in scikit-learn's init="random"
    normal = np.random.default_rng(seed).standard_normal((topics, counts.shape[1]))
    words = level * np.abs(normal)
    words[:seeded] += seed_rows
    sentences = np.full((size + seeded, topics), level)
    sentences[size:] = length * np.eye(seeded, topics)
    model = NMF(topics, init="custom", max_iter=MOST_STEPS)
    # Its error, which is not needed here, can come out as the root of -1e-17.
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore", ConvergenceWarning)  # the result says it
        sentences = model.fit_transform(weights, W=sentences, H=words)
    total = model.components_.sum(axis=1)
    words = model.components_ / np.where(total > 0, total, 1)[:, None]
    sentences = sentences[:size] * total
    return Fit(words.round(6), sentences.round(6), model.n_iter_ < MOST_STEPS)


def _lda(counts: csr_matrix, seeds: np.ndarray, topics: int, seed: int) -> Fit:
    """Latent Dirichlet allocation; a topic's seed words are pseudo-counts of its prior.

    So in Lu et al. (2011), Multi-aspect sentiment analysis with topic models, ICDM workshops, and
    in R's seededlda. scikit-learn's prior is one number for all words, and its `fit` draws its own
    start. Without a learning decay, and with all sentences in one batch, its `partial_fit` is one
    step of batch variational Bayes that keeps nothing of the step before: the word counts of the
    step (`components_`) are then given the pseudo-counts before the next one.
    """
    from sklearn.decomposition import LatentDirichletAllocation

    size = counts.shape[0]
    start = np.random.default_rng(seed).gamma(100, 0.01, (topics, counts.shape[1]))
    prior = np.zeros_like(start)
    prior[: len(seeds)] = seeds / seeds.sum(axis=1, keepdims=True)
    prior *= SEED_SHARE * counts.sum() / max(len(seeds), 1)
    model = LatentDirichletAllocation(
        topics, learning_decay=0.0, total_samples=size, batch_size=size, random_state=seed
    )
    model.partial_fit(counts)  # allocates; what it finds is replaced
    words, change = start + prior, np.inf
    for _ in range(MOST_STEPS):
        model.components_ = words.copy()
        total = words.sum(axis=1, keepdims=True)
        model.exp_dirichlet_component_ = np.exp(digamma(words) - digamma(total))
        if change < 0.001:
            break
        new = model.partial_fit(counts).components_ + prior
        shift = new / new.sum(axis=1, keepdims=True) - words / total
        words, change = new, np.abs(shift).sum(axis=1).max()
    share = words / words.sum(axis=1, keepdims=True)
    return Fit(share.round(6), model.transform(counts).round(6), bool(change < 0.001))


METHODS: dict[str, Callable[[csr_matrix, np.ndarray, int, int], Fit]] = {"nmf": _nmf, "lda": _lda}


def overlaps(fit: Fit, others: Sequence[Fit]) -> np.ndarray:
    """Return, for each topic of a fit, the mean overlap of its top words with its match in others.

    The overlap is Jaccard's; topics are matched one to one, so that all overlaps together are the
    largest (Kuhn's Hungarian method).
    """
    own = _top(fit)
    found = []
    for other in others:
        common = own @ _top(other).T
        either = own.sum(axis=1)[:, None] + _top(other).sum(axis=1) - common
        jaccard = common / np.maximum(either, 1)
        rows, columns = linear_sum_assignment(jaccard, maximize=True)
        found.append(jaccard[rows, columns])
    return np.asarray(np.mean(found, axis=0))


def _top(fit: Fit) -> np.ndarray:
    """Topics x words: 1 for the top words of a topic."""
    ranks = np.argsort(np.argsort(-fit.words, axis=1, kind="stable"), axis=1)
    return np.asarray((ranks < TOP_WORDS) & (fit.words > 0), dtype=np.int64)
