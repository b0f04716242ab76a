"""One hash of all tables, whatever the machine is set to: hashes.csv.

    python tests/campaigns/hashes.py [PYTHON ...]

The embedded study is run with other hash seeds, locales, time zones, numbers of threads and orders
of the metadata's rows, and with each other Python that is named and has the packages. The hash is
of the lines of every table and of all findings; sorted, for articles stand in the order of the
metadata. The last column is the hash of every file but run.json, byte for byte, figures and report
included. It fails if two hashes of tables differ.
"""

import csv
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DICTIONARY = "analysis/topics/data/defence_cooperation.toml"
LOCALES = ("tr_TR", "de_DE", "fr_FR")
RUN = """
import locale, sys
locale.setlocale(locale.LC_ALL, "")
from analysis.__main__ import main
sys.exit(main(["run", "--no-notebooks", "study.toml"]))
"""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS")


def variants(locales, pythons):
    """What is tried: its name, its setting, the environment, the Python, what is done before."""
    yield "as it is", "", {}, sys.executable, None
    for seed in ("0", "1", "4294967295"):
        yield "PYTHONHASHSEED", seed, {"PYTHONHASHSEED": seed}, sys.executable, None
    for name in ("C", *locales):
        yield "locale", name, {"LC_ALL": name}, sys.executable, None
    for zone in ("Asia/Kathmandu", "America/St_Johns"):
        yield "time zone", zone, {"TZ": zone}, sys.executable, None
    for number in ("1", "8"):
        yield "threads", number, dict.fromkeys(THREADS, number), sys.executable, None
    yield "rows of the metadata", "reversed", {}, sys.executable, lambda rows: rows[::-1]
    yield "rows of the metadata", "shuffled", {}, sys.executable, shuffled
    for python in pythons:
        yield "Python", version(python), {}, python, None


def shuffled(rows):
    return random.Random(0).sample(rows, len(rows))


def version(python):
    command = [python, "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def study_in(folder, change):
    """Copy the embedded study, its metadata's rows in another order."""
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / DICTIONARY).parent.mkdir(parents=True)
    shutil.copy(ROOT / DICTIONARY, folder / DICTIONARY)
    shutil.copy(ROOT / "study.toml", folder)
    (folder / "notebooks").mkdir()
    if change:
        table = folder / "seeds/articles.csv"
        head, *rows = table.read_text("utf-8").splitlines(keepends=True)
        table.write_text("".join([head, *change(rows)]), encoding="utf-8")


def hashes_of(environment, python, change):
    """The hash of the tables, their number, and the hash of every file but run.json."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        study_in(folder, change)
        subprocess.run(
            [python, "-P", "-W", "ignore", "-c", RUN],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        files = sorted((folder / "figures").iterdir())
        files = [file for file in files if file.name != "run.json"]
        tables = [file for file in files if file.suffix == ".csv" or file.name == "findings.json"]
        return digest(tables, lines=True), len(tables), digest(files)


def digest(files, *, lines=False):
    whole = hashlib.sha256()
    for file in files:
        raw = file.read_bytes()
        raw = b"\n".join(sorted(raw.splitlines())) if lines else raw
        whole.update(f"{file.name}\0".encode() + hashlib.sha256(raw).digest())
    return whole.hexdigest()[:16]


def made_locales(folder):
    """The locales that this machine can make, where there are none."""
    if not shutil.which("localedef"):
        return []
    for name in LOCALES:
        command = ["localedef", "-i", name, "-f", "UTF-8", str(folder / f"{name}.UTF-8")]
        subprocess.run(command, capture_output=True, check=False)
    return [f"{name}.UTF-8" for name in LOCALES if (folder / f"{name}.UTF-8").is_dir()]


def main(pythons):
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        locales = made_locales(Path(folder))
        if locales:
            os.environ["LOCPATH"] = folder
        for what, setting, environment, python, change in variants(locales, pythons):
            tables, number, files = hashes_of(environment, python, change)
            rows.append([what, setting, version(python), number, tables, files])
            print(*rows[-1], flush=True)
    with (HERE / "hashes.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["what", "setting", "python", "tables", "hash", "hash_of_all_files"])
        table.writerows(rows)
    return 1 if len({row[4] for row in rows}) > 1 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
