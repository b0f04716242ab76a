"""How fast the bootstrap over articles is, as a ratio to resampling a table with pandas.

    python tests/benchmarks/bootstrap.py [ARTICLES]

Both take the same synthetic articles in one run, in turn, three times; CPU seconds, the least of
three. pandas draws `sample(frac=1, replace=True)` and sums, 20 times; its time is multiplied up to
2,000. Sentences: lengths of 5 to 60, so that many articles have the same hits and size. Words:
hardly two have. Writes bootstrap.csv.
"""

import csv
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.estimates.resampling import REPLICATES, percentile_bootstrap

NAIVE = 20


def articles(number, unit, random):
    size = random.integers(5, 61, number)
    if unit == "words":
        size = size * 20 + random.integers(0, 1000, number)
    hits = random.binomial(size, random.beta(0.5, 4.5, number))
    return pd.DataFrame({"hits": hits, "size": size})


def naive(table):
    shares = []
    for seed in range(NAIVE):
        sums = table.sample(frac=1, replace=True, random_state=seed).sum()
        shares.append(sums["hits"] / sums["size"])
    return np.quantile(shares, [0.025, 0.975])


def ours(table):
    kinds = table.value_counts().sort_index().reset_index()
    hits, size, number = kinds.to_numpy(float).T
    return percentile_bootstrap(hits[:, None], size[:, None], number)


def seconds(work, table):
    begun = time.process_time()
    work(table)
    return time.process_time() - begun


def measure(number):
    random = np.random.default_rng(1)
    for unit in ("sentences", "words"):
        table = articles(number, unit, random)
        pairs = [(seconds(naive, table), seconds(ours, table)) for _ in range(3)]
        by_pandas, by_us = map(min, zip(*pairs, strict=True))
        by_pandas *= REPLICATES / NAIVE
        yield {
            "articles": number,
            "units": unit,
            "kinds": len(table.drop_duplicates()),
            "replicates": REPLICATES,
            "cpu_seconds": round(by_us, 2),
            "pandas_cpu_seconds": round(by_pandas, 2),
            "times_faster": round(by_pandas / by_us, 1),
        }


def main(number):
    rows = list(measure(number))
    place = Path(__file__).with_suffix(".csv")
    with place.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    for row in rows:
        print(*row.values(), sep="\t")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
