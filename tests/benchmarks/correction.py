"""How often corrected shares and contrasts keep their word, with dictionaries that err.

    python tests/benchmarks/correction.py > tests/benchmarks/correction.csv

Two groups of articles of 5 to 60 sentences speak equally often of a topic (`share`); the
propensity varies by article (beta-binomial, `icc`; bursty: 60 % of articles never touch it). A
dictionary finds a part of it in each group (`recall`), and codes a part of the rest
(`false_alarm`); the random one codes a tenth of all, whatever it says. So many sentences of each
group are coded by hand, as `coding_sample` draws them. On the designs of `FRESH` no rule of the
method was chosen. When they had shown that intervals of few codes end too low, the upper limit of
silent strata was chosen on other designs, and all of these were run anew, with another seed. The
last four came later; no rule was changed after them.
"""

import csv
import sys
from dataclasses import dataclass, replace

import numpy as np

from analysis.estimates.intervals import logit_contrast, mover
from analysis.validation.correction import corrected_cells
from analysis.validation.sampling import SHARES, STRATA, allocated
from analysis.validation.strata import Cell, Strata

CORPORA = 2000
PRIOR_NEAR = {1: 0.5, 0: 0.03}  # of what is not hit, the broad tier has so much


@dataclass(frozen=True)
class Design:
    """Two groups alike, but for what the dictionary finds in them."""

    name: str
    articles: int = 50
    coded: int = 200
    share: float = 0.10
    icc: float = 0.15
    bursty: bool = False
    recall: tuple[float, float] = (0.9, 0.6)
    false_alarm: tuple[float, float] = (0.02, 0.02)
    dictionary: bool = True
    near: bool = True
    difference: float = 0.0  # of the second group's share: power
    lengths: tuple[int, int] = (5, 60)  # sentences of an article
    fewer: int = 1  # the second group has so many times fewer articles
    recall_icc: float = 0.0  # how much the recall varies from article to article
    alarm_icc: float = 0.0  # how much false alarms do
    longer: bool = False  # the longer an article, the more of it is on the topic
    unsure: float = 0.0  # so many of the sentences on the topic, and a tenth of it of the others


BASE = Design("recall .9 and .6")
DESIGNS = [
    *(replace(BASE, articles=number) for number in (5, 10, 20, 100, 300)),
    BASE,
    replace(BASE, name="recall .9 and .6, no broad tier", near=False),
    replace(BASE, name="recall .9 and .6, 100 coded", coded=100),
    replace(BASE, name="ICC .05", icc=0.05),
    replace(BASE, name="ICC .30", icc=0.30),
    replace(BASE, name="ICC .50", icc=0.50),
    replace(BASE, name="bursty", bursty=True),
    replace(BASE, name="share .03", share=0.03),
    replace(BASE, name="share .30", share=0.30),
    replace(BASE, name="false alarms .01 and .10", recall=(0.8, 0.8), false_alarm=(0.01, 0.10)),
    replace(BASE, name="hardly an error", recall=(0.99, 0.99), false_alarm=(0.001, 0.001)),
    replace(BASE, name="long articles", articles=12, lengths=(150, 600), coded=300),
    replace(BASE, name="share .06, ICC .35", share=0.06, icc=0.35, articles=40),
    replace(BASE, name="a census of 10 articles", articles=10, coded=10_000),
    replace(BASE, name="a random dictionary", dictionary=False),
    replace(BASE, name="power: .10 and .20", difference=0.10),
    replace(BASE, name="power: .10 and .20, random dictionary", difference=0.10, dictionary=False),
]
FRESH = [
    replace(BASE, name="8 articles, 60 coded", articles=8, coded=60, icc=0.10),
    replace(BASE, name="30 articles, 120 coded", articles=30, coded=120, recall=(0.95, 0.7)),
    replace(BASE, name="150 articles, 400 coded", articles=150, coded=400, recall=(0.75, 0.85)),
    replace(BASE, name="150 articles against 15", articles=150, fewer=10),
    replace(BASE, name="60 articles against 20, ICC .40", articles=60, fewer=3, icc=0.40),
    replace(BASE, name="recall .5 and .95", recall=(0.5, 0.95), false_alarm=(0.0, 0.05)),
    replace(BASE, name="recall varies by article", recall_icc=0.3),
    replace(BASE, name="recall varies by article, bursty", recall_icc=0.3, bursty=True),
    replace(BASE, name="long articles, 20", articles=20, lengths=(100, 400), coded=250),
    replace(BASE, name="short articles", articles=400, lengths=(1, 6)),
    replace(BASE, name="share .05, ICC .45", share=0.05, icc=0.45, articles=30),
    replace(BASE, name="recall .7 and .4, 90 coded", recall=(0.7, 0.4), coded=90),
    replace(BASE, name="share .50", share=0.50, icc=0.25, articles=25),
    replace(BASE, name="share .02, 80 coded", share=0.02, coded=80, articles=60),
    replace(BASE, name="power: .06 and .12, 80 articles", share=0.06, difference=0.06, articles=80),
    replace(BASE, name="false alarms of few articles", recall=(0.8, 0.8), false_alarm=(0.02, 0.06),
            alarm_icc=0.4),
    replace(BASE, name="long articles say it more", longer=True),
    replace(BASE, name="recall 0 and .9", recall=(0.0, 0.9), false_alarm=(0.0, 0.02)),
    replace(BASE, name="unsure of a fifth of what is on the topic", unsure=0.2),
]  # fmt: skip


