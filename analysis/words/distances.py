"""How alike groups are, by the topics they mention or the words they use.

Contract of a measure: a function of two arrays of shares, whose last axis is the features and adds
up to 1, that returns one number for each pair. It is symmetric, is the same for every profile
compared with itself, and lies between 0 and 1. A function of two plain vectors becomes one by
``np.vectorize(function, signature="(n),(n)->()")``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix, vstack
from scipy.special import ndtri, rel_entr, stdtrit

from analysis.errors import InputError, check_choice, check_conf_level, listing
from analysis.estimates.intervals import Array
from analysis.io.results import Result
from analysis.words.profiles import article_profiles

Measure = Callable[[Array, Array], Array]

MIN_ARTICLES = 5  # in both groups: fewer resampled say nothing of further articles
REPLICATES = 2_000
BLOCK = 2**21  # numbers held at once


def jensen_shannon(p: Array, q: Array) -> Array:
    """Return the Jensen-Shannon distance: the root of the divergence in bits (base 2).

    D = 1/2 KL(p || m) + 1/2 KL(q || m), m = (p + q) / 2: Lin (1991), IEEE Trans. Inf. Theory 37,
    145-151. Its root is a metric: Endres & Schindelin (2003), ibid. 49, 1858-1860. 0: the same
    shares; 1: nothing in common.

    >>> jensen_shannon(np.array([0.5, 0.5, 0]), np.array([0.5, 0, 0.5])).round(6)
    np.float64(0.707107)
    """
    middle = (p + q) / 2
    bits = (rel_entr(p, middle) + rel_entr(q, middle)).sum(axis=-1) / 2 / np.log(2)
    distance: Array = np.sqrt(np.clip(bits, 0, 1))
    return distance


def hellinger(p: Array, q: Array) -> Array:
    """Return the Hellinger distance: 0 for the same shares, 1 for nothing in common."""
    apart = ((np.sqrt(p) - np.sqrt(q)) ** 2).sum(axis=-1)
    distance: Array = np.minimum(np.sqrt(apart / 2), 1)  # sqrt(1/2 sum (sqrt p - sqrt q)^2)
    return distance


def cosine(p: Array, q: Array) -> Array:
    """Return the cosine of two profiles, a similarity: 1 for the same shares."""
    lengths = np.sqrt((p * p).sum(axis=-1) * (q * q).sum(axis=-1))
    cosines: Array = np.minimum((p * q).sum(axis=-1) / lengths, 1)
    return cosines


PROXIMITIES: dict[str, Measure] = {
    "jensen_shannon": jensen_shannon,
    "hellinger": hellinger,
    "cosine": cosine,
}


def similarity(
    table: pd.DataFrame,
    by: str | Sequence[str],
    *,
    measure: str | Measure = "jensen_shannon",
    conf_level: float = 0.95,
    seed: int = 0,
) -> Result:
    """Return how alike every two groups are, one row a pair, with its interval where there is one.

    Parameters
    ----------
    table : pandas.DataFrame
        What is compared: the topics, from `codes` or `tally`; or the words, from `counts`, by
        article (``counts(sentences, by=["party", "doc_id"])``) if there is to be an interval.
    by : str or list of str
        The columns that form the groups.
    measure : {"jensen_shannon", "hellinger", "cosine"} or callable
        Two distances (0 the same, 1 nothing in common) and a similarity (the other way round);
        or a function, see the module. `word_shift` takes ``jensen_shannon`` apart.
    conf_level : float
        Level of the interval.
    seed : int
        For resampling.

    Returns
    -------
    Result
        Keys ``group``, ``other``. ``estimate`` compares the shares of each feature among all
        counts of a group; ``count_`` and ``articles_`` (those with a count) of both.
        ``status`` is ``estimated``; ``interval_not_estimable``; or ``not_estimable`` if a group
        has no count. ``warnings`` says why: ``no_count``, ``articles_unknown``, ``one_article``,
        ``few_articles`` (under five in a group), ``resampling_fails``.

    Notes
    -----
    Distances are biased upwards, cosine downwards: two samples of one wording differ by chance, the
    more so the fewer words there are. So compare a distance with ``if_alike``, its mean when the
    articles of both groups are permuted, and with those between texts of the same length.

    The interval speaks of further articles like these, which are resampled whole, within groups.
    It reaches to either side as far as the farther bootstrap quantile, times
    sqrt(n / (n - 1)) t(n - 1) / z with n the articles of the smaller group (Hesterberg 2015, The
    American Statistician 69, 371-386); and on to the value of equal groups unless the permutation
    test excludes it. There is no interval where it does and the bootstrap's bias is no less than
    its standard error: as a rule with Jensen-Shannon and Hellinger distances of vocabularies.
    Each pair has random numbers of its own: another group moves nobody.

    In simulation (``tests/benchmarks/similarity.csv``) 95 % intervals of two or four topics cover
    .92 to 1; with eight topics that most articles never touch, .57 to .94 (cosine: .85 and more).
    Such topics are better left out, or put together, before groups are compared.

    Examples
    --------
    >>> table = pd.DataFrame({"party": ["Green", "Green", "Red"], "count": [2, 2, 5],
    ...                       "feature": ["sun", "wind", "wind"], "articles": [1, 2, 1]})
    >>> similarity(table, by="party").to_frame()[["group", "other", "estimate", "warnings"]]
       group other  estimate          warnings
    0  Green   Red  0.557923  articles_unknown
    """
    if isinstance(measure, str):
        check_choice(measure, PROXIMITIES, "measure", "measure of similarity")
    check_conf_level(conf_level)
    compare = PROXIMITIES[measure] if isinstance(measure, str) else measure
    profiles = article_profiles(table, by)
    known = bool((profiles["doc_id"] != "").all())
    matrices = _matrices(profiles)
    if len(matrices) < 2:
        problem = f"there is nothing to compare {listing(matrices) or 'no group'} with"
        raise InputError(problem, do="add another group")
    rows = []
    for group, other in combinations(matrices, 2):
        rng = np.random.default_rng([seed, *f"{group}\n{other}".encode()])
        pair = matrices[group], matrices[other]
        row = _compare(*pair, compare, rng, known=known, conf_level=conf_level)
        rows.append({"group": group, "other": other, **row})
    name = measure if isinstance(measure, str) else getattr(measure, "__name__", repr(measure))
    pairs = pd.DataFrame(rows).assign(measure=name)
    return Result(
        pairs.astype({"articles_group": "Int64", "articles_other": "Int64"}),
        ("group", "other"),
        {"function": "similarity", "measure": name, "conf_level": conf_level, "seed": seed},
    )


def _matrices(profiles: pd.DataFrame) -> dict[str, csr_matrix]:
    """The articles x features of each group, both in sorted order; only articles with a count."""
    column, features = pd.factorize(profiles["feature"], sort=True)
    profiles = profiles.assign(column=column)
    matrices = {}
    for group, part in profiles.groupby("group", sort=True):
        row, articles = pd.factorize(part["doc_id"], sort=True)
        shape = (len(articles), len(features))
        counts = csr_matrix((part["count"].to_numpy(float), (row, part["column"])), shape=shape)
        matrices[str(group)] = counts[np.asarray(counts.sum(axis=1)).ravel() > 0]
    return matrices


def _compare(
    first: csr_matrix,
    second: csr_matrix,
    measure: Measure,
    rng: np.random.Generator,
    *,
    known: bool,
    conf_level: float,
) -> dict[str, Any]:
    sums = [np.asarray(counts.sum(axis=0), float).ravel() for counts in (first, second)]
    articles = [counts.shape[0] if known else np.nan for counts in (first, second)]
    fewest = min(articles)
    empty = min(first.shape[0], second.shape[0]) == 0
    row: dict[str, Any] = {
        **dict.fromkeys(("estimate", "conf_low", "conf_high", "if_alike"), np.nan),
        "count_group": int(sums[0].sum()),
        "count_other": int(sums[1].sum()),
        "articles_group": articles[0],
        "articles_other": articles[1],
        "status": "not_estimable" if empty else "interval_not_estimable",
        "warnings": "no_count" if empty else "",
    }
    if empty:
        return row
    used = sums[0] + sums[1] > 0  # so that words of other groups do not even move the rounding
    first, second = first[:, used], second[:, used]
    estimate = float(measure(*(_shares(total[used]) for total in sums)))
    if not -1e-12 <= estimate <= 1 + 1e-12:
        raise InputError(f"the measure gives {estimate}", do="pass one that lies between 0 and 1")
    row["estimate"] = estimate
    if not fewest >= MIN_ARTICLES:
        few = "one_article" if fewest == 1 else "few_articles"
        return row | {"warnings": few if known else "articles_unknown"}
    same = float(measure(*[_shares(sums[0][used])] * 2))
    permuted = _replicates(first, second, measure, rng, permuted=True)
    row["if_alike"] = permuted.mean()
    replicates = _replicates(first, second, measure, rng, permuted=False)
    tail = (1 - conf_level) / 2
    quantiles = np.quantile(replicates, [tail, 1 - tail])
    # sqrt(n / (n - 1)) t(n - 1) / z: resampled, n articles vary too little (Hesterberg 2015).
    expansion = np.sqrt(fewest / (fewest - 1)) * stdtrit(fewest - 1, 1 - tail) / ndtri(1 - tail)
    reach = np.abs(quantiles - estimate).max() * expansion
    ends = [estimate - reach, estimate + reach]
    extreme = np.count_nonzero(np.abs(permuted - same) >= abs(estimate - same) - 1e-12)
    if (extreme + 1) / (len(permuted) + 1) > 1 - conf_level:
        ends.append(same)
    elif abs(replicates.mean() - estimate) >= replicates.std() - 1e-12:  # bias above its error
        return row | {"warnings": "resampling_fails"}
    low, high = np.clip([min(ends), max(ends)], 0, 1)
    return row | {"conf_low": low, "conf_high": high, "status": "estimated"}


def _shares(counts: Array) -> Array:
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True))


def _replicates(
    first: csr_matrix,
    second: csr_matrix,
    measure: Measure,
    rng: np.random.Generator,
    *,
    permuted: bool,
) -> Array:
    """The measure where articles are permuted between the groups, or drawn again within each."""
    sizes = first.shape[0], second.shape[0]
    both = vstack([first, second])
    size = max(1, BLOCK // max(both.shape))  # so many replicates at a time fit into memory
    found = []
    for start in range(0, REPLICATES, size):
        number = min(size, REPLICATES - start)
        if permuted:
            mine = rng.permuted(np.tile(np.repeat([1, 0], sizes), (number, 1)), axis=1)
            pair = mine @ both, (1 - mine) @ both
        else:
            one, two = (rng.multinomial(n, np.full(n, 1 / n), size=number) for n in sizes)
            pair = one @ first, two @ second
        found.append(measure(*map(_shares, pair)))
    return np.concatenate(found)
