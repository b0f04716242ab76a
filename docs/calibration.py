"""Write the tables of calibration.md from the simulation's committed results.

    python docs/calibration.py

A test compares the page with what this makes.
"""

import re
from pathlib import Path

import pandas as pd

import analysis

HERE = Path(__file__).resolve().parent
PAGE = HERE / "calibration.md"
RESULTS = Path(analysis.__file__).parent / "report/calibration.csv"
PART = re.compile(r"(<!-- made by docs/calibration.py: (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)
NUMBERS = ["articles a group", "1", "2", "5", "20", "100"]


def page() -> str:
    """Return the page with its tables made anew."""
    results = pd.read_csv(RESULTS)
    made = {
        "all": _all(results),
        "moderated": _by_design(results[results["method"] == "moderated"], "coverage", "width"),
        "contrast": _by_design(results[results["method"] == "contrast"], "false_positives"),
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


def _articles(results: pd.DataFrame) -> list[int]:
    assert [str(n) for n in results["articles"].unique()] == NUMBERS[1:]
    return results["articles"].unique().tolist()


def _range(least: float, most: float) -> str:
    low, high = _percent(least), _percent(most)
    return low if low == high else f"{low}–{high}"


def _percent(share: float) -> str:
    return "–" if pd.isna(share) else f"{100 * share:.0f}"


def _table(rows) -> str:  # type: ignore[no-untyped-def]
    lines = [NUMBERS, ["---"] * len(NUMBERS), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
