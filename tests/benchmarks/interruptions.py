"""Every file operation of a run with notebooks fails once, and once is the last of its process.

    python tests/benchmarks/interruptions.py [EVERY [FAULT ...]] > interruptions.csv

The operations that make, write, flush, move or remove something in the study's folder are counted.
For each of them and each fault a fresh copy of a study that has been run is run again, with another
article, in a process of its own. Then its output folder and its notebooks have to be all old or
all new, together; where a process ended on the way, they have to be so after the next start, and
nothing may be left. Links are hundreds, as many as the machine has folders; of these every tenth
is tried, and of all operations with the last two faults every third. With EVERY, only each such
operation is, and those from the journal on. The notebooks are executed in this process, for a
kernel's own files are none of a run's.

| fault | what happens |
|---|---|
| `last` | the process ends at the operation: of what it was to write, half is written |
| `fails` | the operation fails, once |
| `full` | from then on, the disk is full: nothing can be made or written, only removed and moved |
| `broken` | from then on, every operation fails |
"""

import csv
import errno
import gc
import os
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1")  # forks
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import analysis.__main__ as command  # noqa: E402
from analysis.errors import InputError  # noqa: E402
from analysis.figures import files as figure_files  # noqa: E402
from analysis.io.swap import mend  # noqa: E402
from analysis.study import notebooks, outputs, record  # noqa: E402
from analysis.study.new import new_study  # noqa: E402
from analysis.study.study import read_study  # noqa: E402

FAULTS = ("last", "fails", "full", "broken")
MOVES = {"os.rename", "os.remove", "os.rmdir", "os.truncate"}
MAKES = {"open", "write", "fsync", "os.mkdir", "os.symlink", "os.chmod"}
AFTER = {"": set(), "fails": set(), "full": MAKES - {"os.chmod"}, "broken": MOVES | MAKES}
WRITES = os.O_WRONLY | os.O_RDWR
NOTEBOOK = '{{"cells": [{}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'
CELL = (
    '{{"cell_type": "code", "id": "a", "metadata": {{}}, "source": "../figures", '
    '"execution_count": 1, "outputs": [{{"output_type": "stream", "name": "stdout", "text": "{}"}}]'
    "}}"
)


def executed(path, mirror=None):
    """A notebook that shows the size of the new table, and makes a file of its own beside it."""
    here = mirror.at(path.parent)
    table = (here / ".." / "figures" / "sentences.csv").read_text("utf-8")
    (here / f"{path.stem}.txt").write_text(str(len(table)), "utf-8")
    return NOTEBOOK.format(CELL.format(len(table)))


