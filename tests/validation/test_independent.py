"""The same numbers once more, in plain loops, from the published formulas: on designs at random.

Nothing of the package is called to make a number here. Cochran (1977); Krippendorff (2019);
Angelopoulos, Duchi & Zrnic (2023); Zou & Donner (2008); Wilson (1927); Holm (1979).
"""

from collections import Counter
from itertools import combinations, permutations
from math import log, sqrt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import analysis as an

LEVEL, RHO0, DF0 = 0.95, 0.2, 4
SEEDS = range(12)
Z = stats.norm.ppf(0.5 + LEVEL / 2)


def design(seed):
    """Codes of a dictionary that errs, a sample of them, and a coder's answers, as rows."""
    rng = np.random.default_rng(seed)
    rows = []
    for group in "ABCD"[: rng.integers(2, 5)]:
        recall, alarm, share = rng.uniform(0.3, 1), rng.uniform(0, 0.1), rng.uniform(0.05, 0.5)
        for article in range(rng.integers(3, 14)):
            own = rng.beta(3 * share, 3 * (1 - share))
            for sentence in range(1, rng.integers(4, 70)):
                true = bool(rng.random() < own)
                found = bool(rng.random() < (recall if true else alarm))
                near = bool(rng.random() < (0.5 if true else 0.05))
                rows.append({"doc_id": f"{group}{article}", "sentence_id": sentence, "group": group,
                             "true": true, "found": found, "near": near})  # fmt: skip
    census, asked = seed % 4 == 0, []
    for group in sorted({row["group"] for row in rows}):
        for stratum in ("hit", "near_miss", "rest"):
            own = [row for row in rows if row["group"] == group and stratum_of(row) == stratum]
            if own:
                many = len(own) if census else min(len(own), int(rng.integers(2, 30)))
                for place in rng.choice(len(own), many, replace=False):
                    asked.append(own[place] | {"stratum": stratum, "stratum_size": len(own)})
    unsure = set() if census else {n for n in range(len(asked)) if rng.random() < 0.05}
    for number, row in enumerate(asked):
        row["answer"] = "unsure" if number in unsure else "yes" if row["true"] else "no"
    return rows, asked, census


def stratum_of(row):
    return "hit" if row["found"] else "near_miss" if row["near"] else "rest"


def tables(seed, changed=False):
    """The same as the package takes them; `changed`: the codes of another dictionary."""
    rows, asked, census = design(seed)
    if census:  # nothing was drawn, and nothing says what is a near miss
        sizes = Counter((row["group"], row["found"]) for row in rows)
        of = {True: "hit", False: "rest"}
        for row in asked:
            key = row["group"], row["found"]
            row.update(stratum=of[row["found"]], stratum_size=sizes[key])
    if changed:
        rows = [row | {"found": row["found"] != (row["sentence_id"] % 7 == 0)} for row in rows]
    codes = pd.DataFrame(rows).rename(columns={"group": "party", "found": "coded"})
    codes = codes.assign(topic="t", section="body", words=1, matches=0, matched_words=0)
    sample = pd.DataFrame(asked).rename(columns={"group": "party"}).assign(topic="t")
    hand = sample.assign(coder="one")
    return rows, asked, (hand, codes), {"by": "party", "sample": None if census else sample}


class Cell:
    """A group: its sentences, and of each stratum what was answered."""

    def __init__(self, rows, asked, group):
        self.rows = [row for row in rows if row["group"] == group]
        self.N = len(self.rows)
        answered = {(r["doc_id"], r["sentence_id"]): r for r in asked
                    if r["group"] == group and r["answer"] != "unsure"}  # fmt: skip
        self.strata = {}
        for r in answered.values():
            own = self.strata.setdefault(r["stratum"], {"N": r["stratum_size"], "n": 0, "k": 0})
            own["n"] += 1
            own["k"] += r["answer"] == "yes"
        self.sentences = []  # (article, yhat, answered, y, weight)
        self.errors = 0
        for row in self.rows:
            r = answered.get((row["doc_id"], row["sentence_id"]))
            y = None if r is None else float(r["answer"] == "yes")
            of = None if r is None else self.strata[r["stratum"]]
            weight = 0.0 if of is None else of["N"] / of["n"]
            self.sentences.append((row["doc_id"], float(row["found"]), y, weight))
            self.errors += y is not None and y != row["found"]
        self.census = all(one["n"] == one["N"] for one in self.strata.values())

    def lam(self):
        yhat = [s[1] for s in self.sentences]
        spread = sum((c - sum(yhat) / self.N) ** 2 for c in yhat) / (self.N - 1)
        if spread == 0:
            return 1.0
        total = sum(s[3] for s in self.sentences)
        known = [(s[1], s[2], s[3] / total) for s in self.sentences if s[3]]
        a, b = (sum(w * one for *two, w in known for one in [two[i]]) for i in (0, 1))
        both = sum(w * (c - a) * (y - b) for c, y, w in known)
        both /= 1 - sum(w * w for *_, w in known)
        return min(max(both / spread, 0.0), 1.0)

    def terms(self, lam):
        return [(d, lam * c + w * ((y or 0.0) - lam * c)) for d, c, y, w in self.sentences]

    def coded(self):
        """Of the codes (or, in a census, of the answers): sums over articles."""
        x, m = Counter(), Counter()
        for d, c, y, _ in self.sentences:
            x[d] += y if self.census else c
            m[d] += 1
        return [(x[d], m[d]) for d in m]


