"""The permutation test: worked values, and what must not matter."""

import json
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from analysis.estimates import permutation, resampling
from analysis.estimates.permutation import permutation_test
from analysis.estimates.resampling import DRAWS, kinds_of, of_articles, permuted_sums
from tests import ROOT

VECTORS = json.loads((ROOT / "tests/reference/vectors.json").read_text("utf-8"))


def permutation_tests(tests, seed=0):
    return permutation.permutation_tests([[*map(of_articles, *test)] for test in tests], seed)


def max_t(topics, seed=0):
    tests = [([*map(of_articles, hits, size)], pairs) for hits, size, pairs in topics]
    return permutation.max_t(tests, seed)


def groups(*shares):
    """Articles of ten units each, group by group."""
    return [np.array(group, float) for group in shares], [np.full(len(g), 10.0) for g in shares]


def test_omnibus():
    assert VECTORS["permutation"]["omnibus_2111"].endswith("1/10")
    hits, size = groups([9, 9], [0], [1], [2])
    assert permutation_test(hits, size) == (0.1, 0.1)
    assert permutation_test(hits[::-1], size[::-1]) == (0.1, 0.1)


def test_groups_of_equal_numbers_can_trade_all_their_articles():
    # Groups of 2, 1, 1 and 1 articles: 60 permutations, 6 of them the same but for names.
    ones = [np.full(2, 5.0), np.zeros(1), np.ones(1), np.full(1, 2.0)]
    assert permutation_test(ones, [np.full(len(group), 9.0) for group in ones]) == (0.1, 0.1)


def test_equal_groups_are_never_extreme():
    assert permutation_test(*groups([1, 2], [1, 2], [1, 2]))[0] == 1


def test_one_group_or_an_empty_one_has_no_test():
    assert np.isnan(permutation_test(*groups([1, 2]))).all()
    assert np.isnan(permutation_test(*groups([1, 2], []))).all()


def test_drawn_at_random_neither_order_matters():
    random = np.random.default_rng(1)
    hits = [random.integers(0, 9, number).astype(float) for number in (30, 20)]
    size = [np.full(30, 10.0), np.full(20, 10.0)]
    p, smallest = permutation_test(hits, size, seed=3)
    assert smallest == pytest.approx(1e-4)
    assert permutation_test(hits[::-1], size[::-1], seed=3)[0] == p
    assert permutation_test([hits[0][::-1], hits[1]], size, seed=3)[0] == p
    assert permutation_test(hits, size, seed=4)[0] != p


def groups_of(numbers):
    """Groups of so many articles, each of 1 to 30 units, some of them hits."""
    article = st.integers(1, 30).flatmap(lambda m: st.tuples(st.integers(0, m), st.just(m)))
    return st.tuples(*(st.lists(article, min_size=n, max_size=n) for n in numbers)).map(
        lambda drawn: tuple([np.array(g, float)[:, k] for g in drawn] for k in (0, 1))
    )


def every_permutation(hits, size):
    """Brute force: all orders of all articles, cut into groups of the same numbers."""
    units = [*zip(np.concatenate(hits), np.concatenate(size), strict=True)]
    cuts = np.cumsum([len(group) for group in hits])[:-1]
    for order in permutations(units):
        yield [np.array(part) for part in np.split(np.array(order), cuts)]


@settings(max_examples=30, deadline=None)
@given(groups_of((2, 3)))
def test_the_exact_p_is_that_of_all_orders_of_the_articles(drawn):
    def difference(permuted):
        first, second = (part[:, 0].sum() / part[:, 1].sum() for part in permuted)
        return abs(first - second)

    differences = [difference(permuted) for permuted in every_permutation(*drawn)]
    observed = difference([np.column_stack(pair) for pair in zip(*drawn, strict=True)])
    extreme = sum(one >= observed - 1e-12 for one in differences)
    most = sum(one >= max(differences) - 1e-12 for one in differences)
    expected = extreme / len(differences), most / len(differences)
    assert permutation_test(*drawn) == pytest.approx(expected)


