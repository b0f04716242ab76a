"""How fast all specifications of the embedded study are, as a ratio to making them one by one.

    python tests/benchmarks/specifications.py

One by one, each branch gets a matcher, a table of codes and a tally of its own: the oracle of
tests/estimates/test_specifications.py. Both give the same table. In one run, in turn, three
times; CPU seconds, the least of three. Writes specifications.csv.
"""

import csv
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

import analysis as an

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from tests.estimates.test_specifications import FORKS, one_by_one  # noqa: E402


def main():
    study = an.read_study(ROOT / "study.toml")
    sentences, dictionary = study.sentences, study.dictionary
    taken, tables = {"one by one": [], "all at once": []}, []
    for _ in range(3):
        tables = []
        for name, make in zip(taken, (one_by_one, an.specifications), strict=True):
            fresh = replace(dictionary)  # without the matchers of the round before
            begun = time.process_time()
            tables.append(make(sentences, fresh, study.by[0]))
            taken[name].append(time.process_time() - begun)
    pd.testing.assert_frame_equal(*tables)
    base = min(taken["one by one"])
    number = len(tables[0][FORKS].drop_duplicates())
    rows = [
        (name, number, round(min(spent), 2), round(base / min(spent), 1))
        for name, spent in taken.items()
    ]
    with (HERE / "specifications.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["how", "specifications", "cpu_seconds", "times_faster"])
        table.writerows(rows)
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