def moments(pairs):
    return {
        "n": len(pairs), "pos": sum(x > 0 for x, _ in pairs), "x": sum(x for x, _ in pairs),
        "m": sum(m for _, m in pairs), "xx": sum(x * x for x, _ in pairs),
        "xm": sum(x * m for x, m in pairs), "mm": sum(m * m for _, m in pairs),
    }  # fmt: skip


def rhos(cells):
    """rho of each cell: pooled over the codes of all, and what errors hide of it given back."""
    sums = [moments(cell.coded()) for cell in cells]
    top = bottom = nu = 0.0
    for s in sums:
        p = s["x"] / s["m"]
        if s["n"] >= 2 and 0 < p < 1:
            q_form = s["xx"] - 2 * p * s["xm"] + p * p * s["mm"]
            top += s["n"] / (s["n"] - 1) * q_form - p * (1 - p) * s["m"]
            bottom += p * (1 - p) * (s["mm"] - s["m"])
            nu += s["n"] - 1
    m_star = sum(s["mm"] for s in sums) / sum(s["m"] for s in sums)
    rho0 = RHO0 * min(1.0, sqrt(39 / max(m_star - 1, 39)))
    rho_hat = min(max(top / bottom, 0.0), 1.0)
    found = []
    for cell in cells:
        phi2 = 1.0 if cell.census else phi(cell) ** 2
        found.append((DF0 * rho0 + min(nu * rho_hat, nu * phi2)) / (DF0 + nu * phi2))
    return found


def phi(cell):
    """The correlation of code and answer over all sentences, from the strata."""
    W = {name: one["N"] / cell.N for name, one in cell.strata.items()}
    p = sum(W[name] * one["k"] / one["n"] for name, one in cell.strata.items())
    h = W.get("hit", 0.0)
    both = h * cell.strata["hit"]["k"] / cell.strata["hit"]["n"] if h else 0.0
    spread = p * (1 - p) * h * (1 - h)
    return (both - p * h) / sqrt(spread) if spread else 0.0


def beta_limits(p, n_eff, df, m):
    n = n_eff * min(1.0, (stats.t.ppf(0.975, m - 1) / stats.t.ppf(0.975, df)) ** 2)
    low, high = stats.beta.ppf([0.025, 0.975], p * n + 0.5, (1 - p) * n + 0.5)
    return (0.0 if p == 0 else low), (1.0 if p == 1 else high)


def share(cell, rho):
    """(estimate, low, high, n_eff, df, lam, method) of a cell."""
    lam, s = cell.lam(), moments(cell.coded())
    terms = cell.terms(lam)
    est = min(max(sum(t for _, t in terms) / cell.N, 0.0), 1.0)
    p, deff0 = s["x"] / s["m"], 1 + (s["mm"] / s["m"] - 1) * rho
    nu = min(s["n"] - 1, s["pos"]) if 0 < p < 1 else 0
    q_form = s["xx"] - 2 * p * s["xm"] + p * p * s["mm"]
    deff1 = s["n"] / (s["n"] - 1) * q_form / s["m"] / (p * (1 - p)) if nu else 0.0
    n_eff, df = s["m"] / max(1.0, (DF0 * deff0 + nu * deff1) / (DF0 + nu)), DF0 + nu
    if cell.census:
        return est, *beta_limits(est, n_eff, df, s["m"]), n_eff, df, lam, "census"
    of_strata = down = up = 0.0
    silent = False
    for name, one in cell.strata.items():
        W, k, n = one["N"] / cell.N, one["k"], one["n"]
        half = (k + 0.5) / (n + 1)
        of_strata += W**2 * (1 - n / one["N"]) * half * (1 - half) / n
        low, high = stats.beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5)
        low, high = (0.0 if k == 0 else low), (1.0 if k == n else high)
        if n < one["N"]:
            down += (W * (k / n - low)) ** 2
            up += (W * (high - k / n)) ** 2
            silent |= name != "hit" and k == 0
    pq = max(est, 0.5 / cell.N) * max(1 - est, 0.5 / cell.N)
    a, b = beta_limits(est, n_eff, df, s["m"])
    low, high = max(0.0, est - sqrt(down + (est - a) ** 2)), min(1, est + sqrt(up + (b - est) ** 2))
    if cell.errors < 5:
        return est, low, high, pq / (pq / n_eff + of_strata), df, lam, "strata"
    hit = cell.strata.get("hit")
    right = hit["k"] / hit["n"] if hit else 1.0
    nu = min(s["n"] - 1, s["pos"] * right, cell.errors)
    T, m = Counter(), Counter()
    for d, t in terms:
        T[d] += t
        m[d] += 1
    V = s["n"] / (s["n"] - 1) * sum((T[d] - est * m[d]) ** 2 for d in m) / cell.N**2
    own = deff0 + cell.N * of_strata / pq
    between = V * cell.N / pq if nu > 0 else 0.0
    n_eff, df = cell.N / max(1.0, (DF0 * own + nu * between) / (DF0 + nu)), DF0 + nu
    a, b = beta_limits(est, n_eff, df, s["m"])
    return est, a, max(b, high if silent else 0.0), n_eff, df, lam, "design_based"


