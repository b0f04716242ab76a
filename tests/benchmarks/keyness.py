"""How fast words are ranked, as a ratio to pandas' own way, one row at a time.

    python tests/benchmarks/keyness.py [FEATURES]

Both rank the same made counts of eight groups in one run, in turn, three times; CPU seconds, the
least of three. pandas pivots, then computes each word's G2 by ``DataFrame.apply``; of the million
only ours, for the other would take minutes. Writes keyness.csv.
"""

import csv
import sys
import time
from math import log
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import keyness

HERE = Path(__file__).resolve().parent
GROUPS = 8
SMALL = 20_000


def made_counts(features, seed=1):
    """Every group uses nearly every word: the most rows that there can be."""
    uses = np.random.default_rng(seed).poisson(3.0, (GROUPS, features))
    group, feature = np.nonzero(uses)
    words = pd.Series([f"w{number:07d}" for number in range(features)], dtype="str")
    columns = {
        "party": pd.Series([f"g{number}" for number in range(GROUPS)], dtype="str").take(group),
        "feature": words.take(feature),
    }
    table = pd.DataFrame({name: column.array for name, column in columns.items()})
    return table.assign(count=uses[group, feature], articles=1, dp=0.5, dp_norm=0.5)


def row_by_row(counts):
    wide = counts.pivot_table(index="feature", columns="party", values="count", fill_value=0)
    totals = wide.sum()

    def g2(row, n1, n2):
        y1, y2 = row["target"], row["rest"]
        share = (y1 + y2) / (n1 + n2)
        return 2 * sum(y * log(y / (n * share)) for y, n in ((y1, n1), (y2, n2)) if y)

    parts = []
    for target in wide:
        pair = pd.DataFrame({"target": wide[target], "rest": wide.sum(axis=1) - wide[target]})
        n1, n2 = totals[target], totals.sum() - totals[target]
        parts.append(pair.assign(target=target, g2=pair.apply(g2, axis=1, args=(n1, n2))))
    return pd.concat(parts).sort_values(["target", "g2"], ascending=[True, False])


def seconds(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun


def least_seconds(*works):
    """The least of three runs of each, in turn."""
    return np.min([[seconds(work) for work in works] for _ in range(3)], axis=0).tolist()


def main(features):
    small, whole = made_counts(SMALL), made_counts(features)
    ours, theirs = least_seconds(lambda: keyness(small, measure="g2"), lambda: row_by_row(small))
    names = ["way", "features", "groups", "rows_of_counts", "cpu_seconds", "times_faster"]
    rows = [
        ["pandas, row by row, G2", SMALL, GROUPS, len(small), round(theirs, 2), 1.0],
        ["keyness, G2", SMALL, GROUPS, len(small), round(ours, 3), round(theirs / ours, 1)],
    ]
    categories = whole.astype({"feature": "category"})
    for table, measure, adjust, note in (
        (whole, "g2", "holm", ""),
        (categories, "g2", "holm", ", feature a category"),
        (whole, "log_odds", "holm", ""),
        (whole, "log_ratio", "none", ""),
    ):
        (spent,) = least_seconds(
            lambda t=table, m=measure, a=adjust: keyness(t, measure=m, adjust=a)
        )
        way = f"keyness, {measure}, adjust={adjust}{note}"
        rows.append([way, features, GROUPS, len(table), round(spent, 2), ""])
    with (HERE / "keyness.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([names, *rows])
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
