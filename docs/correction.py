"""Write the table of validation.md from the committed results of the simulation.

    python docs/correction.py

A test compares the page with what this makes.
"""

import re
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
PAGE = HERE / "validation.md"
RESULTS = HERE.parent / "tests/benchmarks/correction.csv"
PART = re.compile(r"(<!-- made by docs/correction.py -->\n).*?(?=<!-- end -->)", re.DOTALL)
HEADS = [
    *("design", "articles a group", "coded", "intervals hold it", "differences found"),
    *("uncorrected: hold it", "found"),
]
RATES = [
    *("corrected_coverage", "corrected_found", "uncorrected_coverage", "uncorrected_found"),
]


def page() -> str:
    """Return the page with its table made anew."""
    results = pd.read_csv(RESULTS)
    rows = [
        [
            f"{row['design']}{' *' if row['fresh'] else ''}",
            f"{row['articles']}",
            f"{row['coded']:,}",
        ]
        + [f"{100 * row[rate]:.1f}" for rate in RATES]
        for row in results.to_dict("records")
    ]
    lines = [HEADS, ["---"] * len(HEADS), *rows]
    made = "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
    return PART.sub(lambda part: part[1] + made, PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
