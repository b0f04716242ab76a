"""What docs/scale.md says of a run is what was measured."""

import csv
import re

from tests import ROOT


def test_seconds_and_memory_of_a_run_are_those_of_the_table():
    with (ROOT / "tests/benchmarks/scale.csv").open(encoding="utf-8") as file:
        runs = {row["articles"]: row for row in csv.DictReader(file)
                if row["step"] == "run --no-notebooks"}  # fmt: skip
    said = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    told = {
        "10000": r"take about (\d+) CPU seconds and (\d+) MB",
        "1000": r"1,000 take (\d+) and (\d+)",
        "50000": r"50,000 take (\d+) and (\d+)",
    }
    for articles, pattern in told.items():
        found = re.search(pattern, said)
        assert found is not None, articles
        seconds, peak = found.groups()
        assert seconds == f"{float(runs[articles]['cpu_seconds']):.0f}", articles
        assert peak == runs[articles]["peak_mb"], articles


def test_ratios_are_those_of_the_table():
    with (ROOT / "tests/benchmarks/scale.csv").open(encoding="utf-8") as file:
        rows = {(row["corpus"], row["articles"], row["dictionary"], row["step"]): row["ratio"]
                for row in csv.DictReader(file)}  # fmt: skip
    said = " ".join((ROOT / "docs/scale.md").read_text(encoding="utf-8").split())
    places = ("generated", "10000"), ("real", "3824")
    for dictionary, words in (
        ("news", "are {} times as fast as `CountVectorizer` with the 86 patterns on generated news "
                 "and {} times on real news"),
        ("embedded", "with the embedded dictionary {} and {} times"),
    ):  # fmt: skip
        ratios = [float(rows[*place, dictionary, "CountVectorizer"]) for place in places]
        assert words.format(*(f"{one:.0f}" for one in ratios)) in said
    passes = [100 * float(rows[*place, "news", "tally_files"]) for place in places]
    assert f"{passes[0]:.1f} % of the speed of reading" in said
    assert f"generated news and {passes[1]:.1f} % on real news" in said