def statistic(permuted, pair):
    """T, from its formula; the other side may be None, all the other groups together."""
    squares = sum(
        ((part[:, 0] - part[:, 0].sum() / part[:, 1].sum() * part[:, 1]) ** 2).sum()
        for part in permuted
    )
    s = np.sqrt(squares / (sum(map(len, permuted)) - len(permuted)))
    one, two = pair
    rest = np.vstack([part for number, part in enumerate(permuted) if number != one])
    sides = permuted[one], rest if two is None else permuted[two]
    shares = [side[:, 0].sum() / side[:, 1].sum() for side in sides]
    h = [(side[:, 1] ** 2).sum() / side[:, 1].sum() ** 2 for side in sides]
    return abs(shares[0] - shares[1]) / (s * np.sqrt(sum(h)))


@pytest.mark.parametrize(
    "pairs",
    [[*combinations(range(3), 2)], [(0, None), (1, None), (2, None)], [(0, 1), (2, None)]],
    ids=["pairs", "each and the rest", "both"],
)
def test_max_t_is_that_of_all_orders_of_the_articles(pairs):
    hits = [np.array(group, float) for group in ([1, 3], [5, 9, 8], [2, 7])]
    size = [np.array(group, float) for group in ([10, 12], [11, 13, 14], [15, 9])]
    units = [np.column_stack(pair) for pair in zip(hits, size, strict=True)]
    observed = [statistic(units, pair) for pair in pairs]
    permuted = np.array(
        [[statistic(d, pair) for pair in pairs] for d in every_permutation(hits, size)]
    )
    largest = permuted.max(axis=1)
    ((p, smallest),) = max_t([(hits, size, pairs)])
    assert p == pytest.approx([np.mean(largest >= one * (1 - 1e-9)) for one in observed])
    most = permuted.max(axis=0)
    assert smallest == pytest.approx([np.mean(largest >= one * (1 - 1e-9)) for one in most])
    assert (smallest <= p).all()


TOPIC = (*groups([1, 3], [5, 9, 8], [2, 7]), [(0, 1), (0, 2), (1, 2), (0, None)])


def test_max_t_adds_over_topics_and_never_falls_below_one_pair_alone():
    one, both = max_t([TOPIC])[0], max_t([TOPIC, TOPIC])[1]
    assert both[0] == pytest.approx(np.minimum(2 * one[0], 1))
    for number, pair in enumerate(TOPIC[2]):
        ((alone, _),) = max_t([(*TOPIC[:2], [pair])])
        assert alone[0] <= one[0][number]


def test_permutations_that_are_equally_far_apart_but_for_rounding_count():
    hits, size = groups([0], [2, 4], [4, 1])
    pairs = [(0, 1), (0, 2), (1, 2)]
    units = [np.column_stack(pair) for pair in zip(hits, size, strict=True)]
    largest = [
        max(statistic(permuted, pair) for pair in pairs)
        for permuted in every_permutation(hits, size)
    ]
    as_far = np.array(largest) >= statistic(units, (0, 1)) - 1e-9
    ((p, _),) = max_t([(hits, size, pairs)])
    assert p[0] == pytest.approx(as_far.mean())


def test_topics_of_few_and_of_many_articles_are_compared_by_their_t():
    small = (*groups([7, 5], [2]), [(0, 1)])  # three articles, two groups: s has 3 - 2 = 1 df
    observed = [
        statistic([np.column_stack(one) for one in zip(*topic[:2], strict=True)], topic[2][0])
        for topic in (small, TOPIC)
    ]
    expected = []
    for own in observed:
        p = 0.0
        for hits, size, pairs in (small, (*TOPIC[:2], [(0, 1)])):
            permuted = [
                max(statistic(d, one) for one in pairs) for d in every_permutation(hits, size)
            ]
            p += np.mean(np.array(permuted) >= own * (1 - 1e-9))
        expected.append(min(p, 1))
    got = max_t([small, (*TOPIC[:2], [(0, 1)])])
    assert [p[0] for p, _ in got] == pytest.approx(expected)


def test_groups_alike_have_a_p_of_1():
    ((p, smallest),) = max_t([(*groups([2, 2], [2, 2]), [(0, 1)])])
    assert (p, smallest) == (1, 1)


def test_with_one_article_a_group_no_small_p_can_come_out():
    hits, size = groups([9, 9], [0], [1], [2])
    ((_, smallest),) = max_t([(hits, size, [*combinations(range(4), 2)])])
    assert smallest.min() >= 1 / 60
    ((p, smallest),) = max_t([(*groups([9], [0]), [(0, 1)])])
    assert (p, smallest) == (1, 1)  # both permutations are equally far apart


