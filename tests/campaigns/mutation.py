"""Would the tests notice? Small faults are put into the modules that decide numbers: mutation.csv.

    python tests/campaigns/mutation.py [N] [SEED] [MODULE ...]

Of each module, N places are drawn at random (the same ones for a seed), and at each one thing is
changed: a comparison, a sign of arithmetic, a number, a condition, and or or. Those of the tests
named below that reach the changed statement run against it, the quickest first, in a process of
their own; it is killed if one fails. What survives stands in survivors.csv, where a last column
says why it changes nothing that anybody sees: such reasons are written into equivalent.csv, once
somebody has looked. It fails where less than 90 % are killed or explained. Needs a system that can
fork.
"""

import ast
import csv
import importlib.abc
import importlib.util
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SECONDS = 10  # of the processor, beside twice what the tests take: then it runs for ever
OURS = {"analysis", "tests", "conftest", "__main__", "__mp_main__", "coverage", "this"}
MEMORY = 4 << 30  # bytes of addresses, which a loop without end might fill
# The tests that are asked. After "::" stands one test of a file.
TESTS = {
    "estimates/permutation": "estimates/test_permutation",
    "validation/correction": "validation/test_correction",
    "io/csv": "io/test_exports io/test_files corpus/readers/test_tables",
    "estimates/edge": "estimates/test_edge",
    "topics/matching": "topics/test_unicode topics/test_dictionary topics/test_places",
    "corpus/segmentation": "corpus/test_segmentation corpus/test_endings corpus/test_paragraphs",
    "estimates/intervals": "estimates/test_intervals",
    "estimates/tallies": "estimates/test_tallies",
    "estimates/article_sums": "estimates/test_tallies study/test_study",
    "prose/numbers": "prose/test_numbers prose/test_language::test_how_french_writes_a_number",
}
SWAPS = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq},
    **{ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot},
    **{ast.IsNot: ast.Is, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div},
    **{ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult},
    **{ast.And: ast.Or, ast.Or: ast.And, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd},
}


def changes(node):
    """The nodes that can stand in the place of a node."""
    match node:
        case ast.Compare(ops=[op, *rest]) if type(op) in SWAPS:
            yield ast.Compare(node.left, [SWAPS[type(op)](), *rest], node.comparators)
        case ast.BinOp(op=op) if type(op) in SWAPS:
            yield ast.BinOp(node.left, SWAPS[type(op)](), node.right)
        case ast.BoolOp(op=op):
            yield ast.BoolOp(SWAPS[type(op)](), node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.If():
            yield ast.If(ast.Constant(False), node.body, node.orelse)
            yield ast.If(ast.Constant(True), node.body, node.orelse)


def skipped(node):
    """What no test could notice: annotations, and names of types for type checkers."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    return isinstance(node, ast.AnnAssign) and node.value is None


def places(tree):
    """Each node that can be changed, with its parent, the field it stands in, and its number."""
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "type_params"):
                continue
            for number, node in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(node, ast.AST) and not skipped(node):
                    yield parent, field, number if isinstance(value, list) else None, node


def mutants(source):
    """(line, what was, what is instead, the source with it) of each small fault."""
    tree = ast.parse(source)
    for parent, field, number, node in list(places(tree)):
        for other in changes(node):
            _put(parent, field, number, other)
            text = ast.unparse(ast.fix_missing_locations(tree))
            _put(parent, field, number, node)
            shown = [_shown(one) for one in (node, other)]
            yield node.lineno, *shown, text


def _put(parent, field, number, node):
    if number is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[number] = node


def _shown(node):
    text = f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else ast.unparse(node)
    return " ".join(text.split())[:80]


class Changed(importlib.abc.SourceLoader):
    """Gives a module another source than its file's."""

    def __init__(self, name, path, text):
        self.name, self.path, self.text = name, path, text

    def get_data(self, path):
        return self.text.encode()

    def get_filename(self, fullname):
        return str(self.path)

    def find_spec(self, fullname, path, target=None):
        if fullname == self.name:
            return importlib.util.spec_from_loader(fullname, self, origin=str(self.path))
        return None


class Reached:
    """A plug-in of pytest that writes down which tests run which lines, and for how long."""

    def __init__(self, module, kept):
        import coverage

        self.name, self.kept, self.seconds = f"analysis.{module.replace('/', '.')}", kept, {}
        self.coverage = coverage.Coverage(data_file=None, include=[str(_path(module))])
        self.coverage.start()

    def pytest_collection_finish(self):
        importlib.import_module(self.name)  # what runs on import belongs to no test

    def pytest_runtest_logstart(self, nodeid):
        self.coverage.switch_context(nodeid)

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration

    def pytest_unconfigure(self):
        self.coverage.stop()
        data = self.coverage.get_data()
        (lines,) = [data.contexts_by_lineno(file) for file in data.measured_files()]
        others = [name for name in sys.modules if name.partition(".")[0] not in OURS]
        Path(self.kept).write_text(json.dumps([self.seconds, lines, others]))


class Only:
    """Runs the tests named, in the order named: a plug-in of pytest."""

    def __init__(self, tests):
        self.order = {test: number for number, test in enumerate(tests)}

    def pytest_collection(self):
        from hypothesis import Phase, settings

        # A test that fails is enough; its smallest example takes far longer.
        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("first", settings.get_profile("steady"), phases=phases)
        settings.load_profile("first")

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted((item for item in items if item.nodeid in self.order),
                          key=lambda item: self.order[item.nodeid])  # fmt: skip


def _path(module):
    return ROOT / f"analysis/{module}.py"


def reached(module, source):
    """A function from a line to the tests that reach its statement, the quickest first.

    Each stands with its seconds.
    """
    with tempfile.NamedTemporaryFile() as file:
        passed = passes(module, source, lambda: Reached(module, file.name), 600)
        assert passed, f"the tests of {module} fail without any change"
        seconds, contexts, others = json.loads(Path(file.name).read_text())
    for name in others:  # what every process needs is loaded once
        with suppress(Exception):
            importlib.import_module(name)
    quickest = dict(sorted(seconds.items(), key=lambda item: item[1]))
    again = passes(module, source, partial(Only, quickest), sum(quickest.values()))
    assert again, f"the tests of {module} fail in the order of their time"
    statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]

    def tests(line):
        around = [node for node in statements if node.lineno <= line <= node.end_lineno]
        own = max(around, key=lambda node: node.lineno, default=None)
        if own is None:
            return quickest
        body = getattr(own, "body", None)
        last = max(own.lineno, body[0].lineno - 1) if body else own.end_lineno
        names = {one for n in range(own.lineno, last + 1) for one in contexts.get(str(n), ())}
        if any("cache" in ast.unparse(one) for node in around
               for one in getattr(node, "decorator_list", ())):  # fmt: skip
            return quickest  # what is kept from one test serves another
        return {one: quickest[one] for one in quickest if "" in names or one in names}

    return tests