@pytest.mark.parametrize("seed", SEEDS)
def test_corrected_shares_and_contrasts(seed):
    rows, asked, data, options = tables(seed)
    names = sorted({row["group"] for row in rows})
    cells = {name: Cell(rows, asked, name) for name in names}
    want = dict(zip(names, map(share, cells.values(), rhos(list(cells.values()))), strict=True))
    got = an.corrected_emphasis(*data, **options).to_frame().set_index("party")
    columns = ["estimate", "conf_low", "conf_high", "n_eff", "df", "lam"]
    for name in names:
        assert got.loc[name, "method"] == want[name][-1]
        assert got.loc[name, columns].to_list() == pytest.approx(want[name][:-1], abs=1e-9)
        by_strata = sum(s["N"] * s["k"] / s["n"] for s in cells[name].strata.values())
        assert want[name][0] == pytest.approx(by_strata / cells[name].N)
    total = sum(cell.N for cell in cells.values())
    mu = min(max(sum(want[n][0] * cells[n].N for n in names) / total, 0.01), 0.99)
    table = an.corrected_contrasts(*data, **options).to_frame()
    p_values = []
    for (one, two), row in zip(combinations(names, 2), table.to_dict("records"), strict=True):
        (p1, l1, u1, n1, d1, *_), (p2, l2, u2, n2, d2, *_) = want[one], want[two]
        assert row["estimate"] == pytest.approx(p1 - p2, abs=1e-12)
        assert row["conf_low"] == pytest.approx(p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2))
        assert row["conf_high"] == pytest.approx(p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2))
        eta = [log((p * n + mu) / ((1 - p) * n + 1 - mu)) for p, n in ((p1, n1), (p2, n2))]
        v = [1 / (p * n + mu) + 1 / ((1 - p) * n + 1 - mu) for p, n in ((p1, n1), (p2, n2))]
        df = sum(v) ** 2 / (v[0] ** 2 / d1 + v[1] ** 2 / d2)
        p_values.append(2 * stats.t.sf(abs(eta[0] - eta[1]) / sqrt(sum(v)), df))
        assert row["p_value"] == pytest.approx(p_values[-1])
    ordered, least = sorted(range(len(p_values)), key=p_values.__getitem__), 0.0
    for place, number in enumerate(ordered):
        least = max(least, min(1.0, p_values[number] * (len(p_values) - place)))
        assert table["p_adjusted"][number] == pytest.approx(least)


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if seed % 4])
@pytest.mark.parametrize("lam", [0.0, 0.4, 1.0, None])
def test_a_dictionary_that_changed_since(seed, lam):
    """Of DSL and PPI, the sum of t_i / N, whatever the strata were drawn by."""
    rows, asked, data, options = tables(seed, changed=True)
    got = an.corrected_emphasis(*data, **options, lam=lam).to_frame().set_index("party")
    for name in sorted({row["group"] for row in rows}):
        cell = Cell(rows, asked, name)
        used = cell.lam() if lam is None else lam
        assert got.loc[name, "lam"] == pytest.approx(used)
        want = sum(t for _, t in cell.terms(used)) / cell.N
        assert got.loc[name, "estimate"] == pytest.approx(min(max(want, 0.0), 1.0))