def test_max_t_at_random_is_near_the_exact_one(monkeypatch):
    exact = max_t([TOPIC])[0][0]
    monkeypatch.setattr(resampling, "MAX_SPLITS", 10)
    random, smallest = max_t([TOPIC], seed=1)[0]
    assert random == pytest.approx(exact, abs=0.02)
    assert (smallest >= 1e-4).all()
    assert (max_t([TOPIC], seed=1)[0][0] == random).all()
    assert (max_t([TOPIC], seed=2)[0][0] != random).any()


@pytest.mark.parametrize("splits", [10, resampling.MAX_SPLITS])
def test_neither_order_nor_names_matter_to_max_t(splits, monkeypatch):
    monkeypatch.setattr(resampling, "MAX_SPLITS", splits)
    hits, size, pairs = TOPIC
    before = max_t([TOPIC])[0][0]
    turned = [h[::-1] for h in hits], [m[::-1] for m in size], pairs
    assert (max_t([turned])[0][0] == before).all()
    renamed = [(2 - a, None if b is None else 2 - b) for a, b in pairs]
    assert max_t([(hits[::-1], size[::-1], renamed)])[0][0] == pytest.approx(before, abs=1e-12)


def test_blocks_of_permutations_do_not_matter(monkeypatch):
    hits = [np.arange(15.0), np.arange(20.0)]
    size = [np.full(15, 20.0), np.full(20, 20.0)]
    whole = permutation_test(hits, size, seed=3)
    monkeypatch.setattr(resampling, "BLOCK", 1000)
    assert permutation_test(hits, size, seed=3) == whole


def test_blocks_of_all_permutations_do_not_matter_either(monkeypatch):
    some = groups([1, 3, 4], [5, 9, 8, 2])  # 35 permutations of 7 articles
    whole = permutation_test(*some)
    monkeypatch.setattr(resampling, "BLOCK", 50)  # 7 at a time
    assert permutation_test(*some) == whole


def test_many_tests_are_the_same_as_one_by_one(monkeypatch):
    random = np.random.default_rng(1)
    tests = [
        groups(*(random.integers(0, 10, number) for number in numbers))
        for numbers in [(2, 3), (30, 20), (3, 2), (4,), (2, 2, 3), (30, 20), (9, 9, 9)]
    ]
    alone = [permutation_test(*test, seed=3) for test in tests]
    assert np.isnan(alone[3]).all()
    assert len({p for p, _ in alone}) == 6
    together = permutation_tests(tests, seed=3)
    np.testing.assert_array_equal(together, alone)
    monkeypatch.setattr(resampling, "BLOCK", 1000)
    np.testing.assert_array_equal(permutation_tests(tests, seed=3), alone)


def _many(share, number, seed):
    """Articles of one to three sentences: of so many, few kinds."""
    random = np.random.default_rng(seed)
    size = random.integers(1, 4, number)
    return random.binomial(size, share).astype(float), size.astype(float)


def test_articles_dealt_out_by_kind_have_the_p_of_fisher():
    """Where each article is one sentence, the sentences on the topic are hypergeometric."""
    first, second = np.zeros(1200), np.zeros(1500)
    first[:66], second[:56] = 1, 1
    p, smallest = permutation_test([first, second], [np.ones(1200), np.ones(1500)])
    hits = np.arange(123)
    chance = hypergeom(2700, 122, 1200).pmf(hits)
    apart = np.abs(hits / 1200 - (122 - hits) / 1500)
    exact = chance[apart >= apart[66] - 1e-12].sum()
    assert p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / DRAWS))
    assert smallest == 1 / (DRAWS + 1)


