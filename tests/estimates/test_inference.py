"""What may be said of groups, by worked cases that once went wrong; through the public API."""

import numpy as np
import pandas as pd
import pytest

import analysis as an


def spread(total, articles, size, *, seed=3, icc=0.15):
    """So many hits, over articles that differ as articles of this correlation do."""
    random = np.random.default_rng(seed)
    a = (1 - icc) / icc
    share = total / articles / size
    while True:
        hits = random.binomial(size, random.beta(share * a, (1 - share) * a, articles))
        if hits.sum() == total:
            return hits.tolist()


def counted(groups, *, size=10, topic="wind"):
    """A tally of articles of this size, from the hits of each article of each group."""
    rows = [
        {"party": name, "measure": "sentence_share", "topic": topic, "hits": hits, "size": size}
        for name, each in groups.items()
        for hits in each
    ]
    return an.merge(pd.DataFrame(rows).assign(articles=1))


def only(table):
    (row,) = table.to_frame().to_dict("records")
    return row


ORDER = ["not_distinguishable", "suggestive", "supported"]


def test_taking_hits_from_the_lower_group_never_lowers_the_status_or_raises_p():
    high = spread(203, 100, 10)
    rows = [
        only(an.contrasts(counted({"A": high, "B": [1] * k + [0] * (100 - k)})))
        for k in (0, 1, 2, 3, 5)
    ]
    assert [row["p_value"] for row in rows] == sorted(row["p_value"] for row in rows)
    assert {row["status"] for row in rows} == {"supported"}
    assert all(row["p_value"] < 1e-10 and row["conf_low"] > 0.1 for row in rows)


def test_766_of_4000_sentences_against_none():
    row = only(an.contrasts(counted({"A": spread(766, 100, 40), "B": [0] * 100}, size=40)))
    assert row["p_value"] < 1e-10
    assert row["status"] == "supported"


def test_37_of_50_articles_against_none_of_20():
    random = np.random.default_rng(8)
    while True:
        size = random.multinomial(520 - 50 * 4, np.full(50, 0.02)) + 4
        hits = random.binomial(size, random.beta(1.1, 5, 50))
        if hits.sum() == 86 and (hits > 0).sum() == 37:
            break
    silent = np.repeat([11, 12], [16, 4])
    high = pd.DataFrame({"party": "A", "hits": hits, "size": size})
    low = pd.DataFrame({"party": "B", "hits": 0, "size": silent})
    table = pd.concat([high, low]).assign(measure="sentence_share", topic="wind", articles=1)
    row = only(an.contrasts(an.merge(table)))
    assert (row["hits_target"], row["size_target"]) == (86, 520)
    assert (row["hits_reference"], row["size_reference"]) == (0, 224)
    assert row["p_value"] < 0.01
    assert row["status"] == "supported"


def test_a_test_and_an_interval_that_disagree_say_so():
    tally = counted({"A": [4, 5, 3, 6, 4], "B": [1, 2, 1, 0, 2]})
    level = 1 - only(an.contrasts(tally))["p_value"]
    said = []
    for each in np.linspace(level - 0.05, min(level + 0.05, 0.9999), 60):
        row = only(an.contrasts(tally, conf_level=each))
        said.append("test_and_interval_disagree" in row["warnings"].split())
        assert said[-1] == ((row["p_value"] <= 1 - each) != (row["conf_low"] > 0))
    assert 0 < sum(said) < len(said)


def test_the_smallest_p_is_the_one_of_these_articles():
    tally = counted({"A": [4, 4, 0, 0, 0], "B": [0] * 5}, size=20)
    for row in (only(an.contrasts(tally)), only(an.omnibus(tally))):
        # The two articles stand in one group in 112 of 252 splits, and none is more extreme.
        assert row["permutation_p"] == row["permutation_p_min"] == 112 / 252


def test_groups_that_cannot_be_compared_do_not_count_in_the_family():
    two = {"A": [3, 4, 3, 2, 3], "B": [1, 1, 1, 1, 1]}  # the pooled share is .2
    before = only(an.contrasts(counted(two)))
    more = counted(two | {f"C{number}": [2] for number in range(7)})
    after = an.contrasts(more).to_frame().set_index(["target", "reference"])
    assert before["p_adjusted"] == before["p_value"]
    assert after.loc[("A", "B"), "p_adjusted"] == pytest.approx(before["p_adjusted"])
    assert after["p_adjusted"].notna().sum() == after["p_strict"].notna().sum() == 1


