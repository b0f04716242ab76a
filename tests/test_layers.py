"""Imports run one way, heavy packages have one home, and every public name is documented."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import analysis

PACKAGE = Path(analysis.__file__).parent
ORDER = [
    *[
        "errors",
        "decoding",
        "files",
        "text",
        "scripts",
        "segmentation",
        "duplicates",
        "furniture",
        "csv_tables",
        "exports",
        "results",
        "variables",
        "corpus",
        "roles",
        "reading.tables",
        "reading.documents",
        "reading.folder",
        "reading",
        "accounting",
        "scanning",
        "matching",
        "choosing",
        "dictionary",
    ],
    *["formats.shared", "formats.plain", "formats.toml", "formats.yaml", "formats.liwc"],
    *["formats.yoshikoder", "formats.lexicoder", "formats.wordstat", "formats", "concordance"],
    *[
        "topic_matrix",
        "vectorize",
        "topic_models",
        "coding",
        "ledger",
        "discovery",
        "counting",
        "intervals",
        "bootstrap",
        "dealings",
        "permutation",
        "estimation",
        "coverage",
        "calibration",
        "orderings",
        "influence",
        "confounding",
        "ladder",
        "comparison",
        "trends",
    ],
    *[
        "association",
        "keywords",
        "profiles",
        "distances",
        "ordination",
        "wordshift",
        "auditing",
        "robustness",
        "stability",
        "leaving_out",
        "wording",
        "languages",
        "facts",
        "periods",
        "selection",
        "prose",
        "report",
        "passages",
        "linking",
        "colours",
        "marks",
        "page",
        "paper",
        "printing",
        "figures",
        "drawing",
        "plots",
        "forest",
        "curves",
        "maps",
        "bars",
    ],
    *["notebooks", "settings", "tables", "fingerprints", "record", "pipeline"],
    *["differences", "changes", "claims", "checking", "verdict", "__main__"],
]
HOMES = {
    "matplotlib": {"bars", "curves", "drawing", "figures", "forest", "maps", "plots"},
    "sklearn": {"topic_matrix", "topic_models", "vectorize"},
    "nupunkt": {"segmentation"},
    "ahocorasick_rs": {"scanning"},
    "re2": {"matching"},
    "yaml": {"formats.yaml"},
    "lxml": {"reading.documents"},
    "docx": {"printing", "reading.documents"},
    "typst": {"printing"},
    "pypdf": {"reading.documents"},
    "pyarrow": {"reading.tables"},
}


def name_of(file):
    """What follows "analysis." when a file of the package is imported."""
    place = file.relative_to(PACKAGE).with_suffix("")
    return ".".join(place.parent.parts if place.name == "__init__" else place.parts)


FILES = {name_of(file): file for file in PACKAGE.rglob("*.py")}


def imports(module):
    """Everything a module imports, at the top or later: ("analysis.text", "fold") and so on."""
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            yield from ((node.module, alias.name) for alias in node.names)


def test_every_module_has_its_place():
    assert sorted(FILES) == sorted(["", *ORDER])


@pytest.mark.parametrize("module", ORDER)
def test_a_module_imports_from_earlier_ones_only(module):
    for source, name in imports(module):
        if source == "analysis":
            assert name == "__version__"
        elif source.startswith("analysis."):
            assert ORDER.index(source.removeprefix("analysis.")) < ORDER.index(module)


@pytest.mark.parametrize(("package", "homes"), HOMES.items())
def test_heavy_packages_have_their_home(package, homes):
    users = {module for module in ORDER for source, _ in imports(module)
             if source.split(".")[0] == package}  # fmt: skip
    assert users == homes


def test_the_public_names():
    assert analysis.__all__ == sorted(set(analysis.__all__))
    assert set(analysis.__all__) < set(dir(analysis))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        analysis.nothing  # noqa: B018


def test_type_checkers_see_the_public_names():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    blocks = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        (node.module, alias.name)
        for block in blocks
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {(f"analysis.{home}", name) for name, home in analysis._MODULE_OF.items()}


def test_the_readme_has_every_module_in_this_order_with_its_public_names():
    readme = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \| .* \| (.*?) ?\|$", readme.partition("| module |")[2], re.M)
    listed = [(re.findall(r"`(\w+)`", modules), re.findall(r"`(\w+)`", n)) for modules, n in rows]
    every = [module for modules, _ in listed for module in modules]
    assert every == [name for name in ORDER if "." not in name and name != "__main__"]
    for modules, names in listed:
        own = [name for module in modules for name in analysis._HOME.get(module, [])]
        assert sorted(names) == sorted(own)


@pytest.mark.parametrize("name", analysis.__all__)
def test_a_public_name_is_documented(name):
    value = getattr(analysis, name)
    if not (inspect.isfunction(value) or inspect.isclass(value)):
        return
    text = inspect.getdoc(value)
    assert text.split("\n")[0].endswith(".")
    if inspect.isfunction(value) and len(signature := inspect.signature(value).parameters) > 1:
        described = text.partition("Parameters\n----------\n")[2]
        for name in signature:
            assert re.search(rf"^[\w, ]*\b{name}\b[\w, ]*( : |$)", described, re.MULTILINE)