class Tape:
    """Counts the operations in a folder, and lets one of them go wrong."""

    def __init__(self, home, number=0, fault=""):
        self.home, self.number, self.fault = str(home), number, fault
        self.seen, self.links, self.happened = [], 0, False
        real_write, real_open = os.write, Path.open
        tape = self

        def write(file, raw):
            tape.at("write", lambda: real_write(file, raw[: len(raw) // 2]))
            return real_write(file, raw)

        def sync(file):
            tape.at("fsync")  # nobody pulls the plug here

        class Writing:
            def __init__(self, file):
                self.file = file

            def __enter__(self):
                self.file.__enter__()
                return self

            def __exit__(self, *error):
                return self.file.__exit__(*error)

            def __getattr__(self, name):
                return getattr(self.file, name)

            def write(self, raw):
                tape.at("write", lambda: (self.file.write(raw[: len(raw) // 2]), self.file.flush()))
                return self.file.write(raw)

        def opens(path, mode="r", *more, **named):
            file = real_open(path, mode, *more, **named)
            return Writing(file) if "w" in mode and str(path).startswith(tape.home) else file

        os.write, os.fsync, Path.open = write, sync, opens
        sys.addaudithook(self.hear)

    def hear(self, event, arguments):
        if event not in MOVES | MAKES or not self.home:
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITES):
            return
        path = arguments[1 if event == "os.symlink" else 0]
        if isinstance(path, int) or os.fsdecode(path).startswith(self.home):
            self.at(event)

    def at(self, event, half=lambda: None):
        """Links have numbers of their own, below 0: other people's files are no part of a run."""
        if event == "os.symlink":
            self.links += 1
        else:
            self.seen.append(event)
        place = -self.links if event == "os.symlink" else len(self.seen)
        here = place == self.number
        if here and self.fault == "last":
            half()
            os._exit(9)
        if here or (self.happened and event in AFTER[self.fault]):
            self.happened = True
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def content(home):
    """What lies in the study, by its names, but for what a run has on the way."""
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and ".figures." not in str(path)
    }


def once(made):
    """A function that remembers what it returned."""
    known = {}

    def call(*arguments, **named):
        key = (*map(id, arguments), *sorted(map(str, named)))
        if key not in known:
            known[key] = made(*arguments, **named)
        return known[key]

    return call


class Sweep:
    """A study that has been run, and the same study with another article."""

    def __init__(self, folder):
        self.home, self.kept = folder / "study", folder / "kept"
        new_study(self.home)
        for path in (self.home / "notebooks").iterdir():
            path.unlink()
        for name in ("a", "b"):
            cell = CELL.format("")
            (self.home / f"notebooks/{name}.ipynb").write_text(NOTEBOOK.format(cell), "utf-8")
        notebooks.execute = executed
        outputs.run(read_study(self.home / "study.toml"))
        (self.home / "figures/notes.txt").write_text("mine", "utf-8")
        for path in (self.home / "notebooks").glob("*.txt"):
            path.unlink()
        article = self.home / "articles/green.txt"
        article.write_text(article.read_text("utf-8") + "Coal goes, and wind comes.\n", "utf-8")
        shutil.copytree(self.home, self.kept)
        # What costs time and touches no file is done once.
        figure_files._render = once(figure_files._render)
        figure_files._laid_out = nullcontext
        record.of_code = lambda: "somebody may be at work on the code meanwhile"
        drawn = once(outputs.figures_of)
        outputs.figures_of = lambda study: dict(drawn(study))  # a run takes them out one by one
        outputs.report_html = lambda *_, **__: "page"
        frames = outputs._frames
        outputs._frames = once(lambda study: list(frames(study)))
        self.study = read_study(self.home / "study.toml")
        command._study = lambda _: self.study
        self.old = content(self.home)
        outputs.run(self.study)
        self.new = content(self.home)
        gc.freeze()  # so that a fork shares what is not touched
        assert {
            name.partition("/")[0] for name in self.new if self.new[name] != self.old.get(name)
        } == {*("figures", "notebooks")}

    def operations(self):
        """The operations of a run without a fault, and the number of links."""
        reading, writing = os.pipe()

        def tell(tape):
            tape.home = ""
            os.write(writing, "\n".join([*tape.seen, str(tape.links)]).encode())

        assert self.child(0, "", tell) == 0
        os.close(writing)
        with os.fdopen(reading) as file:
            *names, links = file.read().split("\n")
        return names, int(links)

    def child(self, number, fault, tell=lambda tape: None):
        """Run in a process of its own; return its exit code, 1 if anybody would see a traceback."""
        shutil.rmtree(self.home)
        shutil.copytree(self.kept, self.home)
        with (
            warnings.catch_warnings()
        ):  # of threads that numpy keeps, and that do nothing meanwhile
            warnings.filterwarnings(
                "ignore", "This process .* is multi-threaded", DeprecationWarning
            )
            pid = os.fork()
        if pid:
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        try:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            tape = Tape(self.home, number, fault)
            code = command.main(["run"])
            tell(tape)
        except BaseException:
            code = 1
        finally:
            os._exit(code)

    def state(self):
        now = content(self.home)
        return "old" if now == self.old else "new" if now == self.new else "mixed"

    def result(self, number, fault):
        """What a fault leaves at once, and after the next start."""
        code = self.child(number, fault)
        first = self.state()
        whole = {0: "new", 2: "old"}.get(code, first if code == 9 else "none")
        on_the_way = fault in ("last", "broken") and (self.home / ".figures.run").exists()
        with warnings.catch_warnings(action="ignore"):
            try:
                mend(self.home / "figures")
            except InputError:
                return "wrong"
        second = self.state()
        left = [path.name for path in self.home.rglob(".figures.*")]
        if second == "mixed" or left or code not in (0, 2, 9):
            return "wrong"
        if first == "mixed":
            return f"mended to {second}" if on_the_way else "wrong"
        return first if first == second == whole or on_the_way else "wrong"


def sweep(every=1, faults=FAULTS, say=lambda *_: None):
    """Return how many operations there are, and how often each fault ended in which way."""
    with tempfile.TemporaryDirectory() as folder:
        swept = Sweep(Path(folder).resolve())
        names, links = swept.operations()
        journal = len(names) - names[::-1].index("write")
        between = {n for n in range(2, len(names)) if {*names[n - 2 : n + 1]} == {"os.remove"}}
        chosen = [
            *range(-links, 0, 10 * every),
            *(n for n in range(1, len(names) + 1) if n % every == 0 or n >= journal),
        ]
        if every > 1:
            chosen = [number for number in chosen if number not in between]
        found = {}
        for fault in faults:
            found[fault] = Counter()
            third = 3 if fault in ("full", "broken") and every == 1 else 1
            for number in chosen[::third]:
                result = swept.result(number, fault)
                found[fault][result] += 1
                if result == "wrong":
                    say(fault, number, names[number - 1] if number > 0 else "os.symlink")
        return len(names) + links, found


if __name__ == "__main__":
    every = int(sys.argv[1]) if sys.argv[1:] else 1
    faults = sys.argv[2:] or FAULTS
    operations, found = sweep(every, faults, lambda *words: print(*words, file=sys.stderr))
    columns = ["old", "new", "mended to old", "mended to new", "wrong"]
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["fault", "operations", "tried", *(name.replace(" ", "_") for name in columns)])
    for fault, counts in found.items():
        table.writerow([fault, operations, counts.total(), *(counts[name] for name in columns)])
    sys.exit(any(counts["wrong"] for counts in found.values()))
