"""README and docs/: what can be run is run, every link leads somewhere, nothing is out of date."""

import functools
import re
import runpy
import shutil
import subprocess
import sys
import unicodedata
import warnings
from pathlib import Path

import pytest

import analysis
from analysis.report.calibration import held
from analysis.study.arguments import parser
from tests import ROOT
from tests.corpus.readers.archives_by_hand import nexis_paragraphs, word
from tests.test_layers import ROOMS

DOCS = ROOT / "docs"
ROOT_PAGES = [ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "CHANGELOG", "SECURITY")]
PAGES = [*ROOT_PAGES, *sorted(DOCS.glob("*.md"))]
TEMPLATE = Path(analysis.__file__).parent / "study/template"
# doc_id: party, outlet, date, text
ARTICLES = {
    "a.txt": "Green,Post,2024-05-01,The climate is warming. Emissions must fall. Wind farms pay.",
    "b.txt": "Green,Mail,2024-05-02,Wind farms pay. Flood walls protect us. Schools matter too.",
    "c.txt": "Red,Post,2023-05-03,Schools come first. Emissions must fall. Roads need repair.",
    "d.txt": "Red,Mail,2024-05-04,Flood walls are dear. We repair every road. Trains run late.",
}
TOPICS = """\
name = "Climate"
[topics.mitigation]
description = "Fewer emissions."
core = ["emission*", "wind farm*"]
[topics.adaptation]
description = "Living with a changed climate."
core = ["flood wall*"]
"""
FENCE = re.compile(r"^(```+)(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def name_of(page):
    return str(page.relative_to(ROOT))


def blocks(page, language):
    """The blocks of a page in a language, each with the line it begins on."""
    text = page.read_text("utf-8")
    for fence in FENCE.finditer(text):
        if fence[2] == language:
            yield text.count("\n", 0, fence.start(3)), fence[3]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """What the pages' examples read: speeches with metadata, topics, a download, a new study."""
    speeches = tmp_path / "speeches"
    speeches.mkdir()
    rows = ["file,party,outlet,date"]
    for name, article in ARTICLES.items():
        *variables, text = article.split(",", 3)
        rows.append(",".join([name, *variables]))
        (speeches / name).write_text(text, encoding="utf-8")
    (speeches / "articles.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    (tmp_path / "climate.toml").write_text(TOPICS, encoding="utf-8")
    (tmp_path / "nexis.docx").write_bytes(word(nexis_paragraphs()))
    shutil.copytree(TEMPLATE, tmp_path / "my_study")
    shutil.copy(TEMPLATE / "study.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(blocks(page, "python"))], ids=name_of
)
def test_a_page_runs(page, folder):
    code = list(blocks(page, "python"))
    names: dict = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", analysis.InputWarning)
        for line, block in code:
            exec(compile("\n" * line + block, str(page), "exec"), names)


COMMANDS = [
    (page, command.partition("  #")[0].strip())
    for page in PAGES
    for _, block in blocks(page, "console")
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE)
]


@pytest.mark.parametrize(("page", "command"), COMMANDS, ids=lambda value: str(value)[-50:])
def test_a_command_is_there(page, command, capsys):
    """A command of a page is one of study.py's, or one that the package's parser takes."""
    program, *words = command.split()
    if (program, words[0]) == ("python3", "study.py"):
        assert words[1] in runpy.run_path(str(ROOT / "study.py"))["COMMANDS"]
        if words[1] != "run":
            return
        words = words[1:]
    else:
        assert program == ".venv/bin/topic-emphasis", command
    try:
        parser().parse_args(words)
    except SystemExit:
        pytest.fail(f"{command}: {capsys.readouterr().err}")


@functools.cache
def anchors(page):
    """The anchors of a page, as GitHub makes them of headings."""
    text = FENCE.sub("", page.read_text("utf-8"))
    found = set()
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)|[`*]", r"\1", heading).lower()
        kept = [c for c in plain if c in " -_" or unicodedata.category(c)[0] in "LN"]
        found.add("".join(kept).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    text = FENCE.sub("", page.read_text("utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        assert "://" not in target, f"{target}: the pages need no network"
        place, _, anchor = target.partition("#")
        other = (page.parent / place).resolve() if place else page
        assert other.exists(), target
        if anchor:
            assert anchor in anchors(other), target


def test_every_page_stands_in_the_index():
    index = (DOCS / "index.md").read_text("utf-8")
    assert [p.name for p in DOCS.glob("*.md") if p.name != "index.md" and p.name not in index] == []


def test_the_readme_is_one_page():
    lines = (ROOT / "README.md").read_text("utf-8").split("\n")
    assert len(lines) <= 120
    assert [line for line in lines if len(line) > 118] == []


def test_the_readme_says_what_the_simulation_found():
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    table = held().set_index("method")
    rates = [rate for pair in table.loc["moderated"] for rate in pair]
    assert f"hold it in {100 * min(rates):.0f} to {100 * max(rates):.0f} % of cases" in text
    least = min(pair[0] for name in ("wilson", "jeffreys") for pair in table.loc[name])
    assert f"hold it in as few as {100 * least:.0f} %" in text


def test_the_readme_names_every_room():
    text = (ROOT / "README.md").read_text("utf-8")
    rooms = re.findall(r"^\| `(\w+)/` \|", text, re.MULTILINE)
    assert rooms == [room for room in ROOMS if room not in ("errors", "__main__")]


@pytest.mark.parametrize(
    ("script", "function", "page"),
    [
        ("reference", "reference", "reference"),
        ("output", "page", "output"),
        ("calibration", "page", "calibration"),
        ("correction", "page", "validation"),
        ("trust", "page", "trust"),
    ],
)
def test_a_page_that_is_made_is_up_to_date(script, function, page):
    made = runpy.run_path(str(DOCS / f"{script}.py"))[function]()
    assert (DOCS / f"{page}.md").read_text("utf-8") == made, f"run python docs/{script}.py"


def test_every_public_name_stands_in_the_reference():
    text = (DOCS / "reference.md").read_text("utf-8")
    assert [name for name in analysis.__all__ if f"| `{name}` |" not in text] == []


def test_the_columns_of_a_table_that_the_embedded_study_lacks(folder):
    articles = analysis.read_articles("speeches", metadata="speeches/articles.csv")
    codes = analysis.codes(analysis.sentences(articles), analysis.read_dictionary("climate.toml"))
    columns = list(analysis.trend(analysis.tally(codes, ["party", "date"]), "date").to_frame())
    text = (DOCS / "output.md").read_text("utf-8").partition("## change.csv")[2]
    described = re.findall(r"^\| `(\w+)` \|", text.partition("\n## ")[0], re.MULTILINE)
    assert sorted(described) == sorted({*columns} - {"party"})


def test_every_law_has_its_test():
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (DOCS / "laws.md").read_text("utf-8"))
    assert len(named) > 20
    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in (ROOT / "tests" / file).read_text("utf-8")
    ]
    assert missing == []


def test_every_place_of_adding_is_there():
    text = (DOCS / "adding.md").read_text("utf-8")
    for place in re.findall(r"`((?:analysis|docs|tests)/[\w/.]+)`", text):
        assert (ROOT / place).exists(), place
    for register, file in re.findall(r"`([A-Z]+)` of `([\w/.]+)`", text):
        assert re.search(rf"^{register}\b", (ROOT / file).read_text("utf-8"), re.MULTILINE), file


def test_the_site_is_made_without_a_complaint_and_loads_nothing_from_elsewhere(tmp_path):
    command = [sys.executable, "-P", str(DOCS / "website.py"), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    site = tmp_path / "html"
    pages = [path for path in site.rglob("*.html") if "_downloads" not in path.parts]
    assert {path.stem for path in DOCS.glob("*.md")} <= {path.stem for path in pages}
    assert {path.stem for path in ROOT.glob("notebooks/*.ipynb")} <= {path.stem for path in pages}
    first = (site / "index.html").read_text("utf-8")
    assert re.search(r'<img[^>]*src="_images/slide\.png"', first)
    assert [page for page in pages if re.search(r"<p>!|!\[", page.read_text("utf-8"))] == []
    loads = r"""<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=["'](?:https?:)?//[^"']+"""
    for page in pages:
        assert re.findall(loads, page.read_text("utf-8")) == [], page
    for style in site.rglob("*.css"):
        text = style.read_text("utf-8")
        assert re.findall(r"""(?:@import|url\()\s*["']?(?:https?:)?//[^"')]+""", text) == [], style
