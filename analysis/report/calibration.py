"""How far intervals and tests held their level in a simulation; ``calibration.csv`` is its table.

It is made anew by ``python tests/benchmarks/calibration.py analysis/report/calibration.csv``.
"""

from __future__ import annotations

from importlib import resources

import numpy as np
import pandas as pd

ARTICLES = (1, 2, 5, 20, 100)  # of each of the two groups of a simulated corpus
DESIGNS = 13  # ways in which the articles came about


def held() -> pd.DataFrame:
    """Return how far each method held its level in the simulation that is committed.

    One row a method: ``method``, and for each number of articles a group a pair (least, most),
    over all designs: of the shares of intervals that held the truth, or for a test of those in
    which it found a difference that was not there. None where a method gave no interval.

    >>> held().set_index("method").loc["contrast", 1]
    (0.0, 0.0)
    """
    with (resources.files("analysis.report") / "calibration.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    table["rate"] = table["coverage"].fillna(table["false_positives"])
    rows = []
    for method, own in table.groupby("method", sort=False):
        rates = own.groupby("articles")["rate"].agg(["min", "max"])
        pairs: dict[int, tuple[float, float] | None] = {
            int(number): None if np.isnan(least) else (float(least), float(most))
            for number, least, most in rates.itertuples()
        }
        rows.append({"method": method} | pairs)
    return pd.DataFrame(rows)
