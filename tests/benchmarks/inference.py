"""Tests and intervals in simulated corpora whose truth is known, beside the rivals of a referee.

    python tests/benchmarks/inference.py [PART ...]

writes inference.csv beside this file, some minutes on one core; with parts (tests, law, intervals,
groups, within, planning, slopes), only their rows are made anew. Every design has seeds of its own,
so that none moves another. A row is a design, a method and a quantity: `value` with its standard
error `mc_error`, of so many `corpora`.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from inference_rivals import RIVALS, moments
from scipy.special import expit, logit, stdtr

from analysis.estimates.edge import difference
from analysis.estimates.effective import limits, pooled, pooled_df, prior_correlation
from analysis.estimates.intervals import Moments, holm, moderated
from analysis.estimates.planning import articles_needed, at_most_apart, could_have_shown
from analysis.estimates.slopes import slope
from analysis.estimates.within import within

ALPHA = 0.05
NEWS = np.arange(5, 61)  # sentences of an article
LONG = np.arange(300, 1501)  # of a manifesto
WORDS = 22  # of a sentence, where words are counted
MANY = 3000


@dataclass(frozen=True)
class Group:
    """How the articles of a group come about; `touched`: the part that touches the topic at all."""

    articles: int
    share: float
    icc: float
    touched: float = 1.0
    unit: str = "sentences"

    def draw(self, random, corpora):
        lengths = LONG if self.unit == "long" else NEWS
        size = random.choice(lengths, (corpora, self.articles))
        size = size * (WORDS if self.unit == "words" else 1)
        if self.share == 0:
            return np.zeros(size.shape), size.astype(float)
        a, mean = (1 - self.icc) / self.icc, self.share / self.touched
        propensity = random.beta(mean * a, (1 - mean) * a, size.shape)
        propensity *= random.random(size.shape) < self.touched
        return random.binomial(size, propensity).astype(float), size.astype(float)


def alike(*, n, **of):
    return Group(n, **of), Group(n, **of)


ALIKE = {
    f"{name}, {n} articles": alike(n=n, **of)
    for n in (2, 3, 5, 10, 20, 100)
    for name, of in {
        "share .10 ICC .15": {"share": 0.10, "icc": 0.15},
        "share .10 ICC .50": {"share": 0.10, "icc": 0.50},
        "share .30 ICC .30": {"share": 0.30, "icc": 0.30},
        "share .02 ICC .15": {"share": 0.02, "icc": 0.15},
        "share .02 ICC .50": {"share": 0.02, "icc": 0.50},
        "bursty .10": {"share": 0.10, "icc": 0.15, "touched": 0.4},
        "bursty .30": {"share": 0.30, "icc": 0.15, "touched": 0.4},
    }.items()
}
UNEQUAL = {
    f"ICC {icc} v .05, {n1}/{n2} articles, share {share}": (
        Group(n1, share, icc),
        Group(n2, share, 0.05),
    )
    for icc, n1, n2, shares in (
        (0.5, 5, 20, (0.05, 0.15)),
        (0.5, 5, 50, (0.05, 0.15)),
        (0.5, 2, 50, (0.10,)),
        (0.5, 20, 20, (0.03, 0.10)),
        (0.5, 20, 50, (0.03,)),
        (0.5, 100, 100, (0.03,)),
        (0.5, 20, 5, (0.05, 0.15)),
        (0.3, 10, 40, (0.05, 0.15)),
        (0.3, 20, 20, (0.05, 0.15)),
        (0.3, 40, 10, (0.05, 0.15)),
    )
    for share in shares
} | {
    f"bursty v ICC .05, {n1}/{n2} articles, share .10": (
        Group(n1, 0.10, 0.15, 0.4),
        Group(n2, 0.10, 0.05),
    )
    for n1, n2 in ((5, 50), (10, 40), (20, 20))
}
APART = {
    f"{p1} v {p2}, {n1}/{n2} articles, ICC {icc}": (Group(n1, p1, icc), Group(n2, p2, icc))
    for p1, p2, n1, n2, icc in (
        (0.2, 0, 5, 5, 0.15),
        (0.1, 0, 20, 20, 0.15),
        (0.05, 0, 100, 100, 0.15),
        (0.1, 0, 20, 20, 0.3),
        (0.02, 0, 100, 100, 0.15),
        (0.2, 0, 50, 5, 0.15),
        (0.1, 0, 50, 20, 0.15),
        (0.4, 0.1, 5, 5, 0.15),
        (0.2, 0.02, 10, 10, 0.15),
        (0.1, 0.02, 20, 20, 0.15),
        (0.1, 0.02, 20, 20, 0.3),
        (0.2, 0.1, 20, 20, 0.05),
        (0.2, 0.1, 50, 50, 0.15),
        (0.2, 0.1, 50, 50, 0.3),
        (0.3, 0.05, 5, 20, 0.15),
        (0.3, 0.05, 20, 5, 0.15),
        (0.2, 0.05, 10, 40, 0.15),
        (0.2, 0.05, 40, 10, 0.15),
        (0.05, 0.01, 100, 100, 0.3),
    )
}
OTHER = {
    "false": {
        f"words, share .005 ICC .003, {n} articles": alike(
            n=n, share=0.005, icc=0.003, unit="words"
        )
        for n in (5, 10, 40)
    }
    | {
        f"long texts, share .10 ICC {icc}, {n} articles": alike(
            n=n, share=0.10, icc=icc, unit="long"
        )
        for n in (5, 10)
        for icc in (0.01, 0.05)
    },
    "power": {
        "words .005 v .010, ICC .003, 10 articles": (
            Group(10, 0.005, 0.003, unit="words"),
            Group(10, 0.010, 0.003, unit="words"),
        ),
        "words .010 v .020, ICC .003, 10 articles": (
            Group(10, 0.010, 0.003, unit="words"),
            Group(10, 0.020, 0.003, unit="words"),
        ),
        "long texts .10 v .20, ICC .05, 5 articles": (
            Group(5, 0.10, 0.05, unit="long"),
            Group(5, 0.20, 0.05, unit="long"),
        ),
        "long texts .10 v .15, ICC .01, 5 articles": (
            Group(5, 0.10, 0.01, unit="long"),
            Group(5, 0.15, 0.01, unit="long"),
        ),
    },
}


def drawn(groups, seed, corpora):
    random = np.random.default_rng(seed)
    return [group.draw(random, corpora) for group in groups]


def two(corpus):
    """The sums of two groups, of both along the last axis, and the hits and units of both."""
    sums = [moments(*side) for side in corpus]
    together = stacked(sums)
    return *sums, together, (together.sx.sum(axis=-1), together.sm.sum(axis=-1))


def stacked(sums):
    names = ("n", "n_pos", "sx", "sm", "sxx", "sxm", "smm")
    return Moments(*(np.stack([getattr(one, n) for one in sums], axis=-1) for n in names))


def prior_of(together, unit):
    m_star = together.smm.sum(axis=-1) / together.sm.sum(axis=-1)
    return prior_correlation(m_star, words=WORDS if unit == "words" else 1)


def guarded(corpus, unit="sentences", **of):
    first, second, together, total = two(corpus)
    prior = prior_of(together, unit)
    return difference(
        first, second, everyone=pooled(together), total=total, prior=(prior, 4.0), **of
    )


def rate(values, **about):
    values = np.asarray(values, float)
    value, number = float(values.mean()), len(values)
    error = np.sqrt(max(value * (1 - value), 1 / number) / number)
    return about | {"value": value, "mc_error": float(error), "corpora": number}


def tests():
    """False positives where groups are alike, and power where they are not."""
    cases = [("false", name, groups) for name, groups in (ALIKE | UNEQUAL).items()]
    cases += [("power", name, groups) for name, groups in APART.items()]
    cases += [(what, *case) for what, own in OTHER.items() for case in own.items()]
    for number, (what, name, groups) in enumerate(cases):
        corpus = drawn(groups, [1, number], MANY)
        about = {"part": "tests", "design": name, "quantity": what}
        found = guarded(corpus, groups[0].unit)
        yield rate(found.p_value <= ALPHA, **about, method="guarded")
        apart = (found.low > 0) | (found.high < 0)
        yield rate((found.p_value <= ALPHA) & apart, **about, method="guarded and limits")
        disagree = about | {"quantity": "test and limits disagree"}
        excludes = (found.low > 0) | (found.high < 0)
        yield rate((found.p_value <= ALPHA) != excludes, **disagree, method="guarded")
        truth = groups[0].share - groups[1].share
        held = (found.low <= truth) & (truth <= found.high)
        yield rate(held, **about | {"quantity": "coverage of the difference"}, method="guarded")
        for rival, (test, most) in RIVALS.items():
            p = test([(hits[:most], size[:most]) for hits, size in corpus])
            yield rate(p <= ALPHA + 1e-12, **about, method=rival)


def law():
    """How often taking one hit from the lower group, at random, raises p or loses the finding."""
    for number, (name, groups) in enumerate((UNEQUAL | APART).items()):
        corpus = drawn(groups, [2, number], 1000)
        random = np.random.default_rng([3, number])
        shares = [hits.sum(axis=1) / size.sum(axis=1) for hits, size in corpus]
        lower = np.where(shares[0] < shares[1], 0, 1)
        less = [
            (without_one(random, hits, lower == side), size)
            for side, (hits, size) in enumerate(corpus)
        ]
        had = np.where(lower == 0, corpus[0][0].sum(axis=1), corpus[1][0].sum(axis=1)) > 0
        had &= shares[0] != shares[1]
        if not had.any():
            continue
        methods = {"guarded": lambda both: guarded(both).p_value} | {
            rival: RIVALS[rival][0] for rival in ("today", "half", "score", "likelihood ratio")
        }
        for method, test in methods.items():
            before, after = test(corpus)[had], test(less)[had]
            about = {"part": "law", "design": name, "method": method}
            yield rate(after > before * (1 + 1e-9), **about, quantity="p rises")
            lost = (before <= ALPHA) & (after > ALPHA)
            yield rate(lost, **about, quantity="finding is lost")


def without_one(random, hits, here):
    """The hits with one taken from a random one of them, in the corpora that are named."""
    up_to = np.cumsum(hits, axis=1)
    chosen = random.random(len(hits)) * up_to[:, -1]
    place = np.minimum((up_to <= chosen[:, None]).sum(axis=1), hits.shape[1] - 1)
    less, rows = hits.copy(), np.arange(len(hits))
    less[rows, place] -= here & (up_to[:, -1] > 0)
    return less


def intervals():
    """Coverage and width of the interval of one group, with three priors and two kinds of df."""
    units = {
        "sentences, share .10 ICC .15": {"share": 0.10, "icc": 0.15},
        "sentences, share .02 ICC .15": {"share": 0.02, "icc": 0.15},
        "sentences, share .10 ICC .50": {"share": 0.10, "icc": 0.50},
        "sentences, bursty .10": {"share": 0.10, "icc": 0.15, "touched": 0.4},
        "words, share .005 ICC .001": {"share": 0.005, "icc": 0.001, "unit": "words"},
        "words, share .005 ICC .003": {"share": 0.005, "icc": 0.003, "unit": "words"},
        "words, share .005 ICC .010": {"share": 0.005, "icc": 0.010, "unit": "words"},
        "words, bursty .005": {"share": 0.005, "icc": 0.003, "touched": 0.4, "unit": "words"},
        "long texts, share .10 ICC .01": {"share": 0.10, "icc": 0.01, "unit": "long"},
        "long texts, share .10 ICC .05": {"share": 0.10, "icc": 0.05, "unit": "long"},
        "long texts, share .10 ICC .15": {"share": 0.10, "icc": 0.15, "unit": "long"},
        "long texts, share .01 ICC .01": {"share": 0.01, "icc": 0.01, "unit": "long"},
    }
    number = 0
    for name, of in units.items():
        for n in (1, 2, 5, 10, 20, 100):
            number += 1
            groups = alike(n=n, **of)
            _, _, together, _ = two(drawn(groups, [4, number], MANY))
            everyone, unit = pooled(together), groups[0].unit
            m_star = together.smm.sum(axis=-1) / together.sm.sum(axis=-1)
            for method, (low, high) in of_priors(together, everyone, m_star, unit).items():
                about = {"part": "intervals", "design": f"{name}, {n} articles", "method": method}
                held = (low <= of["share"]) & (of["share"] <= high)
                yield rate(held.ravel(), **about, quantity="coverage")
                width = high - low
                yield about | {
                    "quantity": "width",
                    "value": float(width.mean()),
                    "mc_error": float(width.std() / np.sqrt(width.size)),
                    "corpora": width.size,
                }


def of_priors(groups, everyone, m_star, unit):
    """The limits of each group by each prior: as today, falling beyond 40, with a cap on m*."""
    words = WORDS if unit == "words" else 1
    flat, root = np.full_like(m_star, 0.2 / words), prior_correlation(m_star, words=words)
    priors = {"rho0 .20": flat * words, "falling by the root": root}
    priors["falling with 1 / m*"] = root**2 / flat
    found = {}
    for name, prior in priors.items():
        own = moderated(groups, everyone.rho(prior)[:, None])
        found[name] = own.low, own.high
        found[f"{name}, pooled df"] = limits(
            groups, own.n_eff, pooled_df(groups, _each(everyone)), 0.95
        )
    # deff0 = 1 + (min(m*, 40) - 1) rho, the cap also on what the data say.
    rho = everyone.rho(flat)
    capped = rho * (np.minimum(m_star, 40 * words) - 1) / (m_star - 1)
    own = moderated(groups, capped[:, None])
    found["m* at most 40"] = limits(groups, own.n_eff, pooled_df(groups, _each(everyone)), 0.95)
    return found


def _each(everyone):
    """The pool with a last axis for the groups."""
    return type(everyone)(*(getattr(everyone, n)[..., None] for n in ("top", "bottom", "nu", "df")))


def groups():
    """Several groups: findings of a topic that are false, and whether one high group is found."""
    for number, (how_many, n, high) in enumerate(
        ((4, 5, 0.1), (4, 20, 0.1), (9, 5, 0.1), (9, 20, 0.1), (9, 20, 0.3), (9, 12, 0.3))
    ):
        own = [Group(n, high if place == 0 else 0.1, 0.15) for place in range(how_many)]
        sums = [moments(*side) for side in drawn(own, [5, number], 600)]
        together = stacked(sums)
        everyone = pooled(together)
        total = together.sx.sum(axis=-1), together.sm.sum(axis=-1)

        def p_of(first, second, everyone=everyone, total=total):
            return difference(first, second, everyone=everyone, total=total).p_value

        pairs = [(i, j) for i in range(how_many) for j in range(i + 1, how_many)]
        by_pairs = np.stack([p_of(sums[i], sums[j]) for i, j in pairs], axis=1)
        rest = [added([s for j, s in enumerate(sums) if j != i]) for i in range(how_many)]
        by_rest = np.stack(
            [p_of(one, other) for one, other in zip(sums, rest, strict=True)], axis=1
        )
        name = f"{how_many} groups, {n} articles, one at {high} and the others at .10"
        for method, p in (("pairs", by_pairs), ("each against the rest", by_rest)):
            adjusted = np.stack([holm(row) for row in p])
            about = {"part": "groups", "design": name, "method": method}
            if high == 0.1:
                yield rate((adjusted <= ALPHA).any(axis=1), **about, quantity="false in a topic")
                continue
            if method == "pairs":
                places = [place for place, pair in enumerate(pairs) if 0 in pair]
                most = (adjusted[:, places] <= ALPHA).all(axis=1)
                yield rate(most, **about, quantity="high group found, all its pairs")
                yield rate(
                    (adjusted[:, places] <= ALPHA).mean(axis=1) > 0.5,
                    **about,
                    quantity="high group found, most of its pairs",
                )
            else:
                yield rate(adjusted[:, 0] <= ALPHA, **about, quantity="high group found")


def added(sums):
    names = ("n", "n_pos", "sx", "sm", "sxx", "sxm", "smm")
    return Moments(*(sum(getattr(one, n) for one in sums) for n in names))


def within_outlets():
    """Two groups, two outlets: how often the raw contrast and both contrasts find a difference."""
    number = 0
    for effect, own_parts in ((1.0, (0.5, 0.75, 0.9, 0.975)), (2.0, (0.5, 0.75))):
        for own in own_parts:
            for n in (20, 40, 100):
                for outlets in ((0.1, 0.3), (0.1, 0.1)) if effect == 2 else ((0.1, 0.3),):
                    number += 1
                    yield from one_confounder(number, n, own, outlets, effect)


def one_confounder(number, n, own, outlets, effect):
    random = np.random.default_rng([6, number])
    corpora = 1500
    cells = []
    for side in (0, 1):
        mine = round(own * n)
        numbers = (mine, n - mine) if side == 0 else (n - mine, mine)
        times = effect if side == 1 else 1.0
        cells.append(
            [
                Group(articles, share * times, 0.15).draw(random, corpora)
                for articles, share in zip(numbers, outlets, strict=True)
            ]
        )
    raw = [
        tuple(np.concatenate(parts, axis=1) for parts in zip(*side, strict=True)) for side in cells
    ]
    found = guarded(raw)
    first, second, together, (hits, units) = two(raw)
    strata = [stacked([moments(*cell) for cell in side]) for side in cells]
    name = (
        f"{n} articles, {own:.1%} own outlet, outlets {outlets[0]}/{outlets[1]}, times {effect:g}"
    )
    quantity = "false" if effect == 1 else "power"
    about = {"part": "within", "design": name, "quantity": quantity}
    apart = (found.low > 0) | (found.high < 0)
    yield rate((found.p_value <= ALPHA) & apart, **about, method="raw alone")
    pools = {
        "both, rho over groups": pooled(together),
        "both, rho over cells": pooled(strata[0]) + pooled(strata[1]),
    }
    for method, everyone in pools.items():
        inside = within(*strata, rho=everyone.rho(np.array(0.2)), share=hits / units)
        both = (found.p_value <= ALPHA) & (inside.p_value <= ALPHA)
        both &= np.sign(first.p - second.p) == np.sign(inside.difference)
        yield rate(both & apart, **about, method=method)


def planning():
    """Power at the answers of the planning functions, and how far `at_most_apart` holds."""
    m_mean, m_star = NEWS.mean(), (NEWS.astype(float) ** 2).mean() / NEWS.mean()
    for number, (p1, p2, icc) in enumerate(
        (
            *((0.1, 0.2, icc) for icc in (0.05, 0.15, 0.3)),
            *((0.05, 0.1, icc) for icc in (0.05, 0.15, 0.3)),
            *((0.1, 0.3, icc) for icc in (0.05, 0.15, 0.3)),
            (0.02, 0.05, 0.15),
            (0.2, 0.5, 0.15),
            (0.1, 0.25, 0.05),
            (0.1, 0.4, 0.05),
        )
    ):
        n = articles_needed(p1, p2, sizes=(m_mean, m_star), rho=icc)
        corpus = drawn((Group(n, p1, icc), Group(n, p2, icc)), [7, number], MANY)
        about = {"part": "planning", "design": f"{p1} v {p2}, ICC {icc}: {n} articles"}
        p = guarded(corpus).p_value
        yield rate(p <= ALPHA, **about, method="articles_needed", quantity="power")
    for number, (share, n, icc) in enumerate(
        ((0.1, 10, 0.15), (0.1, 20, 0.15), (0.1, 50, 0.15), (0.05, 50, 0.3), (0.3, 20, 0.15))
    ):
        pilot = drawn(alike(n=n, share=share, icc=icc), [8, number], 400)
        _, _, together, (hits, units) = two(pilot)
        everyone = pooled(together)
        rho = everyone.rho(np.array(0.2))[:, None]
        size = together.sm / (1 + (together.smm / together.sm - 1) * rho)
        df = pooled_df(together, _each(everyone)).min(axis=-1)
        shown = could_have_shown(hits / units, size[:, 0], size[:, 1], df)
        d = float(np.median(shown))
        corpus = drawn((Group(n, share + d, icc), Group(n, share, icc)), [9, number], MANY)
        about = {"part": "planning", "design": f"share {share} ICC {icc}, {n} articles: {d:.3f}"}
        p = guarded(corpus).p_value
        yield rate(p <= ALPHA, **about, method="could_have_shown", quantity="power")
        found = guarded(pilot, conf_level=0.90)
        most = at_most_apart(found.low, found.high)
        corpus = drawn((Group(n, share + 0.1, icc), Group(n, share, icc)), [10, number], MANY)
        found = guarded(corpus, conf_level=0.90)
        yield rate(
            at_most_apart(found.low, found.high) < 0.1,
            **about | {"design": f"share {share} and .10 more, ICC {icc}, {n} articles"},
            method="at_most_apart",
            quantity="below the true difference",
        )
        yield about | {
            "design": f"share {share} ICC {icc}, {n} articles",
            **{"method": "at_most_apart", "quantity": "median where alike"},
            **{"value": float(np.median(most)), "mc_error": 0.0, "corpora": len(most)},
        }


def slopes():
    """Trends found where periods drift without a direction, and where there is one."""
    number = 0
    for periods in (4, 6, 10):
        for n in (5, 20, 100):
            for shock in (0.0, 0.3, 0.6):
                for true in (0.0, 0.2):
                    number += 1
                    yield from one_slope([11, number], periods, n, shock, true)


def one_slope(seed, periods, n, shock, true):
    random = np.random.default_rng(seed)
    corpora, times = 2000, np.arange(float(periods))
    centre = logit(0.1) + true * (times - times.mean())
    shares = expit(centre + shock * random.standard_normal((corpora, periods)))
    size = random.choice(NEWS, (corpora, periods, n))
    a = (1 - 0.15) / 0.15
    propensity = random.beta(
        *(np.repeat(s[..., None] * a, n, axis=-1) for s in (shares, 1 - shares))
    )
    hits = random.binomial(size, propensity).astype(float)
    sums = moments(hits, size.astype(float))
    everyone = pooled(sums)
    own = moderated(sums, everyone.rho(np.array(0.2))[:, None])
    found = slope(times, sums.p, own.n_eff)
    error = found.std_error / found.scale
    df = own.df.sum(axis=-1)  # many: chance comes from articles alone
    unscaled = 2 * stdtr(df, -np.abs(found.slope / error))
    about = {
        "part": "slopes",
        "design": f"{periods} periods, {n} articles, shocks {shock}, slope {true}",
        "quantity": "false" if true == 0 else "power",
    }
    yield rate(found.p_value <= ALPHA, **about, method="scaled, t(T - 2)")
    yield rate(unscaled <= ALPHA, **about, method="today")
    change = expit(centre[-1]) - expit(centre[0])
    about["quantity"] = "coverage of the change"
    held = (found.change_low <= change) & (change <= found.change_high)
    yield rate(held, **about, method="scaled, t(T - 2)")


PARTS = {
    "tests": tests,
    "law": law,
    "intervals": intervals,
    "groups": groups,
    "within": within_outlets,
    "planning": planning,
    "slopes": slopes,
}
COLUMNS = ["part", "design", "method", "quantity", "value", "mc_error", "corpora"]


def main(chosen):
    place = Path(__file__).with_suffix(".csv")
    old = pd.read_csv(place) if place.exists() and chosen else pd.DataFrame(columns=COLUMNS)
    tables = []
    for name, part in PARTS.items():
        if chosen and name not in chosen:
            tables.append(old[old["part"] == name])
        else:
            tables.append(pd.DataFrame(part(), columns=COLUMNS).round(5))
            print(name, len(tables[-1]), flush=True)
    table = pd.concat([one for one in tables if len(one)], ignore_index=True)
    table.to_csv(place, index=False, lineterminator="\n", float_format="%.6g")


if __name__ == "__main__":
    main(sys.argv[1:])
