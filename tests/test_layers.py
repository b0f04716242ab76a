"""Imports run one way, heavy packages have one home, and every public name is documented."""

import ast
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

import analysis

PACKAGE = Path(analysis.__file__).parent
ROOMS = ["errors", "io", "corpus", "topics", "estimates", "words", "validation", "prose"]
ROOMS += ["figures", "report", "study", "__main__"]
HOMES = {
    "matplotlib": {"figures"},
    "sklearn": {"corpus", "topics", "validation"},
    "nupunkt": {"corpus"},
    "re2": {"topics"},
    "yaml": {"topics"},
    "lxml": {"corpus"},
    "docx": {"corpus", "report"},
    "typst": {"report"},
    "pypdf": {"corpus"},
    "striprtf": {"corpus"},
    "pyarrow": {"corpus", "io"},
    "joblib": {"estimates"},
    "ipywidgets": {"study"},
    "openpyxl": {"io"},
    "anywidget": {"validation"},
}


def name_of(file):
    """What follows "analysis." when a file of the package is imported."""
    place = file.relative_to(PACKAGE).with_suffix("")
    return ".".join(place.parent.parts if place.name == "__init__" else place.parts)


FILES = {name_of(file): file for file in PACKAGE.rglob("*.py")}


@cache
def imports(module, *, typing=True):
    """Everything a module imports, at the top or later: ("analysis.io.files", "line_of").

    Without `typing`, not what only type checkers import.
    """
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    if not typing:
        tree.body = [node for node in tree.body if not _for_type_checkers(node)]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found += [(node.module, alias.name) for alias in node.names]
    return found


def ours(module, *, typing=True):
    """The modules of this package that a module imports, without "analysis."."""
    for source, name in imports(module, typing=typing):
        if source == "analysis":
            assert name == "__version__"
        elif source.startswith("analysis."):
            inner = f"{source}.{name}".removeprefix("analysis.")
            yield inner if inner in FILES else source.removeprefix("analysis.")


def _for_type_checkers(node):
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def room(module):
    return module.partition(".")[0]


def test_every_module_has_a_room():
    assert sorted({room(module) for module in FILES} - {""}) == sorted(ROOMS)
    assert {path.stem for path in PACKAGE.glob("*.py")} == {"__init__", "__main__", "errors"}


def test_no_room_has_the_name_of_a_public_function():
    # Importing a module in such a room would put the room in the function's place.
    assert not set(ROOMS) & set(analysis.__all__)


@pytest.mark.parametrize("module", sorted(set(FILES) - {""}))
def test_a_module_imports_downwards_only(module):
    for source in ours(module):
        assert ROOMS.index(room(source)) <= ROOMS.index(room(module)), source


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_has_no_circle(name):
    left = {module: set(ours(module, typing=False)) for module in FILES if room(module) == name}
    while left:
        free = [
            module for module, sources in left.items() if not sources & (left.keys() - {module})
        ]
        assert free, f"these import each other: {sorted(left)}"
        for module in free:
            del left[module]


@pytest.mark.parametrize(("package", "homes"), HOMES.items())
def test_heavy_packages_have_their_home(package, homes):
    users = {
        room(module)
        for module in FILES
        for source, _ in imports(module, typing=False)
        if source.split(".")[0] == package
    }
    assert users == homes


def test_the_public_names():
    assert analysis.__all__ == sorted(set(analysis.__all__))
    assert set(analysis.__all__) < set(dir(analysis))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        analysis.nothing  # noqa: B018


def test_the_stub_is_the_list_of_public_names():
    tree = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == analysis._HOME


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
