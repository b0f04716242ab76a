"""How long a large study takes, step by step, and its contrasts against pairs one by one.

    python tests/benchmarks/large.py

Made studies with four topics: 60 groups of 3 articles, 60 groups of 33, 4 groups of 2,500; CPU
seconds of `analysis.study.tables.compute`, and their share of the whole. In the same run, all
contrasts of the first are made at
once, and pair by pair, 40 pairs, multiplied up. Writes large.csv.
"""

import csv
import random
import tempfile
import time
import warnings
from itertools import combinations, pairwise
from pathlib import Path

from analysis import contrasts, read_study
from analysis.study.tables import compute

TOPICS = {
    "wind": "Wind farms pay.",
    "solar": "Solar panels shine on roofs.",
    "coal": "Coal mines close early.",
    "gas": "Gas pipes leak there.",
}
STUDIES = [(180, 60), (2000, 60), (10_000, 4)]
SOME = 40
SETTINGS = """
[study]
title = "Energy"
[corpus]
articles = "articles.csv"
group = "party"
dates = ["date"]
confounders = ["outlet", "date"]
[topics]
dictionary = "energy.toml"
"""


def made_study(folder, number, groups):
    random_ = random.Random(1)
    words = [f"word{number}" for number in range(3000)]

    def sentence(share):
        if random_.random() < share:
            return random_.choice([*TOPICS.values()])
        return " ".join(random_.choices(words, k=random_.randint(6, 20))).capitalize() + "."

    with (folder / "articles.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["doc_id", "party", "outlet", "date", "text"])
        for article in range(number):
            group = article % groups
            share = 0.1 * (1 + group % 5)
            text = " ".join(sentence(share) for _ in range(random_.randint(5, 30)))
            outlet, year = random_.randrange(30), random_.randint(2010, 2020)
            row = [f"a{article:05d}", f"G{group:02d}", f"O{outlet:02d}", f"{year}-01-01", text]
            table.writerow(row)
    topics = "".join(f'[topics.{topic}]\ncore = ["{topic}"]\n' for topic in TOPICS)
    (folder / "energy.toml").write_text(f'name = "Energy"\n{topics}', encoding="utf-8")
    (folder / "study.toml").write_text(SETTINGS, encoding="utf-8")
    return read_study(folder / "study.toml")


def computed(study):
    """The tables, and the seconds of each step by its name."""
    said = []
    tables = compute(study, lambda step: said.append((step, time.process_time())))
    said.append(("", time.process_time()))
    return tables, {step: end - start for (step, start), (_, end) in pairwise(said)}


def seconds(work):
    begun = time.process_time()
    work()
    return time.process_time() - begun


def pair_by_pair(tables):
    """What all pairs would take, from some of them."""
    tally, ways = tables.tally.to_frame(), tables.specifications
    every = [*combinations(sorted(tally["party"].unique()), 2)]
    some = random.Random(1).sample(every, SOME)

    def contrast_each():
        for pair in some:
            own, of_both = (table[table["party"].isin(pair)] for table in (tally, ways))
            contrasts(own, specifications=of_both)

    return seconds(contrast_each) * len(every) / len(some)


def main():
    rows = []
    for number, groups in STUDIES:
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tables, steps = computed(made_study(Path(folder), number, groups))
        whole = sum(steps.values())
        for step, spent in [*steps.items(), ("the whole", whole)]:
            rows.append([number, groups, step, round(spent, 1), f"{spent / whole:.2f}", ""])
        if number == STUDIES[0][0]:
            one_by_one = pair_by_pair(tables)
            at_once = seconds(lambda t=tables: contrasts(t.tally, specifications=t.specifications))
            rows.append([number, groups, "contrasts, pair by pair", round(one_by_one, 1), "", 1.0])
            faster = round(one_by_one / at_once, 1)
            rows.append([number, groups, "contrasts, all at once", round(at_once, 1), "", faster])
    names = ["articles", "groups", "step", "cpu_seconds", "share_of_whole", "times_faster"]
    with Path(__file__).with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([names, *rows])
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    main()