def varied(mean: float, icc: float, articles: int, rng: np.random.Generator) -> np.ndarray:
    """A rate of each article: all alike without icc."""
    strength = (1 - icc) / icc if icc else 0.0
    rates = np.full(articles, mean)
    return rng.beta(rates * strength, (1 - rates) * strength) if icc else rates


def group(design: Design, second: int, rng: np.random.Generator) -> tuple[Cell, float]:
    """One group, sampled and coded by hand; and the share that its articles are drawn around."""
    share = design.share + second * design.difference
    articles = design.articles // (design.fewer if second else 1)
    shortest, longest = design.lengths
    sizes = rng.integers(shortest, longest + 1, articles)
    mean, touched = (share / 0.4, rng.random(articles) < 0.4) if design.bursty else (share, 1)
    strength = (1 - design.icc) / design.icc
    if design.longer:  # the share of all sentences that it leaves
        middle = (shortest + longest) / 2
        mean = share * sizes / middle
        share *= 1 + ((longest - shortest + 1) ** 2 - 1) / 12 / middle**2
    propensity = rng.beta(mean * strength, (1 - mean) * strength, articles) * touched
    article = np.repeat(np.arange(articles), sizes)
    truth = (rng.random(len(article)) < propensity[article]).astype(float)
    recall = varied(design.recall[second], design.recall_icc, articles, rng)
    alarm = varied(design.false_alarm[second], design.alarm_icc, articles, rng)
    found = np.where(truth == 1, recall[article], alarm[article])
    code = rng.random(len(truth)) < (found if design.dictionary else 0.1)
    near = rng.random(len(truth)) < np.where(truth == 1, PRIOR_NEAR[1], PRIOR_NEAR[0])
    stratum = np.select([code, near & design.near], [0, 1], 2)
    sums = [int((stratum == number).sum()) for number in range(3)]
    drawn = np.full(len(truth), "", object)
    answer, weight = np.full(len(truth), np.nan), np.zeros(len(truth))
    rows = []
    for number, wanted in enumerate(allocated(sums, design.coded, SHARES[design.near])):
        if not wanted:
            continue
        own = rng.choice(np.flatnonzero(stratum == number), wanted, replace=False)
        drawn[own], answered = STRATA[number], own
        if design.unsure:
            unsure = design.unsure * np.where(truth[own] == 1, 1.0, 0.1)
            answered = own[rng.random(wanted) >= unsure]
        answer[answered], weight[answered] = truth[answered], sums[number] / max(len(answered), 1)
        rows.append((number == 0, sums[number], len(answered), truth[answered].sum()))
    names = tuple(name for name, size in zip(STRATA, sums, strict=True) if size)
    strata = Strata(names, *np.array(rows, float).T)
    return Cell(article, drawn, code.astype(float), answer, weight, strata), share


def census(cell: Cell) -> Cell:
    """The dictionary's codes, as if they were the truth: what is estimated without correction."""
    ones = np.ones(len(cell.code))
    whole = np.array([[1.0, len(ones), len(ones), cell.code.sum()]]).T
    return replace(cell, answer=cell.code, weight=ones, strata=Strata(("hit",), *whole))


def measured(design: Design, corpora: int, seed: int = 2) -> dict[str, object]:
    """Rates over so many corpora of a design."""
    rng = np.random.default_rng([seed, *design.name.encode(), design.articles])
    found: dict[str, list[float]] = {}
    for _ in range(corpora):
        sides = [group(design, number, rng) for number in (0, 1)]
        for name, change in (("corrected", lambda cell: cell), ("uncorrected", census)):
            cells = {((number,), "t"): change(cell) for number, (cell, _) in enumerate(sides)}
            one, two = corrected_cells(cells, None, 0.95).values()
            whole = float(np.mean([one.estimate, two.estimate]))
            test = logit_contrast(
                *((np.array(c.estimate), np.array(c.n_eff), np.array(c.df)) for c in (one, two)),
                pooled=whole,
            )
            truths = [share for _, share in sides]
            ends = [tuple(map(np.array, (c.estimate, c.low, c.high))) for c in (one, two)]
            low, high = mover(*ends)
            gap = truths[0] - truths[1]
            for key, value in {
                "coverage": np.mean(
                    [c.low <= t <= c.high for c, t in zip((one, two), truths, strict=True)]
                ),
                "contrast_coverage": float(low <= gap <= high),
                "found": float(test.p_value <= 0.05),
                "bias": np.mean([c.estimate - t for c, t in zip((one, two), truths, strict=True)]),
                "width": np.mean([c.high - c.low for c in (one, two)]),
            }.items():
                found.setdefault(f"{name}_{key}", []).append(float(value))
    return {key: float(np.mean(values)) for key, values in found.items()}


def main() -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = ["design", "articles", "coded", "fresh", "corpora"]
    for number, design in enumerate([*DESIGNS, *FRESH]):
        rates = measured(design, CORPORA)
        if not number:
            writer.writerow([*names, *rates])
        values = (f"{value:.4f}" for value in rates.values())
        fresh = str(number >= len(DESIGNS)).lower()
        writer.writerow([design.name, design.articles, design.coded, fresh, CORPORA, *values])


if __name__ == "__main__":
    main()
