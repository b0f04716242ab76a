"""Make a website of the documentation: docs/_build/html/index.html.

    python3 study.py docs

It needs no network, and the pages that it makes load nothing from elsewhere.
"""

import json
import posixpath
import re
import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = HERE / "_build"
SOURCE, HTML = BUILD / "source", BUILD / "html"
CHAPTERS = {
    "Use": "tutorial input dictionaries numbers calibration output report-and-language check",
    "Notebooks": "notebooks/01_corpus notebooks/02_emphasis notebooks/03_wording"
    " notebooks/04_robustness",
    "House": "architecture adding laws reference glossary changelog",
}
# Files outside of docs/ that the site has too; what else is linked to there stays a name.
TAKEN = {"README.md": "index.md", "docs/index.md": "index.md", "CHANGELOG.md": "changelog.md"}
TAKEN |= {f"notebooks/{path.name}": f"notebooks/{path.name}" for path in ROOT.glob("notebooks/*")}
TAKEN |= {f"figures/{name}": f"figures/{name}" for name in ("emphasis.png", "report.html")}
LINK = re.compile(r"\[([^]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def prepare() -> None:
    """Put the sources of the site together: the pages, the README as the first, the notebooks."""
    shutil.rmtree(BUILD, ignore_errors=True)
    for page in HERE.glob("*.md"):
        if page.name != "index.md":  # the README has its links
            _write(SOURCE / page.name, _links_of(page.read_text(encoding="utf-8"), page))
    shutil.copy(ROOT / "CHANGELOG.md", SOURCE / "changelog.md")
    readme = ROOT / "README.md"
    first = _links_of(readme.read_text(encoding="utf-8"), readme) + _chapters()
    _write(SOURCE / "index.md", first)
    for name, place in TAKEN.items():
        if name.endswith(".ipynb"):
            _write(SOURCE / place, _notebook(ROOT / name))
        elif not name.endswith(".md"):
            (SOURCE / place).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, SOURCE / place)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _notebook(path: Path) -> str:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = _links_of("".join(cell["source"]), path)
    return json.dumps(notebook)


def _links_of(text: str, page: Path) -> str:
    """A text of a page with its links as the site has them."""
    folder = posixpath.dirname(_place(page)) or "."

    def link(found: re.Match[str]) -> str:
        text, target, anchor = found[1], found[2], found[3] or ""
        other = (page.parent / target).resolve()
        if place := _place(other):
            return f"[{text}]({posixpath.relpath(place, folder)}{anchor})"
        name = other.relative_to(ROOT).as_posix()
        return text if name.endswith(text.strip("`")) else f"{text} (`{name}`)"

    return LINK.sub(link, text)


def _place(file: Path) -> str:
    """Where the site has a file, if it does."""
    name = file.relative_to(ROOT).as_posix()
    return TAKEN.get(name) or (name.removeprefix("docs/") if file.parent == HERE else "")


def _chapters() -> str:
    return "".join(
        f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{chr(10).join(pages.split())}\n```\n"
        for title, pages in CHAPTERS.items()
    )


def main(options: list[str]) -> int:
    """Make the site; return 0 if there was nothing to complain of."""
    prepare()
    code = build_main(
        ["-q", "-W", "--keep-going", "-c", str(HERE), *options, str(SOURCE), str(HTML)]
    )
    if code == 0:
        print(f"The site: {HTML / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