def passes(module, text, plugin, seconds):
    """Whether the tests of a module pass with its source changed, in a process of their own."""
    seconds = SECONDS + 2 * round(seconds)
    if (child := os.fork()) == 0:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            name = f"analysis.{module.replace('/', '.')}"
            sys.meta_path.insert(0, Changed(name, _path(module), text))
            import pytest

            named = [name.partition("::") for name in TESTS[module].split()]
            tests = [f"tests/{file}.py{colons}{test}" for file, colons, test in named]
            code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests], plugins=[plugin()])
        finally:
            os._exit(int(code))
    return os.waitpid(child, 0)[1] == 0


def table(name):
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write(name, modules, rows):
    """Put rows in the place of those of the same modules."""
    head, *others = table(name)
    order = list(TESTS)
    kept = [row for row in others if row[0] in order and row[0] not in modules]
    rows = sorted([*kept, *rows], key=lambda row: order.index(row[0]))
    with (HERE / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def main(most=25, dice=1, *modules):
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # none is needed, and each takes its time
    known = {tuple(row[:-1]): row[-1] for row in table("equivalent")}
    good = True
    for module in modules or TESTS:
        begun = time.monotonic()
        source = _path(module).read_text("utf-8")
        tests, code = reached(module, source), source.splitlines()
        every = list(mutants(source))
        chosen = random.Random(int(dice)).sample(every, min(int(most), len(every)))
        left = []
        for line, was, instead, text in sorted(chosen, key=lambda one: one[:3]):
            asked = tests(line)
            only = partial(Only, asked)
            if not asked or passes(module, text, only, sum(asked.values())):
                place = (module, " ".join(code[line - 1].split()), was, instead)
                left.append([*place, known.get(place, "")])
        explained = sum(bool(one[-1]) for one in left)
        row = [module, len(every), dice, len(chosen), len(chosen) - len(left), explained]
        good &= row[4] + explained >= 0.9 * row[3]
        print(*row, f"{time.monotonic() - begun:.0f} s", flush=True)
        print(*(f"  {one[1]}:  {one[2]}  ->  {one[3]}  {one[4]}" for one in left), sep="\n")
        write("mutation", [module], [row])
        write("survivors", [module], left)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
