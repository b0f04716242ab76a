"""Make reference.md: every public name by what it is for, with the first line of its docstring.

    python docs/reference.py

A test compares the file with what this makes.
"""

import inspect
import re
from pathlib import Path

import analysis

HERE = Path(__file__).resolve().parent
HEAD = """# Reference

Every public name, as `import analysis as an` gives it. `help(an.emphasis)` shows the whole text:
what a function returns, its parameters, its errors, an example. This page is made from the package
by `python docs/reference.py`.
"""


def reference() -> str:
    """Return the page."""
    stub = Path(analysis.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    lines = [HEAD]
    for section in stub.split("\n# ")[1:]:
        title, _, body = section.partition("\n")
        names = re.findall(r"(\w+) as \1", body)
        lines += [f"## {title}", "", "| name | what it is |", "|---|---|"]
        lines += [f"| `{name}` | {_summary(getattr(analysis, name))} |" for name in names]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _summary(value: object) -> str:
    if not callable(value):
        return f"One of {', '.join(f'`{key}`' for key in value)}."
    return (inspect.getdoc(value) or "").split("\n")[0].replace("|", "\\|")


if __name__ == "__main__":
    (HERE / "reference.md").write_text(reference(), encoding="utf-8")
