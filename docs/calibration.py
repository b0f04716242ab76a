"""Write the tables of calibration.md from the simulation's committed results.

    python docs/calibration.py

A test compares the page with what this makes.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import analysis

HERE = Path(__file__).resolve().parent
PAGE = HERE / "calibration.md"
RESULTS = Path(analysis.__file__).parent / "report/calibration.csv"
INFERENCE = HERE.parent / "tests/benchmarks/inference.csv"
OURS = "guarded and limits"
RIVALS = {  # of the tests in INFERENCE: what the page calls them
    OURS: "this one",
    "cluster t": "cluster-robust t",
    "quasi-binomial": "quasi-binomial",
    "GEE": "GEE",
    "beta-binomial LR": "beta-binomial likelihood",
    "permutation": "permutation",
}
UNEQUAL = r"(?:ICC|bursty v)"  # how designs of groups that differ but for their shares begin
PART = re.compile(r"(<!-- made by docs/calibration.py: (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)
NUMBERS = ["articles a group", "1", "2", "5", "20", "100"]


def page() -> str:
    """Return the page with its tables made anew."""
    results = pd.read_csv(RESULTS)
    made = {
        "all": _all(results),
        "moderated": _by_design(results[results["method"] == "moderated"], "coverage", "width"),
        "contrast": _by_design(results[results["method"] == "contrast"], "false_positives"),
        "false": _false(_rivals("false")),
        "power": _power(_rivals("power")),
        "within": _within(),
        "slopes": _slopes(),
    }
    return PART.sub(lambda part: part[1] + made[part[2]], PAGE.read_text(encoding="utf-8"))


def _all(results: pd.DataFrame) -> str:
    rate = results["coverage"].fillna(results["false_positives"])
    spread = results.assign(rate=rate).groupby(["method", "articles"], sort=False)["rate"]
    ends = spread.agg(["min", "max"])
    return _table(
        [f"`{method}`", *(_range(*ends.loc[(method, articles)]) for articles in _articles(results))]
        for method in results["method"].unique()
    )


def _by_design(results: pd.DataFrame, rate: str, width: str = "") -> str:
    keys = ["design", "icc"]
    lines = []
    for (design, icc), rows in results.groupby(keys, sort=False):
        row = rows.set_index("articles")
        cells = [
            f"{_percent(row.at[articles, rate])}"
            + (f" ({_percent(row.at[articles, width])})" if width else "")
            for articles in _articles(results)
        ]
        lines.append([f"{design}, correlation {icc:.2f}", *cells])
    return _table(lines)


def _rivals(quantity: str) -> pd.DataFrame:
    """The rates of every test, a design a row, in the order of the simulation."""
    table = _inference("tests", quantity)
    wide = table.pivot(index="design", columns="method", values="value")
    return wide.loc[table["design"].unique(), [*RIVALS]]


def _inference(part: str, quantity: str) -> pd.DataFrame:
    table = pd.read_csv(INFERENCE)
    return table[(table["part"] == part) & (table["quantity"] == quantity)]


def _false(rates: pd.DataFrame) -> str:
    """The worst of the groups that are alike, by number of articles; then unequal groups."""
    unequal = rates.index.str.match(UNEQUAL)
    number = rates.index.str.extract(r", (\d+) articles$")[0].to_numpy()
    kind = rates.index.str.extract("^(words|long texts)")[0].fillna("sentences").to_numpy()
    alike = rates[~unequal].groupby([kind[~unequal], number[~unequal]], sort=False).max()
    alike.index = [f"{what} alike, {n} articles each: the worst" for what, n in alike.index]
    rows = pd.concat([alike, rates[unequal]])
    return _of_rivals(rows, lambda rate, _: rate > 0.10)


def _power(rates: pd.DataFrame) -> str:
    return _of_rivals(rates, lambda rate, ours: rate > ours + 0.02)


def _of_rivals(rates: pd.DataFrame, bold: Callable[[float, float], bool]) -> str:
    lines = [
        [str(design)]
        + [
            f"**{_percent(rate)}**" if bold(rate, row[OURS]) else _percent(rate)
            for rate in row.to_list()
        ]
        for design, row in rates.iterrows()
    ]
    return _table(lines, ["design", *RIVALS.values()])


def _within() -> str:
    """How often the raw contrast, and that within outlets too, find a difference."""
    lines = []
    for quantity, said in (("false", "no difference"), ("power", "twice as often")):
        table = _inference("within", quantity)
        wide = table.pivot(index="design", columns="method", values="value")
        for design in table["design"].unique():
            row = wide.loc[design]
            rates = [_percent(row[name]) for name in ("raw alone", "both, rho over cells")]
            lines.append([f"{said}: {design.rpartition(', ')[0]}", *rates])
    return _table(lines, ["design", "all articles", "within outlets too"])


def _slopes() -> str:
    """False trends, and trends found, by periods, articles and shocks."""
    table = pd.read_csv(INFERENCE)
    table = table[(table["part"] == "slopes") & (table["method"] == "scaled, t(T - 2)")]
    table[["design", "slope"]] = table["design"].str.rsplit(", slope ", n=1, expand=True)
    wide = table.pivot_table(index="design", columns="quantity", values="value", sort=False)
    lines = [[design, _percent(row["false"]), _percent(row["power"])]
             for design, row in wide.iterrows()]  # fmt: skip
    return _table(lines, ["design", "false", "a slope of .2 logits found"])


def _articles(results: pd.DataFrame) -> list[int]:
    assert [str(n) for n in results["articles"].unique()] == NUMBERS[1:]
    return results["articles"].unique().tolist()


def _range(least: float, most: float) -> str:
    low, high = _percent(least), _percent(most)
    return low if low == high else f"{low}–{high}"


def _percent(share: float) -> str:
    return "–" if pd.isna(share) else f"{100 * share:.0f}"


def _table(rows, head=NUMBERS) -> str:  # type: ignore[no-untyped-def]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
