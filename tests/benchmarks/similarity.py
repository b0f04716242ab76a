"""How often the interval of `similarity` holds the distance of the populations.

    python tests/benchmarks/similarity.py > tests/benchmarks/similarity.csv

Topics: articles of 6 to 18 matches of four topics, whose shares differ from article to article
(Dirichlet, intra-article correlation 1/9). Words: articles of 150 to 450 words from a vocabulary of
2,000 in Zipf's proportions (correlation 1/301). The populations are the same, near or far.
``refused`` is the share of runs without an interval; coverage and width are those of the others.
"""

import sys

import numpy as np
import pandas as pd

from analysis.csv_tables import to_csv
from analysis.distances import PROXIMITIES, similarity

TOPICS = np.array([0.4, 0.3, 0.2, 0.1])
ZIPF = 1 / np.arange(1, 2001)
TILTED = ZIPF * np.exp(np.random.default_rng(3).normal(size=len(ZIPF)))
DESIGNS = {  # populations, concentration, length of articles, runs
    "topics": ({"same": TOPICS, "near": [0.25, 0.3, 0.25, 0.2], "far": TOPICS[::-1]}, 8, 12, 150),
    "words": ({"same": ZIPF, "far": TILTED}, 300, 300, 20),
}


def articles(rng, party, shares, number, concentration, length):
    propensities = rng.gamma(np.maximum(concentration * shares, 1e-3), size=(number, len(shares)))
    propensities /= propensities.sum(axis=1, keepdims=True)
    lengths = rng.integers(length // 2, length * 3 // 2 + 1, size=number)
    counts = rng.multinomial(lengths, propensities)
    doc_id, feature = np.nonzero(counts)
    count = counts[doc_id, feature]
    return pd.DataFrame({"party": party, "doc_id": doc_id, "feature": feature, "count": count})


def coverage(design, measure, apart, number):
    populations, concentration, length, runs = DESIGNS[design]
    here, there = (np.array(populations[name]) for name in ("same", apart))
    here, there = here / here.sum(), there / there.sum()
    truth = float(PROXIMITIES[measure](here, there))
    rng = np.random.default_rng(1)
    rows = []
    for run in range(runs):
        groups = [
            articles(rng, party, shares, number, concentration, length)
            for party, shares in (("A", here), ("B", there))
        ]
        rows.append(similarity(pd.concat(groups), "party", measure, seed=run).to_frame())
    pairs = pd.concat(rows)
    given = pairs[pairs["status"] == "estimated"]
    holds = given["conf_low"].le(truth + 1e-9) & given["conf_high"].ge(truth - 1e-9)
    numbers = {
        "truth": truth,
        "mean_estimate": pairs["estimate"].mean(),
        "mean_if_alike": pairs["if_alike"].mean(),
        "refused": 1 - len(given) / runs,
        "coverage": holds.mean(),
        "mean_width": (given["conf_high"] - given["conf_low"]).mean(),
    }
    names = {"design": design, "measure": measure, "populations": apart, "articles": number}
    return names | {name: round(value, 3) for name, value in numbers.items()}


if __name__ == "__main__":
    table = [
        coverage(design, measure, apart, number)
        for design, (populations, *_) in DESIGNS.items()
        for measure in PROXIMITIES
        for apart in populations
        for number in (5, 10, 20)
    ]
    sys.stdout.write(to_csv(pd.DataFrame(table)))
