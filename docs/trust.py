"""Write the tables of trust.md from the committed results of the campaigns.

    python docs/trust.py

A test compares the page with what this makes.
"""

import re
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PAGE = HERE / "trust.md"
PART = re.compile(r"(<!-- made by docs/trust.py: (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)


def page() -> str:
    """Return the page with its tables made anew."""
    made = {
        "inputs": _inputs(),
        "without": _without(),
        "hashes": _hashes(),
        "fuzz": _fuzz(),
        "mutation": _mutation(),
        "survivors": _survivors(),
        "all": _all(),
    }
    return PART.sub(lambda part: part[1] + made[part[2]], PAGE.read_text(encoding="utf-8"))


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "tests" / f"{name}.csv", keep_default_na=False)


def _all() -> str:
    """The figures in one table, each with the command that makes it."""
    inputs, hashes, fuzz = _read("inputs"), _read("campaigns/hashes"), _read("campaigns/fuzz")
    mutation, engine = _read("campaigns/mutation"), _read("benchmarks/fuzzing").iloc[0]
    open_ = inputs["reason"].str.startswith("open").sum()
    killed = mutation["killed"].sum() / mutation["tried"].sum()
    told = (mutation["killed"] + mutation["explained"]) / mutation["tried"]
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    laws = (HERE / "laws.md").read_text(encoding="utf-8")
    return _table(
        ["what", "figure", "command"],
        [
            ["kinds of bad input and edge cases with a test",
             f"{(inputs['tests'] != '').sum()} of {len(inputs)}; {open_} open",
             "python -m pytest tests/test_inputs.py"],
            ["sentences on hostile input, each with its test",
             len(re.findall(r"^\| .*::", security, re.MULTILINE)),
             "python -m pytest tests/test_security.py"],
            ["laws, each a property test", len(re.findall(r"^\| .*::", laws, re.MULTILINE)),
             "python -m pytest tests/test_documents.py -k law"],
            ["inputs from nowhere; what else than bad input left",
             f"{fuzz['tried'].sum():,} on {len(fuzz)} targets; {fuzz['found'].sum()}",
             f"python tests/campaigns/fuzz.py {fuzz['tried'].max()}"],
            ["random documents on which the engine and brute force differ",
             f"{engine['differences']} of {engine['documents']:,}",
             "python tests/benchmarks/fuzzing.py"],
            ["small faults that the tests notice",
             f"{100 * killed:.0f} % of {mutation['tried'].sum()} in {len(mutation)} modules; with "
             f"those that change nothing, {100 * told.min():.0f}–{100 * told.max():.0f} % of each",
             "python tests/campaigns/mutation.py"],
            ["hashes of all tables, over settings of the machine",
             f"{hashes['hash'].nunique()} over {len(hashes)} runs",
             "python tests/campaigns/hashes.py"],
        ],
    )  # fmt: skip


def _inputs() -> str:
    table = _read("inputs")
    lines = []
    for section, rows in table.groupby("section", sort=False):
        held = (rows["tests"] != "").sum()
        open_ = rows["reason"].str.startswith("open").sum()
        lines.append([section, len(rows), held, len(rows) - held - open_, open_])
    return _table(["section", "kinds", "with a test", "do not apply", "open"], lines)


def _without() -> str:
    table = _read("inputs")
    lines = [
        [", ".join(f"{row.row} {row.what}" for row in rows.itertuples()), reason]
        for reason, rows in table[table["reason"] != ""].groupby("reason", sort=False)
    ]
    return _table(["kinds", "why no test"], lines)


def _hashes() -> str:
    table = _read("campaigns/hashes")
    columns = ["what", "setting", "python", "tables", "hash", "hash_of_all_files"]
    return _table([one.replace("_", " ") for one in columns], table[columns].to_numpy().tolist())


def _fuzz() -> str:
    table = _read("campaigns/fuzz")
    columns = ["target", "tried", "refused", "found", "kept"]
    head = ["target", "tried", "bad input", "found now", "kept"]
    return _table(head, table[columns].to_numpy().tolist())


def _mutation() -> str:
    lines = [
        [f"`{row.module}`", row.places, row.seed, row.tried, row.killed, row.explained,
         f"{100 * (row.killed + row.explained) / row.tried:.0f} %"]
        for row in _read("campaigns/mutation").itertuples()
    ]  # fmt: skip
    head = ["module", "places", "seed", "tried", "killed", "change nothing", "together"]
    return _table(head, lines)


def _survivors() -> str:
    lines = [
        [f"`{module}`", f"`{code}`", f"`{was}`", f"`{instead}`", why or "no test noticed it"]
        for module, code, was, instead, why in _read("campaigns/survivors").to_numpy().tolist()
    ]
    return _table(["module", "line", "was", "is", "why it changes nothing"], lines)


def _table(head, rows) -> str:  # type: ignore[no-untyped-def]
    lines = [head, ["---"] * len(head), *rows]
    cells = ([str(cell).replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