def test_what_is_dealt_out_by_kind_is_like_what_is_drawn(monkeypatch):
    three = [_many(0.1, 700, 1), _many(0.12, 900, 2), _many(0.1, 1400, 3)]
    hits, size = zip(*three, strict=True)
    topic = hits, size, [(0, 1), (1, 2), (0, None)]
    dealt = permutation_test(hits, size), max_t([topic])
    order = [2, 0, 1]
    again = permutation_test(
        [hits[group][::-1] for group in order], [size[group][::-1] for group in order]
    )
    assert again == dealt[0]
    other = [[_many(0.1, 1100, 4), _many(0.1, 1200, seed)] for seed in (5, 6)]
    other += [[_many(0.1, 20, 7), _many(0.1, 20, 8)]]
    tests = [(hits, size), *(tuple(zip(*both, strict=True)) for both in other)]
    assert permutation_tests(tests) == [permutation_test(*test) for test in tests]
    monkeypatch.setattr("analysis.estimates.resampling.DEALT_FROM", 10_000)
    drawn = permutation_test(hits, size), max_t([topic])
    assert drawn != dealt
    assert dealt[0] == pytest.approx(drawn[0], abs=0.02)
    assert dealt[1][0][0] == pytest.approx(drawn[1][0][0], abs=0.02)


def _alike(random):
    """Articles of few kinds, so that kinds are dealt out."""
    return _many(0.2, 3000, 1)


def _unlike(random):
    """Articles of so many kinds that each is dealt out by itself."""
    size = random.integers(100, 900, 3000)
    return random.binomial(size, 0.2).astype(float), size.astype(float)


@pytest.mark.parametrize(("made", "kinds"), [(_alike, True), (_unlike, False)])
@pytest.mark.parametrize("numbers", [(1000, 2000), (500, 1000, 1500), (10, 1, 2989)])
def test_every_article_is_dealt_out_once(made, kinds, numbers):
    hits, size = made(np.random.default_rng(1))
    table = np.stack([hits, size, hits * size], axis=1)
    cuts = np.cumsum(numbers)[:-1]
    test = np.split(np.column_stack([table, np.ones(3000)]), cuts)
    assert resampling.deals_kinds(test) == kinds
    sums = np.concatenate([*permuted_sums([test], numbers, seed=0)], axis=1)
    assert sums.shape == (len(numbers), DRAWS, 1, 3)
    assert (sums.sum(axis=0) == table.sum(axis=0)).all()
    means = sums[:, :, 0].mean(axis=1)
    for group, number in enumerate(numbers):
        own = number * (1 - number / 3000) * table.var(axis=0, ddof=1)
        assert sums[group, :, 0].var(axis=0) == pytest.approx(own, rel=0.06)
        off = 4 * np.sqrt(own / DRAWS)
        assert (np.abs(means[group] - number * table.mean(axis=0)) < off).all()


def test_of_many_articles_each_group_gets_as_many_and_no_pair_is_drawn_together_more_often():
    numbers = (30, 2, 968, 1000, 1)
    labels = resampling._drawn(numbers, 4000, np.random.default_rng(3))
    assert len(labels[0]) == 2001 > resampling.DEALT_FROM
    held = np.array([np.bincount(row, minlength=5) for row in labels])
    assert (held == numbers).all()
    # Where an article stands says nothing of its group, nor do its neighbours.
    last = labels == 3
    often = last.mean(axis=0)
    assert np.abs(often - 1000 / 2001).max() < 5 * np.sqrt(0.25 / 4000)
    together = (last[:, 1:] & last[:, :-1]).mean()
    assert together == pytest.approx(1000 * 999 / (2001 * 2000), abs=0.001)


def test_many_tests_of_many_articles_draw_what_each_draws_alone(monkeypatch):
    monkeypatch.setattr(resampling, "DEALT_FROM", 10)
    monkeypatch.setattr(resampling, "BLOCK", 400)
    random = np.random.default_rng(2)
    tests = [groups(random.integers(0, 9, 20), random.integers(0, 9, 20)) for _ in range(6)]
    assert permutation_tests(tests) == [permutation_test(*test) for test in tests]


def test_millions_of_articles_of_few_kinds_are_never_written_out(monkeypatch):
    def counted(*_):
        raise AssertionError("splits of millions were counted, or articles written out")

    tables = [of_articles(*_many(share, 1_500, 1)) * [1, 1, 2_000] for share in (0.2, 0.21, 0.2)]
    assert len(kinds_of(np.concatenate(tables))) == 9
    for name in ("permutations", "_drawn", "_sums"):
        monkeypatch.setattr(resampling, name, counted)
    ((p, _),) = permutation.permutation_tests([tables[:2]], 0)
    ((own, smallest),) = permutation.max_t([(tables, [(0, 1), (0, None)])], 0)
    assert p == own[0] == smallest[0] == 1 / (DRAWS + 1)  # a million articles show much
