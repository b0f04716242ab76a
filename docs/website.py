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
CHAPTERS = {
    "Use": "tutorial input dictionaries validation numbers calibration output report-and-language"
    " scale check",
    "Notebooks": "notebooks/01_corpus notebooks/02_emphasis notebooks/03_wording"
    " notebooks/04_robustness notebooks/05_explore notebooks/06_validation",
    "House": "architecture adding trust laws reference glossary changelog",
}
# Files outside of docs/ that the site has too; what else is linked to there stays a name.
TAKEN = {"README.md": "index.md", "docs/index.md": "index.md", "CHANGELOG.md": "changelog.md"}
TAKEN |= {
    f"notebooks/{path.name}": f"notebooks/{path.name}" for path in ROOT.glob("notebooks/*.ipynb")
}
FIGURES = [*ROOT.glob("figures/*.png"), ROOT / "figures/report.html"]
TAKEN |= {f"figures/{path.name}": f"figures/{path.name}" for path in FIGURES}
LINK = re.compile(r"\[([^]]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def prepare(source: Path) -> None:
    """Put the sources of the site together: the pages, the README as the first, the notebooks."""
    for page in HERE.glob("*.md"):
        if page.name != "index.md":  # the README has its links
            _write(source / page.name, _links_of(page.read_text(encoding="utf-8"), page))
    readme, changes = ROOT / "README.md", ROOT / "CHANGELOG.md"
    first = _links_of(readme.read_text(encoding="utf-8"), readme) + _chapters()
    _write(source / "index.md", first)
    _write(source / "changelog.md", _links_of(changes.read_text(encoding="utf-8"), changes))
    for name, place in TAKEN.items():
        if name.endswith(".ipynb"):
            _write(source / place, _notebook(ROOT / name))
        elif not name.endswith(".md"):
            (source / place).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, source / place)


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


def main(arguments: list[str]) -> int:
    """Make the site in a folder, by default docs/_build; return 0 if nothing is wrong with it."""
    build = Path(arguments[0]) if arguments else HERE / "_build"
    source, html = build / "source", build / "html"
    for folder in (source, html):
        shutil.rmtree(folder, ignore_errors=True)
    prepare(source)
    strict = ["-q", "-W", "--keep-going"]
    code = build_main([*strict, "-c", str(HERE), "-d", str(build / "read"), str(source), str(html)])
    if code == 0:
        print(f"The site: {html / 'index.html'}")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
