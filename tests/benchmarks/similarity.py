"""How often the interval of `similarity` holds the distance of the populations, and how fast it is.

    python tests/benchmarks/similarity.py > tests/benchmarks/similarity.csv
    python tests/benchmarks/similarity.py speed > tests/benchmarks/similarity_speed.csv

An article has ``length`` matches of topics (or words), uniform between half and one and a half of
it, or lognormal with that median: a few articles are then ten times as long as others. Shares
differ from article to article (Dirichlet): the intra-article correlation is 1/(1 + concentration).
The populations are the same, near or far; ``articles`` of either group. ``refused`` is the share of
runs without an interval; coverage and width are those of the others. The rules were chosen on
``topics`` and ``words``, and the expansion for few articles on ``two topics`` too, with another
seed; the last three designs were made afterwards and have changed no rule. Names of designs after
the command run these alone.
"""

import sys
import time
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.io.csv import to_csv
from analysis.words.distances import PROXIMITIES, REPLICATES, jensen_shannon, similarity


class Design(NamedTuple):
    populations: dict  # how often each feature is used; the first of the two groups is "same"
    concentration: float
    length: int
    lognormal: bool
    articles: tuple  # of either group
    runs: int
    seed: int


def zipf(words, exponent=1.0):
    return np.arange(1.0, words + 1) ** -exponent


def tilted(shares, by, seed):
    return shares * np.exp(by * np.random.default_rng(seed).normal(size=len(shares)))


TOPICS, EIGHT = np.array([0.4, 0.3, 0.2, 0.1]), 0.5 ** np.arange(8)
SMALL, LARGE = zipf(200), zipf(4000, 1.3)
EVEN = ((5, 5), (10, 10), (20, 20))
UNEVEN = ((5, 5), (12, 12), (30, 30), (6, 24))
DESIGNS = {
    "topics": Design(
        {"same": TOPICS, "near": [0.25, 0.3, 0.25, 0.2], "far": TOPICS[::-1]},
        *(8, 12, False, EVEN, 150, 1),
    ),
    "words": Design({"same": zipf(2000), "far": tilted(zipf(2000), 1, 3)}, 300, 300, False, EVEN,
                    20, 1),
    "two topics, long articles": Design(
        {"same": [0.85, 0.15], "near": [0.75, 0.25], "far": [0.4, 0.6]},
        *(20, 40, False, UNEVEN, 150, 171),
    ),
    "eight topics, bursty": Design(
        {"same": EIGHT, "near": tilted(EIGHT, 0.4, 72), "far": EIGHT[::-1]},
        *(4, 10, True, UNEVEN, 150, 172),
    ),
    "200 words": Design(
        {"same": SMALL, "near": tilted(SMALL, 0.3, 73), "far": tilted(SMALL, 1.2, 73)},
        *(50, 80, True, ((6, 6), (25, 25)), 60, 173),
    ),
    "4000 words, steep": Design(
        {"same": LARGE, "far": tilted(LARGE, 0.7, 74)},
        *(1000, 250, True, ((6, 6), (25, 25)), 20, 174),
    ),
}  # fmt: skip


def articles(rng, party, shares, number, concentration, length, lognormal=False):
    propensities = rng.gamma(np.maximum(concentration * shares, 1e-3), size=(number, len(shares)))
    propensities /= propensities.sum(axis=1, keepdims=True)
    if lognormal:
        lengths = np.ceil(length * rng.lognormal(sigma=0.8, size=number)).astype(int)
    else:
        lengths = rng.integers(length // 2, length * 3 // 2 + 1, size=number)
    counts = rng.multinomial(lengths, propensities)
    doc_id, feature = np.nonzero(counts)
    count = counts[doc_id, feature]
    return pd.DataFrame({"party": party, "doc_id": doc_id, "feature": feature, "count": count})


def coverage(name, measure, apart, numbers):
    design = DESIGNS[name]
    here, there = (np.array(design.populations[which]) for which in ("same", apart))
    here, there = here / here.sum(), there / there.sum()
    truth = float(PROXIMITIES[measure](here, there))
    rng = np.random.default_rng(design.seed)
    texts = (design.concentration, design.length, design.lognormal)
    rows = []
    for run in range(design.runs):
        groups = [
            articles(rng, party, shares, number, *texts)
            for party, shares, number in zip("AB", (here, there), numbers, strict=True)
        ]
        rows.append(similarity(pd.concat(groups), "party", measure=measure, seed=run).to_frame())
    pairs = pd.concat(rows)
    given = pairs[pairs["status"] == "estimated"]
    holds = given["conf_low"].le(truth + 1e-9) & given["conf_high"].ge(truth - 1e-9)
    found = {
        "truth": truth,
        "mean_estimate": pairs["estimate"].mean(),
        "mean_if_alike": pairs["if_alike"].mean(),
        "refused": 1 - len(given) / design.runs,
        "coverage": holds.mean(),
        "mean_width": (given["conf_high"] - given["conf_low"]).mean(),
    }
    names = {"design": name, "measure": measure, "populations": apart}
    of_either = "{} and {}".format(*numbers) if numbers[0] != numbers[1] else str(numbers[0])
    rounded = {key: round(float(value), 3) for key, value in found.items()}
    return names | {"articles": of_either, "runs": design.runs} | rounded


def speed(number=5000, some=20):
    """10,000 articles: ours, and a loop that draws and deals them one replicate after the other."""
    rng = np.random.default_rng(1)
    table = pd.concat([articles(rng, party, SMALL, number, 50, 80) for party in "AB"])
    wide = table.pivot_table(
        index=["party", "doc_id"], columns="feature", values="count", fill_value=0
    ).to_numpy()

    def loop():
        for _ in range(some):
            drawn = [rng.integers(number, size=number), number + rng.integers(number, size=number)]
            dealt = np.split(rng.permutation(len(wide)), 2)
            for first, second in (drawn, dealt):
                sums = [wide[rows].sum(axis=0) for rows in (first, second)]
                jensen_shannon(*(each / each.sum() for each in sums))

    seconds = {"similarity": [], "loop": []}
    for _ in range(3):
        for way, work in (("similarity", lambda: similarity(table, "party")), ("loop", loop)):
            begun = time.process_time()
            work()
            seconds[way].append(time.process_time() - begun)
    ours, theirs = min(seconds["similarity"]), min(seconds["loop"]) * REPLICATES / some
    return [
        {"way": f"loop over replicates ({some} measured)", "cpu_seconds": round(theirs, 1)},
        {"way": "similarity", "cpu_seconds": round(ours, 2), "times_faster": round(theirs / ours)},
    ]


if __name__ == "__main__":
    table = speed() if "speed" in sys.argv[1:] else [
        coverage(name, measure, apart, numbers)
        for name, design in DESIGNS.items()
        if not sys.argv[1:] or name in sys.argv[1:]
        for measure in PROXIMITIES
        for apart in design.populations
        for numbers in design.articles
    ]  # fmt: skip
    sys.stdout.write(to_csv(pd.DataFrame(table)))
