"""The tests; the same tree as the package."""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
TEMPLATE = ROOT / "analysis" / "study" / "template"
VECTORS = json.loads((ROOT / "tests/reference/vectors.json").read_text("utf-8"))