def test_topics_without_a_hit_and_full_confounds_do_not_count_in_the_family():
    three = {"A": [3, 4, 3, 2, 3], "B": [1, 1, 1, 1, 1], "C": [2, 2, 0, 3]}
    silent = counted(dict.fromkeys("ABC", [0] * 5), topic="sun")
    both = an.merge(counted(three), silent).to_frame()
    outlets = {"A": ["Mail"], "B": ["Mail", "Post"], "C": ["Post"]}
    apart = both.assign(outlet=both["party"].map(outlets)).explode("outlet")
    found = an.contrasts(apart, within="outlet").to_frame()
    wind, sun = (found[found["topic"] == topic] for topic in ("wind", "sun"))
    assert wind["p_adjusted"].isna().to_list() == [False, True, False]
    assert wind["p_strict"].equals(wind["p_adjusted"])
    assert sun["p_adjusted"].isna().all()


def test_a_null_says_how_far_apart_and_what_would_have_been_seen():
    random = np.random.default_rng(4)
    few, many = (
        only(
            an.contrasts(
                counted({name: random.binomial(20, 0.2, n).tolist() for name in "AB"}, size=20)
            )
        )
        for n in (8, 80)
    )
    for row in (few, many):
        assert row["at_most_apart"] >= abs(row["estimate"])
        assert row["at_most_apart"] <= max(abs(row["conf_low"]), abs(row["conf_high"]))
    assert many["at_most_apart"] < few["at_most_apart"]
    assert many["could_have_shown"] < few["could_have_shown"]
    # About 1,600 sentences a group, hardly alike within articles.
    assert 0.03 < many["could_have_shown"] < 0.07


def test_how_many_articles_are_needed():
    assert an.articles_needed(0.10, 0.20) == 197
    for shares in ((0.1, 0.1), (0, 0.1), (0.1, 1.2)):
        with pytest.raises(an.InputError, match="are not two different shares between 0 and 1"):
            an.articles_needed(*shares)


def test_the_prior_is_that_of_the_unit_and_the_length():
    short = counted({"A": [3, 4, 3, 2, 3], "B": [1, 1, 1, 1, 1]}, size=20)
    words = short.table.assign(measure="per_1000_words", size=20 * 22)
    both = an.merge(short.table, words)
    for function in (an.emphasis, an.contrasts):
        used = [
            function(both, measure=m).provenance["prior"]
            for m in ("sentence_share", "per_1000_words")
        ]
        assert used[0] == {"rho": 0.2, "df": 4}
        assert used[1]["rho"] == pytest.approx(0.2 / 22)
        long = counted({"A": [30] * 5, "B": [10] * 5}, size=400)
        root = np.sqrt(39 / 399)
        assert function(long).provenance["prior"]["rho"] == pytest.approx(0.2 * root)
    narrow, wide = (
        an.emphasis(table, measure="per_1000_words").to_frame() for table in (both, an.merge(words))
    )
    widths = [frame["conf_high"] - frame["conf_low"] for frame in (narrow, wide)]
    assert (widths[0] < widths[1]).all()


def test_each_against_the_rest_finds_what_pairs_do_not():
    """Nine groups of twenty articles, one at .30 and eight at .10; a topic is a corpus."""
    random = np.random.default_rng(5)
    many, articles, icc = 12, 20, 0.15
    drawn = []
    for group, share in zip("ABCDEFGHI", [0.3, *[0.1] * 8], strict=True):
        size = random.integers(5, 61, (many, articles))
        a = (1 - icc) / icc
        hits = random.binomial(size, random.beta(share * a, (1 - share) * a, size.shape))
        topic = np.repeat([f"t{n:02}" for n in range(many)], articles)
        cells = {"topic": topic, "hits": hits.ravel(), "size": size.ravel()}
        drawn.append(pd.DataFrame(cells).assign(party=group))
    table = pd.concat(drawn).assign(measure="sentence_share", articles=1)
    rest = an.contrasts(table, reference="rest").to_frame()
    found = rest[(rest["target"] == "A") & (rest["status"] == "supported")]
    assert len(found) >= 10  # .98 of corpora
    pairs = an.contrasts(table, reference="pairs").to_frame()
    own = pairs[pairs["target"] == "A"].groupby("topic")["status"]
    assert own.agg(lambda status: (status == "supported").all()).sum() <= 5  # .09 of corpora
