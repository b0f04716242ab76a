"""Every kind of bad input and edge case of the catalogue: its test, or why it does not apply.

`inputs.csv` has a row a kind, by section and number, in words of our own. A reason that begins
with "open" says that no test holds the row yet.
"""

import csv
import re

from tests import ROOT

SECTIONS = {
    **{"files": ("F", 45), "Unicode": ("U", 30), "metadata": ("M", 40), "dictionary": ("D", 29)},
    **{"statistics": ("S", 20), "output": ("O", 20), "notebooks": ("N", 12)},
    **{"distributed": ("P", 15), "security": ("X", 14), "bundles": ("B", 10)},
    **{"sentences": ("X", 10), "runs": ("R", 7)},
}


def rows():
    with (ROOT / "tests/inputs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_is_there_once_and_in_order():
    known = [(name, f"{letter}{number}") for name, (letter, most) in SECTIONS.items()
             for number in range(1, most + 1)]  # fmt: skip
    assert [(row["section"], row["row"]) for row in rows()] == known


def test_every_row_has_a_test_that_is_there_or_a_reason():
    missing = []
    for row in rows():
        assert row["what"]
        assert bool(row["tests"]) != bool(row["reason"]), row
        for node in row["tests"].split():
            file, _, test = node.partition("::")
            source = (ROOT / "tests" / file).read_text("utf-8")
            if not re.search(rf"^def {test}\(", source, re.MULTILINE):
                missing.append((row["row"], node))
    assert missing == []