@pytest.mark.parametrize("seed", SEEDS)
def test_error_rates(seed):
    rows, asked, data, options = tables(seed)
    got = an.error_rates(*data, **options).to_frame().set_index("party")
    rng = np.random.default_rng(99)
    for name in sorted({row["group"] for row in rows}):
        cell, row = Cell(rows, asked, name), got.loc[name]
        there = sum(s["N"] * s["k"] / s["n"] for s in cell.strata.values())
        hit = cell.strata.get("hit", {"N": 0, "n": 0, "k": 0})
        true = hit["N"] * hit["k"] / hit["n"] if hit["n"] else 0.0
        assert row["hits"] == sum(r["found"] for r in cell.rows) == hit["N"]
        if hit["n"]:
            p, n = hit["k"] / hit["n"], hit["n"]
            middle, half = p + Z**2 / 2 / n, Z * sqrt(p * (1 - p) / n + Z**2 / 4 / n**2)
            wilson = [(middle - half) / (1 + Z**2 / n), (middle + half) / (1 + Z**2 / n)]
            assert row["precision"] == pytest.approx(p)
            assert row[["precision_low", "precision_high"]].to_list() == pytest.approx(wilson)
        if there:
            assert row["recall"] == pytest.approx(true / there)
            assert row["f1"] == pytest.approx(2 * true / (hit["N"] + there))
            draws = {k: s["N"] * rng.beta(s["k"] + 0.5, s["n"] - s["k"] + 0.5, 20_000)
                     for k, s in cell.strata.items()}  # fmt: skip
            recall = draws.get("hit", np.zeros(20_000)) / sum(draws.values())
            ends = np.quantile(recall, [0.025, 0.975])
            ends = [min(ends[0], true / there), max(ends[1], true / there)]
            assert row[["recall_low", "recall_high"]].to_list() == pytest.approx(ends, abs=0.04)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("margin", [0.02, 0.05])
def test_codes_needed(seed, margin):
    """They give the margin; one sentence fewer of any stratum, or one elsewhere, does not help."""
    rows, asked, data, options = tables(seed)
    got = an.codes_needed(*data, **options, margin=margin)
    for name in sorted({row["group"] for row in rows}):
        cell, own = Cell(rows, asked, name), got[got["party"] == name].set_index("stratum")
        spread, size = {}, {k: s["N"] for k, s in cell.strata.items()}
        for stratum, s in cell.strata.items():
            p = (s["k"] + 0.5) / (s["n"] + 1)
            spread[stratum] = s["N"] / cell.N * sqrt(p * (1 - p))
            more = max(0, own.loc[stratum, "needed"] - s["n"])
            assert own.loc[stratum, "more"] == more

        def margin_of(n, spread=spread, size=size):
            return Z * sqrt(sum(spread[k] ** 2 * (1 / n[k] - 1 / size[k]) for k in n))

        n = own["needed"].to_dict()
        assert margin_of(n) <= margin * (1 + 1e-9)
        # By rounding up, at most one sentence of a stratum is too many; two are at least asked.
        less = {k: max(min(2, size[k]), v - 1) for k, v in n.items()}
        assert all(margin_of(n | {k: less[k]}) >= margin_of(n) for k in n)
        if all(v < size[k] and v > 2 for k, v in n.items()):
            assert margin_of(less) > margin


@pytest.mark.parametrize("seed", SEEDS)
def test_agreement(seed):
    """Krippendorff's coincidence matrix, and Cohen's table of two coders."""
    rng = np.random.default_rng(seed)
    values, coders = ["yes", "no", "unsure"], "ABC"[: rng.integers(2, 4)]
    units = []
    for _ in range(rng.integers(5, 60)):
        first = rng.choice(values, p=[0.3, 0.6, 0.1])
        units.append({c: str(first if rng.random() < 0.8 else rng.choice(values)) for c in coders
                      if rng.random() < 0.9})  # fmt: skip
    rows = [{"doc_id": "a", "sentence_id": n, "topic": "t", "coder": c, "answer": answer}
            for n, unit in enumerate(units) for c, answer in unit.items()]  # fmt: skip
    row = an.agreement(pd.DataFrame(rows)).to_frame().iloc[0]
    coincidence = Counter()
    for unit in units:
        for a, b in permutations(unit.values(), 2):
            coincidence[a, b] += 1 / (len(unit) - 1)
    n = sum(coincidence.values())
    of = {c: sum(coincidence[c, k] for k in values) for c in values}
    apart = sum(coincidence[c, k] for c in values for k in values if c != k)
    expected = sum(of[c] * of[k] for c in values for k in values if c != k)
    assert row["alpha"] == pytest.approx(1 - (n - 1) * apart / expected)
    kappas = []
    for one, two in combinations(coders, 2):
        both = [(u[one], u[two]) for u in units if one in u and two in u]
        agreed = sum(a == b for a, b in both) / len(both)
        shares = [Counter(pair[i] for pair in both) for i in (0, 1)]
        chance = sum(shares[0][v] * shares[1][v] for v in values) / len(both) ** 2
        kappas.append((agreed - chance) / (1 - chance))
    assert row["kappa"] == pytest.approx(sum(kappas) / len(kappas))
    assert row["answers"] == sum(len(unit) for unit in units if len(unit) > 1)
    assert row["conf_low"] <= row["alpha"] <= row["conf_high"]
